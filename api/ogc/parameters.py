"""What requests may say: one list, from which they are read and the API is described."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request

from api.ogc.crs import CRS84, offered
from api.ogc.queryables import GEOMETRY, queryables, schema_of
from api.service.catalogue import Collection
from api.service.problems import bad_request
from api.service.settings import ServiceSettings

Query = Mapping[str, str]
"""The parameters of a request, each once."""

_SHOWN = 60

ON_A_PAGE = 50
"""Features on a page for people, where the address names no number."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the query.

    Attributes
    ----------
    name
        As it stands in the address.
    text
        What it does, in German.
    schema
        Of its value, as OpenAPI 3.0 writes it.
    listed
        Whether several values stand with commas between them (``style: form``,
        ``explode: false``).
    """

    name: str
    text: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    listed: bool = False


FORMAT = Parameter(
    "f",
    "Form der Antwort: »json« für Programme oder »html« für Menschen. Ohne diese Angabe "
    "entscheidet, was der Browser oder das Programm annimmt.",
    {"type": "string", "enum": ["json", "html"]},
)
PAGE_PARAMETERS = (FORMAT,)
"""Of all resources but the features."""

OFFSET = Parameter(
    "offset",
    "So viele Objekte überspringen. Zum Blättern besser den Links »next« und »prev« folgen.",
    {"type": "integer", "minimum": 0, "default": 0},
)
AFTER = Parameter(
    "after",
    "Nur Objekte, die nach dieser Kennung kommen. Die Links »next« benutzen das: So bleibt das "
    "Blättern richtig, auch wenn währenddessen ein neuer Stand erscheint.",
)
BEFORE = Parameter(
    "before",
    "Nur Objekte, die vor dieser Kennung kommen, und davon die letzten. Die Links »prev« "
    "benutzen das.",
)
BBOX = Parameter(
    "bbox",
    "Nur Objekte, die dieses Rechteck berühren: vier Zahlen (kleinster Wert der ersten und der "
    "zweiten Achse, dann der größte) oder sechs, mit Höhen als dritter und sechster. Ohne "
    "»bbox-crs« in Längen- und Breitengrad. Objekte ohne Geometrie kommen immer mit.",
    {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
    listed=True,
)
DATETIME = Parameter(
    "datetime",
    "Nur Objekte, deren Datenstand in diese Zeit fällt: ein Zeitpunkt wie »2026-03-12T00:00:00Z«, "
    "ein Tag wie »2026-03-12«, oder eine Spanne mit »/« dazwischen, an einem Ende offen mit "
    "»..«. Objekte ohne Datenstand kommen immer mit.",
)
FILTER = Parameter("filter", "Nur Objekte, auf die diese Bedingung in CQL2-Text zutrifft.")
FILTER_LANG = Parameter(
    "filter-lang",
    "Sprache der Bedingung in »filter«.",
    {"type": "string", "enum": ["cql2-text"], "default": "cql2-text"},
)
QUERY = Parameter(
    "query", "Wie »filter«; so fragt ArcGIS. Mit »filter« zusammen muss beides zutreffen."
)


def limit_parameter(settings: ServiceSettings) -> Parameter:
    """Return the parameter that says how many features a page holds."""
    return Parameter(
        "limit",
        f"Höchstens so viele Objekte auf einer Seite, nie mehr als {settings.max_limit}. "
        f"Ohne diese Angabe {settings.default_limit}, in der Form »html« {ON_A_PAGE}.",
        {
            "type": "integer",
            "minimum": 1,
            "maximum": settings.max_limit,
            "default": settings.default_limit,
        },
    )


def crs_parameter(name: str, text: str, collection: Collection) -> Parameter:
    """Return a parameter that names a CRS which the collection is offered in."""
    uris = [crs.uri for crs in offered(collection.storage)]
    schema = {"type": "string", "format": "uri", "enum": uris, "default": CRS84.uri}
    return Parameter(name, text, schema)


def item_parameters(collection: Collection) -> tuple[Parameter, ...]:
    """Return what a request for one feature may say."""
    return (FORMAT, crs_parameter("crs", "Koordinatensystem der Antwort.", collection))


def items_parameters(collection: Collection, settings: ServiceSettings) -> tuple[Parameter, ...]:
    """Return what a request for features may say.

    Parameters
    ----------
    collection
        Whose features.
    settings
        With the limits of a page.

    Returns
    -------
    tuple of Parameter
        Those that all collections have, then one for each property that can be asked for.
    """
    return (
        *item_parameters(collection),
        limit_parameter(settings),
        OFFSET,
        AFTER,
        BEFORE,
        BBOX,
        crs_parameter("bbox-crs", "Koordinatensystem der Zahlen in »bbox«.", collection),
        DATETIME,
        FILTER,
        FILTER_LANG,
        crs_parameter("filter-crs", "Koordinatensystem der Geometrien in »filter«.", collection),
        QUERY,
        *property_parameters(collection),
    )


def property_parameters(collection: Collection) -> tuple[Parameter, ...]:
    """Return a parameter for each property whose value can be asked for by its name."""
    return tuple(
        Parameter(asked.name, f"Nur Objekte mit diesem Wert: {asked.title}.", schema_of(asked))
        for asked in queryables(collection).values()
        if asked.type != GEOMETRY
    )


def read_query(request: Request, allowed: Iterable[Parameter]) -> Query:
    """Return what a request says, if all of it is known here.

    Parameters
    ----------
    request
        What was asked.
    allowed
        The parameters that there are.

    Raises
    ------
    api.service.problems.Problem
        If a parameter is unknown, or stands there twice.
    """
    names = [parameter.name for parameter in allowed]
    read: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in names:
            raise bad_request(
                f"Den Parameter »{shown(name)}« gibt es hier nicht. Möglich sind: "
                f"{', '.join(names)}."
            )
        if name in read:
            raise bad_request(f"Der Parameter »{name}« darf nur einmal dastehen.")
        read[name] = value
    return read


def shown(text: str) -> str:
    """Return text from a request as it may stand in a sentence: short and printable."""
    printable = "".join(sign if sign.isprintable() else "�" for sign in text[: _SHOWN + 1])
    return printable if len(printable) <= _SHOWN else printable[:_SHOWN] + "…"
