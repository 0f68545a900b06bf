"""The symbols of the map as SVG documents, for styles of a GIS.

Outlines are those of ``maps/frontend/src/shapes.ts`` (a test compares them), glyphs and colours
those of the map. Everything is within the document: nothing has to be installed or fetched.
"""

from __future__ import annotations

from dataclasses import dataclass

from maps.symbols import load_glyphs

BOX = 24
"""Side of the box that outlines are drawn in."""

MARGIN = 3.6
"""Room around the box for the rim."""

RING_GROWS = 1.25
"""So much larger is a picture with a ring, for the symbol within to have its usual size."""

_RIM, _MARK_RIM = 1.8, 3.6


@dataclass(frozen=True, slots=True)
class Outline:
    """An outline in a box of 24 by 24; where a glyph sits in it, and the side of its box."""

    path: str
    x: float
    y: float
    glyph: float


OUTLINES = {
    "circle": Outline("M12 1a11 11 0 1 0 0 22a11 11 0 1 0 0-22z", 12, 12, 13.5),
    "square": Outline(
        "M6 2h12a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H6a4 4 0 0 1-4-4V6a4 4 0 0 1 4-4z", 12, 12, 13.5
    ),
    "house": Outline(
        "M12 .6 23.4 10.4 V21 a2.2 2.2 0 0 1-2.2 2.2 H2.8 A2.2 2.2 0 0 1 .6 21 V10.4z",
        12,
        14,
        12.5,
    ),
    "hexagon": Outline("M12 0 L22.4 6 V18 L12 24 L1.6 18 V6z", 12, 12, 12.5),
    "pin": Outline(
        "M12 24 C10.2 19.6 2.6 15.2 2.6 9.4 a9.4 9.4 0 0 1 18.8 0 C21.4 15.2 13.8 19.6 12 24z",
        12,
        9.6,
        11,
    ),
    "pentagon": Outline("M12 .4 L23.6 8.9 L19.2 22.6 H4.8 L.4 8.9z", 12, 13, 12),
}
GATE_SIGNS = {
    "open": "M12 6 V18",
    "locked": "M7.5 7.5 L16.5 16.5 M16.5 7.5 L7.5 16.5",
    "hours": "M12 6.5 V12 L16 14.5",
}


def with_rim(size: float) -> float:
    """Return the side of a symbol's picture with its rim, for a symbol of some size."""
    return size * (BOX + 2 * MARGIN) / BOX


def place_svg(shape: str, colour: str, glyph: str = "", ring: str = "") -> str:
    """Draw a symbol of a place.

    Parameters
    ----------
    shape
        Name of its outline.
    colour
        sRGB, ``"#RRGGBB"``.
    glyph
        Name of the white glyph on it; without one it is a mark with a wider rim.
    ring
        Colour of a hexagon around it; "": none.
    """
    outline = OUTLINES[shape]
    parts = [_stamp(outline.path, colour, _RIM if glyph else _MARK_RIM)]
    if glyph:
        drawing = load_glyphs()[glyph]
        factor = outline.glyph / float(drawing["size"])
        x, y = outline.x - outline.glyph / 2, outline.y - outline.glyph / 2
        parts.append(
            f'<path d="{drawing["path"]}" fill="#FFFFFF"'
            f' transform="translate({x:g} {y:g}) scale({factor:.6g})"/>'
        )
    if ring:
        # The hexagon stands around the symbol, which is drawn smaller within it.
        inner = "".join(parts)
        hexagon = OUTLINES["hexagon"].path
        parts = [
            f'<path d="{hexagon}" fill="#FFFFFF" stroke="#FFFFFF" stroke-width="3.6"'
            ' stroke-linejoin="round" transform="translate(-2.4 -2.4) scale(1.2)"/>',
            f'<path d="{hexagon}" fill="none" stroke="{ring}" stroke-width="1.8"'
            ' stroke-linejoin="round" transform="translate(-2.4 -2.4) scale(1.2)"/>',
            f'<g transform="translate(2.4 2.4) scale(0.8)">{inner}</g>',
        ]
    return _document(parts)


def gate_svg(sign: str, colour: str, disc: str) -> str:
    """Draw a gate: a disc with a bar (``open``), a cross (``locked``) or hands (``hours``)."""
    return _document(
        [
            f'<circle cx="12" cy="12" r="10.5" fill="{disc}" stroke="{colour}"'
            ' stroke-width="2.2"/>',
            f'<path d="{GATE_SIGNS[sign]}" fill="none" stroke="{colour}" stroke-width="3"'
            ' stroke-linecap="round" stroke-linejoin="round"/>',
        ]
    )


def _stamp(path: str, colour: str, rim: float) -> str:
    return (
        f'<path d="{path}" fill="#FFFFFF" stroke="#FFFFFF" stroke-width="{2 * rim:g}"'
        f' stroke-linejoin="round"/><path d="{path}" fill="{colour}"/>'
    )


def _document(parts: list[str]) -> str:
    side = BOX + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side:g}" height="{side:g}"'
        f' viewBox="{-MARGIN:g} {-MARGIN:g} {side:g} {side:g}">{"".join(parts)}</svg>'
    )
