"""Styles for a GIS, made from the symbol table of the map: same colours, shapes, order.

``gis_styles`` decides what is drawn how; ``maps.gis_qml`` and ``maps.gis_sld`` write it down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from geo.gpkg_records import StyleRecord
from geo.profiles import State
from layers.columns import column_info
from layers.file_records import value_words
from layers.layer_frames import Exported
from layers.layer_info import LAYERS, PLACE_LAYERS
from maps.gis_areas import common_ground_style, isochrone_style, site_style
from maps.gis_model import Caption, Condition, GisStyle, Letters, Marker, Rule
from maps.gis_qml import FieldStyle, qml_text
from maps.gis_shapes import RING_GROWS, gate_svg, place_svg, with_rim
from maps.gis_sld import sld_text
from maps.study_data import marks
from maps.symbols import LayerSymbol, Symbols, load_symbols

STYLE_NAME = "Sozialraumkarte"

NEAR = 12_000
"""From this scale on places have their symbol; before, a small mark, as on the map."""

_SYMBOL, _DOT, _HOUSE, _GATE = 24.0, 10.0, 26.0, 20.0
_FIRST_PIN, _PIN = 36.0, 30.0
_FIRST = 3
_LISTED = 10
_NAMES_FROM = 5_000


def gis_styles(exported: Exported) -> dict[str, StyleRecord]:
    """Make the style of every layer of a release, tables included.

    Parameters
    ----------
    exported
        The release; what is not in it has no style, and no name of it stands in another's.

    Returns
    -------
    dict
        By layer: QML with the names of columns and words of values; SLD where there is a
        geometry.

    Raises
    ------
    LookupError
        If the front end, whose glyphs are drawn, has not been built.
    """
    return {
        name: StyleRecord(
            STYLE_NAME,
            qml_text(style, field_styles(exported, name)),
            sld_text(name, style) if style.kind else "",
        )
        for name, style in layer_styles(exported).items()
    }


def layer_styles(exported: Exported) -> dict[str, GisStyle]:
    """Decide how every layer of a release is drawn; tables are not drawn."""
    symbols = load_symbols()
    made: dict[str, GisStyle] = {}
    for name in exported.layers:
        frame: Any = exported.layers[name]
        if name in PLACE_LAYERS:
            made[name] = _place_style(name, frame, exported.categories, symbols)
        elif name == "sites":
            made[name] = site_style(symbols)
        elif name == "houses":
            made[name] = _house_style(frame, symbols)
        elif name == "gates":
            made[name] = _gate_style(symbols)
        elif name == "isochrones":
            made[name] = isochrone_style(exported, symbols)
        elif name == "common_ground":
            made[name] = common_ground_style(exported, symbols)
        elif name == "ranking":
            made[name] = _ranking_style(frame, symbols)
        else:
            made[name] = GisStyle(LAYERS[name].title, "")
        caption = made[name].caption
        if caption is not None and caption.column not in frame.columns:
            made[name] = replace(made[name], caption=None)
    return made


def field_styles(exported: Exported, layer: str) -> dict[str, FieldStyle]:
    """Return what a GIS shows for the columns of a layer, by name."""
    columns = [str(name) for name in exported.layers[layer].columns if name != "geometry"]
    described = [column_info(layer, name) for name in columns]
    return {
        one.name: FieldStyle(
            f"{one.title} ({one.unit})" if one.unit else one.title,
            one.text,
            value_words(exported, one),
        )
        for one in described
    }


def name_caption(symbols: Symbols, within: int = _NAMES_FROM, **options: Any) -> Caption:
    """Return how names are written beside symbols."""
    style = symbols.style
    values: dict[str, Any] = {
        "column": "name",
        "size": 14.0,
        "colour": style["text"]["ink"],
        "halo": style["base"]["halo"],
        "font": style["text"]["font"],
        "within": within,
        "away": 14.0,
    }
    return Caption(**(values | options))


def _place_style(
    layer: str, frame: pd.DataFrame, categories: pd.DataFrame, symbols: Symbols
) -> GisStyle:
    """Draw places by category, under the headings of their groups, in the taxonomy's order."""
    drawn = {one.id: one for one in symbols.layers}
    used = set(frame["category"])
    groups: dict[str, list[Rule]] = {}
    for row in categories[categories["id"].isin(used)].itertuples():
        own = drawn[str(row.layer)]
        # A possible partner of another layer keeps its symbol, with a ring around it.
        ring = drawn[layer].colour if own.id != layer else ""
        glyph = symbols.category_glyphs.get(str(row.id), symbols.layer_glyphs[own.id])
        groups.setdefault(str(row.category_group), []).append(
            Rule(
                str(row.label),
                (Condition("category", "=", str(row.id)),),
                _place_parts(own, glyph, ring),
                shown=row.id not in symbols.minor,
            )
        )
    rules = tuple(
        Rule(
            group,
            (Condition("category", "in", tuple(str(one.conditions[0].value) for one in members)),),
            rules=tuple(members),
        )
        for group, members in groups.items()
    )
    # A place of two layers has its name written once.
    named = categories[categories["id"].isin(used) & (categories["layer"] == layer)]
    only = (Condition("category", "in", tuple(str(one) for one in named["id"]) or ("",)),)
    caption = name_caption(symbols, only=only if len(named) < len(used) else ())
    return GisStyle(LAYERS[layer].title, "point", rules, caption)


