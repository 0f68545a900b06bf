"""Where a project helps most, in a browser: order and numbers are those of the Python code."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from layers.placement import Ranking
from layers.ranking import Scores, rank_candidates
from layers.ranking_words import paragraphs, percent_text, value_text, why_before
from maps.web_map import render_map
from tests.layers.sample import sample_snapshot
from tests.maps.conftest import DESK, READY_MS, TABLET, Opened
from tests.maps.hostile import HOSTILE
from tests.maps.placed import MANY, example, many, placed, placed_page, placed_snapshot
from tests.maps.test_hostile_texts import CANARY
from tests.maps.test_page_browser import view, violations

pytestmark = pytest.mark.browser

Open = Callable[..., Opened]
HARD_SPACE = "\u00a0"
MOVES = [(0, 60), (3, 0), (1, 100), (1, 25), (4, 77), (2, 41)]
"""Sliders, and where they are put, one after the other."""


@pytest.fixture(scope="module")
def shared(open_shared: Open) -> Opened:
    opened = open_shared(placed_page(), init_script="window.print = () => {};")
    opened.page.set_default_timeout(READY_MS / 3)
    return opened


@pytest.fixture
def opened(shared: Opened) -> Iterator[Opened]:
    """Return the page that all share, with many workshops and as if just opened."""
    again(shared, "#projekt=workshop")
    shared.page.locator(".weights summary").click()
    yield shared
    assert shared.complaints == []
    assert shared.requests == []


def again(shared: Opened, fragment: str) -> None:
    """Open the page anew with another fragment."""
    address = str(shared.page.url).split("#")[0]
    # Another fragment alone would not load it.
    shared.page.goto("about:blank")
    shared.page.goto(address + fragment)
    shared.page.wait_for_selector("html[data-ready]")


def workshop() -> Ranking:
    placement = placed_snapshot().placement
    assert placement is not None
    return placement.rankings[1]


def weighed(percents: list[int] | None) -> Scores:
    """Rank anew in Python."""
    scores = workshop().scores
    if percents is None:
        return scores
    return rank_candidates(scores.raw, scores.criteria, np.array(percents, dtype=float))


def show_all(page: Any) -> None:
    while page.locator("[data-key=more-candidates]").count():
        page.locator("[data-key=more-candidates]").click()


def percents(page: Any) -> list[float]:
    texts = page.locator(".weight-percent").all_text_contents()
    return [float(text.removesuffix(f"{HARD_SPACE}%").replace(",", ".")) for text in texts]


def listed(page: Any, what: str) -> list[str]:
    return [str(text) for text in page.locator(f"#standorte {what}").all_text_contents()]


def points(share: float) -> str:
    return f"{math.floor(share * 1000 + 0.5) / 10:.1f}".replace(".", ",")


def firmness(scores: Scores, row: int) -> str:
    low, high = scores.rank_low[row], scores.rank_high[row]
    span = f"Platz {low}" if low == high else f"Platz {low} bis {high}"
    first = float(scores.first_percent[row])
    if scores.rank[row] == 1 or first > 0:
        return f"Platz 1 in {percent_text(first)} der Gewichtungen, meist {span}"
    return f"bei anderen Gewichten meist {span}"


def check_list(page: Any, scores: Scores) -> None:
    """Compare all that the list says with what Python computes."""
    order = scores.order.tolist()
    frame = workshop().evidence.frame
    assert listed(page, ".place-name") == [frame["name"].iloc[row] for row in order]
    assert listed(page, ".place-time") == [f"{points(scores.score[row])} Punkte" for row in order]
    assert listed(page, ".firm") == [firmness(scores, row) for row in order]
    told = []
    for row in order:
        for column in range(len(scores.criteria)):
            weight = float(scores.weights[column])
            most = points(weight).removesuffix(",0")
            share = points(float(scores.shares[row, column]))
            told.append(f"{share} von {most} Punkten" if weight > 0 else "zählt nicht")
    assert listed(page, ".bar-points") == told
    first, second = order[:2]
    assert page.locator(".deciding").text_content() == why_before(
        workshop().evidence, scores, first, second
    )


def test_order_numbers_and_stability_are_those_of_python(opened: Opened) -> None:
    page = opened.page
    show_all(page)
    assert page.locator("#standorte > li").count() == MANY
    check_list(page, weighed(None))
    values = [
        value_text(criterion, float(workshop().scores.raw[row, column]))
        for row in workshop().scores.order
        for column, criterion in enumerate(workshop().scores.criteria)
    ]
    assert listed(page, ".bar-value") == values
    orders = {tuple(listed(page, ".place-name"))}
    for slider, percent in MOVES:
        page.locator(f"#gewicht-{slider}").fill(str(percent))
        chosen = percents(page)
        assert sum(chosen) == 100
        assert chosen[slider] == percent
        check_list(page, weighed([int(value) for value in chosen]))
        orders.add(tuple(listed(page, ".place-name")))
    assert len(orders) > 4


def test_moved_to_the_end_and_back_again_all_weights_are_as_before(opened: Opened) -> None:
    page = opened.page
    page.locator("#gewicht-0").fill("40")
    before = percents(page)
    for percent in (100, 3, 40):
        page.locator("#gewicht-1").fill(str(percent))
    page.locator("#gewicht-1").fill(str(int(before[1])))
    assert percents(page) == before


def test_weights_are_moved_by_keyboard_undone_and_put_back(opened: Opened) -> None:
    page = opened.page
    slider = page.locator("#gewicht-0")
    assert page.get_by_role("slider", name="Kürzere Wege").count() == 1
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert percents(page)[0] == 33
    assert slider.get_attribute("aria-valuetext") == "33 Prozent"
    assert page.evaluate("document.activeElement.id") == "gewicht-0"
    chosen = "+".join(str(int(value)) for value in percents(page))
    assert f"gewichte={chosen}" in view(opened)
    # All three presses are one step.
    page.go_back()
    page.wait_for_function("!location.hash.includes('gewichte')")
    assert percents(page)[0] == 30
    page.go_forward()
    page.wait_for_function("location.hash.includes('gewichte')")
    assert percents(page)[0] == 33
    page.get_by_role("button", name="Gewichte der Studie").click()
    assert percents(page) == [30, 25, 20, 12.5, 12.5]
    assert "gewichte" not in view(opened)
    page.go_back()
    page.wait_for_function("location.hash.includes('gewichte')")
    assert percents(page)[0] == 33


def test_the_card_says_what_python_says(opened: Opened) -> None:
    page = opened.page
    page.locator("#gewicht-2").fill("70")
    scores = weighed([int(value) for value in percents(page)])
    said = paragraphs(workshop().facts, scores)
    show_all(page)
    for place in (0, 3, MANY - 1):
        row = int(scores.order[place])
        page.locator("#standorte .place").nth(place).click()
        texts = page.locator("#blatt .card-why").all_text_contents()
        assert " ".join(texts) == said[row]
        assert f"Platz {place + 1} von {MANY}" in opened.text("#blatt .card-rank")
        reach = workshop().evidence.reach
        minutes = sorted(
            math.inf if ms < 0 else math.ceil(ms / 60_000) for ms in reach.resident_ms[:, row]
        )
        shown = page.locator("#blatt .minutes").first.locator("td").all_text_contents()
        assert [text.replace(HARD_SPACE, " ") for text in shown] == [
            "über 30 Min." if math.isinf(value) else f"{value} Min." for value in minutes
        ]


def test_default_paragraphs_are_those_of_the_report(opened: Opened) -> None:
    page = opened.page
    show_all(page)
    ranking = workshop()
    for place, row in enumerate(ranking.scores.order.tolist()[:8]):
        page.locator("#standorte .place").nth(place).click()
        texts = page.locator("#blatt .card-why").all_text_contents()
        assert " ".join(texts) == ranking.reasons[row]


def test_two_are_compared_side_by_side(opened: Opened) -> None:
    page = opened.page
    order = workshop().scores.order.tolist()
    entries = page.locator("#standorte > li")
    entries.nth(3).get_by_role("button", name="Vergleichen").click()
    assert "Wählen Sie einen zweiten Standort" in opened.text("#projekte [role=status]")
    assert not page.locator("#vergleich").is_visible()
    entries.nth(1).get_by_role("button", name="Vergleichen").click()
    card = page.locator("#vergleich")
    assert card.is_visible()
    evidence, scores = workshop().evidence, workshop().scores
    assert card.locator(".card-why").text_content() == why_before(
        evidence, scores, order[1], order[3]
    )
    heads = [str(text) for text in card.locator("thead bdi").all_text_contents()]
    assert heads == [evidence.frame["name"].iloc[order[place]] for place in (1, 3)]
    for column, criterion in enumerate(scores.criteria):
        row = card.locator("tbody tr").nth(1 + column)
        texts = [str(text) for text in row.locator("td").all_text_contents()]
        shares = [float(scores.shares[order[place], column]) for place in (1, 3)]
        for text, place, share in zip(texts, (1, 3), shares, strict=True):
            assert text.startswith(value_text(criterion, float(scores.raw[order[place], column])))
            assert f"{points(share)} Punkte" in text
            assert ("mehr Punkte" in text) == (share == max(shares) != min(shares))
    assert violations(page) == []
    # A third takes the place of the first; Esc closes, back opens again.
    entries.nth(0).get_by_role("button", name="Vergleichen").click()
    assert page.locator("#standorte [aria-pressed=true]").count() == 2
    page.keyboard.press("Escape")
    assert not card.is_visible()
    page.go_back()
    page.wait_for_function("!document.getElementById('vergleich').hidden")
    assert page.locator("#vergleich thead th .icon text").all_text_contents() == ["1", "2"]


def test_a_reload_gives_the_same_picture(opened: Opened) -> None:
    page = opened.page
    page.locator("#gewicht-1").fill("50")
    for place in (0, 2):
        page.locator("#standorte > li").nth(place).get_by_role(
            "button", name="Vergleichen"
        ).click()
    page.locator("#standorte .place").nth(1).click()

    def picture() -> tuple[Any, ...]:
        return (
            percents(page), listed(page, ".place-name"), opened.text("#blatt"),
            page.locator("#vergleich").text_content(), view(opened),
        )  # fmt: skip

    before = picture()
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert picture() == before
    # Esc closes what lies on top first.
    page.keyboard.press("Escape")
    assert not page.locator("#blatt").is_visible()
    assert page.locator("#vergleich").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#vergleich").is_visible()


def test_list_and_map_are_in_step(opened: Opened) -> None:
    page = opened.page
    page.locator("#standorte .place").nth(2).focus()
    mark = page.locator(".pin-mark")
    assert mark.locator("text").text_content() == "3"
    page.keyboard.press("Enter")
    assert page.locator("#standorte [aria-current=true]").count() == 1
    assert page.evaluate("document.activeElement.tagName") == "H2"
    box = page.locator(".pin-mark.selected svg").bounding_box()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.key").startswith("candidate-")
    # The pin on the map does the same.
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.7)
    assert page.locator("#standorte [aria-current=true] .icon text").text_content() == "3"
    assert opened.text("#blatt .card-rank").startswith("Platz 3")


def test_everything_is_done_by_keyboard(opened: Opened) -> None:
    page = opened.page
    page.locator("#wahl-projekt").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.wait_for_function("location.hash.includes('projekt=cafe')")
    visited = []
    for _ in range(60):
        page.keyboard.press("Tab")
        visited.append(
            page.evaluate("document.activeElement.dataset.key || document.activeElement.id")
        )
    for wanted in ("gewicht-0", "more-candidates", "punkt-setzen"):
        assert wanted in visited, (wanted, visited)
    for start in ("candidate-", "why-", "compare-"):
        assert any(key.startswith(start) for key in visited), (start, visited)
    unfold = page.locator("[data-key^=why-]").nth(1)
    assert unfold.get_attribute("aria-expanded") == "false"
    unfold.press("Enter")
    assert page.locator("#standorte .why").nth(1).is_visible()
    compare = page.locator("[data-key^=compare-]").nth(1)
    compare.press("Space")
    assert compare.get_attribute("aria-pressed") == "true"
    assert page.evaluate("document.activeElement.dataset.key").startswith("compare-")


def test_no_recommendation_is_said_first(opened: Opened) -> None:
    page = opened.page
    assert page.locator(".no-advice").count() == 0
    page.get_by_label("Was soll entstehen?").select_option(label="Gemeinschaftsgarten")
    assert opened.text(".no-advice") == "Keine EmpfehlungDafür ist zu wenig bekannt."
    assert page.locator("#standorte > li").count() == 3
    assert violations(page) == []
    page.get_by_label("Was soll entstehen?").select_option(index=0)
    assert not page.locator("#standorte").is_visible()
    assert "projekt" not in view(opened)


@pytest.mark.parametrize("size", [DESK, TABLET], ids=["1280x800", "820x1180"])
def test_is_accessible_quiet_and_large_enough(open_map: Open, size: dict[str, int]) -> None:
    opened = open_map(placed_page(), "#projekt=workshop", size, has_touch=size is TABLET)
    page = opened.page
    page.locator(".weights summary").click()
    page.locator("[data-key=more-candidates]").click()
    page.locator("#standorte .place").first.click()
    assert violations(page) == []
    small = page.evaluate(
        """() => [...document.querySelectorAll(`#projekte button, #projekte select,
             #projekte input, #projekte summary, #blatt button`)]
           .filter((e) => e.checkVisibility())
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
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert opened.requests == []
    assert opened.complaints == []


