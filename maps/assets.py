"""The files that the front end is made of, instead of those that folium links to.

folium names what it needs by links to other hosts. Here every link is replaced by the file
that came with the wheel, or left out where nothing of it is used; a link that is neither is an
error, so that no request to another host can slip in. A page either holds these files or links
to them on the host that it comes from.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files

from branca.element import CssLink, Element, JavascriptLink

LOCAL = {
    "leaflet": "leaflet.js",
    "leaflet_css": "leaflet.css",
    "sozialraum": "map.js",
    "sozialraum_css": "map.css",
}
"""Names of links, as elements give them, and the files that stand for them."""

UNUSED = frozenset(
    {
        "jquery",
        "bootstrap",
        "bootstrap_css",
        "glyphicons_css",
        "awesome_markers",
        "awesome_markers_css",
        "awesome_markers_font_css",
        "awesome_rotate_css",
    }
)
"""Links of ``folium.Map`` for its own markers and pop-ups, which are not used."""

_FONT_FILE = "atkinson-hyperlegible-next-{subset}-{weight}-normal.woff2"
_FONT_RANGES = {
    # The ranges that the font's files are cut to (latin and latin-ext of the font's package).
    "latin": (
        "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+0304, U+0308, "
        "U+0329, U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD"
    ),
    "latin-ext": (
        "U+0100-02BA, U+02BD-02C5, U+02C7-02CC, U+02CE-02D7, U+02DD-02FF, U+0304, U+0308, "
        "U+0329, U+1D00-1DBF, U+1E00-1E9F, U+1EF2-1EFF, U+2020, U+20A0-20AB, U+20AD-20C0, "
        "U+2113, U+2C60-2C7F, U+A720-A7FF"
    ),
}


@cache
def read_asset(name: str) -> str:
    """Return the text of a file of the built front end.

    Raises
    ------
    LookupError
        If there is no such file: the front end has not been built, or does not have it.
    """
    path = files("maps") / "static" / name
    if not path.is_file():
        raise LookupError(f"the front end has no file {name!r}; install the package to build it")
    return path.read_text(encoding="utf-8")


def style_sheet(name: str) -> str:
    """Return a style sheet of the front end that loads nothing.

    Raises
    ------
    LookupError
        If there is no such file.
    """
    return _without_links(read_asset(name))


def local_files(children: Iterable[tuple[str, Element]]) -> tuple[list[str], list[str]]:
    """Replace links by names of local files.

    Parameters
    ----------
    children
        Name and element, as in ``figure.header._children``.

    Returns
    -------
    tuple
        Names of style sheets and of scripts, in their order.

    Raises
    ------
    LookupError
        If a link is neither local nor known to be unused.
    """
    styles: list[str] = []
    scripts: list[str] = []
    for name, child in children:
        if not isinstance(child, CssLink | JavascriptLink) or name in UNUSED:
            continue
        if name not in LOCAL:
            raise LookupError(f"no local file stands for the link {name!r} ({child.url})")
        (styles if isinstance(child, CssLink) else scripts).append(LOCAL[name])
    return styles, scripts


def localise(children: Iterable[tuple[str, Element]]) -> tuple[list[str], list[str]]:
    """Replace links by the contents of local files; see ``local_files``."""
    styles, scripts = local_files(children)
    return [style_sheet(name) for name in styles], [read_asset(name) for name in scripts]


def _without_links(style: str) -> str:
    """Take out pictures that lie in files of their own: Leaflet's controls that are not used."""
    return re.sub(r"url\((?![\"']?data:)[^)]*\)", "none", style)


@cache
def font_files() -> dict[str, bytes]:
    """Return the files of the font by their names.

    Raises
    ------
    LookupError
        If one is missing.
    """
    found = {}
    for subset in _FONT_RANGES:
        for weight in (400, 700):
            name = _FONT_FILE.format(subset=subset, weight=weight)
            path = files("maps") / "static" / name
            if not path.is_file():
                raise LookupError(f"the front end has no font for {subset} {weight}")
            found[name] = path.read_bytes()
    return found


@cache
def font_faces(family: str) -> str:
    """Return the style sheet that holds the font itself."""
    fonts = font_files()
    return _font_rules(family, lambda name: _as_data(fonts[name]))


def linked_font_faces(family: str) -> str:
    """Return the style sheet that loads the font from beside itself."""
    fonts = font_files()
    return _font_rules(family, lambda name: f"{name}?v={short_digest(fonts[name])}")


def short_digest(content: bytes) -> str:
    """Return what stands in an address for the content behind it: 16 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()[:16]


def _font_rules(family: str, address: Callable[[str], str]) -> str:
    return "\n".join(
        f'@font-face{{font-family:"{family}";font-style:normal;font-weight:{weight};'
        f"font-display:block;"
        f"src:url({address(_FONT_FILE.format(subset=subset, weight=weight))}) format('woff2');"
        f"unicode-range:{ranges}}}"
        for subset, ranges in _FONT_RANGES.items()
        for weight in (400, 700)
    )


def _as_data(font: bytes) -> str:
    return f"data:font/woff2;base64,{base64.b64encode(font).decode('ascii')}"