def _place_parts(own: LayerSymbol, glyph: str, ring: str) -> tuple[Marker, ...]:
    mark = SLD_MARKS[own.shape]
    grown = RING_GROWS if ring else 1.0
    return (
        Marker(
            place_svg(own.shape, own.colour, ring=ring), with_rim(_DOT) * grown, mark, own.colour,
            beyond=NEAR,
        ),
        Marker(
            place_svg(own.shape, own.colour, glyph, ring), with_rim(_SYMBOL) * grown, mark,
            own.colour, within=NEAR,
        ),
    )  # fmt: skip


SLD_MARKS: Mapping[str, str] = {
    "circle": "circle",
    "square": "square",
    "house": "triangle",
    "hexagon": "star",
    "pentagon": "square",
    "pin": "circle",
}
"""The well-known shape of SLD that stands for each of ours: it has six of them only."""


def _house_style(frame: pd.DataFrame, symbols: Symbols) -> GisStyle:
    look = symbols.style["house"]
    letters = marks(dict(zip(frame["id"], frame["name"], strict=True)))
    parts = (
        Marker(
            place_svg(look["shape"], look["colour"]), with_rim(_HOUSE),
            SLD_MARKS[look["shape"]], look["colour"],
        ),
        Letters("id", letters, 14.0, "#FFFFFF", up=-0.5),
    )  # fmt: skip
    rule = Rule("Haus", parts=parts)
    caption = name_caption(symbols, 10_000, bold=True, away=16.0)
    return GisStyle(LAYERS["houses"].title, "point", (rule,), caption)


def _gate_style(symbols: Symbols) -> GisStyle:
    look = symbols.style["gate"]

    def parts(sign: str, mark: str) -> tuple[Marker, ...]:
        svg = gate_svg(sign, look["colour"], look["disc"])
        return (Marker(svg, with_rim(_GATE), mark, look["disc"], rim=look["colour"]),)

    rules = (
        Rule("offen", (Condition("status", "=", "open"),), parts("open", "circle")),
        Rule("verschlossen", (Condition("status", "=", "locked"),), parts("locked", "cross")),
        Rule("zu bestimmten Zeiten offen", parts=parts("hours", "circle"), otherwise=True),
    )
    return GisStyle(LAYERS["gates"].title, "point", rules, name_caption(symbols, away=12.0))


def _ranking_style(frame: pd.DataFrame, symbols: Symbols) -> GisStyle:
    """Draw a pin with its rank, by kind of project; the first kind and its best are shown."""
    kinds = frame[["project", "project_label", "profile", "state"]].drop_duplicates()
    several = kinds["project"].duplicated(keep=False)
    rules = tuple(
        Rule(
            _kind_label(row, several=bool(twice)),
            (
                Condition("project", "=", str(row.project)),
                Condition("profile", "=", str(row.profile)),
                Condition("state", "=", str(row.state)),
            ),
            rules=_pins(symbols),
            shown=number == 0,
        )
        for number, (row, twice) in enumerate(zip(kinds.itertuples(), several, strict=True))
    )
    caption = name_caption(symbols, 2_500, away=18.0)
    return GisStyle(LAYERS["ranking"].title, "point", rules, caption, order="rank")


def _kind_label(row: Any, *, several: bool) -> str:
    sure = ", nur gesicherte Wege" if row.state == State.CONFIRMED else ""
    return f"{row.project_label} ({row.profile}{sure})" if several else str(row.project_label)


def _pins(symbols: Symbols) -> tuple[Rule, ...]:
    steps: Sequence[tuple[str, tuple[Condition, ...], float, bool]] = (
        (f"Platz 1 bis {_FIRST}", (Condition("rank", "<=", _FIRST),), _FIRST_PIN, True),
        (
            f"Platz {_FIRST + 1} bis {_LISTED}",
            (Condition("rank", ">", _FIRST), Condition("rank", "<=", _LISTED)),
            _PIN,
            True,
        ),
        ("weitere", (Condition("rank", ">", _LISTED),), _PIN, False),
    )
    look = symbols.style["candidate"]
    # A glyph would make its rim narrow, as on the map; a pin has none but its rank.
    return tuple(
        Rule(
            label,
            conditions,
            (
                Marker(
                    place_svg(look["shape"], look["colour"]), with_rim(size),
                    SLD_MARKS[look["shape"]], look["colour"], foot=True,
                ),
                Letters("rank", {}, size * 0.42, "#FFFFFF", up=size * 0.71),
            ),
            shown=shown,
        )
        for label, conditions, size, shown in steps
    )  # fmt: skip
