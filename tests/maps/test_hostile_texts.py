"""Hostile texts in every field: none runs, each is shown as it is."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from geo.findings import Finding, Severity
from geo.profiles import load_profiles
from layers.snapshot import Snapshot
from maps.web_map import render_map
from tests.layers.sample import CRS, ORIGIN, TAXONOMY, sample_snapshot
from tests.maps.conftest import Opened
from tests.maps.hostile import HOSTILE

Open = Callable[..., Opened]

CANARY = "window.hits = []; window.hit = (n) => { window.hits.push(n); };"
NUMBER = len(HOSTILE)
# Addresses cannot hold half a surrogate pair.
KEYS = [text.encode("utf-8", "replace").decode("utf-8") for text in HOSTILE]
PLACE_FIELDS = ("name", "kind", "opening_hours", "address", "operator", "website")


def hostile_snapshot() -> Snapshot:
    """As many places, sites, houses and gates as texts; each has one text in all its fields."""
    ids = [f"n{number:03d}" for number in range(NUMBER)]
    step = 40.0
    east = ORIGIN[0] + step * np.arange(NUMBER)
    places = _frame(
        {
            "id": ids,
            "category": ["bakery"] * NUMBER,
            "layer": ["services"] * NUMBER,
            "role": ["resource"] * NUMBER,
            "partner": [True] * NUMBER,
            "osm_ids": [f"{key},w1" for key in ids],
            "on_campus": [""] * NUMBER,
            "wheelchair": ["unknown"] * NUMBER,
            "completeness": ["high"] * NUMBER,
            **{field: list(HOSTILE) for field in PLACE_FIELDS},
        },
        gpd.points_from_xy(east, [ORIGIN[1]] * NUMBER),
    )
    places["outline"] = pd.Series([None] * NUMBER, dtype=object)
    sites = _frame(
        {"site_id": [f"s{key}" for key in KEYS], "name": list(HOSTILE)},
        [box(x, ORIGIN[1] + 100, x + 20, ORIGIN[1] + 120) for x in east],
    )
    houses = _frame(
        {
            "house_id": [f"h{key}" for key in KEYS],
            "name": list(HOSTILE),
            "site_id": list(sites["site_id"]),
        },
        gpd.points_from_xy(east + 10, [ORIGIN[1] + 110] * NUMBER),
    )
    houses["outline"] = pd.Series([None] * NUMBER, dtype=object)
    gates = _frame(
        {
            "gate_id": [f"t{key}" for key in KEYS],
            "name": list(HOSTILE),
            "site_id": list(sites["site_id"]),
            "status": list(HOSTILE),
            "step_free": list(HOSTILE),
            "derived": [False] * NUMBER,
        },
        gpd.points_from_xy(east + 10, [ORIGIN[1] + 100] * NUMBER),
    )
    times = pd.DataFrame(
        {
            "from_id": houses["house_id"].iloc[0],
            "to_id": ids,
            "profile": "resident",
            "state": "confirmed",
            "travel_time_s": 60.0 + np.arange(NUMBER),
            "distance_m": 60.0 + np.arange(NUMBER),
            "estimated": False,
            "private": False,
        }
    )
    wheels = times.assign(profile="own", state="possible")
    times = pd.concat([times, wheels], ignore_index=True)
    sample = sample_snapshot()
    base = sample.base.copy()
    base = base.loc[base.index.repeat(NUMBER)].reset_index(drop=True)
    given = [HOSTILE[number % NUMBER] for number in range(len(base))]
    base["name"] = pd.Series(given, dtype=object)
    category = dataclasses.replace(
        TAXONOMY.categories[1], label=HOSTILE[0], label_plural="".join(HOSTILE), group=HOSTILE[3]
    )
    return dataclasses.replace(
        sample,
        name="".join(HOSTILE),
        source="".join(HOSTILE),
        profiles={
            "resident": dataclasses.replace(sample.profiles["resident"], label="".join(HOSTILE)),
            # A profile that the study adds is called in sentences what the study calls it.
            "own": dataclasses.replace(
                load_profiles()["wheelchair"], id="own", label="Mit " + "".join(HOSTILE)
            ),
        },
        taxonomy=dataclasses.replace(TAXONOMY, categories=(category,)),
        sites=sites,
        houses=houses,
        gates=gates,
        places=places,
        travel_times=times,
        access=sample.access.iloc[:0],
        isochrones=sample.isochrones.iloc[:0],
        summaries={
            "resident": {key: list(HOSTILE) for key in [*sites["site_id"], *houses["house_id"]]}
        },
        base=base,
        findings=tuple(
            Finding(code="x", severity=Severity.WARNING, message=text) for text in HOSTILE
        ),
    )


@pytest.fixture(scope="module")
def html() -> str:
    return render_map(hostile_snapshot())


def test_there_are_enough_of_them() -> None:
    assert len(set(HOSTILE)) == NUMBER >= 40


def test_none_stands_in_the_page_as_markup_or_script(html: str) -> None:
    # Outside the JSON no text from outside exists, inside it no character that could end it.
    data = re.compile(r'<script type="application/json" id="[a-z-]+">([^<>&]*)</script>')
    assert len(data.findall(html)) == 5
    rest = data.sub("", html)
    assert "hit(" not in rest
    assert "boese.example" not in rest
    html.encode("utf-8")


@pytest.mark.browser
@pytest.mark.parametrize("guarded", [True, False], ids=["with policy", "without policy"])
def test_none_runs_and_each_is_shown_as_it_is(html: str, open_map: Open, guarded: bool) -> None:  # noqa: FBT001
    if not guarded:
        # The policy is the second line: the first one has to hold alone.
        html, removed = re.subn(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "", html)
        assert removed == 1
    first = hostile_snapshot().houses["house_id"].iloc[0]
    assert first == "h<script>hit(1)</script>"
    opened = open_map(html, init_script=CANARY)
    page = opened.page
    assert shown(page, "#name", ["".join(HOSTILE)])
    page.locator("#wahl-von").select_option(index=1)
    assert whole_list_shown(page)
    assert shown(page, "#antwort p", HOSTILE)
    assert shown(page, "#quellen li", HOSTILE)
    label = "".join(HOSTILE)
    assert shown(page, "#wahl-wer option", [label, f"Mit {label}"])
    page.locator("#wahl-wer").select_option(index=1)
    page.locator("#orte button.place").first.dispatch_event("click")
    assert shown(page, "#blatt .way-time bdi", [f"mit {label}"])
    page.locator("#wahl-wer").select_option(index=0)
    page.locator("#mehr button").dispatch_event("click")
    assert shown(page, "#wahl-von optgroup", HOSTILE, "e.label")
    cards = page.evaluate(
        """() => [...document.querySelectorAll("#orte button.place")].map((button) => {
          button.click();
          return [...document.querySelectorAll("#blatt h2, #blatt .card-kind, #blatt dd")]
            .map((e) => [...e.textContent].map((c) => c.codePointAt(0)));
        })"""
    )
    for number, (card, text) in enumerate(zip(cards, HOSTILE, strict=True)):
        expected = [text, text, "nicht erfasst", text, text, text, text, "möglicher Partner"]
        assert ["".join(map(chr, part)) for part in card] == [*expected, f"n{number:03d}, w1"]
    for kind, start in (("tor", "t"), ("haus", "h")):
        headings = page.evaluate(
            """([kind, keys]) => keys.map((units) => {
              const id = String.fromCharCode(...units);
              history.replaceState(null, "", "#" + new URLSearchParams([[kind, id]]));
              dispatchEvent(new PopStateEvent("popstate"));
              return [...document.querySelector("#blatt h2").textContent]
                .map((c) => c.codePointAt(0));
            })""",
            [kind, [units(start + key) for key in KEYS]],
        )
        assert ["".join(map(chr, heading)) for heading in headings] == list(HOSTILE)
    links = page.evaluate("[...document.links].map((a) => a.protocol)")
    assert set(links) <= {"http:", "https:", "file:"}
    page.mouse.move(800, 400)
    page.wait_for_timeout(200)
    assert page.evaluate("window.hits") == []
    assert opened.requests == []
    assert opened.complaints == []


def whole_list_shown(page: Any) -> bool:
    """Ask for all places until all are there: the list is drawn anew when times arrive."""
    more = page.locator("#mehr button")
    for _ in range(50):
        if shown(page, "#orte .place-name", HOSTILE):
            return True
        if more.is_visible():
            more.dispatch_event("click")
        page.wait_for_timeout(100)
    return False


def shown(page: Any, selector: str, expected: Sequence[str], what: str = "e.textContent") -> bool:
    """Whether the elements' texts are exactly these, compared in the page, unit by unit."""
    result = page.evaluate(
        f"""([selector, wanted]) => {{
          const texts = [...document.querySelectorAll(selector)].map((e) => {what});
          return JSON.stringify(texts) ===
            JSON.stringify(wanted.map((units) => String.fromCharCode(...units)));
        }}""",
        [selector, [units(text) for text in expected]],
    )
    return bool(result)


def units(text: str) -> list[int]:
    """Return UTF-16 code units: they come through where lone surrogates would not."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return [int.from_bytes(raw[at : at + 2], "little") for at in range(0, len(raw), 2)]


def _frame(columns: dict[str, list[Any]], geometry: Any) -> gpd.GeoDataFrame:
    # As objects: Arrow's strings refuse half a surrogate pair before it could come to the page.
    objects = {name: pd.Series(values, dtype=object) for name, values in columns.items()}
    return gpd.GeoDataFrame(pd.DataFrame(objects), geometry=list(geometry), crs=CRS)
