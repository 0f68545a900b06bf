"""Reading a terrain model from a GeoTIFF."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from scipy.ndimage import uniform_filter

from geo._inclines import Terrain
from geo.errors import TerrainError
from geo.findings import Finding, Severity

Floats = npt.NDArray[np.float64]
Bounds = tuple[float, float, float, float]

MOST_CELLS = 40_000_000
"""More cells than these are averaged into wider ones while reading (160 MB)."""

MOST_SOURCE_CELLS = 2_000_000_000
"""More cells than these are not read at all."""

_MOST_BLOCK_BYTES = 256_000_000
_MARGIN_CELLS = 3
_PATH_WIDTH_M = 3.0
"""Heights are averaged over the width of a way: what is narrower is noise of the model."""

_COARSE_M = 12.5
_TOO_COARSE_M = 100.0
_LOWEST_M, _HIGHEST_M = -500.0, 9000.0
"""Heights of dry land on Earth; others stand for "no height" in files that do not say so."""

_FEET = {"ft": 0.3048, "foot": 0.3048, "feet": 0.3048, "us-ft": 1200 / 3937,
         "us survey foot": 1200 / 3937, "sfoot": 1200 / 3937}  # fmt: skip


def read_terrain(path: Path, crs: str, bounds: Bounds | None = None) -> Terrain:
    """Read a terrain model where it is needed.

    Parameters
    ----------
    path
        A GeoTIFF with one band of heights in metres (or feet, if the file says so), in any
        CRS.
    crs
        Metric CRS that heights will be asked for in.
    bounds
        West, south, east, north of what is needed, in ``crs``; by default all there is.

    Returns
    -------
    Terrain
        With a finding if the cells are so wide that short ramps disappear in them.

    Raises
    ------
    TerrainError
        If there is no such file, it is no GeoTIFF, has no CRS, more than one band, lies
        elsewhere, holds no heights, or is far too big.
    """
    if not path.is_file():
        raise TerrainError(
            "Die Datei mit dem Höhenmodell gibt es nicht.",
            where=path,
            remedy="Den Eintrag »dem« in study.toml prüfen oder ihn weglassen.",
        )
    # Loading GDAL takes a second, and few studies have a model.
    import rasterio  # noqa: PLC0415
    from rasterio.errors import RasterioError  # noqa: PLC0415

    # Nothing beside the file is opened, whatever lies there. What GDAL warns of is checked here.
    with (
        rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR", GDAL_PAM_ENABLED="NO"),
        warnings.catch_warnings(action="ignore"),
    ):
        try:
            with rasterio.open(path.resolve(), driver="GTiff") as file:
                return _read(file, path, crs, bounds)
        except (RasterioError, MemoryError, OverflowError) as error:
            raise TerrainError(
                "Das Höhenmodell kann nicht gelesen werden: Es ist kein GeoTIFF oder beschädigt.",
                where=path,
                remedy="Eine GeoTIFF-Datei (.tif) angeben, zum Beispiel das DGM1 des Landes; "
                "andere Formate in QGIS mit »Exportieren« umwandeln.",
            ) from error


def _read(file: Any, path: Path, crs: str, bounds: Bounds | None) -> Terrain:
    _refuse_what_is_no_model(file, path)
    grid_crs = _grid_crs(file, path)
    to_cell = _to_cell(file, path)
    columns, rows = _window(file, path, to_cell, _corners(crs, grid_crs, bounds))
    width, height = columns[1] - columns[0], rows[1] - rows[0]
    if width * height > MOST_SOURCE_CELLS:
        raise TerrainError(
            f"Das Höhenmodell ist zu groß: {width} × {height} Zellen.",
            where=path,
            remedy="Das Höhenmodell auf die Umgebung der Häuser zuschneiden.",
        )
    factor = int(np.ceil(np.sqrt(width * height / MOST_CELLS)))
    heights = _heights(file, columns, rows, factor) * _metres_per_unit(file, grid_crs)
    if np.isnan(heights).all():
        raise TerrainError(
            "Das Höhenmodell enthält im Gebiet der Studie keine Höhen.",
            where=path,
            remedy="Prüfen, ob die Datei das Gebiet der Studie abdeckt.",
        )
    # From cells of the file to cells read, from corners to middles.
    shape = (height / heights.shape[0], width / heights.shape[1])
    a, b, c, d, e, f = to_cell
    mine = (
        a / shape[1], b / shape[1], (c - columns[0]) / shape[1] - 0.5,
        d / shape[0], e / shape[0], (f - rows[0]) / shape[0] - 0.5,
    )  # fmt: skip
    cell_m = _cell_m(mine, heights.shape, crs, grid_crs)
    return Terrain(
        crs=crs,
        source=path.name,
        heights_m=_smoothed(heights, cell_m),
        grid_crs=_flat(grid_crs).to_wkt(),
        to_cell=mine,
        cell_m=cell_m,
        findings=_report_cells(path, cell_m),
    )


def _refuse_what_is_no_model(file: Any, path: Path) -> None:
    if file.count != 1 or np.dtype(file.dtypes[0]).kind not in "iuf":
        raise TerrainError(
            f"Die Datei ist kein Höhenmodell: Sie hat {file.count} Kanäle statt einem mit Höhen.",
            where=path,
            remedy="Ein digitales Geländemodell (DGM) angeben, kein Luftbild.",
        )
    block = np.prod(file.block_shapes[0], dtype=np.float64) * np.dtype(file.dtypes[0]).itemsize
    if block > _MOST_BLOCK_BYTES:
        raise TerrainError(
            "Das Höhenmodell ist in zu großen Stücken gespeichert, um Teile davon zu lesen.",
            where=path,
            remedy="Die Datei gekachelt speichern (in QGIS beim Exportieren TILED=YES).",
        )


def _grid_crs(file: Any, path: Path) -> CRS:
    try:
        crs = CRS.from_wkt(file.crs.to_wkt()) if file.crs else None
    except CRSError:
        crs = None
    if crs is None or not (crs.is_projected or crs.is_geographic or crs.is_compound):
        raise TerrainError(
            "Das Höhenmodell hat kein Koordinatensystem, das auf der Erde liegt.",
            where=path,
            remedy="Das Koordinatensystem in die Datei schreiben, zum Beispiel mit "
            "»gdal_edit.py -a_srs EPSG:25832«. Begleitdateien (.tfw, .aux.xml) werden nicht "
            "gelesen.",
        )
    return crs


def _to_cell(file: Any, path: Path) -> tuple[float, float, float, float, float, float]:
    transform = file.transform  # without a place GDAL says 1:1
    if transform.is_identity or not np.isfinite(list(transform)).all() or transform.is_degenerate:
        raise TerrainError(
            "Das Höhenmodell sagt nicht, wo es liegt.",
            where=path,
            remedy="Die Datei mit Lage und Koordinatensystem neu speichern.",
        )
    a, b, c, d, e, f = tuple(~transform)[:6]
    return a, b, c, d, e, f


def _corners(crs: str, grid_crs: CRS, bounds: Bounds | None) -> Floats | None:
    """Return points along the rim of what is needed, in the CRS of the grid."""
    if bounds is None:
        return None
    west, south, east, north = bounds
    share = np.linspace(0, 1, 21)
    x, y = west + (east - west) * share, south + (north - south) * share
    rim = np.concatenate(
        [np.column_stack([x, np.full(21, side)]) for side in (south, north)]
        + [np.column_stack([np.full(21, side), y]) for side in (west, east)]
    )
    transformer = Transformer.from_crs(crs, _flat(grid_crs), always_xy=True)
    return np.column_stack(transformer.transform(rim[:, 0], rim[:, 1]))


def _window(
    file: Any, path: Path, to_cell: tuple[float, ...], corners: Floats | None
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the columns and rows to read."""
    if corners is None:
        return (0, file.width), (0, file.height)
    a, b, c, d, e, f = to_cell
    x, y = corners[np.isfinite(corners).all(axis=1)].T
    sides = []
    for at, size in ((a * x + b * y + c, file.width), (d * x + e * y + f, file.height)):
        low, high = at.min(initial=np.inf), at.max(initial=-np.inf)
        if not (low < size and high > 0):
            raise TerrainError(
                "Das Höhenmodell deckt das Gebiet der Studie nicht ab.",
                where=path,
                remedy="Das Höhenmodell der Umgebung der Häuser angeben; auch prüfen, ob das "
                "Koordinatensystem der Datei stimmt.",
            )
        sides.append((max(int(low) - _MARGIN_CELLS, 0), min(int(high) + 1 + _MARGIN_CELLS, size)))
    return sides[0], sides[1]


