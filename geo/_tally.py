"""Count faults of one kind and keep a few examples for the report."""

from __future__ import annotations

from dataclasses import dataclass, field

from geo.findings import Finding, Severity

MAX_EXAMPLES = 10


@dataclass
class Tally:
    """How often something was noticed, and the ids of the first objects.

    Attributes
    ----------
    count
        Number of objects.
    examples
        The first ten of their OSM ids.
    """

    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, osm_id: str) -> None:
        """Count one object."""
        self.count += 1
        if len(self.examples) < MAX_EXAMPLES:
            self.examples.append(osm_id)

    def finding(
        self,
        code: str,
        severity: Severity,
        one: str,
        many: str,
        *,
        where: str = "",
        remedy: str = "",
    ) -> list[Finding]:
        """Return one finding, or none if nothing was counted.

        Parameters
        ----------
        one, many
            German sentence for one object and for several; ``{count}`` is filled in.
        """
        if not self.count:
            return []
        message = one if self.count == 1 else many.format(count=self.count)
        examples = tuple(self.examples)
        return [Finding(code, severity, message, where, remedy, self.count, examples)]
