"""What all talking to servers has in common: patience, politeness, German words."""

from __future__ import annotations

import time
from importlib import metadata
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from geo.errors import OnlineError

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.progress import Progress

Result = TypeVar("Result")

ATTEMPTS = 4
"""How often a busy server is asked before giving up."""

_FIRST_WAIT_S = 15.0
_LONGEST_WAIT_S = 120.0
_BUSY = {429, 502, 503, 504}

BY_EXTRACT = (
    "Es geht auch ohne diesen Weg: auf download.geofabrik.de (Europa, Deutschland, "
    "Nordrhein-Westfalen, dann der Regierungsbezirk) die Datei mit der Endung .osm.pbf "
    "herunterladen, notfalls an einem anderen Rechner, und »sozialraum new ORDNER --extract "
    "DATEI« aufrufen."
)


class BusyError(Exception):
    """The server asks for patience.

    Parameters
    ----------
    wait_s
        For how many seconds, if it says so.
    """

    def __init__(self, wait_s: float | None = None) -> None:
        self.wait_s = wait_s
        super().__init__(f"busy, wait {wait_s}")


def host_of(url: str) -> str:
    """Return the name of the server, for people to read."""
    return urlsplit(url).hostname or url


def checked_url(url: str, variable: str) -> str:
    """Return a server's address without its last slash.

    Raises
    ------
    OnlineError
        If it is no address of a web server.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise OnlineError(
            f"»{url}« ist keine Adresse eines Servers.",
            where=f"Umgebungsvariable {variable}",
            remedy="Eine Adresse angeben, die mit https:// beginnt, oder die Variable löschen.",
        )
    return url.rstrip("/")


def user_agent() -> str:
    """Return how we introduce ourselves; the servers' rules ask for it."""
    try:
        version = metadata.version("sozialraumkarte")
    except metadata.PackageNotFoundError:
        version = "0"
    return f"Sozialraumkarte/{version}"


def check_status(status: int, retry_after: str | None, url: str) -> None:
    """Refuse an answer that is none.

    Raises
    ------
    BusyError
        If asking again later may help.
    OnlineError
        If it will not.
    """
    if status in _BUSY:
        seconds = (retry_after or "").strip()
        raise BusyError(float(seconds) if seconds.isdigit() else None)
    if status >= 400:  # noqa: PLR2004 - the first code of a fault
        raise OnlineError(
            f"Der Server {host_of(url)} hat die Anfrage abgelehnt (Fehler {status}).",
            where=url,
            remedy=BY_EXTRACT,
        )


def patiently(ask: Callable[[], Result], url: str, progress: Progress) -> Result:
    """Ask a server, and ask again when it is busy, a few times and ever more slowly.

    Raises
    ------
    OnlineError
        If there is no connection, or the server stays busy.
    """
    import requests  # noqa: PLC0415 - only when needed

    for attempt in range(ATTEMPTS):
        try:
            return ask()
        except BusyError as busy:
            if attempt == ATTEMPTS - 1:
                break
            wait_s = min(busy.wait_s or _FIRST_WAIT_S * 2**attempt, _LONGEST_WAIT_S)
            progress(f"Der Server {host_of(url)} ist ausgelastet, neuer Versuch in {wait_s:.0f} s")
            time.sleep(wait_s)
        except requests.exceptions.ReadTimeout as error:
            raise OnlineError(
                f"Der Server {host_of(url)} hat nicht rechtzeitig geantwortet.",
                where=url,
                remedy=f"Es später noch einmal versuchen. {BY_EXTRACT}",
            ) from error
        except requests.exceptions.RequestException as error:
            raise OnlineError(
                f"Zum Server {host_of(url)} gibt es keine Verbindung.",
                where=url,
                remedy=f"Die Internetverbindung prüfen. {BY_EXTRACT}",
            ) from error
    raise OnlineError(
        f"Der Server {host_of(url)} ist ausgelastet und hat {ATTEMPTS}-mal nicht geantwortet.",
        where=url,
        remedy=f"Es später noch einmal versuchen. {BY_EXTRACT}",
    )


def bad_answer(url: str, what: str) -> OnlineError:
    """Say that an answer cannot be used; ``what`` is a German half-sentence."""
    return OnlineError(
        f"Die Antwort des Servers {host_of(url)} ist nicht brauchbar: {what}.",
        where=url,
        remedy=f"Es später noch einmal versuchen. {BY_EXTRACT}",
    )
