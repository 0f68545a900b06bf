"""Files of a study with profiles on wheels: sure and possible, and how much is known."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from geo.coverage import COLUMNS
from geo.profiles import load_profiles
from geo.sites import Sites
from layers.access import access_indicators
from layers.exports import write_all, write_format
from layers.layer_frames import Exported, export_snapshot
from layers.report import report_content, write_report
from layers.snapshot import Snapshot
from layers.store import read_exported
from tests.layers import sample

PROFILES = {key: load_profiles()[key] for key in ("resident", "rollator")}
_COVERAGE = [
    ("h-linde", "rollator", 5, 400.0, 100.0, 75.0, 0.0),
    ("h-linde", "rollator", 10, 900.5, 300.5, 66.6, 12.5),
    ("h-markt", "rollator", 5, 0.0, 0.0, None, None),
    ("h-markt", "rollator", 10, 500.0, 500.0, 0.0, 100.0),
]


def on_wheels() -> Snapshot:
    """Return the sample town with a rollator: only what lies in the village is sure."""
    times = sample.travel_times()
    possible = times.assign(profile="rollator", state="possible", unknown_m=50.0, by_hours=True)
    sure = possible[possible["from_id"] == "h-markt"].assign(state="confirmed", unknown_m=0.0)
    everything = pd.concat([times, possible, sure], ignore_index=True)
    access = access_indicators(
        sample.places(),
        everything,
        Sites(sample.sites(), sample.houses(), sample.gates()),
        sample.TAXONOMY,
        minutes=sample.MINUTES,
        max_minutes=sample.MAX_MINUTES,
        profiles=PROFILES,
    )
    keys = dict.fromkeys(("from_id", "to_id", "profile", "state"), "category")
    return dataclasses.replace(
        sample.sample_snapshot(),
        profiles=PROFILES,
        travel_times=everything.astype(keys),
        access=access,
        coverage=pd.DataFrame(_COVERAGE, columns=list(COLUMNS)).astype(COLUMNS),
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Exported]:
    folder = tmp_path_factory.mktemp("wheels")
    return folder, write_all(on_wheels(), folder)


def table(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, sep=";", decimal=",", encoding="utf-8-sig", keep_default_na=False)


def test_what_is_known_of_ways_as_a_table(made: tuple[Path, Exported]) -> None:
    written = table(made[0] / "coverage.csv")
    assert written["haus"].tolist() == ["Haus Linde"] * 2 + ["Haus am Markt"] * 2
    assert set(written["profil"]) == {"Mit Rollator"}
    assert written["unknown_percent"].tolist() == ["75,0", "66,6", "", "0,0"]
    assert written["seated_percent"].tolist() == ["0,0", "12,5", "", "100,0"]
    assert written["reached_m"].tolist() == [400.0, 900.5, 0.0, 500.0]


def test_results_say_on_which_ways(made: tuple[Path, Exported]) -> None:
    written = table(made[0] / "access.csv")
    ways = written.groupby(["profile", "state"])["wege"].unique().map(list).to_dict()
    assert ways == {
        ("resident", "confirmed"): ["alle"],
        ("rollator", "confirmed"): ["gesichert"],
        ("rollator", "possible"): ["gesichert oder möglich"],
    }
    bakery = written[(written["house_id"] == "h-linde") & (written["category"] == "bakery")]
    assert bakery.set_index(["profile", "state"])["ergebnis"].to_dict() == {
        ("resident", "confirmed"): "erreichbar",
        ("rollator", "confirmed"): "nicht gesichert erreichbar",
        ("rollator", "possible"): "erreichbar",
    }
    pharmacy = written[(written["house_id"] == "h-linde") & (written["category"] == "pharmacy")]
    assert pharmacy.set_index(["profile", "state"])["ergebnis"].to_dict() == {
        ("resident", "confirmed"): "nicht erreichbar",
        ("rollator", "confirmed"): "nicht erreichbar",
        ("rollator", "possible"): "nicht erreichbar",
    }
    assert written["profil"].unique().tolist() == [
        "Bewohnerinnen und Bewohner zu Fuß", "Mit Rollator",
    ]  # fmt: skip


def test_what_is_read_back_is_what_was_made(made: tuple[Path, Exported]) -> None:
    folder, exported = made
    read = read_exported(folder / "snapshot.gpkg")
    pd.testing.assert_frame_equal(read.layers["coverage"], exported.layers["coverage"])
    text = dict.fromkeys(("from_id", "to_id", "profile", "state"), "str")
    pd.testing.assert_frame_equal(
        read.layers["travel_times"], exported.layers["travel_times"].astype(text)
    )
    assert read.profile_labels == exported.profile_labels
    times: Any = read.layers["travel_times"].groupby(["profile", "state"])
    assert times["unknown_m"].max().to_dict() == {
        ("resident", "confirmed"): 0.0,
        ("rollator", "confirmed"): 0.0,
        ("rollator", "possible"): 50.0,
    }
    assert times["by_hours"].all()["rollator", "possible"]


def test_travel_times_again_as_a_table(made: tuple[Path, Exported], tmp_path: Path) -> None:
    write_format(made[0] / "snapshot.gpkg", "csv", tmp_path)
    written = table(tmp_path / "travel_times.csv")
    assert set(written["by_hours"]) == {"ja", "nein"}
    assert set(written["unknown_m"]) == {0.0, 50.0}
    assert (tmp_path / "coverage.csv").read_bytes() == (made[0] / "coverage.csv").read_bytes()


def test_a_house_that_mixes_names_is_quoted(tmp_path: Path) -> None:
    houses = sample.houses().assign(name=['Haus; "Linde"', "=1+1"])
    snapshot = dataclasses.replace(on_wheels(), houses=houses)
    write_all(snapshot, tmp_path)
    assert set(table(tmp_path / "coverage.csv")["haus"]) == {'Haus; "Linde"', "'=1+1"}


def test_the_report_sums_up_what_is_known(made: tuple[Path, Exported], tmp_path: Path) -> None:
    report = report_content(on_wheels(), {}, made[1])
    assert report["coverage"] == [
        {
            "profile": "rollator",
            "minutes": 5,
            "unknown_percent": {"min": 75.0, "median": 75.0, "max": 75.0},
            "seated_percent": {"min": 0.0, "median": 0.0, "max": 0.0},
        },
        {
            "profile": "rollator",
            "minutes": 10,
            "unknown_percent": {"min": 0.0, "median": 33.3, "max": 66.6},
            "seated_percent": {"min": 12.5, "median": 56.2, "max": 100.0},
        },
    ]
    assert report["counts"]["layers"]["coverage"] == 4
    rollator = report["profiles"]["rollator"]
    assert rollator["values"]["rest_m"] == 100.0
    assert rollator["values"]["needs"] == ["surface", "kerb"]
    assert set(rollator["sources"]) == set(rollator["values"])
    write_report(on_wheels(), tmp_path, {}, made[1])
    written = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert written["coverage"] == report["coverage"]
    assert export_snapshot(on_wheels()).layers["coverage"].equals(made[1].layers["coverage"])
