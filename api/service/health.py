"""How the service is: which snapshot it shows, since when, and what kept it from a newer one."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.service.map_routes import fits_front_end
from api.service.store import SnapshotStore

router = APIRouter()

FINE, STALE = "ok", "veraltet"
OLD_MAP = (
    "Das Programm ist neuer als die Karte; sie wird so gezeigt, wie sie gezeichnet wurde. "
    "»sozialraum build« zeichnet sie neu."
)


@router.get("/health")
async def health(request: Request) -> JSONResponse:
    """Answer with the state of the service.

    ``status`` is ``"ok"``, or ``"veraltet"`` while newer results cannot be shown; ``fault``
    then says why, in German. The status is 200 in both cases: the service works. ``note`` is a
    sentence for whoever runs it, or None: what would be better after a new build.
    """
    store: SnapshotStore = request.app.state.store
    shown, fault = store.shown, store.fault
    facts = shown.catalogue.exported.facts
    return JSONResponse(
        {
            "status": FINE if fault is None else STALE,
            "snapshot": facts["snapshot"],
            "data_date": facts["data_date"] or None,
            "release": facts["release"],
            "since": shown.since,
            "fault": None if fault is None else {"text": fault.text, "since": fault.since},
            "note": None if fits_front_end(shown.catalogue.folder) else OLD_MAP,
        }
    )
