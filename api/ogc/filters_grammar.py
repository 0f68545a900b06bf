r"""The grammar of CQL2 text, as far as it is offered, and where a text breaks it.

Written after annex B of OGC 21-065r2 for lark's LALR(1) parser, which needs time in proportion
to the length of a text and no recursion. Left out are functions other than ``CASEI`` and the
spatial ones, arithmetic, arrays, and temporal functions: none of them is claimed.

The standard lets a quotation mark within a text be written ``''`` or ``\'``, and a backslash be
a sign like any other, so that ``'a\'`` can be read in two ways. The reading of SQL (only
``''``) comes first, the other only where that one is no filter: a text whose quotation marks
were doubled is therefore always read as it was meant.
"""

from __future__ import annotations

import re
from functools import cache

from lark import Lark, Token, Tree, UnexpectedInput
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from api.service.problems import Problem, bad_request

MAX_TEXT = 8_000
"""Longest filter, in characters."""
MAX_DEPTH = 50
"""Deepest nesting of brackets."""
SHOWN = 20
"""So many characters of a filter are shown where it is not understood."""

_START = (
    r":_A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1ffe\u200c-\u200d"
    r"\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PART = _START + r".0-9\u0300-\u036f\u203f-\u2040"


def _word(text: str) -> str:
    """Return the pattern of a word that is no part of a longer name."""
    return rf"/{text}(?![{_PART}])/i"


def _opening(text: str) -> str:
    """Return the pattern of a word before an opening bracket."""
    return rf"/{text}(?=\s*\()/i"


def _shape(text: str) -> str:
    return rf"/{text}(?=\s*(Z\s*)?\()/i"


_GRAMMAR = rf"""
start: condition
?condition: term (_OR term)*                              -> either
?term: factor (_AND factor)*                              -> all_of
?factor: primary | _NOT primary                           -> negated
?primary: predicate
        | BOOLEAN                                         -> everything
        | "(" condition ")"

?predicate: scalar OPERATOR scalar                        -> comparison
    | scalar _LIKE pattern                                -> like
    | scalar _NOT _LIKE pattern                           -> not_like
    | scalar _BETWEEN scalar _AND scalar                  -> between
    | scalar _NOT _BETWEEN scalar _AND scalar             -> not_between
    | scalar _IN "(" scalar ("," scalar)* ")"             -> among
    | scalar _NOT _IN "(" scalar ("," scalar)* ")"        -> not_among
    | scalar _IS _NULL                                    -> missing
    | scalar _IS _NOT _NULL                               -> not_missing
    | SPATIAL "(" geometry "," geometry ")"               -> spatial

?scalar: NAME                                             -> property
    | QUOTED                                              -> quoted_property
    | NUMBER                                              -> number
    | STRING                                              -> string
    | BOOLEAN                                             -> boolean
    | DATE "(" STRING ")"                                 -> date
    | TIMESTAMP "(" STRING ")"                            -> timestamp
    | CASEI "(" scalar ")"                                -> folded

?pattern: STRING                                          -> string
    | CASEI "(" pattern ")"                               -> folded

?geometry: NAME                                           -> property
    | QUOTED                                              -> quoted_property
    | shape
    | COLLECTION _Z? "(" shape ("," shape)* ")"           -> collection
    | BBOX "(" NUMBER ("," NUMBER)* ")"                   -> bbox

?shape: POINT _Z? "(" position ")"                        -> point
    | LINESTRING _Z? line                                 -> linestring
    | POLYGON _Z? area                                    -> polygon
    | MULTIPOINT _Z? "(" spot ("," spot)* ")"             -> multipoint
    | MULTILINESTRING _Z? "(" line ("," line)* ")"        -> multilinestring
    | MULTIPOLYGON _Z? "(" area ("," area)* ")"           -> multipolygon

?spot: position | "(" position ")"
line: "(" position ("," position)* ")"
area: "(" line ("," line)* ")"
position: NUMBER NUMBER NUMBER?

_AND.3: {_word("AND")}
_OR.3: {_word("OR")}
_NOT.3: {_word("NOT")}
_LIKE.3: {_word("LIKE")}
_BETWEEN.3: {_word("BETWEEN")}
_IN.3: {_word("IN")}
_IS.3: {_word("IS")}
_NULL.3: {_word("NULL")}
BOOLEAN.3: {_word("(TRUE|FALSE)")}
_Z.3: {_opening("Z")}
DATE.3: {_opening("DATE")}
TIMESTAMP.3: {_opening("TIMESTAMP")}
CASEI.3: {_opening("CASEI")}
SPATIAL.3: {_opening("S_(INTERSECTS|EQUALS|DISJOINT|TOUCHES|WITHIN|OVERLAPS|CROSSES|CONTAINS)")}
BBOX.3: {_opening("BBOX")}
POINT.3: {_shape("POINT")}
LINESTRING.3: {_shape("LINESTRING")}
POLYGON.3: {_shape("POLYGON")}
MULTIPOINT.3: {_shape("MULTIPOINT")}
MULTILINESTRING.3: {_shape("MULTILINESTRING")}
MULTIPOLYGON.3: {_shape("MULTIPOLYGON")}
COLLECTION.3: {_shape("GEOMETRYCOLLECTION")}

NAME.2: /[{_START}][{_PART}]*/
QUOTED: /"[^"]+"/
STRING: /'(?:[^']|'')*'/
NUMBER: /[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/
OPERATOR: /<>|<=|>=|[=<>]/
WS: /\s+/
%ignore WS
"""


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer="basic", maybe_placeholders=False)


