"""The files of a variant: what changes as a table, new areas, and what was added."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.vector_files import write_geojson
from geo.whole_files import write_bytes
from layers._variant_file import LABELS, Variant
from layers.access import STATE_LABELS, STATUS_LABELS, threshold_column
from layers.compute import snapshot_id
from layers.csv_files import german_date, write_csv
from layers.layer_info import INVENTED, OSM, Source
from layers.need_table import MET, NOT_MET, NOT_RECORDED, ONLY_ON_CAMPUS
from layers.readme_file import FICTIONAL_NOTE
from layers.scenario import Baseline, Outcome
from layers.scenario_table import UNKNOWN
from layers.scenario_times import PRIVATE
from layers.scenario_words import HouseStory
from layers.small_numbers import shown_counts

CHANGES_FILE = "changes.csv"
NEIGHBOURS_FILE = "neighbours.csv"
AREAS_FILE = "isochrones.geojson"
PLACES_FILE = "places.geojson"
README_FILE = "LIESMICH.txt"

NEED_LABELS = {
    MET: "gedeckt",
    ONLY_ON_CAMPUS: "nur auf dem Gelände",
    NOT_MET: "nicht gedeckt",
    NOT_RECORDED: "nicht erfasst",
}
"""The German word of each state of a need."""


def write_outcome(
    outcome: Outcome, story: list[str], houses: list[HouseStory], folder: Path
) -> None:
    """Write all files of a variant; the same study and variant give the same bytes.

    Parameters
    ----------
    outcome
        What changes.
    story, houses
        What is said of it, for the note.
    folder
        An existing folder.

    Raises
    ------
    geo.errors.OutputError
        If a file cannot be written.
    """
    ready = outcome.before.root.ready
    source = INVENTED if ready.study.settings.fictional else OSM
    decimals = {"minuten_vorher": 1, "minuten_nachher": 1}
    write_csv(changes_frame(outcome), folder / CHANGES_FILE, decimals)
    write_csv(neighbours_frame(outcome), folder / NEIGHBOURS_FILE)
    members = {"attribution": source.attribution, "licence": source.licence}
    write_geojson(
        outcome.changed_areas,
        folder / AREAS_FILE,
        id_column=None,
        members={"name": "isochrones", "title": "Neue Flächen", **members},
    )
    write_geojson(
        places_frame(outcome.after),
        folder / PLACES_FILE,
        members={"name": "places", "title": "Was hinzukommt", **members},
    )
    text = _note(outcome, story, houses, source).replace("\n", "\r\n")
    write_bytes(folder / README_FILE, text.encode("utf-8-sig", errors="replace"))


def changes_frame(outcome: Outcome) -> pd.DataFrame:
    """Return one row per origin, profile, state and category for which anything changes.

    Returns
    -------
    pandas.DataFrame
        ``house_id``, ``haus``, ``profile``, ``state``, ``wege``, ``category``, ``kategorie``;
        then pairs ``…_vorher`` and ``…_nachher``: ``minuten`` (to the nearest place off campus,
        missing for none), ``naechster``, ``n_05`` … per threshold, ``n_on_campus``,
        ``ergebnis`` (status), ``bedarf`` (of residents, on the ways that may count); at last
        ``private_wege`` and ``unbekannt_m`` of the new way. Sorted by house, profile, state.
    """
    before, after = outcome.before, outcome.after
    lane, origin, column = np.nonzero(outcome.changed)
    frame = after.origins
    labels = {one.id: one.label for one in after.net.ready.taxonomy.categories}
    profiles = np.array([profile.id for profile, _ in after.lanes], dtype=object)
    states = np.array([state.value for _, state in after.lanes], dtype=object)
    wheels = np.array([len(profile.states) > 1 for profile, _ in after.lanes], dtype=bool)
    categories = np.array(after.categories, dtype=object)
    at = (lane, origin, column)
    table: dict[str, Any] = {
        "house_id": frame["id"].to_numpy(dtype=object)[origin],
        "haus": frame["name"].to_numpy(dtype=object)[origin],
        "profile": profiles[lane],
        "state": states[lane],
        "wege": [
            STATE_LABELS[state] if two else "alle"
            for state, two in zip(states[lane], wheels[lane], strict=True)
        ],
        "category": categories[column],
        "kategorie": [labels[key] for key in categories[column]],
    }
    for side, word in ((before, "vorher"), (after, "nachher")):
        table[f"minuten_{word}"] = side.table.nearest_s[at] / 60
    for side, word in ((before, "vorher"), (after, "nachher")):
        table[f"naechster_{word}"] = side.table.nearest_id[at]
    for number, minutes in enumerate(after.minutes):
        for side, word in ((before, "vorher"), (after, "nachher")):
            counts = side.table.counts[(*at, np.full(len(lane), number))]
            table[f"{threshold_column(minutes)}_{word}"] = _known(counts)
    for side, word in ((before, "vorher"), (after, "nachher")):
        table[f"n_on_campus_{word}"] = _known(side.table.on_campus[at])
    for side, word in ((before, "vorher"), (after, "nachher")):
        table[f"ergebnis_{word}"] = [STATUS_LABELS[one] for one in side.table.status[at]]
    for side, word in ((before, "vorher"), (after, "nachher")):
        table[f"bedarf_{word}"] = _needs(side, lane, origin, column)
    table["private_wege"] = (after.table.marks[at] & PRIVATE) > 0
    table["unbekannt_m"] = np.round(after.table.unknown_mm[at] / 1000).astype(np.int64)
    rows = pd.DataFrame(table)
    order = np.lexsort((column, rows["state"], rows["profile"], rows["house_id"]))
    return rows.iloc[order].reset_index(drop=True)


def neighbours_frame(outcome: Outcome) -> pd.DataFrame:
    """Return how many neighbours reach each house, and what is new, before and after.

    Counts of one to four are missing, and so is the count after where it differs from that
    before by one to four: the difference would tell of so few.

    Returns
    -------
    pandas.DataFrame
        ``id``, ``name``, ``art`` (Haus, Gelände, neu), ``profile``, ``state``, ``minuten``,
        ``menschen_vorher``, ``menschen_nachher``, ``geschaetzt``; only rows that change.
    """
    before, after = outcome.before, outcome.after
    kinds = {"house": "Haus", "site": "Gelände"}
    rows: list[tuple[Any, ...]] = []
    frame = after.origins
    for lane, (profile, state) in enumerate(after.lanes):
        for number, minutes in enumerate(after.minutes):
            key = (profile.id, state.value, minutes)
            if before.net is not after.net:
                was, now = (side.house_reach[lane, :, number] for side in (before, after))
                rows += [
                    (frame["id"].iloc[row], frame["name"].iloc[row],
                     kinds[frame["kind"].iloc[row]], *key, was[row], now[row])
                    for row in np.flatnonzero(was != now).tolist()
                ]  # fmt: skip
            rows += [
                (reach.thing.change, reach.thing.label, "neu", *key, np.nan,
                 reach.neighbours[lane, number])
                for reach in after.new_reach
            ]  # fmt: skip
    rows.sort(key=lambda row: (row[2], *map(str, row[:2]), *row[3:6]))
    names = ["id", "name", "art", "profile", "state", "minuten"]
    table = pd.DataFrame([row[:6] for row in rows], columns=names)
    was, now = (np.array([row[side] for row in rows], dtype=np.float64) for side in (6, 7))
    table["menschen_vorher"] = shown_counts(was)
    little = pd.isna(shown_counts(np.abs(np.nan_to_num(now - was))))
    table["menschen_nachher"] = shown_counts(np.where(little, np.nan, now))
    table["geschaetzt"] = bool(after.net.people.neighbours.estimated)
    return table


def places_frame(base: Baseline) -> gpd.GeoDataFrame:
    """Return what the changes add or move: one point per place."""
    plan = base.plan
    frame = base.net.ready.places.frame.iloc[:0] if plan is None else plan.added
    columns = [
        name
        for name in ("id", "name", "category", "kind", "layer", "on_campus", "wheelchair")
        if name in frame
    ]
    return gpd.GeoDataFrame(frame[columns], geometry=frame.geometry.array, crs=frame.crs)


def variant_digest(variant: Variant) -> str:
    """Return what tells a variant from every other, 16 hexadecimal digits."""
    content = json.dumps(variant.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _needs(side: Baseline, lane: Any, origin: Any, column: Any) -> list[str]:
    """Return the words for needs, "" for grounds and on lanes where they are not judged."""
    asked = side.needs_asked
    profile_of = {one: key.id for one, key in zip(asked.lanes, asked.profiles, strict=True)}
    row_of = {int(one): row for row, one in enumerate(asked.rows)}
    return [
        NEED_LABELS[int(side.needs[profile_of[one]][row_of[house], kind])]
        if one in profile_of and house in row_of
        else ""
        for one, house, kind in zip(lane.tolist(), origin.tolist(), column.tolist(), strict=True)
    ]


def _known(counts: npt.NDArray[Any]) -> Any:
    """Return counts, those that cannot be known missing."""
    hidden = counts == UNKNOWN
    return pd.arrays.IntegerArray(np.where(hidden, 0, counts).astype(np.int64), hidden)


def _note(outcome: Outcome, story: list[str], houses: list[HouseStory], source: Source) -> str:
    ready = outcome.before.root.ready
    variant = outcome.variant
    date = ready.extract.data_date
    title = f"Was wäre wenn: {_line(variant.name)}"
    lines = [
        title,
        "=" * len(title),
        "",
        *([FICTIONAL_NOTE, ""] if ready.study.settings.fictional else []),
        *([_line(variant.remark), ""] if variant.remark else []),
        f"Studie:        {_line(ready.study.settings.name)}",
        f"Kartendaten:   {_line(ready.extract.source)}, Stand "
        f"{german_date(date.isoformat()) if date else 'nicht bekannt'}",
        f"Quelle:        {source.attribution}, {source.licence}",
        f"Ausgangslage:  Ergebnis Nr. {snapshot_id(ready)}",
        f"Variante Nr.:  {variant_digest(variant)}",
        f"Nachbarschaft: {_line(ready_note(outcome))}",
        "",
        "Diese Dateien sind für den internen Gebrauch: Sie nennen einzelne Häuser.",
        "",
        "Änderungen",
        "----------",
        *(f"{change.id}: {LABELS[change.kind]}" for change in variant.changes),
        "",
        "Was sich ändert",
        "---------------",
        *map(_line, story),
        *(f"{_line(house.name)}: {_line(text)}" for house in houses for text in house.sentences),
        "",
        "Dateien",
        "-------",
        "changes.csv          je Haus, Profil und Kategorie: vorher und nachher, für Excel",
        "neighbours.csv       wie viele Menschen aus der Nachbarschaft herkommen; leer, wo es",
        "                     weniger als 5 sind oder der Unterschied unter 5 liegt",
        "isochrones.geojson   die Flächen, die anders sind als vorher",
        "places.geojson       was hinzukommt oder umzieht",
        "",
    ]
    return "\n".join(lines)


def ready_note(outcome: Outcome) -> str:
    """Return where the numbers of neighbours come from."""
    return outcome.before.net.people.neighbours.note


def _line(text: str) -> str:
    """Return a text from outside on one line, without control characters."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
