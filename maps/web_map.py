"""The interactive map of a snapshot: one HTML file that opens anywhere, without a network."""

from __future__ import annotations

from layers.snapshot import Snapshot
from maps.basemap import base_map
from maps.elements import (
    BaseMap,
    Grounds,
    Isochrones,
    NeighbourhoodPage,
    Places,
    Projects,
    StudyPage,
)
from maps.neighbourhood_data import neighbourhood_data
from maps.page import Page, empty_map
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
from maps.symbols import load_symbols
from maps.time_data import access_table, time_tables


def render_map(snapshot: Snapshot) -> str:
    """Draw the interactive map of a snapshot.

    Parameters
    ----------
    snapshot
        What a build computed. Places of layers that ``maps/data/symbols.toml`` does not list
        (the internal risk layer) are not part of the map.

    Returns
    -------
    str
        A whole HTML document (UTF-8). It loads nothing from any host, runs no script but its
        own, and shows texts from outside as text alone.

    Raises
    ------
    LookupError
        If the front end has not been built.
    """
    symbols = load_symbols()
    origins = origin_ids(snapshot)
    shown = variants(snapshot)
    categories = [category.id for category in shown_categories(snapshot, symbols)]
    places = shown_places(snapshot, [layer.id for layer in symbols.layers])
    place_ids = texts(places["id"])

    drawn = empty_map()
    drawn.add_to(Page(symbols))
    BaseMap(base_map(snapshot.base)).add_to(drawn)
    Grounds({"grounds": site_shapes(snapshot), "outlines": house_outlines(snapshot)}).add_to(drawn)
    Isochrones({"packs": reach_packs(snapshot, origins)}).add_to(drawn)
    Places(
        {
            "places": place_table(places, categories, texts(snapshot.sites["site_id"])),
            "times": time_tables(snapshot, place_ids, origins),
            "access": access_table(snapshot, place_ids, origins, categories, shown),
        }
    ).add_to(drawn)
    if snapshot.neighbourhood is not None:
        NeighbourhoodPage(neighbourhood_data(snapshot, origins)).add_to(drawn)
    if snapshot.placement is not None:
        Projects(
            {"placement": ranking_data(snapshot, origins), "spots": spots_data(snapshot, origins)}
        ).add_to(drawn)
    StudyPage(study_data(snapshot, symbols)).add_to(drawn)
    page: str = drawn.get_root().render()
    return page
