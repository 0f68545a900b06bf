"""How areas are drawn in a GIS: grounds, isochrones and common ground, as on the map."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from geo.profiles import State
from layers.layer_frames import Exported
from layers.layer_info import LAYERS
from maps.gis_model import Caption, Condition, Dots, Fill, GisStyle, Hatch, Line, Part, Rule
from maps.symbols import Symbols

MOST_HOUSES = 12
"""Up to so many houses have a heading each; more stand under one."""

_FIRST_PROFILES = ("resident", "walk", "slow", "rollator", "wheelchair", "bicycle")
_SURE = "auf gesicherten Wegen"
_POSSIBLE = "auf gesicherten oder möglichen Wegen"


def site_style(symbols: Symbols) -> GisStyle:
    """Draw grounds: a dark outline and a light falling hatch."""
    look = symbols.style["grounds"]
    parts = (
        Hatch(look["colour"], look["hatch"], 1.0, look["hatch_step"], falling=True),
        Line(look["colour"], look["width"]),
    )
    caption = _caption(symbols, "name", within=50_000, place="inside", bold=True)
    return GisStyle(LAYERS["sites"].title, "area", (Rule("Gelände", parts=parts),), caption)


def isochrone_style(exported: Exported, symbols: Symbols) -> GisStyle:
    """Draw isochrones: by origin, profile and ways; one origin and one profile are shown.

    All profiles at once would say nothing: areas lie above each other. At first those from the
    gates of the grounds are shown (of the first house where there are no grounds) for the
    first profile on confirmed ways; all others can be ticked.
    """
    frame: Any = exported.layers["isochrones"]
    profiles = _profiles(exported, set(frame["profile"]))
    states = {
        profile: sorted(set(frame.loc[frame["profile"] == profile, "state"]))
        for profile in profiles
    }
    origins = _origins(exported, set(frame["house_id"]))
    rules = tuple(
        Rule(
            label,
            conditions,
            rules=_profile_rules(exported, profiles, states, symbols),
            shown=number == 0,
        )
        for number, (label, conditions) in enumerate(origins)
    )
    look = symbols.style["isochrones"]
    caption = _caption(
        symbols, "minutes", within=25_000, place="outline", bold=True, after=" Min.",
        colour=look["colour"],
    )  # fmt: skip
    return GisStyle(LAYERS["isochrones"].title, "area", rules, caption, order="minutes")


def _origins(exported: Exported, used: set[str]) -> list[tuple[str, tuple[Condition, ...]]]:
    """Return headings for origins and which features belong there: grounds, then houses."""
    found: list[tuple[str, tuple[Condition, ...]]] = []
    sites = [key for key in _ids(exported, "sites") if key in used]
    if sites:
        found.append(("Vom Gelände (ab den Toren)", (_one_of("house_id", sites),)))
    houses = {key: name for key, name in _ids(exported, "houses").items() if key in used}
    if len(houses) > MOST_HOUSES:
        found.append(("Von den Häusern", (_one_of("house_id", sorted(houses)),)))
    else:
        found += [
            (f"Von {name or key}", (_one_of("house_id", [key]),)) for key, name in houses.items()
        ]
    return found


def _ids(exported: Exported, layer: str) -> dict[str, str]:
    if layer not in exported.layers:
        return {}
    frame = exported.layers[layer]
    return dict(zip(frame["id"], frame["name"], strict=True))


def _one_of(column: str, values: Sequence[str]) -> Condition:
    return (
        Condition(column, "=", values[0])
        if len(values) == 1
        else Condition(column, "in", tuple(values))
    )


def _profiles(exported: Exported, used: set[str]) -> list[str]:
    """Return the profiles in use, the residents' first."""
    return sorted(
        used & set(exported.profile_labels),
        key=lambda key: (
            _FIRST_PROFILES.index(key) if key in _FIRST_PROFILES else len(_FIRST_PROFILES),
            key,
        ),
    )


def _profile_rules(
    exported: Exported,
    profiles: Sequence[str],
    states: Mapping[str, Sequence[str]],
    symbols: Symbols,
) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            exported.profile_labels[profile],
            (Condition("profile", "=", profile),),
            rules=_state_rules(exported.minutes, states[profile], symbols),
            shown=number == 0,
        )
        for number, profile in enumerate(profiles)
    )


