"""Reading OSM data: ours, osmnx's XML reading, and a scan by libosmium that keeps nothing.

Usage: ``python -m benchmarks.reading [EXTRACT.osm.pbf …] [--runs N]``; without extracts,
Neubrandenburg and Heidelberg of the folder of real extracts. Each reading is a process of
its own, in turn. Ours makes everything that a build needs: the walkable ways with all their
nodes, the features of the whole taxonomy with their areas assembled, base map, addresses
and entrances. osmnx makes its graph and the features of eight keys, from the same data as
XML (it reads no .pbf; the conversion is not counted). Seconds are those of the work, without
imports; the peak memory is that of the whole process, libraries included.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import osmium

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "osm"
DEFAULT = ("neubrandenburg-2016.nometa.osm.pbf", "heidelberg.test.osm.pbf")
SIDES = ("ours", "scan", "osmnx")


def main() -> None:
    """Run the comparison and print its table, or read once as a side of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("extracts", type=Path, nargs="*")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    extracts = options.extracts or [DATA / name for name in DEFAULT]
    if options.side:
        print(json.dumps(_read(options.side, extracts[0])))
        return
    for extract in extracts:
        _compare(extract, options.runs)


def _compare(extract: Path, runs: int) -> None:
    print(f"{extract.name}, {extract.stat().st_size / 1e6:.2f} MB")
    print("side    seconds (min median max)     CPU s    MiB  what was made")
    with tempfile.TemporaryDirectory() as scratch:
        xml = Path(scratch) / "extract.osm"
        with osmium.SimpleWriter(str(xml)) as writer:
            for item in osmium.FileProcessor(str(extract)):
                writer.add(item)
        results: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
        for _ in range(runs):
            for side in SIDES:
                results[side].append(_run(side, xml if side == "osmnx" else extract))
    middle = {side: statistics.median(one["seconds"] for one in results[side]) for side in SIDES}
    peak = {side: max(one["mib"] for one in results[side]) for side in SIDES}
    for side, several in results.items():
        seconds = [one["seconds"] for one in several]
        cpu = statistics.median(one["cpu"] for one in several)
        print(
            f"{side:<7} {min(seconds):8.3f} {middle[side]:8.3f} {max(seconds):8.3f} "
            f"{cpu:9.3f} {peak[side]:6.0f}  {several[0]['made']}",
            flush=True,
        )
    print(
        f"ours is {middle['osmnx'] / middle['ours']:.1f} times faster than osmnx with "
        f"{peak['ours'] / peak['osmnx']:.2f} of its memory, and takes "
        f"{middle['ours'] / middle['scan']:.1f} times as long as the empty scan\n",
        flush=True,
    )


def _run(side: str, extract: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.reading", str(extract), "--side", side]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def _read(side: str, extract: Path) -> dict[str, object]:
    read = {"ours": _ours, "scan": _scan, "osmnx": _osmnx}[side](extract)
    usage = getrusage(RUSAGE_SELF)
    before = usage.ru_utime + usage.ru_stime
    began = time.perf_counter()
    made = read()
    seconds = time.perf_counter() - began
    usage = getrusage(RUSAGE_SELF)
    return {
        "seconds": seconds,
        "cpu": usage.ru_utime + usage.ru_stime - before,
        "mib": usage.ru_maxrss / 1024,
        "made": made,
    }


def _ours(extract: Path) -> Callable[[], str]:
    from geo.reader import read_extract
    from layers.taxonomy import load_taxonomy

    wanted = load_taxonomy(None).features

    def read() -> str:
        found = read_extract(extract, wanted)
        return f"{len(found.ways.ids)} ways, {len(found.features)} features"

    return read


def _scan(extract: Path) -> Callable[[], str]:
    def read() -> str:
        # The filter lets nothing through, so that no object ever reaches Python.
        nothing = osmium.filter.EmptyTagFilter()
        never = osmium.filter.KeyFilter("no such key")
        objects = osmium.FileProcessor(str(extract)).with_filter(nothing).with_filter(never)
        return f"{sum(1 for _ in objects)} objects"

    return read


def _osmnx(extract: Path) -> Callable[[], str]:
    import osmnx

    from benchmarks.osmnx_recipe import TAGS

    def read() -> str:
        graph = osmnx.graph_from_xml(extract, retain_all=True)
        features = osmnx.features_from_xml(extract, tags=TAGS)
        return f"{len(graph.edges)} edges, {len(features)} features"

    return read


if __name__ == "__main__":
    main()
