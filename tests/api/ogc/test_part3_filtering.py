"""Abstract tests of OGC API Features Part 3 and of CQL2 for the classes that are claimed.

Named by class and test of annex A of OGC 19-079r2 and OGC 21-065r2 (``/conf/CLASS/TEST``). The
predicates of annex A that need its own test data (``test-data``) are asked of a layer with the
same kinds of columns in ``test_filters_random``.
"""

from __future__ import annotations

import random
from typing import Any
from urllib.parse import quote

import pytest

from api.ogc.conformance import CLASSES
from api.ogc.crs import CRS84
from api.ogc.selection import selected_rows
from geo.crs import transformer
from tests.api.ogc.conftest import JsonObject, Served, linked

PART3 = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"
CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/"
QUERYABLES_REL = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
OPERATORS = ("=", "<>", ">", "<", ">=", "<=")
OPPOSITES = (("=", "<>"), (">", "<="), ("<", ">="))
WORLD = "BBOX(-180,-90,180,90)"
WORLD_POLYGON = "POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))"


def queryables(served: Served, name: str) -> dict[str, JsonObject]:
    found: dict[str, JsonObject] = served.get(f"/collections/{name}/queryables")["properties"]
    return found


def kind(queryable: JsonObject) -> str:
    """Return the type of CQL2: string, number, integer, boolean, date or geometry."""
    if str(queryable.get("format", "")).startswith("geometry-"):
        return "geometry"
    return "date" if queryable.get("format") == "date" else str(queryable["type"])


VALUES = {
    "string": "'foo'",
    "boolean": "true",
    "number": "3.14",
    "integer": "1",
    "date": "DATE('2022-04-14')",
}


def rows(served: Served, name: str, text: str, **more: Any) -> set[int]:
    """Return the rows of the features that a filter finds, as a request selects them.

    Not through the network, which would take minutes for all that is asked here;
    ``test_conf_features_filter__filter_on_items`` goes through it.
    """
    asked = {key.replace("_", "-"): str(value) for key, value in more.items()}
    collection = served.catalogue.collections[name]
    found = selected_rows(served.catalogue, collection, {"filter": text, **asked})
    return set(found.tolist())


def all_rows(served: Served, name: str) -> set[int]:
    return set(range(len(served.catalogue.collections[name].ids)))


def answered(served: Served, name: str) -> list[JsonObject]:
    """Return all features of a collection, asked in one page."""
    found = served.get(f"/collections/{name}/items", limit=10_000)
    assert found["numberMatched"] == found["numberReturned"]
    features: list[JsonObject] = found["features"]
    return features


def fails(served: Served, name: str, **parameters: Any) -> JsonObject:
    asked = {key.replace("_", "-"): value for key, value in parameters.items()}
    response = served.client.get(f"/collections/{name}/items", params=asked)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    problem: JsonObject = response.json()
    return problem


@pytest.mark.parametrize(
    "name",
    [
        PART3 + "queryables",
        PART3 + "queryables-query-parameters",
        PART3 + "filter",
        PART3 + "features-filter",
        CQL2 + "cql2-text",
        CQL2 + "basic-cql2",
        CQL2 + "advanced-comparison-operators",
        CQL2 + "case-insensitive-comparison",
        CQL2 + "basic-spatial-functions",
        CQL2 + "basic-spatial-functions-plus",
        CQL2 + "spatial-functions",
        CQL2 + "property-property",
    ],
)
def test_conf_filter_get_conformance(served: Served, name: str) -> None:
    assert name in served.get("/conformance")["conformsTo"]


def test_no_class_of_part_3_or_cql2_is_claimed_without_a_test() -> None:
    claimed = {name.rpartition("/")[2] for name in CLASSES if name.startswith((PART3, CQL2))}
    tested = {
        name.removeprefix("test_conf_").replace("__", "\0").partition("\0")[0].replace("_", "-")
        for name in globals()
        if name.startswith("test_conf_")
    }
    missing = {one for one in claimed if not any(name.startswith(one) for name in tested)}
    assert not missing


