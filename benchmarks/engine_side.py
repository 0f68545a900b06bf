"""One engine of ``benchmarks/engine.py``, as a process of its own, by its own libraries.

Usage: ``python engine_side.py ENGINE ARCS.npz [--cpu]``. Prints the seconds of making its
graph; then, for each line of numbers of nodes that is written to it, the seconds of each
search and how many nodes it reached. It uses nothing of this project.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from importlib import import_module as library
from typing import Any

import numpy as np

Search = Callable[[int], Any]
Size = Callable[[Any], int]


def main() -> None:
    """Make the graph, then search as asked."""
    engine, path = sys.argv[1:3]
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library tells on its standard output is no answer
    with np.load(path) as file:
        arcs = {name: file[name] for name in file.files}
    clock = time.process_time if "--cpu" in sys.argv else time.perf_counter
    began = clock()
    search, size = ENGINES[engine](arcs)
    print(clock() - began, file=answers, flush=True)
    for line in sys.stdin:
        found = []
        for node in map(int, line.split()):
            began = clock()
            result = search(node)
            found.append((clock() - began, size(result)))
        print(*(value for pair in found for value in pair), file=answers, flush=True)


def _matrix(arcs: dict[str, Any]) -> Any:
    count = len(arcs["xy"])
    # An arc of nought would be no arc; a microsecond changes no whole millisecond.
    weight = np.maximum(arcs["ms"].astype(np.float64), 1e-3)
    return library("scipy.sparse").csr_array(
        (weight, (arcs["source"], arcs["target"])), shape=(count, count)
    )


def _scipy(arcs: dict[str, Any]) -> tuple[Search, Size]:
    dijkstra = library("scipy.sparse.csgraph").dijkstra
    matrix, limit = _matrix(arcs), float(arcs["limit_ms"]) + 0.5

    def search(node: int) -> Any:
        return dijkstra(matrix, indices=node, limit=limit)

    return search, lambda times: int(np.isfinite(times).sum())


def _graph(arcs: dict[str, Any]) -> Any:
    nx = library("networkx")
    graph: Any = nx.DiGraph()
    graph.add_nodes_from(range(len(arcs["xy"])))
    graph.add_weighted_edges_from(
        zip(*(arcs[name].tolist() for name in ("source", "target", "ms")), strict=True), "ms"
    )
    return graph


def _networkx(arcs: dict[str, Any]) -> tuple[Search, Size]:
    nx = library("networkx")
    graph, limit = _graph(arcs), int(arcs["limit_ms"])

    def search(node: int) -> Any:
        return nx.single_source_dijkstra(graph, node, cutoff=limit, weight="ms")

    return search, lambda found: len(found[0])


def _networkx_lengths(arcs: dict[str, Any]) -> tuple[Search, Size]:
    nx = library("networkx")
    graph, limit = _graph(arcs), int(arcs["limit_ms"])

    def search(node: int) -> Any:
        return nx.single_source_dijkstra_path_length(graph, node, cutoff=limit, weight="ms")

    return search, len


def _pandana(arcs: dict[str, Any]) -> tuple[Search, Size]:
    pd = library("pandas")
    network = library("pandana").Network(
        pd.Series(arcs["xy"][:, 0]),
        pd.Series(arcs["xy"][:, 1]),
        pd.Series(arcs["source"]),
        pd.Series(arcs["target"]),
        pd.DataFrame({"s": arcs["ms"] / 1000}),
        twoway=False,
    )
    limit = float(arcs["limit_ms"]) / 1000

    def search(node: int) -> Any:
        return network.nodes_in_range([node], limit)

    return search, len


def _igraph(arcs: dict[str, Any]) -> tuple[Search, Size]:
    pairs = np.column_stack([arcs["source"], arcs["target"]])
    graph = library("igraph").Graph(len(arcs["xy"]), pairs.tolist(), directed=True)
    weight, limit = arcs["ms"].tolist(), float(arcs["limit_ms"])

    def search(node: int) -> Any:
        return graph.distances(source=[node], weights=weight, mode="out")

    return search, lambda found: int((np.array(found[0]) <= limit).sum())


def _cityseer(arcs: dict[str, Any]) -> tuple[Search, Size]:
    network = library("cityseer").rustalgos.graph.NetworkStructure()
    for number, (x, y) in enumerate(arcs["xy"].tolist()):
        network.add_street_node(str(number), x, y, True, 1.0)  # noqa: FBT003 - it takes no name
    columns = (arcs[name].tolist() for name in ("source", "target", "ms"))
    for number, (a, b, ms) in enumerate(zip(*columns, strict=True)):
        (x, y), (u, v) = arcs["xy"][a], arcs["xy"][b]
        # Lengths are taken from lines: this one, with a bend, is as long as the arc at 1 m/s.
        apart = float(np.hypot(u - x, v - y))
        bend = np.sqrt(max((ms / 2000) ** 2 - (apart / 2) ** 2, 0.0))
        side = np.array([y - v, u - x]) / apart if apart else np.array([1.0, 0.0])
        p, q = np.array([x + u, y + v]) / 2 + bend * side
        line = f"LINESTRING ({x} {y}, {p} {q}, {u} {v})"
        network.add_street_edge(a, b, number, str(a), str(b), line)
    limit = round(float(arcs["limit_ms"]) / 1000)

    def search(node: int) -> Any:
        return network.dijkstra_tree_shortest(node, limit, 1.0)

    return search, lambda found: len(found[0])


ENGINES: dict[str, Callable[[dict[str, Any]], tuple[Search, Size]]] = {
    "scipy": _scipy,
    "networkx": _networkx,
    "networkx lengths": _networkx_lengths,
    "pandana": _pandana,
    "igraph": _igraph,
    "cityseer": _cityseer,
}

if __name__ == "__main__":
    main()
