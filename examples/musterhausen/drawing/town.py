"""Draw the whole town, in the order in which one thing depends on another."""

from __future__ import annotations

from random import Random

from drawing.built_up import draw_built_up
from drawing.driveways import draw_driveways
from drawing.entrances import mark_entrances
from drawing.estates import draw_estates
from drawing.fields import draw_farms, draw_fields
from drawing.furnish import Furnisher
from drawing.greens import build_huts, draw_greens
from drawing.ground import Ground
from drawing.grounds import draw_grounds_ways, mark_gates
from drawing.houses import build_houses, build_second_row
from drawing.main_roads import draw_main_roads
from drawing.market_plots import draw_market_plots
from drawing.noding import bridge_waters, cross_rails, node_streets
from drawing.numbers import number_houses
from drawing.old_town import CHURCHYARD, MARKET, draw_old_town
from drawing.outskirts import draw_outskirts
from drawing.pavements import draw_pavements
from drawing.pavilions import draw_pavilions
from drawing.public_plots import draw_public_plots
from drawing.sheet import Sheet, Spot
from drawing.station import draw_station
from drawing.street_life import draw_street_life
from drawing.survey import describe_ways, place_benches
from drawing.terraces import build_terraces
from drawing.transit import draw_transit
from drawing.village import VILLAGE, draw_village
from drawing.village_plots import draw_village_plots
from drawing.woods import draw_hiking_route, draw_woods
from drawing.works import build_works, draw_works_plots

SEED = 20260312


def draw_town() -> Sheet:
    """Draw Musterhausen; the same every time."""
    sheet = Sheet(Random(SEED))
    for draw in (
        draw_main_roads,
        draw_old_town,
        draw_estates,
        draw_village,
        draw_outskirts,
        draw_grounds_ways,
        draw_station,
        draw_greens,
        draw_public_plots,
        draw_market_plots,
        draw_village_plots,
        draw_works_plots,
        draw_pavilions,
        draw_pavements,
        describe_ways,
        draw_farms,
    ):
        draw(sheet)
    sheet.keep_free.extend([MARKET, CHURCHYARD])
    node_streets(sheet)
    crossings = cross_rails(sheet)
    sheet.marks.extend(
        Spot(point, {"railway": "level_crossing", "crossing:barrier": "full"})
        for point in crossings
    )
    bridge_waters(sheet)
    mark_gates(sheet)
    _build(sheet)
    sheet.spots.append(
        Spot(
            (10, -500),
            {
                "place": "town",
                "name": "Musterhausen",
                "population": "9400",
                "fictional": "yes",
                "note": "Diese Stadt ist erfunden. Hier liegt in Wirklichkeit anderes.",
            },
        )
    )
    sheet.spots.append(
        Spot(
            (-735, 470),
            {
                "place": "village",
                "name": VILLAGE,
                "population": "410",
                "fictional": "yes",
                "note": "Dieses Dorf ist erfunden.",
            },
        )
    )
    return sheet


def _build(sheet: Sheet) -> None:
    """Build houses and divide the land."""
    ground = Ground(sheet)
    mark_entrances(sheet)
    build_terraces(sheet, ground)
    build_houses(sheet, ground)
    build_second_row(sheet, ground)
    build_works(sheet, ground)
    build_huts(sheet)
    draw_woods(sheet)
    draw_hiking_route(sheet)
    number_houses(sheet)
    furnisher = Furnisher(sheet)
    for table in ("village_life", "help_points", "shops"):
        furnisher.furnish(table)
    draw_driveways(sheet)
    draw_transit(sheet)
    draw_street_life(sheet)
    place_benches(sheet)
    built = draw_built_up(sheet)
    draw_fields(sheet, built)
