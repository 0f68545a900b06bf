"""The main job: from a study to layers, travel times, a map and exports."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from api.map_files import MAP_FILE, write_map
from api.progress import StepClock
from api.public_release import PUBLIC_FOLDER, Published, check_step, write_public
from api.staging import staged
from geo.progress import Progress, silent
from layers.compute import compute_snapshot
from layers.exports import write_all
from layers.layer_frames import INTERNAL
from layers.report import write_report
from layers.snapshot import Snapshot
from layers.study import load_study
from layers.whitelist import load_release
from maps.gis_styles import gis_styles

__all__ = ["MAP_FILE", "PUBLIC_FOLDER", "Built", "build"]


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
    public
        What the public release came to.
    """

    snapshot: Snapshot
    out: Path
    seconds: dict[str, float]
    public: Published


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
    release = load_release(study)
    check_step(target, release)
    with staged(target, exact=(PUBLIC_FOLDER,)) as staging:
        snapshot = compute_snapshot(study, step)
        step("Exporte schreiben")
        exported = write_all(snapshot, staging, gis_styles)
        step("Karte zeichnen")
        write_map(snapshot, INTERNAL, staging)
        step("Öffentliche Fassung schreiben")
        public = write_public(snapshot, exported, release, staging)
        clock.finish()
        write_report(snapshot, staging, clock.seconds, exported)
    return Built(snapshot, target, clock.seconds, public)