def _state_rules(
    minutes: Sequence[int], states: Sequence[str], symbols: Symbols
) -> tuple[Rule, ...]:
    if State.POSSIBLE not in states:
        return _bands(minutes, symbols, possible=False)
    # What is only possible is drawn first: the sure areas lie above it.
    return tuple(
        Rule(
            label,
            (Condition("state", "=", str(state)),),
            rules=_bands(minutes, symbols, possible=state == State.POSSIBLE),
        )
        for label, state in ((_POSSIBLE, State.POSSIBLE), (_SURE, State.CONFIRMED))
    )


def _bands(minutes: Sequence[int], symbols: Symbols, *, possible: bool) -> tuple[Rule, ...]:
    tints = _tints(
        [_at(symbols.style["isochrones"]["fill"], step) for step in range(len(minutes))]
    )
    return tuple(
        Rule(
            f"in {value} Minuten" if value > 1 else "in einer Minute",
            (Condition("minutes", "=", value),),
            _possible_band(step, symbols) if possible else _band(step, tints[step], symbols),
        )
        for step, value in enumerate(minutes)
    )


def _tints(seen: Sequence[float]) -> list[float]:
    """Return opacities of areas that lie above each other, so that each band looks as it should.

    The area for 5 minutes lies on that for 10, and that on the one for 15; what is seen of two
    tints is 1 - (1 - a)(1 - b). Taken from the outside inwards.
    """
    tints: list[float] = []
    behind = 0.0
    for wanted in reversed(seen):
        tints.append(max(0.0, 1 - (1 - wanted) / (1 - behind)))
        behind = max(behind, wanted)
    return tints[::-1]


def _band(step: int, tint: float, symbols: Symbols) -> tuple[Part, ...]:
    look = symbols.style["isochrones"]
    line = Line(look["colour"], _at(look["width"], step), _at(look["dash"], step))
    return (Fill(look["colour"], tint), line)


def _possible_band(step: int, symbols: Symbols) -> tuple[Part, ...]:
    """Hatch what is reached at least possibly; the lines give the tint of the band on average.

    The map leaves out of it what is sure. A GIS could only do so by looking for another
    feature while it draws, and QGIS 3.22 then waits for ever when it draws several at once.
    """
    look = symbols.style["isochrones"]
    width = _at(look["fill"], step) * look["hatch_step"] / (look["hatch_opacity"] * math.sqrt(2))
    line = Line(
        look["colour"], _at(look["width"], step) * look["possible_width"], _at(look["dash"], step)
    )
    hatch = Hatch(look["colour"], look["hatch_opacity"], width, look["hatch_step"], falling=False)
    return (hatch, line)


def common_ground_style(exported: Exported, symbols: Symbols) -> GisStyle:
    """Draw common ground: dots within a line of two strands; the longest time is shown."""
    frame: Any = exported.layers["common_ground"]
    look = symbols.style["common_ground"]
    parts = (
        Dots(look["colour"], look["dot_step"], look["dot_radius"]),
        Line(look["colour"], look["width"]),
        Line(symbols.style["base"]["halo"], look["inner"]),
    )
    profiles = _profiles(exported, set(frame["profile"]))
    rules = []
    for number, profile in enumerate(profiles):
        states = sorted(set(frame.loc[frame["profile"] == profile, "state"]), reverse=True)
        rules.append(
            Rule(
                exported.profile_labels[profile],
                (Condition("profile", "=", profile),),
                rules=tuple(
                    Rule(
                        _ground_label(value, str(state) if len(states) > 1 else ""),
                        (Condition("minutes", "=", value), Condition("state", "=", str(state))),
                        parts,
                        shown=value == exported.minutes[-1] and state == states[-1],
                    )
                    for state in states
                    for value in exported.minutes
                ),
                shown=number == 0,
            )
        )
    return GisStyle(LAYERS["common_ground"].title, "area", tuple(rules), order="minutes")


def _ground_label(minutes: int, state: str) -> str:
    time = f"in {minutes} Minuten" if minutes > 1 else "in einer Minute"
    ways = {State.CONFIRMED: f", {_SURE}", State.POSSIBLE: f", {_POSSIBLE}"}
    return time + (ways[State(state)] if state else "")


def _caption(symbols: Symbols, column: str, **options: Any) -> Caption:
    style = symbols.style
    values: dict[str, Any] = {
        "size": 14.0,
        "colour": style["text"]["ink"],
        "halo": style["base"]["halo"],
        "font": style["text"]["font"],
    }
    return Caption(column=column, **(values | options))


def _at(values: Sequence[Any], step: int) -> Any:
    return values[min(step, len(values) - 1)]
