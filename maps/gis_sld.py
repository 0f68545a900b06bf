"""Styles as Styled Layer Descriptor 1.1 (OGC 05-078r4, 05-077r4), for what is not QGIS.

SLD knows neither boxes to tick nor symbols within the document that all programs read, so only
the rules that are shown at first are written, and well-known marks stand for our symbols:
circle, square, triangle, star. Hatches and dots are those marks that SLD fills areas with.
Patterns that depend on other features are drawn whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from geo.xml_text import xml_text
from maps.gis_model import (
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

_SLD = "http://www.opengis.net/sld"
_SE = "http://www.opengis.net/se"
_OGC = "http://www.opengis.net/ogc"
_OPERATORS = {
    "=": "PropertyIsEqualTo",
    "<>": "PropertyIsNotEqualTo",
    "<=": "PropertyIsLessThanOrEqualTo",
    ">": "PropertyIsGreaterThan",
}

for _prefix, _uri in (("sld", _SLD), ("se", _SE), ("ogc", _OGC)):
    ET.register_namespace(_prefix, _uri)


def sld_text(layer: str, style: GisStyle) -> str:
    """Write a style as SLD.

    Parameters
    ----------
    layer
        Name of the layer.
    style
        How it is drawn.

    Returns
    -------
    str
        A document; same style, same text.
    """
    root = ET.Element(f"{{{_SLD}}}StyledLayerDescriptor", version="1.1.0")
    named = ET.SubElement(root, f"{{{_SLD}}}NamedLayer")
    _text(named, _SE, "Name", layer)
    user = ET.SubElement(named, f"{{{_SLD}}}UserStyle")
    _text(user, _SE, "Name", layer)
    kinds = ET.SubElement(user, f"{{{_SE}}}FeatureTypeStyle")
    # Painted in this order, so what is drawn first comes first: the widest areas.
    leaves = list(_leaves(style.rules, (), ()))
    for rule, conditions, labels in reversed(leaves) if style.order else leaves:
        _rule(kinds, rule, conditions, labels, style.caption)
    return xml_text(root)


def _leaves(
    rules: Sequence[Rule], above: tuple[Condition, ...], labels: tuple[str, ...]
) -> Iterator[tuple[Rule, tuple[Condition, ...], tuple[str, ...]]]:
    """Yield the rules that draw something at first, with all of their conditions."""
    for rule in rules:
        if not rule.shown:
            continue
        # "one of the group" says no more where "this one" follows.
        columns = {one.column for one in rule.conditions if one.operator == "="}
        wider = (one for one in above if one.operator != "in" or one.column not in columns)
        conditions = (*wider, *rule.conditions)
        named = (*labels, rule.label)
        if rule.parts:
            yield rule, conditions, named
        yield from _leaves(rule.rules, conditions, named)


def _rule(
    parent: ET.Element,
    rule: Rule,
    conditions: Sequence[Condition],
    labels: Sequence[str],
    caption: Caption | None,
) -> None:
    element = ET.SubElement(parent, f"{{{_SE}}}Rule")
    _text(element, _SE, "Name", ", ".join(labels))
    description = ET.SubElement(element, f"{{{_SE}}}Description")
    _text(description, _SE, "Title", labels[-1])
    if rule.otherwise:
        ET.SubElement(element, f"{{{_SE}}}ElseFilter")
    elif conditions:
        holder = ET.SubElement(element, f"{{{_OGC}}}Filter")
        if len(conditions) > 1:
            holder = ET.SubElement(holder, f"{{{_OGC}}}And")
        for condition in conditions:
            _condition(holder, condition)
    for part in rule.parts:
        _part(element, part)
    if caption is not None:
        _caption(element, caption)


def _condition(parent: ET.Element, condition: Condition) -> None:
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    operator = "=" if condition.operator == "in" else condition.operator
    if len(values) > 1:
        parent = ET.SubElement(parent, f"{{{_OGC}}}Or")
    for value in values:
        comparison = ET.SubElement(parent, f"{{{_OGC}}}{_OPERATORS[operator]}")
        _text(comparison, _OGC, "PropertyName", condition.column)
        _text(comparison, _OGC, "Literal", _literal(value))


def _literal(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{value:g}"


def _part(rule: ET.Element, part: Part) -> None:
    if isinstance(part, Marker):
        # A mark has one size: the symbol's own.
        if not part.beyond:
            symbolizer = ET.SubElement(rule, f"{{{_SE}}}PointSymbolizer")
            _mark(symbolizer, part.mark, part.colour, part.rim, part.size * 0.55)
    elif isinstance(part, Letters):
        if not part.by_value:
            _letters(rule, part)
    elif isinstance(part, Line):
        symbolizer = ET.SubElement(rule, f"{{{_SE}}}LineSymbolizer")
        _stroke(symbolizer, part.colour, part.width, part.dash)
    else:
        fill = ET.SubElement(ET.SubElement(rule, f"{{{_SE}}}PolygonSymbolizer"), f"{{{_SE}}}Fill")
        if isinstance(part, Fill):
            _parameter(fill, "fill", part.colour)
            _parameter(fill, "fill-opacity", f"{part.opacity:.4g}")
        else:
            _pattern(ET.SubElement(fill, f"{{{_SE}}}GraphicFill"), part)


def _pattern(parent: ET.Element, part: Hatch | Dots) -> None:
    if isinstance(part, Dots):
        _mark(parent, "circle", part.colour, part.colour, 2 * part.radius)
        return
    graphic = ET.SubElement(parent, f"{{{_SE}}}Graphic")
    mark = ET.SubElement(graphic, f"{{{_SE}}}Mark")
    # Not in the standard, but what QGIS and GeoServer write and read for lines across areas.
    _text(mark, _SE, "WellKnownName", "shape://backslash" if part.falling else "shape://slash")
    stroke = ET.SubElement(mark, f"{{{_SE}}}Stroke")
    _parameter(stroke, "stroke", part.colour)
    _parameter(stroke, "stroke-width", f"{part.width:.4g}")
    _parameter(stroke, "stroke-opacity", f"{part.opacity:.4g}")
    _text(graphic, _SE, "Size", f"{part.step:g}")


def _mark(parent: ET.Element, name: str, colour: str, rim: str, size: float) -> None:
    graphic = ET.SubElement(parent, f"{{{_SE}}}Graphic")
    mark = ET.SubElement(graphic, f"{{{_SE}}}Mark")
    _text(mark, _SE, "WellKnownName", name)
    fill = ET.SubElement(mark, f"{{{_SE}}}Fill")
    _parameter(fill, "fill", colour)
    stroke = ET.SubElement(mark, f"{{{_SE}}}Stroke")
    _parameter(stroke, "stroke", rim)
    _parameter(stroke, "stroke-width", "1.5")
    _text(graphic, _SE, "Size", f"{size:.4g}")


def _stroke(parent: ET.Element, colour: str, width: float, dash: str) -> None:
    stroke = ET.SubElement(parent, f"{{{_SE}}}Stroke")
    _parameter(stroke, "stroke", colour)
    _parameter(stroke, "stroke-width", f"{width:.4g}")
    _parameter(stroke, "stroke-linejoin", "round")
    if dash:
        _parameter(stroke, "stroke-dasharray", dash)


def _letters(rule: ET.Element, part: Letters) -> None:
    symbolizer = _text_symbolizer(rule, part.column, "")
    _font(symbolizer, "Open Sans", part.size * 0.8, bold=True)
    _point_placement(symbolizer, 0.5, 0.5, 0.0)
    _parameter(ET.SubElement(symbolizer, f"{{{_SE}}}Fill"), "fill", part.colour)


def _caption(rule: ET.Element, caption: Caption) -> None:
    symbolizer = _text_symbolizer(rule, caption.column, caption.after)
    _font(symbolizer, caption.font, caption.size, bold=caption.bold)
    if caption.place == "beside":
        _point_placement(symbolizer, 0.0, 0.5, caption.away)
    elif caption.place == "inside":
        _point_placement(symbolizer, 0.5, 0.5, 0.0)
    else:
        placement = ET.SubElement(symbolizer, f"{{{_SE}}}LabelPlacement")
        ET.SubElement(placement, f"{{{_SE}}}LinePlacement")
    halo = ET.SubElement(symbolizer, f"{{{_SE}}}Halo")
    _text(halo, _SE, "Radius", "2")
    _parameter(ET.SubElement(halo, f"{{{_SE}}}Fill"), "fill", caption.halo)
    _parameter(ET.SubElement(symbolizer, f"{{{_SE}}}Fill"), "fill", caption.colour)


def _text_symbolizer(rule: ET.Element, column: str, after: str) -> ET.Element:
    symbolizer = ET.SubElement(rule, f"{{{_SE}}}TextSymbolizer")
    label = ET.SubElement(symbolizer, f"{{{_SE}}}Label")
    name = ET.SubElement(label, f"{{{_OGC}}}PropertyName")
    name.text = column
    name.tail = after or None
    return symbolizer


def _font(symbolizer: ET.Element, family: str, size: float, *, bold: bool) -> None:
    font = ET.SubElement(symbolizer, f"{{{_SE}}}Font")
    _parameter(font, "font-family", family)
    _parameter(font, "font-size", f"{size:.4g}")
    _parameter(font, "font-weight", "bold" if bold else "normal")


def _point_placement(symbolizer: ET.Element, x: float, y: float, away: float) -> None:
    placement = ET.SubElement(symbolizer, f"{{{_SE}}}LabelPlacement")
    point = ET.SubElement(placement, f"{{{_SE}}}PointPlacement")
    anchor = ET.SubElement(point, f"{{{_SE}}}AnchorPoint")
    _text(anchor, _SE, "AnchorPointX", f"{x:g}")
    _text(anchor, _SE, "AnchorPointY", f"{y:g}")
    if away:
        moved = ET.SubElement(point, f"{{{_SE}}}Displacement")
        _text(moved, _SE, "DisplacementX", f"{away:g}")
        _text(moved, _SE, "DisplacementY", "0")


def _parameter(parent: ET.Element, name: str, value: str) -> None:
    ET.SubElement(parent, f"{{{_SE}}}SvgParameter", name=name).text = value


def _text(parent: ET.Element, space: str, tag: str, value: str) -> None:
    ET.SubElement(parent, f"{{{space}}}{tag}").text = value
