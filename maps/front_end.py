"""The files of the front end that a page of the service links to, and what names them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from maps.assets import (
    LOCAL,
    font_files,
    linked_font_faces,
    read_asset,
    short_digest,
    style_sheet,
)
from maps.page import document_source, style_properties
from maps.symbols import load_symbols

FIRST_STYLE = "grund.css"
"""The style sheet with the colours of ``maps/data/symbols.toml`` and the font."""


@cache
def front_end_files() -> Mapping[str, bytes]:
    """Return everything of the front end that a page links to, by file name.

    Raises
    ------
    LookupError
        If the front end has not been built.
    """
    symbols = load_symbols()
    font = linked_font_faces(symbols.style["text"]["font"])
    found = {FIRST_STYLE: f"{style_properties(symbols)}\n{font}\n".encode()}
    for name in sorted(LOCAL.values()):
        text = style_sheet(name) if name.endswith(".css") else read_asset(name)
        found[name] = text.encode()
    return MappingProxyType({**found, **font_files()})


@cache
def front_end_digest() -> str:
    """Return the SHA-256 of the front end: data are read by the very one they were made for.

    Raises
    ------
    LookupError
        If the front end has not been built.
    """
    digest = hashlib.sha256(document_source().encode())
    for name, content in sorted(front_end_files().items()):
        digest.update(b"\0" + name.encode() + b"\0" + content)
    return digest.hexdigest()


def static_address(name: str, content: bytes) -> str:
    """Return the address of a file of the service, relative to its root.

    The digest in it changes with the content, so that it may be kept for ever.

    Parameters
    ----------
    name
        File name, as the service knows it.
    content
        What stands in it.
    """
    return f"static/{name}?v={short_digest(content)}"
