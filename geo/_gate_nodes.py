"""What gates mean for the nodes of the network: open by hours, step-free or not."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from geo._barriers import Barriers, has_hours
from geo._joints import Strands

Bools = npt.NDArray[np.bool_]
GateNodes = Mapping[str, tuple[int, ...]]


def by_hours(
    gates: gpd.GeoDataFrame, gate_nodes: GateNodes, strands: Strands, barriers: Barriers
) -> Bools:
    """Mark the nodes of gates that are open at certain hours only.

    These are the passable gates of grounds whose status is opening hours, and the barriers
    with ``opening_hours`` elsewhere: the gate of a park that is shut at night.

    Parameters
    ----------
    gates
        All gates, given and derived.
    gate_nodes
        Nodes of the passable ones.
    strands, barriers
        Nodes of the network, and the barriers among them.
    """
    marked = np.zeros(len(strands.node_xy), dtype=bool)
    timed = [
        osm
        for osm, tags, given in zip(
            barriers.osm.tolist(),
            barriers.tags,
            (barriers.gate >= 0) | barriers.overruled,
            strict=True,
        )
        if not given and has_hours(tags)
    ]
    marked |= np.isin(strands.node_osm, timed)
    for gate, status in zip(gates["gate_id"], gates["status"], strict=True):
        if status != "locked" and has_hours({"opening_hours": str(status)}):
            marked[list(gate_nodes.get(gate, ()))] = True
    return marked


def step_free_gates(
    gates: gpd.GeoDataFrame, gate_nodes: GateNodes, strands: Strands, barriers: Barriers
) -> dict[int, str]:
    """Say of the nodes of given gates whether they are step-free; the map tells of others.

    What the study knows of a gate counts for the barriers that the map draws within its
    reach as well: they are the same gate.
    """
    given = gates[~gates["derived"].to_numpy(dtype=bool)]
    known = dict(zip(given["gate_id"], given["step_free"].astype(str), strict=True))
    found: dict[int, str] = {}
    for gate, step_free in known.items():
        if step_free == "unknown":
            continue
        own = barriers.osm[barriers.gate == _row(barriers, gate)]
        nodes = np.flatnonzero(np.isin(strands.node_osm, own))
        found.update((int(node), step_free) for node in nodes)
    for gate, step_free in known.items():
        found.update((node, step_free) for node in gate_nodes.get(gate, ()))
    return found


def _row(barriers: Barriers, gate: str) -> int:
    return barriers.gate_ids.index(gate) if gate in barriers.gate_ids else -2
