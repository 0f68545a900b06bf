"""Scripts, style sheets and fonts of the service: those that are named here, and no others."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.service.page_assets import page_assets
from api.service.problems import not_found
from maps.assets import short_digest
from maps.front_end import front_end_files

FOR_EVER = "public, max-age=31536000, immutable"
"""``Cache-Control`` of an address that holds a digest of what lies behind it."""

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
"""Media type by the end of a file's name."""

router = APIRouter(include_in_schema=False)


def media_type_of(name: str) -> str:
    """Return the media type of a file that the service hands out.

    Parameters
    ----------
    name
        File name.

    Raises
    ------
    KeyError
        If files of this kind are not handed out.
    """
    return MEDIA_TYPES[PurePosixPath(name).suffix]


def static_file(name: str) -> bytes:
    """Return a file of the front end or of the pages.

    Parameters
    ----------
    name
        File name; looked up in two tables, never on the disk.

    Raises
    ------
    api.service.problems.Problem
        If there is none of that name.
    """
    files = front_end_files()
    if name not in files:
        files = page_assets()
    if name not in files:
        raise not_found("Diese Datei gibt es hier nicht.")
    return files[name]


@router.get("/static/{name}")
def static(name: str, digest: Annotated[str, Query(alias="v")] = "") -> Response:
    """Hand out a file; for ever, where the address names its very content."""
    content = static_file(name)
    headers = {"Cache-Control": FOR_EVER} if digest == short_digest(content) else {}
    return Response(content, headers=headers, media_type=media_type_of(name))
