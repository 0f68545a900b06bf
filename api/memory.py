"""How the process handles memory that it no longer needs."""

from __future__ import annotations

import ctypes
from contextlib import suppress

_TRIM_THRESHOLD = -1  # M_TRIM_THRESHOLD in malloc.h
_BYTES = 128 * 1024


def return_freed_memory() -> None:
    """Ask glibc to hand freed blocks back to the system.

    Left alone, glibc raises its threshold with the largest block freed so far and then
    keeps everything below it, which after reading an extract costs some 15 MB. On systems
    without glibc nothing happens.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_TRIM_THRESHOLD, _BYTES)
