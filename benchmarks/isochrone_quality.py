"""How right the isochrones are: random points against exact network times.

Usage: ``python -m benchmarks.isochrone_quality EXTRACT.osm.pbf … [--profile ID] [--detailed]
[--houses N] [--points N] [--seed N]``.

For every house points are strewn at random within 30 m of the ways, as far around the house
as anybody gets in 15 minutes and 100 m farther. A point is truly reached if the exact time
to the nearest spot on a way, measured against every way on foot and searched with networkx,
is within the threshold. Ways that hang together with nothing (fewer than 50 nodes) do not
count, for the polygons leave them out, too. What lies across water or a railway is not the
nearest spot: ways are cut where they cross one (20 cm short of it), a point is joined to the
nearest piece that it sees, and not reached if there is none within 35 m. Precision: the share
of the points in the polygon that are reached. Recall: the share of the points reached that
are in the polygon.
Wheelchairs and rollators are measured on confirmed and possible ways.
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
from geo.isochrones import RADIUS_M, isochrones
from geo.network import StreetNetwork, build_network
from geo.profiles import Profile, State, load_profiles
from geo.reader import read_extract
from geo.sites import Sites
from geo.snapping import Snapped, snap_origins
from geo.travel_time import search

MINUTES = (5, 10, 15)
NEAR_M = 30.0
CRS = "EPSG:25832"

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


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


def measure(
    extract: Extract,
    *,
    houses: int,
    points: int,
    seed: int,
    profile_id: str = "resident",
    detailed: bool = False,
) -> Quality:
    """Place houses by a seed on the main network and check their isochrones."""
    profile = load_profiles()[profile_id]
    state = profile.states[-1]
    rng = np.random.default_rng(seed)
    network, sites = build_network(extract, no_sites(np.empty((0, 2))), {profile.id: profile})
    parts = network.parts(profile.id)
    on_main = np.flatnonzero(~parts.island()[parts.component])
    spots = network.node_xy[rng.choice(on_main, houses, replace=False)]
    spots = spots + rng.normal(0, 15, spots.shape)
    sites = no_sites(spots)
    origins = snap_origins(network, sites, profile)
    trees = search(network, origins, profile, MINUTES[-1] * 60, state)

    begun = time.perf_counter()
    frame = isochrones(network, trees, MINUTES, detailed=detailed)
    first = time.perf_counter() - begun
    begun = time.perf_counter()
    isochrones(network, trees, MINUTES, detailed=detailed)
    again = time.perf_counter() - begun

    truth = _Truth(network, origins, profile, state)
    hits = {minute: np.zeros(3, dtype=np.int64) for minute in MINUTES}
    by_house = dict(list(frame.groupby("house_id")))
    for number, house in enumerate(origins.ids[:houses]):
        strewn = truth.strew(spots[number], points, profile.speed_m_s, rng)
        seconds = truth.seconds(number, strewn)
        drawn = {}
        if house in by_house:
            drawn = dict(zip(by_house[house]["minutes"], by_house[house].geometry, strict=True))
        for minute in MINUTES:
            inside = np.zeros(len(strewn), dtype=bool)
            if minute in drawn:
                inside = shapely.contains_xy(drawn[minute], strewn)
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

    def __init__(
        self, network: StreetNetwork, origins: Snapped, profile: Profile, state: State
    ) -> None:
        self._network = network
        self._origins = origins
        self._forward, self._backward = (
            weight.astype(np.float64) for weight in network.weights(profile.id, state)
        )
        self._closed = network.passages[profile.id].closed_nodes(state)
        self._obstacles = shapely.STRtree(network.obstacles)
        self._cut_ways()
        self._graph: Any = nx.DiGraph()
        for edge, (a, b) in enumerate(zip(network.edge_from, network.edge_to, strict=True)):
            for one, other, ms in (
                (int(a), int(b), self._forward[edge]),
                (int(b), int(a), self._backward[edge]),
            ):
                known = self._graph.get_edge_data(one, other)
                if ms >= 0 and not self._closed[one] and (known is None or known["ms"] > ms):
                    self._graph.add_edge(one, other, ms=ms)

    def _cut_ways(self) -> None:
        """Cut the ways on foot just short of what they cross."""
        network = self._network
        parts = network.parts()
        joined = ~parts.island()[parts.component[network.edge_from]]
        edges = np.flatnonzero(network.edge_on_foot & joined)
        lines = network.edge_geometry[edges].copy()
        row, obstacle = self._obstacles.query(lines, predicate="intersects")
        for one in np.unique(row):
            gap = shapely.buffer(network.obstacles[obstacle[row == one]], 0.2, cap_style="flat")
            rest = shapely.difference(lines[one], shapely.union_all(gap))
            lines[one] = lines[one] if rest.is_empty else rest
        self._pieces, owner = shapely.get_parts(lines, return_index=True)
        self._edge = edges[owner]
        self._tree = shapely.STRtree(self._pieces)

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

    def _join(self, points: Any) -> tuple[Ints, Ints]:
        """Return points and the pieces nearest to them that they see; several if as near."""
        row, piece = self._tree.query_nearest(points, max_distance=RADIUS_M)
        doubtful = np.unique(self._obstacles.query(points, "dwithin", distance=RADIUS_M)[0])
        sure = ~np.isin(row, doubtful)
        rows, pieces = [row[sure]], [piece[sure]]
        for one in doubtful:
            near = self._tree.query(points[one], "dwithin", distance=RADIUS_M)
            ways = shapely.shortest_line(points[one], self._pieces[near])
            length = shapely.length(ways)
            # What lies on the obstacle itself is seen from both sides.
            begin = shapely.get_coordinates([points[one]] * len(near))
            stop = shapely.line_interpolate_point(ways, np.maximum(length - 0.02, 0))
            ends = np.stack([begin, shapely.get_coordinates(stop)], axis=1)
            sights = np.asarray(shapely.linestrings(ends), dtype=object)
            blocked = self._obstacles.query(sights, predicate="intersects")[0]
            free = np.setdiff1d(np.arange(len(near)), blocked[length[blocked] > 0.02])
            if len(free):
                best = free[length[free] == length[free].min()]
                rows.append(np.full(len(best), one))
                pieces.append(near[best])
        return np.concatenate(rows), np.concatenate(pieces)

    def seconds(self, origin: int, points: Floats) -> Floats:
        """Return the seconds from an origin to the nearest spot on a way."""
        network, origins = self._network, self._origins
        graph = self._graph
        starts: dict[int, float] = {}
        shapes = np.asarray(shapely.points(points))
        row, piece = self._join(shapes)
        edge = self._edge[piece]
        spot = shapely.line_interpolate_point(
            self._pieces[piece], shapely.line_locate_point(self._pieces[piece], shapes[row])
        )
        whole = np.maximum(network.edge_length_m[edge], 1e-9)
        share = shapely.line_locate_point(network.edge_geometry[edge], spot) / whole
        share = np.where(share < 1e-9, 0.0, np.where(share > 1 - 1e-9, 1.0, share))
        best = np.full(len(row), np.inf)
        for access in np.flatnonzero(origins.owner == origin):
            on = int(origins.edge[access])
            gap = 1000 * float(origins.gap_m[access]) / self._access_m_s()
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
        ways = (
            (network.edge_from[edge], self._forward[edge], share),
            (network.edge_to[edge], self._backward[edge], 1 - share),
        )
        for nodes, weights, walked in ways:
            closed = (weights < 0) | self._closed[nodes]
            onward = np.where(closed, np.inf, weights) * np.maximum(walked, 1e-12)
            best = np.minimum(best, times[nodes] + np.where(walked == 0, 0.0, onward))
        seconds = np.full(len(points), np.inf)
        np.minimum.at(seconds, row, best / 1000)
        return seconds

    def _access_m_s(self) -> float:
        (profile,) = self._network.profiles.values()
        return profile.access_speed_m_s


def no_sites(houses: Floats) -> Sites:
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
    parser.add_argument("--profile", default="resident", choices=sorted(load_profiles()))
    parser.add_argument("--detailed", action="store_true")
    parser.add_argument("--houses", type=int, default=20)
    parser.add_argument("--points", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(
        f"{options.profile}{' (detailed)' if options.detailed else ''}: {options.houses} houses, "
        f"{options.points} points each, seed {options.seed}"
    )
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
            profile_id=options.profile,
            detailed=options.detailed,
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
