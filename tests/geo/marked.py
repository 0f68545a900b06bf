"""Drawn towns in which a test itself says what is known of a way or node.

What the tags of a way mean on wheels is tested in ``test_step_free``; here everything is
confirmed except for what the test marks, so that it stays true whatever the rules say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from geo.network import Passage, StreetNetwork
from geo.profiles import Profile, load_profiles
from geo.step_free import CONFIRMED, FACTS, NO, POSSIBLE
from tests.geo.drawings import Town, draw

# One metre a second, so that seconds are metres.
WHEELS: Profile = replace(load_profiles()["rollator"], speed_m_s=1.0)


def bits(*facts: str) -> int:
    """Return facts as a set of bits."""
    return sum(1 << FACTS.index(fact) for fact in facts)


def mark(
    network: StreetNetwork,
    profile: Profile = WHEELS,
    *,
    ways: Mapping[int, str] | None = None,
    nodes: Mapping[str, str] | None = None,
    closed: str = "",
) -> StreetNetwork:
    """Mark OSM ways and nodes (by letter) of which something is not known.

    Parameters
    ----------
    network
        As drawn.
    profile
        Who finds it so.
    ways, nodes
        What is missing, words of ``FACTS`` between spaces.
    closed
        Letters of nodes that cannot be passed over.
    """
    length = np.rint(network.edge_length_m / profile.speed_m_s * 1000).astype(np.int64)
    edges, count = len(length), len(network.node_xy)
    passage = Passage(
        length.copy(), length.copy(),
        np.full(edges, CONFIRMED, dtype=np.int8), np.zeros(edges, dtype=np.int64),
        np.full(count, CONFIRMED, dtype=np.int8), np.zeros(count, dtype=np.int64),
    )  # fmt: skip
    for way, facts in (ways or {}).items():
        rows = network.edge_way == way
        assert rows.any()
        passage.edge_state[rows], passage.edge_missing[rows] = POSSIBLE, bits(*facts.split())
    for letter, facts in (nodes or {}).items():
        rows = network.node_osm == ord(letter)
        assert rows.any()
        passage.node_state[rows], passage.node_missing[rows] = POSSIBLE, bits(*facts.split())
    passage.node_state[np.isin(network.node_osm, [ord(letter) for letter in closed])] = NO
    return replace(
        network,
        passages={**network.passages, profile.id: passage},
        profiles={**network.profiles, profile.id: profile},
        _memory={},
    )


def draw_marked(
    picture: str,
    *,
    unknown: Mapping[int, str] | None = None,
    unknown_nodes: Mapping[str, str] | None = None,
    closed: str = "",
    profile: Profile = WHEELS,
    **drawn: Any,
) -> Town:
    """Draw a town for somebody on wheels, see ``draw`` and ``mark``."""
    town = draw(picture, profile=profile, **drawn)
    network = mark(town.network, profile, ways=unknown, nodes=unknown_nodes, closed=closed)
    return replace(town, network=network)
