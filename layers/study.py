"""A study: a folder with ``study.toml``, an extract and a file of sites."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from geo.errors import StudyError

STUDY_FILE = "study.toml"
PLACE_EXTRACT = "region.osm.gz"
"""Where the data of a downloaded place are kept."""


class PlacementSettings(BaseModel):
    """The keys of ``[placement]``: where projects may stand.

    Attributes
    ----------
    on_campus
        Whether candidates on the grounds are allowed, forbidden, or the only ones.
    grid_m
        Distance between spots on ways that are candidates, metres.
    main_road_m
        Candidates so near to a main road are ruled out; 0: none.
    industrial
        Whether candidates in industrial areas are allowed.
    risk_m
        Candidates so near to a place of the internal risk layer are ruled out, metres; needs
        ``risk = true``.
    risk
        Whether the internal risk layer may be used; residents decide.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    on_campus: Literal["allow", "forbid", "only"] = "allow"
    grid_m: Annotated[int, Field(ge=20, le=1000)] = 100
    main_road_m: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] = 0.0
    industrial: bool = False
    risk_m: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] = 0.0
    risk: bool = False

    @model_validator(mode="after")
    def _risk_allowed(self) -> PlacementSettings:
        if self.risk_m and not self.risk:
            raise ValueError("risk_not_allowed")
        return self


class ReleaseSettings(BaseModel):
    """The keys of ``[release]``: who answers for the files, and what the public ones protect.

    Attributes
    ----------
    publisher
        Organisation that publishes, for metadata and the service's pages.
    contact
        Mailbox of a role (never of a person), or the address of a page.
    smallest_count
        The smallest count of people that the public release tells; at least 3.
    licence
        Under which licence the study's own data leave in the public release: a code of
        ``layers.licences.CODES`` or other words; "": they may be shown, but are no open data.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    publisher: Annotated[str, Field(max_length=200)] = ""
    contact: Annotated[str, Field(max_length=200)] = ""
    smallest_count: Annotated[int, Field(ge=3, le=1000)] = 5
    licence: Annotated[str, Field(max_length=200)] = ""


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
    population
        File of the people who live around, by point or cell, relative to the study's folder;
        without one their number is estimated from OSM.
    population_crs
        CRS of its coordinates, where the file does not name it.
    population_column
        Its column with the people, where the name does not tell.
    area
        Whether standards for towns or for the country count; by default by how many people
        live around each house.
    standards
        Minutes within which a category should be reached, where the study knows better.
    common_percent
        Share of the neighbourhood that must reach a spot for it to be common ground.
    projects
        Kinds of projects that a build ranks; none: no ranking.
    project
        What the study changes about kinds of projects, or kinds that it adds, by id.
    criteria
        File with criteria added or changed by the study, relative to its folder.
    candidates
        File with points where projects may stand, relative to the study's folder.
    placement
        Where projects may stand.
    release
        Who answers for the files, and what the public ones protect.
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
    population: Annotated[str, Field(min_length=1)] | None = None
    population_crs: str | None = None
    population_column: str | None = None
    area: Literal["urban", "rural"] | None = None
    standards: dict[str, Annotated[float, Field(gt=0, le=120, allow_inf_nan=False)]] = {}
    common_percent: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)] = 10.0
    projects: tuple[str, ...] = ("cafe", "workshop", "garden", "counselling", "bus_stop")
    project: dict[str, dict[str, Any]] = {}
    criteria: Annotated[str, Field(min_length=1)] | None = None
    candidates: Annotated[str, Field(min_length=1)] | None = None
    placement: PlacementSettings = PlacementSettings()
    release: ReleaseSettings = ReleaseSettings()

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
    def population_path(self) -> Path | None:
        """The study's file of people who live around, if it has one."""
        return self._own(self.settings.population)

    @property
    def criteria_path(self) -> Path | None:
        """The study's own criteria, if it has any."""
        return self._own(self.settings.criteria)

    @property
    def candidates_path(self) -> Path | None:
        """The study's own candidates, if it has any."""
        return self._own(self.settings.candidates)

    def _own(self, name: str | None) -> Path | None:
        return None if name is None else self.folder / name

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
        "risk_not_allowed": "»placement.risk_m« braucht »placement.risk = true«; darüber "
        "entscheidet der Bewohnerbeirat",
    }
    for marker, text in own.items():
        if marker in message:
            return text
    return f"der Wert von »{key}« passt nicht"
