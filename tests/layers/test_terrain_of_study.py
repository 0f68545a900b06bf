"""A study's terrain model: read around the data, used for inclines, part of the stand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio

from layers.compute import compute_snapshot
from layers.study import load_study
from tests.layers.drawing import write_house
from tests.osm_xml import Node, write_osm

WEST, NORTH = 404_000.0, 5_763_000.0
SIDE = 400


def write_slope(path: Path, percent: float) -> None:
    """Write a plane that rises to the east, cells of 5 m, EPSG:25832."""
    east = np.arange(SIDE) * 5.0
    heights = np.tile(50 + east * percent / 100, (SIDE, 1)).astype(np.float32)
    with rasterio.open(
        path, "w", driver="GTiff", width=SIDE, height=SIDE, count=1, dtype="float32",
        crs="EPSG:25832", transform=rasterio.Affine(5.0, 0.0, WEST, 0.0, -5.0, NORTH),
    ) as file:  # fmt: skip
        file.write(heights, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a study of one street to the east, all known but its incline, a shop at its end."""
    write_house(tmp_path / "sites.geojson", (7.61, 52.0))
    shop = {"shop": "bakery", "name": "Bäckerei"}
    nodes: dict[int, Node] = {1: (7.61, 52.0), 2: (7.615, 52.0), 3: (7.615, 52.0001, shop)}
    tags = {"highway": "footway", "surface": "asphalt", "smoothness": "good", "width": "2"}
    write_osm(tmp_path / "region.osm.pbf", nodes, {10: ([1, 2], tags)})
    return tmp_path


def states(folder: Path, dem: str | None) -> tuple[set[str], str]:
    """Return in which states the shop is reached by wheelchair, and the stand's id."""
    more = "" if dem is None else f'dem = "{dem}"\n'
    (folder / "study.toml").write_text(
        'name = "T"\nextract = "region.osm.pbf"\nsites = "sites.geojson"\n'
        f'profiles = ["wheelchair"]\n{more}',
        encoding="utf-8",
    )
    snapshot = compute_snapshot(load_study(folder))
    return set(snapshot.travel_times["state"]), snapshot.id


def test_inclines_from_the_model_confirm_or_close_ways(folder: Path) -> None:
    for name, percent in (("flach.tif", 1.0), ("steil.tif", 12.0)):
        write_slope(folder / name, percent)
    without, first = states(folder, None)
    assert without == {"possible"}
    flat, second = states(folder, "flach.tif")
    assert flat == {"confirmed", "possible"}
    steep, third = states(folder, "steil.tif")
    assert steep == set()
    assert len({first, second, third}) == 3


def test_the_content_of_the_model_counts_for_the_stand_and_not_its_name(folder: Path) -> None:
    write_slope(folder / "a.tif", 1.0)
    write_slope(folder / "b.tif", 1.0)
    write_slope(folder / "c.tif", 2.0)
    ids = [states(folder, name)[1] for name in ("a.tif", "b.tif", "c.tif")]
    assert ids[0] == ids[1] != ids[2]
