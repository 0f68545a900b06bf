"""Filters: what is read how, what is refused with which words, and in what time."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.ogc.crs import CRS84, epsg
from api.ogc.filters import matching, parse
from api.ogc.filters_build import MAX_PREDICATES, MAX_SLOW
from api.ogc.filters_grammar import MAX_DEPTH, MAX_TEXT
from api.ogc.filters_patterns import pattern_test
from api.service.catalogue import Collection
from api.service.problems import Problem
from tests.api.ogc.filter_sample import IDS, sample_collection


@pytest.fixture(scope="module")
def collection() -> Collection:
    return sample_collection()


def found(collection: Collection, text: str, crs: str | None = None) -> list[str]:
    mask = parse(text, collection, crs).mask(collection)
    return [key for key, kept in zip(IDS, mask, strict=True) if kept]


def refused(collection: Collection, text: str, crs: str | None = None) -> str:
    with pytest.raises(Problem) as fault:
        parse(text, collection, crs).mask(collection)
    assert fault.value.status == 400
    return fault.value.detail


# The sample's names: n00 Bäckerei Ähre, n01 bäckerei ähre, n02 O'Brien, n03 100 % frisch,
# n04 100_frisch, n05 a\b, n06 "", n07 missing, n08 Café, n09 Straße, n10 STRASSE, n11 an attack.
READ = {
    # a quotation mark in a text is doubled, or stands behind a backslash
    "name = 'O''Brien'": ["n02"],
    r"name = 'O\'Brien'": ["n02"],
    # a backslash is a sign like any other
    r"name = 'a\b'": ["n05"],
    "name = 'x'' OR ''1''=''1'": ["n11"],
    # names in quotation marks, words in small letters, spaces of all kinds
    "\"name\"\n=\t'Café'": ["n08"],
    "name = 'Café' and not (kind is null) or FALSE": ["n08"],
    "name='Café'AND kind='shop'": ["n08"],
    # AND binds more strongly than OR: n08, and nothing that is both Straße and a pub
    "name = 'Café' OR name = 'Straße' AND kind = 'pub'": ["n08"],
    # empty text is a value, not a missing one
    "name = ''": ["n06"],
    "name IS NULL": ["n07"],
    # of dates, nothing but a date is one
    "data_date IS NULL": ["n01", "n04", "n07", "n10"],
    "data_date < DATE('2026-01-01')": ["n02", "n05", "n08", "n11"],
    "data_date IN ('2026-03-12', '1999-01-01')": ["n00", "n03", "n06", "n09"],
    # ß and SS are one without regard to case
    "CASEI(name) = CASEI('strasse')": ["n09", "n10"],
    "CASEI(name) LIKE CASEI('BÄCK%')": ["n00", "n01"],
    "CASEI(name) IN (CASEI('CAFÉ'), CASEI('o''brien'))": ["n02", "n08"],
    r"name LIKE '100\_%'": ["n04"],
    r"name LIKE '100 \%%'": ["n03"],
    r"name LIKE '_\\_'": ["n05"],
    # numbers: beyond 64 bits, of tiny fractions, with signs and exponents
    "visitors = 1099511627776": ["n07"],
    "visitors < 9223372036854775808 AND visitors > 7": ["n03", "n07"],
    "score = 0.3": [],
    "score = 0.30000000000000004": ["n10"],
    "score = +1.25e0": ["n02"],
    "score = 0": ["n03"],
    # three values: the unknown of n02 and n06 (visitors) is neither here nor there
    "NOT (visitors > -100)": [],
    "visitors > 0 OR visitors IS NULL OR NOT (visitors > 0)": IDS,
    # what ArcGIS sends for everything
    "1=1": IDS,
    "1 = 2": [],
    "'a' LIKE '_'": IDS,
    "3 IN (1, 2)": [],
    "minutes IN (visitors, 15)": ["n02", "n05", "n08", "n09", "n11"],  # n09: 5 and 5
    "TRUE": IDS,
    "false": [],
    "TIMESTAMP('2026-01-01T00:00:00.50Z') = TIMESTAMP('2026-01-01T00:00:00.5Z')": IDS,
    "TIMESTAMP('2026-01-01T00:00:00Z') < TIMESTAMP('2026-01-01T00:00:00.1Z')": IDS,
    "partner > FALSE AND partner <> TRUE": [],
}


@pytest.mark.parametrize("text", READ)
def test_filters_are_read_as_meant(text: str, collection: Collection) -> None:
    assert found(collection, text) == READ[text]


def test_between_of_two_columns(collection: Collection) -> None:
    # visitors <= 5 <= minutes, row by row: 0/5, 5/10, ?/15, 12/5, 5/10, -3/15, ?/5, 2^40/10,
    # 1/15, 5/5, 0/10, 7/15
    assert found(collection, "5 BETWEEN visitors AND minutes") == [
        "n00", "n01", "n04", "n05", "n08", "n09", "n10",
    ]  # fmt: skip


REFUSED = {
    "": "unvollständig",
    "name =": "unvollständig",
    "name": "unvollständig",
    "THIS IS NOT A FILTER": "Stelle 13",
    "name = 'x": "Anführungszeichen wird nicht geschlossen",
    "name = 'x' garbage": "an Stelle 12",
    "name != 'x'": "<>",
    "name == 'x'": "einzelnen =",
    "name = NULL": "IS NULL",
    "upper(name) = 'X'": "»upper«",
    "sleep(5)": "»sleep«",
    "nothing = 1": "»nothing« an Stelle 1 ist kein Merkmal",
    '"drop table" = 1': "kein Merkmal",
    "__class__ = 1": "kein Merkmal",
    "name = 1": "links steht Text, rechts eine Zahl",
    "visitors = '1'": "links steht eine Zahl, rechts Text",
    "partner = 1": "wahr oder falsch",
    "name IN ('a', 2)": "rechts eine Zahl",
    "visitors LIKE '1%'": "LIKE",
    "CASEI(visitors) = 'x'": "CASEI",
    "data_date = 'gestern'": "kein Datum",
    "data_date = DATE('2026-02-30')": "kein Datum",
    "data_date > TIMESTAMP('2026-02-03T00:00:00Z')": "ein Zeitpunkt",
    "TIMESTAMP('2026-02-03T25:00:00Z') = TIMESTAMP('2026-02-03T25:00:00Z')": "kein Zeitpunkt",
    "visitors = 1e400": "zu groß",
    "visitors = " + "9" * 400: "zu groß",
    "visitors = NaN": "»NaN« an Stelle 12 ist kein Merkmal",
    "visitors + 1 = 2": "Stelle 10",
    "visitors = ٣": "Stelle 12",  # an Arabic digit
    "geometry = 1": "Geometrie",
    "S_INTERSECTS(name, POINT(1 2))": "keine Geometrie",
    "S_INTERSECTS(geometry, POINT(90 180))": "außerhalb",
    "S_INTERSECTS(geometry, POINT(1e400 2))": "außerhalb",
    "S_INTERSECTS(geometry, BBOX(1,2,3))": "vier Zahlen",
    "S_INTERSECTS(geometry, BBOX(1,5,3,4))": "kleineren",
    "S_INTERSECTS(geometry, POLYGON((0 0,1 0,1 1,0 1)))": "ungültig",
    "S_INTERSECTS(geometry, POLYGON((0 0,1 1,0 1,1 0,0 0)))": "ungültig",
    "S_INTERSECTS(geometry, LINESTRING(1 1,1 1))": "ungültig",
    "S_INTERSECTS(geometry, LINESTRING(1 1))": "ungültig",
    "S_BUFFER(geometry, POINT(1 2))": "»S_BUFFER«",
    "name = 'x' -- y": "Stelle 12",
    "name = 'x'; DROP TABLE services": "Stelle 11",
    "1=1 UNION SELECT 1": "Stelle 5",
    "a" * (MAX_TEXT + 1): "zu lang",
    "(" * 3000 + "1=1" + ")" * 3000: "zu tief",
    "(" * 3000: "zu tief",
    "NOT (" * 3000 + "1=1" + ")" * 3000: "zu lang",
    " OR ".join(["1=1"] * (MAX_PREDICATES + 1)): "zu viele Teile",
    " OR ".join(["name LIKE '%a%'"] * (MAX_SLOW + 1)): "zu aufwendig",
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:30])
def test_what_is_no_filter_is_refused_and_the_place_named(
    text: str, collection: Collection
) -> None:
    assert REFUSED[text] in refused(collection, text)


def test_text_from_outside_is_shown_short_and_printable(collection: Collection) -> None:
    detail = refused(collection, "name = \x00\x1b\u202e" + "x" * 500)
    assert detail.isprintable()
    assert len(detail) < 150


def test_deep_and_long_filters_within_the_limits_are_read(collection: Collection) -> None:
    deep = "(" * MAX_DEPTH + "name = 'Café'" + ")" * MAX_DEPTH
    assert found(collection, deep) == ["n08"]
    negated = "NOT (" * MAX_DEPTH + "name = 'Café'" + ")" * MAX_DEPTH
    assert MAX_DEPTH % 2 == 0
    assert found(collection, negated) == ["n08"]
    assert found(collection, " OR ".join(["1=2"] * MAX_PREDICATES)) == []
    many = ", ".join(str(number) for number in range(1000))
    assert found(collection, f"visitors IN ({many})") == [
        "n00", "n01", "n03", "n04", "n08", "n09", "n10", "n11",
    ]  # fmt: skip
    brackets = "name = '" + "(" * 3000 + "'"
    assert found(collection, brackets) == []


@pytest.mark.parametrize("size", [2000, 7900])
def test_hostile_filters_of_full_length_are_answered(size: int, collection: Collection) -> None:
    """Each would not end where reading or matching tries one way after the other."""
    for text in (
        "(" * MAX_DEPTH + "1=1 OR " * (size // 8) + "1",
        "name = '" + "\\'" * (size // 2 - 9),
        "name LIKE '" + "%a" * (size // 2 - 9) + "%b'",
        "name LIKE '" + "_%" * (size // 2 - 9) + "'",
        "visitors IN (" + "1," * (size // 2 - 9) + "1)",
        "visitors = " + "1" * (size - 20),
    ):
        with suppress(Problem):
            parse(text, collection).mask(collection)


def test_parts_of_a_pattern_follow_each_other() -> None:
    assert not pattern_test("%a%a%")("a")
    assert pattern_test("%a%a%")("ba.ab")
    assert not pattern_test("%_a%_a%")("_aa")
    assert pattern_test("%_a%_a%")("_a_a")
    assert not pattern_test("a%a")("a")


@given(
    text=st.text("aab%_\\", max_size=12),
    pattern=st.text("ab%_\\", max_size=10).filter(lambda one: not one.endswith("\\")),
)
def test_patterns_match_like_a_regular_expression(text: str, pattern: str) -> None:
    parts = re.findall(r"\\.|[^\\]", pattern)
    words = {"%": ".*", "_": "."}
    expression = "".join(words.get(part) or re.escape(part[-1]) for part in parts)
    expected = re.fullmatch(expression, text, re.DOTALL) is not None
    assert pattern_test(pattern)(text) is expected


def test_patterns_of_many_wildcards_stay_quick() -> None:
    # A regular expression would try more ways here than there is time for.
    assert not pattern_test("%" + "a_%" * 200 + "b")("a" * 5000)


def test_an_injected_text_is_a_literal(collection: Collection) -> None:
    for attack in (
        "x' OR '1'='1",
        "x'; DROP TABLE services--",
        "x' UNION SELECT * FROM houses--",
        "x' AND 1=CAST((SELECT 1) AS int)--",
        "x' AND sleep(10)--",
        "x'/**/OR/**/1=1#",
    ):
        doubled = attack.replace("'", "''")
        expected = ["n11"] if attack == "x' OR '1'='1" else []
        assert found(collection, f"name = '{doubled}'") == expected
        assert found(collection, f"name = '{doubled}' AND 1=1") == expected


UTM, METRES = epsg("EPSG:25832").uri, epsg("EPSG:3857").uri
SWAPPED = epsg("EPSG:4326", swap=True).uri


def test_shapes_are_read_in_the_order_of_the_axes(collection: Collection) -> None:
    # n00 and n07 stand at 500010, 5761010 (EPSG:25832).
    near = ["n00", "n04", "n07", "n09"]
    assert found(collection, "S_INTERSECTS(geometry, POINT(500010 5761010))", UTM) == near
    degrees = collection.shapes("EPSG:4326")
    assert degrees is not None
    x, y = degrees.written[0].x, degrees.written[0].y
    assert found(collection, f"S_INTERSECTS(geometry, POINT({x} {y}))") == near
    assert found(collection, f"S_INTERSECTS(geometry, POINT({x} {y}))", CRS84.uri) == near
    assert found(collection, f"S_INTERSECTS(geometry, POINT({y} {x}))", SWAPPED) == near
    assert found(collection, f"S_EQUALS(geometry, POINT({y} {x}))", SWAPPED) == ["n00", "n07"]
    box = f"BBOX({y - 1e-6},{x - 1e-6},{y + 1e-6},{x + 1e-6})"
    assert found(collection, f"S_INTERSECTS(geometry, {box})", SWAPPED) == near
    assert "außerhalb" in refused(collection, f"S_INTERSECTS(geometry, POINT({x} 91))")
    assert "erst die Breite" in refused(collection, "S_INTERSECTS(geometry, POINT(91 9))", SWAPPED)
    assert "filter-crs" in refused(collection, "1=1", "http://www.opengis.net/def/crs/OGC/0/no")


def test_within_and_contains_are_not_exchanged(collection: Collection) -> None:
    # n04 reaches 100 m around (500000, 5761000), n09 from there 50 m to the north-east.
    point, box = "POINT(500010 5761010)", "BBOX(499990,5760990,500060,5761060)"
    assert found(collection, f"S_CONTAINS(geometry, {point})", UTM) == ["n00", "n04", "n07", "n09"]
    assert found(collection, f"S_WITHIN({point}, geometry)", UTM) == ["n00", "n04", "n07", "n09"]
    assert found(collection, f"S_WITHIN(geometry, {box})", UTM) == ["n00", "n07", "n09"]
    assert found(collection, f"S_CONTAINS({box}, geometry)", UTM) == ["n00", "n07", "n09"]
    assert found(collection, f"S_CONTAINS(geometry, {box})", UTM) == ["n04"]


def test_boxes_across_the_antimeridian_and_without_area(collection: Collection) -> None:
    everywhere = [key for key in IDS if key not in {"n06", "n10"}]
    assert found(collection, "S_INTERSECTS(geometry, BBOX(-180,-90,180,90))") == everywhere
    assert found(collection, "S_INTERSECTS(geometry, BBOX(8,-90,-8,90))") == everywhere
    assert found(collection, "S_INTERSECTS(geometry, BBOX(10,-90,8,90))") == []
    line = "S_INTERSECTS(geometry, BBOX(500010,5760000,500010,5762000))"
    assert found(collection, line, UTM) == ["n00", "n03", "n04", "n07", "n09"]
    point = "S_INTERSECTS(geometry, BBOX(500010,5761010,1,500010,5761010,2))"
    assert found(collection, point, UTM) == ["n00", "n04", "n07", "n09"]


def test_all_kinds_of_shapes_are_read(collection: Collection) -> None:
    for shape in (
        "POINT Z(500010 5761010 7)",
        "MULTIPOINT((500010 5761010),(1 1))",
        "MULTIPOINT(500010 5761010,1 1)",
        "LINESTRING(500010 5761010,500011 5761010)",
        "MULTILINESTRING((500010 5761010,500011 5761010),(1 1,2 2))",
        "POLYGON((500009 5761009,500011 5761009,500011 5761011,500009 5761009))",
        "MULTIPOLYGON(((500009 5761009,500011 5761009,500011 5761011,500009 5761009)))",
        "GEOMETRYCOLLECTION(POINT(500010 5761010),LINESTRING(1 1,2 2))",
        "geometrycollection(point(500010 5761010))",
    ):
        found_here = found(collection, f"S_INTERSECTS(geometry, {shape})", UTM)
        assert {"n00", "n04", "n07", "n09"} <= set(found_here), shape
    hole = (
        "POLYGON((499000 5760000,501000 5760000,501000 5762000,499000 5762000,499000 5760000),"
        "(500000 5761000,500020 5761000,500020 5761020,500000 5761020,500000 5761000))"
    )
    assert "n00" not in found(collection, f"S_INTERSECTS(geometry, {hole})", UTM)


def test_some_rows_are_asked_alone(collection: Collection) -> None:
    rows = np.array([7, 0, 5])
    for text in (
        "name = 'Bäckerei Ähre' OR kind = 'pub'",
        "visitors > 0",
        "S_INTERSECTS(geometry, BBOX(-180,-90,180,90)) AND name IS NOT NULL",
        "CASEI(name) LIKE 'b%'",
    ):
        whole = parse(text, collection).mask(collection)
        assert parse(text, collection).mask(collection, rows).tolist() == whole[rows].tolist()


def test_values_by_name(collection: Collection) -> None:
    def by_name(**values: str) -> list[str]:
        mask = matching(collection, values).mask(collection)
        return [key for key, kept in zip(IDS, mask, strict=True) if kept]

    assert by_name(name="O'Brien") == ["n02"]
    assert by_name(name="") == ["n06"]
    assert by_name(visitors="5") == ["n01", "n04", "n09"]
    assert by_name(visitors="9" * 300) == []
    assert by_name(score="5", partner="true") == ["n04"]
    assert by_name(data_date="2026-03-12", kind="shop") == ["n00", "n06"]
    for name, value in (
        ("visitors", "5.5"),
        ("visitors", ""),
        ("score", "NaN"),
        ("score", "Infinity"),
        ("score", "1e400"),
        ("score", "1,5"),
        ("partner", "ja"),
        ("partner", "1"),
        ("data_date", "2026-02-30"),
        ("data_date", "x"),
        ("geometry", "x"),
        ("nothing", "x"),
    ):
        with pytest.raises(Problem):
            by_name(**{name: value})


def test_many_threads_read_filters_at_once() -> None:
    """The parser and the columns are made when they are first needed, by whoever comes."""
    collection = sample_collection()
    texts = list(READ) * 5
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda text: found(collection, text), texts))
    assert results == [READ[text] for text in texts]