def _heights(
    file: Any, columns: tuple[int, int], rows: tuple[int, int], factor: int
) -> npt.NDArray[np.float32]:
    from rasterio.enums import Resampling  # noqa: PLC0415
    from rasterio.windows import Window  # noqa: PLC0415

    width, height = columns[1] - columns[0], rows[1] - rows[0]
    found = file.read(
        1,
        window=Window(columns[0], rows[0], width, height),
        out_shape=(max(height // factor, 1), max(width // factor, 1)),
        out_dtype="float32",
        masked=True,
        resampling=Resampling.average if factor > 1 else Resampling.nearest,
    )
    heights = np.asarray(found.filled(np.nan), dtype=np.float32)
    heights = heights * np.float32(file.scales[0]) + np.float32(file.offsets[0])
    with np.errstate(invalid="ignore"):
        heights[~((heights > _LOWEST_M) & (heights < _HIGHEST_M))] = np.nan
    return heights


def _metres_per_unit(file: Any, crs: CRS) -> np.float32:
    """Return how many metres one unit of height is, by the band or the vertical CRS."""
    unit = (file.units[0] or "").strip().lower()
    if unit in _FEET:
        return np.float32(_FEET[unit])
    if not unit and crs.is_compound:
        upward = [
            axis.unit_conversion_factor
            for part in crs.sub_crs_list
            for axis in part.axis_info
            if axis.direction == "up"
        ]
        return np.float32(upward[0] if upward else 1.0)
    return np.float32(1.0)


def _smoothed(heights: npt.NDArray[np.float32], cell_m: float) -> npt.NDArray[np.float32]:
    """Average heights over the width of a way; cells without height stay so."""
    cells = 2 * int(_PATH_WIDTH_M / 2 / cell_m) + 1
    if cells == 1:
        return heights
    known = ~np.isnan(heights)
    # Far from zero whole metres would cost precision.
    middle = np.float32(np.nanmean(heights))
    total = uniform_filter(np.where(known, heights - middle, 0), cells, mode="constant")
    share = uniform_filter(known.astype(np.float32), cells, mode="constant")
    smooth = np.full_like(heights, np.nan)
    smooth[known] = total[known] / share[known] + middle
    return smooth


def _cell_m(to_cell: tuple[float, ...], shape: tuple[int, ...], crs: str, grid_crs: CRS) -> float:
    """Return the width of a cell at the middle of the grid, the wider side."""
    a, b, c, d, e, f = to_cell
    column, row = shape[1] / 2, shape[0] / 2
    cells = np.array([[column, row], [column + 1, row], [column, row + 1]]) - (c, f)
    xy = cells @ np.linalg.inv(np.array([[a, b], [d, e]])).T
    transformer = Transformer.from_crs(_flat(grid_crs), crs, always_xy=True)
    try:
        x, y = transformer.transform(xy[:, 0], xy[:, 1], errcheck=True)
    except ProjError:
        return float("inf")
    return float(np.hypot(x[1:] - x[0], y[1:] - y[0]).max())


def _flat(crs: CRS) -> CRS:
    """Return the horizontal part of a CRS."""
    return crs.sub_crs_list[0] if crs.is_compound else crs


def _report_cells(path: Path, cell_m: float) -> tuple[Finding, ...]:
    if cell_m > _TOO_COARSE_M:
        raise TerrainError(
            f"Das Höhenmodell ist zu grob: Eine Zelle ist {cell_m:.0f} m breit.",
            where=path,
            remedy="Ein feineres Modell verwenden; die Länder geben das DGM1 (1 m) frei ab.",
        )
    if cell_m <= _COARSE_M:
        return ()
    return (
        Finding(
            code="terrain.coarse",
            severity=Severity.WARNING,
            message=f"Das Höhenmodell »{path.name}« ist grob: Eine Zelle ist {cell_m:.0f} m "
            "breit. Kurze Rampen und Kuppen sieht es nicht.",
            where=path.name,
            remedy="Ein feineres Modell verwenden; die Länder geben das DGM1 (1 m) frei ab.",
        ),
    )
