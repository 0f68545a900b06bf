"""People read from points and grids: what the files of the statistics offices look like."""

from __future__ import annotations

import csv
import json
import random
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from geo import _population_csv
from geo.findings import Severity
from geo.population import Population
from geo.reader import read_extract
from geo.vector_files import write_gpkg
from tests.geo.foreign_samples import packed, shapefile
from tests.geo.population_files import (
    LAEA,
    TO_LAEA,
    UTM,
    Bounds,
    X,
    Y,
    codes,
    read,
    refused,
    write,
)


def cells(population: Population) -> dict[tuple[float, ...], float]:
    """Return people by the box of each cell, to whole metres."""
    bounds = population.frame.geometry.bounds.round().itertuples(index=False)
    return dict(zip(map(tuple, bounds), population.frame["people"].round(6).tolist(), strict=True))


# ---------------------------------------------------------------- files as they are published


def test_zensus_2022_with_100_m_cells(tmp_path: Path) -> None:
    east, north = int(X - 500), int(Y - 500)
    rows = [
        "GITTER_ID_100m;x_mp_100m;y_mp_100m;Einwohner",
        f"CRS3035RES100mN{north}E{east};{east + 50};{north + 50};14",
        f"CRS3035RES100mN{north}E{east + 100};{east + 150};{north + 50};–",
        f"CRS3035RES100mN{north + 100}E{east};{east + 50};{north + 150};3",
        # Far away, in Bayern.
        "CRS3035RES100mN2689100E4337000;4337050;2689150;999",
    ]
    path = write(tmp_path, "\r\n".join(rows) + "\r\n", "Zensus2022_Bevoelkerung_100m.csv")
    found = read(path)
    assert cells(found) == {
        (east, north, east + 100, north + 100): 14,
        (east, north + 100, east + 100, north + 200): 3,
    }
    assert (found.cell_m, found.zensus, found.year) == (100.0, True, "2022")
    assert found.frame.crs == LAEA
    assert codes(found) == {"population.unknown": 1}


def test_zensus_2022_with_the_dash_in_another_encoding(tmp_path: Path) -> None:
    lines = "GITTER_ID_1km;x_mp_1km;y_mp_1km;Einwohner\n"
    rows = (
        f"CRS3035RES1000mN0E0;{X:.0f};{Y:.0f};20\nCRS3035RES1000mN0E0;{X + 1000:.0f};{Y:.0f};–\n"
    )
    found = read(write(tmp_path, (lines + rows).encode("cp1252")))
    assert found.frame["people"].tolist() == [20]
    assert found.cell_m == 1000
    assert codes(found) == {"population.unknown": 1}


def test_zensus_2011_minus_one_is_not_known(tmp_path: Path) -> None:
    east, north = int(X - 500) // 100, int(Y - 500) // 100
    found = read(
        write(
            tmp_path,
            "Gitter_ID_100m;x_mp_100m;y_mp_100m;Einwohner\n"
            f"100mN{north}E{east};{east}50;{north}50;-1\n"
            f"100mN{north}E{east + 1};{east + 1}50;{north}50;8\n"
            f"100mN{north}E{east + 2};{east + 2}50;{north}50;0\n",
        )
    )
    # 0 people are known to be none; of -1 nothing is known.
    assert found.frame["people"].tolist() == [8]
    assert codes(found) == {"population.unknown": 1}
    assert found.total == 8


