"""What an osmnx user writes for the same job: the yardstick of ``whole_job.py``.

Walkable graph and features from the same data (as XML, since osmnx reads no .pbf), ego
graphs around every house, edges buffered and joined to isochrones for 5, 10 and 15
minutes, walking times from every house to every feature within 30 minutes, written as
GeoPackage. osmnx applies no walking filter to a file, so the ways are filtered first.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import geopandas as gpd
import networkx as nx
import osmnx as ox
import pandas as pd
import shapely

SPEED_M_S = 1.0
MINUTES = (5, 10, 15)
LIMIT_S = 30 * 60
TAGS: dict[str, bool | str | list[str]] = {
    "amenity": True,
    "shop": True,
    "leisure": True,
    "healthcare": True,
    "office": True,
    "tourism": True,
    "public_transport": True,
    "highway": "bus_stop",
}
NOT_WALKABLE = {"motorway", "motorway_link", "trunk", "trunk_link", "construction", "proposed"}


def main(extract: Path, houses_file: Path, out: Path) -> None:
    """Run the recipe.

    Parameters
    ----------
    extract
        OSM XML.
    houses_file
        GeoJSON of points, the houses.
    out
        Folder to write to.
    """
    graph = ox.project_graph(ox.graph_from_xml(extract, retain_all=True))
    graph.remove_edges_from(
        [
            (u, v, key)
            for u, v, key, data in graph.edges(keys=True, data=True)
            if NOT_WALKABLE & set(_listed(data.get("highway"))) or data.get("access") == "private"
        ]
    )
    # on foot there are no one-way streets, and only the main network is of use
    walk = ox.truncate.largest_component(ox.convert.to_undirected(graph).to_directed())
    for _, _, data in walk.edges(data=True):
        data["time"] = data["length"] / SPEED_M_S
    features = ox.features_from_xml(extract, tags=TAGS).to_crs(walk.graph["crs"])
    points = features.geometry.representative_point()
    feature_nodes = ox.distance.nearest_nodes(walk, points.x, points.y)
    houses = gpd.read_file(houses_file).to_crs(walk.graph["crs"])
    house_nodes = ox.distance.nearest_nodes(walk, houses.geometry.x, houses.geometry.y)
    areas, times = [], []
    for house, node in zip(houses["id"], house_nodes, strict=True):
        seconds = nx.single_source_dijkstra_path_length(walk, node, cutoff=LIMIT_S, weight="time")
        times += [
            (house, position, seconds[target])
            for position, target in enumerate(feature_nodes)
            if target in seconds
        ]
        for minutes in MINUTES:
            reached = nx.ego_graph(walk, node, radius=60 * minutes, distance="time")
            areas.append((house, minutes, _buffered(reached)))
    out.mkdir(parents=True, exist_ok=True)
    gpd.GeoDataFrame(
        pd.DataFrame(areas, columns=["house_id", "minutes", "geometry"]),
        geometry="geometry",
        crs=walk.graph["crs"],
    ).to_file(out / "recipe.gpkg", layer="isochrones")
    pd.DataFrame(times, columns=["from_id", "to", "travel_time_s"]).to_csv(out / "times.csv")
    print(json.dumps({"features": len(features), "times": len(times), "areas": len(areas)}))


def _listed(value: str | list[str] | None) -> list[str]:
    return value if isinstance(value, list) else [value or ""]


def _buffered(
    graph: nx.MultiDiGraph[int], node_m: float = 50, edge_m: float = 25
) -> shapely.Geometry:
    """Join buffered nodes and edges, as the osmnx example notebook on isochrones does."""
    nodes = [shapely.Point(data["x"], data["y"]) for _, data in graph.nodes(data=True)]
    edges = [
        data.get("geometry")
        or shapely.LineString(
            [
                (graph.nodes[u]["x"], graph.nodes[u]["y"]),
                (graph.nodes[v]["x"], graph.nodes[v]["y"]),
            ]
        )
        for u, v, data in graph.edges(data=True)
    ]
    return shapely.union_all([*shapely.buffer(nodes, node_m), *shapely.buffer(edges, edge_m)])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
