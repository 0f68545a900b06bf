"""The station, its platform, the square with the buses, and the way under the tracks."""

from __future__ import annotations

from drawing.curves import at, between, cut, length, nearest, offset, smooth, snap
from drawing.plots import Block, Plot, draw_plot
from drawing.sheet import Area, Section, Sheet

PLATFORM_WEST = (120.0, -1233.0)
PLATFORM_EAST = (270.0, -1219.0)


def draw_station(sheet: Sheet) -> None:
    """Draw the station and what belongs to it."""
    draw_plot(
        sheet,
        Plot(
            [(120, -1210), (290, -1196), (292, -1178), (226, -1174), (150, -1178), (120, -1182)],
            {},
            [
                Block(
                    (206, -1193),
                    40,
                    11,
                    5,
                    {
                        "building": "train_station",
                        "name": "Bahnhof Musterhausen",
                        "building:levels": "2",
                    },
                )
            ],
            parking=[[(244, -1176), (310, -1168), (308, -1186), (246, -1190)]],
        ),
    )
    track = sheet.rails[0].points
    part = between(track, PLATFORM_WEST, PLATFORM_EAST)
    near, far = offset(part, 3.0), offset(part, 6.5)
    # Two paths lead onto the platform; they end at points of its edge.
    for start, onto in (((172, -1178), (170, -1224)), ((236, -1174), (234, -1217))):
        station = nearest(far, onto)[0]
        end = snap(at(far, station)[0])
        far = [*cut(far, 0, station)[:-1], end, *cut(far, station, length(far))[1:]]
        path = sheet.street("", "footway", [start, end], surface="paving_stones")
        path.fixed_end = True
    sheet.areas.append(
        Area(
            [[*near, *far[::-1]]],
            {
                "public_transport": "platform",
                "railway": "platform",
                "name": "Musterhausen",
                "ref": "1",
                "surface": "paving_stones",
                "wheelchair": "yes",
            },
        )
    )
    sheet.keep_free.append([*near, *far[::-1]])
    under = sheet.street(
        "Bahnunterführung",
        "footway",
        smooth([(104, -1172), (96, -1204), (88, -1240), (80, -1288), (82, -1424)]),
        surface="asphalt",
        lit="yes",
    )
    under.sections.append(Section((93, -1216), (85, -1262), {"tunnel": "yes", "layer": "-1"}))
    under.sections.append(
        Section(
            (95, -1208),
            (93, -1216),
            {"highway": "steps", "step_count": "14", "ramp:bicycle": "yes", "incline": "down"},
        )
    )
    sheet.street(
        "Bahnhofsvorplatz",
        "service",
        smooth([(150, -1172), (160, -1184), (186, -1178), (232, -1172), (240, -1160)]),
        bus="yes",
        surface="asphalt",
    )