@pytest.mark.parametrize(
    ("name", "cell", "side"),
    [
        ("GRD_ID", "1kmN{n1}E{e1}", 1000),
        ("GRD_ID", "CRS3035RES1000mN{n1}000E{e1}000", 1000),
        ("Gitter_ID_100m", "100mN{n1}0E{e1}0", 100),
    ],
)
def test_the_id_of_a_cell_is_enough(tmp_path: Path, name: str, cell: str, side: int) -> None:
    n1, e1 = int(Y // 1000), int(X // 1000)
    path = write(tmp_path, f"{name},TOT_P\n{cell.format(n1=n1, e1=e1)},12\n")
    # The id names the south-west corner.
    west, south = e1 * 1000, n1 * 1000
    assert cells(read(path)) == {(west, south, west + side, south + side): 12}


def test_an_archive_as_published_gives_its_finest_cells(tmp_path: Path) -> None:
    path = tmp_path / "Zensus2022_Bevoelkerungszahl.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for size, people in (("10km", 900), ("100m", 7), ("1km", 80)):
            head = f"GITTER_ID_{size};x_mp_{size};y_mp_{size};Einwohner\n"
            archive.writestr(f"Gitter_{size}.csv", f"{head}id;{X:.0f};{Y:.0f};{people}\n")
        archive.writestr("Datensatzbeschreibung.xlsx", b"PK")
        archive.writestr("Lizenz.csv", "Hinweis\nNamensnennung\n")
    found = read(path)
    assert (found.total, found.cell_m, found.year) == (7, 100, "2022")


# ------------------------------------------------------------------------- tables of one's own


def test_points_in_a_grid_are_the_middles_of_cells(tmp_path: Path) -> None:
    rows = [f"{X + 1000 * i:.0f},{Y + 1000 * j:.0f},{10 * i + j + 1}" for i in (0, 1, 3)
            for j in (0, 1)]  # fmt: skip
    path = write(tmp_path, "\n".join(["x,y,Einwohner", *rows]))
    found = read(path, "EPSG:3035")
    assert cells(found)[X - 500, Y - 500, X + 500, Y + 500] == 1
    assert cells(found)[X + 2500, Y + 500, X + 3500, Y + 1500] == 32
    assert found.cell_m == 1000
    assert codes(found) == {"population.grid": 1}


def test_whole_multiples_are_corners(tmp_path: Path) -> None:
    west, south = X - 500, Y - 500
    rows = [f"{west + 200 * i:.0f};{south + 200 * j:.0f};5" for i in (0, 1) for j in (0, 1)]
    path = write(tmp_path, "\n".join(["Ost;Nord;Personen", *rows]))
    found = read(path, "3035")
    assert (west, south, west + 200, south + 200) in cells(found)
    warning = found.findings[0]
    assert (warning.code, warning.severity) == ("population.grid", Severity.WARNING)
    assert "südwestliche Ecke" in warning.message


def test_points_that_form_no_grid_stay_points(tmp_path: Path) -> None:
    rows = ["7.61;51.48;3,5", "7.6123456;51.4811;2", "7.6201;51.4799;4", "7.615;51.477;1"]
    found = read(write(tmp_path, "\n".join(["Lon;Lat;people", *rows])))
    assert found.cell_m is None
    assert set(found.frame.geom_type) == {"Point"}
    assert found.total == 10.5
    assert codes(found) == {}
    middle: Any = found.frame.loc[found.frame["people"] == 3.5].geometry.iloc[0]
    assert (middle.x, middle.y) == pytest.approx(TO_LAEA.transform(7.61, 51.48), abs=0.01)


@pytest.mark.parametrize(
    "content",
    [
        "Länge;Breite;Bevölkerung\n7,61;51,48;3\n7,6123;51,4811;4\n".encode("cp1252"),
        "\ufeffLänge;Breite;Bevölkerung\n7,61;51,48;3\n7,6123;51,4811;4\n".encode(),
        b'"lon","lat","Einwohner"\n"7.61","51.48","3"\n\n7.6123,51.4811,4\n\n',
        b"lon\tlat\tEW\r\n7.61\t51.48\t3\r\n7.6123\t51.4811\t4",
        b"id;lon;lat;EW;\na;7.61;51.48; 3 ;\nb;7,6123;51,4811;4;\n",
        b"EW;crs;y;x\n3;EPSG:4326;51.48;7.61\n4;4326;51.4811;7.6123\n",
    ],
)
def test_tables_may_be_written_in_many_ways(tmp_path: Path, content: bytes) -> None:
    found = read(write(tmp_path, content))
    assert found.frame["people"].tolist() == [3, 4]
    first: Any = found.frame.geometry.iloc[0]
    assert first.x == pytest.approx(TO_LAEA.transform(7.61, 51.48)[0], abs=0.01)


def test_classes_are_no_numbers_of_people(tmp_path: Path) -> None:
    rows = [f"{X + 1000 * (i % 10)};{Y + 1000 * (i // 10)};{i % 6 + 1}" for i in range(100)]
    head = "x_mp_1km;y_mp_1km;Einwohner"
    path = write(tmp_path, "\n".join([head, *rows]), "Zensus_klassierte_Werte_1km-Gitter.csv")
    refused(path, "Klassen", "»spitzen Werten«")
    # Where one cell has more they are numbers.
    rows[1] += "0"
    assert read(write(tmp_path, "\n".join([head, *rows]))).frame["people"].max() == 20


def test_the_study_may_name_the_column(tmp_path: Path) -> None:
    path = write(tmp_path, "lon,lat,Einwohner,ab65\n7.61,51.48,30,12\n")
    assert read(path).total == 30
    assert read(path, column="AB65").total == 12
    refused(path, "»ab56«", "Gemeint ist wohl »ab65«", "»lon«", column="ab56")


# ------------------------------------------------------------------------------ at the edge


def test_a_cut_cell_counts_by_its_share(tmp_path: Path) -> None:
    # Along the meridian 9° E UTM zone 32 has x = 500,000: the cell around it is halved by bounds
    # that begin there, its eastern neighbour is whole, the western one outside.
    north = 5_700_050
    rows = [f"{x};{north};40" for x in (499_900, 500_000, 500_100)]
    path = write(tmp_path, "\n".join(["x_mp_100m;y_mp_100m;Einwohner", *rows]))
    found = read(path, UTM, metric=UTM, bounds=(9.0, 51.3, 9.1, 51.5))
    assert found.frame["people"].tolist() == pytest.approx([20, 40], abs=1e-6)
    assert found.frame["covered"].tolist() == pytest.approx([0.5, 1], abs=1e-6)
    assert found.frame.geometry.iloc[0].area == pytest.approx(5000, abs=0.01)
    assert codes(found) == {"population.cut_cells": 1}


def test_swapped_coordinates_are_told(tmp_path: Path) -> None:
    refused(write(tmp_path, "lon,lat,people\n51.48,7.61,5\n"), "vertauscht")


def test_nobody_in_the_place_is_told_with_both_extents(tmp_path: Path) -> None:
    # UTM coordinates taken for LAEA lie in the Atlantic.
    path = write(tmp_path, "x,y,people\n403000,5704000,5\n404000,5705000,5\n")
    refused(path, "niemanden", "403.000", "5.705.000", "population_crs", crs=LAEA)
    assert read(path, UTM).total == 10


def test_only_unknown_numbers_are_nobody(tmp_path: Path) -> None:
    refused(write(tmp_path, "lon,lat,people\n7.61,51.48,-1\n"), "niemanden")


# ------------------------------------------------------------------------------ vector files


def collection(path: Path, *features: tuple[Any, dict[str, Any]]) -> Path:
    content = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": properties,
             "geometry": None if shape is None else shapely.geometry.mapping(shape)}
            for shape, properties in features
        ],
    }  # fmt: skip
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_areas_of_a_geojson_file(tmp_path: Path) -> None:
    path = collection(
        tmp_path / "bloecke.geojson",
        (shapely.box(7.6, 51.48, 7.61, 51.49), {"Name": "A", "Einwohner": 120}),
        (shapely.box(7.61, 51.48, 7.62, 51.49), {"Name": "B", "Einwohner": "80"}),
        (shapely.box(7.62, 51.48, 7.63, 51.49), {"Name": "C", "Einwohner": None}),
    )
    found = read(path, metric=UTM)
    assert found.frame["people"].tolist() == [120, 80]
    assert set(found.frame.geom_type) == {"Polygon"}
    assert found.cell_m is None
    assert codes(found) == {"population.unknown": 1}


