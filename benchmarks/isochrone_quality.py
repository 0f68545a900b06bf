"""How right the isochrones are: random points against exact network times.

Usage: ``python benchmarks/isochrone_quality.py EXTRACT.osm.pbf … [--houses N] [--points N]``.

For every house points are strewn at random within 30 m of the network, as far around the
house as anybody walks in 15 minutes and 100 m farther. A point is truly reached if the exact
time to the nearest spot on the nearest edge, measured against every edge and searched with
networkx, is within the threshold. Precision: the share of the points in the polygon that are
reached. Recall: the share of the points reached that are in the polygon.
"""

from __future__ import annotations

import argparse
import math
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.extract import Extract
from geo.isochrones import isochrones
from geo.network import StreetNetwork, build_network
from geo.profiles import load_profiles
from geo.reader import read_extract
from geo.sites import Sites
from geo.snapping import Snapped, snap_origins
from geo.travel_time import search

MINUTES = (5, 10, 15)
NEAR_M = 30.0
CRS = "EPSG:25832"

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Quality:
    """What was measured.

    Attributes
    ----------
    precision, recall
        Over all houses, points and thresholds.
    by_minutes
        The same per threshold.
    first_ms, again_ms
        Milliseconds per house for three polygons, when nothing has been drawn there before
        and when it has.
    invalid, not_nested
        Polygons that are invalid, pairs that are not nested.
    """

    precision: float
    recall: float
    by_minutes: dict[int, tuple[float, float]]
    first_ms: float
    again_ms: float
    invalid: int
    not_nested: int


def measure(extract: Extract, *, houses: int, points: int, seed: int) -> Quality:
    """Place houses by a seed on the main network and check their isochrones."""
    profile = load_profiles()["resident"]
    rng = np.random.default_rng(seed)
    network, sites = build_network(extract, _no_sites(np.empty((0, 2))), {profile.id: profile})
    on_main = np.flatnonzero(~network.parts().island()[network.parts().component])
    spots = network.node_xy[rng.choice(on_main, houses, replace=False)]
    spots = spots + rng.normal(0, 15, spots.shape)
    sites = _no_sites(spots)
    origins = snap_origins(network, sites)
    trees = search(network, origins, profile, MINUTES[-1] * 60)

    begun = time.perf_counter()
    frame = isochrones(network, trees, MINUTES)
    first = time.perf_counter() - begun
    begun = time.perf_counter()
    isochrones(network, trees, MINUTES)
    again = time.perf_counter() - begun

    truth = _Truth(network, origins)
    hits = {minute: np.zeros(3, dtype=np.int64) for minute in MINUTES}
    by_house = dict(list(frame.groupby("house_id")))
    for number, house in enumerate(origins.ids[:houses]):
        strewn = truth.strew(spots[number], points, profile.speed_m_s, rng)
        seconds = truth.seconds(number, strewn)
        drawn = dict(zip(by_house[house]["minutes"], by_house[house].geometry, strict=True))
        for minute in MINUTES:
            inside = shapely.contains_xy(drawn[minute], strewn) if minute in drawn else False
            reached = seconds <= minute * 60
            hits[minute] += [
                np.count_nonzero(inside & reached),
                np.count_nonzero(inside),
                np.count_nonzero(reached),
            ]
    both, inside_all, reached_all = np.sum(list(hits.values()), axis=0)
    nested = [
        longer.covers(shorter)
        for group in by_house.values()
        for shorter, longer in pairwise(group.geometry)
    ]
    return Quality(
        precision=float(both / inside_all),
        recall=float(both / reached_all),
        by_minutes={
            minute: (float(h[0] / h[1]), float(h[0] / h[2])) for minute, h in hits.items()
        },
        first_ms=1000 * first / houses,
        again_ms=1000 * again / houses,
        invalid=int((~frame.is_valid).sum()),
        not_nested=nested.count(False),
    )


