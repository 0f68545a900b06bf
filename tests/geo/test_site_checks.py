"""Sites beside the data: outside, near the edge, locked in; the network's word passed on."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import CrsError
from geo.extract import Extract, Nodes, Ways, feature_table
from geo.findings import Finding, Severity
from geo.network import build_network
from geo.profiles import load_profiles
from geo.site_checks import check_sites
from geo.sites import Sites

METRIC = "EPSG:25832"
# On the central meridian, where a box in degrees is a box in metres.
EAST, NORTH = 500_000, 5_782_000


def frame(columns: dict[str, Any], shapes: list[Any]) -> gpd.GeoDataFrame:
    moved = [shapely.transform(shape, lambda xy: np.add(xy, (EAST, NORTH))) for shape in shapes]
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(moved, crs=METRIC), crs=METRIC)


def make_sites(
    grounds: dict[str, Any] | None = None,
    houses: dict[str, Any] | None = None,
    gates: dict[str, tuple[str, Any]] | None = None,
) -> Sites:
    """Make sites from shapes in metres; gates belong to the only site."""
    grounds, houses, gates = grounds or {}, houses or {}, gates or {}
    return Sites(
        frame(
            {"site_id": list(grounds), "name": [key.upper() for key in grounds]},
            [shapely.multipolygons([shape]) for shape in grounds.values()],
        ),
        frame(
            {
                "house_id": list(houses),
                "name": [key.upper() for key in houses],
                "site_id": [""] * len(houses),
                "outline": pd.Series([None] * len(houses), dtype=object),
            },
            list(houses.values()),
        ),
        frame(
            {
                "gate_id": list(gates),
                "name": list(gates),
                "site_id": list(grounds)[:1] * len(gates),
                "status": [status for status, _ in gates.values()],
                "step_free": ["unknown"] * len(gates),
                "derived": np.zeros(len(gates), dtype=bool),
            },
            [shape for _, shape in gates.values()],
        ),
    )


def make_extract(box: Any, path: list[tuple[float, float]] | None = None) -> Extract:
    """Make data whose nodes fill a box given in metres, with one footway."""
    west, south, east, north = box.bounds
    # On the axes through the origin degrees and metres agree exactly.
    axes = shapely.MultiPoint([(west, 0), (east, 0), (0, south), (0, north)])
    inner = frame({}, [axes]).to_crs("EPSG:4326").total_bounds
    line = frame({}, [shapely.LineString(path or [(0, 0), (1, 1)])]).to_crs("EPSG:4326")
    xy = shapely.get_coordinates(line.geometry.iloc[0])
    empty = feature_table([])
    count = len(xy)
    return Extract(
        source="test",
        digest="0" * 64,
        data_date=None,
        bounds=(float(inner[0]), float(inner[1]), float(inner[2]), float(inner[3])),
        features=empty,
        base=empty,
        addresses=empty,
        entrances=empty,
        ways=Ways(
            np.array([1]),
            np.array([0, count]),
            np.arange(1, count + 1),
            [{"highway": "footway"}],
        ),
        nodes=Nodes(np.arange(1, count + 1), xy[:, 0], xy[:, 1], {}),
    )


def check(sites: Sites, extract: Extract | None = None) -> dict[str, Finding]:
    findings = check_sites(sites, extract)
    found = {finding.code: finding for finding in findings}
    assert len(found) == len(findings)
    return found


SQUARE = shapely.box(0, 0, 200, 200)


def test_well_inside_the_data_is_no_finding() -> None:
    extract = make_extract(shapely.box(-1900, -1900, 2100, 2100))
    sites = make_sites({"s": SQUARE}, {"h": shapely.Point(100, 100)})
    assert check(sites, extract) == {}
    assert check(sites) == {}


@pytest.mark.parametrize(
    ("ground", "code", "severity", "words"),
    [
        (shapely.box(0, 1000, 200, 1200), "site.near_edge", Severity.WARNING, "nur 800 m"),
        (shapely.box(0, 1900, 200, 2100), "site.partly_outside_extract", Severity.WARNING,
         "zu 50 % außerhalb"),
        (shapely.box(0, 2100, 200, 2300), "site.beside_extract", Severity.WARNING, "100 m"),
        (shapely.box(0, 9000, 200, 9200), "site.outside_extract", Severity.ERROR, "7.000 m"),
    ],
)  # fmt: skip
def test_grounds_at_the_edge(ground: Any, code: str, severity: Severity, words: str) -> None:
    found = check(make_sites({"s": ground}), make_extract(shapely.box(-5000, -5000, 5000, 2000)))
    assert list(found) == [code]
    assert found[code].severity is severity
    assert words in found[code].message
    assert "»S« (s)" in found[code].message
    assert found[code].where == "s"
    assert found[code].remedy


@pytest.mark.parametrize(
    ("y", "code"),
    [(100, None), (1000, "site.near_edge"), (2700, "site.beside_extract"),
     (3900, "site.outside_extract")],
)  # fmt: skip
def test_houses_off_any_grounds_at_the_edge(y: float, code: str | None) -> None:
    sites = make_sites(houses={"h": shapely.Point(0, y)})
    found = check(sites, make_extract(shapely.box(-5000, -5000, 5000, 2000)))
    assert list(found) == ([] if code is None else [code])


def test_houses_on_grounds_are_spoken_for_by_them() -> None:
    sites = make_sites({"s": shapely.box(0, 9000, 200, 9200)}, {"h": shapely.Point(100, 9100)})
    sites.houses["site_id"] = "s"
    found = check_sites(sites, make_extract(shapely.box(-5000, -5000, 5000, 2000)))
    assert [finding.where for finding in found] == ["s"]


def test_the_reach_can_be_said() -> None:
    sites = make_sites({"s": shapely.box(0, 1000, 200, 1200)})
    extract = make_extract(shapely.box(-5000, -5000, 5000, 2000))
    assert check_sites(sites, extract, reach_m=800) == []
    assert len(check_sites(sites, extract, reach_m=900)) == 1


def test_locked_in() -> None:
    west, east = shapely.Point(0, 100), shapely.Point(200, 100)
    one = check(make_sites({"s": SQUARE}, gates={"w": ("locked", west)}))
    assert "Das einzige Tor des Geländes »s« ist verschlossen" in one["site.all_locked"].message
    two = check(make_sites({"s": SQUARE}, gates={"w": ("locked", west), "e": ("locked", east)}))
    assert "Alle 2 Tore des Geländes »s« sind verschlossen" in two["site.all_locked"].message
    assert (
        check(make_sites({"s": SQUARE}, gates={"w": ("locked", west), "e": ("open", east)})) == {}
    )
    assert check(make_sites({"s": SQUARE}, gates={"w": ("Mo-Fr 8-9", west)})) == {}


def test_what_the_network_says_of_gates_is_passed_on() -> None:
    # The path crosses the eastern boundary at (200, 100); the gate is 80 m north of it.
    extract = make_extract(
        shapely.box(-9000, -9000, 9000, 9000), [(100, 100), (150, 100), (400, 100)]
    )
    given = make_sites({"s": SQUARE}, gates={"g": ("open", shapely.Point(200, 180))})
    network, sites = build_network(extract, given, load_profiles())
    codes = {finding.code for finding in check_sites(sites, extract, network)}
    assert codes == {"gates.closed_crossing", "gates.unjoined"}
    right = make_sites({"s": SQUARE}, gates={"g": ("open", shapely.Point(200, 100))})
    network, sites = build_network(extract, right, load_profiles())
    assert check_sites(sites, extract, network) == []


def test_degrees_are_refused() -> None:
    sites = make_sites({"s": SQUARE})
    degrees = Sites(sites.sites.to_crs("EPSG:4326"), sites.houses, sites.gates)
    with pytest.raises(CrsError):
        check_sites(degrees)
