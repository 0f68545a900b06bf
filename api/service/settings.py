"""What a service is started with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """What a service is started with; nothing of it is read from anywhere else.

    Attributes
    ----------
    internal
        Whether the internal release is shown instead of the public one.
    url
        Address under which others see the service, e.g. ``"https://karte.example"``, without
        a slash at the end; "" takes it from each request.
    proxy
        Address of the proxy whose ``X-Forwarded-…`` headers count; "" if there is none.
    default_limit, max_limit
        Features on a page where a request names no number, and at most.
    hosts
        Names under which the service may be addressed, lower case and without a port, as the
        header ``Host`` carries them; empty: any. With a list, a page that lets its own name
        point at this computer (DNS rebinding) reads nothing.
    proxy_only
        Whether only the proxy and this computer itself are answered.
    max_running
        Requests that are worked on at the same time; more are asked to come back.
    """

    internal: bool = False
    url: str = ""
    proxy: str = ""
    default_limit: int = 1000
    max_limit: int = 10_000
    hosts: frozenset[str] = frozenset()
    proxy_only: bool = False
    max_running: int = 256
