"""A quarter between four streets, with inner streets that follow their curves.

A Coons patch: positions within the quarter are given as shares ``u`` (from its left to
its right side) and ``v`` (from its bottom to its top), so that a plan drawn in a square
bends itself to the streets around.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from drawing.curves import at, length, smooth
from drawing.frame import Point


@dataclass(frozen=True)
class Patch:
    """Four sides; bottom and top run left to right, left and right run bottom to top."""

    bottom: Sequence[Point]
    top: Sequence[Point]
    left: Sequence[Point]
    right: Sequence[Point]

    def point(self, u: float, v: float) -> Point:
        """Return the position at the shares ``u`` and ``v``."""
        bottom, top = _share(self.bottom, u), _share(self.top, u)
        left, right = _share(self.left, v), _share(self.right, v)
        corners = (self.bottom[0], self.bottom[-1], self.top[0], self.top[-1])
        weights = ((1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v)
        axes = []
        for axis in (0, 1):
            sides = (1 - v) * bottom[axis] + v * top[axis] + (1 - u) * left[axis] + u * right[axis]
            bend = sum(w * c[axis] for w, c in zip(weights, corners, strict=True))
            axes.append(sides - bend)
        return (axes[0], axes[1])

    def line(self, plan: Sequence[Point]) -> list[Point]:
        """Return the street through the shares ``(u, v)`` of a plan, metres."""
        run = [plan[0]]
        for a, b in pairwise(plan):
            steps = max(1, round(length([self.point(*a), self.point(*b)]) / 45))
            run.extend(
                (a[0] + (b[0] - a[0]) * i / steps, a[1] + (b[1] - a[1]) * i / steps)
                for i in range(1, steps + 1)
            )
        return smooth([self.point(u, v) for u, v in run])

    @property
    def outline(self) -> list[Point]:
        """The ring around the quarter, not closed."""
        right, top, left = self.right, self.top, self.left
        return [*self.bottom[:-1], *right[:-1], *top[:0:-1], *left[:0:-1]]


def _share(points: Sequence[Point], share: float) -> Point:
    return at(points, share * length(points))[0]
