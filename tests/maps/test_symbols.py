"""The table of symbols: complete, and to be read by everybody."""

from __future__ import annotations

from itertools import pairwise

import pytest

from layers.taxonomy import load_taxonomy
from maps.symbols import load_glyphs, load_symbols

TEXT_CONTRAST = 4.5
SYMBOL_CONTRAST = 3.0
AREAS = ("land", "built_up", "building", "green", "wood", "water", "street", "main_street")

SYMBOLS = load_symbols()
BASE = SYMBOLS.style["base"]
TEXT = SYMBOLS.style["text"]


def channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def luminance(rgb: tuple[float, float, float]) -> float:
    """WCAG 2.1, relative luminance."""
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: tuple[float, float, float], b: tuple[float, float, float]) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_by_hand() -> None:
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    # The lightest grey that still has 4.5 on white (WebAIM).
    assert contrast(channels("#767676"), (1, 1, 1)) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("layer", SYMBOLS.layers, ids=lambda layer: layer.id)
def test_symbols_stand_out_from_everything_beneath(layer: object) -> None:
    colour = channels(layer.colour)  # type: ignore[attr-defined]
    # The glyph is white, and so is the rim that parts a symbol from the tints of isochrones.
    assert contrast(colour, (1, 1, 1)) >= TEXT_CONTRAST
    for name in AREAS:
        assert contrast(colour, channels(BASE[name])) >= SYMBOL_CONTRAST, name


@pytest.mark.parametrize(
    "colour",
    [
        SYMBOLS.style["grounds"]["colour"],
        SYMBOLS.style["house"]["colour"],
        SYMBOLS.style["gate"]["colour"],
        SYMBOLS.style["isochrones"]["colour"],
        SYMBOLS.style["common_ground"]["colour"],
        SYMBOLS.style["straight_line"]["colour"],
    ],
)
def test_lines_stand_out_from_the_base_map(colour: str) -> None:
    for name in AREAS:
        assert contrast(channels(colour), channels(BASE[name])) >= SYMBOL_CONTRAST, name


def test_common_ground_is_told_apart_from_isochrones_without_colour() -> None:
    style = SYMBOLS.style["common_ground"]
    # A broad line of two strands, of which the inner one is light; isochrones have one strand.
    outer = (style["width"] - style["inner"]) / 2
    assert style["width"] > 1.5 * max(SYMBOLS.style["isochrones"]["width"])
    assert outer >= 1.5
    assert style["inner"] >= 1.5
    assert contrast(channels(style["colour"]), channels(BASE["halo"])) >= TEXT_CONTRAST
    # Dots that stand apart, darker than the tint and the hatching beneath them.
    assert style["dot_step"] / 2**0.5 > 3 * style["dot_radius"]
    tint = SYMBOLS.style["isochrones"]
    land, teal = channels(BASE["land"]), channels(tint["colour"])
    mixed = [
        tint["fill"][0] * b + (1 - tint["fill"][0]) * a for a, b in zip(land, teal, strict=True)
    ]
    assert contrast(channels(style["colour"]), (mixed[0], mixed[1], mixed[2])) >= SYMBOL_CONTRAST


@pytest.mark.parametrize("name", ["name", "water_name", "green_name"])
def test_names_on_the_map_can_be_read(name: str) -> None:
    # They stand on their halo.
    assert contrast(channels(BASE[name]), channels(BASE["halo"])) >= TEXT_CONTRAST


def test_text_can_be_read() -> None:
    for ink in ("ink", "muted", "accent"):
        for paper in ("paper", "tint"):
            assert contrast(channels(TEXT[ink]), channels(TEXT[paper])) >= TEXT_CONTRAST
    assert contrast(channels(TEXT["notice"]), channels(TEXT["notice_tint"])) >= TEXT_CONTRAST
    assert contrast(channels(TEXT["focus"]), channels(TEXT["paper"])) >= SYMBOL_CONTRAST


def test_layers_differ_in_shape() -> None:
    shapes = [layer.shape for layer in SYMBOLS.layers]
    assert len(set(shapes)) == len(shapes)


def test_layers_differ_in_lightness_or_hue_for_everybody() -> None:
    # Neighbours in lightness may look alike without colours; then shape has to tell, see above.
    luminances = sorted(luminance(channels(layer.colour)) for layer in SYMBOLS.layers)
    assert all(b - a > 0.005 for a, b in pairwise(luminances))


def test_every_category_that_is_shown_has_a_glyph_of_its_own_or_its_layer() -> None:
    taxonomy = load_taxonomy(None)
    shown = {layer.id for layer in SYMBOLS.layers}
    glyphs = load_glyphs()
    for category in taxonomy.categories:
        if category.layer in shown:
            assert SYMBOLS.glyph_of(category) in glyphs
    assert {category.layer for category in taxonomy.categories} - shown <= {"risk"}


def test_the_table_names_no_category_that_does_not_exist() -> None:
    known = {category.id for category in load_taxonomy(None).categories}
    assert set(SYMBOLS.category_glyphs) <= known
    assert known >= SYMBOLS.minor
    missing = {
        category.id
        for category in load_taxonomy(None).categories
        if category.layer in SYMBOLS.layer_glyphs
    } - set(SYMBOLS.category_glyphs)
    assert missing == set(), "categories without a glyph of their own"


def test_risk_has_no_symbol() -> None:
    assert "risk" not in {layer.id for layer in SYMBOLS.layers}
    assert "risk" not in SYMBOLS.layer_glyphs
