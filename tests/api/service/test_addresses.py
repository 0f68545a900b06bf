"""One proxy is believed, others are not; the service answers to its own names."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from api.service.addresses import host_name, is_loopback, same_address
from api.service.app import create_app
from api.service.settings import ServiceSettings
from api.service.store import SnapshotStore

EVERYWHERE = "0.0.0.0"  # noqa: S104
PROXY, OTHER = "10.1.2.3", "10.9.9.9"
CLAIMS = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "karte.example",
    "X-Forwarded-For": "192.0.2.7",
    "Forwarded": "for=192.0.2.7;host=karte.example;proto=https",
    "X-Forwarded-Prefix": "/boese",
    "X-Real-IP": "192.0.2.7",
}


def client(store: SnapshotStore, peer: str, settings: ServiceSettings) -> TestClient:
    """Return someone who asks from an address."""
    return TestClient(
        create_app(settings, store), base_url="http://dienst:8000", client=(peer, 50000)
    )


def self_link(asker: TestClient) -> str:
    """Return the service's own address as an answer tells it."""
    links = asker.get("/collections", headers=CLAIMS).json()["links"]
    return str(next(link["href"] for link in links if link["rel"] == "self"))


def test_what_the_named_proxy_says_counts(store: SnapshotStore) -> None:
    settings = ServiceSettings(proxy=PROXY)
    assert self_link(client(store, PROXY, settings)) == "https://karte.example/collections"
    mapped = client(store, f"::ffff:{PROXY}", settings)
    assert self_link(mapped) == "https://karte.example/collections"


def test_what_anybody_else_claims_is_dropped(store: SnapshotStore) -> None:
    own = "http://dienst:8000/collections"
    assert self_link(client(store, OTHER, ServiceSettings(proxy=PROXY))) == own
    assert self_link(client(store, PROXY, ServiceSettings())) == own
    # As if the headers had not been sent: the same answer by its ETag.
    asker = client(store, OTHER, ServiceSettings(proxy=PROXY))
    plain, claimed = asker.get("/collections"), asker.get("/collections", headers=CLAIMS)
    assert plain.headers["etag"] == claimed.headers["etag"]


def test_a_proxy_that_says_nonsense_changes_nothing(store: SnapshotStore) -> None:
    asker = client(store, PROXY, ServiceSettings(proxy=PROXY))
    for claims in (
        {"X-Forwarded-Proto": "javascript"},
        {"X-Forwarded-Host": "a b"},
        {"X-Forwarded-Host": "karte.example/pfad"},
        {"X-Forwarded-Host": ""},
    ):
        links = asker.get("/collections", headers=claims).json()["links"]
        assert links[0]["href"] == "http://dienst:8000/collections"


def test_the_given_address_wins(store: SnapshotStore) -> None:
    settings = ServiceSettings(proxy=PROXY, url="https://stadt.example/sozialraum")
    told = self_link(client(store, PROXY, settings))
    assert told == "https://stadt.example/sozialraum/collections"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("localhost:8000", 200),
        ("LOCALHOST:8000", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("boese.example", 421),
        ("127.0.0.1.boese.example", 421),
        ("localhost.boese.example:8000", 421),
        ("localhost@boese.example", 400),
        ("a/b", 400),
        ("", 400),
    ],
)
def test_other_names_get_no_answer(store: SnapshotStore, host: str, status: int) -> None:
    hosts = frozenset({"localhost", "127.0.0.1", "[::1]"})
    asker = client(store, "127.0.0.1", ServiceSettings(hosts=hosts))
    answer = asker.get("/collections/services/items", headers={"Host": host})
    assert answer.status_code == status
    assert ("features" in answer.json()) == (status == 200)


def test_a_proxy_cannot_bring_another_name_in(store: SnapshotStore) -> None:
    settings = ServiceSettings(proxy=PROXY, hosts=frozenset({"dienst"}))
    asker = client(store, PROXY, settings)
    assert asker.get("/health").status_code == 200
    assert asker.get("/health", headers=CLAIMS).status_code == 421


def test_only_the_proxy_and_this_computer_are_answered(store: SnapshotStore) -> None:
    settings = ServiceSettings(proxy=PROXY, proxy_only=True)
    assert client(store, PROXY, settings).get("/health").status_code == 200
    assert client(store, "127.0.0.1", settings).get("/health").status_code == 200
    refused = client(store, OTHER, settings).get("/health", headers=CLAIMS)
    assert refused.status_code == 403
    assert refused.json()["title"] == "Nicht erlaubt"


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "::ffff:127.0.0.1"]
)
def test_addresses_of_this_computer(address: str) -> None:
    assert is_loopback(address)


@pytest.mark.parametrize(
    "address", [EVERYWHERE, "::", "10.0.0.1", "128.0.0.1", "localhost.example", ""]
)
def test_addresses_that_others_reach(address: str) -> None:
    assert not is_loopback(address)


def test_addresses_are_compared_as_numbers() -> None:
    assert same_address("::1", "0:0:0:0:0:0:0:1")
    assert same_address("::ffff:10.0.0.1", "10.0.0.1")
    assert not same_address("10.0.0.1", "10.0.0.10")
    assert not same_address("", "10.0.0.1")


def test_names_of_hosts() -> None:
    assert host_name("Karte.Example.:8000") == "karte.example"
    assert host_name("[::1]:80") == "[::1]"
    assert host_name("a:b:c") == ""
    assert host_name("a\r\nX: y") == ""
