"""Random filters: ours, SQLite and a plain row-by-row reading find the same features.

Each random clause is written three times by hand: as CQL2 text, as SQL, and as a function of a
row that says True, False or None. SQLite decides what a filter means where the standard refers
to SQL: precedence, LIKE, three-valued logic.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.ogc.filters import parse
from api.service.catalogue import Collection
from tests.api.ogc.filter_sample import (
    IDS,
    SPATIAL,
    VALUES,
    sample_collection,
    sample_database,
    sample_rows,
    spatial_function,
)

LONG = bool(os.environ.get("TEST_ALL"))
Row = dict[str, Any]
Said = bool | None


@dataclass(frozen=True)
class Clause:
    """The same condition in three forms."""

    cql: str
    sql: str
    says: Callable[[Row], Said]


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}
TEXTS = st.sampled_from(
    [text for text in VALUES["name"] if text is not None]
    + ["shop", "B", "z", "'", "''", "--", "%"]
) | st.text("aäBß%_\\'\" ", max_size=6)
NUMBERS = st.sampled_from([0, 1, 5, 5.0, 12, -3, 2**40, 0.1, 0.3, 1e300, -0.5, 7.5]) | st.integers(
    -20, 20
)
DAYS = st.sampled_from(["2026-03-12", "2025-12-31", "2026-01-01", "1999-02-28"])
TEXT_COLUMNS = st.sampled_from(["name", "kind", "id"])
NUMBER_COLUMNS = st.sampled_from(["visitors", "minutes", "score"])


def comparison(
    column: str, operator: str, cql: str, sql: str, value: Any, *, turned: bool
) -> Clause:
    compare = OPERATORS[operator]

    def says(row: Row) -> Said:
        if row[column] is None:
            return None
        return compare(value, row[column]) if turned else compare(row[column], value)

    sides, in_sql = (cql, column) if turned else (column, cql), (sql, column)
    in_sql = in_sql if turned else (column, sql)
    return Clause(f"{sides[0]} {operator} {sides[1]}", f"{in_sql[0]} {operator} {in_sql[1]}", says)


@st.composite
def comparisons(draw: st.DrawFn) -> Clause:
    operator, turned = draw(st.sampled_from(list(OPERATORS))), draw(st.booleans())
    kind = draw(st.sampled_from(["text", "number", "boolean", "date"]))
    if kind == "text":
        text = draw(TEXTS)
        column = draw(TEXT_COLUMNS)
        return comparison(column, operator, quoted(text), quoted(text), text, turned=turned)
    if kind == "number":
        number = draw(NUMBERS)
        column = draw(NUMBER_COLUMNS)
        return comparison(column, operator, repr(number), repr(number), number, turned=turned)
    if kind == "boolean":
        truth = draw(st.booleans())
        word = str(truth).upper()
        return comparison("partner", operator, word, str(int(truth)), truth, turned=turned)
    day = draw(DAYS)
    written = draw(st.sampled_from([f"DATE('{day}')", f"'{day}'"]))
    return comparison("data_date", operator, written, quoted(day), day, turned=turned)


@st.composite
def pairs(draw: st.DrawFn) -> Clause:
    columns = draw(st.sampled_from([TEXT_COLUMNS, NUMBER_COLUMNS]))
    left, right = draw(columns), draw(columns)
    operator = draw(st.sampled_from(list(OPERATORS)))

    def says(row: Row) -> Said:
        if row[left] is None or row[right] is None:
            return None
        return OPERATORS[operator](row[left], row[right])

    return Clause(f"{left} {operator} {right}", f"{left} {operator} {right}", says)


def like(text: str, pattern: str) -> bool:
    """Match by trying every way, sign by sign."""
    if not pattern:
        return not text
    head, rest = pattern[0], pattern[1:]
    if head == "%":
        return any(like(text[start:], rest) for start in range(len(text) + 1))
    if head == "\\" and rest:
        head, rest = rest[0], rest[1:]
        return text[:1] == head and like(text[1:], rest)
    return bool(text) and (head == "_" or text[0] == head) and like(text[1:], rest)


@st.composite
def patterns(draw: st.DrawFn) -> Clause:
    column = draw(TEXT_COLUMNS)
    pattern = draw(
        st.sampled_from(["%", "_%", "", "%a%", "100\\%%", "100\\_%", "%ä%r%", "B_ck%", "%'%"])
        | st.text("aäBß%_' 1", max_size=7)
        | st.lists(st.sampled_from(["%", "_", "\\%", "\\_", "\\\\", "a", "s"])).map("".join)
    )
    folded, negated = draw(st.booleans()), draw(st.booleans())
    fold = str.casefold if folded else str

    def says(row: Row) -> Said:
        if row[column] is None:
            return None
        return like(fold(row[column]), fold(pattern)) is not negated

    word = "NOT LIKE" if negated else "LIKE"
    left = f"CASEI({column})" if folded else column
    right = f"CASEI({quoted(pattern)})" if folded else quoted(pattern)
    return Clause(f"{left} {word} {right}", f"{left} {word} {right} ESCAPE '\\'", says)


@st.composite
def lists(draw: st.DrawFn) -> Clause:
    texts = draw(st.booleans())
    column = draw(TEXT_COLUMNS if texts else NUMBER_COLUMNS)
    values: list[Any] = draw(st.lists(TEXTS if texts else NUMBERS, min_size=1, max_size=4))
    negated = draw(st.booleans())
    listed = ", ".join(quoted(value) if texts else repr(value) for value in values)
    text = f"{column} {'NOT IN' if negated else 'IN'} ({listed})"

    def says(row: Row) -> Said:
        return None if row[column] is None else (row[column] in values) is not negated

    return Clause(text, text, says)


@st.composite
def spans(draw: st.DrawFn) -> Clause:
    column, low, high = draw(NUMBER_COLUMNS), draw(NUMBERS), draw(NUMBERS)
    negated = draw(st.booleans())
    text = f"{column} {'NOT BETWEEN' if negated else 'BETWEEN'} {low!r} AND {high!r}"

    def says(row: Row) -> Said:
        return None if row[column] is None else (low <= row[column] <= high) is not negated

    return Clause(text, text, says)


@st.composite
def absences(draw: st.DrawFn) -> Clause:
    column = draw(st.sampled_from([*VALUES, "geometry"]))
    negated = draw(st.booleans())
    text = f"{column} IS {'NOT ' if negated else ''}NULL"
    return Clause(text, text, lambda row: (row[column] is None) is not negated)


@st.composite
def places(draw: st.DrawFn) -> Clause:
    # Corners off the sample's coordinates: no result hangs on the last decimal.
    east = sorted(draw(st.lists(st.integers(-9, 9), min_size=2, max_size=2, unique=True)))
    north = sorted(draw(st.lists(st.integers(-9, 9), min_size=2, max_size=2, unique=True)))
    west, right = (9.00003 + step / 1000 for step in east)
    south, top = (51.99907 + step / 1000 for step in north)
    ring = f"({west} {south}, {right} {south}, {right} {top}, {west} {top}, {west} {south})"
    name, turned = draw(st.sampled_from(SPATIAL)), draw(st.booleans())
    box, written = f"BBOX({west},{south},{right},{top})", f"POLYGON({ring})"
    cql = draw(st.sampled_from([box, written, f"LINESTRING{ring}"]))
    wkt = f"LINESTRING {ring}" if cql.startswith("LINE") else f"POLYGON ({ring})"
    function = spatial_function(name)

    def says(row: Row) -> Said:
        sides = (wkt, row["geometry"]) if turned else (row["geometry"], wkt)
        said = function(*sides)
        return None if said is None else bool(said)

    order = "{1}, {0}" if turned else "{0}, {1}"
    return Clause(
        f"S_{name.upper()}({order.format('geometry', cql)})",
        f"s_{name}({order.format('geometry', quoted(wkt))})",
        says,
    )


def negation(of: Clause) -> Clause:
    def says(row: Row) -> Said:
        said = of.says(row)
        return None if said is None else not said

    return Clause(f"NOT ({of.cql})", f"NOT ({of.sql})", says)


def joined(parts: list[tuple[Clause, str]]) -> Clause:
    """Join by AND and OR without brackets: AND binds more strongly."""
    cql = sql = ""
    for clause, word in parts:
        cql += f" {word} ({clause.cql})" if cql else f"({clause.cql})"
        sql += f" {word} ({clause.sql})" if sql else f"({clause.sql})"

    def says(row: Row) -> Said:
        groups: list[list[Said]] = [[]]
        for number, (clause, word) in enumerate(parts):
            if number and word == "OR":
                groups.append([])
            groups[-1].append(clause.says(row))
        terms = [False if False in group else None if None in group else True for group in groups]
        return True if True in terms else None if None in terms else False

    return Clause(cql, sql, says)


SINGLE = st.one_of(comparisons(), pairs(), patterns(), lists(), spans(), absences(), places())
CLAUSES = st.recursive(
    SINGLE,
    lambda inner: st.one_of(
        inner.map(negation),
        st.lists(st.tuples(inner, st.sampled_from(["AND", "OR"])), min_size=2, max_size=4).map(
            joined
        ),
    ),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def collection() -> Collection:
    return sample_collection()


@pytest.fixture(scope="module")
def database() -> sqlite3.Connection:
    return sample_database()


ROWS = sample_rows()


@given(clause=CLAUSES)
@settings(max_examples=5000 if LONG else 200, deadline=None)
def test_the_same_features_as_sqlite_and_a_reading_row_by_row(
    clause: Clause, collection: Collection, database: sqlite3.Connection
) -> None:
    mask = parse(clause.cql, collection).mask(collection)
    found = [key for key, kept in zip(IDS, mask, strict=True) if kept]
    by_rows = [row["id"] for row in ROWS if clause.says(row)]
    asked = database.execute(f"SELECT id FROM sample WHERE {clause.sql} ORDER BY id")  # noqa: S608
    assert found == by_rows
    assert found == [key for (key,) in asked]
