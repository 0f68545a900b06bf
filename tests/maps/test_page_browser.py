"""The page in a browser: quiet, accessible, and list and map as one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from maps.web_map import render_map
from tests.layers.sample import sample_snapshot
from tests.maps.conftest import DESK, TABLET, Opened

pytestmark = pytest.mark.browser

Open = Callable[..., Opened]


@pytest.fixture(scope="module")
def html() -> str:
    return render_map(sample_snapshot())


def violations(page: Any) -> list[str]:
    results = Axe().run(page).response
    return [
        f"{found['id']}: {node['html'][:160]}"
        for found in results["violations"]
        for node in found["nodes"]
    ]


def names(opened: Opened) -> list[str]:
    return [str(name) for name in opened.page.locator("#orte .place-name").all_text_contents()]


def view(opened: Opened) -> str:
    return str(opened.page.evaluate("decodeURIComponent(location.hash)"))


@pytest.mark.parametrize("size", [DESK, TABLET], ids=["1280x800", "820x1180"])
def test_asks_for_nothing_complains_about_nothing_and_is_accessible(
    html: str, open_map: Open, size: dict[str, int]
) -> None:
    opened = open_map(html, size=size)
    page = opened.page
    assert violations(page) == []
    for unfold in page.locator(".unfold").all():
        unfold.click()
    page.locator("#legende button").first.click()
    page.locator("#orte button").first.click()
    page.wait_for_selector("#blatt:not([hidden])")
    assert violations(page) == []
    page.get_by_role("button", name="Quellen und Lizenzen").click()
    assert violations(page) == []
    assert opened.requests == []
    assert opened.complaints == []


def test_says_what_it_is(html: str, open_map: Open) -> None:
    opened = open_map(html)
    assert opened.page.title() == "Musterhausen – Sozialraumkarte"
    assert opened.page.evaluate("document.documentElement.lang") == "de"
    assert opened.text("h1") == "Musterhausen"
    assert opened.page.locator("#fiktiv").is_visible()
    assert "Erfundene Daten im Format von OpenStreetMap, Stand 12.03.2026" in opened.text("#fuss")
    notices = str(opened.page.locator("#quellen .notices").text_content())
    assert "leaflet 1." in notices
    assert "SIL OPEN FONT LICENSE" in notices


def test_unknown_is_not_called_absent(html: str, open_map: Open) -> None:
    opened = open_map(html)
    opened.page.locator(".unfold").first.click()
    row = opened.page.locator("tr", has_text="Hausarztpraxen")
    assert "nicht erfasst" in str(row.text_content())
    assert "„Nicht erfasst“ heißt nicht, dass es solche Orte nicht gibt." in opened.text("#arten")


def test_counts_are_those_of_the_access_table(html: str, open_map: Open) -> None:
    snapshot = sample_snapshot()
    access = snapshot.access
    label = {category.id: category.label_plural for category in snapshot.taxonomy.categories}
    for origin in ("g-waldhof", "h-linde", "h-markt"):
        opened = open_map(html, f"#von={origin}")
        for minutes in snapshot.minutes:
            opened.page.get_by_label(f"bis {minutes} Minuten").check()
            for row in access[access["house_id"] == origin].itertuples():
                line = opened.page.locator(
                    "tbody tr:not(.group)", has_text=label[str(row.category)]
                )
                count = line.locator("td.number").text_content()
                assert count == str(getattr(row, f"n_{minutes:02d}")), (origin, row.category)


def test_list_is_sorted_by_walking_time_and_complete(html: str, open_map: Open) -> None:
    opened = open_map(html, "#von=h-markt&bis=alle")
    listed = names(opened)
    times = sample_snapshot().travel_times
    reached = times[times["from_id"] == "h-markt"].sort_values("travel_time_s")
    shown = [place for place in reached["to_id"] if place not in {"n11", "n12"}]
    known = sample_snapshot().places.set_index("id")["name"]
    # The two at 100 m and 400 m stand in the order of their names.
    assert sorted(listed) == sorted(known[place] for place in shown)
    minutes = opened.page.locator("#orte .place-time").all_text_contents()
    values = [int(text.split("\u00a0")[0]) for text in minutes]
    assert values == sorted(values)


def test_risk_layer_is_not_in_the_page(html: str) -> None:
    assert "Glückshaus" not in html
    assert "Spielhalle" not in html


def test_everything_can_be_reached_with_the_keyboard(html: str, open_map: Open) -> None:
    opened = open_map(html)
    page = opened.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "sprung"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "liste"
    assert view(opened) == ""
    visited = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        active = "document.activeElement"
        visited.add(page.evaluate(f"{active}.className || {active}.id || {active}.tagName"))
    for wanted in ("search", "select", "place", "folium-map", "tool", "legend-button", "link"):
        assert any(wanted in name.split() for name in visited), wanted


def test_enter_opens_the_card_and_escape_leads_back(html: str, open_map: Open) -> None:
    opened = open_map(html, "#von=h-linde")
    page = opened.page
    page.locator("#suche").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = page.evaluate("document.activeElement.querySelector('.place-name').textContent")
    page.keyboard.press("Enter")
    assert opened.text("#blatt h2") == second
    assert page.evaluate("document.activeElement.tagName") == "H2"
    page.keyboard.press("Escape")
    assert page.locator("#blatt").is_hidden()
    focused = page.evaluate("document.activeElement.querySelector('.place-name').textContent")
    assert focused == second


def test_escape_closes_what_was_opened_last(html: str, open_map: Open) -> None:
    page = open_map(html).page
    page.locator("#legende button").first.click()
    page.locator("#orte button").first.click()
    page.keyboard.press("Escape")
    assert page.locator("#blatt").is_hidden()
    assert page.locator("#legende-inhalt").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#legende-inhalt").is_hidden()


def test_pointing_at_the_list_marks_the_map_and_the_reverse(html: str, open_map: Open) -> None:
    opened = open_map(html)
    page = opened.page
    entry = page.locator("#orte button", has_text="Gemeindehaus Musterhausen")
    entry.scroll_into_view_if_needed()
    entry.hover()
    mark = page.locator(".mark.pointed .mark-name")
    assert "Gemeindehaus Musterhausen" in str(mark.text_content())
    box = page.locator(".mark.pointed .mark-icon").bounding_box()
    page.mouse.move(5, 5)
    assert page.locator(".mark.pointed").count() == 0
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=3)
    page.wait_for_selector(".place.pointed")
    assert "Gemeindehaus Musterhausen" in opened.text(".place.pointed")
    page.mouse.down()
    page.mouse.up()
    assert opened.text("#blatt h2") == "Gemeindehaus Musterhausen"
    assert entry.get_attribute("aria-current") == "true"


def test_keyboard_focus_marks_the_map(html: str, open_map: Open) -> None:
    opened = open_map(html)
    opened.page.locator("#orte button").nth(1).focus()
    name = opened.page.locator("#orte .place-name").nth(1).text_content()
    assert name in opened.text(".mark.pointed .mark-name")


def test_search_and_filters(html: str, open_map: Open) -> None:
    opened = open_map(html, "#von=h-linde&bis=alle")
    page = opened.page
    page.locator("#suche").fill("dorfstrasse")
    assert names(opened) == ["Bäckerei Korn"]
    page.locator("#suche").fill("")
    page.get_by_label("Rollstuhl möglich").check()
    assert sorted(names(opened)) == sorted(
        ["Bäckerei Korn", "Café im Park", "Musterhausen, Dorfmitte"]
    )
    page.get_by_label("Rollstuhl möglich").uncheck()
    page.get_by_role("checkbox", name="Begegnung").uncheck()
    assert "Café im Park" not in names(opened)
    assert "cafe" in view(opened)
    page.get_by_role("checkbox", name="Begegnung").check()
    assert "Café im Park" in names(opened)


def test_another_origin_gives_other_answers_and_back_undoes_it(html: str, open_map: Open) -> None:
    opened = open_map(html)
    page = opened.page
    before = opened.text("#antwort"), names(opened)
    page.locator("#wahl-von").select_option(label="Haus am Markt (B)")
    assert "von=h-markt" in view(opened)
    after = opened.text("#antwort"), names(opened)
    assert after != before
    for sentence in sample_snapshot().summaries["resident"]["h-markt"]:
        assert sentence in after[0]
    page.go_back()
    page.wait_for_function("!location.hash.includes('h-markt')")
    assert (opened.text("#antwort"), names(opened)) == before


def test_the_address_keeps_what_is_shown(html: str, open_map: Open) -> None:
    opened = open_map(html, "#von=h-markt&bis=10&ohne=cafe&suche=dorf&luftlinie=ja&ort=n6")
    page = opened.page
    for _ in range(2):
        assert page.locator("#wahl-von option:checked").text_content() == "Haus am Markt (B)"
        assert page.get_by_label("bis 10 Minuten").is_checked()
        assert page.locator("#suche").input_value() == "dorf"
        assert opened.text("#blatt h2") == "Musterhausen, Dorfmitte"
        assert not page.locator("#art-cafe").is_checked()
        page.reload()
        page.wait_for_selector("html[data-ready]")
    page.locator("#legende button").first.click()
    assert page.get_by_label("Luftlinie zum Vergleich").is_checked()


@pytest.mark.parametrize(
    "fragment",
    [
        "#von=%3Cscript%3E",
        "#karte=99/abc/1e9",
        "#bis=-1&ort=nichts",
        "#%E0%A4%A",
        "#ohne=<b>&mit=",
    ],
)
def test_a_broken_address_is_ignored(html: str, open_map: Open, fragment: str) -> None:
    opened = open_map(html, fragment)
    assert len(names(opened)) > 0
    assert opened.complaints == []


def test_card_of_a_place_says_what_is_known(html: str, open_map: Open) -> None:
    opened = open_map(html, "#von=h-linde&ort=n1")
    text = opened.text("#blatt")
    for part in (
        "Bäckerei Korn", "10\u00a0Minuten zu Fuß", "550\u00a0m von „Haus Linde“",
        "Die Zeit ist geschätzt", "rollstuhlgerecht", "Mo-Sa 06:00-18:00",
        "Dorfstraße 1, 49999 Musterhausen", "n1",
    ):  # fmt: skip
        assert part in text, part
    opened = open_map(html, "#von=h-linde&ort=n4")
    assert "auf dem Gelände" in opened.text("#blatt")
    assert "private Wege" in opened.text("#blatt")
    opened = open_map(html, "#von=h-linde&ort=n6")
    assert "n6, n66, w67, r68" in opened.text("#blatt")
    opened = open_map(html, "#von=h-linde&ort=n5")
    assert "außer Reichweite" in opened.text("#blatt")


def test_card_of_gate_and_house(html: str, open_map: Open) -> None:
    opened = open_map(html, "#tor=t-seite")
    assert "geschlossen" in opened.text("#blatt")
    assert "Stufen: nicht erfasst" in opened.text("#blatt")
    opened = open_map(html, "#haus=h-markt")
    opened.page.get_by_role("button", name="Wege von hier zeigen").click()
    assert "von=h-markt" in view(opened)


def test_touch_targets_are_large_and_text_is_not_small(html: str, open_map: Open) -> None:
    page = open_map(html, "#ort=n1", TABLET, has_touch=True).page
    page.locator("#legende button").first.click()
    for unfold in page.locator(".unfold").all():
        unfold.click()
    small = page.evaluate(
        """() => [...document.querySelectorAll(`button, select, label.check, label.segment,
             input[type=search], summary`)]
           .filter((e) => e.checkVisibility() && !e.closest('.skip'))
           .map((e) => [e.outerHTML.slice(0, 120), e.getBoundingClientRect()])
           .filter(([, r]) => r.width < 43.9 || r.height < 43.9)
           .map(([html, r]) => `${html} ${r.width}x${r.height}`)"""
    )
    assert small == []
    tiny = page.evaluate(
        """() => [...document.querySelectorAll('body *')]
           .filter((e) => e.checkVisibility() && !e.closest('svg')
             && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
           .filter((e) => parseFloat(getComputedStyle(e).fontSize) < 15)
           .map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert tiny == []


def test_the_sheet_of_a_tablet_is_raised_by_finger_and_keyboard(html: str, open_map: Open) -> None:
    page = open_map(html, "", TABLET, has_touch=True).page

    def top() -> float:
        page.wait_for_timeout(400)
        return float(page.locator("#panel").bounding_box()["y"])

    half = top()
    page.locator("#griff").press("ArrowUp")
    full = top()
    assert full < half
    page.locator("#griff").press("ArrowDown")
    page.locator("#griff").press("ArrowDown")
    assert top() > half
    box = page.locator("#griff").bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 100, 200, steps=5)
    page.mouse.up()
    assert top() == pytest.approx(full)


def test_nothing_is_cut_off_at_four_times_the_size(html: str, open_map: Open) -> None:
    # 1280 pixels at 400 % are 320 pixels wide (WCAG 1.4.10).
    page = open_map(html, "#ort=n1", {"width": 320, "height": 640}).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_prints_on_two_sheets_or_more(html: str, open_map: Open) -> None:
    page = open_map(html).page
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    # A4 across.
    assert b"/MediaBox [0 0 842" in pdf or b"/MediaBox [0 0 841" in pdf
