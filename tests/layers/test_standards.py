"""Standards: where each number comes from, which one counts, town or country."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from geo.errors import StudyError
from layers.area_types import AROUND_M, RURAL_BELOW_PER_KM2, TOWN_FROM, area_types
from layers.needs import STATES, TOLERANCE_S
from layers.people import People
from layers.same_place import FEWEST
from layers.standards import (
    OWN_SOURCE,
    check_standards,
    load_standards,
    standard_minutes,
    standard_source,
)
from layers.taxonomy import load_taxonomy
from tests.layers.need_towns import campus, people_of

ROOT = Path(__file__).resolve().parents[2]
# Degrees around the drawn towns, wide enough for every circle of 1 km.
EVERYWHERE = (7.0, 51.5, 8.0, 52.5)


def ready(**settings: object) -> People:
    return people_of(campus(), **settings)  # type: ignore[arg-type]


def test_every_number_says_what_it_rests_on() -> None:
    standards = load_standards()
    table = tomllib.loads((files("layers") / "data" / "standards.toml").read_text("utf-8"))
    known = set(table["sources"].values())
    used = set()
    for one in (*standards.categories.values(), *standards.groups.values(), standards.default):
        assert {one.urban_source, one.rural_source} <= known
        used |= {one.urban_source, one.rural_source}
        # In the country ways are longer, and nothing is expected to be nearer.
        assert 1 <= one.urban <= one.rural <= 30
    assert used == known


def test_every_category_and_group_that_is_named_exists() -> None:
    standards, taxonomy = load_standards(), load_taxonomy()
    assert set(standards.categories) <= {one.id for one in taxonomy.categories if one.indicator}
    asked = {one.group for one in taxonomy.categories if one.indicator}
    assert set(standards.groups) == asked


@pytest.mark.parametrize(
    ("category", "urban", "minutes", "source"),
    [
        ("supermarket", True, 10, "Nahbereich"),
        ("supermarket", False, 15, "Annahme"),
        ("doctors", True, 15, "BBSR"),
        ("park", True, 10, "GALK"),  # 500 m × 1.2 at 1 m/s
        ("bus_stop", True, 10, "VDV"),  # the same
        ("bus_stop", False, 14, "Steinfurt"),  # 700 m × 1.2 = 840 s
        ("hospital", True, 30, "Annahme"),
        ("no_such_category", True, 15, "Annahme"),
    ],
)
def test_the_standards(category: str, *, urban: bool, minutes: float, source: str) -> None:
    study = ready().ready
    assert standard_minutes(study, category, urban=urban) == minutes
    assert source in standard_source(study, category, urban=urban)


def test_the_study_knows_better_in_town_and_country() -> None:
    study = ready(standards={"doctors": 7.5}).ready
    assert [standard_minutes(study, "doctors", urban=urban) for urban in (True, False)] == [
        7.5
    ] * 2
    assert standard_source(study, "doctors", urban=True) == OWN_SOURCE


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("docters", "doctors (Arztpraxis)"),
        ("Arztpraxis", "doctors (Arztpraxis)"),
        ("supermarkt", "supermarket (Supermarkt)"),
        ("xyzxyzxyz", "docs/kategorien.md"),
        ("<b>", "docs/kategorien.md"),
    ],
)
def test_a_standard_for_a_category_that_does_not_exist(key: str, said: str) -> None:
    study = ready(standards={key: 5}).ready
    with pytest.raises(StudyError) as fault:
        check_standards(study.study, study.taxonomy)
    assert said in str(fault.value)
    assert "study.toml" in str(fault.value.where)


def test_a_standard_for_a_category_that_is_switched_off() -> None:
    off = load_taxonomy().switched_off[0].id
    study = ready(standards={off: 5}).ready
    with pytest.raises(StudyError, match="nicht in Gebrauch"):
        check_standards(study.study, study.taxonomy)


@pytest.mark.parametrize(
    ("each", "area"),
    [
        # The circle of 1 km, drawn with 256 corners, has 3.1413 km²: 300 per km² are 942.4
        # people. 24 live in the house, which has the usual number of places.
        (91.8, "rural"),  # 918 + 24 = 942
        (91.9, "urban"),  # 919 + 24 = 943
    ],
)
def test_town_or_country_by_the_people_within_a_kilometre(each: float, area: str) -> None:
    near = [(100.0, 20.0 + number) for number in range(10)]
    far = [(20.0 + 1001.0, 10.0)]  # the house is 20 m east of the corner
    people = people_of(campus(), homes=[*near, *far], each=each)
    found = area_types(people)
    assert found["origin_id"].tolist() == ["h"]
    assert found["area"].tolist() == [area]
    assert found["area_from"].tolist() == ["estimate"]
    assert found["people_per_km2"].item() == pytest.approx((10 * each + 24) / 3.1413, abs=0.1)


@pytest.mark.parametrize(
    ("each", "second", "area"),
    [
        # All in one cell, the house's: ten homes and 24 residents.
        (497.5, None, "rural"),  # 4975 + 24 = 4999
        (497.6, None, "urban"),  # 4976 + 24 = 5000
        # Half of them 1 km east and south, in a cell that touches the first by its corner.
        (497.6, (1100.0, 1020.0), "urban"),
        (497.5, (1100.0, 1020.0), "rural"),
        # Half of them 2 km east: an empty cell lies between.
        (497.6, (2100.0, 20.0), "rural"),
    ],
)
def test_a_village_is_no_town(each: float, second: tuple[float, float] | None, area: str) -> None:
    near = [(100.0, 20.0 + number) for number in range(10)]
    homes = near if second is None else [*near[:5], *[second] * 5]
    people = people_of(campus(), homes=homes, each=each, bounds=EVERYWHERE)
    assert area_types(people)["area"].tolist() == [area]


def test_the_study_says_whether_it_is_town_or_country() -> None:
    found = area_types(people_of(campus(), area="urban"))
    assert found["area"].tolist() == ["urban"]
    assert found["area_from"].tolist() == ["study"]


def test_numbers_from_statistics_are_no_estimate() -> None:
    found = area_types(people_of(campus(), estimated=False, bounds=EVERYWHERE))
    assert found["area_from"].tolist() == ["population"]
    # 24 residents alone make no town.
    assert found["area"].tolist() == ["rural"]


def test_at_the_edge_of_the_extract_only_what_it_covers_counts() -> None:
    from pyproj import Transformer  # noqa: PLC0415

    from tests.geo.drawings import CORNER, CRS  # noqa: PLC0415

    # West of the house nothing is known: half of the circle, so half the people suffice; and
    # how large the place is is not known either.
    west, middle = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True).transform(
        CORNER[0] + 20, CORNER[1] - 10
    )
    homes = [(100.0, 20.0 + number) for number in range(10)]
    half = (west, middle - 0.5, west + 1, middle + 0.5)
    for bounds, area in ((EVERYWHERE, "rural"), (half, "urban")):
        people = people_of(campus(), homes=homes, each=48.0, bounds=bounds)
        assert area_types(people)["area"].tolist() == [area]


def standards_rows() -> list[str]:
    """Return the rows of the table in ``docs/bedarf.md``."""
    standards = load_standards()
    return [
        f"| {one.label} | `{one.id}` | {found.urban:g} | {found.urban_source} | {found.rural:g} | "
        f"{found.rural_source} |"
        for one in load_taxonomy().categories
        if one.indicator
        for found in [standards.of(one)]
    ]


def test_the_table_in_the_documents_is_that_of_the_file() -> None:
    text = (ROOT / "docs" / "bedarf.md").read_text(encoding="utf-8")
    table = text.partition("### Alle Richtwerte")[2].partition("\n\nArten")[0]
    lines = [line for line in table.splitlines() if line.startswith("|")]
    assert lines[2:] == standards_rows()
    usual = load_standards().default
    assert f"sonst {usual.urban:g} Minuten in der\nStadt und {usual.rural:g} auf dem Land" in text


def test_the_document_says_what_counts() -> None:
    text = (ROOT / "docs" / "bedarf.md").read_text(encoding="utf-8")
    for constant in (
        f"{RURAL_BELOW_PER_KM2:g} Menschen je km²",
        f"{TOWN_FROM // 1000}.000",
        f"Umkreis von {AROUND_M / 1000:g} km",
        f"als {FEWEST} Adressen",
        f"Bis zu {TOLERANCE_S / 60:g} Minuten Unterschied",
    ):
        assert constant in text
    assert {f"`{state}`" for state in STATES.values()} <= set(re.findall(r"`\w+`", text))
