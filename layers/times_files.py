"""The files of an answer: a table for people or for programs, and ways as lines."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo.vector_files import write_geojson
from layers.csv_files import write_csv
from layers.layer_info import INVENTED, OSM
from layers.parquet_files import write_parquet
from layers.times import STATE_LABELS, Answer


def write_answer(found: Answer, path: Path) -> None:
    """Write an answer: a table (``.csv``, ``.parquet``), or the ways (``.geojson``).

    Raises
    ------
    geo.errors.OutputError
        If the file cannot be written.
    """
    source = INVENTED if found.fictional else OSM
    facts = {"attribution": source.attribution, "licence": source.licence}
    times = found.times.drop(columns="asked_for")
    if path.suffix.lower() == ".geojson":
        write_geojson(_lines(found), path, id_column=None, members=facts)
    elif path.suffix.lower() == ".parquet":
        write_parquet(times, path, facts)
    else:
        labels = {state.value: label for state, label in STATE_LABELS.items()}
        table = pd.DataFrame(
            {
                "from_id": times["from_id"],
                "haus": times["from_name"],
                "to_id": times["to_id"],
                "ort": times["to_name"],
                "category": times["category"],
                "kategorie": times["category_label"],
                "profile": times["profile"],
                "state": times["state"],
                "sicherheit": times["state"].map(labels).astype("str"),
                "minuten": times["travel_time_s"] / 60,
                **{
                    name: times[name]
                    for name in ("travel_time_s", "distance_m", "estimated", "private",
                                 "by_hours", "unknown_m")
                },
                "quelle": source.attribution,
                "lizenz": source.licence,
            }
        )  # fmt: skip
        write_csv(table, path, {"minuten": 1, "travel_time_s": 1, "distance_m": 1, "unknown_m": 1})


def _lines(found: Answer) -> gpd.GeoDataFrame:
    rows = [
        {
            "from_id": one.from_id,
            "to_id": one.to_id,
            "profile": one.profile_id,
            "state": one.state,
            "travel_time_s": one.time_s,
            "distance_m": one.length_m,
            "steps_m": one.steps_m,
            "flights": one.flights,
            "crossings": one.crossings,
            "unknown_m": one.unknown_m,
            "unknown_nodes": one.unknown_nodes,
            "private_m": one.private_m,
            "estimated_m": one.estimated_m,
            "gates_by_hours": one.by_hours,
            "streets": ", ".join(one.streets),
            "geometry": one.line,
        }
        for one in found.routes.values()
    ]
    if not rows:
        return gpd.GeoDataFrame({"from_id": []}, geometry=[], crs=found.crs)
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=found.crs)
