"""Compiling what is too slow as plain Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function when it is first called, or take the machine code from the cache.

    Compiled functions let other threads run meanwhile. With ``NUMBA_DISABLE_JIT=1`` they run
    as plain Python. The cache on disk is kept by file, so compiled functions that call each
    other stand in one file.
    """
    try:
        machine: Callable[..., Any] = njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder can be written to: compile in every process
        machine = njit(nogil=True)(function)
    return machine
