"""What every answer says about how it may be used: by pages, by other sites, by caches.

One table says for each part of the service what holds there; a route outside the table does not
start (``check_routes``), so nothing is open because somebody forgot it. The rules follow OWASP
ASVS 5, V3.4 (browser security mechanism headers).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi.routing import iter_route_contexts
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.ogc.media_types import HTML
from api.service.faults import METHODS, answer_problem, log_fault
from api.service.problems import plain_problem
from api.service.settings import ServiceSettings

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
"""Content-Security-Policy of every page: nothing inline, nothing from elsewhere."""

DATA_CSP = "default-src 'none'; frame-ancestors 'none'"
"""Content-Security-Policy of what is no page."""

_HASHES = r"(?: 'sha256-[A-Za-z0-9+/]{43}=')+"
OWN_CSP = re.compile(
    rf"default-src 'none'; script-src{_HASHES}; style-src{_HASHES}; img-src data:; "
    r"font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What a page may say instead: that it holds everything, and runs these very texts alone."""

EXPOSED = "Content-Crs, Content-Disposition, ETag, Link, Retry-After"
"""Headers that a web map of another site may read."""

_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_GOOD = frozenset({200, 206, 304})
_NOT_MODIFIED = 304
_DAY_S = 86400


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for one part of the service.

    Attributes
    ----------
    shared
        Whether pages of other sites may read the answers of the public release (CORS).
        Nobody may read those of the internal one: a page on the web could otherwise ask the
        service on the computer of whoever opens it.
    kept
        Whether answers depend on snapshot, address and form only, so that they can be kept
        and have an ETag.
    caching
        ``Cache-Control`` of good answers of the public release that name none themselves.
    lasting
        Whether some answers do name one, because their address holds a digest of them.
    """

    shared: bool
    kept: bool
    caching: str
    lasting: bool = False


_CHECKED = "public, no-cache"  # may be stored, is asked for again by its ETag
_DATA = Policy(shared=True, kept=True, caching=_CHECKED)
_PAGE = Policy(shared=False, kept=True, caching=_CHECKED, lasting=True)
_STATE = Policy(shared=False, kept=False, caching="no-store")
_NOWHERE = _STATE

POLICIES: Mapping[str, Policy] = {
    "": _DATA,
    "api": _DATA,
    "collections": _DATA,
    "conformance": _DATA,
    "dateien": _DATA,
    "health": _STATE,
    "hilfe": _DATA,
    "karte": _PAGE,
    "static": _PAGE,
}
"""Policy of each part of the service, by the first step of the path."""


def policy_of(path: str) -> Policy:
    """Return what holds for a path."""
    return POLICIES.get(_part(path), _NOWHERE)


def route_paths(routes: Sequence[BaseRoute]) -> list[str]:
    """Return the paths of all routes, those of included routers too."""
    return [route.path or "" for route in iter_route_contexts(routes)]


def check_routes(routes: Sequence[BaseRoute]) -> None:
    """Refuse routes for which nobody has said what holds.

    Raises
    ------
    RuntimeError
        If a route's part is not in ``POLICIES``.
    """
    unknown = sorted(path for path in route_paths(routes) if _part(path) not in POLICIES)
    if unknown:
        raise RuntimeError(f"no policy in api.service.security.POLICIES for {unknown}")


def _part(path: str) -> str:
    return path.removeprefix("/").partition("/")[0]


def security_headers(path: str, status: int, media_type: str, *, internal: bool) -> dict[str, str]:
    """Return the headers that an answer must carry.

    Parameters
    ----------
    path
        Of the request.
    status
        Of the answer.
    media_type
        Of the answer, "" if it has no body.
    internal
        Whether the internal release is shown.
    """
    policy = policy_of(path)
    shared = policy.shared and not internal
    caching = "no-store" if internal or status not in _GOOD else policy.caching
    headers = {
        **_FIXED,
        "Content-Security-Policy": CSP if media_type.startswith(HTML) else DATA_CSP,
        "Cross-Origin-Resource-Policy": "cross-origin" if shared else "same-origin",
        "Cache-Control": caching,
    }
    if status == _NOT_MODIFIED:
        # Its headers replace those that are kept with the answer (RFC 9111, 3.2), and it does
        # not know whether that is a page: the policy of data would leave a page blank.
        del headers["Content-Security-Policy"]
    if shared:
        headers["Access-Control-Allow-Origin"] = "*"
        headers["Access-Control-Expose-Headers"] = EXPOSED
    return headers


class SecurityMiddleware:
    """Outermost: gives every answer its headers, and answers for what failed inside.

    Parameters
    ----------
    app
        What is inside.
    settings
        What the service is started with.
    """

    def __init__(self, app: ASGIApp, settings: ServiceSettings) -> None:
        self._app = app
        self._internal = settings.internal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def dressed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._dress(scope["path"], message)
            await send(message)

        try:
            if scope["method"] == "OPTIONS":
                await self._options(scope)(scope, receive, dressed)
            else:
                await self._app(scope, receive, dressed)
        except Exception as error:
            log_fault(error)
            if started:
                raise  # the server closes the connection: half an answer must not look whole
            await answer_problem(Request(scope), plain_problem(500))(scope, receive, dressed)

    def _dress(self, path: str, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        made = security_headers(
            path,
            message["status"],
            headers.get("content-type", ""),
            internal=self._internal,
        )
        # Assets are named by their digest and may say so; nobody may loosen anything else.
        if not self._internal and message["status"] in _GOOD and "cache-control" in headers:
            del made["Cache-Control"]
        if OWN_CSP.fullmatch(headers.get("content-security-policy", "")):
            made.pop("Content-Security-Policy", None)
        for name, value in made.items():
            headers[name] = value

    def _options(self, scope: Scope) -> ASGIApp:
        """Say what can be asked here, also to a browser that asks for another site (CORS)."""
        if _part(scope["path"]) not in POLICIES:
            return answer_problem(Request(scope), plain_problem(404))
        headers = {"Allow": METHODS}
        if policy_of(scope["path"]).shared and not self._internal:
            headers["Access-Control-Allow-Methods"] = METHODS
            headers["Access-Control-Allow-Headers"] = "*"
            headers["Access-Control-Max-Age"] = str(_DAY_S)
        return Response(status_code=204, headers=headers)
