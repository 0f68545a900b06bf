"""Files of people for tests: written, read, and refused with all that must be said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pyproj import Transformer

from geo.errors import PopulationError
from geo.population import Population, read_population

LAEA = "EPSG:3035"
UTM = "EPSG:25832"

# About 15 km × 18 km in the south of Dortmund.
BOUNDS = (7.50, 51.40, 7.72, 51.56)
TO_LAEA = Transformer.from_crs("EPSG:4326", LAEA, always_xy=True)
X, Y = (round(value, -3) + 500 for value in TO_LAEA.transform(7.61, 51.48))


Bounds = tuple[float, float, float, float]


def write(tmp_path: Path, content: str | bytes, name: str = "menschen.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(
    path: Path, crs: str | None = None, column: str | None = None, metric: str = LAEA, **more: Any
) -> Population:
    return read_population(path, crs, column, metric, more.get("bounds", BOUNDS))


def refused(path: Path, *words: str, **more: Any) -> PopulationError:
    with pytest.raises(PopulationError) as caught:
        read(path, **more)
    said = str(caught.value)
    assert path.name in said
    assert "Abhilfe:" in said
    for word in words:
        assert word in said, said
    return caught.value


def codes(population: Population) -> dict[str, int]:
    return {found.code: found.count for found in population.findings}
