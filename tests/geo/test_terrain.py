"""Terrain models: GeoTIFFs written here, with slopes that are known."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from pyproj import Transformer
from rasterio.transform import Affine

from geo import _terrain_file
from geo.errors import TerrainError
from geo.profiles import load_profiles
from geo.terrain import Inclines, Terrain, read_terrain
from tests.geo.drawings import CORNER, CRS, draw

WEST, NORTH = CORNER[0] - 50, CORNER[1] + 50
Heights = Callable[[Any, Any], Any]


def plane(east_percent: float, north_percent: float = 0.0) -> Heights:
    """Return a tilted plane, 100 m high at the corner."""
    return lambda x, y: (
        100 + (x - CORNER[0]) * east_percent / 100 + (y - CORNER[1]) * north_percent / 100
    )


def grid(west: float, north: float, cell: float) -> Affine:
    """Place a grid by its north-west corner."""
    return Affine(cell, 0, west, 0, -cell, north)


def tif(
    path: Path, heights: Heights, *, cell: float = 1.0, size: int = 300, **changes: Any
) -> Path:
    """Write a square of heights whose north-west corner lies 50 m off the drawings' corner."""
    transform = grid(WEST, NORTH, cell)
    column, row = np.meshgrid(np.arange(size), np.arange(size))
    x, y = WEST + (column + 0.5) * cell, NORTH - (row + 0.5) * cell
    return write(path, heights(x, y), transform=transform, **changes)


def write(path: Path, values: Any, **changes: Any) -> Path:
    values = np.asarray(values)
    bands = values if values.ndim == 3 else values[None]
    options: dict[str, Any] = {
        "driver": "GTiff",
        "count": len(bands),
        "height": bands.shape[1],
        "width": bands.shape[2],
        "dtype": "float32",
        "crs": CRS,
        **changes,
    }
    with rasterio.open(path, "w", **options) as file:
        file.write(bands.astype(options["dtype"]))
    return path


def line(*points: tuple[float, float]) -> Any:
    """Return a line of points in metres east and south of the corner."""
    return shapely.LineString([(CORNER[0] + x, CORNER[1] - y) for x, y in points])


def inclines(terrain: Terrain, *lines: Any, ground: Any = True) -> Inclines:
    """Measure lines that follow each other where their ends meet, each on a way of its own."""
    ends = [(one.coords[0], one.coords[-1]) for one in lines]
    spots = sorted({end for both in ends for end in both})
    begin = np.array([spots.index(first) for first, _ in ends])
    end = np.array([spots.index(last) for _, last in ends])
    count = len(lines)
    return terrain.edge_inclines(
        np.array(lines, dtype=object), begin, end, np.arange(count), np.full(count, ground)
    )


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Terrain]:
    """Write heights and read them."""
    return lambda heights, **options: read_terrain(
        tif(tmp_path / "t.tif", heights, **options), CRS
    )


def test_heights_are_those_of_the_plane(made: Callable[..., Terrain]) -> None:
    terrain = made(plane(8, 3))
    xy = np.array([CORNER, (CORNER[0] + 100.25, CORNER[1] - 60.5)])
    # 100 m; 100 + 100.25 · 0.08 − 60.5 · 0.03 = 106.205 m.
    assert terrain.heights_at(xy) == pytest.approx([100, 106.205], abs=0.001)
    assert terrain.cell_m == pytest.approx(1)
    assert (terrain.source, terrain.crs, terrain.findings) == ("t.tif", CRS, ())


@pytest.mark.parametrize("cell", [0.5, 1.0, 5.0, 10.0])
def test_inclines_of_a_plane_depend_on_the_direction(
    made: Callable[..., Terrain], cell: float
) -> None:
    terrain = made(plane(8), cell=cell)
    found = inclines(
        terrain,
        line((0, 0), (90, 0)),  # up
        line((90, 0), (0, 0)),  # down: the same
        line((0, 0), (0, 80)),  # along the slope's contour
        line((0, 0), (50, 50)),  # 8 % · cos 45°
        line((0, 0), (40, 0), (40, 40)),  # the steeper half counts
    )
    # The corner stretches of the last line lie on both halves; the whole first half is 8 %.
    expected = [8, 8, 0, 8 / np.sqrt(2), 8]
    assert found.measured == pytest.approx(expected, abs=0.02)
    assert np.isnan(found.around).all()


def test_a_ramp_of_ten_metres_is_found_whole(made: Callable[..., Terrain]) -> None:
    # Flat, 10 m at 10 %, flat again, in the middle of a way of 120 m.
    terrain = made(lambda x, _: np.clip(x - CORNER[0] - 60, 0, 10) / 10, cell=0.5, size=500)
    (steepest,) = inclines(terrain, line((0, 0), (120, 0))).measured
    # Averaging over the width of a way rounds the ends of the ramp off a little.
    assert 9.4 < steepest < 10
    # 100 m before it, nothing is steep.
    assert inclines(terrain, line((0, 0), (50, 0))).measured == pytest.approx([0], abs=0.01)


