"""Downloads OSM data from an Overpass server, tile by tile.

osmnx's own functions for Overpass build graphs and tables of chosen tags; the raw objects,
which our reader wants, come out of none of its public functions. Its client also asks a
busy server for ever, replaces ``socket.getaddrinfo`` for the rest of the process, and asks
Google for an address if the name server does not answer. So the question is put here: one
at a time, after asking for a free slot, with a name, with patience and an end to it.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import osmium

from geo._web import BY_EXTRACT, BusyError, bad_answer, check_status, patiently, user_agent
from geo.errors import OnlineError
from geo.whole_files import replacing

if TYPE_CHECKING:
    from geo.progress import Progress

Box = tuple[float, float, float, float]

# Nodes, ways with all their nodes, and areas made of several ways with all of these.
# Routes and administrative boundaries are left out: they lead across the country.
_QUERY = """[out:xml][timeout:{timeout}];
(
  node({box});
  way({box});
  relation["type"~"^(multipolygon|public_transport|site)$"]({box});
)->.inside;
relation.inside["type"="multipolygon"]->.areas;
way(r.areas)->.edges;
(.inside; .edges;);
(._; node(w););
out meta;
"""
_TIMEOUT_S = 180
_MAX_BYTES = 600 << 20
_CHUNK = 1 << 20
_END = 4096
_SLOT = re.compile(r"Slot available after:[^,]*, in (\d+) seconds")
_LONGEST_SLOT_S = 120
_BASE = re.compile(rb'osm_base="(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"')
_REMARK = re.compile(rb"<remark>(.*?)</remark>", re.DOTALL)


class TooMuchError(Exception):
    """The server could not answer in its time or memory; smaller tiles may help."""


@dataclass(frozen=True)
class Overpass:
    """An Overpass server and a folder for its answers.

    Attributes
    ----------
    url
        For example ``"https://overpass-api.de/api"``.
    cache
        Folder; made if missing.
    max_age_s
        Answers older than this are fetched again.
    """

    url: str
    cache: Path
    max_age_s: float

    def tile(self, box: Box, progress: Progress) -> Path:
        """Return a sorted ``.osm.pbf`` with the data of a box, from the cache or the server.

        The names of the mappers are not kept; the date of the data is in the file's header.

        Parameters
        ----------
        box
            West, south, east, north, degrees.
        progress
            Told when waiting.

        Raises
        ------
        TooMuchError
            If the box holds more than the server gives at once.
        OnlineError
            If there is no connection or no usable answer.
        """
        west, south, east, north = box
        corners = f"{south:.6f},{west:.6f},{north:.6f},{east:.6f}"
        query = _QUERY.format(timeout=_TIMEOUT_S, box=corners)
        name = hashlib.sha256(f"{self.url} {query}".encode()).hexdigest()[:40]
        kept = self.cache / f"{name}.osm.pbf"
        if kept.is_file() and time.time() - kept.stat().st_mtime < self.max_age_s:
            return kept
        self.cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="sozialraum-") as folder:
            answer = Path(folder) / "answer.osm"
            patiently(lambda: self._fetch(query, answer, progress), self.url, progress)
            base = self._check(answer)
            with replacing(kept) as temporary:
                self._sort(answer, temporary, base)
        return kept

    def _fetch(self, query: str, target: Path, progress: Progress) -> None:
        import requests  # noqa: PLC0415 - only when needed

        self._wait_for_slot(progress)
        with (
            # A session of our own outlives the streaming and closes the connection.
            requests.Session() as session,
            session.post(
                f"{self.url}/interpreter",
                data={"data": query},
                headers={"User-Agent": user_agent()},
                timeout=_TIMEOUT_S + 30,
                stream=True,
            ) as response,
            target.open("wb") as file,
        ):
            check_status(response.status_code, response.headers.get("Retry-After"), self.url)
            size = 0
            for chunk in response.iter_content(_CHUNK):
                size += file.write(chunk)
                if size > _MAX_BYTES:
                    raise TooMuchError

    def _wait_for_slot(self, progress: Progress) -> None:
        """Ask when the server has time for us, and wait until then."""
        import requests  # noqa: PLC0415 - only when needed

        response = requests.get(
            f"{self.url}/status", headers={"User-Agent": user_agent()}, timeout=30
        )
        # Not every server has this page; without it the question is simply put.
        if not response.ok or "slots available now" in response.text:
            return
        waits = [int(seconds) for seconds in _SLOT.findall(response.text)]
        if not waits:
            return
        if min(waits) > _LONGEST_SLOT_S:
            raise BusyError(_LONGEST_SLOT_S)
        progress(f"Warten, bis der Server Zeit hat ({min(waits)} s)")
        time.sleep(min(waits))

    def _check(self, answer: Path) -> str:
        """Make sure that an answer is whole; return the date of the data."""
        with answer.open("rb") as file:
            start = file.read(_END)
            file.seek(max(0, answer.stat().st_size - _END))
            end = file.read()
        if b"<osm" not in start:
            raise bad_answer(self.url, "sie enthält keine OSM-Daten")
        remark = _REMARK.search(end) or _REMARK.search(start)
        if remark is not None:
            said = remark[1].decode("utf-8", errors="replace")
            if "timed out" in said or "out of memory" in said:
                raise TooMuchError
            raise bad_answer(self.url, f"er meldet »{said[:200].strip()}«")
        if not end.rstrip().endswith(b"</osm>"):
            raise bad_answer(self.url, "sie ist abgeschnitten")
        base = _BASE.search(start)
        return base[1].decode() if base else ""

    def _sort(self, answer: Path, target: Path, base: str) -> None:
        header = osmium.io.Header()
        header.set("generator", "Sozialraumkarte")
        if base:
            header.set("osmosis_replication_timestamp", base)
        file = osmium.io.File(str(target), "osm.pbf,add_metadata=version+timestamp")
        try:
            _merge([answer], file, header)
        except (RuntimeError, ValueError) as error:
            raise bad_answer(self.url, "sie ist kein lesbares XML") from error


def merge_tiles(tiles: list[Path], target: Path) -> str:
    """Write tiles into one sorted OSM XML file, each object once.

    Returns
    -------
    str
        The date of the oldest tile, ISO 8601; empty if none has a date.
    """
    dates = []
    for tile in tiles:
        with osmium.io.Reader(str(tile)) as reader:
            dates.append(str(reader.header().get("osmosis_replication_timestamp")))
    header = osmium.io.Header()
    header.set("generator", "Sozialraumkarte")
    file = osmium.io.File(str(target), "osm,add_metadata=version+timestamp")
    _merge(tiles, file, header)
    known = [date for date in dates if date]
    return min(known) if known else ""


def split(box: Box) -> list[Box]:
    """Split a box into its four quarters.

    Raises
    ------
    OnlineError
        If it is too small for that: the server cannot give even so little.
    """
    west, south, east, north = box
    x, y = (west + east) / 2, (south + north) / 2
    if east - west < 0.01:  # noqa: PLR2004 - degrees, about 700 m
        raise OnlineError(
            "Der Server schafft es nicht, die Kartendaten herauszusuchen.", remedy=BY_EXTRACT
        )
    return [
        (west, south, x, y),
        (x, south, east, y),
        (west, y, x, north),
        (x, y, east, north),
    ]


def _merge(sources: list[Path], target: Any, header: Any) -> None:
    """Sort all objects by kind and id and write the newest version of each."""
    merger = osmium.MergeInputReader()
    for source in sources:
        merger.add_file(str(source))
    with tempfile.TemporaryDirectory(prefix="sozialraum-") as folder:
        nothing = Path(folder) / "nothing.osm"
        nothing.write_text("<osm version='0.6'></osm>", encoding="utf-8")
        with osmium.io.Reader(str(nothing)) as reader:
            writer = osmium.io.Writer(target, header)
            try:
                merger.apply_to_reader(reader, writer)
            finally:
                writer.close()
