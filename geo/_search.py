"""A network made ready for the compiled core: arcs in rows, and threads over many origins."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from geo.network import StreetNetwork
from geo.profiles import State
from geo.progress import Progress, silent
from geo.step_free import POSSIBLE

Ints = npt.NDArray[np.int64]
Ints32 = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]
_Found = TypeVar("_Found")

MM_PER_M = 1000
"""Lengths are added up in whole millimetres, so that their order does not matter."""

LONGEST_MS = (1 << 31) - 1
"""No search can be longer: 24 days."""

_FLOCK = 32
"""So many origins are one piece of work: few enough for even loads, memory and progress."""

_MOST_BUCKETS = 1 << 12
_WAIT_S = 1.5

_kernel: Any = None


def ready_kernel(progress: Progress = silent) -> Any:
    """Load the compiled core; say so where it has to be compiled first.

    Parameters
    ----------
    progress
        Told if it takes more than a moment.
    """
    global _kernel  # noqa: PLW0603 - loaded once
    if _kernel is not None:
        return _kernel
    notice = threading.Timer(_WAIT_S, progress, ("Rechenkern vorbereiten (nur beim ersten Mal)",))
    notice.daemon = True
    notice.start()
    try:
        # Takes a moment that not every command needs.
        _kernel = import_module("geo._kernel")
        import_module("geo._kernel_read")
    finally:
        notice.cancel()
    return _kernel


@dataclass(frozen=True, eq=False)
class Order:
    """Nodes in an order in which neighbours are near each other in memory.

    Attributes
    ----------
    node
        Number in the network of each node, shape ``(n,)``.
    rank
        The other way round, shape ``(n,)``.
    """

    node: Ints32
    rank: Ints32


@dataclass(frozen=True, eq=False)
class Graph:
    """A network as arcs in rows, for one profile, state and direction.

    Attributes
    ----------
    order
        How its nodes are numbered.
    nodes, arcs
        As ``geo._kernel.grow`` wants them: arcs out of node ``i`` are rows
        ``nodes[i, 0]:nodes[i + 1, 0]``.
    shift
        Width of the buckets that suits the arcs, as a power of two in milliseconds.
    """

    order: Order
    nodes: Ints32
    arcs: Ints
    shift: int

    def plain(self) -> Graph:
        """Return the same arcs, with nothing said of them but where they lead."""
        arcs = self.arcs.copy()
        arcs[:, 1] &= (1 << ready_kernel().ARC_BITS) - 1
        return replace(self, arcs=arcs)


def graph_of(
    network: StreetNetwork,
    profile_id: str,
    state: State = State.CONFIRMED,
    *,
    reverse: bool = False,
) -> Graph:
    """Return the arcs of a network for one profile and state, made when first asked for."""
    key = ("graph", profile_id, state, reverse)
    memory = network._memory  # noqa: SLF001
    if key not in memory:
        memory[key] = _make_graph(network, profile_id, state, reverse=reverse)
    graph: Graph = memory[key]
    return graph


def order_of(network: StreetNetwork) -> Order:
    """Return the nodes along a Z-order curve (Morton 1966) over cells of 1 m."""
    memory = network._memory  # noqa: SLF001
    if "order" not in memory:
        xy = network.node_xy
        cell = np.floor(xy - xy.min(axis=0, initial=0.0)) if len(xy) else xy
        x, y = (_spread(np.clip(part, 0, 2**31 - 1).astype(np.uint64)) for part in cell.T)
        node = np.argsort(x | (y << np.uint64(1)), kind="stable").astype(np.int32)
        rank = np.empty_like(node)
        rank[node] = np.arange(len(node), dtype=np.int32)
        memory["order"] = Order(node, rank)
    order: Order = memory["order"]
    return order


def _spread(value: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Put a nought before each of the lower 32 bits."""
    for step, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        value = (value | (value << np.uint64(step))) & np.uint64(mask)
    return value


