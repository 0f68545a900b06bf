"""Styles of a GIS: shapes of the map, every category, nothing that is not in the release."""

from __future__ import annotations

import base64
import dataclasses
import re
from xml.etree import ElementTree as ET

import pytest

from layers.layer_frames import Exported, export_snapshot
from layers.layer_info import PLACE_LAYERS
from layers.release import released
from layers.whitelist import load_release
from maps.gis_model import Condition
from maps.gis_qml import expression
from maps.gis_shapes import GATE_SIGNS, OUTLINES, place_svg
from maps.gis_styles import gis_styles, layer_styles
from maps.symbols import load_symbols
from tests.documents import ROOT
from tests.layers.sample import sample_snapshot

SHAPES = (ROOT / "maps/frontend/src/shapes.ts").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def exported() -> Exported:
    return export_snapshot(sample_snapshot())


@pytest.mark.parametrize("name", sorted(OUTLINES))
def test_outlines_are_those_of_the_map(name: str) -> None:
    pattern = rf"{name}: {{\s*path: \"([^\"]+)\",\s*x: ([\d.]+), y: ([\d.]+), glyph: ([\d.]+)"
    found = re.search(pattern, SHAPES)
    assert found
    outline = OUTLINES[name]
    assert outline.path == found[1]
    assert [outline.x, outline.y, outline.glyph] == [float(found[part]) for part in (2, 3, 4)]


def test_signs_of_gates_are_those_of_the_map() -> None:
    part = SHAPES.partition("GATE_SIGNS = {")[2].partition("}")[0]
    assert dict(re.findall(r'(\w+): "([^"]+)"', part)) == GATE_SIGNS


def test_every_category_of_a_layer_has_its_rule(exported: Exported) -> None:
    styles = layer_styles(exported)
    for name in PLACE_LAYERS:
        found = [
            member.conditions[0].value for rule in styles[name].rules for member in rule.rules
        ]
        assert sorted(map(str, found)) == sorted(set(exported.layers[name]["category"]))


def test_symbols_lie_within_the_style(exported: Exported) -> None:
    qml = gis_styles(exported)["services"].qml
    root = ET.fromstring(qml.partition("\n")[2])  # noqa: S314 - our own
    names = [one.get("v", "") for one in root.iter("prop") if one.get("k") == "name"]
    assert names
    colour = next(one.colour for one in load_symbols().layers if one.id == "services")
    for name in names:
        assert name.startswith("base64:")
        svg = base64.b64decode(name.removeprefix("base64:")).decode()
        assert ET.fromstring(svg).tag.endswith("svg")  # noqa: S314 - our own
        assert colour in svg


def test_the_public_style_names_no_house(exported: Exported) -> None:
    public = gis_styles(released(exported, load_release()))
    internal = gis_styles(exported)
    assert "houses" in internal
    assert "houses" not in public
    text = "".join(style.qml + style.sld for style in public.values())
    for column in ("id", "name"):
        for value in exported.layers["houses"][column]:
            assert f">{value}<" not in text
            assert f"'{value}'" not in text
            assert f'="{value}"' not in text


def test_same_release_same_styles(exported: Exported) -> None:
    assert gis_styles(exported) == gis_styles(export_snapshot(sample_snapshot()))


def test_hostile_names_stay_text(exported: Exported) -> None:
    evil = "');drop--\\\"</qgis>&\x00"
    sites = exported.layers["sites"].assign(id=evil, name=evil)
    frame = exported.layers["isochrones"].assign(house_id=evil)
    layers = {**exported.layers, "sites": sites, "isochrones": frame}
    made = gis_styles(dataclasses.replace(exported, layers=layers))
    for style in made.values():
        ET.fromstring(style.qml.partition("\n")[2])  # noqa: S314 - our own
        if style.sld:
            ET.fromstring(style.sld)  # noqa: S314 - our own


def test_quotes_are_doubled_in_expressions() -> None:
    condition = Condition('a"b', "=", "O'Neill \\ x")
    assert expression([condition]) == "\"a\"\"b\" = 'O''Neill \\\\ x'"


def test_a_ring_is_drawn_around_possible_partners() -> None:
    assert place_svg("house", "#C44F00", ring="#6A3D9A").count("#6A3D9A") == 1
