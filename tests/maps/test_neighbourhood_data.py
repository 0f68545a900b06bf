"""Needs, neighbours at the gate and common ground come out of the page's data as they were."""

from __future__ import annotations

import base64
import json
import re
import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from layers.common_ground import least_neighbours
from layers.need_words import need_sentences
from layers.small_numbers import shown
from maps.encoding import to_world
from maps.neighbourhood_data import GROUPS, gate_counts, neighbourhood_data, packed_needs
from maps.profile_data import variants
from maps.reach_data import pack_areas
from maps.study_data import origin_ids
from maps.web_map import render_map
from tests.layers.sample import sample_snapshot
from tests.maps.neighbours import CLOSED, FEW, LOST, neighbourly, neighbourly_page, told
from tests.maps.placed import example
from tests.maps.test_encoding import read_numbers

SITE, HOUSES = "musterhausen", ["haus-a", "haus-b", "haus-c"]


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    return neighbourhood_data(neighbourly(), origin_ids(neighbourly()))


def needs_of(
    packed: dict[str, Any], origins: int
) -> tuple[list[list[int]], list[list[list[str]]]]:
    """Read how many kinds there are of each state, and the sentences, group by group."""
    sentences = json.loads(zlib.decompress(base64.b64decode(packed["sentences"])))
    numbers = iter(read_numbers(packed["numbers"]))
    kinds = [[next(numbers) for _ in range(4)] for _ in range(origins)]
    counts = [[next(numbers) for _ in range(5)] for _ in range(origins)]
    said = [[[sentences[next(numbers)] for _ in range(count)] for count in row] for row in counts]
    assert next(numbers, None) is None
    return kinds, said


def test_neighbours_at_the_gate_are_those_of_python(data: dict[str, Any]) -> None:
    snapshot = neighbourly()
    assert origin_ids(snapshot) == [SITE, *HOUSES]
    assert data["minutes"] == 10
    written = np.array(read_numbers(data["reach"])).reshape(-1, 4)
    reach = told(snapshot).house_reach
    for row, (profile, state) in zip(written.tolist(), variants(snapshot), strict=True):
        one = reach[(reach["profile"] == profile) & (reach["state"] == state)]
        raw = one[one["minutes"] == 10].set_index("house_id")["neighbours"]
        for column, house in enumerate(HOUSES, start=1):
            if profile == CLOSED:
                expected = 2
            elif profile == LOST:
                expected = 1
            else:
                number = shown(raw[house])
                expected = 3 + (1 if number is None else number)
            assert row[column] == expected
        # The gate of the site is that of its houses.
        assert row[0] == row[1]
    # Three neighbours are not told, 51 are.
    assert written[[key for key, _ in variants(snapshot)].index(FEW), 1] == 4
    assert written[0, 1] == 3 + 51


def test_no_count_of_one_to_four_is_written() -> None:
    snapshot = example()
    pages = set()
    for people in (1.0, 2.4, 3.0, 4.4):
        reach = told(snapshot).house_reach.assign(neighbours=people)
        other = replace(told(snapshot), house_reach=reach)
        counts = gate_counts(snapshot, other, origin_ids(snapshot), 10)
        pages.add(counts.tobytes())
        assert set(counts.ravel().tolist()) == {4}
    # Whoever reads the file cannot tell them from one another.
    assert len(pages) == 1


def test_the_sentences_are_those_of_the_report(data: dict[str, Any]) -> None:
    snapshot = neighbourly()
    profile = next(iter(snapshot.profiles.values()))
    needs = told(snapshot).needs
    sentences = need_sentences(needs, snapshot.taxonomy, profile)
    kinds, said = needs_of(data["needs"], 4)
    assert data["needs"]["profile"] == 0
    # The site has none of its own: its houses have.
    assert said[0] == [[]] * 5
    assert kinds[0] == [0] * 4
    for column, house in enumerate(HOUSES, start=1):
        flat = [text for group in said[column] for text in group]
        added = [text for text in flat if text.startswith("Im Richtwert: ")]
        assert [text for text in flat if text not in added] == sentences[house]
        states = needs[needs["house_id"] == house]["state"]
        assert kinds[column] == [int((states == group).sum()) for group in GROUPS[1:]]
        met = needs[(needs["house_id"] == house) & (needs["state"] == "met")]["category"]
        labels = [snapshot.taxonomy.by_id[key].label for key in met]
        (listed,) = added
        assert all(label in listed for label in labels)
        assert listed.count(",") + listed.count(" und ") >= len(labels) - 1


def test_each_sentence_stands_under_its_state(data: dict[str, Any]) -> None:
    _, said = needs_of(data["needs"], 4)
    intro, gaps, on_campus, met, unseen = said[1]
    assert intro[0].startswith("Zu Fuß, von 43 Arten von Orten: ")
    assert all("nicht erfasst" not in text for text in gaps if "Vielleicht" not in text)
    assert any(text.startswith("Die nächste Bäckerei ist 22 Minuten entfernt") for text in gaps)
    assert len(on_campus) == 3
    assert all("nur auf dem Gelände" in text for text in on_campus)
    assert any("der Richtwert liegt bei" in text for text in met)
    assert len(unseen) == 1
    assert "nicht erfasst" in unseen[0]
    assert "zeigt ein Blick vor Ort" in unseen[0]


