"""Every filter that the page about filters shows can be asked as it stands there."""

from __future__ import annotations

import re

from api.ogc.filters_build import MAX_PREDICATES, MAX_SLOW
from api.ogc.filters_grammar import MAX_DEPTH, MAX_TEXT
from tests.api.ogc.conftest import Served
from tests.documents import ROOT

PAGE = (ROOT / "docs/filter.md").read_text(encoding="utf-8")


def test_filters_of_the_table_are_answered(public: Served) -> None:
    table = "\n".join(line for line in PAGE.splitlines() if line.startswith("| "))
    filters = re.findall(r"`([^`]+)`", table)
    assert len(filters) > 15
    for text in filters:
        public.get("/collections/services/items", filter=text, limit=1)
        public.get("/collections/services/items", query=text, limit=1)
    for text in ("nearest_s > 600", "NOT (nearest_s > 600)", "nearest_s IS NULL"):
        assert text in PAGE
        public.get("/collections/access/items", filter=text, limit=1)


def test_addresses_are_answered(public: Served) -> None:
    addresses = re.findall(r"^    (/collections/\S+)$", PAGE, re.MULTILINE)
    assert len(addresses) == 3
    for address in addresses:
        assert public.get(address)["type"] == "FeatureCollection"
    first, _, filtered = (public.get(address)["numberMatched"] for address in addresses)
    assert first == filtered > 0


def test_limits_are_those_of_the_service() -> None:
    said = f"{MAX_TEXT:,}".replace(",", ".")
    assert f"{said} Zeichen, {MAX_DEPTH} Klammern ineinander und {MAX_PREDICATES} Ver" in PAGE
    assert f"höchstens {MAX_SLOW}-mal" in PAGE
