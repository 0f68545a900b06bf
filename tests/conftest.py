"""Fixtures for all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real extracts beside the checkout, or skip; CI must have it."""
    if not SHARED_DATA.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"real data missing in CI: {SHARED_DATA}")
        pytest.skip("the folder of real extracts, ../shared/data, is not there")
    return SHARED_DATA
