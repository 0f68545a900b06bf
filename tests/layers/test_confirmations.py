"""What somebody has seen: written, read, taken back; broken files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import StudyError
from layers.confirmations import (
    Confirmation,
    add_confirmation,
    check_confirmations,
    confirmations_digest,
    make_confirmation,
    read_confirmations,
    undo_confirmation,
    winning,
)
from layers.study import Study, StudySettings

HEAD = "house_id;category;status;by;on;note\n"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return study_in(tmp_path)


def study_in(folder: Path) -> Study:
    settings = StudySettings(name="x", extract="x.osm", sites="s.geojson")
    return Study(folder=folder, settings=settings)


def record(
    house: str = "h", category: str = "doctors", status: str = "missing", on: str = "2026-11-22"
) -> Confirmation:
    return make_confirmation(house, category, status=status, by="Amt", on=on)


def write(study: Study, text: str, encoding: str = "utf-8") -> Path:
    path = study.folder / "confirmations.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_what_is_written_is_read(study: Study) -> None:
    assert read_confirmations(study) == ()
    one = make_confirmation(
        "h", "doctors", status="missing", by='Amt; "Mitte"', on="2026-11-22", note="zu, seit 2024"
    )
    add_confirmation(study, one)
    assert read_confirmations(study) == (one,)
    text = (study.folder / "confirmations.csv").read_text(encoding="utf-8-sig")
    assert text == HEAD + 'h;doctors;missing;"Amt; ""Mitte""";2026-11-22;zu, seit 2024\n'


def test_records_are_sorted_and_none_is_replaced(study: Study) -> None:
    for one in (
        record("z"),
        record("a", "park"),
        record(on="2026-01-02"),
        record(on="2025-01-02"),
        record(status="exists", on="2025-01-02"),
    ):
        add_confirmation(study, one)
    assert [
        (one.house_id, one.category, one.on, one.status) for one in read_confirmations(study)
    ] == [
        ("a", "park", "2026-11-22", "missing"),
        ("h", "doctors", "2025-01-02", "missing"),
        ("h", "doctors", "2025-01-02", "exists"),  # as it came, though it sorts before
        ("h", "doctors", "2026-01-02", "missing"),
        ("z", "doctors", "2026-11-22", "missing"),
    ]


def test_the_latest_date_wins_and_on_the_same_day_the_last_line() -> None:
    old, new = record(on="2025-01-02"), record(status="exists", on="2025-01-03")
    assert winning([new, old], "h", "") == {"doctors": new}
    first, last = record(), record(status="exists")
    assert winning([first, last], "h", "") == {"doctors": last}
    assert winning([last, first], "h", "") == {"doctors": first}


def test_a_record_about_the_grounds_counts_unless_the_house_has_one() -> None:
    grounds, own = record("s", status="exists"), record("h")
    assert winning([grounds], "h", "s") == {"doctors": grounds}
    assert winning([grounds], "h", "") == {}
    assert winning([grounds], "s", "s") == {"doctors": grounds}
    for records in ([grounds, own], [own, grounds]):
        assert winning(records, "h", "s") == {"doctors": own}
    # But somebody has looked again since.
    later = record("s", status="exists", on="2026-11-23")
    assert winning([own, later], "h", "s") == {"doctors": later}
    # A house off any grounds is not meant by a record about a house without a name.
    assert winning([Confirmation("", "doctors", "exists", "Amt", "2026-11-22")], "h", "") == {}


def test_undo_takes_the_last_one_of_the_pair(study: Study) -> None:
    for one in (
        record(on="2026-02-02"),
        record(on="2026-03-03"),
        record("h", "park"),
        record("s"),
    ):
        add_confirmation(study, one)
    before = (study.folder / "confirmations.csv").read_bytes()
    added = record(status="exists", on="2026-03-03")
    add_confirmation(study, added)
    assert undo_confirmation(study, "h", "doctors") == added
    assert (study.folder / "confirmations.csv").read_bytes() == before
    assert undo_confirmation(study, "h", "doctors").on == "2026-03-03"
    assert undo_confirmation(study, "h", "doctors").on == "2026-02-02"
    with pytest.raises(StudyError, match="nichts bestätigt"):
        undo_confirmation(study, "h", "doctors")
    assert [one.house_id + one.category for one in read_confirmations(study)] == [
        "hpark",
        "sdoctors",
    ]


@pytest.mark.parametrize(
    ("on", "iso"),
    [
        ("2026-11-22", "2026-11-22"),
        ("22.11.2026", "2026-11-22"),
        ("1.2.2026", "2026-02-01"),
        ("2026-02-29", None),
        ("2024-02-29", "2024-02-29"),
        ("2026-13-01", None),
        ("20261122", None),
        ("2026-W47-7", None),
        ("gestern", None),
        ("0000-01-01", None),
        ("٢٠٢٦-١١-٢٢", None),
        ("", None),
    ],
)
def test_dates(on: str, iso: str | None) -> None:
    if iso is not None:
        assert record(on=on).on == iso
        return
    with pytest.raises(StudyError, match="ist kein Datum") as fault:
        record(on=on)
    assert fault.value.where == "--on"


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"by": "   "}, "--by"),
        ({"by": "x" * 101}, "--by"),
        ({"note": "x" * 301}, "--note"),
        ({"status": "vielleicht"}, "--status"),
    ],
)
def test_texts_that_do_not_do(changed: dict[str, str], where: str) -> None:
    given = {"status": "exists", "by": "Amt", "on": "2026-11-22", "note": "", **changed}
    with pytest.raises(StudyError) as fault:
        make_confirmation("h", "doctors", **given)
    assert fault.value.where == where


