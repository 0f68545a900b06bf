"""The drawn town in which what-if is worked out by hand.

One footway runs east; a character is 50 m, and the profile walks 1 m/s, so that seconds are
metres. Along it, in metres from the west edge of the grounds::

    h 150   G 300 (gate)   x 600   a 900   b 1200   k 1500

House ``h`` stands on the grounds ``campus`` (0 to 300), house ``k`` on no grounds. A pharmacy
lies at ``x``. 30 people live at ``a``, 8 at ``b``.
"""

from __future__ import annotations

from typing import Any

from pyproj import Transformer

from layers._variant_file import Variant, variant_from
from layers.residents import find_residents
from layers.scenario import Baseline, baseline_of
from tests.geo.drawings import CORNER, CRS, Town, draw
from tests.layers.peopled import peopled

PICTURE = """
p-----q
|     |
|  h  G     x     a     b     k
|     |
s-----r
"""
_TO_DEGREES = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)


HOMES = {"a": 30.0, "b": 8.0}
RESIDENTS = {"h": 24.0, "k": 8.0}


def _town(gate: str, **changed: Any) -> Town:
    drawn: dict[str, Any] = {
        "metres": 50,
        "ways": {"hGxabk": "highway=footway"},
        "sites": {"campus": "pqrs"},
        "houses": {"h": "campus", "k": ""},
        "gates": {"G": ("campus", gate)},
        "places": {"x": ""},
    }
    return draw(PICTURE, **(drawn | changed))


def street(gate: str = "locked", **settings: Any) -> Baseline:
    """Return all that is known of the town."""
    people = peopled(
        _town(gate), HOMES, RESIDENTS,
        **{"area": "urban", "standards": {"pharmacy": 8}, **settings},
    )  # fmt: skip
    return baseline_of(people.ready, people=people)


def bare_street(what: str) -> Baseline:
    """Return the town without something, its gate locked."""
    changed: dict[str, dict[str, Any]] = {
        "no houses": {"houses": {}},
        "no places": {"places": {}},
        "no grounds": {"sites": {}, "gates": {}, "houses": {"h": "", "k": ""}},
    }
    town = _town("locked", **changed.get(what, {}))
    homes = {} if what == "no homes" else HOMES
    residents = {} if what == "no houses" else RESIDENTS
    people = peopled(town, homes, residents, area="urban")
    if what == "no houses":
        people.__dict__["residents"] = find_residents(people.ready)
    return baseline_of(people.ready, people=people)


def at(east: float, south: float = 100.0) -> dict[str, float]:
    """Return a spot by its metres from the corner of the picture."""
    lon, lat = _TO_DEGREES.transform(CORNER[0] + east, CORNER[1] - south)
    return {"lon": round(lon, 7), "lat": round(lat, 7)}


def variant(*changes: dict[str, Any], name: str = "Probe") -> Variant:
    """Return a variant of these changes."""
    return variant_from({"name": name, "change": list(changes)})
