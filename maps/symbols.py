"""Colours, shapes and glyphs: the one table that all pictures are made from."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from layers.taxonomy import Category


@dataclass(frozen=True)
class LayerSymbol:
    """How the places of one layer are drawn.

    Attributes
    ----------
    id
        Layer, e.g. ``"services"``.
    label
        German heading.
    colour
        sRGB, ``"#RRGGBB"``.
    shape
        ``"circle"``, ``"square"``, ``"house"`` or ``"hexagon"``.
    shown
        Whether the layer is shown before anybody chooses.
    """

    id: str
    label: str
    colour: str
    shape: str
    shown: bool


@dataclass(frozen=True)
class Symbols:
    """The table ``maps/data/symbols.toml``.

    Attributes
    ----------
    layers
        Symbols of the layers that are shown, in their order. A layer that is not listed
        (the internal risk layer) is not shown.
    style
        The other sections (``text``, ``base``, ``isochrones`` …) as they stand in the file.
    minor
        Categories that are not shown before anybody chooses them.
    category_glyphs, layer_glyphs
        Names of glyphs by category and by layer.
    """

    layers: tuple[LayerSymbol, ...]
    style: dict[str, dict[str, Any]]
    minor: frozenset[str]
    category_glyphs: dict[str, str]
    layer_glyphs: dict[str, str]

    def glyph_of(self, category: Category) -> str:
        """Return the name of a category's glyph; without one of its own, its layer's."""
        return self.category_glyphs.get(category.id, self.layer_glyphs[category.layer])


@cache
def load_symbols() -> Symbols:
    """Read the table that comes with the product."""
    text = (files("maps") / "data" / "symbols.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    layers = tuple(LayerSymbol(id=key, **values) for key, values in raw.pop("layers").items())
    glyphs = raw.pop("glyphs")
    minor = frozenset(raw.pop("minor")["categories"])
    return Symbols(
        layers=layers,
        style=raw,
        minor=minor,
        category_glyphs=glyphs["categories"],
        layer_glyphs=glyphs["layers"],
    )


@cache
def load_glyphs() -> dict[str, dict[str, Any]]:
    """Return the outlines of all glyphs: side of the square box and SVG path, by name.

    Raises
    ------
    LookupError
        If the front end has not been built.
    """
    path = files("maps") / "static" / "glyphs.json"
    if not path.is_file():
        raise LookupError("maps/static is missing: install the package to build the front end")
    glyphs: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return glyphs
