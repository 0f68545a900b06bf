"""The facts of each place, gathered from the tags of all objects that draw it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import geopandas as gpd
import numpy as np
import shapely

from layers._names import own_name
from layers._stops import is_stop, stop_modes, stop_name
from layers.taxonomy import Category

Tags = Mapping[str, str]

_WHEELCHAIR = {"yes": "yes", "designated": "yes", "limited": "limited", "no": "no"}
_TYPE_ORDER = {"n": 0, "w": 1, "r": 2}

# What a reader of the place learns something from; how many of them an object has decides
# which one leads. Roof shapes and sources must not.
_TELLING = frozenset(
    {"name", "opening_hours", "wheelchair", "toilets:wheelchair", "operator", "brand", "website",
     "contact:website", "phone", "contact:phone", "addr:street", "addr:housenumber",
     "addr:postcode", "addr:city", "description", "cuisine", "denomination", "religion", "sport",
     "healthcare", "healthcare:speciality", "social_facility", "social_facility:for", "level",
     "access", "fee", "ref:IFOPT", "uic_ref", "shelter", "bench", "network", "wikidata"}
)  # fmt: skip
_ADDRESS = ("addr:street", "addr:place", "addr:housenumber", "addr:postcode", "addr:city")


def clean_text(text: str) -> str:
    """Return a text as it is written, composed (NFC) and without control characters.

    Nothing else is changed: what looks like HTML or a formula is kept and must be shown as
    text. Line breaks and tabs become spaces.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    text = re.sub(r"[\t\n\r\v\f\x85]+", " ", text)
    text = unicodedata.normalize("NFC", text)
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cc").strip()


def lead_order(osm_id: str, tags: Tags, category: Category) -> tuple[int, int, int, int]:
    """Return what decides which drawing leads: its class, its tags, its type, its id.

    The class goes first: of a stop where people wait, and not the spot on the road or rail;
    of any other place what has a name of its own, and not the basin of a bath or a room.
    Then the drawing that tells most; among equals a node before a way before a relation, and
    the lowest number.
    """
    telling = sum(key in _TELLING for key in tags)
    unnamed = not own_name(tags.get("name", "")) or tags.get("indoor") == "room"
    return (
        _stop_class(tags) if is_stop(category) else int(unnamed),
        -telling,
        _TYPE_ORDER[osm_id[0]],
        int(osm_id[1:]),
    )


def _stop_class(tags: Tags) -> int:
    if tags.get("railway") in {"station", "halt"} or tags.get("amenity") == "bus_station":
        return 0
    if tags.get("public_transport") == "station":
        return 1
    return 3 if tags.get("public_transport") == "stop_position" and "highway" not in tags else 2


def joined_tags(tags: Sequence[Tags], category: Category) -> dict[str, str]:
    """Return the tags of one thing from those of its drawings, the leading one first.

    The leading drawing wins; the others add what it lacks. An address is taken from one
    drawing as a whole, since a street of one and a number of another may be no address. Of
    names the first is taken that is one: "Gleis 1" or "Spielplatz" only if there is no better.
    """
    joined: dict[str, str] = {}
    for one in tags:
        for key, value in one.items():
            if key not in _ADDRESS:
                joined.setdefault(key, value)
    addressed = next((one for one in tags if one.get("addr:housenumber")), None)
    addressed = addressed or next((one for one in tags if one.get("addr:street")), {})
    joined |= {key: addressed[key] for key in _ADDRESS if key in addressed}
    named = [one["name"] for one in tags if one.get("name")]
    if is_stop(category):
        real = next((name for name in named if stop_name({"name": name})), None)
        for mode in sorted(set().union(*(stop_modes(one) for one in tags))):
            joined[mode] = "yes"
    else:
        real = next((name for name in named if own_name(name)), None)
    if real or named:
        joined["name"] = real or named[0]
    return joined


def place_name(tags: Tags) -> str:
    """Return the name of a place, else its brand, else nothing."""
    for key in ("name", "name:de", "official_name", "brand"):
        name = clean_text(tags.get(key, ""))
        if name:
            return name
    return ""