def test_internal_categories_are_not_told() -> None:
    snapshot = example()
    categories = [
        replace(one, layer="risk") if one.id == "bakery" else one
        for one in snapshot.taxonomy.categories
    ]
    internal = replace(snapshot.taxonomy, categories=tuple(categories))
    for taxonomy, told_of in ((snapshot.taxonomy, True), (internal, False)):
        changed = replace(snapshot, taxonomy=taxonomy)
        packed = packed_needs(changed, told(changed), origin_ids(changed))
        kinds, said = needs_of(packed, 4)
        texts = [text for group in said[1] for text in group]
        assert any("Bäckerei" in text for text in texts) == told_of
        assert sum(kinds[1]) == (43 if told_of else 42)


def test_many_houses_share_their_sentences() -> None:
    snapshot = example()
    known = told(snapshot)
    one = known.needs[known.needs["house_id"] == "haus-a"]
    ids = [f"h{number:03d}" for number in range(300)]
    needs = pd.concat([one.assign(house_id=key) for key in ids], ignore_index=True)
    packed = packed_needs(snapshot, replace(known, needs=needs), ids)
    single = packed_needs(snapshot, replace(known, needs=one), ["haus-a"])
    assert packed["sentences"] == single["sentences"]
    assert len(packed["numbers"]) < 6 * 300


def test_common_ground_is_that_of_the_widest_state(data: dict[str, Any]) -> None:
    snapshot = neighbourly()
    common = data["common"]
    assert common["owner"] == [0, 0, 0, 0]
    assert common["least"] == [least_neighbours(told(snapshot).people)[SITE]]
    frame = told(snapshot).common_ground
    assert len(common["packs"]) == len(snapshot.profiles)
    found = 0
    for pack, (profile, one) in zip(common["packs"], snapshot.profiles.items(), strict=True):
        rows = frame[(frame["profile"] == profile) & (frame["state"] == one.states[-1].value)]
        areas = rows.set_index("minutes").geometry.to_crs("EPSG:4326")
        numbers = read_numbers(pack["data"])
        assert pack["shapes"] == len(snapshot.minutes)
        parts = numbers[pack["shapes"] : 2 * pack["shapes"]]
        # Something is drawn exactly where there is something.
        assert [count > 0 for count in parts] == [key in areas.index for key in snapshot.minutes]
        found += len(areas)
        if len(areas):
            bounds = shapely.total_bounds(areas.to_numpy())
            corner = to_world(np.array([[bounds[0], bounds[3]]]))[0]
            # West and north of all points, to the nearest corners that were kept: three metres.
            assert abs(pack["x"] - corner[0]) <= 20
            assert abs(pack["y"] - corner[1]) <= 20
    assert found == 8


def test_a_house_off_any_grounds_has_its_own_and_nobodys_has_none() -> None:
    snapshot = example()
    people = told(snapshot).people
    residents = people.residents
    # One house stands off the grounds; of the others it is the site that counts.
    people.__dict__["residents"] = residents.assign(site_id=["musterhausen", "", "musterhausen"])
    try:
        least = least_neighbours(people)
        ground = told(snapshot).common_ground
        mine = ground.assign(site_id="haus-b")
        other = replace(told(snapshot), common_ground=mine)
        changed = replace(snapshot, neighbourhood=other)
        common = neighbourhood_data(changed, [*origin_ids(snapshot), "leer"])["common"]
    finally:
        people.__dict__["residents"] = residents
    assert common["owner"] == [1, 1, 0, 1, -1]
    assert common["least"] == [least["haus-b"], least["musterhausen"]]
    bicycle = read_numbers(common["packs"][-1]["data"])
    # Kinds of six shapes, then their parts: all are those of the house.
    assert [count > 0 for count in bicycle[6:12]] == [True, True, True, False, False, False]


def test_coarse_areas_are_shorter() -> None:
    snapshot = example()
    states = [("bicycle", "confirmed")]
    frame = told(snapshot).common_ground
    fine, coarse = (
        pack_areas(frame, "site_id", [SITE], snapshot, states, coarse=one)[0]
        for one in (False, True)
    )
    assert len(coarse["data"]) < 0.8 * len(fine["data"])


def test_without_a_neighbourhood_nothing_of_it_is_in_the_page() -> None:
    assert 'id="daten-neighbourhood"' in neighbourly_page()
    html = render_map(sample_snapshot())
    assert 'id="daten-neighbourhood"' not in html
    assert "sozialraum.neighbourhood(" not in html
    with pytest.raises(ValueError, match="no neighbourhood"):
        neighbourhood_data(sample_snapshot(), [])


def test_is_the_same_every_time_and_small() -> None:
    assert render_map(neighbourly()) == neighbourly_page()
    match = re.search(r'id="daten-neighbourhood">(.*?)</script>', neighbourly_page(), re.DOTALL)
    assert match is not None
    assert len(match[1]) < 20_000