def test_conf_queryables__get_queryables(served: Served) -> None:
    for one in served.collections:
        response = served.client.get(
            f"/collections/{one['id']}/queryables", headers={"Accept": "application/schema+json"}
        )
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("application/schema+json")
        schema = response.json()
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["$id"] == f"http://testserver/collections/{one['id']}/queryables"
        assert schema["type"] == "object"
        assert schema["properties"]
        assert schema["additionalProperties"] is False
        for queryable in schema["properties"].values():
            assert kind(queryable) in {*VALUES, "geometry"}
            assert queryable["title"]
        assert any(kind(queryable) in VALUES for queryable in schema["properties"].values())


def test_conf_queryables__get_collection(served: Served) -> None:
    for one in served.collections:
        (link,) = linked(one, QUERYABLES_REL)
        assert link["href"] == f"http://testserver/collections/{one['id']}/queryables"
        assert link["type"] == "application/schema+json"


def test_conf_queryables_query_parameters__parameters(served: Served) -> None:
    """Every queryable with a simple value is a parameter with the same schema, and selects."""
    paths = served.get("/api")["paths"]
    for one in served.collections:
        name = one["id"]
        parameters = {
            parameter["name"]: parameter
            for parameter in paths[f"/collections/{name}/items"]["get"]["parameters"]
        }
        features = answered(served, name)
        for key, queryable in queryables(served, name).items():
            if kind(queryable) == "geometry":
                assert key not in parameters
                continue
            assert parameters[key]["schema"] == queryable
            values = [feature["properties"][key] for feature in features]
            value = next((value for value in values if value not in {None, ""}), None)
            if value is None:
                continue
            text = str(value).lower() if isinstance(value, bool) else str(value)
            path = f"/collections/{name}/items"
            matched = served.client.get(path, params={key: text, "limit": "1"}).json()
            assert matched["numberMatched"] == values.count(value)
            collection = served.catalogue.collections[name]
            asked = selected_rows(served.catalogue, collection, {key: text})
            assert {features[row]["id"] for row in asked} == {
                feature["id"] for feature in features if feature["properties"][key] == value
            }


def test_conf_queryables_query_parameters__enum(served: Served) -> None:
    """Fixed codes name all values that there are, and nothing else can be asked for."""
    checked = 0
    for one in served.collections:
        name = one["id"]
        features = answered(served, name)
        for key, queryable in queryables(served, name).items():
            if "enum" in queryable:
                values = {feature["properties"][key] for feature in features} - {None}
                assert values <= set(queryable["enum"]), (name, key)
                fails(served, name, **{key: "no such code"})
                checked += 1
    assert checked > 5


def test_conf_filter__filter_param(served: Served) -> None:
    for one in served.collections:
        name = one["id"]
        everything = all_rows(served, name)
        features = answered(served, name)
        for key, queryable in queryables(served, name).items():
            if kind(queryable) != "string":
                continue
            for words in ({"filter_lang": "cql2-text"}, {}):  # and filter-lang-default
                found = rows(served, name, f"{key} IS NULL", **words)
                assert found == {
                    one for one in everything if features[one]["properties"][key] is None
                }
        fails(served, name, filter="THIS IS NOT A FILTER")
        fails(served, name, filter="THIS IS NOT A FILTER", filter_lang="cql2-text")
        fails(served, name, filter="1=1", filter_lang="cql2-json")


def test_conf_filter__expression_construction(served: Served) -> None:
    for one in served.collections:
        problem = fails(served, one["id"], filter="this_is_not_a_queryable IS NULL")
        assert "an Stelle 1 " in problem["detail"]


def test_conf_filter__filter_crs_wgs84(served: Served) -> None:
    assert served.spatial
    for one in served.sampled:
        west, south, east, north = one["extent"]["spatial"]["bbox"][0]
        text = f"S_INTERSECTS(geometry,BBOX({west},{south},{east},{north}))"
        assert rows(served, one["id"], text) == all_rows(served, one["id"])
        far = "S_INTERSECTS(geometry,BBOX(1000000,1000000,2000000,2000000))"
        fails(served, one["id"], filter=far)


def test_conf_filter__filter_crs_param(served: Served) -> None:
    for one in served.sampled:
        west, south, east, north = one["extent"]["spatial"]["bbox"][0]
        for uri in one["crs"]:
            box = _box_in(uri, west, south, east, north)
            text = f"S_INTERSECTS(geometry,BBOX({','.join(map(str, box))}))"
            assert rows(served, one["id"], text, filter_crs=uri) == all_rows(served, one["id"]), (
                uri
            )
        fails(
            served,
            one["id"],
            filter="TRUE",
            filter_crs="http://www.opengis.net/def/crs/OGC/0/does_not_exist",
        )


