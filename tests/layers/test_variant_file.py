"""Reading variants: what is right, and that all that is wrong is told at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from geo.errors import VariantError
from layers._variant_file import KINDS, LABELS, AddPath, read_variant, variant_from

ALL = """
name = "Café Süd & Tor"
remark = "Aus der Runde."

[[change]]
kind = "add_place"
category = "cafe"
lon = 13.26
lat = 53.55

[[change]]
kind = "add_path"
id = "weg"
points = [[13.26, 53.55], [13.27, 53.56]]

[[change]]
kind = "remove"
change = "weg"
"""


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "v.toml"
    path.write_text(ALL, encoding="utf-8")
    found = read_variant(path)
    assert (found.name, found.remark) == ("Café Süd & Tor", "Aus der Runde.")
    assert found.slug == "cafe-sued-tor"
    assert [change.id for change in found.changes] == ["1", "weg", "3"]
    path_change = found.changes[1]
    assert isinstance(path_change, AddPath)
    assert path_change.tags == {"highway": "footway"}


def test_every_kind_has_a_german_word() -> None:
    assert LABELS.keys() == KINDS.keys()


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Ärger größer", "aerger-groesser"), ("../../etc", "etc"), ("***", "variante"),
     ("x" * 90, "x" * 60)],
)  # fmt: skip
def test_the_folder_is_named_safely(name: str, slug: str) -> None:
    assert variant_from({"name": name, "change": [spot()]}).slug == slug


def spot(**more: Any) -> dict[str, Any]:
    """Return a change that is right, but for what is given."""
    return {"kind": "add_stop", "lon": 13.0, "lat": 53.0, **more}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"kind": "add_plac"}, "gemeint ist vielleicht »add_place«"),
        ({}, "»kind« fehlt"),
        (spot(nam="x"), "den Schlüssel »nam« gibt es hier nicht (gemeint ist vielleicht »name«)"),
        ({"kind": "add_stop", "lon": 13.0}, "der Schlüssel »lat« fehlt"),
        (spot(lat=953.0), "»lat« ist keine geografische Breite in Grad"),
        (spot(lon=float("nan")), "»lon« ist keine geografische Länge in Grad"),
        ({"kind": "add_path", "points": [[13, 53]]}, "mindestens zwei Punkte"),
        ({"kind": "add_path", "points": "x"}, "»points« muss Punkte"),
        ({"kind": "remove_path", "way": "12"}, "der Wert von »way« passt nicht"),
        (spot(kind="add_place", category="cafe", wheelchair="maybe"), "»wheelchair« darf nur"),
        (spot(id="../x"), "der Wert von »id« passt nicht"),
    ],
)
def test_what_is_wrong_is_said(table: dict[str, Any], said: str) -> None:
    with pytest.raises(VariantError) as caught:
        variant_from({"name": "x", "change": [spot(), table]})
    assert "Änderung 2" in str(caught.value)
    assert said in str(caught.value)


def test_all_faults_at_once() -> None:
    with pytest.raises(VariantError) as caught:
        variant_from(
            {"nam": "x", "change": [{"kind": "y"}, spot(id="a"), spot(id="a"), spot(q=1)]}
        )
    text = str(caught.value)
    assert "5 Fehler" in text
    for word in ("»nam«", "»name« fehlt", "Änderung 1", "heißt schon Änderung", "Änderung 4"):
        assert word in text


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"name": "x"}, "[[change]] fehlt"),
        ({"name": "x", "change": {}}, "doppelten eckigen Klammern"),
        ({"name": "x", "change": [spot()] * 201}, "höchstens 200"),
        ({"name": "x", "remark": 3, "change": [spot()]}, "»remark« ist kein Text"),
    ],
)
def test_the_frame_of_the_file(raw: dict[str, Any], said: str) -> None:
    with pytest.raises(VariantError) as caught:
        variant_from(raw)
    assert said in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(VariantError, match="gibt es nicht"):
        read_variant(tmp_path / "v.toml")
    with pytest.raises(VariantError, match="kann nicht gelesen werden"):
        read_variant(tmp_path)
    bad = tmp_path / "bad.toml"
    bad.write_bytes(b"name = \xff")
    with pytest.raises(VariantError, match="ist nicht lesbar"):
        read_variant(bad)
