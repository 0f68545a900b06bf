"""Fixtures for the tests of files of sites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pytest
import shapely

from geo.errors import SitesError
from geo.findings import Severity
from geo.sites import read_sites
from tests.geo.foreign_samples import SQUARE
from tests.geo.site_files import Feature, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_READERS = {
    "test_foreign_files",
    "test_foreign_geopackage",
    "test_population",
    "test_population_faults",
}


@pytest.fixture(scope="module", autouse=True)
def _read_in_this_process(request: pytest.FixtureRequest) -> Iterator[None]:
    """Test what the readers do without starting a process each time.

    That it is the same in a guarded process is tested in test_guarded.py.
    """
    if request.module.__name__.rpartition(".")[2] not in _READERS:
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geo._guarded_child.inside", True)
        patch.setattr("geo._foreign_shapefile.check_drivers", lambda: None)
        yield


@pytest.fixture
def read(tmp_path: Path) -> Any:
    """Read features as a study's file of sites."""
    return lambda *features: read_sites(write(tmp_path / "sites.geojson", *features))


@pytest.fixture
def refused(tmp_path: Path) -> Any:
    """Read features that cannot be used; return what is said."""

    def read(*features: Feature) -> str:
        with pytest.raises(SitesError) as caught:
            read_sites(write(tmp_path / "sites.geojson", *features))
        assert "sites.geojson" in str(caught.value)
        assert caught.value.remedy
        assert any(found.severity is Severity.ERROR for found in caught.value.findings)
        return str(caught.value)

    return read


@pytest.fixture
def frame() -> gpd.GeoDataFrame:
    """Two areas of about half a square kilometre, in metres."""
    return gpd.GeoDataFrame(
        {"id": ["a", "b"], "name": ["Größe 1", "Süd"], "count": [1, 2]},
        geometry=[SQUARE, shapely.affinity.translate(SQUARE, 0.1, 0)],
        crs="EPSG:4326",
    ).to_crs("EPSG:25832")
