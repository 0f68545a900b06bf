"""Tables that German Excel opens rightly and that run nothing there."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import OutputError
from layers.csv_files import german_date, safe_text, write_csv

FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://boese.example";"Brot")',
    "+49 251 1234",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1;1)",
    "\t=1+1",
    "\tText",
    "\rText",
    "\nText",
    "\0=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "﹢1",
    "﹣1",
    "﹫A1",
    "⁺1",
    "\u2212cmd",
    "   =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\u202e=1+1",
    "\u2003\t -1",
    "\x1b=1",
    "=",
    "-",
]

HARMLESS = [
    "Bäckerei Korn",
    "",
    "Mo-Fr 08:00-18:00",
    "1 = 1",
    "„=1“",
    "'=1",
    "Café + Kuchen",
    "– Treff –",
    "n1,n2",
    "24/7",
    "<b>fett</b>",
    "🕊 Taube",
]


def written(frame: pd.DataFrame, folder: Path, **more: Any) -> tuple[bytes, list[list[str]]]:
    path = folder / "tabelle.csv"
    write_csv(frame, path, **more)
    content = path.read_bytes()
    text = content.decode("utf-8-sig")
    return content, list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_formulas_become_text(text: str, tmp_path: Path) -> None:
    _, rows = written(pd.DataFrame({"name": [text]}), tmp_path)
    assert rows[1][0].startswith("'")


@pytest.mark.parametrize("text", HARMLESS, ids=ascii)
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert safe_text(text) == text


@given(st.text())
def test_no_text_begins_a_formula_or_breaks_a_line(text: str) -> None:
    safe = safe_text(text)
    assert safe.lstrip()[:1] not in set("=+-@＝＋－＠")
    assert not set(safe) & set("\0\t\r\n\x0b\x0c\x85\u2028\u2029")
    assert safe.encode("utf-8").decode("utf-8") == safe


def test_formulas_in_every_column_and_in_the_heading(tmp_path: Path) -> None:
    frame = pd.DataFrame({f"={index}": [text] for index, text in enumerate(FORMULAS)})
    _, rows = written(frame, tmp_path)
    assert all(cell.startswith("'") for row in rows for cell in row)
    assert len(rows) == 2


def test_numbers_stay_numbers(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "whole": pd.Series([-3, None, 1200], dtype="Int64"),
            "decimal": [-1.25, float("nan"), 1234567.891],
            "nullable": pd.Series([-0.04, None, 2.0], dtype="Float64"),
            "infinite": [float("inf"), float("-inf"), 0.1],
            "free": [1e-7, 123456789.5, -2.0],
        }
    )
    digits = {"decimal": 2, "nullable": 1, "infinite": 1}
    _, rows = written(frame, tmp_path, decimals=digits)
    assert rows[1:] == [
        ["-3", "-1,25", "0,0", "", "0,0000001"],
        ["", "", "", "", "123456789,5"],
        ["1200", "1234567,89", "2,0", "0,1", "-2"],
    ]


def test_truth_and_missing_text(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "plain": [True, False, True],
            "unknown": pd.Series([True, None, False], dtype="boolean"),
            "text": pd.Series(["a", None, float("nan")], dtype=object),
            "typed": pd.Series(["a", None, ""], dtype="str"),
        }
    )
    _, rows = written(frame, tmp_path)
    assert rows[1:] == [
        ["ja", "ja", "a", "a"],
        ["nein", "", "", ""],
        ["ja", "nein", "", ""],
    ]


def test_what_german_excel_needs(tmp_path: Path) -> None:
    frame = pd.DataFrame({"name": ['Haus; "Linde"', "Straße\r\nHof"], "wert": [0.5, 1.0]})
    content, rows = written(frame, tmp_path, decimals={"wert": 1})
    assert content.startswith(b"\xef\xbb\xbfname;wert\r\n")
    assert content.count(b"\r\n") == content.count(b"\n") == content.count(b"\r") == 3
    assert rows == [["name", "wert"], ['Haus; "Linde"', "0,5"], ["Straße Hof", "1,0"]]
    again = pd.read_csv(tmp_path / "tabelle.csv", sep=";", decimal=",", encoding="utf-8-sig")
    assert again["wert"].tolist() == [0.5, 1.0]


def test_empty_table_has_its_headings(tmp_path: Path) -> None:
    content, _ = written(pd.DataFrame({"a": [], "b": []}), tmp_path)
    assert content == b"\xef\xbb\xbfa;b\r\n"


def test_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="Ordner"):
        write_csv(pd.DataFrame({"a": [1]}), tmp_path / "fehlt" / "a.csv")


@pytest.mark.parametrize(
    ("iso", "german"), [("2026-03-12", "12.03.2026"), ("", ""), ("unbekannt", "unbekannt")]
)
def test_dates(iso: str, german: str) -> None:
    assert german_date(iso) == german
