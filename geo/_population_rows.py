"""Rows of people as they are read, piece by piece, with what was wrong in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.errors import PopulationError
from geo.findings import Finding, Severity
from geo.foreign_files import number

Floats = npt.NDArray[np.float64]

Box = tuple[float, float, float, float]
"""West, south, east, north."""

SECRET = -1.0
"""In the files of the Zensus 2011: nobody, or to be kept secret."""

_MOST_PEOPLE = 10_000_000.0
_FEW = 10
_FEW_SHARE = 0.01
_EXAMPLES = 10


@dataclass
class Rows:
    """The rows of a file that lie where they are wanted.

    Attributes
    ----------
    path
        The file, for messages.
    wanted
        Box in the CRS of the file; rows outside are counted and dropped.
    what
        What a row is called, German.
    x, y, people
        Pieces kept so far; people are NaN where the file does not tell.
    shapes
        Pieces of polygons in the CRS of the file, where it has any instead of points.
    count
        Rows read.
    bad
        What was wrong with rows that cannot be used, at most ten.
    bad_count
        How many.
    most
        Most people in any row.
    seen
        Box around all coordinates.
    swapped
        Rows that would lie inside with their coordinates swapped.
    """

    path: Path | str
    wanted: Box
    what: str = "Zeile"
    x: list[Floats] = field(default_factory=list)
    y: list[Floats] = field(default_factory=list)
    people: list[Floats] = field(default_factory=list)
    shapes: list[npt.NDArray[Any]] = field(default_factory=list)
    count: int = 0
    bad: list[str] = field(default_factory=list)
    bad_count: int = 0
    most: float = 0.0
    seen: Box = (np.inf, np.inf, -np.inf, -np.inf)
    swapped: int = 0

    def add(
        self,
        lines: npt.NDArray[np.int64],
        x: Floats,
        y: Floats,
        people: Floats,
        *,
        wrong: npt.NDArray[np.bool_],
        shapes: npt.NDArray[Any] | None = None,
    ) -> None:
        """Take rows over.

        Parameters
        ----------
        lines
            Where each stands in the file, shape ``(n,)``.
        x, y
            Coordinates; what is not finite is a fault.
        people
            NaN where the file does not tell.
        wrong
            Where people are no number.
        shapes
            Polygons; then ``x`` and ``y`` are their middles.
        """
        self.count += len(lines)
        people = np.where(people == SECRET, np.nan, people)
        no_place = ~(np.isfinite(x) & np.isfinite(y))
        negative = ~wrong & (people < 0)
        huge = ~wrong & (people > _MOST_PEOPLE)
        self.fault(lines[no_place], "hat keine lesbaren Koordinaten")
        self.fault(lines[wrong & ~no_place], "nennt als Zahl der Menschen keine Zahl")
        self.fault(lines[negative & ~no_place], "nennt weniger als 0 Menschen")
        self.fault(lines[huge & ~no_place], "nennt mehr als 10 Millionen Menschen")
        good = ~(no_place | wrong | negative | huge)
        x, y, people = x[good], y[good], people[good]
        if not len(x):
            return
        west, south, east, north = self.seen
        self.seen = (
            min(west, float(x.min())),
            min(south, float(y.min())),
            max(east, float(x.max())),
            max(north, float(y.max())),
        )
        known = people[~np.isnan(people)]
        self.most = max(self.most, float(known.max(initial=0.0)))
        inside = self._inside(x, y)
        self.swapped += int(self._inside(y, x).sum())
        self.x.append(x[inside])
        self.y.append(y[inside])
        self.people.append(people[inside])
        if shapes is not None:
            self.shapes.append(shapes[good][inside])

    def fault(self, lines: npt.NDArray[np.int64], what: str) -> None:
        """Count rows that cannot be used; ``what`` completes "Zeile 7 …"."""
        self.bad_count += len(lines)
        room = max(0, _EXAMPLES - len(self.bad))
        self.bad += [f"{self.what} {number(int(line))} {what}" for line in lines[:room]]

    def _inside(self, x: Floats, y: Floats) -> npt.NDArray[np.bool_]:
        west, south, east, north = self.wanted
        return (x >= west) & (x <= east) & (y >= south) & (y <= north)

    def check(self) -> list[Finding]:
        """Return a finding for the few rows that are wrong.

        Raises
        ------
        PopulationError
            If there is no row at all, or more than a few are wrong.
        """
        if self.count == 0:
            raise PopulationError(
                "Die Datei der Bevölkerung nennt niemanden.",
                where=self.path,
                remedy="Die Datei neu speichern oder herunterladen.",
            )
        if not self.bad_count:
            return []
        more = self.bad_count - 1
        many = f"; ebenso unbrauchbar sind {number(more)} weitere" if more > 1 else ""
        many = "; ebenso unbrauchbar ist noch eine" if more == 1 else many
        message = f"In der Datei der Bevölkerung: {self.bad[0]}{many}."
        if self.bad_count > min(_FEW, _FEW_SHARE * self.count):
            raise PopulationError(
                message,
                where=self.path,
                remedy="Zahlen ohne Tausenderpunkt schreiben, Koordinaten als Zahlen; wo nichts "
                "bekannt ist, das Feld leer lassen.",
            )
        return [
            Finding(
                "population.bad_rows",
                Severity.WARNING,
                f"{message} Sie bleiben außer Acht.",
                str(self.path),
                "Die Zeilen berichtigen.",
                self.bad_count,
                tuple(self.bad),
            )
        ]
