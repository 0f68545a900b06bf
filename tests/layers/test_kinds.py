"""The German name of the exact kind of a place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from geo.errors import SozialraumError
from layers import kinds
from layers.kinds import kind_name
from layers.taxonomy import load_taxonomy
from tests.layers.test_taxonomy import EXAMPLES

TAXONOMY = load_taxonomy()


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"shop": "bakery"}, "Bäckerei"),
        ({"shop": "bakery", "amenity": "cafe"}, "Bäckerei"),
        ({"shop": "supermarket", "building": "retail"}, "Supermarkt"),
        ({"shop": "supermarket", "organic": "only"}, "Bio-Supermarkt"),
        ({"amenity": "doctors", "healthcare": "doctor"}, "Arztpraxis"),
        ({"amenity": "doctors", "healthcare:speciality": "general"}, "Hausarztpraxis"),
        ({"healthcare": "doctor", "healthcare:speciality": "orthopaedics;general"},
         "Hausarztpraxis"),
        ({"amenity": "doctors", "name": "Allgemeinmediziner R. B."}, "Hausarztpraxis"),
        ({"amenity": "doctors", "healthcare:speciality": "psychiatry"}, "Psychiatrische Praxis"),
        ({"amenity": "doctors", "healthcare:speciality": "neurology"}, "Neurologische Praxis"),
        ({"amenity": "clinic", "name": "Psychiatrische Tagesklinik"}, "Tagesklinik"),
        ({"amenity": "doctors", "name": "MVZ am Bahnhof"}, "Ärztehaus"),
        ({"healthcare": "psychotherapist"}, "Psychotherapeutische Praxis"),
        ({"healthcare": "occupational_therapist"}, "Praxis für Ergotherapie"),
        ({"amenity": "dentist"}, "Zahnarztpraxis"),
        ({"highway": "bus_stop"}, "Bushaltestelle"),
        ({"public_transport": "platform", "bus": "yes"}, "Bushaltestelle"),
        ({"public_transport": "platform"}, "Haltestelle"),
        ({"railway": "tram_stop"}, "Straßenbahnhaltestelle"),
        ({"highway": "bus_stop", "tram": "yes", "bus": "yes"}, "Bus- und Straßenbahnhaltestelle"),
        ({"amenity": "bus_station"}, "Busbahnhof"),
        ({"railway": "station"}, "Bahnhof"),
        ({"railway": "halt", "public_transport": "station"}, "Haltepunkt"),
        ({"railway": "station", "station": "subway", "subway": "yes"}, "U-Bahnhof"),
        ({"railway": "station", "public_transport": "station", "bus": "yes"}, "Bahnhof"),
        ({"amenity": "place_of_worship", "religion": "christian"}, "Kirche"),
        ({"amenity": "place_of_worship", "name": "Marienkirche"}, "Kirche"),
        ({"amenity": "place_of_worship", "religion": "muslim"}, "Moschee"),
        ({"amenity": "place_of_worship", "religion": "jewish"}, "Synagoge"),
        ({"amenity": "place_of_worship", "building": "chapel"}, "Kapelle"),
        ({"amenity": "place_of_worship"}, "Gotteshaus"),
        ({"amenity": "community_centre", "community_centre": "parish_hall"}, "Gemeindehaus"),
        ({"amenity": "community_centre", "name": "Gemeindehaus St. Ewaldi"}, "Gemeindehaus"),
        ({"amenity": "community_centre"}, "Begegnungsstätte"),
        ({"social_facility": "outreach", "name": "Stadtteiltreff"}, "Stadtteiltreff"),
        ({"amenity": "restaurant", "cuisine": "italian"}, "Italienisches Restaurant"),
        ({"amenity": "fast_food", "cuisine": "kebab"}, "Döner-Imbiss"),
        ({"leisure": "pitch", "sport": "tennis"}, "Tennisplatz"),
        ({"leisure": "sports_centre", "name": "Schulsporthalle"}, "Turnhalle"),
        ({"club": "shooting"}, "Schützenverein"),
        ({"club": "sport"}, "Sportverein"),
        ({"club": "something"}, "Verein"),
        ({"amenity": "school"}, "Schule"),
        ({"amenity": "school", "name": "Grundschule Süd"}, "Grundschule"),
        ({"amenity": "kindergarten"}, "Kindertagesstätte"),
        ({"craft": "painter"}, "Malerbetrieb"),
        ({"craft": "something"}, "Handwerksbetrieb"),
        ({"landuse": "industrial", "name": "Nord"}, "Industriegebiet"),
        ({"amenity": "parcel_locker", "brand": "DHL Packstation"}, "Packstation"),
        ({"amenity": "social_facility", "social_facility": "food_bank", "name": "Tafel"}, "Tafel"),
        ({"office": "company", "name": "Jobcenter"}, "Jobcenter"),
    ],
)  # fmt: skip
def test_kinds(tags: dict[str, str], kind: str) -> None:
    assert kind_name(tags, TAXONOMY.match(tags)) == kind


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"social_facility": "group_home", "social_facility:for": "senior"}, "Seniorenwohnheim"),
        ({"social_facility": "group_home", "social_facility:for": "mental_health"},
         "Wohneinrichtung"),
        ({"social_facility": "group_home", "social_facility:for": "drug_addicted"},
         "Wohneinrichtung"),
        ({"social_facility": "group_home"}, "Wohneinrichtung"),
        ({"social_facility": "assisted_living", "social_facility:for": "disabled"},
         "Betreutes Wohnen"),
        ({"social_facility": "nursing_home", "social_facility:for": "senior"}, "Pflegeheim"),
    ],
)  # fmt: skip
def test_dwellings_do_not_tell_the_illness_of_those_who_live_there(
    tags: dict[str, str], kind: str
) -> None:
    tags = {"amenity": "social_facility", **tags}
    assert kind_name(tags, TAXONOMY.match(tags)) == kind


def test_every_example_has_a_kind_for_people_to_read() -> None:
    for category_id, tags in EXAMPLES:
        category = TAXONOMY.by_id[category_id]
        kind = kind_name(tags, category)
        assert kind
        assert kind[0].isupper()
        assert kind == kind.strip()
        assert not set("()\u00ad_{}") & set(kind), (category_id, kind)


def test_the_label_is_the_last_resort() -> None:
    category = TAXONOMY.by_id["employers"]
    assert kind_name({}, category) == category.label
    assert kind_name({"foo": "bar"}) == "Ort"


def test_a_building_is_no_kind() -> None:
    category = TAXONOMY.by_id["self_help"]
    assert kind_name({"building": "yes", "entrance": "main"}, category) == category.label


def test_without_a_category_the_tags_alone_tell() -> None:
    assert kind_name({"shop": "toys"}) == "Spielwarengeschäft"


def test_the_order_of_tags_does_not_matter() -> None:
    tags = {"amenity": "restaurant", "cuisine": "greek", "shop": "bakery", "leisure": "pitch"}
    assert kind_name(tags) == kind_name(dict(reversed(list(tags.items()))))


@pytest.fixture
def no_static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Take the files of the schema away for one test."""
    monkeypatch.setattr(kinds, "_STATIC", tmp_path)
    for cache in (kinds._load, kinds._by_preset):
        cache.cache_clear()
    yield
    monkeypatch.undo()
    for cache in (kinds._load, kinds._by_preset):
        cache.cache_clear()


@pytest.mark.usefixtures("no_static")
def test_missing_files_are_named() -> None:
    with pytest.raises(SozialraumError, match=r"presets\.min\.json"):
        kind_name({"shop": "bakery"})
