"""The document around the map: language, title, landmarks, and what it may load.

One composition of folium elements becomes a page in two forms: a file that holds everything and
loads nothing, or a page of the service, where everything lies in files of the same host.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

import folium
from branca.element import Figure
from jinja2 import Environment, StrictUndefined

from maps.assets import font_faces, local_files, localise
from maps.symbols import Symbols

MAP_ID = "karte"

_ICON = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'><circle cx='12' cy='12' r='12'"
    " fill='{colour}'/><path d='M12 5.4L18.6 10.6L16.2 18H7.8L5.4 10.6z' fill='#fff'/></svg>"
)


@dataclass(frozen=True)
class Wording:
    """What the document says before its script runs.

    Attributes
    ----------
    release
        Which release it shows, e.g. ``"Öffentliche Fassung"``.
    grounds
        Heading of the list of grounds and gates, and of houses where there are any.
    """

    release: str
    grounds: str


class Page(Figure):
    """A figure that becomes one HTML document.

    Parameters
    ----------
    symbols
        Colours and font, which become custom properties of the style sheet.
    wording
        Words that depend on what is shown.
    """

    def __init__(self, symbols: Symbols, wording: Wording) -> None:
        super().__init__()
        self._id = MAP_ID
        self._symbols = symbols
        self._wording = wording

    def render(self, **kwargs: Any) -> str:
        """Render the self-contained document.

        Nothing is loaded from anywhere: scripts and style sheets are pasted in and named by
        their digests in a Content-Security-Policy, pictures and fonts are data.

        Raises
        ------
        LookupError
            If an element asks for a file that is not part of the wheel.
        """
        map_html, data, calls = self._rendered(**kwargs)
        styles, scripts = localise(self.header._children.items())  # noqa: SLF001
        font = font_faces(self._symbols.style["text"]["font"])
        styles = [style_properties(self._symbols), font, *styles]
        scripts = [*scripts, calls]
        document: str = _document().render(
            served=False,
            icon="",
            wording=self._wording,
            policy=_policy(styles, scripts),
            head="\n".join(f"<style>{style}</style>" for style in styles),
            map=map_html,
            data=data,
            scripts="\n".join(f"<script>{script}</script>" for script in scripts),
        )
        return document

    def calls(self) -> str:
        """Return the script that makes the map and tells the bundle of its data."""
        return self._rendered()[2]

    def render_served(self, first_style: str, front_end: dict[str, str], start: str) -> str:
        """Render the document without anything inline.

        Parameters
        ----------
        first_style
            Address of the style sheet with colours and font.
        front_end
            Addresses of the files of the front end by their names.
        start
            Address of the script that fetches the data and then makes the calls.

        Raises
        ------
        LookupError
            If an element asks for a file that is not part of the wheel.
        """
        map_html, _, _ = self._rendered()
        styles, scripts = local_files(self.header._children.items())  # noqa: SLF001
        sheets = [first_style, *(front_end[name] for name in styles)]
        sources = [*(front_end[name] for name in scripts), start]
        document: str = _document().render(
            served=True,
            icon=page_icon(self._symbols),
            wording=self._wording,
            policy="",
            head="\n".join(
                # Deferred scripts run in their order, when the document is there.
                [f'<link rel="stylesheet" href="{address}">' for address in sheets]
                + [f'<script src="{address}" defer></script>' for address in sources]
            ),
            map=map_html,
            data="",
            scripts="",
        )
        return document

    def _rendered(self, **kwargs: Any) -> tuple[str, str, str]:
        """Return the element of the map, the data elements and the script with the calls."""
        for child in self._children.values():
            child.render(**kwargs)
        (map_element,) = self._children.values()
        parts = {
            name: child.render(**kwargs)
            for name, child in self.html._children.items()  # noqa: SLF001
        }
        map_html = parts.pop(map_element.get_name())
        return map_html, "\n".join(parts.values()), self.script.render(**kwargs)


def page_icon(symbols: Symbols) -> str:
    """Return the address of the sign of all pages: an SVG that lies in the address itself.

    A page that names none makes browsers ask for ``/favicon.ico``.
    """
    colour = symbols.style["text"]["accent"]
    return "data:image/svg+xml," + quote(_ICON.format(colour=colour))


def style_properties(symbols: Symbols) -> str:
    """Return the colours and the font as custom properties of a style sheet."""
    style = symbols.style
    values = {
        key.replace("_", "-"): value for key, value in style["text"].items() if key != "font"
    }
    values["font"] = f'"{style["text"]["font"]}"'
    values["land"] = style["base"]["land"]
    values["candidate"] = style["candidate"]["colour"]
    return ":root{" + "".join(f"--{key}:{value};" for key, value in values.items()) + "}"


def empty_map() -> folium.Map:
    """Return a folium map without tiles, with the settings that our layers need."""
    drawn = folium.Map(
        location=[51.9, 7.6],
        tiles=None,
        zoom_start=14,
        zoom_control=False,
        attribution_control=False,
        minZoom=11,
        maxZoom=19,
        zoomSnap=1,
        wheelPxPerZoomLevel=90,
        maxBoundsViscosity=0.8,
    )
    drawn._id = MAP_ID  # noqa: SLF001  (else random)
    return drawn


def _policy(styles: list[str], scripts: list[str]) -> str:
    return "; ".join(
        [
            "default-src 'none'",
            "script-src " + " ".join(_digest(text) for text in scripts),
            "style-src " + " ".join(_digest(text) for text in styles),
            "img-src data:",
            "font-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


@cache
def _document() -> Any:
    environment = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701
    return environment.from_string(document_source())


@cache
def document_source() -> str:
    """Return the template of the document."""
    return (files("maps") / "data" / "page.html").read_text(encoding="utf-8")
