"""Fixtures for all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


# The usual run draws the same examples every time; the long one looks for new ones.
settings.register_profile("steady", derandomize=True, database=None)
settings.load_profile("default" if os.environ.get("TEST_ALL") else "steady")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real extracts beside the checkout, or skip; CI must have it."""
    if not SHARED_DATA.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"real data missing in CI: {SHARED_DATA}")
        pytest.skip("the folder of real extracts, ../shared/data, is not there")
    return SHARED_DATA