def test_points_of_a_geopackage(tmp_path: Path) -> None:
    points = gpd.GeoSeries.from_xy([X, X + 17, X + 5, X + 80], [Y, Y + 3, Y + 40, Y + 2], crs=LAEA)
    frame = gpd.GeoDataFrame({"EW": [2, 3, 1, 4]}, geometry=points.to_crs(UTM))
    path = tmp_path / "punkte.gpkg"
    write_gpkg({"punkte": frame}, path, UTM)
    found = read(path, metric=UTM)
    assert sorted(found.frame["people"]) == [1, 2, 3, 4]
    assert found.cell_m is None
    refused(path, "EPSG:25832", crs="EPSG:4326")


def test_a_zipped_shapefile(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"Einwohner": [30, 12]},
        geometry=[shapely.box(X, Y, X + 90, Y + 50), shapely.box(X, Y + 50, X + 90, Y + 80)],
        crs=LAEA,
    )
    parts = shapefile(frame, tmp_path / "shape", "bloecke")
    path = packed(tmp_path / "bloecke.zip", {f"bloecke{end}": part for end, part in parts.items()})
    assert sorted(read(path).frame["people"]) == [12, 30]


@pytest.mark.parametrize(
    ("shape", "value", "says"),
    [
        (None, 5, "Koordinaten"),
        (shapely.LineString([(7.6, 51.4), (7.7, 51.5)]), 5, "Koordinaten"),
        (shapely.Polygon([(7.6, 51.4), (7.7, 51.5), (7.6, 51.5), (7.7, 51.4)]), 5, "Koordinaten"),
        (shapely.Point(7.6, 51.4), "viele", "keine Zahl"),
        (shapely.Point(7.6, 51.4), True, "keine Zahl"),
        (shapely.Point(7.6, 51.4), -7, "weniger als 0"),
    ],
)
def test_bad_objects_are_named(tmp_path: Path, shape: Any, value: Any, says: str) -> None:
    path = collection(
        tmp_path / "schlecht.geojson",
        (shapely.Point(7.61, 51.45), {"people": 2}),
        (shape, {"people": value}),
    )
    refused(path, "Objekt 2", says)


