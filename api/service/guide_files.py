"""Ready files for programs of cities: connections of QGIS, entries of the Masterportal."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

import geopandas as gpd

from api.ogc.crs import epsg
from api.service.catalogue import Catalogue, Collection
from api.service.page_signs import OUTLINES
from api.service.page_words import column_of, date_text
from maps.symbols import load_symbols

QGIS_FILE, SERVICES_FILE, STYLES_FILE = "sozialraumkarte-qgis.xml", "services.json", "style.json"
PAGE_SIZE = 1000

_FAINT, _LINE = 0.08, 2

_NOT_SHOWN = frozenset({"id", "osm_ids", "category", "source", "licence"})


def qgis_connections(name: str, base: str) -> str:
    """Return a file that QGIS loads among its connections »WFS / OGC API - Features«.

    Parameters
    ----------
    name
        Of the connection, as QGIS lists it.
    base
        Address of the service, without a slash at the end.

    Returns
    -------
    str
        XML as QGIS writes it itself: ``qgsWFSConnections`` with one ``wfs``.

    Notes
    -----
    Element and attributes are those of QGIS's connection dialogue; version 3.22 reads ``name``
    and ``url`` and the settings of pages and version that stand here.
    """
    attributes = {
        "name": name,
        "url": base + "/",
        "version": "OGC_API_FEATURES",
        "pagingenabled": "enabled",
        "pagesize": str(PAGE_SIZE),
        "maxnumfeatures": "",
        "ignoreAxisOrientation": "false",
        "invertAxisOrientation": "false",
    }
    written = " ".join(f"{key}={quoteattr(_plain(value))}" for key, value in attributes.items())
    return (
        f'<!DOCTYPE connections>\n<qgsWFSConnections version="1.1">\n  <wfs {written}/>\n'
        "</qgsWFSConnections>\n"
    )


def masterportal_services(catalogue: Catalogue, base: str) -> list[dict[str, Any]]:
    """Return entries for the Masterportal's ``services.json``, one for each layer with a map.

    Parameters
    ----------
    catalogue
        The release.
    base
        Address of the service, without a slash at the end.

    Notes
    -----
    The Masterportal does not transform coordinates: objects are asked for in the CRS of its
    map, EPSG:25832 by its default, so that is what stands here.
    """
    study = catalogue.exported.facts["study"]
    metric = epsg("EPSG:25832").uri
    return [
        {
            "id": _identifier(base, one),
            "name": f"{one.info.title} ({study})",
            "url": base,
            "typ": "OAF",
            "collection": one.id,
            "crs": metric,
            "bboxCrs": metric,
            "limit": PAGE_SIZE,
            "styleId": _identifier(base, one),
            "gfiTheme": "default",
            "gfiAttributes": _attributes(one),
            "legend": True,
            "layerAttribution": _attribution(one),
            "datasets": [],
        }
        for one in spatial_collections(catalogue)
    ]


def masterportal_styles(catalogue: Catalogue, base: str) -> list[dict[str, Any]]:
    """Return the entries for the Masterportal's ``style.json`` that the services refer to.

    Parameters
    ----------
    catalogue
        The release.
    base
        Address of the service, without a slash at the end.
    """
    return [
        {"styleId": _identifier(base, one), "rules": _rules(one)}
        for one in spatial_collections(catalogue)
    ]


def spatial_collections(catalogue: Catalogue) -> list[Collection]:
    """Return the collections with a geometry, in their order."""
    return [
        one for one in catalogue.collections.values() if isinstance(one.frame, gpd.GeoDataFrame)
    ]


def _identifier(base: str, one: Collection) -> str:
    """Return an id that other entries of a portal hardly have: host and layer."""
    host = urlsplit(base).hostname or "dienst"
    return f"sozialraumkarte-{host}-{one.id}"


def _attributes(one: Collection) -> dict[str, str]:
    """Return the German heading of each property that a portal shows."""
    return {name: column_of(one.id, name).title for name in one.columns if name not in _NOT_SHOWN}


def _attribution(one: Collection) -> str:
    date = f", Stand {date_text(one.data_date)}" if one.data_date else ""
    return f"{one.source.attribution}{date}"


def _rules(one: Collection) -> list[dict[str, Any]]:
    if one.id == "isochrones":
        return _reach_rules(one)
    symbols = load_symbols()
    style, title = symbols.style, one.info.title
    icons = {layer.id: (layer.shape, layer.colour, "#FFFFFF") for layer in symbols.layers} | {
        "gates": ("gate", style["gate"]["disc"], style["gate"]["colour"]),
        "houses": (style["house"]["shape"], style["house"]["colour"], "#FFFFFF"),
        "ranking": (style["candidate"]["shape"], style["candidate"]["colour"], "#FFFFFF"),
    }
    if one.id in icons:
        shape, fill, line = icons[one.id]
        return [{"style": _icon(shape, fill, line, title)}]
    grounds, common = style["grounds"], style["common_ground"]
    if one.id == "sites":
        made = _area(grounds["colour"], grounds["hatch"], grounds["width"], [], title)
    else:
        made = _area(common["colour"], _FAINT, _LINE, [2, 4], title)
    return [{"style": made}]


def _reach_rules(one: Collection) -> list[dict[str, Any]]:
    """Return a rule for each number of minutes: fill and border as on the map."""
    style = load_symbols().style["isochrones"]
    last = len(style["fill"]) - 1
    rules = []
    for place, minutes in enumerate(sorted({int(value) for value in one.frame["minutes"]})):
        step = min(place, last)
        dash = [int(part) for part in style["dash"][step].split()]
        made = _area(style["colour"], style["fill"][step], _LINE, dash, f"{minutes} Minuten")
        rules.append({"conditions": {"properties": {"minutes": minutes}}, "style": made})
    return rules


def _icon(shape: str, fill: str, line: str, title: str) -> dict[str, Any]:
    drawing = (
        "<svg xmlns='http://www.w3.org/2000/svg' width='22' height='22' viewBox='0 0 24 24' "
        f"fill='{fill}' stroke='{line}' stroke-width='1.6'><path d='{OUTLINES[shape]}'/></svg>"
    )
    return {"type": "icon", "imageName": drawing, "imageScale": 1, "legendValue": title}


def _area(colour: str, share: float, width: float, dash: list[int], title: str) -> dict[str, Any]:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    made: dict[str, Any] = {
        "polygonStrokeColor": [red, green, blue, 1],
        "polygonStrokeWidth": width,
        "polygonFillColor": [red, green, blue, share],
        "legendValue": title,
    }
    return made | ({"polygonStrokeDash": dash} if dash else {})


def _plain(text: str) -> str:
    """Return text without the characters that XML 1.0 does not allow."""
    return "".join(
        sign
        for sign in text
        if sign in "\t\n\r"
        or "\x20" <= sign <= "\ud7ff"
        or "\ue000" <= sign <= "\ufffd"
        or sign > "\uffff"
    )