def test_one_card_fills_one_sheet(opened: Opened) -> None:
    page = opened.page
    page.evaluate("window.print = () => { window.printed = true; }")
    page.locator("#standorte .place").first.click()
    page.get_by_role("button", name="Dieses Blatt drucken").click()
    page.wait_for_function("window.printed")
    pdf = page.pdf(prefer_css_page_size=True)
    # Leaving the print dialogue took the marks away that tell print from screen.
    page.evaluate("document.documentElement.classList.add('printing', 'one-card')")
    page.emulate_media(media="print")
    shown = page.evaluate("() => document.body.innerText")
    page.emulate_media(media="null")
    for part in ("Musterhausen", "Platz 1 von 24", "Stand 12.03.2026", "Was zählt"):
        assert part in shown
    assert "Von wo aus?" not in shown
    assert pdf.count(b"/Type /Page\n") == 1
    # With the map on it: tiles of 512 pixels, twice as fine.
    assert pdf.count(b"/Width 1024") > 1
    # A4 upright.
    assert b"/MediaBox [0 0 594" in pdf or b"/MediaBox [0 0 595" in pdf
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("#liste").is_visible()


def test_hostile_names_are_shown_as_they_are(open_map: Open) -> None:
    names = [text.encode("utf-8", "replace").decode("utf-8") for text in HOSTILE]
    ranking = many(names=names, count=len(names))
    opened = open_map(render_map(placed(ranking)), "#projekt=workshop", init_script=CANARY)
    page = opened.page
    show_all(page)
    shown = page.locator("#standorte .place-name bdi").all_text_contents()
    # Only what HTML itself does not keep apart differs.
    plain = [name.replace("\r\n", "\n") for name in names]
    order = ranking.scores.order.tolist()
    assert [str(text).replace("\r\n", "\n") for text in shown] == [plain[row] for row in order]
    for place in range(0, len(names), 9):
        page.locator("#standorte .place").nth(place).click()
    page.locator("[data-key^=compare-]").nth(1).click()
    page.locator("[data-key^=compare-]").nth(2).click()
    assert page.evaluate("window.hits") == []
    assert opened.complaints == []
    assert opened.requests == []


