"""Areas: polygons from closed ways and from multipolygon and boundary relations.

Rings are put together by libosmium's assembler, which follows the OSM rules (roles are
only hints, touching rings, islands in holes, doubled segments cancel each other). It is
given a small file made in memory of just the relations, ways and nodes in question, with
ids of our own: so it never meets a negative id, a doubled object or an odd order.

An area is made only if every member way and every node is in the file and all rings
close; otherwise there is none, and a finding names the relation and the reason. Closed
ways whose plain ring is a valid polygon need no assembler.

Old-style multipolygons, usual until 2017, carry nothing that says what they are; there the
tags that all outer ways have in common belong to the relation, and the outer ways are no
areas of their own. An inner way that repeats what the relation says is no area either, for
nothing can be a wood in the hole of the same wood; buildings excepted, for one may well
stand in the courtyard of another.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from geo._area_rule import describes_area, describes_something, describing
from geo._osm_data import Ints, OsmData, Relation, find
from geo._osm_shapes import closed_ways, missing_counts, way_polygons
from geo._ring_assembly import Polygonal, Ring, Rings, assemble
from geo._tally import Tally
from geo.extract import Tags
from geo.findings import Finding, Severity

_TYPES = frozenset({"multipolygon", "boundary"})
_RING_ROLES = frozenset({"outer", "inner"})


@dataclass(frozen=True)
class RelationArea:
    """The area of one relation.

    Attributes
    ----------
    tags
        What the area is: the tags of the relation without ``type``; for an old-style
        multipolygon also those that its outer ways have in common.
    geometry
        Polygon or MultiPolygon, valid, longitude and latitude in degrees.
    outer_rings
        OSM node ids of each outer ring, first and last the same place.
    """

    tags: Tags
    geometry: Polygonal
    outer_rings: tuple[Ring, ...]


@dataclass
class Areas:
    """All areas of a file.

    Attributes
    ----------
    ways
        Polygon or MultiPolygon of each closed way that means an area, by its position
        among the ways of the file, ascending.
    relations
        Areas of relations by relation id, ascending.
    outlines
        Closed outer ways of old-style multipolygons, whose tags became the relation's: by
        position, the relation. They are no areas of their own.
    repeated
        Positions of inner ways that repeat what their relation says. They are no areas.
    failed
        Ids of the objects that mean an area which could not be made (``"w1"``, ``"r1"``).
    findings
        What was wrong, by reason.
    """

    ways: dict[int, Polygonal] = field(default_factory=dict)
    relations: dict[int, RelationArea] = field(default_factory=dict)
    outlines: dict[int, int] = field(default_factory=dict)
    repeated: set[int] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass
class _Faults:
    missing_members: Tally = field(default_factory=Tally)
    missing_nodes: Tally = field(default_factory=Tally)
    nested: Tally = field(default_factory=Tally)
    no_ways: Tally = field(default_factory=Tally)
    open_ring: Tally = field(default_factory=Tally)
    crossing: Tally = field(default_factory=Tally)

    def findings(self) -> list[Finding]:
        """Return one finding per reason."""
        remedy = "Einen größeren Auszug nehmen, wenn die Fläche gebraucht wird."
        mend = "Die Fläche in OpenStreetMap berichtigen."
        return [
            *self.missing_members.finding(
                "area.missing_members",
                Severity.INFO,
                "Eine Fläche fehlt, weil nicht alle ihre Umrisslinien im Auszug sind.",
                "{count} Flächen fehlen, weil nicht alle ihre Umrisslinien im Auszug sind.",
                remedy=remedy,
            ),
            *self.missing_nodes.finding(
                "area.missing_nodes",
                Severity.WARNING,
                "Eine Fläche fehlt, weil nicht alle ihre Punkte im Auszug sind.",
                "{count} Flächen fehlen, weil nicht alle ihre Punkte im Auszug sind.",
                remedy=remedy,
            ),
            *self.nested.finding(
                "area.nested_relation",
                Severity.WARNING,
                "Eine Fläche fehlt, weil sie aus anderen Relationen zusammengesetzt ist.",
                "{count} Flächen fehlen, weil sie aus anderen Relationen zusammengesetzt sind.",
                remedy=mend,
            ),
            *self.no_ways.finding(
                "area.no_ways",
                Severity.INFO,
                "Eine Flächen-Relation hat keine Umrisslinien.",
                "{count} Flächen-Relationen haben keine Umrisslinien.",
                remedy=mend,
            ),
            *self.open_ring.finding(
                "area.open_ring",
                Severity.WARNING,
                "Eine Fläche fehlt, weil ihr Umriss nicht geschlossen ist.",
                "{count} Flächen fehlen, weil ihr Umriss nicht geschlossen ist.",
                remedy=mend,
            ),
            *self.crossing.finding(
                "area.crossing_rings",
                Severity.WARNING,
                "Eine Fläche fehlt, weil sich ihr Umriss kreuzt oder überlappt.",
                "{count} Flächen fehlen, weil sich ihr Umriss kreuzt oder überlappt.",
                remedy=mend,
            ),
        ]


def find_areas(data: OsmData) -> Areas:
    """Make every area of a file.

    Parameters
    ----------
    data
        The objects of the file.
    """
    areas = Areas()
    faults = _Faults()
    missing = missing_counts(data)
    closed = closed_ways(data)
    meant = np.array([describes_area(tags) for tags in data.way_tags], dtype=np.bool_)
    rows = np.flatnonzero(meant & closed)
    for row in rows[missing[rows] > 0]:
        faults.missing_nodes.add(f"w{data.way_ids[row]}")
        areas.failed.append(f"w{data.way_ids[row]}")
    rows = rows[missing[rows] == 0]
    shapes = way_polygons(data, rows)
    plain = dict(zip(rows.tolist(), shapes.tolist(), strict=True))
    odd = [row for row, shape in plain.items() if shape is None]
    complete = {
        key: relation
        for key, relation in data.relations.items()
        if relation.tags.get("type") in _TYPES
        and _is_complete(key, relation, data, missing, faults)
    }
    assembled = assemble(data, complete, odd)
    for row, shape in plain.items():
        geometry = shape if shape is not None else assembled.ways.get(row)
        if geometry is not None:
            areas.ways[row] = geometry
        else:
            faults.crossing.add(f"w{data.way_ids[row]}")
            areas.failed.append(f"w{data.way_ids[row]}")
    for key, relation in complete.items():
        if key in assembled.relations:
            area = assembled.relations[key]
            tags = _meaning(key, relation, area, data, areas)
            areas.relations[key] = RelationArea(tags, area.geometry, area.outer_rings)
        elif _has_open_end(relation, data):
            faults.open_ring.add(f"r{key}")
        else:
            faults.crossing.add(f"r{key}")
    areas.failed += [
        f"r{key}"
        for key, relation in data.relations.items()
        if relation.tags.get("type") in _TYPES and key not in areas.relations
    ]
    areas.findings = faults.findings()
    return areas


def _meaning(key: int, relation: Relation, area: Rings, data: OsmData, areas: Areas) -> Tags:
    """Return what the area is, and note the member ways that it stands for.

    Which way is outer and which is inner is taken from the rings, not from the roles.
    """
    tags = {name: value for name, value in relation.tags.items() if name != "type"}
    if relation.tags["type"] != "multipolygon":
        return tags
    outer_nodes = {ref for ring in area.outer_rings for ref in ring}
    inner_nodes = {ref for ring in area.inner_rings for ref in ring}
    outer: list[int] = []
    inner: list[int] = []
    for kind, ref, _ in relation.members:
        row = data.way_position(ref) if kind == "w" else -1
        if row >= 0 and describes_something(data.way_tags[row]):
            nodes = data.refs[data.offsets[row] : data.offsets[row + 1]].tolist()
            if outer_nodes.issuperset(nodes):
                outer.append(row)
            elif inner_nodes.issuperset(nodes):
                inner.append(row)
    if outer and not describes_something(tags):
        common = dict(data.way_tags[outer[0]])
        for row in outer[1:]:
            common = dict(common.items() & data.way_tags[row].items())
        if describes_something(common):
            tags = {**{name: common[name] for name in sorted(common)}, **tags}
            areas.outlines.update((row, key) for row in outer if row in areas.ways)
    said = describing(tags)
    if "building" not in said:
        areas.repeated.update(
            row for row in inner if describing(data.way_tags[row]) == said and row in areas.ways
        )
    return tags


def _is_complete(
    key: int, relation: Relation, data: OsmData, missing: Ints, faults: _Faults
) -> bool:
    """Whether all member ways and their nodes are there; notes what is not."""
    members = np.array([ref for kind, ref, _ in relation.members if kind == "w"], np.int64)
    rows = find(data.way_ids, members)
    # A relation without a role is a part that lies inside, as municipalities in a district.
    nested = relation.tags["type"] == "multipolygon" and any(
        kind == "r" and role in _RING_ROLES for kind, _, role in relation.members
    )
    if nested:
        tally = faults.nested
    elif not len(rows):
        tally = faults.no_ways
    elif np.any(rows < 0):
        tally = faults.missing_members
    elif np.any(missing[rows] > 0):
        tally = faults.missing_nodes
    else:
        return True
    tally.add(f"r{key}")
    return False


def _has_open_end(relation: Relation, data: OsmData) -> bool:
    """Whether some member way ends where an odd number of way ends meet."""
    ends: dict[tuple[float, float], int] = {}
    for kind, ref, _ in relation.members:
        if kind == "w":
            row = data.way_position(ref)
            nodes = data.positions[data.offsets[row] : data.offsets[row + 1]]
            for node in (nodes[0], nodes[-1]) if len(nodes) else ():
                place = (float(data.longitude[node]), float(data.latitude[node]))
                ends[place] = ends.get(place, 0) + 1
    return any(count % 2 for count in ends.values())
