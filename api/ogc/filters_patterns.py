r"""Patterns of ``LIKE``: ``%`` stands for any signs, ``_`` for one, ``\`` takes the next as it is.

No regular expressions: parts between two ``%`` are looked for one after the other, each from
where the last one ended, so that the time grows with the text and not with the ways to split it.
"""

from __future__ import annotations

from collections.abc import Callable

_ANY = None
"""Stands for ``_`` in a part."""
_Part = list[str | None]


def pattern_test(pattern: str) -> Callable[[str], bool]:
    r"""Return the function that says whether a whole text fits a pattern.

    Parameters
    ----------
    pattern
        As it stands in the filter. A ``\`` at its end stands for itself.
    """
    first, *rest = [_finder(part) for part in _parts(pattern)]
    if not rest:
        return lambda text: len(text) == first.length and first.fits(text, 0)
    *middle, last = rest

    def test(text: str) -> bool:
        end = len(text) - last.length
        if end < first.length or not first.fits(text, 0) or not last.fits(text, end):
            return False
        here = first.length
        for part in middle:
            here = part.find(text, here, end)
            if here < 0:
                return False
            here += part.length
        return here <= end

    return test


class _Finder:
    """Finds a part without ``_``."""

    def __init__(self, part: str) -> None:
        self.length = len(part)
        self._part = part

    def fits(self, text: str, start: int) -> bool:
        return text.startswith(self._part, start)

    def find(self, text: str, start: int, end: int) -> int:
        return text.find(self._part, start, end)


class _GapFinder(_Finder):
    """Finds a part with ``_``: Shift-And (Baeza-Yates and Gonnet 1992).

    Bit i of a number says whether the part's first i + 1 signs end at the sign just read; each
    sign of the text costs one shift, however the part is made.
    """

    def __init__(self, part: _Part) -> None:
        super().__init__("")
        self.length = len(part)
        self._signs = part
        self._any = sum(1 << place for place, sign in enumerate(part) if sign is _ANY)
        self._at: dict[str, int] = {}
        for place, sign in enumerate(part):
            if sign is not None:
                self._at[sign] = self._at.get(sign, self._any) | 1 << place

    def fits(self, text: str, start: int) -> bool:
        return all(
            sign is _ANY or sign == text[start + place] for place, sign in enumerate(self._signs)
        )

    def find(self, text: str, start: int, end: int) -> int:
        whole, state = 1 << self.length - 1, 0
        for place in range(start, end):
            state = (state << 1 | 1) & self._at.get(text[place], self._any)
            if state & whole:
                return place - self.length + 1
        return -1


def _finder(part: _Part) -> _Finder:
    fixed = [sign for sign in part if sign is not None]
    return _Finder("".join(fixed)) if len(fixed) == len(part) else _GapFinder(part)


def _parts(pattern: str) -> list[_Part]:
    parts: list[_Part] = [[]]
    signs = iter(pattern)
    for sign in signs:
        if sign == "%":
            parts.append([])
        elif sign == "_":
            parts[-1].append(_ANY)
        else:
            parts[-1].append(next(signs, sign) if sign == "\\" else sign)
    return parts
