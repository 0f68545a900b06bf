"""What cannot be walked across: by tags, and read from a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from geo._dividers import area_obstacle, find_obstacles, line_obstacle
from geo.reader import read_extract
from tests.geo.drawings import tags

TODAY = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("waterway=river", "water"),
        ("waterway=canal", "water"),
        ("waterway=stream", "water"),
        ("waterway=stream tunnel=no", "water"),
        ("waterway=ditch", None),
        ("waterway=drain", None),
        ("waterway=stream tunnel=culvert", None),
        ("waterway=canal bridge=aqueduct", None),
        ("waterway=river location=underground", None),
        ("railway=rail", "railway"),
        ("railway=light_rail", "railway"),
        ("railway=narrow_gauge", "railway"),
        ("railway=rail bridge=no", "railway"),
        ("railway=rail bridge=viaduct", None),
        ("railway=rail tunnel=yes", None),
        ("railway=rail covered=yes", None),
        ("railway=rail location=overhead", None),
        ("railway=rail end_date=1990", None),
        ("railway=tram", None),
        ("railway=abandoned", None),
        ("railway=platform", None),
        ("highway=footway", None),
    ],
)
def test_lines(said: str, kind: str | None) -> None:
    assert line_obstacle(tags(said), TODAY) == kind


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("natural=water", "water"),
        ("waterway=riverbank", "water"),
        ("landuse=basin", "water"),
        ("leisure=swimming_pool", None),
        ("natural=water tunnel=yes", None),
        ("natural=wood", None),
        ("building=yes", None),
    ],
)
def test_areas(said: str, kind: str | None) -> None:
    assert area_obstacle(tags(said), TODAY) == kind


def _file(folder: Path, ways: dict[str, list[tuple[float, float]]]) -> Path:
    """Write ways of points in metres or so north-east of 52° N 13° E."""
    nodes, drawn = [], []
    for number, (said, points) in enumerate(ways.items(), start=1):
        ids = [100 * number + place for place in range(len(points))]
        nodes += [
            f'<node id="{key}" version="1" lat="{52 + y / 111_000}" lon="{13 + x / 68_500}"/>'
            for key, (x, y) in zip(ids, points, strict=True)
        ]
        if points[0] == points[-1]:
            ids[-1] = ids[0]
            nodes.pop()
        refs = "".join(f'<nd ref="{key}"/>' for key in ids)
        pairs = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags(said).items())
        drawn.append(f'<way id="{number}" version="1">{refs}{pairs}</way>')
    path = folder / "town.osm"
    path.write_text(f'<osm version="0.6">{"".join(nodes + drawn)}</osm>', encoding="utf-8")
    return path


def test_obstacles_of_a_file(tmp_path: Path) -> None:
    def square(x: float, metres: float) -> list[tuple[float, float]]:
        return [(x, 500), (x + metres, 500), (x + metres, 500 + metres), (x, 500 + metres),
                (x, 500)]  # fmt: skip

    path = _file(
        tmp_path,
        {
            "highway=footway": [(0, 0), (300, 0)],
            "waterway=river": [(0, 50), (300, 50)],
            "railway=rail bridge=yes": [(0, 100), (300, 100)],
            "railway=rail": [(0, 150), (300, 150), (400, 150)],
            "natural=water": square(0, 30),
            "natural=water name=Tümpel": square(100, 12),
        },
    )
    extract = read_extract(path, ())
    assert extract.obstacles[["osm_id", "kind"]].to_numpy().tolist() == [
        ["w2", "water"], ["w4", "railway"], ["w5", "water"], ["w6", "water"]]  # fmt: skip
    found: Any = find_obstacles(extract, "EPSG:25833")
    assert set(shapely.get_type_id(found)) == {shapely.GeometryType.LINESTRING}
    assert np.sort(shapely.length(found)) == pytest.approx([120, 300, 400], rel=0.02)
