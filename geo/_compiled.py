"""Compiling what is too slow as plain Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba


def compiled(*signatures: str) -> Callable[[Callable[..., Any]], Any]:
    """Compile a function, or take the machine code from the cache.

    Compiled functions let other threads run meanwhile. With ``NUMBA_DISABLE_JIT=1`` they run
    as plain Python. The cache on disk is kept by file, so compiled functions that call each
    other stand in one file.

    Parameters
    ----------
    signatures
        Types to compile for at once; without any, the first call decides.
    """
    types = list(signatures) or None

    def decorate(function: Callable[..., Any]) -> Any:
        try:
            return numba.njit(types, nogil=True, cache=True)(function)
        except RuntimeError:  # no folder can be written to: compile in every process
            return numba.njit(types, nogil=True)(function)

    return decorate
