"""Build studies of real extracts: several with grounds, gates and houses placed by hand.

Usage: ``python benchmarks/real_studies.py FOLDER_OF_EXTRACTS TARGET [NAME …]``.
Where a study says ``gates``, it is built twice: once with the gates that are derived, then
with two of them given, the first open and the second locked, so that the grounds are closed
elsewhere. Prints counts, times and what the builds noticed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
from pyproj import Transformer

from geo.vector_files import read_layer


@dataclass(frozen=True)
class Ground:
    """A rectangle of grounds: its middle in degrees, half its width and height in metres."""

    longitude: float
    latitude: float
    half_width_m: float
    half_height_m: float


@dataclass(frozen=True)
class RealStudy:
    """An extract with houses at longitude and latitude, and perhaps grounds around some."""

    extract: str
    houses: tuple[tuple[float, float], ...]
    ground: Ground | None = None


STUDIES = {
    "neubrandenburg": RealStudy(
        "neubrandenburg-2016.nometa.osm.pbf",
        houses=((13.2925, 53.5449), (13.2945, 53.5457), (13.31134, 53.49578), (13.2675, 53.5412)),
        ground=Ground(13.2931, 53.5452, 330, 270),
    ),
    "berlin": RealStudy(
        "berlin-miraustr-2026.nometa.osm.pbf",
        houses=((13.3116, 52.5902), (13.3205, 52.5840), (13.3252, 52.5900)),
        ground=Ground(13.3114, 52.5902, 300, 260),
    ),
    "aplerbeck": RealStudy(
        "dortmund-aplerbeck-2026.nometa.osm.pbf",
        houses=((7.5539, 51.4928), (7.5580, 51.4948)),
        ground=Ground(7.5539, 51.4929, 150, 130),
    ),
    "dreieich": RealStudy(
        "dreieich-2022.nometa.osm.pbf",
        houses=((8.7078, 50.0016), (8.7115, 49.9999)),
        ground=Ground(8.7079, 50.0017, 110, 90),
    ),
    "liechtenstein-2013": RealStudy(
        "liechtenstein-2013.nometa.osm.pbf",
        houses=((9.5215, 47.1395), (9.5157, 47.1660)),
        ground=Ground(9.5157, 47.1661, 120, 100),
    ),
    "liechtenstein-2015": RealStudy(
        "liechtenstein-2015.nometa.osm.pbf",
        houses=((9.5215, 47.1395), (9.5157, 47.1660)),
        ground=Ground(9.5157, 47.1661, 120, 100),
    ),
    "gievenbeck": RealStudy(
        "muenster-gievenbeck-derived.nometa.osm.pbf",
        houses=((7.5720, 51.9720), (7.5650, 51.9680)),
        ground=Ground(7.5720, 51.9720, 200, 180),
    ),
}


def main() -> None:
    """Build the studies named on the command line, or all."""
    extracts, target = Path(sys.argv[1]), Path(sys.argv[2])
    for name in sys.argv[3:] or STUDIES:
        folder = target / name
        write_study(folder, extracts, STUDIES[name])
        print(f"\n## {name}\n{_build(folder)}", flush=True)
        if give_gates(folder):
            print(f"\n## {name}, one gate open, one locked\n{_build(folder)}", flush=True)


def write_study(folder: Path, extracts: Path, study: RealStudy) -> None:
    """Write the folder of a study that reads its extract where it lies."""
    folder.mkdir(parents=True, exist_ok=True)
    extract = (extracts / study.extract).resolve()
    (folder / "study.toml").write_text(
        f'name = "{folder.name}"\nextract = "{extract}"\nsites = "sites.geojson"\n',
        encoding="utf-8",
    )
    features = []
    if study.ground is not None:
        ring = _rectangle(study.ground)
        features.append(_feature("site", "campus", {"type": "Polygon", "coordinates": [ring]}))
    for number, point in enumerate(study.houses, start=1):
        geometry = {"type": "Point", "coordinates": list(point)}
        features.append(_feature("house", f"haus-{number}", geometry))
    _write_features(folder, features)


def give_gates(folder: Path) -> bool:
    """Turn two derived gates of a built study into given ones; say whether there were two."""
    gates = gpd.GeoDataFrame(read_layer(folder / "out" / "snapshot.gpkg", "gates"))
    spots = gates.geometry.to_crs("EPSG:4326")
    if len(gates) < 2:
        return False
    collection = json.loads((folder / "sites.geojson").read_text(encoding="utf-8"))
    for status, number in (("open", 0), ("locked", len(gates) // 2)):
        geometry = {"type": "Point", "coordinates": [spots.x.iloc[number], spots.y.iloc[number]]}
        collection["features"].append(
            _feature("gate", f"tor-{status}", geometry, site_id="campus", status=status)
        )
    _write_features(folder, collection["features"])
    return True


def _build(folder: Path) -> str:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("sozialraum")), "build", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return f"FAILED ({done.returncode})\n{done.stdout}{done.stderr}"
    report = json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))
    counts = ", ".join(f"{layer} {count}" for layer, count in report["counts"]["layers"].items())
    return f"{counts}\n{done.stdout}"


def _rectangle(ground: Ground) -> list[list[float]]:
    crs = "EPSG:25832"
    middle = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    x, y = middle.transform(ground.longitude, ground.latitude)
    back = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    corners = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    return [
        list(back.transform(x + i * ground.half_width_m, y + j * ground.half_height_m))
        for i, j in corners
    ]


def _feature(kind: str, key: str, geometry: dict[str, Any], **more: str) -> dict[str, Any]:
    properties = {"kind": kind, "id": key, "name": key, **more}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _write_features(folder: Path, features: list[dict[str, Any]]) -> None:
    collection = {"type": "FeatureCollection", "features": features}
    (folder / "sites.geojson").write_text(json.dumps(collection, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
