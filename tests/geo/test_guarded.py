"""The guarded process: the same answers as without it, its limits, and what it cannot do."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo import _guarded_vector, foreign_files, guarded
from geo.errors import OutputError, PopulationError, VectorFileError
from geo.foreign_files import Limits, VectorLayer, read_here, read_vector
from geo.guarded import KEPT_DRIVERS, DriverError, Guard, ask, child_environment
from geo.population import read_people, read_population
from geo.result_files import read_tables
from geo.vector_files import write_gpkg
from tests.geo.foreign_samples import packed, shapefile
from tests.geo.hostile_files import comb

CRS = "EPSG:25832"
ROOT = Path(__file__).resolve().parents[2]


def same(one: tuple[VectorLayer, ...], other: tuple[VectorLayer, ...]) -> bool:
    return [(layer.name, layer.crs, layer.records) for layer in one] == [
        (layer.name, layer.crs, layer.records) for layer in other
    ]


@pytest.fixture
def files(tmp_path: Path, frame: gpd.GeoDataFrame) -> dict[str, Path]:
    """Make the same areas in each format, with what is odd among them."""
    write_gpkg({"areas": frame}, tmp_path / "a.gpkg", CRS)
    packed(tmp_path / "a.zip", {f"a{k}": v for k, v in shapefile(frame, tmp_path / "s").items()})
    (tmp_path / "a.geojson").write_text(
        '{"type":"FeatureCollection","features":['
        '{"type":"Feature","id":7,"properties":{"t":"\\ud800 ä","n":1e400,"big":'
        '12345678901234567890,"list":[1]},"geometry":{"type":"GeometryCollection","geometries":['
        '{"type":"Point","coordinates":[7,52]},{"type":"Point","coordinates":[]}]}},'
        '{"type":"Feature","id":{"a":1},"properties":null,"geometry":null},'
        '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":["x",1]}}]}',
        encoding="utf-8",
    )
    return {ending: tmp_path / f"a.{ending}" for ending in ("gpkg", "zip", "geojson")}


@pytest.mark.parametrize("ending", ["gpkg", "zip", "geojson"])
def test_it_reads_as_this_process_does(
    files: dict[str, Path], ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreign_files, "_SMALL_BYTES", 0)
    through = read_vector(files[ending])
    monkeypatch.setattr("geo._foreign_shapefile.check_drivers", lambda: None)
    assert same(through, read_here(files[ending], Limits()))
    assert sum(len(layer.records) for layer in through) == (3 if ending == "geojson" else 2)


def test_small_text_needs_no_process(
    files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("a process was started")

    monkeypatch.setattr(guarded, "_start", refuse)
    assert len(read_vector(files["geojson"])) == 1
    with pytest.raises(AssertionError):
        read_vector(files["gpkg"])


def test_people_are_the_same(tmp_path: Path) -> None:
    path = tmp_path / "people.gpkg"
    cells = gpd.GeoDataFrame(
        {"Einwohner": [10, 20, 5]},
        geometry=[shapely.box(x, 5_700_000, x + 100, 5_700_100) for x in (4e5, 400_100, 400_200)],
        crs=CRS,
    )
    write_gpkg({"people": cells}, path, CRS)
    west, south, east, north = cells.iloc[:2].to_crs("EPSG:4326").total_bounds
    arguments = (path, None, None, CRS, (west, south, east, north))
    through = read_population(*arguments)
    here = in_this_process(lambda: read_people(*arguments, near=None))
    pd.testing.assert_frame_equal(through.frame, here.frame)
    assert (through.cell_m, through.zensus, through.year, through.findings) == (
        here.cell_m, here.zensus, here.year, here.findings,
    )  # fmt: skip
    assert through.total > 0
    with pytest.raises(PopulationError, match="Spalte"):
        read_population(path, None, "fehlt", CRS, (west, south, east, north))


def in_this_process(read: Callable[[], Any]) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geo._guarded_child.inside", True)
        return read()


def test_only_the_shapefile_driver_is_there() -> None:
    code = "import pyogrio; print(sorted(pyogrio.list_drivers()))"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=dict(child_environment()),
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == str(sorted(KEPT_DRIVERS))


def test_gdal_does_not_open_where_it_has_more_drivers(files: dict[str, Path]) -> None:
    with pytest.raises(DriverError, match="drivers it should not have"):
        read_here(files["zip"], Limits())


_TRY = """
import socket, sys
sys.path.insert(0, {root!r})
from geo import _guarded_child as child
child._cut_off_network()
child._set_limits({{"memory_bytes": 200 << 20, "seconds": 5}})
def tried(what):
    try:
        what()
    except (OSError, MemoryError) as error:
        return type(error).__name__
    return "done"
def write():
    with open({target!r}, "wb") as file:
        file.write(b"x")
print(tried(lambda: socket.create_connection(("127.0.0.1", {port}), 2)), tried(write),
      tried(lambda: bytearray(400 << 20)))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what Linux can limit")
