"""What an OSM object is, told anew in plain Python for the independent count.

Written from the words of the taxonomy's table, not from its file, and sharing no code with
the product; see ``benchmarks.independent_count``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

Tags = Mapping[str, str]
Test = Callable[[Tags, float], bool]

_PRIVATE = {"private", "no"}
_HOMES = {"group_home", "assisted_living", "nursing_home", "shelter"}


def one_of(key: str, *values: str) -> Test:
    """Return a test for a key with one of some values, lists included."""
    wanted = set(values)
    return lambda tags, _: bool(wanted.intersection(tags.get(key, "").split(";")))


def open_one_of(key: str, *values: str) -> Test:
    """Return the same test, but not for what is private."""
    test = one_of(key, *values)
    return lambda tags, size: test(tags, size) and tags.get("access") not in _PRIVATE


def named(tags: Tags, *parts: str) -> bool:
    """Whether the name holds one of some words or pieces of words."""
    return any(part in tags.get("name", "").lower() for part in parts)


def _psychiatry(tags: Tags, _: float) -> bool:
    practice = tags.get("amenity") in {"doctors", "clinic"} or tags.get("healthcare") in {
        "doctor",
        "clinic",
        "centre",
    }
    special = any(one in tags.get("healthcare:speciality", "") for one in ("psych", "neurolog"))
    told = named(tags, "psychiat", "neurolog", "nervenarzt", "nervenärzt")
    return practice and tags.get("amenity") != "hospital" and (special or told)


def _doctors(tags: Tags, size: float) -> bool:
    is_one = (
        tags.get("amenity") == "doctors"
        or tags.get("healthcare") == "doctor"
        or (tags.get("office") == "physician" and tags.get("amenity") is None)
    )
    return is_one and not _psychiatry(tags, size)


def _physio(tags: Tags, _: float) -> bool:
    return (
        tags.get("healthcare") == "physiotherapist"
        or tags.get("amenity") == "physiotherapy"
        or tags.get("health_specialty:physiotherapy") == "yes"
    )


def _parcel(tags: Tags, _: float) -> bool:
    return tags.get("amenity") == "parcel_locker" or "parcel" in tags.get("vending", "")


def _jobs(tags: Tags, _: float) -> bool:
    office = "office" in tags or tags.get("amenity") in {"public_building", "townhall"}
    return tags.get("office") == "employment_agency" or (
        office and named(tags, "jobcenter", "agentur für arbeit")
    )


def _government(tags: Tags, size: float) -> bool:
    if _jobs(tags, size) or tags.get("amenity") in {"courthouse", "police", "townhall"}:
        return False
    words = tags.get("name", "").lower().split()
    office = any(word.endswith("amt") for word in words) or named(
        tags, "familienkasse", "rentenversicherung", "bürgerbüro"
    )
    return tags.get("office") == "government" or (
        (tags.get("amenity") == "public_building" or tags.get("office") == "tax") and office
    )


def _meeting(tags: Tags, _: float) -> bool:
    if tags.get("social_facility") in _HOMES:
        return False
    if tags.get("amenity") in {"community_centre", "social_centre"}:
        return True
    social = tags.get("amenity") in {"social_facility", "public_building"} or (
        tags.get("social_facility") == "outreach"
    )
    return social and named(
        tags, "treff", "jugendclub", "gemeindehaus", "bürgerhaus", "begegnungs"
    )


def _day_centre(tags: Tags, _: float) -> bool:
    return tags.get("social_facility") in {"day_care", "day_centre"} or (
        tags.get("amenity") == "social_facility" and named(tags, "tagesstätte")
    )


def _social(tags: Tags, size: float) -> bool:
    social = "social_facility" in tags or tags.get("amenity") in {
        "social_facility",
        "nursing_home",
    }
    return social and not _meeting(tags, size) and not _day_centre(tags, size)


def _university(tags: Tags, _: float) -> bool:
    return tags.get("amenity") == "university" or (
        tags.get("amenity") == "college" and named(tags, "hochschule", "universität")
    )


def _college(tags: Tags, size: float) -> bool:
    return tags.get("amenity") in {"college", "training"} and not _university(tags, size)


def _swimming(tags: Tags, _: float) -> bool:
    if tags.get("access") in {*_PRIVATE, "residents"}:
        return False
    if tags.get("leisure") == "swimming_pool":
        return "name" in tags or tags.get("access") in {"yes", "public", "permissive", "customers"}
    sport = tags.get("leisure") == "sports_centre" and tags.get("sport") == "swimming"
    bath = tags.get("leisure") in {"water_park", "swimming_area"}
    return sport or bath or tags.get("amenity") in {"swimming_pool", "public_bath"}


def _sports_centre(tags: Tags, size: float) -> bool:
    bowling = "10pin" in tags.get("sport", "") or "bowling" in tags.get("sport", "").split(";")
    return (
        tags.get("leisure") == "sports_centre" and not _swimming(tags, size) and not bowling
        and "swimming" not in tags.get("sport", "").split(";")
    )  # fmt: skip


def _bowling(tags: Tags, _: float) -> bool:
    bowling = {"10pin", "9pin", "bowling"}.intersection(tags.get("sport", "").split(";"))
    return tags.get("leisure") == "bowling_alley" or (
        tags.get("leisure") == "sports_centre" and bool(bowling)
    )


def _memorial(tags: Tags, _: float) -> bool:
    small = {"stolperstein", "stolperschwelle", "plaque", "blue_plaque", "grave"}
    kind = {tags.get("memorial", ""), tags.get("memorial:type", "")}
    return tags.get("historic") == "memorial" and not kind & small


def _shelter(tags: Tags, _: float) -> bool:
    return (
        tags.get("amenity") == "shelter"
        and tags.get("shelter_type") not in {"public_transport", "changing_rooms"}
        and tags.get("smoking") != "dedicated"
        and "public_transport" not in tags
        and tags.get("access") not in _PRIVATE
    )


def _playground(tags: Tags, _: float) -> bool:
    closed = {*_PRIVATE, "customers", "residents"}
    return tags.get("leisure") == "playground" and tags.get("access") not in closed


def _park(tags: Tags, size: float) -> bool:
    return (
        tags.get("leisure") == "park"
        and tags.get("access") not in {*_PRIVATE, "residents"}
        and ("name" in tags or size >= 500)
    )


def _garden(tags: Tags, _: float) -> bool:
    known = "name" in tags or tags.get("access") in {"yes", "public", "permissive", "customers"}
    return (
        tags.get("leisure") == "garden"
        and known
        and tags.get("access") not in {*_PRIVATE, "residents"}
        and tags.get("garden:type") not in {"residential", "private"}
    )


def _wood(tags: Tags, size: float) -> bool:
    wood = tags.get("landuse") == "forest" or tags.get("natural") == "wood"
    return wood and tags.get("access") not in _PRIVATE and ("name" in tags or size >= 20_000)


def _water(tags: Tags, size: float) -> bool:
    running = {"river", "stream", "canal", "ditch", "basin", "wastewater", "moat", "fountain"}
    return (
        tags.get("natural") == "water"
        and tags.get("water") not in running
        and tags.get("landuse") not in {"basin", "reservoir"}
        and not {"waterway", "basin", "golf", "emergency"}.intersection(tags)
        and tags.get("access") not in _PRIVATE
        and ("name" in tags or size >= 10_000)
    )


def _allotments(tags: Tags, size: float) -> bool:
    plot = tags.get("allotments") in {"plot", "garden", "parcel"}
    return (
        (tags.get("landuse") == "allotments" or tags.get("club") == "allotments")
        and not plot
        and ("name" in tags or size >= 2_000)
    )


def _worship(tags: Tags, _: float) -> bool:
    return (
        tags.get("amenity") == "place_of_worship"
        and tags.get("ruins") != "yes"
        and tags.get("historic") not in {"ruins", "wayside_shrine"}
    )


def _rail(tags: Tags) -> bool:
    modes = any(tags.get(mode) == "yes" for mode in ("train", "subway", "light_rail"))
    return modes or tags.get("railway") in {"station", "halt"}


def _station(tags: Tags, _: float) -> bool:
    if tags.get("tram") == "yes" or tags.get("railway") == "tram_stop" or "ferry" in tags:
        return False
    if tags.get("amenity") == "bus_station":
        return False
    part = tags.get("public_transport") in {"station", "platform", "stop_position"}
    if tags.get("public_transport") == "platform" and tags.get("bus") == "yes":
        return False
    if tags.get("public_transport") == "station" and tags.get("bus", "no") == "no":
        return True
    return (
        (part and _rail(tags))
        or tags.get("railway") in {"station", "halt"}
        or (tags.get("railway") == "platform" and tags.get("bus") != "yes")
        or (part and tags.get("railway") == "stop")
    )


def _stop(tags: Tags, size: float) -> bool:
    if _station(tags, size) or "ferry" in tags or tags.get("amenity") == "ferry_terminal":
        return False
    return (
        tags.get("highway") in {"bus_stop", "platform"}
        or tags.get("railway") == "tram_stop"
        or tags.get("amenity") == "bus_station"
        or tags.get("public_transport") in {"platform", "stop_position", "station", "pole"}
        or (tags.get("railway") in {"platform", "stop"} and tags.get("tram") == "yes")
    )


def _clubs(tags: Tags, _: float) -> bool:
    return (
        "club" in tags
        or tags.get("amenity") in {"club", "scout_hut"}
        or tags.get("leisure") == "club"
        or tags.get("office") == "association"
    )


def _employers(tags: Tags, _: float) -> bool:
    land = tags.get("landuse") in {"commercial", "industrial", "retail"} and "name" in tags
    return "craft" in tags or tags.get("office") == "company" or land


def _simple(key: str, *values: str) -> dict[str, Test]:
    """Return categories that one value of a key makes."""
    return {value: one_of(key, value) for value in values}


def either(*tests: Test) -> Test:
    """Return a test that is met if one of some is."""
    return lambda tags, size: any(test(tags, size) for test in tests)


COUNTED: dict[str, Test] = {
    **_simple("shop", "supermarket", "farm", "greengrocer", "chemist", "second_hand", "charity",
              "variety_store", "hairdresser", "laundry", "tailor", "medical_supply", "bicycle",
              "hearing_aids", "optician", "pastry", "butcher", "bakery"),
    "convenience": one_of("shop", "convenience", "general"),
    **_simple("amenity", "marketplace", "bank", "atm", "post_office", "post_box", "hospital",
              "townhall", "courthouse", "police", "cafe", "restaurant", "fast_food", "pub", "bar",
              "biergarten", "public_bookcase", "theatre", "cinema", "arts_centre",
              "taxi", "car_sharing", "bicycle_rental", "bicycle_repair_station", "fire_station",
              "ferry_terminal"),
    "workshop": either(one_of("amenity", "workshop"), one_of("leisure", "hackerspace")),
    "library": open_one_of("amenity", "library"),
    "toilets": open_one_of("amenity", "toilets"),
    "bench": open_one_of("amenity", "bench"),
    "picnic_table": open_one_of("leisure", "picnic_table"),
    "drinking_water": open_one_of("amenity", "drinking_water"),
    "bbq": open_one_of("amenity", "bbq"),
    "bicycle_parking": open_one_of("amenity", "bicycle_parking"),
    "fitness_station": open_one_of("leisure", "fitness_station"),
    "horse_riding": open_one_of("leisure", "horse_riding"),
    "nature_reserve": open_one_of("leisure", "nature_reserve"),
    "viewpoint": open_one_of("tourism", "viewpoint"),
    "zoo": open_one_of("tourism", "zoo"),
    "pitch": lambda tags, _: tags.get("leisure") == "pitch"
    and tags.get("access") not in {*_PRIVATE, "residents"},
    "recreation_ground": either(
        open_one_of("landuse", "recreation_ground"), open_one_of("leisure", "recreation_ground")
    ),
    "cemetery": either(open_one_of("landuse", "cemetery"), open_one_of("amenity", "grave_yard")),
    "ice_cream": either(one_of("amenity", "ice_cream"), one_of("shop", "ice_cream")),
    "events_venue": one_of("amenity", "events_venue", "concert_hall"),
    "fitness_centre": either(one_of("leisure", "fitness_centre"), one_of("amenity", "gym")),
    "dentist": either(one_of("amenity", "dentist"), one_of("healthcare", "dentist")),
    "pharmacy": either(one_of("amenity", "pharmacy"), one_of("healthcare", "pharmacy")),
    "clinic": either(one_of("amenity", "clinic"), one_of("healthcare", "clinic", "dialysis")),
    "school": one_of("amenity", "school", "music_school"),
    "kindergarten": one_of("amenity", "kindergarten", "childcare", "preschool"),
    "religion": one_of("office", "religion", "parish"),
    **_simple("leisure", "stadium", "sports_hall", "miniature_golf"),
    **_simple("tourism", "museum", "gallery"),
    **_simple("healthcare", "occupational_therapist", "speech_therapist", "podiatrist",
              "psychotherapist"),
    **_simple("social_facility", "food_bank", "soup_kitchen", "clothing_bank"),
    "psychiatry": _psychiatry,
    "doctors": _doctors,
    "physiotherapist": _physio,
    "parcel_locker": _parcel,
    "employment_agency": _jobs,
    "government": _government,
    "adult_education": _college,
    "community_centre": _meeting,
    "allotments": _allotments,
    "playground": _playground,
    "memorial": _memorial,
    "sports_centre": _sports_centre,
    "swimming": _swimming,
    "bowling_alley": _bowling,
    "place_of_worship": _worship,
    "park": _park,
    "garden": _garden,
    "wood": _wood,
    "water": _water,
    "shelter": _shelter,
    "station": _station,
    "bus_stop": _stop,
    "clubs": _clubs,
    "day_centre": _day_centre,
    "social_facility": _social,
    "university": _university,
    "employers": _employers,
}  # fmt: skip
"""How to tell a category from the tags and the area in m²; an object may be of several."""
