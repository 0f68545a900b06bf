"""The server on real sockets: patience that ends, and faults before there is a request."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from api.service.binding import open_socket
from api.service.server import PatientProtocol, Server

BIG = 48 * 1024 * 1024


async def application(scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer with what is asked for: little, or more than a reader's buffers hold."""
    if scope["type"] != "http":
        return
    body = b"x" * BIG if scope["path"] == "/gross" else b"gut"
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class HastyProtocol(PatientProtocol):
    """The same protocol with deadlines that a test can wait for."""

    head_timeout = 0.3
    stall_timeout = 0.3
    max_connections = 8


@contextmanager
def serving(protocol: type[PatientProtocol]) -> Iterator[int]:
    """Run a server in a thread; give its port."""
    opened = open_socket("127.0.0.1", 0)
    config = uvicorn.Config(
        application, http=protocol, ws="none", lifespan="off", log_config=None, log_level=100,
        h11_max_incomplete_event_size=24 * 1024, timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [opened]})
    thread.start()
    try:
        yield int(opened.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()
        opened.close()


@pytest.fixture(scope="module")
def patient() -> Iterator[int]:
    """Give the port of a server with the real deadlines."""
    with serving(PatientProtocol) as port:
        yield port


@pytest.fixture(scope="module")
def hasty() -> Iterator[int]:
    """Give the port of a server with short deadlines."""
    with serving(HastyProtocol) as port:
        yield port


def connect(port: int) -> socket.socket:
    """Connect, and never wait longer than a minute."""
    return socket.create_connection(("127.0.0.1", port), timeout=60)


def said(connection: socket.socket) -> bytes:
    """Read until the other side closes."""
    parts = []
    try:
        while part := connection.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def refused(answer: bytes) -> int:
    """Check that an answer has shape and headers of a fault; return its status."""
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    status = int(lines[0].split(" ")[1])
    content = json.loads(body)
    assert content["status"] == status
    assert content["detail"].endswith(".")
    assert headers["content-type"] == "application/problem+json"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["cache-control"] == "no-store"
    assert headers["connection"] == "close"
    return status


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + b"a" * 100_000, 431),
        (b"GET /" + b"a" * 100_000, 414),
        (b"no request at all\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),  # no name of the host
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: a\r\nContent-Length: 1\r\n\r\n", 501),
    ],
)
def test_what_is_no_request_is_refused_in_the_same_shape(
    patient: int, sent: bytes, status: int
) -> None:
    with connect(patient) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        assert refused(said(connection)) == status


def test_requests_follow_each_other_on_one_connection(patient: int) -> None:
    with connect(patient) as connection:
        for _ in range(3):
            connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            answer = b""
            while not answer.endswith(b"\r\n\r\ngut"):
                answer += connection.recv(65536)
            assert answer.startswith(b"HTTP/1.1 200")


def test_who_never_asks_is_let_go(hasty: int) -> None:
    with connect(hasty) as connection:
        assert refused(said(connection)) == 408


def test_a_head_that_comes_byte_by_byte_is_let_go(hasty: int) -> None:
    with connect(hasty) as connection:
        answer, head = b"", b"GET / HTTP/1.1\r\nHost: a\r\nX: "
        connection.settimeout(0.05)
        for number in range(2000):  # a byte each time the server has said nothing for a while
            try:
                connection.sendall(head[number : number + 1] or b"a")
                answer += connection.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                break
            if answer:
                answer += said(connection)
                break
        assert refused(answer) == 408


def test_a_second_head_that_does_not_end_is_let_go(hasty: int) -> None:
    with connect(hasty) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        connection.sendall(b"GET / HT")
        said(connection)  # returns, so it was closed


def test_a_body_that_trickles_after_its_answer_is_let_go(hasty: int) -> None:
    with connect(hasty) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc")
        connection.sendall(b"d")
        assert said(connection).startswith(b"HTTP/1.1 200")


def test_a_reader_that_does_not_read_is_let_go(hasty: int) -> None:
    with connect(hasty) as connection:
        connection.sendall(b"GET /gross HTTP/1.1\r\nHost: a\r\n\r\n")
        threading.Event().wait(3)  # ten times its patience
        assert len(said(connection)) < BIG


def test_a_slow_reader_gets_all(hasty: int) -> None:
    with connect(hasty) as connection:
        connection.sendall(b"GET /gross HTTP/1.1\r\nHost: a\r\n\r\n")
        received = 0
        while received < BIG:
            part = connection.recv(1024 * 1024)
            assert part, "let go, although it read"
            received += len(part)
            threading.Event().wait(0.02)


def test_too_many_connections_are_asked_to_come_back(hasty: int) -> None:
    connections = [connect(hasty) for _ in range(40)]
    statuses = [refused(said(connection)) for connection in connections]
    for connection in connections:
        connection.close()
    assert statuses.count(408) <= 8
    assert statuses.count(503) >= 32
    with connect(hasty) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert said(connection).startswith(b"HTTP/1.1 200")
