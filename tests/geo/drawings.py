"""Small towns drawn with letters, so that a test shows its map.

Letters and digits in the picture are spots, what follows a ``#`` is a remark, everything else
is there for the eye. A spot lies ``metres`` × column east and ``metres`` × row south of the
corner. Ways, grounds, houses, gates and places are named by their spots::

    town = draw(
        '''
        h
        A-----B-----C
                    x
        ''',
        metres=10,
        ways={"ABC": "highway=footway"},
        houses={"h": ""},
        places={"x": ""},
    )
    assert town.seconds() == {("h", "x"): 140.0}  # 10 to A, 120 to C, 10 to x

At the default profile's 1 m/s seconds are metres.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from geo.extract import Extract, Nodes, Tags, Ways, feature_table
from geo.network import StreetNetwork, build_network
from geo.profiles import Profile, State, load_profiles
from geo.sites import Sites
from geo.snapping import Snapped, snap_origins, snap_places
from geo.terrain import Terrain
from geo.travel_time import Tree, search, travel_time_matrix

CRS = "EPSG:25832"
CORNER = (400_000.0, 5_750_000.0)
RESIDENT: Profile = load_profiles()["resident"]


def tags(text: str) -> dict[str, str]:
    """Read ``key=value key=value``; ``~`` stands for a space."""
    return dict(pair.replace("~", " ").split("=", 1) for pair in text.split())


@dataclass(frozen=True)
class Town:
    """A drawn town and what is computed of it."""

    spots: dict[str, tuple[float, float]]
    extract: Extract
    given: Sites
    places: gpd.GeoDataFrame
    network: StreetNetwork
    sites: Sites
    profile: Profile = RESIDENT

    @property
    def origins(self) -> Snapped:
        return snap_origins(self.network, self.sites, self.profile)

    @property
    def destinations(self) -> Snapped:
        return snap_places(self.network, self.places, self.profile)

    def trees(
        self, limit_s: float = 1800, state: State | str = State.CONFIRMED
    ) -> tuple[Tree, ...]:
        return search(self.network, self.origins, self.profile, limit_s, State(state))

    def matrix(self, limit_s: float = 1800, state: State | str = State.CONFIRMED) -> pd.DataFrame:
        return travel_time_matrix(self.network, self.trees(limit_s, state), self.destinations)

    def seconds(
        self, limit_s: float = 1800, state: State | str = State.CONFIRMED
    ) -> dict[tuple[str, str], float]:
        """Return the travel time of every pair that is reached, to 0.1 s."""
        matrix = self.matrix(limit_s, state)
        pairs = zip(matrix["from_id"], matrix["to_id"], strict=True)
        return dict(zip(pairs, matrix["travel_time_s"].tolist(), strict=True))

    def edges(self) -> list[tuple[str, float]]:
        """Return every edge as its ends' letters (``.`` for a made node) and its metres."""
        names = [chr(node) if node else "." for node in self.network.node_osm]
        return sorted(
            (names[a] + names[b], round(float(metres), 3))
            for a, b, metres in zip(
                self.network.edge_from,
                self.network.edge_to,
                self.network.edge_length_m,
                strict=True,
            )
        )

    def codes(self) -> set[str]:
        """Return the codes of everything noticed."""
        return {found.code for found in (*self.network.findings, *self.origins.findings)}

    def gates(self) -> dict[str, str]:
        """Return the status of every gate, given or derived."""
        gates = self.sites.gates
        return dict(zip(gates["gate_id"], gates["status"], strict=True))


def draw(
    picture: str,
    *,
    metres: float,
    ways: Mapping[str, str],
    nodes: Mapping[str, str] | None = None,
    missing: str = "",
    sites: Mapping[str, str] | None = None,
    houses: Mapping[str, str] | None = None,
    gates: Mapping[str, tuple[str, ...]] | None = None,
    places: Mapping[str, str] | None = None,
    outlines: Mapping[str, str] | None = None,
    entrances: Mapping[str, str] | None = None,
    way_ids: Mapping[str, int] | None = None,
    profile: Profile = RESIDENT,
    terrain: Terrain | None = None,
) -> Town:
    """Draw a town and build its network.

    Parameters
    ----------
    picture
        The map.
    metres
        Metres from one character to the next, both ways.
    ways
        Spots in their order → tags (``"highway=footway access=private"``).
    nodes
        Spot → tags of the node.
    missing
        Spots whose nodes the file lacks.
    sites
        Site id → corners of its grounds.
    houses
        Spot (which is the house's id) → site id, or "".
    gates
        Spot (the gate's id) → site id, status, and whether it is step-free, if that is known.
    places
        Spot (the place's id) → site id it lies on, or "".
    outlines
        Spot of a house or place → corners of its outline.
    entrances
        Spot of a place → spots of its entrances.
    way_ids
        Spots of a way → its OSM id; else 1, 2, … in the order of ``ways``.
    profile
        Who is on the way.
    terrain
        Heights of the ground.
    """
    spots = _find_spots(picture, metres)
    ids = way_ids or {name: number for number, name in enumerate(ways, start=1)}
    extract = _extract(spots, ways, nodes or {}, missing, ids)
    given = _sites(spots, sites or {}, houses or {}, gates or {}, outlines or {})
    network, found = build_network(extract, given, {profile.id: profile}, terrain)
    return Town(
        spots=spots,
        extract=extract,
        given=given,
        places=_places(spots, places or {}, outlines or {}, entrances or {}),
        network=network,
        sites=found,
        profile=profile,
    )


