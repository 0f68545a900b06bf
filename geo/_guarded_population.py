"""The people of a study, read in the guarded process and checked here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np

from geo._guarded_child import Sender
from geo._guarded_vector import send_shapes, take_shapes
from geo.errors import PopulationError
from geo.findings import Finding, Severity
from geo.guarded import Parts, ask
from geo.population import Bounds, Population, read_people


def ask_for_people(
    path: Path,
    crs_named: str | None,
    column_named: str | None,
    metric_crs: str,
    bounds: Bounds,
    *,
    near: Bounds | None,
) -> Population:
    """Have a file read in a guarded process; see ``geo.population.read_population``.

    Parameters
    ----------
    path, crs_named, column_named, metric_crs, bounds, near
        As there.

    Raises
    ------
    PopulationError
        As there, or because a limit of the process was passed.
    """
    arguments = {
        "path": str(path),
        "crs_named": crs_named,
        "column_named": column_named,
        "metric_crs": metric_crs,
        "bounds": [float(value) for value in bounds],
        "near": None if near is None else [float(value) for value in near],
    }
    parts = ask("population", path, arguments, PopulationError)
    try:
        return _population(parts, metric_crs)
    except (ValueError, KeyError, TypeError) as error:
        raise PopulationError(
            "Was aus der Datei der Bevölkerung gelesen wurde, ist nicht stimmig.",
            where=path,
            remedy="Die Datei neu speichern oder noch einmal herunterladen.",
        ) from error


def answer(arguments: Mapping[str, Any], sender: Sender) -> None:
    """Read a file and send who lives there; runs in the guarded process.

    Parameters
    ----------
    arguments
        As `ask_for_people` sends them.
    sender
        Where to.
    """
    found = read_people(
        Path(arguments["path"]),
        arguments["crs_named"],
        arguments["column_named"],
        arguments["metric_crs"],
        arguments["bounds"],
        near=arguments["near"],
    )
    sender.plain(
        {
            "cell_m": found.cell_m,
            "zensus": found.zensus,
            "year": found.year,
            "findings": [asdict(finding) for finding in found.findings],
        }
    )
    sender.binary(found.frame["people"].to_numpy(dtype="<f8").tobytes())
    sender.binary(found.frame["covered"].to_numpy(dtype="<f8").tobytes())
    send_shapes(list(found.frame.geometry), sender)


def _population(parts: Parts, metric_crs: str) -> Population:
    head = parts.plain(dict)
    people, covered = (np.frombuffer(parts.binary(), dtype="<f8").copy() for _ in range(2))
    shapes = take_shapes(parts)
    if not (np.isfinite(people).all() and (people > 0).all()):
        raise ValueError("people")
    if not ((covered > 0) & (covered <= 1)).all() or not len(people) == len(covered):
        raise ValueError("shares of areas")
    frame = gpd.GeoDataFrame(
        {"people": people, "covered": covered},
        geometry=gpd.array.from_shapely(shapes, crs=metric_crs),
    )
    cell_m = head["cell_m"]
    return Population(
        frame,
        None if cell_m is None else float(cell_m),
        bool(head["zensus"]),
        str(head["year"]),
        tuple(_finding(found) for found in head["findings"]),
    )


def _finding(found: dict[str, Any]) -> Finding:
    return Finding(
        code=str(found["code"]),
        severity=Severity(found["severity"]),
        message=str(found["message"]),
        where=str(found["where"]),
        remedy=str(found["remedy"]),
        count=int(found["count"]),
        examples=tuple(str(one) for one in found["examples"]),
    )
