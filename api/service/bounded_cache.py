"""A memory of answers that never grows beyond a size."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class BoundedCache(Generic[Key, Value]):
    """Keeps the values that were used last, as long as their sizes fit.

    Safe for use by several threads.

    Parameters
    ----------
    bytes_at_most
        Sum of the sizes of what is kept.
    """

    def __init__(self, bytes_at_most: int) -> None:
        self._room = bytes_at_most
        self._used = 0
        self._kept: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    @property
    def used(self) -> int:
        """Sum of the sizes of what is kept, in bytes."""
        return self._used

    def get(self, key: Key) -> Value | None:
        """Return a value that is kept, or None."""
        return self.get_many([key])[0]

    def get_many(self, keys: Iterable[Key]) -> list[Value | None]:
        """Return for each key the value that is kept, or None."""
        found: list[Value | None] = []
        with self._lock:
            kept = self._kept
            for key in keys:
                entry = kept.get(key)
                if entry is not None:
                    kept.move_to_end(key)
                found.append(None if entry is None else entry[0])
        return found

    def put(self, key: Key, value: Value, size: int) -> None:
        """Keep a value of so many bytes; what was not used for longest goes.

        A value that is larger than a quarter of the room is not kept: it would push out
        too many others.
        """
        if size > self._room // 4:
            return
        with self._lock:
            replaced = self._kept.pop(key, None)
            if replaced is not None:
                self._used -= replaced[1]
            self._kept[key] = (value, size)
            self._used += size
            while self._used > self._room:
                _, (_, freed) = self._kept.popitem(last=False)
                self._used -= freed
