"""What is odd about a file of OSM data as a whole, as findings."""

from __future__ import annotations

from datetime import date

import numpy as np

from geo._osm_data import OsmData, find
from geo._osm_shapes import Bools, has_extent, missing_counts
from geo._tally import MAX_EXAMPLES, Tally
from geo.findings import Finding, Severity

_LARGER = "Einen größeren Auszug nehmen, wenn die Standorte nahe am Rand liegen."
_LOOSE_SHARE = 0.05
_LOOSE_LEAST = 100
_BOX_TIMES = 100

Bounds = tuple[float, float, float, float]


def file_findings(data: OsmData, today: date | None, bounds: Bounds) -> list[Finding]:
    """Return what was noticed about the file.

    Parameters
    ----------
    data
        The objects of the file.
    today
        Date of the data, None if it has none that is real.
    bounds
        West, south, east, north of the nodes, degrees.
    """
    return [
        *_header(data, today, bounds),
        *_order(data),
        *_clipped_ways(data),
        *_open_areas(data),
        *_relation_members(data),
        *_loose_nodes(data),
    ]


def _header(data: OsmData, today: date | None, bounds: Bounds) -> list[Finding]:
    findings = []
    box = data.header.box
    if box is not None and not _fits(box, bounds):
        findings.append(
            Finding(
                "file.header_box",
                Severity.INFO,
                "Der Kopf der Datei nennt ein falsches Gebiet "
                f"({_text(box)}); es gilt das der Daten ({_text(bounds)}).",
            )
        )
    if today is None:
        dummy = bool(data.newest or data.header.date)
        findings.append(
            Finding(
                "file.no_date",
                Severity.INFO,
                "Der Auszug nennt nur Platzhalter als Zeitangaben; sein Datum ist nicht bekannt."
                if dummy
                else "Der Auszug enthält keine Zeitangaben; sein Datum ist nicht bekannt.",
            )
        )
    return findings


def _fits(box: Bounds, bounds: Bounds) -> bool:
    """Whether a header's box can be that of the data: it meets them and is not far larger."""
    meets = (
        box[0] <= bounds[2] and bounds[0] <= box[2] and box[1] <= bounds[3] and bounds[1] <= box[3]
    )
    return meets and _size(box) <= _BOX_TIMES * max(_size(bounds), 1e-6)


def _size(box: Bounds) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _text(box: Bounds) -> str:
    return " ".join(f"{value:.4f}" for value in box).replace(".", ",")


def _order(data: OsmData) -> list[Finding]:
    faults = data.faults
    findings = []
    if faults.unsorted:
        findings.append(
            Finding(
                "file.unsorted",
                Severity.INFO,
                "Die Objekte des Auszugs stehen nicht in der üblichen Reihenfolge; sie wurden "
                "sortiert.",
            )
        )
    negative = Tally()
    for letter, ids in (("n", data.node_ids), ("w", data.way_ids)):
        for key in ids[ids < 0]:
            negative.add(f"{letter}{key}")
    for key in data.relations:
        if key < 0:
            negative.add(f"r{key}")
    return [
        *findings,
        *faults.doubled.finding(
            "file.doubled",
            Severity.INFO,
            "Ein Objekt steht mehrfach im Auszug; es gilt die neueste Fassung.",
            "{count} Objekte stehen mehrfach im Auszug; es gilt jeweils die neueste Fassung.",
        ),
        *faults.deleted.finding(
            "file.deleted",
            Severity.INFO,
            "Ein Objekt ist als gelöscht gekennzeichnet und bleibt außer Betracht.",
            "{count} Objekte sind als gelöscht gekennzeichnet und bleiben außer Betracht.",
        ),
        *faults.no_position.finding(
            "node.no_position",
            Severity.WARNING,
            "Ein Punkt hat keine gültigen Koordinaten und bleibt außer Betracht.",
            "{count} Punkte haben keine gültigen Koordinaten und bleiben außer Betracht.",
        ),
        *negative.finding(
            "file.negative_ids",
            Severity.INFO,
            "Ein Objekt hat eine negative Nummer: Es ist noch nicht in OpenStreetMap.",
            "{count} Objekte haben negative Nummern: Sie sind noch nicht in OpenStreetMap.",
        ),
    ]


