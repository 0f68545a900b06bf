"""A small HTTP client for measuring: as little work per request as possible."""

from __future__ import annotations

import asyncio
import gzip
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sample:
    """One request: what it was for, its status, seconds from when it was due, bytes."""

    kind: str
    status: int
    seconds: float
    size: int


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is read, not only counted."""

    status: int
    headers: str
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        packed = "content-encoding: gzip" in self.headers.lower()
        return (gzip.decompress(self.body) if packed else self.body).decode()


class Connection:
    """A connection that is kept open and opened anew where the other side has closed it.

    Parameters
    ----------
    port
        Of the service, on this computer.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, kind: str, path: str, headers: dict[str, str], due: float) -> Sample:
        """Ask and count; a connection that fails is a status of 0."""
        try:
            answer = await self.get(path, headers)
        except (OSError, EOFError, ValueError):
            self.close()
            return Sample(kind, 0, time.perf_counter() - due, 0)
        return Sample(kind, answer.status, time.perf_counter() - due, len(answer.body))

    async def get(self, path: str, headers: dict[str, str]) -> Answer:
        """Ask and read the answer."""
        for attempt in (1, 2):
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=2**20)
            try:
                return await self._exchange(*self._streams, path, headers)
            except (ConnectionError, EOFError):
                self.close()  # closed while nobody spoke: once more
                if attempt == 2:
                    raise
        raise ConnectionError

    async def _exchange(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        path: str,
        headers: dict[str, str],
    ) -> Answer:
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{self._port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lower = head.lower()
        if "transfer-encoding: chunked" in lower:
            body = await _chunks(reader)
        else:
            length = lower.partition("content-length:")[2].partition("\r\n")[0].strip()
            body = await reader.readexactly(int(length or 0))
        if "connection: close" in lower:
            self.close()
        return Answer(int(head[9:12]), head, body)

    def close(self) -> None:
        """Close the connection."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
        parts.append((await reader.readexactly(size + 2))[:-2])
    await reader.readexactly(2)
    return b"".join(parts)


async def fetch(port: int, path: str) -> Answer:
    """Ask once."""
    connection = Connection(port)
    try:
        return await connection.get(path, {"Accept": "*/*"})
    finally:
        connection.close()


async def hammer(port: int, path: str, seconds: float, connections: int, *, fresh: bool) -> float:
    """Return how many requests a second are answered, each connection asking without a pause.

    Parameters
    ----------
    port
        Of the service, on this computer.
    path
        What is asked.
    seconds
        For how long.
    connections
        How many ask at the same time.
    fresh
        Whether each request carries another header ``Accept-Language``, so that no whole
        answer that is kept fits it.
    """
    until = time.perf_counter() + seconds
    counted = [0] * connections

    async def ask(number: int) -> None:
        connection = Connection(port)
        headers = {"Accept": "application/geo+json, application/json;q=0.9"}
        while time.perf_counter() < until:
            if fresh:
                headers["Accept-Language"] = f"de, x-{number}-{counted[number]}"
            answer = await connection.get(path, headers)
            assert answer.status == 200, f"{path}: {answer.status} {answer.body[:200]!r}"
            counted[number] += 1
        connection.close()

    began = time.perf_counter()
    await asyncio.gather(*(ask(number) for number in range(connections)))
    return sum(counted) / (time.perf_counter() - began)
