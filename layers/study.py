"""A study: a folder with ``study.toml``, an extract and a file of sites."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from geo.errors import StudyError

STUDY_FILE = "study.toml"
PLACE_EXTRACT = "region.osm.gz"
"""Where the data of a downloaded place are kept."""


class StudySettings(BaseModel):
    """The keys of ``study.toml``; unknown keys are errors.

    Attributes
    ----------
    name
        Name of the place, shown on the map.
    extract
        File of OSM data, relative to the study's folder.
    place
        Name of a municipality instead of an extract (downloaded once, then kept).
    sites
        File of grounds, houses and gates, relative to the study's folder.
    fictional
        Whether the place is made up; said on every picture.
    taxonomy
        File with categories added or changed by the study.
    crs
        Metric CRS to measure in; by default found from the place.
    minutes
        Thresholds of isochrones and counts, minutes, ascending.
    max_minutes
        Longest travel time that is computed, minutes.
    speed_m_s
        Walking speed of the profile ``resident`` where the study knows better, m/s.
    profiles
        Ids of the profiles to compute, the one shown first at the head.
    dem
        Terrain model (GeoTIFF) that inclines are taken from, relative to the study's folder.
    profile
        What the study changes about profiles, or profiles that it adds, by id; what a table
        may hold says ``geo.profiles.profile_from``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=200)]
    extract: str | None = None
    place: str | None = None
    sites: str
    fictional: bool = False
    taxonomy: str | None = None
    crs: str | None = None
    minutes: tuple[Annotated[int, Field(ge=1, le=60)], ...] = (5, 10, 15)
    max_minutes: Annotated[int, Field(ge=1, le=120)] = 30
    speed_m_s: Annotated[float, Field(ge=0.1, le=3.0, allow_inf_nan=False)] | None = None
    profiles: Annotated[tuple[str, ...], Field(min_length=1)] = (
        "resident", "walk", "slow", "rollator", "wheelchair", "bicycle",
    )  # fmt: skip
    dem: Annotated[str, Field(min_length=1)] | None = None
    profile: dict[str, dict[str, Any]] = {}

    @model_validator(mode="after")
    def _one_source(self) -> StudySettings:
        if (self.extract is None) == (self.place is None):
            raise ValueError("extract_or_place")
        if list(self.minutes) != sorted(set(self.minutes)) or not self.minutes:
            raise ValueError("minutes_ascending")
        if self.minutes[-1] > self.max_minutes:
            raise ValueError("minutes_over_max")
        if len(set(self.profiles)) < len(self.profiles):
            raise ValueError("profiles_twice")
        return self


class Study(BaseModel):
    """A study on disk: its settings and where its files lie."""

    model_config = ConfigDict(frozen=True)

    folder: Path
    settings: StudySettings

    @property
    def extract_path(self) -> Path:
        """The file of OSM data."""
        return self.folder / (self.settings.extract or PLACE_EXTRACT)

    @property
    def sites_path(self) -> Path:
        """The file of grounds, houses and gates."""
        return self.folder / self.settings.sites

    @property
    def dem_path(self) -> Path | None:
        """The study's terrain model, if it has one."""
        dem = self.settings.dem
        return None if dem is None else self.folder / dem

    @property
    def taxonomy_path(self) -> Path | None:
        """The study's own categories, if it has any."""
        taxonomy = self.settings.taxonomy
        return None if taxonomy is None else self.folder / taxonomy

    @property
    def out(self) -> Path:
        """Where a build writes unless told otherwise."""
        return self.folder / "out"


def load_study(folder: Path) -> Study:
    """Read ``study.toml`` of a folder.

    Raises
    ------
    StudyError
        If the folder or the file is missing, is no TOML, or has wrong keys; the message
        names all of them at once.
    """
    path = folder / STUDY_FILE
    if not folder.is_dir():
        raise StudyError(
            "Den Ordner der Studie gibt es nicht.",
            where=folder,
            remedy="Den Pfad prüfen oder mit »sozialraum new ORDNER« eine Studie anlegen.",
        )
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise StudyError(
            "Im Ordner fehlt die Datei study.toml.",
            where=path,
            remedy="Mit »sozialraum new ORDNER« eine Studie anlegen.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StudyError(
            f"study.toml ist nicht lesbar: {error}.",
            where=path,
            remedy="Die genannte Zeile berichtigen; Text steht in Anführungszeichen.",
        ) from error
    except OSError as error:
        raise StudyError(
            f"study.toml kann nicht gelesen werden: {error.strerror}.",
            where=path,
            remedy="Die Leserechte der Datei prüfen.",
        ) from error
    try:
        settings = StudySettings.model_validate(raw)
    except ValidationError as error:
        faults = "; ".join(
            _german(fault["loc"], fault["type"], fault["msg"]) for fault in error.errors()
        )
        raise StudyError(
            f"study.toml enthält Fehler: {faults}.",
            where=path,
            remedy="Erlaubt sind: " + ", ".join(StudySettings.model_fields) + ".",
        ) from error
    return Study(folder=folder, settings=settings)


def _german(location: tuple[int | str, ...], kind: str, message: str) -> str:
    key = ".".join(str(part) for part in location)
    if kind == "extra_forbidden":
        return f"den Schlüssel »{key}« gibt es nicht"
    if kind == "missing":
        return f"der Schlüssel »{key}« fehlt"
    own = {
        "extract_or_place": "genau einer der Schlüssel »extract« und »place« muss gesetzt sein",
        "minutes_ascending": "»minutes« muss aufsteigende Zahlen ohne Wiederholung enthalten",
        "minutes_over_max": "»minutes« enthält mehr Minuten als »max_minutes«",
        "profiles_twice": "»profiles« nennt ein Profil zweimal",
    }
    for marker, text in own.items():
        if marker in message:
            return text
    return f"der Wert von »{key}« passt nicht"
