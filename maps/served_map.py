"""The map as files that a service hands out: a page, its start, and the data of each element.

Nothing is inline: the page links to the front end, and ``start.js`` fetches the data before it
makes the calls that the file form makes at once. ``teile.json`` lists every file with its size
and digest, the release, and the front end that they were made for; nothing that it does not
list is ever handed out.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from geo.whole_files import write_text
from maps.front_end import FIRST_STYLE, front_end_digest, front_end_files, static_address
from maps.web_map import MapParts

SERVED_FOLDER = "karte"
PAGE_FILE = "seite.html"
START_FILE = "start.js"
NOTICES_FILE = "lizenzen.txt"
TABLE_FILE = "teile.json"
DATA_ADDRESS = "karte/daten"
"""Where the service hands out the data, relative to its root."""

_DATA_PREFIX = "daten-"


def write_served_map(parts: MapParts, folder: Path) -> None:
    """Write the map as a service hands it out.

    Parameters
    ----------
    parts
        The composition.
    folder
        Where the folder ``karte`` is made. Same snapshot, same bytes.

    Raises
    ------
    geo.errors.OutputError
        If it cannot be written.
    LookupError
        If the front end has not been built.
    """
    target = folder / SERVED_FOLDER
    target.mkdir(exist_ok=True)
    for name, text in served_files(parts).items():
        write_text(target / name, text)


def served_files(parts: MapParts) -> dict[str, str]:
    """Return the texts of all files of the served map by their names.

    Parameters
    ----------
    parts
        The composition.

    Returns
    -------
    dict
        One JSON file for each data element, the licences, ``start.js``, ``seite.html``, and
        ``teile.json``: ``snapshot``, ``release``, ``front_end``, ``stand`` (digest of all that
        the page shows: part of the addresses of its data) and ``parts`` (``name``, ``bytes``,
        ``sha256`` of each of the other files).
    """
    named = {
        key: (_file_name(key), text)
        for element in parts.elements
        for key, text in element.files().items()
    }
    data = dict(named.values())
    calls = parts.page.calls()
    stand = _stand(parts, {**data, START_FILE: calls})
    plan = {
        "stand": stand,
        "parts": [
            {"id": key, "address": _address(name, stand), "bytes": len(text.encode())}
            for key, (name, text) in named.items()
        ],
    }
    front = {name: static_address(name, content) for name, content in front_end_files().items()}
    texts = {
        **data,
        START_FILE: f"sozialraum.serve({json.dumps(plan)},function(){{\n{calls}\n}});\n",
        PAGE_FILE: parts.page.render_served(
            front[FIRST_STYLE], front, _address(START_FILE, stand)
        ),
    }
    table = {
        "snapshot": parts.snapshot_id,
        "release": parts.release,
        "front_end": front_end_digest(),
        "stand": stand,
        "parts": [
            {"name": name, "bytes": len(text.encode()), "sha256": _digest(text)}
            for name, text in sorted(texts.items())
        ],
    }
    return {**texts, TABLE_FILE: json.dumps(table, indent=1) + "\n"}


def _file_name(key: str) -> str:
    return (
        f"{key.removeprefix(_DATA_PREFIX)}.json" if key.startswith(_DATA_PREFIX) else NOTICES_FILE
    )


def _address(name: str, stand: str) -> str:
    return f"{DATA_ADDRESS}/{name}?stand={stand}"


def _stand(parts: MapParts, texts: dict[str, str]) -> str:
    """Name the state that all files together show."""
    digest = hashlib.sha256(f"{parts.snapshot_id} {parts.release} {front_end_digest()}".encode())
    for name, text in sorted(texts.items()):
        digest.update(f"\0{name}\0{_digest(text)}".encode())
    return digest.hexdigest()[:16]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
