"""Bad input: a German sentence with file, place and remedy, exit code 2, nothing lost."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.api.conftest import HOUSE, Run, feature, point, write_sites
from tests.osm_xml import write_osm

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


def _remove(name: str) -> Callable[[Path], None]:
    return lambda study: (study / name).unlink()


def _write(name: str, content: bytes) -> Callable[[Path], None]:
    def change(study: Path) -> None:
        (study / name).write_bytes(content)

    return change


def _settings(*lines: str) -> Callable[[Path], None]:
    def change(study: Path) -> None:
        (study / "study.toml").write_text("\n".join(lines), encoding="utf-8")

    return change


def _truncate(study: Path) -> None:
    data = (study / "region.osm").read_bytes()
    (study / "region.osm").write_bytes(data[: len(data) // 2])


def _sites(
    properties: dict[str, str], longitude: float, latitude: float
) -> Callable[[Path], None]:
    return lambda study: write_sites(
        study / "sites.geojson", feature(properties, point(longitude, latitude))
    )


BASE = ('name = "T"', 'extract = "region.osm"', 'sites = "sites.geojson"')

FAULTS: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "extract missing": (_remove("region.osm"), ["region.osm"]),
    "extract truncated": (_truncate, ["region.osm"]),
    "extract foreign": (_write("region.osm", PNG), ["region.osm"]),
    "extract of no bytes": (_write("region.osm", b""), ["region.osm"]),
    "extract without objects": (_write("region.osm", b"<osm version='0.6'/>"), ["region.osm"]),
    "settings missing": (_remove("study.toml"), ["study.toml", "sozialraum new"]),
    "settings no TOML": (_settings('name = "T'), ["study.toml", "nicht lesbar"]),
    "settings unknown key": (_settings(*BASE, "minuten = [5]"), ["minuten", "minutes"]),
    "settings key missing": (_settings('name = "T"', 'extract = "region.osm"'), ["»sites« fehlt"]),
    "settings two sources": (_settings(*BASE, 'place = "X"'), ["extract", "place"]),
    "settings wrong value": (_settings(*BASE, "speed_m_s = nan"), ["speed_m_s"]),
    "settings degrees": (_settings(*BASE, 'crs = "EPSG:4326"'), ["EPSG:4326", "Metern"]),
    "sites missing": (_remove("sites.geojson"), ["sites.geojson"]),
    "sites no JSON": (_write("sites.geojson", b"{"), ["sites.geojson"]),
    "sites foreign": (_write("sites.geojson", PNG), ["sites.geojson"]),
    "sites empty": (
        _write("sites.geojson", b'{"type": "FeatureCollection", "features": []}'),
        ["sites.geojson"],
    ),
    "sites unknown kind": (_sites(HOUSE | {"kind": "huose"}, 7.002, 51.0019), ["huose", "house"]),
    "sites swapped": (_sites(HOUSE, 51.0019, 7.002), ["vertauscht"]),
    "sites far away": (_sites(HOUSE, 9.99, 53.55), ["Haus Linde"]),
    "taxonomy missing": (_settings(*BASE, 'taxonomy = "t.toml"'), ["t.toml"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_bad_input_is_named_and_the_last_results_stay(
    sozialraum: Run, study: Path, fault: str
) -> None:
    (study / "out").mkdir()
    (study / "out" / "karte.html").write_text("die letzte gute Karte")
    change, words = FAULTS[fault]
    change(study)
    outcome = sozialraum("build", study)
    assert outcome.code == 2, outcome.said
    for word in words:
        assert word in outcome.said.replace("- ", "-"), outcome.said
    assert "Abhilfe" in outcome.said
    assert "Traceback" not in outcome.said
    assert [path.name for path in (study / "out").iterdir()] == ["karte.html"]
    assert (study / "out" / "karte.html").read_text() == "die letzte gute Karte"


def test_a_house_far_from_any_path_is_loud_and_without_results(
    sozialraum: Run, study: Path
) -> None:
    """The house stands 800 m north of the path's end (1° of latitude: 111.2 km)."""
    write_sites(
        study / "sites.geojson",
        feature(HOUSE, point(7.002, 51.0019)),
        feature(HOUSE | {"id": "fern", "name": "Haus Fern"}, point(7.002, 51.0092)),
    )
    outcome = sozialraum("build", study)
    assert outcome.code == 0, outcome.said
    assert "Haus Fern" in outcome.said
    times = (study / "out" / "access.csv").read_text(encoding="utf-8-sig")
    assert "haus-1" in times


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('profiles = ["rollstuhl"]', "Ein Profil »rollstuhl« gibt es nicht."),
        ("[profile.wheelchair]\nmax_kerb_cm = 300", "max_kerb_cm"),
        ("[profile.wheelchair]\nkerb = 3", "kerb"),
        ('[profile.neu]\nlabel = "Neu"', "neu"),
        ('dem = "fehlt.tif"', "Die Datei mit dem Höhenmodell gibt es nicht."),
        ('dem = "sites.geojson"', "sites.geojson"),
    ],
)
def test_wrong_profiles_and_terrain_models(
    line: str, said: str, sozialraum: Run, study: Path
) -> None:
    path = study / "study.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    outcome = sozialraum("build", study)
    assert outcome.code == 2
    assert said in outcome.said
    assert "Abhilfe" in outcome.said
    assert "Traceback" not in outcome.said
    assert not (study / "out").exists()


