"""Files of sites with faults: everything wrong is said at once, in German."""

from __future__ import annotations

import copy
import json
import math
import os
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import SitesError
from geo.findings import Severity
from geo.sites import read_sites
from geo.vector_files import write_gpkg
from tests.geo.foreign_samples import packed, shapefile
from tests.geo.site_files import (
    GATE,
    GROUNDS,
    HOSTILE,
    HOUSE,
    METRIC,
    Feature,
    box,
    codes,
    feature,
    lonlat,
    messages,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_everything_wrong_is_said_at_once(refused: Any) -> None:
    bowtie = shapely.Polygon([(400, 0), (600, 200), (600, 0), (400, 200)])
    text = refused(
        GROUNDS,
        feature("hause", "x1", shapely.Point(0, 0)),
        feature("Gelände", "x2", box(0, 0)),
        feature(None, "x3", shapely.Point(0, 0)),
        feature("house", None, shapely.Point(0, 0)),
        feature("house", "double", shapely.Point(10, 10)),
        feature("house", "double", shapely.Point(20, 20)),
        feature("site", "bow", bowtie),
        feature("house", "stray", shapely.Point(500, 500), site_id="s"),
        feature("house", "lost", shapely.Point(50, 50), site_id="ss"),
        feature("gate", "far", shapely.Point(500, 100), site_id="s", status="zu"),
        feature("gate", "steps", shapely.Point(0, 100), status="open", step_free="ja"),
        feature("gate", "line", shapely.LineString([(0, 0), (1, 1)]), status="open"),
        feature("house", "nothing", None),
    )
    for part in (
        "sind 13 Fehler",
        "die Art »hause« gibt es nicht. Gemeint ist wohl »house«",
        "die Art »gelände« gibt es nicht. Gemeint ist wohl »site«",
        "Objekt 4 (»Name x3«, »x3«) hat keine Eigenschaft »kind«",
        "Objekt 5 (Haus) hat keine »id«",
        "Die id »double« kommt 2-mal vor (Haus)",
        "Das Gelände »Name bow« (bow) ist keine gültige Fläche: die Grenze kreuzt sich selbst",
        "laut site_id zum Gelände »Name s«, liegt aber 424 m außerhalb",
        "nennt das Gelände »ss«, das es in der Datei nicht gibt. Gemeint ist wohl »s«",
        "Das Tor »Name far« (far) liegt 300 m von der Grenze",
        "den unbekannten status »zu«. Gemeint ist wohl »locked«",
        "»step_free« den unbekannten Wert »ja«. Gemeint ist wohl »yes«",
        "muss ein Punkt sein und ist eine Linie",
        "»Name nothing« (nothing) hat keine Geometrie",
    ):
        assert part in text, part


def test_one_fault_is_said_shortly(refused: Any) -> None:
    text = refused(feature("huas", "h", shapely.Point(0, 0)))
    assert text.splitlines()[0] == (
        "Objekt 1 (»Name h«, »h«): die Art »huas« gibt es nicht. Gemeint ist wohl »house«."
    )
    assert "Objekt 1" in text.splitlines()[1]
    assert "Erlaubt sind »site« (Gelände), »house« (Haus) und »gate« (Tor)." in text


@pytest.mark.parametrize(
    ("word", "meant"),
    [("Haus", "house"), ("tor", "gate"), ("areal", "site"), ("hous", "house"), ("GATES", "gate"),
     ("pforte", "gate"), ("campus", "site"), ("gebäude", "house"), ("sight", "site")],
)  # fmt: skip
def test_the_kind_that_was_meant(refused: Any, word: str, meant: str) -> None:
    assert f"»{meant}«" in refused(feature(word, "x", box(0, 0))).splitlines()[0]


def test_a_kind_like_nothing_gets_no_guess(refused: Any) -> None:
    assert "Gemeint" not in refused(feature("xyzzy", "x", box(0, 0)))


def test_ids_are_unique_over_all_kinds(refused: Any) -> None:
    assert "»s« kommt 2-mal vor (Gelände, Haus)" in refused(
        GROUNDS, feature("house", "s", shapely.Point(50, 50))
    )
    assert "»g« kommt 2-mal vor (Tor)" in refused(GROUNDS, GATE, GATE)


def test_where_a_boundary_crosses_itself_is_said(refused: Any) -> None:
    bowtie = shapely.Polygon([(0, 0), (200, 200), (200, 0), (0, 200)])
    text = refused(feature("site", "s", bowtie))
    crossing = lonlat(shapely.Point(100, 100))
    assert f"bei {crossing.y:.5f}, {crossing.x:.5f} – Breite, Länge" in text


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (shapely.Polygon([(0, 0), (100, 0), (50, 50), (100, 100), (0, 100), (50, 50)]), "berührt"),
        (shapely.Polygon(box(0, 0).exterior, [box(300, 0, 10).exterior]), "ein Loch liegt außer"),
        (shapely.MultiPolygon([box(0, 0), box(50, 50, 10)]), "liegt in einer anderen"),
    ],
)
def test_other_invalid_areas(refused: Any, shape: Any, reason: str) -> None:
    assert reason in refused(feature("site", "s", shape))


