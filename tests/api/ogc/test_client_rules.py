"""The rules of two clients that run in browsers, as small clients written for these tests.

Masterportal (``oaf.js`` of @masterportal/masterportalapi 2.54) asks with ``Accept:
application/geo+json``, never transforms coordinates itself, and turns pages only by a link
``next`` whose type is exactly ``application/geo+json``. The ArcGIS Maps SDK's OGCFeatureLayer
asks for EPSG:25832 by its address and sends its ``where`` as the parameter ``query``.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.ogc.conftest import Served
from tests.api.ogc.shapes_of_answers import assert_same

UTM = "http://www.opengis.net/def/crs/EPSG/0/25832"


def masterportal(served: Served, collection: str, limit: int, **more: str) -> list[Any]:
    """Load a layer as Masterportal does."""
    address = f"http://testserver/collections/{collection}/items"
    parameters: dict[str, str] | None = {"limit": str(limit), "crs": UTM, **more}
    features: list[Any] = []
    for _ in range(1000):
        response = served.client.get(
            address, params=parameters, headers={"Accept": "application/geo+json"}
        )
        assert response.status_code == 200
        assert response.headers["content-type"] == "application/geo+json"
        content = response.json()
        features += content["features"]
        following = [
            link["href"]
            for link in content["links"]
            if link["rel"] == "next" and link["type"] == "application/geo+json"
        ]
        if not following:
            return features
        address, parameters = following[0], None
    raise AssertionError("no end")


@pytest.mark.parametrize("collection", ["services", "isochrones", "access"])
def test_masterportal_gets_everything_once(public: Served, collection: str) -> None:
    features = masterportal(public, collection, 30)
    assert_same([one["id"] for one in features], sorted(public.table(collection)["key"]))


def test_masterportal_gets_metres_and_needs_no_transformation(public: Served) -> None:
    table = public.table("services").set_index("key")
    for one in masterportal(public, "services", 400):
        east, north = one["geometry"]["coordinates"]
        stored = table.geometry[one["id"]]
        assert abs(east - stored.x) < 0.006
        assert abs(north - stored.y) < 0.006


def test_masterportal_limits_to_what_it_shows(public: Served) -> None:
    """Its box comes in metres with ``bbox-crs``, beside its other parameters."""
    table = public.table("services").set_index("key")
    west, south, east, north = table.total_bounds
    box = [west - 1, south - 1, (west + east) / 2, north + 1]
    found = masterportal(
        public, "services", 10, **{"bbox": ",".join(map(str, box)), "bbox-crs": UTM}
    )
    inside = table.cx[box[0] : box[2], box[1] : box[3]]
    assert_same([one["id"] for one in found], sorted(inside.index))


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("1=1", bool),
        ("category = 'supermarket'", lambda row: row["category"] == "supermarket"),
        ("name LIKE 'A%'", lambda row: str(row["name"] or "").startswith("A")),
    ],
)
def test_arcgis_asks_by_query(public: Served, where: str, expected: Any) -> None:
    table = public.table("services")
    found = public.ids("services", crs=UTM, query=where, limit=5)
    rows = [row for row in table.to_dict("records") if expected(row)]
    assert rows
    assert_same(found, sorted(row["key"] for row in rows))


def test_arcgis_reads_the_address_of_the_crs_from_the_collection(public: Served) -> None:
    description = public.get("/collections/services")
    assert UTM in description["crs"]
    assert description["storageCrs"] == UTM
