"""The public release of a build: searched before it is shown, and refused for any leak.

Leaks are made on purpose, one field each. Canaries in the files that a study is made from:
``test_input_canaries``.
"""

from __future__ import annotations

import csv
import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import api.public_release
from api.public_release import PUBLIC_FOLDER, check_step, write_public
from geo.errors import ReleaseError
from layers import canaries, exports, public_snapshot, release
from layers.layer_frames import Exported, export_snapshot
from layers.layer_info import LAYERS
from layers.neighbourhood import describe_neighbourhood
from layers.release_list import LIST_FILE
from layers.snapshot import Snapshot
from layers.store import read_exported
from layers.whitelist import NEEDED, load_release
from tests.api.conftest import Run
from tests.geo.drawings import draw
from tests.layers import sample
from tests.layers.peopled import peopled

SNAPSHOT = dataclasses.replace(
    sample.sample_snapshot(), counts={"x": 1}, digests={"sites": "abc"}, fictional=False
)


def filled(exported: Exported) -> Exported:
    """Return the sample with a row in every layer that never leaves."""
    made: dict[str, Any] = dict(exported.layers)
    for name in ("needs", "house_reach", "ranking_criteria", "ranking_projects"):
        made[name] = pd.DataFrame(
            {
                column: pd.Series(
                    [1 if pd.api.types.is_any_real_numeric_dtype(kind) else "vertraulich"]
                ).astype(kind)
                for column, kind in made[name].dtypes.items()
            }
        )
    return dataclasses.replace(exported, layers=made)


EXPORTED = filled(export_snapshot(SNAPSHOT))


def published(folder: Path) -> Any:
    return write_public(SNAPSHOT, EXPORTED, load_release(), folder)


# ------------------------------------------------------------- without a fault


def test_the_list_names_every_field_of_every_file(tmp_path: Path) -> None:
    made = published(tmp_path)
    with (tmp_path / LIST_FILE).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert list(rows[0]) == ["Datei", "Ebene", "Spalte", "Titel", "Quelle", "Lizenz"]
    assert len(rows) == made.fields
    public = tmp_path / PUBLIC_FOLDER
    files = {path.relative_to(public).as_posix() for path in public.rglob("*") if path.is_file()}
    assert {row["Datei"] for row in rows} == files
    assert len(files) == made.files
    assert all(row["Titel"] and row["Quelle"] and row["Lizenz"] for row in rows)
    # What is listed for a table is what its head says.
    with (public / "places.csv").open(encoding="utf-8-sig", newline="") as file:
        head = next(csv.reader(file, delimiter=";"))
    assert [row["Spalte"] for row in rows if row["Datei"] == "places.csv"] == head
    assert f"alle {made.fields} Felder" in made.line
    assert not any(row["Spalte"] in {"places", "outline", "confirmed_by"} for row in rows)


def test_the_report_of_the_public_release_names_its_files_and_nothing_internal(
    tmp_path: Path,
) -> None:
    published(tmp_path)
    public = tmp_path / PUBLIC_FOLDER
    report = json.loads((public / "report.json").read_text(encoding="utf-8"))
    assert sorted(report) == [
        "facts", "files", "layers", "release", "smallest_count", "snapshot",
    ]  # fmt: skip
    files = {path.relative_to(public).as_posix() for path in public.rglob("*") if path.is_file()}
    assert set(report["files"]) == files - {"report.json"}
    assert set(report["layers"]) == set(load_release().layers)
    note = (public / "LIESMICH.txt").read_text(encoding="utf-8-sig")
    assert "internen Gebrauch" not in note
    assert "Öffentliche Fassung" in note
    assert not any(f"{name}.csv" in note for name in ("needs", "ranking"))


