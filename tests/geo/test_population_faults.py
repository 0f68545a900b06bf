"""Files of people that are wrong: refused in German, or read with a finding, never a surprise."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import PopulationError
from geo.findings import Severity
from tests.geo.population_files import (
    LAEA,
    UTM,
    X,
    Y,
    codes,
    read,
    refused,
    write,
)


def test_without_a_crs_the_remedy_names_one(tmp_path: Path) -> None:
    path = write(tmp_path, f"x,y,Einwohner\n{X},{Y},5\n")
    refused(path, "Koordinatensystem", 'population_crs = "EPSG:3035"')


@pytest.mark.parametrize(
    ("content", "crs", "words"),
    [
        ("x,y,people\n1,2,3\n", "EPSG:99999", ["»EPSG:99999«"]),
        ("x,y,people\n1,2,3\n", "+proj=utm", ["»+proj=utm«"]),
        ("x,y,people,crs\n1,2,3,EPSG:3035\n", UTM, ["EPSG:3035", "EPSG:25832"]),
        ("x,y,people,crs\n1,2,3,EPSG:3035\n1,2,3,EPSG:25832\n", None, ["mehrere"]),
        ("a,b,people\n1,2,3\n", None, ["Koordinaten", "»a«"]),
        ("x,y,menge\n1,2,3\n", LAEA, ["population_column", "»menge«"]),
        ("x,y,people\n", LAEA, ["niemanden"]),
        ("", LAEA, ["leer"]),
        ("\n\n", LAEA, ["leer"]),
    ],
)
def test_faults_of_the_table(
    tmp_path: Path, content: str, crs: str | None, words: list[str]
) -> None:
    refused(write(tmp_path, content), *words, crs=crs)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("7.61;51.48;viele", "keine Zahl"),
        ("7.61;51.48;nan", "keine Zahl"),
        ("7.61;51.48;inf", "keine Zahl"),
        ("7.61;51.48;1.234", "keine Zahl"),
        ("7.61;51.48;True", "keine Zahl"),
        ("7.61;51.48;-5", "weniger als 0"),
        ("7.61;51.48;99999999", "mehr als 10 Millionen"),
        ("inf;51.48;5", "Koordinaten"),
        (";51.48;5", "Koordinaten"),
        ("ost;51.48;5", "Koordinaten"),
        ("7.61;51.48", "nicht 3 Felder"),
        ("7.61;51.48;5;6", "nicht 3 Felder"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, row: str, says: str) -> None:
    path = write(tmp_path, f"lon;lat;people\n7.60;51.47;4\n{row}\n7.63;51.45;9\n")
    refused(path, "Zeile 3", says)


def test_few_bad_rows_among_many_are_a_finding(tmp_path: Path) -> None:
    good = [f"7.61{i:04d},51.48{i % 7},2" for i in range(300)]
    path = write(tmp_path, "\n".join(["lon,lat,people", *good, "7.6,51.4,x9", "7.6,51.4,-3"]))
    found = read(path)
    assert found.total == 600
    bad = next(one for one in found.findings if one.code == "population.bad_rows")
    assert (bad.count, bad.severity) == (2, Severity.WARNING)
    assert "Zeile 302" in bad.message
    assert bad.examples[1].startswith("Zeile 303")
    # A hundredth of the rows is no longer few.
    worse = write(tmp_path, "\n".join(["lon,lat,people", *good, *["7.6,51.4,x9"] * 4]))
    refused(worse, "Zeile 302", "3 weitere")


def test_cells_named_twice_are_a_finding(tmp_path: Path) -> None:
    row = f"{X:.0f};{Y:.0f};6"
    found = read(write(tmp_path, f"x_mp_1km;y_mp_1km;Einwohner\n{row}\n{row}\n"))
    assert found.total == 12
    assert codes(found) == {"population.double_cells": 1}


def test_files_that_are_no_tables(tmp_path: Path) -> None:
    refused(tmp_path / "fehlt.csv", "gibt es nicht")
    refused(write(tmp_path, "x,y,people\n".encode("utf-16")), "UTF-8")
    folder = tmp_path / "ordner.csv"
    folder.mkdir()
    refused(folder, "kann nicht gelesen werden")
    refused(write(tmp_path, b"PK\x03\x04 broken", "kaputt.zip"))
    refused(write(tmp_path, b"%PDF", "menschen.pdf"), "Endung")
    refused(tmp_path / "fehlt.geojson", "gibt es nicht")


def test_text_from_outside_is_shortened_and_harmless(tmp_path: Path) -> None:
    long = "ä" * 500 + "\x1b[31m"
    with pytest.raises(PopulationError) as caught:
        read(write(tmp_path, f"{long},b\n1,2\n"))
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 700


LONG = bool(os.environ.get("TEST_ALL"))

TOKENS = [
    "7.61", "51.48", "5", "-1", "–", "x", "nan", "inf", "1e400", "", '"', "'", ";", ",", "\t",
    "\n", "\r\n", "\r", "EPSG:4326", "EPSG:3035", "100mN31500E41500", "\x00", "ä",
    "\ufeff", "\u2028", "9" * 400, "0x10", "True", "1_000", "-7", "3,5", "1.234", " ",
]  # fmt: skip
HEADS = ["lon;lat;people", "lon,lat,people", "x,y,Einwohner,crs", "GITTER_ID_100m;Einwohner",
         "GITTER_ID_1km;x_mp_1km;y_mp_1km;Einwohner", "lon\tlat\tEW", ""]  # fmt: skip


@settings(
    max_examples=2000 if LONG else 60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.sampled_from(HEADS),
    st.lists(st.lists(st.sampled_from(TOKENS), min_size=1, max_size=5), max_size=9),
    st.sampled_from(["utf-8", "cp1252", "utf-16"]),
    st.sampled_from([None, "EPSG:4326", "EPSG:3035", "Unfug"]),
)
def test_whatever_stands_in_a_table_is_read_or_refused(
    tmp_path: Path, head: str, rows: list[list[str]], encoding: str, crs: str | None
) -> None:
    delimiter = next((sign for sign in ";,\t" if sign in head), ";")
    good = delimiter.join(["7.61", "51.48", "3", "EPSG:4326"][: head.count(delimiter) + 1])
    lines = [head, good, *(delimiter.join(row) for row in rows), good]
    content = "\n".join(lines).encode(encoding, errors="replace")
    try:
        found = read(write(tmp_path, content), crs)
    except PopulationError as error:
        assert error.remedy  # noqa: PT017 - both ways out are right
    else:
        assert (found.frame["people"] > 0).all()
        assert found.frame.is_valid.all()


def test_a_short_row_does_not_hide_behind_a_long_one(tmp_path: Path) -> None:
    # Together they have as many fields as two good rows.
    path = write(tmp_path, "lon;lat;people\n7.61;51.48;4\n7.61;51.48\n7.61;51.48;5;6\n")
    refused(path, "Zeile 3 hat nicht 3 Felder", "noch eine")
