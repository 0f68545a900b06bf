"""pygeoapi over one layer, started in an environment of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import geopandas as gpd


@contextmanager
def pygeoapi(python: Path, source: Path, layer: str, folder: Path, provider: str) -> Iterator[int]:
    """Start pygeoapi with one worker under gunicorn; give its port.

    Parameters
    ----------
    python
        Python of an environment with ``pygeoapi`` and ``gunicorn``.
    source
        GeoJSON file of the layer; its features are served by the property ``id``.
    layer
        Name of the collection.
    folder
        Where its two files of settings go.
    provider
        ``"GeoJSON"``, or ``"SQLiteGPKG"`` over the same features in a GeoPackage in degrees.
    """
    if provider == "SQLiteGPKG":
        packed = folder / "layer.gpkg"
        gpd.read_file(source).to_file(packed, layer=layer, VERSION="1.2")  # SpatiaLite's
        source = packed
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    settings, document = folder / "pygeoapi.yml", folder / "openapi.yml"
    # JSON is YAML.
    settings.write_text(
        json.dumps(_settings(port, source.resolve(), layer, provider)), encoding="utf-8"
    )
    environment = {
        **os.environ,
        "PYGEOAPI_CONFIG": str(settings),
        "PYGEOAPI_OPENAPI": str(document),
    }
    # Its provider for GeoPackage fails when two threads open the file at once.
    threads = "1" if provider == "SQLiteGPKG" else "4"
    program = python.with_name("pygeoapi")
    made = subprocess.run(
        [program, "openapi", "generate", settings, "--output-file", document],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    started = subprocess.Popen(
        [python, "-m", "gunicorn", "--workers", "1", "--threads", threads, "--keep-alive", "30",
         "--bind", f"127.0.0.1:{port}", "--log-level", "error", "pygeoapi.flask_app:APP"],
        env=environment,
        cwd=folder,
    )  # fmt: skip
    try:
        yield port
    finally:
        started.terminate()
        started.wait(30)


def _settings(port: int, source: Path, layer: str, provider: str) -> dict[str, Any]:
    keywords = ["Sozialraum"]
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": f"http://127.0.0.1:{port}",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "gzip": False,
            "languages": ["de-DE"],
            "cors": False,
            "pretty_print": False,
            "limits": {"default_items": 1000, "max_items": 10000},
            "map": {"url": "", "attribution": ""},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": "Messung",
                "description": "Messung",
                "keywords": keywords,
                "keywords_type": "theme",
                "terms_of_service": "keine",
                "url": "http://127.0.0.1",
            },
            "license": {"name": "ODbL", "url": "https://opendatacommons.org/licenses/odbl/"},
            "provider": {"name": "Messung", "url": "http://127.0.0.1"},
            "contact": {"name": "Messung"},
        },
        "resources": {
            layer: {
                "type": "collection",
                "title": layer,
                "description": layer,
                "keywords": keywords,
                "links": [],
                "extents": {
                    "spatial": {
                        "bbox": [-180, -90, 180, 90],
                        "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
                    }
                },
                "providers": [
                    {
                        "type": "feature",
                        "name": provider,
                        "data": str(source),
                        "id_field": "id",
                        "table": layer,
                    }
                ],
            }
        },
    }
