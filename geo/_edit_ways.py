"""New paths and crossings in a draft, joined to what is there; kerbs lowered."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import shapely

from geo._edit_draft import Draft, Point, Spot, with_tags
from geo._sidewalks import ROADS
from geo._walkable import may_be_walked
from geo.errors import EditError
from geo.extract import Tags
from geo.findings import Finding, Severity
from geo.foot_access import Access, foot_access

END_M = 10.0
"""The end of a new path is joined to a way at most so far away."""

NODE_M = 3.0
"""It is joined at a node of the way that is at most so far away."""

MEET_M = 1.0
"""A point within a new path lies on a way that is at most so far away."""

ROAD_M = 15.0
"""A crossing crosses a road at most so far from the spot named."""

SIDE_M = 15.0
"""It leads to paths at most so far from the middle of the road."""

KERB_M = 10.0
"""A kerb is meant if it is at most so far from the spot named."""

_LOWERED_CM = 3.0
_HIGHEST_CM = 30.0


def add_path(draft: Draft, points: Sequence[Point], tags: Tags, grounds: Any) -> list[Finding]:
    """Add a path and join it; for the rules see ``geo.edits.apply_edits``.

    Returns
    -------
    list of Finding
        A warning where neither end is joined.

    Raises
    ------
    EditError
        If it is no path, or nobody may walk on it.
    """
    if not may_be_walked(tags):
        raise EditError(
            "Ein neuer Weg hat keine Angaben, nach denen er ein Weg ist.",
            remedy="Zum Beispiel »highway = footway« angeben.",
        )
    refs: list[int] = []
    joined = False
    last = len(points) - 1
    for number, point in enumerate(points):
        xy = draft.metres(point)
        own = bool(shapely.intersects_xy(grounds, *xy))
        at_end = number in {0, last}
        node_m, reach_m = (NODE_M, END_M) if at_end else (MEET_M, MEET_M)
        found = _joint(draft, xy, node_m, reach_m, partial(_joinable, draft, own=own))
        joined |= found is not None
        if found is None:
            refs.append(draft.add_node(point))
            continue
        node, metres = found
        if metres <= NODE_M:
            refs.append(node)
        elif number == 0:
            refs += [node, draft.add_node(point)]
        else:
            refs += [draft.add_node(point), node]
    refs = [ref for before, ref in zip([None, *refs], refs, strict=False) if ref != before]
    if len(set(refs)) < 2:  # noqa: PLR2004 - a way has two ends
        raise EditError(
            "Ein neuer Weg hat weniger als zwei verschiedene Punkte.",
            where="; ".join(f"{lon}, {lat}" for lon, lat in points),
            remedy="Mindestens zwei Punkte angeben, die weiter als 3 m auseinanderliegen.",
        )
    way = draft.add_way(refs, tags)
    return [] if joined else [_loose(way, points[0])]


def add_crossing(draft: Draft, point: Point, kind: str, kerb_cm: float | None) -> None:
    """Add a crossing over the nearest road; for the rules see ``geo.edits.apply_edits``.

    Raises
    ------
    EditError
        If no road is near.
    """
    kerb = {} if kerb_cm is None else _kerb_tags(kerb_cm)

    def is_road(way: int) -> bool:
        tags = draft.way_tags(way)
        return tags.get("highway") in ROADS and foot_access(tags) is not Access.NO

    def is_path(way: int) -> bool:
        tags = draft.way_tags(way)
        return tags.get("highway") not in ROADS and foot_access(tags) is Access.YES

    spot = draft.nearest_spot(draft.metres(point), ROAD_M, is_road)
    if spot is None:
        raise EditError(
            f"Für eine Querung liegt keine Straße in {ROAD_M:.0f} m Umkreis.",
            where=f"{point[0]}, {point[1]}",
            remedy="Den Punkt auf die Straße legen, die überquert werden soll.",
        )
    ends = [np.array(draft.node_xy(node)) for node in spot.nodes]
    along = (ends[1] - ends[0]) / max(float(np.hypot(*(ends[1] - ends[0]))), 1e-9)
    across = np.array([-along[1], along[0]])
    on_road = _node_at(draft, spot)
    middle = np.array(draft.node_xy(on_road))
    sides = []
    for direction in (1.0, -1.0):
        # What the road itself is joined with is no other side.
        begin = middle + direction * MEET_M * across
        end = middle + direction * SIDE_M * across
        met = draft.crossed(tuple(begin.tolist()), tuple(end.tolist()), is_path)
        sides.append(_node_at(draft, met[0]) if met else None)
    tags = draft.node_tags(on_road)
    road_tags = {"crossing": kind, **kerb}
    if "highway" not in tags:
        road_tags["highway"] = "crossing"
    draft.tag_node(on_road, with_tags(tags, road_tags))
    refs = [node for node in (sides[0], on_road, sides[1]) if node is not None]
    if len(set(refs)) > 1:
        way_tags = {"highway": "footway", "footway": "crossing", "crossing": kind, **kerb}
        draft.add_way(refs, way_tags)


def lower_kerb(draft: Draft, at: int | Point, height_cm: float) -> None:
    """Lower the kerb at a node, or at the node with a kerb, else crossing, nearest to a spot.

    What was said of wheelchairs there, other than yes, was said of the old kerb and goes.

    Raises
    ------
    EditError
        If there is no such node, or nothing known of a kerb near the spot.
    """
    kerb = _kerb_tags(height_cm)
    node = at if isinstance(at, int) else _nearest_kerb(draft, at)
    if not draft.has_node(node):
        raise EditError(
            f"Den Punkt n{node} gibt es an keinem Weg des OSM-Auszugs.",
            where=f"n{node}",
            remedy="Die Nummer des Punktes auf openstreetmap.org nachsehen oder statt ihrer die "
            "Stelle angeben.",
        )
    tags = dict(draft.node_tags(node))
    gone = {key for key in tags if key.startswith("kerb:")}
    if tags.get("barrier", "kerb") == "kerb":
        gone.add("height")
        if tags.get("highway") != "crossing":
            kerb["barrier"] = "kerb"
    if tags.get("wheelchair") in {"no", "limited"}:
        gone.add("wheelchair")
    draft.tag_node(node, with_tags(tags, {**dict.fromkeys(gone), **kerb}))


def _nearest_kerb(draft: Draft, point: Point) -> int:
    xy = draft.metres(point)
    found: list[tuple[int, float, int]] = []
    for node, tags in draft.tagged_nodes():
        has_kerb = "kerb" in tags or tags.get("barrier") == "kerb" or "kerb:height" in tags
        if has_kerb or tags.get("highway") == "crossing":
            metres = math.dist(xy, draft.node_xy(node))
            if metres <= KERB_M:
                found.append((0 if has_kerb else 1, metres, node))
    if not found:
        raise EditError(
            f"In {KERB_M:.0f} m Umkreis ist in OSM weder ein Bordstein noch eine Querung "
            "eingetragen.",
            where=f"{point[0]}, {point[1]}",
            remedy="Die Stelle genauer angeben, die Nummer des Punktes in OSM nennen oder eine "
            "Querung hinzufügen.",
        )
    return min(found)[2]


def _kerb_tags(height_cm: float) -> dict[str, str]:
    """Say a kerb's height in the words of OSM; *Key:kerb* knows flush, lowered and raised."""
    if not 0 <= height_cm <= _HIGHEST_CM:
        raise EditError(
            f"Ein Bordstein kann nicht {height_cm:g} cm hoch sein.",
            remedy=f"Eine Höhe von 0 bis {_HIGHEST_CM:.0f} cm angeben.",
        )
    kind = "raised" if height_cm > _LOWERED_CM else "lowered" if height_cm > 0 else "flush"
    return {"kerb": kind, "kerb:height": f"{height_cm / 100:g}"}