def test_the_same_study_gives_the_same_public_bytes(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        published(tmp_path / name)
    first, second = (
        json.loads((tmp_path / name / PUBLIC_FOLDER / "report.json").read_text(encoding="utf-8"))
        for name in "ab"
    )
    assert first == second


def test_every_file_says_where_its_data_come_from(tmp_path: Path) -> None:
    published(tmp_path)
    public = tmp_path / PUBLIC_FOLDER
    for path in sorted(public.rglob("*")):
        if path.suffix == ".geojson":
            members = json.loads(path.read_text(encoding="utf-8"))
            assert members["attribution"], path
            assert members["licence"], path
            assert "timestamp" in members or not LAYERS[path.stem].derived, path
        elif path.suffix == ".csv":
            head = path.read_text(encoding="utf-8-sig").splitlines()[0].split(";")
            assert {"quelle", "lizenz", "stand"} <= set(head), path
    assert "OpenStreetMap-Mitwirkende" in (public / "karte.html").read_text(encoding="utf-8")
    assert "ODbL" in (public / "LIESMICH.txt").read_text(encoding="utf-8-sig")


def test_a_shorter_list_shortens_files_and_map(tmp_path: Path) -> None:
    kept: dict[str, Any] = dict(load_release().layers)
    del kept["partners"], kept["coverage"], kept["travel_times"]
    kept |= {name: NEEDED[name] for name in ("services", "access", "gates")}
    shorter = dataclasses.replace(load_release(), layers=kept)
    write_public(SNAPSHOT, EXPORTED, shorter, tmp_path)
    public = tmp_path / PUBLIC_FOLDER
    assert not (public / "coverage.csv").exists()
    assert not (public / "geojson/partners.geojson").exists()
    access = (public / "access.csv").read_text(encoding="utf-8-sig").splitlines()[0].split(";")
    assert not {"n_05", "minuten", "nearest_s", "naechster_ort", "detour"} & set(access)
    assert {"gelaende", "ergebnis"} <= set(access)
    properties = json.loads((public / "geojson/services.geojson").read_text(encoding="utf-8"))
    assert set(properties["features"][0]["properties"]) == set(NEEDED["services"])
    # Bakeries have opening hours and an address, and those are services only.
    for path in [public / "karte.html", *public.glob("karte/*.json")]:
        text = path.read_text(encoding="utf-8")
        assert "Mo-Sa 06:00-18:00" not in text
        assert "Dorfstraße 1, 49999" not in text


def test_another_step_than_that_of_an_earlier_release_is_refused(tmp_path: Path) -> None:
    published(tmp_path)  # in steps of five
    for smallest, fits in ((5, True), (3, False), (10, True), (7, False), (12, False)):
        other = dataclasses.replace(load_release(), smallest_count=smallest)
        if fits:
            check_step(tmp_path, other)
        else:
            with pytest.raises(ReleaseError, match="Schritten von 5 Menschen"):
                check_step(tmp_path, other)
    check_step(tmp_path / "nirgends", load_release())
    (tmp_path / PUBLIC_FOLDER / "report.json").write_text("kaputt", encoding="utf-8")
    check_step(tmp_path, dataclasses.replace(load_release(), smallest_count=7))


def peopled_snapshot() -> Snapshot:
    """Return the sample with three, four and seven neighbours at the gate of its one site.

    10 m to a character: three people live 60 m from the gate t, four more 180 m from it. At
    1 m/s three come within 2 minutes and all seven within 5.
    """
    town = draw(
        """
        t     a           b
        A-----C-----------D
        """,
        metres=10,
        ways={"ACD": "highway=footway"},
        houses={"t": ""},
        places={"a": "", "b": ""},
    )
    people = peopled(town, {"a": 3.0, "b": 4.0}, {"t": 24.0}, minutes=(2, 5))
    neighbourhood = describe_neighbourhood(people)
    # The house t stands for the grounds: what is counted is who comes to it.
    reach = neighbourhood.house_reach.assign(site_id="g-waldhof", gate="open")
    reached = dataclasses.replace(neighbourhood, house_reach=reach)
    return dataclasses.replace(SNAPSHOT, neighbourhood=reached)


@pytest.mark.parametrize(
    ("smallest", "told"),
    [(3, [3, 6]), (4, [None, 4]), (5, [None, 5]), (7, [None, 7]), (8, [None, None])],
)
def test_the_smallest_count_is_that_of_the_study(
    tmp_path: Path, smallest: int, told: list[int | None]
) -> None:
    # Three people in two minutes and seven in five. The internal files never tell three.
    snapshot = peopled_snapshot()
    internal = export_snapshot(snapshot)
    assert internal.layers["site_reach"]["neighbours"].tolist() == [pd.NA, 7]
    release_of_study = dataclasses.replace(load_release(), smallest_count=smallest)
    made = write_public(snapshot, internal, release_of_study, tmp_path)
    assert made.exported.facts["smallest_count"] == str(smallest)
    read = read_exported(tmp_path / PUBLIC_FOLDER / "snapshot.gpkg").layers["site_reach"]
    assert [None if one is pd.NA else one for one in read["neighbours"]] == told
    assert read["neighbours_state"].tolist() == [
        "protected" if one is None else "counted" for one in told
    ]


def test_an_unprotected_count_stops_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = peopled_snapshot()
    monkeypatch.setattr(release, "suppress", lambda rows, _smallest: rows)
    with pytest.raises(ReleaseError, match="ungeschützte Zahl"):
        write_public(snapshot, export_snapshot(snapshot), load_release(), tmp_path)
    assert not (tmp_path / PUBLIC_FOLDER / "snapshot.gpkg").exists()


# --------------------------------------------------------------- leaks on purpose


def leak_list(monkeypatch: pytest.MonkeyPatch, layer: str, *, rows: bool = False) -> None:
    """Put a layer on the list that must never be there, if need be with its rows of houses."""
    if rows:
        leak_rows(monkeypatch)
    faulty = dataclasses.replace(load_release(), layers={**load_release().layers, layer: ("*",)})
    monkeypatch.setattr("tests.api.test_public_release.load_release", lambda: faulty)


def leak_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the rows of houses through."""
    monkeypatch.setattr(release, "of_origins", lambda frame, _sites: frame)


def leak_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all columns through."""
    faulty = dataclasses.replace(EXPORTED, layers={
        **EXPORTED.layers,
        "sites": EXPORTED.layers["sites"].assign(contact="Frau Beispiel"),
    })  # fmt: skip
    monkeypatch.setattr("tests.api.test_public_release.EXPORTED", faulty)
    monkeypatch.setattr(release, "typed", lambda frame, _columns: frame)
    monkeypatch.setattr("layers.release_list._title", lambda *_: "x")


def leak_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all facts through."""
    monkeypatch.setattr(
        release, "_facts", lambda exported, *_: {**exported.facts, "smallest_count": "5"}
    )


def leak_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a table of the internal release into the public folder."""

    def write(public: Exported, folder: Path, *more: Any) -> None:
        exports.write_files(public, folder, *more)
        (folder / "mehr.csv").write_text(kept_back[0].layers["houses"].to_csv(), encoding="utf-8")

    kept_back: list[Exported] = []
    real = canaries.marked_exported

    def kept(*arguments: Any) -> Exported:
        kept_back.append(real(*arguments))
        return kept_back[-1]

    monkeypatch.setattr(api.public_release, "marked_exported", kept)
    monkeypatch.setattr(api.public_release, "write_files", write)


def leak_map(**changes: Callable[[Any], Any]) -> Callable[[pytest.MonkeyPatch], None]:
    """Let the public map have fields of the internal snapshot."""

    def leak(monkeypatch: pytest.MonkeyPatch) -> None:
        real = public_snapshot.public_snapshot

        def faulty(snapshot: Any, *more: Any) -> Any:
            made = {name: change(snapshot) for name, change in changes.items()}
            return dataclasses.replace(real(snapshot, *more), **made)

        monkeypatch.setattr(api.public_release, "public_snapshot", faulty)

    return leak


FILE_LEAKS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "houses on the list": lambda patch: leak_list(patch, "houses"),
    "needs on the list": lambda patch: leak_list(patch, "needs", rows=True),
    "reach of houses": lambda patch: leak_list(patch, "house_reach", rows=True),
    "criteria on the list": lambda patch: leak_list(patch, "ranking_criteria"),
    "rows of houses": leak_rows,
    "an unknown column": leak_columns,
    "facts": leak_facts,
    "a table more": leak_table,
}
MAP_LEAKS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "findings": leak_map(findings=lambda full: full.findings),
    "name of the extract": leak_map(source=lambda full: full.source),
    "internal id": leak_map(id=lambda full: full.id),
    "name of a house on a gate": leak_map(
        gates=lambda full: full.gates.assign(name=full.houses["name"].iloc[0])
    ),
    "sentences about houses": leak_map(
        summaries=lambda full: {
            profile: {"g-waldhof": [text for said in origins.values() for text in said]}
            for profile, origins in full.summaries.items()
        }
    ),
    "places of the risk layer": leak_map(
        places=lambda full: full.places.assign(layer="services", category="bakery")
    ),
    "houses": leak_map(houses=lambda full: full.houses),
    "needs": leak_map(neighbourhood=lambda full: full.neighbourhood),
    "rankings": leak_map(placement=lambda full: full.placement),
}


