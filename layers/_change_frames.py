"""What of two releases can be compared, and what cannot, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd

from layers.csv_files import german_date
from layers.layer_frames import PUBLIC, Exported
from layers.layer_info import LAYERS, PLACE_LAYERS

PROVENANCE = frozenset({"source", "licence", "data_date"})
"""Columns that say where a row comes from: never a change."""

MOST_NAMED = 8
"""So many of a list are named in a sentence."""

_FOLLOW = frozenset({"category_label", "category_group", "completeness"})
"""Columns of a place that follow from its category."""

_ORIGINS = ("house_id", "from_id")
_PER_PROFILE = "profile"
_PER_MINUTES = "minutes"


def joined(words: Sequence[str]) -> str:
    """Return words as a list in a sentence, a long one cut: ``a, b und 3 weitere``."""
    shown = [f"»{word[:60]}«" for word in words[:MOST_NAMED]]
    more = len(words) - len(shown)
    if more:
        return f"{', '.join(shown)} und {more} weitere"
    return " und ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


@dataclass
class Comparable:
    """Two releases cut to what both hold.

    Attributes
    ----------
    old, new
        Frames by layer, with the same columns; in the CRS of the new file. A place stands in
        one layer only, the first of ``PLACE_LAYERS`` that has it, under the column ``layer``
        too.
    layers
        Names of the layers, in their order.
    columns
        By layer, the columns whose values are compared.
    crs
        Of the new file.
    origins, categories, profiles
        Names by id, of both files, those of the new one first.
    notes
        German sentences: what is not compared.
    """

    old: dict[str, Any]
    new: dict[str, Any]
    layers: list[str]
    columns: dict[str, list[str]]
    crs: Any
    origins: Mapping[str, str]
    categories: Mapping[str, str]
    profiles: Mapping[str, str]
    notes: list[str] = field(default_factory=list)


def comparable(old: Exported, new: Exported) -> Comparable:
    """Cut two releases to what both hold.

    Parameters
    ----------
    old, new
        As ``layers.changes.compare`` takes them.
    """
    notes = _about_files(old, new)
    profiles = _both(old.profile_labels, new.profile_labels, notes, "Profile")
    minutes = _both(
        {str(value): f"{value} Minuten" for value in old.minutes},
        {str(value): f"{value} Minuten" for value in new.minutes},
        notes,
        "Schwellen",
    )
    frames = [_placed_once(one) for one in (old, new)]
    if old.crs != new.crs:
        notes.append(
            f"Die alte Datei liegt in {old.crs}, die neue in {new.crs}; verglichen wird in "
            f"{new.crs}, so dass Lagen um Zentimeter abweichen können."
        )
        frames[0] = {name: _moved(frame, new.crs) for name, frame in frames[0].items()}
    layers = [name for name in LAYERS if name in frames[0] and name in frames[1]]
    _say_missing_layers(frames, notes)
    places = [name for name in layers if name in PLACE_LAYERS]
    _follow_to_new_layers(frames[0], frames[1], places)
    # The public release tells of grounds only: that it is silent about houses is no change.
    public = old.facts.get("release") != new.facts.get("release")
    origins = set(_origins(old)) & set(_origins(new)) if public else None
    columns: dict[str, list[str]] = {}
    for name in layers:
        held = [_kept(frame[name], profiles, minutes, origins) for frame in frames]
        frames[0][name], frames[1][name] = held
        columns[name] = _columns(name, held)
        _say_missing_columns(name, held, notes)
    return Comparable(
        old={name: frames[0][name] for name in layers},
        new={name: frames[1][name] for name in layers},
        layers=layers,
        columns=columns,
        crs=new.crs,
        origins=_origins(old) | _origins(new),
        categories=_categories(old) | _categories(new),
        profiles={**old.profile_labels, **new.profile_labels},
        notes=notes,
    )


def _about_files(old: Exported, new: Exported) -> list[str]:
    """Say what about the two files as a whole makes a comparison less sure."""
    a, b = old.facts, new.facts
    notes = []
    if a.get("study") != b.get("study"):
        notes.append(
            f"Die Dateien stammen aus zwei Studien, »{a.get('study', '')}« und "
            f"»{b.get('study', '')}«; verglichen wird, was in beiden dieselbe Kennung hat."
        )
    if a.get("method_version") != b.get("method_version"):
        notes.append(
            "Die Dateien sind mit verschiedenen Fassungen des Rechenwegs entstanden; Zahlen "
            "können sich dadurch geändert haben, ohne dass sich vor Ort etwas geändert hat."
        )
    if a.get("release") != b.get("release"):
        which = "alte" if a.get("release") == PUBLIC else "neue"
        notes.append(
            f"Die {which} Datei ist die öffentliche Fassung, die andere die interne; verglichen "
            "wird nur, was beide enthalten. Zahlen von Menschen sind in der öffentlichen Fassung "
            "gröber oder geschützt."
        )
    dates = a.get("data_date", ""), b.get("data_date", "")
    if all(dates) and dates[0] > dates[1]:
        notes.append(
            f"Die Daten der alten Datei sind jünger ({german_date(dates[0])}) als die der neuen "
            f"({german_date(dates[1])}); vielleicht sind die Dateien vertauscht."
        )
    return notes


def _both(old: Mapping[str, str], new: Mapping[str, str], notes: list[str], what: str) -> set[str]:
    """Return what both have; say what only one has."""
    for one, other, which in ((old, new, "alten"), (new, old, "neuen")):
        surplus = [label for key, label in one.items() if key not in other]
        if surplus:
            notes.append(
                f"Nicht verglichen ({what}): {joined(surplus)}; es gibt sie nur in der {which} "
                "Datei."
            )
    return set(old) & set(new)


def _placed_once(exported: Exported) -> dict[str, Any]:
    """Return the frames; a place that is in two layers stays in the first."""
    frames: dict[str, Any] = {}
    seen: set[str] = set()
    for name, frame in exported.layers.items():
        if name in PLACE_LAYERS:
            kept = frame[~frame["id"].isin(seen)]
            seen |= set(kept["id"])
            frames[name] = kept.assign(layer=name).reset_index(drop=True)
        else:
            frames[name] = frame
    return frames


def _follow_to_new_layers(old: dict[str, Any], new: dict[str, Any], names: list[str]) -> None:
    """Put old places beside the new row of the same id, where that is in another layer now."""
    now = {key: name for name in names for key in new[name]["id"]}
    parts: dict[str, list[Any]] = {name: [] for name in names}
    for name in names:
        frame = old[name]
        target = frame["id"].map(now).fillna(name)
        for layer in set(target):
            parts[layer].append(frame[(target == layer).to_numpy()])
    for name, found in parts.items():
        moved = pd.concat(found, ignore_index=True) if found else old[name].iloc[:0]
        old[name] = moved.sort_values("id", ignore_index=True)


def _moved(frame: Any, crs: str) -> Any:
    return frame.to_crs(crs) if isinstance(frame, gpd.GeoDataFrame) else frame


def _kept(frame: Any, profiles: set[str], minutes: set[str], origins: set[str] | None) -> Any:
    """Keep the rows of profiles, thresholds and origins that both files have."""
    for column in _ORIGINS if origins is not None else ():
        if column in frame.columns:
            frame = frame[frame[column].isin(origins)]
    if _PER_PROFILE in frame.columns:
        frame = frame[frame[_PER_PROFILE].astype("str").isin(profiles)]
    if _PER_MINUTES in frame.columns:
        frame = frame[frame[_PER_MINUTES].astype("str").isin(minutes)]
    return frame.reset_index(drop=True)


def _columns(name: str, held: Sequence[Any]) -> list[str]:
    """Return the columns whose values are compared."""
    both = [column for column in held[0].columns if column in held[1].columns]
    leave = PROVENANCE | set(LAYERS[name].key) | {"geometry"}
    if name in PLACE_LAYERS:
        leave |= _FOLLOW | {"osm_ids"}
    if name == "ranking":
        # Told by the name; the id may be that of a place that is drawn anew.
        leave |= {"candidate_id"}
    return [column for column in both if column not in leave]


def _say_missing_layers(frames: Sequence[dict[str, Any]], notes: list[str]) -> None:
    for one, other, which in ((0, 1, "alten"), (1, 0, "neuen")):
        surplus = [LAYERS[name].title for name in frames[one] if name not in frames[other]]
        if surplus:
            notes.append(
                f"Nicht verglichen (Ebenen): {joined(surplus)}; es gibt sie nur in der {which} "
                "Datei."
            )


def _say_missing_columns(name: str, held: Sequence[Any], notes: list[str]) -> None:
    surplus = set(held[0].columns) ^ set(held[1].columns)
    # Those of thresholds are told with the thresholds.
    surplus = {one for one in surplus if not (one.startswith("n_") and one[2:].isdigit())}
    if surplus:
        notes.append(
            f"In der Ebene »{LAYERS[name].title}« nicht verglichen, weil nur eine der Dateien es "
            f"hat: {joined(sorted(surplus))}."
        )


def _origins(exported: Exported) -> dict[str, str]:
    names: dict[str, str] = {}
    for layer in ("sites", "houses"):
        if layer in exported.layers:
            frame = exported.layers[layer]
            names.update(zip(frame["id"], frame["name"], strict=True))
    return names


def _categories(exported: Exported) -> dict[str, str]:
    frame: pd.DataFrame = exported.categories
    return dict(zip(frame["id"], frame["label"], strict=True))
