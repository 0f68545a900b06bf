"""Two small releases, A and B, and a folder in which A is shown."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.service.app import create_app
from api.service.settings import ServiceSettings
from api.service.store import SnapshotStore
from tests.api.service.releases import marked_release


@pytest.fixture(scope="session")
def release_a(musterhausen: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a whole small public release; not to be written to."""
    return marked_release(
        musterhausen / "out/public", tmp_path_factory.mktemp("fassung") / "a", "AAAA"
    )


@pytest.fixture(scope="session")
def release_b(musterhausen: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return another one; not to be written to."""
    return marked_release(
        musterhausen / "out/public", tmp_path_factory.mktemp("fassung") / "b", "BBBB"
    )


@pytest.fixture
def folder(release_a: Path, tmp_path: Path) -> Path:
    """Return a folder that holds A."""
    return Path(shutil.copytree(release_a, tmp_path / "public"))


@pytest.fixture
def store(folder: Path) -> SnapshotStore:
    """Return a store that shows A."""
    return SnapshotStore(folder)


@pytest.fixture
def client(store: SnapshotStore) -> TestClient:
    """Return a browser that asks a service which shows A."""
    return TestClient(create_app(ServiceSettings(), store), follow_redirects=False)
