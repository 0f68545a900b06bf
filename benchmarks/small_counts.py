"""Whether small counts of people can be had back from pairs of public releases of a study.

Usage: ``python -m benchmarks.small_counts STUDY [--smallest K …] [--minutes 5,10,15 …]``.

The study is built several times into a scratch folder: with other minutes, with fewer profiles,
and with one site more (a house that is opened among the neighbours; whoever lives on its grounds
is no neighbour any more). The counts of each public GeoPackage go, two releases at a time, into
the search of ``benchmarks.count_attack``. The attacker is told more than anybody can know: which
counts are nested is taken from the true numbers, across profiles as well. Beside it stands how
many numbers the same attack finds where small counts alone are left out.
"""

from __future__ import annotations

import argparse
import itertools
import json
import shutil
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from api.build import PUBLIC_FOLDER, build
from benchmarks.count_attack import Key, only_small_ones_left_out, recovered
from geo.crs import WGS84
from layers.neighbourhood_frames import raw_site_reach
from layers.reach_tables import OPEN
from layers.snapshot import Snapshot
from layers.store import SNAPSHOT_FILE, read_exported
from layers.study import STUDY_FILE
from layers.suppression import public_count

MINUTES = ((5, 10, 15), (3, 6, 9, 12, 15), tuple(range(4, 15)))
FEWER_PROFILES = ("resident", "rollator")
NEW_SITE = "neu"
_NEAR_M, _SIDE_M = 150.0, 60.0


@dataclass(frozen=True)
class Build:
    """The counts of one public release, and the true ones.

    Attributes
    ----------
    name
        What is different in it.
    told
        Public counts by key: site, profile, state, minutes, whether with the new site.
    true
        The counts behind them, by the same keys.
    """

    name: str
    told: dict[Key, int | None]
    true: dict[Key, int]


@dataclass(frozen=True)
class Result:
    """What the attack found.

    Attributes
    ----------
    pairs
        Pairs of releases searched.
    hidden
        Counts that are left out in the releases.
    found
        Small numbers recovered from the releases.
    found_without_steps
        Small numbers recovered where small counts alone are left out.
    """

    pairs: int
    hidden: int
    found: int
    found_without_steps: int


