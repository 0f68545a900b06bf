"""Church, parish hall, clubs and the mill of the village."""

from __future__ import annotations

from drawing.curves import rectangle
from drawing.plots import CRUCIFORM, Block, Plot, draw_plot
from drawing.sheet import Sheet

PARISH_HALL = (-770.0, 530.0)

_PLOTS = [
    Plot(
        [(-736, 572), (-662, 572), (-654, 628), (-690, 640), (-740, 628)],
        {"landuse": "religious"},
        [
            Block(
                (-696, 606),
                0,
                0,
                8,
                {
                    "building": "church",
                    "amenity": "place_of_worship",
                    "religion": "christian",
                    "denomination": "roman_catholic",
                    "name": "St. Antonius",
                    "wheelchair": "limited",
                },
                CRUCIFORM,
            )
        ],
        paths=[[(-752, 582), (-738, 584), (-722, 582), (-694, 556)]],
    ),
    Plot(
        [(-790, 512), (-752, 512), (-754, 550), (-792, 550)],
        {},
        [
            Block(
                PARISH_HALL,
                26,
                14,
                88,
                {
                    "building": "yes",
                    "amenity": "community_centre",
                    "community_centre": "parish_hall",
                    "name": "Pfarrheim St. Antonius",
                    "wheelchair": "yes",
                    "operator": "Katholische Kirchengemeinde (fiktiv)",
                },
                street="Dorfstraße",
            )
        ],
        paths=[[(-747, 530), (-762, 530)]],
    ),
    Plot(
        [(-732, 384), (-704, 384), (-704, 432), (-732, 430)],
        {"amenity": "fire_station", "name": "Freiwillige Feuerwehr, Löschzug Obermühlen"},
        [Block((-716, 408), 30, 14, 86, {"building": "fire_station"}, street="Dorfstraße")],
    ),
    Plot(
        [(-672, 258), (-590, 270), (-596, 326), (-676, 316)],
        {},
        [
            Block(
                (-634, 294),
                46,
                22,
                8,
                {
                    "building": "yes",
                    "club": "shooting",
                    "name": "Schützenhalle Obermühlen",
                    "operator": "Schützenverein Obermühlen",
                    "wheelchair": "limited",
                },
                street="Feldkamp",
            )
        ],
        service=[[(-664, 338), (-654, 318), (-612, 322)]],
    ),
    Plot(
        rectangle((-560, 606), 76, 124, 0),
        {
            "leisure": "sports_centre",
            "name": "Sportplatz Obermühlen",
            "sport": "soccer",
            "club": "sport",
            "operator": "Sportverein Obermühlen",
        },
        [Block((-586, 552), 18, 9, 0, {"building": "yes"})],
        paths=[[(-634, 552), (-600, 546), (-574, 546)]],
        inside=[
            (
                rectangle((-556, 612), 62, 98, 0),
                {"leisure": "pitch", "sport": "soccer", "surface": "grass"},
            )
        ],
    ),
    Plot(
        [(-846, 586), (-826, 592), (-826, 622), (-848, 614)],
        {},
        [
            Block(
                (-836, 602),
                14,
                12,
                80,
                {"building": "yes", "historic": "watermill", "name": "Obermühle"},
                street="Mühlenweg",
            )
        ],
    ),
]


def draw_village_plots(sheet: Sheet) -> None:
    """Draw what stands on plots of its own in the village."""
    for plot in _PLOTS:
        draw_plot(sheet, plot)
