"""The one error tree: what is wrong, where, and what to do, in German."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from geo.findings import Finding


class SozialraumError(Exception):
    """A fault that the user can mend; the message is German and complete.

    Parameters
    ----------
    what
        What is wrong, as a full German sentence.
    where
        File, line, key or object where it is wrong.
    remedy
        What the user can do, as a full German sentence.
    """

    def __init__(
        self, what: str, *, where: str | Path | None = None, remedy: str | None = None
    ) -> None:
        self.what = what
        self.where = None if where is None else str(where)
        self.remedy = remedy
        lines = [what]
        if self.where:
            lines.append(f"Wo: {self.where}")
        if remedy:
            lines.append(f"Abhilfe: {remedy}")
        super().__init__("\n".join(lines))


class ExtractError(SozialraumError, ValueError):
    """The OSM extract cannot be read or holds nothing of use."""


class OnlineError(SozialraumError, ConnectionError):
    """A place could not be looked up or downloaded."""


class VectorFileError(SozialraumError, ValueError):
    """A GeoJSON, GeoPackage or Shapefile from outside cannot be read."""


class SitesError(SozialraumError, ValueError):
    """The file of grounds, houses and gates is unusable.

    Parameters
    ----------
    what, where, remedy
        As for every ``SozialraumError``.
    findings
        Everything noticed in the file, faults first, for lists and reports.
    """

    def __init__(
        self,
        what: str,
        *,
        where: str | Path | None = None,
        remedy: str | None = None,
        findings: Sequence[Finding] = (),
    ) -> None:
        self.findings = tuple(findings)
        super().__init__(what, where=where, remedy=remedy)


class TerrainError(SozialraumError, ValueError):
    """The terrain model cannot be used."""


class PopulationError(SozialraumError, ValueError):
    """The file of the people who live around cannot be used."""


class GraphError(SozialraumError, ValueError):
    """A graph of networkx or osmnx cannot be read, or not be made."""


class EditError(SozialraumError, ValueError):
    """A change to the network cannot be made: a gate, way or node that is not there."""


class VariantError(SozialraumError, ValueError):
    """A variant cannot be read, or names what is not there."""


class StudyError(SozialraumError, ValueError):
    """``study.toml`` is missing or wrong."""


class TaxonomyError(SozialraumError, ValueError):
    """The taxonomy, or a study's changes to it, is wrong."""


class CrsError(SozialraumError, ValueError):
    """A coordinate reference system is missing or of the wrong kind."""


class OutputError(SozialraumError, OSError):
    """Results cannot be written."""


class ServiceError(SozialraumError, RuntimeError):
    """The service cannot be started as asked, or the results cannot be shown."""


class ReleaseError(SozialraumError, RuntimeError):
    """Something internal would have left the house."""


class LicenceError(SozialraumError, ValueError):
    """Data cannot be joined under the terms that they come with."""
