"""The command ``scenario``: what it prints and writes, and bad input."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from layers._variant_file import read_variant
from layers.compute import compute_snapshot
from layers.scenario import answer, baseline_of
from layers.study import load_study
from layers.study_network import prepare
from tests.api.conftest import TOWN_NODES, TOWN_WAYS, Run
from tests.osm_xml import write_osm

VARIANT = """
name = "Zweites Café"
[[change]]
kind = "add_place"
id = "cafe"
category = "cafe"
name = "Café Neu"
lon = 7.0020
lat = 51.0001
"""


@pytest.fixture
def variant(tmp_path: Path) -> Path:
    path = tmp_path / "v.toml"
    path.write_text(VARIANT, encoding="utf-8")
    return path


def test_a_cafe_more(sozialraum: Run, study: Path, variant: Path) -> None:
    done = sozialraum("scenario", study, variant)
    assert done.code == 0
    # The new one lies on the path from the house to the street, 11 m before its end. To the
    # other it is 11 m and 140 m more, 150 s and so two minutes and a half.
    assert "Zum nächsten Café 4 statt 6 Minuten." in done.out
    assert "»Café Neu« erreichen in 10 Minuten Menschen aus 1 von 1 Haus" in done.out
    folder = study / "out" / "scenarios" / "zweites-cafe"
    assert f"Geschrieben: {folder}" in done.out
    table = (folder / "changes.csv").read_text(encoding="utf-8-sig")
    assert table.splitlines()[1].startswith("haus-1;")
    note = (folder / "LIESMICH.txt").read_text(encoding="utf-8-sig")
    assert "Ausgangslage:  Ergebnis Nr. " in note


def test_the_folder_can_be_named_and_is_the_same_each_time(
    sozialraum: Run, study: Path, variant: Path, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        assert sozialraum("scenario", study, variant, "--out", tmp_path / name).code == 0
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert "isochrones.geojson" in files
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_the_answer_is_what_a_build_of_the_changed_file_says(study: Path, tmp_path: Path) -> None:
    # A café, a stop and a path from the house straight to the bakery: once as a variant, once
    # written into the OSM file and read as any other.
    variant = tmp_path / "v.toml"
    variant.write_text(
        f"""{VARIANT}
[[change]]
kind = "add_stop"
lon = 7.0030
lat = 51.0001
[[change]]
kind = "add_path"
points = [[7.002, 51.002], [7.004, 51.000]]
""",
        encoding="utf-8",
    )
    other = Path(shutil.copytree(study, tmp_path / "andere"))
    base = baseline_of(prepare(load_study(study)))
    table, base = base.table, answer(base, read_variant(variant)).after
    nodes = TOWN_NODES | {
        7: (7.0020, 51.0001, {"amenity": "cafe"}),
        8: (7.0030, 51.0001, {"highway": "bus_stop"}),
    }
    ways = TOWN_WAYS | {12: ([4, 3], {"highway": "footway"})}
    write_osm(other / "region.osm", nodes, ways, timestamp="2026-03-12T08:00:00Z")
    built = compute_snapshot(load_study(other))
    keys = ["profile", "state", "category"]
    access = {
        tuple(row[key] for key in keys): row
        for row in built.access.fillna({"nearest_id": ""}).to_dict("records")
    }
    ids = {"neu:cafe": "n7", "neu:2": "n8"}
    seen = 0
    for lane, (profile, state) in enumerate(base.lanes):
        for column, category in enumerate(base.categories):
            row = access[profile.id, state.value, category]
            nearest = str(base.table.nearest_id[lane, 0, column])
            assert row["nearest_id"] == ids.get(nearest, nearest)
            if nearest:
                assert row["nearest_s"] == base.table.nearest_s[lane, 0, column]
            counts = [row[f"n_{minutes:02d}"] for minutes in base.minutes]
            assert counts == base.table.counts[lane, 0, column].tolist()
            seen += nearest != str(table.nearest_id[lane, 0, column])
    # The café is nearer and the stop is new for all but those who must be sure of their way.
    assert seen == 2 * sum(state.value == "possible" or len(profile.states) == 1
                           for profile, state in base.lanes)  # fmt: skip
    areas = base.areas.set_index(["profile", "state", "minutes"]).geometry.to_wkb()
    drawn = built.isochrones.set_index(["profile", "state", "minutes"]).geometry.to_wkb()
    assert areas.to_dict() == drawn.to_dict()


def test_wrong_variants_write_nothing(sozialraum: Run, study: Path, variant: Path) -> None:
    variant.write_text(VARIANT.replace('"cafe"\nname', '"kaffee"\nname'), encoding="utf-8")
    done = sozialraum("scenario", study, variant)
    assert done.code == 2
    assert "die Kategorie »kaffee« gibt es nicht" in done.said
    assert str(variant) in done.err
    assert not (study / "out").exists()
    assert sozialraum("scenario", study, variant.with_name("fehlt.toml")).code == 2


def test_a_profile_that_is_not_computed(sozialraum: Run, study: Path, variant: Path) -> None:
    done = sozialraum("scenario", study, variant, "--profile", "plane")
    assert done.code == 2
    assert "Möglich sind: " in done.err
