"""How much one request may ask, and how many are worked on at once.

No route takes a body, so none is read. The server itself cuts a head that never ends (see
``api.service.server``); these limits hold behind any server.
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.service.faults import answer_problem
from api.service.problems import Problem, bad_request, plain_problem
from api.service.settings import ServiceSettings

MAX_BODY = 1024 * 1024
MAX_URL = 8 * 1024
MAX_HEADER = 8 * 1024
MAX_HEAD = 16 * 1024
MAX_HEADERS = 100
"""Bytes of a body, of path and query, of one header line and of all of them; header lines."""
MAX_PARAMETERS = 64
RETRY_AFTER_S = 2

_CLOSE = {"Connection": "close"}


def fault_of_size(scope: Scope) -> Problem | None:
    """Return why a request is too large, or None.

    Parameters
    ----------
    scope
        The request as ASGI gives it.
    """
    path = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope["query_string"]
    if len(path) + len(query) > MAX_URL:
        return plain_problem(414, _CLOSE)
    sizes = [len(name) + len(value) for name, value in scope["headers"]]
    if len(sizes) > MAX_HEADERS or sum(sizes) > MAX_HEAD or max(sizes, default=0) > MAX_HEADER:
        return plain_problem(431, _CLOSE)
    length = Headers(scope=scope).get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        return bad_request("Die Länge der Anfrage ist keine Zahl.")
    if len(length) > len(str(MAX_BODY)) or int(length) > MAX_BODY:
        return plain_problem(413, _CLOSE)
    if query.count(b"&") >= MAX_PARAMETERS:
        return bad_request(f"Eine Anfrage hat höchstens {MAX_PARAMETERS} Parameter.")
    return None


class LimitsMiddleware:
    """Refuses what is too large, and what comes while too much is going on.

    Parameters
    ----------
    app
        What is inside.
    settings
        What the service is started with.
    """

    def __init__(self, app: ASGIApp, settings: ServiceSettings) -> None:
        self._app = app
        self._most = settings.max_running
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        fault = fault_of_size(scope)
        if fault is None and self._running >= self._most:
            fault = plain_problem(503, {"Retry-After": str(RETRY_AFTER_S)})
        if fault is not None:
            await answer_problem(Request(scope), fault)(scope, receive, send)
            return
        if _has_body(scope):
            send = _closing(send)
        if (target := _without_slash(scope)) is not None:
            await Response(status_code=308, headers={"Location": target})(scope, receive, send)
            return
        self._running += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._running -= 1


def _has_body(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"


def _closing(send: Send) -> Send:
    """End the connection after the answer, so that a body nobody reads need not arrive."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Connection"] = "close"
        await send(message)

    return sent


def _without_slash(scope: Scope) -> str | None:
    """Return where a path with one slash too many leads, relative to itself.

    A relative target stays on this host and below the prefix of a proxy; a path with two
    slashes in a row, which a browser would take for a host, leads nowhere.
    """
    path: bytes = scope.get("raw_path") or b""
    if len(path) < 2 or not path.endswith(b"/") or b"//" in path or b"\\" in path:  # noqa: PLR2004
        return None
    target = "../" + path[:-1].rpartition(b"/")[2].decode("ascii", "replace")
    query: bytes = scope["query_string"]
    return f"{target}?{query.decode('latin-1')}" if query else target
