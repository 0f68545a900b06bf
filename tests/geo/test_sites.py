"""Grounds, houses and gates: read from any format as the contract says."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyogrio  # type: ignore[import-untyped]
import pytest
import shapely

from geo.crs import is_metric
from geo.errors import CrsError, SitesError
from geo.findings import Severity
from geo.sites import read_sites
from geo.vector_files import write_gpkg
from tests.geo.foreign_samples import packed, shapefile
from tests.geo.site_files import (
    EAST,
    GATE,
    GROUNDS,
    HOSTILE,
    HOUSE,
    METRIC,
    NORTH,
    box,
    codes,
    feature,
    lonlat,
    messages,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_a_good_file_is_read_as_the_contract_says(read: Any) -> None:
    sites = read(GATE, HOUSE, GROUNDS)
    assert sites.findings == ()
    assert sites.crs == METRIC
    assert is_metric(sites.houses.crs)
    assert is_metric(sites.gates.crs)
    assert list(sites.sites.columns) == ["site_id", "name", "geometry"]
    assert sites.sites.iloc[0].to_list()[:2] == ["s", "Name s"]
    assert set(sites.sites.geom_type) == {"MultiPolygon"}
    assert sites.sites.area.sum() == pytest.approx(40_000, abs=10)
    assert set(sites.houses.columns) == {
        "house_id", "name", "site_id", "geometry", "outline", "places",
    }  # fmt: skip
    assert sites.houses.iloc[0][["house_id", "name", "site_id"]].to_list() == ["h", "Name h", "s"]
    assert sites.houses["outline"].to_list() == [None]
    centre = shapely.Point(EAST + 100, NORTH + 100)
    assert sites.houses.geometry.iloc[0].distance(centre) < 0.02
    gate = sites.gates.iloc[0]
    assert gate[["gate_id", "site_id", "status", "step_free"]].to_list() == [
        "g",
        "s",
        "open",
        "unknown",
    ]
    assert sites.gates["derived"].dtype == bool
    assert not sites.gates["derived"].any()


def test_sorted_by_id_whatever_the_order(read: Any) -> None:
    features = [
        feature("site", "b", box(0, 0)),
        feature("site", "a", box(1000, 0)),
        feature("house", "h2", shapely.Point(50, 50)),
        feature("house", "h1", shapely.Point(1050, 50)),
        feature("gate", "g2", shapely.Point(0, 50)),
        feature("gate", "g1", shapely.Point(1000, 50)),
    ]
    forward, backward = read(*features), read(*reversed(features))
    for sites in (forward, backward):
        assert list(sites.sites["site_id"]) == ["a", "b"]
        assert list(sites.houses["house_id"]) == ["h1", "h2"]
        assert list(sites.gates["gate_id"]) == ["g1", "g2"]
        assert list(sites.houses["site_id"]) == ["a", "b"]
        assert list(sites.gates["site_id"]) == ["a", "b"]


def test_the_three_formats_give_the_same(tmp_path: Path) -> None:
    features = [GROUNDS, feature("house", "h", box(50, 50, 20), site_id="s"), GATE]
    geojson = write(tmp_path / "sites.geojson", *features)
    frame = gpd.GeoDataFrame.from_features(features, crs="EPSG:4326").to_crs(METRIC)
    columns = ["kind", "id", "name", "site_id", "status"]
    write_gpkg({"sites": frame[[*columns, "geometry"]]}, tmp_path / "sites.gpkg", METRIC)
    polygons = frame.geom_type == "Polygon"
    parts = {
        **{f"p{k}": v for k, v in shapefile(frame[polygons], tmp_path / "p").items()},
        **{f"q{k}": v for k, v in shapefile(frame[~polygons], tmp_path / "q").items()},
    }
    archive = packed(tmp_path / "sites.zip", parts)
    expected = read_sites(geojson)
    for path in (tmp_path / "sites.gpkg", archive):
        found = read_sites(path, METRIC)
        assert found.findings == ()
        for name in ("sites", "houses", "gates"):
            one, two = getattr(expected, name), getattr(found, name)
            text = [column for column in one.columns if column not in {"geometry", "outline"}]
            assert one[text].equals(two[text])
            assert one.geometry.distance(two.geometry).max() < 0.02
        assert found.houses["outline"].iloc[0].area == pytest.approx(400, abs=1)


@pytest.mark.parametrize("epsg", [4326, 25832, 25833, 31467, 3857])
def test_any_crs_ends_in_the_metric_one(tmp_path: Path, epsg: int) -> None:
    frame = gpd.GeoDataFrame.from_features([GROUNDS, HOUSE], crs="EPSG:4326")
    write_gpkg({"x": frame}, tmp_path / "x.gpkg", f"EPSG:{epsg}")
    sites = read_sites(tmp_path / "x.gpkg")
    assert sites.crs == METRIC
    # Without the grid of the old German datum a few metres are lost.
    corner = sites.sites.total_bounds
    assert math.dist(corner[:2], (EAST, NORTH)) < (5 if epsg == 31467 else 0.05)


def test_the_wanted_crs_is_used_and_must_be_metric(tmp_path: Path) -> None:
    path = write(tmp_path / "sites.geojson", GROUNDS)
    assert read_sites(path, "EPSG:25833").crs == "EPSG:25833"
    with pytest.raises(CrsError):
        read_sites(path, "EPSG:4326")
    with pytest.raises(CrsError):
        read_sites(path, "nonsense")


def test_only_houses_and_only_grounds_are_enough(read: Any) -> None:
    sites = read(feature("house", "h", shapely.Point(0, 0)))
    assert sites.findings == ()
    assert len(sites.sites) == 0
    assert sites.crs == METRIC
    assert sites.houses["site_id"].to_list() == [""]
    sites = read(GROUNDS)
    assert sites.findings == ()
    assert len(sites.houses) == 0
    assert len(sites.gates) == 0


def test_parts_of_one_site_are_joined(read: Any) -> None:
    sites = read(
        GROUNDS,
        feature("site", "s", box(200, 0), name="Name s"),
        feature("site", "s", box(1000, 0), name=""),
    )
    assert len(sites.sites) == 1
    assert sites.sites.area.iloc[0] == pytest.approx(120_000, abs=30)
    assert len(sites.sites.geometry.iloc[0].geoms) == 2
    assert codes(sites) == ["feature.name"]
    different = read(GROUNDS, feature("site", "s", box(1000, 0), name="Anders"))
    assert different.sites["name"].to_list() == ["Name s"]
    assert "»Anders« und »Name s«" in messages(different)


def test_a_multipolygon_keeps_its_holes_and_parts(read: Any) -> None:
    holed = shapely.MultiPolygon([box(0, 0).difference(box(50, 50, 50)), box(1000, 0)])
    sites = read(feature("site", "s", holed))
    assert sites.sites.area.iloc[0] == pytest.approx(77_500, abs=20)


def test_houses_and_gates_without_site_id_are_joined(read: Any) -> None:
    sites = read(
        GROUNDS,
        feature("site", "t", box(1000, 0)),
        feature("house", "on", shapely.Point(1100, 100)),
        feature("house", "off", shapely.Point(600, 100)),
        feature("house", "mostly", shapely.box(190, 10, 204, 20)),
        feature("house", "hardly", shapely.box(196, 30, 210, 40)),
        feature("gate", "g", shapely.Point(1003, 100), status="locked"),
    )
    joined = dict(zip(sites.houses["house_id"], sites.houses["site_id"], strict=True))
    assert joined == {"on": "t", "off": "", "mostly": "s", "hardly": ""}
    assert sites.gates["site_id"].to_list() == ["t"]
    by_code = {finding.code: finding for finding in sites.findings}
    assert by_code["house.joined"].severity is Severity.INFO
    assert by_code["house.outside"].severity is Severity.WARNING
    # The point that stands for a house lies on its grounds.
    point = sites.houses.set_index("house_id").geometry["mostly"]
    assert sites.sites.geometry.iloc[0].contains(point)


def test_a_house_with_an_outline_gets_a_point_inside(read: Any) -> None:
    # An L whose centroid lies outside of it.
    shape = shapely.union(shapely.box(0, 0, 100, 10), shapely.box(0, 0, 10, 100))
    sites = read(feature("house", "h", shapely.multipolygons([shape])))
    assert sites.findings == ()
    assert sites.houses["outline"].iloc[0].geom_type == "Polygon"
    assert sites.houses["outline"].iloc[0].contains(sites.houses.geometry.iloc[0])


def test_a_house_of_several_parts_counts_with_the_largest(read: Any) -> None:
    sites = read(feature("house", "h", shapely.MultiPolygon([box(0, 0, 10), box(50, 0, 20)])))
    assert codes(sites) == ["house.parts"]
    assert sites.houses["outline"].iloc[0].area == pytest.approx(400, abs=1)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("open", "open"),
        ("Locked", "locked"),
        ("Mo-Fr 06:00-20:00; PH off", "Mo-Fr 06:00-20:00; PH off"),
        ("24/7", "24/7"),
        ("sunrise-sunset", "sunrise-sunset"),
    ],
)
def test_states_of_gates(read: Any, given: str, kept: str) -> None:
    sites = read(GROUNDS, feature("gate", "g", shapely.Point(0, 0), status=given))
    assert sites.gates["status"].to_list() == [kept]
    assert sites.findings == ()


@pytest.mark.parametrize(
    ("given", "kept"),
    [(True, "yes"), (False, "no"), ("Yes", "yes"), (None, "unknown"), (1, "yes"), ("no", "no")],
)
def test_step_free(read: Any, given: Any, kept: str) -> None:
    gate = feature("gate", "g", shapely.Point(0, 0), status="open", step_free=given)
    assert read(GROUNDS, gate).gates["step_free"].to_list() == [kept]


def test_a_gate_without_status_is_open_and_that_is_said(read: Any) -> None:
    sites = read(GROUNDS, feature("gate", "g", shapely.Point(0, 0)))
    assert sites.gates["status"].to_list() == ["open"]
    assert codes(sites) == ["gate.status_missing"]


def test_ids_of_features_and_numbers_do_as_ids(read: Any) -> None:
    house = feature("house", None, shapely.Point(0, 0), name="A")
    house["id"] = 7
    number = feature("house", 8.0, shapely.Point(0, 0), name="B")
    assert read(house, number).houses["house_id"].to_list() == ["7", "8"]


def test_names_of_properties_in_any_case(read: Any) -> None:
    shape = shapely.geometry.mapping(lonlat(shapely.Point(0, 0)))
    properties = {"KIND": " House ", "Id": "h", " Name": "Haus"}
    sites = read({"type": "Feature", "properties": properties, "geometry": shape})
    assert sites.houses[["house_id", "name"]].to_numpy().tolist() == [["h", "Haus"]]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_as_they_are(read: Any, name: str) -> None:
    sites = read(
        feature("site", f"s{name}"[:100], box(0, 0), name=name),
        feature("house", name, shapely.Point(50, 50), name=name, site_id=f"s{name}"[:100]),
        feature("gate", f"g{name}"[:100], shapely.Point(0, 50), name=name, status=f"{name} 8-9"),
    )
    assert sites.sites["name"].to_list() == [name]
    assert sites.houses[["house_id", "name"]].to_numpy().tolist() == [[name, name]]
    assert sites.gates["status"].to_list() == [f"{name} 8-9"]


def test_control_characters_and_half_characters_are_dropped(read: Any) -> None:
    house = feature("house", "h\x00\x1b1", shapely.Point(0, 0), name="\tHaus\x00 \x85eins\n")
    assert read(house).houses[["house_id", "name"]].to_numpy().tolist() == [
        ["h  1", "Haus   eins"]
    ]
    broken = feature("house", "h", shapely.Point(0, 0), name="a\ud800b")
    (name,) = read(broken).houses["name"]
    assert name.encode("utf-8") == b"a?b"


def test_accents_spelt_in_two_ways_are_one_id(read: Any) -> None:
    sites = read(
        feature("site", "gela\u0308nde", box(0, 0)),
        feature("house", "h", shapely.Point(50, 50), site_id="gelände"),
    )
    assert sites.houses["site_id"].to_list() == sites.sites["site_id"].to_list() == ["gelände"]


def test_endless_names_are_cut_and_that_is_said(read: Any) -> None:
    sites = read(feature("house", "h", shapely.Point(0, 0), name="x" * 5_000_000))
    assert len(sites.houses["name"].iloc[0]) == 300
    assert codes(sites) == ["feature.name_long"]


def test_geojson_written_by_gdal_is_read(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame.from_features([GROUNDS, HOUSE, GATE], crs="EPSG:4326")
    pyogrio.write_dataframe(frame, tmp_path / "x.geojson", driver="GeoJSON", use_arrow=False)
    assert read_sites(tmp_path / "x.geojson").findings == ()


@pytest.mark.parametrize(
    ("said", "places"),
    [(24, 24), ("24", 24), (" 24 ", 24), (24.0, 24), (0, 0), ("", None), (None, None)],
)
def test_places_of_a_house(tmp_path: Path, said: object, places: int | None) -> None:
    house = feature("house", "h", shapely.Point(100, 100), site_id="s", places=said)
    other = feature("house", "i", shapely.Point(120, 100), site_id="s")
    sites = read_sites(write(tmp_path / "s.geojson", GROUNDS, house, other))
    assert sites.houses["places"].dtype == "Int64"
    found = sites.houses["places"].tolist()
    assert (None if found[0] is pd.NA else found[0]) == places
    assert found[1] is pd.NA


@pytest.mark.parametrize(
    "said", [-1, 2.5, "viele", True, 10_001, "24 Plätze", "1e3", "²", "-0", [24]]
)
def test_places_that_are_no_number_are_told(tmp_path: Path, said: object) -> None:
    house = feature("house", "h", shapely.Point(100, 100), site_id="s", places=said)
    with pytest.raises(SitesError) as caught:
        read_sites(write(tmp_path / "s.geojson", GROUNDS, house))
    assert [one.code for one in caught.value.findings] == ["house.places"]
    assert "zum Beispiel 24" in str(caught.value)
