"""Rankings and spots come out of their packs as they were, and small counts never do."""

from __future__ import annotations

import base64
import json
import re
import zlib
from dataclasses import replace
from itertools import accumulate
from typing import Any

import numpy as np
import pytest

from layers.placement import Ranking
from layers.ranking import varied_weights
from layers.small_numbers import shown
from layers.spots import BUDGET_BYTES, find_spots, size_in_page
from maps.encoding import to_world
from maps.place_data import world_points
from maps.ranking_data import BEST_OF_EACH, counts_written, ranking_data, spots_data
from maps.study_data import origin_ids
from maps.web_map import render_map
from tests.layers.sample import sample_snapshot
from tests.maps.placed import MANY, example, many, placed, placed_page, placed_snapshot
from tests.maps.test_encoding import read_numbers
from tests.maps.test_time_data import signed


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    return ranking_data(placed_snapshot(), origin_ids(placed_snapshot()))


def workshop() -> Ranking:
    placement = placed_snapshot().placement
    assert placement is not None
    return placement.rankings[1]


def unpacked(one: dict[str, Any], starts: int = 3, thresholds: int = 3) -> dict[str, Any]:
    """Read the numbers of a ranking; written from the description."""
    numbers = iter(read_numbers(one["numbers"]))
    n, k = len(one["ids"]), len(one["criteria"])

    def rows(count: int, width: int) -> list[list[int]]:
        return [[next(numbers) for _ in range(width)] for _ in range(count)]

    read = {"scaled": rows(n, k), "raw": rows(n, k), "minutes": rows(starts, n),
            "neighbours": rows(thresholds, n)}  # fmt: skip
    assert next(numbers, None) is None
    return read


def texts(one: dict[str, Any]) -> list[str]:
    said: list[str] = json.loads(zlib.decompress(base64.b64decode(one["texts"])))
    return said


def test_scaled_values_and_weights_are_exact(data: dict[str, Any]) -> None:
    scores = workshop().scores
    one = data["rankings"][1]
    assert one["weights"] == scores.weights.tolist()
    scaled = np.array(unpacked(one)["scaled"]) / 1_000_000
    assert (scaled == scores.scaled).all()


def test_factors_are_those_of_the_ranking(data: dict[str, Any]) -> None:
    factors = np.array(read_numbers(data["factors"])) / 10_000
    for one, ranking in zip(data["rankings"], placed_snapshot().placement.rankings, strict=True):  # type: ignore[union-attr]
        weights = np.array(one["weights"])
        k = len(weights)
        series = factors[: data["draws"] * k].reshape(data["draws"], k) * weights
        total = np.array(list(accumulate(series.T, initial=0))[-1])
        assert (series / total[:, None] == varied_weights(ranking.scores.weights)).all()


def test_raw_values_are_written_as_people_read_them(data: dict[str, Any]) -> None:
    scores = workshop().scores
    one = data["rankings"][1]
    for row, written in enumerate(unpacked(one)["raw"]):
        for criterion, value, number in zip(
            scores.criteria, scores.raw[row], written, strict=True
        ):
            if not np.isfinite(value):
                assert number == 0
            elif criterion.unit == "Menschen" and shown(value) is None:
                assert number == 1
            else:
                read = signed(number - 2) / 10**criterion.digits
                assert f"{read:.{criterion.digits}f}" == f"{value:.{criterion.digits}f}"