def test_a_step_is_spread_over_a_stretch(made: Callable[..., Terrain]) -> None:
    # A step of 1 m between two cells at 60 m. Averaged over three cells and read between them
    # the heights every metre from 57 to 63 m are 0, 0, 1/6, 1/2, 5/6, 1, 1. With k = −5 … 5:
    # Σ k·h = 5 + 4 + 3 + 2·1 + (5/6) − (1/6) = 14.67, over Σ k² = 110: 13.3 %.
    terrain = made(lambda x, _: 1.0 * (x > CORNER[0] + 60))
    (steepest,) = inclines(terrain, line((0, 0), (120, 0))).measured
    assert steepest == pytest.approx(100 * (14 + 4 / 6) / 110, abs=0.01)


def test_noise_does_not_make_inclines(made: Callable[..., Terrain]) -> None:
    noise = np.random.default_rng(7).normal(0, 0.05, (300, 300))
    terrain = made(lambda _x, _y: 50 + noise)
    found = inclines(terrain, *(line((0, y), (180, y)) for y in range(0, 200, 10))).measured
    # The difference of neighbouring cells alone would say 7 % on average.
    assert found.max() < 2.5


def test_whole_metres_of_a_coarse_model_do_not_make_steps(made: Callable[..., Terrain]) -> None:
    # A plane of 2 % in whole metres and cells of 30 m: every other cell is a metre higher.
    terrain = made(lambda x, y: np.rint(plane(2)(x, y)), cell=30.0, size=30)
    assert terrain.stretch_m == 60
    (steepest,) = inclines(terrain, line((0, 0), (600, 0))).measured
    assert 2 < steepest < 3.4  # a metre over 30 m, at most
    (found,) = terrain.findings
    assert (found.code, "30 m" in found.message) == ("terrain.coarse", True)


def test_cutting_a_way_changes_nothing(made: Callable[..., Terrain]) -> None:
    terrain = made(lambda x, _: 2 * np.sin((x - CORNER[0]) / 15))
    cuts = [0, 2, 40, 41.5, 55, 130]
    whole = inclines(terrain, line((0, 0), (130, 0)))
    parts = terrain.edge_inclines(
        np.array([line((a, 0), (b, 0)) for a, b in pairwise(cuts)]),
        np.arange(5), np.arange(1, 6), np.zeros(5, dtype=int), np.full(5, fill_value=True),
    )  # fmt: skip
    assert parts.measured.max() == pytest.approx(whole.measured[0])
    assert not np.isnan(parts.measured).any()
    # The first 2 m are judged by the stretch that begins there: (h(10) − h(0)) is steep;
    # around 41 m the hill falls at 2/15 · cos(41/15) = −12.2 %.
    assert parts.measured[2] == pytest.approx(12.2, abs=0.4)


def test_ways_too_short_to_measure_take_what_lies_around(made: Callable[..., Terrain]) -> None:
    terrain = made(plane(7))
    found = inclines(
        terrain,
        line((0, 0), (60, 0)),
        line((60, 0), (60, 4)),  # 4 m, between 7 % and 0 %
        line((60, 4), (60, 40)),
        line((100, 0), (104, 0)),  # 4 m, alone
        line((100, 20), (106, 20)),  # 6 m are measured as a whole
    )
    assert found.measured[[0, 2, 4]] == pytest.approx([7, 0, 7], abs=0.02)
    assert np.isnan(found.measured[[1, 3]]).all()
    assert found.around[1] == pytest.approx(7, abs=0.02)
    assert np.isnan(found.around[[0, 2, 3, 4]]).all()


def test_bridges_are_not_measured_from_the_ground(made: Callable[..., Terrain]) -> None:
    found = inclines(made(plane(7)), line((0, 0), (60, 0)), ground=False)
    assert np.isnan(found.measured).all()
    assert np.isnan(found.around).all()


def test_where_heights_are_missing_nothing_is_said(made: Callable[..., Terrain]) -> None:
    # No heights from 60 to 70 m east, by the file's own value.
    def holed(x: Any, y: Any) -> Any:
        away = x - CORNER[0]
        return np.where((away > 60) & (away < 70), -7777, plane(5)(x, y))

    terrain = made(holed, nodata=-7777)
    found = inclines(
        terrain,
        line((0, 0), (55, 0)),
        line((0, 10), (100, 10)),
        line((75, 20), (120, 20)),
        line((0, 30), (400, 30)),  # leaves the model
    )
    assert found.measured[[0, 2]] == pytest.approx([5, 5], abs=0.02)
    assert np.isnan(found.measured[[1, 3]]).all()