def wheelchair(tags: Tags, category: Category) -> str:
    """Return ``"yes"``, ``"limited"``, ``"no"`` or ``"unknown"``; one tag answers one question.

    Only for a public toilet its own tag, ``toilets:wheelchair``, says the same.
    """
    state = _WHEELCHAIR.get(tags.get("wheelchair", "").strip().casefold(), "unknown")
    if state == "unknown" and category.id == "toilets":
        state = _WHEELCHAIR.get(tags.get("toilets:wheelchair", ""), "unknown")
    return state


def website(tags: Tags) -> str:
    """Return a page on the web (http or https), or nothing: no other kind of link."""
    for key in ("website", "contact:website", "url"):
        link = clean_text(tags.get(key, "")).split(";")[0].strip()
        if link.casefold().startswith("www."):
            link = "https://" + link
        try:
            parts = urlsplit(link)
            host = parts.hostname
        except ValueError:
            continue
        if (
            parts.scheme.lower() in {"http", "https"}
            and host
            and not re.search(r"[\s<>\"`]", link)
        ):
            return link
    return ""


def phone(tags: Tags) -> str:
    """Return the telephone number of a place, as it is written."""
    return clean_text(tags.get("phone") or tags.get("contact:phone") or "")


def compose_address(street: str, number: str, postcode: str, city: str) -> str:
    """Return an address in one line: "Hauptstraße 1, 49525 Lengerich"."""
    first = f"{street} {number}".strip()
    second = f"{postcode} {city}".strip()
    return clean_text(", ".join(part for part in (first, second) if part))


def own_address(tags: Tags) -> str:
    """Return the address that the tags give, or nothing if they name no street or place."""
    street = tags.get("addr:street") or tags.get("addr:place") or ""
    if not street:
        return ""
    return compose_address(
        street,
        tags.get("addr:housenumber", ""),
        tags.get("addr:postcode", ""),
        tags.get("addr:city", ""),
    )


class Houses:
    """The buildings of an extract and the addresses in them.

    Parameters
    ----------
    base, addresses
        As in ``geo.extract.Extract``, longitude and latitude: whether a point lies in a
        building needs no metres.
    """

    def __init__(self, base: gpd.GeoDataFrame, addresses: gpd.GeoDataFrame) -> None:
        shapes = np.array(base.geometry[base["layer"] == "building"], dtype=object)
        self._shapes = shapes[shapely.get_dimensions(shapes) == 2] if len(shapes) else shapes  # noqa: PLR2004
        self._tree = shapely.STRtree(self._shapes)
        self._addresses = addresses
        self._address_tree = shapely.STRtree(np.array(addresses.geometry, dtype=object))

    def containing(self, points: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return the index of a building that each point lies in, -1 for none."""
        found = np.full(len(points), -1, dtype=np.int64)
        if len(points) and len(self._shapes):
            rows, houses = self._tree.query(points, predicate="intersects")
            # Of several the first, so that the same file gives the same answer.
            order = np.lexsort((-houses, rows))
            found[rows[order]] = houses[order]
        return found

    def only_address(self, houses: Sequence[int]) -> dict[int, str]:
        """Return the address of each building that has exactly one."""
        wanted = sorted({house for house in houses if house >= 0})
        if not wanted or not len(self._addresses):
            return {}
        found: dict[int, set[str]] = {house: set() for house in wanted}
        rows, hits = self._address_tree.query(
            self._shapes[np.array(wanted)], predicate="intersects"
        )
        table = self._addresses
        columns = [table[key].to_numpy() for key in ("street", "housenumber", "postcode", "city")]
        for row, hit in zip(rows, hits, strict=True):
            street, number, postcode, city = (str(column[hit]) for column in columns)
            if street:
                found[wanted[row]].add(compose_address(street, number, postcode, city))
        return {house: next(iter(one)) for house, one in found.items() if len(one) == 1}
