"""The abstract tests of OGC API Features Part 2 (18-058r1, A.1): coordinate reference systems.

Each test carries the name of the abstract test; its assertions are ours. They run over every
collection of the public release of the example, and over a sample of the internal one where all
geometries are looked at.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from tests.api.ogc.conftest import Served
from tests.api.ogc.shapes_of_answers import FEATURE, FEATURES, assert_same, check

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
OFFERED = [CRS84, EPSG + "4326", EPSG + "25832", EPSG + "3857"]
AUTHORITY_AXES = {EPSG + "4326": "EPSG:4326", EPSG + "25832": "EPSG:25832",
                  EPSG + "3857": "EPSG:3857", CRS84: "OGC:CRS84"}  # fmt: skip


def to_crs84(uri: str) -> Transformer:
    """Return what transforms coordinates as the authority of a CRS orders them."""
    return Transformer.from_crs(AUTHORITY_AXES[uri], "OGC:CRS84", always_xy=False)


def shape(feature: dict[str, Any]) -> Any:
    return shapely.from_geojson(json.dumps(feature["geometry"]))


def test_ats_crs_uri(served: Served) -> None:
    """Every identifier is one of the names that OGC 09-048 forms."""
    for listed in served.collections:
        for one in (listed, served.get(f"/collections/{listed['id']}")):
            assert one["crs"] == OFFERED
            assert one.get("storageCrs", OFFERED[2]) == OFFERED[2]


def test_ats_default_crs(served: Served) -> None:
    assert all(CRS84 in one["crs"] for one in served.collections)


def test_ats_storage_crs(served: Served) -> None:
    """All and only the spatial collections name where they are stored, and offer it."""
    for one in served.collections:
        drawn = served.get(f"/collections/{one['id']}/items", limit=1)["features"][0]["geometry"]
        assert ("storageCrs" in one) == (drawn is not None)
        assert one.get("storageCrs", CRS84) in one["crs"]


@pytest.mark.parametrize("uri", OFFERED)
def test_ats_crs_parameter(served: Served, uri: str) -> None:
    for one in served.collections:
        path = f"/collections/{one['id']}/items"
        page = served.get(path, crs=uri, limit=3)
        check(page, FEATURES)
        feature = quote(page["features"][0]["id"], safe="")
        check(served.get(f"{path}/{feature}", crs=uri), FEATURE)
        for asked in (path, f"{path}/{feature}"):
            response = served.client.get(asked, params={"crs": uri})
            assert response.headers["content-crs"] == f"<{uri}>"


@pytest.mark.parametrize("uri", ["EPSG:25832", EPSG + "31467", "", CRS84 + "h", EPSG + "25832/"])
def test_ats_crs_parameter_invalid(served: Served, uri: str) -> None:
    for path in ("/collections/sites/items", "/collections/sites/items/musterhausen"):
        problem = served.get(path, status=400, crs=uri)
        assert "»crs«" in problem["detail"]
        assert EPSG + "25832" in problem["detail"]


def test_ats_crs_parameter_default(served: Served) -> None:
    for one in served.collections:
        response = served.client.get(f"/collections/{one['id']}/items?limit=1")
        assert response.headers["content-crs"] == f"<{CRS84}>"


@pytest.mark.parametrize("uri", OFFERED[1:])
def test_ats_crs_parameter_transform(served: Served, uri: str) -> None:
    """What comes in a CRS lies where it lies in the default one: within two centimetres."""
    back = to_crs84(uri)
    for one in served.sampled:
        default = served.everything(one["id"])
        asked = served.features(one["id"], limit=10_000, crs=uri)
        assert_same([item["id"] for item in asked], [item["id"] for item in default])
        for ours, theirs in zip(asked, default, strict=True):
            moved = shapely.transform(
                shape(ours), lambda xy: np.column_stack(back.transform(xy[:, 0], xy[:, 1]))
            )
            same = shapely.equals_exact(moved, shape(theirs), 3e-7)
            # Where rounding had to mend a sliver, corners may be others; the line is the same.
            assert same or shapely.hausdorff_distance(moved, shape(theirs)) < 3e-7
            assert ours["properties"] == theirs["properties"]


@pytest.mark.parametrize("uri", OFFERED)
def test_ats_bbox_crs_parameter(served: Served, uri: str) -> None:
    """The same box in another CRS finds the same features: it is drawn around a few of them."""
    there = Transformer.from_crs("OGC:CRS84", AUTHORITY_AXES[uri], always_xy=False)
    for one in served.sampled:
        west, south, east, north = one["extent"]["spatial"]["bbox"][0]
        margin = 0.001
        box = (west - margin, south - margin, east + margin, north + margin)
        lower, upper = there.transform(*box[:2]), there.transform(*box[2:])
        numbers = ",".join(map(repr, (*lower, *upper)))
        found = served.ids(one["id"], **{"bbox": numbers, "bbox-crs": uri}, limit=10_000)
        default = served.ids(one["id"], bbox=",".join(map(repr, box)), limit=10_000)
        assert found
        assert_same(found, default)


@pytest.mark.parametrize("uri", OFFERED)
def test_ats_bbox_crs_brute_force(served: Served, uri: str) -> None:
    """A box through the middle, in the coordinates that the answers hold."""
    for one in served.sampled:
        everything = served.features(one["id"], limit=10_000, crs=uri)
        shapes = [shape(item) for item in everything]
        first, second, third, fourth = shapely.total_bounds(shapes)
        box = (first, second, (first + third) / 2, (second + fourth) / 2)
        found = served.ids(
            one["id"], **{"bbox": ",".join(map(repr, map(float, box))), "bbox-crs": uri},
            limit=10_000,
        )  # fmt: skip
        area = shapely.box(*box)
        expected = [
            item["id"]
            for item, drawn in zip(everything, shapes, strict=True)
            if drawn.intersects(area)
        ]
        assert_same(found, expected)


def test_ats_bbox_crs_parameter_default(served: Served) -> None:
    for one in served.sampled:
        box = ",".join(map(repr, one["extent"]["spatial"]["bbox"][0]))
        with_crs = served.ids(one["id"], **{"bbox": box, "bbox-crs": CRS84}, limit=10_000)
        assert_same(served.ids(one["id"], bbox=box, limit=10_000), with_crs)


def test_ats_bbox_crs_parameter_invalid(served: Served) -> None:
    for one in served.collections:
        asked = {"bbox": "7,51,8,52", "bbox-crs": EPSG + "31467"}
        problem = served.get(f"/collections/{one['id']}/items", status=400, **asked)
        assert "»bbox-crs«" in problem["detail"]


def test_metres_have_centimetres_and_degrees_seven_decimals(served: Served) -> None:
    for uri, decimals in zip(OFFERED, (7, 7, 2, 2), strict=True):
        for one in served.sampled:
            drawn = [
                shape(item)
                for item in served.get(f"/collections/{one['id']}/items", limit=100, crs=uri)[
                    "features"
                ]
            ]
            numbers = shapely.get_coordinates(drawn)
            assert np.array_equal(numbers, np.round(numbers, decimals))
            assert shapely.is_valid(drawn).all()
