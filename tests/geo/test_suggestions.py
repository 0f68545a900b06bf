"""What OSM knows of grounds and houses: found, ranked, and taken into a study."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely

from geo.errors import OutputError, SitesError
from geo.extract import Extract, Nodes, Ways, feature_table
from geo.reader import read_extract
from geo.sites import read_sites
from geo.suggestions import SUGGESTION_KEYS, suggest_sites, take
from tests.geo.site_files import HOSTILE

if TYPE_CHECKING:
    from pathlib import Path

POINT = shapely.Point(7.86, 52.19)
# At this latitude about 0.9 ha and 55 ha.
SMALL = shapely.box(7.860, 52.190, 7.861, 52.19125)
LARGE = shapely.box(7.860, 52.190, 7.870, 52.19720)
LINE = shapely.LineString([(7.86, 52.19), (7.87, 52.20)])


def make_extract(*rows: tuple[str, dict[str, str], Any]) -> Extract:
    none = np.zeros(0, dtype=np.int64)
    empty = feature_table([])
    return Extract(
        source="test.osm",
        digest="0" * 64,
        data_date=None,
        bounds=(7.8, 52.1, 7.9, 52.3),
        features=feature_table(list(rows)),
        base=empty,
        addresses=empty,
        entrances=empty,
        ways=Ways(none, np.zeros(1, dtype=np.int64), none, []),
        nodes=Nodes(none, np.zeros(0), np.zeros(0), {}),
    )


def suggested(tags: dict[str, str], shape: Any = LARGE) -> Any:
    found = suggest_sites(make_extract(("w1", tags, shape)))
    assert list(found.columns) == ["osm_id", "name", "kind_guess", "reason", "geometry"]
    assert found.crs == "EPSG:4326"
    return None if found.empty else found.iloc[0]


CLINIC = {"amenity": "hospital", "name": "Bergklinik"}


@pytest.mark.parametrize(
    "said",
    [
        {"operator": "LWL"},
        {"operator": "lwl"},
        {"operator": "LWL-PsychiatrieVerbund Westfalen"},
        {"operator": "Landschaftsverband Westfalen-Lippe"},
        {"operator": "Landschaftsverband Westfalen–Lippe (LWL)"},
        {"operator": "LANDSCHAFTSVERBAND WESTFALEN LIPPE"},
        {"owner": "Landschaftsverband Westfalen-Lippe"},
        {"brand": "LWL"},
        {"name": "LWL-Klinik Lengerich"},
        {"official_name": "Klinik des Landschaftsverbandes Westfalen-Lippe"},
    ],
)
def test_the_lwl_is_known_by_its_names(said: dict[str, str]) -> None:
    row = suggested({"amenity": "hospital", **said})
    assert next(iter(said.values())) in row["reason"]
    assert "Krankenhaus" in row["reason"]


@pytest.mark.parametrize("operator", ["ALWL", "LWLX", "LW L", "Landschaftsverband Rheinland"])
def test_other_operators_are_not_the_lwl(operator: str) -> None:
    assert "Betreiber" not in suggested({"amenity": "hospital", "operator": operator})["reason"]


LWL = {"operator": "Landschaftsverband Westfalen-Lippe"}


@pytest.mark.parametrize(
    ("tags", "shape"),
    [
        ({"type": "route", "route": "hiking", "name": "LWL-Wanderweg"}, LINE),
        ({"route": "hiking"}, LARGE),
        ({"tourism": "information", "information": "guidepost"}, POINT),
        ({"tourism": "information", "information": "board"}, POINT),
        ({"tourism": "museum", "name": "LWL-Freilichtmuseum"}, LARGE),
        ({"tourism": "museum", "building": "yes"}, SMALL),
        ({"amenity": "school", "building": "school"}, SMALL),
        ({"office": "government", "building": "office", "name": "Landeshaus"}, SMALL),
        ({"man_made": "street_cabinet", "building": "service", "name": "LWL"}, SMALL),
        ({"telecom": "distribution_point", "name": "LWL"}, POINT),
        ({"landuse": "forest"}, LARGE),
        ({"landuse": "meadow"}, LARGE),
        ({"amenity": "bench"}, POINT),
        ({"amenity": "parking"}, LARGE),
        ({"highway": "service"}, LINE),
        ({"building": "garage"}, SMALL),
        ({}, LARGE),
    ],
)
def test_what_the_lwl_runs_that_is_no_home_is_left_out(tags: dict[str, str], shape: Any) -> None:
    assert suggested(LWL | tags, shape) is None


@pytest.mark.parametrize(
    ("tags", "shape", "kind"),
    [
        ({"amenity": "hospital"}, LARGE, "site"),
        ({"amenity": "hospital", "building": "hospital"}, LARGE, "house"),
        ({"landuse": "institutional"}, LARGE, "site"),
        ({"landuse": "residential"}, SMALL, "site"),
        ({"building": "yes"}, SMALL, "house"),
        ({"building": "residential", "name": "Haus 5"}, SMALL, "house"),
        ({"amenity": "social_facility", "social_facility": "group_home"}, POINT, "house"),
        ({"healthcare": "hospital"}, shapely.MultiPolygon([SMALL]), "site"),
    ],
)
def test_what_the_lwl_runs_that_may_be_a_home(tags: dict[str, str], shape: Any, kind: str) -> None:
    row = suggested(LWL | tags, shape)
    assert row["kind_guess"] == kind
    assert "Betreiber »Landschaftsverband Westfalen-Lippe«" in row["reason"]


@pytest.mark.parametrize(
    ("tags", "shape", "reason"),
    [
        (CLINIC, LARGE, "Krankenhaus; 54,7 ha"),
        (CLINIC | {"healthcare:speciality": "psychiatry"}, LARGE, "Krankenhaus für Psychiatrie"),
        ({"amenity": "clinic"}, SMALL, "Klinik"),
        (CLINIC, POINT, None),
        ({"building": "hospital", "name": "Haus 7"}, SMALL, None),
        ({"building": "hospital", "name": "Psychiatrie"}, SMALL, "Krankenhausgebäude für Psych"),
        ({"amenity": "social_facility", "social_facility": "group_home"}, POINT, "Wohngruppe"),
        ({"amenity": "social_facility", "social_facility": "assisted_living"}, SMALL,
         "Betreutes Wohnen"),
        ({"amenity": "social_facility", "social_facility": "group_home",
          "social_facility:for": "mental_health;addict"}, POINT, "Behinderung, Krankheit oder"),
        ({"amenity": "social_facility"}, POINT, "Soziale Einrichtung"),
        ({"amenity": "social_facility", "social_facility": "food_bank"}, POINT, None),
        ({"amenity": "nursing_home"}, SMALL, "Pflegeheim"),
        ({"building": "yes", "name": "Haus"}, SMALL, None),
        ({"landuse": "residential", "name": "Siedlung"}, LARGE, None),
        ({"amenity": "hospital"}, LINE, None),
    ],
)  # fmt: skip
def test_what_others_run(tags: dict[str, str], shape: Any, reason: str | None) -> None:
    row = suggested(tags, shape)
    assert (row is None) == (reason is None)
    if reason is not None:
        assert reason in row["reason"]


def test_the_likeliest_come_first() -> None:
    home = {"amenity": "social_facility", "social_facility": "group_home"}
    found = suggest_sites(
        make_extract(
            ("w9", {"amenity": "nursing_home"}, LARGE),
            ("w8", CLINIC, SMALL),
            ("w7", CLINIC, LARGE),
            ("n6", home, POINT),
            ("w5", CLINIC | {"name": "Klinik für Psychiatrie"}, LARGE),
            ("n4", home | {"social_facility:for": "mental_health"}, POINT),
            ("w3", LWL | {"building": "yes"}, SMALL),
            ("r2", LWL | CLINIC, SMALL),
            ("r1", LWL | CLINIC, LARGE),
        )
    )
    assert list(found["osm_id"]) == ["r1", "r2", "w3", "n4", "w5", "n6", "w7", "w8", "w9"]


def test_names_or_addresses_or_kinds() -> None:
    assert suggested(CLINIC)["name"] == "Bergklinik"
    unnamed = {"amenity": "hospital"}
    assert suggested(unnamed)["name"] == "Krankenhaus ohne Namen"
    address = {"addr:street": "Parkallee", "addr:housenumber": "10"}
    assert suggested(unnamed | address)["name"] == "Krankenhaus Parkallee 10"


def test_nothing_to_suggest() -> None:
    assert len(suggest_sites(make_extract())) == 0


# --- taking ------------------------------------------------------------------------------


@pytest.fixture
def extract() -> Extract:
    return make_extract(
        ("n5", {"amenity": "social_facility"}, POINT),
        ("w1", CLINIC, LARGE),
        ("w2", {"building": "yes"}, SMALL),
        ("w3", {"operator": "X"}, LINE),
        ("r4", {"landuse": "residential"}, shapely.MultiPolygon([LARGE, SMALL.buffer(-1e-5)])),
    )


def test_taking_makes_the_file_and_adds_to_it(extract: Extract, tmp_path: Path) -> None:
    path = tmp_path / "sites.geojson"
    assert take(extract, "w1", "site", path) == "Bergklinik"
    assert take(extract, "way/2", "house", path) == "Haus ohne Namen"
    assert take(extract, "N5", "house", path) == "Soziale Einrichtung ohne Namen"
    document = json.loads(path.read_text(encoding="utf-8"))
    assert [feature["id"] for feature in document["features"]] == ["w1", "w2", "n5"]
    assert document["features"][0]["properties"] == {
        "kind": "site",
        "id": "w1",
        "name": "Bergklinik",
    }
    sites = read_sites(path)
    assert list(sites.sites["site_id"]) == ["w1"]
    assert list(sites.houses["house_id"]) == ["n5", "w2"]
    assert list(sites.houses["site_id"]) == ["w1", "w1"]
    assert (
        sites.sites.to_crs("EPSG:4326")
        .geometry.iloc[0]
        .equals_exact(shapely.MultiPolygon([LARGE]), 1e-6, normalize=True)
    )


def test_taking_keeps_all_that_was_there(extract: Extract, tmp_path: Path) -> None:
    path = tmp_path / "sites.geojson"
    before = {
        "type": "FeatureCollection",
        "name": "von Hand",
        "note": {"x": [1, None]},
        "features": [
            {"type": "Feature", "bbox": [1, 2, 3, 4],
             "properties": {"kind": "gate", "id": "g", "name": "Größe </script>", "x": {"y": 1}},
             "geometry": {"type": "Point", "coordinates": [7.123456789012, 52.1, 33.0]}},
        ],
    }  # fmt: skip
    path.write_text("\ufeff" + json.dumps(before, indent=4), encoding="utf-8")
    take(extract, "w1", "site", path)
    after = json.loads(path.read_text(encoding="utf-8"))
    assert after["features"].pop()["id"] == "w1"
    assert after == before
    assert list(after) == ["type", "name", "note", "features"]


def test_taking_twice_is_refused(extract: Extract, tmp_path: Path) -> None:
    path = tmp_path / "sites.geojson"
    take(extract, "w1", "site", path)
    before = path.read_bytes()
    for kind in ("site", "house"):
        with pytest.raises(SitesError, match="steht schon in der Datei"):
            take(extract, "w1", kind, path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("osm_id", "kind", "words"),
    [
        ("w99", "site", "w99 steht nicht im OSM-Auszug"),
        ("81096573", "house", "keine Nummer"),
        ("<script>", "house", "keine Nummer"),
        ("w1", "gate", "»gate« kann nichts"),
        ("n5", "site", "muss eine Fläche sein"),
        ("w3", "house", "eine Linie"),
    ],
)
def test_what_cannot_be_taken(
    extract: Extract, tmp_path: Path, osm_id: str, kind: str, words: str
) -> None:
    with pytest.raises(SitesError, match=words) as caught:
        take(extract, osm_id, kind, tmp_path / "sites.geojson")
    assert caught.value.remedy
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("sites.gpkg", "x", "nur in eine GeoJSON-Datei"),
        ("sites.zip", "x", "nur in eine GeoJSON-Datei"),
        ("sites.geojson", "{", "kein gültiges JSON"),
        ("sites.geojson", "<kml/>", "XML"),
        ("sites.geojson", '{"type": "Point", "coordinates": [7, 52]}', "einzelnes Objekt"),
        (
            "sites.geojson",
            '{"type": "FeatureCollection", "features": [], "crs": {"type": "name", '
            '"properties": {"name": "EPSG:25832"}}}',
            "Längen- und Breitengraden",
        ),
    ],
)
def test_files_that_nothing_can_be_added_to(
    extract: Extract, tmp_path: Path, name: str, content: str, words: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(SitesError, match=words) as caught:
        take(extract, "w1", "site", path)
    assert caught.value.remedy
    assert path.read_text() == content


def test_a_folder_that_is_not_there(extract: Extract, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="Den Ordner"):
        take(extract, "w1", "site", tmp_path / "none" / "sites.geojson")


@pytest.mark.parametrize("name", [text for text in HOSTILE if text.isprintable()])
def test_hostile_names_are_taken_as_they_are(tmp_path: Path, name: str) -> None:
    extract = make_extract(("w1", CLINIC | {"name": name}, LARGE))
    assert suggest_sites(extract)["name"].to_list() == [name]
    assert take(extract, "w1", "site", tmp_path / "sites.geojson") == name
    assert read_sites(tmp_path / "sites.geojson").sites["name"].to_list() == [name]


def test_a_group_home_in_real_data(shared_data: Path, tmp_path: Path) -> None:
    extract = read_extract(shared_data / "osm/neubrandenburg-2016.nometa.osm.pbf", SUGGESTION_KEYS)
    found = suggest_sites(extract).set_index("osm_id")
    assert found.loc["w81096573", "kind_guess"] == "house"
    assert "Wohngruppe" in str(found.loc["w81096573", "reason"])
    assert found.loc["w210572994", "kind_guess"] == "site"
    path = tmp_path / "sites.geojson"
    assert take(extract, "w81096573", "house", path) == "Diakonie"
    assert take(extract, "w210572994", "site", path) == "Dr.-Bonhoeffer-Klinikum"
    sites = read_sites(path)
    assert sites.crs == "EPSG:25832"
    assert list(sites.houses["house_id"]) == ["w81096573"]
    assert sites.houses["outline"].iloc[0].area == pytest.approx(576, abs=1)
    assert sites.sites.area.iloc[0] == pytest.approx(130_000, rel=0.01)
