"""Search trees, ours against other engines: microseconds per source, engines in turn.

Usage: ``python -m benchmarks.engine [EXTRACT.osm.pbf] [--sources N]``. The town and a network
of a million nodes made by tiling it are searched to 1,200 m at 1 m/s. All engines search from
the same nodes, drawn where nodes are many, as houses are, one source at a time: all sources by
the first engine, then by the next, and so on, for several rounds, each in a process of its
own. Ours gives times, lengths, parents and edges of sorted nodes, the others what they give.
pandana, cityseer (AGPL) and igraph (GPL) are put into an environment
that only this benchmark uses. The million is searched by ours and by scipy, whose cost grows
with the map.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
import venv
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from geo._search import graph_of, ready_kernel
from geo._steps import step_costs
from geo._trees import starts_of
from geo.network import StreetNetwork, build_network
from geo.profiles import Profile, State, load_profiles, with_speed
from geo.reader import read_extract
from geo.snapping import Snapped
from geo.sweeps import sweep
from geo.travel_time import search
from tests.geo.real_study import place_study

ROOT = Path(__file__).parents[1]
LIMIT_S = 1200
MANY_NODES = 1_000_000
ROUNDS = 3
AROUND_M = 500.0
OTHERS = ("networkx", "networkx lengths", "pandana", "scipy", "igraph", "cityseer")
LIBRARIES = ("numpy", "scipy", "networkx", "pandas", "pandana==0.8", "igraph", "cityseer")
TARGETS = (
    ("town", "networkx", 40.0),
    ("town", "pandana", 15.0),
    ("town", "scipy", 3.0),
    ("million", "scipy", 50.0),
)
SLOWER_AT_MOST = 1.5


def main() -> None:
    """Run the comparison and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "extract", type=Path, nargs="?",
        default=ROOT.parent / "shared/data/osm/heidelberg.test.osm.pbf",
    )  # fmt: skip
    parser.add_argument("--sources", type=int, default=200)
    parser.add_argument("--others", nargs="*", default=list(OTHERS), choices=OTHERS)
    parser.add_argument("--environment", type=Path, default=ROOT / ".cache" / "engines")
    parser.add_argument(
        "--cpu", action="store_true",
        help="seconds of the processor, all threads, instead of the wall's: on a busy machine",
    )  # fmt: skip
    options = parser.parse_args()
    profile = with_speed(load_profiles()["resident"], 1.0)
    extract = read_extract(options.extract, ())
    study = place_study(extract, seed=1, houses=1, places=1)
    town, _ = build_network(extract, study.sites, {profile.id: profile})
    python = _environment(options.environment)
    medians: dict[tuple[str, str], float] = {}
    for name, network, others in (
        ("town", town, options.others),
        ("million", tiled(town, MANY_NODES), [one for one in options.others if one == "scipy"]),
    ):
        medians |= _compare(
            name,
            network,
            profile,
            others=others,
            count=options.sources,
            python=python,
            cpu=options.cpu,
        )
    print()
    for name, other, target in TARGETS:
        if (name, other) in medians:
            ratio = medians[name, other] / medians[name, "ours"]
            _judge(f"{name}: ours against {other}", ratio, target, more=True)
    ratio = medians["million", "ours"] / medians["town", "ours"]
    _judge("ours: million against town", ratio, SLOWER_AT_MOST, more=False)


