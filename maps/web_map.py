"""The interactive map of a snapshot, composed once and given in two forms.

As one HTML file that opens anywhere, without a network (``MapParts.file``), or as files that a
service hands out (``maps.served_map``).
"""

from __future__ import annotations

from dataclasses import dataclass

from layers.layer_frames import INTERNAL, PUBLIC
from layers.snapshot import Snapshot
from maps.basemap import base_map
from maps.elements import (
    BaseMap,
    DataElement,
    Grounds,
    Isochrones,
    NeighbourhoodPage,
    Places,
    Projects,
    StudyPage,
)
from maps.neighbourhood_data import neighbourhood_data
from maps.page import Page, Wording, empty_map
from maps.place_data import place_table, shown_places, texts
from maps.profile_data import variants
from maps.ranking_data import ranking_data, spots_data
from maps.reach_data import reach_packs
from maps.study_data import (
    house_outlines,
    origin_ids,
    shown_categories,
    site_shapes,
    study_data,
)
from maps.symbols import Symbols, load_symbols
from maps.time_data import access_table, time_tables

_RELEASES = {INTERNAL: "Interne Fassung", PUBLIC: "Öffentliche Fassung"}


@dataclass(frozen=True)
class MapParts:
    """A composed map.

    Attributes
    ----------
    page
        The document around the folium map.
    elements
        What the map is made of, in the order of the calls.
    snapshot_id
        The snapshot's id.
    release
        ``"internal"`` or ``"public"``.
    """

    page: Page
    elements: tuple[DataElement, ...]
    snapshot_id: str
    release: str

    def file(self) -> str:
        """Return the map as a whole HTML document (UTF-8).

        It loads nothing from any host, runs no script but its own, and shows texts from
        outside as text alone.

        Raises
        ------
        LookupError
            If the front end has not been built.
        """
        return self.page.render()


def compose(snapshot: Snapshot, release: str = INTERNAL) -> MapParts:
    """Put together the interactive map of a snapshot.

    Parameters
    ----------
    snapshot
        What a build computed, or its public part (``layers.release.public_snapshot``). Places
        of layers that ``maps/data/symbols.toml`` does not list (the internal risk layer) are
        not part of the map.
    release
        ``"internal"`` or ``"public"``.

    Raises
    ------
    ValueError
        If a public map would show houses, needs or projects.
    LookupError
        If the front end has not been built.
    """
    inside = snapshot.neighbourhood is not None or snapshot.placement is not None
    if release == PUBLIC and (inside or len(snapshot.houses)):
        raise ValueError("a public map shows no houses, needs or projects")
    symbols = load_symbols()
    grounds = "Gelände, Häuser und Tore" if len(snapshot.houses) else "Gelände und Tore"
    page = Page(symbols, Wording(release=_RELEASES[release], grounds=grounds))
    drawn = empty_map()
    drawn.add_to(page)
    elements = _elements(snapshot, symbols, release)
    for element in elements:
        element.add_to(drawn)
    return MapParts(page, elements, snapshot.id, release)


def _elements(snapshot: Snapshot, symbols: Symbols, release: str) -> tuple[DataElement, ...]:
    origins = origin_ids(snapshot)
    shown = variants(snapshot)
    categories = [category.id for category in shown_categories(snapshot, symbols)]
    places = shown_places(snapshot, [layer.id for layer in symbols.layers])
    place_ids = texts(places["id"])
    elements: list[DataElement] = [
        BaseMap(base_map(snapshot.base)),
        Grounds({"grounds": site_shapes(snapshot), "outlines": house_outlines(snapshot)}),
        Isochrones({"packs": reach_packs(snapshot, origins)}),
        Places(
            {
                "places": place_table(places, categories, texts(snapshot.sites["site_id"])),
                "times": time_tables(snapshot, place_ids, origins),
                "access": access_table(snapshot, place_ids, origins, categories, shown),
            }
        ),
    ]
    if snapshot.neighbourhood is not None:
        elements.append(NeighbourhoodPage(neighbourhood_data(snapshot, origins)))
    if snapshot.placement is not None:
        ranking = ranking_data(snapshot, origins)
        elements.append(Projects({"placement": ranking, "spots": spots_data(snapshot, origins)}))
    return (*elements, StudyPage(study_data(snapshot, symbols, release)))


def render_map(snapshot: Snapshot, release: str = INTERNAL) -> str:
    """Draw the interactive map of a snapshot as one file.

    Parameters
    ----------
    snapshot
        As for ``compose``.
    release
        ``"internal"`` or ``"public"``.

    Returns
    -------
    str
        A whole HTML document; see ``MapParts.file``.

    Raises
    ------
    ValueError
        If a public map would show houses, needs or projects.
    LookupError
        If the front end has not been built.
    """
    return compose(snapshot, release).file()
