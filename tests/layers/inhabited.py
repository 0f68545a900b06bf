"""Small inhabited towns in metres: buildings, addresses, streets and cells of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import Point
from shapely.affinity import translate

from geo.extract import Extract
from geo.population import Population
from geo.reader import read_extract
from layers.seats import with_seats
from layers.study import Study, StudySettings
from layers.study_network import StudyNetwork
from layers.taxonomy import load_taxonomy
from tests.geo.drawings import CORNER, CRS, Town, draw, make_sites
from tests.layers.walk_studies import ready_study

HOUSE, FLAT = 0.75 / 50, 0.75 / 40
"""People by m² of floor that is lived in; see ``layers/data/dwellings.toml``."""


def moved(shape: Any) -> Any:
    """Return a shape at its place in the metric CRS."""
    return translate(shape, *CORNER)


@dataclass
class Inhabited:
    """What is drawn.

    Attributes
    ----------
    buildings
        OSM id → kind, shape.
    addresses
        OSM id → street, number, east, north.
    drawn
        OSM id → layer, kind, shape, of anything else on the base map.
    levels, tags
        Storeys and tags of buildings by OSM id.
    grounds
        Site → area.
    """

    buildings: Mapping[str, tuple[str, Any]] = field(default_factory=dict)
    addresses: Mapping[str, tuple[str, str, float, float]] = field(default_factory=dict)
    drawn: Mapping[str, tuple[str, str, Any]] = field(default_factory=dict)
    levels: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, dict[str, str]] = field(default_factory=dict)
    grounds: Mapping[str, Any] = field(default_factory=dict)

    def extract(self) -> Extract:
        """Return the town as it would be read."""
        base = [(key, "building", kind, shape) for key, (kind, shape) in self.buildings.items()]
        base += [(key, layer, kind, shape) for key, (layer, kind, shape) in self.drawn.items()]
        rows = list(self.addresses.items())
        return replace(
            _empty().extract,
            base=_degrees(
                pd.DataFrame(
                    {
                        "osm_id": [one[0] for one in base],
                        "layer": [one[1] for one in base],
                        "kind": [one[2] for one in base],
                        "name": "",
                    },
                    dtype="str",
                ),
                [one[3] for one in base],
            ),
            addresses=_degrees(
                pd.DataFrame(
                    {
                        "osm_id": [key for key, _ in rows],
                        "street": [one[0] for _, one in rows],
                        "housenumber": [one[1] for _, one in rows],
                        "postcode": "",
                        "city": "",
                    },
                    dtype="str",
                ),
                [Point(one[2], one[3]) for _, one in rows],
            ),
            features=_degrees(
                pd.DataFrame({"osm_id": list(self.tags), "tags": list(self.tags.values())}),
                [self.buildings[key][1] for key in self.tags],
            ),
            levels=dict(self.levels),
            bounds=_bounds(),
        )

    def ready(self, folder: Path | None = None, **settings: Any) -> StudyNetwork:
        """Return the town as a study with houses on its grounds, keys of study.toml beside."""
        known = {"name": "Zeichnung", "extract": "x.osm", "sites": "s.geojson", **settings}
        grounds = {site: moved(shape) for site, shape in self.grounds.items()}
        sites = make_sites(grounds, {}, {})
        return replace(
            ready_study(_empty()),
            study=Study(folder=folder or Path(), settings=StudySettings.model_validate(known)),
            extract=self.extract(),
            sites=sites,
        )


@cache
def _empty() -> Town:
    return draw("A--B", metres=10, ways={"AB": "highway=footway"})


def _degrees(table: pd.DataFrame, shapes: Sequence[Any]) -> gpd.GeoDataFrame:
    geometry = gpd.GeoSeries([moved(shape) for shape in shapes], crs=CRS).to_crs("EPSG:4326")
    return gpd.GeoDataFrame(table, geometry=geometry)


def _bounds() -> tuple[float, float, float, float]:
    """Return west, south, east, north of ten kilometres around the corner, degrees."""
    area = gpd.GeoSeries([moved(shapely.box(-5000, -5000, 5000, 5000))], crs=CRS)
    west, south, east, north = area.to_crs("EPSG:4326").total_bounds
    return float(west), float(south), float(east), float(north)


def people_in_cells(
    *cells: tuple[float, float, float, float], side: float | None = None
) -> Population:
    """Return people by cell: south-west corner, side and people of each; points have side 0."""
    shapes = [
        moved(shapely.box(x, y, x + size, y + size) if size else Point(x, y))
        for x, y, size, _ in cells
    ]
    frame = gpd.GeoDataFrame(
        {"people": [float(one[3]) for one in cells], "covered": np.ones(len(cells))},
        geometry=shapes,
        crs=CRS,
    )
    return Population(frame, side, zensus=True, year="2022")


def real_extract(shared_data: Path, name: str) -> Extract:
    """Read a real extract as a study reads it."""
    keys = with_seats(load_taxonomy(None).features)
    return read_extract(shared_data / f"osm/{name}.nometa.osm.pbf", keys)
