"""Pages of features: all arrive, once each, whatever the pages and whatever happens between."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.ogc.paging import find_page
from api.service.catalogue import Catalogue, make_catalogue
from api.service.settings import ServiceSettings
from tests.api.ogc.conftest import Served, linked
from tests.api.ogc.shapes_of_answers import assert_same

LAYER = "services"


def test_all_features_arrive_once_in_any_pages(public: Served) -> None:
    """Compared with the ids in the GeoPackage, read by pyogrio."""
    expected = {name: sorted(public.table(name)["key"]) for name in public.catalogue.collections}

    @settings(max_examples=25, deadline=None)
    @given(st.sampled_from(sorted(expected)), st.integers(1, 120))
    def check(name: str, limit: int) -> None:
        size = max(limit, len(expected[name]) // 12 + 1)
        assert_same(public.ids(name, limit=size), expected[name])

    check()


def test_pages_go_back_the_way_they_came(public: Served) -> None:
    forwards = list(public.pages(f"/collections/{LAYER}/items", limit=11))
    page, backwards = forwards[-1], [forwards[-1]["features"]]
    while before := linked(page, "prev"):
        page = public.get(before[0]["href"])
        backwards.append(page["features"])
    ids = [item["id"] for features in reversed(backwards) for item in features]
    assert ids == [item["id"] for one in forwards for item in one["features"]]
    assert not linked(forwards[0], "prev")
    assert not linked(forwards[-1], "next")


def test_links_keep_what_was_asked(public: Served) -> None:
    """All parameters but those of paging stand in the links again."""
    table = public.table(LAYER)
    group = table["category_group"].mode().iloc[0]
    utm = "http://www.opengis.net/def/crs/EPSG/0/25832"
    asked = {"bbox": "5,47,16,56", "category_group": group, "crs": utm}
    page = public.get(f"/collections/{LAYER}/items", limit=1, **asked)
    (following,) = linked(page, "next")
    assert following["href"].startswith(f"http://testserver/collections/{LAYER}/items?")
    again = dict(parse_qsl(urlsplit(following["href"]).query))
    assert again == asked | {"limit": "1", "after": page["features"][0]["id"]}
    path = f"/collections/{LAYER}/items"
    found = [
        one["id"] for turned in public.pages(path, limit=1, **asked) for one in turned["features"]
    ]
    assert len(found) > 1
    assert found == sorted(table.loc[table["category_group"] == group, "key"])


def test_offset_counts_from_the_start(public: Served) -> None:
    everything = public.ids(LAYER)
    page = public.get(f"/collections/{LAYER}/items", limit=5, offset=7)
    assert [item["id"] for item in page["features"]] == everything[7:12]
    beyond = public.get(f"/collections/{LAYER}/items", offset=10**15)
    assert beyond["features"] == []
    assert beyond["numberMatched"] == len(everything)
    public.get(f"/collections/{LAYER}/items", status=400, offset=1, after="x")


@pytest.mark.parametrize("seed", range(3))
def test_a_new_snapshot_between_two_pages_loses_and_doubles_nothing(
    public: Served, seed: int
) -> None:
    """What is in both snapshots comes exactly once, though others came and went before it.

    Some features leave (every fourth, from a different one each time), so the count of those
    before a page changes; paging by numbers would skip some.
    """
    old, new = public.catalogue, _thinned(public.catalogue, seed)
    settings_ = ServiceSettings()
    seen: list[str] = []
    query: dict[str, str] = {"limit": "7"}
    for turn in range(100):
        catalogue = old if turn < 3 else new
        collection = catalogue.collections[LAYER]
        page = find_page(catalogue, collection, query, settings_)
        first = 0 if "after" not in query else collection.position(query["after"])
        first += collection.row(query.get("after", "")) is not None
        seen += collection.ids.iloc[first : first + page.returned].tolist()
        if page.after is None:
            break
        query["after"] = page.after
    assert len(seen) == len(set(seen))
    both = set(old.collections[LAYER].ids) & set(new.collections[LAYER].ids)
    assert both <= set(seen)


def _thinned(catalogue: Catalogue, seed: int) -> Catalogue:
    layers: dict[str, Any] = dict(catalogue.exported.layers)
    frame = layers[LAYER]
    kept = [row for row in range(len(frame)) if row % 4 != seed]
    layers[LAYER] = frame.iloc[kept].reset_index(drop=True)
    return make_catalogue(replace(catalogue.exported, layers=layers), catalogue.folder)