def _box_in(
    uri: str, west: float, south: float, east: float, north: float
) -> tuple[float, float, float, float]:
    """Return the box that holds the corners of a box in degrees, in another CRS."""
    code = uri.rpartition("/")[2]
    if uri == CRS84.uri:
        return west, south, east, north
    if code == "4326":
        return south, west, north, east
    move = transformer("EPSG:4326", f"EPSG:{code}")
    corners = [move.transform(x, y) for x in (west, east) for y in (south, north)]
    xs, ys = zip(*corners, strict=True)
    # The sides of a box in degrees bend by some metres in a plane.
    return min(xs) - 50, min(ys) - 50, max(xs) + 50, max(ys) + 50


def test_conf_filter__mixing_expression(served: Served) -> None:
    for one in served.sampled:
        name = one["id"]
        west, south, east, north = one["extent"]["spatial"]["bbox"][0]
        everywhere = f"{west},{south},{east},{north}"
        text = f"S_INTERSECTS(geometry,BBOX({everywhere}))"
        assert rows(served, name, text, bbox=everywhere) == all_rows(served, name)
        elsewhere = f"{east + 1},{south},{east + 2},{north}"
        assert rows(served, name, text, bbox=elsewhere) == set()


def test_conf_features_filter__filter_on_items(served: Served) -> None:
    """Filter, ArcGIS's ``query`` and values by name are joined by AND; paging keeps them."""
    everything = served.features("services")
    category = everything[0]["properties"]["category"]
    wanted = [one["id"] for one in everything if one["properties"]["category"] == category]
    assert served.ids("services", filter=f"category = '{category}'", limit=2) == wanted
    assert served.ids("services", query=f"category = '{category}'", limit=2) == wanted
    assert served.ids("services", query="1=1") == [one["id"] for one in everything]
    assert served.ids("services", category=category, filter="1=2") == []
    first = f"id = '{wanted[0]}'"
    assert served.ids("services", filter=f"category = '{category}'", query=first) == wanted[:1]


def test_conf_basic_cql2__comparison(served: Served) -> None:
    for one in served.collections:
        name = one["id"]
        for key, queryable in queryables(served, name).items():
            if kind(queryable) == "geometry":
                continue
            value = VALUES[kind(queryable)]
            found = {sign: rows(served, name, f"{key} {sign} {value}") for sign in OPERATORS}
            for sign, opposite in OPPOSITES:
                assert not found[sign] & found[opposite]
                known = rows(served, name, f"{key} IS NOT NULL")
                assert found[sign] | found[opposite] == known


def test_conf_basic_cql2__is_null(served: Served) -> None:
    for one in served.collections:
        for key in queryables(served, one["id"]):
            absent = rows(served, one["id"], f"{key} IS NULL")
            known = rows(served, one["id"], f"{key} is not null")
            assert not absent & known
            assert absent | known == all_rows(served, one["id"])


def test_conf_basic_cql2__boolean(served: Served) -> None:
    for one in served.collections:
        assert rows(served, one["id"], "true") == all_rows(served, one["id"])
        assert rows(served, one["id"], "false") == set()


def test_conf_advanced_comparison_operators__like(served: Served) -> None:
    for one in served.collections:
        name = one["id"]
        for key, queryable in queryables(served, name).items():
            if kind(queryable) != "string":
                continue
            assert not rows(served, name, f"{key} LIKE '_%'") & rows(
                served, name, f"{key} like ''"
            )
            anything = rows(served, name, f"{key} LIKE '%'")
            assert anything == rows(served, name, f"{key} like '%%'")
            assert anything == rows(served, name, f"{key} IS NOT NULL")
            assert rows(served, name, rf"{key} like '\%\_'") == set()


def test_conf_advanced_comparison_operators__between(served: Served) -> None:
    for one in served.collections:
        name = one["id"]
        features = answered(served, name)
        for key, queryable in queryables(served, name).items():
            if kind(queryable) not in {"number", "integer"}:
                continue
            values = [feature["properties"][key] for feature in features]
            assert rows(served, name, f"{key} BETWEEN 0 AND 100") == {
                row for row, value in enumerate(values) if value is not None and 0 <= value <= 100
            }
            assert rows(served, name, f"{key} between 100.0 and 1.0") == set()


