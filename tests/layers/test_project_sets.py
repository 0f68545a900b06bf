"""Several sites at once: by hand, by brute force, and against a solver."""

from __future__ import annotations

import itertools
import json
import math
import os
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.optimize
import scipy.sparse

from geo.door_times import door_times
from geo.errors import StudyError
from geo.profiles import State
from geo.snapping import snap_places
from layers._set_objective import Objective
from layers._set_search import beginnings, best_of_all, good_one, set_count
from layers.criteria import Criterion
from layers.evidence import Evidence
from layers.need_table import MET, NOT_MET, NOT_RECORDED, ONLY_ON_CAMPUS
from layers.people import PARTS, People
from layers.placement import Ranking, rank_project
from layers.project_sets import best_set, set_parts
from layers.study import load_study
from layers.study_network import prepare
from tests.layers.ranked import evidence, ranking

LONG = bool(os.environ.get("TEST_ALL"))
RENT = Criterion("miete", "Miete", "Euro", 500.0, 0.0, 0, column="miete")

Homes = list[tuple[int, set[int]]]
"""People of each home, and the sites that they reach."""


def objective(made: Ranking, homes: Homes, count: int) -> Objective:
    """Return what sets are worth, with the homes that reach each site."""
    pairs = [(site, home) for home, (_, sites) in enumerate(homes) for site in sites]
    site, home = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
    people = np.array([float(count * PARTS) for count, _ in homes])
    n = len(made.scores.rank)
    parts = set_parts(made.evidence, made.scores, np.arange(n), (site, home, people))
    return Objective.of(parts, made.scores.weights, n, count)


def worth(made: Ranking, homes: Homes, chosen: tuple[int, ...], tops: dict[str, float]) -> float:
    """Return what a set is worth, written separately: plain loops over houses and homes."""
    found, scores = made.evidence, made.scores
    places = found.places.tolist()
    total = 0.0
    for column, criterion in enumerate(scores.criteria):
        value = _raw(found, criterion.id, places, homes, chosen)
        if criterion.id == "bridge":  # as ranked: few people do not tell their number
            value = max(scores.raw[list(chosen), column].tolist())
        if value is None:  # the mean of what the members count alone
            scaled = sum(float(scores.scaled[i, column]) for i in chosen) / len(chosen)
        else:
            best = tops[criterion.id] if criterion.best is None else criterion.best
            scaled = min(max((value - criterion.worst) / (best - criterion.worst), 0.0), 1.0)
        total += float(scores.weights[column]) * scaled
    return total


def counted(people: float) -> float:
    """Return people as they count: one to four as two and a half."""
    return 2.5 if 1 <= math.floor(people + 0.5) <= 4 else float(people)


def _raw(
    found: Evidence, key: str, places: list[float], homes: Homes, chosen: tuple[int, ...]
) -> float | None:
    ways = [[None if ms < 0 else ms / 60_000 for ms in row] for row in found.reach.resident_ms]
    nearest = [min([30.0, *(m for i in chosen if (m := row[i]) is not None)]) for row in ways]
    everybody = sum(places)
    if key == "neighbours":
        return counted(sum(people for people, sites in homes if sites & set(chosen)))
    if key == "residents":
        return 100 * sum(p for p, m in zip(places, nearest, strict=True) if m <= 10) / everybody
    if key == "way":
        return float(sum(p * m for p, m in zip(places, nearest, strict=True))) / everybody
    if key == "minutes_saved":
        return _saved(found, places, ways, chosen)
    return _closed(found, places, ways, chosen) if key == "needs_met" else None


def _saved(found: Evidence, places: list[float], ways: Any, chosen: tuple[int, ...]) -> float:
    saved, known = 0.0, 0.0
    for house, row in enumerate(ways):
        if found.needs.state[house, 0] != NOT_RECORDED:
            now = found.now_ms[house] / 60_000 if found.now_ms[house] >= 0 else 30.0
            nearest = min([30.0, *(row[i] for i in chosen if row[i] is not None)])
            saved += places[house] * max(0.0, float(now) - nearest)
            known += places[house]
    return saved / known


