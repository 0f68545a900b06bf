"""The places of an extract: what is taken, joined and known about each."""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely import Point

from geo.errors import CrsError
from layers._place_facts import clean_text, website
from layers.places import PLACE_COLUMNS, Places, check_places, find_places
from layers.taxonomy import load_taxonomy
from tests.layers.drawing import CRS, Drawing, extract, moved, sites, square

TAXONOMY = load_taxonomy()


def find(drawings: list[Drawing], **more: Any) -> Places:
    """Find the places of some drawings."""
    return find_places(extract(drawings, **more), TAXONOMY, sites(), CRS)


def only(drawings: list[Drawing], **more: Any) -> pd.Series[Any]:
    """Return the only place of some drawings."""
    frame = find(drawings, **more).frame
    assert len(frame) == 1
    return frame.iloc[0]


def codes(places: Places) -> dict[str, int]:
    """Return the findings and how many objects they speak for."""
    return {finding.code: finding.count for finding in places.findings}


def test_what_is_known_about_a_place() -> None:
    place = only(
        [
            (
                "n7",
                {
                    "shop": "bakery",
                    "name": "Malzers",
                    "operator": "Malzers Backstube",
                    "opening_hours": "Mo-Sa 07:00-18:00",
                    "wheelchair": "limited",
                    "website": "https://malzers.de",
                    "contact:phone": "+49 209 1",
                    "contact:name": "Erika M.",
                    "addr:street": "Markt",
                    "addr:housenumber": "1",
                    "addr:postcode": "49525",
                    "addr:city": "Lengerich",
                },
                Point(10, 20),
            )
        ]
    )
    known = {column: place[column] for column in PLACE_COLUMNS}
    assert known == {
        "id": "n7",
        "name": "Malzers",
        "category": "bakery",
        "kind": "Bäckerei",
        "layer": "services",
        "role": "resource",
        "partner": False,
        "osm_ids": "n7",
        "on_campus": "",
        "wheelchair": "limited",
        "opening_hours": "Mo-Sa 07:00-18:00",
        "address": "Markt 1, 49525 Lengerich",
        "operator": "Malzers Backstube",
        "website": "https://malzers.de",
        "phone": "+49 209 1",
        "completeness": "high",
    }
    assert place["outline"] is None
    assert place["entrances"] is None
    assert shapely.distance(place["geometry"], moved(Point(10, 20))) < 0.01


def test_node_and_building_are_one_place_that_knows_both() -> None:
    places = find(
        [
            ("n1", {"shop": "bakery", "name": "Köhler", "wheelchair": "yes"}, Point(5, 5)),
            (
                "w2",
                {"shop": "bakery", "building": "yes", "roof:shape": "flat",
                 "opening_hours": "Mo-Fr 07:00-18:00"},
                square(0, 0, 10),
            ),
        ]
    )  # fmt: skip
    place = places.frame.iloc[0]
    assert (place["id"], place["osm_ids"]) == ("n1", "n1,w2")  # the node tells more
    assert (place["wheelchair"], place["opening_hours"]) == ("yes", "Mo-Fr 07:00-18:00")
    assert place["outline"].equals_exact(moved(square(0, 0, 10)).normalize(), 0.01) or (
        abs(place["outline"].area - 100) < 0.1
    )
    assert places.merges.to_dict("records") == [
        {"id": "n1", "merged_osm_id": "w2", "rule": "inside"}
    ]
    assert codes(places)["places.merged"] == 1


def test_the_object_that_tells_most_leads_and_roofs_tell_nothing() -> None:
    shop = {"shop": "bakery", "name": "Köhler"}
    roofs = {f"roof:{part}": "x" for part in ("shape", "colour", "height", "material")}
    place = only([("n9", shop, Point(5, 5)), ("w2", {**shop, **roofs}, square(0, 0, 10))])
    assert place["id"] == "n9"
    place = only([("n9", shop, Point(5, 5)), ("w2", {**shop, "phone": "1"}, square(0, 0, 10))])
    assert (place["id"], place["osm_ids"]) == ("w2", "w2,n9")
    place = only([("n9", shop, Point(0, 0)), ("n8", shop, Point(3, 0))])
    assert place["id"] == "n8"


