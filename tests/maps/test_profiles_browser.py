"""Another profile: areas, list, numbers and sentences change at once, and doubts are said."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

import pytest

from maps.web_map import render_map
from tests.layers.sample import sample_snapshot
from tests.maps.conftest import DESK, TABLET, Opened
from tests.maps.test_page_browser import names, view, violations
from tests.maps.wheels import BY_HOURS, LABEL, LONGER, SAME, UNKNOWN_M, wheels_snapshot

pytestmark = pytest.mark.browser

Open = Callable[..., Opened]
HARD_SPACE = "\u00a0"
SMOOTH = 2.0
"""Steps of colour that a smooth area may vary by; hatching varies by far more."""


@pytest.fixture(scope="module")
def html() -> str:
    return render_map(wheels_snapshot())


def minutes(opened: Opened) -> list[str]:
    texts = opened.page.locator("#orte .place-time").all_text_contents()
    return [str(text).replace(HARD_SPACE, " ") for text in texts]


def ground(page: Any, east: int) -> tuple[float, float]:
    """Look at 16 by 12 pixels of the ground so far east of the middle of the map.

    Returns
    -------
    tint, roughness
        How much more green than red there is on the average, and how much that varies.
    """
    values = page.evaluate(
        """(east) => {
          const box = document.querySelector('.folium-map').getBoundingClientRect();
          const values = [];
          for (let dx = 0; dx < 16; dx++) for (let dy = -6; dy < 6; dy++) {
            const x = box.left + box.width / 2 + east + dx, y = box.top + box.height / 2 + dy;
            for (const tile of document.querySelectorAll('.leaflet-tile-pane canvas')) {
              const { left, top, right, bottom } = tile.getBoundingClientRect();
              if (x < left || x >= right || y < top || y >= bottom) continue;
              const [r, g] = tile.getContext('2d').getImageData(x - left, y - top, 1, 1).data;
              values.push(g - r);
            }
          }
          return values;
        }""",
        east,
    )
    assert len(values) == 16 * 12
    return statistics.mean(values), statistics.pstdev(values)


def test_choosing_a_profile_changes_everything_and_back_undoes_it(
    html: str, open_map: Open
) -> None:
    opened = open_map(html, "#von=h-linde&bis=alle")
    page = opened.page
    before = (names(opened), minutes(opened), opened.text("#antwort"))
    assert "auch über Treppen" in opened.text(".who")
    page.get_by_label("Wer ist unterwegs?").select_option(label=LABEL)
    assert "profil=wheelchair" in view(opened)
    assert opened.text("#antwort") == f"{LABEL}: h-linde."
    assert "3,2\u00a0km/h · stufenlos · Bordstein bis" in opened.text(".who")
    assert minutes(opened) != before[1]
    assert opened.text("#ausdruck h2").endswith("alles, was mit dem Rollstuhl erreichbar ist")
    page.go_back()
    page.wait_for_function("!location.hash.includes('wheelchair')")
    assert (names(opened), minutes(opened), opened.text("#antwort")) == before
    assert opened.complaints == []


def test_profiles_are_chosen_with_the_keyboard_and_described(html: str, open_map: Open) -> None:
    opened = open_map(html)
    page = opened.page
    page.locator("#wahl-von").focus()
    page.keyboard.press("Tab")
    chosen = page.locator("#wahl-wer")
    assert page.evaluate("document.activeElement.id") == "wahl-wer"
    described = chosen.get_attribute("aria-describedby")
    assert "3,6\u00a0km/h" in opened.text(f"#{described}")
    page.keyboard.press("ArrowDown")
    page.wait_for_function("location.hash.includes('profil=wheelchair')")
    assert "stufenlos" in opened.text(f"#{described}")
    options = chosen.locator("option").all_text_contents()
    assert options == [one.label for one in wheels_snapshot().profiles.values()]


@pytest.mark.parametrize("size", [DESK, TABLET], ids=["1280x800", "820x1180"])
def test_is_accessible_on_wheels(html: str, open_map: Open, size: dict[str, int]) -> None:
    opened = open_map(html, f"#von=h-linde&profil=wheelchair&ort={LONGER}", size=size)
    page = opened.page
    for unfold in page.locator(".unfold").all():
        unfold.click()
    page.locator("#legende button").first.click()
    assert violations(page) == []
    assert opened.complaints == []
    tiny = page.evaluate(
        """() => [...document.querySelectorAll('body *')]
           .filter((e) => e.checkVisibility() && !e.closest('svg')
             && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
           .filter((e) => parseFloat(getComputedStyle(e).fontSize) < 15)
           .map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert tiny == []


def test_list_says_how_sure_each_place_is(html: str, open_map: Open) -> None:
    opened = open_map(html, "#von=h-linde&profil=wheelchair&bis=alle")
    page = opened.page
    place_name = sample_snapshot().places.set_index("id")["name"]

    def sureness(place: str) -> tuple[str, str]:
        entry = page.locator("#orte .place", has_text=place_name[place])
        sign = entry.locator(".place-sure svg").get_attribute("class")
        return str(entry.locator(".place-sure").text_content()), sign.split()[-1]

    # Told apart by words and by another drawing, not by colour alone.
    assert sureness(SAME) == ("gesichert", "sure")
    assert sureness(LONGER) == (f"gesichert in 14{HARD_SPACE}Min.", "longer")
    assert sureness("n4") == ("möglich – Wegezustand nicht bekannt", "possible")
    drawings = {
        page.locator(f"#orte .sure-sign.{state}").first.inner_html()
        for state in ("sure", "longer", "possible")
    }
    assert len(drawings) == 3
    # On foot nothing is in doubt, and nothing is said.
    page.get_by_label("Wer ist unterwegs?").select_option(index=0)
    assert page.locator(".place-sure").count() == 0


def test_only_sure_places(html: str, open_map: Open) -> None:
    opened = open_map(html, "#von=h-linde&profil=wheelchair&bis=alle")
    page = opened.page
    everything = names(opened)
    box = page.get_by_label("nur gesichert erreichbar")
    box.check()
    assert "gesichert=ja" in view(opened)
    known = sample_snapshot().places.set_index("id")["name"]
    assert sorted(names(opened)) == sorted([known[LONGER], known[SAME]])
    # Its minutes are those of the sure way.
    assert sorted(minutes(opened)) == ["13 Min.", "14 Min."]
    assert set(page.locator(".place-sure").all_text_contents()) == {"gesichert"}
    assert opened.text("#anzahl").startswith("2\u00a0Orte gesichert")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert box.is_checked()
    assert len(names(opened)) == 2
    # The wish stays, but on foot there is nothing to leave out.
    page.get_by_label("Wer ist unterwegs?").select_option(index=0)
    assert not box.is_visible()
    assert len(names(opened)) >= len(everything)


def test_card_names_both_times_and_what_is_not_known(html: str, open_map: Open) -> None:
    opened = open_map(html, f"#von=h-linde&profil=wheelchair&ort={LONGER}")
    text = opened.text("#blatt").replace(HARD_SPACE, " ")
    for part in (
        "11 Minuten mit dem Rollstuhl",
        f"möglich – auf {UNKNOWN_M:.0f} m ist der Wegezustand nicht bekannt",
        "gesichert in 14 Minuten (700 m)",
    ):
        assert part in text, (part, text)
    same = open_map(html, f"#von=h-linde&profil=wheelchair&ort={SAME}").text("#blatt")
    assert "gesichert: Der Zustand des ganzen Weges ist bekannt." in same
    assert "möglich" not in same.split("mit dem Rollstuhl")[1].split("Öffnungszeiten")[0]
    gate = open_map(html, f"#von=h-linde&profil=wheelchair&ort={BY_HOURS}").text("#blatt")
    assert "ein Tor, das nur zu bestimmten Zeiten offen ist" in gate
    assert "Einen gesicherten Weg gibt es nach Datenlage nicht." in gate
    far = open_map(html, "#von=h-linde&profil=wheelchair&ort=n5").text("#blatt")
    assert "Mit dem Rollstuhl außer Reichweite" in far
    assert "12\u00a0" not in far


def test_counts_are_those_of_both_tables(html: str, open_map: Open) -> None:
    snapshot = wheels_snapshot()
    access = snapshot.access
    wheels = access[(access["profile"] == "wheelchair") & (access["house_id"] == "h-linde")]
    label = {category.id: category.label_plural for category in snapshot.taxonomy.categories}
    opened = open_map(html, "#von=h-linde&profil=wheelchair&bis=15")
    ranges = 0
    for category, rows in wheels.groupby("category"):
        counts = rows.set_index("state")["n_15"]
        sure, possible = counts["confirmed"], counts["possible"]
        line = opened.page.locator("tbody tr:not(.group)", has_text=label[str(category)])
        shown = str(line.locator("td.number > [aria-hidden]").text_content())
        expected = f"{possible}" if sure == possible else f"{sure}–{possible}"
        assert shown.replace(HARD_SPACE, " ") == expected
        ranges += sure < possible
    assert ranges >= 2
    assert "„0–5“ heißt" in opened.text("#arten")


def test_possible_areas_are_hatched_and_sure_ones_filled(html: str, open_map: Open) -> None:
    def painted(fragment: str) -> list[tuple[float, float]]:
        # 2.9 m are a pixel; eastwards one surely gets 34, 68, 102 pixels in 5, 10, 15 minutes
        # with the wheelchair, possibly 68, 136, 204, and on foot 102, 204, 306.
        page = open_map(html, f"#von=h-linde&{fragment}&karte=15/51.99239/7.5756").page
        page.wait_for_timeout(300)
        return [ground(page, east) for east in (10, 42, 74, 108, 170)]

    bare = painted("gehzeiten=nein")
    assert max(rough for _, rough in bare) < SMOOTH
    tints = [tint - bare[0][0] for tint, _ in painted("profil=resident")]
    foot = [rough for _, rough in painted("profil=resident")]
    assert max(foot) < SMOOTH
    # Bands do not add up: the same tint as far as five minutes reach, then less.
    assert tints[0] == pytest.approx(tints[1], abs=1)
    assert tints[0] == pytest.approx(tints[2], abs=1)
    assert tints[0] > tints[3] > 0
    assert tints[3] == pytest.approx(tints[4], abs=1)
    wheels = painted("profil=wheelchair")
    assert wheels[0][1] < SMOOTH
    assert wheels[0][0] - bare[0][0] == pytest.approx(tints[0], abs=1)
    # Sure in ten minutes and possibly in five; sure in fifteen and possibly in ten; possibly
    # in ten; possibly in fifteen.
    assert all(rough > 3 * SMOOTH for _, rough in wheels[1:])
    # A hatched band is on the average as dark as a filled one.
    assert wheels[3][0] - bare[3][0] == pytest.approx(tints[3], rel=0.25)


def test_legend_explains_both_tones_where_there_are_two(html: str, open_map: Open) -> None:
    page = open_map(html).page
    page.locator("#legende button").first.click()
    entries = page.locator(".two-tone li")
    assert not entries.first.is_visible()
    page.get_by_label("Wer ist unterwegs?").select_option(index=1)
    assert [text.split(":")[0] for text in entries.all_text_contents()] == [
        "gesichert", "nach Datenlage möglich",
    ]  # fmt: skip
    assert entries.nth(1).is_visible()
    solid, hatched = (entries.nth(number).locator("svg").first for number in range(2))
    assert solid.locator("rect[fill-opacity]").count() == 1
    assert hatched.locator("rect[fill-opacity]").count() == 0
    assert hatched.locator("path").count() == 1


def test_says_how_much_is_known(html: str, open_map: Open) -> None:
    opened = open_map(html, "#von=h-linde&profil=wheelchair&bis=10")
    said = opened.text(".coverage").replace(HARD_SPACE, " ")
    assert said.startswith(
        "Bei 78 % der Wege im Umkreis von 10 Minuten ist der Zustand nicht bekannt."
    )
    width = opened.page.locator(".bar rect").get_attribute("width")
    assert float(width) == pytest.approx(3 * 22)
    nearly = open_map(html, "#von=h-markt&profil=wheelchair&bis=10").text(".coverage")
    assert nearly.startswith("Bei mehr als 99\u00a0% der Wege")
    for fragment in ("#von=h-linde", "#von=g-waldhof&profil=wheelchair"):
        assert not open_map(html, fragment).page.locator(".coverage").is_visible()


def test_the_map_follows_wide_areas_unless_somebody_has_moved_it(
    html: str, open_map: Open
) -> None:
    page = open_map(html, "#von=h-linde", reduced_motion="reduce").page
    chooser = page.get_by_label("Wer ist unterwegs?")

    def zoom() -> int:
        page.wait_for_timeout(300)
        return int(page.evaluate("map_karte.getZoom()"))

    foot = zoom()
    chooser.select_option(index=1)
    assert zoom() == foot
    chooser.select_option(index=2)
    assert zoom() < foot
    chooser.select_option(index=0)
    assert zoom() == foot
    page.evaluate("map_karte.panBy([120, 0], {animate: false})")
    chooser.select_option(index=2)
    assert zoom() == foot


def test_rings_follow_the_speed(html: str, open_map: Open) -> None:
    def image(profile: str) -> bytes:
        fragment = f"#von=h-linde&luftlinie=ja&gehzeiten=nein&profil={profile}"
        page = open_map(html, f"{fragment}&karte=14/51.9915/7.5756").page
        page.wait_for_timeout(300)
        return bytes(page.locator(".folium-map").screenshot())

    assert image("resident") != image("wheelchair")


def test_prints_both_tones(html: str, open_map: Open) -> None:
    page = open_map(html, "#von=h-linde&profil=wheelchair").page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for selector in (".two-tone", ".coverage", ".who", "#wahl-wer"):
        assert page.locator(selector).is_visible(), selector
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
