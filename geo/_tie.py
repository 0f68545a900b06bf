"""Tying pieces of way together to edges between nodes, except where something is closed."""

from __future__ import annotations

import numpy as np
import shapely

from geo._barriers import Barriers
from geo._gates import GatePlan
from geo._joints import Strands
from geo._pieces import Pieces
from geo._way_kinds import WayKinds
from geo.extract import Extract


def tie(
    pieces: Pieces, barriers: Barriers, plan: GatePlan, extract: Extract, kinds: WayKinds
) -> tuple[Strands, dict[str, tuple[int, ...]]]:
    """Tie pieces together at the spots they share, except where something is closed.

    A closed barrier parts all that ends there. A closed crossing parts what lies in the
    grounds from the rest.
    """
    spot = np.concatenate([pieces.begin, pieces.end])
    label = np.concatenate([pieces.label, pieces.label])
    sites = int(label.max(initial=-1)) + 1
    closed = [spot * sites + site for spot, site in plan.closed]
    copy = np.where((label >= 0) & np.isin(spot * sites + label, closed), label + 1, 0)
    parted = np.isin(spot, barriers.node[barriers.closed])
    copy[parted] = sites + 1 + np.arange(np.count_nonzero(parted))
    copies = int(copy.max(initial=0)) + 1
    keys, node = np.unique(spot * copies + copy, return_inverse=True)
    node_spot = keys // copies

    ids = extract.nodes.ids
    of_file = node_spot < len(ids)
    node_osm = np.zeros(len(keys), dtype=np.int64)
    node_osm[of_file] = ids[node_spot[of_file]]
    half = len(pieces.begin)
    begin, end = node[:half], node[half:]

    private = pieces.private.copy()
    guarded = barriers.node[barriers.private]
    at_private_gate = np.isin(pieces.begin, guarded) | np.isin(pieces.end, guarded)
    private |= at_private_gate & (pieces.label >= 0)
    # A private gate just off the boundary: no edge at it lies inside, all of them count.
    inside = at_private_gate & (pieces.label >= 0)
    off = np.setdiff1d(guarded, np.concatenate([pieces.begin[inside], pieces.end[inside]]))
    private |= np.isin(pieces.begin, off) | np.isin(pieces.end, off)

    real = (begin != end) | (shapely.length(pieces.geometry) > 0)
    strands = Strands(
        begin=begin[real],
        end=end[real],
        way=extract.ways.ids[pieces.way[real]],
        kind=kinds.of_way[pieces.way[real]],
        site=pieces.label[real],
        private=private[real],
        estimated=np.zeros(np.count_nonzero(real), dtype=bool),
        geometry=pieces.geometry[real],
        tags=[extract.ways.tags[way] for way in pieces.way[real]],
        node_xy=pieces.spot_xy[node_spot],
        node_osm=node_osm,
    )
    by_spot: dict[int, list[int]] = {}
    wanted = {spot for spots in plan.spots.values() for spot in spots}
    # Only what was not parted: a gate leads into its own grounds, not into a neighbour's.
    for number in np.flatnonzero(np.isin(node_spot, list(wanted)) & (keys % copies == 0)):
        by_spot.setdefault(int(node_spot[number]), []).append(int(number))
    gate_nodes = {
        gate: tuple(number for spot in spots for number in by_spot[spot])
        for gate, spots in plan.spots.items()
    }
    return strands, gate_nodes