def _closed(found: Evidence, places: list[float], ways: Any, chosen: tuple[int, ...]) -> float:
    closed = 0.0
    off = [i for i in chosen if found.frame["on_campus"].iloc[i] == ""]
    for house, row in enumerate(ways):
        for column, state in enumerate(found.needs.state[house].tolist()):
            standard = found.needs.standard_ms[house, column] / 60_000
            near = any(row[i] is not None and row[i] <= standard for i in off)
            closed += places[house] * (state in {NOT_MET, ONLY_ON_CAMPUS}) * near
    return closed / sum(places)


def drawn(seed: int, n: int, h: int = 3) -> tuple[Ranking, Homes]:
    """Return candidates drawn at random, whole people and tenths of minutes."""
    lots = random.Random(seed)  # noqa: S311
    homes: Homes = [
        (lots.randint(1, 30), {i for i in range(n) if lots.random() < 0.25} or {0})
        for _ in range(25)
    ]
    near = [float(sum(people for people, sites in homes if i in sites)) for i in range(n)]
    found = evidence(
        [[lots.choice([lots.randint(1, 250) / 10, None]) for _ in range(n)] for _ in range(h)],
        near=near,
        now=[lots.choice([None, 8.0, 15.0]) for _ in range(h)],
        places=[float(lots.randint(1, 24)) for _ in range(h)],
        bridge=[lots.randint(0, 100) / 100 for _ in range(n)],
        transit=[lots.choice([None, 3.0, 9.5]) for _ in range(n)],
        on_campus=[lots.choice(["", "", "park"]) for _ in range(n)],
        states=[[lots.choice([MET, ONLY_ON_CAMPUS, NOT_MET, NOT_RECORDED]) for _ in range(2)]
                for _ in range(h - 1)] + [[NOT_MET, MET]],
        own={"miete": [lots.choice([math.nan, 0.0, 125.0, 300.0]) for _ in range(n)]},
    )  # fmt: skip
    weights = {
        "minutes_saved": 0.2, "neighbours": 0.2, "needs_met": 0.1, "bridge": 0.1,
        "residents": 0.1, "way": 0.1, "transit": 0.1, "miete": 0.1,
    }  # fmt: skip
    return ranking(found, weights, RENT), homes


def tops(homes: Homes, n: int, count: int) -> dict[str, float]:
    """Return how many neighbours a set of this size can have at most, separately."""
    single = sorted(
        (counted(sum(people for people, sites in homes if i in sites)) for i in range(n)),
        reverse=True,
    )
    anybody = sum(people for people, sites in homes if sites)
    return {"neighbours": float(min(anybody, sum(single[:count])))}


def test_two_sites_share_the_town() -> None:
    """Ways: house 1 to A 2, B 2, C 20; house 2 to A 20, B 20, C 2 minutes; today 12 for both.

    A or B saves house 1 ten minutes, C saves house 2 ten: single means 5, 5, 5. Together A and
    C save (10 + 10) / 2 = 10, A and B only 5. Neighbours: A 60, B 50, of whom 40 the same; C 30.
    A and B together 70, A and C 90, B and C 80. At most: 110 = 60 + 50, or all 100: 100.
    """
    found = evidence([[2, 2, 20], [20, 20, 2]], now=[12, 12], near=[60, 50, 30])
    made = ranking(found, {"minutes_saved": 0.5, "neighbours": 0.5})
    homes: Homes = [(40, {0, 1}), (20, {0}), (10, {1}), (30, {2})]
    assert made.scores.score.tolist()[0] == 0.75  # 0.5 × 5/10 + 0.5 × 60/60
    two = objective(made, homes, 2)
    assert two.tops[1] == 100.0
    assert best_of_all(two, ()) == good_one(two, ()) == (0, 2)
    raw, scaled = two.values(two.of_set((0,)), 2)
    assert [float(values[0]) for values in raw] == [10.0, 90.0]
    assert [float(values[0]) for values in scaled] == [1.0, 0.9]
    assert float(two.scores(two.of_set((0,)), 2)[0]) == 0.95
    # B is already decided: with C it makes (10, 80), with A (5, 70).
    assert best_of_all(two, (1,)) == good_one(two, (1,)) == (1, 2)
    assert set_count(two, ()) == 3
    assert set_count(two, (1,)) == 2
    # None, and each of three; beside B only none.
    assert (beginnings(two, ()), beginnings(two, (1,))) == (4, 1)