def test_the_folder_of_the_study_must_exist(sozialraum: Run, tmp_path: Path) -> None:
    outcome = sozialraum("build", tmp_path / "nirgends")
    assert outcome.code == 2
    assert "Den Ordner der Studie gibt es nicht." in outcome.said
    assert "nirgends" in outcome.said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Aufruf:"),
        (("buld",), "Den Befehl »buld« gibt es nicht. Gemeint ist vielleicht: build."),
        (("build",), "Es fehlt die Angabe »STUDIE«."),
        (("build", "a", "b"), "»b« ist eine Angabe zu viel."),
        (("build", "--ot", "x"), "Die Option »--ot« gibt es nicht."),
        (("export", "x"), "Es fehlt die Option »--format«."),
        (("export", "x", "--format", "pdf"), "»pdf« geht bei »--format« nicht."),
        (("sites", "x", "--take"), "Zur Option »--take« fehlt der Wert."),
    ],
)
def test_a_wrong_call_is_answered_in_german(
    sozialraum: Run, words: tuple[str, ...], said: str
) -> None:
    outcome = sozialraum(*words)
    assert outcome.code == 2
    assert said in outcome.said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(sozialraum: Run, study: Path) -> None:
    out = study / "fest"
    out.mkdir(mode=0o500)
    outcome = sozialraum("build", study, "--out", out)
    assert outcome.code == 2
    assert "Hier darf nicht geschrieben werden." in outcome.said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_keeps_the_last_results(study: Path, tmp_path: Path) -> None:
    small = tmp_path / "klein"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)], check=False
    )
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        (small / "karte.html").write_text("die letzte gute Karte")
        done = _sozialraum("build", study, "--out", small)
        assert done.returncode == 2, done.stderr
        assert "Platz" in done.stderr
        assert "Traceback" not in done.stderr
        assert [path.name for path in small.iterdir()] == ["karte.html"]
        assert (small / "karte.html").read_text() == "die letzte gute Karte"
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_ctrl_c_at_any_moment_leaves_whole_results(study: Path) -> None:
    """Interrupt builds at many moments: no traceback, and the old results or the new, whole."""
    assert _sozialraum("build", study).returncode == 0
    before = _digests(study / "out")
    write_osm(
        study / "region.osm",
        {number: (7.0 + number / 1e5, 51.0) for number in range(1, 2000)},
        {10: (list(range(1, 2000)), {"highway": "residential"})},
    )
    write_sites(study / "sites.geojson", feature(HOUSE, point(7.01, 51.0)))
    assert _sozialraum("build", study, "--out", study / "neu").returncode == 0
    after = _digests(study / "neu")
    assert after != before
    for tenths in (5, 10, 15) if "TEST_ALL" not in os.environ else range(2, 30):
        with subprocess.Popen(
            _command("build", study), stderr=subprocess.PIPE, text=True
        ) as process:
            time.sleep(tenths / 10)
            process.send_signal(signal.SIGINT)
            _, said = process.communicate()
        # Before the program has begun, Python itself answers the signal.
        if process.returncode == 130:
            assert "Abgebrochen." in said
            assert "Traceback" not in said
        whole = _digests(study / "out")
        assert whole in ((after,) if process.returncode == 0 else (before, after))


def test_another_study_does_not_overwrite(sozialraum: Run, study: Path) -> None:
    before = (study / "study.toml").read_text()
    outcome = sozialraum("new", study, "--extract", study / "region.osm")
    assert outcome.code == 2
    assert "schon eine Studie" in outcome.said
    assert (study / "study.toml").read_text() == before


def _command(*words: str | Path) -> list[str]:
    return [sys.executable, "-c", "from api.cli import main; main()", *map(str, words)]


def _sozialraum(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command(*words), check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )


def _digests(folder: Path) -> dict[str, str]:
    """Return a digest of every file but the report, which names the seconds spent."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "report.json"
    }


def test_new_needs_one_source(sozialraum: Run, tmp_path: Path) -> None:
    outcome = sozialraum("new", tmp_path / "neu")
    assert outcome.code == 2
    assert "--extract" in outcome.said
    assert "--place" in outcome.said
    assert not (tmp_path / "neu").exists()


def test_new_with_a_missing_extract_makes_nothing(sozialraum: Run, tmp_path: Path) -> None:
    outcome = sozialraum("new", tmp_path / "neu", "--extract", tmp_path / "fehlt.osm.pbf")
    assert outcome.code == 2
    assert "fehlt.osm.pbf" in outcome.said
    assert not (tmp_path / "neu").exists()


def test_export_before_the_first_build(sozialraum: Run, study: Path) -> None:
    shutil.rmtree(study / "out", ignore_errors=True)
    outcome = sozialraum("export", study, "--format", "csv")
    assert outcome.code == 2
    assert "sozialraum build" in outcome.said