@pytest.mark.parametrize("filler", [-9999.0, -3.4e38, np.nan, np.inf])
def test_values_that_are_no_heights_count_as_missing(
    made: Callable[..., Terrain], filler: float
) -> None:
    terrain = made(lambda x, y: np.where(x < CORNER[0] + 60, plane(5)(x, y), filler))
    found = inclines(terrain, line((0, 0), (50, 0)), line((0, 9), (90, 9)))
    assert found.measured[0] == pytest.approx(5, abs=0.02)
    assert np.isnan(found.measured[1])


@pytest.mark.parametrize("crs", ["EPSG:25833", "EPSG:4326", "EPSG:3857", "EPSG:31467"])
def test_models_in_other_systems_are_read_where_they_lie(tmp_path: Path, crs: str) -> None:
    to_grid = Transformer.from_crs(CRS, crs, always_xy=True)
    corners = np.array(to_grid.transform(*np.array([(WEST, NORTH), (WEST + 300, NORTH - 300)]).T))
    (west, east), (north, south) = corners
    cell = abs(east - west) / 300
    transform = grid(west, north, cell)
    rows = int(abs(north - south) / cell)
    column, row = np.meshgrid(np.arange(300) + 0.5, np.arange(rows) + 0.5)
    x, y = to_grid.transform(west + column * cell, north - row * cell, direction="INVERSE")
    path = write(tmp_path / "t.tif", plane(8, 3)(x, y), transform=transform, crs=crs,
                 dtype="float64")  # fmt: skip
    bounds = (CORNER[0], CORNER[1] - 120, CORNER[0] + 120, CORNER[1])
    terrain = read_terrain(path, CRS, bounds)
    found = inclines(terrain, line((5, 5), (100, 5)), line((5, 5), (5, 100)))
    assert found.measured == pytest.approx([8, 3], abs=0.05)
    assert terrain.heights_m.size < 300 * rows  # only what is needed
    assert terrain.cell_m == pytest.approx(1, rel=0.7)


def test_feet_and_scaled_whole_numbers_become_metres(tmp_path: Path) -> None:
    path = tif(tmp_path / "ft.tif", lambda x, y: plane(8)(x, y) / 0.3048)
    with rasterio.open(path, "r+") as file:
        file.units = ("ft",)
    at = np.array([CORNER])
    assert read_terrain(path, CRS).heights_at(at) == pytest.approx([100], abs=0.01)
    # Centimetres above 50 m: value = (height − 50) · 100.
    path = tif(tmp_path / "cm.tif", lambda x, y: (plane(8)(x, y) - 50) * 100, dtype="int32")
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = (0.01,), (50.0,)
    assert read_terrain(path, CRS).heights_at(at) == pytest.approx([100], abs=0.01)


def test_only_the_bounds_are_read_and_much_is_averaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tif(tmp_path / "t.tif", plane(6))
    bounds = (CORNER[0], CORNER[1] - 40, CORNER[0] + 60, CORNER[1])
    near = read_terrain(path, CRS, bounds)
    # 60 m × 40 m and three cells and a part on every side.
    assert near.heights_m.shape == pytest.approx((48, 68), abs=2)
    monkeypatch.setattr(_terrain_file, "MOST_CELLS", 10_000)
    wide = read_terrain(path, CRS)
    assert wide.heights_m.shape == (100, 100)
    assert wide.cell_m == pytest.approx(3)
    assert inclines(wide, line((0, 0), (90, 0))).measured == pytest.approx([6], abs=0.02)
    assert wide.heights_at(np.array([CORNER])) == pytest.approx([100], abs=0.01)