@pytest.mark.parametrize(
    "fragment",
    [
        "#projekt=<script>",
        "#projekt=workshop&gewichte=10+10",
        "#projekt=workshop&gewichte=-50+50+50+50+0",
        "#projekt=workshop&gewichte=a+b+c+d+e&vergleich=nichts&standort=nie",
        "#punkt=abc/1e9&blatt=punkt",
        "#punkt=&blatt=punkt",
        "#standort=n001",
    ],
)
def test_a_broken_address_is_ignored(shared: Opened, fragment: str) -> None:
    page = shared.page
    again(shared, fragment)
    assert not page.locator("#blatt").is_visible()
    if "workshop" in fragment:
        assert percents(page) == [30, 25, 20, 12.5, 12.5]
    assert shared.complaints == []


def test_a_study_without_projects_has_no_such_section(open_map: Open) -> None:
    opened = open_map(render_map(sample_snapshot()), "#projekt=cafe&punkt=53.1/8.1")
    assert opened.page.locator("#projekte").count() == 0
    assert opened.page.locator("#vergleich").count() == 0
    assert "Wo hilft" not in opened.page.evaluate("document.body.innerText")
    # One that asks for none, but has people, still tells who reaches a point.
    placement = example().placement
    assert placement is not None
    html = render_map(replace(example(), placement=replace(placement, rankings=())))
    page = open_map(html).page
    assert page.locator("#wahl-projekt").count() == 0
    assert page.locator("#punkt-setzen").is_visible()
