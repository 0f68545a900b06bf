"""A small town drawn by hand, as a finished snapshot: for tests of all that shows or exports it.

All numbers can be checked on paper. Metres east and north of ``ORIGIN``; the grounds lie north
of a village street, the main gate in their south, a locked gate in the east::

      300            +-----------+
      200  +---------+           |
           |   h-linde (200,150) x t-seite (400,150, locked)   [w3 supermarket (500,150)]
           |      n4 café (250,100)
        0  +-----o---------------+
                 | t-haupt (200,0)
     -400  ------+---------------+-------- Dorfstraße          h-markt (600,-400)

Every way is one metre a second long, so seconds and metres are the same figure.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely import LineString, MultiPolygon, Point, Polygon, box
from shapely.affinity import translate

from geo.coverage import COLUMNS
from geo.findings import Finding, Severity
from geo.profiles import load_profiles
from geo.sites import Sites
from layers.access import access_indicators
from layers.snapshot import Snapshot
from layers.summary import summarize
from layers.taxonomy import Category, Taxonomy

CRS = "EPSG:25832"
ORIGIN = (402000.0, 5761000.0)
MINUTES = (5, 10, 15)
MAX_MINUTES = 30

HOSTILE_SCRIPT = "Markt <script>alert(1)</script>"
HOSTILE_FORMULA = '=HYPERLINK("http://boese.example";"Brot")'
HOSTILE_TEMPLATE = "Apotheke ${alert(1)} `x`"
HOSTILE_DIRECTION = "Halt \u202egnp.exe"
HOSTILE_MINUS = "-2+3|cmd"


def _category(  # noqa: PLR0917  (a table of them is easier to read without names)
    key: str,
    label: str,
    plural: str,
    gender: str,
    layer: str,
    group: str,
    completeness: str,
    **more: Any,
) -> Category:
    values: dict[str, Any] = {
        "role": "resource",
        "rules": ({"amenity": (key,)},),
        "partner": False,
        "indicator": True,
    }
    return Category(
        id=key,
        label=label,
        label_plural=plural,
        gender=gender,
        layer=layer,
        group=group,
        completeness=completeness,
        **(values | more),
    )


TAXONOMY = Taxonomy(
    categories=(
        _category(
            "supermarket", "Supermarkt", "Supermärkte", "m", "services", "Nahversorgung", "high"
        ),
        _category("bakery", "Bäckerei", "Bäckereien", "f", "services", "Nahversorgung", "high"),
        _category("pharmacy", "Apotheke", "Apotheken", "f", "services", "Gesundheit", "high"),
        _category(
            "doctors", "Hausarztpraxis", "Hausarztpraxen", "f", "services", "Gesundheit", "low"
        ),
        _category(
            "bench", "Sitzbank", "Sitzbänke", "f", "services", "Rast", "medium", indicator=False
        ),
        _category("bus_stop", "Haltestelle", "Haltestellen", "f", "transit", "Mobilität", "high"),
        _category("cafe", "Café", "Cafés", "n", "meeting_places", "Begegnung", "high"),
        _category(
            "community_centre", "Gemeindehaus", "Gemeindehäuser", "n", "meeting_places",
            "Begegnung", "medium", partner=True,
        ),
        _category(
            "place_of_worship", "Gotteshaus", "Gotteshäuser", "n", "meeting_places", "Religion",
            "high", partner=True,
        ),
        _category(
            "club", "Verein", "Vereine", "m", "partners", "Vereine und Ehrenamt", "low",
            partner=True, role="partner",
        ),
        _category(
            "adult_gaming_centre", "Spielhalle", "Spielhallen", "f", "risk", "Glücksspiel",
            "medium", role="risk", indicator=False,
        ),
    )
)  # fmt: skip


def at(east: float, north: float) -> Point:
    """Return a point of the drawn town."""
    return Point(ORIGIN[0] + east, ORIGIN[1] + north)


def moved(geometry: Any) -> Any:
    """Return a geometry drawn around (0, 0) where the town lies."""
    return translate(geometry, *ORIGIN)


def sites() -> gpd.GeoDataFrame:
    """Return the grounds: one site, L-shaped, with a pond that is not part of it."""
    shell = [(0, 0), (400, 0), (400, 300), (250, 300), (250, 200), (0, 200)]
    pond = [(300, 220), (340, 220), (340, 260), (300, 260)]
    grounds = moved(MultiPolygon([Polygon(shell, [pond])]))
    return _frame({"site_id": ["g-waldhof"], "name": ["Waldhof"]}, [grounds])


def houses() -> gpd.GeoDataFrame:
    """Return one house on the grounds and one in the village."""
    outline = moved(box(190, 150, 210, 170))
    frame = _frame(
        {
            "house_id": ["h-linde", "h-markt"],
            "name": ["Haus Linde", "Haus am Markt"],
            "site_id": ["g-waldhof", ""],
        },
        [at(200, 150), at(600, -400)],
    )
    frame["outline"] = pd.Series([outline, None], dtype=object)
    return frame


def gates() -> gpd.GeoDataFrame:
    """Return the open main gate and the locked side gate."""
    return _frame(
        {
            "gate_id": ["t-haupt", "t-seite"],
            "name": ["Haupttor", "Seitentor"],
            "site_id": ["g-waldhof", "g-waldhof"],
            "status": ["open", "locked"],
            "step_free": ["yes", "unknown"],
            "derived": [False, True],
        },
        [at(200, 0), at(400, 150)],
    )


# id, category, name, kind, east, north, what else is known
_PLACES: list[tuple[str, str, str, str, float, float, dict[str, Any]]] = [
    ("n1", "bakery", "Bäckerei Korn", "Bäckerei", 200, -400,
     {"wheelchair": "yes", "opening_hours": "Mo-Sa 06:00-18:00",
      "address": "Dorfstraße 1, 49999 Musterhausen"}),
    ("n2", "bakery", HOSTILE_FORMULA, "Bäckerei", 700, -400, {"website": "javascript:alert(1)"}),
    ("n4", "cafe", "Café im Park", "Café", 250, 100,
     {"on_campus": "g-waldhof", "wheelchair": "limited"}),
    ("n5", "pharmacy", HOSTILE_TEMPLATE, "Apotheke", 900, -1500, {"wheelchair": "no"}),
    ("n6", "bus_stop", "Musterhausen, Dorfmitte", "Bushaltestelle", 100, -400,
     {"osm_ids": "n6,n66,w67,r68", "wheelchair": "yes"}),
    ("n7", "bus_stop", HOSTILE_DIRECTION, "Bushaltestelle", 800, -400, {}),
    ("n9", "place_of_worship", "Kirche 🕊 „Zum Guten“", "Evangelische Kirche", 300, -500,
     {"operator": "Ev. Gemeinde"}),
    ("n10", "club", HOSTILE_MINUS, "Sportverein", 400, -400, {"operator": "@Verein"}),
    ("n11", "bench", "", "Sitzbank", 200, -100, {}),
    ("n12", "adult_gaming_centre", "Glückshaus", "Spielhalle", 500, -400, {}),
    ("w3", "supermarket", HOSTILE_SCRIPT, "Supermarkt", 500, 150,
     {"outline": box(480, 130, 520, 170), "opening_hours": "Mo-Sa 07:00-21:00"}),
    ("w8", "community_centre", "Gemeindehaus Musterhausen", "Gemeindehaus", 300, -400,
     {"outline": box(290, -410, 310, -390), "osm_ids": "w8,n88"}),
]  # fmt: skip


def places() -> gpd.GeoDataFrame:
    """Return a dozen places, some with names that try to do harm."""
    by_id = {category.id: category for category in TAXONOMY.categories}
    rows = []
    for key, category, name, kind, east, north, more in sorted(_PLACES, key=lambda row: row[0]):
        known: dict[str, Any] = {
            "id": key,
            "name": name,
            "category": category,
            "kind": kind,
            "layer": by_id[category].layer,
            "role": by_id[category].role,
            "partner": by_id[category].partner,
            "osm_ids": key,
            "on_campus": "",
            "wheelchair": "unknown",
            "opening_hours": "",
            "address": "",
            "operator": "",
            "website": "",
            "phone": "",
            "completeness": by_id[category].completeness,
        }
        outline = more.pop("outline", None) if (more := dict(more)) else None
        rows.append(
            known
            | more
            | {"outline": None if outline is None else moved(outline), "point": at(east, north)}
        )
    columns = {column: [row[column] for row in rows] for column in rows[0]}
    points = columns.pop("point")
    outlines = columns.pop("outline")
    frame = _frame(columns, points)
    frame["outline"] = pd.Series(outlines, dtype=object)
    return frame


# Metres (and seconds) along the ways. From the house on the grounds it is 150 m to the gate
# and 400 m on to the village street; the supermarket behind the locked gate is reached around
# the outside only. The pharmacy is 2,350 m from there: farther than 30 minutes.
_METRES: dict[str, dict[str, float]] = {
    "g-waldhof": {
        "n1": 400, "n2": 900, "n4": 112.1, "n6": 500, "n7": 1000, "n9": 600, "n10": 600,
        "n11": 100, "n12": 700, "w3": 1250, "w8": 500,
    },
    "h-linde": {
        "n1": 550, "n2": 1050, "n4": 100, "n6": 650, "n7": 1150, "n9": 750, "n10": 750,
        "n11": 250, "n12": 850, "w3": 1400, "w8": 650,
    },
    "h-markt": {
        "n1": 400, "n2": 100, "n4": 912.1, "n5": 1400, "n6": 500, "n7": 200, "n9": 400,
        "n10": 200, "n11": 700, "n12": 100, "w3": 850, "w8": 300,
    },
}  # fmt: skip


def travel_times() -> pd.DataFrame:
    """Return the travel times of all pairs within 30 minutes."""
    rows = [
        (
            origin,
            place,
            "resident",
            "confirmed",
            metres,
            metres,
            origin == "h-linde",
            place == "n4",
            False,
            0.0,
        )
        for origin, reached in sorted(_METRES.items())
        for place, metres in sorted(reached.items())
    ]
    columns = [
        "from_id", "to_id", "profile", "state", "travel_time_s", "distance_m", "estimated",
        "private", "by_hours", "unknown_m",
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"travel_time_s": "float64", "distance_m": "float64"})


def coverage() -> pd.DataFrame:
    """Return an empty table: whoever goes on foot needs to know nothing of the ways."""
    return pd.DataFrame({name: [] for name in COLUMNS}).astype(COLUMNS)


def isochrones() -> gpd.GeoDataFrame:
    """Return diamonds around each origin, nested; those of ten minutes have a hole."""
    middles = {"g-waldhof": (200, 0), "h-linde": (200, 150), "h-markt": (600, -400)}
    rows: list[tuple[str, str, int, Any]] = []
    for origin, (east, north) in sorted(middles.items()):
        for minutes in MINUTES:
            reach = minutes * 60
            ring = [
                (east - reach, north), (east, north - reach),
                (east + reach, north), (east, north + reach),
            ]  # fmt: skip
            hole = box(east + 100, north + 100, east + 150, north + 150)
            shape = Polygon(ring, [hole.exterior.coords] if minutes == 10 else None)
            rows.append((origin, "resident", minutes, moved(MultiPolygon([shape]))))
    frame = pd.DataFrame([row[:3] for row in rows], columns=["house_id", "profile", "minutes"])
    frame.insert(2, "state", "confirmed")
    return gpd.GeoDataFrame(frame, geometry=[row[3] for row in rows], crs=CRS)


def base() -> gpd.GeoDataFrame:
    """Return what the base map is drawn from, in longitude and latitude."""
    rows: list[tuple[str, str, str, str, Any]] = [
        ("n900", "place_name", "village", "Musterhausen", Point(300, -400)),
        ("w901", "street", "residential", "Dorfstraße", LineString([(-200, -400), (1000, -400)])),
        (
            "w902",
            "street",
            "residential",
            "Am <b>Waldhof</b>",
            LineString([(200, 0), (200, -400)]),
        ),
        ("w903", "path", "footway", "", LineString([(200, 150), (200, 0)])),
        ("w904", "railway", "rail", "", LineString([(-200, -700), (1000, -650)])),
        ("w905", "building", "yes", "", box(190, 150, 210, 170)),
        ("w906", "building", "yes", "", box(590, -420, 610, -400)),
        ("w907", "water", "river", "Musterbach", box(-200, -600, 1000, -580)),
        ("w908", "wood", "wood", "Musterwald", box(-200, 300, 600, 700)),
        ("w909", "green", "park", "", box(600, -300, 700, -200)),
        ("w910", "built_up", "residential", "", box(0, -560, 900, -300)),
    ]
    frame = pd.DataFrame([row[:4] for row in rows], columns=["osm_id", "layer", "kind", "name"])
    drawn = gpd.GeoDataFrame(frame, geometry=[moved(row[4]) for row in rows], crs=CRS)
    return drawn.to_crs("EPSG:4326")


@cache
def sample_snapshot() -> Snapshot:
    """Return the town as a finished snapshot; do not change its frames."""
    resident = load_profiles()["resident"]
    grounds = Sites(sites(), houses(), gates())
    access = access_indicators(
        places(),
        travel_times(),
        grounds,
        TAXONOMY,
        minutes=MINUTES,
        max_minutes=MAX_MINUTES,
        profiles={"resident": resident},
    )
    return Snapshot(
        id="0123456789abcdef",
        name="Musterhausen",
        fictional=True,
        source="musterhausen.osm.pbf",
        data_date=date(2026, 3, 12),
        crs=CRS,
        minutes=MINUTES,
        profiles={"resident": resident},
        taxonomy=TAXONOMY,
        sites=sites(),
        houses=houses(),
        gates=gates(),
        places=places(),
        isochrones=isochrones(),
        access=access,
        travel_times=travel_times(),
        coverage=coverage(),
        summaries={
            "resident": summarize(
                access,
                grounds,
                TAXONOMY,
                travel_times(),
                coverage(),
                profile=resident,
                max_minutes=MAX_MINUTES,
            )
        },
        base=base(),
        findings=(
            Finding(
                code="way.missing_nodes",
                severity=Severity.WARNING,
                message="1 Weg hat Lücken, weil Punkte fehlen.",
                where="musterhausen.osm.pbf",
                count=1,
                examples=("w999",),
            ),
        ),
        counts={"nodes": 120, "ways": 24},
        digests={"extract": "a" * 64, "sites": "b" * 64, "study": "c" * 64, "taxonomy": "d" * 64},
    )


def _frame(columns: dict[str, list[Any]], geometry: list[Any]) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(columns)
    return gpd.GeoDataFrame(frame, geometry=geometry, crs=CRS)
