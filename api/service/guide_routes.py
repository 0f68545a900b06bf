"""Guides and downloads: how programs read the service, ready files for them, the release."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, RedirectResponse

from api.ogc.crs import epsg
from api.ogc.media_types import HTML
from api.service import guide_files
from api.service.page_downloads import ReleaseFile, release_files
from api.service.page_filters import filter_parameters
from api.service.page_site import Site, catalogue_of, site_of
from api.service.page_words import size_text
from api.service.pages import show
from api.service.problems import not_found

router = APIRouter(include_in_schema=False)

GUIDES: Mapping[str, str] = {
    "qgis": "QGIS",
    "arcgis": "ArcGIS",
    "masterportal": "Masterportal",
}
"""Title of each guide by the end of its path."""

_GROUPS = (
    "Zum Ansehen und für ein GIS",
    "Tabellen",
    "Einzelne Ebenen für ein GIS",
    "Beschreibungen für Kataloge und Programme",
)


@router.get("/hilfe")
def guides(request: Request) -> Response:
    """Answer with the list of guides."""
    site = _site(request)
    values = {"title": "Hilfe", "at_top": True, "crumbs": [("", "Hilfe")]}
    return _page("help.html", site, here="hilfe", guides=GUIDES, **values)


@router.get("/hilfe/{name}")
def guide(request: Request, name: str) -> Response:
    """Answer with a guide."""
    if name not in GUIDES:
        raise not_found("Diese Anleitung gibt es nicht.")
    site, catalogue = _site(request), catalogue_of(request)
    layers = guide_files.spatial_collections(catalogue)
    first = next((one for one in layers if one.id == "services"), layers[0] if layers else None)
    values: dict[str, Any] = {
        "title": GUIDES[name],
        "crumbs": [(f"{site.root}/hilfe", "Hilfe"), ("", GUIDES[name])],
        "layers": [(one.id, one.info.title) for one in layers],
        "first": (first.id, first.info.title) if first else ("", ""),
        "metric": epsg("EPSG:25832").uri,
        "page_size": guide_files.PAGE_SIZE,
        "has_package": "snapshot.gpkg" in release_files(catalogue.folder),
        "example": "",
    }
    if name == "masterportal":
        entries = guide_files.masterportal_services(catalogue, site.base)
        values["example"] = _json(
            [one for one in entries if one["collection"] == values["first"][0]]
        )
    return _page(f"help_{name}.html", site, here="hilfe", **values)


@router.get("/hilfe/qgis/sozialraumkarte-qgis.xml")
def qgis_file(request: Request) -> Response:
    """Answer with the connection file of QGIS."""
    site = _site(request)
    text = guide_files.qgis_connections(f"Sozialraumkarte {site.study}", site.base)
    return _download(text, "application/xml", guide_files.QGIS_FILE)


@router.get("/hilfe/masterportal/services.json")
def services_file(request: Request) -> Response:
    """Answer with the entries for the Masterportal's services.json."""
    made = guide_files.masterportal_services(catalogue_of(request), _site(request).base)
    return _download(_json(made), "application/json", guide_files.SERVICES_FILE)


@router.get("/hilfe/masterportal/style.json")
def styles_file(request: Request) -> Response:
    """Answer with the entries for the Masterportal's style.json."""
    made = guide_files.masterportal_styles(catalogue_of(request), _site(request).base)
    return _download(_json(made), "application/json", guide_files.STYLES_FILE)


@router.get("/dateien")
def files(request: Request) -> Response:
    """Answer with the list of files of the release."""
    site = _site(request)
    found = release_files(catalogue_of(request).folder).values()
    return _page(
        "files.html",
        site,
        here="dateien",
        title="Dateien",
        at_top=True,
        crumbs=[("", "Dateien")],
        groups=[
            (title, [_line(site, one) for one in found if _group(one) == title])
            for title in _GROUPS
        ],
    )


@router.get("/dateien/{name:path}")
def file(request: Request, name: str) -> Response:
    """Answer with a file of the release; its name is looked up, never followed."""
    found = release_files(catalogue_of(request).folder).get(name)
    if found is None:
        raise not_found("Diese Datei gibt es in dieser Fassung nicht.")
    etag = _etag(found)
    short = found.name.rpartition("/")[2]
    headers = {"ETag": etag, "Content-Disposition": _attachment(short)}
    if etag in (part.strip().removeprefix("W/") for part in _matching(request)):
        return Response(status_code=304, headers=headers)
    return FileResponse(found.path, media_type=found.media_type, headers=headers)


@router.get("/collections/{collection_id}/suche")
def search(request: Request, collection_id: str) -> Response:
    """Lead from the form of a page to the objects: what was left empty is left out."""
    shown = catalogue_of(request).collections.get(collection_id)
    if shown is None:
        raise not_found("Diese Ebene gibt es nicht.")
    chosen = filter_parameters(shown, dict(request.query_params))
    target = _site(request).items(shown.id, **chosen)
    return RedirectResponse(target, status_code=303)


def _site(request: Request) -> Site:
    return site_of(request, catalogue_of(request), also_json=False)


def _page(template: str, site: Site, **values: Any) -> Response:
    return Response(show(template, site, **values), media_type=HTML)


def _download(text: str, media_type: str, name: str) -> Response:
    content = text.encode("utf-8", "replace")
    return Response(
        content,
        media_type=media_type,
        headers={"Content-Disposition": _attachment(name)},
    )


def _attachment(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _group(one: ReleaseFile) -> str:
    """Return under which heading a file is listed."""
    if one.name in {"snapshot.gpkg", "karte.html", "LIESMICH.txt", "begehungsliste.html"}:
        return _GROUPS[0]
    ending = one.path.suffix
    return {".csv": _GROUPS[1], ".geojson": _GROUPS[2], ".gpkg": _GROUPS[2]}.get(
        ending, _GROUPS[3]
    )


def _line(site: Site, one: ReleaseFile) -> dict[str, str]:
    return {
        "name": one.name,
        "href": f"{site.root}/dateien/{quote(one.name)}",
        "title": one.title,
        "text": one.text,
        "size": size_text(one.size),
    }


def _etag(one: ReleaseFile) -> str:
    state = one.path.stat()
    known = f"{one.name}\0{state.st_size}\0{state.st_mtime_ns}"
    return f'"{hashlib.sha256(known.encode()).hexdigest()[:32]}"'


def _matching(request: Request) -> list[str]:
    return request.headers.get("if-none-match", "").split(",")