def test_a_set_of_one_is_a_single_site() -> None:
    for seed in range(20 if LONG else 5):
        made, homes = drawn(seed, 8)
        one = objective(made, homes, 1)
        alone = one.scores(one.empty())
        assert alone.tolist() == pytest.approx(made.scores.score.tolist(), abs=2e-6)
        assert best_of_all(one, ()) == (int(made.scores.order[0]),)


@pytest.mark.parametrize("seed", range(100 if LONG else 12))
def test_brute_force(seed: int) -> None:
    lots = random.Random(seed)  # noqa: S311
    n, count = lots.randint(4, 9), lots.randint(2, 4)
    made, homes = drawn(seed + 1000, n)
    known = tops(homes, n, count)
    asked = objective(made, homes, count)
    every = {
        chosen: worth(made, homes, chosen, known)
        for chosen in itertools.combinations(range(n), count)
    }
    found = best_of_all(asked, ())
    # Scaled values are rounded to a millionth.
    assert every[found] == pytest.approx(max(every.values()), abs=2e-6)
    for chosen, value in itertools.islice(every.items(), 0, None, 7):
        *rest, last = chosen
        assert float(asked.scores(asked.of_set(rest), last)[0]) == pytest.approx(value, abs=2e-6)
    assert every[good_one(asked, ())] >= (1 - 1 / math.e) * max(every.values())
    fixed = (n - 1,)
    best = max(value for chosen, value in every.items() if n - 1 in chosen)
    assert every[best_of_all(asked, fixed)] == pytest.approx(best, abs=2e-6)
    assert n - 1 in good_one(asked, fixed)


def test_another_site_never_takes_anything_away() -> None:
    """Whatever counts by the best or by the union grows with every further site."""
    for seed in range(50 if LONG else 5):
        made, homes = drawn(seed + 50, 7)
        asked = objective(made, homes, 4)
        for chosen in itertools.combinations(range(7), 3):
            for column, less_is_better in ((0, False), (1, False), (2, False), (3, False),
                                           (4, False), (5, True)):  # fmt: skip
                part = asked.parts[column]
                *rest, last = chosen
                state = part.empty()
                for site in rest:
                    state = part.joined(state, site)
                before = float(part.raw(state, last)[0])
                after = part.raw(part.joined(state, last), 0)
                worse = after > before + 1e-9 if less_is_better else after < before - 1e-9
                assert not worse.any()


Row = tuple[dict[int, float], float, float]
"""Factors of variables, and between which values their sum must lie."""


def solve(cost: list[float], rows: list[Row]) -> float:
    """Return the least cost of a programme in which all variables are 0 or 1."""
    matrix = np.zeros((len(rows), len(cost)))
    for at, (factors, _, _) in enumerate(rows):
        matrix[at, list(factors)] = list(factors.values())
    lower, upper = [row[1] for row in rows], [row[2] for row in rows]
    found = scipy.optimize.milp(
        cost,
        constraints=scipy.optimize.LinearConstraint(scipy.sparse.csr_array(matrix), lower, upper),
        integrality=np.ones(len(cost), dtype=np.int64),
        bounds=scipy.optimize.Bounds(0, 1),
    )
    assert found.success
    return float(found.fun)


def p_median(saved: Any, places: list[float], count: int) -> float:
    """Return the most that ``count`` sites can save: the p-median problem, by a solver.

    Variables: y_i, site i is open; x_ji, house j goes to site i. Maximise Σ places_j saved_ji
    x_ji with Σ_i x_ji ≤ 1, x_ji ≤ y_i, Σ y_i = count.
    """
    h, n = saved.shape
    cost = [0.0] * n + [-places[j] * float(saved[j, i]) for j in range(h) for i in range(n)]
    rows: list[Row] = [(dict.fromkeys(range(n), 1.0), count, count)]
    for j in range(h):
        rows.append((dict.fromkeys(range(n + j * n, n + (j + 1) * n), 1.0), -np.inf, 1))
        rows += [({n + j * n + i: 1.0, i: -1.0}, -np.inf, 0) for i in range(n)]
    return -solve(cost, rows)