class _Truth:
    """Exact times of arbitrary points, by brute force."""

    def __init__(self, network: StreetNetwork, origins: Snapped) -> None:
        self._network = network
        self._origins = origins
        self._tree = shapely.STRtree(network.edge_geometry)
        self._forward, self._backward = (
            weight.astype(np.float64) for weight in network.edge_weight["resident"]
        )
        self._graph: Any = nx.DiGraph()
        for edge, (a, b) in enumerate(zip(network.edge_from, network.edge_to, strict=True)):
            for one, other, ms in (
                (int(a), int(b), self._forward[edge]),
                (int(b), int(a), self._backward[edge]),
            ):
                known = self._graph.get_edge_data(one, other)
                if ms >= 0 and (known is None or known["ms"] > ms):
                    self._graph.add_edge(one, other, ms=ms)

    def strew(self, around: Floats, count: int, speed: float, rng: np.random.Generator) -> Floats:
        """Strew points within 30 m of the network around a house."""
        radius = MINUTES[-1] * 60 * speed + 100
        found = np.empty((0, 2))
        for _ in range(1000):
            angle = rng.uniform(0, 2 * math.pi, count)
            away = radius * np.sqrt(rng.uniform(0, 1, count))
            strewn = around + np.column_stack([away * np.cos(angle), away * np.sin(angle)])
            near, _ = self._tree.query(
                shapely.points(strewn), predicate="dwithin", distance=NEAR_M
            )
            found = np.concatenate([found, strewn[np.unique(near)]])
            if len(found) >= count:
                break
        return found[:count]

    def seconds(self, origin: int, points: Floats) -> Floats:
        """Return the seconds from an origin to the nearest spot on the nearest edge."""
        network, origins = self._network, self._origins
        graph = self._graph
        starts: dict[int, float] = {}
        shapes = shapely.points(points)
        row, edge = self._tree.query_nearest(shapes, all_matches=False)
        edge = edge[np.argsort(row)]
        whole = np.maximum(network.edge_length_m[edge], 1e-9)
        share = shapely.line_locate_point(network.edge_geometry[edge], shapes) / whole
        best = np.full(len(points), np.inf)
        for access in np.flatnonzero(origins.owner == origin):
            on = int(origins.edge[access])
            gap = 1000 * float(origins.gap_m[access])
            begin = float(origins.offset_m[access] / max(network.edge_length_m[on], 1e-9))
            ends = [
                (int(network.edge_to[on]), self._forward[on], 1 - begin),
                (int(network.edge_from[on]), self._backward[on], begin),
            ]
            for node, ms, part in ends:
                if ms >= 0:
                    starts[node] = min(starts.get(node, math.inf), gap + ms * part)
            here = edge == on
            step = share - begin
            ms = np.where(step >= 0, self._forward[on], self._backward[on])
            direct = np.where(here & (ms >= 0), gap + np.abs(step) * ms, np.inf)
            best = np.minimum(best, direct)
        graph.add_node("house")
        graph.add_weighted_edges_from(
            [("house", node, ms) for node, ms in starts.items()], weight="ms"
        )
        reached = nx.single_source_dijkstra_path_length(graph, "house", weight="ms")
        graph.remove_node("house")
        times = np.full(len(network.node_xy), np.inf)
        for node, ms in reached.items():
            if node != "house":
                times[node] = ms
        forward, backward = self._forward[edge], self._backward[edge]
        ahead = times[network.edge_from[edge]] + np.where(forward < 0, np.inf, forward * share)
        back = times[network.edge_to[edge]] + np.where(
            backward < 0, np.inf, backward * (1 - share)
        )
        seconds: Floats = np.minimum(best, np.minimum(ahead, back)) / 1000
        return seconds


def _no_sites(houses: Floats) -> Sites:
    """Make sites of houses alone."""
    names = [f"h{number:04d}" for number in range(len(houses))]
    frame = gpd.GeoDataFrame(
        {"house_id": names, "name": names, "site_id": [""] * len(names)},
        geometry=gpd.points_from_xy(houses[:, 0], houses[:, 1]),
        crs=CRS,
    )
    frame["outline"] = pd.Series([None] * len(names), dtype=object)
    gates = ["gate_id", "name", "site_id", "status", "step_free", "derived"]
    return Sites(
        sites=gpd.GeoDataFrame(pd.DataFrame(columns=["site_id", "name"]), geometry=[], crs=CRS),
        houses=frame,
        gates=gpd.GeoDataFrame(pd.DataFrame(columns=gates), geometry=[], crs=CRS),
    )


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("extracts", nargs="+", type=Path)
    parser.add_argument("--houses", type=int, default=20)
    parser.add_argument("--points", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"{options.houses} houses, {options.points} points each, seed {options.seed}")
    print(
        f"{'extract':34} {'prec.':>6} {'recall':>6}  "
        + "  ".join(f"{minute:>2} min: prec. recall" for minute in MINUTES)
        + "   first  again  invalid  not nested"
    )
    for path in options.extracts:
        quality = measure(
            read_extract(path, ()),
            houses=options.houses,
            points=options.points,
            seed=options.seed,
        )
        each = "  ".join(
            f"      {precision:7.4f} {recall:.4f}"
            for precision, recall in quality.by_minutes.values()
        )
        print(
            f"{path.name[:34]:34} {quality.precision:.4f} {quality.recall:.4f}  {each}  "
            f"{quality.first_ms:5.1f}ms {quality.again_ms:4.1f}ms {quality.invalid:6} "
            f"{quality.not_nested:8}"
        )


if __name__ == "__main__":
    main()
