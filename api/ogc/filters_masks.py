"""Which rows fit a filter: its parts asked of the columns, in three-valued logic.

A comparison with a missing value is unknown; ``NOT`` of unknown is unknown; ``AND`` and ``OR``
follow Kleene, as in SQL. pandas' boolean arrays hold and join these three.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import and_, or_
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pandas.arrays import BooleanArray

from api.ogc.crs import OfferedCrs
from api.ogc.filters_columns import (
    Rows,
    TextColumn,
    column,
    compared,
    mirrored,
)
from api.ogc.filters_grammar import at
from api.ogc.filters_patterns import pattern_test
from api.ogc.filters_tree import (
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
    Scalar,
    Spatial,
)
from api.service.catalogue import Collection
from api.service.problems import bad_request

_FUNCTIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "intersects": shapely.intersects,
    "disjoint": shapely.disjoint,
    "equals": shapely.equals,
    "touches": shapely.touches,
    "overlaps": shapely.overlaps,
    "crosses": shapely.crosses,
    "within": shapely.within,
    "contains": shapely.contains,
}
_MIRRORED = {"within": "contains", "contains": "within"}


class Evaluation:
    """Asks the parts of a filter of some rows of a collection.

    Parameters
    ----------
    collection
        Whose rows.
    crs
        Of the shapes in the filter.
    rows
        Positions of the rows, or None for all.
    """

    def __init__(self, collection: Collection, crs: OfferedCrs, rows: Rows) -> None:
        self._collection = collection
        self._crs = crs
        self._rows = rows
        self._count = len(collection.frame) if rows is None else len(rows)

    def truth(self, condition: Condition) -> BooleanArray:  # noqa: PLR0911 - one per part
        """Return for each row true, false or unknown (``NA``).

        Parameters
        ----------
        condition
            What ``filters_build.Builder`` made: its names are known, its types fit.

        Raises
        ------
        api.service.problems.Problem
            400 if two shapes cannot be compared.
        """
        match condition:
            case Everything(value):
                return self._constant(value)
            case Not(of):
                return ~self.truth(of)
            case All(parts):
                return reduce(and_, map(self.truth, parts))
            case Either(parts):
                return reduce(or_, map(self.truth, parts))
            case Comparison():
                return self._compared(condition.operator, condition.left, condition.right)
            case Like():
                return self._like(condition)
            case Among():
                return self._among(condition)
            case Missing():
                return self._missing(condition)
            case Spatial():
                return self._spatial(condition)

    def _constant(self, value: object) -> BooleanArray:
        return BooleanArray(
            np.full(self._count, bool(value)), np.zeros(self._count, dtype=np.bool_)
        )

    def _side(self, scalar: Scalar) -> Any:
        """Return a column, or the value of a literal."""
        if isinstance(scalar, Literal):
            return scalar.value
        if not isinstance(scalar, Folded):
            return column(self._collection, scalar.name).at(self._rows)
        if isinstance(scalar.of, Literal):
            return str(scalar.of.value).casefold()
        whole = column(self._collection, scalar.of.name)
        assert isinstance(whole, TextColumn)  # noqa: S101 - the builder looked
        return whole.folded.at(self._rows)

    def _compared(self, sign: str, left: Scalar, right: Scalar) -> BooleanArray:
        one, other = self._side(left), self._side(right)
        said: BooleanArray
        if _is_column(left):
            said = one.beside(sign, other) if _is_column(right) else one.against(sign, other)
        elif _is_column(right):
            said = other.against(mirrored(sign), one)
        else:
            said = self._constant(compared(sign, one, other))
        return said

    def _like(self, like: Like) -> BooleanArray:
        side, test = self._side(like.of), pattern_test(like.pattern)
        return side.that(test) if isinstance(side, TextColumn) else self._constant(test(side))

    def _among(self, among: Among) -> BooleanArray:
        side = self._side(among.of)
        fixed = [self._side(value) for value in among.options if not _is_column(value)]
        parts = [
            self._compared("=", among.of, value) for value in among.options if _is_column(value)
        ]
        if fixed:
            given = _is_column(among.of)
            parts.append(side.among(fixed) if given else self._constant(side in fixed))
        return reduce(or_, parts)

    def _missing(self, missing: Missing) -> BooleanArray:
        if missing.of is None:
            return self._known(self._absent())
        side = self._side(missing.of)
        if not _is_column(missing.of):
            return self._constant(value=False)
        return self._known(side.missing)

    def _known(self, said: npt.NDArray[np.bool_]) -> BooleanArray:
        return BooleanArray(said.copy(), np.zeros(self._count, dtype=np.bool_))

    def _spatial(self, asked: Spatial) -> BooleanArray:
        left, right, name = asked.left, asked.right, asked.function
        if left is None and right is not None:  # a prepared shape must come first
            left, right, name = right, left, _MIRRORED.get(name, name)
        if left is not None:
            shapely.prepare(left)
        try:
            if right is not None:
                return self._constant(_FUNCTIONS[name](left, right))
            shapes = self._shapes()
            said = _FUNCTIONS[name](shapes if left is None else left, shapes)
        except shapely.errors.GEOSException:
            raise bad_request(
                f"Diese Geometrien lassen sich {at(asked.place)} so nicht vergleichen."
            ) from None
        return BooleanArray(np.asarray(said, dtype=np.bool_), self._absent().copy())

    def _shapes(self) -> npt.NDArray[np.object_]:
        shapes = self._collection.shapes(self._crs.code)
        assert shapes is not None  # noqa: S101 - the geometry is a queryable
        return shapes.written if self._rows is None else shapes.rows(self._rows)

    def _absent(self) -> npt.NDArray[np.bool_]:
        absent: npt.NDArray[np.bool_] = shapely.is_missing(self._shapes())
        return absent


def _is_column(scalar: Scalar) -> bool:
    inner = scalar.of if isinstance(scalar, Folded) else scalar
    return not isinstance(inner, Literal)
