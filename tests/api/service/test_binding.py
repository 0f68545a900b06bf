"""Where the service answers, and what it refuses before it opens anything."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from api.service.binding import Wish, address_of, is_open, open_socket, settings_for
from geo.errors import ServiceError

EVERYWHERE = "0.0.0.0"  # noqa: S104


def wish(**given: Any) -> Wish:
    """Return what the command line asks for by itself, and what is given."""
    usual: dict[str, Any] = {"host": "127.0.0.1", "port": 8000, "internal": False, "url": "",
                             "proxy": ""}  # fmt: skip
    return Wish(**{**usual, **given})


def test_by_itself_only_this_computer_is_answered() -> None:
    settings = settings_for(wish())
    assert not settings.internal
    assert settings.hosts == {"localhost", "127.0.0.1", "[::1]"}
    assert not is_open("127.0.0.1")


def test_the_public_release_may_be_open_to_all_names() -> None:
    settings = settings_for(wish(host=EVERYWHERE))
    assert settings.hosts == frozenset()
    assert not settings.proxy_only
    assert is_open(EVERYWHERE)


@pytest.mark.parametrize("host", [EVERYWHERE, "192.168.1.5", "::"])
def test_the_internal_release_is_not_open(host: str) -> None:
    with pytest.raises(ServiceError, match="nicht freigegeben") as caught:
        settings_for(wish(host=host, internal=True))
    assert caught.value.where == f"--host {host}"
    assert "--proxy" in str(caught.value.remedy)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.0.0.2"])
def test_the_internal_release_on_this_computer(host: str) -> None:
    settings = settings_for(wish(host=host, internal=True))
    assert settings.internal
    assert "localhost" in settings.hosts


def test_the_internal_release_behind_a_named_proxy() -> None:
    settings = settings_for(
        wish(host=EVERYWHERE, internal=True, proxy="10.0.0.2", url="https://Intern.example/karte/")
    )
    assert settings.proxy_only
    assert settings.proxy == "10.0.0.2"
    assert settings.url == "https://Intern.example/karte"
    assert "intern.example" in settings.hosts
    assert "boese.example" not in settings.hosts


def test_a_proxy_needs_the_name_that_others_see() -> None:
    with pytest.raises(ServiceError, match="Namen nicht") as caught:
        settings_for(wish(proxy="127.0.0.1"))
    assert "--url" in str(caught.value.remedy)


@pytest.mark.parametrize("proxy", ["proxy.example", "10.0.0.0/8", "*", "fe80::1%eth0"])
def test_a_proxy_is_one_address(proxy: str) -> None:
    with pytest.raises(ServiceError, match="keine IP-Adresse"):
        settings_for(wish(proxy=proxy, url="https://a.example"))


@pytest.mark.parametrize("host", ["karte.example", "", "10.0.0", "0x7f.1"])
def test_a_host_is_an_address(host: str) -> None:
    with pytest.raises(ServiceError, match="keine IP-Adresse"):
        settings_for(wish(host=host))


@pytest.mark.parametrize(
    "url",
    ["karte.example", "ftp://a.example", "https://", "https://a b", "https://a.example/?x=1",
     "https://a.example/#x", "javascript:alert(1)", "https://user:pw@a.example", "https://a:99999",
     "https://a.example//b", "https://a.example/<b>", "https://[::1", "https://a:0"],
)  # fmt: skip
def test_what_is_no_address_of_a_service(url: str) -> None:
    with pytest.raises(ServiceError, match="keine Adresse"):
        settings_for(wish(url=url))


@pytest.mark.parametrize(
    "url",
    ["https://a.example", "http://a.example:8080/", "https://a.example/x/y", "http://[::1]:8"],
)
def test_addresses_of_a_service(url: str) -> None:
    assert settings_for(wish(url=url)).url == url.rstrip("/")


def test_a_free_port_is_told() -> None:
    with open_socket("127.0.0.1", 0) as opened:
        assert opened.proto == socket.IPPROTO_TCP  # else small answers wait, see there
        port = opened.getsockname()[1]
        assert port > 0
        assert address_of(opened) == f"http://127.0.0.1:{port}"
        with socket.create_connection(("127.0.0.1", port)):
            pass


def test_a_port_that_is_taken() -> None:
    with open_socket("127.0.0.1", 0) as opened:
        port = opened.getsockname()[1]
        with pytest.raises(ServiceError, match="schon belegt") as caught:
            open_socket("localhost", port)
        assert f"--port {port + 1}" in str(caught.value.remedy)


def test_an_address_of_another_computer() -> None:
    with pytest.raises(ServiceError, match="keine Adresse dieses Rechners"):
        open_socket("192.0.2.1", 0)


def test_an_open_door_is_reached_from_here_by_loopback() -> None:
    with open_socket(EVERYWHERE, 0) as opened:
        assert address_of(opened).startswith("http://127.0.0.1:")
