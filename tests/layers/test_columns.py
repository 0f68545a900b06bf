"""The description of columns: complete, of the right type, and saying what the program says."""

from __future__ import annotations

import pytest

from geo.profiles import State
from layers import access, confirmations
from layers.columns import (
    BOOLEAN,
    INTEGER,
    NUMBER,
    TEXT,
    code_words,
    column_info,
    described_tables,
    table_columns,
)
from layers.layer_frames import layer_columns, layer_frames
from layers.layer_info import LAYERS
from tests.layers.sample import sample_snapshot

KINDS = {"bool": BOOLEAN, "int64": INTEGER, "Int64": INTEGER, "float64": NUMBER, "Float64": NUMBER}
MINUTES = (5, 10, 15)


@pytest.mark.parametrize("layer", list(LAYERS))
def test_every_exported_column_is_described(layer: str) -> None:
    described = [column.name for column in table_columns(layer, MINUTES)]
    assert described == layer_columns(layer, MINUTES)


def test_types_are_those_of_the_frames() -> None:
    for name, frame in layer_frames(sample_snapshot()).items():
        for column in layer_columns(name, sample_snapshot().minutes):
            kind = KINDS.get(str(frame[column].dtype), TEXT)
            assert column_info(name, column).type == kind, f"{name}.{column}"


def test_titles_are_short_and_texts_plain() -> None:
    for table in described_tables():
        for column in table_columns(table, MINUTES, "EPSG:25832"):
            where = f"{table}.{column.name}"
            assert 0 < len(column.title) <= 40, where
            assert column.title[0].isupper(), where
            assert column.text, where
            assert not set("`[]{}*") & set(column.text), where
            assert column.text[0] == column.text[0].upper(), where
            assert not column.unit or column.type in {NUMBER, INTEGER}, where


def test_titles_tell_the_columns_of_a_layer_apart() -> None:
    for layer in LAYERS:
        titles = [column.title for column in table_columns(layer, MINUTES)]
        assert len(titles) == len(set(titles)), layer


def test_counts_within_thresholds_follow_a_pattern() -> None:
    assert column_info("access", "n_05").title == "Orte in 5 Minuten"
    assert column_info("access", "n_20").text.endswith("in höchstens 20 Minuten")
    assert column_info("access", "n_on_campus").title == "Orte auf dem Gelände"
    assert column_info("places.csv", "ost_25832").title == "Ostwert"
    for name in ("n_", "n_x", "n_*", "nobody"):
        with pytest.raises(LookupError):
            column_info("access", name)
    with pytest.raises(LookupError):
        column_info("nothing", "id")


def test_the_layers_of_places_share_their_columns() -> None:
    assert column_info("partners", "kind") == column_info("services", "kind")


def test_codes_are_those_that_the_program_writes() -> None:
    assert code_words("status") == access.STATUS_LABELS
    assert code_words("state") == {
        State(state).value: word for state, word in access.STATE_LABELS.items()
    }
    assert set(code_words("state")) == {state.value for state in State}
    assert code_words("confirmed") == confirmations.STATUS_LABELS
    assert column_info("gates", "status").others
    assert not column_info("gates", "step_free").others
    assert column_info("isochrones", "profile").words_from == "profile"
    assert column_info("isochrones", "profile").codes == {}


def test_values_in_the_sample_have_a_word() -> None:
    checked = 0
    for name, frame in layer_frames(sample_snapshot()).items():
        for column in layer_columns(name, sample_snapshot().minutes):
            info = column_info(name, column)
            if info.codes and not info.others:
                values = set(frame[column].dropna().astype(str)) - {""}
                assert values <= set(info.codes), f"{name}.{column}"
                checked += len(values)
    assert checked > 5
