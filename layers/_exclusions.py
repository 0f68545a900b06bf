"""Where nothing may stand: what the study rules out, and what nobody would ask for.

Never: in a house of residents, on the grounds of a hospital other than the study's own, in
a prison or forensic unit, and in homes of other people who need support. They are not to be
shown on any map as places for a project (field.md 5), and nobody's home is a meeting place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.findings import Finding, Severity
from layers._measured import made_once
from layers.people import People

Bools = npt.NDArray[np.bool_]
Shapes = npt.NDArray[Any]

_MAIN_ROADS = frozenset(
    f"{kind}{link}"
    for kind in ("motorway", "trunk", "primary", "secondary")
    for link in ("", "_link")
)
_CLOSED_KINDS = frozenset({"prison", "military"})
_HOMES = frozenset({"group_home", "assisted_living", "shelter", "dormitory"})
_CLOSED_NAME = re.compile(
    r"forensi|ma(ß|ss)regelvollzug|justizvollzug|\bjva\b|gef(ä|ae)ngnis", re.IGNORECASE
)
_HOUSE_M = 1.0


@dataclass(frozen=True)
class Kept:
    """What is left of candidates.

    Attributes
    ----------
    rows
        Rows of the frame that are kept, ascending.
    ruled_out
        How many candidates each exclusion took away, by its German reason; each candidate is
        counted once, with the first reason that applies.
    findings
        What was noticed.
    """

    rows: npt.NDArray[np.int64]
    ruled_out: dict[str, int]
    findings: tuple[Finding, ...] = ()


def rule_out(people: People, frame: gpd.GeoDataFrame) -> Kept:
    """Leave out candidates where nothing may stand.

    Parameters
    ----------
    people
        The study; its ``[placement]`` says what is ruled out.
    frame
        Candidates as in ``layers.candidates.Candidates``.
    """
    left = np.ones(len(frame), dtype=bool)
    counts: dict[str, int] = {}
    for reason, test in _rules(people):
        hit = left & test(people, frame)
        if hit.any():
            counts[reason] = int(hit.sum())
            left &= ~hit
    return Kept(np.flatnonzero(left), counts, tuple(_findings(people)))


_Test = Callable[[People, gpd.GeoDataFrame], Bools]


def _rules(people: People) -> Iterator[tuple[str, _Test]]:
    """Yield the exclusions of a study in their order."""
    settings = people.ready.study.settings.placement
    yield "in einem Wohnhaus der Studie", _in_a_house
    yield "ein Wohnangebot für andere Menschen", _is_a_home
    yield "auf dem Gelände eines Krankenhauses oder einer geschlossenen Einrichtung", _closed
    if settings.on_campus == "forbid":
        yield "auf dem Gelände (die Studie schließt es aus)", _on_campus
    elif settings.on_campus == "only":
        yield "nicht auf dem Gelände (die Studie sucht nur dort)", _off_campus
    if not settings.industrial:
        yield "in einem Industriegebiet", _industrial
    if settings.main_road_m:
        yield (
            f"höchstens {settings.main_road_m:g} m von einer Hauptstraße".replace(".", ","),
            _at_main_road,
        )
    if settings.risk and settings.risk_m:
        yield (
            f"höchstens {settings.risk_m:g} m von einem Ort, den die Studie meidet".replace(
                ".", ","
            ),
            _at_risk,
        )


def _in_a_house(people: People, frame: gpd.GeoDataFrame) -> Bools:
    """Whether a candidate lies in a house, or is the building that a house is in."""
    houses = people.ready.sites.houses
    hit = np.zeros(len(frame), dtype=bool)
    points, shapes = _points(frame), _buildings(frame)
    for point, outline in zip(houses.geometry, houses["outline"], strict=True):
        near = shapely.distance(points, point) <= _HOUSE_M
        hit |= near | shapely.intersects(shapes, point)
        if isinstance(outline, shapely.Geometry):
            hit |= shapely.intersects(points, outline)
    return hit


def _is_a_home(people: People, frame: gpd.GeoDataFrame) -> Bools:
    """Whether any drawing of a place says that people live there with support."""

    def find() -> list[str]:
        features, places = people.ready.extract.features, people.ready.places.frame
        homes = {
            osm_id
            for osm_id, tags in zip(features["osm_id"], features["tags"], strict=True)
            if not _HOMES.isdisjoint(tags.get("social_facility", "").split(";"))
        }
        drawings = places["osm_ids"] if "osm_ids" in places else places["id"]
        return [
            str(place)
            for place, drawn in zip(places["id"], drawings, strict=True)
            if not homes.isdisjoint(drawn.split(","))
        ]

    return np.asarray(frame["id"].isin(made_once(people, "placement.homes", find)), dtype=bool)


def _closed(people: People, frame: gpd.GeoDataFrame) -> Bools:
    """Whether a candidate lies where the public does not go, or where people lie ill."""

    def find() -> tuple[Shapes, Shapes]:
        base, features = people.ready.extract.base, people.ready.extract.features
        closed: list[Any] = []
        hospitals: list[Any] = []
        if len(base):
            named = base["name"].map(is_closed).astype(bool)
            closed += base.geometry[named | base["kind"].isin(_CLOSED_KINDS)].tolist()
            hospitals += base.geometry[base["kind"] == "hospital"].tolist()
        for tags, shape in zip(features["tags"], features.geometry, strict=True):
            if tags.get("amenity") == "prison" or is_closed(tags.get("name", "")):
                closed.append(shape)
            elif "hospital" in {tags.get("amenity"), tags.get("healthcare")}:
                hospitals.append(shape)
        return _metric(closed, people.ready.crs), _metric(hospitals, people.ready.crs)

    closed, hospitals = made_once(people, "placement.closed", find)
    points = _points(frame)
    named = np.array([is_closed(name) for name in frame["name"]], dtype=bool)
    # The study's own grounds are often a hospital's: what stands there is for the study to say.
    off = (frame["on_campus"] == "").to_numpy()
    return named | _inside(points, closed) | (off & _inside(points, hospitals))


def is_closed(name: str) -> bool:
    """Whether a name tells of a prison or a forensic unit: nothing to be shown or named."""
    return _CLOSED_NAME.search(name) is not None


def _on_campus(people: People, frame: gpd.GeoDataFrame) -> Bools:  # noqa: ARG001
    return np.asarray(frame["on_campus"] != "", dtype=bool)


def _off_campus(people: People, frame: gpd.GeoDataFrame) -> Bools:  # noqa: ARG001
    return np.asarray(frame["on_campus"] == "", dtype=bool)


def _industrial(people: People, frame: gpd.GeoDataFrame) -> Bools:
    areas = _base_shapes(people, "built_up", frozenset({"industrial"}))
    return _inside(_points(frame), areas)


def _at_main_road(people: People, frame: gpd.GeoDataFrame) -> Bools:
    roads = _base_shapes(people, "street", _MAIN_ROADS)
    return _near(_extents(frame), roads, people.ready.study.settings.placement.main_road_m)


def _at_risk(people: People, frame: gpd.GeoDataFrame) -> Bools:
    """Measure to the edge of the premises, as rules on distances of gambling halls do."""
    places = people.ready.places.frame
    # A supermarket is the daily need, whatever a study calls it (field.md 1.5).
    risky = places[(places["layer"] == "risk") & (places["category"] != "supermarket")]
    shapes = np.array(
        [
            outline if isinstance(outline, shapely.Geometry) else point
            for outline, point in zip(risky["outline"], risky.geometry, strict=True)
        ],
        dtype=object,
    )
    return _near(_extents(frame), shapes, people.ready.study.settings.placement.risk_m)


def _findings(people: People) -> Iterator[Finding]:
    settings = people.ready.study.settings.placement
    if settings.risk_m and not any(
        category.layer == "risk" for category in people.ready.taxonomy.categories
    ):
        yield Finding(
            "placement.risk_layer_off",
            Severity.WARNING,
            "»placement.risk_m« hat nichts ausgeschlossen, denn in den Kategorien der Studie ist "
            "kein Ort der internen Ebene »Risiken« eingeschaltet.",
            where="study.toml, placement.risk_m",
            remedy="Die gemeinten Kategorien in der Datei unter »taxonomy« mit off = false "
            "einschalten oder »risk_m« streichen.",
        )


def _points(frame: gpd.GeoDataFrame) -> Shapes:
    return np.array(frame.geometry, dtype=object)


def _buildings(frame: gpd.GeoDataFrame) -> Shapes:
    """Return the outline of each candidate that is under a roof, else its point."""
    roofed = frame["source"].isin(["room", "partner"])
    return np.array(
        [
            outline if roof and isinstance(outline, shapely.Geometry) else point
            for roof, outline, point in zip(roofed, frame["outline"], frame.geometry, strict=True)
        ],
        dtype=object,
    )


# A park beside a main road is quiet in its middle; a house beside it is not.
_extents = _buildings


def _base_shapes(people: People, layer: str, kinds: frozenset[str]) -> Shapes:
    """Return shapes of the base map in the study's CRS."""

    def find() -> Shapes:
        base = people.ready.extract.base
        if not len(base):
            return np.empty(0, dtype=object)
        wanted = (base["layer"] == layer) & base["kind"].isin(kinds)
        return _metric(base.geometry[wanted].tolist(), people.ready.crs)

    return made_once(people, ("placement.base", layer, kinds), find)


def _metric(shapes: Sequence[Any], crs: str) -> Shapes:
    """Return shapes of an extract in the study's CRS."""
    return np.array(gpd.GeoSeries(list(shapes), crs="EPSG:4326").to_crs(crs), dtype=object)


def _inside(points: Shapes, areas: Shapes) -> Bools:
    areas = areas[np.isin(shapely.get_type_id(areas), (3, 6))]
    hit = np.zeros(len(points), dtype=bool)
    hit[shapely.STRtree(areas).query(points, predicate="intersects")[0]] = True
    return hit


def _near(shapes: Shapes, others: Shapes, metres: float) -> Bools:
    hit = np.zeros(len(shapes), dtype=bool)
    hit[shapely.STRtree(others).query(shapes, predicate="dwithin", distance=metres)[0]] = True
    return hit
