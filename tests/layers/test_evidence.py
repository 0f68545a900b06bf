"""What is measured about candidates: by hand on a street, by brute force on a real town."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from geo.profiles import State, load_profiles
from geo.reader import read_extract
from geo.snapping import snap_places
from layers import _measured
from layers import people as people_module
from layers.candidates import find_candidates
from layers.criteria import CRITERIA, raw_values
from layers.evidence import Evidence, _now, gather, step_free_profile
from layers.need_table import MET, NOT_MET, NOT_RECORDED
from layers.people import People, known_state
from layers.projects import Project, load_projects
from layers.study import load_study
from layers.study_network import prepare
from tests.geo.drawings import Town, draw
from tests.geo.edge_oracle import EdgeOracle
from tests.geo.marked import draw_marked
from tests.layers.placed import placed, project

KINDS = {"a": "park", "b": "park", "d": "cafe", "p": "clubs", "s": "bus_stop"}
SETTINGS: dict[str, Any] = {"minutes": (2, 5, 8), "max_minutes": 10, "standards": {"cafe": 5}}


def street(**drawn: Any) -> Town:
    """Draw a street of 800 m; everything is 10 m beside it, where seconds are metres.

    From ``x`` to ``y`` it is the metres along the street and 20. Along the street ``h`` is at
    0, ``a`` at 100, ``m`` at 120, ``p`` at 200, ``s`` at 300, ``b`` at 400, ``d`` at 500, ``k``
    at 600 and ``n`` at 700.
    """
    return draw(
        "A---------------------------------------B\nh    am   p    s    b    d    k    n",
        metres=20,
        **{
            "ways": {"AB": "highway=footway"},
            "houses": {"h": "", "k": ""},
            "places": dict.fromkeys("abdps", ""),
            **drawn,
        },
    )


def street_people(kinds: Any = None, **said: Any) -> People:
    """Return the people of the street: 24 places in ``h``, 8 in ``k``, and 38 neighbours."""
    return placed(
        street(),
        {**KINDS, **(kinds or {})},
        homes={"m": 30, "n": 8},
        residents={"h": 24, "k": 8},
        **{**SETTINGS, **said},
    )


def gathered(people: People, kind: Project | None = None) -> Evidence:
    wanted = kind or project("open")
    profile = next(iter(people.ready.profiles.values()))
    return gather(people, wanted, find_candidates(people, wanted), profile)


def values(found: Evidence) -> dict[str, list[float]]:
    raw = raw_values(found, list(CRITERIA))
    return {key: raw[:, column].tolist() for column, key in enumerate(CRITERIA)}


def table(found: Evidence) -> Any:
    return raw_values(found, list(CRITERIA))


def test_every_value_by_hand() -> None:
    found = gathered(street_people())
    assert found.frame["id"].tolist() == ["a", "b"]
    # 0 to 100 and 400 from h, 600 to 100 and 400 from k, and 40 beside the street: it is 20 m
    # from either.
    assert found.reach.resident_ms.tolist() == [[140_000, 440_000], [540_000, 240_000]]
    # To the café at 500: 500 + 40 and 100 + 40.
    assert found.now_ms.tolist() == [540_000, 140_000]
    # 15 minutes at 1.25 m/s are 1,125 m: both homes are around both houses.
    assert found.around.tolist() == [38, 38]
    assert found.needs.state.tolist() == [[NOT_MET], [MET]]
    assert found.transit_ms.tolist() == [240_000, 140_000]
    assert found.partner_ms.tolist() == [140_000, 240_000]
    said = values(found)
    # h saves 400 s with a and 100 with b, k (140 s today) nothing: (24 · 400) / 32 = 300 s.
    assert said["minutes_saved"] == pytest.approx([5, 1.25])
    # (24 · 140 + 8 · 540) / 32 = 240 s; (24 · 440 + 8 · 240) / 32 = 390 s.
    assert said["way"] == pytest.approx([4, 6.5])
    # Within 5 minutes a is reached by h, b by k.
    assert said["residents"] == [75, 25]
    # h lacks a café within 5 minutes; a is near enough for it, b is not.
    assert said["needs_met"] == [0.75, 0]
    # From m it is 20 + 40 to a and 280 + 40 = 320 s to b; from n 300 + 40 = 340 s to b.
    assert said["neighbours"] == [30, 0]
    # a: all of h, 30 of 38 neighbours: 2 · 30/38 / (1 + 30/38) = 60/68. b: no neighbours.
    assert said["bridge"] == pytest.approx([60 / 68, 0])
    assert said["transit"] == pytest.approx([4, 140 / 60])
    assert said["partner"] == pytest.approx([140 / 60, 4])
    assert np.isnan(said["step_free_confirmed"]).all()
    assert found.step_free_profile is None


def test_what_is_farther_than_the_largest_threshold_is_as_far_as_it() -> None:
    # 2 minutes: the stop is 240 s from a and 140 s from b, the partner the other way round.
    found = gathered(street_people(minutes=(1, 2)))
    assert found.transit_ms.tolist() == [-1, -1]
    assert values(found)["transit"] == [2, 2]
    assert found.transit_recorded


def test_nothing_of_a_kind_recorded_is_not_known() -> None:
    found = gathered(street_people({"d": "bench", "p": "bench", "s": "bench"}))
    said = values(found)
    assert found.needs.state.tolist() == [[NOT_RECORDED], [NOT_RECORDED]]
    for key in ("minutes_saved", "transit", "partner"):
        assert np.isnan(said[key]).all(), key
    # No gap that anybody knows of.
    assert said["needs_met"] == [0, 0]


def test_what_somebody_saw_counts_before_what_is_recorded() -> None:
    # k has a café 140 s away; somebody found it gone: it is at least the standard of 300 s.
    # h has none within 540 s; somebody knows one within the standard: at most 300 s.
    people = street_people()
    found = gathered(people)
    seen = replace(
        found.needs,
        confirmed=np.array([[True], [True]]),
        state=np.array([[MET], [NOT_MET]], dtype=np.int8),
    )
    assert _now(seen, 600_000).tolist() == [300_000, 300_000]
    # Nothing recorded, and seen that there is none: none within the limit.
    gone = replace(seen, now_ms=np.array([[-1], [-1]], dtype=np.int32))
    assert _now(gone, 600_000).tolist() == [300_000, -1]


def test_premises_of_a_partner_are_at_hand() -> None:
    found = gathered(street_people(), project("partners", "open"))
    assert found.frame["id"].tolist() == ["a", "b", "p"]
    assert found.partner_ms.tolist() == [140_000, 240_000, 0]
    assert values(found)["partner"][2] == 0


def test_step_free_ways_confirmed_and_possible() -> None:
    # Of way 2, east of C (at 200 m), the surface is not known.
    town = draw_marked(
        "A---------C---------B\nh    a         b",
        metres=20,
        ways={"AC": "highway=footway", "CB": "highway=footway"},
        unknown={2: "surface"},
        houses={"h": ""},
        places={"a": "", "b": ""},
    )
    people = placed(town, {"a": "park", "b": "park"}, **SETTINGS)
    found = gathered(people)
    # 100 + 40 surely; 300 + 40 only possibly.
    assert found.step_free_ms[State.CONFIRMED].tolist() == [[140_000, -1]]
    assert found.step_free_ms[State.POSSIBLE].tolist() == [[140_000, 340_000]]
    said = values(found)
    assert said["step_free_confirmed"] == [100, 0]
    assert said["step_free_possible"] == [100, 100]
    # The profile itself is on the way on possible ways.
    assert found.reach.resident_ms.tolist() == [[140_000, 340_000]]


def test_whose_ways_say_what_is_step_free() -> None:
    known = load_profiles()
    own = replace(known["rollator"], id="mine")
    some = {"resident": known["resident"], "mine": own}
    assert step_free_profile(some) is own
    assert step_free_profile({**some, "rollator": known["rollator"]}) is known["rollator"]
    assert step_free_profile(known) is known["wheelchair"]
    assert step_free_profile({"resident": known["resident"]}) is None


def test_no_candidates_is_evidence_of_nothing() -> None:
    found = gathered(street_people(), project("rooms"))
    assert found.frame.empty
    assert raw_values(found, list(CRITERIA)).shape == (0, len(CRITERIA))


# -- what is remembered -----------------------------------------------------------------


def test_each_candidate_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    measure = people_module.reach_points

    def counted(people: Any, points: Any, *more: Any, **said: Any) -> Any:
        asked.append(points["id"].tolist())
        return measure(people, points, *more, **said)

    monkeypatch.setattr(_measured, "reach_points", counted)
    people = street_people()
    first = gathered(people)
    more = gathered(people, project("partners", "open"))
    again = gathered(people)
    assert asked == [["a", "b"], ["p"]]
    assert np.array_equal(table(again), table(first), equal_nan=True)
    # The same as where nothing was remembered.
    fresh = gathered(street_people(), project("partners", "open"))
    assert np.array_equal(table(more), table(fresh), equal_nan=True)


def test_another_pin_with_the_same_id_is_measured_anew() -> None:
    people = street_people()
    kind = project("open")
    candidates = find_candidates(people, kind)
    profile = people.ready.profiles["resident"]
    before = gather(people, kind, candidates, profile)
    moved = candidates.frame.copy()
    # The parks change places.
    moved["geometry"] = moved.geometry.to_numpy()[::-1]
    after = gather(people, kind, replace(candidates, frame=moved), profile)
    assert after.reach.resident_ms.tolist() == before.reach.resident_ms[:, ::-1].tolist()
    assert after.transit_ms.tolist() == before.transit_ms[::-1].tolist()


# -- brute force -------------------------------------------------------------------------

LONG = bool(os.environ.get("TEST_ALL"))
TOWN = "dreieich-2022.nometa.osm.pbf"


@pytest.fixture(scope="module")
def real(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> People:
    """Return a study of a real place: grounds with a house, and two houses elsewhere."""
    folder = tmp_path_factory.mktemp("town")
    extract = shared_data / "osm" / TOWN
    (folder / "study.toml").write_text(
        f'name = "A"\nextract = "{extract}"\nsites = "sites.geojson"\n'
        'profiles = ["resident", "rollator"]\nminutes = [3, 6, 9]\nmax_minutes = 12\n'
        "[placement]\ngrid_m = 150\n"
    )
    back = Transformer.from_crs("EPSG:25832", "EPSG:4326", always_xy=True)
    people = People(prepare(load_study(_with_sites(folder, back, extract))))
    assert len(people.residents) == 3
    return people


def _with_sites(folder: Path, back: Any, extract: Path) -> Path:
    """Draw grounds around the middle of the town, and houses."""
    nodes = read_extract(extract, ()).nodes
    there = Transformer.from_crs("EPSG:4326", "EPSG:25832", always_xy=True)
    x, y = there.transform(np.median(nodes.longitude), np.median(nodes.latitude))

    def feature(kind: str, name: str, shape: Any) -> dict[str, Any]:
        degrees = shapely.transform(shape, lambda xy: np.column_stack(back.transform(*xy.T)))
        return {
            "type": "Feature",
            "properties": {"kind": kind, "id": name, "name": name},
            "geometry": json.loads(shapely.to_geojson(degrees)),
        }

    features = [
        feature("site", "gelaende", shapely.box(x - 120, y - 90, x + 120, y + 90)),
        feature("house", "haus-1", shapely.Point(x, y)),
        feature("house", "haus-2", shapely.Point(x + 260, y + 150)),
        feature("house", "haus-3", shapely.Point(x - 300, y - 60)),
    ]
    (folder / "sites.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features})
    )
    return folder


ASKED = [
    ("cafe", "resident"), ("garden", "rollator"), ("bus_stop", "resident"),
    ("cafe", "rollator"), ("garden", "resident"), ("bus_stop", "rollator"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "profile_id"), ASKED if LONG else ASKED[:3])
def test_every_criterion_equals_brute_force(real: People, kind: str, profile_id: str) -> None:
    wanted = load_projects()[kind]
    profile = real.ready.profiles[profile_id]
    found = gather(real, wanted, find_candidates(real, wanted), profile)
    assert len(found.frame) >= 5
    raw = raw_values(found, list(CRITERIA))
    judge = _Judge(real, found)
    for column, key in enumerate(CRITERIA):
        expected = [getattr(judge, key)(row) for row in range(len(found.frame))]
        assert raw[:, column].tolist() == pytest.approx(expected, nan_ok=True, abs=1e-9), key
    # Something is told apart.
    assert np.nanstd(raw[:, list(CRITERIA).index("way")]) > 0


class _Judge:
    """Every criterion in loops over pairs, the times searched by networkx."""

    def __init__(self, people: People, found: Evidence) -> None:
        ready = people.ready
        self.people, self.found = people, found
        _, self.middle, self.far = (60_000 * one for one in ready.study.settings.minutes)
        self.limit = 60_000 * ready.study.settings.max_minutes
        profile, state = found.profile, known_state(found.profile)
        joined = snap_places(ready.network, found.frame, profile)
        doors = ready.destinations(profile)
        oracle = EdgeOracle(ready.network, profile, state)
        longest = max(self.limit, int(found.needs.standard_ms.max()))
        self.ways = oracle.times(people.starts(profile), joined, self.limit / 1000)
        self.come = oracle.times(people.homes(profile), joined, self.middle / 1000)
        self.today = oracle.times(people.starts(profile), doors, longest / 1000)
        self.onward = oracle.times(joined, doors, self.far / 1000)
        wheels = found.step_free_profile
        assert wheels is not None
        self.rolled = {
            one: EdgeOracle(ready.network, wheels, one).times(
                people.starts(wheels), snap_places(ready.network, found.frame, wheels),
                self.far / 1000,
            )
            for one in (State.CONFIRMED, State.POSSIBLE)
        }  # fmt: skip
        places = ready.places.frame
        self.category = dict(zip(places["id"], places["category"], strict=True))
        self.off = set(places.loc[places["on_campus"] == "", "id"])
        self.partners = set(places.loc[places["partner"], "id"])
        frame = people.residents
        self.beds = dict(zip(frame["origin_id"], frame["places"], strict=True))
        self.site = dict(zip(frame["origin_id"], frame["site_id"], strict=True))
        self.ids = found.frame["id"].tolist()

    def _mean(self, value: Callable[[str], float]) -> float:
        whole = sum(n * value(house) for house, n in self.beds.items())
        return float(whole / sum(self.beds.values()))

    def _way(self, house: str, row: int) -> int:
        return self.ways.get((house, self.ids[row]), self.limit)

    @staticmethod
    def _nearest(times: dict[tuple[str, str], int], one: str, among: set[str], most: int) -> int:
        return min((ms for (a, b), ms in times.items() if a == one and b in among), default=most)

    def _of(self, *kinds: str) -> set[str]:
        return {place for place, kind in self.category.items() if kind in kinds}

    def minutes_saved(self, row: int) -> float:
        existing = self._of(self.found.project.serves[0]) & self.off
        if not existing:
            return float("nan")

        def saved(house: str) -> float:
            now = min(self.limit, self._nearest(self.today, house, existing, self.limit))
            return max(0, now - self._way(house, row)) / 60_000

        return self._mean(saved)

    def way(self, row: int) -> float:
        return self._mean(lambda house: self._way(house, row) / 60_000)

    def residents(self, row: int) -> float:
        return 100 * self._mean(lambda house: self._way(house, row) <= self.middle)

    def needs_met(self, row: int) -> float:
        needs = self.found.needs
        standards = {
            (house, category): int(needs.standard_ms[i, j])
            for i, house in enumerate(self.beds)
            for j, category in enumerate(needs.categories)
        }

        def closed(house: str) -> int:
            count = 0
            for category in self.found.project.serves:
                known = self._of(category) & self.off
                standard = standards[house, category]
                lacks = self._nearest(self.today, house, known, standard + 1) > standard
                met = self.ways.get((house, self.ids[row]), standard + 1) <= standard
                count += bool(known and lacks and met)
            return count if not self.found.frame["on_campus"][row] else 0

        return self._mean(closed)

    def neighbours(self, row: int) -> float:
        frame = self.people.neighbours.frame
        count = dict(zip(frame["id"], frame["people"], strict=True))
        came = [number for home, number in count.items() if (home, self.ids[row]) in self.come]
        return float(sum(came))

    def bridge(self, row: int) -> float:
        best = 0.0
        for group in {site or house for house, site in self.site.items()}:
            mine = [house for house, site in self.site.items() if (site or house) == group]
            places = sum(self.beds[house] for house in mine)
            near = [house for house in mine if self._way(house, row) <= self.middle]
            r = sum(self.beds[house] for house in near) / places
            n = min(1.0, self.neighbours(row) / self._around(group))
            best = max(best, 2 * r * n / (r + n) if r + n else 0.0)
        return best

    def _around(self, group: str) -> float:
        """Return who lives within 15 minutes at 1.25 m/s of grounds, or of a house off them."""
        sites = self.people.ready.sites
        shapes = dict(zip(sites.houses["house_id"], sites.houses.geometry, strict=True))
        shapes |= dict(zip(sites.sites["site_id"], sites.sites.geometry, strict=True))
        frame = self.people.neighbours.frame
        return float(
            sum(
                number
                for point, number in zip(frame.geometry, frame["people"], strict=True)
                if shapes[group].distance(point) <= 1125
            )
        )

    def _step_free(self, row: int, state: State) -> float:
        return 100 * self._mean(lambda house: (house, self.ids[row]) in self.rolled[state])

    def step_free_confirmed(self, row: int) -> float:
        return self._step_free(row, State.CONFIRMED)

    def step_free_possible(self, row: int) -> float:
        return self._step_free(row, State.POSSIBLE)

    def transit(self, row: int) -> float:
        stops = self._of("bus_stop", "station")
        return self._nearest(self.onward, self.ids[row], stops, self.far) / 60_000

    def partner(self, row: int) -> float:
        if self.found.frame["partner"][row]:
            return 0.0
        return self._nearest(self.onward, self.ids[row], self.partners, self.far) / 60_000
