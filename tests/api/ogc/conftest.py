"""The example town as a service, in both releases, and as its files say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio  # type: ignore[import-untyped]
import pytest
from starlette.testclient import TestClient

from api.service.app import create_app
from api.service.catalogue import KEY_MARK, Catalogue
from api.service.settings import ServiceSettings
from api.service.store import SnapshotStore
from layers.layer_frames import INTERNAL
from layers.layer_info import LAYERS
from layers.store import SNAPSHOT_FILE

JsonObject = dict[str, Any]

SAMPLE = frozenset({"houses", "services", "common_ground"})


@dataclass(frozen=True)
class Served:
    """A release as a service, and the folder of its files."""

    client: TestClient
    catalogue: Catalogue
    folder: Path
    _read: dict[str, list[JsonObject]] = field(default_factory=dict, repr=False)

    def everything(self, collection: str) -> list[JsonObject]:
        """Return all features of a collection, asked for once; not to be changed."""
        if collection not in self._read:
            self._read[collection] = self.features(collection, limit=10_000)
        return self._read[collection]

    def get(self, path: str, status: int = 200, **parameters: Any) -> JsonObject:
        """Ask as a program does; keywords are parameters."""
        asked = {name: str(value) for name, value in parameters.items()}
        response = self.client.get(path, params=asked or None)  # {} would drop the query
        assert response.status_code == status, response.text
        content: JsonObject = response.json()
        return content

    @property
    def collections(self) -> list[JsonObject]:
        """The descriptions of all collections."""
        found: list[JsonObject] = self.get("/collections")["collections"]
        return found

    @property
    def spatial(self) -> list[JsonObject]:
        """The descriptions of the collections with geometries."""
        return [one for one in self.collections if "storageCrs" in one]

    @property
    def sampled(self) -> list[JsonObject]:
        """All of them in the public release; in the internal one some that say something new."""
        internal = self.catalogue.exported.facts["release"] == INTERNAL
        return [one for one in self.spatial if not internal or one["id"] in SAMPLE]

    def pages(self, path: str, **parameters: Any) -> Iterator[JsonObject]:
        """Ask for a page and all that follow by the links ``next``."""
        page = self.get(path, **parameters)
        yield page
        asked = set()
        while following := linked(page, "next"):
            address = following[0]["href"]
            assert address not in asked, "the links next run in a circle"
            asked.add(address)
            page = self.get(address)
            yield page

    def features(self, collection: str, **parameters: Any) -> list[JsonObject]:
        """Return all features that match, of all pages."""
        path = f"/collections/{collection}/items"
        return [one for page in self.pages(path, **parameters) for one in page["features"]]

    def ids(self, collection: str, **parameters: Any) -> list[str]:
        """Return the ids of all features that match, of all pages."""
        return [one["id"] for one in self.features(collection, **parameters)]

    def table(self, collection: str) -> gpd.GeoDataFrame:
        """Read a layer from the file itself, with a column ``key`` of ids."""
        frame: gpd.GeoDataFrame = pyogrio.read_dataframe(
            self.folder / SNAPSHOT_FILE, layer=collection
        )
        parts = [frame[column].astype(str) for column in LAYERS[collection].key]
        frame["key"] = [KEY_MARK.join(row) for row in zip(*parts, strict=True)]
        return frame


def linked(content: JsonObject, relation: str) -> list[JsonObject]:
    """Return the links of a relation."""
    return [one for one in content["links"] if one["rel"] == relation]


def serve(folder: Path, *, internal: bool, **settings: Any) -> Served:
    """Return a release as a service."""
    store = SnapshotStore(folder)
    app = create_app(ServiceSettings(internal=internal, **settings), store)
    return Served(TestClient(app), store.current(), folder)


@pytest.fixture(scope="session", params=["public", "internal"])
def served(request: pytest.FixtureRequest, musterhausen: Path) -> Served:
    """Return each of the two releases of the example as a service."""
    internal = request.param == "internal"
    folder = musterhausen / "out" if internal else musterhausen / "out/public"
    return serve(folder, internal=internal)


@pytest.fixture(scope="session")
def public(musterhausen: Path) -> Served:
    """Return the public release of the example as a service."""
    return serve(musterhausen / "out/public", internal=False)
