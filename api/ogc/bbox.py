"""The parameter ``bbox``: which features touch a rectangle (Part 1, 7.15.3; Part 2, 6.2.4)."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from shapely import box

from api.ogc.crs import CRS84, OfferedCrs, crs_by_uri
from api.ogc.parameters import Query, shown
from api.service.catalogue import Collection
from api.service.problems import bad_request
from geo.crs import WGS84

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_EXAMPLE = "Möglich sind vier Zahlen, zum Beispiel »bbox=7.4,51.9,7.7,52.1«, oder sechs mit Höhen."
_FLAT, _WITH_HEIGHTS = 4, 6
_LONGITUDE, _LATITUDE = 180.0, 90.0


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle in an offered CRS.

    Attributes
    ----------
    west, south, east, north
        In the units of the CRS. In degrees ``west`` may be greater than ``east``: then it
        lies across the antimeridian.
    code
        The CRS, with the first axis to the east.
    """

    west: float
    south: float
    east: float
    north: float
    code: str

    @property
    def spans(self) -> tuple[tuple[float, float], ...]:
        """From west to east; two of them across the antimeridian."""
        if self.west <= self.east:
            return ((self.west, self.east),)
        return ((self.west, _LONGITUDE), (-_LONGITUDE, self.east))

    def rows(self, collection: Collection) -> npt.NDArray[np.bool_]:
        """Return which features touch the rectangle, or have no geometry."""
        shapes = collection.shapes(self.code)
        if shapes is None:
            return np.ones(len(collection.frame), dtype=np.bool_)
        touched = shapes.absent.copy()
        for west, east in self.spans:
            area = box(west, self.south, east, self.north)
            touched[shapes.tree.query(area, predicate="intersects")] = True
        return touched


def asked_rectangle(query: Query, collection: Collection) -> Rectangle | None:
    """Return the rectangle of a request, or None if it has none.

    Raises
    ------
    api.service.problems.Problem
        If it is not four or six numbers, its corners stand the wrong way round, degrees lie
        outside the world, or ``bbox-crs`` is not offered.
    """
    crs = crs_by_uri("bbox-crs", query.get("bbox-crs", CRS84.uri), collection)
    if "bbox" not in query:
        return None
    numbers = _numbers(query["bbox"])
    if len(numbers) == _WITH_HEIGHTS:
        if numbers[2] > numbers[5]:
            raise bad_request("In »bbox« ist die untere Höhe größer als die obere.")
        del numbers[5], numbers[2]
    if len(numbers) != _FLAT:
        raise bad_request(f"»bbox« hat {len(numbers)} Zahlen. {_EXAMPLE}")
    first, second, third, fourth = numbers
    west, south, east, north = (
        (second, first, fourth, third) if crs.swap else (first, second, third, fourth)
    )
    _check_order(west, south, east, north, crs)
    return Rectangle(west, south, east, north, crs.code)


def _numbers(text: str) -> list[float]:
    numbers = []
    for part in text.split(",", maxsplit=_WITH_HEIGHTS):
        number = float(part) if _NUMBER.fullmatch(part.strip()) else math.nan
        if not math.isfinite(number):
            raise bad_request(f"»{shown(part)}« in »bbox« ist keine Zahl. {_EXAMPLE}")
        numbers.append(number)
    return numbers


def _check_order(west: float, south: float, east: float, north: float, crs: OfferedCrs) -> None:
    if south > north:
        raise bad_request("In »bbox« liegt die untere Kante über der oberen.")
    if crs.code != WGS84:
        if west > east:
            raise bad_request("In »bbox« liegt die linke Kante rechts von der rechten.")
    elif max(abs(west), abs(east)) > _LONGITUDE or max(abs(south), abs(north)) > _LATITUDE:
        raise bad_request(
            "»bbox« liegt außerhalb der Welt: Längen gehen von -180 bis 180 Grad, Breiten von "
            "-90 bis 90."
        )
