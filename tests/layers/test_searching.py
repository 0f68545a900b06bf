"""All searches of a study: in batches or at once, the same; and what has to hold between them."""

from __future__ import annotations

import pandas as pd
import pytest

from layers import searching
from layers.searching import KEYS, Found, search_all
from layers.study import StudySettings, load_study
from layers.study_network import StudyNetwork, prepare
from tests.documents import ROOT

MUSTERHAUSEN = ROOT / "examples" / "musterhausen"


@pytest.fixture(scope="module")
def ready() -> StudyNetwork:
    study = load_study(MUSTERHAUSEN)
    chosen = {"profiles": ("wheelchair", "resident", "rollator"), "max_minutes": 20}
    settings = StudySettings.model_validate(study.settings.model_dump() | chosen)
    return prepare(study.model_copy(update={"settings": settings}))


@pytest.fixture(scope="module")
def found(ready: StudyNetwork) -> Found:
    return search_all(ready)


def test_batches_do_not_matter(
    ready: StudyNetwork, found: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "_AT_ONCE", 1)
    one_by_one = search_all(ready)
    pd.testing.assert_frame_equal(one_by_one.travel_times, found.travel_times)
    pd.testing.assert_frame_equal(one_by_one.coverage, found.coverage)
    assert one_by_one.isochrones.equals(found.isochrones)


def test_tables_are_sorted_and_their_keys_categories(found: Found) -> None:
    times = found.travel_times
    keys = [times[key].astype("str") for key in KEYS]
    assert pd.MultiIndex.from_arrays(keys).is_monotonic_increasing
    assert pd.MultiIndex.from_arrays(keys).is_unique
    assert {str(times[key].dtype) for key in KEYS} == {"category"}
    for key in KEYS:
        assert times[key].cat.categories.is_monotonic_increasing
    areas = found.isochrones
    order = pd.MultiIndex.from_frame(areas[["house_id", "profile", "state", "minutes"]])
    assert order.is_monotonic_increasing
    assert order.is_unique


def test_results_come_twice_on_wheels_and_once_on_foot(found: Found) -> None:
    for table in (found.travel_times, found.isochrones):
        pairs = table[["profile", "state"]].astype("str").drop_duplicates()
        assert set(pairs.itertuples(index=False, name=None)) == {
            ("resident", "confirmed"),
            *((key, state) for key in ("rollator", "wheelchair")
              for state in ("confirmed", "possible")),
        }  # fmt: skip
    assert set(found.coverage["profile"]) == {"rollator", "wheelchair"}


def test_what_is_confirmed_is_possible_and_no_slower(found: Found) -> None:
    times = found.travel_times.astype(dict.fromkeys(KEYS, "str"))
    seconds = times.set_index([*KEYS[:3], "state"])["travel_time_s"].unstack()  # noqa: PD010
    wheels = seconds.drop(index="resident", level="profile")
    sure = wheels["confirmed"].dropna()
    assert len(sure) > 20
    assert (wheels.loc[sure.index, "possible"] <= sure).all()
    areas = found.isochrones.set_index(["house_id", "profile", "minutes", "state"]).geometry
    for key in {key[:3] for key in areas.index if key[1] != "resident"}:
        confirmed, possible = (areas.get((*key, state)) for state in ("confirmed", "possible"))
        if confirmed is not None:
            assert possible is not None
            assert confirmed.difference(possible.buffer(0.3)).area < 1.0


def test_unknown_metres_are_none_on_confirmed_ways(found: Found) -> None:
    times = found.travel_times
    sure = times["state"] == "confirmed"
    assert (times.loc[sure, "unknown_m"] == 0).all()
    assert (times.loc[~sure, "unknown_m"] > 0).any()
    assert (times["unknown_m"] <= times["distance_m"] + 0.1).all()


def test_what_is_reached_grows_with_time(found: Found) -> None:
    table = found.coverage.sort_values("minutes").groupby(["house_id", "profile"])
    for name in ("reached_m", "confirmed_m"):
        assert (table[name].diff().dropna() >= 0).all()
    assert (found.coverage["confirmed_m"] <= found.coverage["reached_m"]).all()
    percent = found.coverage["unknown_percent"].dropna()
    assert percent.between(0, 100).all()
    # The example has something sure, something possible, and seats.
    assert percent.between(5, 95).any()
    seated = found.coverage.set_index("profile")["seated_percent"]
    assert seated["wheelchair"].isna().all()
    assert seated["rollator"].dropna().between(1, 99).any()
