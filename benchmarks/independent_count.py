"""Count the places of real extracts a second time, by rules written anew, and compare.

The count reads the file with pyosmium and asks each object in plain Python what it is, from
the words of the taxonomy's table and without any code of ours; it counts drawings, knows
nothing of merging, and takes only the area of closed ways and multipolygons from osmium.
Then the places that the product finds are laid beside it, and every difference is explained
object by object:

``merged``        another object draws the same thing and leads the place
``gone``          no longer or not yet in use
``other``         counted, but under another category that goes first
``broken``        its area could not be assembled (missing members or nodes)
``limit``         its size lies within one per cent of the size from which it counts
``unexplained``   none of these: a fault in one of the two counts

Run from the checkout: ``python -m benchmarks.independent_count [EXTRACT …] [--objects]``.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import osmium

from benchmarks.own_rules import COUNTED, Tags

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "osm"
DEFAULT = (
    "neubrandenburg-2016",
    "berlin-miraustr-2026",
    "dortmund-aplerbeck-2026",
    "dreieich-2022",
    "liechtenstein-2013",
    "liechtenstein-2015",
    "muenster-gievenbeck-derived",
)


def ring_area_m2(points: list[tuple[float, float]]) -> float:
    """Return the area of a ring in longitude and latitude, good to some per mille."""
    middle = math.radians(sum(lat for _, lat in points) / len(points))
    flat = [(111_320 * math.cos(middle) * lon, 110_900 * lat) for lon, lat in points]
    twice = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(flat))
    return abs(twice) / 2


def count(
    path: Path,
) -> tuple[dict[str, set[str]], dict[str, dict[str, str]], dict[str, float]]:
    """Count an extract: objects of each category, tags of each object, m² of each area."""
    tags_of: dict[str, dict[str, str]] = {}
    sizes: dict[str, float] = {}
    thing: Any
    tagged = osmium.filter.EmptyTagFilter()
    for thing in osmium.FileProcessor(str(path)).with_areas(tagged).with_filter(tagged):
        if thing.is_area():
            key = f"{'w' if thing.from_way() else 'r'}{thing.orig_id()}"
            sizes[key] = sum(
                ring_area_m2([(node.lon, node.lat) for node in ring])
                - sum(
                    ring_area_m2([(node.lon, node.lat) for node in hole])
                    for hole in thing.inner_rings(ring)
                )
                for ring in thing.outer_rings()
            )
        elif not thing.is_relation() or thing.tags.get("type") in {"multipolygon", "boundary"}:
            letter = "n" if thing.is_node() else "w" if thing.is_way() else "r"
            tags_of[f"{letter}{thing.id}"] = dict(thing.tags)
    found: dict[str, set[str]] = defaultdict(set)
    for key, tags in tags_of.items():
        for category, test in COUNTED.items():
            if test(tags, sizes.get(key, 0.0)):
                found[category].add(key)
    return found, tags_of, sizes


def at_limit(size: float) -> bool:
    """Whether a size is so near to a limit that two ways to measure may disagree."""
    return any(abs(size / limit - 1) < 0.01 for limit in (500, 2_000, 10_000, 20_000))


def is_gone(tags: Tags) -> bool:
    """Whether an object is out of use or not there yet, told from its tags at a glance."""
    flags = ("disused", "abandoned", "demolished", "proposed", "planned", "construction", "ruins")
    if any(tags.get(flag, "no") not in {"no", "minor"} for flag in flags):
        return True
    return tags.get("opening_hours") in {"off", "closed"} or "end_date" in tags


def objects_read(path: Path) -> set[str]:
    """Return the objects that the product could make a geometry of."""
    from geo.reader import read_extract  # noqa: PLC0415 - see compare
    from layers.taxonomy import load_taxonomy  # noqa: PLC0415

    return set(read_extract(path, load_taxonomy().feature_keys).features["osm_id"])


def compare(path: Path) -> tuple[list[tuple[str, str, str, str]], Counter[str], Counter[str]]:
    """Lay our places beside the count.

    Returns
    -------
    tuple
        ``(category, object, reason, what)`` of each difference; objects counted per
        category; places per category.
    """
    # Only here: what is compared, not what counts.
    from benchmarks.place_merging import places_of  # noqa: PLC0415

    counted, tags_of, sizes = count(path)
    places = places_of(path)
    frame = places.frame
    category_of = dict(zip(frame["id"], frame["category"], strict=True))
    place_of = {
        osm_id: place
        for place, ids in zip(frame["id"], frame["osm_ids"], strict=True)
        for osm_id in ids.split(",")
    }
    rule_of = dict(zip(places.merges["merged_osm_id"], places.merges["rule"], strict=True))
    read: set[str] = set()
    differences: list[tuple[str, str, str, str]] = []
    for category in sorted(counted.keys() | set(category_of.values())):
        ours = {place for place, own in category_of.items() if own == category}
        for osm_id in sorted(counted.get(category, set()) - ours):
            place = place_of.get(osm_id)
            if place is not None and place != osm_id:
                what = f"{rule_of[osm_id]} {place} ({category_of[place]})"
                differences.append((category, osm_id, "merged", what))
            elif place is not None:
                differences.append((category, osm_id, "other", category_of[place]))
            elif is_gone(tags_of[osm_id]):
                differences.append((category, osm_id, "gone", ""))
            elif osm_id not in (read := read or objects_read(path)):
                differences.append((category, osm_id, "broken", ""))
            elif at_limit(sizes.get(osm_id, 0.0)):
                differences.append((category, osm_id, "limit", f"{sizes[osm_id]:.0f} m²"))
            else:
                differences.append((category, osm_id, "unexplained", str(tags_of[osm_id])))
        for osm_id in sorted(ours - counted.get(category, set())):
            size = sizes.get(osm_id, 0.0)
            reason = "limit" if at_limit(size) else "unexplained"
            what = f"{size:.0f} m², not counted: {tags_of.get(osm_id)}"
            differences.append((category, osm_id, reason, what))
    objects = Counter({category: len(ids) for category, ids in counted.items()})
    return differences, objects, Counter(category_of.values())


def main() -> int:
    """Print both counts and their differences."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("extracts", nargs="*", default=list(DEFAULT))
    parser.add_argument("--folder", type=Path, default=SHARED)
    parser.add_argument("--objects", action="store_true", help="list every difference")
    options = parser.parse_args()
    faults = 0
    for name in options.extracts:
        differences, objects, places = compare(
            next(iter(sorted(options.folder.glob(f"{name}.*"))))
        )
        reasons: dict[str, Counter[str]] = defaultdict(Counter)
        for category, _, reason, _ in differences:
            reasons[category][reason] += 1
        total = Counter(reason for _, _, reason, _ in differences)
        why = ", ".join(f"{reason} {number}" for reason, number in sorted(total.items()))
        print(f"{name}: {objects.total()} drawings, {places.total()} places; {why}")
        for category in sorted(objects.keys() | places.keys()):
            if reasons[category] or options.objects:
                why = ", ".join(f"{number} {reason}" for reason, number in
                                sorted(reasons[category].items()))  # fmt: skip
                print(f"  {category:22} {objects[category]:5} {places[category]:5}  {why}")
        if options.objects:
            for category, osm_id, reason, what in differences:
                print(f"    {category:20} {osm_id:14} {reason:12} {what[:160]}")
        faults += total["unexplained"]
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
