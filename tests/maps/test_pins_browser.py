"""A point of one's own, in a browser: who reaches it is what Python computes for that spot."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import geopandas as gpd
import pytest

from geo.door_times import time_table
from geo.profiles import State
from geo.snapping import snap_places
from layers.people import reach_points
from layers.small_numbers import people_text
from layers.spots import Spots, find_spots
from tests.maps.conftest import DESK, READY_MS, TABLET, Opened
from tests.maps.placed import placed_page, placed_snapshot
from tests.maps.test_page_browser import view, violations
from tests.maps.test_ranking_browser import again

pytestmark = pytest.mark.browser

Open = Callable[..., Opened]
HARD_SPACE = "\u00a0"


@pytest.fixture(scope="module")
def shared(open_shared: Open) -> Opened:
    opened = open_shared(placed_page())
    opened.page.set_default_timeout(READY_MS / 3)
    return opened


@pytest.fixture
def opened(shared: Opened) -> Iterator[Opened]:
    """Return the page that all share as if just opened."""
    again(shared, "")
    yield shared
    assert shared.complaints == []
    assert shared.requests == []


@cache
def spots() -> Spots:
    placement = placed_snapshot().placement
    assert placement is not None
    return find_spots(placement.people)


def degrees(number: int) -> str:
    """Return where a spot lies, as the address has it."""
    points = spots().frame.geometry.to_crs("EPSG:4326")
    return f"{points.y.iloc[number]:.5f}/{points.x.iloc[number]:.5f}"


def alone(number: int) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(spots().frame.iloc[[number]].reset_index(drop=True))


def minutes(number: int, profile_id: str, state: str) -> dict[str, str]:
    """Compute the ways to one spot anew, as if it were a place."""
    snapshot = placed_snapshot()
    assert snapshot.placement is not None
    people = snapshot.placement.people
    profile = snapshot.profiles[profile_id]
    network = people.ready.network
    times = time_table(
        network,
        people.starts(profile),
        snap_places(network, alone(number), profile),
        profile,
        1800.0,
        state=State(state),
    )[:, 0]
    names = dict(zip(snapshot.houses["house_id"], snapshot.houses["name"], strict=True))
    return {
        names[key]: "über 30 Min." if ms < 0 else f"{max(1, math.ceil(ms / 60_000))} Min."
        for key, ms in zip(people.residents["origin_id"], times.tolist(), strict=True)
    }


def pin_of(page: Any) -> str:
    """Return where the point is, as the address has it."""
    return str(page.evaluate("new URLSearchParams(location.hash.slice(1)).get('punkt') ?? ''"))


def table(page: Any, number: int) -> dict[str, list[str]]:
    """Return a table of the card: its cells by the head of each row."""
    rows = page.locator("#blatt .minutes").nth(number).locator("tbody tr")
    return {
        str(row.locator("th").text_content()): [
            str(text).replace(HARD_SPACE, " ") for text in row.locator("td").all_text_contents()
        ]
        for row in rows.all()
    }


def test_numbers_are_those_of_python_for_that_very_spot(opened: Opened) -> None:
    page = opened.page
    snapshot = placed_snapshot()
    assert snapshot.placement is not None
    people = snapshot.placement.people
    first = next(iter(snapshot.profiles.values()))
    count = len(spots().frame)
    some = [count // 5, int(spots().minutes[0, 0].nonzero()[0][3]), count - 1]
    for number in some:
        again(opened, f"#punkt={degrees(number)}&blatt=punkt")
        reached = reach_points(people, alone(number), first).neighbours[0]
        assert table(page, 1) == {
            f"in {limit} Minuten": [people_text(people_within)]
            for limit, people_within in zip(snapshot.minutes, reached.tolist(), strict=True)
        }
        for profile in snapshot.profiles.values():
            page.locator("#wahl-wer").select_option(label=profile.label)
            states = [state.value for state in profile.states]
            columns = [
                minutes(number, profile.id, state)
                for state in sorted(states, key=["possible", "confirmed"].index)
            ]
            expected = {name: [column[name] for column in columns] for name in columns[0]}
            assert table(page, 0) == expected, (number, profile.id)


def test_says_what_it_was_computed_on(opened: Opened) -> None:
    count = f"{len(spots().frame):,}".replace(",", ".")
    said = opened.text(".own-point .card-note").replace(HARD_SPACE, " ")
    assert f"Gerechnet auf {count} Punkten im Abstand von {spots().spacing_m} m" in said


def test_is_set_by_mouse_moved_and_taken_away(opened: Opened) -> None:
    page = opened.page
    button = page.locator("#punkt-setzen")
    assert button.text_content() == "Eigenen Punkt setzen"
    assert not page.get_by_role("button", name="Punkt entfernen").first.is_visible()
    button.click()
    assert page.locator(".placing").is_visible()
    page.mouse.click(760, 330)
    assert not page.locator(".placing").is_visible()
    first = pin_of(page)
    assert first
    assert opened.text("#blatt h2") == "Eigener Punkt"
    assert button.text_content() == "Punkt versetzen"
    button.click()
    page.mouse.click(860, 600)
    assert pin_of(page) not in {"", first}
    assert page.locator(".pin-mark").count() == 1
    page.go_back()
    page.go_back()
    page.wait_for_function("(pin) => location.hash.includes(`punkt=${pin}`)", arg=first)
    page.locator(".own-point").get_by_role("button", name="Punkt entfernen").click()
    assert "punkt" not in view(opened)
    assert not page.locator("#blatt").is_visible()
    assert page.evaluate("document.activeElement.id") == "punkt-setzen"


def test_is_set_by_keyboard_in_the_middle_of_the_map(opened: Opened) -> None:
    page = opened.page
    page.locator("#punkt-setzen").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.classList.contains('folium-map')")
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(500)
    stand = page.evaluate("new URLSearchParams(location.hash.slice(1)).get('karte')")
    page.keyboard.press("Enter")
    pin = pin_of(page)
    middle = [float(part) for part in stand.split("/")[1:]]
    assert [float(part) for part in pin.split("/")] == pytest.approx(middle, abs=2e-5)
    assert opened.text("#blatt h2") == "Eigener Punkt"
    # No card is in the way of setting it anew; Esc leaves the point where it was.
    page.locator("#punkt-setzen").click()
    assert not page.locator("#blatt").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".placing").is_visible()
    assert f"punkt={pin}" in view(opened)
    assert page.evaluate("document.activeElement.id") == "punkt-setzen"


def test_says_how_far_the_next_spot_is(opened: Opened) -> None:
    number = len(spots().frame) // 2
    again(opened, f"#punkt={degrees(number)}&blatt=punkt")
    assert opened.text("#blatt .card-kind") == "Er liegt auf einem berechneten Punkt."
    # 0.02 degrees to the north of the northernmost spot are 2.2 km.
    points = spots().frame.geometry.to_crs("EPSG:4326")
    north = int(points.y.argmax())
    again(
        opened, f"#punkt={points.y.iloc[north] + 0.02:.5f}/{points.x.iloc[north]:.5f}&blatt=punkt"
    )
    said = opened.text("#blatt .card-kind").replace(HARD_SPACE, " ")
    assert "nächsten berechneten Punkt" in said
    assert "2,2 km entfernt" in said


def test_a_reload_gives_the_same_point(opened: Opened) -> None:
    page = opened.page
    page.locator("#punkt-setzen").click()
    page.mouse.click(800, 400)
    # The point slides from under its card; the address tells where the map comes to rest.
    while "karte=" not in view(opened):
        page.wait_for_timeout(50)
    before = (opened.text("#blatt"), opened.text(".own-point"), view(opened))
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert (opened.text("#blatt"), opened.text(".own-point"), view(opened)) == before


@pytest.mark.parametrize("size", [DESK, TABLET], ids=["1280x800", "820x1180"])
def test_is_accessible(open_map: Open, size: dict[str, int]) -> None:
    opened = open_map(placed_page(), f"#punkt={degrees(9)}&blatt=punkt", size, has_touch=True)
    page = opened.page
    assert violations(page) == []
    if size is TABLET:
        # The list covers the map; setting a point makes room for it.
        page.locator("#griff").press("ArrowUp")
        assert page.locator("#panel").get_attribute("data-height") == "full"
        page.locator("#punkt-setzen").click()
        assert page.locator("#panel").get_attribute("data-height") == "half"
        page.touchscreen.tap(300, 300)
        assert "punkt=" in view(opened)
    assert opened.complaints == []
    assert opened.requests == []
