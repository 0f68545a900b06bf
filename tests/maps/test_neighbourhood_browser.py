"""Residents and neighbours in a browser: numbers and sentences are those of the Python code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from layers.common_ground import least_neighbours
from layers.need_words import need_sentences
from layers.small_numbers import FEWER, people_text
from maps.symbols import load_symbols
from maps.web_map import render_map
from tests.layers.sample import sample_snapshot
from tests.maps.conftest import DESK, READY_MS, TABLET, Opened
from tests.maps.hostile import HOSTILE
from tests.maps.neighbours import CLOSED, FEW, LOST, neighbourly, neighbourly_page, told
from tests.maps.test_hostile_texts import CANARY
from tests.maps.test_page_browser import view, violations

pytestmark = pytest.mark.browser

Open = Callable[..., Opened]
HARD_SPACE = "\u00a0"
SECTION = "#nachbarschaft"
NONE = f"Hier gibt es in 10{HARD_SPACE}Minuten keinen gemeinsamen Raum."


@pytest.fixture(scope="module")
def shared(open_shared: Open) -> Opened:
    opened = open_shared(neighbourly_page())
    opened.page.set_default_timeout(READY_MS / 3)
    return opened


@pytest.fixture
def at(shared: Opened) -> Iterator[Callable[[str], Opened]]:
    """Return a function that opens the page anew with another fragment."""

    def again(fragment: str) -> Opened:
        address = str(shared.page.url).split("#")[0]
        # Another fragment alone would not load it.
        shared.page.goto("about:blank")
        shared.page.goto(address + fragment)
        shared.page.wait_for_selector("html[data-ready]")
        return shared

    yield again
    assert shared.complaints == []
    assert shared.requests == []


def said(opened: Opened, selector: str = SECTION) -> str:
    return opened.text(selector).replace(HARD_SPACE, " ")


def count_of(profile: str, state: str) -> float:
    keys = ["house_id", "profile", "state", "minutes"]
    raw = told(neighbourly()).house_reach.set_index(keys)["neighbours"]
    return float(raw["haus-a", profile, state, 10])


def painted(page: Any) -> int:
    """Count the pixels on the map that have the colour of common ground."""
    colour = load_symbols().style["common_ground"]["colour"]
    rgb = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return int(
        page.evaluate(
            """(rgb) => [...document.querySelectorAll('.leaflet-tile-pane canvas')]
               .reduce((sum, tile) => {
                 const { width, height } = tile;
                 // Read from a copy: the browser complains of a tile that is read often.
                 const copy = new OffscreenCanvas(width, height)
                   .getContext('2d', { willReadFrequently: true });
                 copy.drawImage(tile, 0, 0);
                 const { data } = copy.getImageData(0, 0, width, height);
                 for (let i = 0; i < data.length; i += 4) {
                   if (rgb.every((value, at) => data[i + at] === value)) sum++;
                 }
                 return sum;
               }, 0)""",
            rgb,
        )
    )


def test_neighbours_at_the_gate_are_those_of_python(at: Callable[[str], Opened]) -> None:
    opened = at("#von=haus-a")
    page = opened.page
    snapshot = neighbourly()
    for profile, one in snapshot.profiles.items():
        page.get_by_label("Wer ist unterwegs?").select_option(label=one.label)
        text = said(opened)
        if profile == CLOSED:
            assert "Kein Tor des Geländes ist mit dem Rollator zu passieren" in text
            assert "kommt niemand hinein" in text
            continue
        if profile == LOST:
            assert "ist nicht bekannt: Hierher ist kein Weg erfasst." in text
            continue
        count = people_text(count_of(profile, one.states[-1].value))
        verb = "erreicht" if count == "niemand" else "erreichen"
        assert f"{verb} {count} aus der Nachbarschaft (geschätzt) ein Tor des Geländes." in text
        assert text.startswith("Nachbarschaft und BedarfIn 10 Minuten ")
        assert told(snapshot).people.neighbours.note in text
        assert (profile == FEW) == (FEWER in text)


def test_needs_are_told_by_state_gaps_first(at: Callable[[str], Opened]) -> None:
    opened = at("#von=haus-a")
    page = opened.page
    page.locator("#bedarf summary").press("Enter")
    heads = [str(text) for text in page.locator("#bedarf h3").all_text_contents()]
    assert heads == [
        "nicht im Richtwert28 Arten von Orten",
        "nur auf dem Gelände3 Arten von Orten",
        "gedeckt3 Arten von Orten",
        "nicht erfasst – vor Ort prüfen9 Arten von Orten",
    ]
    # Told apart by another drawing, not by colour alone.
    signs = page.locator("#bedarf .need-sign").evaluate_all("all => all.map((e) => e.innerHTML)")
    assert len(set(signs)) == 4
    snapshot = neighbourly()
    profile = next(iter(snapshot.profiles.values()))
    sentences = need_sentences(told(snapshot).needs, snapshot.taxonomy, profile)["haus-a"]
    shown = [str(text) for text in page.locator("#bedarf p, #bedarf li").all_text_contents()]
    assert [text for text in shown if not text.startswith("Im Richtwert: ")] == sentences
    unseen = str(page.locator("#bedarf .not_recorded").text_content())
    for word in ("fehlt", "Lücke", "nicht im Richtwert"):
        assert word not in unseen


def test_needs_are_those_of_the_first_profile_and_of_houses(at: Callable[[str], Opened]) -> None:
    opened = at("#von=haus-b")
    page = opened.page
    page.locator("#bedarf summary").click()
    before = page.locator("#bedarf li").all_text_contents()
    assert page.locator("#bedarf [role=note]").count() == 0
    page.get_by_label("Wer ist unterwegs?").select_option(label="Mit Rollstuhl")
    assert opened.text("#bedarf [role=note]") == (
        "Der Bedarf ist für „Bewohnerinnen und Bewohner zu Fuß“ gerechnet, nicht für "
        "„Mit Rollstuhl“."
    )
    assert page.locator("#bedarf li").all_text_contents() == before
    page.locator("#wahl-von").select_option(index=0)
    assert not page.locator("#bedarf").is_visible()
    assert "steht bei jedem Haus" in said(opened)


def test_common_ground_is_switched_by_keyboard_and_kept(at: Callable[[str], Opened]) -> None:
    opened = at("#von=haus-a")
    page = opened.page
    assert painted(page) == 0
    page.locator("#legende button").first.press("Enter")
    switch = page.get_by_label("Gemeinsamer Raum")
    assert not switch.is_checked()
    switch.press("Space")
    page.wait_for_function("location.hash.includes('gemeinsam=ja')")
    assert painted(page) > 500
    least = least_neighbours(told(neighbourly()).people)["musterhausen"]
    text = (
        "in 15 Minuten erreichbar für Menschen von hier und für mindestens "
        f"{least} Menschen aus der Nachbarschaft (geschätzt)"
    )
    assert text in said(opened, "#legende-gemeinsam")
    assert page.locator("#legende-gemeinsam svg").count() == 1
    assert text in said(opened)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert "gemeinsam=ja" in view(opened)
    assert painted(page) > 500
    page.locator("#legende button").first.press("Enter")
    page.get_by_label("Gemeinsamer Raum").press("Space")
    page.wait_for_function("!location.hash.includes('gemeinsam')")
    assert painted(page) == 0


def test_where_there_is_none_a_sentence_says_so(at: Callable[[str], Opened]) -> None:
    opened = at("#von=haus-c&gemeinsam=ja&bis=10")
    page = opened.page
    assert painted(page) == 0
    assert opened.text("#legende-gemeinsam") == NONE
    assert page.locator(SECTION).get_by_text(NONE).is_visible()
    # Brisk walkers meet within ten minutes, on nine thousand square metres.
    page.get_by_label("Wer ist unterwegs?").select_option(label="Zügig zu Fuß")
    assert "in 10 Minuten erreichbar" in said(opened, "#legende-gemeinsam")
    assert painted(page) > 100
    # By wheelchair it is only possible, and within fifteen.
    page.get_by_label("ohne Grenze, alle Orte").check(force=True)
    page.get_by_label("Wer ist unterwegs?").select_option(label="Mit Rollstuhl")
    assert "in 15 Minuten nach Datenlage erreichbar" in said(opened, "#legende-gemeinsam")
    page.get_by_label("bis 5 Minuten").check(force=True)
    assert "in 5 Minuten keinen" in said(opened, "#legende-gemeinsam")
    assert painted(page) == 0


@pytest.mark.parametrize("size", [DESK, TABLET], ids=["1280x800", "820x1180"])
def test_is_accessible_quiet_and_large_enough(
    shared: Opened, at: Callable[[str], Opened], size: dict[str, int]
) -> None:
    shared.page.set_viewport_size(size)
    try:
        page = at("#von=haus-a&gemeinsam=ja&profil=slow").page
        page.locator("#legende button").first.click()
        page.locator("#bedarf summary").press("Enter")
        assert violations(page) == []
        small = page.evaluate(
            """() => [...document.querySelectorAll('#nachbarschaft summary, #legende label')]
               .filter((e) => e.checkVisibility())
               .map((e) => [e.outerHTML.slice(0, 120), e.getBoundingClientRect()])
               .filter(([, r]) => r.width < 43.9 || r.height < 43.9)
               .map(([html, r]) => `${html} ${r.width}x${r.height}`)"""
        )
        assert small == []
        tiny = page.evaluate(
            """() => [...document.querySelectorAll('#nachbarschaft *, #legende *')]
               .filter((e) => e.checkVisibility() && !e.closest('svg')
                 && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
               .filter((e) => parseFloat(getComputedStyle(e).fontSize) < 15)
               .map((e) => e.outerHTML.slice(0, 120))"""
        )
        assert tiny == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    finally:
        shared.page.set_viewport_size(DESK)


def test_on_paper_all_is_unfolded_and_the_pattern_is_named(at: Callable[[str], Opened]) -> None:
    page = at("#von=haus-a&gemeinsam=ja").page
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    shown = page.evaluate("() => document.body.innerText").replace(HARD_SPACE, " ")
    page.emulate_media(media="null")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    for part in (
        "Gemeinsamer Raum: in 15 Minuten", "51 Menschen", "nicht im Richtwert",
        "nicht erfasst – vor Ort prüfen",
    ):  # fmt: skip
        assert part in shown
    # Folded again, as it was.
    assert not page.locator("#bedarf .need").first.is_visible()


def test_hostile_texts_are_shown_as_they_are(open_map: Open) -> None:
    snapshot = neighbourly()
    known = told(snapshot)
    texts = [text.encode("utf-8", "replace").decode("utf-8") for text in HOSTILE]
    place = " ".join(texts)
    # Someone has looked, and the place is called what nobody should have called it.
    needs = known.needs.assign(place=place)
    seen = needs["state"] == "not_met"
    needs.loc[seen, "confirmed"] = "missing"
    needs.loc[seen, "confirmed_on"] = "2026-05-02"
    needs.loc[seen, "confirmed_by"] = (texts * 9)[: int(seen.sum())]
    changed = replace(snapshot, neighbourhood=replace(known, needs=needs))
    opened = open_map(render_map(changed), "#von=haus-a", init_script=CANARY)
    page = opened.page
    page.locator("#bedarf summary").click()
    profile = next(iter(snapshot.profiles.values()))
    sentences = need_sentences(needs, snapshot.taxonomy, profile)["haus-a"]
    shown = [str(text) for text in page.locator("#bedarf bdi").all_text_contents()]
    assert [text for text in shown if not text.startswith("Im Richtwert: ")] == sentences
    assert any("<script" in text.lower() for text in shown)
    assert page.evaluate("window.hits") == []
    assert opened.complaints == []
    assert opened.requests == []


def test_a_snapshot_without_neighbourhood_shows_neither(open_map: Open) -> None:
    opened = open_map(render_map(sample_snapshot()), "#gemeinsam=ja")
    page = opened.page
    page.locator("#legende button").first.click()
    assert page.locator(SECTION).count() == 0
    assert page.get_by_label("Gemeinsamer Raum").count() == 0
    assert page.locator("#legende-gemeinsam").count() == 0
    assert painted(page) == 0
    assert opened.complaints == []
