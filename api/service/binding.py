"""Where a service may answer, and to whom: checked before anything is opened."""

from __future__ import annotations

import errno
import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from api.service.addresses import host_name, is_loopback
from api.service.settings import ServiceSettings
from geo.errors import ServiceError

_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
_BACKLOG = 2048
_ANYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - recognised here, never chosen
_URL_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*/?")


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line.

    Attributes
    ----------
    host
        An IP address, or ``localhost``.
    port
        0 for a free one.
    internal
        Whether the internal release shall be shown.
    url
        Address under which others see the service, or "".
    proxy
        IP address of the proxy in front, or "".
    """

    host: str
    port: int
    internal: bool
    url: str
    proxy: str


def settings_for(wish: Wish) -> ServiceSettings:
    """Return the settings of what was asked for, or say why it is not possible.

    The internal release is shown on this computer only, or behind a proxy that is named and
    then is the only one who gets an answer. Wherever the service is open to this computer only
    or shows the internal release, it answers to its own names alone: a page on the web could
    otherwise let its name point here and read along.

    Raises
    ------
    geo.errors.ServiceError
        If it is not possible, or not safe.
    """
    _check_host(wish.host)
    name = _checked_url(wish.url)
    if wish.proxy:
        _check_proxy(wish)
    loopback = is_loopback(wish.host)
    if wish.internal and not loopback and not wish.proxy:
        raise ServiceError(
            "Die interne Fassung enthält, was nicht freigegeben ist. Unter dieser Adresse könnten "
            "andere Rechner sie lesen, ohne sich anzumelden.",
            where=f"--host {wish.host}",
            remedy="--host weglassen (dann antwortet der Dienst nur diesem Rechner), oder einen "
            "Proxy mit Anmeldung davorstellen und mit --proxy und --url nennen.",
        )
    named = _LOOPBACK_NAMES | {_host_in_url(wish.host).lower()} | ({name} if name else set())
    return ServiceSettings(
        internal=wish.internal,
        url=wish.url.rstrip("/"),
        proxy=wish.proxy,
        hosts=named if loopback or wish.internal else frozenset(),
        proxy_only=wish.internal and bool(wish.proxy),
    )


def is_open(host: str) -> bool:
    """Whether other computers can reach an address."""
    return not is_loopback(host)


def open_socket(host: str, port: int) -> socket.socket:
    """Open the door: bind and listen.

    Parameters
    ----------
    host
        An IP address, or ``localhost``.
    port
        0 for a free one.

    Raises
    ------
    geo.errors.ServiceError
        If the port is taken or not allowed, or the address is not one of this computer.
    """
    address = "127.0.0.1" if host.lower() == "localhost" else host
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    # Named as TCP, or the loop does not send small answers at once: they then wait for the
    # other side's delayed acknowledgement, 40 ms each.
    opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # A service that was just ended keeps its port for a minute without this.
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((address, port))
        opened.listen(_BACKLOG)
    except OSError as error:
        opened.close()
        raise _not_opened(error, host, port) from error
    return opened


def address_of(opened: socket.socket) -> str:
    """Return the address under which an open door is reached from this computer."""
    host, port = opened.getsockname()[:2]
    if host in _ANYWHERE:
        host = "127.0.0.1" if opened.family == socket.AF_INET else "::1"
    return f"http://{_host_in_url(host)}:{port}"


def _check_host(host: str) -> None:
    if host.lower() == "localhost" or _is_ip(host):
        return
    raise ServiceError(
        f"»{host}« ist keine IP-Adresse.",
        where="--host",
        remedy="Eine Adresse dieses Rechners nennen, zum Beispiel 127.0.0.1 (nur dieser Rechner) "
        "oder 0.0.0.0 (alle im Netz). Den Namen, unter dem andere den Dienst sehen, nennt --url.",
    )


def _check_proxy(wish: Wish) -> None:
    if not _is_ip(wish.proxy):
        raise ServiceError(
            f"»{wish.proxy}« ist keine IP-Adresse.",
            where="--proxy",
            remedy="Die Adresse nennen, von der die Anfragen des Proxys kommen, zum Beispiel "
            "127.0.0.1.",
        )
    if not wish.url:
        raise ServiceError(
            "Hinter einem Proxy kennt der Dienst seinen Namen nicht.",
            where="--proxy",
            remedy="Die Adresse, unter der andere ihn sehen, mit --url nennen, zum Beispiel "
            "--url https://karte.example.",
        )


def _checked_url(url: str) -> str:
    """Return the name in an address, "" for none; refuse what is no address of a service."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        name = host_name(parts.netloc) if parts.port != 0 else ""
    except ValueError:
        name = ""
    good = name and parts.scheme in {"http", "https"} and _URL_PATH.fullmatch(parts.path)
    if good and not {"?", "#"} & set(url):
        return name
    raise ServiceError(
        f"»{url}« ist keine Adresse, unter der ein Dienst zu sehen ist.",
        where="--url",
        remedy="Sie beginnt mit https:// oder http:// und hat weder »?« noch »#«, zum Beispiel "
        "https://karte.example oder https://www.example/sozialraum.",
    )


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def _host_in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _not_opened(error: OSError, host: str, port: int) -> ServiceError:
    where = f"{_host_in_url(host)}:{port}"
    if error.errno == errno.EADDRINUSE:
        return ServiceError(
            f"Der Port {port} ist schon belegt, vielleicht von einem Dienst, der noch läuft.",
            where=where,
            remedy=f"Jenen beenden oder einen anderen nehmen: --port {_other(port)}, oder "
            "--port 0 für irgendeinen freien.",
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        return ServiceError(
            f"Der Port {port} ist auf diesem Rechner nicht freigegeben.",
            where=where,
            remedy="Einen ab 1024 nehmen, zum Beispiel --port 8000.",
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return ServiceError(
            f"{host} ist keine Adresse dieses Rechners.",
            where=where,
            remedy="127.0.0.1 (nur dieser Rechner), 0.0.0.0 (alle im Netz) oder eine Adresse "
            "einer seiner Netzkarten nehmen.",
        )
    return ServiceError(
        f"Der Dienst kann hier nicht antworten: {error.strerror}.",
        where=where,
        remedy="Eine andere Adresse oder einen anderen Port nehmen.",
    )


def _other(port: int) -> int:
    return port + 1 if port < 65535 else 8000  # noqa: PLR2004 - the last port there is
