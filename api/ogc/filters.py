"""Filters of features: CQL2 text and ``name=value``, asked of a collection's queryables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from api.ogc.crs import CRS84, OfferedCrs, crs_by_uri
from api.ogc.filters_build import Builder
from api.ogc.filters_grammar import syntax_tree
from api.ogc.filters_masks import Evaluation
from api.ogc.filters_tree import (
    BOOLEAN,
    DATE,
    NUMBER,
    STRING,
    All,
    Comparison,
    Condition,
    Literal,
    Property,
)
from api.ogc.queryables import DATE as DATE_FORMAT
from api.ogc.queryables import GEOMETRY, Queryable, parameter_value, queryables
from api.service.catalogue import Collection
from api.service.problems import bad_request


@dataclass(frozen=True)
class Filter:
    """What features must be like.

    Attributes
    ----------
    condition
        Its parts.
    crs
        Of the shapes in it.
    """

    condition: Condition
    crs: OfferedCrs = CRS84

    def mask(
        self, collection: Collection, rows: npt.NDArray[np.intp] | None = None
    ) -> npt.NDArray[np.bool_]:
        """Return for each row of a collection whether it is wanted; unknown is not.

        Parameters
        ----------
        collection
            For which the filter was made.
        rows
            Positions of the rows that are asked about, or None for all.

        Raises
        ------
        api.service.problems.Problem
            400 if two shapes cannot be compared.
        """
        truth = Evaluation(collection, self.crs, rows).truth(self.condition)
        wanted: npt.NDArray[np.bool_] = truth.to_numpy(dtype=np.bool_, na_value=False)
        return wanted


def parse(text: str, collection: Collection, filter_crs: str | None = None) -> Filter:
    """Read a filter in CQL2 text.

    Parameters
    ----------
    text
        The filter; ``docs/filter.md`` says what it may hold.
    collection
        Whose queryables it may name.
    filter_crs
        Address of the CRS of its coordinates, in the order of its axes; None means CRS84.

    Raises
    ------
    api.service.problems.Problem
        400, with a German sentence that names the place, if it is not understood, too long,
        too deep or too much work, or if the CRS is not offered.
    """
    crs = CRS84 if filter_crs is None else crs_by_uri("filter-crs", filter_crs, collection)
    return Filter(Builder(queryables(collection), crs).condition(syntax_tree(text)), crs)


def matching(collection: Collection, values: Mapping[str, str]) -> Filter:
    """Return the filter of query parameters ``name=value``, all of which must hold.

    Parameters
    ----------
    collection
        Whose queryables they name.
    values
        Texts of the address by name, at least one; a name that is no queryable with simple
        values is wrong.

    Raises
    ------
    api.service.problems.Problem
        400 if a value is not of its queryable's type.
    """
    known = queryables(collection)
    parts: list[Condition] = []
    for name, text in values.items():
        if name not in known or known[name].type == GEOMETRY:
            raise bad_request("Einen Parameter dieser Anfrage gibt es hier nicht.")
        value = parameter_value(known[name], text)
        literal = Literal(value, _kind(known[name]), place=1)
        parts.append(Comparison("=", Property(name, place=1), literal, place=1))
    return Filter(All(tuple(parts)))


def _kind(queryable: Queryable) -> str:
    if queryable.format == DATE_FORMAT:
        return DATE
    return queryable.type if queryable.type in {STRING, BOOLEAN} else NUMBER
