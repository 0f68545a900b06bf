"""Pages opened in the browser of ``tests/conftest.py``, with the network closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

DESK = {"width": 1280, "height": 800}
TABLET = {"width": 820, "height": 1180}
READY_MS = 30_000


@dataclass
class Opened:
    """A page with everything that it asked for and complained about.

    Attributes
    ----------
    page
        The page (Playwright's).
    requests
        Addresses of all requests but the file itself and data within it.
    complaints
        Messages of the console and uncaught errors.
    """

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def text(self, selector: str) -> str:
        """Return the text of an element."""
        return str(self.page.locator(selector).first.text_content())


@pytest.fixture
def open_map(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """Return a function that writes a page to a file and opens it from there."""
    yield from _opening(browser, tmp_path)


@pytest.fixture(scope="module")
def open_shared(
    browser: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Opened]]:
    """Return the same for pages that the tests of a module look at one after the other."""
    yield from _opening(browser, tmp_path_factory.mktemp("karte"))


def _opening(browser: Any, folder: Path) -> Iterator[Callable[..., Opened]]:
    contexts: list[Any] = []

    def open_page(
        html: str,
        fragment: str = "",
        size: dict[str, int] | None = None,
        init_script: str = "",
        **options: Any,
    ) -> Opened:
        path = folder / "karte.html"
        path.write_text(html, encoding="utf-8")
        context = browser.new_context(viewport=size or DESK, locale="de-DE", **options)
        contexts.append(context)
        # The network is closed: whatever asks for it is noted and gets nothing.
        context.route(lambda url: not url.startswith(("file:", "data:")), _abort)
        context.add_init_script(init_script)
        opened = Opened(context.new_page())
        _listen(opened, path.as_uri())
        opened.page.goto(path.as_uri() + fragment)
        opened.page.wait_for_selector("html[data-ready]", timeout=READY_MS)
        return opened

    yield open_page
    for context in contexts:
        context.close()


def _abort(route: Any) -> None:
    route.abort()


def _listen(opened: Opened, own: str) -> None:
    def request(event: Any) -> None:
        address = event.url
        if not address.startswith("data:") and address.split("#")[0] != own:
            opened.requests.append(address)

    page = opened.page
    page.on("request", request)
    page.on("console", lambda message: opened.complaints.append(message.text))
    page.on("pageerror", lambda error: opened.complaints.append(str(error)))
