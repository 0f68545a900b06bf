"""A regional extract of 25 million nodes: how long a build takes that needs a corner of it.

Usage: ``python benchmarks/large_extract.py EXTRACT.osm.pbf [EXTRACT.osm.pbf …] [--nodes 25e6]
[--folder FOLDER] [--houses 10]``. Real regional extracts are too large to be kept beside the
code, so one is made up: copies of the given extracts are laid out side by side, with ids of
their own that are as large and as mixed as those of a real file. Then a study with houses in
one of the copies is built three times, each as a process of its own: with the large file for
the first time, with the large file again, and with the small extract it was copied from.
The large file stays in ``--folder`` if one is given.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import osmium

Ints = npt.NDArray[np.int64]

LAST_IDS = {"n": 13_500_000_000, "w": 1_450_000_000, "r": 20_000_000}
"""About where the ids of OpenStreetMap were in 2026."""

# People map one neighbourhood at a time, so that many ids in a row lie close together.
RUNS = {"n": 1500, "w": 200, "r": 10}
GAP_DEGREES = 0.02
DATE = "2026-05-01T20:00:00Z"


@dataclass
class Source:
    """The lines of a small extract: ids and the rest of each line by kind.

    Attributes
    ----------
    ids
        Of nodes, ways and relations, ascending.
    tags
        The tags of each object as they stand in the line.
    places
        Longitude and latitude in ten-millionths of a degree, shape ``(n, 2)``.
    refs
        Node ids of each way; members ``(kind, id, rest)`` of each relation.
    """

    ids: dict[str, Ints]
    tags: dict[str, list[str]]
    places: Ints
    refs: list[Ints]
    members: list[list[tuple[str, int, str]]]


def main() -> None:
    """Make the large extract, build the studies, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("extracts", type=Path, nargs="+")
    parser.add_argument("--nodes", type=float, default=25e6)
    parser.add_argument("--houses", type=int, default=10)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        large = folder / f"large-{round(options.nodes / 1e6)}.osm.pbf"
        sources = [read_source(path) for path in options.extracts]
        if not large.exists():
            write_large(large, sources, round(options.nodes))
        print(f"{large.name}: {large.stat().st_size / 1e6:.0f} MB", flush=True)
        studies = Path(scratch)
        study = _study(studies / "large", large, sources[0], options.houses)
        _build("first build", study)
        clips = sorted((study / ".cache").glob("*.osm.pbf"))
        print(f"kept: {', '.join(f'{c.name} {c.stat().st_size / 1e6:.1f} MB' for c in clips)}")
        _build("next build", study)
        study = _study(studies / "small", options.extracts[0], sources[0], options.houses)
        _build("small extract", study)


def read_source(path: Path) -> Source:
    """Read a small extract through its text form."""
    ids: dict[str, list[int]] = {"n": [], "w": [], "r": []}
    tags: dict[str, list[str]] = {"n": [], "w": [], "r": []}
    places: list[tuple[int, int]] = []
    refs: list[Ints] = []
    members: list[list[tuple[str, int, str]]] = []
    with tempfile.TemporaryDirectory() as scratch:
        text = Path(scratch) / "source.opl"
        with osmium.io.Reader(str(path)) as reader:
            target = osmium.io.File(str(text), "opl,add_metadata=none")
            writer = osmium.io.Writer(target, osmium.io.Header())
            osmium.MergeInputReader().apply_to_reader(reader, writer)
            writer.close()
        for line in text.read_text(encoding="utf-8").splitlines():
            kind = line[0]
            fields = {part[0]: part[1:] for part in line.split(" ")}
            ids[kind].append(int(fields[kind]))
            tags[kind].append(fields["T"])
            if kind == "n":
                places.append((_tenmillionths(fields["x"]), _tenmillionths(fields["y"])))
            elif kind == "w":
                nodes = [int(ref[1:]) for ref in fields["N"].split(",") if ref]
                refs.append(np.array(nodes, dtype=np.int64))
            else:
                members.append([_member(part) for part in fields["M"].split(",") if part])
    arrays = {kind: np.array(values, dtype=np.int64) for kind, values in ids.items()}
    return Source(arrays, tags, np.array(places, dtype=np.int64), refs, members)


def _tenmillionths(text: str) -> int:
    return round(float(text) * 1e7)


def _member(text: str) -> tuple[str, int, str]:
    ref, _, role = text.partition("@")
    return ref[0], int(ref[1:]), role


def write_large(path: Path, sources: list[Source], nodes: int) -> None:
    """Write a sorted ``.osm.pbf`` of copies of the sources with about so many nodes.

    The first copy of the first source lies where its original lies.
    """
    tiles: list[Source] = []
    while sum(len(tile.places) for tile in tiles) < nodes:
        tiles.append(sources[len(tiles) % len(sources)])
    header = osmium.io.Header()
    header.set("generator", "large_extract.py")
    header.set("sorting", "Type_then_ID")
    header.set("osmosis_replication_timestamp", DATE)
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        text = Path(scratch) / "large.opl"
        with text.open("w", encoding="utf-8") as stream:
            stream.writelines(_lines(tiles, _shifts(tiles)))
        made = Path(scratch) / "large.osm.pbf"
        with osmium.io.Reader(str(text)) as reader:
            target = osmium.io.File(str(made), "pbf,add_metadata=version+timestamp")
            writer = osmium.io.Writer(target, header)
            osmium.MergeInputReader().apply_to_reader(reader, writer)
            writer.close()
        made.replace(path)