def test_an_address_is_taken_as_a_whole() -> None:
    place = only(
        [
            ("n1", {"shop": "bakery", "name": "K", "addr:city": "Falschstadt", "phone": "1",
                    "wheelchair": "no", "operator": "K"}, Point(5, 5)),
            ("w2", {"shop": "bakery", "addr:street": "Weg", "addr:housenumber": "3"},
             square(0, 0, 10)),
        ]
    )  # fmt: skip
    assert place["address"] == "Weg 3"


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        ([("Weg", "3", "49525", "Lengerich", Point(2, 2))], "Weg 3, 49525 Lengerich"),
        (
            [
                ("Weg", "3", "49525", "Lengerich", Point(2, 2)),
                ("Weg", "3", "49525", "Lengerich", Point(8, 8)),
            ],
            "Weg 3, 49525 Lengerich",
        ),
        (
            [
                ("Weg", "3", "49525", "Lengerich", Point(2, 2)),
                ("Weg", "5", "49525", "Lengerich", Point(8, 8)),
            ],
            "",
        ),
        ([("Weg", "3", "49525", "Lengerich", Point(20, 2))], ""),
        ([], ""),
    ],
)
def test_the_only_address_of_the_house(addresses: list[Any], expected: str) -> None:
    drawings: list[Drawing] = [("n1", {"shop": "bakery", "name": "Köhler"}, Point(5, 5))]
    place = only(drawings, houses=[square(0, 0, 10)], addresses=addresses)
    assert place["address"] == expected


def test_addresses_go_to_the_right_place() -> None:
    places = find(
        [
            ("n1", {"shop": "bakery", "name": "Köhler"}, Point(5, 5)),
            ("n2", {"shop": "butcher", "name": "Ahlers"}, Point(105, 5)),
            (
                "n3",
                {"shop": "chemist", "addr:street": "Eigenweg", "addr:housenumber": "7"},
                Point(6, 6),
            ),
            ("n4", {"highway": "bus_stop", "name": "Markt"}, Point(106, 6)),
        ],
        houses=[square(0, 0, 10), square(100, 0, 10)],
        addresses=[
            ("Ostweg", "2", "1", "Ort", Point(101, 1)),
            ("Westweg", "1", "1", "Ort", Point(1, 1)),
        ],
    )
    assert places.frame["address"].tolist() == [
        "Westweg 1, 1 Ort",
        "Ostweg 2, 1 Ort",
        "Eigenweg 7",
        "",
    ]


def test_on_campus_by_the_point_an_area_by_its_larger_part() -> None:
    drawings: list[Drawing] = [
        ("n1", {"amenity": "cafe"}, Point(50, 50)),
        ("n2", {"amenity": "cafe"}, Point(150, 50)),
        ("w3", {"leisure": "park", "name": "Innen"}, square(60, 60, 60)),  # 4/9 inside
        ("w4", {"leisure": "park", "name": "Mehr"}, square(-10, 0, 40)),  # 3/4 inside
        ("w5", {"natural": "wood", "name": "Rundum"}, square(-500, -500, 1100)),
        ("n6", {"amenity": "bench"}, Point(550, 50)),
    ]
    found = find_places(
        extract(drawings),
        TAXONOMY,
        sites({"klinik": square(0, 0, 100), "nord": square(500, 0, 100)}),
        CRS,
    ).frame
    assert dict(zip(found["id"], found["on_campus"], strict=True)) == {
        "n1": "klinik", "n2": "", "w3": "", "w4": "klinik", "w5": "", "n6": "nord",
    }  # fmt: skip


def test_a_moved_boundary_flips_on_campus() -> None:
    drawn = extract([("n1", {"amenity": "cafe"}, Point(50, 50))])
    inside = find_places(drawn, TAXONOMY, sites({"a": square(0, 0, 100)}), CRS).frame
    outside = find_places(drawn, TAXONOMY, sites({"a": square(60, 0, 100)}), CRS).frame
    assert (inside["on_campus"].item(), outside["on_campus"].item()) == ("a", "")


@pytest.mark.parametrize(
    ("tags", "state"),
    [
        ({"wheelchair": "yes"}, "yes"),
        ({"wheelchair": "designated"}, "yes"),
        ({"wheelchair": "limited"}, "limited"),
        ({"wheelchair": "no"}, "no"),
        ({"wheelchair": "nur mit Hilfe"}, "unknown"),
        ({}, "unknown"),
        ({"toilets:wheelchair": "yes"}, "unknown"),  # one tag answers one question
        ({"amenity": "toilets", "toilets:wheelchair": "yes"}, "yes"),
        ({"amenity": "toilets", "toilets:wheelchair": "yes", "wheelchair": "no"}, "no"),
    ],
)
def test_wheelchair_has_four_states(tags: dict[str, str], state: str) -> None:
    assert only([("n1", {"amenity": "cafe", **tags}, Point(0, 0))])["wheelchair"] == state


