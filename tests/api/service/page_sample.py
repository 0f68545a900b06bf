"""Services whose pages are looked at: the example, and one full of hostile texts."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast

import pandas as pd
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.service.app import create_app
from api.service.catalogue import Catalogue, Collection, load_catalogue
from api.service.settings import ServiceSettings
from api.service.store import SnapshotStore
from tests.maps.hostile import HOSTILE

_TRIES = 500
_PAUSE_S = 0.02

WRITABLE = [text for text in HOSTILE if text.isprintable() or "\u2028" in text]
"""Hostile texts that a file can hold: no lone surrogates, no control characters."""


class HeldStore:
    """Shows one snapshot and never looks for another."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def current(self) -> Catalogue:
        return self._catalogue

    @contextmanager
    def pinned(self) -> Iterator[Catalogue]:
        yield self._catalogue

    def watch(self) -> None:
        pass

    def close(self) -> None:
        pass


def app_of(catalogue: Catalogue, **settings: Any) -> FastAPI:
    """Return a service that shows a snapshot."""
    return create_app(ServiceSettings(**settings), cast("SnapshotStore", HeldStore(catalogue)))


def client_of(catalogue: Catalogue, **settings: Any) -> TestClient:
    """Return a browser without a screen that asks such a service."""
    return TestClient(
        app_of(catalogue, **settings),
        follow_redirects=False,
        headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"},
    )


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve on a free port of loopback, in a thread; give the address without a slash."""
    config = uvicorn.Config(app, port=0, log_level="error", ws="none", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(_TRIES):
        if server.started:
            break
        time.sleep(_PAUSE_S)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def hostile_catalogue(folder: Path) -> Catalogue:
    """Return the example with hostile texts as names, categories, ids, study and publisher."""
    catalogue = load_catalogue(folder)
    exported = catalogue.exported
    facts: Mapping[str, str] = {
        **exported.facts,
        "study": "<script>hit('study')</script>",
        "publisher": "<img src=x onerror=hit('publisher')>",
        "contact": "javascript:hit('contact')",
        "attribution": "</p><script>hit('attribution')</script>",
    }
    services = catalogue.collections["services"]
    frame = services.frame.iloc[: len(WRITABLE)].copy()
    texts = WRITABLE[: len(frame)]
    for column in ("name", "category_label", "kind", "operator", "address", "opening_hours"):
        frame[column] = pd.Series(texts, index=frame.index, dtype="str")
    # An address that only looks like one, and one that is one.
    frame["website"] = pd.Series(
        ["javascript:hit('site')", "https://example.org/a?b=1&c=2"] + [""] * (len(frame) - 2),
        index=frame.index,
        dtype="str",
    )
    ids = pd.Series(texts, index=frame.index, dtype="str").sort_values()
    frame = frame.loc[ids.index].reset_index(drop=True)
    frame["id"] = ids.to_numpy()
    hostile = Collection(
        info=services.info,
        frame=frame,
        ids=ids.reset_index(drop=True),
        source=replace(services.source, attribution="<b onclick=hit('source')>"),
        data_date=services.data_date,
        storage=services.storage,
    )
    return Catalogue(
        replace(exported, facts=facts),
        {**catalogue.collections, "services": hostile},
        folder,
        "feindlich",
    )


class Elements(HTMLParser):
    """The elements of a page with their attributes and the text that is directly in them."""

    _VOID = frozenset({"meta", "link", "input", "br", "img"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.unclosed: list[str] = []
        self.text: dict[str, list[str]] = {}
        self.feed(html)
        self.unclosed += self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self._VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unclosed.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open:
            self.text.setdefault(self.open[-1], []).append(data)

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.found)

    def texts(self, tag: str) -> list[str]:
        return [text.strip() for text in self.text.get(tag, []) if text.strip()]

    def values(self, tag: str, attribute: str) -> list[str]:
        return [
            str(attributes[attribute])
            for name, attributes in self.found
            if name == tag and attribute in attributes
        ]