def _make_graph(network: StreetNetwork, profile_id: str, state: State, *, reverse: bool) -> Graph:
    kernel = ready_kernel()
    if max(len(network.node_xy), len(network.edge_from)) > kernel.NUMBERS:
        raise ValueError(f"more than {kernel.NUMBERS} nodes or edges")
    passage = network.passages[profile_id]
    order = order_of(network)
    begin, end = order.rank[network.edge_from], order.rank[network.edge_to]
    source, target = np.concatenate([begin, end]), np.concatenate([end, begin])
    weight = np.concatenate(network.weights(profile_id, state))
    closed, by_hours = (
        flag[order.node] for flag in (passage.closed_nodes(state), network.node_by_hours)
    )
    # A closed node is come to, but not passed over.
    usable = np.flatnonzero((weight >= 0) & (source != target) & ~closed[source])
    edge = usable % len(begin) if len(begin) else usable
    source, target, weight = source[usable], target[usable], weight[usable]
    said = (
        kernel.ARC_UNKNOWN * (passage.edge_state[edge] == POSSIBLE).astype(np.int64)
        + kernel.ARC_PRIVATE * network.edge_private[edge]
        + kernel.ARC_ESTIMATED * network.edge_estimated[edge]
        + kernel.ARC_BY_HOURS * by_hours[source]
    )
    if reverse:
        source, target = target, source
    rows = np.argsort(source, kind="stable")
    length = whole_mm(network.edge_length_m[edge])
    word = (said << kernel.ARC_BITS) | (edge << kernel.ARC_EDGE) | target
    arcs = np.stack([(weight << kernel.MM_BITS) | length, word], axis=1)
    nodes = np.zeros((len(order.node) + 1, 2), dtype=np.int32)
    nodes[1:, 0] = np.cumsum(np.bincount(source, minlength=len(order.node)))
    nodes[:-1, 1] = order.node
    usual = int(np.median(weight)) if len(weight) else 1
    return Graph(
        order=order,
        nodes=nodes,
        arcs=np.ascontiguousarray(arcs[rows]),
        shift=max(usual.bit_length() - 3, 0),
    )


def whole_mm(metres: npt.NDArray[Any]) -> Ints:
    """Return metres as whole millimetres."""
    whole: Ints = np.rint(metres * MM_PER_M).astype(np.int64)
    return whole


@dataclass(frozen=True, eq=False)
class Starts:
    """Where searches begin.

    Attributes
    ----------
    first
        Rows of origin ``i`` are ``first[i]:first[i + 1]``.
    node
        Node of the network, shape ``(k,)``.
    label
        Key, unknown and marks of the way between owner and node as ``geo._kernel`` has them,
        and a negative number that says in ``Grown`` which start was taken; shape ``(k, 4)``.
    """

    first: Ints
    node: Ints32
    label: Ints


@dataclass(frozen=True, eq=False)
class Grown:
    """What several origins reach, as ``geo._kernel.grow`` returns it.

    Attributes
    ----------
    first
        Rows of origin ``i`` are ``first[i]:first[i + 1]``.
    columns
        Node, milliseconds, millimetres, unknown millimetres, parent, edge, ``IS_…`` bits of
        ``geo._kernel``; shape ``(7, r)``.
    """

    first: Ints
    columns: Ints32


def grow_all(graph: Graph, starts: Starts, limit_ms: int) -> Iterator[Grown]:
    """Search from many origins, in threads; the results come in the order of the origins.

    Parameters
    ----------
    graph
        The arcs.
    starts
        Where each origin enters.
    limit_ms
        Longest time; a time equal to it is within it.

    Raises
    ------
    ValueError
        If the limit is negative or over 24 days.
    """

    def kept(_: int, first: Ints, rows: Ints32) -> Grown:
        return Grown(first, np.ascontiguousarray(rows[: first[-1]].T))

    yield from each_flock(graph, starts, limit_ms, kept)


def each_flock(
    graph: Graph, starts: Starts, limit_ms: int, then: Callable[[int, Ints, Ints32], _Found]
) -> Iterator[_Found]:
    """Search from some origins at a time, in threads, and take from the trees what is wanted.

    Parameters
    ----------
    graph, starts, limit_ms
        As for ``grow_all``.
    then
        Called in the thread with the number of the first origin and what ``geo._kernel.grow``
        returns; its results come in the order of the origins.

    Raises
    ------
    ValueError
        If the limit is negative or over 24 days.
    """
    if not 0 <= limit_ms <= LONGEST_MS:
        raise ValueError(f"limit of {limit_ms} ms")
    kernel = ready_kernel()
    shift = graph.shift
    while limit_ms >> shift >= _MOST_BUCKETS:
        shift += 1
    node = graph.order.rank[starts.node]
    rooms: list[Ints32] = []

    def work(begin: int) -> _Found:
        first = starts.first[begin : begin + _FLOCK + 1]
        some = slice(first[0], first[-1])
        # Taking from and adding to a list is atomic. What a failed search leaves is dropped.
        room = rooms.pop() if rooms else np.zeros(len(graph.order.node), dtype=np.int32)
        tree_first, rows = kernel.grow(
            graph.nodes, graph.arcs, room,
            first - first[0], node[some], starts.label[some], limit_ms, shift,
        )  # fmt: skip
        rooms.append(room)
        return then(begin, tree_first, rows)

    yield from in_threads(work, range(0, len(starts.first) - 1, _FLOCK))


def in_threads(work: Any, pieces: Any) -> Iterator[Any]:
    """Do pieces of work in threads; results come in order."""
    workers = min(os.cpu_count() or 1, len(pieces))
    if workers < 2:  # noqa: PLR2004 - one piece, or one processor
        yield from map(work, pieces)
        return
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(work, pieces)
