"""Cut the part out of a large extract that a study needs.

Regional extracts hold a hundred times what lies around some houses. Reading one whole takes
minutes and gigabytes; finding and copying the part takes two passes over the packed file.
Objects in the part are the same as in the whole file: ways have all their nodes, areas
their whole outline. Only what touches the part nowhere is missing, and administrative
boundaries that lead out of it.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection
from pathlib import Path

import osmium

from geo._osm_file import OsmFile, open_osm_file
from geo._pbf_block import BrokenTextError
from geo._pbf_cut import Box, Counts, InBoxes, Wanted, WithId, WithText, cut
from geo.errors import ExtractError, SozialraumError
from geo.progress import Progress, silent
from geo.whole_files import replacing

CLIP_METHOD = "1"
"""Raised whenever the same file would be cut differently."""

_PBF = "osm.pbf"
# What readers use; names of mappers and numbers of changesets are left behind.
_METADATA = "add_metadata=version+timestamp"
_DATES = ("osmosis_replication_timestamp", "timestamp")
_OTHER_PLACE = "Den OSM-Auszug und die Lage der Objekte vergleichen; gehören sie zum selben Ort?"
_STEPS = {"find": "Umgebung im Auszug suchen", "copy": "Umgebung ausschneiden"}
_FIND_STEPS = {"find": "Auszug durchsuchen", "copy": "Gefundenes ausschneiden"}


class CannotClipError(ValueError):
    """The file is such that no part can be cut out of it; it can still be read whole."""


def extract_digest(path: Path) -> str:
    """Return the SHA-256 of an extract, hexadecimal, having made sure that it is whole.

    Raises
    ------
    ExtractError
        If there is no such file, or it is foreign, empty, broken off or blown up.
    """
    return open_osm_file(path).digest


def clip_extract(
    path: Path, boxes: Collection[Box], target: Path, progress: Progress = silent
) -> Path:
    """Cut the surroundings of some places out of an extract.

    Kept are all nodes in the boxes, all ways with any node there, and all relations with
    any such member; of the ways all nodes, of areas, sites and stop areas all members. Kept
    too are version and edit time of each object and the date of the data, but not who
    mapped what.

    Parameters
    ----------
    path
        Any extract that ``read_extract`` reads; best a ``.osm.pbf``, others are turned into
        one first, beside the temporary files.
    boxes
        West, south, east, north of each part that is needed, degrees.
    target
        The ``.osm.pbf`` to write; appears whole or not at all. The same extract and boxes
        give the same bytes.
    progress
        Told of each pass.

    Returns
    -------
    Path
        ``target``.

    Raises
    ------
    ExtractError
        If the extract cannot be read at all, or nothing of it lies in the boxes.
    CannotClipError
        If it is not in order: nodes, ways, relations.
    OutputError
        If the target cannot be written.

    Notes
    -----
    An area is found by its outline: one that goes round all boxes without a node in any of
    them (a nature reserve of more than the boxes' width) is not.
    """
    wanted = InBoxes(tuple(boxes))
    if not _cut_out(path, wanted, target, _STEPS, progress):
        raise ExtractError(
            "In der Umgebung der Standorte enthält der OSM-Auszug nichts.",
            where=path,
            remedy=_OTHER_PLACE,
        )
    return target


def pick_by_text(
    path: Path, pattern: re.Pattern[str], target: Path, progress: Progress = silent
) -> bool:
    """Pick the objects out of an extract that have a key or value with some text.

    Parameters
    ----------
    path
        As for ``clip_extract``.
    pattern
        Searched for in each key and each value.
    target, progress
        As for ``clip_extract``.

    Returns
    -------
    bool
        Whether there was anything; if not, nothing is written.

    Raises
    ------
    ExtractError, CannotClipError, OutputError
        As for ``clip_extract``.
    """
    return _cut_out(path, WithText(pattern), target, _FIND_STEPS, progress)


def pick_object(path: Path, osm_id: str, target: Path, progress: Progress = silent) -> bool:
    """Pick one object out of an extract, with its nodes or members.

    Parameters
    ----------
    path
        As for ``clip_extract``.
    osm_id
        E.g. ``"w81096573"``.
    target, progress
        As for ``clip_extract``.

    Returns
    -------
    bool
        Whether there was anything; if not, nothing is written.

    Raises
    ------
    ExtractError, CannotClipError, OutputError
        As for ``clip_extract``.
    """
    wanted = WithId(osm_id[0], int(osm_id[1:]))
    return _cut_out(path, wanted, target, _FIND_STEPS, progress)


def _cut_out(
    path: Path,
    wanted: Wanted,
    target: Path,
    steps: dict[str, str],
    progress: Progress,
) -> bool:
    """Write a part of a file; say whether there is any."""
    file = open_osm_file(path)
    if file.deleted:
        raise CannotClipError  # an editor's marks, which libosmium does not hand on
    with tempfile.TemporaryDirectory(prefix="sozialraum-") as folder:
        part = Path(folder) / "part.osm.pbf"
        try:
            counts = _cut_file(file, wanted, part, lambda name: progress(steps[name]))
            if counts.nodes:
                with replacing(target) as temporary:
                    _copy(part, _PBF, temporary)
        except SozialraumError:
            raise
        except BrokenTextError:
            raise ExtractError(
                "Der OSM-Auszug ist beschädigt: Ein Text enthält ein Nullzeichen.",
                where=path,
                remedy="Die Datei noch einmal herunterladen oder kopieren.",
            ) from None
        except (ValueError, RuntimeError, OSError) as error:
            raise CannotClipError from error
    return counts.nodes > 0


def _cut_file(file: OsmFile, wanted: Wanted, part: Path, step: Progress) -> Counts:
    if file.format == _PBF:
        return cut(file.path, wanted, part, step)
    usual = part.with_name("usual.osm.pbf")
    _copy(file.path, file.format, usual)
    return cut(usual, wanted, part, step)


def _copy(source: Path, form: str, target: Path) -> None:
    """Let libosmium write a file anew, object by object in its own order.

    Raises
    ------
    RuntimeError
        If libosmium refuses the file or cannot write.
    """
    # An absolute path, for libosmium reads standard input if a file is called "-".
    with osmium.io.Reader(osmium.io.File(str(source.resolve()), form)) as reader:
        old = reader.header()
        header = osmium.io.Header()
        header.set("generator", "Sozialraumkarte")
        date = next((text for name in _DATES if (text := old.get(name))), "")
        for name, text in (("sorting", old.get("sorting")), (_DATES[0], date)):
            if text:
                header.set(name, text)
        writer = osmium.io.Writer(osmium.io.File(str(target), f"pbf,{_METADATA}"), header)
        osmium.MergeInputReader().apply_to_reader(reader, writer, with_history=True)
        writer.close()
