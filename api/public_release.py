"""The public release of a build: made from a marked copy, searched, and only then shown."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from api.map_files import write_map
from geo.errors import ReleaseError
from geo.findings import Finding
from layers.canaries import make_canaries, marked_exported, marked_snapshot
from layers.canary_search import require_none
from layers.exports import write_files
from layers.layer_frames import PUBLIC, Exported, layer_columns, typed
from layers.neighbourhood_frames import raw_site_reach
from layers.public_names import without_house_labels, without_house_names
from layers.public_report import write_public_report
from layers.public_snapshot import public_snapshot
from layers.release import released
from layers.release_list import LIST_FILE, release_list, write_release_list
from layers.report import REPORT_FILE
from layers.snapshot import Snapshot
from layers.suppression import compatible, require_steps, step_of
from layers.whitelist import Release
from maps.gis_styles import gis_styles

PUBLIC_FOLDER = "public"


@dataclass(frozen=True)
class Published:
    """What the public release came to.

    Attributes
    ----------
    exported
        What was released.
    fields, files
        How many fields leave, in how many files.
    findings
        What was noticed about names.
    """

    exported: Exported
    fields: int
    files: int
    findings: tuple[Finding, ...]

    @property
    def line(self) -> str:
        """German sentence for the end of a build."""
        return (
            f"Öffentliche Fassung: {PUBLIC_FOLDER}/ mit {self.files} Dateien; alle {self.fields} "
            f"Felder, die hinausgehen, stehen in {LIST_FILE}."
        )


def write_public(
    snapshot: Snapshot, exported: Exported, release: Release, folder: Path
) -> Published:
    """Write the public release into a folder, and the list of its fields beside it.

    Everything internal is overwritten by canaries first, so that nothing real can get out even
    by a fault; then all files are searched for them.

    Parameters
    ----------
    snapshot
        The results.
    exported
        The internal release of the same.
    release
        What may leave.
    folder
        An existing folder; the files go to its subfolder ``PUBLIC_FOLDER``.

    Raises
    ------
    geo.errors.ReleaseError
        If a canary is found in a public file.
    geo.errors.SozialraumError
        If a file cannot be written, or ``release.toml`` names what there is not.
    """
    named = without_house_names(exported, release)
    canaries = make_canaries(snapshot.id)
    counted = _with_raw_counts(exported, snapshot)
    public = released(marked_exported(counted, named.release, canaries), named.release)
    if "site_reach" in public.layers:
        require_steps(public.layers["site_reach"], release.smallest_count)
    target = folder / PUBLIC_FOLDER
    target.mkdir()
    write_files(public, target, gis_styles)
    labelled = replace(snapshot, base=without_house_labels(snapshot.base, exported))
    marked = marked_snapshot(labelled, named.release, canaries)
    shown = public_snapshot(
        marked, named.release, public.facts["snapshot"], public.facts["extract"]
    )
    write_map(shown, PUBLIC, target)
    write_public_report(public, target)
    require_none(target, canaries)
    listed = release_list(public, target)
    write_release_list(listed, folder / LIST_FILE)
    return Published(public, len(listed), int(listed["Datei"].nunique()), named.findings)


def _with_raw_counts(exported: Exported, snapshot: Snapshot) -> Exported:
    """Return what is exported with small counts at the gates, so that the study's step holds."""
    if snapshot.neighbourhood is None:
        return exported
    reach = typed(
        raw_site_reach(snapshot.neighbourhood), layer_columns("site_reach", snapshot.minutes)
    )
    return replace(exported, layers={**exported.layers, "site_reach": reach})


def check_step(target: Path, release: Release) -> None:
    """Refuse another smallest count than that of the public release that lies there already.

    Whoever has both would know more than either tells; see ``layers.suppression.compatible``.

    Parameters
    ----------
    target
        The folder of results that is to be replaced.
    release
        What may leave now.

    Raises
    ------
    geo.errors.ReleaseError
        If the two do not go together.
    """
    path = target / PUBLIC_FOLDER / REPORT_FILE
    try:
        before = int(json.loads(path.read_text(encoding="utf-8"))["smallest_count"])
    except (OSError, ValueError, KeyError, TypeError):
        return
    now = step_of(release.smallest_count)
    if before >= 1 and not compatible(before, now):
        raise ReleaseError(
            f"Die bisherige öffentliche Fassung nennt Zahlen in Schritten von {before} Menschen, "
            f"die neue täte es in Schritten von {now}: Wer beide hat, könnte kleine Zahlen "
            "zurückrechnen.",
            where=path,
            remedy=f"smallest_count auf {before} oder ein Vielfaches davon setzen. Wurde die "
            f"bisherige Fassung nie weitergegeben, den Ordner {PUBLIC_FOLDER} löschen.",
        )
