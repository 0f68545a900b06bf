"""QGIS opens the GeoPackage in our style by itself: rules, names, words, colours in a picture."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from api.build import build
from layers.layer_info import LAYERS
from layers.store import read_exported
from maps.gis_areas import _tints
from maps.symbols import load_symbols
from tests.documents import ROOT

SYSTEM_PYTHON = "/usr/bin/python3"
SPATIAL = [name for name, info in LAYERS.items() if info.spatial]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gis") / "musterhausen"
    shutil.copytree(
        ROOT / "examples/musterhausen", folder, ignore=shutil.ignore_patterns("out", ".cache")
    )
    return build(folder).out


def opened(path: Path, picture: Path) -> dict[str, Any]:
    """Return what QGIS makes of a GeoPackage, or skip where there is no QGIS."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(picture.parent)}
    for name in ("PYTHONPATH", "VIRTUAL_ENV", "PROJ_LIB", "PROJ_DATA", "GDAL_DATA"):
        environment.pop(name, None)
    if not Path(SYSTEM_PYTHON).is_file():
        pytest.skip("no Python of the system, which QGIS would come with")
    there = subprocess.run(
        [SYSTEM_PYTHON, "-c", "import qgis.core"],
        capture_output=True,
        check=False,
        env=environment,
    )
    if there.returncode:
        pytest.skip("QGIS is not installed (Debian: apt-get install python3-qgis)")
    with closing(sqlite3.connect(path)) as connection:
        for name, sld in connection.execute("SELECT f_table_name, styleSLD FROM layer_styles"):
            if sld:
                path.with_name(f"{path.name}.{name}.sld").write_text(sld, encoding="utf-8")
    script = Path(__file__).with_name("gis_reader.py")
    done = subprocess.run(
        [SYSTEM_PYTHON, str(script), str(path), str(picture), "9000"],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module", params=["internal", "public"])
def qgis(
    request: pytest.FixtureRequest, out: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp(request.param)
    source = out if request.param == "internal" else out / "public"
    path = Path(shutil.copy(source / "snapshot.gpkg", folder / "snapshot.gpkg"))
    return request.param, path, opened(path, folder / "bild.png")


def test_every_layer_has_our_style(qgis: tuple[str, Path, dict[str, Any]]) -> None:
    release, path, found = qgis
    held = read_exported(path).layers
    assert set(found["layers"]) == {name for name in SPATIAL if name in held}
    assert ("houses" in found["layers"]) == (release == "internal")
    for name, layer in found["layers"].items():
        assert layer["renderer"] == "RuleRenderer", name
        assert layer["crs"] == "EPSG:25832"
        assert layer["features"] == len(held[name])
        assert layer["drawn"] > 0, name
    assert found["errors"] == []


def test_columns_have_german_names_and_values_words(
    qgis: tuple[str, Path, dict[str, Any]],
) -> None:
    _release, _path, found = qgis
    layers = found["layers"]
    assert layers["services"]["aliases"]["wheelchair"] == "Mit Rollstuhl"
    assert layers["sites"]["aliases"]["area_m2"] == "Fläche (m²)"
    for layer in layers.values():
        assert all(alias for name, alias in layer["aliases"].items() if name != "fid")
    words = {word: value for pair in layers["services"]["widgets"]["wheelchair"]
             for word, value in pair.items()}  # fmt: skip
    assert words == {"ja": "yes", "eingeschränkt": "limited", "nein": "no", "unbekannt": "unknown"}
    assert found["tables"]["access"] == "Wer unterwegs ist"


def test_one_choice_of_the_isochrones_is_drawn(qgis: tuple[str, Path, dict[str, Any]]) -> None:
    _release, path, found = qgis
    layer = found["layers"]["isochrones"]
    # From the gates of the only grounds, on foot: one area for each threshold.
    held = read_exported(path).layers
    frame = held["isochrones"]
    sites = frame["house_id"].isin(held["sites"]["id"])
    assert layer["drawn"] == ((frame["profile"] == "resident") & sites).sum() == 3
    first, *others = layer["rules"]
    assert first[1] == "Vom Gelände (ab den Toren)"
    assert first[2]
    assert not any(active for _depth, _label, active, _below in others)
    assert [below[2] for below in first[3]] == [True] + [False] * (len(first[3]) - 1)


def test_the_legend_is_german(qgis: tuple[str, Path, dict[str, Any]]) -> None:
    _release, _path, found = qgis
    layers = found["layers"]
    assert {"offen", "verschlossen"} <= set(layers["gates"]["legend"])
    assert {"in 5 Minuten", "Mit Rollator"} <= set(layers["isochrones"]["legend"])
    assert {"Apotheken", "Apotheke"} & set(layers["services"]["legend"])
    for name, layer in layers.items():
        assert layer["legend"], name
        assert not any("_" in label or '"' in label for label in layer["legend"]), name


def test_colours_of_the_map_are_in_the_picture(qgis: tuple[str, Path, dict[str, Any]]) -> None:
    release, _path, found = qgis
    style = load_symbols().style
    colours = found["colours"]
    # The tints of the isochrones lie on the land: 26, 17 and 10 of 100 of their colour.
    land = [int(style["base"]["land"][at : at + 2], 16) for at in (1, 3, 5)]
    hue = [int(style["isochrones"]["colour"][at : at + 2], 16) for at in (1, 3, 5)]
    for share in style["isochrones"]["fill"]:
        wanted = [round(a + (b - a) * share) for a, b in zip(land, hue, strict=True)]
        near = [
            count
            for name, count in colours.items()
            if all(
                abs(int(name[at : at + 2], 16) - value) <= 3
                for at, value in zip((1, 3, 5), wanted, strict=True)
            )
        ]
        assert sum(near) > 200, share
    named = {layer.colour.lower() for layer in load_symbols().layers}
    named |= {style["isochrones"]["colour"].lower()}
    if release == "internal":
        named |= {style["candidate"]["colour"].lower(), style["house"]["colour"].lower()}
    assert {colour for colour in named if colours.get(colour, 0) < 20} == set()


def test_qgis_reads_the_sld_too(qgis: tuple[str, Path, dict[str, Any]]) -> None:
    _release, _path, found = qgis
    for name, layer in found["layers"].items():
        assert layer["sld"] == [True, ""] or layer["sld"][-1] is True, (name, layer["sld"])
        assert layer["sld_drawn"] == layer["drawn"], name


def test_tints_add_up_to_those_of_the_map() -> None:
    fifteen_ten_five = _tints([0.26, 0.17, 0.10])[::-1]
    seen, behind = [], 0.0
    for tint in fifteen_ten_five:
        behind = 1 - (1 - behind) * (1 - tint)
        seen.append(behind)
    assert seen == pytest.approx([0.10, 0.17, 0.26])
