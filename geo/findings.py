"""Findings: what was noticed on the way, counted and named in the report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters to the numbers."""

    ERROR = "error"
    """Cannot be used as it is; ``sozialraum check`` fails."""
    WARNING = "warning"
    """Usable, but some numbers suffer and are marked."""
    INFO = "info"
    """Worth knowing; no number suffers."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing noticed, in German, about one object or a group of them.

    Attributes
    ----------
    code
        Stable English identifier, e.g. ``"way.missing_nodes"``.
    severity
        How much it matters.
    message
        What was noticed, a full German sentence.
    where
        The object or file: an OSM id (``"w123"``), a site id, a path.
    remedy
        What the user can do, a full German sentence, or empty.
    count
        How many objects this finding speaks for.
    examples
        Some of them, at most ten, e.g. ``("w12", "r7")``.
    """

    code: str
    severity: Severity
    message: str
    where: str = ""
    remedy: str = ""
    count: int = 1
    examples: tuple[str, ...] = ()


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any finding is an error."""
    return any(finding.severity is Severity.ERROR for finding in findings)
