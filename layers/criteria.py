"""The criteria by which candidates are weighed: what each measures, in which unit, and why."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from geo.network import MS_PER_S
from layers.evidence import Evidence

Floats = npt.NDArray[np.float64]

_DATA = files("layers").joinpath("data")
_MS_PER_MINUTE = 60 * MS_PER_S


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is weighed, as ``criteria.toml`` says it.

    Attributes
    ----------
    id
        Name of the function below, or of a column of the study's own file.
    label, unit
        German.
    worst, best
        Raw values that count 0 and 1, growing evenly between them; ``best`` is None where
        the highest raw value among the candidates counts 1.
    digits
        After the comma, where people read.
    """

    id: str
    label: str
    unit: str
    worst: float
    best: float | None
    digits: int


@cache
def load_criteria() -> dict[str, Criterion]:
    """Return the criteria that come with the product, in their order."""
    table = tomllib.loads(_DATA.joinpath("criteria.toml").read_text(encoding="utf-8"))
    return {
        key: Criterion(
            id=key,
            label=entry["label"],
            unit=entry["unit"],
            worst=float(entry["worst"]),
            best=None if entry["best"] == "spread" else float(entry["best"]),
            digits=entry["digits"],
        )
        for key, entry in table.items()
    }


def minutes_saved(evidence: Evidence) -> Floats:
    """Return the minutes that the way to the nearest place of the kind becomes shorter.

    Mean over all residents' places of ``max(0, now − way to the candidate)``; where there is
    none within the limit today, ``now`` is the limit (field.md 4.3, minutes to the nearest
    meeting place off campus).

    Parameters
    ----------
    evidence
        Of ``n`` candidates.

    Returns
    -------
    numpy.ndarray
        Minutes, shape ``(n,)``.
    """
    limit = evidence.reach.limit_s * MS_PER_S
    now = np.where(evidence.now_ms < 0, limit, evidence.now_ms)[:, np.newaxis]
    way = np.where(evidence.reach.resident_ms < 0, limit, evidence.reach.resident_ms)
    saved = np.maximum(now - way, 0) / _MS_PER_MINUTE
    return np.asarray(evidence.places @ saved / evidence.places.sum(), dtype=np.float64)


def neighbours(evidence: Evidence) -> Floats:
    """Return the neighbours who reach the candidate within the study's middle threshold.

    Parameters
    ----------
    evidence
        Of ``n`` candidates.

    Returns
    -------
    numpy.ndarray
        People, shape ``(n,)``.
    """
    return evidence.reach.neighbours[:, len(evidence.reach.minutes) // 2]


CRITERIA: Mapping[str, Callable[[Evidence], Floats]] = {
    function.__name__: function for function in (minutes_saved, neighbours)
}
"""The functions by the ids of their criteria."""


def raw_values(evidence: Evidence, ids: tuple[str, ...]) -> Floats:
    """Compute criteria.

    Parameters
    ----------
    evidence
        Of ``n`` candidates.
    ids
        ``k`` criteria.

    Returns
    -------
    numpy.ndarray
        Raw values, shape ``(n, k)``; NaN where a value is not known.
    """
    columns = [
        CRITERIA[key](evidence) if key in CRITERIA else evidence.frame[key].to_numpy(float)
        for key in ids
    ]
    return np.column_stack(columns) if columns else np.empty((len(evidence.frame), 0))
