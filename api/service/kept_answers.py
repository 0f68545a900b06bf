"""Equal questions get the answer that is there: ETags, kept answers, compression.

An answer depends on the program, on the files of the snapshot, on the address that was asked
(path, query, and the name of the service, which is in every link) and on the form that was asked
for. A digest of these is its ETag, so »nothing new« (304) costs no work at all, and the answer
itself is made once. The ETag is weak, because a compressed answer carries the same one (RFC 9110,
8.8.1).
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.service.bounded_cache import BoundedCache
from api.service.compression import accepts_gzip, gzipped, is_compressible
from api.service.program import program_digest
from api.service.security import policy_of
from api.service.store import SnapshotStore

KEPT_BYTES = 64 * 1024 * 1024
"""What all kept answers may need."""
LARGEST = 8 * 1024 * 1024
"""Bytes of an answer that is held in memory; larger ones are passed on as they come."""

WORKERS = 4
"""Answers that are made at the same time: more would only wait for each other."""

_AT_ONCE = 32 * 1024  # compressed without leaving the loop: it takes less than a change of threads
_GOOD = frozenset({200, 206})


@dataclass(frozen=True, slots=True)
class _Answer:
    """A whole answer: its head, and its body in both codings."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    packed: bytes | None

    @property
    def size(self) -> int:
        return len(self.body) + len(self.packed or b"") + 1024


class KeptAnswersMiddleware:
    """Answers from what is kept, and fixes for each request the snapshot that it sees.

    Parameters
    ----------
    app
        What is inside.
    store
        The snapshots that are shown.
    room
        Bytes that kept answers may need.
    """

    def __init__(self, app: ASGIApp, store: SnapshotStore, room: int = KEPT_BYTES) -> None:
        self._app = app
        self._store = store
        self._room = room
        self._kept: BoundedCache[bytes, _Answer] = BoundedCache(room)
        self._base = ""
        self._making: dict[bytes, asyncio.Event] = {}
        self._workers = asyncio.Semaphore(WORKERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"
        if head:
            scope, send = {**scope, "method": "GET"}, _without_body(send)
        with self._store.pinned() as catalogue:
            if scope["method"] != "GET" or not policy_of(scope["path"]).kept:
                await self._app(scope, receive, send)
                return
            self._forget_older(catalogue.etag_base)
            await self._answer(_key(catalogue.etag_base, scope), scope, receive, send)

    def _forget_older(self, base: str) -> None:
        if base != self._base:
            self._base = base
            self._kept = BoundedCache(self._room)

    async def _answer(self, key: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Headers(scope=scope)
        etag = f'W/"{key.hex()[:32]}"'
        known = asked.get("if-none-match", "")
        unchanged = etag in [part.strip() for part in known.split(",")]
        if unchanged and not policy_of(scope["path"]).lasting:
            await _send(send, 304, _tagged([], etag), b"")
            return
        answer = self._kept.get(key)
        if answer is None and (other := self._making.get(key)) is not None:
            await other.wait()  # somebody asks the same: one answer does for both
            answer = self._kept.get(key)
        if answer is None:
            answer = await self._make(key, etag, scope, receive, send)
            if answer is None:
                return  # too large to hold: it has been passed on
        if (unchanged or known.strip() == "*") and answer.status in _GOOD:
            # It renews what is kept: how long that holds, too (RFC 9110, 15.4.5).
            lasting = [pair for pair in answer.headers if pair[0].lower() == b"cache-control"]
            await _send(send, 304, _tagged(lasting, etag), b"")
            return
        packed = answer.packed
        if packed is not None and accepts_gzip(asked.get("accept-encoding", "")):
            headers = [*answer.headers, (b"content-encoding", b"gzip")]
            await _send(send, answer.status, headers, packed)
        else:
            await _send(send, answer.status, list(answer.headers), answer.body)

    async def _make(
        self, key: bytes, etag: str, scope: Scope, receive: Receive, send: Send
    ) -> _Answer | None:
        """Let the routes answer, and keep what is whole, good and not too large."""
        done = self._making.setdefault(key, asyncio.Event())
        try:
            await self._workers.acquire()
            held = _Holding(send, etag, self._workers)
            try:
                await self._app(scope, receive, held)
            finally:
                held.free_worker()
            if held.passed_on:
                return None
            answer = await held.answer()
            if answer.status == 200:  # noqa: PLR2004
                self._kept.put(key, answer, answer.size)
            return answer
        finally:
            done.set()
            self._making.pop(key, None)


class _Holding:
    """Takes an answer from the routes and holds it, unless it is large or a part of a file."""

    def __init__(self, send: Send, etag: str, workers: asyncio.Semaphore) -> None:
        self._send = send
        self._etag = etag
        self._workers: asyncio.Semaphore | None = workers
        self._start: Message = {}
        self._parts: list[bytes] = []
        self._size = 0
        self.passed_on = False

    async def __call__(self, message: Message) -> None:
        """Take the next message."""
        self.free_worker()  # the work is done; sending a file to a slow reader is none
        if message["type"] == "http.response.start":
            self._start = message
            if message["status"] in _GOOD:
                message["headers"] = _tagged(message["headers"], self._etag)
            length = Headers(raw=message["headers"]).get("content-length", "0")
            if message["status"] == 206 or int(length) > LARGEST:  # noqa: PLR2004
                await self._pass_on()
        elif self.passed_on:
            await self._send(message)
        else:
            self._parts.append(message.get("body", b""))
            self._size += len(self._parts[-1])
            if self._size > LARGEST:
                await self._pass_on()

    def free_worker(self) -> None:
        """Let another answer be made."""
        if self._workers is not None:
            self._workers.release()
            self._workers = None

    async def _pass_on(self) -> None:
        self.passed_on = True
        await self._send(self._start)
        for part in self._parts:
            await self._send({"type": "http.response.body", "body": part, "more_body": True})
        self._parts.clear()

    async def answer(self) -> _Answer:
        """Return the whole answer, compressed where that helps."""
        body = b"".join(self._parts)
        headers = [
            (name, value)
            for name, value in self._start["headers"]
            if name.lower() != b"content-length"
        ]
        media_type = Headers(raw=headers).get("content-type", "")
        packed = None
        if is_compressible(media_type, len(body)):
            small = len(body) <= _AT_ONCE
            packed = gzipped(body) if small else await run_in_threadpool(gzipped, body)
        return _Answer(self._start["status"], tuple(headers), body, packed)


def _key(base: str, scope: Scope) -> bytes:
    asked = Headers(scope=scope)
    parts = [
        program_digest().encode(),
        base.encode(),
        scope["scheme"].encode(),
        asked.get("host", "").encode(),
        scope.get("raw_path") or scope["path"].encode("utf-8", "surrogatepass"),
        scope["query_string"],
        asked.get("accept", "").encode(),
        asked.get("accept-language", "").encode(),
        asked.get("range", "").encode(),
    ]
    return hashlib.sha256(b"\0".join(parts)).digest()


def _tagged(headers: list[tuple[bytes, bytes]], etag: str) -> list[tuple[bytes, bytes]]:
    """Name the answer's ETag and what it depends on."""
    made = MutableHeaders(raw=list(headers))
    made["ETag"] = etag
    for name in ("Accept", "Accept-Encoding"):
        made.add_vary_header(name)
    return made.raw


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    if status != 304:  # noqa: PLR2004
        headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _without_body(send: Send) -> Send:
    """Answer HEAD as GET, without the body."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return sent