def test_minutes_from_each_house_and_neighbours(data: dict[str, Any]) -> None:
    reach = workshop().evidence.reach
    read = unpacked(data["rankings"][1])
    for house, row in enumerate(reach.resident_ms):
        expected = [0 if ms < 0 else -(-int(ms) // 60_000) for ms in row]
        assert read["minutes"][house] == expected
    for step, column in enumerate(reach.neighbours.T):
        told = [shown(count) for count in column]
        assert read["neighbours"][step] == [1 if count is None else count for count in told]
    names = [origin_ids(placed_snapshot())[start] for start in data["starts"]]
    people = placed_snapshot().placement.people  # type: ignore[union-attr]
    assert names == list(people.residents["origin_id"])


def test_names_and_facts_stand_in_the_order_of_ids(data: dict[str, Any]) -> None:
    one = data["rankings"][1]
    ranking = workshop()
    assert texts(one)[:MANY] == list(ranking.evidence.frame["name"])
    assert tuple(texts(one)[MANY:]) == ranking.facts
    assert one["ids"] == list(ranking.evidence.frame["id"])
    assert data["rankings"][2]["none"] == "Dafür ist zu wenig bekannt."


def test_no_count_of_one_to_four_people_comes_into_the_page(data: dict[str, Any]) -> None:
    counts = np.array([0.0, 0.4, 0.6, 1, 3, 4.4, 4.5, 5, 1234.5])
    assert counts_written(counts).tolist() == [0, 0, 1, 1, 1, 1, 5, 5, 1235]
    one = data["rankings"][1]
    column = [criterion["id"] for criterion in one["criteria"]].index("neighbours")
    first = unpacked(one)
    assert workshop().evidence.reach.neighbours[0, 1] == 3
    assert first["raw"][0][column] == 1
    assert first["neighbours"][1][0] == 1
    # Nor can it be had from the score: four people there give the very same page.
    reach = workshop().evidence.reach
    counts = reach.neighbours.copy()
    counts[0, 1:] = 4.0
    other = replace(workshop().evidence, reach=replace(reach, neighbours=counts))
    assert ranked_anew(other)["numbers"] == one["numbers"]


def ranked_anew(found: Any) -> dict[str, Any]:
    from tests.layers.ranked import ranking  # noqa: PLC0415
    from tests.maps.placed import WEIGHTS  # noqa: PLC0415

    anew = placed(ranking(found, WEIGHTS))
    result: dict[str, Any] = ranking_data(anew, origin_ids(anew))["rankings"][1]
    return result


def test_of_many_spots_of_the_grid_the_best_go_into_the_page() -> None:
    ranking = many(count=500)
    frame = ranking.evidence.frame.assign(source="grid")
    frame.loc[frame.index[ranking.scores.rank == 500], "source"] = "file"
    candidates = replace(ranking.evidence.candidates, frame=frame)
    ranking = replace(ranking, evidence=replace(ranking.evidence, candidates=candidates))
    snapshot = placed(ranking)
    one = ranking_data(snapshot, origin_ids(snapshot))["rankings"][1]
    assert one["total"] == 500
    place = {key: number for number, key in enumerate(frame["id"])}
    chosen = [place[key] for key in one["ids"]]
    assert chosen == sorted(chosen)
    assert 300 < len(chosen) < 300 + 1 + 5 * BEST_OF_EACH
    ranks = ranking.scores.rank[chosen]
    # The three hundred best, and the last of all, which is no spot of the grid.
    assert set(range(1, 301)) <= set(ranks.tolist())
    assert 500 in ranks
    for column in range(5):
        best = np.argsort(-ranking.scores.scaled[:, column], kind="stable")[:BEST_OF_EACH]
        assert set(best.tolist()) <= set(chosen)


def test_spots_come_out_as_they_were() -> None:
    snapshot = placed_snapshot()
    assert snapshot.placement is not None
    spots = find_spots(snapshot.placement.people)
    packed = spots_data(snapshot, origin_ids(snapshot))
    numbers = iter(read_numbers(packed["data"]))

    def column() -> list[int]:
        return list(accumulate(signed(next(numbers)) for _ in range(packed["count"])))

    world = np.column_stack([column(), column()])
    world[:, 0] += packed["x0"]
    world[:, 1] += packed["y0"]
    assert (world == world_points(spots.frame)).all()
    for step in range(len(spots.thresholds)):
        expected = np.where(spots.neighbours[:, step] < 0, 1, spots.neighbours[:, step])
        assert column() == expected.tolist()
    for table in spots.minutes:
        for row in table:
            assert column() == row.tolist()
    assert next(numbers, None) is None
    assert packed["variants"] == 8
    assert not ({1, 2, 3, 4} & set(spots.neighbours.ravel().tolist()))


def test_the_size_is_what_was_promised() -> None:
    snapshot = example()
    assert snapshot.placement is not None
    packed = spots_data(snapshot, origin_ids(snapshot))
    spots = find_spots(snapshot.placement.people)
    told = size_in_page(spots.minutes, len(spots.thresholds))
    assert len(packed["data"]) <= told <= BUDGET_BYTES
    small = spots_data(snapshot, origin_ids(snapshot), told // 2)
    assert len(small["data"]) <= told // 2
    assert small["spacing"] > packed["spacing"]
    assert small["count"] < packed["count"]


def test_without_a_placement_nothing_of_it_is_in_the_page() -> None:
    assert 'id="daten-projects"' in placed_page()
    html = render_map(replace(sample_snapshot(), placement=None))
    assert 'id="daten-projects"' not in html
    assert "sozialraum.projects(" not in html
    with pytest.raises(ValueError, match="no placement"):
        ranking_data(replace(example(), placement=None), [])


def test_is_the_same_every_time() -> None:
    assert render_map(placed_snapshot()) == placed_page()


def test_positions_are_pixels_of_the_world(data: dict[str, Any]) -> None:
    one = data["rankings"][1]
    lonlat = workshop().evidence.frame.geometry.to_crs("EPSG:4326")
    world = to_world(np.column_stack([lonlat.x, lonlat.y]))
    assert (np.array(one["x"]) + one["x0"] == world[:, 0]).all()
    assert (np.array(one["y"]) + one["y0"] == world[:, 1]).all()
    assert re.fullmatch(r"[A-Za-z0-9+/=]+", one["numbers"])
