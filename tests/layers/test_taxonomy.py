"""The taxonomy: every category, what it takes, what it leaves, and a study's changes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import TaxonomyError
from layers.taxonomy import LAYER_LABELS, LAYERS, Taxonomy, load_taxonomy

TAXONOMY = load_taxonomy()
WITH_RISK = Taxonomy(categories=TAXONOMY.categories + TAXONOMY.switched_off)

# Objects as they stand in OSM, and the category people would look for them under.
EXAMPLES: list[tuple[str, dict[str, str]]] = [
    ("supermarket", {"shop": "supermarket", "brand": "Edeka", "building": "retail"}),
    ("convenience", {"shop": "convenience", "name": "Dorfladen"}),
    ("farm", {"shop": "farm", "name": "Hof Schulze"}),
    ("greengrocer", {"shop": "greengrocer"}),
    ("bakery", {"shop": "bakery", "name": "Malzers"}),
    ("bakery", {"craft": "bakery"}),
    ("bakery", {"shop": "bakery;confectionery"}),
    ("bakery", {"shop": "bakery", "amenity": "cafe"}),  # a bakery with tables
    ("bakery", {"shop": "bakery", "disused:amenity": "pub"}),  # in a former pub
    ("pastry", {"shop": "pastry"}),
    ("butcher", {"shop": "butcher"}),
    ("marketplace", {"amenity": "marketplace", "opening_hours": "Fr 07:00-13:00"}),
    ("chemist", {"shop": "chemist", "name": "Rossmann"}),
    ("second_hand", {"shop": "second_hand"}),
    ("charity", {"shop": "charity", "name": "Sozialkaufhaus"}),
    ("variety_store", {"shop": "variety_store"}),
    ("clothing_bank", {"amenity": "social_facility", "social_facility": "clothing_bank"}),
    ("give_box", {"amenity": "give_box"}),
    ("food_bank", {"amenity": "social_facility", "social_facility": "food_bank"}),
    ("soup_kitchen", {"amenity": "social_facility", "social_facility": "soup_kitchen"}),
    ("food_sharing", {"amenity": "food_sharing"}),
    ("hairdresser", {"shop": "hairdresser"}),
    ("laundry", {"shop": "laundry"}),
    ("tailor", {"shop": "tailor"}),
    ("shoemaker", {"craft": "shoemaker"}),
    ("bank", {"amenity": "bank", "atm": "yes", "name": "Sparkasse"}),
    ("atm", {"amenity": "atm", "operator": "Sparkasse"}),
    ("post_office", {"amenity": "post_office"}),
    ("post_box", {"amenity": "post_box", "operator": "Deutsche Post"}),
    ("parcel_locker", {"amenity": "parcel_locker", "brand": "DHL Packstation"}),
    ("parcel_locker", {"amenity": "vending_machine", "vending": "parcel_pickup;parcel_mail_in"}),
    ("self_help", {"office": "association", "name": "Selbsthilfekontaktstelle"}),
    ("self_help", {"club": "social", "name": "Kreuzbund Lengerich"}),
    ("self_help", {"amenity": "social_facility", "name": "Blaues Kreuz, Begegnungsgruppe"}),
    ("addiction_counselling", {"healthcare": "counselling", "name": "Drogenberatung Nordkreis"}),
    (
        "addiction_counselling",
        {"healthcare": "counselling", "healthcare:counselling": "addiction"},
    ),
    ("addiction_counselling", {"amenity": "social_facility", "name": "Caritas Suchtberatung"}),
    ("counselling", {"office": "government", "government": "healthcare"}),
    ("counselling", {"amenity": "social_facility", "social_facility:for": "mental_health"}),
    ("counselling", {"healthcare": "counselling"}),
    ("advice", {"office": "association", "name": "Schuldner- und Insolvenzberatung"}),
    ("advice", {"office": "ngo", "name": "EUTB Kreis Steinfurt"}),
    ("advice", {"office": "association", "name": "Betreuungsverein Münster e.V."}),
    ("psychiatry", {"amenity": "doctors", "healthcare:speciality": "neurology;psychiatry"}),
    ("psychiatry", {"amenity": "doctors", "name": "Fachärztin für Psychiatrie"}),
    ("psychiatry", {"amenity": "clinic", "name": "Psychiatrische Institutsambulanz"}),
    ("psychotherapist", {"healthcare": "psychotherapist"}),
    ("doctors", {"amenity": "doctors", "healthcare": "doctor"}),
    ("doctors", {"healthcare": "doctor", "healthcare:speciality": "general"}),
    ("doctors", {"office": "physician"}),
    ("dentist", {"amenity": "dentist", "healthcare": "dentist", "office": "physician"}),
    ("pharmacy", {"amenity": "pharmacy", "healthcare": "pharmacy"}),
    ("hospital", {"amenity": "hospital", "healthcare:speciality": "psychiatry"}),
    ("clinic", {"amenity": "clinic", "healthcare": "dialysis"}),
    ("physiotherapist", {"healthcare": "physiotherapist"}),
    ("occupational_therapist", {"healthcare": "occupational_therapist"}),
    ("speech_therapist", {"healthcare": "speech_therapist"}),
    ("podiatrist", {"healthcare": "podiatrist"}),
    ("optician", {"shop": "optician"}),
    ("hearing_aids", {"shop": "hearing_aids"}),
    ("medical_supply", {"shop": "medical_supply"}),
    ("employment_agency", {"office": "company", "name": "Jobcenter Reinickendorf"}),
    ("employment_agency", {"amenity": "public_building", "name": "Bundesagentur für Arbeit"}),
    ("townhall", {"amenity": "townhall"}),
    ("government", {"office": "government", "name": "Bezirksverwaltungsstelle"}),
    ("government", {"amenity": "public_building", "name": "Standesamt"}),
    ("courthouse", {"amenity": "courthouse", "name": "Amtsgericht"}),
    ("police", {"amenity": "police"}),
    ("adult_education", {"amenity": "college"}),
    ("adult_education", {"amenity": "training", "name": "VHS Lengerich"}),
    ("toilets", {"amenity": "toilets", "fee": "no"}),
    ("community_centre", {"amenity": "community_centre", "name": "Gemeindehaus St. Ewaldi"}),
    ("community_centre", {"amenity": "social_centre"}),
    ("community_centre", {"amenity": "social_facility", "name": "Oststadt Treff"}),
    ("community_centre", {"social_facility": "outreach", "name": "Stadtteiltreff KULTIV e.V."}),
    ("cafe", {"amenity": "cafe"}),
    ("ice_cream", {"amenity": "ice_cream"}),
    ("restaurant", {"amenity": "restaurant"}),
    ("fast_food", {"amenity": "fast_food", "cuisine": "kebab"}),
    ("pub", {"amenity": "pub"}),
    ("bar", {"amenity": "bar"}),
    ("biergarten", {"amenity": "biergarten"}),
    ("community_garden", {"leisure": "garden", "garden:type": "community"}),
    ("allotments", {"landuse": "allotments", "name": "KGA Sonnenschein"}),
    ("workshop", {"leisure": "hackerspace"}),
    ("public_bookcase", {"amenity": "public_bookcase"}),
    ("bbq", {"amenity": "bbq"}),
    ("playground", {"leisure": "playground"}),
    ("library", {"amenity": "library"}),
    ("museum", {"tourism": "museum"}),
    ("gallery", {"tourism": "gallery"}),
    ("theatre", {"amenity": "theatre"}),
    ("cinema", {"amenity": "cinema"}),
    ("arts_centre", {"amenity": "arts_centre"}),
    ("events_venue", {"amenity": "events_venue"}),
    ("memorial", {"historic": "memorial", "name": "Mahnmal für die Opfer der NS-Psychiatrie"}),
    ("sports_centre", {"leisure": "sports_centre", "club": "sport"}),
    ("sports_hall", {"leisure": "sports_hall"}),
    ("stadium", {"leisure": "stadium"}),
    ("fitness_centre", {"leisure": "fitness_centre"}),
    ("swimming", {"leisure": "water_park", "name": "Freibad"}),
    ("swimming", {"leisure": "sports_centre", "sport": "swimming"}),
    ("swimming", {"leisure": "swimming_pool", "access": "customers"}),
    ("pitch", {"leisure": "pitch", "sport": "soccer"}),
    ("fitness_station", {"leisure": "fitness_station"}),
    ("bowling_alley", {"leisure": "sports_centre", "sport": "10pin"}),
    ("miniature_golf", {"leisure": "miniature_golf"}),
    ("horse_riding", {"leisure": "horse_riding"}),
    ("zoo", {"tourism": "zoo", "zoo": "petting_zoo"}),
    ("place_of_worship", {"amenity": "place_of_worship", "religion": "christian"}),
    ("religion", {"office": "religion", "name": "Pfarramt St. Ewaldi"}),
    ("park", {"leisure": "park", "name": "Stadtpark"}),
    ("garden", {"leisure": "garden", "name": "Rosengarten"}),
    ("nature_reserve", {"leisure": "nature_reserve"}),
    ("recreation_ground", {"landuse": "recreation_ground"}),
    ("cemetery", {"landuse": "cemetery"}),
    ("wood", {"natural": "wood", "name": "Stadtwald"}),
    ("water", {"natural": "water", "water": "pond", "name": "Mühlenteich"}),
    ("viewpoint", {"tourism": "viewpoint"}),
    ("bench", {"amenity": "bench"}),
    ("picnic_table", {"leisure": "picnic_table"}),
    ("drinking_water", {"amenity": "drinking_water"}),
    ("shelter", {"amenity": "shelter", "shelter_type": "picnic_shelter"}),
    ("station", {"railway": "station", "name": "Lengerich (Westf)"}),
    (
        "station",
        {"railway": "station", "public_transport": "station", "train": "yes", "bus": "yes"},
    ),
    ("station", {"railway": "platform"}),
    ("station", {"public_transport": "platform", "subway": "yes"}),
    ("bus_stop", {"highway": "bus_stop"}),
    ("bus_stop", {"public_transport": "platform", "bus": "yes", "highway": "platform"}),
    ("bus_stop", {"public_transport": "stop_position"}),
    ("bus_stop", {"railway": "tram_stop", "tram": "yes"}),
    ("bus_stop", {"public_transport": "platform", "railway": "platform", "tram": "yes"}),
    ("bus_stop", {"amenity": "bus_station", "public_transport": "station", "bus": "yes"}),
    (
        "ferry_terminal",
        {"amenity": "ferry_terminal", "public_transport": "station", "ferry": "yes"},
    ),
    ("taxi", {"amenity": "taxi"}),
    ("car_sharing", {"amenity": "car_sharing"}),
    ("hitchhiking", {"highway": "hitchhiking"}),
    ("bicycle", {"shop": "bicycle"}),
    ("bicycle_rental", {"amenity": "bicycle_rental"}),
    ("bicycle_repair_station", {"amenity": "bicycle_repair_station"}),
    ("bicycle_parking", {"amenity": "bicycle_parking"}),
    ("clubs", {"club": "shooting", "name": "Schützenverein 1860"}),
    ("clubs", {"office": "association", "name": "Heimatverein"}),
    ("clubs", {"club": "sport", "sport": "tennis"}),
    ("fire_station", {"amenity": "fire_station"}),
    ("disabled_workshop", {"amenity": "social_facility", "social_facility": "workshop"}),
    ("day_centre", {"amenity": "social_facility", "social_facility": "day_care"}),
    ("welfare", {"office": "charity"}),
    ("welfare", {"office": "association", "name": "AWO Kreisverband"}),
    ("social_facility", {"amenity": "nursing_home"}),
    ("social_facility", {"social_facility": "ambulatory_care"}),
    ("school", {"amenity": "school"}),
    ("university", {"amenity": "university"}),
    ("university", {"amenity": "college", "name": "Hochschule Neubrandenburg"}),
    ("kindergarten", {"amenity": "kindergarten"}),
    ("employers", {"craft": "electrician"}),
    ("employers", {"landuse": "industrial", "name": "Gewerbegebiet Nord"}),
]

NO_PLACES: list[tuple[str, dict[str, str]]] = [
    ("a pool in a garden", {"leisure": "swimming_pool"}),
    ("a private pool with a name", {"leisure": "swimming_pool", "name": "P", "access": "private"}),
    ("a garden of a house", {"leisure": "garden"}),
    ("a private garden", {"leisure": "garden", "name": "Garten", "garden:type": "residential"}),
    ("a private pitch", {"leisure": "pitch", "access": "private"}),
    ("a playground for guests", {"leisure": "playground", "access": "customers"}),
    ("the roof of a stop", {"amenity": "shelter", "shelter_type": "public_transport"}),
    ("a smokers' roof", {"amenity": "shelter", "smoking": "dedicated"}),
    ("a stumbling stone", {"historic": "memorial", "memorial": "stolperstein"}),
    ("a plot", {"landuse": "allotments", "allotments": "plot", "name": "3"}),
    ("a river", {"natural": "water", "water": "river", "name": "Lippe"}),
    ("a sewage basin", {"natural": "water", "water": "wastewater", "name": "Becken"}),
    ("commercial land without a name", {"landuse": "commercial"}),
    ("an empty shop", {"shop": "vacant"}),
    ("any other shop", {"shop": "carpet"}),
    ("a former pub", {"disused:amenity": "pub"}),
    ("a street", {"highway": "residential", "name": "Haltestellenweg"}),
    ("a church in ruins", {"amenity": "place_of_worship", "ruins": "yes"}),
    ("the car park of the VHS", {"amenity": "parking", "name": "Parkplatz VHS"}),
    ("a lift station", {"public_transport": "station", "aerialway": "station"}),
    ("a kiosk: risk is off", {"shop": "kiosk"}),
    ("a casino: risk is off", {"amenity": "casino"}),
    ("no club", {"club": "no"}),
    ("nothing", {}),
]


@pytest.mark.parametrize(("category", "tags"), EXAMPLES)
def test_examples(category: str, tags: dict[str, str]) -> None:
    found = TAXONOMY.match(tags)
    assert found is not None
    assert found.id == category


def test_every_category_has_an_example() -> None:
    assert {category for category, _ in EXAMPLES} == set(TAXONOMY.by_id)


@pytest.mark.parametrize(("why", "tags"), NO_PLACES)
def test_what_is_no_place(why: str, tags: dict[str, str]) -> None:
    assert TAXONOMY.match(tags, area_m2=1e9) is None, why


def test_every_rule_is_met_by_its_own_tags() -> None:
    for category in WITH_RISK.categories:
        for rule in category.rules:
            tags = {}
            for key, values in rule.items():
                value = values[0]
                if value == "!":
                    continue
                tags[key] = (
                    "x" if value == "*" else value.strip("~*") if value[0] == "~" else value
                )
            found = WITH_RISK.matches(tags, area_m2=1e9)
            ruled_out = any(
                all(tags.get(k) in v for k, v in one.items()) for one in category.unless
            )
            assert category in found or ruled_out, (category.id, tags)


def test_supermarkets_are_never_risk() -> None:
    for tags in ({"shop": "supermarket"}, {"shop": "supermarket;alcohol"}):
        found = WITH_RISK.match(tags)
        assert found is not None
        assert found.layer == "services"
    for category in TAXONOMY.switched_off:
        assert not any(
            "supermarket" in values for rule in category.rules for values in rule.values()
        )


def test_risk_is_internal_and_off() -> None:
    assert {category.layer for category in TAXONOMY.switched_off} == {"risk"}
    assert "risk" not in {category.layer for category in TAXONOMY.categories}


@pytest.mark.parametrize("home", ["group_home", "assisted_living", "nursing_home", "shelter"])
@pytest.mark.parametrize("group", ["drug_addicted", "mental_health"])
def test_a_dwelling_is_never_shown_by_whom_it_is_for(home: str, group: str) -> None:
    tags = {
        "amenity": "social_facility",
        "social_facility": home,
        "social_facility:for": group,
        "name": "Haus am Park, Suchthilfe",
    }
    found = TAXONOMY.match(tags)
    assert found is not None
    assert found.id == "social_facility"


@pytest.mark.parametrize(
    ("tags", "limit"),
    [
        ({"natural": "wood"}, 20000),
        ({"landuse": "forest"}, 20000),
        ({"natural": "water"}, 10000),
        ({"leisure": "park"}, 500),
        ({"landuse": "allotments"}, 2000),
    ],
)
def test_without_a_name_only_what_is_large(tags: dict[str, str], limit: float) -> None:
    assert TAXONOMY.match(tags, limit) is not None
    assert TAXONOMY.match(tags, limit - 1) is None
    assert TAXONOMY.match(tags, None) is None
    assert TAXONOMY.match({**tags, "name": "Anger"}, None) is not None


@pytest.mark.parametrize(
    ("name", "welfare"),
    [
        ("AWO Begegnung", True),
        ("Die awo.", True),
        ("Sawobau", False),
        ("Diakonisches Werk", True),
        ("Diakoniestation", True),
        ("Kreisverband", False),
    ],
)
def test_words_are_whole_words(name: str, welfare: bool) -> None:  # noqa: FBT001
    found = TAXONOMY.match({"office": "association", "name": name})
    assert found is not None
    assert (found.id == "welfare") is welfare


def test_a_place_may_be_of_several_categories_and_the_first_counts() -> None:
    tags = {"leisure": "sports_centre", "club": "sport"}
    assert [category.id for category in TAXONOMY.matches(tags)] == ["sports_centre", "clubs"]
    assert TAXONOMY.by_id["sports_centre"].partner  # a meeting place and a potential partner


def test_what_is_read_from_an_extract() -> None:
    keys = TAXONOMY.feature_keys
    assert {"shop", "amenity", "highway", "disused:shop", "planned:amenity"} <= keys
    assert not keys & {"name", "access", "operator", "building"}
    values = TAXONOMY.feature_values
    assert values["highway"] == frozenset({"bus_stop", "platform", "hitchhiking"})
    assert values["office"] is None


def test_the_table_is_sound() -> None:
    groups: dict[str, set[str]] = {}
    for category in WITH_RISK.categories:
        assert category.layer in LAYERS
        assert category.layer in LAYER_LABELS
        assert category.label[0].isupper()
        assert category.label_plural[0].isupper()
        assert category.role == "risk" or category.layer != "risk" or category.role == "ambivalent"
        groups.setdefault(category.group, set()).add(category.layer)
    assert all(len(layers) == 1 for layers in groups.values())
    assert sum(category.indicator for category in TAXONOMY.categories) > 30
    assert all(not category.indicator for category in TAXONOMY.categories if category.id in
               {"bench", "viewpoint", "pub", "pitch", "atm", "memorial"})  # fmt: skip


def test_the_digest_tells_taxonomies_apart(tmp_path: Path) -> None:
    path = tmp_path / "kategorien.toml"
    path.write_text('[[category]]\nid = "cafe"\nindicator = false\n', encoding="utf-8")
    assert load_taxonomy().digest == TAXONOMY.digest
    assert load_taxonomy(path).digest != TAXONOMY.digest


# ------------------------------------------------------------------------ a study's changes

TEAHOUSE = """
[[category]]
id = "teahouse"
label = "Teestube"
plural = "Teestuben"
gender = "f"
group = "Begegnung"
layer = "meeting_places"
role = "resource"
completeness = "low"
partner = true
indicator = true
match = [{ amenity = "cafe", name = "~teestube" }]
"""


def changed(tmp_path: Path, text: str) -> Taxonomy:
    path = tmp_path / "kategorien.toml"
    path.write_text(text, encoding="utf-8")
    return load_taxonomy(path)


def test_a_study_adds_a_category_that_goes_first(tmp_path: Path) -> None:
    taxonomy = changed(tmp_path, TEAHOUSE)
    tags = {"amenity": "cafe", "name": "Teestube am Markt"}
    assert [category.id for category in taxonomy.matches(tags)] == ["teahouse", "cafe"]
    assert len(taxonomy.categories) == len(TAXONOMY.categories) + 1


def test_a_study_places_a_category(tmp_path: Path) -> None:
    taxonomy = changed(tmp_path, TEAHOUSE + 'before = "restaurant"\n')
    ids = [category.id for category in taxonomy.categories]
    assert ids.index("teahouse") == ids.index("restaurant") - 1
    found = taxonomy.match({"amenity": "cafe", "name": "Teestube"})
    assert found is not None
    assert found.id == "cafe"  # which now stands before it


def test_a_study_changes_a_category(tmp_path: Path) -> None:
    taxonomy = changed(
        tmp_path, '[[category]]\nid = "library"\nlabel = "Bücherei"\nplural = "Büchereien"\n'
    )
    library = taxonomy.by_id["library"]
    assert (library.label, library.label_plural) == ("Bücherei", "Büchereien")
    assert library.rules == TAXONOMY.by_id["library"].rules


def test_a_study_switches_off_and_on(tmp_path: Path) -> None:
    taxonomy = changed(
        tmp_path,
        '[[category]]\nid = "pub"\noff = true\n[[category]]\nid = "gambling"\noff = false\n',
    )
    assert taxonomy.match({"amenity": "pub"}) is None
    assert {"pub", "alcohol"} <= {category.id for category in taxonomy.switched_off}
    found = taxonomy.match({"amenity": "casino"})
    assert found is not None
    assert found.layer == "risk"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[category]]\nid = "cafe"\nlable = "Kaffee"\n', ["»cafe«", "»lable«", "»label«"]),
        ('[[category]]\nid = "cafe"\nlayer = "service"\n', ["»cafe«", "»service«", "»services«"]),
        ('[[category]]\nid = "caffee"\nlabel = "Kaffee"\n', ["»caffee«", "»cafe«"]),
        ('[[category]]\nid = "cafe"\n[[category]]\nid = "cafe"\n', ["»cafe«", "mehrmals"]),
        ('[[category]]\nlabel = "Kaffee"\n', ["1. Kategorie", "»id«"]),
        ('[[category]]\nid = "cafe"\nindicator = "ja"\n', ["»indicator«", "true oder false"]),
        ('[[category]]\nid = "cafe"\nmatch = "cafe"\n', ["»match«", "Liste von Regeln"]),
        ('[[category]]\nid = "cafe"\nmatch = []\n', ["»match«"]),
        ('[[category]]\nid = "cafe"\nmatch = [{}]\n', ["»match«"]),
        ('[[category]]\nid = "cafe"\nmatch = [{ name = "~Café" }]\n', ["»name«", "beginnen"]),
        ('[[category]]\nid = "atm"\npart_of = ["banks"]\n', ["»part_of«", "»banks«", "»bank«"]),
        ('[[category]]\nid = "atm"\nbefore = "xyz"\n', ["»before«", "»xyz«"]),
        (
            '[[category]]\nid = "supermarket"\nlayer = "risk"\n',
            ["»supermarket«", "nie ein Risiko"],
        ),
        (
            '[[category]]\nid = "alcohol"\nmatch = [{ shop = "*" }]\n',
            ["»alcohol«", "nie ein Risiko"],
        ),
        ('[[category]]\nid = "Tee"\nmatch = [{ amenity = "cafe" }]\n', ["Kleinbuchstaben"]),
        ('[[category]]\nid = "cafe"\nlabel = ""\n', ["»label«", "passt nicht"]),
        ('[[category]]\nid = "wood"\nunnamed_from_m2 = -1\n', ["»unnamed_from_m2«"]),
        ('[[category]]\nid = "wood"\nunnamed_from_m2 = nan\n', ["»unnamed_from_m2«"]),
        ('[[kategorie]]\nid = "cafe"\n', ["»kategorie«"]),
        ('category = "cafe"\n', ["[[category]]"]),
        ('[category]\nid = "cafe"\n', ["[[category]]"]),
        ("[[category]\nid = 1", ["nicht lesbar", "Zeile"]),
        (TEAHOUSE.replace('gender = "f"\n', ""), ["»teahouse«", "»gender« fehlt"]),
    ],
)
def test_faults_are_told_in_german(tmp_path: Path, text: str, said: list[str]) -> None:
    with pytest.raises(TaxonomyError) as caught:
        changed(tmp_path, text)
    message = str(caught.value)
    assert all(word in message for word in said), message
    assert "kategorien.toml" in message
    assert caught.value.remedy


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError) as caught:
        changed(
            tmp_path,
            '[[category]]\nid = "cafe"\nlable = "x"\nrole = "gut"\n'
            '[[category]]\nid = "bar"\ngender = "w"\n',
        )
    for word in ("»lable«", "»gut«", "»bar«", "»w«"):
        assert word in str(caught.value)


def test_a_missing_file_a_folder_and_bytes_that_are_no_text(tmp_path: Path) -> None:
    for path in (tmp_path / "fehlt.toml", tmp_path):
        with pytest.raises(TaxonomyError, match="Datei mit den Kategorien"):
            load_taxonomy(path)
    path = tmp_path / "latin1.toml"
    path.write_bytes('[[category]]\nid = "cafe"\nlabel = "Café"\n'.encode("latin-1"))
    with pytest.raises(TaxonomyError, match="nicht lesbar"):
        load_taxonomy(path)


_KEYS = ("shop", "amenity", "leisure", "office", "highway", "railway", "public_transport",
         "name", "access", "social_facility", "landuse", "natural", "bus", "train")  # fmt: skip
_VALUES = ("yes", "no", "", ";", "bakery", "cafe;bar", "private", "bus_stop", "station", "*", "~x",
           "AWO", "platform", "social_facility", "\u202e", "!")  # fmt: skip


@settings(max_examples=2000 if os.environ.get("TEST_ALL") else 200, deadline=None)
@given(
    st.dictionaries(
        st.one_of(st.sampled_from(_KEYS), st.text(max_size=20)),
        st.one_of(st.sampled_from(_VALUES), st.text(max_size=60)),
        max_size=8,
    ),
    st.one_of(st.none(), st.floats(min_value=0, max_value=1e9)),
)
def test_any_tags_are_matched_in_order(tags: dict[str, str], area: float | None) -> None:
    found = WITH_RISK.matches(tags, area)
    order = [WITH_RISK.categories.index(category) for category in found]
    assert order == sorted(order)
    assert WITH_RISK.match(tags, area) == (found[0] if found else None)
    # the slow way: ask every category alone
    alone = [one for one in WITH_RISK.categories if Taxonomy((one,)).match(tags, area)]
    assert alone == found
