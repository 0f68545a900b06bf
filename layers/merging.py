"""One real thing is one place, however many OSM objects draw it.

A shop is drawn as a node and as its building, a school as its grounds and each of its houses,
a stop as two poles, two platforms, two stop positions and a relation. Counting drawings would
double the social space. The rules here say which drawings are one thing:

``inside``
    Of one category, one within the other, names that agree or of which one is missing.
``same_name``
    Of one category, at most 50 m apart, the same name of their own ("Spielplatz" is none);
    75 m for names that no chain bears, 5 m for names that are none. Two nodes of a chain that
    contradict each other (house number, telephone, the house they stand in) are two
    branches.
``long_name``
    The name of one stands in the name of the other, at most 20 m apart.
``touching``, ``at_the_door``, ``campus``
    Of one category and at least one without a name: houses that touch, a node at the wall, and
    houses of one school, university or hospital within 20 m.
``same_number``
    The same Wikidata item, telephone or page on the web.
``basins``
    Parts of one bath or playground that are drawn for themselves.
``part_of``
    What the taxonomy calls part of another thing: an ATM in a bank.
``stop_area``, ``stop_number``, ``stop_name``, ``stop_parts``, ``station_parts``
    See ``layers._stops``.

Things that stand side by side by nature, benches, letter boxes, pitches (``merging =
"single"`` in the taxonomy), are only one if one encloses the other, or by a number of theirs.
Pieces of green or water that merely touch stay apart. No group reaches farther than 150 m
between two of its drawings (stops: see there), so that no chain swallows a street.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from layers._clusters import Link, grow
from layers._names import Name, is_part, normalise_name, own_name
from layers._stops import is_stop, stop_links, stops_agree
from layers.taxonomy import Category

NEAR_M = 50.0
NEAR_UNIQUE_M = 75.0
LONG_NAME_M = 20.0
CHAIN_NODES_M = 20.0
TWIN_M = 5.0
TOUCHING_M = 1.0
DOOR_M = 10.0
CAMPUS_M = 20.0
PART_M = 25.0
REACH_M = 150.0
_BASINS_M = {"swimming": 50.0, "playground": 15.0}
_CAMPUS = frozenset(
    {"school", "university", "kindergarten", "hospital", "adult_education", "clinic"}
)
# Land whose neighbouring pieces are rather two things than one.
_LAND = frozenset(
    {"park", "wood", "water", "cemetery", "allotments", "garden", "nature_reserve",
     "recreation_ground", "employers", "community_garden"}
)  # fmt: skip
_CHAIN_PLACES = 3
_BOTH = 2
_ENCLOSED_SHARE = 0.5


@dataclass(frozen=True)
class Drawings:
    """The OSM objects that draw places, before it is known which are one thing.

    Attributes
    ----------
    ids
        OSM ids, ``"n1"``, in the order of the extract.
    tags
        Their tags.
    categories
        Their categories.
    geometry
        Point, line or polygon, metric.
    points
        A point at or in each.
    stop_areas
        Members of each ``public_transport=stop_area`` relation by its id.
    houses
        Index of the building that a node stands in, -1 for none or not known, shape ``(n,)``.
    """

    ids: Sequence[str]
    tags: Sequence[Mapping[str, str]]
    categories: Sequence[Category]
    geometry: npt.NDArray[Any]
    points: npt.NDArray[Any]
    stop_areas: Mapping[str, Sequence[str]]
    houses: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Groups:
    """Which drawings are one thing.

    Attributes
    ----------
    members
        Indices of the drawings of each thing with more than one, sorted, by the smallest.
    rules
        The rule that joined two drawings, by their indices.
    """

    members: Mapping[int, Sequence[int]]
    rules: Mapping[tuple[int, int], str]


def group_drawings(drawings: Drawings) -> Groups:
    """Find the drawings that are one real thing.

    Parameters
    ----------
    drawings
        As `find_places` makes them; any order gives the same groups of ids.

    Returns
    -------
    Groups
        Every drawing is in at most one group.
    """
    names = _own_names(drawings)
    areas = np.asarray(shapely.area(drawings.geometry))
    links = _place_links(drawings, names, areas)
    links += stop_links(drawings)

    def agree(left: Sequence[int], right: Sequence[int]) -> bool:
        if is_stop(drawings.categories[left[0]]):
            return stops_agree(drawings, left, right)
        return all(
            not names[one] or not names[other] or is_part(names[one], names[other])
            for one in left
            for other in right
        )

    members, rules = grow(links, drawings.geometry, agree)
    return Groups(members=members, rules=rules)


def _own_names(drawings: Drawings) -> list[Name]:
    """Return the name that tells one thing from its like; the brand where there is none."""
    names = []
    for tags in drawings.tags:
        name = own_name(tags.get("name", ""))
        if not name and "name" not in tags:
            name = own_name(tags.get("brand", ""))
        if tags.get("indoor") in {"room", "yes"} or tags.get("buildingpart") == "room":
            name = ()
        names.append(name)
    return names


def _place_links(
    drawings: Drawings, names: list[Name], areas: npt.NDArray[np.float64]
) -> list[Link]:
    """Look at every two drawings of one category that are near each other."""
    indices: dict[str, list[int]] = defaultdict(list)
    for index, category in enumerate(drawings.categories):
        if not is_stop(category):
            indices[category.id].append(index)
    chains = _chains(drawings, names)
    links: list[Link] = []
    for found in indices.values():
        category = drawings.categories[found[0]]
        links += _part_links(drawings, names, found, indices, category)
        single = category.merging == "single"
        for first, second in _near_pairs(drawings, found, single=single):
            pair = _Pair(drawings, names, areas, first, second)
            link = _single_link(pair) if single else _place_link(pair, chains)
            if link is not None:
                links.append(link)
    return links


def _near_pairs(drawings: Drawings, found: Sequence[int], *, single: bool) -> set[tuple[int, int]]:
    """Return the pairs worth looking at: of benches only those that meet or are numbered."""
    subset = np.array(found)
    pairs = _within(drawings, subset, 0.0 if single else NEAR_UNIQUE_M)
    if single:
        numbered = [index for index in found if "ref" in drawings.tags[index]]
        pairs |= _within(drawings, np.array(numbered, dtype=np.int64), NEAR_M)
    return pairs


def _within(
    drawings: Drawings, subset: npt.NDArray[np.int64], reach_m: float
) -> set[tuple[int, int]]:
    shapes = drawings.geometry[subset]
    left, right = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=reach_m)
    keep = left < right
    return {
        (int(one), int(other))
        for one, other in zip(subset[left[keep]], subset[right[keep]], strict=True)
    }


class _Pair:
    """Two drawings of one category and what is known about both."""

    def __init__(
        self,
        drawings: Drawings,
        names: list[Name],
        areas: npt.NDArray[np.float64],
        first: int,
        second: int,
    ) -> None:
        self.first, self.second = min(first, second), max(first, second)
        both = (self.first, self.second)
        self.category = drawings.categories[first].id
        self.names = (names[self.first], names[self.second])
        self.tags = (drawings.tags[self.first], drawings.tags[self.second])
        self.houses = (int(drawings.houses[self.first]), int(drawings.houses[self.second]))
        geometry = (drawings.geometry[self.first], drawings.geometry[self.second])
        sizes = (float(areas[self.first]), float(areas[self.second]))
        self.nodes = sum(size == 0 for size in sizes)
        self.distance_m = float(shapely.distance(*geometry))
        small, large = (0, 1) if sizes[0] <= sizes[1] else (1, 0)
        point = drawings.points[both[small]]
        self.inside = sizes[large] > 0 and bool(shapely.covers(geometry[large], point))
        self.inner_share = sizes[small] / sizes[large] if sizes[large] else 0.0
        words = [normalise_name(tags.get("name", "")) for tags in self.tags]
        # "Sporthalle" and "Sportplatz": no names of their own, but two kinds of thing.
        self.unlike = bool(words[0] and words[1] and words[0] != words[1]) and not any(self.names)

    def link(self, strength: int, rule: str, *, explicit: bool = False) -> Link:
        """Return the link of the two; what is inside cannot lead away."""
        reach = math.inf if rule == "inside" else REACH_M
        return Link(
            strength, self.distance_m, self.first, self.second, rule, reach, explicit=explicit
        )

    def same(self, key: str) -> bool:
        """Whether both have one key with one value."""
        value = self.tags[0].get(key)
        return value is not None and value == self.tags[1].get(key)

    def differ(self, key: str) -> bool:
        """Whether both have a key, with different values."""
        one, other = self.tags[0].get(key), self.tags[1].get(key)
        return one is not None and other is not None and one != other


def _place_link(pair: _Pair, chains: set[Name]) -> Link | None:
    """Say whether two drawings of a place are one, and by which rule."""
    one, other = pair.names
    unnamed = not one or not other
    link = None
    if _same_number(pair):
        link = pair.link(1, "same_number", explicit=pair.same("wikidata"))
    elif pair.unlike and pair.category not in _BASINS_M and pair.category not in _CAMPUS:
        link = None
    elif pair.inside and (unnamed or is_part(one, other)):
        link = pair.link(1, "inside")
    elif pair.nodes == _BOTH and pair.distance_m <= TWIN_M and pair.same("name"):
        link = None if _contradict(pair) else pair.link(2, "same_name")
    elif unnamed:
        link = _unnamed_link(pair)
    elif one == other:
        link = pair.link(2, "same_name") if _near_enough(pair, chains) else None
    elif is_part(one, other) and pair.distance_m <= LONG_NAME_M and not _contradict(pair):
        link = pair.link(3, "long_name")
    return link


def _unnamed_link(pair: _Pair) -> Link | None:
    """Join a drawing without a name to its neighbour of the same category."""
    if _contradict(pair):
        return None
    basins = _BASINS_M.get(pair.category)
    link = None
    if basins is not None:
        link = pair.link(3, "basins") if pair.distance_m <= basins else None
    elif pair.category in _LAND:
        link = None
    elif pair.nodes == 0 and pair.distance_m <= TOUCHING_M:
        link = pair.link(3, "touching")
    elif pair.nodes == 0 and pair.category in _CAMPUS and pair.distance_m <= CAMPUS_M:
        link = pair.link(4, "campus")
    elif pair.nodes == 1 and pair.distance_m <= DOOR_M:
        link = pair.link(3, "at_the_door")
    return link


def _single_link(pair: _Pair) -> Link | None:
    """Join things that stand side by side by nature only if one encloses the other."""
    one, other = pair.names
    if pair.differ("sport"):
        return None
    if pair.inside and (not one or not other or is_part(one, other)):
        # A court within a group of courts is one of them; a court within its own fence is it.
        whole = pair.nodes == 1 or pair.inner_share >= _ENCLOSED_SHARE or (one and one == other)
        return pair.link(1, "inside") if whole else None
    numbered = pair.same("ref") and not pair.differ("operator") and pair.nodes
    if numbered and pair.distance_m <= NEAR_M:
        return pair.link(1, "same_number")
    return None


def _near_enough(pair: _Pair, chains: set[Name]) -> bool:
    """Whether two of one name are near enough to be one, or two branches of a chain."""
    if pair.nodes and _contradict(pair):
        return False
    if pair.names[0] not in chains:
        return True
    if pair.nodes == _BOTH:
        in_two_houses = min(pair.houses) >= 0 and pair.houses[0] != pair.houses[1]
        return pair.distance_m <= CHAIN_NODES_M and not in_two_houses
    return pair.distance_m <= NEAR_M


def _contradict(pair: _Pair) -> bool:
    """Whether something says that two drawings are two things."""
    if pair.differ("addr:housenumber") and not pair.differ("addr:street"):
        return True
    if pair.differ("addr:street") or pair.differ("ref") or pair.differ("level"):
        return True
    phones = {_digits(tags) for tags in pair.tags}
    return "" not in phones and len(phones) > 1 and pair.nodes > 0


def _same_number(pair: _Pair) -> bool:
    """Whether a number or page that only one thing has is the same."""
    if pair.distance_m > NEAR_UNIQUE_M:
        return False
    if pair.same("wikidata"):
        return True
    one, other = pair.names
    if one and other and not set(one) & set(other):
        return False
    phone = _digits(pair.tags[0])
    if phone and phone == _digits(pair.tags[1]):
        return pair.distance_m <= NEAR_M
    pages = {tags.get("website") or tags.get("contact:website") or "" for tags in pair.tags}
    page = pages.pop()
    own_page = not pages and page.strip("/").count("/") > 2  # noqa: PLR2004 - more than a host
    return own_page and pair.distance_m <= NEAR_M


def _digits(tags: Mapping[str, str]) -> str:
    """Return the last eight digits of a telephone number, or nothing."""
    phone = tags.get("phone") or tags.get("contact:phone") or ""
    digits = "".join(letter for letter in phone.split(";")[0] if letter.isdigit())
    return digits[-8:] if len(digits) >= 6 else ""  # noqa: PLR2004 - shorter is no number


def _chains(drawings: Drawings, names: list[Name]) -> set[Name]:
    """Return the names that chains bear: with a brand, or at three places of the extract."""
    places: Counter[Name] = Counter()
    seen: set[tuple[Name, int, int]] = set()
    chains: set[Name] = set()
    for index, name in enumerate(names):
        if not name:
            continue
        if "brand" in drawings.tags[index] or "brand:wikidata" in drawings.tags[index]:
            chains.add(name)
        x, y = shapely.get_x(drawings.points[index]), shapely.get_y(drawings.points[index])
        cell = (name, int(x // 300), int(y // 300))
        if cell not in seen:
            seen.add(cell)
            places[name] += 1
    return chains | {name for name, count in places.items() if count >= _CHAIN_PLACES}


def _part_links(
    drawings: Drawings,
    names: list[Name],
    parts: list[int],
    indices: Mapping[str, list[int]],
    category: Category,
) -> list[Link]:
    """Join what the taxonomy calls part of another thing to the nearest such thing."""
    links: list[Link] = []
    for whole_id in category.part_of:
        wholes = np.array(indices.get(whole_id, []), dtype=np.int64)
        if not len(wholes):
            continue
        tree = shapely.STRtree(drawings.geometry[wholes])
        subset = np.array(parts)
        reach = PART_M if category.merging == "single" else 0.0
        pairs = tree.query(drawings.points[subset], predicate="dwithin", distance=reach)
        for left, right in pairs.T:
            part, whole = int(subset[left]), int(wholes[right])
            distance = float(shapely.distance(drawings.points[part], drawings.geometry[whole]))
            if distance > 0 and not _of_one_house(drawings, names, part, whole):
                continue
            if drawings.tags[part].get("access") in {"yes", "public", "permissive"}:
                continue
            first, second = min(part, whole), max(part, whole)
            links.append(Link(5, distance, first, second, "part_of", REACH_M, explicit=True))
    return links


def _of_one_house(drawings: Drawings, names: list[Name], part: int, whole: int) -> bool:
    """Whether a part at the door bears the name of the whole, or nobody's."""
    own = names[part] or normalise_name(drawings.tags[part].get("operator", ""))
    if not own:
        return True
    theirs = names[whole] or normalise_name(drawings.tags[whole].get("operator", ""))
    return is_part(own, theirs)
