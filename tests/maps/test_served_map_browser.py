"""The map of the service in a browser: the same as the file, quiet, accessible, and public."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from layers.snapshot import Snapshot
from maps.front_end import front_end_digest
from maps.served_map import write_served_map
from maps.web_map import compose
from tests.layers.sample import sample_snapshot
from tests.maps.conftest import DESK, READY_MS, TABLET, Opened
from tests.maps.hostile import HOSTILE
from tests.maps.placed import example
from tests.maps.served import Running, running, write_release
from tests.maps.test_hostile_texts import CANARY, hostile_snapshot, shown
from tests.maps.test_page_browser import violations
from tests.maps.wheels import wheels_snapshot

pytestmark = pytest.mark.browser

Open = Callable[..., Opened]

INSIDE = re.compile(
    r"\b(?:Haus|Hause|Hauses|Häuser|Häusern|Haustür|intern\w*|Bedarf)\b", re.IGNORECASE
)
"""What only the internal release speaks of. "Gemeindehaus" and "Hausarzt" are no such words."""

WATCH = """
window.refused = [];
addEventListener("securitypolicyviolation", (event) => {
  refused.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""

SEEN = """(views) => views.map((view) => {
  history.replaceState(null, "", "#" + new URLSearchParams(view));
  dispatchEvent(new PopStateEvent("popstate"));
  const texts = (selector) => [...document.querySelectorAll(selector)].map((e) => e.textContent);
  return {
    origins: texts("#wahl-von option, #wahl-von optgroup, .only-start"),
    profiles: texts("#wahl-wer option"), rules: texts(".who"),
    answer: texts("#antwort"), kinds: texts("#arten"), count: texts("#anzahl"),
    places: texts("#orte li"), grounds: texts("#gelaende"), legend: texts("#legende"),
    known: texts(".coverage"), foot: texts(".sources"),
  };
})"""
"""Everything that the page says in each of some views, given as fragments of its address."""


@pytest.fixture(scope="module")
def open_url(browser: Any) -> Iterator[Open]:
    """Return a function that opens a page of a service; nothing else can be reached."""
    contexts: list[Any] = []

    def open_page(
        service: Running,
        *,
        size: dict[str, int] | None = None,
        prepare: Callable[[Any], None] | None = None,
        init_script: str = "",
        ready: bool = True,
        guarded: bool = True,
        **options: Any,
    ) -> Opened:
        options = {"reduced_motion": "reduce", "locale": "de-DE", **options}
        context = browser.new_context(viewport=size or DESK, **options)
        contexts.append(context)
        context.add_init_script(WATCH + init_script)
        opened = Opened(context.new_page())
        own = service.address + "/"

        def foreign(url: str) -> bool:
            return not url.startswith((own, "data:"))

        def refuse(route: Any) -> None:
            opened.requests.append(route.request.url)
            route.abort()

        if guarded:  # which turns off the cache
            context.route(foreign, refuse)
        page = opened.page
        page.on("console", lambda message: opened.complaints.append(message.text))
        page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        if prepare is not None:
            prepare(page)
        page.goto(service.address + "/karte")
        if ready:
            page.wait_for_selector("html[data-ready]", timeout=READY_MS)
        return opened

    yield open_page
    for context in contexts:
        context.close()


def served(snapshot: Snapshot, out: Path, *, internal: bool) -> Iterator[Running]:
    write_release(snapshot, out, internal=internal)
    with running(out, internal=internal) as service:
        yield service


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Return a service of the internal release of the sample town."""
    yield from served(wheels_snapshot(), tmp_path_factory.mktemp("innen") / "out", internal=True)


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Return a service of the public release of the example."""
    yield from served(example(), tmp_path_factory.mktemp("aussen") / "out", internal=False)


@pytest.fixture(scope="module")
def groundless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Return a service of the public release of a study that has houses and no grounds."""
    sample = wheels_snapshot()
    houses = sample.houses.assign(site_id="")
    snapshot = dataclasses.replace(
        sample,
        sites=sample.sites.iloc[:0],
        gates=sample.gates.iloc[:0],
        houses=houses,
        places=sample.places.assign(on_campus=""),
    )
    yield from served(snapshot, tmp_path_factory.mktemp("ohne") / "out", internal=False)


def quiet(opened: Opened) -> bool:
    """Whether a page has asked nobody else, complained of nothing and tried nothing forbidden."""
    assert opened.requests == []
    assert opened.complaints == []
    assert opened.page.evaluate("window.refused") == []
    return True


def everything_unfolded(page: Any) -> None:
    """Open all that is folded up, in the panel and on the map."""
    page.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true; })")
    for unfold in page.locator(".unfold").all():
        unfold.click()
    if page.locator("#legende-inhalt").is_hidden():
        page.locator("#legende button").first.click()


@pytest.mark.parametrize("release", ["inside", "public"])
def test_shows_what_the_file_shows(
    release: str, request: pytest.FixtureRequest, open_url: Open, open_shared: Open
) -> None:
    service: Running = request.getfixturevalue(release)
    snapshot = wheels_snapshot() if release == "inside" else example()
    file = open_shared((service.folder / "karte.html").read_text(encoding="utf-8"))
    page = open_url(service)
    origins = list(snapshot.sites["site_id"])
    if release == "inside":
        origins += list(snapshot.houses["house_id"])
    views = [
        {"von": origin, "profil": profile, "bis": "alle"}
        for origin in origins
        for profile in snapshot.profiles
    ]
    seen = [opened.page.evaluate(SEEN, views) for opened in (file, page)]
    for view, of_file, of_service in zip(views, *seen, strict=True):
        assert of_file == of_service, view
        assert of_service["places"]
    # Each origin and profile has its own answer, so that equal ones are no accident.
    assert len({str(of_service["answer"]) for of_service in seen[1]}) > 1
    assert quiet(page)


@pytest.mark.parametrize(
    ("release", "size"),
    [("public", DESK), ("public", TABLET), ("inside", TABLET), ("groundless", DESK)],
    ids=["public, desk", "public, tablet", "internal, tablet", "without grounds, desk"],
)
def test_is_quiet_and_accessible(
    release: str, size: dict[str, int], request: pytest.FixtureRequest, open_url: Open
) -> None:
    opened = open_url(request.getfixturevalue(release), size=size)
    page = opened.page
    everything_unfolded(page)
    page.locator("#orte button").first.click()
    page.wait_for_selector("#blatt:not([hidden])")
    assert violations(page) == []
    page.get_by_role("button", name="Quellen und Lizenzen").click()
    if size is DESK:
        assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert quiet(opened)


def test_a_second_visit_shows_the_same_from_what_is_kept(public: Running, open_url: Open) -> None:
    opened = open_url(public, guarded=False)
    page = opened.page
    answer = opened.text("#antwort")
    sent = "performance.getEntriesByType('resource').map((e) => Number(e.transferSize > 0))"
    first = page.evaluate(sent)
    assert sum(first) == len(first) > 10
    page.goto("about:blank")
    page.goto(public.address + "/karte")
    page.wait_for_selector("html[data-ready]", timeout=READY_MS)
    assert opened.text("#antwort") == answer
    assert page.evaluate(sent) == [0] * len(first)
    assert quiet(opened)


def test_everything_can_be_reached_with_the_keyboard(public: Running, open_url: Open) -> None:
    opened = open_url(public)
    page = opened.page
    active = "document.activeElement"
    page.keyboard.press("Tab")
    assert page.evaluate(f"{active}.id") == "sprung"
    page.keyboard.press("Tab")
    assert page.evaluate(f"{active}.textContent") == "Übersicht, Daten und Dienst"
    assert page.evaluate(f"{active}.href") == f"{public.address}/"
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached |= set(page.evaluate(f"({active}.className || {active}.id).split(' ')"))
    assert {"select", "search", "place", "folium-map", "tool", "legend-button", "link"} <= reached
    page.keyboard.press("Shift+Tab")
    page.locator("#suche").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.evaluate(f"{active}.tagName") == "H2"
    page.keyboard.press("Escape")
    assert page.locator("#blatt").is_hidden()


def test_hostile_texts_stay_texts(tmp_path: Path, open_url: Open) -> None:
    sample, out = sample_snapshot(), tmp_path / "out"
    write_release(sample, out, internal=True)
    # Files for the GIS could not hold half a surrogate pair; the map can.
    write_served_map(compose(dataclasses.replace(hostile_snapshot(), id=sample.id)), out)
    with running(out, internal=True) as service:
        opened = open_url(service, init_script=CANARY)
        page = opened.page
        page.locator("#wahl-von").select_option(index=1)
        page.locator("#mehr button").dispatch_event("click")
        assert shown(page, "#name", ["".join(HOSTILE)])
        assert shown(page, "#antwort p", HOSTILE)
        assert shown(page, "#quellen li", HOSTILE)
        assert shown(page, "#orte .place-name", HOSTILE)
        assert page.evaluate("window.hits") == []
        assert quiet(opened)


def words_of(page: Any) -> str:
    """Return everything that a page says to those who look and to those who listen."""
    everything_unfolded(page)
    page.locator("#orte button").first.click()
    text = page.evaluate(
        """() => {
          for (const e of document.querySelectorAll("script, style, .notices")) e.remove();
          const named = [...document.querySelectorAll("[aria-label], [title], optgroup")]
            .map((e) => [e.ariaLabel, e.title, e.label].join(" "));
          return [document.title, document.body.textContent, ...named].join("\\n");
        }"""
    )
    return str(text)


def test_the_public_map_speaks_of_no_houses(public: Running, open_url: Open) -> None:
    opened = open_url(public)
    text = words_of(opened.page)
    names = set(example().houses["name"]) | set(example().houses["house_id"])
    assert [name for name in names if name in text] == []
    assert INSIDE.findall(text) == []
    assert "Öffentliche Fassung" in opened.text("#fassung")
    assert "ab dem Tor von LWL-Gelände Musterhausen" in opened.text("#von")
    assert opened.text("#ueber-gelaende") == "Gelände und Tore"
    assert opened.page.locator("#bedarf, #nachbarschaft, #projekte").count() == 0
    empty = opened.page.evaluate(
        "[...document.querySelectorAll('section:not([hidden])')]"
        ".filter((e) => e.checkVisibility() && !e.innerText.trim()).map((e) => e.outerHTML)"
    )
    assert empty == []


def test_the_word_search_would_find_houses(inside: Running, open_url: Open) -> None:
    opened = open_url(inside)
    text = words_of(opened.page)
    assert {"Haus", "Häuser", "Interne"} <= set(INSIDE.findall(text))
    assert opened.text("#fassung") == "Interne Fassung"
    assert "Zum Weitergeben gibt es die öffentliche Fassung." in text


def test_without_grounds_the_public_map_shows_places_and_says_why_no_times(
    groundless: Running, open_url: Open
) -> None:
    opened = open_url(groundless)
    page = opened.page
    assert opened.text("#ueber-von") == "Ohne Wegzeiten"
    assert "für diese Karte ist kein Gelände angegeben" in opened.text("#von")
    # Not the arcade, which is internal, nor the bench, which is shown when asked for.
    wanted = set(wheels_snapshot().places["id"]) - {"n11", "n12"}
    names = page.locator("#orte .place-name").all_text_contents()
    assert len(names) == len(wanted)
    assert page.locator("#orte .place-time, .card-way").count() == 0
    assert INSIDE.findall(words_of(page)) == []
    seen = page.locator("body").inner_text()
    assert re.findall(r"\d\sMin|erreichbar|Reichweite|Luftlinie|\bTore\b|nächste", seen) == []
    assert "Sie zeigt Orte." in opened.text("#quellen")
    assert "Gelände und" not in opened.text("#quellen")
    for section in ("#antwort", "#gelaende"):
        assert page.locator(section).is_hidden()
    counts = page.locator("tbody tr:not(.group) td.number").all_text_contents()
    assert sum(map(int, counts)) >= len(wanted)


def test_is_told_when_there_is_a_newer_state_and_loads_it(tmp_path: Path, open_url: Open) -> None:
    out = tmp_path / "out"
    write_release(sample_snapshot(), out, internal=True)
    newer = dataclasses.replace(sample_snapshot(), id="0123456789abcdef", name="Neuhausen")
    with running(out, internal=True) as service:
        swapped: list[bool] = []

        def swap(route: Any) -> None:
            if not swapped:
                write_release(newer, out, internal=True)
                swapped.append(service.store.reload())
            route.continue_()

        opened = open_url(
            service, ready=False, prepare=lambda page: page.route("**/karte/daten/*.json*", swap)
        )
        page = opened.page
        page.wait_for_selector("#stoerung:not([hidden])")
        assert swapped == [True]
        assert "Es gibt einen neuen Stand der Karte, bitte neu laden." in opened.text("#stoerung")
        assert violations(page) == []
        page.get_by_role("button", name="Neu laden").click()
        page.wait_for_selector("html[data-ready]")
        assert opened.text("#name") == "Neuhausen"
        # The browser itself tells of what was gone; nothing else complains.
        assert {"410" in text for text in opened.complaints} == {True}


def test_shows_how_far_it_is_and_tries_again_after_a_failure(
    inside: Running, open_url: Open
) -> None:
    held: list[Any] = []

    def hold(page: Any) -> None:
        page.route("**/karte/daten/places.json*", lambda route: held.append(route))  # noqa: PLW0108

    opened = open_url(inside, ready=False, prepare=hold)
    page = opened.page
    assert opened.text("#laden") == ""
    page.wait_for_selector("#laden progress")
    assert opened.text("#laden") == "Die Karte wird geladen."
    assert page.get_by_role("progressbar", name="Die Karte wird geladen.").count() == 1
    # All but one file is there.
    page.wait_for_function("document.querySelector('progress').value > 20")
    assert page.evaluate("document.querySelector('progress').value") < 100
    assert violations(page) == []
    held[0].abort()
    page.wait_for_selector("#stoerung:not([hidden])")
    assert "konnten nicht geladen werden" in opened.text("#stoerung")
    assert page.locator("progress").count() == 0
    page.unroute("**/karte/daten/places.json*")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="Noch einmal versuchen").press("Enter")
    page.wait_for_selector("html[data-ready]")
    assert [re.sub(r".*/(.*)\?.*", r"\1", url) for url in asked if "/daten/" in url] == [
        "places.json"
    ]
    assert page.locator("#stoerung").is_hidden()
    assert page.locator("#orte li").count() > 0


def test_a_start_that_is_gone_is_said(inside: Running, open_url: Open) -> None:
    def gone(page: Any) -> None:
        page.route("**/karte/daten/start.js*", lambda route: route.fulfill(status=410))

    opened = open_url(inside, ready=False, prepare=gone)
    opened.page.wait_for_selector("#stoerung:not([hidden])")
    assert "bitte neu laden" in opened.text("#stoerung")
    assert opened.page.get_by_role("button", name="Neu laden").is_visible()


def test_without_scripts_it_says_so_and_leads_to_the_data(public: Running, open_url: Open) -> None:
    opened = open_url(public, ready=False, java_script_enabled=False)
    note = opened.page.locator("noscript p")
    assert note.is_visible()
    assert note.get_by_role("link").get_attribute("href") == "./"
    assert INSIDE.findall(opened.page.locator("body").inner_text()) == []


def test_after_an_update_the_map_still_works(open_url: Open, tmp_path: Path) -> None:
    """Then it is the file with its own front end, under a policy that names its very texts."""
    out = tmp_path / "out"
    write_release(sample_snapshot(), out, internal=True)
    table = out / "karte/teile.json"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace(front_end_digest(), "0" * 64), encoding="utf-8")
    with running(out, internal=True) as service:
        opened = open_url(service)
        page = opened.page
        assert page.locator("#laden").count() == 0  # the file has no data to wait for
        assert page.locator("#orte li").count() > 0
        assert page.locator(".map-area canvas, .map-area .leaflet-pane path").count() > 0
        assert page.evaluate("refused") == []
        assert opened.requests == []
        assert opened.complaints == []
