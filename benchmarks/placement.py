"""How long ranking takes, and how it grows with candidates and houses.

Usage: ``python -m benchmarks.placement EXTRACT.osm.pbf [--candidates N …] [--houses N …]
[--runs N] [--plot FILE.svg]``.

Houses are drawn from the addresses of the extract, candidates are spots on its ways every few
metres, neighbours are the estimate from OSM, joined to the ways beforehand; everything for all
six profiles: candidates joined, measured, weighed, and varied weightings. Each case runs in a
process of its own, so that its memory is its own; reading the extract and finding places is not
part of the seconds, compiling neither. The fastest of the runs counts. Beside it stands the
straight line through the cases and how far the worst lies off it.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from geo.progress import silent
from geo.reader import read_extract
from layers.candidates import Candidates, find_candidates
from layers.criteria import raw_values, study_criteria
from layers.evidence import gather
from layers.people import People
from layers.projects import study_projects
from layers.ranking import rank_candidates
from layers.study import load_study
from layers.study_network import prepare

T = TypeVar("T")

PROJECT = "cafe"
SEED = 20261122
GRID_M = 20
USUAL_CANDIDATES, USUAL_HOUSES = 5_000, 10


def main() -> None:
    """Measure all cases and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("extract", type=Path)
    parser.add_argument(
        "--candidates", type=int, nargs="+", default=[500, 1000, 2500, 5000, 10000]
    )
    parser.add_argument("--houses", type=int, nargs="+", default=[10, 30, 100, 300])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--case", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--study", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.case is not None:
        print(json.dumps(_measure(given.study, given.case, given.runs)))
        return
    series = {
        "candidates": [(count, USUAL_HOUSES) for count in given.candidates],
        "houses": [(USUAL_CANDIDATES, count) for count in given.houses],
    }
    lines: dict[str, list[tuple[int, float]]] = {}
    print("candidates  houses   seconds      MiB   MiB before")
    for name, cases in series.items():
        points = []
        for candidates, houses in cases:
            found = _in_own_process(given.extract.resolve(), candidates, houses, given.runs)
            print(
                f"{found['candidates']:10}  {houses:6}  {found['seconds']:8.2f}"
                f"  {found['mib']:7.0f}  {found['mib_before']:7.0f}",
                flush=True,
            )
            size = int(found["candidates"]) if name == "candidates" else houses
            # Few houses reach few spots: such a case is no case of so many candidates.
            if name == "candidates" or found["candidates"] == USUAL_CANDIDATES:
                points.append((size, float(found["seconds"])))
        lines[name] = points
        slope, base, off = _line(points)
        print(f"  {name}: {base:.2f} s + {1000 * slope:.2f} s per thousand, worst {off:.0f} % off")
    if given.plot is not None:
        given.plot.write_text(_svg(lines), encoding="utf-8")


def _in_own_process(extract: Path, candidates: int, houses: int, runs: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        study = Path(folder)
        _write_study(study, extract, houses)
        command = [
            sys.executable, "-m", "benchmarks.placement", str(extract), "--study", str(study),
            "--case", str(candidates), "--runs", str(runs),
        ]  # fmt: skip
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        found: dict[str, float] = json.loads(done.stdout)
        return found


def _write_study(folder: Path, extract: Path, houses: int) -> None:
    points = read_extract(extract, {}).addresses.geometry
    chosen = _few(list(zip(points.x, points.y, strict=True)), houses)
    features = [
        {
            "type": "Feature",
            "properties": {"kind": "house", "id": f"h{number:03}", "name": f"Haus {number}"},
            "geometry": {"type": "Point", "coordinates": list(point)},
        }
        for number, point in enumerate(chosen)
    ]
    collection = json.dumps({"type": "FeatureCollection", "features": features})
    (folder / "sites.geojson").write_text(collection, encoding="utf-8")
    (folder / "study.toml").write_text(
        f'name = "{extract.stem}"\nextract = "{extract}"\nsites = "sites.geojson"\n'
        f"[placement]\ngrid_m = {GRID_M}\n"
        '[project.cafe]\ncandidates = ["rooms", "partners", "grid"]\n',
        encoding="utf-8",
    )


def _measure(study: Path, candidates: int, runs: int) -> dict[str, float]:
    people = People(prepare(load_study(study), silent))
    project = study_projects(people.ready.study)[PROJECT]
    found = find_candidates(people, project)
    rows = _few(range(len(found.frame)), candidates)
    some = replace(found, frame=found.frame.iloc[sorted(rows)].reset_index(drop=True))
    _rank(people, replace(some, frame=some.frame.head(20)))
    before = _mib()
    seconds = []
    for _ in range(runs):
        # What was measured is remembered with the people: each run has its own, homes joined.
        fresh = People(people.ready, dict(people._joined))  # noqa: SLF001
        fresh.__dict__["neighbours"] = people.neighbours
        begun = time.perf_counter()
        _rank(fresh, some)
        seconds.append(time.perf_counter() - begun)
    return {
        "candidates": len(some.frame),
        "seconds": min(seconds),
        "mib": _mib(),
        "mib_before": before,
    }


def _rank(people: People, candidates: Candidates) -> None:
    project = study_projects(people.ready.study)[PROJECT]
    known = study_criteria(people.ready.study)
    criteria = [known[key] for key in project.weights]
    weights = np.array(list(project.weights.values()))
    for profile in people.ready.profiles.values():
        evidence = gather(people, project, candidates, profile)
        rank_candidates(raw_values(evidence, criteria), criteria, weights)


def _few(many: Sequence[T], count: int) -> list[T]:
    return random.Random(SEED).sample(many, min(count, len(many)))  # noqa: S311 - repeatable


def _mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _line(points: list[tuple[int, float]]) -> tuple[float, float, float]:
    """Return slope and base of the straight line, and how far the worst lies off, in percent."""
    size, seconds = np.array(points).T
    if len(points) == 1:
        return 0.0, float(seconds[0]), 0.0
    slope, base = np.polyfit(size, seconds, 1)
    off = 100 * np.abs(slope * size + base - seconds) / seconds
    return float(slope), float(base), float(off.max())


def _svg(lines: dict[str, list[tuple[int, float]]]) -> str:
    """Draw the cases and the straight line through them, one panel for each series."""
    parts = []
    for number, (name, points) in enumerate(lines.items()):
        left, most = 60 + 380 * number, max(seconds for _, seconds in points)
        farthest = max(size for size, _ in points)
        slope, base, _ = _line(points)

        def at(size: float, seconds: float, most: float = most, right: float = farthest) -> str:
            return f"{300 * size / right:.1f},{200 - 180 * seconds / most:.1f}"

        dots = "".join(
            f'<circle r="4" cx="{at(*point).split(",")[0]}" cy="{at(*point).split(",")[1]}"/>'
            for point in points
        )
        ends = f"{at(0, base)} {at(farthest, base + slope * farthest)}"
        parts.append(
            f'<g transform="translate({left} 20)"><path d="M0 0V200H300" fill="none" '
            f'stroke="#333"/><polyline points="{ends}" stroke="#00695C" fill="none"/>{dots}'
            f'<text x="150" y="235" text-anchor="middle">{name} (up to {farthest})</text>'
            f'<text x="-8" y="24" text-anchor="end">{most:.1f} s</text></g>'
        )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="760" height="270" '
        f'font-family="sans-serif" font-size="14">{"".join(parts)}</svg>\n'
    )


if __name__ == "__main__":
    main()
