"""Pages in Chromium: no foreign request, no complaint, accessible, and usable by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from api.service.catalogue import load_catalogue
from tests.api.service.page_sample import app_of, hostile_catalogue, serving

pytestmark = pytest.mark.browser

DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
WAIT_MS = 30_000
ITEMS = "/collections/services/items?limit=20"
PATHS = (
    "/",
    "/collections",
    "/collections/services",
    "/collections/access/items?limit=5",
    "/collections/services/queryables",
    ITEMS,
    "/conformance",
    "/hilfe",
    "/hilfe/qgis",
    "/hilfe/arcgis",
    "/hilfe/masterportal",
    "/dateien",
)

SOME_PATHS = ("/", "/collections/services", ITEMS, "/hilfe/qgis", "/dateien")
"""One of each layout."""

ACTIVE = "document.activeElement"
RING = f"getComputedStyle({ACTIVE}).outlineStyle"


class Visit:
    """A window of the browser, what it asked for elsewhere and what it complained about."""

    def __init__(self, browser: Any, address: str, size: dict[str, int]) -> None:
        self.address, self.wide = address, size == DESK
        self.context = browser.new_context(viewport=size, locale="de-DE")
        self.page = self.context.new_page()
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", self._request)
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.add_init_script("window.hits = []; window.hit = (n) => window.hits.push(n);")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.foreign.append(request.url)

    def open(self, path: str) -> int:
        return int(self.page.goto(self.address + path).status)

    def violations(self) -> list[str]:
        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]

    def overflow(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.fixture(scope="module")
def address(musterhausen: Path) -> Iterator[str]:
    with serving(app_of(load_catalogue(musterhausen / "out/public"))) as found:
        yield found


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def visit(request: pytest.FixtureRequest, browser: Any, address: str) -> Iterator[Visit]:
    made = Visit(browser, address, request.param)
    yield made
    made.context.close()


@pytest.fixture
def desk(browser: Any, address: str) -> Iterator[Visit]:
    made = Visit(browser, address, DESK)
    yield made
    made.context.close()


def test_pages_are_quiet_accessible_and_fit(visit: Visit) -> None:
    paths = PATHS if visit.wide else SOME_PATHS
    for path in (*paths, "/collections/services/items/n1000000031481"):
        assert visit.open(path) == 200, path
        for closed in visit.page.locator("details:not([open]) > summary").all():
            closed.click()
        assert visit.violations() == [], path
        assert visit.overflow() <= 0, path
    # What the browser has kept is shown again without a word, too.
    visit.page.reload()
    visit.page.reload()
    assert visit.foreign == []
    assert visit.complaints == []


def test_links_on_the_start_page_differ_from_what_is_behind_them(desk: Visit) -> None:
    # axe takes text in the colour of its background for hidden and says nothing.
    desk.open("/")
    same = desk.page.evaluate(
        """() => [...document.querySelectorAll("a")].filter((link) => {
          let behind = link;
          const colour = (one) => getComputedStyle(one).backgroundColor;
          while (behind.parentElement && colour(behind) === "rgba(0, 0, 0, 0)") {
            behind = behind.parentElement;
          }
          return getComputedStyle(link).color === colour(behind);
        }).map((link) => link.textContent)"""
    )
    assert same == []


def test_a_fault_is_a_page_too(desk: Visit) -> None:
    assert desk.open("/gibt-es-nicht") == 404
    assert desk.violations() == []
    assert desk.foreign == []
    # Chromium notes the status itself; nothing else may stand there.
    assert [text for text in desk.complaints if "404" not in text] == []


def test_the_interface_can_be_tried_in_german_and_is_accessible(desk: Visit) -> None:
    page = desk.page
    desk.open("/api")
    page.wait_for_selector(".opblock-tag", timeout=WAIT_MS)
    assert desk.violations() == []
    page.locator(".opblock-tag", has_text="Was es gibt").first.click()
    page.locator(".opblock-summary-control", has_text="/conformance").click()
    page.get_by_role("button", name="Ausprobieren").click()
    page.get_by_role("button", name="Abfragen").click()
    page.wait_for_selector(".live-responses-table", timeout=WAIT_MS)
    page.get_by_text("Antwort des Dienstes").wait_for(timeout=WAIT_MS)
    assert "conformsTo" in str(page.locator(".live-responses-table").text_content())
    assert desk.violations() == []
    for english in ("Try it out", "Execute", "Responses", "No parameters"):
        assert page.get_by_text(english, exact=True).count() == 0, english
    assert page.locator("main").count() == 1
    assert desk.foreign == []
    assert desk.complaints == []


def test_the_interface_fits_on_a_phone(browser: Any, address: str) -> None:
    phone = Visit(browser, address, PHONE)
    page = phone.page
    phone.open("/api")
    page.wait_for_selector(".opblock-tag", timeout=WAIT_MS)
    assert phone.overflow() <= 0
    page.locator(".opblock-tag", has_text="Versorgung").first.click()
    page.locator(".opblock-summary-control", has_text="/items").first.click()
    page.get_by_role("button", name="Ausprobieren").click()
    assert phone.overflow() <= 0
    page.get_by_label("Wert für limit").fill("2")
    page.get_by_role("button", name="Abfragen").click()
    page.wait_for_selector(".live-responses-table", timeout=WAIT_MS)
    page.get_by_text("numberMatched").first.wait_for(timeout=WAIT_MS)
    assert phone.overflow() <= 0
    assert phone.violations() == []
    assert phone.foreign == []
    assert phone.complaints == []
    phone.context.close()


def test_the_keyboard_reaches_everything_and_is_seen(desk: Visit) -> None:
    page = desk.page
    desk.open(ITEMS)
    page.keyboard.press("Tab")
    assert page.evaluate(f"{ACTIVE}.className") == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate(f"{ACTIVE}.id") == "inhalt"
    wanted = page.evaluate(
        "[...document.querySelectorAll('main a[href], main button:not([hidden]), main input,"
        ' main select, main summary, main [tabindex="0"]\')]'
        ".filter((one) => one.checkVisibility()).length"
    )
    seen = set()
    for number in range(wanted):
        page.keyboard.press("Tab")
        seen.add(page.evaluate(
            "(() => { const all = [...document.querySelectorAll('*')];"
            f" return all.indexOf({ACTIVE}); }})()"
        ))  # fmt: skip
        assert page.evaluate(f"!!{ACTIVE}.closest('main')"), number
        assert page.evaluate(RING) == "solid", number
    assert len(seen) == wanted


def test_the_form_works_by_keyboard_alone(desk: Visit) -> None:
    page = desk.page
    desk.open(ITEMS)
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Name enthält").focus()
    page.keyboard.type("apotheke")
    page.keyboard.press("Enter")
    page.wait_for_url("**/items?*filter=*")
    names = page.locator("tbody th").all_text_contents()
    assert names
    assert all("apotheke" in name.lower() for name in names)
    assert page.get_by_label("Name enthält").input_value() == "apotheke"
    page.get_by_role("link", name="Alle zeigen").click()
    assert page.get_by_label("Name enthält").input_value() == ""


def test_an_address_is_copied_and_said_so(desk: Visit) -> None:
    page = desk.page
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.open("/hilfe/qgis")
    page.get_by_role("button", name="Kopieren URL").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Kopiert.").wait_for(state="attached", timeout=WAIT_MS)
    assert page.evaluate("navigator.clipboard.readText()") == f"{desk.address}/"


def test_without_scripts_everything_but_copying_is_there(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="de-DE")
    page = context.new_page()
    page.goto(address + "/hilfe/qgis")
    assert page.locator("button").count() == page.locator("button[hidden]").count() > 0
    assert page.get_by_label("URL").input_value() == f"{address}/"
    context.close()


def test_hostile_texts_do_not_run(browser: Any, musterhausen: Path) -> None:
    app = app_of(hostile_catalogue(musterhausen / "out/public"))
    with serving(app) as address:
        visit = Visit(browser, address, DESK)
        for path in (
            "/",
            "/collections/services",
            "/collections/services/items?limit=200",
            "/hilfe/masterportal",
        ):
            assert visit.open(path) == 200
            visit.page.wait_for_load_state("networkidle")
            assert visit.page.evaluate("window.hits") == [], path
        visit.open("/collections/services/items?limit=200")
        shown = " ".join(visit.page.locator("tbody").inner_text().split())
        for text in (
            "<img src=x onerror=hit(4)>",
            "{{ 7*7 }}{% for x in y %}",
            "javascript:hit(30)",
        ):
            assert text in shown
        assert visit.violations() == []
        assert visit.foreign == []
        assert visit.complaints == []
        visit.context.close()
