"""The tables of a release for people: CSV that German Excel opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from geo.crs import WGS84
from geo.profiles import State
from layers.access import (
    NOT_REACHABLE,
    NOT_SURELY,
    STATE_LABELS,
    STATUS_LABELS,
    access_columns,
    threshold_column,
)
from layers.columns import code_words
from layers.csv_files import german_date, write_csv
from layers.layer_frames import PLACE_COLUMNS, Exported
from layers.layer_info import LAYERS, PLACE_LAYERS
from layers.need_csv import NEEDS_FILE, write_needs_csv
from layers.ranking_csv import CSV_FILE, write_ranking_csv

ACCESS_FILE = "access.csv"
COVERAGE_FILE = "coverage.csv"
PLACES_FILE = "places.csv"
TRAVEL_TIMES_FILE = "travel_times.csv"

TABLES = (ACCESS_FILE, COVERAGE_FILE, NEEDS_FILE, PLACES_FILE, CSV_FILE)
"""Tables of a build; those with the travel times are written on demand."""


def write_tables(exported: Exported, folder: Path) -> None:
    """Write the tables of a build; one whose layers the release does not hold is left out.

    Parameters
    ----------
    exported
        A release.
    folder
        An existing folder.

    Raises
    ------
    geo.errors.OutputError
        If a file cannot be written.
    """
    write_places_csv(exported, folder / PLACES_FILE)
    if "access" in exported.layers:
        write_access_csv(exported, folder / ACCESS_FILE)
    if "coverage" in exported.layers:
        write_coverage_csv(exported, folder / COVERAGE_FILE)
    _write_internal_tables(exported, folder)


def write_places_csv(exported: Exported, path: Path) -> None:
    """Write all places, each once, as a table for people.

    Codes stand under the names that they have in the layers, what they mean in German columns
    beside (``kategorie``, ``ebene``, ``rollstuhl`` …). The position stands there twice:
    ``lon``, ``lat`` in WGS 84, and ``ost_…``, ``nord_…`` in metres in the CRS of that EPSG
    number.
    """
    held = [name for name in PLACE_LAYERS if name in exported.layers]
    if not held:
        return
    parts = [exported.layers[name].assign(layer=name) for name in held]
    places: Any = pd.concat(parts, ignore_index=True)
    withheld = [name for name in PLACE_COLUMNS if name not in places]
    places = places.assign(**dict.fromkeys(withheld, ""))
    # A partner stands first in its own layer: that one is kept.
    places = places.drop_duplicates("id").sort_values("id", ignore_index=True)
    titles = {name: LAYERS[name].title for name in PLACE_LAYERS}
    names = exported.layers["sites"].set_index("id")["name"].to_dict()
    number = exported.crs.rpartition(":")[2]
    degrees = places.geometry.to_crs(WGS84)
    table = pd.DataFrame(
        {
            "id": places["id"],
            "name": places["name"],
            "kind": places["kind"],
            "category": places["category"],
            "kategorie": places["category_label"],
            "gruppe": places["category_group"],
            "ebene": places["layer"].map(titles),
            "partner": places["partner"],
            "on_campus": places["on_campus"],
            "gelaende": places["on_campus"].map(lambda key: names.get(key, key)).astype("str"),
            "wheelchair": places["wheelchair"],
            "rollstuhl": places["wheelchair"].map(code_words("wheelchair")),
            "opening_hours": places["opening_hours"],
            "address": places["address"],
            "operator": places["operator"],
            "website": places["website"],
            "osm_ids": places["osm_ids"],
            "lon": degrees.x,
            "lat": degrees.y,
            f"ost_{number}": places.geometry.x,
            f"nord_{number}": places.geometry.y,
            "datenlage": places["completeness"].map(code_words("completeness")),
            "quelle": places["source"],
            "lizenz": places["licence"],
            "stand": _german_date(exported, places.index),
        }
    )
    decimals = {"lon": 7, "lat": 7, f"ost_{number}": 2, f"nord_{number}": 2}
    write_csv(_without(table, withheld), path, decimals)


def write_access_csv(exported: Exported, path: Path) -> None:
    """Write what each origin reaches as a table for people.

    The columns of the layer ``access`` under their own names, and German columns beside:
    ``haus``, ``profil``, ``wege`` (which ways count, where not all are known),
    ``kategorie``, ``ergebnis`` (the status in words), ``naechster_ort`` and ``minuten`` (to
    one decimal).
    """
    access = exported.layers["access"]
    withheld = [name for name in access_columns(exported.minutes) if name not in access]
    access = access.assign(
        **{name: pd.Series(pd.NA, access.index, "Float64") for name in withheld}
    )
    wheels = access["profile"].isin(access.loc[access["state"] == State.POSSIBLE, "profile"])
    results = access["status"].map(STATUS_LABELS).mask(_only_possible(access), NOT_SURELY)
    categories = exported.categories.set_index("id")
    table = pd.DataFrame(
        {
            "house_id": access["house_id"],
            "haus": access["house_id"].map(_origin_names(exported)),
            "profile": access["profile"],
            "profil": access["profile"].map(exported.profile_labels),
            "state": access["state"],
            "wege": access["state"].map(STATE_LABELS).where(wheels, "alle"),
            "category": access["category"],
            "kategorie": access["category"].map(categories["label"]),
            "gruppe": access["category"].map(categories["category_group"]),
            "status": access["status"],
            "ergebnis": results,
            "nearest_id": access["nearest_id"],
            "naechster_ort": access["nearest_id"].map(_place_names(exported)),
            "nearest_s": access["nearest_s"],
            "minuten": access["nearest_s"] / 60,
            "nearest_m": access["nearest_m"],
            "detour": access["detour"],
            **{
                threshold_column(value): access[threshold_column(value)]
                for value in exported.minutes
            },
            "n_on_campus": access["n_on_campus"],
            "quelle": exported.facts["attribution"],
            "lizenz": exported.facts["licence"],
            "stand": _german_date(exported, access.index),
        }
    )
    decimals = {"nearest_s": 1, "minuten": 1, "nearest_m": 1, "detour": 2}
    write_csv(_grounds(_without(table, withheld), exported), path, decimals)


def _only_possible(access: pd.DataFrame) -> pd.Series[bool]:
    """Find the rows of confirmed ways where only possible ways lead to such a place."""
    keys = pd.MultiIndex.from_frame(access[["house_id", "profile", "category"]])
    possible = (access["state"] == State.POSSIBLE) & (access["status"] != NOT_REACHABLE)
    unsure = (access["state"] == State.CONFIRMED) & (access["status"] == NOT_REACHABLE)
    return unsure & keys.isin(keys[possible.to_numpy()])


def write_coverage_csv(exported: Exported, path: Path) -> None:
    """Write how many metres of ways each origin reaches, and how many of them are known."""
    coverage = exported.layers["coverage"]
    table = pd.DataFrame(
        {
            "house_id": coverage["house_id"],
            "haus": coverage["house_id"].map(_origin_names(exported)),
            "profile": coverage["profile"],
            "profil": coverage["profile"].map(exported.profile_labels),
            **{name: coverage[name] for name in coverage.columns[2:]},
            "quelle": exported.facts["attribution"],
            "lizenz": exported.facts["licence"],
            "stand": _german_date(exported, coverage.index),
        }
    )
    digits = ("reached_m", "confirmed_m", "unknown_percent", "seated_percent")
    write_csv(_grounds(table, exported), path, dict.fromkeys(digits, 1))


def write_travel_times_csv(exported: Exported, path: Path) -> None:
    """Write the travel times as a table, with the names of both ends."""
    times = exported.layers["travel_times"]
    table = pd.DataFrame(
        {
            "from_id": times["from_id"],
            "haus": times["from_id"].map(_origin_names(exported)),
            "to_id": times["to_id"],
            "ort": times["to_id"].map(_place_names(exported)),
            **{name: times[name] for name in times.columns if name not in {"from_id", "to_id"}},
            "quelle": exported.facts["attribution"],
            "lizenz": exported.facts["licence"],
            "stand": _german_date(exported, times.index),
        }
    )
    decimals = {"travel_time_s": 1, "distance_m": 1, "unknown_m": 1}
    write_csv(_grounds(table, exported), path, decimals)


def _write_internal_tables(exported: Exported, folder: Path) -> None:
    """Write needs and rankings where the release holds them."""
    layers = exported.layers
    if "needs" in layers:
        write_needs_csv(exported, _origin_names(exported), folder / NEEDS_FILE)
    if "ranking_projects" in layers and len(layers["ranking_projects"]):
        sites = dict(zip(layers["sites"]["id"], layers["sites"]["name"], strict=True))
        write_ranking_csv(
            layers["ranking"],
            layers["ranking_criteria"],
            list(layers["ranking_projects"]["project"]),
            {**exported.profile_labels, **sites},
            folder / CSV_FILE,
        )


def _origin_names(exported: Exported) -> dict[str, str]:
    """Return the names of houses and sites by id."""
    names: dict[str, str] = {}
    for layer in ("sites", "houses"):
        if layer not in exported.layers:
            continue
        frame = exported.layers[layer]
        names.update(zip(frame["id"], frame["name"], strict=True))
    return names


def _place_names(exported: Exported) -> dict[str, str]:
    """Return the name of each place, or its kind where it has no name."""
    names: dict[str, str] = {}
    for layer in (name for name in PLACE_LAYERS if name in exported.layers):
        frame = exported.layers[layer]
        shown = frame["name"].where(frame["name"].fillna("") != "", frame["kind"])
        names.update(zip(frame["id"], shown, strict=True))
    return names


_TOLD_BY: Mapping[str, tuple[str, ...]] = {
    "category_group": ("gruppe",),
    "category_label": ("kategorie",),
    "completeness": ("datenlage",),
    "data_date": ("stand",),
    "nearest_id": ("naechster_ort",),
    "nearest_s": ("minuten",),
    "on_campus": ("gelaende",),
    "wheelchair": ("rollstuhl",),
}
"""German columns that say the same as a column of a layer."""


def _without(table: pd.DataFrame, withheld: Sequence[str]) -> pd.DataFrame:
    """Leave out columns that a release withholds, and those that would tell the same."""
    gone = {told for name in withheld for told in (name, *_TOLD_BY.get(name, ()))}
    return table[[column for column in table.columns if column not in gone]]


def _grounds(table: pd.DataFrame, exported: Exported) -> pd.DataFrame:
    """Call the name of an origin what it is where there are no houses."""
    return table if "houses" in exported.layers else table.rename(columns={"haus": "gelaende"})


def _german_date(exported: Exported, index: pd.Index[Any]) -> pd.Series[Any]:
    text = german_date(exported.facts["data_date"])
    return pd.Series([text] * len(index), index=index, dtype="str")
