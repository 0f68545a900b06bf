"""How long work tells what it is doing, without knowing who listens."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str], None]
"""Called with a short German label whenever a new step of the work begins."""


def silent(label: str) -> None:
    """Listen to nothing."""
