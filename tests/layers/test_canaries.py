"""Canaries stand in place of all that is internal, and are found wherever a format puts them."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import io
import sqlite3
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from geo.errors import ReleaseError
from layers.canaries import NEVER, Canaries, make_canaries, marked_exported, marked_snapshot
from layers.canary_search import Leak, canaries_in, require_none
from layers.layer_frames import export_snapshot
from layers.release import released
from layers.whitelist import load_release
from tests.layers import sample

SECRET = ("h-linde", "h-markt", "Haus Linde", "Haus am Markt", "musterhausen.osm")


@pytest.fixture
def canaries() -> Canaries:
    made = make_canaries("0123456789abcdef")
    made.text("houses.id")
    made.text("houses.name")
    return made


def test_marks_follow_from_the_inputs_and_cannot_be_guessed() -> None:
    first, again, other = (make_canaries(key) for key in ("a" * 16, "a" * 16, "b" * 16))
    assert (first.mark, first.number) == (again.mark, again.number)
    assert first.mark != other.mark
    assert first.number != other.number
    assert first.mark.isalnum()
    assert first.mark.islower()


def test_every_internal_value_of_the_files_is_overwritten(canaries: Canaries) -> None:
    exported = export_snapshot(sample.sample_snapshot())
    extra = exported.layers["services"].assign(target_group="Sucht", capacity=24)
    exported = dataclasses.replace(exported, layers={**exported.layers, "services": extra})
    marked = marked_exported(exported, load_release(), canaries)
    text = "\n".join(frame.to_csv() for frame in [*marked.layers.values(), marked.summaries])
    assert [word for word in (*SECRET, "Sucht") if word in text] == []
    assert set(marked.layers["services"]["capacity"]) == {canaries.number}
    houses, before = marked.layers["houses"], exported.layers["houses"]
    assert len(houses) == len(before)
    assert not houses.geometry.intersects(before.geometry.union_all()).any()
    assert marked.facts["extract"].startswith(canaries.mark)
    assert marked.facts["snapshot"].startswith(canaries.mark)
    assert "musterhausen.osm" not in str(marked.facts)


def test_what_leaves_is_the_same_from_the_marked_copy(canaries: Canaries) -> None:
    exported, release = export_snapshot(sample.sample_snapshot()), load_release()
    plain = released(exported, release)
    marked = released(marked_exported(exported, release, canaries), release)
    assert dict(marked.facts) == dict(plain.facts)
    for name, frame in plain.layers.items():
        pd.testing.assert_frame_equal(pd.DataFrame(marked.layers[name]), pd.DataFrame(frame))
    pd.testing.assert_frame_equal(marked.summaries, plain.summaries)


def test_layers_that_never_leave_are_overwritten_even_if_the_list_names_them(
    canaries: Canaries,
) -> None:
    release = load_release()
    faulty = dataclasses.replace(
        release, layers={**release.layers, **dict.fromkeys(NEVER, ("*",))}
    )
    marked = marked_exported(export_snapshot(sample.sample_snapshot()), faulty, canaries)
    assert marked.layers["houses"]["name"].str.startswith(canaries.mark).all()


def test_categories_of_travel_times_are_overwritten_too(canaries: Canaries) -> None:
    full = sample.sample_snapshot()
    times = full.travel_times.astype({"from_id": "category", "to_id": "category"})
    marked = marked_snapshot(
        dataclasses.replace(full, travel_times=times), load_release(), canaries
    ).travel_times
    origins = set(marked["from_id"].cat.categories)
    assert "g-waldhof" in origins
    assert not {"h-linde", "h-markt"} & origins
    kept = marked["from_id"] == "g-waldhof"
    before = times[times["from_id"] == "g-waldhof"]
    assert marked.loc[kept, "to_id"].astype("str").tolist() == before["to_id"].tolist()
    assert set(marked.loc[~kept, "travel_time_s"]) == {canaries.number}


def test_a_marked_snapshot_holds_nothing_internal(canaries: Canaries) -> None:
    full = dataclasses.replace(sample.sample_snapshot(), digests={"sites": "abc"})
    marked = marked_snapshot(full, load_release(), canaries)
    frames = [marked.houses, marked.access, marked.isochrones, marked.places, marked.gates]
    said = [str(marked.summaries), str(marked.findings), marked.id, marked.source]
    text = "\n".join([*(frame.to_csv() for frame in frames), *said, str(marked.digests)])
    assert [word for word in (*SECRET, "Glückshaus", "abc") if word in text] == []
    assert marked.houses["outline"].isna().all()
    with pytest.raises(ReleaseError, match=r"neighbourhood\.needs"):
        _ = marked.neighbourhood.needs  # type: ignore[union-attr]
    with pytest.raises(ReleaseError, match=r"placement\.rankings"):
        _ = marked.placement.rankings  # type: ignore[union-attr]


# ------------------------------------------------------------------ searching


def zipped(content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.txt", content)
    return made.getvalue()


def packed(content: bytes) -> bytes:
    return b'{"data":"' + base64.b64encode(zlib.compress(content, 6)) + b'"}'


FORMS: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda text: b"a;" + text + b";b",
    "capitals": lambda text: text.upper(),
    "utf16": lambda text: text.decode().encode("utf-16"),
    "zip": zipped,
    "gzip": gzip.compress,
    "gzip_in_zip": lambda text: zipped(gzip.compress(text)),
    "map_pack": packed,
    "base64": lambda text: base64.b64encode(b"0123456789" + text),
    "url": lambda text: b"https://example/?q=" + text + b"%20x",
}


@pytest.mark.parametrize("form", sorted(FORMS))
def test_a_canary_is_found_in_any_form(tmp_path: Path, canaries: Canaries, form: str) -> None:
    (tmp_path / "sub").mkdir()
    content = FORMS[form](f"vorn {canaries.text('houses.name')} hinten".encode())
    (tmp_path / "sub/x.bin").write_bytes(content)
    (tmp_path / "clean.txt").write_text("nichts", encoding="utf-8")
    assert canaries_in(tmp_path, canaries) == [Leak("sub/x.bin", "houses.name")]
    with pytest.raises(ReleaseError, match=r"houses\.name in sub/x\.bin"):
        require_none(tmp_path, canaries)


def test_canaries_in_databases(tmp_path: Path, canaries: Canaries) -> None:
    path = tmp_path / "a.gpkg"
    with closing(sqlite3.connect(path)) as database:
        database.execute('CREATE TABLE "t ""x" (a TEXT, "select" INTEGER, r REAL)')
        # Longer than a page: the mark lies across the end of one.
        for length in range(4000, 4100, 7):
            text = "x" * length + canaries.text("houses.id")
            database.execute('INSERT INTO "t ""x" VALUES (?, 1, 2.0)', (text,))
        database.commit()
    assert canaries_in(tmp_path, canaries) == [Leak("a.gpkg", "houses.id")]
    with closing(sqlite3.connect(path)) as database:
        database.execute('DELETE FROM "t ""x"')
        database.execute('INSERT INTO "t ""x" VALUES (NULL, 1, ?)', (float(canaries.number),))
        database.commit()
        database.execute("VACUUM")
    assert canaries_in(tmp_path, canaries) == [Leak("a.gpkg", "eine Zahl")]


def test_canaries_in_numbers_and_file_names(tmp_path: Path, canaries: Canaries) -> None:
    (tmp_path / "a.csv").write_text(f"x;{canaries.number}\n", encoding="utf-8")
    (tmp_path / f"{canaries.text('houses.id')}.txt").write_text("", encoding="utf-8")
    found = {leak.field for leak in canaries_in(tmp_path, canaries)}
    assert found == {"eine Zahl", "houses.id"}


def test_nothing_is_found_where_nothing_is(tmp_path: Path, canaries: Canaries) -> None:
    # Somebody names a shop so: without the digest of the inputs it is no canary.
    text = f"Kanarienvogel kanarie0001 {abs(canaries.number) + 1} n{abs(canaries.number)}"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"A" * 99 + b"=" + base64.b64encode(bytes(range(99))))
    (tmp_path / "c.json").write_bytes(packed(b"clean"))
    assert canaries_in(tmp_path, canaries) == []
    require_none(tmp_path, canaries)


def test_many_leaks_are_counted(tmp_path: Path, canaries: Canaries) -> None:
    for number in range(8):
        text = canaries.text(f"layer.column{number}")
        (tmp_path / f"{number}.txt").write_text(text, encoding="utf-8")
    with pytest.raises(ReleaseError, match="und 3 weitere") as fault:
        require_none(tmp_path, canaries)
    assert "unverändert" in str(fault.value)