def _joinable(draft: Draft, way: int, *, own: bool) -> bool:
    """Whether new paths are joined to a way; private ones only on own grounds."""
    access = foot_access(draft.way_tags(way))
    return access is Access.YES or (own and access is Access.PRIVATE)


def _joint(
    draft: Draft, xy: Point, node_m: float, reach_m: float, wanted: Callable[[int], bool]
) -> tuple[int, float] | None:
    """Return the node at which a point is joined, made if need be, and the metres to it."""
    node = draft.nearest_node(xy, node_m, wanted)
    if node is not None:
        return node
    spot = draft.nearest_spot(xy, reach_m, wanted)
    return None if spot is None else (_node_at(draft, spot), spot.metres)


def _node_at(draft: Draft, spot: Spot) -> int:
    """Return the node of a way at a spot: one within a metre, else a new one."""
    near = [(math.dist(draft.node_xy(node), spot.xy), node) for node in spot.nodes]
    metres, node = min(near)
    return node if metres <= MEET_M else draft.insert(spot)


def _loose(way: int, point: Point) -> Finding:
    return Finding(
        code="edit.loose_path",
        severity=Severity.WARNING,
        message=f"Ein neuer Weg (w{way}) ist an keinem Ende mit einem Weg verbunden.",
        where=f"{point[0]}, {point[1]}",
        remedy=f"Seine Enden näher als {END_M:.0f} m an vorhandene Wege legen.",
    )