def test_conf_advanced_comparison_operators__in(served: Served) -> None:
    lists = {
        "number": "(1, 2, 3)",
        "integer": "(1, 2, 3)",
        "string": "('foo', 'bar')",
        "boolean": "(true)",
        "date": "('2022-04-14', '2022-04-15')",
    }
    for one in served.collections:
        for key, queryable in queryables(served, one["id"]).items():
            if kind(queryable) != "geometry":
                inside = rows(served, one["id"], f"{key} IN {lists[kind(queryable)]}")
                outside = rows(served, one["id"], f"{key} NOT IN {lists[kind(queryable)]}")
                assert not inside & outside
                assert inside | outside == rows(served, one["id"], f"{key} IS NOT NULL")


def test_conf_case_insensitive_comparison__casei(served: Served) -> None:
    for one in served.collections:
        for key, queryable in queryables(served, one["id"]).items():
            if kind(queryable) == "string":
                same = rows(served, one["id"], f"CASEI({key}) = casei('foo')")
                other = rows(served, one["id"], f"CASEI({key}) <> casei('FOO')")
                assert not same & other


def test_conf_case_insensitive_comparison__casei_like(served: Served) -> None:
    small = rows(served, "services", "CASEI(name) LIKE casei('b%')")
    assert small == rows(served, "services", "CASEI(name) LIKE casei('B%')")
    assert small >= rows(served, "services", "name LIKE 'B%'") != set()


def test_conf_basic_spatial_functions__s_intersects(served: Served) -> None:
    for one in served.sampled:
        name = one["id"]
        assert rows(served, name, f"S_INTERSECTS(geometry,{WORLD})") == all_rows(served, name)
        assert rows(served, name, "S_INTERSECTS(geometry,POINT(90 45))") == set()
        fails(served, name, filter="S_INTERSECTS(geometry,POINT(90 180))")
        both = "S_INTERSECTS(geometry,BBOX(-180,-90,-90,90)) AND "
        assert rows(served, name, both + "S_INTERSECTS(geometry,BBOX(90,-90,180,90))") == set()


def test_conf_basic_spatial_functions_plus__s_intersects(served: Served) -> None:
    for one in served.sampled:
        name = one["id"]
        assert rows(served, name, f"S_INTERSECTS(geometry,{WORLD_POLYGON})") == all_rows(
            served, name
        )
        for shape in (
            "LINESTRING(7 50,10 51)",
            "MULTIPOINT(7 50,10 51)",
            "MULTILINESTRING((7 50,10 51),(7 51,8 51))",
            "MULTIPOLYGON(((7 50,10 51,7 51,7 50)))",
            "GEOMETRYCOLLECTION(POINT(7 50),LINESTRING(7 50,10 51))",
        ):
            inside = rows(served, name, f"S_INTERSECTS(geometry,{shape})")
            outside = rows(served, name, f"NOT S_INTERSECTS(geometry,{shape})")
            assert inside | outside == all_rows(served, name)
            assert not inside & outside


def test_conf_spatial_functions__s_disjoint(served: Served) -> None:
    for one in served.sampled:
        name = one["id"]
        assert rows(served, name, f"S_DISJOINT(geometry,{WORLD})") == set()
        assert rows(served, name, f"S_DISJOINT(geometry,{WORLD_POLYGON})") == set()
        for shape in ("LINESTRING(7 50,10 51)", "POINT(7.02 49.92)"):
            apart = rows(served, name, f"S_DISJOINT(geometry,{shape})")
            assert not apart & rows(served, name, f"S_INTERSECTS(geometry,{shape})")
        fails(served, name, filter="S_DISJOINT(geometry,POINT(90 180))")


def test_conf_spatial_functions__s_equals_touches_crosses_overlaps(served: Served) -> None:
    shapes = (WORLD, WORLD_POLYGON, "LINESTRING(7 50,10 51)", "MULTIPOINT(7 50,10 51)")
    for one in served.sampled:
        for function in ("S_EQUALS", "S_TOUCHES", "S_CROSSES", "S_OVERLAPS"):
            for shape in shapes:
                assert rows(served, one["id"], f"{function}(geometry,{shape})") == set()


