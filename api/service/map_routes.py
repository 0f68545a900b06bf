"""The interactive map as a page of the service, and the data that it fetches.

All of it was written by the build (``maps.served_map``) and checked when the snapshot was taken
(``api.service.release_check``); here it is only handed out. The addresses of the data name their
state: they may be kept for ever, and those of an earlier state are gone.

After an update of the program its front end no longer fits these data. Until the next build the
map is then shown as the file that the build wrote too: it carries the front end it was made for.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.ogc.media_types import HTML
from api.service.problems import Problem, not_found
from api.service.release_check import MAP
from api.service.security import OWN_CSP
from api.service.static_files import FOR_EVER, media_type_of
from maps.front_end import front_end_digest
from maps.served_map import PAGE_FILE, SERVED_FOLDER, TABLE_FILE

router = APIRouter(include_in_schema=False)

_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
_HEAD_BYTES = 4096  # it stands before all that it speaks of


@dataclass(frozen=True)
class ServedMap:
    """The map of a snapshot, as it lies on the disk.

    Attributes
    ----------
    folder
        Where its files lie.
    stand
        Name of the state that all of them show.
    front_end
        Digest of the front end that they were made for.
    names
        Its files.
    """

    folder: Path
    stand: str
    front_end: str
    names: frozenset[str]

    def read(self, name: str) -> bytes:
        """Return a file of the map.

        Raises
        ------
        api.service.problems.Problem
            If there is none of that name.
        """
        if name not in self.names:
            raise not_found("Diese Daten gibt es hier nicht.")
        return (self.folder / name).read_bytes()


@router.get("/karte")
def map_page(request: Request) -> Response:
    """Hand out the page of the map."""
    served = _served(request)
    if served.front_end == front_end_digest():
        return Response(served.read(PAGE_FILE), media_type=HTML)
    whole = (served.folder.parent / MAP).read_bytes()
    policy = _own_policy(whole)
    if not OWN_CSP.fullmatch(policy):
        raise Problem(
            409,
            "Die Karte wurde mit einer anderen Fassung des Programms gezeichnet als der, die "
            "hier antwortet. Bitte die Studie mit »sozialraum build« neu bauen.",
        )
    return Response(whole, headers={"Content-Security-Policy": policy}, media_type=HTML)


def fits_front_end(folder: Path) -> bool:
    """Whether the map in the folder of a release was made for the front end of this program."""
    return served_map(folder).front_end == front_end_digest()


def _own_policy(page: bytes) -> str:
    """Return what a page that holds everything says it may run, and that nobody frames it."""
    found = _POLICY.search(page[:_HEAD_BYTES])
    return f"{found[1].decode('ascii', 'replace')}; frame-ancestors 'none'" if found else ""


@router.get("/karte/daten/{name}")
def map_data(request: Request, name: str, stand: Annotated[str, Query()] = "") -> Response:
    """Hand out data of the map; for ever, where the address names the state that is shown."""
    served = _served(request)
    if stand and stand != served.stand:
        raise Problem(410, "Es gibt einen neuen Stand der Karte. Bitte die Karte neu laden.")
    if name == PAGE_FILE:
        raise not_found("Diese Daten gibt es hier nicht.")
    headers = {"Cache-Control": FOR_EVER} if stand else {}
    return Response(served.read(name), headers=headers, media_type=media_type_of(name))


def _served(request: Request) -> ServedMap:
    return served_map(request.app.state.store.current().folder)


def served_map(release: Path) -> ServedMap:
    """Return the map in the folder of a release."""
    folder = release / SERVED_FOLDER
    table = json.loads((folder / TABLE_FILE).read_text(encoding="utf-8"))
    names = frozenset(part["name"] for part in table["parts"])
    return ServedMap(folder, table["stand"], table["front_end"], names)
