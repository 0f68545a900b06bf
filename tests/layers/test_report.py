"""The report: what was read, made and noticed."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from geo.findings import Finding, Severity
from layers.report import report_content, software_versions, write_report
from tests.layers import sample

SECONDS = {"Auszug lesen": 1.23456, "Orte finden": 0.5}


def finding(code: str, severity: Severity, **more: object) -> Finding:
    return Finding(code=code, severity=severity, message=f"Meldung {code}.", **more)  # type: ignore[arg-type]


def test_report_holds_what_was_asked_for() -> None:
    report = report_content(sample.sample_snapshot(), SECONDS)
    assert report["snapshot"] == "0123456789abcdef"
    assert report["inputs"]["extract"] == "a" * 64
    assert set(report["inputs"]) == {"extract", "sites", "study", "taxonomy"}
    assert report["seconds"] == {"Auszug lesen": 1.235, "Orte finden": 0.5, "total": 1.735}
    assert report["method_version"] == "3"
    assert (report["data_date"], report["crs"]) == ("2026-03-12", "EPSG:25832")
    assert report["minutes"] == [5, 10, 15]


def test_counts_per_layer_and_category() -> None:
    counts = report_content(sample.sample_snapshot(), SECONDS)["counts"]
    assert counts["read"] == {"nodes": 120, "ways": 24}
    assert counts["layers"] == {
        "sites": 1,
        "houses": 2,
        "gates": 2,
        "isochrones": 9,
        "services": 5,
        "transit": 2,
        "meeting_places": 3,
        "partners": 3,
        "access": 27,
        "travel_times": 31,
        "coverage": 0,
        "needs": 0,
        "house_reach": 0,
        "site_reach": 0,
        "common_ground": 0,
        "ranking": 0,
        "ranking_criteria": 0,
        "ranking_projects": 0,
    }
    assert counts["categories"]["services"] == {
        "bakery": {"places": 2, "on_campus": 0},
        "bench": {"places": 1, "on_campus": 0},
        "pharmacy": {"places": 1, "on_campus": 0},
        "supermarket": {"places": 1, "on_campus": 0},
    }
    assert counts["categories"]["meeting_places"]["cafe"] == {"places": 1, "on_campus": 1}
    assert "adult_gaming_centre" not in json.dumps(counts)


def test_warnings_and_repairs_stand_apart_the_gravest_first() -> None:
    snapshot = dataclasses.replace(
        sample.sample_snapshot(),
        findings=(
            finding("b", Severity.INFO, where="w1", count=3, examples=("w1", "w2")),
            finding("c", Severity.WARNING),
            finding("z", Severity.ERROR, remedy="Prüfen."),
            finding("a", Severity.WARNING),
        ),
    )
    report = report_content(snapshot, SECONDS)
    assert [row["code"] for row in report["warnings"]] == ["z", "a", "c"]
    assert report["repairs"] == [
        {
            "code": "b",
            "severity": "info",
            "message": "Meldung b.",
            "where": "w1",
            "remedy": "",
            "count": 3,
            "examples": ["w1", "w2"],
        }
    ]


def test_share_of_what_is_met_only_on_campus() -> None:
    report = report_content(sample.sample_snapshot(), SECONDS)
    assert report["campus_only"][1] == {
        "house_id": "h-linde",
        "profile": "resident",
        "state": "confirmed",
        "n_met": 7,
        "n_only_on_campus": 1,
        "share_percent": 14.3,
    }
    nothing = sample.sample_snapshot().access.assign(status="not_recorded")
    blank = dataclasses.replace(sample.sample_snapshot(), access=nothing)
    assert report_content(blank, SECONDS)["campus_only"][0]["share_percent"] is None


def test_file_is_strict_json_and_the_same_but_for_the_clock(tmp_path: Path) -> None:
    write_report(sample.sample_snapshot(), tmp_path, SECONDS)
    text = (tmp_path / "report.json").read_text(encoding="utf-8")
    assert "NaN" not in text
    assert "Bewohnerinnen und Bewohner" in text
    report = json.loads(text)
    again = report_content(sample.sample_snapshot(), {"Auszug lesen": 9.0})
    for key in ("seconds", "software"):
        del report[key]
        del again[key]
    assert report == again


def test_versions() -> None:
    versions = software_versions()
    assert versions["shapely"][0].isdigit()
    assert versions["python"].startswith("3.")