def _find_spots(picture: str, metres: float) -> dict[str, tuple[float, float]]:
    lines = [line.partition("#")[0] for line in dedent(picture.strip("\n")).splitlines()]
    spots: dict[str, tuple[float, float]] = {}
    for row, line in enumerate(lines):
        for column, sign in enumerate(line):
            if sign.isalnum():
                assert sign not in spots, f"{sign} is drawn twice"
                spots[sign] = (CORNER[0] + column * metres, CORNER[1] - row * metres)
    return spots


def _extract(
    spots: Mapping[str, tuple[float, float]],
    ways: Mapping[str, str],
    nodes: Mapping[str, str],
    missing: str,
    way_ids: Mapping[str, int],
) -> Extract:
    return make_extract(
        ways={way_ids[name]: ([ord(sign) for sign in name], tags(ways[name])) for name in ways},
        points={ord(sign): xy for sign, xy in spots.items() if sign not in missing},
        node_tags={ord(sign): tags(text) for sign, text in nodes.items()},
    )


def make_extract(
    ways: Mapping[int, tuple[list[int], Tags]],
    points: Mapping[int, tuple[float, float]],
    node_tags: Mapping[int, Tags] | None = None,
) -> Extract:
    """Make an extract of ways and nodes by their ids; points are metres in ``CRS``."""
    empty = feature_table([])
    way_ids, node_ids = sorted(ways), sorted(points)
    refs = [ways[way][0] for way in way_ids]
    to_degrees = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform(
        [points[node][0] for node in node_ids], [points[node][1] for node in node_ids]
    )
    return Extract(
        source="Zeichnung",
        digest="0" * 64,
        data_date=None,
        bounds=(0.0, 0.0, 0.0, 0.0),
        features=empty,
        base=empty.assign(layer="", kind="", name=""),
        addresses=empty,
        entrances=empty,
        ways=Ways(
            ids=np.array(way_ids, dtype=np.int64),
            offsets=np.cumsum([0, *(len(way) for way in refs)]),
            refs=np.array([ref for way in refs for ref in way], dtype=np.int64),
            tags=[ways[way][1] for way in way_ids],
        ),
        nodes=Nodes(
            ids=np.array(node_ids, dtype=np.int64),
            longitude=np.asarray(lon, dtype=np.float64),
            latitude=np.asarray(lat, dtype=np.float64),
            tags={node: said for node, said in (node_tags or {}).items() if said},
        ),
    )


def make_sites(
    sites: Mapping[str, Any],
    houses: Mapping[str, tuple[str, Any, Any]],
    gates: Mapping[str, tuple[Any, ...]],
    crs: str = CRS,
) -> Sites:
    """Make sites of geometries.

    These are grounds; site, point and outline of houses; site, status, perhaps whether it is
    step-free, and point of gates.
    """
    outline = pd.Series([houses[house][2] for house in sorted(houses)], dtype=object)
    return Sites(
        sites=gpd.GeoDataFrame(
            {"site_id": sorted(sites), "name": [site.title() for site in sorted(sites)]},
            geometry=[shapely.MultiPolygon([sites[site]]) for site in sorted(sites)],
            crs=crs,
        ),
        houses=gpd.GeoDataFrame(
            {
                "house_id": sorted(houses),
                "name": [f"Haus {house}" for house in sorted(houses)],
                "site_id": [houses[house][0] for house in sorted(houses)],
                "outline": outline,
            },
            geometry=[houses[house][1] for house in sorted(houses)],
            crs=crs,
        ),
        gates=gpd.GeoDataFrame(
            {
                "gate_id": sorted(gates),
                "name": [f"Tor {gate}" for gate in sorted(gates)],
                "site_id": [gates[gate][0] for gate in sorted(gates)],
                "status": [gates[gate][1] for gate in sorted(gates)],
                "step_free": [
                    gates[gate][2] if isinstance(gates[gate][2], str) else "unknown"
                    for gate in sorted(gates)
                ],
                "derived": np.zeros(len(gates), dtype=bool),
            },
            geometry=[gates[gate][-1] for gate in sorted(gates)],
            crs=crs,
        ),
    )


def _sites(
    spots: Mapping[str, tuple[float, float]],
    sites: Mapping[str, str],
    houses: Mapping[str, str],
    gates: Mapping[str, tuple[str, ...]],
    outlines: Mapping[str, str],
) -> Sites:
    return make_sites(
        {site: _polygon(spots, corners) for site, corners in sites.items()},
        {
            house: (
                site,
                shapely.Point(spots[house]),
                _polygon(spots, outlines[house]) if house in outlines else None,
            )
            for house, site in houses.items()
        },
        {gate: (*what, shapely.Point(spots[gate])) for gate, what in gates.items()},
    )


def _places(
    spots: Mapping[str, tuple[float, float]],
    places: Mapping[str, str],
    outlines: Mapping[str, str],
    entrances: Mapping[str, str],
) -> gpd.GeoDataFrame:
    ids = sorted(places)
    frame = gpd.GeoDataFrame(
        {"id": ids, "on_campus": [places[place] for place in ids]},
        geometry=[shapely.Point(spots[place]) for place in ids],
        crs=CRS,
    )
    frame["outline"] = pd.Series(
        [_polygon(spots, outlines[place]) if place in outlines else None for place in ids],
        dtype=object,
    )
    frame["entrances"] = pd.Series(
        [
            shapely.MultiPoint([spots[door] for door in entrances[place]])
            if place in entrances
            else None
            for place in ids
        ],
        dtype=object,
    )
    return frame


def _polygon(spots: Mapping[str, tuple[float, float]], corners: str) -> shapely.Polygon:
    return shapely.Polygon([spots[corner] for corner in corners])
