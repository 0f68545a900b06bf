"""Which columns of a table hold coordinates, people and the CRS, and what their names tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import CRS

from geo._site_words import text
from geo.crs import WGS84
from geo.errors import PopulationError
from geo.foreign_files import crs_from_code

Floats = npt.NDArray[np.float64]

LAEA = "EPSG:3035"
"""ETRS89-LAEA Europe: the CRS of the grids of the Zensus and of Eurostat."""

_PEOPLE = (
    "einwohner", "einwohnerzahl", "einwohner_insgesamt", "einwohnerinnen", "ew", "ewz",
    "bevoelkerung", "bevölkerung", "bevoelkerungszahl", "bevölkerungszahl", "people",
    "population", "personen", "persons", "menschen", "pop", "tot_p",
)  # fmt: skip
_PAIRS = (
    ("x", "y"),
    ("ost", "nord"),
    ("ostwert", "nordwert"),
    ("rechtswert", "hochwert"),
    ("east", "north"),
    ("easting", "northing"),
    ("e", "n"),
    ("x_coord", "y_coord"),
)
_DEGREES = (
    ("lon", "lat"),
    ("longitude", "latitude"),
    ("long", "lat"),
    ("lng", "lat"),
    ("laenge", "breite"),
    ("länge", "breite"),
)
_MIDDLE = re.compile(r"([xy])_mp_(\d+)(m|km)")
_ID_NAME = re.compile(r"(?:gitter_id|grid_id|grd_id|gitterid|id)(?:_(\d+)(m|km))?")
_CELL_ID = re.compile(r"(CRS3035RES)?(\d+)(m|km)N(\d+)E(\d+)")
_METRES = {"m": 1, "km": 1000}
_SHOWN_COLUMNS = 12


@dataclass(frozen=True)
class Columns:
    """What the columns of a table are.

    Attributes
    ----------
    x, y
        Names of the columns of coordinates; both empty where only ``cell_id`` tells.
    people
        Name of the column of people.
    cell_id
        Name of the column of ids of grid cells, or empty.
    crs_column
        Name of the column that names the CRS, or empty.
    crs
        CRS that the names tell, or None.
    cell_m
        Side of the cells that the names tell, metres, or None.
    """

    x: str
    y: str
    people: str
    cell_id: str
    crs_column: str
    crs: CRS | None
    cell_m: float | None


def find_columns(names: Sequence[str], named: str | None, path: Path | str) -> Columns:
    """Find out what the columns of a table are.

    Parameters
    ----------
    names
        Their names.
    named
        The column of people as the study names it.
    path
        The file, for messages.

    Raises
    ------
    PopulationError
        If there are no coordinates or no people among them.
    """
    by_key = {name.strip().casefold(): name for name in reversed(names)}
    people = people_column(names, named, path)
    cell_id, id_m = _id_column(by_key)
    x, y, crs, cell_m = _coordinates(by_key)
    if not x and not cell_id:
        raise PopulationError(
            "In der Datei der Bevölkerung fehlen Spalten mit Koordinaten; es gibt "
            f"{_listed(names)}.",
            where=path,
            remedy="Die Spalten »x« und »y« nennen (oder »lon« und »lat«, »ost« und »nord«), oder "
            "eine Zensus-Datei unverändert nehmen.",
        )
    if not x:
        crs = CRS.from_user_input(LAEA)
    return Columns(x, y, people, cell_id, by_key.get("crs", ""), crs, cell_m or id_m)


def people_column(names: Sequence[str], named: str | None, path: Path | str) -> str:
    """Return the column of people; for parameters see ``find_columns``.

    Raises
    ------
    PopulationError
        If the study names one that is not there, or none is recognised.
    """
    by_key = {name.strip().casefold(): name for name in reversed(names)}
    if named is not None:
        found = by_key.get(named.strip().casefold())
        if found is None:
            near = get_close_matches(named.strip().casefold(), by_key, n=1, cutoff=0.6)
            guess = f" Gemeint ist wohl »{text(by_key[near[0]])[:50]}«." if near else ""
            raise PopulationError(
                f"Die Spalte »{text(named)[:50]}« gibt es in der Datei der Bevölkerung nicht."
                f"{guess}",
                where=path,
                remedy=f"In study.toml population_column berichtigen; es gibt {_listed(names)}.",
            )
        return found
    found = next((by_key[key] for key in _PEOPLE if key in by_key), None)
    if found is None:
        raise PopulationError(
            "In der Datei der Bevölkerung ist nicht zu erkennen, in welcher Spalte die "
            f"Menschen stehen; es gibt {_listed(names)}.",
            where=path,
            remedy="In study.toml die Spalte nennen, zum Beispiel population_column = "
            '"Einwohner".',
        )
    return found


def _coordinates(by_key: dict[str, str]) -> tuple[str, str, CRS | None, float | None]:
    for key in sorted(by_key):
        match = _MIDDLE.fullmatch(key)
        other = f"y{key[1:]}"
        if match is not None and match[1] == "x" and other in by_key:
            size = float(int(match[2]) * _METRES[match[3]])
            return by_key[key], by_key[other], CRS.from_user_input(LAEA), size
    for x, y in _PAIRS:
        if x in by_key and y in by_key:
            return by_key[x], by_key[y], None, None
    for x, y in _DEGREES:
        if x in by_key and y in by_key:
            return by_key[x], by_key[y], CRS.from_user_input(WGS84), None
    return "", "", None, None


def _id_column(by_key: dict[str, str]) -> tuple[str, float | None]:
    """Return the column of cell ids and the size that its name tells; a plain id is none."""
    for key in sorted(by_key):
        match = _ID_NAME.fullmatch(key)
        if match is not None and key != "id":
            size = float(int(match[1]) * _METRES[match[2]]) if match[1] else None
            return by_key[key], size
    return "", None


def cell_size(example: str) -> float | None:
    """Return the side in metres that an id of a grid cell names, or None if it is no such id."""
    match = _CELL_ID.fullmatch(example.strip())
    return None if match is None else float(int(match[2]) * _METRES[match[3]])


def cell_middles(ids: pd.Series[Any]) -> tuple[Floats, Floats]:
    """Return the middle of each cell by its id, metres in EPSG:3035; NaN where it is no id.

    The id names the south-west corner: in metres where it starts with the CRS
    (``CRS3035RES100mN2689100E4337000``), else in sides of the cell (``1kmN2689E4337``).

    Parameters
    ----------
    ids
        Text, shape ``(n,)``.
    """
    parts = ids.astype("str").str.strip().str.extract(f"^{_CELL_ID.pattern}$")
    unit = parts[2].map(_METRES).to_numpy(dtype=np.float64, na_value=np.nan)
    side = pd.to_numeric(parts[1]).to_numpy(dtype=np.float64, na_value=np.nan) * unit
    scale = np.where(parts[0].notna().to_numpy(), 1.0, side)
    north, east = (
        pd.to_numeric(parts[column]).to_numpy(dtype=np.float64, na_value=np.nan) * scale
        for column in (3, 4)
    )
    return east + side / 2, north + side / 2


def read_crs(said: object, path: Path | str) -> CRS:
    """Return the CRS that a study or a column names.

    Raises
    ------
    PopulationError
        If there is no such CRS.
    """
    word = text(said)
    crs = crs_from_code(f"EPSG:{word}" if word.isdecimal() else word)
    if crs is None:
        raise PopulationError(
            f"Das Koordinatensystem »{word[:50]}« der Bevölkerung gibt es nicht.",
            where=path,
            remedy='Einen EPSG-Code nennen, zum Beispiel population_crs = "EPSG:3035".',
        )
    return crs


def settled_crs(said: CRS | None, named: str | None, hinted: CRS | None, path: Path | str) -> CRS:
    """Return the CRS of a file, from what it says, what the study says and what names tell.

    Parameters
    ----------
    said
        What the file itself says.
    named
        ``population_crs`` of the study.
    hinted
        What the names of the columns tell.
    path
        The file, for messages.

    Raises
    ------
    PopulationError
        If nobody names it, or file and study contradict each other.
    """
    own = None if named is None else read_crs(named, path)
    if own is not None and said is not None and not own.equals(said, ignore_axis_order=True):
        raise PopulationError(
            f"Die Datei der Bevölkerung nennt das Koordinatensystem {_code(said)}, study.toml "
            f"aber {_code(own)}.",
            where=path,
            remedy="population_crs in study.toml löschen oder berichtigen.",
        )
    crs = said or own or hinted
    if crs is None:
        raise PopulationError(
            "Die Datei der Bevölkerung sagt nicht, in welchem Koordinatensystem sie steht.",
            where=path,
            remedy='In study.toml das Koordinatensystem nennen: population_crs = "EPSG:3035" '
            '(Gitter des Zensus), "EPSG:25832" (UTM) oder "EPSG:4326" (Länge und Breite).',
        )
    return crs


def _code(crs: CRS) -> str:
    epsg = crs.to_epsg()
    return f"EPSG:{epsg}" if epsg else f"»{text(crs.name)[:60]}«"


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"»{text(name)[:40]}«" for name in names[:_SHOWN_COLUMNS])
    return f"{shown} …" if len(names) > _SHOWN_COLUMNS else shown or "keine"
