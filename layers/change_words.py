"""What changed, in German sentences: travel times summed up, and things one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from layers._change_rows import Compared
from layers._change_values import Names, decimal, minutes_text
from layers.csv_files import german_date

_SECOND = 1.0
_NOTABLE_S = 60.0
_EXAMPLES = 3


def time_sentences(compared: Compared, names: Names) -> list[str]:
    """Sum up what changed in travel times.

    Parameters
    ----------
    compared
        The layer ``travel_times`` of both files.
    names
        What the ids mean.

    Returns
    -------
    list of str
        German sentences, one for each profile in which anything differs, and the ways that
        changed most.
    """
    if not {"travel_time_s", "profile"} <= set(compared.old.columns) & set(compared.new.columns):
        return []
    profiles = compared.new["profile"].astype("str").to_numpy(dtype=object)
    old_profiles = compared.old["profile"].astype("str").to_numpy(dtype=object)
    before = compared.old["travel_time_s"].to_numpy(dtype=np.float64)[compared.pairs_old]
    after = compared.new["travel_time_s"].to_numpy(dtype=np.float64)[compared.pairs_new]
    longer = after - before
    lines = []
    for profile in sorted(set(profiles) | set(old_profiles)):
        mine = profiles[compared.pairs_new] == profile
        added = int((profiles[compared.added] == profile).sum())
        removed = int((old_profiles[compared.removed] == profile).sum())
        line = _profile_line(longer[mine], added, removed)
        if line:
            lines.append(f"{names.profiles.get(profile, profile)}: {line}")
    return [*lines, *_largest(compared, before, after, names)]


def head_line(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """Return what is compared: study and dates of the data.

    Parameters
    ----------
    old, new
        Facts of both files.
    """
    parts = []
    for facts in (old, new):
        date = facts.get("data_date", "")
        day = f"Daten vom {german_date(date)}" if date else "Daten ohne Datum"
        parts.append(f"{facts.get('study', '')} ({day}, Stand {facts.get('snapshot', '')})")
    return f"Verglichen: {parts[0]} mit {parts[1]}."


def _profile_line(longer: npt.NDArray[np.float64], added: int, removed: int) -> str:
    """Say how the times of one profile changed."""
    differ = np.abs(longer) >= _SECOND
    parts = []
    if differ.any():
        slower, faster = int((longer >= _SECOND).sum()), int((longer <= -_SECOND).sum())
        small = int((np.abs(longer[differ]) < _NOTABLE_S).sum())
        parts.append(
            f"Von {_number(len(longer))} Wegen, die es vorher und jetzt gibt, dauern "
            f"{_number(slower)} länger und {_number(faster)} kürzer, {_number(small)} davon um "
            f"weniger als eine Minute; im Mittel (Median) sind es "
            f"{minutes_text(float(np.median(np.abs(longer[differ]))))}."
        )
    if added or removed:
        parts.append(
            f"{_number(added)} Wege sind dazugekommen und {_number(removed)} weggefallen, weil "
            "es den Ort neu oder nicht mehr gibt oder er jetzt in Reichweite oder zu weit liegt."
        )
    return " ".join(parts)


def _largest(compared: Compared, before: Any, after: Any, names: Names) -> list[str]:
    """Name the ways that changed most, each place once."""
    change = np.abs(after - before)
    lines: list[str] = []
    told: set[str] = set()
    for at in np.argsort(-change, kind="stable").tolist():
        if change[at] < _NOTABLE_S or len(lines) == _EXAMPLES:
            break
        row = compared.new.iloc[int(compared.pairs_new[at])]
        place = str(row["to_id"])
        if place in told:
            continue
        told.add(place)
        origin = names.origins.get(str(row["from_id"]), str(row["from_id"]))
        profile = names.profiles.get(str(row["profile"]), str(row["profile"]))
        lines.append(
            f"Am stärksten: {origin} → {names.places.get(place, place)} ({profile}), "
            f"{minutes_text(after[at])} statt {minutes_text(before[at])}."
        )
    return lines


def _number(count: int) -> str:
    return decimal(float(count), 0)