def _shifts(tiles: list[Source]) -> list[tuple[int, int]]:
    """Return how far each copy is moved: rows of squares around the first one."""
    sizes = [np.ptp(tile.places, axis=0) for tile in tiles]
    step = np.max(sizes, axis=0) + round(GAP_DEGREES * 1e7)
    columns = math.ceil(math.sqrt(len(tiles)))
    origin = tiles[0].places.min(axis=0)
    shifts = []
    for number, tile in enumerate(tiles):
        row, column = divmod(number, columns)
        corner = origin + step * (column, row if row % 2 else -row // 2)
        x, y = (corner - tile.places.min(axis=0)).tolist() if number else (0, 0)
        shifts.append((x, y))
    return shifts


class _NewIds:
    """Gives the objects of all copies ids that go up in the order in which they are written."""

    def __init__(self, tiles: list[Source], kind: str) -> None:
        self._run = RUNS[kind]
        self._count = len(tiles)
        rounds = math.ceil(max(len(tile.ids[kind]) for tile in tiles) / self._run)
        self.rounds = rounds
        self._spacing = max(LAST_IDS[kind] // (rounds * self._run * self._count), 1)

    def of(self, tile: int, ranks: Ints) -> Ints:
        """Return new ids by the position of an object in its source."""
        rounds, place = np.divmod(ranks, self._run)
        new: Ints = ((rounds * self._count + tile) * self._run + place) * self._spacing + 1
        return new

    def order(self, tiles: list[Source], kind: str) -> Iterator[tuple[int, Source, Ints]]:
        """Yield runs of positions so that new ids ascend."""
        for number in range(self.rounds):
            for index, tile in enumerate(tiles):
                stop = min((number + 1) * self._run, len(tile.ids[kind]))
                if number * self._run < stop:
                    yield index, tile, np.arange(number * self._run, stop, dtype=np.int64)


def _lines(tiles: list[Source], shifts: list[tuple[int, int]]) -> Iterator[str]:
    new = {kind: _NewIds(tiles, kind) for kind in "nwr"}
    stamp = f"v1 dV c0 t{DATE} i0 u"
    for index, tile, rows in new["n"].order(tiles, "n"):
        ids = new["n"].of(index, rows).tolist()
        places = ((tile.places[rows] + shifts[index]) / 1e7).tolist()
        for key, row, (x, y) in zip(ids, rows.tolist(), places, strict=True):
            yield f"n{key} {stamp} T{tile.tags['n'][row]} x{x:.7f} y{y:.7f}\n"
    for index, tile, rows in new["w"].order(tiles, "w"):
        for key, row in zip(new["w"].of(index, rows).tolist(), rows.tolist(), strict=True):
            refs = _renamed(tile, index, "n", tile.refs[row], new["n"]).tolist()
            text = ",".join(f"n{ref}" for ref in refs)
            yield f"w{key} {stamp} T{tile.tags['w'][row]} N{text}\n"
    for index, tile, rows in new["r"].order(tiles, "r"):
        for key, row in zip(new["r"].of(index, rows).tolist(), rows.tolist(), strict=True):
            parts = []
            for kind, ref, role in tile.members[row]:
                renamed = _renamed(tile, index, kind, np.array([ref]), new[kind])
                parts.append(f"{kind}{renamed[0]}@{role}")
            yield f"r{key} {stamp} T{tile.tags['r'][row]} M{','.join(parts)}\n"


def _renamed(tile: Source, index: int, kind: str, ids: Ints, new: _NewIds) -> Ints:
    """Return the new ids; what the source does not hold gets one that no object has."""
    table = tile.ids[kind]
    ranks = np.searchsorted(table, ids)
    there = table[np.minimum(ranks, len(table) - 1)] == ids
    return np.where(there, new.of(index, ranks), LAST_IDS[kind] * 2 + ids % 1_000_000)


def _study(folder: Path, extract: Path, source: Source, houses: int) -> Path:
    """Write a study with houses in the middle of the first copy."""
    folder.mkdir()
    shutil.copyfile(extract, folder / extract.name)
    middle = np.median(source.places, axis=0)
    near = np.flatnonzero(np.max(np.abs(source.places - middle), axis=1) < 0.02 * 1e7)
    addresses = [row for row in near.tolist() if "addr:housenumber" in source.tags["n"][row]]
    chosen = random.Random(20261122).sample(addresses, houses)  # noqa: S311 - repeatable
    features = [
        {
            "type": "Feature",
            "properties": {"kind": "house", "id": f"h{number}", "name": f"Haus {number}"},
            "geometry": {
                "type": "Point",
                "coordinates": [round(value / 1e7, 7) for value in source.places[row].tolist()],
            },
        }
        for number, row in enumerate(chosen)
    ]
    (folder / "sites.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    (folder / "study.toml").write_text(
        f'name = "{extract.stem}"\nextract = "{extract.name}"\nsites = "sites.geojson"\n',
        encoding="utf-8",
    )
    return folder


def _build(label: str, study: Path) -> None:
    """Build a study in a process of its own; print seconds, peak memory and steps."""
    began = time.perf_counter()
    command = [shutil.which("sozialraum") or "sozialraum", "build", str(study)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        fault = process.stderr.read().decode() if process.stderr else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} failed:\n{fault}")
    seconds = time.perf_counter() - began
    report = json.loads((study / "out" / "report.json").read_text(encoding="utf-8"))
    layers = report["counts"]["layers"]
    steps = ", ".join(f"{name} {spent:.1f}" for name, spent in report["seconds"].items())
    print(
        f"{label:<14} {seconds:6.1f} s {usage.ru_maxrss / 1024:6.0f} MiB  "
        f"{layers['travel_times']} travel times"
    )
    print(f"    {steps}", flush=True)


if __name__ == "__main__":
    main()
