"""The base map of the small maps: what was packed for the big map comes back."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from shapely import LineString, MultiLineString, Point, Polygon

from api.service.catalogue import load_catalogue
from api.service.page_base import base_layers, unpacked
from api.service.page_plan import overview, plan
from maps.encoding import pack_shapes

CRS = "EPSG:25832"


def test_shapes_come_back_where_they_were() -> None:
    area = Polygon(
        [(0, 0), (400, 0), (400, 300), (0, 300)], [[(100, 100), (200, 100), (200, 200)]]
    )
    line = LineString([(-500, 20), (0, -700), (900, 900)])
    pair = MultiLineString([[(5, 5), (50, 50)], [(70, 80), (90, -10)]])
    drawn = [
        shapely.transform(one, lambda xy: np.add(xy, (402000, 5761000)))
        for one in (area, line, pair)
    ]
    geographic = gpd.GeoSeries([*drawn, Point(402000, 5761000)], crs=CRS).to_crs(4326)
    packed = pack_shapes(np.asarray(geographic, dtype=object)).as_json()
    found = unpacked(packed, CRS)
    assert found[3] is None
    # A pixel of the world at zoom 19 is 0.3 m at the equator, here less: half of it each way.
    for one, expected in zip(found, [drawn[0].boundary, *drawn[1:]], strict=False):
        assert one.hausdorff_distance(expected) < 0.3
    assert [ring.is_closed for ring in found[0].geoms] == [True, True]
    assert [part.is_closed for part in found[2].geoms] == [False, False]


def test_the_drawings_stand_on_streets_and_hold_no_text_from_outside(musterhausen: Path) -> None:
    catalogue = load_catalogue(musterhausen / "out/public")
    layers = base_layers(catalogue)
    assert len(layers["street"]) > 100
    west, south, east, north = catalogue.collections["sites"].frame.total_bounds
    streets = shapely.total_bounds([one for one in layers["street"] if one is not None])
    assert streets[0] < west
    assert streets[1] < south
    assert streets[2] > east
    assert streets[3] > north
    drawing = str(overview(catalogue))
    assert 'class="street"' in drawing
    assert drawing.count('<g class="reach reach-') == 3
    gates = catalogue.collections["gates"]
    drawn = str(plan(catalogue, gates, range(len(gates.frame)), 'Sagt "so" <b>'))
    assert drawn.count('<use href="#zeichen-gates"') == len(gates.frame)
    assert "&lt;b&gt;" in drawn
    assert "<b>" not in drawn
    assert plan(catalogue, catalogue.collections["access"], [0], "x") is None
    assert plan(catalogue, gates, [], "x") is None
