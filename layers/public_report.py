"""``report.json`` of the public release: what it holds, and a digest of each of its files."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from geo.whole_files import write_text
from layers.layer_frames import Exported
from layers.layer_info import LAYERS
from layers.report import REPORT_FILE


def write_public_report(public: Exported, folder: Path) -> None:
    """Write ``report.json`` of a public release; all its other files must lie there already.

    Parameters
    ----------
    public
        What was released.
    folder
        Where its files lie.

    Raises
    ------
    geo.errors.OutputError
        If the file cannot be written.
    """
    text = json.dumps(public_report(public, folder), ensure_ascii=False, indent=2, allow_nan=False)
    write_text(folder / REPORT_FILE, text + "\n")


def public_report(public: Exported, folder: Path) -> dict[str, Any]:
    """Return the report of a public release, the same for the same content.

    Parameters
    ----------
    public
        What was released.
    folder
        Where its files lie.

    Returns
    -------
    dict
        ``snapshot`` (id), ``release`` (``"public"``), ``smallest_count`` (step of counts of
        people), ``facts``; ``layers``: per layer ``title``, ``rows``, ``columns``,
        ``attribution`` and ``licence``; ``files``: SHA-256 and size of each other file by its
        path.
    """
    files = {
        path.relative_to(folder).as_posix(): {
            "sha256": hashlib.sha256(content := path.read_bytes()).hexdigest(),
            "bytes": len(content),
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != REPORT_FILE
    }
    layers = {
        name: {
            "title": LAYERS[name].title,
            "rows": len(frame),
            "columns": [str(column) for column in frame.columns],
            "attribution": public.layer_source(name).attribution,
            "licence": public.layer_source(name).licence,
        }
        for name, frame in public.layers.items()
    }
    return {
        "snapshot": public.facts["snapshot"],
        "release": public.facts["release"],
        "smallest_count": int(public.facts["smallest_count"]),
        "facts": dict(public.facts),
        "layers": layers,
        "files": files,
    }
