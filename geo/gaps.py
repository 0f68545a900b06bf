"""Which places wait for knowledge: what is not known on the ways that only may be passable."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo._steps import FROM
from geo._tree_edges import arrivals, tree_edges, tree_entries
from geo._trees import Tree
from geo.network import StreetNetwork
from geo.snapping import Snapped
from geo.step_free import POSSIBLE

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Gaps:
    """What is not known on the quickest ways from one origin.

    Attributes
    ----------
    waiting
        Places (indices of ``destinations.ids``) that are reached over possible ways, but not
        over confirmed ones within the same time, ascending, shape ``(p,)``.
    place, thing
        Each unknown thing on the quickest possible way to each of these places, once; shape
        ``(k,)``, sorted by place. A thing is an edge's number, or the number of edges plus a
        node's.
    """

    waiting: Ints
    place: Ints
    thing: Ints


def find_gaps(
    network: StreetNetwork,
    confirmed: Tree,
    possible: Tree,
    destinations: Snapped,
    counted: Bools | None = None,
) -> Gaps:
    """Find what has to be known before the places of one origin are sure to be reached.

    All ways are followed back at once, one edge at a time, so that the effort is that of the
    longest way times the number of places.

    Parameters
    ----------
    network
        The network searched.
    confirmed, possible
        The trees of one origin and one profile in the two states, to one limit.
    destinations
        Where places meet the network, for this profile.
    counted
        Which of ``destinations.ids`` matter; by default all.

    Returns
    -------
    Gaps
        An edge or node is a gap where the profile's passage says ``POSSIBLE``. A node where
        the way ends is none; one where it begins is, for nobody gets beyond it.
    """
    passage = network.passages[possible.profile_id]
    unknown_edge = passage.edge_state == POSSIBLE
    unknown_node = passage.node_state == POSSIBLE
    sure, _ = arrivals(network, confirmed, destinations)
    found, steps = arrivals(network, possible, destinations)
    waits = ~np.isin(found.owner, sure.owner)
    if counted is not None:
        waits &= counted[found.owner]
    rows = np.flatnonzero(waits)
    place, goal = found.owner[rows], steps.edge[found.row[rows]]
    at, entry = found.node_row[rows], found.entry[rows]

    things: list[Ints] = []
    places: list[Ints] = []

    def note(which: Bools, thing: Ints) -> None:
        things.append(thing[which])
        places.append(place[which])

    # The edge at which a place lies, as far as it is walked.
    last_mm = steps.end_mm[found.end[rows].clip(max=1), found.row[rows]]
    same = at < 0
    last_mm[same] = np.abs(
        steps.end_mm[FROM, found.row[rows[same]]] - possible.steps.end_mm[FROM, entry[same]]
    )
    note((last_mm > 0) & unknown_edge[goal], goal)

    by_edge = tree_edges(possible)
    entries, sides = tree_entries(possible)
    edges = len(network.edge_from)
    goes_on = ~steps.at_end[found.end[rows].clip(max=1), found.row[rows]][~same]
    place, at = place[~same], at[~same]
    while len(at):
        node = possible.node[at].astype(np.int64)
        note(goes_on & unknown_node[node], edges + node)
        goes_on = np.ones(len(at), dtype=bool)
        inner = possible.parent[at] >= 0
        edge = by_edge[at]
        note(inner & unknown_edge[edge], edge)
        root = np.flatnonzero(~inner)
        first = possible.steps.edge[entries[at[root]]]
        walked = possible.steps.end_mm[sides[at[root]], entries[at[root]]] > 0
        begins = np.zeros(len(at), dtype=bool)
        begins[root] = walked & unknown_edge[first]
        edge[root] = first
        note(begins, edge)
        place, at = place[inner], possible.parent[at[inner]].astype(np.int64)
        goes_on = goes_on[inner]

    pairs = np.unique(
        np.stack([np.concatenate(places), np.concatenate(things)], axis=1), axis=0
    ).reshape(-1, 2)
    return Gaps(waiting=found.owner[rows], place=pairs[:, 0], thing=pairs[:, 1])