@pytest.mark.parametrize(
    ("corners", "reason"), [(5_000, "kreuzt sich selbst"), (20_000, "zu viele Eckpunkte")]
)
def test_a_boundary_of_endless_crossings_is_refused_soon(
    refused: Any, corners: int, reason: str
) -> None:
    angles = [number * 2.399 for number in range(corners)]
    spiral = shapely.Polygon([(900 * math.cos(a), 900 * math.sin(a)) for a in angles])
    assert reason in refused(feature("site", "s", spiral))


@pytest.mark.parametrize(
    ("kind", "shape", "found"),
    [
        ("site", shapely.Point(0, 0), "muss eine Fläche sein und ist ein Punkt"),
        ("site", shapely.LineString([(0, 0), (9, 0), (9, 9), (0, 0)]), "ist eine Linie"),
        ("site", shapely.GeometryCollection([box(0, 0)]), "ist eine gemischte Sammlung"),
        ("house", shapely.LineString([(0, 0), (9, 0)]), "muss ein Punkt oder eine Fläche sein"),
        ("house", shapely.MultiPoint([(0, 0), (9, 0)]), "ist eine Gruppe von Punkten"),
        ("gate", box(0, 0, 5), "muss ein Punkt sein und ist eine Fläche"),
    ],
)
def test_kinds_and_geometries_must_fit(refused: Any, kind: str, shape: Any, found: str) -> None:
    assert found in refused(GROUNDS, feature(kind, "x", shape, status="open"))


@pytest.mark.parametrize("metres", [14, 15, 99])
def test_a_gate_off_the_boundary(read: Any, metres: float) -> None:
    for x in (-metres, metres):
        sites = read(GROUNDS, feature("gate", "g", shapely.Point(x, 100), status="open"))
        if metres < 15:
            assert sites.findings == ()
        else:
            (finding,) = sites.findings
            assert finding.severity is Severity.WARNING
            assert f"liegt {metres} m von der Grenze des Geländes »Name s«" in finding.message
            assert finding.where == "g"


def test_a_gate_far_off_or_without_grounds(refused: Any) -> None:
    gate = feature("gate", "g", shapely.Point(-101, 100), status="open")
    assert "liegt 101 m von der Grenze" in refused(GROUNDS, gate)
    assert "enthält keins" in refused(
        HOUSE | {"properties": HOUSE["properties"] | {"site_id": ""}}, gate
    )


def test_a_house_just_outside_its_grounds_is_kept(read: Any, refused: Any) -> None:
    sites = read(GROUNDS, feature("house", "h", shapely.Point(210, 100), site_id="s"))
    assert codes(sites) == ["house.edge"]
    assert "10 m außerhalb" in messages(sites)
    assert sites.houses["site_id"].to_list() == ["s"]
    assert "16 m außerhalb" in refused(
        GROUNDS, feature("house", "h", shapely.Point(216, 100), site_id="s")
    )


def test_faulty_grounds_do_not_make_their_houses_faulty(refused: Any) -> None:
    bowtie = shapely.Polygon([(0, 0), (200, 200), (200, 0), (0, 200)])
    text = refused(feature("site", "s", bowtie), HOUSE, GATE)
    assert "Haus" not in text.split("Abhilfe")[0]
    assert "Fehler:" not in text


