"""What differs between two networks, and what that may concern."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from geo._reuse_edges import match_edges, match_nodes
from geo.network import StreetNetwork
from geo.profiles import Profile, State
from geo.snapping import near_ways

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_OF_EDGES = ("forward_ms", "backward_ms", "edge_state", "edge_missing")


@dataclass(frozen=True, eq=False)
class Difference:
    """Two networks, and what they have in common.

    Attributes
    ----------
    old, new
        The networks, of the same grounds and profiles.
    edge
        The edge of the new network that is each old one: the same stretch of the same way,
        with the same marks, between the same nodes; −1 where it is gone, shape ``(m,)``.
    node
        The node of the new network that is each old one, −1 where it is gone, shape
        ``(n,)``.
    """

    old: StreetNetwork
    new: StreetNetwork
    edge: Ints
    node: Ints
    _known: dict[str, Bools] = field(default_factory=dict, repr=False)

    @cached_property
    def stays(self) -> Ints:
        """Old edges that are in the new network, ascending."""
        return np.flatnonzero(self.edge >= 0)

    @cached_property
    def gone(self) -> Ints:
        """Old edges that are not in the new network, ascending."""
        return np.flatnonzero(self.edge < 0)

    @cached_property
    def added(self) -> Ints:
        """New edges that are not in the old network, ascending."""
        fresh = np.ones(len(self.new.edge_from), dtype=bool)
        fresh[self.edge[self.stays]] = False
        return np.flatnonzero(fresh)

    @cached_property
    def ordered(self) -> bool:
        """Whether the edges that stay follow each other as before.

        Where several are equal the first is taken, so what was taken depends on it.
        """
        return bool((np.diff(self.edge[self.stays]) > 0).all())

    @cached_property
    def old_node(self) -> Ints:
        """The old node that is each new one, −1 where it is new, shape ``(n',)``."""
        found = np.full(len(self.new.node_xy), -1)
        kept = np.flatnonzero(self.node >= 0)
        found[self.node[kept]] = kept
        return found

    def changed_nodes(self, profile_id: str) -> Bools:
        """Mark the old nodes at which anything differs for a profile, in any state.

        Whoever reaches none of them, reaches the same in the same time in the new network:
        to use what is new one has to come to one of them first, by ways that stayed.

        Returns
        -------
        numpy.ndarray
            Shape ``(n,)``.
        """
        if profile_id not in self._known:
            self._known[profile_id] = self._find_changed_nodes(profile_id)
        return self._known[profile_id]

    def changed_edges(self, profile_id: str) -> Bools:
        """Mark the old edges that are gone, or are not passed as before by a profile.

        Returns
        -------
        numpy.ndarray
            Shape ``(m,)``.
        """
        one, other = (net.passages[profile_id] for net in (self.old, self.new))
        changed = self.edge < 0
        for name in _OF_EDGES:
            differs = getattr(one, name)[self.stays] != getattr(other, name)[self.edge[self.stays]]
            changed[self.stays[differs]] = True
        return changed

    def _find_changed_nodes(self, profile_id: str) -> Bools:
        old, new = self.old, self.new
        changed = self.node < 0
        one, other = old.passages[profile_id], new.passages[profile_id]
        edges = self.changed_edges(profile_id)
        changed[old.edge_from[edges]] = True
        changed[old.edge_to[edges]] = True
        for ends in (new.edge_from, new.edge_to):
            before = self.old_node[ends[self.added]]
            changed[before[before >= 0]] = True
        kept = np.flatnonzero(self.node >= 0)
        there = self.node[kept]
        differs = old.node_by_hours[kept] != new.node_by_hours[there]
        changed[kept[differs | (one.node_missing[kept] != other.node_missing[there])]] = True
        # Searched backward, a closed node is not even come to: what changed are its edges.
        flipped = np.zeros(len(changed), dtype=bool)
        flipped[kept[one.node_state[kept] != other.node_state[there]]] = True
        beside = flipped[old.edge_from] | flipped[old.edge_to]
        for ends in (old.edge_from, old.edge_to):
            changed[ends[beside]] = True
        return changed

    def disturbed(self, profile: Profile | None) -> npt.NDArray[Any]:
        """Return what may change where somebody meets the network.

        These are the edges that are gone, new, usable or cut off in one network alone, and
        the nodes that are closed in one alone.

        Parameters
        ----------
        profile
            Who comes; all who go on foot meet the network at the same spots.

        Returns
        -------
        numpy.ndarray
            LineStrings, metric; a node is shown by the old edges at it.
        """
        old, new = self.old, self.new
        near, other = near_ways(old, profile), near_ways(new, profile)
        stays, there = self.stays, self.edge[self.stays]
        differs = near.usable[stays] != other.usable[there]
        differs |= near.on_island[stays] != other.on_island[there]
        if profile is not None and profile.limits is not None:
            flipped = np.zeros(len(old.node_xy), dtype=bool)
            kept = np.flatnonzero(self.node >= 0)
            for state in (State.POSSIBLE, State.CONFIRMED):
                one = old.passages[profile.id].closed_nodes(state)[kept]
                flipped[kept] |= (
                    one != new.passages[profile.id].closed_nodes(state)[self.node[kept]]
                )
            differs |= flipped[old.edge_from[stays]] | flipped[old.edge_to[stays]]
        edges = np.concatenate([self.gone, stays[differs]])
        return np.concatenate([old.edge_geometry[edges], new.edge_geometry[self.added]])


def compare(old: StreetNetwork, new: StreetNetwork) -> Difference:
    """Compare two networks of the same grounds and profiles.

    Raises
    ------
    ValueError
        If they have other grounds, profiles or another CRS.
    """
    if old.crs != new.crs or old.profiles != new.profiles or old.site_ids != new.site_ids:
        raise ValueError("networks of different studies")
    node, edge = match_nodes(old, new, match_edges(old, new))
    return Difference(old, new, edge, node)
