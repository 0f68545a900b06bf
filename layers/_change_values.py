"""Values of changed fields as people read them, with the names of what the ids mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from layers._change_frames import Comparable
from layers.access import STATE_LABELS
from layers.columns import Column, column_info
from layers.layer_info import LAYERS, PLACE_LAYERS

NOTHING = "–"
"""Stands for a value that is missing or empty."""

_MINUTE = 60
_ORIGINS = ("house_id", "from_id", "site_id", "on_campus")
_PLACES = ("nearest_id", "place", "to_id", "candidate_id", "recommended_id")


class Names:
    """The German names of what the ids in both files mean.

    Parameters
    ----------
    ready
        Frames of both files.
    """

    def __init__(self, ready: Comparable) -> None:
        self.origins = ready.origins
        self.categories = ready.categories
        self.profiles = ready.profiles
        self.places: dict[str, str] = {}
        for frames in (ready.old, ready.new):
            for name in PLACE_LAYERS:
                if name in frames:
                    self.places.update(_place_names(frames[name]))
            if "ranking" in frames:
                frame = frames["ranking"]
                self.places.update(zip(frame["candidate_id"], frame["name"], strict=True))
        self.rankings = {
            key: name
            for frames in (ready.old, ready.new)
            if "ranking" in frames
            for key, name in zip(frames["ranking"]["id"], frames["ranking"]["name"], strict=True)
        }

    def of(self, column: str) -> Mapping[str, str] | None:
        """Return the names of the ids in a column, or None if it holds none."""
        if column in _ORIGINS:
            return self.origins
        if column in _PLACES:
            return self.places
        known: dict[str, Mapping[str, str]] = {
            "category": self.categories,
            "profile": self.profiles,
            "ranking_id": self.rankings,
            "state": {str(key): label for key, label in STATE_LABELS.items()},
            "layer": {name: info.title for name, info in LAYERS.items()},
        }
        return known.get(column)

    def of_rows(self, layer: str, frame: Any) -> npt.NDArray[np.object_]:
        """Return a name for each row: its own, or what its key means."""
        if layer in PLACE_LAYERS:
            named = _place_names(frame)
            return frame["id"].map(named).to_numpy(dtype=object)  # type: ignore[no-any-return]
        if "name" in frame.columns:
            return frame["name"].fillna("").to_numpy(dtype=object)  # type: ignore[no-any-return]
        key = [one for one in LAYERS[layer].key if one != "id"]
        key = key or [
            one for one in ("house_id", "site_id", "profile", "state") if one in frame.columns
        ]
        if "minutes" in frame.columns and "minutes" not in key:
            key.append("minutes")
        parts = [self._words(one, frame[one]) for one in key if one in frame.columns]
        rows = zip(*parts, strict=True) if parts else iter([()] * len(frame))
        texts = [", ".join(word for word in row if word) for row in rows]
        return np.array(texts, dtype=object)

    def _words(self, column: str, values: pd.Series[Any]) -> list[str]:
        if column == "minutes":
            return [f"{value} min" for value in values]
        known = self.of(column) or {}
        codes, found = pd.factorize(values.astype("str"))
        words = [known.get(str(value), str(value)) for value in found]
        return [words[code] if code >= 0 else "" for code in codes]


def field_title(layer: str, column: str) -> str:
    """Return the German title of a column, or its name where it has none.

    Parameters
    ----------
    layer
        Name of the layer.
    column
        Name of the column.
    """
    if column == "layer":
        return "Ebene"
    info = _info(layer, column)
    return info.title if info else column


def shown_value(layer: str, column: str, values: pd.Series[Any], names: Names) -> list[str]:
    """Return values as people read them: names for ids, words for codes, German numbers.

    Parameters
    ----------
    layer
        Name of the layer.
    column
        Name of the column.
    values
        Some of its values.
    names
        What the ids mean.
    """
    info = _info(layer, column)
    known = dict(names.of(column) or {})
    if info is not None:
        known |= info.codes
    codes, found = pd.factorize(values)
    texts = [_text(value, column, known, info.unit if info else "") for value in found]
    return [texts[code] if code >= 0 else NOTHING for code in codes]


def minutes_text(seconds: float) -> str:
    """Return a time: ``45 s``, ``12 min``, ``12 min 5 s``.

    Parameters
    ----------
    seconds
        From 0.
    """
    minutes, rest = divmod(round(seconds), _MINUTE)
    if not minutes:
        return f"{rest} s"
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def decimal(value: float, digits: int = 1) -> str:
    """Return a number as Germans write it, ``1.234,5``; whole where it is."""
    text = f"{value:,.{digits}f}"
    if digits and text.endswith("0" * digits):
        text = text[: -digits - 1]
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


def _text(value: Any, column: str, known: Mapping[str, str], unit: str) -> str:
    if isinstance(value, bool | np.bool_):
        return "ja" if value else "nein"
    if isinstance(value, str):
        return known.get(value, value) or NOTHING
    if column.endswith("_s"):
        return minutes_text(float(value))
    if isinstance(value, int | np.integer):
        return f"{decimal(float(value), 0)} {unit}".strip()
    return f"{decimal(float(value), 1 if abs(value) >= 1 else 3)} {unit}".strip()


def _info(layer: str, column: str) -> Column | None:
    try:
        return column_info(layer, column)
    except LookupError:
        return None


def _place_names(frame: Any) -> dict[str, str]:
    named = frame["name"].fillna("") if "name" in frame.columns else pd.Series("", frame.index)
    kinds = frame["kind"] if "kind" in frame.columns else frame["id"]
    return dict(zip(frame["id"], named.where(named != "", kinds), strict=True))