def test_strange_sizes_and_overlaps_are_warned_of(read: Any) -> None:
    sites = read(feature("site", "tiny", box(0, 0, 5)), feature("site", "huge", box(50, 0, 6000)))
    assert codes(sites) == ["site.area", "site.area"]
    sites = read(GROUNDS, feature("site", "t", box(150, 0)))
    assert codes(sites) == ["site.overlap"]
    assert "auf 10000 m²" in messages(sites)


def test_misspelt_properties_are_named(read: Any, refused: Any) -> None:
    house = feature("house", "h", shapely.Point(0, 0), siteid="s")
    sites = read(house)
    assert codes(sites) == ["property.misspelt"]
    assert "»siteid« gibt es nicht; gemeint ist wohl »site_id«" in messages(sites)
    wrong = feature("house", "h", shapely.Point(0, 0))
    wrong["properties"]["knd"] = wrong["properties"].pop("kind")
    assert "keine Eigenschaft »kind«" in refused(wrong)
    assert read(feature("house", "h", shapely.Point(0, 0), comment="x", fid=3)).findings == ()


def test_many_faults_of_one_kind_are_one_with_examples(tmp_path: Path) -> None:
    houses = [feature("house", f"h{n}", shapely.Point(n, 0), name="") for n in range(40)]
    sites = read_sites(write(tmp_path / "a.geojson", *houses))
    (finding,) = sites.findings
    assert finding.count == 40
    assert len(finding.examples) == 10
    assert "39 weitere Objekte" in finding.message


def test_empty_files(refused: Any) -> None:
    assert "weder Gelände noch Häuser" in refused()
    assert "--suggest" in refused()


# --- coordinate systems ---------------------------------------------------------------------


def swapped(shape: Feature) -> Feature:
    moved = copy.deepcopy(shape)
    drawn = shapely.geometry.shape(shape["geometry"])
    moved["geometry"] = shapely.geometry.mapping(shapely.transform(drawn, lambda xy: xy[:, ::-1]))
    return moved


def test_swapped_axes(refused: Any) -> None:
    text = refused(swapped(GROUNDS), swapped(HOUSE))
    assert "Bei allen Objekten sind Länge und Breite vertauscht" in text
    assert "Fehler:" not in text
    assert "Bei 1 von 2 Objekten" in refused(GROUNDS, swapped(HOUSE))


def test_swapped_axes_elsewhere_are_told_by_the_extract(tmp_path: Path) -> None:
    # Vilnius, 25.3 E 54.7 N: swapped it would lie in Iran.
    house = feature("house", "h", shapely.Point(0, 0))
    house["geometry"] = {"type": "Point", "coordinates": [54.7, 25.3]}
    path = write(tmp_path / "sites.geojson", house)
    assert len(read_sites(path).houses) == 1
    with pytest.raises(SitesError, match="vertauscht"):
        read_sites(path, bounds=(25.2, 54.6, 25.4, 54.8))
    # And data that lie where the extract lies are never called swapped.
    iran = (54.6, 25.2, 54.8, 25.4)
    assert len(read_sites(path, bounds=iran).houses) == 1


