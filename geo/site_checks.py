"""Checks of grounds, houses and gates against the OSM data of the study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer
from scipy.spatial import cKDTree

from geo._faults import Faults
from geo.crs import WGS84, require_metric

if TYPE_CHECKING:
    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from geo.extract import Extract
    from geo.findings import Finding
    from geo.network import StreetNetwork
    from geo.sites import Sites

REACH_M = 1800.0
"""How far people walk in the default 30 minutes at 1 m/s."""

_GATE_CODES = "gates."
_REMEDY = "Einen OSM-Auszug nehmen, der die Umgebung mit enthält."
_OTHER_PLACE = "Den OSM-Auszug und die Lage der Objekte vergleichen; gehören sie zum selben Ort?"
_CELL_M = 250.0
# A single way through five by five cells touches about five of them.
_DENSE = 6
# What stands beside the outermost way is still covered.
_BESIDE_M = 50.0


def check_sites(
    sites: Sites,
    extract: Extract | None = None,
    network: StreetNetwork | None = None,
    *,
    reach_m: float | Mapping[str, float] = REACH_M,
) -> list[Finding]:
    """Find what is wrong with sites beside the data that they are used with.

    Parameters
    ----------
    sites
        As ``geo.sites.read_sites`` or ``geo.network.build_network`` returns them. What was
        noticed while reading stands in their own ``findings`` and is not repeated.
    extract
        The OSM data: are the grounds and houses inside the ground that their walkable ways
        cover, and far enough from its edge?
    network
        The network built with these sites: what it noticed at the gates is passed on
        (crossings that are closed, gates that no way passes, grounds without any gate).
        What houses lack is noticed where they are joined, in ``geo.snapping.snap_origins``.
    reach_m
        How far people get at most, metres: nearer to the edge than this, numbers suffer.
        For several kinds of people by the German words for how they are on the way
        (``{"zu Fuß": 1800.0, "mit dem Fahrrad": 6300.0}``).

    Returns
    -------
    list of Finding
        Errors first. Grounds and houses farther outside of the data than the slowest get are
        errors; partly outside, or nearer to the edge than anybody gets, warnings: one for
        each, that names all who get there.
    """
    require_metric(sites.sites, "sites")
    faults = Faults()
    if extract is not None:
        reaches = reach_m if isinstance(reach_m, Mapping) else {"zu Fuß": reach_m}
        edge = _Edge(_data_area(extract, sites.crs), reaches, faults)
        for site in _rows(sites.sites, "site_id"):
            edge.check_ground(f"Das Gelände {site.label}", site)
        for house in _rows(sites.houses[sites.houses["site_id"] == ""], "house_id"):
            edge.check_house(f"Das Haus {house.label}", house)
    _check_locked(sites, faults)
    findings = [*faults.findings()]
    if network is not None:
        findings += [found for found in network.findings if found.code.startswith(_GATE_CODES)]
    return findings


@dataclass(frozen=True)
class _Row:
    key: str
    name: str
    shape: BaseGeometry

    @property
    def label(self) -> str:
        return f"»{self.name}«" if self.name == self.key else f"»{self.name}« ({self.key})"


def _rows(frame: gpd.GeoDataFrame, id_column: str) -> list[_Row]:
    columns = zip(frame[id_column], frame["name"], frame.geometry, strict=True)
    return [_Row(str(key), str(name), shape) for key, name, shape in columns]


def _data_area(extract: Extract, crs: str) -> BaseGeometry:
    """Return the ground that the walkable ways of the data cover, in metres.

    The box of all nodes would not do: one railway or one forest that is kept whole draws it
    ten times too large. So it is the convex hull of the nodes of walkable ways, without
    those of single ways that lead out of the area, and the houses beside them.
    """
    nodes = extract.nodes
    if not len(nodes.ids):
        box = gpd.GeoSeries([shapely.box(*extract.bounds)], crs=WGS84)
        return box.to_crs(crs).iloc[0]
    transformer = Transformer.from_crs(WGS84, crs, always_xy=True)
    xy = np.column_stack(transformer.transform(nodes.longitude, nodes.latitude))
    dense = _is_dense(xy)
    core = xy[dense] if dense.any() else xy
    hull = shapely.convex_hull(shapely.MultiPoint(core))
    return shapely.buffer(hull, _BESIDE_M)


def _is_dense(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Whether other nodes lie all around each node, not only along one line."""
    cell = ((xy - xy.min(axis=0)) // _CELL_M).astype(np.int64)
    occupied, place = np.unique(cell, axis=0, return_inverse=True)
    tree = cKDTree(occupied)
    # In the square of five by five cells around each.
    around = tree.query_ball_point(occupied, r=2, p=np.inf, return_length=True)
    return np.asarray(around >= _DENSE)[place.ravel()]


@dataclass(frozen=True)
class _Edge:
    """Checks shapes against the edge of the data, all in metres."""

    data: BaseGeometry
    reach_m: Mapping[str, float]
    faults: Faults

    def check_ground(self, label: str, row: _Row) -> None:
        outside = shapely.difference(row.shape, self.data).area / row.shape.area
        if outside == 0:
            self._check_margin(label, row)
        elif shapely.intersects(row.shape, self.data):
            percent = max(1, round(100 * outside))
            self.faults.warning(
                "site.partly_outside_extract",
                f"{label} liegt zu {percent} % außerhalb des Gebiets, das der OSM-Auszug "
                "abdeckt. Wege und Orte dort fehlen.",
                row.key,
                _REMEDY,
            )
        else:
            self._outside(label, row)

    def check_house(self, label: str, row: _Row) -> None:
        if shapely.intersects(row.shape, self.data):
            self._check_margin(label, row)
        else:
            self._outside(label, row)

    def _outside(self, label: str, row: _Row) -> None:
        away = float(shapely.distance(row.shape, self.data))
        message = (
            f"{label} liegt {_metres(away)} außerhalb des Gebiets, das der OSM-Auszug abdeckt."
        )
        if away > min(self.reach_m.values()):
            self.faults.error("site.outside_extract", message, row.key, _OTHER_PLACE)
        else:
            self.faults.warning(
                "site.beside_extract",
                f"{message} Ergebnisse fehlen oder sind zu klein.",
                row.key,
                _REMEDY,
            )

    def _check_margin(self, label: str, row: _Row) -> None:
        margin = float(shapely.distance(row.shape, shapely.boundary(self.data)))
        affected = [(way, metres) for way, metres in self.reach_m.items() if metres > margin]
        beyond = [
            f"{way} {'' if number else 'reicht man '}bis {_metres(metres)}"
            for number, (way, metres) in enumerate(affected)
        ]
        if beyond:
            self.faults.warning(
                "site.near_edge",
                f"{label} liegt nur {_metres(margin)} vom Rand des Gebiets, das der OSM-Auszug "
                f"abdeckt; {', '.join(beyond)}. Was jenseits des Randes liegt, fehlt in den "
                "Ergebnissen.",
                row.key,
                _REMEDY,
            )


def _check_locked(sites: Sites, faults: Faults) -> None:
    given = sites.gates[~sites.gates["derived"].to_numpy(dtype=bool)]
    for site_id, gates in given.groupby("site_id"):
        locked = np.array(gates["status"] == "locked")
        if locked.all():
            number = "Das einzige Tor" if len(gates) == 1 else f"Alle {len(gates)} Tore"
            faults.warning(
                "site.all_locked",
                f"{number} des Geländes »{site_id}« {'ist' if len(gates) == 1 else 'sind'} "
                "verschlossen. Von dort aus ist nichts erreichbar.",
                str(site_id),
                "Das Tor eintragen, durch das Menschen das Gelände verlassen.",
            )


def _metres(distance: float) -> str:
    return f"{distance:,.0f} m".replace(",", ".")
