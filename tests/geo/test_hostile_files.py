"""Hostile files as every kind of input: nothing read, nobody asked, little taken, said in German.

With TEST_ALL=1 every file is tried as every kind of input, and good files are cut at twenty
places; else a part of that, which goes through all the code.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from geo import guarded
from geo.errors import SozialraumError
from geo.population import read_population
from geo.result_files import read_tables
from geo.sites import read_sites
from geo.vector_files import write_gpkg
from layers._candidate_rows import read_rows
from layers.store import read_exported
from tests.geo.foreign_samples import shapefile
from tests.geo.hostile_files import HOSTILE, Place

ALL = bool(os.environ.get("TEST_ALL"))
CRS = "EPSG:25832"
CANARY = "geheimnis-4711"
BOUNDS = (7.0, 51.0, 8.0, 52.0)

READERS: Mapping[str, Callable[[Path], Any]] = {
    "sites": read_sites,
    "population": lambda path: read_population(path, CRS, None, CRS, BOUNDS),
    "candidates": lambda path: read_rows(path, CRS, CRS),
    "snapshot": read_exported,
}
"""Everything that reads a file which somebody else may have made."""

# Read by one kind of input in the normal run, by all with TEST_ALL=1.
_USUAL = {
    "vrt_address": "candidates", "triggers": "candidates", "vrt_passwd": "population",
}  # fmt: skip
# Ways that others go too, tried with TEST_ALL=1 only.
_SELDOM = {"zip_link", "zip_nested", "nan_binary", "counts_lie"}
_PACKAGES = {
    "endless_view", "endless_contents", "triggers", "deep_binary", "nan_binary", "counts_lie",
    "vrt_named_package",
}  # fmt: skip

REFUSED = {
    "vrt_file": "XML", "vrt_named_package": "kein GeoPackage", "gml_entities": "XML",
    "endless_view": "keine gespeicherte Tabelle", "endless_contents": "kein GeoPackage",
    "spiral": "kreuzt sich", "comb": "zu viele Eckpunkte", "million": "Eckpunkte",
    "not_finite": "keine endliche Zahl", "deep_text": "verschachtelt",
    "zip_bomb": "ausgepackt zu groß", "zip_nested": "kein Shapefile",
    "zip_path": "aus ihr hinausführt", "zip_link": "aus ihr hinausführt",
    "zip_vrt": "kein Shapefile",
}  # fmt: skip
"""A word of what is said of them as grounds."""

SECONDS = 30
MOST_KILOBYTES = 1 << 20

CASES = [
    (name, kind)
    for name in HOSTILE
    for kind in READERS
    if ALL
    or (name not in _SELDOM and kind == _USUAL.get(name, "sites"))
    or (kind == "snapshot" and name in _PACKAGES)
]


class _Listener(BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Place, list[str]]]:
    """Make a secret, a good GeoPackage and a listener that counts."""
    secret = tmp_path / "secret.csv"
    secret.write_text(f"id,kind,name\n{CANARY},site,{CANARY}\n", encoding="utf-8")
    # Older than its last change, so that reading it would be seen.
    os.utime(secret, (1_000_000_000, 1_500_000_000))
    good = tmp_path / "good.gpkg"
    houses = gpd.GeoDataFrame(
        {"id": ["a", "b"], "kind": ["house", "house"], "name": ["A", "B"], "people": [5, 6]},
        geometry=[shapely.Point(400_000, 5_700_000), shapely.Point(400_100, 5_700_000)],
        crs=CRS,
    )
    write_gpkg({"houses": houses}, good, CRS)
    asked: list[str] = []
    handler = type("Handler", (_Listener,), {"asked": asked})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    folder = tmp_path / "work"
    folder.mkdir()
    try:
        yield Place(folder, secret, server.server_address[1], good), asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def spent(monkeypatch: pytest.MonkeyPatch) -> list[resource.struct_rusage]:
    """Gather what each guarded process took."""
    found: list[resource.struct_rusage] = []

    def waited(process: subprocess.Popen[bytes]) -> int:
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
        deadline = time.monotonic() + 0.5
        while (ended := os.wait4(process.pid, os.WNOHANG))[0] == 0:
            if time.monotonic() > deadline:
                process.kill()
            time.sleep(0.005)
        _, status, usage = ended
        process.returncode = os.waitstatus_to_exitcode(status)
        found.append(usage)
        return process.returncode

    monkeypatch.setattr(guarded, "waited", waited)
    return found


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_a_hostile_file_does_no_harm(
    name: str,
    kind: str,
    place: tuple[Place, list[str]],
    spent: list[resource.struct_rusage],
) -> None:
    made, asked = place
    path = HOSTILE[name](made)
    if kind == "snapshot" and path.suffix != ".gpkg":
        path = path.rename(path.with_suffix(".gpkg"))
    before = {one for one in made.folder.parent.rglob("*") if one.is_file()}
    accessed = made.secret.stat().st_atime_ns
    begun = time.monotonic()
    try:
        result = READERS[kind](path)
    except SozialraumError as error:
        fault: SozialraumError | None = error
        said = str(error)
    else:
        fault = None
        said = repr(vars(result) if hasattr(result, "__dict__") else result)
    if fault is not None:
        assert fault.remedy or "\n" in fault.what
        assert str(path) in said
    if name in REFUSED and kind == "sites":
        assert fault is not None
        assert REFUSED[name] in said
    assert CANARY not in said
    assert "root:" not in said
    assert asked == []
    assert made.secret.stat().st_atime_ns == accessed
    assert {one for one in made.folder.parent.rglob("*") if one.is_file()} == before
    assert time.monotonic() - begun < SECONDS + 5
    for usage in spent:
        assert usage.ru_utime + usage.ru_stime <= SECONDS + 1
        assert usage.ru_maxrss <= MOST_KILOBYTES


def test_the_ways_of_watching_would_see_it(place: tuple[Place, list[str]]) -> None:
    """The tests above can fail: a reader that follows is found by each of their means."""
    made, asked = place
    accessed = made.secret.stat().st_atime_ns
    frame = gpd.read_file(HOSTILE["vrt_file"](made), engine="pyogrio")
    assert CANARY in frame.to_string()
    if made.secret.stat().st_atime_ns == accessed:
        pytest.skip("this file system does not note when a file was read")
    with pytest.raises(Exception, match=r"."):
        gpd.read_file(HOSTILE["vrt_address"](made), engine="pyogrio")
    assert asked


def _good_files(folder: Path, good: Path) -> dict[str, Path]:
    frame = gpd.GeoDataFrame(
        {"id": ["a", "b"], "kind": ["site", "site"], "name": ["A", "B"], "people": [5, 6]},
        geometry=[
            shapely.box(400_000, 5_700_000, 400_300, 5_700_300),
            shapely.box(401_000, 5_700_000, 401_300, 5_700_300),
        ],
        crs=CRS,
    )
    archive = folder / "a.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for ending, content in shapefile(frame, folder / "parts").items():
            packed.writestr(f"a{ending}", content)
    text = folder / "a.geojson"
    frame.to_crs("EPSG:4326").to_file(text, driver="GeoJSON", engine="pyogrio", use_arrow=False)
    return {"zip": archive, "geojson": text, "gpkg": good}


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "zip", "tables"])
def test_a_file_that_is_cut_is_read_whole_or_not_at_all(
    ending: str, place: tuple[Place, list[str]]
) -> None:
    made, _ = place
    good = _good_files(made.folder, made.good)["gpkg" if ending == "tables" else ending]
    reader: Callable[[Path], Any] = read_tables if ending == "tables" else read_sites

    def found(path: Path) -> list[bytes]:
        result: Any = reader(path)
        frames = result.values() if isinstance(result, dict) else [result.sites, result.houses]
        return [shapely.to_wkb(one) for frame in frames for one in frame.geometry]

    whole = found(good)
    assert len(whole) == 2
    content = good.read_bytes()
    chance = random.Random(3)  # noqa: S311 - the same places each time
    cut = made.folder / f"cut{good.suffix}"
    outcomes = []
    for _ in range(20 if ALL or ending in {"geojson", "tables"} else 2):
        cut.write_bytes(content[: chance.randrange(1, len(content) - 2)])
        try:
            outcomes.append(found(cut))
        except SozialraumError:
            outcomes.append([])
    assert all(one in ([], whole) for one in outcomes)
    assert [] in outcomes
