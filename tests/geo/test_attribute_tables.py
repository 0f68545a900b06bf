"""Tables without geometry in a GeoPackage, against what GDAL reads back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pandas as pd
import pytest

from geo.attribute_tables import append_table
from geo.errors import OutputError
from geo.vector_files import layer_names, read_layer, write_gpkg


@pytest.fixture
def package(tmp_path: Path) -> Path:
    path = tmp_path / "a.gpkg"
    write_gpkg({"first": pd.DataFrame({"a": ["x"]})}, path, "EPSG:25832")
    return path


def frame(rows: int) -> pd.DataFrame:
    numbers = list(range(rows))
    return pd.DataFrame(
        {
            "text": [f"Straße {number} 🕊 'a\"b" for number in numbers],
            "maybe": pd.Series([None if n % 3 else f"x{n}" for n in numbers], dtype="str"),
            "number": pd.Series(numbers, dtype="int64"),
            "maybe_number": pd.Series([None if n % 2 else n for n in numbers], dtype="Int64"),
            "decimal": pd.Series([n / 8 for n in numbers], dtype="float64"),
            "maybe_decimal": pd.Series(
                [None if n % 5 else n / 4 for n in numbers], dtype="Float64"
            ),
            "truth": pd.Series([n % 2 == 0 for n in numbers], dtype="bool"),
        }
    )


# One statement takes 71 rows of these seven columns: none, fewer, exactly, one more, many.
@pytest.mark.parametrize("rows", [0, 1, 70, 71, 72, 142, 1000])
def test_gdal_reads_what_was_written(package: Path, rows: int) -> None:
    written = frame(rows)
    append_table(package, "second", written)
    assert layer_names(package) == ["first", "second"]
    read = read_layer(package, "second").astype(written.dtypes.to_dict())
    pd.testing.assert_frame_equal(pd.DataFrame(read), written)


def test_missing_is_null(package: Path) -> None:
    append_table(package, "second", frame(6))
    connection = sqlite3.connect(package)
    query = 'SELECT count(*), count("maybe"), count("maybe_number"), count("maybe_decimal")'
    assert connection.execute(f"{query} FROM second").fetchone() == (6, 2, 3, 2)
    connection.close()


def test_hostile_names_are_names(package: Path) -> None:
    name = 'a"; DROP TABLE first; --'
    append_table(package, name, pd.DataFrame({'b"; --': ["x"], "select": [1]}))
    assert read_layer(package, name)["select"].tolist() == [1]
    assert read_layer(package, "first")["a"].tolist() == ["x"]


def test_same_bytes(package: Path, tmp_path: Path) -> None:
    other = tmp_path / "b.gpkg"
    write_gpkg({"first": pd.DataFrame({"a": ["x"]})}, other, "EPSG:25832")
    for path in (package, other):
        append_table(path, "second", frame(500))
    assert package.read_bytes() == other.read_bytes()


def test_a_second_table_of_the_same_name_is_refused(package: Path) -> None:
    with pytest.raises(OutputError, match="kann nicht geschrieben werden"):
        append_table(package, "first", frame(1))
