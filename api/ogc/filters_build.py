"""From the written filter to its parts: names looked up, values read, types compared."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping

from lark import Token, Tree

from api.ogc.crs import OfferedCrs
from api.ogc.filters_grammar import at, shown
from api.ogc.filters_shapes import read_shape
from api.ogc.filters_tree import (
    BOOLEAN,
    DATE,
    NUMBER,
    STRING,
    TIMESTAMP,
    All,
    Among,
    Comparison,
    Condition,
    Either,
    Everything,
    Folded,
    Like,
    Literal,
    Missing,
    Not,
    Property,
    Scalar,
    Spatial,
)
from api.ogc.queryables import DATE as DATE_FORMAT
from api.ogc.queryables import GEOMETRY, INTEGER, Queryable, is_date
from api.service.problems import bad_request

MAX_PREDICATES = 500
"""Most comparisons in one filter."""
MAX_SLOW = 20
"""Most comparisons of those that take longer: patterns, shapes, text of two columns."""

_TIMESTAMP = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?Z")
_WORDS = {
    STRING: "Text",
    NUMBER: "eine Zahl",
    BOOLEAN: "wahr oder falsch",
    DATE: "ein Datum",
    TIMESTAMP: "ein Zeitpunkt",
}
_NODE = Tree[Token]


class Builder:
    """Makes the parts of one filter.

    Parameters
    ----------
    known
        The queryables by name: nothing else can be named.
    crs
        Of the coordinates in the filter.
    """

    def __init__(self, known: Mapping[str, Queryable], crs: OfferedCrs) -> None:
        self._known = known
        self._crs = crs
        self._predicates = 0
        self._slow = 0
        self._makers: Mapping[str, Callable[[_NODE], Condition]] = {
            "everything": lambda node: Everything(str(node.children[0]).upper() == "TRUE"),
            "negated": lambda node: Not(self.condition(_tree(node, 0))),
            "all_of": self._all,
            "either": self._either,
            "comparison": self._comparison,
            "like": self._like,
            "not_like": lambda node: Not(self._like(node)),
            "between": self._between,
            "not_between": lambda node: Not(self._between(node)),
            "among": self._among,
            "not_among": lambda node: Not(self._among(node)),
            "missing": self._missing,
            "not_missing": lambda node: Not(self._missing(node)),
            "spatial": self._spatial,
        }

    def condition(self, node: _NODE) -> Condition:
        """Return a condition as its parts.

        Parameters
        ----------
        node
            As ``filters_grammar.syntax_tree`` makes it.

        Raises
        ------
        api.service.problems.Problem
            400 if a name is not known, types do not fit, a value is none, or there is too much.
        """
        if node.data == "start":
            return self.condition(_tree(node, 0))
        return self._makers[str(node.data)](node)

    def _all(self, node: _NODE) -> Condition:
        parts = tuple(self.condition(_sub(child)) for child in node.children)
        return parts[0] if len(parts) == 1 else All(parts)

    def _either(self, node: _NODE) -> Condition:
        parts = tuple(self.condition(_sub(child)) for child in node.children)
        return parts[0] if len(parts) == 1 else Either(parts)

    def _comparison(self, node: _NODE) -> Comparison:
        operator = _token(node, 1)
        left, right = self._pair(self._scalar(_tree(node, 0)), self._scalar(_tree(node, 2)))
        return Comparison(str(operator), left, right, _place(operator))

    def _between(self, node: _NODE) -> All:
        of, low, high = (self._scalar(_sub(child)) for child in node.children)
        lower, upper = self._pair(of, low), self._pair(of, high)
        return All(
            (
                Comparison(">=", *lower, lower[1].place),
                Comparison("<=", *upper, upper[1].place),
            )
        )

    def _like(self, node: _NODE) -> Like:
        self._count(slow=True)
        of, pattern = self._scalar(_tree(node, 0)), self._scalar(_tree(node, 1))
        if self._type(of) not in {STRING, DATE}:
            raise bad_request(
                f"LIKE {at(of.place)} geht nur mit Text; hier steht {_WORDS[self._type(of)]}."
            )
        return Like(of, _pattern_text(pattern), of.place)

    def _among(self, node: _NODE) -> Among:
        of, *values = (self._scalar(_sub(child)) for child in node.children)
        self._count()
        if isinstance(of, Folded):
            self._count(slow=True)
        pairs = [self._matched(of, value) for value in values]
        for _, value in pairs:
            if not isinstance(value, Literal):
                self._count(slow=True)
        return Among(of, tuple(value for _, value in pairs), of.place)

    def _missing(self, node: _NODE) -> Missing:
        inner = _tree(node, 0)
        self._count()
        name = _name(inner)
        if name is not None and name in self._known and self._known[name].type == GEOMETRY:
            return Missing(None)
        return Missing(self._scalar(inner))

    def _spatial(self, node: _NODE) -> Spatial:
        self._count(slow=True)
        function = _token(node, 0)
        left, right = (self._geometry(_tree(node, number)) for number in (1, 2))
        return Spatial(str(function).lower().removeprefix("s_"), left, right, _place(function))

    def _geometry(self, node: _NODE) -> object:
        name = _name(node)
        if name is None:
            return read_shape(node, self._crs)
        queryable = self._queryable(name, _place(_token(node, 0)))
        if queryable.type != GEOMETRY:
            raise bad_request(
                f"»{shown(name)}« {at(_place(_token(node, 0)))} ist keine Geometrie."
            )
        return None

    def _scalar(self, node: _NODE) -> Scalar:
        first = node.children[0]
        if node.data == "folded":
            return self._folded(node)
        if not isinstance(first, Token):
            raise TypeError(node.data)
        place = _place(first)
        name = _name(node)
        if name is not None:
            if self._queryable(name, place).type == GEOMETRY:
                raise bad_request(
                    f"»{name}« {at(place)} ist eine Geometrie: Sie lässt sich mit S_INTERSECTS "
                    "und den anderen räumlichen Funktionen vergleichen."
                )
            return Property(name, place)
        return _literal(str(node.data), node, place)

    def _folded(self, node: _NODE) -> Folded:
        self._count(slow=True)
        of, place = self._scalar(_tree(node, 1)), _place(_token(node, 0))
        inner = of.of if isinstance(of, Folded) else of
        if self._type(inner) != STRING:
            raise bad_request(f"CASEI {at(place)} geht nur mit Text.")
        return Folded(inner, place)

    def _queryable(self, name: str, place: int) -> Queryable:
        found = self._known.get(name)
        if found is None:
            raise bad_request(
                f"»{shown(name)}« {at(place)} ist kein Merkmal dieser Ebene; was es gibt, steht "
                "unter »queryables«."
            )
        return found

    def _type(self, scalar: Scalar) -> str:
        if isinstance(scalar, Literal):
            return scalar.type
        if isinstance(scalar, Folded):
            return STRING
        queryable = self._known[scalar.name]
        if queryable.format == DATE_FORMAT:
            return DATE
        return NUMBER if queryable.type in {INTEGER, NUMBER} else queryable.type

    def _pair(self, left: Scalar, right: Scalar) -> tuple[Scalar, Scalar]:
        """Return both sides of a comparison, a text turned into a date beside a date."""
        self._count(slow=not isinstance(left, Literal) and not isinstance(right, Literal))
        return self._matched(left, right)

    def _matched(self, left: Scalar, right: Scalar) -> tuple[Scalar, Scalar]:
        kinds = self._type(left), self._type(right)
        if kinds == (DATE, STRING) and isinstance(right, Literal):
            return left, _as_date(right)
        if kinds == (STRING, DATE) and isinstance(left, Literal):
            return _as_date(left), right
        if kinds[0] != kinds[1]:
            raise bad_request(
                f"Der Vergleich {at(right.place)} passt nicht: links steht {_WORDS[kinds[0]]}, "
                f"rechts {_WORDS[kinds[1]]}."
            )
        return left, right

    def _count(self, *, slow: bool = False) -> None:
        self._predicates += 1
        self._slow += slow
        if self._predicates > MAX_PREDICATES:
            raise bad_request(
                f"Der Filter hat zu viele Teile: höchstens {MAX_PREDICATES} Vergleiche sind "
                "möglich. Viele Werte eines Merkmals fragt man mit IN."
            )
        if self._slow > MAX_SLOW:
            raise bad_request(
                "Der Filter ist zu aufwendig: LIKE, CASEI, räumliche Vergleiche und Vergleiche "
                f"zweier Merkmale sind zusammen höchstens {MAX_SLOW} Mal möglich."
            )


def _literal(kind: str, node: _NODE, place: int) -> Literal:
    first = _token(node, 0)
    if kind == "string":
        return Literal(_unquoted(first), STRING, place)
    if kind == "boolean":
        return Literal(str(first).upper() == "TRUE", BOOLEAN, place)
    if kind == "number":
        return Literal(read_number(first), NUMBER, place)
    text = _unquoted(_token(node, 1))
    if kind == "date":
        return _as_date(Literal(text, STRING, place))
    return Literal(_timestamp(text, place), TIMESTAMP, place)


def read_number(token: Token) -> int | float:
    """Return the number of a token, whole where it is written so and no larger than 64 bits.

    Parameters
    ----------
    token
        A number of the grammar.

    Raises
    ------
    api.service.problems.Problem
        400 if it is beyond what a 64-bit floating-point number holds.
    """
    value = float(token)
    if not math.isfinite(value):
        raise bad_request(f"Die Zahl {at(_place(token))} ist zu groß.")
    whole = "." not in token and "e" not in token.lower()
    return int(token) if whole and abs(value) < 2**63 else value


def _as_date(literal: Literal) -> Literal:
    if not is_date(str(literal.value)):
        raise bad_request(
            f"»{shown(str(literal.value))}« {at(literal.place)} ist kein Datum; eines schreibt "
            "man so: 2026-03-31."
        )
    return Literal(literal.value, DATE, literal.place)


def _timestamp(text: str, place: int) -> str:
    """Return a point in time as text that sorts as time does."""
    found = _TIMESTAMP.fullmatch(text)
    if found is None or not is_date(found[1]) or not _is_time(found[2]):
        raise bad_request(
            f"»{shown(text)}« {at(place)} ist kein Zeitpunkt; einen schreibt man so: "
            "2026-03-31T08:30:00Z."
        )
    return f"{found[1]}T{found[2]}{(found[3] or '').rstrip('0').rstrip('.')}"


def _is_time(text: str) -> bool:
    try:
        dt.time.fromisoformat(text)
    except ValueError:
        return False
    return True


def _pattern_text(scalar: Scalar) -> str:
    if isinstance(scalar, Folded):
        return _pattern_text(scalar.of).casefold()
    if not isinstance(scalar, Literal):
        raise TypeError(scalar)
    return str(scalar.value)


def _unquoted(token: Token) -> str:
    return str(token)[1:-1].replace("''", "'")


def _name(node: _NODE) -> str | None:
    """Return the name where a node is one, else None."""
    if node.data == "property":
        return str(node.children[0])
    return str(node.children[0])[1:-1] if node.data == "quoted_property" else None


def _place(token: Token) -> int:
    return (token.start_pos or 0) + 1


def _token(node: _NODE, number: int) -> Token:
    child = node.children[number]
    if not isinstance(child, Token):
        raise TypeError(node.data)
    return child


def _tree(node: _NODE, number: int) -> _NODE:
    return _sub(node.children[number])


def _sub(child: Token | _NODE) -> _NODE:
    if isinstance(child, Token):
        raise TypeError(child.type)
    return child
