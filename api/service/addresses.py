"""Who asks, and under which name: proxies that are believed, and names that are answered."""

from __future__ import annotations

import ipaddress
import re

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.service.faults import answer_problem
from api.service.problems import Problem, bad_request, plain_problem
from api.service.settings import ServiceSettings

_FORWARDED = re.compile(rb"x-forwarded-.*|forwarded|x-real-ip|x-original-.*|x-rewrite-url")
_HOST = re.compile(r"([a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(:[0-9]{1,5})?", re.IGNORECASE)
_SCHEMES = frozenset({"http", "https"})


def is_loopback(address: str) -> bool:
    """Whether an address is one of this computer alone; names other than localhost are not."""
    if address.lower() == "localhost":
        return True
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return bool((mapped or parsed).is_loopback)


def same_address(one: str, other: str) -> bool:
    """Whether two texts are the same IP address, however they are written."""
    try:
        addresses = [ipaddress.ip_address(text) for text in (one, other)]
    except ValueError:
        return False
    first, second = (getattr(found, "ipv4_mapped", None) or found for found in addresses)
    return bool(first == second)


def host_name(host: str) -> str:
    """Return the name of a ``Host`` header without its port, lower case; "" if it is none."""
    found = _HOST.fullmatch(host)
    return found[1].lower().rstrip(".") if found else ""


class AddressMiddleware:
    """Believes one proxy, drops what others claim, and answers to known names only.

    Parameters
    ----------
    app
        What is inside.
    settings
        What the service is started with.
    """

    def __init__(self, app: ASGIApp, settings: ServiceSettings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        peer = (scope.get("client") or ("", 0))[0]
        trusted = bool(self._settings.proxy) and same_address(peer, self._settings.proxy)
        scope = _believed(scope, trusted=trusted)
        fault = self._fault(scope, peer, trusted=trusted)
        if fault is not None:
            await answer_problem(Request(scope), fault)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _fault(self, scope: Scope, peer: str, *, trusted: bool) -> Problem | None:
        if self._settings.proxy_only and not trusted and not is_loopback(peer):
            return plain_problem(403)
        name = host_name(Headers(scope=scope).get("host", ""))
        if not name:
            return bad_request("Die Kopfzeile »Host« fehlt oder ist kein Name.")
        if self._settings.hosts and name not in self._settings.hosts:
            return plain_problem(421)
        return None


def _believed(scope: Scope, *, trusted: bool) -> Scope:
    """Return the request as it is known for sure.

    What a proxy adds (scheme, name and asker of the request before it) counts only from the
    proxy that is named; from all others these headers are as if they had not been sent.
    """
    headers = [
        (name, value) for name, value in scope["headers"] if not _FORWARDED.fullmatch(name.lower())
    ]
    made = {**scope, "headers": headers}
    if not trusted:
        return made
    told = Headers(scope=scope)
    if (scheme := told.get("x-forwarded-proto", "").strip().lower()) in _SCHEMES:
        made["scheme"] = scheme
    host = told.get("x-forwarded-host", "").strip()
    if host_name(host):
        kept = [(name, value) for name, value in headers if name.lower() != b"host"]
        made["headers"] = [*kept, (b"host", host.encode("ascii"))]
    asker = told.get("x-forwarded-for", "").rpartition(",")[2].strip()
    if asker:
        made["client"] = (asker, 0)
    return made
