"""The server around the application: uvicorn, with patience that ends.

uvicorn waits without end for a head that comes byte by byte and for a reader that does not read.
Each such connection costs a place, so here they have until a deadline (the »slowloris« attack).
What the server itself has to refuse, before there is a request, has the shape and the headers of
every other answer.
"""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from types import FrameType
from typing import Any

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.service.limits import MAX_HEAD, MAX_URL, RETRY_AFTER_S
from api.service.problems import PROBLEM_JSON, plain_problem, problem_content
from api.service.security import security_headers

HEAD_TIMEOUT_S = 10.0
"""Seconds within which the head of a request must have come, from its first byte."""
IDLE_TIMEOUT_S = 30
"""Seconds that a connection may stay open between two requests."""
STALL_TIMEOUT_S = 20.0
"""Seconds within which a reader must take something of the answer."""
MAX_CONNECTIONS = 1000
GRACE_S = 5
"""Connections at the same time; seconds that running answers get when the service ends."""

_TOO_LONG = 431
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class PatientProtocol(H11Protocol):
    """HTTP/1.1 with deadlines, and faults in our own shape.

    Parameters
    ----------
    arguments, named
        As uvicorn gives them.
    """

    head_timeout = HEAD_TIMEOUT_S
    stall_timeout = STALL_TIMEOUT_S
    max_connections = MAX_CONNECTIONS

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._head_timer: asyncio.TimerHandle | None = None
        self._stall_timer: asyncio.TimerHandle | None = None
        self._unread, self._taken = 0, False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, or ask to come back where there are too many."""
        super().connection_made(transport)
        if len(self.connections) > self.max_connections:
            self._refuse(503)
            return
        self._await_head()
        self._stall_timer = self.loop.call_later(self.stall_timeout, self._look_for_reader)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        self._stop_timers()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; a head or a body that nobody waits for has until its deadline."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete:
            self._await_head()
        else:
            self._head_came()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - an English sentence
        """Refuse what is no request. uvicorn calls this while it handles h11's error."""
        error = sys.exc_info()[1]
        status = getattr(error, "error_status_hint", 400)
        if status == _TOO_LONG and b"\n" not in self.conn.trailing_data[0]:
            status = 414  # even the first line has no end
        self._refuse(status)

    def _refuse(self, status: int) -> None:
        problem = plain_problem(status)
        body = json.dumps(problem_content(problem), ensure_ascii=False).encode()
        headers = {
            # Of the health check, whose answers nobody shares or keeps.
            **security_headers("/health", status, PROBLEM_JSON, internal=True),
            "Content-Type": PROBLEM_JSON,
            "Content-Length": str(len(body)),
            "Connection": "close",
        }
        if status == 503:  # noqa: PLR2004
            headers["Retry-After"] = str(RETRY_AFTER_S)
        if self.conn.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            self.transport.abort()
            return
        events = (
            h11.Response(
                status_code=status,
                headers=list(headers.items()),
                reason=HTTPStatus(status).phrase.encode(),
            ),
            h11.Data(data=body),
            h11.EndOfMessage(),
        )
        self.transport.write(b"".join(self.conn.send(event) or b"" for event in events))
        self.transport.close()

    def resume_writing(self) -> None:
        """Go on: the reader has taken what was waiting."""
        self._taken = True
        super().resume_writing()

    def _await_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.head_timeout, self._head_late)

    def _head_came(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _head_late(self) -> None:
        self._head_timer = None
        answering = self.cycle is not None and not self.cycle.response_complete
        if answering or self.transport.is_closing():
            return
        if self.cycle is None and self.conn.their_state is h11.IDLE:
            self._refuse(408)
        else:
            self.transport.close()

    def _look_for_reader(self) -> None:
        """End a connection of which nothing was read since the last look."""
        unread = self.transport.get_write_buffer_size()
        if unread and unread == self._unread and not self._taken:
            self.transport.abort()
            return
        self._unread, self._taken = unread, False
        self._stall_timer = self.loop.call_later(self.stall_timeout, self._look_for_reader)

    def _stop_timers(self) -> None:
        self._head_came()
        if self._stall_timer is not None:
            self._stall_timer.cancel()
            self._stall_timer = None


class Server(uvicorn.Server):
    """A server that ends quietly when it is asked to."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End on Ctrl-C and on SIGTERM; unlike uvicorn's, without raising them once more."""
        if threading.current_thread() is not threading.main_thread():
            yield  # signals reach the main thread only
            return
        before = {number: signal.signal(number, self._end) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.handle_exit(number, frame)


def run_service(app: FastAPI, opened: socket.socket) -> None:
    """Answer until Ctrl-C or SIGTERM.

    Nothing of what is asked is logged, neither addresses of people nor values of queries; what
    goes wrong is written to standard error.

    Parameters
    ----------
    app
        The application.
    opened
        From ``api.service.binding.open_socket``; closed at the end.
    """
    _log_faults_only()
    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        h11_max_incomplete_event_size=MAX_URL + MAX_HEAD,
        timeout_keep_alive=IDLE_TIMEOUT_S,
        timeout_graceful_shutdown=GRACE_S,
    )
    Server(config).run(sockets=[opened])


def _log_faults_only() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%d %H:%M:%S"))
    own = logging.getLogger("sozialraum.service")
    own.handlers[:] = [handler]
    own.setLevel(logging.WARNING)
    own.propagate = False
    # uvicorn's own lines are English and speak of every broken request.
    uvicorn_log = logging.getLogger("uvicorn")
    uvicorn_log.handlers[:] = [handler]
    uvicorn_log.setLevel(logging.CRITICAL)
    uvicorn_log.propagate = False
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    logging.getLogger("uvicorn.access").handlers.clear()
