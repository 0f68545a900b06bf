"""``report.json``: what was read, made and noticed in a build, for people and programs."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pandas as pd

from geo.findings import Finding, Severity
from geo.whole_files import write_text
from layers.access import campus_only_share
from layers.layer_frames import Exported, export_snapshot
from layers.layer_info import PLACE_LAYERS
from layers.snapshot import Snapshot

REPORT_FILE = "report.json"

_LIBRARIES = (
    "sozialraumkarte", "folium", "geopandas", "numpy", "osmium", "pandas", "pyogrio", "pyproj",
    "scipy", "shapely",
)  # fmt: skip


def write_report(
    snapshot: Snapshot,
    folder: Path,
    seconds: Mapping[str, float],
    exported: Exported | None = None,
) -> None:
    """Write ``report.json``; what is in it says ``report_content``.

    Parameters
    ----------
    snapshot
        The results.
    folder
        An existing folder.
    seconds
        Wall seconds per step, by the step's German label.
    exported
        What ``layers.exports.write_all`` returned; made anew if it is not at hand.

    Raises
    ------
    geo.errors.OutputError
        If the file cannot be written.
    """
    content = report_content(snapshot, seconds, exported)
    text = json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)
    write_text(folder / REPORT_FILE, text + "\n")


def report_content(
    snapshot: Snapshot, seconds: Mapping[str, float], exported: Exported | None = None
) -> dict[str, Any]:
    """Return the report of a build.

    All but ``seconds`` and ``software`` is the same for the same snapshot.

    Parameters
    ----------
    snapshot
        The results.
    seconds
        Wall seconds per step, by the step's German label, in their order.
    exported
        As for ``write_report``.

    Returns
    -------
    dict
        ``snapshot`` (id), ``study``, ``fictional``, ``method_version``, ``extract``,
        ``data_date``, ``crs``, ``minutes``, ``profiles``, ``attribution``, ``licence``;
        ``inputs``: SHA-256 of each by its role;
        ``counts``: ``read`` (what the steps counted), ``layers`` (rows of each exported
        layer), ``categories`` (per layer and category the places and how many of them lie
        on campus);
        ``warnings``: findings that make numbers worse, errors first;
        ``repairs``: findings that were dealt with and cost no number;
        ``campus_only``: per origin and profile the share of the categories met that are met
        only on campus;
        ``coverage``: per profile with limits and threshold the least, middle and largest share
        of unknown metres over all origins, and of those with seats where that matters;
        ``seconds``: per step and ``total``; ``software``: versions.
    """
    exported = exported or export_snapshot(snapshot)
    findings = sorted(snapshot.findings, key=_weight)
    return {
        "snapshot": snapshot.id,
        "study": snapshot.name,
        "fictional": snapshot.fictional,
        "method_version": exported.facts["method_version"],
        "extract": snapshot.source,
        "data_date": exported.facts["data_date"] or None,
        "crs": snapshot.crs,
        "minutes": [int(value) for value in snapshot.minutes],
        "profiles": {
            key: {
                "label": profile.label,
                "speed_m_s": profile.speed_m_s,
                "values": {name: _plain(value) for name, value in profile.values.items()},  # noqa: PD011
                "sources": dict(profile.sources),
            }
            for key, profile in sorted(snapshot.profiles.items())
        },
        "attribution": exported.facts["attribution"],
        "licence": exported.facts["licence"],
        "inputs": dict(sorted(snapshot.digests.items())),
        "counts": {
            "read": {key: int(value) for key, value in sorted(snapshot.counts.items())},
            "layers": {name: len(frame) for name, frame in exported.layers.items()},
            "categories": _category_counts(exported),
        },
        "warnings": _finding_rows(
            finding for finding in findings if finding.severity is not Severity.INFO
        ),
        "repairs": _finding_rows(
            finding for finding in findings if finding.severity is Severity.INFO
        ),
        "campus_only": _campus_only(exported),
        "coverage": _coverage(exported),
        "seconds": _seconds(seconds),
        "software": software_versions(),
    }


def software_versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that shape the numbers."""
    versions = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "unbekannt"
    return versions


def _weight(finding: Finding) -> tuple[int, str, str, str]:
    order = [Severity.ERROR, Severity.WARNING, Severity.INFO]
    return order.index(finding.severity), finding.code, finding.where, finding.message


def _finding_rows(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [
        {
            "code": finding.code,
            "severity": finding.severity.value,
            "message": finding.message,
            "where": finding.where,
            "remedy": finding.remedy,
            "count": int(finding.count),
            "examples": list(finding.examples),
        }
        for finding in findings
    ]


def _category_counts(exported: Exported) -> dict[str, dict[str, dict[str, int]]]:
    counts: dict[str, dict[str, dict[str, int]]] = {}
    for layer in PLACE_LAYERS:
        frame = exported.layers[layer]
        table = pd.DataFrame(
            {"category": frame["category"], "on_campus": frame["on_campus"] != ""}
        )
        grouped = table.groupby("category", sort=True)["on_campus"]
        total, inside = grouped.size(), grouped.sum()
        counts[layer] = {
            str(category): {"places": int(total[category]), "on_campus": int(inside[category])}
            for category in total.index
        }
    return counts


def _campus_only(exported: Exported) -> list[dict[str, Any]]:
    share = campus_only_share(pd.DataFrame(exported.layers["access"]))
    values = share.astype(object).where(share.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in values.to_dict("records")]


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _coverage(exported: Exported) -> list[dict[str, Any]]:
    """Sum up over all origins: one number each would be as long as the table itself."""
    table = exported.layers["coverage"]
    rows = []
    groups: Any = table.groupby(["profile", "minutes"], sort=True)
    for (profile, minutes), part in groups:
        row: dict[str, Any] = {"profile": str(profile), "minutes": int(minutes)}
        for name in ("unknown_percent", "seated_percent"):
            known = part[name].dropna().astype("float64")
            row[name] = (
                {
                    "min": float(known.min()),
                    "median": round(float(known.median()), 1),
                    "max": float(known.max()),
                }
                if len(known)
                else None
            )
        rows.append(row)
    return rows


def _seconds(seconds: Mapping[str, float]) -> dict[str, float]:
    rounded = {str(label): round(float(value), 3) for label, value in seconds.items()}
    return {**rounded, "total": round(sum(float(value) for value in seconds.values()), 3)}