def covering(homes: Homes, n: int, count: int) -> float:
    """Return the most people that ``count`` sites can reach: maximal covering, by a solver.

    Variables: y_i, site i is open; z_h, home h is reached. Maximise Σ people_h z_h with
    z_h ≤ Σ y_i over the sites that h reaches, Σ y_i = count.
    """
    cost = [0.0] * n + [-float(people) for people, _ in homes]
    rows: list[Row] = [(dict.fromkeys(range(n), 1.0), count, count)]
    rows += [
        ({n + home: 1.0} | dict.fromkeys(sites, -1.0), -np.inf, 0)
        for home, (_, sites) in enumerate(homes)
    ]
    return -solve(cost, rows)


@pytest.mark.parametrize("seed", range(60 if LONG else 6))
def test_the_p_median_agrees_with_a_solver(seed: int) -> None:
    lots = random.Random(seed)  # noqa: S311
    n, h, count = lots.randint(5, 12), lots.randint(2, 8), lots.randint(2, 4)
    ways = [[lots.choice([lots.randint(1, 280) / 10, None]) for _ in range(n)] for _ in range(h)]
    places = [float(lots.randint(1, 24)) for _ in range(h)]
    made = ranking(evidence(ways, now=[25.0] * h, places=places), {"minutes_saved": 1.0})
    asked = objective(made, [(1, {0})], count)
    saved = np.array([[max(0.0, 25.0 - (30.0 if m is None else m)) for m in row] for row in ways])
    best = p_median(saved, places, count) / sum(places)
    *rest, last = best_of_all(asked, ())
    found = float(asked.values(asked.of_set(rest), last)[0][0][0])
    assert min(found, 10.0) == pytest.approx(min(best, 10.0), abs=1e-6)


@pytest.mark.parametrize("seed", range(60 if LONG else 6))
def test_maximal_covering_agrees_with_a_solver(seed: int) -> None:
    lots = random.Random(seed)  # noqa: S311
    n, count = lots.randint(6, 16), lots.randint(2, 4)
    homes: Homes = [
        (lots.randint(1, 40), {i for i in range(n) if lots.random() < 0.2} or {lots.randrange(n)})
        for _ in range(lots.randint(10, 60))
    ]
    near = [float(sum(people for people, sites in homes if i in sites)) for i in range(n)]
    made = ranking(evidence([[5] * n], near=near), {"neighbours": 1.0})
    asked = objective(made, homes, count)
    best = covering(homes, n, count)

    def reached(chosen: tuple[int, ...]) -> float:
        return float(sum(people for people, sites in homes if sites & set(chosen)))

    assert reached(best_of_all(asked, ())) == pytest.approx(best)
    good = reached(good_one(asked, ()))
    assert (1 - 1 / math.e) * best <= good <= best + 1e-9


def test_exchange_finds_what_adding_alone_misses() -> None:
    """A reaches 1 and 2 (6 people), B reaches 1 and 3 (5), C reaches 2 and 4 (5).

    One by one takes A first (6), then B or C: 6 + 2 = 8. Exchanged: B and C reach all, 10.
    """
    homes: Homes = [(3, {0, 1}), (3, {0, 2}), (2, {1}), (2, {2})]
    made = ranking(evidence([[5, 5, 5]], near=[6, 5, 5]), {"neighbours": 1.0})
    asked = objective(made, homes, 2)
    assert good_one(asked, ()) == best_of_all(asked, ()) == (1, 2)
    # Of what is fixed nothing is exchanged.
    assert 0 in good_one(asked, (0,))