@pytest.mark.parametrize("fault", sorted(FILE_LEAKS))
def test_a_leak_into_a_file_stops_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(api.public_release, "write_map", lambda *_: None)
    FILE_LEAKS[fault](monkeypatch)
    # A column that nobody has described cannot even be written.
    with pytest.raises((ReleaseError, LookupError), match=r"stünde Internes|no column contact"):
        published(tmp_path)


@pytest.mark.parametrize("fault", sorted(MAP_LEAKS))
def test_a_leak_into_the_map_stops_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(api.public_release, "write_files", lambda *_: None)
    MAP_LEAKS[fault](monkeypatch)
    # The map itself refuses to be public with houses, needs or projects.
    with pytest.raises((ReleaseError, ValueError), match=r"Internes|a public map"):
        published(tmp_path)


def test_a_build_with_a_leak_replaces_nothing(
    study: Path, sozialraum: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sozialraum("build", study).code == 0
    before = {path: path.read_bytes() for path in (study / "out").rglob("*") if path.is_file()}
    leak_facts(monkeypatch)
    outcome = sozialraum("build", study)
    assert outcome.code == 2
    assert "In der öffentlichen Fassung stünde Internes: metadata." in outcome.said
    assert "Traceback" not in outcome.said
    assert {path: path.read_bytes() for path in before} == before
    assert {path for path in (study / "out").rglob("*") if path.is_file()} == set(before)


def test_names_of_houses_that_openstreetmap_knows_are_not_on_the_public_map(
    musterhausen: Path,
) -> None:
    # The example's buildings carry the names of its houses.
    inside = (musterhausen / "out/karte.html").read_text(encoding="utf-8")
    houses = ("Haus Ahorn", "Haus Birke", "Haus Linde")
    assert all(name in inside for name in houses)
    for path in (musterhausen / "out" / PUBLIC_FOLDER).rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert [name for name in houses if name.encode() in content] == [], path.name
