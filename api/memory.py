"""How the process handles memory."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress

_TRIM_THRESHOLD = -1  # M_TRIM_THRESHOLD in malloc.h
_BYTES = 128 * 1024
_COLLECT_AFTER = 50_000


def spare_memory_and_time() -> None:
    """Set the process up for one job over many small objects.

    Left alone, glibc raises its threshold with the largest block freed so far and then
    keeps everything below it, which after reading an extract costs some 15 MB; so it is
    asked to hand freed blocks back. Without glibc nothing happens.

    Python looks for cycles after every 700 new objects. The tags of an extract are hundreds
    of thousands of objects without cycles: looking less often saves a tenth of the time.
    """
    gc.set_threshold(_COLLECT_AFTER, *gc.get_threshold()[1:])
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_TRIM_THRESHOLD, _BYTES)
