"""Geometries as they are written: rounded, valid, right-handed."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import shapely
from shapely import LineString, Point, Polygon, box

from geo.feature_json import feature_texts
from geo.written_shapes import written_shapes

UTM = "EPSG:25832"


def test_metres_are_rounded_to_centimetres_and_nothing_becomes_minus_zero() -> None:
    (point,) = written_shapes([Point(400000.12499, -0.001)], UTM, UTM)
    assert point.wkt == "POINT (400000.12 0)"


def test_the_middle_of_the_zone_in_degrees() -> None:
    """UTM 32: easting 500 000 is 9 degrees east, northing 0 the equator."""
    (point,) = written_shapes([Point(500000, 0)], UTM, "EPSG:4326")
    assert point.wkt == "POINT (9 0)"


def test_what_is_not_there_is_none() -> None:
    shapes = written_shapes([None, Polygon(), LineString()], UTM, "EPSG:3857")
    assert shapes.tolist() == [None, None, None]


def test_outer_rings_run_anticlockwise_and_heights_go() -> None:
    clockwise = Polygon([(0, 0, 5), (0, 10, 5), (10, 10, 5), (10, 0, 5)])
    (area,) = written_shapes([clockwise], UTM, UTM)
    assert area.exterior.is_ccw
    assert not area.has_z
    assert area.equals(box(0, 0, 10, 10))


def test_an_area_stays_valid_when_its_corners_move() -> None:
    """Slivers of some millimetres fold when rounded to centimetres; 200 random ones."""
    rng = np.random.default_rng(7)
    slivers = [
        Polygon([(0, 0), (30, 0.004 * a), (60, 0.0), (30, 0.004 * a + 0.003 * b), (0, 9 * c)])
        for a, b, c in rng.uniform(-3, 3, (200, 3))
    ]
    valid = [shape for shape in slivers if shape.is_valid]
    written = written_shapes(valid, UTM, UTM)
    assert len(valid) > 20
    plainly_rounded = shapely.transform(np.array(valid), lambda xy: np.round(xy, 2))
    assert not shapely.is_valid(plainly_rounded).all()
    assert all(shape is None or shape.is_valid for shape in written)


def test_features_with_the_second_axis_first() -> None:
    frame = gpd.GeoDataFrame({"id": ["a"], "n": [float("nan")]}, geometry=[Point(7, 51)])
    shapes = np.array([Point(7, 51)], dtype=object)
    (text,) = feature_texts(frame, frame["id"], shapes, swap=True)
    assert json.loads(text) == {
        "type": "Feature",
        "id": "a",
        "geometry": {"type": "Point", "coordinates": [51, 7]},
        "properties": {"id": "a", "n": None},
    }