def tiled(town: StreetNetwork, nodes: int) -> StreetNetwork:
    """Repeat a town side by side until there are so many nodes; nothing joins the tiles."""
    times = -(-nodes // len(town.node_xy))
    wide = int(np.ceil(np.sqrt(times)))
    size = np.ptp(town.node_xy, axis=0) + 1000
    place = np.column_stack([np.arange(times) % wide, np.arange(times) // wide])
    shift = np.repeat(np.arange(times) * len(town.node_xy), len(town.edge_from))

    def edges(values: Any) -> Any:
        return np.tile(values, times)

    passages = {
        key: replace(
            passage,
            **{
                name: np.tile(getattr(passage, name), times)
                for name in ("forward_ms", "backward_ms", "edge_state", "edge_missing",
                             "node_state", "node_missing")
            },
        )
        for key, passage in town.passages.items()
    }  # fmt: skip
    return replace(
        town,
        node_xy=(place[:, None, :] * size + town.node_xy).reshape(-1, 2),
        node_osm=np.tile(town.node_osm, times),
        node_by_hours=np.tile(town.node_by_hours, times),
        edge_from=(edges(town.edge_from) + shift).astype(np.int32),
        edge_to=(edges(town.edge_to) + shift).astype(np.int32),
        edge_way=edges(town.edge_way),
        edge_length_m=edges(town.edge_length_m),
        edge_private=edges(town.edge_private),
        edge_estimated=edges(town.edge_estimated),
        edge_site=edges(town.edge_site),
        edge_on_foot=edges(town.edge_on_foot),
        passages=passages,
        _memory={},
    )


@dataclass
class _Other:
    """Another engine, waiting for nodes to search from."""

    process: subprocess.Popen[str]
    setup_s: float

    def search(self, nodes: list[int]) -> tuple[list[float], list[int]]:
        """Return the seconds of each search as the engine measures them, and nodes reached."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(" ".join(map(str, nodes)) + "\n")
        self.process.stdin.flush()
        found = self.process.stdout.readline().split()
        return [float(seconds) for seconds in found[::2]], [int(size) for size in found[1::2]]


class _Ours:
    """The compiled core, one source at a time in one thread, as the others."""

    def __init__(
        self,
        network: StreetNetwork,
        profile: Profile,
        origins: Snapped,
        clock: Callable[[], float],
    ) -> None:
        self.clock = clock
        began = clock()
        self.kernel = ready_kernel()
        self.graph = graph_of(network, profile.id)
        self.setup_s = clock() - began
        steps = step_costs(network, origins, profile)
        self.starts = starts_of(
            network, steps, origins, profile, state=State.CONFIRMED, reverse=False
        )
        self.node = self.graph.order.rank[self.starts.node]
        self.slot = np.zeros(len(network.node_xy), dtype=np.int32)

    def search(self, number: int) -> tuple[float, int]:
        """Return the seconds of the search from one of the origins, and nodes reached."""
        graph = self.graph
        some = slice(self.starts.first[number], self.starts.first[number + 1])
        began = self.clock()
        first, _ = self.kernel.grow(
            graph.nodes, graph.arcs, self.slot,
            np.array([0, some.stop - some.start]), self.node[some], self.starts.label[some],
            LIMIT_S * 1000, graph.shift,
        )  # fmt: skip
        return self.clock() - began, int(first[1])


def _compare(
    name: str,
    network: StreetNetwork,
    profile: Profile,
    *,
    others: list[str],
    count: int,
    python: Path,
    cpu: bool,
) -> dict[tuple[str, str], float]:
    source, target, ms = _arcs(network, profile)
    nodes = len(network.node_xy)
    origins, at = _origins(network, count)
    ours = _Ours(network, profile, origins, time.process_time if cpu else time.perf_counter)
    times: dict[str, list[float]] = {"ours": []}
    reached: dict[str, list[int]] = {"ours": []}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "arcs.npz"
        np.savez(path, xy=network.node_xy, source=source, target=target, ms=ms,
                 limit_ms=LIMIT_S * 1000)  # fmt: skip
        started = {other: _start(python, other, path, cpu=cpu) for other in others}
        try:
            for _ in range(ROUNDS):
                for other, engine in started.items():
                    seconds, sizes = engine.search([int(node) for node in at])
                    times.setdefault(other, []).extend(seconds)
                    reached.setdefault(other, []).extend(sizes)
                for number in range(count):
                    spent, size = ours.search(number)
                    times["ours"].append(spent)
                    reached["ours"].append(size)
        finally:
            for engine in started.values():
                engine.process.kill()
                engine.process.wait()
    print(f"\n{name}: {nodes} nodes, {len(ms)} arcs, {count} sources, {LIMIT_S} m at 1 m/s; "
          f"load {os.getloadavg()[0]:.1f}")  # fmt: skip
    clock = "processor" if cpu else "wall"
    print(f"{clock:<18}  µs: median     10 %     90 %    ratio   set-up s   reached  same")
    mine = np.array(times["ours"])
    medians = {}
    for engine_name in sorted(times, key=lambda one: float(np.median(times[one]))):
        took = np.array(times[engine_name])
        medians[name, engine_name] = float(np.median(took))
        setup = ours.setup_s if engine_name == "ours" else started[engine_name].setup_s
        same = np.mean(np.array(reached[engine_name]) == np.array(reached["ours"]))
        low, middle, high = np.quantile(took, [0.1, 0.5, 0.9]) * 1e6
        print(f"{engine_name:<18} {middle:>11.1f} {low:>8.1f} {high:>8.1f} "
              f"{np.median(took) / np.median(mine):>8.1f} {setup:>10.3f} "
              f"{np.median(reached[engine_name]):>9.0f} {same:>5.2f}", flush=True)  # fmt: skip
    _whole(network, profile, origins)
    return medians


def _whole(network: StreetNetwork, profile: Profile, origins: Snapped) -> None:
    """Time what callers call: trees as objects, in threads; and the nearest of all origins."""
    rounds = 5
    trees, sweeps = [], []
    for _ in range(rounds):
        began = time.perf_counter()
        search(network, origins, profile, LIMIT_S)
        trees.append(time.perf_counter() - began)
        began = time.perf_counter()
        sweep(network, origins, profile, LIMIT_S)
        sweeps.append(time.perf_counter() - began)
    each = np.median(trees) / len(origins.ids) * 1e6
    print(f"search(), {os.cpu_count()} threads: {each:.1f} µs per origin; sweep() of "
          f"{len(origins.ids)} places over all nodes: {np.median(sweeps) * 1e3:.1f} ms",
          flush=True)  # fmt: skip


def _arcs(network: StreetNetwork, profile: Profile) -> tuple[Any, Any, Any]:
    """Return the quickest arc between each two nodes, for engines that take only one."""
    weight = np.concatenate(network.weights(profile.id))
    source = np.concatenate([network.edge_from, network.edge_to]).astype(np.int64)
    target = np.concatenate([network.edge_to, network.edge_from]).astype(np.int64)
    usable = np.flatnonzero((weight >= 0) & (source != target))
    key = source[usable] * len(network.node_xy) + target[usable]
    order = np.lexsort((weight[usable], key))
    _, first = np.unique(key[order], return_index=True)
    best = usable[order[first]]
    return source[best], target[best], weight[best]


def _origins(network: StreetNetwork, count: int) -> tuple[Snapped, Any]:
    """Draw edges of the main network, the likelier the more nodes are around."""
    parts = network.parts()
    usable = np.flatnonzero(parts.usable & ~parts.island()[parts.component[network.edge_from]])
    middle = network.node_xy[network.edge_from[usable]]
    tree = cKDTree(network.node_xy)
    around = tree.query_ball_point(middle, AROUND_M, return_length=True).astype(np.float64)
    edge = np.random.default_rng(20261122).choice(
        usable, count, replace=False, p=around / around.sum()
    )
    nothing = np.zeros(count)
    origins = Snapped(
        ids=tuple(f"{number:05d}" for number in range(count)),
        owner=np.arange(count),
        edge=edge,
        offset_m=nothing,
        gap_m=nothing,
        estimated=np.zeros(count, dtype=bool),
        start_xy=network.node_xy[network.edge_from[edge]],
        foot_xy=network.node_xy[network.edge_from[edge]],
    )
    return origins, network.edge_from[edge]


def _start(python: Path, engine: str, path: Path, *, cpu: bool) -> _Other:
    process = subprocess.Popen(
        [python, Path(__file__).with_name("engine_side.py"), engine, path,
         *(["--cpu"] if cpu else [])],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    return _Other(process, float(process.stdout.readline()))


def _environment(folder: Path) -> Path:
    """Make the other engines' environment if it is not there; return its Python."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (folder / "complete").exists():
        print(f"installing the other engines into {folder}", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *LIBRARIES], check=True)
        (folder / "complete").touch()
    return python


def _judge(what: str, ratio: float, target: float, *, more: bool) -> None:
    met = ratio >= target if more else ratio <= target
    sign = "≥" if more else "≤"
    print(f"{what}: {ratio:.2f} times, wanted {sign} {target:g}: {'yes' if met else 'NO'}")


if __name__ == "__main__":
    main()
