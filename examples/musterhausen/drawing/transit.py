"""Bus stops, the bus station and the lines: drawn with all the doubles that mappers leave.

A stop is a position on the road, a platform at either kerb and a stop area that holds
them together; the smaller ones lack one or the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from drawing.curves import at, left_of, nearest, shifted, snap
from drawing.frame import Point
from drawing.noding import insert_point
from drawing.sheet import Relation, Sheet, Spot, Tags

_WEEKDAYS = "Mo-Sa 06:00-19:30"


@dataclass(frozen=True)
class Stop:
    """A stop: name, street and where; how thoroughly it is drawn (3 all, 1 only a pole)."""

    name: str
    street: str
    point: Point
    detail: int = 3
    shelter: str = "no"
    wheelchair: str = ""


HILL_STOP = "Musterhausen, Am Nordhang"
"""The stop nearest to the grounds, 1.1 km on foot from the houses."""

_STOPS = (
    Stop(HILL_STOP, "Bergstraße", (214, 306), shelter="yes", wheelchair="limited"),
    Stop("Musterhausen, Buchenweg", "Bergstraße", (90, -52), 2),
    Stop("Musterhausen, Nordwall", "Nordwall", (4, -214), wheelchair="yes"),
    Stop("Musterhausen, Westwall", "Westwall", (-318, -490), wheelchair="yes"),
    Stop("Musterhausen, Südwall", "Südwall", (52, -712), shelter="yes", wheelchair="yes"),
    Stop("Musterhausen, Ostwall", "Ostwall", (286, -500), 2, wheelchair="limited"),
    Stop("Musterhausen, Schulzentrum", "Nordring", (-216, 132), shelter="yes", wheelchair="yes"),
    Stop("Musterhausen, Friedhof", "Obermühlener Straße", (-658, 112), 1),
    Stop("Musterhausen, Rosenstraße", "Obermühlener Straße", (-640, -170), 2),
    Stop("Musterhausen, Raiffeisenstraße", "Münsterstraße", (-520, -406), 1),
    Stop("Musterhausen, Schillerstraße", "Osnabrücker Straße", (462, 20), 2),
    Stop("Musterhausen, Mozartstraße", "Bielefelder Straße", (560, -418), 3, wheelchair="yes"),
    Stop("Musterhausen, Lerchenfeld", "Bielefelder Straße", (1240, -330), 2),
    Stop("Musterhausen, Ostring", "Ostring", (984, -120), 1),
    Stop("Musterhausen, Feuerwehr", "Hammer Straße", (-238, -1020), 2),
    Stop("Musterhausen, Industriestraße", "Industriestraße", (250, -1412), 3),
    Stop("Musterhausen, Siemensstraße", "Industriestraße", (780, -1326), 1),
    Stop("Obermühlen, Dorfmitte", "Dorfstraße", (-746, 524), shelter="yes"),
    Stop("Obermühlen, Schützenhalle", "Dorfstraße", (-730, 352), 1),
)

_LINES = (
    (
        "R61",
        "Bahnhof – Nordwall – Am Nordhang – Obermühlen",
        _WEEKDAYS,
        (
            "Musterhausen, Bahnhof",
            "Musterhausen, Südwall",
            "Musterhausen, Nordwall",
            "Musterhausen, Buchenweg",
            HILL_STOP,
            "Obermühlen, Dorfmitte",
        ),
    ),
    (
        "R62",
        "Bahnhof – Ostwall – Lerchenfeld",
        "Mo-Sa 06:00-20:00; Su 10:00-18:00",
        (
            "Musterhausen, Bahnhof",
            "Musterhausen, Südwall",
            "Musterhausen, Ostwall",
            "Musterhausen, Mozartstraße",
            "Musterhausen, Lerchenfeld",
        ),
    ),
    (
        "T63",
        "Taxibus Bahnhof – Schulzentrum – Obermühlen",
        "Mo-Fr 07:00-18:00",
        (
            "Musterhausen, Bahnhof",
            "Musterhausen, Westwall",
            "Musterhausen, Rosenstraße",
            "Musterhausen, Schulzentrum",
            "Obermühlen, Schützenhalle",
        ),
    ),
)


def draw_transit(sheet: Sheet) -> None:
    """Draw all stops and lines; after the streets have been joined."""
    poles: dict[str, list[tuple[Spot, str]]] = {}
    for stop in _STOPS:
        poles[stop.name] = _draw_stop(sheet, stop)
    poles["Musterhausen, Bahnhof"] = _draw_bus_station(sheet)
    for ref, name, hours, names in _LINES:
        tags = {
            "type": "route",
            "route": "bus",
            "ref": ref,
            "name": f"Bus {ref}: {name}",
            "opening_hours": hours,
            "network": "Verkehrsverbund Musterland (fiktiv)",
        }
        if ref.startswith("T"):
            tags["on_demand"] = "yes"
        members = [member for own in names for member in poles[own]]
        sheet.relations.append(Relation(list(members), tags))


def _draw_stop(sheet: Sheet, stop: Stop) -> list[tuple[Spot, str]]:
    street = sheet.street_at(stop.street, stop.point)
    station = nearest(street.points, stop.point)[0]
    point, along = at(street.points, station)
    left = left_of(along)
    members: list[tuple[Spot, str]] = []
    if stop.detail > 1:
        # Where the bus halts, on the road.
        position = Spot(
            insert_point(street, point),
            {"public_transport": "stop_position", "bus": "yes", "name": stop.name},
        )
        sheet.marks.append(position)
        members.append((position, "stop"))
    for index, side in enumerate((-1, 1)):
        ahead = shifted(point, along, side * -9.0)
        pole = Spot(snap(shifted(ahead, left, side * 5.6)), _pole_tags(stop))
        if stop.detail > 1:
            pole.tags["ref"] = str(index + 1)
        sheet.spots.append(pole)
        members.append((pole, "platform"))
    if stop.detail > 2:
        sheet.relations.append(
            Relation(
                list(members),
                {"type": "public_transport", "public_transport": "stop_area", "name": stop.name},
            )
        )
    return members


def _pole_tags(stop: Stop) -> Tags:
    tags = {"highway": "bus_stop", "name": stop.name, "shelter": stop.shelter}
    if stop.detail > 1:
        tags |= {"public_transport": "platform", "bus": "yes"}
    if stop.wheelchair:
        tags["wheelchair"] = stop.wheelchair
    if stop.name == HILL_STOP:
        tags["description"] = "Linie R61, montags bis samstags"
    return tags


def _draw_bus_station(sheet: Sheet) -> list[tuple[Spot, str]]:
    """Draw the stops in front of the station and the station itself."""
    name = "Musterhausen, Bahnhof"
    square = sheet.street_at("Bahnhofsvorplatz", (190, -1176))
    members: list[tuple[Spot, str]] = []
    for index, point in enumerate(((176, -1182), (206, -1174))):
        position = Spot(
            insert_point(square, point),
            {"public_transport": "stop_position", "bus": "yes", "name": name},
        )
        sheet.marks.append(position)
        pole = Spot(
            (point[0], point[1] - 5.5),
            {
                "highway": "bus_stop",
                "public_transport": "platform",
                "bus": "yes",
                "name": name,
                "ref": str(index + 1),
                "shelter": "yes",
                "bench": "yes",
                "wheelchair": "yes",
            },
        )
        sheet.spots.append(pole)
        members += [(position, "stop"), (pole, "platform")]
    halt = Spot(
        insert_point(sheet.rails[0], (196, -1226)),
        {
            "railway": "station",
            "public_transport": "station",
            "train": "yes",
            "name": "Musterhausen",
            "wheelchair": "yes",
        },
    )
    sheet.marks.append(halt)
    sheet.relations.append(
        Relation(
            [*members, (halt, "")],
            {"type": "public_transport", "public_transport": "stop_area", "name": name},
        )
    )
    train = {"type": "route", "route": "train", "ref": "RB 76", "name": "RB 76 (fiktiv)"}
    sheet.relations.append(Relation([(halt, "stop"), (sheet.rails[0], "")], train))
    return members
