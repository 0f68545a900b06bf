"""One real thing is one place: rule by rule, and on pairs labelled by hand."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from shapely import box

from benchmarks.place_merging import LABELS, LATER_LABELS, read_labels, score_pairs
from tests.layers.drawn_groups import Case, expected, groups

CASES: list[Case] = [
    (
        "node in its building, same name",
        "n1 w1",
        ["n1 5,5 shop=bakery|name=Müller", "w1 0,0+10 shop=bakery|name=Müller"],
    ),
    (
        "node in its building, one without a name",
        "n1 w1",
        ["n1 5,5 shop=bakery|name=Müller", "w1 0,0+10 shop=bakery"],
    ),
    (
        "node in a building of another name",
        "",
        ["n1 5,5 shop=bakery|name=Müller", "w1 0,0+10 shop=bakery|name=Schmidt"],
    ),
    (
        "node in a building of another category",
        "",
        ["n1 5,5 shop=bakery|name=Müller", "w1 0,0+10 shop=supermarket"],
    ),
    (
        "two practices in an unnamed building: the building joins one of them only",
        "n1 w1",
        [
            "n1 2,2 amenity=doctors|name=Dr. Ahorn",
            "n2 8,8 amenity=doctors|name=Dr. Birke",
            "w1 0,0+10 amenity=doctors",
        ],
    ),
    (
        "spelling of a name",
        "n1 w1",
        [
            "n1 5,30 amenity=place_of_worship|name=St. Marien",
            "w1 0,0+10 amenity=place_of_worship|name=SANKT MARIEN",
        ],
    ),
    (
        "umlauts and legal forms",
        "n1 n2",
        [
            "n1 0,0 shop=bakery|name=Bäckerei Köhler GmbH",
            "n2 15,0 shop=bakery|name=Baeckerei Koehler",
        ],
    ),
    (
        "short name in the long name, at the wall",
        "n1 w1",
        ["n1 5,5 amenity=bank|name=Sparkasse", "w1 0,0+10 amenity=bank|name=Sparkasse Steinfurt"],
    ),
    (
        "short name in the long name, down the street",
        "",
        ["n1 0,0 shop=bakery|name=Köhler", "n2 60,0 shop=bakery|name=Köhler am Markt"],
    ),
    (
        "same name 50 m apart",
        "n1 n2",
        ["n1 0,0 shop=bakery|name=Köhler", "n2 50,0 shop=bakery|name=Köhler"],
    ),
    (
        "same name 76 m apart",
        "",
        ["n1 0,0 shop=bakery|name=Köhler", "n2 76,0 shop=bakery|name=Köhler"],
    ),
    (
        "two branches of a chain 40 m apart",
        "",
        [
            "n1 0,0 shop=bakery|name=Malzers|brand=Malzers",
            "n2 40,0 shop=bakery|name=Malzers|brand=Malzers",
        ],
    ),
    (
        "a chain mapped twice",
        "n1 n2",
        [
            "n1 0,0 shop=bakery|name=Malzers|brand=Malzers",
            "n2 12,0 shop=bakery|name=Malzers|brand=Malzers",
        ],
    ),
    (
        "a chain, a node beside its building",
        "n1 w2",
        [
            "n1 0,0 shop=bakery|name=Malzers|brand=Malzers",
            "w2 30,0+10 shop=bakery|name=Malzers|brand=Malzers",
        ],
    ),
    (
        "same name, two house numbers",
        "",
        [
            "n1 0,0 shop=bakery|name=Köhler|addr:street=Weg|addr:housenumber=1",
            "n2 30,0 shop=bakery|name=Köhler|addr:street=Weg|addr:housenumber=9",
        ],
    ),
    (
        "same name, two telephones",
        "",
        [
            "n1 0,0 shop=bakery|name=Köhler|phone=+49 5481 111111",
            "n2 30,0 shop=bakery|name=Köhler|phone=05481 222222",
        ],
    ),
    (
        "same telephone written differently, one without a name",
        "n1 n2",
        [
            "n1 0,0 shop=bakery|name=Köhler|phone=+49 5481 111111",
            "n2 30,0 shop=bakery|phone=05481/111111",
        ],
    ),
    (
        "same page, but of the host only",
        "",
        [
            "n1 0,0 shop=bakery|website=https://www.malzers.de/",
            "n2 30,0 shop=bakery|website=https://www.malzers.de/",
        ],
    ),
    (
        "a joint telephone of two doctors",
        "",
        [
            "n1 0,0 amenity=doctors|name=Dr. Ahorn|phone=05481 111111",
            "n2 5,0 amenity=doctors|name=Dr. Birke|phone=05481 111111",
        ],
    ),
    (
        "same item of Wikidata",
        "n1 w2",
        [
            "n1 0,0 tourism=museum|name=Haus A|wikidata=Q1",
            "w2 20,0+9 tourism=museum|name=Museum B|wikidata=Q1",
        ],
    ),
    (
        "a node at the wall of an unnamed building",
        "n1 w1",
        ["n1 15,5 amenity=cafe|name=Linde", "w1 0,0+10 amenity=cafe"],
    ),
    (
        "a node away from an unnamed building",
        "",
        ["n1 25,5 amenity=cafe|name=Linde", "w1 0,0+10 amenity=cafe"],
    ),
    (
        "two nodes without names side by side",
        "",
        ["n1 0,0 amenity=restaurant", "n2 4,0 amenity=restaurant"],
    ),
    (
        "one named, one not, both nodes: two hairdressers in a mall",
        "",
        ["n1 0,0 shop=hairdresser|name=Cleo", "n2 21,0 shop=hairdresser"],
    ),
    (
        "twice the same general name on one spot",
        "n1 n2",
        [
            "n1 0,0 amenity=place_of_worship|name=Kirche",
            "n2 1,0 amenity=place_of_worship|name=Kirche",
        ],
    ),
    (
        "general names are no names",
        "",
        [
            "n1 0,0 leisure=playground|name=Spielplatz",
            "n2 40,0 leisure=playground|name=Spielplatz",
        ],
    ),
    (
        "grounds and house of a school",
        "w1 w2",
        [
            "w1 0,0+100 amenity=school|name=Grundschule Süd",
            "w2 20,20+20 amenity=school|name=Grundschule Süd|building=school",
        ],
    ),
    (
        "houses of a school without names, beside its grounds",
        "w1 w2",
        ["w1 0,0+50 amenity=school|name=Ahornschule", "w2 65,0+20 amenity=school"],
    ),
    (
        "two schools side by side",
        "",
        [
            "w1 0,0+50 amenity=school|name=Ahornschule",
            "w2 50,0+50 amenity=school|name=Birkenschule",
        ],
    ),
    (
        "unnamed grounds of two schools join one of them",
        "w1 w2",
        [
            "w1 0,0+100 amenity=school",
            "w2 10,10+20 amenity=school|name=Ahornschule",
            "w3 60,60+20 amenity=school|name=Birkenschule",
        ],
    ),
    (
        "a relation and its outline",
        "r1 w1",
        ["r1 0,0+100 natural=water|name=Tollensesee", "w1 0,0+100 natural=water|name=Tollensesee"],
    ),
    (
        "a park on both sides of a street",
        "w1 w2",
        ["w1 0,0+100 leisure=park|name=Stadtpark", "w2 115,0+100 leisure=park|name=Stadtpark"],
    ),
    (
        "an unnamed lawn beside a park",
        "",
        ["w1 0,0+100 leisure=park|name=Stadtpark", "w2 100,0+100 leisure=park"],
    ),
    (
        "a named part of a park",
        "",
        [
            "w1 0,0+100 leisure=park|name=Kulturpark",
            "w2 10,10+20 leisure=park|name=Rosengarten am See",
        ],
    ),
    (
        "an annexe without a name",
        "w1 w2",
        ["w1 0,0+10 amenity=restaurant|name=Edelweiß", "w2 10,0+8 amenity=restaurant"],
    ),
    (
        "a hall on a sports ground, both with general names",
        "",
        [
            "w1 0,0+100 leisure=sports_centre|name=Sportplatz",
            "w2 10,10+30 leisure=sports_centre|name=Sporthalle",
        ],
    ),
    (
        "two benches",
        "",
        ["n1 0,0 amenity=bench", "n2 2,0 amenity=bench"],
    ),
    (
        "two letter boxes of one number",
        "n1 n2",
        ["n1 0,0 amenity=post_box|ref=44287 12", "n2 9,0 amenity=post_box|ref=44287 12"],
    ),
    (
        "two letter boxes without names 20 m apart",
        "",
        ["n1 0,0 amenity=post_box", "n2 20,0 amenity=post_box"],
    ),
    (
        "a stand for bicycles drawn twice",
        "n1 w1",
        ["n1 2,2 amenity=bicycle_parking", "w1 0,0+4 amenity=bicycle_parking"],
    ),
    (
        "two courts of one club",
        "",
        [
            "w1 0,0+20 leisure=pitch|sport=tennis|name=TC Blau",
            "w2 22,0+20 leisure=pitch|sport=tennis|name=TC Blau",
        ],
    ),
    (
        "a court among courts",
        "",
        ["w1 0,0+60 leisure=pitch|sport=tennis", "w2 2,2+20 leisure=pitch|sport=tennis"],
    ),
    (
        "a pitch within its fence",
        "w1 w2",
        ["w1 0,0+60 leisure=pitch", "w2 5,5+50 leisure=pitch|name=Rheinparkstadion"],
    ),
    (
        "a basketball court on a football pitch",
        "",
        ["w1 0,0+30 leisure=pitch|sport=soccer", "n2 5,5 leisure=pitch|sport=basketball"],
    ),
    (
        "an ATM in a bank",
        "n1 w1",
        ["n1 5,5 amenity=atm", "w1 0,0+10 amenity=bank|name=Sparkasse"],
    ),
    (
        "an ATM at the door of its bank",
        "n1 n2",
        ["n1 0,0 amenity=atm|operator=Sparkasse", "n2 20,0 amenity=bank|name=Sparkasse Steinfurt"],
    ),
    (
        "an ATM of another bank",
        "",
        ["n1 0,0 amenity=atm|operator=Volksbank", "n2 20,0 amenity=bank|name=Sparkasse Steinfurt"],
    ),
    (
        "the playground of a Kita",
        "w1 w2",
        ["w1 10,10+10 leisure=playground", "w2 0,0+60 amenity=kindergarten|name=Kita Süd"],
    ),
    (
        "a public playground on the grounds of a Kita",
        "",
        [
            "w1 10,10+10 leisure=playground|access=yes",
            "w2 0,0+60 amenity=kindergarten|name=Kita Süd",
        ],
    ),
    (
        "basins of a bath",
        "w1 w2 w3",
        [
            "w1 10,10+10 leisure=swimming_pool|name=Nichtschwimmerbecken",
            "w2 30,10+20 leisure=swimming_pool|name=Schwimmerbecken",
            "w3 0,0+200 leisure=water_park|name=Waldbad",
        ],
    ),
    (
        "a room of a university",
        "w1 w2",
        [
            "w1 0,0+50 amenity=university|name=Universität",
            "w2 5,5+5 amenity=university|indoor=room|name=204",
        ],
    ),
    (
        "a house of a university",
        "n1 w2",
        [
            "n1 5,5 amenity=college|name=Fachschule Haus 3",
            "w2 0,0+50 amenity=college|name=Fachschule Lengerich",
        ],
    ),
]


@pytest.mark.parametrize(("why", "result", "lines"), CASES, ids=[case[0] for case in CASES])
def test_cases(why: str, result: str, lines: list[str]) -> None:
    assert groups(lines) == expected(result), why


def test_a_branch_in_a_supermarket_and_one_in_the_next_house() -> None:
    lines = [
        "n1 15,5 shop=bakery|name=Malzers|brand=Malzers",
        "n2 30,5 shop=bakery|name=Malzers|brand=Malzers",
    ]
    assert groups(lines) == expected("n1 n2")  # 15 m apart, nothing else is known
    assert groups(lines, houses=[box(0, 0, 20, 10), box(25, 0, 40, 10)]) == set()


def test_no_group_reaches_far() -> None:
    lines = [
        f"w{number} {40 * number},0+20 amenity=school|name=Ahornschule" for number in range(30)
    ]
    found = groups(lines)
    assert found
    for group in found:
        numbers = [int(osm_id[1:]) for osm_id in group]
        assert 40 * (max(numbers) - min(numbers)) - 20 <= 150


def test_the_order_of_the_objects_does_not_matter() -> None:
    generator = random.Random(7)  # noqa: S311
    for _, _, lines in CASES:
        shuffled = list(lines)
        generator.shuffle(shuffled)
        # Ties go to the first in the order of the extract, which is that of the ids.
        sizes = sorted(len(group) for group in groups(lines))
        assert sorted(len(group) for group in groups(shuffled)) == sizes


@pytest.mark.parametrize("labels", [LABELS, LATER_LABELS], ids=["before", "after"])
def test_pairs_labelled_by_hand(shared_data: Path, labels: Path) -> None:
    score = score_pairs(read_labels(labels), shared_data / "osm")
    assert len(score.found) + len(score.missed) >= 80
    assert len(score.wrong) + len(score.kept_apart) >= 50
    assert score.precision >= 0.98, score.wrong
    assert score.recall >= 0.95, score.missed
