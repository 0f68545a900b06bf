"""Isochrones per house, ours at 10 m against Valhalla's, in turn in one run.

Usage: ``python -m benchmarks.valhalla [EXTRACT.osm.pbf] [--houses N] [--python PYTHON3.12]``.
pyvalhalla (MIT) goes into an environment of its own beside the results, with a Python that
it has wheels for (3.12 or newer). Both sides draw polygons for 5, 10 and 15 minutes on foot
at 1 m/s for the same houses, points beside walkable ways: Valhalla one call per house, as it
is asked; ours all houses in one call, as a build does it, and one call per house. Valhalla
never draws finer than about 111 m; its answer comes as GeoJSON text, ours as geometries. What
both do once per map (tiles there, network and nearest ways here) is timed apart.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Any

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import metric_crs_for
from geo.isochrones import isochrones
from geo.network import StreetNetwork, build_network
from geo.profiles import load_profiles
from geo.reader import read_extract
from geo.sites import Sites
from geo.snapping import snap_origins
from geo.travel_time import search

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "osm"
MINUTES = (5, 10, 15)
ROUND = 20

SERVER = """
import json, subprocess, sys, time
from pathlib import Path
import valhalla
from valhalla.config import get_config

extract, folder = Path(sys.argv[1]), Path(sys.argv[2])
(folder / "tiles").mkdir()
config = get_config(tile_extract="", tile_dir=str(folder / "tiles"))
config["mjolnir"]["concurrency"] = 2
for unwanted in ("admin", "timezone", "traffic_extract", "transit_dir", "landmarks"):
    config["mjolnir"].pop(unwanted, None)
config["loki"]["logging"] = config["thor"]["logging"] = {"type": ""}
config["mjolnir"]["logging"] = {"type": ""}
path = folder / "valhalla.json"
path.write_text(json.dumps(config))
build = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
began = time.perf_counter()
subprocess.run([build, "-c", path, extract], check=True, capture_output=True)
print(json.dumps(time.perf_counter() - began), flush=True)
actor = valhalla.Actor(str(path))
for line in sys.stdin:
    began = time.perf_counter()
    answer = actor.isochrone(line)
    spent = time.perf_counter() - began
    found = json.loads(answer) if isinstance(answer, str) else answer
    print(json.dumps([spent, len(found["features"])]), flush=True)
"""


def main() -> None:
    """Run the comparison and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("extract", type=Path, nargs="?", default=DATA / "heidelberg.test.osm.pbf")
    parser.add_argument("--houses", type=int, default=200)
    parser.add_argument("--python", help="a Python 3.12 or newer for pyvalhalla")
    options = parser.parse_args()
    network, sites = _network(options.extract, options.houses)
    profile = load_profiles()["resident"]
    starts = snap_origins(network, sites, profile)
    limit_s = 60 * MINUTES[-1]
    began = time.perf_counter()
    isochrones(network, search(network, starts, profile, limit_s), MINUTES)
    first = time.perf_counter() - began
    degrees = sites.houses.geometry.to_crs("EPSG:4326")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        other = _environment(folder, options.python)
        command = [str(other), "-c", SERVER, str(options.extract.resolve()), str(folder)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as server:
            assert server.stdin
            assert server.stdout
            tiles_s = _answer(server.stdout)
            ours, theirs, together = [], [], []
            for row, point in enumerate(degrees):
                if row % ROUND == 0:
                    began = time.perf_counter()
                    isochrones(network, search(network, starts, profile, limit_s), MINUTES)
                    together.append(time.perf_counter() - began)
                one = Sites(sites.sites, sites.houses.iloc[[row]], sites.gates, ())
                joined = snap_origins(network, one, profile)
                began = time.perf_counter()
                isochrones(network, search(network, joined, profile, limit_s), MINUTES)
                ours.append(time.perf_counter() - began)
                server.stdin.write(_question(point) + "\n")
                server.stdin.flush()
                theirs.append(_answer(server.stdout)[0])
            server.stdin.close()
    print(f"{options.extract.name}, {len(ours)} houses, tree and isochrones for {MINUTES} minutes")
    print(f"Valhalla's tiles {tiles_s:.1f} s")
    each = 1000 / len(ours)
    print(f"ours, all houses in one call, first time: {each * first:.2f} ms each")
    print(
        f"ours, all houses in one call:  median {each * statistics.median(together):6.2f} ms each"
    )
    for name, several in (("ours, ", ours), ("Valhalla, ", theirs)):
        print(
            f"{name + 'a call per house:':<30} median {1000 * statistics.median(several):6.2f} ms"
        )


def _network(extract_path: Path, count: int) -> tuple[StreetNetwork, Sites]:
    extract = read_extract(extract_path, ("amenity",))
    west, south, east, north = extract.bounds
    crs = metric_crs_for((west + east) / 2, (south + north) / 2)
    empty = gpd.GeoDataFrame({"site_id": [], "name": []}, geometry=[], crs=crs)
    gates = gpd.GeoDataFrame(
        {name: [] for name in ("gate_id", "name", "site_id", "status", "step_free", "derived")},
        geometry=[], crs=crs,
    ).astype({"derived": bool})  # fmt: skip
    none = gpd.GeoDataFrame(
        {"house_id": [], "name": [], "site_id": [], "outline": []}, geometry=[], crs=crs
    )
    profiles = {"resident": load_profiles()["resident"]}
    network, _ = build_network(extract, Sites(empty, none, gates, ()), profiles)
    parts = network.parts()
    main = np.flatnonzero(parts.usable & ~parts.island()[parts.component[network.edge_from]])
    chosen = np.random.default_rng(20261122).choice(main, count, replace=False)
    points = shapely.line_interpolate_point(
        network.edge_geometry[np.sort(chosen)], 0.5, normalized=True
    )
    ids = [f"h{number:04d}" for number in range(count)]
    houses = gpd.GeoDataFrame(
        {"house_id": ids, "name": ids, "site_id": "", "outline": None}, geometry=points, crs=crs
    )
    return network, Sites(empty, houses, gates, ())


def _environment(folder: Path, python: str | None) -> Path:
    """Make an environment with pyvalhalla; return its Python."""
    found = python or next(
        (one for name in ("python3.13", "python3.12") if (one := shutil.which(name))), None
    )
    if found is None:
        sys.exit("pyvalhalla needs a Python 3.12 or newer: name one with --python")
    subprocess.run([found, "-m", "venv", folder / "venv"], check=True)
    python_there = folder / "venv" / "bin" / "python"
    subprocess.run([python_there, "-m", "pip", "install", "-q", "pyvalhalla>=3.9"], check=True)
    return python_there


def _question(point: Any) -> str:
    return json.dumps(
        {
            "locations": [{"lon": point.x, "lat": point.y}],
            "costing": "pedestrian",
            "costing_options": {"pedestrian": {"walking_speed": 3.6}},
            "contours": [{"time": minutes} for minutes in MINUTES],
            "polygons": True,
        }
    )


def _answer(stream: IO[str]) -> Any:
    return json.loads(stream.readline())


if __name__ == "__main__":
    main()
