"""Write small OSM files from Python data, for tests.

    write_osm(
        tmp_path / "town.osm",
        nodes={1: (7.0, 51.0), 2: (7.001, 51.0), 3: (7.0, 51.001, {"amenity": "cafe"})},
        ways={10: ([1, 2, 3], {"highway": "footway"})},
        relations={20: ([("w", 10, "outer")], {"type": "multipolygon"})},
    )

The objects are written in the order they are given, so unsorted files are easy to make.
Nothing is checked: a way may name nodes that are not there, tags may hold any text.
"""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

import osmium

Node = tuple[float, float] | tuple[float, float, Mapping[str, str]]
"""Longitude, latitude and, if there are any, tags."""

Way = tuple[Sequence[int], Mapping[str, str]]
"""Node ids and tags."""

Relation = tuple[Sequence[tuple[str, int, str]], Mapping[str, str]]
"""Members as ``("n" | "w" | "r", id, role)`` and tags."""

_MEMBER_TYPE = {"n": "node", "w": "way", "r": "relation"}


def osm_xml(
    nodes: Mapping[int, Node] | None = None,
    ways: Mapping[int, Way] | None = None,
    relations: Mapping[int, Relation] | None = None,
    *,
    order: str = "nwr",
    bounds: tuple[float, float, float, float] | None = None,
    timestamp: str = "",
) -> str:
    """Return an OSM XML document.

    Parameters
    ----------
    nodes, ways, relations
        Objects by id; negative ids are allowed.
    order
        In which order the three kinds are written.
    bounds
        West, south, east, north for the header, degrees.
    timestamp
        Edit time of every object, e.g. ``"2026-05-01T12:00:00Z"``; none if empty.
    """
    meta = f' version="1" timestamp="{timestamp}"' if timestamp else ' version="1"'
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" generator="test">\n']
    if bounds is not None:
        west, south, east, north = bounds
        parts.append(
            f'<bounds minlon="{west}" minlat="{south}" maxlon="{east}" maxlat="{north}"/>\n'
        )
    blocks = {
        "n": [_node(key, value, meta) for key, value in (nodes or {}).items()],
        "w": [_way(key, value, meta) for key, value in (ways or {}).items()],
        "r": [_relation(key, value, meta) for key, value in (relations or {}).items()],
    }
    for kind in order:
        parts += blocks[kind]
    parts.append("</osm>\n")
    return "".join(parts)


def write_osm(
    path: Path,
    nodes: Mapping[int, Node] | None = None,
    ways: Mapping[int, Way] | None = None,
    relations: Mapping[int, Relation] | None = None,
    *,
    order: str = "nwr",
    bounds: tuple[float, float, float, float] | None = None,
    timestamp: str = "",
) -> Path:
    """Write the objects to a file and return its path.

    The suffix says how: ``.osm``, ``.osm.gz``, ``.osm.bz2`` or ``.osm.pbf``. The
    parameters are those of `osm_xml`.
    """
    text = osm_xml(nodes, ways, relations, order=order, bounds=bounds, timestamp=timestamp)
    data = text.encode("utf-8")
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(data, mtime=0))
    elif path.suffix == ".bz2":
        path.write_bytes(bz2.compress(data))
    elif path.suffix == ".pbf":
        reader = osmium.FileProcessor(osmium.io.FileBuffer(data, "osm"))
        with osmium.SimpleWriter(str(path), header=reader.header) as writer:
            for item in reader:
                writer.add(item)
    else:
        path.write_bytes(data)
    return path


def _tags(tags: Mapping[str, str]) -> str:
    return "".join(
        f"  <tag k={quoteattr(key)} v={quoteattr(value)}/>\n" for key, value in tags.items()
    )


def _node(key: int, node: Node, meta: str) -> str:
    tags = node[2] if len(node) == 3 else {}
    head = f'<node id="{key}"{meta} lon="{node[0]}" lat="{node[1]}"'
    return f"{head}>\n{_tags(tags)}</node>\n" if tags else f"{head}/>\n"


def _way(key: int, way: Way, meta: str) -> str:
    refs, tags = way
    body = "".join(f'  <nd ref="{ref}"/>\n' for ref in refs)
    return f'<way id="{key}"{meta}>\n{body}{_tags(tags)}</way>\n'


def _relation(key: int, relation: Relation, meta: str) -> str:
    members, tags = relation
    body = "".join(
        f'  <member type="{_MEMBER_TYPE[kind]}" ref="{ref}" role={quoteattr(role)}/>\n'
        for kind, ref, role in members
    )
    return f'<relation id="{key}"{meta}>\n{body}{_tags(tags)}</relation>\n'
