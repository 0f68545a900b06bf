"""The drawn town in which two-way reach is worked out by hand.

One footway runs east; a character is 50 m, and the profile walks 1 m/s, so that seconds are
metres. Along it, in metres from the west edge of the grounds::

    h 150   G 300 (gate)   x 600   a 900   b 1200   k 1500

House ``h`` (24 places) stands on the grounds ``campus`` (0 to 300), house ``k`` (8) on no
grounds. 30 people live at ``a``, 8 at ``b``.
"""

from __future__ import annotations

from typing import Any

from layers.people import People
from tests.geo.drawings import Town, draw
from tests.layers.peopled import peopled

PICTURE = """
p-----q
|     |
|  h  G     x     a     b     k
|     |
s-----r
"""
HOMES = {"a": 30.0, "b": 8.0}
RESIDENTS = {"h": 24.0, "k": 8.0}


def street(gate: str = "open") -> Town:
    """Draw the town."""
    return draw(
        PICTURE,
        metres=50,
        ways={"hGxabk": "highway=footway"},
        sites={"campus": "pqrs"},
        houses={"h": "campus", "k": ""},
        gates={"G": ("campus", gate)},
    )


def street_people(gate: str = "open", **settings: Any) -> People:
    """Return its people."""
    return peopled(street(gate), HOMES, RESIDENTS, **settings)
