"""The rules of the network once more, written plainly: slow, obvious, and on its own.

Shares nothing with the network under test but the reading of tags: it splits ways, cuts them
at boundaries, finds gates, snaps by measuring every edge, and searches with networkx. Where
the two agree, either both are right or both misread the rules in the same way.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely
from pyproj import Transformer

from geo.extract import Extract
from geo.foot_access import Access, foot_access, foot_direction, node_passable
from geo.profiles import Profile
from geo.sites import Sites
from tests.geo.oracle_ways import Boundaries, Edge, Run, Xy, rows


class Oracle:
    """A brute-force engine for one extract, one set of sites, one profile."""

    def __init__(self, extract: Extract, sites: Sites, profile: Profile) -> None:
        self.profile = profile
        self.sites: dict[str, Any] = {row.site_id: row.geometry for row in rows(sites.sites)}
        self.gates = rows(sites.gates)
        self.houses = rows(sites.houses)
        self.boundaries = Boundaries(self.sites, self.gates)
        self.node_tags = extract.nodes.tags
        self.xy = self._project(extract, sites.crs)
        self.edges: list[Edge] = []
        self._cut_ways(extract)
        self._drop_private()
        self.starts: dict[str, list[Any]] = {site: [] for site in self.sites}
        self._close_and_join()
        self._weave()

    # -- the network ------------------------------------------------------------------

    def _project(self, extract: Extract, crs: str) -> dict[int, Xy]:
        to_metres = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
        nodes = extract.nodes
        east, north = to_metres.transform(nodes.longitude, nodes.latitude)
        return {
            int(node): (float(x), float(y))
            for node, x, y in zip(nodes.ids, east, north, strict=True)
        }

    def _cut_ways(self, extract: Extract) -> None:
        ways = extract.ways
        runs: list[Run] = []
        for row, way in enumerate(ways.ids):
            said = ways.tags[row]
            if foot_access(said) is Access.NO:
                continue
            refs = [int(ref) for ref in ways.refs[ways.offsets[row] : ways.offsets[row + 1]]]
            whole = all(ref in self.xy for ref in refs)
            for there, group in itertools.groupby(refs, key=lambda ref: ref in self.xy):
                nodes = [ref for ref, _ in itertools.groupby(group)]
                if there and len(nodes) > 1:
                    xy = [self.xy[node] for node in nodes]
                    runs.append(Run(int(way), nodes, xy, said, whole))
        uses = Counter(node for run in runs for node in run.nodes)
        for run in runs:
            run.stretches = self.boundaries.stretches(run)
            self._cut_run(run, uses)
            if run.whole and len(run.nodes) > 3 and run.nodes[0] == run.nodes[-1]:
                self._sight_lines(run, uses)

    def _stops(self, node: int) -> bool:
        said = self.node_tags.get(node, {})
        return "barrier" in said or node_passable(said) is not Access.YES

    def _cut_run(self, run: Run, uses: Counter[int]) -> None:
        """Cut at shared nodes, barriers and boundaries."""
        last = len(run.nodes) - 1
        marks: list[tuple[float, Any]] = [
            (at, node)
            for i, (at, node) in enumerate(zip(run.positions, run.nodes, strict=True))
            if uses[node] > 1 or i in (0, last) or self._stops(node)
        ]
        for begin, _, _ in run.stretches[1:]:
            if not any(abs(at - begin) < 1e-9 for at, _ in marks):
                here = [
                    node
                    for at, node in zip(run.positions, run.nodes, strict=True)
                    if abs(at - begin) < 1e-9
                ]
                marks.append((begin, here[0] if here else ("cut", run.way, begin, run.nodes[0])))
        marks.sort(key=lambda mark: mark[0])
        for (a, begin), (b, end) in itertools.pairwise(marks):
            middle = (a + b) / 2
            site = next(site for low, high, site in run.stretches if low <= middle <= high)
            points = [run.at(a)]
            points += [xy for at, xy in zip(run.positions, run.xy, strict=True) if a < at < b]
            line = shapely.LineString([*points, run.at(b)])
            if begin != end or line.length > 0:
                self.edges.append(Edge(begin, end, line, run.tags, site, run.private, run.way))

    def _sight_lines(self, run: Run, uses: Counter[int]) -> None:
        """Cross a square straight between entrances that see each other."""
        kinds = (run.tags.get(key) for key in ("highway", "railway", "public_transport"))
        if run.tags.get("area", "yes" if "platform" in kinds else "no") != "yes":
            return
        square = shapely.Polygon(run.xy)
        if not square.is_valid or len(run.stretches) > 1:
            return
        own = Counter(run.nodes)
        doors = [
            i
            for i, node in enumerate(run.nodes[:-1])
            if uses[node] > own[node] and not self._stops(node)
        ]
        if len(doors) > 40:
            doors = [doors[i * len(doors) // 40] for i in range(40)]
        for i, j in itertools.combinations(doors, 2):
            sight = shapely.LineString([run.xy[i], run.xy[j]])
            rim = run.positions[j] - run.positions[i]
            rim = min(rim, run.positions[-1] - rim)
            if sight.length < rim - 0.01 and square.covers(sight):
                site = run.stretches[0][2]
                ends = run.nodes[i], run.nodes[j]
                self.edges.append(Edge(*ends, sight, run.tags, site, run.private, run.way))

    def _drop_private(self) -> None:
        """Keep private pieces on the grounds, and as mouths of at most 30 m."""
        surroundings = [grounds.buffer(30) for grounds in self.sites.values()]
        mouths: Any = nx.Graph()
        for edge in self.edges:
            if edge.private and not edge.site and any(s.covers(edge.line) for s in surroundings):
                mouths.add_edge(edge.begin, edge.end)
        inside = {end for edge in self.edges if edge.site for end in (edge.begin, edge.end)}
        good: set[Any] = set()
        for part in nx.connected_components(mouths):
            if part & inside:
                good |= part
        self.edges = [
            edge
            for edge in self.edges
            if not edge.private
            or edge.site
            or (edge.begin in good and any(s.covers(edge.line) for s in surroundings))
        ]

    def _blocked(self, node: Any) -> bool:
        if not isinstance(node, int) or node not in self.node_tags:
            return False
        access = node_passable(self.node_tags[node])
        point = shapely.Point(self.xy[node])
        if any(
            gate.status != "locked" and gate.geometry.distance(point) <= 20 for gate in self.gates
        ):
            return False
        if access is Access.PRIVATE:
            return not any(grounds.distance(point) <= 20 for grounds in self.sites.values())
        return access is Access.NO

    def _place_of(self, spot: Any) -> Xy:
        edge, at_end = self._ends[spot]
        x, y = edge.line.coords[-1 if at_end else 0]
        return (x, y)

    def _close_and_join(self) -> None:
        """Part what meets in closed barriers and closed crossings; find where sites start."""
        meeting: defaultdict[Any, set[str]] = defaultdict(set)
        self._ends: dict[Any, tuple[Edge, bool]] = {}
        for edge in self.edges:
            for spot, at_end in ((edge.begin, False), (edge.end, True)):
                meeting[spot].add(edge.site)
                self._ends[spot] = (edge, at_end)
        shut: set[tuple[Any, str]] = set()
        self.passed: set[str] = set()
        for spot, met in meeting.items():
            for site in met - {""} if len(met) > 1 else ():
                if not self._cross(spot, site):
                    shut.add((spot, site))
        parted = itertools.count()
        for edge in self.edges:
            for side in ("begin", "end"):
                spot = getattr(edge, side)
                if self._blocked(spot):
                    setattr(edge, side, ("parted", next(parted)))
                elif (spot, edge.site) in shut:
                    setattr(edge, side, ("inside", spot, edge.site))

    def _cross(self, spot: Any, site: str) -> bool:
        """Whether a way crosses the boundary here; an open crossing is where a site starts."""
        point = shapely.Point(self._place_of(spot))
        gates = [gate for gate in self.gates if gate.site_id == site]
        if not gates:
            if not self._guarded(spot, point):
                self.starts[site].append(spot)
            return True
        nearest = min(gates, key=lambda gate: gate.geometry.distance(point))
        if nearest.status == "locked" or nearest.geometry.distance(point) > 20:
            return False
        self.starts[site].append(spot)
        self.passed |= {
            gate.gate_id
            for gate in gates
            if gate.status != "locked" and gate.geometry.distance(point) <= 20
        }
        return True

    def _guarded(self, spot: Any, point: Any) -> bool:
        """Whether a closed barrier stands on a way that crosses here, within 20 m."""
        here = {edge.way for edge in self.edges if spot in (edge.begin, edge.end)}
        return any(
            self._blocked(other)
            for edge in self.edges
            if edge.way in here
            for other in (edge.begin, edge.end)
            if isinstance(other, int) and shapely.Point(self.xy[other]).distance(point) <= 20
        )

    # -- weights and snapping ---------------------------------------------------------

    def _ms(self, edge: Edge, *, forward: bool) -> int | None:
        direction = foot_direction(edge.tags)
        if direction == (-1 if forward else 1):
            return None
        steps = edge.tags.get("highway") == "steps"
        speed = self.profile.steps_speed_m_s if steps else self.profile.speed_m_s
        if speed is None:
            return None
        return round(edge.line.length / speed * 1000)

    def _weave(self) -> None:
        self.graph: Any = nx.DiGraph()
        self.lines = np.array([edge.line for edge in self.edges], dtype=object)
        for edge in self.edges:
            self.graph.add_nodes_from([edge.begin, edge.end])
            for a, b, forward in ((edge.begin, edge.end, True), (edge.end, edge.begin, False)):
                self._arc(a, b, self._ms(edge, forward=forward))
        together: Any = nx.Graph()
        together.add_edges_from((edge.begin, edge.end) for edge in self.edges)
        for gate in self.gates:
            if gate.status != "locked" and gate.gate_id not in self.passed:
                self._link_gate(gate, together)
        parts = [set(part) for part in nx.connected_components(together)]
        biggest = max(parts, key=len)
        self.islands = {
            node for part in parts if len(part) < 50 and part is not biggest for node in part
        }

    def _link_gate(self, gate: Any, together: Any) -> None:
        name = ("gate", gate.gate_id)
        for site in (gate.site_id, ""):
            ranked = [
                (edge.line.distance(gate.geometry), i)
                for i, edge in enumerate(self.edges)
                if edge.site == site and (site or not edge.private)
            ]
            if not ranked or min(ranked)[0] > 300:
                continue
            metres, i = min(ranked)
            edge = self.edges[i]
            along = edge.line.project(gate.geometry)
            foot = self._attach(edge, along)
            edge.joints.append((along, foot))
            together.add_edges_from([(edge.begin, foot), (foot, edge.end)])
            ms = round(metres / self.profile.speed_m_s * 1000)
            self._arc(name, foot, ms)
            self._arc(foot, name, ms)
            together.add_edge(name, foot)
            if name not in self.starts[gate.site_id]:
                self.starts[gate.site_id].append(name)

    def _arc(self, a: Any, b: Any, ms: int | None) -> None:
        if ms is not None and (not self.graph.has_edge(a, b) or self.graph[a][b]["ms"] > ms):
            self.graph.add_edge(a, b, ms=ms)

    def _attach(self, edge: Edge, along: float) -> Any:
        """Make a node on an edge, joined to its ends and to other nodes made on it."""
        name = ("on", id(edge), along)
        if any(other == name for _, other in edge.spots):
            return name
        self.graph.add_node(name)
        length = edge.line.length
        for at, other in [(0.0, edge.begin), (length, edge.end), *edge.spots]:
            for a, b, begin, end in ((other, name, at, along), (name, other, along, at)):
                whole = self._ms(edge, forward=begin <= end)
                share = abs(end - begin) / length if length else 0.0
                if share == 0:
                    self._arc(a, b, 0)
                elif whole is not None:
                    self._arc(a, b, round(whole * share))
        edge.spots.append((along, name))
        return name

    def _feet(self, shape: Any, site: str, *, house: bool) -> list[tuple[Any, float]]:
        """Measure to every edge and gate: nodes to step onto, and the metres to them."""
        ranked: list[tuple[float, bool, Any, float]] = []
        for edge, metres in zip(self.edges, shapely.distance(self.lines, shape), strict=True):
            if metres <= 300 and edge.site == site and (site or not edge.private):
                link = shapely.shortest_line(shape, edge.line)
                if self._may_walk(link, site):
                    foot = shapely.Point(link.coords[-1])
                    island = edge.begin in self.islands
                    ranked.append((metres, island, edge, edge.line.project(foot)))
        for spot in self.starts.get(site, []):
            point = shapely.Point(self._position(spot))
            if point.distance(shape) <= 300:
                ranked.append((point.distance(shape), spot in self.islands, spot, -1.0))
        best = min((row[0] for row in ranked), default=math.inf)
        ranked.sort(key=lambda row: row[0])
        nearest = [row for row in ranked if row[0] <= best]
        main = [row for row in ranked if not row[1]]
        chosen = [row for row in nearest if not row[1]]
        if not chosen:
            chosen = [row for row in main if row[0] <= main[0][0]]
            if not house or not chosen:
                chosen = [*nearest, *chosen]
        return [
            (target if along < 0 else self._attach(target, along), metres)
            for metres, _, target, along in chosen
        ]

    def _position(self, spot: Any) -> Xy:
        if isinstance(spot, tuple) and spot[0] == "gate":
            gate = next(gate for gate in self.gates if gate.gate_id == spot[1])
            return (gate.geometry.x, gate.geometry.y)
        return self._place_of(spot)

    def _may_walk(self, link: Any, site: str) -> bool:
        if site:
            return bool(self.sites[site].buffer(3).covers(link))
        return not any(grounds.buffer(-3).intersects(link) for grounds in self.sites.values())

    def _meets(self, outline: Any, site: str) -> list[tuple[Any, float]]:
        """Return the nodes where the main network meets an outline or lies within it."""
        found = []
        surface = outline.area > 0
        for edge, meets in zip(self.edges, shapely.intersects(self.lines, outline), strict=True):
            usable = meets and edge.site == site and (site or not edge.private)
            if not usable or edge.begin in self.islands:
                continue
            border = outline.boundary if surface else outline
            found += [
                (self._attach(edge, edge.line.project(shapely.Point(xy))), 0.0)
                for xy in shapely.get_coordinates(edge.line.intersection(border))
            ]
            for end, along in ((edge.begin, 0), (edge.end, -1)):
                if surface and outline.intersects(shapely.Point(edge.line.coords[along])):
                    found.append((end, 0.0))
            for metres, joint in edge.joints:
                if surface and outline.intersects(edge.line.interpolate(metres)):
                    found.append((joint, 0.0))
        return found

    # -- travel times -----------------------------------------------------------------

    def travel_times(
        self, places: gpd.GeoDataFrame, limit_s: float
    ) -> dict[tuple[str, str], float]:
        """Return the seconds of every pair within the limit."""
        speed = self.profile.speed_m_s
        joined: dict[str, list[tuple[Any, float]]] = {}
        for place in rows(places):
            shape = place.geometry
            feet = []
            if isinstance(place.outline, shapely.Geometry):
                shape = place.outline
                feet = self._meets(shape, place.on_campus)
            joined[place.id] = feet or self._feet(shape, place.on_campus, house=False)
        begun = {
            house.house_id: self._feet(house.geometry, house.site_id, house=True)
            for house in self.houses
        }
        begun |= {site: [(spot, 0.0) for spot in spots] for site, spots in self.starts.items()}
        for end in ("from", "to"):
            for name, feet in (begun if end == "from" else joined).items():
                self.graph.add_node((end, name))
                for node, metres in feet:
                    here = (end, name)
                    a, b = (here, node) if end == "from" else (node, here)
                    self._arc(a, b, round(metres / speed * 1000))
        found = {}
        for origin in begun:
            reached = nx.single_source_dijkstra_path_length(
                self.graph, ("from", origin), cutoff=limit_s * 1000, weight="ms"
            )
            for place in joined:
                if ("to", place) in reached:
                    found[origin, place] = reached["to", place] / 1000
        return found