def main() -> None:
    """Attack the releases of a study and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("study", type=Path)
    parser.add_argument("--smallest", type=int, nargs="+", default=[5])
    parser.add_argument("--minutes", nargs="+", default=[",".join(map(str, m)) for m in MINUTES])
    chosen = parser.parse_args()
    minutes = [tuple(int(one) for one in text.split(",")) for text in chosen.minutes]
    for smallest in chosen.smallest:
        with tempfile.TemporaryDirectory() as scratch:
            builds = variants(chosen.study, Path(scratch), minutes, smallest)
        result = attack(builds, smallest)
        print(f"steps of {smallest}: {result.pairs} pairs of {len(builds)} releases")
        print(f"  counts left out: {result.hidden}")
        print(f"  small numbers recovered: {result.found}")
        print(f"  the same where small counts alone are left out: {result.found_without_steps}")


def variants(
    study: Path, scratch: Path, minutes: Sequence[tuple[int, ...]] = MINUTES, smallest: int = 5
) -> list[Build]:
    """Build a study with other settings each time.

    Parameters
    ----------
    study
        Its folder; it is copied.
    scratch
        An existing folder.
    minutes
        Thresholds of the first builds; the first of them is kept for the others.
    smallest
        The study's smallest count.
    """
    usual: dict[str, Any] = {"projects": [], "release": {"smallest_count": smallest}}
    made: list[Build] = []
    snapshot = None
    for chosen in minutes:
        folder = _copied(study, scratch / f"m{len(made)}", usual | {"minutes": list(chosen)})
        one, found = _built(folder, f"minutes {chosen}", with_new=False)
        made.append(one)
        snapshot = snapshot or found
    first = usual | {"minutes": list(minutes[0])}
    folder = _copied(study, scratch / "profiles", first | {"profiles": list(FEWER_PROFILES)})
    made.append(_built(folder, "fewer profiles", with_new=False)[0])
    folder = _copied(study, scratch / "site", first)
    if snapshot is not None and _with_new_site(folder, snapshot):
        made.append(_built(folder, "one site more", with_new=True)[0])
    return made


def attack(builds: Sequence[Build], smallest: int) -> Result:
    """Try to get small numbers back from every pair of builds.

    Parameters
    ----------
    builds
        As ``variants`` makes them.
    smallest
        The smallest count that is told.
    """
    nested = _nested(builds)
    pairs = found = without_steps = 0
    for first, second in itertools.combinations(builds, 2):
        pairs += 1
        for site in sorted({key[0] for one in (first, second) for key in one.told}):
            told = [
                (key, count)
                for one in (first, second)
                for key, count in one.told.items()
                if key[0] == site
            ]
            found += len(recovered(told, _stepped, smallest, nested))
            exact = [
                (key, only_small_ones_left_out(one.true[key], smallest))
                for one in (first, second)
                for key in one.told
                if key[0] == site
            ]
            without_steps += len(recovered(exact, only_small_ones_left_out, smallest, nested))
    hidden = sum(count is None for one in builds for count in one.told.values())
    return Result(pairs, hidden, found, without_steps)


def _stepped(count: int, k: int) -> int | None:
    return public_count(count, k)


def _nested(builds: Sequence[Build]) -> Any:
    """Return which counts are nested: those of ways that never tell more than the others."""
    true = {key: count for one in builds for key, count in one.true.items()}
    ways = sorted({key[1:3] for key in true})
    smaller = {
        (a, b)
        for a in ways
        for b in ways
        if all(
            count <= true[key[0], *b, *key[3:]]
            for key, count in true.items()
            if key[1:3] == a and (key[0], *b, *key[3:]) in true
        )
    }

    def within(a: Key, b: Key) -> bool:
        # With the new site fewer people are neighbours.
        surely = a[0] == b[0] and a[3] <= b[3] and a[4] >= b[4] and (a[1:3], b[1:3]) in smaller
        return surely and true[a] <= true[b]

    return within


def _built(folder: Path, name: str, *, with_new: bool) -> tuple[Build, Snapshot]:
    made = build(folder)
    public: Any = read_exported(made.out / PUBLIC_FOLDER / SNAPSHOT_FILE).layers["site_reach"]
    assert made.snapshot.neighbourhood is not None
    raw: Any = raw_site_reach(made.snapshot.neighbourhood)
    true = {_key(row, with_new): int(row.neighbours) for row in raw.itertuples()}
    told = {
        _key(row, with_new): None if row.neighbours is pd.NA else int(row.neighbours)
        for row in public.itertuples()
        # Where no gate can be passed, 0 follows from the gate and is no count of people.
        if row.gate == OPEN
    }
    return Build(name, told, true), made.snapshot


def _key(row: Any, with_new: bool) -> Key:  # noqa: FBT001
    return (row.site_id, row.profile, row.state, int(row.minutes), with_new)


def _copied(study: Path, folder: Path, settings: dict[str, Any]) -> Path:
    """Copy a study and change its settings."""
    shutil.copytree(study, folder, ignore=shutil.ignore_patterns("out"))
    path = folder / STUDY_FILE
    raw = tomllib.loads(path.read_text(encoding="utf-8-sig")) | settings
    path.write_text(_toml(raw), encoding="utf-8")
    return folder


def _toml(table: dict[str, Any], name: str = "") -> str:
    """Write settings as TOML: plain values are those of JSON."""
    lines = [f"[{name}]"] if name else []
    lines += [
        f"{key} = {json.dumps(value)}"
        for key, value in table.items()
        if not isinstance(value, dict)
    ]
    inner = [
        _toml(value, f"{name}.{key}" if name else key)
        for key, value in table.items()
        if isinstance(value, dict)
    ]
    return "\n".join([*lines, *inner]) + "\n"


def _with_new_site(folder: Path, snapshot: Snapshot) -> bool:
    """Open a house with grounds among the neighbours; False where that cannot be done."""
    (path,) = folder.glob("sites.geojson") or (None,)
    if path is None or snapshot.neighbourhood is None or not len(snapshot.sites):
        return False
    homes = snapshot.neighbourhood.people.neighbours.frame
    grounds = snapshot.sites.geometry.iloc[0]
    away = homes.geometry.distance(grounds)
    near = homes[away > _NEAR_M]
    if not len(near):
        return False
    spot = near.geometry.iloc[int(near.geometry.distance(grounds).to_numpy().argmin())]
    square = gpd.GeoSeries([shapely.box(*spot.buffer(_SIDE_M).bounds)], crs=snapshot.crs)
    content = json.loads(path.read_text(encoding="utf-8"))
    content["features"].append(
        {
            "type": "Feature",
            "properties": {"kind": "site", "id": NEW_SITE, "name": "Neues Gelände"},
            "geometry": shapely.geometry.mapping(square.to_crs(WGS84).iloc[0]),
        }
    )
    path.write_text(json.dumps(content), encoding="utf-8")
    return True


if __name__ == "__main__":
    main()