def syntax_tree(text: str) -> Tree[Token]:
    """Return a filter's parts as they are written.

    Parameters
    ----------
    text
        The filter in CQL2 text.

    Raises
    ------
    api.service.problems.Problem
        400 if it is too long, nested too deep, or not understood.
    """
    if len(text) > MAX_TEXT:
        raise bad_request(f"Der Filter ist zu lang: höchstens {MAX_TEXT} Zeichen sind möglich.")
    try:
        return _parsed(text)
    except UnexpectedInput as fault:
        if "\\'" not in text:
            raise _not_understood(text, fault) from None
        try:
            return _parsed(text.replace("\\'", "''"))
        except UnexpectedInput:
            raise _not_understood(text, fault) from None


def at(place: int) -> str:
    """Return the words for a place in the filter, from 1."""
    return f"an Stelle {place}"


def shown(text: str) -> str:
    """Return the head of a text as it may be repeated in an answer."""
    head = text[:SHOWN] + ("…" if len(text) > SHOWN else "")
    return "".join(sign if sign.isprintable() else "�" for sign in head)


def _parsed(text: str) -> Tree[Token]:
    _check_depth(text)
    return _parser().parse(text)


def _check_depth(text: str) -> None:
    depth = 0
    quote = ""
    for place, sign in enumerate(text, start=1):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign == "(":
            depth += 1
            if depth > MAX_DEPTH:
                raise bad_request(
                    f"Der Filter ist {at(place)} zu tief verschachtelt: höchstens {MAX_DEPTH} "
                    "Klammern ineinander sind möglich."
                )
        elif sign == ")":
            depth -= 1


def _not_understood(text: str, fault: UnexpectedInput) -> Problem:
    ended = isinstance(fault, UnexpectedToken) and fault.token.type == "$END"
    place = len(text) if ended or fault.pos_in_stream is None else fault.pos_in_stream
    before, rest = text[:place], text[place:]
    hint = _hint(before, rest, opened=isinstance(fault, UnexpectedCharacters))
    if not rest.strip():
        return bad_request(f"Der Filter ist unvollständig: Am Ende fehlt etwas.{hint}")
    return bad_request(
        f"Der Filter ist {at(place + 1)} nicht verständlich, bei »{shown(rest)}«.{hint}"
    )


def _hint(before: str, rest: str, *, opened: bool) -> str:
    """Return what most often is meant at such a place, with a space before it; or ""."""
    called = re.search(rf"([{_START}][{_PART}]*)\s*$", before)
    if rest.startswith("(") and called:
        return f" Die Funktion »{shown(called[1])}« gibt es hier nicht."
    if rest.startswith("!="):
        return " »Ungleich« schreibt man <>."
    if rest.startswith("=") and before.rstrip().endswith("="):
        return " »Gleich« schreibt man mit einem einzelnen =."
    if re.match(rf"NULL(?![{_PART}])", rest, re.IGNORECASE):
        return " Ob ein Wert fehlt, fragt man mit IS NULL oder IS NOT NULL."
    if opened and rest.startswith(("'", '"')):
        return " Ein Anführungszeichen wird nicht geschlossen."
    return ""
