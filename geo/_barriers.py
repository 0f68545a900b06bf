"""Nodes that stand in the way: gates, walls, bollards, and what closes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import shapely

from geo._grounds import GATE_REACH_M, Grounds
from geo._memo import Memo
from geo._polylines import Bools, Floats, Ints, Polylines
from geo.extract import Nodes, Tags
from geo.foot_access import Access, node_passable
from geo.sites import Sites

_ALWAYS = frozenset({"24/7", "open", "yes", "always", ""})


@dataclass(frozen=True, eq=False)
class Barriers:
    """Barriers on walkable ways.

    Attributes
    ----------
    node
        Rows in ``Nodes``, ascending, shape ``(b,)``.
    xy
        Where they stand, shape ``(b, 2)``.
    closed
        Nobody gets past.
    private
        Only who belongs to the grounds gets past.
    tags
        Their tags, length ``b``.
    osm
        OSM ids of the nodes, shape ``(b,)``.
    gate
        Index in ``gate_ids`` of the nearest passable given gate within reach, −1 if there is
        none, shape ``(b,)``.
    gate_ids
        Ids of the passable given gates.
    overruled
        Whether a derived gate here is said to be passable, shape ``(b,)``.
    """

    node: Ints
    xy: Floats
    closed: Bools
    private: Bools
    tags: list[Tags]
    osm: Ints
    gate: Ints
    gate_ids: tuple[str, ...]
    overruled: Bools

    def opened(self, rows: list[int]) -> Barriers:
        """Return them, some opened for everybody whatever the map says."""
        overruled = self.overruled.copy()
        overruled[rows] = True
        return replace(
            self,
            closed=self.closed & ~overruled,
            private=self.private & ~overruled,
            overruled=overruled,
        )


def find_barriers(
    nodes: Nodes, polylines: Polylines, grounds: Grounds, sites: Sites, memo: Memo
) -> Barriers:
    """Find the barriers on walkable ways and say which of them are passed.

    A private barrier is passed on and at the own grounds (and marked), else it is closed.
    What the study says about a gate decides over the map: a barrier within reach of a gate
    given as passable is open.
    """
    has_tags = np.zeros(len(nodes.ids) + 1, dtype=bool)  # last: of points made at a boundary
    has_tags[:-1] = np.isin(nodes.ids, list(nodes.tags))
    mine = np.flatnonzero(has_tags[polylines.node])
    used, first = np.unique(polylines.node[mine], return_index=True)
    tagged = [
        (row, point, nodes.tags[osm_id])
        for row, point, osm_id in zip(
            used.tolist(), mine[first].tolist(), nodes.ids[used].tolist(), strict=True
        )
    ]
    found = [
        (row, point, tags, access)
        for row, point, tags in tagged
        if (access := memo.of("node", (tags,), partial(node_passable, tags))) is not Access.YES
        or "barrier" in tags
    ]
    xy = polylines.xy[[point for _, point, _, _ in found]].reshape(-1, 2)
    closed = np.array([access is Access.NO for *_, access in found], dtype=bool)
    private = np.array([access is Access.PRIVATE for *_, access in found], dtype=bool)

    own = np.zeros(len(found), dtype=bool)
    points = shapely.points(xy)
    for polygon in grounds.polygons:
        own |= shapely.dwithin(polygon, points, GATE_REACH_M)
    passable = sites.gates[sites.gates["status"] != "locked"]
    at = shapely.get_coordinates(np.array(passable.geometry, dtype=object))
    away = np.hypot(*(xy[:, None, :] - at[None, :, :]).transpose(2, 0, 1))
    gate = np.full(len(found), -1)
    if len(at):
        gate = np.where(away.min(axis=1) <= GATE_REACH_M, away.argmin(axis=1), -1)
    opened = gate >= 0
    node = np.array([row for row, *_ in found], dtype=np.int64)
    return Barriers(
        node=node,
        xy=xy,
        closed=(closed | (private & ~own)) & ~opened,
        private=private & own & ~opened,
        tags=[tags for _, _, tags, _ in found],
        osm=nodes.ids[node],
        gate=gate,
        gate_ids=tuple(str(one) for one in passable["gate_id"]),
        overruled=np.zeros(len(found), dtype=bool),
    )


def has_hours(tags: Tags) -> bool:
    """Whether a gate is open at certain hours only."""
    return tags.get("opening_hours", "").strip().lower() not in _ALWAYS
