"""Sites beside the data: outside, near the edge, locked in; the network's word passed on."""

from __future__ import annotations

import re
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
    """Make data that cover a box given in metres: nodes every 200 m, and one footway.

    The outermost nodes lie 50 m inside: what is beside them is covered too.
    """
    west, south, east, north = np.add(box.bounds, (50, 50, -50, -50))
    grid = np.meshgrid(np.linspace(west, east, int((east - west) / 200) + 1),
                       np.linspace(south, north, int((north - south) / 200) + 1))  # fmt: skip
    line = np.array(path or [(west, south), (east, north)])
    metres = np.concatenate([line, np.column_stack([part.ravel() for part in grid])])
    points = frame({}, [shapely.Point(one) for one in metres]).to_crs("EPSG:4326")
    xy = shapely.get_coordinates(np.array(points.geometry, dtype=object))
    empty = feature_table([])
    return Extract(
        source="test",
        digest="0" * 64,
        data_date=None,
        # One whole railway makes the box of all nodes far too large.
        bounds=(5.0, 47.0, 15.0, 55.0),
        features=empty,
        base=empty,
        addresses=empty,
        entrances=empty,
        ways=Ways(
            np.array([1]),
            np.array([0, len(line)]),
            np.arange(1, len(line) + 1),
            [{"highway": "footway"}],
        ),
        nodes=Nodes(np.arange(1, len(xy) + 1), xy[:, 0], xy[:, 1], {}),
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


def test_a_way_that_leads_far_out_covers_no_ground() -> None:
    extract = make_extract(
        shapely.box(-5000, -5000, 5000, 2000), [(0, 2000 + 100 * step) for step in range(100)]
    )
    found = check(make_sites({"s": shapely.box(0, 9000, 200, 9200)}), extract)
    assert list(found) == ["site.outside_extract"]
    # The first few hundred metres of the way still have others around them.
    away = re.search(r"([\d.]+) m außerhalb", found["site.outside_extract"].message)
    assert away is not None
    assert 6200 <= int(away[1].replace(".", "")) <= 7000


def test_few_ways_cover_what_lies_between_them() -> None:
    extract = make_extract(shapely.box(0, 0, 200, 200))
    sites = make_sites(houses={"h": shapely.Point(100, 100), "far": shapely.Point(9000, 0)})
    codes = [(finding.where, finding.code) for finding in check_sites(sites, extract)]
    assert codes == [("far", "site.outside_extract"), ("h", "site.near_edge")]


def test_the_reach_can_be_said() -> None:
    sites = make_sites({"s": shapely.box(0, 1000, 200, 1200)})
    extract = make_extract(shapely.box(-5000, -5000, 5000, 2000))
    assert check_sites(sites, extract, reach_m=799) == []
    assert len(check_sites(sites, extract, reach_m=801)) == 1


def test_one_warning_names_all_who_get_beyond_the_edge() -> None:
    sites = make_sites({"s": shapely.box(0, 1000, 200, 1200)})
    extract = make_extract(shapely.box(-5000, -5000, 5000, 2000))
    reach_m = {"zu Fuß": 1800.0, "mit dem Rollator": 700.0, "mit dem Fahrrad": 6300.0}
    (found,) = check_sites(sites, extract, reach_m=reach_m)
    assert found.message == (
        "Das Gelände »S« (s) liegt nur 800 m vom Rand des Gebiets, das der OSM-Auszug abdeckt; zu "
        "Fuß reicht man bis 1.800 m, mit dem Fahrrad bis 6.300 m. Was jenseits des Randes liegt, "
        "fehlt in den Ergebnissen."
    )
    (only,) = check_sites(sites, extract, reach_m={"zu Fuß": 700.0, "mit dem Fahrrad": 900.0})
    assert "mit dem Fahrrad reicht man bis 900 m. Was" in only.message
    assert "zu Fuß" not in only.message
    assert check_sites(sites, extract, reach_m={"zu Fuß": 700.0}) == []


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
        shapely.box(-2100, -2100, 2300, 2300), [(100, 100), (150, 100), (400, 100)]
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