def _clipped_ways(data: OsmData) -> list[Finding]:
    clipped, short = Tally(), Tally()
    for row in np.flatnonzero(missing_counts(data)):
        clipped.add(f"w{data.way_ids[row]}")
    for row in np.flatnonzero(~has_extent(data)):
        short.add(f"w{data.way_ids[row]}")
    return [
        *clipped.finding(
            "way.missing_nodes",
            Severity.WARNING,
            "Eine Linie ist abgeschnitten: Nicht alle ihre Punkte sind im Auszug.",
            "{count} Linien sind abgeschnitten: Nicht alle ihre Punkte sind im Auszug.",
            remedy=_LARGER,
        ),
        *short.finding(
            "way.too_short",
            Severity.INFO,
            "Eine Linie hat keine zwei verschiedenen Punkte und bleibt außer Betracht.",
            "{count} Linien haben keine zwei verschiedenen Punkte und bleiben außer Betracht.",
        ),
    ]


def _open_areas(data: OsmData) -> list[Finding]:
    opened = Tally()
    for row, tags in enumerate(data.way_tags):
        if "building" in tags or "landuse" in tags:
            refs = data.refs[data.offsets[row] : data.offsets[row + 1]]
            nodes = data.positions[data.offsets[row] : data.offsets[row + 1]]
            if len(refs) > 1 and refs[0] != refs[-1] and nodes.min() >= 0:
                opened.add(f"w{data.way_ids[row]}")
    return opened.finding(
        "way.open_outline",
        Severity.INFO,
        "Der Umriss eines Gebäudes oder einer Fläche ist offen; er wird nicht gezeichnet.",
        "Die Umrisse von {count} Gebäuden oder Flächen sind offen; sie werden nicht gezeichnet.",
    )


def count_members(data: OsmData) -> tuple[int, int, Tally]:
    """Return the number of relation members, how many are missing, and from which relations."""
    tables = {
        "n": data.node_ids,
        "w": data.way_ids,
        "r": np.fromiter(data.relations, dtype=np.int64, count=len(data.relations)),
    }
    owners = np.array(
        [key for key, relation in data.relations.items() for _ in relation.members], np.int64
    )
    kinds = np.array(
        [kind for relation in data.relations.values() for kind, _, _ in relation.members], "U1"
    )
    refs = np.array(
        [ref for relation in data.relations.values() for _, ref, _ in relation.members], np.int64
    )
    missing = np.zeros(len(refs), dtype=np.bool_)
    for kind, table in tables.items():
        missing[kinds == kind] = find(table, refs[kinds == kind]) < 0
    incomplete = Tally()
    for key in np.unique(owners[missing]):
        incomplete.add(f"r{key}")
    return len(refs), int(missing.sum()), incomplete


def _relation_members(data: OsmData) -> list[Finding]:
    return count_members(data)[2].finding(
        "relation.missing_members",
        Severity.INFO,
        "Eine Relation hat Mitglieder außerhalb des Auszugs.",
        "{count} Relationen haben Mitglieder außerhalb des Auszugs.",
    )


def loose_nodes(data: OsmData) -> Bools:
    """Mark nodes without tags that no way and no relation uses.

    A whole extract has hardly any. Where there are many, ways have been lost: the file was
    filtered, or it is a PBF file broken off just between two of its blocks.
    """
    loose = np.ones(len(data.node_ids), dtype=np.bool_)
    loose[data.positions[data.positions >= 0]] = False
    members = [
        ref
        for relation in data.relations.values()
        for kind, ref, _ in relation.members
        if kind == "n"
    ]
    for ids in (list(data.node_tags), members):
        rows = find(data.node_ids, np.array(ids, dtype=np.int64))
        loose[rows[rows >= 0]] = False
    return loose


def _loose_nodes(data: OsmData) -> list[Finding]:
    loose = loose_nodes(data)
    count = int(loose.sum())
    if count < _LOOSE_LEAST or count < _LOOSE_SHARE * len(loose):
        return []
    return [
        Finding(
            "file.loose_nodes",
            Severity.WARNING,
            f"{count} Punkte gehören zu keiner Linie. Der Auszug ist gefiltert oder "
            "unvollständig.",
            remedy="Prüfen, ob der Auszug ganz heruntergeladen und nicht gefiltert wurde.",
            count=count,
            examples=tuple(f"n{key}" for key in data.node_ids[loose][:MAX_EXAMPLES]),
        )
    ]