def test_conf_spatial_functions__s_equals_finds_what_was_answered(served: Served) -> None:
    for uri in (CRS84.uri, "http://www.opengis.net/def/crs/EPSG/0/4326"):
        feature = served.get("/collections/services/items", limit=1, crs=uri)["features"][0]
        x, y = feature["geometry"]["coordinates"]  # of row 0
        found = rows(served, "services", f"S_EQUALS(geometry,POINT({x} {y}))", filter_crs=uri)
        assert 0 in found


def test_conf_spatial_functions__s_within_and_contains(served: Served) -> None:
    for one in served.sampled:
        name = one["id"]
        assert rows(served, name, f"S_WITHIN(geometry,{WORLD})") == all_rows(served, name)
        assert rows(served, name, f"S_WITHIN(geometry,{WORLD_POLYGON})") == all_rows(served, name)
        for shape in (WORLD, WORLD_POLYGON, "LINESTRING(7 50,10 51)", "MULTIPOINT(7 50,10 51)"):
            containing = rows(served, name, f"S_CONTAINS(geometry,{shape})")
            assert not containing & rows(served, name, f"S_WITHIN(geometry,{shape})")


def test_conf_property_property__comparison_value_property(served: Served) -> None:
    turned = {"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
    for name in ("services", "access"):
        for key, queryable in queryables(served, name).items():
            if kind(queryable) != "geometry":
                value = VALUES[kind(queryable)]
                for sign, other in turned.items():
                    assert rows(served, name, f"{value} {sign} {key}") == rows(
                        served, name, f"{key} {other} {value}"
                    )


def test_conf_property_property__comparison_property_property(served: Served) -> None:
    for one in served.collections:
        name = one["id"]
        for key, queryable in queryables(served, name).items():
            if kind(queryable) == "geometry":
                continue
            known = rows(served, name, f"{key} IS NOT NULL")
            for sign in ("=", ">=", "<="):
                assert rows(served, name, f"{key} {sign} {key}") == known
            for sign in ("<>", "<", ">"):
                assert rows(served, name, f"{key} {sign} {key}") == set()


def test_conf_property_property__comparison_value_value(served: Served) -> None:
    everything = all_rows(served, "services")
    for value in (*VALUES.values(), "TIMESTAMP('2022-04-14T14:48:46Z')"):
        for sign in OPERATORS:
            expected = everything if sign in {"=", ">=", "<="} else set()
            assert rows(served, "services", f"{value} {sign} {value}") == expected


def test_conf_cql2_text__logical(served: Served) -> None:
    """Random combinations of four predicates: the set that set algebra makes of their answers."""
    chosen = random.Random(7)  # noqa: S311 - the same every time
    for name in ("services", "access"):
        everything = all_rows(served, name)
        singles: dict[str, tuple[set[int], set[int]]] = {}
        for key, queryable in queryables(served, name).items():
            if kind(queryable) == "geometry":
                text = "S_INTERSECTS(geometry,BBOX(-180,-90,180,52))"
            else:
                text = f"{key} {chosen.choice(OPERATORS)} {VALUES[kind(queryable)]}"
            singles[text] = (rows(served, name, text), rows(served, name, f"NOT ({text})"))
        for _ in range(10):
            texts = [chosen.choice(list(singles)) for _ in range(4)]
            (t1, f1), (t2, _), (t3, _), (t4, f4) = (singles[text] for text in texts)
            p1, p2, p3, p4 = (f"({text})" for text in texts)
            text = f"((NOT {p1} AND {p2}) OR ({p3} and NOT {p4}) or not ({p1} AND {p4}))"
            expected = (f1 & t2) | (t3 & f4) | (f1 | f4)
            assert rows(served, name, text) == expected
            assert expected <= everything
            assert t1 | t4 <= everything


def test_filters_survive_an_address(served: Served) -> None:
    """What a client percent-encodes arrives as it was, plus signs too."""
    for text in ("name = 'Bäckerei + Café & mehr; #1 100 %'", "name LIKE '%ä%'", "1=1"):
        path = f"/collections/services/items?filter={quote(text, safe='')}"
        assert served.client.get(path).status_code == 200
