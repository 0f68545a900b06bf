"""A small server on this machine that speaks enough Nominatim and Overpass for tests.

    with StandIn() as server:
        server.places["Lengerich"] = [municipality("Lengerich", 157943, box)]
        server.nodes[1] = (7.86, 52.19, {"amenity": "cafe"})
        server.failures["/search"] = [(429, {"Retry-After": "7"}, "")]
        …  # server.nominatim_url, server.overpass_url, server.requests

Overpass answers with what lies in the box that the question names: nodes inside, ways with
a node inside (and all their nodes), multipolygons with such a way (and all their ways).
"""

from __future__ import annotations

import json
import re
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.osm_xml import osm_xml

if TYPE_CHECKING:
    from types import TracebackType

    from tests.osm_xml import Node, Relation, Way

Box = tuple[float, float, float, float]
Failure = tuple[int, dict[str, str], str]
"""Status, headers and body of an answer that goes wrong."""

OSM_BASE = "2026-11-20T06:00:00Z"
_BOX = re.compile(r"node\((-?[\d.]+),(-?[\d.]+),(-?[\d.]+),(-?[\d.]+)\)")


def municipality(
    name: str, number: int, box: Box, importance: float = 0.5, **members: Any
) -> dict[str, Any]:
    """Make an answer of Nominatim: a boundary that is a box (west, south, east, north)."""
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "place_id": number,
        "licence": "Data © OpenStreetMap contributors, ODbL 1.0.",
        "osm_type": "relation",
        "osm_id": number,
        "boundingbox": [str(south), str(north), str(west), str(east)],
        "lat": str((south + north) / 2),
        "lon": str((west + east) / 2),
        "display_name": f"{name}, Nordrhein-Westfalen, Deutschland",
        "class": "boundary",
        "type": "administrative",
        "addresstype": "town",
        "importance": importance,
        "geojson": {"type": "Polygon", "coordinates": [ring]},
        **members,
    }


def closed_port() -> int:
    """Return a port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class StandIn:
    """The server, its data and what was asked of it."""

    places: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    nodes: dict[int, Node] = field(default_factory=dict)
    ways: dict[int, Way] = field(default_factory=dict)
    relations: dict[int, Relation] = field(default_factory=dict)
    failures: dict[str, list[Failure]] = field(default_factory=dict)
    """Answers by path (``"/search"``, ``"/interpreter"`` …) that come before the right ones."""
    status: str = "Connected as: 1\nRate limit: 2\n2 slots available now.\n"
    requests: list[str] = field(default_factory=list)
    """Paths asked for, in order."""
    agents: set[str] = field(default_factory=set)
    """User agents seen."""

    def __enter__(self) -> Self:
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                self.reply(parts.path, parse_qs(parts.query))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.reply(urlsplit(self.path).path, parse_qs(body))

            def reply(self, path: str, values: dict[str, list[str]]) -> None:
                path = path.removeprefix("/api")
                stand_in.requests.append(path)
                stand_in.agents.add(self.headers["User-Agent"])
                planned = stand_in.failures.get(path)
                code, headers, body = planned.pop(0) if planned else stand_in.answer(path, values)
                content = body.encode("utf-8", errors="surrogateescape")
                self.send_response(code)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def nominatim_url(self) -> str:
        """Where Nominatim is."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def overpass_url(self) -> str:
        """Where Overpass is."""
        return f"{self.nominatim_url}/api"

    def answer(self, path: str, values: dict[str, list[str]]) -> Failure:
        """Answer rightly."""
        if path == "/search":
            found = self.places.get(values["q"][0], [])
            return 200, {}, json.dumps(found[: int(values["limit"][0])])
        if path == "/lookup":
            number = int(values["osm_ids"][0][1:])
            every = [one for places in self.places.values() for one in places]
            return 200, {}, json.dumps([one for one in every if one["osm_id"] == number][:1])
        if path == "/status":
            return 200, {}, self.status
        if path == "/interpreter":
            return self._extract(values["data"][0])
        return 404, {}, "not here"

    def _extract(self, query: str) -> Failure:
        match = _BOX.search(query)
        if match is None:
            return 400, {}, "parse error"
        south, west, north, east = (float(value) for value in match.groups())
        inside = {
            key
            for key, node in self.nodes.items()
            if west <= node[0] <= east and south <= node[1] <= north
        }
        near = {key for key, (refs, _) in self.ways.items() if inside & set(refs)}
        areas = {
            key
            for key, (members, tags) in self.relations.items()
            if tags.get("type") == "multipolygon"
            and any(kind == "w" and ref in near for kind, ref, _ in members)
        }
        edges = near | {
            ref for key in areas for kind, ref, _ in self.relations[key][0] if kind == "w"
        }
        ways = {key: way for key, way in self.ways.items() if key in edges}
        nodes = inside | {ref for refs, _ in ways.values() for ref in refs}
        document = osm_xml(
            {key: node for key, node in self.nodes.items() if key in nodes},
            ways,
            {key: relation for key, relation in self.relations.items() if key in areas},
            timestamp="2026-11-01T12:00:00Z",
        )
        meta = f'<meta osm_base="{OSM_BASE}"/>\n'
        start = document.index("<osm ")
        end = document.index(">", start) + 1
        return 200, {}, document[:end] + "\n" + meta + document[end:]
