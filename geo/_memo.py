"""What building a network found out about things that the next build may see again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

_Answer = TypeVar("_Answer")


class Memo:
    """Answers of pure rules, kept from one build to the next, by what was asked about.

    Tags are known by identity: nobody changes them once they are read. They are kept with the
    answer, so that no other object takes their place in memory.
    """

    def __init__(self) -> None:
        self._tables: dict[Any, dict[Any, Any]] = {}
        self._kept: list[Any] = []

    def table(self, name: Any) -> dict[Any, Any]:
        """Return the answers to one question; keys and values are the asker's."""
        return self._tables.setdefault(name, {})

    def keep(self, things: Any, answer: _Answer) -> _Answer:
        """Keep what an answer is known by, and return the answer."""
        self._kept.append(things)
        return answer

    def of(self, name: str, things: tuple[Any, ...], answer: Callable[[], _Answer]) -> _Answer:
        """Return an answer about some objects, which are known by identity.

        Parameters
        ----------
        name
            The question.
        things
            The objects that the answer depends on, and nothing else.
        answer
            Asked if the objects are new.
        """
        table = self.table(name)
        key = tuple(map(id, things))
        found = table.get(key)
        if found is None:
            found = table[key] = (things, answer())
        result: _Answer = found[1]
        return result