def test_what_is_gone_is_counted_and_named() -> None:
    places = find(
        [
            ("n1", {"disused:shop": "bakery", "name": "Alt"}, Point(0, 0)),
            ("n2", {"amenity": "pub", "disused": "yes"}, Point(0, 0)),
            ("n3", {"shop": "vacant"}, Point(0, 0)),
            ("n4", {"planned:amenity": "school"}, Point(0, 0)),
            ("n5", {"amenity": "school", "construction": "yes"}, Point(0, 0)),
            ("n6", {"amenity": "cafe", "opening_hours": "off"}, Point(0, 0)),
            ("n7", {"amenity": "cafe", "end_date": "2025"}, Point(0, 0)),
            ("n8", {"shop": "bakery", "disused:amenity": "pub"}, Point(0, 0)),
            ("w9", {"razed:building": "yes"}, square(0, 0, 9)),
            ("w10", {"abandoned:railway": "rail"}, square(0, 0, 9)),
        ]
    )
    assert places.frame["id"].tolist() == ["n8"]
    assert codes(places) == {
        "places.gone": 3,
        "places.coming": 2,
        "places.closed": 1,
        "places.vacant": 1,
    }
    gone = next(one for one in places.findings if one.code == "places.gone")
    assert gone.examples == ("n1", "n2", "n7")
    assert "3 Orte sind" in gone.message
    closed = next(one for one in places.findings if one.code == "places.closed")
    assert closed.message == "1 Ort öffnet laut OSM nie und zählt nicht mit."


def test_dates_are_compared_with_the_data_and_never_with_the_clock() -> None:
    drawings: list[Drawing] = [("n1", {"amenity": "cafe", "end_date": "2020-01-01"}, Point(0, 0))]
    assert len(find(drawings, data_date=date(2019, 1, 1)).frame) == 1
    assert len(find(drawings, data_date=date(2021, 1, 1)).frame) == 0
    unknown = find(drawings, data_date=None)
    assert len(unknown.frame) == 1
    assert codes(unknown) == {"places.end_date_unknown": 1}
    drawn = extract(drawings, data_date=None)
    assert len(find_places(drawn, TAXONOMY, sites(), CRS, date(2021, 1, 1)).frame) == 0


def test_doors_on_the_outline_main_ones_first() -> None:
    building = ("w1", {"amenity": "townhall"}, square(0, 0, 20))
    doors = [
        ({"entrance": "main"}, Point(0, 10)),
        ({"entrance": "yes"}, Point(20, 10)),
        ({"entrance": "main"}, Point(30, 10)),  # of another house
    ]
    place = only([building], entrances=doors)
    assert place["entrances"].geom_type == "MultiPoint"
    assert shapely.distance(place["entrances"], moved(Point(0, 10))) < 0.01
    assert len(place["entrances"].geoms) == 1
    place = only([building], entrances=[({"entrance": "yes"}, Point(x, 0)) for x in (5, 15)])
    assert len(place["entrances"].geoms) == 2
    none = [({"entrance": "emergency"}, Point(0, 5)), ({"entrance": "home"}, Point(0, 6)),
            ({"entrance": "yes", "access": "private"}, Point(0, 7))]  # fmt: skip
    assert only([building], entrances=none)["entrances"] is None


def test_a_stop_keeps_all_its_parts_and_is_entered_on_both_sides() -> None:
    places = find(
        [
            ("n1", {"highway": "bus_stop", "name": "Markt", "shelter": "yes"}, Point(0, 0)),
            ("n2", {"highway": "bus_stop", "name": "Markt"}, Point(60, 10)),
            (
                "n3",
                {"public_transport": "stop_position", "bus": "yes", "name": "Markt"},
                Point(0, 3),
            ),
            ("n4", {"railway": "tram_stop", "name": "Markt"}, Point(30, 5)),
            ("w5", {"amenity": "shelter", "shelter_type": "public_transport"}, square(1, -3, 2)),
            ("w6", {"amenity": "shelter", "shelter_type": "public_transport"}, square(900, 0, 2)),
        ],
        stop_areas={"r7": ("n1", "n2", "n3", "n99")},
    )
    place = places.frame.iloc[0]
    assert len(places.frame) == 1
    assert place["osm_ids"] == "n1,n2,n3,n4,r7,w5"
    assert place["category"] == "bus_stop"
    assert place["kind"] == "Bus- und Straßenbahnhaltestelle"
    assert len(place["entrances"].geoms) == 3  # poles and tram stop, not the spot on the road
    assert set(places.merges["merged_osm_id"]) == {"n2", "n3", "n4", "r7", "w5"}


def test_a_station_stays_a_station_and_takes_its_underground_entrances() -> None:
    places = find(
        [
            ("n1", {"railway": "station", "station": "subway", "subway": "yes", "name": "Rathaus"},
             Point(0, 0)),
            ("n2", {"railway": "subway_entrance", "name": "Rathaus"}, Point(80, 0)),
            ("n3", {"railway": "subway_entrance"}, Point(-80, 0)),
            ("n4", {"railway": "subway_entrance"}, Point(900, 0)),
            ("n5", {"highway": "bus_stop", "name": "Rathaus"}, Point(30, 0)),
        ]
    )  # fmt: skip
    frame: Any = places.frame.set_index("id")
    assert frame["category"].to_dict() == {"n1": "station", "n5": "bus_stop"}
    assert frame.loc["n1", "osm_ids"] == "n1,n2,n3"
    assert len(frame.loc["n1", "entrances"].geoms) == 2


