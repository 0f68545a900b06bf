"""The whole job, ours against the osmnx recipe: seconds and memory of whole processes.

Usage: ``python benchmarks/whole_job.py EXTRACT.osm.pbf [HOUSES …] [--runs N]``.
Both sides run in turn, each as a process of its own, with the same houses: points at
addresses of the extract, chosen with a fixed seed. Ours makes everything that
``sozialraum build`` makes (places, times, isochrones, map, all exports) for one profile, as
the recipe does, and once more for all six; the recipe makes features, times and isochrones.

The recipe takes minutes for many houses, so its time for them is drawn out in a straight
line from its runs with fewest and most houses, and marked "about".
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import osmium

RECIPE_LIMIT = 30
"""The recipe runs for at most so many houses; above that only ours is timed."""


def main() -> None:
    """Run the comparison and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("extract", type=Path)
    parser.add_argument("houses", type=int, nargs="*", default=[1, 10, 30, 100, 1000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--recipe-up-to", type=int, default=RECIPE_LIMIT)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        xml = folder / "extract.osm"
        addresses = _convert(options.extract, xml)
        print(f"{options.extract.name}: {len(addresses)} addresses")
        print("houses side      seconds (min median max)    MiB (max)  ratio s  ratio MiB")
        known: dict[int, float] = {}
        for count in sorted(options.houses):
            study = _study(folder / f"study{count}", options.extract, addresses, count)
            recipe = count <= options.recipe_up_to
            seconds, theirs = _compare(study, xml, options.runs, recipe=recipe)
            if theirs is not None:
                known[count] = theirs
            elif len(known) > 1:
                about = _drawn_out(known, count)
                print(f"{count:>6} recipe   about {about:.0f} s, {about / seconds:.0f} times ours")
            _steps(study)
            _all_profiles(study)


def _drawn_out(known: dict[int, float], count: int) -> float:
    """Continue the straight line through the smallest and the largest known run."""
    (few, short), (many, long) = min(known.items()), max(known.items())
    return long + (long - short) / (many - few) * (count - many)


def _all_profiles(study: Path) -> None:
    """Build once more for everybody."""
    settings = study / "study.toml"
    lines = settings.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("profiles")]
    settings.write_text("\n".join(kept) + "\n", encoding="utf-8")
    _row(study.name.removeprefix("study"), "six", [_measure(_build(study))])
    _steps(study)


def _build(study: Path) -> list[str]:
    return [str(Path(sys.executable).with_name("sozialraum")), "build", str(study)]


def _compare(study: Path, xml: Path, runs: int, *, recipe: bool) -> tuple[float, float | None]:
    """Run both sides in turn; return the median seconds of each."""
    count = study.name.removeprefix("study")
    recipe_command = [
        sys.executable,
        str(Path(__file__).with_name("osmnx_recipe.py")),
        str(xml),
        str(study / "sites.geojson"),
        str(study / "recipe"),
    ]
    ours, theirs = [], []
    for _ in range(runs):
        ours.append(_measure(_build(study)))
        if recipe:
            theirs.append(_measure(recipe_command))
    _row(count, "ours", ours)
    if theirs:
        _row(count, "recipe", theirs)
        seconds = statistics.median(b[0] / a[0] for a, b in zip(ours, theirs, strict=True))
        memory = max(a[1] for a in ours) / max(b[1] for b in theirs)
        print(f"{count:>6} ratio   {seconds:.1f} times faster, {memory:.2f} of the memory")
    middle = statistics.median(one[0] for one in ours)
    return middle, statistics.median(one[0] for one in theirs) if theirs else None


def _row(count: str, side: str, results: list[tuple[float, float]]) -> None:
    seconds = [result[0] for result in results]
    print(
        f"{count:>6} {side:<8} {min(seconds):8.2f} {statistics.median(seconds):8.2f} "
        f"{max(seconds):8.2f} s   {max(result[1] for result in results):8.0f} MiB",
        flush=True,
    )


def _measure(command: list[str]) -> tuple[float, float]:
    """Run a command; return wall seconds and peak resident MiB of its process."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        fault = process.stderr.read().decode() if process.stderr else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} failed:\n{fault}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def _convert(extract: Path, xml: Path) -> list[tuple[float, float]]:
    """Write the extract as XML for osmnx; return the addresses that are nodes."""
    addresses = []
    with osmium.SimpleWriter(str(xml)) as writer:
        for item in osmium.FileProcessor(str(extract)):
            writer.add(item)
            if isinstance(item, osmium.osm.Node) and "addr:housenumber" in item.tags:
                addresses.append((round(item.location.lon, 7), round(item.location.lat, 7)))
    return sorted(addresses)


def _study(folder: Path, extract: Path, addresses: list[tuple[float, float]], count: int) -> Path:
    folder.mkdir()
    shutil.copyfile(extract, folder / extract.name)
    chosen = random.Random(20261122).sample(addresses, count)  # noqa: S311 - repeatable
    features = [
        {
            "type": "Feature",
            "properties": {"kind": "house", "id": f"h{number}", "name": f"Haus {number}"},
            "geometry": {"type": "Point", "coordinates": list(point)},
        }
        for number, point in enumerate(chosen)
    ]
    (folder / "sites.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    (folder / "study.toml").write_text(
        f'name = "{extract.stem}"\nextract = "{extract.name}"\nsites = "sites.geojson"\n'
        'profiles = ["resident"]\n',
        encoding="utf-8",
    )
    return folder


def _steps(study: Path) -> None:
    report = json.loads((study / "out" / "report.json").read_text(encoding="utf-8"))
    steps = ", ".join(f"{label} {spent:.2f}" for label, spent in report["seconds"].items())
    print(f"       steps   {steps}", flush=True)


if __name__ == "__main__":
    main()
