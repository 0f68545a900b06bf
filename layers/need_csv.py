"""The table of needs for people: what is met, what is not, and what nobody has looked at."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from layers.confirmations import STATUS_LABELS
from layers.csv_files import german_date, write_csv
from layers.layer_frames import Exported

NEEDS_FILE = "needs.csv"

_STATES: Mapping[str, str] = {
    "met": "im Richtwert erreichbar",
    "only_on_campus": "nur auf dem Gelände",
    "not_met": "nicht im Richtwert erreichbar",
    "not_recorded": "nicht erfasst, vor Ort prüfen",
}
_AREAS: Mapping[str, str] = {"urban": "Stadt", "rural": "Land"}
_COMPARED: Mapping[str, str] = {
    "better": "näher als für die Nachbarschaft",
    "same": "wie für die Nachbarschaft",
    "worse": "weiter als für die Nachbarschaft",
    "unknown": "nicht bekannt",
}


def write_needs_csv(exported: Exported, names: Mapping[str, str], path: Path) -> None:
    """Write the needs of all houses, codes beside their German words.

    Parameters
    ----------
    exported
        With the layer ``needs``.
    names
        Names of houses and sites by id.
    path
        Target.

    Raises
    ------
    geo.errors.OutputError
        If the file cannot be written.
    """
    needs = exported.layers["needs"]
    categories = exported.categories.set_index("id")
    table = pd.DataFrame(
        {
            "house_id": needs["house_id"],
            "haus": needs["house_id"].map(names),
            "profile": needs["profile"],
            "profil": needs["profile"].map(exported.profile_labels),
            "category": needs["category"],
            "kategorie": needs["category"].map(categories["label"]),
            "gruppe": needs["category"].map(categories["category_group"]),
            "state": needs["state"],
            "ergebnis": needs["state"].map(_STATES),
            "gebiet": needs["area"].map(_AREAS),
            "richtwert_minuten": needs["standard_min"],
            "minuten": needs["now_s"] / 60,
            "n_within": needs["n_within"],
            "luecke_minuten": needs["gap_s"] / 60,
            "bestaetigt": needs["confirmed"].map(STATUS_LABELS),
            "bestaetigt_von": needs["confirmed_by"],
            "bestaetigt_am": needs["confirmed_on"].map(german_date),
            "nachbarschaft_minuten": needs["neighbours_median_s"] / 60,
            "nachbarschaft_prozent": needs["neighbours_share_percent"],
            "vergleich": needs["relative"].map(_COMPARED),
            "verglichen_mit": needs["place"],
            "quelle": exported.facts["attribution"],
            "lizenz": exported.facts["licence"],
            "stand": german_date(exported.facts["data_date"]),
        }
    )
    minutes = ("minuten", "luecke_minuten", "nachbarschaft_minuten", "nachbarschaft_prozent")
    write_csv(table, path, dict.fromkeys(minutes, 1))