def test_a_file_without_people_says_which_columns_it_has(tmp_path: Path) -> None:
    path = collection(tmp_path / "a.geojson", (shapely.Point(7.61, 51.45), {"anzahl": 2}))
    refused(path, "»anzahl«", "population_column")
    assert read(path, column="anzahl").total == 2
    refused(collection(tmp_path / "b.geojson"), "keine")


# ---------------------------------------------------------------------------- against oracles


def _counted(path: Path, bounds: Bounds, side: float) -> float:
    """Add up the people of cells by the share of each in the bounds, row by row."""
    corners = shapely.segmentize(shapely.box(*bounds), 0.001)
    transform: Any = TO_LAEA.transform
    area = shapely.transform(corners, transform, interleaved=False)
    total = 0.0
    with path.open(encoding="utf-8") as opened:
        for row in csv.DictReader(opened):
            x, y, half = float(row["x"]), float(row["y"]), side / 2
            cell = shapely.box(x - half, y - half, x + half, y + half)
            total += float(row["Einwohner"]) * cell.intersection(area).area / cell.area
    return total


@pytest.mark.parametrize("seed", range(5))
def test_random_cells_equal_a_count_row_by_row(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311
    spots = draw.sample([(i, j) for i in range(-12, 12) for j in range(-12, 12)], 300)
    rows = [f"{X + 1000 * i},{Y + 1000 * j},{draw.randint(0, 900)}" for i, j in spots]
    path = write(tmp_path, "\n".join(["x,y,Einwohner", *rows]))
    west, south = draw.uniform(7.5, 7.6), draw.uniform(51.4, 51.47)
    bounds = (west, south, west + draw.uniform(0.02, 0.1), south + draw.uniform(0.02, 0.08))
    found = read(path, LAEA, bounds=bounds)
    assert found.total == pytest.approx(_counted(path, bounds, 1000), rel=1e-5)
    # The same in UTM, where the cells are turned.
    assert read(path, LAEA, metric=UTM, bounds=bounds).total == pytest.approx(
        found.total, rel=2e-3
    )


@pytest.mark.parametrize("size", [7, 64, 1000])
def test_blocks_lose_no_row(tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [f"7.6{i:03d};51.4{i % 83 + 5:02d};{i % 13}" for i in range(200)]
    rows[150] = "7.6;51.4;unlesbar"
    path = write(tmp_path, "lon;lat;people\r\n" + "\r\n".join(rows))
    whole = read(path)
    monkeypatch.setattr(_population_csv, "_BLOCK", size)
    # Never less than a line with the columns' names.
    monkeypatch.setattr(_population_csv, "_SAMPLE", 60)
    pieces = read(path)
    assert pieces.frame.equals(whole.frame)
    assert pieces.findings == whole.findings
    assert "Zeile 152" in str(whole.findings)
    assert whole.total == sum(i % 13 for i in range(200) if i != 150)


def test_real_cells_of_the_zensus(shared_data: Path) -> None:
    extract = read_extract(shared_data / "osm/dortmund-aplerbeck-2026.nometa.osm.pbf", ["amenity"])
    path = shared_data / "population/zensus2011_1km_einwohner_westfalen.csv"
    refused(path, "Koordinatensystem", bounds=extract.bounds)
    found = read(path, LAEA, metric=UTM, bounds=extract.bounds)
    assert found.total == pytest.approx(_counted(path, extract.bounds, 1000), rel=2e-3)
    whole = found.frame.loc[found.frame["covered"] == 1, "people"]
    # The cells around the centre of Aplerbeck, as they stand in the file.
    assert whole.tolist() == [3032, 4131, 5225, 2656]
    assert (found.cell_m, found.zensus, found.year) == (1000, True, "2011")
