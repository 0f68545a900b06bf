"""The outlines of what the layers show, in a box of 24: one table for pages, plans and portals."""

from __future__ import annotations

from collections.abc import Mapping

from maps.symbols import load_symbols

_BLOB = "M12 2.5C17.5 2 21.5 6.5 21 12S17 21 11.5 21.5S2.5 17.5 2.8 12S7 3 12 2.5z"

OUTLINES: Mapping[str, str] = {
    "circle": "M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0-20z",
    "square": "M6 2h12a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H6a4 4 0 0 1-4-4V6a4 4 0 0 1 4-4z",
    "house": "M12 1.4L22.6 10.4V20.4a2 2 0 0 1-2 2H3.4a2 2 0 0 1-2-2V10.4z",
    "hexagon": "M12 .8L21.6 6.4V17.6L12 23.2L2.4 17.6V6.4z",
    "pentagon": "M12 1.4L22.6 9.4L18.6 22H5.4L1.4 9.4z",
    "pin": "M12 23C10.2 18.8 3 14.8 3 9.4a9 9 0 0 1 18 0C21 14.8 13.8 18.8 12 23z",
    "gate": "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18zM12 7.5v9",
    "ground": "M3 8L11 2.5L21.5 7L19 20.5L6 21.5z",
    "area": _BLOB,
    "table": "M3 4.5h18v15H3zM3 9.5h18M9.5 9.5v10",
}
"""Path of each shape that ``maps/data/symbols.toml`` names, and of the others that pages need."""

_OTHERS: Mapping[str, str] = {
    "common_ground": "area",
    "gates": "gate",
    "isochrones": "area",
    "sites": "ground",
}


def shape_of(layer: str) -> str:
    """Return the shape that stands for a layer: a key of ``OUTLINES``; tables are ``"table"``."""
    symbols = load_symbols()
    known: dict[str, str] = {
        **{one.id: one.shape for one in symbols.layers},
        **_OTHERS,
        "houses": symbols.style["house"]["shape"],
        "ranking": symbols.style["candidate"]["shape"],
    }
    return known.get(layer, "table")
