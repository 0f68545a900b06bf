"""Changes to ways and gates, as somebody plans them: what would be if this path were there.

Every change is made to the raw data, so that the network built afterwards is the one that an
OSM file with these changes would give. Nothing given is ever changed itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import shapely

from geo._edit_draft import Draft, Point, check_points, with_tags
from geo._edit_gates import GateChanges
from geo._edit_ways import add_crossing, add_path, lower_kerb
from geo._walkable import may_be_walked
from geo.errors import EditError
from geo.extract import Extract, Tags
from geo.findings import Finding
from geo.network import StreetNetwork, memo_of
from geo.sites import Sites

__all__ = [
    "AddCrossing", "AddPath", "CloseGate", "Edit", "LowerKerb", "OpenGate", "RemovePath",
    "SetTags", "apply_edits",
]  # fmt: skip

_MARGIN_DEGREES = 0.01
"""Points so little outside of the extract are still meant seriously."""


def _footway() -> dict[str, str]:
    return {"highway": "footway"}


@dataclass(frozen=True)
class OpenGate:
    """A gate is opened, always or at certain hours.

    Attributes
    ----------
    gate_id
        A given gate's id, or a derived one's.
    hours
        Opening hours as for gates in the study, e.g. ``"Mo-Fr 08:00-18:00"``; "" for always.
    """

    gate_id: str
    hours: str = ""


@dataclass(frozen=True)
class CloseGate:
    """A gate is locked for good.

    Attributes
    ----------
    gate_id
        A given gate's id, or a derived one's.
    """

    gate_id: str


@dataclass(frozen=True)
class AddPath:
    """A new path.

    Attributes
    ----------
    points
        Longitude and latitude, degrees; at least two.
    tags
        As in OSM.
    """

    points: tuple[Point, ...]
    tags: Tags = field(default_factory=_footway, hash=False)


@dataclass(frozen=True)
class AddCrossing:
    """A new crossing over the nearest road.

    Attributes
    ----------
    point
        Longitude and latitude, degrees.
    kind
        Value of ``crossing``, e.g. ``"zebra"`` or ``"traffic_signals"``.
    kerb_cm
        Height of its kerbs, centimetres; None if not known. 3 cm is what German rules ask
        for (DIN 18040-3, 5.3.2).
    """

    point: Point
    kind: str = "unmarked"
    kerb_cm: float | None = 3.0


@dataclass(frozen=True)
class LowerKerb:
    """A kerb is lowered.

    Attributes
    ----------
    at
        Id of an OSM node, or longitude and latitude near it.
    height_cm
        Height afterwards, centimetres.
    """

    at: int | Point
    height_cm: float = 0.0


@dataclass(frozen=True)
class RemovePath:
    """A way is taken out.

    Attributes
    ----------
    way_id
        Id of an OSM way.
    """

    way_id: int


@dataclass(frozen=True)
class SetTags:
    """A way or node gets other tags.

    Attributes
    ----------
    osm_id
        ``"w1"`` or ``"n1"``.
    tags
        What is set; None takes a key away.
    """

    osm_id: str
    tags: Mapping[str, str | None] = field(hash=False)


Edit = OpenGate | CloseGate | AddPath | AddCrossing | LowerKerb | RemovePath | SetTags


def apply_edits(
    extract: Extract, sites: Sites, edits: Sequence[Edit], *, like: StreetNetwork | None = None
) -> tuple[Extract, Sites]:
    """Change the ways of an extract and the gates of a study, one change after the other.

    Parameters
    ----------
    extract
        As ``geo.reader.read_extract`` makes it.
    sites
        As ``geo.network.build_network`` returns them, so that derived gates are known; or as
        given, if no derived gate is changed.
    edits
        The changes. Later ones see what earlier ones made.
    like
        The network built of ``extract``: with it many changes are made quicker.

    Returns
    -------
    extract : Extract
        With the changed ``ways`` and ``nodes``. New ones have negative ids, downward from
        the lowest in use; ``findings`` say where a new path is joined to nothing.
    sites : Sites
        Only given gates, and of the derived ones those whose state was changed: input for
        ``geo.network.build_network``, which derives the others anew.

    Raises
    ------
    EditError
        If a gate, way or node is not there, or a change makes no sense.

    Notes
    -----
    A path's ends join a node of a way open on foot within 3 m, else the nearest such way
    within 10 m, at a new node; its other points join what lies within 1 m. Where it merely
    runs across another way the two stay apart, as in OSM. Private ways are joined only on the
    study's grounds. A crossing runs straight across the nearest road within 15 m, to the
    nearest path on either side within 15 m; without any it is a node of the road, tagged
    ``highway=crossing``.
    """
    draft = Draft(extract, sites.crs, memo_of(like))
    gates = GateChanges(sites)
    grounds = shapely.union_all(list(sites.sites.geometry))
    shapely.prepare(grounds)
    findings: list[Finding] = []
    for edit in edits:
        if isinstance(edit, OpenGate):
            gates.open(edit.gate_id, edit.hours)
        elif isinstance(edit, CloseGate):
            gates.close(edit.gate_id)
        elif isinstance(edit, AddPath):
            points = tuple(edit.points)
            check_points(draft, points, "neuer Weg", _MARGIN_DEGREES)
            findings += add_path(draft, points, edit.tags, grounds)
        elif isinstance(edit, AddCrossing):
            check_points(draft, [edit.point], "neue Querung", _MARGIN_DEGREES)
            add_crossing(draft, edit.point, edit.kind, edit.kerb_cm)
        elif isinstance(edit, LowerKerb):
            if not isinstance(edit.at, int):
                check_points(draft, [edit.at], "Bordstein", _MARGIN_DEGREES)
            lower_kerb(draft, edit.at, edit.height_cm)
        elif isinstance(edit, RemovePath):
            _check_way(draft, edit.way_id)
            draft.remove_way(edit.way_id)
        else:
            _set_tags(draft, edit)
    return draft.finish(tuple(findings)), gates.finish()


def _set_tags(draft: Draft, edit: SetTags) -> None:
    kind, number = edit.osm_id[:1], edit.osm_id[1:]
    if kind not in {"n", "w"} or not number.removeprefix("-").isdecimal():
        raise EditError(
            f"»{edit.osm_id}« bezeichnet weder einen Weg noch einen Punkt von OpenStreetMap.",
            remedy="Einen Weg als »w123«, einen Punkt als »n123« angeben.",
        )
    if kind == "n":
        _check_node(draft, int(number))
        draft.tag_node(int(number), with_tags(draft.node_tags(int(number)), edit.tags))
        return
    _check_way(draft, int(number))
    tags = with_tags(draft.way_tags(int(number)), edit.tags)
    if not may_be_walked(tags):
        raise EditError(
            f"Mit diesen Angaben ist w{number} kein Weg mehr.",
            where=f"w{number}",
            remedy="Soll der Weg entfallen, ihn entfernen.",
        )
    draft.tag_way(int(number), tags)


def _check_way(draft: Draft, way: int) -> None:
    if not draft.has_way(way):
        raise EditError(
            f"Den Weg w{way} gibt es im OSM-Auszug nicht, oder niemand kann ihn begehen.",
            where=f"w{way}",
            remedy="Die Nummer des Weges auf openstreetmap.org nachsehen.",
        )


def _check_node(draft: Draft, node: int) -> None:
    if not draft.has_node(node):
        raise EditError(
            f"Den Punkt n{node} gibt es an keinem Weg des OSM-Auszugs.",
            where=f"n{node}",
            remedy="Die Nummer des Punktes auf openstreetmap.org nachsehen.",
        )
