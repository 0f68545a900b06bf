"""Files of the kinds that come from outside, good and bad, for tests."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pyogrio  # type: ignore[import-untyped]
import pytest
import shapely

from geo.errors import VectorFileError
from geo.foreign_files import Limits, VectorLayer, read_vector

if TYPE_CHECKING:
    from pathlib import Path

SQUARE = shapely.Polygon([(7.0, 52.0), (7.01, 52.0), (7.01, 52.01), (7.0, 52.01)])


def shapefile(
    frame: gpd.GeoDataFrame, folder: Path, name: str = "areas", encoding: str = "UTF-8"
) -> dict[str, bytes]:
    """Write a Shapefile and return its parts by ending."""
    folder.mkdir(exist_ok=True)
    pyogrio.write_dataframe(
        frame, folder / f"{name}.shp", driver="ESRI Shapefile", encoding=encoding, use_arrow=False
    )
    return {path.suffix: path.read_bytes() for path in folder.glob(f"{name}.*")}


def packed(path: Path, members: dict[str, bytes]) -> Path:
    """Write a ZIP file of these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def geojson(path: Path, *geometries: Any, **members: Any) -> Path:
    """Write a GeoJSON file of these geometries."""
    features = [
        {"type": "Feature", "properties": {"n": number}, "geometry": geometry}
        for number, geometry in enumerate(geometries)
    ]
    document = {"type": "FeatureCollection", "features": features, **members}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def complaint(path: Path, limits: Limits | None = None) -> str:
    """Read a file that must be refused; return what is said."""
    with pytest.raises(VectorFileError) as caught:
        read_vector(path, limits)
    assert caught.value.where is not None
    assert caught.value.remedy
    assert str(path) in str(caught.value)
    return str(caught.value)


def areas_in_metres(layer: VectorLayer) -> list[float]:
    """Return the areas of a layer, whole square metres."""
    return [round(area) for area in drawn(layer).to_crs("EPSG:25832").area]


def drawn(layer: VectorLayer) -> gpd.GeoSeries:
    """Return the geometries of a layer."""
    geometries = [record.geometry for record in layer.records if record.geometry is not None]
    return gpd.GeoSeries(geometries, crs=layer.crs)
