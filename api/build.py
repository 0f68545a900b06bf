"""The main job: from a study to layers, travel times, a map and exports."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from api.progress import StepClock
from api.staging import staged
from geo.progress import Progress, silent
from geo.whole_files import write_text
from layers.compute import compute_snapshot
from layers.exports import write_all, write_files
from layers.layer_frames import INTERNAL, PUBLIC, Exported
from layers.release import load_release, public_snapshot, released
from layers.report import write_report
from layers.snapshot import Snapshot
from layers.study import load_study
from maps.served_map import write_served_map
from maps.web_map import compose

MAP_FILE = "karte.html"
PUBLIC_FOLDER = "public"


@dataclass(frozen=True)
class Built:
    """What a build has made.

    Attributes
    ----------
    snapshot
        The results in memory.
    out
        The folder that holds the files.
    seconds
        Wall seconds per step, by the step's German label.
    """

    snapshot: Snapshot
    out: Path
    seconds: dict[str, float]


def build(folder: Path, out: Path | None = None, progress: Progress = silent) -> Built:
    """Compute a study and write everything, or leave the last good results as they are.

    Parameters
    ----------
    folder
        The study's folder.
    out
        Where to write; by default ``out/`` in the study's folder.
    progress
        Told of each step.

    Raises
    ------
    geo.errors.SozialraumError
        Whatever is wrong with the input, or with the place to write to.
    """
    clock = StepClock()

    def step(label: str) -> None:
        clock(label)
        progress(label)

    study = load_study(folder)
    target = out or study.out
    with staged(target) as staging:
        snapshot = compute_snapshot(study, step)
        step("Exporte schreiben")
        exported = write_all(snapshot, staging)
        step("Karte zeichnen")
        _write_map(snapshot, INTERNAL, staging)
        step("Öffentliche Fassung schreiben")
        _write_public(snapshot, exported, staging / PUBLIC_FOLDER)
        clock.finish()
        write_report(snapshot, staging, clock.seconds, exported)
    return Built(snapshot, target, clock.seconds)


def _write_public(snapshot: Snapshot, exported: Exported, folder: Path) -> None:
    """Write the public release, from what the whitelist lets out."""
    folder.mkdir()
    public = released(exported, load_release())
    write_files(public, folder)
    _write_map(public_snapshot(snapshot), PUBLIC, folder)


def _write_map(snapshot: Snapshot, release: str, folder: Path) -> None:
    """Write the map as one file, and as the files that the service hands out."""
    parts = compose(snapshot, release)
    write_text(folder / MAP_FILE, parts.file())
    write_served_map(parts, folder)