def broken(path: Path, kind: str) -> Path:
    """Write a file that is no terrain model of the place."""
    here = grid(WEST, NORTH, 1)
    flat = np.full((20, 20), 5.0)
    texts = {
        "text": "ncols 20\nnrows 20\n",
        "asc": "ncols 2\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize 1\n1 2\n3 4\n",
        "empty": "",
    }
    grids: dict[str, tuple[Any, dict[str, Any]]] = {
        "no crs": (flat, {"transform": here, "crs": None}),
        "no place": (flat, {}),
        "photo": (np.zeros((3, 20, 20)), {"transform": here, "dtype": "uint8"}),
        "complex": (flat, {"transform": here, "dtype": "complex64"}),
        "elsewhere": (flat, {"transform": grid(WEST + 9000, NORTH, 1)}),
        "no heights": (flat * 0 - 9999, {"transform": here}),
        "too coarse": (flat, {"transform": grid(WEST, NORTH, 900)}),
    }
    if kind in texts:
        path.write_text(texts[kind], encoding="utf-8")
    elif kind in grids:
        write(path, grids[kind][0], **grids[kind][1])
    elif kind == "half":
        tif(path, plane(1), compress="deflate")
        path.write_bytes(path.read_bytes()[:2000])
    return path


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("missing", "gibt es nicht"),
        ("text", "kein GeoTIFF"),
        ("asc", "kein GeoTIFF"),
        ("empty", "kein GeoTIFF"),
        ("half", "beschädigt"),
        ("no crs", "Koordinatensystem"),
        ("no place", "sagt nicht, wo es liegt"),
        ("photo", "3 Kanäle"),
        ("complex", "kein Höhenmodell"),
        ("elsewhere", "deckt das Gebiet der Studie nicht ab"),
        ("no heights", "keine Höhen"),
        ("too coarse", "zu grob"),
    ],
)
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_what_cannot_be_used_is_refused_with_a_remedy(
    tmp_path: Path, kind: str, what: str
) -> None:
    path = broken(tmp_path / "dgm.tif", kind)
    bounds = (CORNER[0] - 40, CORNER[1], CORNER[0], CORNER[1] + 40)
    with pytest.raises(TerrainError, match=what) as caught:
        read_terrain(path, CRS, bounds)
    assert caught.value.where == str(path)
    assert caught.value.remedy


def test_a_file_that_claims_to_be_huge_is_refused_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "huge.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=200_000, height=200_000, count=1, dtype="float32",
        crs=CRS, transform=grid(WEST, NORTH, 1), sparse_ok=True, tiled=True,
    ):  # fmt: skip
        pass
    with pytest.raises(TerrainError, match="zu groß"):
        read_terrain(path, CRS)
    # What is needed of it is read all the same; here it holds nothing but zeros.
    bounds = (CORNER[0], CORNER[1] - 40, CORNER[0] + 60, CORNER[1])
    assert read_terrain(path, CRS, bounds).heights_m.max() == 0


def test_files_beside_the_model_are_not_opened(tmp_path: Path) -> None:
    path = tif(tmp_path / "dgm.tif", plane(5), crs=None)
    (tmp_path / "dgm.tif.aux.xml").write_text(
        "<PAMDataset><SRS>EPSG:25832</SRS></PAMDataset>", encoding="utf-8"
    )
    with pytest.raises(TerrainError, match="Koordinatensystem"):
        read_terrain(path, CRS)


TOWN = """
    A---------B---------C
    |         |
    |         |
    |         |
    D         E
"""


def test_the_network_takes_inclines_from_the_model_first(made: Callable[..., Terrain]) -> None:
    wheelchair = load_profiles()["wheelchair"]
    said = "highway=footway surface=asphalt smoothness=good width=2"
    drawing: dict[str, Any] = {
        "metres": 10,
        "ways": {
            "AB": f"{said} incline=0",  # 12 % by the model
            "BC": f"{said} bridge=yes layer=1 incline=0",  # the model does not know
            "AD": f"{said} incline=20%",  # level by the model
            "BE": f"{said} tunnel=yes",
        },
        "profile": wheelchair,
    }
    with_model = draw(TOWN, **drawing, terrain=made(plane(12)))
    network = with_model.network
    forward, backward = network.weights("wheelchair", wheelchair.states[1])
    state = network.passages["wheelchair"].edge_state
    # Too steep one way is closed both ways; what the model does not know the tags say.
    assert (forward[0], backward[0], state[0]) == (-1, -1, 0)
    assert (forward >= 0).tolist() == [False, True, True, True]
    assert state[[1, 2]].tolist() == [2, 2]
    assert state[3] == 1
    without = draw(TOWN, **drawing).network.passages["wheelchair"].edge_state
    assert without.tolist() == [2, 2, 0, 1]


def test_metres_without_heights_are_reported(made: Callable[..., Terrain]) -> None:
    # The model ends 60 m east of the corner: BC, 100 m, has no heights, nor half of AB.
    terrain = made(plane(2), size=110)
    ways = {"AB": "highway=footway", "BC": "highway=footway", "AD": "highway=footway",
            "BE": "highway=footway bridge=yes"}  # fmt: skip
    town = draw(TOWN, metres=10, ways=ways, terrain=terrain)
    (found,) = (one for one in town.network.findings if one.code == "terrain.silent")
    # AB and BC, 200 m of 240 m on the ground.
    assert (found.count, found.where) == (2, "t.tif")
    assert "200 m" in found.message
    assert "83,3 %" in found.message
    assert "terrain.silent" not in draw(TOWN, metres=10, ways=ways, terrain=made(plane(2))).codes()
