"""The coordinate reference systems that are offered, by their addresses (Part 2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.service.problems import bad_request
from geo.crs import WGS84

if TYPE_CHECKING:
    from api.service.catalogue import Collection


@dataclass(frozen=True, slots=True)
class OfferedCrs:
    """A CRS that features are offered in.

    Attributes
    ----------
    uri
        How requests and answers name it.
    code
        How the transformation knows it, e.g. ``"EPSG:25832"``.
    swap
        Whether coordinates stand as latitude, longitude.
    """

    uri: str
    code: str
    swap: bool = False


CRS84 = OfferedCrs("http://www.opengis.net/def/crs/OGC/1.3/CRS84", WGS84)
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


def epsg(code: str, *, swap: bool = False) -> OfferedCrs:
    """Return an offered CRS of the EPSG register by its code, e.g. ``"EPSG:3857"``."""
    return OfferedCrs(_EPSG + code.removeprefix("EPSG:"), code, swap)


def offered(storage: str) -> tuple[OfferedCrs, ...]:
    """Return all that is offered for a metric CRS of storage, the default first."""
    codes = dict.fromkeys([storage, "EPSG:25832", "EPSG:3857"])
    return (CRS84, epsg(WGS84, swap=True), *(epsg(code) for code in codes))


def crs_by_uri(parameter: str, uri: str, collection: Collection) -> OfferedCrs:
    """Return what an address names.

    Parameters
    ----------
    parameter
        That holds the address, e.g. ``"bbox-crs"``.
    uri
        The address.
    collection
        Whose features are asked for.

    Raises
    ------
    api.service.problems.Problem
        If it is not offered.
    """
    choice = offered(collection.storage)
    for crs in choice:
        if crs.uri == uri:
            return crs
    possible = ", ".join(crs.uri for crs in choice)
    raise bad_request(
        f"Das Koordinatensystem in »{parameter}« wird nicht angeboten. Möglich sind: {possible}."
    )