def test_a_formula_stays_text_however_often_it_is_written(study: Study) -> None:
    one = make_confirmation("h", "doctors", status="exists", by="=cmd()", on="2026-11-22")
    assert one.by == "'=cmd()"
    add_confirmation(study, one)
    add_confirmation(study, record("z"))
    assert read_confirmations(study)[0] == one


@settings(max_examples=500 if os.environ.get("TEST_ALL") else 25, deadline=None)
@given(
    by=st.text(min_size=1, max_size=60),
    note=st.text(max_size=80),
)
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, by: str, note: str) -> None:
    study = study_in(tmp_path_factory.mktemp("studie"))
    try:
        one = make_confirmation("h", "doctors", status="exists", by=by, on="2026-11-22", note=note)
    except StudyError:
        assert not any(sign.isalnum() for sign in by)
        return
    add_confirmation(study, one)
    add_confirmation(study, record())
    assert one in read_confirmations(study)


def test_what_a_spreadsheet_makes_of_the_file_is_read(study: Study) -> None:
    expected = (Confirmation("h", "doctors", "missing", "Amt", "2026-11-22", ""),)
    for text in (
        HEAD + "h;doctors;missing;Amt;22.11.2026;\n",
        HEAD.replace("\n", "\r\n") + "h;doctors;missing;Amt;2026-11-22;\r\n;;;;;\r\n\r\n",
        "by,on,category,house_id,status,Farbe\nAmt,2026-11-22,doctors,h,missing,rot\n",
        "\ufeff" + HEAD + '"h";"doctors";"missing";" Amt ";"2026-11-22";""\n',
        "house_id;category;status;by;on\nh;doctors;missing;Amt;2026-11-22\n",
    ):
        write(study, text)
        assert read_confirmations(study) == expected


@pytest.mark.parametrize(
    ("rows", "line", "said"),
    [
        ("h;doctors;fehlt;Amt;2026-11-22;\n", 2, "»fehlt«"),
        ("h;doctors;missing;Amt;2026-11-22;\n\nh;doctors;missing;Amt;gestern;\n", 4, "»gestern«"),
        ('h;doctors;missing;"a\nb";2026-11-22;\nh;;missing;Amt;2026-11-22;\n', 4, "category"),
        ("h;doctors\n", 2, "status, by, on"),
        ('h;doctors;missing;"Amt;2026-11-22;\n', 2, "Anführungszeichen"),
        (f"h;doctors;missing;{'x' * 101};2026-11-22;\n", 2, "»by«"),
    ],
)
def test_a_broken_line_is_named(study: Study, rows: str, line: int, said: str) -> None:
    path = write(study, HEAD + rows)
    before = path.read_bytes()
    for use in (
        read_confirmations,
        confirmations_digest,
        lambda one: add_confirmation(one, record()),
    ):
        with pytest.raises(StudyError) as fault:
            use(study)
        assert str(fault.value.where) == f"{path}, Zeile {line}"
        assert said in str(fault.value)
    assert path.read_bytes() == before


def test_a_broken_head_and_a_broken_encoding(study: Study) -> None:
    write(study, "haus;kategorie\n1;2\n")
    with pytest.raises(StudyError, match="Kopfzeile fehlt: house_id, category"):
        read_confirmations(study)
    path = write(study, HEAD + "h;doctors;missing;Büro;2026-11-22;\n", encoding="cp1252")
    with pytest.raises(StudyError, match="CSV UTF-8") as fault:
        read_confirmations(study)
    assert str(fault.value.where) == f"{path}, Zeile 2"
    write(study, "")
    assert read_confirmations(study) == ()
    path.unlink()
    path.mkdir()
    with pytest.raises(StudyError, match="kann nicht gelesen werden"):
        read_confirmations(study)


def test_a_file_too_large_to_be_one(study: Study) -> None:
    write(study, HEAD + "x" * 5_000_001)
    with pytest.raises(StudyError, match="zu groß"):
        read_confirmations(study)


def test_the_digest_follows_what_is_said_not_how(study: Study) -> None:
    assert confirmations_digest(study) == ""
    write(study, HEAD)
    assert confirmations_digest(study) == ""
    write(study, HEAD + "h;doctors;missing;Amt;2026-11-22;\n")
    one = confirmations_digest(study)
    write(study, "\ufeff" + HEAD + "\r\nh;doctors;missing;Amt;22.11.2026;\r\n")
    assert confirmations_digest(study) == one
    write(study, HEAD + "h;doctors;exists;Amt;2026-11-22;\n")
    assert confirmations_digest(study) not in {"", one}


def test_records_about_what_is_not_there_are_told(study: Study) -> None:
    records = [record("h"), record("x"), record("x"), record("h", "dragons")]
    found = check_confirmations(study, records, ["h", "s"], ["doctors"])
    assert [(one.code, one.count, one.examples) for one in found] == [
        ("confirmations.unknown_house", 2, ("x",)),
        ("confirmations.unknown_category", 1, ("dragons",)),
    ]
    assert check_confirmations(study, [record("s")], ["h", "s"], ["doctors"]) == ()