def test_swapped_metres(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame.from_features([HOUSE], crs="EPSG:4326").to_crs(METRIC)
    east, north, *_ = frame.total_bounds
    turned = gpd.GeoSeries([shapely.Point(north, east)], crs=METRIC)
    write_gpkg({"x": frame.set_geometry(turned)}, tmp_path / "x.gpkg", METRIC)
    with pytest.raises(SitesError, match="Rechts- und Hochwert vertauscht"):
        read_sites(tmp_path / "x.gpkg")


@pytest.mark.parametrize("epsg", [25832, 3857, 31467, 4647, 3035])
def test_metres_in_a_geojson_are_recognised(tmp_path: Path, epsg: int) -> None:
    frame = gpd.GeoDataFrame.from_features([GROUNDS, HOUSE], crs="EPSG:4326").to_crs(epsg)
    features = json.loads(frame.to_json(drop_id=True))["features"]
    with pytest.raises(SitesError, match=f"Meter in EPSG:{epsg}"):
        read_sites(write(tmp_path / "sites.geojson", *features))


def test_where_the_metric_system_does_not_reach(tmp_path: Path) -> None:
    house = feature("house", "h", shapely.Point(0, 0))
    house["geometry"] = {"type": "Point", "coordinates": [99.0, 0.0]}
    path = write(tmp_path / "sites.geojson", house)
    with pytest.raises(SitesError, match="dass »EPSG:25832« dort nicht gilt"):
        read_sites(path, METRIC)
    assert read_sites(path).crs == "EPSG:32647"


def test_a_missing_crs_is_said_with_a_guess(tmp_path: Path) -> None:
    for epsg in (25832, 4326):
        frame = gpd.GeoDataFrame.from_features([GROUNDS], crs="EPSG:4326").to_crs(epsg)
        parts = shapefile(frame, tmp_path / f"s{epsg}")
        del parts[".prj"]
        path = packed(tmp_path / "s.zip", {f"a{k}": v for k, v in parts.items()})
        with pytest.raises(SitesError, match=f"Die Zahlen sehen aus wie EPSG:{epsg}"):
            read_sites(path)


def test_layers_of_one_file_are_read_together_and_named(tmp_path: Path) -> None:
    grounds = gpd.GeoDataFrame.from_features([GROUNDS], crs="EPSG:4326")
    houses = gpd.GeoDataFrame.from_features([HOUSE], crs="EPSG:4326")
    write_gpkg({"areas": grounds, "points": houses}, tmp_path / "a.gpkg", METRIC)
    sites = read_sites(tmp_path / "a.gpkg")
    assert (len(sites.sites), len(sites.houses)) == (1, 1)
    write_gpkg(
        {"areas": grounds, "points": houses.assign(kind="huas")}, tmp_path / "a.gpkg", METRIC
    )
    with pytest.raises(SitesError, match="Ebene »points«, Objekt 1"):
        read_sites(tmp_path / "a.gpkg")


def test_unreadable_files_are_site_errors(tmp_path: Path) -> None:
    with pytest.raises(SitesError, match="gibt es nicht") as caught:
        read_sites(tmp_path / "none.geojson")
    assert caught.value.findings[0].code == "sites.unreadable"
    (tmp_path / "x.geojson").write_text("<OGRVRTDataSource/>")
    with pytest.raises(SitesError, match="XML"):
        read_sites(tmp_path / "x.geojson")


# --- whatever comes ---------------------------------------------------------------------------

_JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["site", "house", "gate", "s", "h", "Polygon", "Point", "open", *HOSTILE]),
    st.lists(st.one_of(st.floats(), st.integers(), st.text(max_size=3)), max_size=4),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """All positions in a JSON value."""
    found = [path]
    listed = dict(enumerate(value)) if isinstance(value, list) else value
    for key, item in listed.items() if isinstance(listed, dict) else ():
        found += _places(item, (*path, key))
    return found


_GOOD = json.loads(json.dumps({"type": "FeatureCollection", "features": [GROUNDS, HOUSE, GATE]}))


@settings(
    max_examples=5000 if os.environ.get("TEST_ALL") else 150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(data=st.data())
def test_a_mangled_file_is_read_or_refused_in_german(tmp_path: Path, data: st.DataObject) -> None:
    document = copy.deepcopy(_GOOD)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from(_places(document)))
        junk = data.draw(_JUNK)
        target: Any = document
        for step in place[:-1]:
            target = target[step]
        if not place:
            document = junk
        elif isinstance(target, dict) and data.draw(st.booleans()):
            del target[place[-1]]
        else:
            target[place[-1]] = junk
        if not isinstance(document, dict | list):
            break
    path = tmp_path / "sites.geojson"
    path.write_text(json.dumps(document), encoding="utf-8")
    try:
        sites = read_sites(path)
    except SitesError as error:
        assert error.remedy  # noqa: PT017 - either outcome is right, each has its rules
        return
    for frame in (sites.sites, sites.houses, sites.gates):
        assert frame.geometry.notna().all()
        assert frame.geometry.is_valid.all()
        assert not frame.geometry.is_empty.any()
    assert all(finding.severity is not Severity.ERROR for finding in sites.findings)
