"""What a file of OSM data holds, read object by object, and what a part of it should hold.

The plainest way to say it, slow and without any of the code under test.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import osmium

Box = tuple[float, float, float, float]

_ADMINISTRATIVE = {"administrative", "postal_code", "political"}


@dataclass
class Plain:
    """The objects of a file in its order, with all that a reader may ask for."""

    nodes: dict[int, Any] = field(default_factory=dict)
    ways: dict[int, Any] = field(default_factory=dict)
    relations: dict[int, Any] = field(default_factory=dict)

    @property
    def in_order(self) -> list[list[tuple[int, Any]]]:
        """Everything, comparable along with its order."""
        return [list(kind.items()) for kind in (self.nodes, self.ways, self.relations)]


def objects(path: Path) -> Iterable[Any]:
    """Return the objects of a file; their types differ, so they are as good as untyped."""
    return osmium.FileProcessor(str(path))


def read_plainly(path: Path) -> Plain:
    plain = Plain()
    for item in objects(path):
        facts = (item.version, item.timestamp, item.visible, dict(item.tags))
        if item.is_node():
            plain.nodes[item.id] = (item.location.x, item.location.y, *facts)
        elif item.is_way():
            plain.ways[item.id] = ([node.ref for node in item.nodes], *facts)
        else:
            members = [(member.type, member.ref, member.role) for member in item.members]
            plain.relations[item.id] = (members, *facts)
    return plain


def select_plainly(plain: Plain, boxes: list[Box]) -> Plain:
    """Say again, in the plainest way, what ``clip_extract`` is to keep."""
    nodes = {key for key, node in plain.nodes.items() if _inside(node, boxes)}
    ways = {key for key, way in plain.ways.items() if not nodes.isdisjoint(way[0])}
    touching: set[int] = set()
    while True:
        known = {"n": nodes, "w": ways, "r": touching}
        found = {
            key
            for key, relation in plain.relations.items()
            if any(ref in known[kind] for kind, ref, _ in relation[0])
        }
        if found == touching:
            break
        touching = found
    kept, waiting, whole = set(touching), list(touching), set()
    while waiting:
        key = waiting.pop()
        if key in whole or key not in plain.relations or not _is_whole(plain.relations[key][-1]):
            continue
        whole.add(key)
        inside = {ref for kind, ref, _ in plain.relations[key][0] if kind == "r"}
        kept |= inside
        waiting += inside
    brought = [member for key in whole for member in plain.relations[key][0]]
    ways |= {ref for kind, ref, _ in brought if kind == "w"}
    nodes |= {ref for kind, ref, _ in brought if kind == "n"}
    nodes |= {ref for key in ways if key in plain.ways for ref in plain.ways[key][0]}
    return Plain(
        {key: node for key, node in plain.nodes.items() if key in nodes},
        {key: way for key, way in plain.ways.items() if key in ways},
        {
            key: relation
            for key, relation in plain.relations.items()
            if key in kept
            and (
                not _is_on_paper(relation[-1])
                or all(ref in ways for kind, ref, _ in relation[0] if kind == "w")
            )
        },
    )


def _inside(node: Any, boxes: list[Box]) -> bool:
    x, y = node[0], node[1]
    return any(
        round(box[0] * 1e7) <= x <= round(box[2] * 1e7)
        and round(box[1] * 1e7) <= y <= round(box[3] * 1e7)
        for box in boxes
    )


def _is_on_paper(tags: dict[str, str]) -> bool:
    area = tags.get("type") in {"multipolygon", "boundary"}
    return area and tags.get("boundary") in _ADMINISTRATIVE


def _is_whole(tags: dict[str, str]) -> bool:
    if tags.get("type") in {"multipolygon", "boundary"}:
        return not _is_on_paper(tags)
    return tags.get("type") == "site" or tags.get("public_transport") == "stop_area"


def rewritten(source: Path, target: Path, options: str) -> Path:
    """Let libosmium write a file anew with other options of the format."""
    with osmium.io.Reader(str(source)) as reader:
        writer = osmium.io.Writer(osmium.io.File(str(target), options), reader.header())
        osmium.MergeInputReader().apply_to_reader(reader, writer, with_history=True)
        writer.close()
    return target
