"""Styles in the language of QGIS (QML), as QGIS 3.22 reads it, and later ones too.

The renderer is always rule-based, so that the legend has headings and boxes to tick. Symbols are
within the document (``base64:``), so nothing has to be installed beside it. Properties are
written as ``prop`` elements, which all of QGIS 3 reads.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from geo.xml_text import xml_text
from maps.gis_model import (
    MM_PER_PIXEL,
    Caption,
    Condition,
    Dots,
    Fill,
    GisStyle,
    Hatch,
    Letters,
    Line,
    Marker,
    Part,
    Rule,
    Value,
)

VERSION = "3.22.0-Białowieża"
FALLBACK_FONTS = ("Atkinson Hyperlegible", "Open Sans", "Arial")
_GEOMETRIES = {"point": "0", "area": "2"}
_PLACEMENTS = {"beside": "0", "inside": "4", "outline": "7"}


@dataclass(frozen=True, slots=True)
class FieldStyle:
    """How a GIS shows a column: its name for people, what it says, and words by value."""

    title: str
    text: str
    words: Mapping[str, str] = field(default_factory=dict)


def qml_text(style: GisStyle, fields: Mapping[str, FieldStyle]) -> str:
    """Write a style as QML.

    Parameters
    ----------
    style
        How the layer is drawn; of a table only its columns are written.
    fields
        Its columns in their order, by name.

    Returns
    -------
    str
        A document; same style, same text.
    """
    root = ET.Element(
        "qgis",
        version=VERSION,
        styleCategories="AllStyleCategories",
        hasScaleBasedVisibilityFlag="0",
    )
    if style.kind:
        root.set("labelsEnabled", "1" if style.caption else "0")
        _renderer(root, style)
        if style.caption:
            _labelling(root, style.caption)
        ET.SubElement(root, "layerGeometryType").text = _GEOMETRIES[style.kind]
    else:
        ET.SubElement(root, "layerGeometryType").text = "4"
    _fields(root, fields)
    head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return head + xml_text(root)


def expression(conditions: Sequence[Condition]) -> str:
    """Write conditions as an expression of QGIS."""
    return " AND ".join(_comparison(one) for one in conditions)


def _comparison(condition: Condition) -> str:
    column = '"' + condition.column.replace('"', '""') + '"'
    value = condition.value
    if isinstance(value, tuple):
        return f"{column} IN ({', '.join(_literal(one) for one in value)})"
    return f"{column} {condition.operator} {_literal(value)}"


def _literal(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace("'", "''")
        return f"'{escaped}'"
    return f"{value:g}"


def _renderer(root: ET.Element, style: GisStyle) -> None:
    renderer = ET.SubElement(
        root,
        "renderer-v2",
        type="RuleRenderer",
        symbollevels="0",
        forceraster="0",
        enableorderby="1" if style.order else "0",
    )
    rules = ET.SubElement(renderer, "rules", key="{rules}")
    symbols: list[tuple[Part, ...]] = []
    _rules(rules, style.rules, symbols, "rule")
    drawn = ET.SubElement(renderer, "symbols")
    kind = "marker" if style.kind == "point" else "fill"
    for number, parts in enumerate(symbols):
        symbol = _symbol(drawn, str(number), kind)
        for part in parts:
            _LAYERS[type(part)](symbol, part, str(number))
    if style.order:
        order = ET.SubElement(renderer, "orderby")
        clause = ET.SubElement(order, "orderByClause", asc="0", nullsFirst="0")
        clause.text = f'"{style.order}"'


def _rules(
    parent: ET.Element, rules: Sequence[Rule], symbols: list[tuple[Part, ...]], path: str
) -> None:
    for number, rule in enumerate(rules):
        key = f"{path}-{number}"
        element = ET.SubElement(parent, "rule", key=f"{{{key}}}", label=rule.label)
        if rule.otherwise:
            element.set("filter", "ELSE")
        elif rule.conditions:
            element.set("filter", expression(rule.conditions))
        if not rule.shown:
            element.set("checkstate", "0")
        if rule.parts:
            element.set("symbol", str(len(symbols)))
            symbols.append(rule.parts)
        _rules(element, rule.rules, symbols, key)


def _symbol(parent: ET.Element, name: str, kind: str) -> ET.Element:
    return ET.SubElement(
        parent, "symbol", name=name, type=kind, alpha="1", clip_to_extent="1", force_rhr="0"
    )


def _layer(
    symbol: ET.Element,
    kind: str,
    properties: Mapping[str, str],
    defined: Mapping[str, str] | None = None,
) -> ET.Element:
    """Add a layer to a symbol, with properties that are computed for each feature."""
    layer = ET.SubElement(
        symbol, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"}
    )
    for key, value in properties.items():
        ET.SubElement(layer, "prop", k=key, v=value)
    if defined:
        _defined(layer, "data_defined_properties", defined)
    return layer


def _defined(parent: ET.Element, tag: str, expressions: Mapping[str, str]) -> None:
    holder = ET.SubElement(parent, tag)
    options = ET.SubElement(holder, "Option", type="Map")
    ET.SubElement(options, "Option", name="name", value="", type="QString")
    listed = ET.SubElement(options, "Option", name="properties", type="Map")
    for key, text in expressions.items():
        one = ET.SubElement(listed, "Option", name=key, type="Map")
        ET.SubElement(one, "Option", name="active", value="true", type="bool")
        ET.SubElement(one, "Option", name="expression", value=text, type="QString")
        ET.SubElement(one, "Option", name="type", value="3", type="int")
    ET.SubElement(options, "Option", name="type", value="collection", type="QString")


def _marker(symbol: ET.Element, part: Part, _name: str) -> None:
    assert isinstance(part, Marker)  # noqa: S101 - chosen by its type
    encoded = base64.b64encode(part.svg.encode("utf-8")).decode("ascii")
    properties = {
        "name": f"base64:{encoded}",
        "size": _mm(part.size),
        "size_unit": "MM",
        "scale_method": "diameter",
        "fixedAspectRatio": "0",
        "color": _rgba(part.colour),
        "outline_color": _rgba(part.rim),
        "outline_width": "0",
        "horizontal_anchor_point": "1",
        "vertical_anchor_point": "2" if part.foot else "1",
    }
    _layer(symbol, "SvgMarker", properties, _by_scale(part.beyond, part.within))


def _by_scale(beyond: int, within: int) -> dict[str, str]:
    if beyond:
        return {"enabled": f"@map_scale > {beyond}"}
    return {"enabled": f"@map_scale <= {within}"} if within else {}


def _letters(symbol: ET.Element, part: Part, _name: str) -> None:
    assert isinstance(part, Letters)  # noqa: S101 - chosen by its type
    written = f'to_string("{part.column}")'
    if part.by_value:
        pairs = " ".join(
            f'WHEN "{part.column}" = {_literal(value)} THEN {_literal(text)}'
            for value, text in part.by_value.items()
        )
        written = f"CASE {pairs} ELSE '' END"
    properties = {
        "font": FALLBACK_FONTS[1],
        "font_style": "Bold",
        "chr": "",
        "size": _mm(part.size),
        "size_unit": "MM",
        "color": _rgba(part.colour),
        "outline_width": "0",
        "offset": f"0,{-part.up * MM_PER_PIXEL:.4g}",
        "offset_unit": "MM",
        "horizontal_anchor_point": "1",
        "vertical_anchor_point": "1",
    }
    _layer(symbol, "FontMarker", properties, {"char": written} | _by_scale(0, part.within))


def _fill(symbol: ET.Element, part: Part, _name: str) -> None:
    assert isinstance(part, Fill)  # noqa: S101 - chosen by its type
    properties = {
        "color": _rgba(part.colour, part.opacity), "style": "solid", "outline_style": "no",
    }  # fmt: skip
    _layer(symbol, "SimpleFill", properties)


def _hatch(symbol: ET.Element, part: Part, name: str) -> None:
    assert isinstance(part, Hatch)  # noqa: S101 - chosen by its type
    properties = {
        "angle": "135" if part.falling else "45",
        "distance": _mm(part.step / 2**0.5),
        "distance_unit": "MM",
        "line_width": _mm(part.width),
        "line_width_unit": "MM",
        "color": _rgba(part.colour, part.opacity),
    }
    pattern = _layer(symbol, "LinePatternFill", properties)
    lines = _symbol(pattern, f"@{name}@{len(symbol) - 1}", "line")
    _stroke(lines, Line(part.colour, part.width), part.opacity)


def _dots(symbol: ET.Element, part: Part, name: str) -> None:
    assert isinstance(part, Dots)  # noqa: S101 - chosen by its type
    properties = {
        "distance_x": _mm(part.step),
        "distance_y": _mm(part.step),
        "displacement_x": _mm(part.step / 2),
        "displacement_y": "0",
        "distance_x_unit": "MM",
        "distance_y_unit": "MM",
        "displacement_x_unit": "MM",
    }
    pattern = _layer(symbol, "PointPatternFill", properties)
    dots = _symbol(pattern, f"@{name}@{len(symbol) - 1}", "marker")
    _layer(
        dots,
        "SimpleMarker",
        {
            "name": "circle", "color": _rgba(part.colour), "outline_style": "no",
            "size": _mm(2 * part.radius), "size_unit": "MM",
        },
    )  # fmt: skip


def _line(symbol: ET.Element, part: Part, _name: str) -> None:
    assert isinstance(part, Line)  # noqa: S101 - chosen by its type
    _stroke(symbol, part, 1.0)


def _stroke(symbol: ET.Element, line: Line, opacity: float) -> None:
    properties = {
        "line_color": _rgba(line.colour, opacity),
        "line_style": "solid",
        "line_width": _mm(line.width),
        "line_width_unit": "MM",
        "capstyle": "flat",
        "joinstyle": "round",
    }
    if line.dash:
        lengths = ";".join(_mm(float(length)) for length in line.dash.split())
        properties |= {"use_custom_dash": "1", "customdash": lengths, "customdash_unit": "MM"}
    _layer(symbol, "SimpleLine", properties)


_LAYERS = {
    Marker: _marker, Letters: _letters, Fill: _fill, Hatch: _hatch, Dots: _dots, Line: _line,
}  # fmt: skip


def _labelling(root: ET.Element, caption: Caption) -> None:
    labelling = ET.SubElement(root, "labeling", type="simple")
    settings = ET.SubElement(labelling, "settings", calloutType="simple")
    column = f'"{caption.column}"'
    text = ET.SubElement(
        settings,
        "text-style",
        fieldName=f"{column} || {_literal(caption.after)}" if caption.after else caption.column,
        isExpression="1" if caption.after else "0",
        fontFamily=caption.font,
        namedStyle="Bold" if caption.bold else "Regular",
        fontWeight="75" if caption.bold else "50",
        fontSize=f"{caption.size * 0.75:g}",
        fontSizeUnit="Point",
        textColor=_rgba(caption.colour),
        textOpacity="1",
        multilineHeight="1",
    )
    families = ET.SubElement(text, "families")
    for name in (caption.font, *FALLBACK_FONTS):
        ET.SubElement(families, "family", name=name)
    ET.SubElement(
        text,
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.8",
        bufferSizeUnits="MM",
        bufferColor=_rgba(caption.halo),
        bufferOpacity="0.85",
        bufferJoinStyle="128",
    )
    ET.SubElement(
        settings, "text-format", wrapChar="", autoWrapLength="26", useMaxLineLengthForAutoWrap="1"
    )
    ET.SubElement(
        settings,
        "placement",
        placement=_PLACEMENTS[caption.place],
        dist=_mm(caption.away),
        distUnits="MM",
        placementFlags="10",
        priority="5",
        repeatDistance="0",
    )
    ET.SubElement(
        settings,
        "rendering",
        scaleVisibility="1",
        scaleMin="1",
        scaleMax=str(caption.within),
        obstacle="1",
        drawLabels="1",
        labelPerPart="0",
        mergeLines="0",
    )
    if caption.only:
        _defined(settings, "dd_properties", {"Show": expression(caption.only)})


def _fields(root: ET.Element, fields: Mapping[str, FieldStyle]) -> None:
    """Write what a GIS calls the columns, and the words that it shows for their values."""
    configuration = ET.SubElement(root, "fieldConfiguration")
    for name, one in fields.items():
        if not one.words:
            continue
        widget = ET.SubElement(
            ET.SubElement(configuration, "field", name=name), "editWidget", type="ValueMap"
        )
        options = ET.SubElement(ET.SubElement(widget, "config"), "Option", type="Map")
        listed = ET.SubElement(options, "Option", name="map", type="List")
        for value, word in one.words.items():
            pair = ET.SubElement(listed, "Option", type="Map")
            ET.SubElement(pair, "Option", name=word, value=value, type="QString")
    aliases = ET.SubElement(root, "aliases")
    for number, (name, one) in enumerate(fields.items(), start=1):
        ET.SubElement(aliases, "alias", index=str(number), field=name, name=one.title)
    if "name" in fields:
        ET.SubElement(root, "previewExpression").text = '"name"'


def _mm(pixels: float) -> str:
    return f"{pixels * MM_PER_PIXEL:.4g}"


def _rgba(colour: str, opacity: float = 1.0) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"
