"""Collects what is wrong, so that a user learns all of it at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from geo.findings import Finding, Severity

_SINGLE = 5
_EXAMPLES = 10
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass
class Faults:
    """A growing list of findings about one file."""

    _found: list[Finding] = field(default_factory=list)

    def error(self, code: str, message: str, where: str = "", remedy: str = "") -> None:
        """Add a fault that makes the file unusable."""
        self._found.append(Finding(code, Severity.ERROR, message, where, remedy))

    def warning(self, code: str, message: str, where: str = "", remedy: str = "") -> None:
        """Add something that spoils some numbers."""
        self._found.append(Finding(code, Severity.WARNING, message, where, remedy))

    def info(self, code: str, message: str, where: str = "", remedy: str = "") -> None:
        """Add something worth knowing."""
        self._found.append(Finding(code, Severity.INFO, message, where, remedy))

    def findings(self) -> tuple[Finding, ...]:
        """Return all of them, errors first; many of one kind as one."""
        by_code: dict[str, list[Finding]] = {}
        for finding in self._found:
            by_code.setdefault(finding.code, []).append(finding)
        grouped = [one for group in by_code.values() for one in _grouped(group)]
        return tuple(sorted(grouped, key=lambda finding: _RANK[finding.severity]))


def _grouped(group: list[Finding]) -> list[Finding]:
    if len(group) <= _SINGLE:
        return group
    first, *others = group
    message = f"{first.message} Dasselbe gilt für {len(others)} weitere Objekte."
    examples = tuple(finding.where for finding in group if finding.where)[:_EXAMPLES]
    return [replace(first, message=message, count=len(group), examples=examples)]


def listed(names: Iterable[str]) -> str:
    """Write names as a German list: »a«, »b« und »c«."""
    quoted = [f"»{name}«" for name in names]
    if len(quoted) < 2:  # noqa: PLR2004 - one needs no "und"
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} und {quoted[-1]}"
