"""What a neighbourhood walk should look at first: the gaps in the map that cost most places.

For each house and each profile on wheels, places that are reached only over ways of which
something is not known count for every unknown way and spot on their quickest such way. Ways
are listed per OSM way and missing facts, spots (kerbs, gates) per OSM node.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.errors import StudyError
from geo.gaps import find_gaps
from geo.network import StreetNetwork
from geo.profiles import Profile, State, load_profiles
from geo.progress import Progress, silent
from geo.reader import square_relation
from geo.step_free import FACT_LABELS, FACT_QUESTIONS, FACTS, POSSIBLE
from geo.travel_time import ready_kernel, search
from layers._settling import settling_order
from layers.inputs import study_profiles
from layers.study import STUDY_FILE, Study
from layers.study_network import StudyNetwork
from layers.times import prepared_for

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

UNDRAWN = "Weg ist nicht eingezeichnet"
"""What is missing where a straight line stands for a way."""

UNDRAWN_QUESTION = "Wo verläuft der Weg, und wie ist er beschaffen?"

STOP_M = 20.0
"""Looking closely at one stretch or spot takes as long as walking so far (an assumption)."""

_AT_ONCE = 64
"""Houses whose search trees are held at the same time."""

_KINDS = {
    "footway": "Fußweg", "path": "Weg", "pedestrian": "Fußgängerzone", "cycleway": "Radweg",
    "service": "Zufahrt", "track": "Feldweg", "living_street": "Spielstraße",
    "residential": "Wohnstraße", "steps": "Treppe",
}  # fmt: skip
_NAMES_AT_A_NODE = 2


@dataclass(frozen=True)
class Walklist:
    """The gaps, those that are to be settled first at the head.

    Attributes
    ----------
    frame
        One row per way or spot, in a metric CRS: ``id`` (``w123:surface+width``), ``rank``
        (from 1, see ``layers._settling``), ``osm_id``, ``name`` (of the street, else what it
        is), ``missing`` (German), ``questions`` (German, one a line), ``profiles`` (ids, with
        commas), ``pairs`` (of house and place that wait for it), ``alone`` (those that wait for
        nothing else), ``together`` (those that wait for nothing else but this row and those
        above), ``places``, ``houses``, ``metres`` (0 for a spot), ``geometry``
        (MultiLineString or Point).
    waiting
        How many pairs of house and place are reached over possible ways only.
    profiles
        Whose ways were looked at.
    """

    frame: gpd.GeoDataFrame
    waiting: int
    profiles: tuple[Profile, ...]


@dataclass(frozen=True, eq=False)
class _Items:
    """Things that are asked about together; ``of`` tells the item of every thing, or −1."""

    of: Ints
    bits: Ints
    count: int


def find_walklist(
    ready: StudyNetwork,
    profiles: Sequence[Profile],
    limit_s: float,
    progress: Progress = silent,
) -> Walklist:
    """Find the gaps that matter to a study.

    Parameters
    ----------
    ready
        The study, read and joined.
    profiles
        Who is on the way: profiles on wheels of the network.
    limit_s
        Longest time, seconds.
    progress
        Told of each step.

    Returns
    -------
    Walklist
        Ranked so that soon as many ways as possible are sure, see ``layers._settling``; where
        nothing else decides, by pairs of house and place, then places, then metres. Counted
        are places off all grounds whose categories are asked for (``indicator``).
    """
    ready_kernel(progress)
    network = ready.network
    items = _items(network, profiles)
    tally = _Tally(items.count, len(ready.places.frame))
    asked = {category.id for category in ready.taxonomy.categories if category.indicator}
    frame = ready.places.frame
    counted = (frame["category"].isin(asked) & (frame["on_campus"] == "")).to_numpy(dtype=bool)
    for number, profile in enumerate(profiles):
        progress(f"Lücken suchen: {profile.label}")
        origins, destinations = ready.origins(profile), ready.destinations(profile)
        for first in range(0, len(origins.ids), _AT_ONCE):
            some = origins.some(first, first + _AT_ONCE)
            sure, likely = (
                search(network, some, profile, limit_s, state)
                for state in (State.CONFIRMED, State.POSSIBLE)
            )
            for house, trees in enumerate(zip(sure, likely, strict=True), start=first):
                gaps = find_gaps(network, *trees, destinations, counted)
                tally.add(number, house, gaps.place, items.of[gaps.thing], gaps.thing)
    return Walklist(_frame(network, items, tally, profiles), tally.waiting, tuple(profiles))


def study_on_wheels(study: Study, profile_id: str | None) -> Study:
    """Return a study that computes only profiles on wheels.

    Parameters
    ----------
    study
        The study.
    profile_id
        One profile on wheels, of the study or known to the program; None for all of the
        study's.

    Raises
    ------
    StudyError
        If there is no such profile, or nobody is on wheels.
    """
    known = [*load_profiles(), *study.settings.profile]
    asked = list(study.settings.profiles) if profile_id is None else [profile_id]
    if profile_id is not None and profile_id not in known:
        raise StudyError(
            f"Das Profil »{profile_id[:60]}« gibt es nicht.",
            where="--profile",
            remedy="Möglich sind: " + ", ".join(dict.fromkeys(known)) + ".",
        )
    profiles = study_profiles(prepared_for(study, asked, None))
    wheels = [key for key, profile in profiles.items() if profile.limits is not None]
    if not wheels:
        raise StudyError(
            "Zu Fuß und mit dem Fahrrad gilt jeder Weg als gesichert; zu klären ist nur etwas "
            "für Profile auf Rädern.",
            where="--profile" if profile_id else study.folder / STUDY_FILE,
            remedy="--profile rollator oder --profile wheelchair angeben.",
        )
    return prepared_for(study, wheels, None)


class _Tally:
    """Counts who waits for what; each house and place once, whoever is on the way."""

    def __init__(self, items: int, places: int) -> None:
        self._places = places
        self.used: set[int] = set()
        self._ways: list[tuple[Ints, Ints, Ints]] = []
        self._items = items
        self._pair = 0

    def add(self, profile: int, house: int, place: Ints, item: Ints, thing: Ints) -> None:
        """Take in what one house finds.

        Parameters
        ----------
        profile, house
            Whose ways, and from where.
        place, item, thing
            Each thing on the way to each place, with the item that it belongs to; shape ``(k,)``.
        """
        pairs = np.unique(np.stack([house * self._places + place, item], axis=1), axis=0)
        self.used.update(np.unique(thing).tolist())
        self._ways.append((pairs[:, 0], pairs[:, 1], np.full(len(pairs), profile)))

    @property
    def _all(self) -> tuple[Ints, Ints, Ints]:
        if not self._ways:
            return (np.empty(0, dtype=np.int64),) * 3
        pair, item, profile = (np.concatenate(part) for part in zip(*self._ways, strict=True))
        return pair, item, profile

    @property
    def waiting(self) -> int:
        """How many pairs of house and place wait."""
        return len(np.unique(self._all[0]))

    def columns(self) -> dict[str, Any]:
        """Count pairs, places, houses and profiles of every item."""
        pair, item, profile = self._all
        once = np.unique(np.stack([item, pair], axis=1), axis=0).reshape(-1, 2)
        of_place = np.unique(np.stack([item, pair % self._places], axis=1), axis=0)
        of_house = np.unique(np.stack([item, pair // self._places], axis=1), axis=0)
        whose = np.unique(np.stack([item, profile], axis=1), axis=0)
        return {
            "pairs": np.bincount(once[:, 0], minlength=self._items),
            "places": np.bincount(of_place[:, 0], minlength=self._items),
            "houses": np.bincount(of_house[:, 0], minlength=self._items),
            "whose": whose,
        }

    def order(self, effort: npt.NDArray[np.float64], first: Sequence[int]) -> list[int]:
        """Put items in the order in which to settle them, see ``settling_order``."""
        pair, item, profile = self._all
        key = pair * (int(profile.max(initial=0)) + 1) + profile
        _, way = np.unique(key, return_inverse=True)
        rows = np.lexsort((item, way))
        return settling_order(way[rows], item[rows], effort, np.array(first, dtype=np.int64))

    def opened(self, rank: Ints) -> tuple[Ints, Ints]:
        """Say of every item how many pairs wait for it alone, and for it and those above.

        Parameters
        ----------
        rank
            Place of each item in the list, from nought.
        """
        pair, item, profile = self._all
        way = np.stack([pair, profile], axis=1)
        _, number = np.unique(way, axis=0, return_inverse=True)
        number = number.reshape(-1)
        ways = int(number.max(initial=-1)) + 1
        last, count = np.full(ways, -1), np.bincount(number, minlength=ways)
        np.maximum.at(last, number, rank[item])
        pair_of = np.empty(ways, dtype=np.int64)
        pair_of[number] = pair
        lone = count[number] == 1
        lone_pairs = np.unique(np.stack([item[lone], pair[lone]], axis=1), axis=0).reshape(-1, 2)
        alone = np.bincount(lone_pairs[:, 0], minlength=len(rank))
        # A pair is open as soon as the way of one profile is.
        pairs, index = np.unique(pair_of, return_inverse=True)
        first = np.full(len(pairs), len(rank))
        np.minimum.at(first, index, last)
        together = np.cumsum(np.bincount(first, minlength=len(rank)))
        return alone, together[np.minimum(rank, len(rank) - 1)]


def _items(network: StreetNetwork, profiles: Sequence[Profile]) -> _Items:
    """Put things together that one look answers: the same way, the same facts missing."""
    edges, nodes = len(network.edge_from), len(network.node_xy)
    unknown = np.zeros(edges + nodes, dtype=bool)
    bits = np.zeros(edges + nodes, dtype=np.int64)
    for profile in profiles:
        passage = network.passages[profile.id]
        state = np.concatenate([passage.edge_state, passage.node_state])
        missing = np.concatenate([passage.edge_missing, passage.node_missing])
        unknown |= state == POSSIBLE
        bits |= np.where(state == POSSIBLE, missing, 0)
    osm = np.concatenate([network.edge_way, network.node_osm])
    is_node = np.arange(edges + nodes) >= edges
    # What has no id in OSM stands for itself.
    itself = np.where(osm == 0, np.arange(edges + nodes) + 1, 0)
    things = np.flatnonzero(unknown)
    key = np.stack([is_node, osm, itself, bits], axis=1)[things].astype(np.int64)
    kinds, item = np.unique(key, axis=0, return_inverse=True)
    of = np.full(edges + nodes, -1, dtype=np.int64)
    of[things] = item.reshape(-1)
    return _Items(of, kinds[:, 3], len(kinds))


def _frame(
    network: StreetNetwork, items: _Items, tally: _Tally, profiles: Sequence[Profile]
) -> gpd.GeoDataFrame:
    columns = tally.columns()
    whose = columns.pop("whose")
    things: dict[int, list[int]] = {}
    for thing in sorted(tally.used):
        things.setdefault(int(items.of[thing]), []).append(thing)
    edges = len(network.edge_from)
    metres = {
        item: float(network.edge_length_m[[one for one in found if one < edges]].sum())
        for item, found in things.items()
    }
    told = {item: _describe(network, things[item], int(items.bits[item])) for item in things}
    order = sorted(
        things,
        key=lambda item: (
            -columns["pairs"][item], -columns["places"][item], -metres[item], told[item]["id"],
        ),
    )  # fmt: skip
    if order:
        effort = np.full(items.count, STOP_M)
        effort[order] += [metres[item] for item in order]
        order = tally.order(effort, order)
    rank = np.full(items.count, items.count, dtype=np.int64)
    rank[order] = np.arange(len(order))
    alone, together = tally.opened(rank) if order else (rank, rank)
    ids = [profile.id for profile in profiles]
    rows = [
        {
            "id": told[item]["id"],
            "rank": number,
            "osm_id": told[item]["osm_id"],
            "name": told[item]["name"],
            "missing": told[item]["missing"],
            "questions": told[item]["questions"],
            "profiles": ",".join(ids[one] for one in whose[whose[:, 0] == item, 1]),
            "pairs": int(columns["pairs"][item]),
            "alone": int(alone[item]),
            "together": int(together[item]),
            "places": int(columns["places"][item]),
            "houses": int(columns["houses"][item]),
            "metres": round(metres[item], 1),
            "geometry": _geometry(network, things[item]),
        }
        for number, item in enumerate(order, start=1)
    ]
    names = [
        "id", "rank", "osm_id", "name", "missing", "questions", "profiles", "pairs", "alone",
        "together", "places", "houses", "metres", "geometry",
    ]  # fmt: skip
    return gpd.GeoDataFrame(rows, columns=names, geometry="geometry", crs=network.crs)


def _describe(network: StreetNetwork, things: Sequence[int], bits: int) -> dict[str, str]:
    """Return what an item is called and what is asked about it."""
    edges = len(network.edge_from)
    facts = [fact for number, fact in enumerate(FACTS) if bits >> number & 1]
    first = things[0]
    if first >= edges:
        osm = int(network.node_osm[first - edges])
        osm_id = f"n{osm}" if osm else ""
        name = _spot_name(network, first - edges)
        x, y = network.node_xy[first - edges]
    else:
        osm = int(network.edge_way[first])
        relation = square_relation(osm)
        osm_id = f"w{osm}" if relation is None else f"r{relation}"
        osm_id = osm_id if osm else ""
        name = _way_name(network, first)
        x, y = network.node_xy[network.edge_from[first]]
    known = osm_id or f"{'spot' if first >= edges else 'line'}-{x:.0f}-{y:.0f}-{first}"
    return {
        "id": ":".join([known, "+".join(facts)]) if facts else known,
        "osm_id": osm_id,
        "name": name,
        "missing": ", ".join(FACT_LABELS[fact] for fact in facts) or UNDRAWN,
        "questions": "\n".join(FACT_QUESTIONS[fact] for fact in facts) or UNDRAWN_QUESTION,
    }


def _way_name(network: StreetNetwork, edge: int) -> str:
    if network.edge_estimated[edge]:
        return "Gerade Linie zum Tor"
    tags = network.edge_tags[edge]
    kind = _KINDS.get(tags.get("highway", ""), "Straße")
    if tags.get("footway") == "sidewalk":
        kind = "Gehweg"
    elif tags.get("footway") == "crossing":
        kind = "Querung"
    street = tags.get("name") or tags.get("is_sidepath:of:name") or ""
    if not street:
        return f"{kind} ohne Namen"
    return street if kind not in {"Gehweg", "Querung"} else f"{street} ({kind})"


def _spot_name(network: StreetNetwork, node: int) -> str:
    """Name a spot by what it is and by the streets that meet there."""
    meets = np.flatnonzero((network.edge_from == node) | (network.edge_to == node))
    streets: Iterable[str] = dict.fromkeys(
        network.edge_tags[edge].get("name", "") for edge in meets.tolist()
    )
    named = [street for street in streets if street][:_NAMES_AT_A_NODE]
    tags = network.node_tags.get(int(network.node_osm[node]), {})
    kind = "Tor oder Sperre" if "barrier" in tags or not tags else "Übergang"
    if "kerb" in tags or tags.get("barrier") == "kerb":
        kind = "Bordstein"
    return f"{kind}: {' / '.join(named)}" if named else kind


def _geometry(network: StreetNetwork, things: Sequence[int]) -> Any:
    edges = len(network.edge_from)
    if things[0] >= edges:
        return shapely.Point(network.node_xy[things[0] - edges])
    lines = network.edge_geometry[list(things)]
    joined = shapely.line_merge(shapely.multilinestrings(list(lines)))
    return shapely.MultiLineString(shapely.get_parts(joined).tolist())