def test_the_whole_leads_its_parts() -> None:
    atm = {"amenity": "atm", "operator": "Sparkasse", "wheelchair": "yes", "phone": "1"}
    place = only([("n1", atm, Point(5, 5)), ("w2", {"amenity": "bank"}, square(0, 0, 10))])
    assert (place["id"], place["category"], place["osm_ids"]) == ("w2", "bank", "w2,n1")
    assert place["phone"] == ""  # what is known of the ATM is not known of the bank


HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "${alert(1)}",
    "`+alert(1)+`",
    '=HYPERLINK("http://x")',
    "a\u202eb",
    "🙂 Café",
    "\u2028",
    "'; DROP TABLE x; --",
    "x" * 255,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_as_it_is(text: str) -> None:
    place = only(
        [("n1", {"amenity": "cafe", "name": f"A{text}Z", "operator": f"A{text}Z"}, Point(0, 0))]
    )
    assert place["name"] == f"A{text}Z"
    assert place["operator"] == f"A{text}Z"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("A\x00B\x07C", "ABC"),
        ("A\tB\nC", "A B C"),
        ("Cafe\u0301", "Café"),
        ("  Linde ", "Linde"),
        ("\x7f\x85", ""),
    ],
)
def test_control_characters_go_and_letters_are_composed(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("HTTP://example.org", "HTTP://example.org"),
        ("www.finanzamt.de", "https://www.finanzamt.de"),
        ("https://a.de; https://b.de", "https://a.de"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//example.org", ""),
        ("https://", ""),
        ("https://exa mple.org", ""),
        ('https://example.org/"onmouseover=', ""),
        ("http://[::1", ""),
        ("nach Vereinbarung", ""),
        ("", ""),
    ],
)
def test_only_pages_on_the_web_are_links(link: str, kept: str) -> None:
    assert website({"website": link}) == kept


def test_an_extract_without_places_says_so() -> None:
    nothing = find([])
    assert len(nothing.frame) == 0
    assert list(nothing.frame.columns) == [*PLACE_COLUMNS, "outline", "entrances", "geometry"]
    assert codes(nothing) == {"places.none": 1}
    stops = find([("n1", {"highway": "bus_stop"}, Point(0, 0))])
    message = next(one.message for one in stops.findings if one.code == "places.none")
    assert "nur Haltestellen" in message


def test_rows_are_sorted_by_type_and_number() -> None:
    bench = {"amenity": "bench"}
    ids = ["n10", "n9", "w1", "n-3"]
    shapes = [Point(number * 100, 0) for number in range(3)]
    drawings: list[Drawing] = [
        (one, bench, shape) for one, shape in zip(ids, [*shapes, Point(900, 0)], strict=True)
    ]
    assert find(drawings).frame["id"].tolist() == ["n-3", "n9", "n10", "w1"]


def test_degrees_are_refused() -> None:
    drawn = extract([("n1", {"amenity": "cafe"}, Point(0, 0))])
    in_degrees = sites({"a": square(0, 0, 10)})
    in_degrees = type(in_degrees)(
        in_degrees.sites.to_crs("EPSG:4326"), in_degrees.houses, in_degrees.gates
    )
    with pytest.raises(CrsError):
        find_places(drawn, TAXONOMY, in_degrees, CRS)


def _broken(frame: gpd.GeoDataFrame, what: str) -> gpd.GeoDataFrame:
    broken = frame.copy()
    if what == "columns":
        return broken.drop(columns="kind")
    if what == "ids":
        broken["id"] = "n1"
    elif what == "order":
        broken = broken.iloc[::-1]
    elif what == "osm_ids":
        broken["osm_ids"] = "n0"
    elif what == "points":
        broken["geometry"] = broken.geometry.buffer(1)
    elif what == "wheelchair":
        broken["wheelchair"] = ""
    return broken


@pytest.mark.parametrize("what", ["columns", "ids", "order", "osm_ids", "points", "wheelchair"])
def test_the_contract_is_checked(what: str) -> None:
    frame = find(
        [("n1", {"amenity": "bench"}, Point(0, 0)), ("n2", {"amenity": "bench"}, Point(9, 0))]
    ).frame
    check_places(frame)
    with pytest.raises(ValueError, match=r"places|wheelchair|osm_ids"):
        check_places(_broken(frame, what))