def test_it_reaches_nothing_and_writes_nothing(tmp_path: Path) -> None:
    import socket  # noqa: PLC0415 - here only

    with socket.create_server(("127.0.0.1", 0)) as server:
        code = _TRY.format(
            root=str(ROOT), target=str(tmp_path / "x"), port=server.getsockname()[1]
        )
        run = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
    network, writing, memory = run.stdout.split()
    assert (writing, memory) == ("OSError", "MemoryError")
    assert (tmp_path / "x").stat().st_size == 0
    if network == "done":
        pytest.skip("this system gives no network of its own; no driver connects then")


def large_text(path: Path, corners: int) -> Path:
    ring = ",".join(f"[{7 + at / corners:.6f},{52 + at % 7}]" for at in range(corners))
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":'
        f'{{"type":"LineString","coordinates":[{ring}]}}}}]}}',
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        # The clock of a process that needs a tenth of a second to start.
        ({"seconds": 0}, "länger als 0 Sekunden"),
        ({"memory_bytes": 150 << 20}, "mehr als 150 MB Arbeitsspeicher"),
        ({"answer_bytes": 1000}, "zu groß"),
    ],
)
def test_each_limit_is_named(
    tmp_path: Path, limits: dict[str, int], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = large_text(tmp_path / "large.geojson", 190_000)
    monkeypatch.setattr(_guarded_vector, "Guard", lambda: Guard(**limits))
    with pytest.raises(VectorFileError, match=said) as caught:
        read_vector(path)
    assert str(path) in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("program", "error", "said"),
    [
        ("import os; os.abort()", VectorFileError, "beendet hat"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", VectorFileError, "beendet"),
        ("import os; os.write(1, b'J' + b'\\xff' * 8)", VectorFileError, "zu groß"),
        ("import os; os.write(1, b'nonsense' * 9)", VectorFileError, "beendet hat"),
        (
            'import os; c = b\'{"failed": "fault", "kind": "KeyError", "what": "x"}\'\n'
            "os.write(1, b'J' + len(c).to_bytes(8, 'little') + c + b'E' + bytes(8))",
            RuntimeError,
            "KeyError",
        ),
    ],
)
def test_a_process_that_fails_is_told(
    tmp_path: Path,
    program: str,
    error: type[Exception],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    child = tmp_path / "child.py"
    child.write_text(program, encoding="utf-8")
    monkeypatch.setattr(guarded, "_CHILD", child)
    with pytest.raises(error, match=said):
        ask("vector", tmp_path / "a.gpkg", {}, VectorFileError)


def test_what_a_taken_over_process_sends_is_checked(
    tmp_path: Path, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A geometry nested a million times would end this process, were it not looked at first."""
    child = tmp_path / "child.py"
    child.write_text(
        "import json, os, struct\n"
        "deep = (b'\\x01' + struct.pack('<II', 7, 1)) * 1000000 + bytes(21)\n"
        "def send(letter, content):\n"
        "    return letter + len(content).to_bytes(8, 'little') + content\n"
        "head = {'name': 'a', 'crs': None, 'records': [[1, None, {}, '']]}\n"
        "out = send(b'J', b'1') + send(b'J', json.dumps(head).encode())\n"
        "out += send(b'J', json.dumps([len(deep)]).encode()) + send(b'B', deep)\n"
        "out += send(b'E', b'')\n"
        "while out:\n"
        "    out = out[os.write(1, out):]\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(guarded, "_CHILD", child)
    with pytest.raises(VectorFileError, match="nicht stimmig"):
        read_vector(files["gpkg"])


def test_tables_come_back_with_their_types(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    points = gpd.GeoDataFrame(
        {
            "text": ["ä", None, "x;y"],
            "whole": pd.array([1, None, 3], dtype="Int64"),
            "real": [0.5, float("nan"), -2.0],
            "truth": [True, False, True],
        },
        geometry=gpd.GeoSeries(shapely.from_wkt(["POINT (1 2)", None, "POINT (5 6)"]), crs=CRS),
    )
    write_gpkg({"points": points}, path, CRS)
    read = read_tables(path)["points"]
    assert isinstance(read, gpd.GeoDataFrame)
    assert read.crs == CRS
    assert read["text"].isna().tolist() == [False, True, False]
    assert read["text"].tolist()[::2] == ["ä", "x;y"]
    assert read["whole"].tolist()[::2] == [1, 3]
    assert pd.isna(read["whole"][1])
    assert read["real"].tolist()[::2] == [0.5, -2.0]
    assert read["truth"].tolist() == [True, False, True]
    assert read["truth"].dtype == bool
    assert read.geometry.isna().tolist() == [False, True, False]
    assert read.geometry[2].equals(shapely.Point(5, 6))
    assert read_tables(path, ["none"]) == {}
    with pytest.raises(OutputError, match="fehlt"):
        read_tables(tmp_path / "none.gpkg")


def test_areas_nobody_could_check_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    ring = comb(15_000)
    gpd.GeoDataFrame(geometry=[shapely.Polygon(ring)], crs="EPSG:4326").to_file(
        path, driver="GeoJSON", engine="pyogrio", use_arrow=False
    )
    # 15,004 corners: the sum of squares is 225 millions, above 200.
    with pytest.raises(VectorFileError, match=r"15\.00\d"):
        read_vector(path)
    assert read_vector(path, Limits(edge_pairs=230_000_000))


def test_an_archive_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w"):
        pass
    with pytest.raises(VectorFileError, match="kein Shapefile"):
        read_vector(path)
