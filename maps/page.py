"""The document around the map: language, title, landmarks, and what it may load (nothing)."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

import folium
from branca.element import Figure
from jinja2 import Environment, StrictUndefined

from maps.assets import font_faces, localise
from maps.symbols import Symbols

MAP_ID = "karte"


class Page(Figure):
    """A figure that becomes one self-contained HTML file.

    Nothing is loaded from anywhere: scripts and style sheets are pasted in and named by their
    digests in a Content-Security-Policy, pictures and fonts are data.

    Parameters
    ----------
    symbols
        Colours and font, which become custom properties of the style sheet.
    """

    def __init__(self, symbols: Symbols) -> None:
        super().__init__()
        self._id = MAP_ID
        self._symbols = symbols

    def render(self, **kwargs: Any) -> str:
        """Render the document.

        Raises
        ------
        LookupError
            If an element asks for a file that is not part of the wheel.
        """
        for child in self._children.values():
            child.render(**kwargs)
        (map_element,) = self._children.values()
        header, body = self.header._children, self.html._children  # noqa: SLF001
        styles, scripts = localise(header.items())
        styles = [self._properties(), font_faces(self._symbols.style["text"]["font"]), *styles]
        scripts = [*scripts, self.script.render(**kwargs)]
        map_name = map_element.get_name()
        parts = {name: child.render(**kwargs) for name, child in body.items()}
        map_html = parts.pop(map_name)
        document: str = _document().render(
            policy=_policy(styles, scripts),
            head="\n".join(f"<style>{style}</style>" for style in styles),
            map=map_html,
            data="\n".join(parts.values()),
            scripts="\n".join(f"<script>{script}</script>" for script in scripts),
        )
        return document

    def _properties(self) -> str:
        style = self._symbols.style
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
    text = (files("maps") / "data" / "page.html").read_text(encoding="utf-8")
    return environment.from_string(text)
