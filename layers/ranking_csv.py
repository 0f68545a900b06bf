"""The table of rankings for people, from the tables that are exported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from layers.csv_files import german_date, write_csv
from layers.ranking_words import PEOPLE

CSV_FILE = "ranking.csv"

KNOWN, FEWER, UNKNOWN = "known", "fewer_than_5", "unknown"
"""Whether a raw value is told: yes; no, because it is one to four people; it is not known."""

_FEWER_TEXT = "unter 5"


def write_ranking_csv(
    ranking: pd.DataFrame,
    criteria: pd.DataFrame,
    projects: Sequence[str],
    names: Mapping[str, str],
    path: Path,
) -> None:
    """Write all rankings as a table for people: one row per candidate, by rank.

    Every criterion that any kind of project has stands in four columns: raw value with its
    unit, value from 0 to 1, weight and share; they are empty where a kind has none.

    Parameters
    ----------
    ranking, criteria
        The layers ``ranking`` and ``ranking_criteria``.
    projects
        Kinds of projects, in the study's order.
    names
        German names of profiles and sites by id.
    path
        Target.

    Raises
    ------
    geo.errors.OutputError
        If the file cannot be written.
    """
    place = {key: at for at, key in enumerate(projects)}
    frame = ranking.assign(_place=ranking["project"].map(place)).sort_values(["_place", "rank"])
    counts = frame["neighbours"].astype(object).where(frame["neighbours"].notna(), _FEWER_TEXT)
    columns: dict[str, Any] = {
        "Projekt": frame["project_label"],
        "Unterwegs": frame["profile"].map(names),
        "Platz": frame["rank"],
        "Empfohlen": frame["recommended"],
        "Ort": frame["name"],
        "Art": frame["kind"],
        "Gelände": frame["on_campus"].map(lambda key: names.get(key, key)).astype("str"),
        "Ergebnis (0 bis 1)": frame["score"],
        "Platz 1 in % der Gewichtungen": frame["first_percent"],
        "Platz von": frame["rank_low"],
        "Platz bis": frame["rank_high"],
        "Erfasst in % des Gewichts": frame["known_percent"],
        "Menschen der Nachbarschaft": counts.astype("str"),
        "Nachbarschaft geschätzt": frame["neighbours_estimated"],
    }
    digits = {"Ergebnis (0 bis 1)": 3, "Platz 1 in % der Gewichtungen": 1,
              "Erfasst in % des Gewichts": 0}  # fmt: skip
    known = {key: mine.set_index("ranking_id") for key, mine in criteria.groupby("criterion")}
    for key, heading in _headings(frame, criteria, projects).items():
        mine = known[key]
        columns[heading] = frame["id"].map(_raw(mine))
        digits[heading] = int(mine["digits"].iloc[0])
        for name, what in (("value", "Wert"), ("weight", "Gewicht"), ("share", "Anteil")):
            column = f"{heading.rpartition(' (')[0] or heading}: {what}"
            columns[column] = frame["id"].map(mine[name])
            digits[column] = 3
    columns |= {
        "Begründung": frame["reason"],
        "Kennung": frame["candidate_id"],
        "Quelle": frame["source"],
        "Lizenz": frame["licence"],
        "Stand": frame["data_date"].map(german_date).astype("str"),
    }
    write_csv(pd.DataFrame(columns), path, digits)


def _raw(mine: pd.DataFrame) -> pd.Series[Any]:
    """Return the raw values of a criterion; of people as text, for not all are told."""
    if mine["unit"].iloc[0] != PEOPLE:
        return mine["raw"]
    texts = [
        _FEWER_TEXT if status == FEWER else "" if status == UNKNOWN else str(round(raw))
        for status, raw in zip(mine["status"], mine["raw"], strict=True)
    ]
    return pd.Series(texts, index=mine.index, dtype="str")


def _headings(
    frame: pd.DataFrame, criteria: pd.DataFrame, projects: Sequence[str]
) -> dict[str, str]:
    """Return the heading of each criterion, in the order of first use."""
    project = criteria["ranking_id"].map(frame.set_index("id")["project"])
    place = project.map({key: at for at, key in enumerate(projects)})
    used = criteria.assign(_place=place).sort_values("_place", kind="stable")
    first = used.drop_duplicates("criterion")
    labels = {
        str(key): (str(label), str(unit))
        for key, label, unit in zip(first["criterion"], first["label"], first["unit"], strict=True)
    }
    said = [label for label, _ in labels.values()]
    return {
        key: f"{label if said.count(label) == 1 else f'{label} [{key}]'}"
        + (f" ({unit})" if unit else "")
        for key, (label, unit) in labels.items()
    }