@pytest.fixture(scope="module")
def cafe(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[People, Ranking]:
    """Return the cafés of a real town for three made-up houses."""
    folder = tmp_path_factory.mktemp("stadt")
    (folder / "study.toml").write_text(
        f'name = "Stadt"\nextract = "{shared_data / EXTRACT}"\nsites = "sites.geojson"\n'
        'profiles = ["resident"]\n',
        encoding="utf-8",
    )
    houses = [
        {
            "type": "Feature",
            "properties": {"kind": "house", "id": f"h{i}", "name": f"Haus {i}"},
            "geometry": {"type": "Point", "coordinates": spot},
        }
        for i, spot in enumerate(HOUSES)
    ]
    (folder / "sites.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": houses}), encoding="utf-8"
    )
    people = People(prepare(load_study(folder)))
    return people, rank_project(people, "cafe")


EXTRACT = "osm/dreieich-2022.nometa.osm.pbf"
HOUSES = [(8.695, 50.001), (8.710, 49.997), (8.725, 50.004)]


def test_a_real_town(cafe: tuple[People, Ranking]) -> None:
    people, made = cafe
    found, scores = made.evidence, made.scores
    assert len(scores.rank) > 5, len(scores.rank)
    alone = best_set(people, made, 1)
    assert alone.sites == (int(scores.order[0]),)
    assert alone.score == pytest.approx(float(scores.score.max()), abs=2e-6)
    two = best_set(people, made, 2)
    assert (two.exact, two.tried) == (True, math.comb(len(scores.rank), 2))
    assert "genau: alle" in two.text
    # Separately: who reaches which site, home by home, then every pair in plain loops.
    weight = people.neighbours.frame["people"].tolist()
    reaching: list[set[int]] = [set() for _ in weight]
    network = people.ready.network
    for some in door_times(
        network, snap_places(network, found.frame, found.profile), people.homes(found.profile),
        found.profile, 600.0, state=State.CONFIRMED, reverse=True,
    ):  # fmt: skip
        for site, home in zip(some.origin.tolist(), some.door.tolist(), strict=True):
            reaching[home].add(site)
    near = [math.fsum(w for w, s in zip(weight, reaching, strict=True) if i in s)
            for i in range(len(scores.rank))]  # fmt: skip
    assert near == pytest.approx(found.reach.neighbours[:, 1].tolist(), abs=1e-3)
    pattern: dict[frozenset[int], float] = {}
    for people_, sites in zip(weight, reaching, strict=True):
        pattern[frozenset(sites)] = pattern.get(frozenset(sites), 0.0) + people_
    homes = [(count, set(sites)) for sites, count in pattern.items() if sites]
    # The whole ranking first: every single site is a set of one.
    one = tops(homes, len(near), 1)  # type: ignore[arg-type]
    singly = [worth(made, homes, (i,), one) for i in range(len(near))]  # type: ignore[arg-type]
    assert singly == pytest.approx(scores.score.tolist(), abs=3e-6)
    known = tops(homes, len(near), 2)  # type: ignore[arg-type]
    pairs = itertools.combinations(scores.order[:15].tolist(), 2)
    values = {pair: worth(made, homes, pair, known) for pair in pairs}  # type: ignore[arg-type]
    assert worth(made, homes, two.sites, known) == pytest.approx(two.score, abs=3e-6)  # type: ignore[arg-type]
    assert two.score >= max(values.values()) - 3e-6


def test_a_good_set_says_that_it_is_not_proven(cafe: tuple[People, Ranking]) -> None:
    people, made = cafe
    exact = best_set(people, made, 3)
    good = best_set(people, made, 3, most_sets=0)
    assert not good.exact
    assert "gute, aber nicht bewiesen beste Auswahl" in good.text
    assert (1 - 1 / math.e) * exact.score <= good.score <= exact.score


def test_more_sites_than_candidates(cafe: tuple[People, Ranking]) -> None:
    people, made = cafe
    with pytest.raises(StudyError, match="daraus lassen sich nicht 5000 Orte wählen"):
        best_set(people, made, 5000)
    with pytest.raises(StudyError, match="Es gibt keinen Vorschlag"):
        best_set(people, ranking(evidence([[]]), {"neighbours": 1.0}), 2)
    with pytest.raises(StudyError, match="nicht 2 Orte"):
        best_set(people, made, 2, fixed=(0, 1))
