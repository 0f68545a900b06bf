"""A study's own file of candidates: every format, and every fault."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from geo.errors import StudyError, VectorFileError
from layers.candidate_file import RESERVED, CandidateFile, read_candidates
from layers.criteria import Criterion

CRS = "EPSG:25832"
BOUNDS = (7.5, 51.4, 7.7, 51.6)
LON, LAT = 7.6, 51.5
X, Y = 402_824.33, 5_706_358.38
"""The same spot in metres, by PROJ."""


def read(path: Path, **said: Any) -> CandidateFile:
    return read_candidates(path, CRS, BOUNDS, **said)


def geojson(folder: Path, *features: Any) -> Path:
    path = folder / "orte.geojson"
    path.write_text(
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {"type": "Feature", "properties": said, "geometry": shape}
                    for said, shape in features
                ],
            }
        ),
        encoding="utf-8",
    )
    return path


def table(folder: Path, text: str, name: str = "orte.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def point(lon: float = LON, lat: float = LAT) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


SQUARE = {"type": "Polygon", "coordinates": [[[7.6, 51.5], [7.601, 51.5], [7.601, 51.501],
                                              [7.6, 51.501], [7.6, 51.5]]]}  # fmt: skip
BOW = {"type": "Polygon", "coordinates": [[[7.6, 51.5], [7.601, 51.501], [7.601, 51.5],
                                           [7.6, 51.501], [7.6, 51.5]]]}  # fmt: skip
LINE = {"type": "LineString", "coordinates": [[7.6, 51.5], [7.601, 51.5]]}


def test_geojson(tmp_path: Path) -> None:
    path = geojson(
        tmp_path,
        ({"id": "b", "name": "Alter  Laden", "miete": 450, "m²": 80.5, "frei": True,
          "von": "Stadt"}, point()),
        ({"id": 7, "name": None, "miete": None, "partner": True}, SQUARE),
    )  # fmt: skip
    found = read(path)
    frame = found.frame
    # Numbers are columns of their own; truths and texts are not.
    assert found.own == ("miete", "m²")
    assert list(frame.columns) == [*RESERVED, "miete", "m²"]
    assert frame["id"].tolist() == ["file:7", "file:b"]
    assert frame["name"].tolist() == ["Standort 7", "Alter Laden"]
    assert frame["partner"].tolist() == [True, False]
    assert math.isnan(frame["miete"][0])
    assert frame["miete"][1] == 450
    assert set(frame["source"]) == {"file"}
    # A point stands for itself, an area has an outline and a point inside.
    assert frame["outline"][1] is None
    assert frame["outline"][0].contains(frame.geometry[0])
    assert frame.geometry.x[1] == pytest.approx(X, abs=0.01)
    assert frame.geometry.y[1] == pytest.approx(Y, abs=0.01)


def test_geopackage_in_metres(tmp_path: Path) -> None:
    path = tmp_path / "orte.gpkg"
    drawn = gpd.GeoDataFrame(
        {"id": ["a"], "name": ["Laden"], "miete": [3]}, geometry=[shapely.Point(X, Y)], crs=CRS
    )
    drawn.to_file(path, engine="pyogrio")
    found = read(path)
    assert found.own == ("miete",)
    assert found.frame.geometry[0].equals(shapely.Point(X, Y))


@pytest.mark.parametrize(
    "text",
    [
        f"id,name,lon,lat,miete\n007,Laden,{LON},{LAT},450.5\n",
        f"id;name;lon;lat;miete\r\n007;Laden;{LON};{LAT};450,5\r\n\r\n",
        f"ID\tName\tLongitude\tLatitude\tmiete\n007\tLaden\t{LON}\t{LAT}\t450.5\n",
        '\ufeffid;name;lon;lat;miete\n007;"Laden";7,6;51,5;"450,5"\n',
    ],
)
def test_tables_as_spreadsheets_write_them(tmp_path: Path, text: str) -> None:
    found = read(table(tmp_path, text))
    assert found.frame["id"].tolist() == ["file:007"]
    assert found.frame["name"].tolist() == ["Laden"]
    assert found.own == ("miete",)
    assert found.frame["miete"].tolist() == [450.5]
    assert found.frame.geometry.x[0] == pytest.approx(X, abs=0.01)


def test_a_table_in_metres_needs_the_studys_crs(tmp_path: Path) -> None:
    path = table(tmp_path, f"id,x,y\na,{X},{Y}\n")
    found = read(path, named_crs=CRS)
    assert found.frame.geometry.x[0] == pytest.approx(X, abs=0.001)
    with pytest.raises(StudyError, match="in welchem Koordinatensystem") as caught:
        read(path)
    assert "EPSG:25832" in str(caught.value.remedy)


def test_ids_names_and_texts_from_outside_are_tamed(tmp_path: Path) -> None:
    path = geojson(
        tmp_path,
        ({"id": "a\u202eb", "name": "<b>Laden</b>\n\x07\u200f" + "x" * 300}, point()),
        ({"id": 3.0, "name": 5}, point()),
    )
    frame = read(path).frame
    assert frame["id"].tolist() == ["file:3", "file:ab"]
    assert frame["name"][0] == "5"
    assert frame["name"][1].startswith("<b>Laden</b> x")
    assert frame["name"][1].isprintable()
    assert len(frame["name"][1]) == 100


def test_columns_of_ours_are_left_alone(tmp_path: Path) -> None:
    path = geojson(tmp_path, ({"id": "a", "kind": 3, "source": 4, "miete": 1}, point()))
    found = read(path)
    assert found.own == ("miete",)
    assert found.frame["kind"].tolist() == ["Vorschlag der Studie"]


def test_a_column_that_is_empty_is_none_unless_asked_for(tmp_path: Path) -> None:
    path = table(tmp_path, f"id,lon,lat,miete\na,{LON},{LAT},\n")
    assert read(path).own == ()
    asked = read(path, criteria={"rent": rent("miete")})
    assert asked.own == ("miete",)
    assert math.isnan(asked.frame["miete"][0])


def rent(column: str) -> Criterion:
    return Criterion("rent", "Miete", "Euro", 2000.0, 500.0, 0, column)


def fault(path: Path, **said: Any) -> StudyError:
    with pytest.raises(StudyError) as caught:
        read(path, **said)
    assert path.name in str(caught.value.where)
    assert caught.value.remedy
    return caught.value


def test_missing_and_doubled_ids(tmp_path: Path) -> None:
    path = geojson(
        tmp_path, ({"name": "x"}, point()), ({"id": " "}, point()), ({"id": 1}, point())
    )
    assert "»Objekt 1« und »Objekt 2«" in fault(path).what
    path = table(tmp_path, f"id,lon,lat\n,{LON},{LAT}\nb,{LON},{LAT}\n")
    assert "»Zeile 2«" in fault(path).what
    path = table(tmp_path, "id,lon,lat\n" + f"a,{LON},{LAT}\nb,{LON},{LAT}\n" * 2)
    assert "mehrmals dieselbe »id«: »a« und »b«" in fault(path).what
    # 7 and "7" are one id.
    path = geojson(tmp_path, ({"id": 7}, point()), ({"id": "7"}, point()))
    assert "»7«" in fault(path).what


def test_points_outside_the_extract(tmp_path: Path) -> None:
    path = geojson(
        tmp_path, ({"id": "in"}, point()), ({"id": "weg"}, point(9.0, 51.5)),
        ({"id": "gedreht"}, point(51.5, 7.6)),
    )  # fmt: skip
    said = fault(path)
    assert "Diese Standorte liegen außerhalb des OSM-Auszugs: »weg« und »gedreht«" in said.what
    assert "vertauscht" in str(said.remedy)
    one = fault(geojson(tmp_path, ({"id": "weg"}, point(9.0, 51.5))))
    assert one.what.startswith("Ein Standort liegt außerhalb")
    many = [({"id": f"p{i}"}, point(9.0, 51.5)) for i in range(9)]
    assert "und 4 weitere" in fault(geojson(tmp_path, *many)).what
    # Numbers that are no place on earth.
    wild = table(tmp_path, "id,lon,lat\na,1e9,1e9\n")
    assert "außerhalb" in fault(wild).what


def test_things_that_are_nowhere(tmp_path: Path) -> None:
    path = geojson(
        tmp_path, ({"id": "ohne"}, None), ({"id": "linie"}, LINE), ({"id": "schleife"}, BOW)
    )
    said = fault(path).what
    assert "»ohne« (Objekt 1: ohne Koordinaten)" in said
    assert "»linie« (Objekt 2: weder Punkt noch Fläche)" in said
    assert "»schleife« (Objekt 3: die Fläche überschneidet sich)" in said
    path = table(tmp_path, f"id,lon,lat\na,{LON},\nb,hier,{LAT}\nc,nan,{LAT}\n")
    said = fault(path).what
    assert said.count("in »lon« und »lat« stehen keine Zahlen") == 3
    assert "Zeile 4" in said


def test_columns_that_criteria_need(tmp_path: Path) -> None:
    path = table(tmp_path, f"id,lon,lat,miete,ruhe\na,{LON},{LAT},teuer,3\nb,{LON},{LAT},3,4\n")
    said = fault(path, criteria={"rent": rent("miete")})
    assert "Spalte »miete«, die das Kriterium »rent« braucht, enthält" in said.what
    assert "»a«" in said.what
    said = fault(path, criteria={"rent": rent("rue")})
    assert "gibt es in der Datei der Standorte nicht" in said.what
    assert "Gemeint ist wohl »ruhe«" in said.what
    assert "Zahlen stehen in: ruhe" in str(said.remedy)
    assert "Spalte des Programms" in fault(path, criteria={"rent": rent("kind")}).what


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "keine Spalten mit Koordinaten"),
        ("id,name\na,b\n", "keine Spalten mit Koordinaten"),
        ("id,lon,lat\n", "keine Standorte"),
        (f"id,lon,lat\na,{LON}\n", "hat 2 Felder, die Kopfzeile 3"),
        (f'id,lon,lat\n"a,{LON},{LAT}\n', "keine lesbare Tabelle"),
        (f"id,lon,lat,Miete,miete\na,{LON},{LAT},1,2\n", "mehrere Spalten »miete«"),
    ],
)
def test_tables_that_cannot_be_read(tmp_path: Path, text: str, words: str) -> None:
    assert words in str(fault(table(tmp_path, text)))


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="gibt es nicht"):
        read(tmp_path / "nichts.csv")
    with pytest.raises(VectorFileError, match="gibt es nicht"):
        read(tmp_path / "nichts.geojson")
    with pytest.raises(VectorFileError, match=r"Endung »\.xlsx«"):
        read(tmp_path / "orte.xlsx")
    (tmp_path / "latin.csv").write_bytes("id;lon;lat\nä;7;51\n".encode("latin-1"))
    assert "UTF-8" in fault(tmp_path / "latin.csv").what
    (tmp_path / "ordner.csv").mkdir()
    assert "kann nicht gelesen werden" in fault(tmp_path / "ordner.csv").what
    assert "keine Standorte" in fault(geojson(tmp_path)).what


def test_too_many_rows(tmp_path: Path) -> None:
    path = table(tmp_path, "id,lon,lat\n" + "a,7.6,51.5\n" * 50_001)
    assert "mehr als 50.000 Zeilen" in fault(path).what
