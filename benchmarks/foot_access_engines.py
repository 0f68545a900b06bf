"""Ask OSRM and Valhalla about every row of the table of foot access, and compare.

Draws each combination of tags of ``tests/geo/foot_access_table.csv`` as a street of its own into
one OSM file, lets both engines build it and route along every street and back, and prints the
rows where the table says otherwise. Run it in an environment of its own (Python 3.12 or newer)
with ``osmium``, ``pyvalhalla`` and ``osrm-bindings``::

    python -P benchmarks/foot_access_engines.py /tmp/engines

An answer of Valhalla is ``ends`` where it marks the way as no thoroughfare.
"""

from __future__ import annotations

import csv
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parents[1] / "tests" / "geo" / "foot_access_table.csv"
STEP = 0.002
"""Degrees between the five nodes of a row: way, tested way of two segments, way."""
COLUMNS = 20
NEAR_M = 10
LONGEST_M = 1_500
FOOTWAY = {"highway": "footway"}

Point = tuple[float, float]


def corner(row: int) -> Point:
    """Return where a row is drawn: far from all others."""
    return 8.0 + row % COLUMNS * 0.04, 49.0 + row // COLUMNS * 0.03


def draw(rows: list[dict[str, str]], path: Path) -> None:
    """Write the file that both engines read."""
    osmium: Any = importlib.import_module("osmium")
    mutable = osmium.osm.mutable
    ways = []
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for number, row in enumerate(rows):
            tags = dict(pair.split("=", 1) for pair in row["tags"].split(" + ") if pair)
            x, y = corner(number)
            ids = [number * 10 + 1 + place for place in range(5)]
            for place, node in enumerate(ids):
                tested = row["kind"] == "node" and place == len(ids) // 2
                writer.add_node(
                    mutable.Node(
                        id=node, version=1, location=(x + place * STEP, y),
                        tags=tags if tested else {},
                    )
                )  # fmt: skip
            middle = FOOTWAY if row["kind"] == "node" else tags
            ways += [(ids[:2], FOOTWAY), (ids[1:4], middle), (ids[3:], FOOTWAY)]
        for number, (nodes, tags) in enumerate(ways, start=1):
            writer.add_way(mutable.Way(id=number, version=1, nodes=nodes, tags=tags))


def ask_valhalla(folder: Path, file: Path, rows: list[dict[str, str]]) -> list[str]:
    """Return Valhalla's answer to every row."""
    valhalla: Any = importlib.import_module("valhalla")
    tiles = folder / "tiles"
    tiles.mkdir(exist_ok=True)
    config = folder / "valhalla.json"
    config.write_text(json.dumps(valhalla.get_config(tile_extract="", tile_dir=str(tiles))))
    tool = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
    subprocess.run([tool, "-c", config, file], check=True, capture_output=True)
    actor = valhalla.Actor(str(config))

    def at(point: Point) -> dict[str, float]:
        return {"lon": point[0], "lat": point[1], "radius": NEAR_M, "minimum_reachability": 0}

    def passes(begin: Point, end: Point) -> bool:
        try:
            route = actor.route({"locations": [at(begin), at(end)], "costing": "pedestrian"})
        except RuntimeError:
            return False
        return bool(route["trip"]["summary"]["length"] * 1000 < LONGEST_M)

    def ends(kind: str, point: Point) -> bool:
        query = {"locations": [at(point)], "costing": "pedestrian", "verbose": True}
        (found,) = actor.locate(query)
        if kind == "node":
            return any(node.get("private_access") for node in found["nodes"] or [])
        return any(edge["edge"]["destination_only"] for edge in found["edges"] or [])

    answers = []
    for number, row in enumerate(rows):
        x, y = corner(number)
        answer = word(row["kind"], *both(passes, number))
        spot = (x + (2.0 if row["kind"] == "node" else 1.5) * STEP, y)
        answers.append("ends" if answer == "yes" and ends(row["kind"], spot) else answer)
    return answers


def ask_osrm(folder: Path, file: Path, rows: list[dict[str, str]]) -> list[str]:
    """Return OSRM's answer to every row."""
    osrm: Any = importlib.import_module("osrm")
    root = Path(osrm.__file__).parents[1]
    profile = root / "share" / "osrm" / "profiles" / "foot.lua"
    environment = os.environ | {"LD_LIBRARY_PATH": str(root / "osrm_bindings.libs")}
    graph = folder / "table.osrm"
    for command in (
        ["osrm-extract", "-p", str(profile), "-t", "1", str(file)],
        ["osrm-contract", "-t", "1", str(graph)],
    ):
        command[0] = str(root / "bin" / command[0])
        subprocess.run(command, check=True, capture_output=True, env=environment)
    engine = osrm.OSRM(algorithm="CH", storage_config=str(graph), use_shared_memory=False)

    def passes(begin: Point, end: Point) -> bool:
        try:
            route = engine.Route(
                osrm.RouteParameters(coordinates=[begin, end], radiuses=[NEAR_M, NEAR_M])
            )
        except RuntimeError:
            return False
        return bool(route["routes"][0]["distance"] < LONGEST_M)

    return [word(row["kind"], *both(passes, number)) for number, row in enumerate(rows)]


def both(passes: Any, number: int) -> tuple[bool, bool]:
    """Return whether a row's street is passed along, and back."""
    x, y = corner(number)
    begin, end = (x + 0.5 * STEP, y), (x + 3.5 * STEP, y)
    return passes(begin, end), passes(end, begin)


def word(kind: str, along: bool, back: bool) -> str:  # noqa: FBT001
    """Return the table's word for an answer."""
    if along and back:
        return "both" if kind == "direction" else "yes"
    return "forward" if along else "backward" if back else "no"


def main(folder: Path) -> int:
    """Compare the table with both engines; return how many answers differ."""
    folder.mkdir(parents=True, exist_ok=True)
    with TABLE.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    file = folder / "table.osm.pbf"
    draw(rows, file)
    wrong = 0
    for column, answers in (
        ("osrm", ask_osrm(folder, file, rows)),
        ("valhalla", ask_valhalla(folder, file, rows)),
    ):
        for row, answer in zip(rows, answers, strict=True):
            if row[column] != answer:
                wrong += 1
                print(f"{row['kind']} {row['tags']}: {column} {answer}, Tabelle {row[column]}")
    print(f"{len(rows)} Zeilen, {wrong} Abweichungen von der Tabelle")
    return wrong


if __name__ == "__main__":
    sys.exit(bool(main(Path(sys.argv[1]))))
