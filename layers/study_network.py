"""What all computing on a study starts from: its network, its origins and its places."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.extract import Extract
from geo.findings import Finding
from geo.network import StreetNetwork, build_network
from geo.profiles import Profile
from geo.progress import Progress, silent
from geo.sites import Sites, read_sites
from geo.snapping import Snapped, snap_origins, snap_places
from geo.terrain import Terrain
from layers.inputs import metric_crs, read_study_extract, read_study_terrain, study_profiles
from layers.places import Places, find_places
from layers.seats import find_seats, with_seats
from layers.study import Study
from layers.taxonomy import Taxonomy, load_taxonomy


@dataclass(frozen=True, eq=False)
class StudyNetwork:
    """A study read and joined, ready for searching.

    Attributes
    ----------
    study, extract, taxonomy
        What it is made from.
    crs
        Metric CRS of everything below.
    profiles
        Who is on the way, by id, in the study's order.
    given
        Sites as the study gives them.
    network, sites
        The network, and the sites with derived gates.
    terrain
        Heights of the ground that the network was built with, if there are any.
    """

    study: Study
    extract: Extract
    taxonomy: Taxonomy
    crs: str
    profiles: dict[str, Profile]
    given: Sites
    network: StreetNetwork
    sites: Sites
    terrain: Terrain | None = None
    _joined: dict[tuple[str, str], Snapped] = field(default_factory=dict, repr=False)

    @cached_property
    def places(self) -> Places:
        """The places of the study, found when first asked for."""
        return find_places(self.extract, self.taxonomy, self.sites, self.crs)

    @cached_property
    def seats(self) -> npt.NDArray[np.float64]:
        """Where people can sit down, metres in ``crs``, shape ``(k, 2)``."""
        return find_seats(self.extract, self.crs)

    def origins(self, profile: Profile) -> Snapped:
        """Return where houses and sites meet the network; all who go on foot share it."""
        key = ("from", _doors(profile))
        if key not in self._joined:
            self._joined[key] = snap_origins(self.network, self.sites, profile)
        return self._joined[key]

    def destinations(self, profile: Profile) -> Snapped:
        """Return where places meet the network; all who go on foot share it."""
        key = ("to", _doors(profile))
        if key not in self._joined:
            self._joined[key] = snap_places(self.network, self.places.frame, profile)
        return self._joined[key]

    def noticed(self) -> tuple[Finding, ...]:
        """Return what was noticed while reading, building and joining, checks aside."""
        parts: tuple[Any, ...] = (
            self.extract,
            self.given,
            self.network,
            self.places,
            *self._joined.values(),
        )
        return tuple(found for part in parts for found in part.findings)


def prepare(study: Study, progress: Progress = silent) -> StudyNetwork:
    """Read a study and build its network.

    Raises
    ------
    geo.errors.SozialraumError
        If the extract, the sites, the taxonomy or the settings cannot be used.
    """
    taxonomy = load_taxonomy(study.taxonomy_path)
    profiles = study_profiles(study)
    extract = read_study_extract(study, with_seats(taxonomy.features), progress)
    progress("Gelände, Häuser und Tore lesen")
    crs = metric_crs(study, extract)
    given = read_sites(study.sites_path, crs)
    terrain = read_study_terrain(study, extract, crs, progress)
    progress("Wegenetz bauen")
    network, sites = build_network(extract, given, profiles, terrain)
    return StudyNetwork(
        study, extract, taxonomy, crs, profiles, given, network, sites, terrain=terrain
    )


def _doors(profile: Profile) -> str:
    """Return what profiles that meet the network at the same spots have in common."""
    return "" if profile.limits is None else profile.id
