"""Write the grounds, the houses and the gates of the study."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from drawing.frame import Point, lonlat
from drawing.grounds import MAIN_GATE, SIDE_GATE, boundary
from drawing.pavilions import HOUSES
from drawing.sheet import Sheet

SITE_ID = "musterhausen"

_GATES = (
    ("tor-suedost", "Haupttor", MAIN_GATE, "open", "yes"),
    ("tor-suedwest", "Seitentor zum Dorf", SIDE_GATE, "locked", "no"),
)


def write_sites(sheet: Sheet, path: Path) -> None:
    """Write ``sites.geojson``: one site, three houses, two gates."""
    features = [
        _feature(
            {"id": SITE_ID, "kind": "site", "name": "LWL-Gelände Musterhausen (fiktiv)"},
            _polygon(boundary()),
        )
    ]
    for house_id, (name, *_) in HOUSES.items():
        ring = next(b.ring for b in sheet.buildings if b.tags.get("name") == name)
        features.append(
            _feature(
                {"id": house_id, "kind": "house", "name": name, "site_id": SITE_ID}, _polygon(ring)
            )
        )
    for gate_id, name, point, status, step_free in _GATES:
        features.append(
            _feature(
                {
                    "id": gate_id,
                    "kind": "gate",
                    "name": name,
                    "site_id": SITE_ID,
                    "status": status,
                    "step_free": step_free,
                },
                {"type": "Point", "coordinates": list(lonlat(point))},
            )
        )
    collection = {"type": "FeatureCollection", "features": features}
    text = json.dumps(collection, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _feature(properties: dict[str, str], geometry: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _polygon(ring: list[Point]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(lonlat(p)) for p in (*ring, ring[0])]]}
