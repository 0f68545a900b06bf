"""A place from the internet, tried on a server of our own on this machine."""

from __future__ import annotations

import gzip
import re
import socket
import time
from datetime import date
from typing import TYPE_CHECKING, Any

import osmium
import pytest
import requests
import shapely

from geo import _overpass, online
from geo.errors import OnlineError, OutputError
from geo.online import Servers, download_place, find_place, servers_from
from geo.reader import read_extract
from tests.geo.site_files import HOSTILE
from tests.geo.stand_in_server import OSM_BASE, StandIn, closed_port, municipality

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# About 1.4 × 2.2 km; with its margin it is a box of 6.4 × 7.2 km, one tile.
TOWN = (7.85, 52.18, 7.87, 52.20)


@pytest.fixture(autouse=True)
def sleeps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Note how long anybody wants to sleep, and do not."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


@pytest.fixture
def server() -> Iterator[StandIn]:
    with StandIn() as stand_in:
        stand_in.places["Lengerich"] = [municipality("Lengerich", 157943, TOWN)]
        stand_in.nodes = {
            1: (7.860, 52.190),
            2: (7.861, 52.190, {"highway": "crossing"}),
            3: (7.861, 52.191),
            4: (7.862, 52.192, {"amenity": "cafe", "name": "Café <b>&\u202e"}),
            5: (9.999, 52.190),
            6: (7.8601, 52.1901),
            7: (7.8605, 52.1901),
            8: (7.8605, 52.1905),
        }
        stand_in.ways = {
            10: ([1, 2, 3], {"highway": "footway"}),
            11: ([3, 5], {"highway": "primary"}),
            12: ([6, 7, 8], {}),
            13: ([8, 6], {}),
        }
        stand_in.relations = {
            20: (
                [("w", 12, "outer"), ("w", 13, "outer")],
                {"type": "multipolygon", "amenity": "hospital"},
            ),
            21: ([("w", 11, "")], {"type": "route", "route": "road"}),
        }
        yield stand_in


@pytest.fixture
def servers(server: StandIn, tmp_path: Path) -> Servers:
    return Servers(server.nominatim_url, server.overpass_url, tmp_path / "cache")


def failing(servers: Servers, tmp_path: Path, name: str = "Lengerich") -> str:
    """Download, expecting a German complaint and nothing left behind."""
    target = tmp_path / "region.osm.gz"
    with pytest.raises(OnlineError) as caught:
        download_place(name, target, servers=servers)
    assert caught.value.remedy
    assert not target.exists()
    assert not list(tmp_path.glob(".region*"))
    return str(caught.value)


def test_a_place_becomes_an_extract(
    server: StandIn, servers: Servers, tmp_path: Path, sleeps: list[float]
) -> None:
    labels: list[str] = []
    target = tmp_path / "region.osm.gz"
    assert download_place("Lengerich", target, servers=servers, progress=labels.append) == target
    extract = read_extract(target, ("amenity",))
    assert list(extract.features["osm_id"]) == ["n4", "r20"]
    assert extract.features["tags"].iloc[0]["name"] == "Café <b>&\u202e"
    assert extract.features.geom_type.to_list()[1] in {"Polygon", "MultiPolygon"}
    assert extract.ways.ids.tolist() == [10, 11]
    # A way is whole though its other end lies far outside.
    assert 5 in extract.nodes.ids
    assert extract.data_date == date.fromisoformat(OSM_BASE[:10])
    text = gzip.decompress(target.read_bytes()).decode()
    assert f'<meta osm_base="{OSM_BASE}"/>' in text
    assert "ODbL" in text
    assert 'user="' not in text
    assert 'id="21"' not in text
    assert labels == [
        "Ort »Lengerich« suchen",
        "Gefunden: Lengerich, Nordrhein-Westfalen, Deutschland",
        "Kartendaten laden, Teil 1 von 1",
        "Kartendaten zusammenfügen",
    ]
    assert server.requests == ["/search", "/status", "/interpreter"]
    assert all(agent.startswith("Sozialraumkarte/") for agent in server.agents)
    assert sleeps == [1]


def test_the_second_time_nobody_is_asked(
    server: StandIn, servers: Servers, tmp_path: Path
) -> None:
    one, two = tmp_path / "one.osm.gz", tmp_path / "two.osm.gz"
    download_place("Lengerich", one, servers=servers)
    server.requests.clear()
    download_place("Lengerich", two, servers=servers)
    assert server.requests == []
    assert one.read_bytes() == two.read_bytes()


def test_after_a_week_the_servers_are_asked_again(
    server: StandIn, servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    download_place("Lengerich", tmp_path / "a.osm.gz", servers=servers)
    server.requests.clear()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 8 * 24 * 3600)
    download_place("Lengerich", tmp_path / "a.osm.gz", servers=servers)
    assert server.requests == ["/search", "/status", "/interpreter"]


def test_a_broken_cache_is_fetched_again(server: StandIn, servers: Servers) -> None:
    find_place("Lengerich", servers=servers)
    (kept,) = servers.cache_dir.glob("*.place.json")
    for content in ("{", "[]", '{"name": 1}', '{"name": "a", "osm_id": "r1", "boundary": 7}'):
        kept.write_text(content)
        server.requests.clear()
        assert find_place("Lengerich", servers=servers).osm_id == "r157943"
        assert server.requests == ["/search"]


def test_the_same_data_in_any_order_give_the_same_bytes(
    server: StandIn, servers: Servers, tmp_path: Path
) -> None:
    download_place("Lengerich", tmp_path / "one.osm.gz", servers=servers)
    for data in (server.nodes, server.ways):
        reversed_data: dict[int, Any] = dict(reversed(list(data.items())))
        data.clear()
        data.update(reversed_data)
    other = Servers(servers.nominatim_url, servers.overpass_url, tmp_path / "other")
    download_place("Lengerich", tmp_path / "two.osm.gz", servers=other)
    assert (tmp_path / "one.osm.gz").read_bytes() == (tmp_path / "two.osm.gz").read_bytes()


def test_large_areas_come_in_tiles_and_every_object_once(
    server: StandIn, servers: Servers, tmp_path: Path
) -> None:
    # 27 × 11 km with the margin: 4 × 2 tiles of at most 10 km.
    server.places["Lengerich"] = [municipality("Lengerich", 1, (7.70, 52.16, 8.03, 52.22))]
    labels: list[str] = []
    target = tmp_path / "region.osm.gz"
    download_place("Lengerich", target, servers=servers, progress=labels.append)
    asked = server.requests.count("/interpreter")
    assert asked == sum(label.startswith("Kartendaten laden") for label in labels)
    assert 4 <= asked <= 8
    ids = re.findall(
        r"<(node|way|relation) id=\"(\d+)\"", gzip.decompress(target.read_bytes()).decode()
    )
    assert len(ids) == len(set(ids))
    assert {("node", "5"), ("way", "11"), ("relation", "20")} <= set(ids)
    assert ids == sorted(
        ids, key=lambda one: (["node", "way", "relation"].index(one[0]), int(one[1]))
    )


def test_tiles_cover_the_whole_area_without_overlap() -> None:
    area = shapely.Point(8, 52).buffer(0.3)
    boxes = [shapely.box(*box) for box in online._tiles(area)]
    assert shapely.union_all(boxes).buffer(1e-9).covers(area)
    assert sum(box.area for box in boxes) == pytest.approx(shapely.union_all(boxes).area)
    # Boxes that the area does not touch are left out.
    diagonal = shapely.LineString([(7.7, 51.7), (8.3, 52.3)]).buffer(0.001)
    assert len(online._tiles(diagonal)) < len(boxes)


def test_too_much_at_once_is_asked_for_in_quarters(
    server: StandIn, servers: Servers, tmp_path: Path
) -> None:
    timed_out = (
        '<?xml version="1.0"?><osm version="0.6"><meta osm_base="x"/>'
        '<remark> runtime error: Query timed out in "query" at line 3 after 181 s. </remark></osm>'
    )
    server.failures["/interpreter"] = [(200, {}, timed_out)]
    download_place("Lengerich", tmp_path / "region.osm.gz", servers=servers)
    assert server.requests.count("/interpreter") == 5
    assert len(read_extract(tmp_path / "region.osm.gz", ("amenity",)).features) == 2
    server.failures["/interpreter"] = [(200, {}, timed_out)] * 100
    fresh = Servers(servers.nominatim_url, servers.overpass_url, tmp_path / "fresh")
    assert "schafft es nicht" in failing(fresh, tmp_path / "none")


def test_an_unknown_place(server: StandIn, servers: Servers, tmp_path: Path) -> None:
    assert "»Lengarich« kennt OpenStreetMap nicht" in failing(servers, tmp_path, "Lengarich")
    assert server.requests == ["/search"]
    assert list(servers.cache_dir.glob("*")) == []


@pytest.mark.parametrize("name", ["", "  ", "\x00", "x" * 201])
def test_no_name_is_not_asked_for(server: StandIn, servers: Servers, name: str) -> None:
    with pytest.raises(OnlineError, match="fehlt oder ist zu lang"):
        find_place(name, servers=servers)
    assert server.requests == []


def test_an_ambiguous_place(server: StandIn, servers: Servers, tmp_path: Path) -> None:
    emsland = municipality("Lengerich, Emsland", 2, (7.5, 52.5, 7.6, 52.6), importance=0.45)
    server.places["Lengerich"].append(emsland)
    said = failing(servers, tmp_path)
    assert "kann mehrere Orte meinen" in said
    assert "»Lengerich, Emsland, Nordrhein-Westfalen, Deutschland«" in said
    assert "mit dem Kreis" in said


def test_a_much_more_important_place_is_meant(server: StandIn, servers: Servers) -> None:
    server.places["Lengerich"] = [
        municipality("Klein Lengerich", 2, (7.5, 52.5, 7.6, 52.6), importance=0.3),
        municipality("Lengerich", 1, TOWN, importance=0.5),
    ]
    assert find_place("Lengerich", servers=servers).osm_id == "r1"


def test_a_city_that_is_its_own_district_is_one_place(server: StandIn, servers: Servers) -> None:
    server.places["Lengerich"].append(municipality("Lengerich", 2, TOWN, importance=0.49))
    assert find_place("Lengerich", servers=servers).osm_id == "r157943"


def test_a_municipality_is_taken_before_its_county_and_its_station(
    server: StandIn, servers: Servers
) -> None:
    county = municipality("Kreis", 2, (7.5, 52.0, 8.2, 52.5), 0.9, addresstype="county")
    station = municipality(
        "Bahnhof", 3, TOWN, 0.8, **{"class": "railway", "type": "station", "osm_type": "way"}
    )
    server.places["Lengerich"] += [county, station]
    place = find_place("Lengerich", servers=servers)
    assert (place.osm_id, place.boundary.bounds) == ("r157943", TOWN)
    assert server.requests == ["/search", "/lookup"]


def test_a_place_without_a_boundary(server: StandIn, servers: Servers, tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [7.86, 52.19]}
    server.places["Lengerich"][0]["geojson"] = point
    assert "nicht seine Grenze" in failing(servers, tmp_path)


def test_a_country_is_too_large(server: StandIn, servers: Servers, tmp_path: Path) -> None:
    server.places["Lengerich"] = [municipality("Deutschland", 1, (6, 47, 15, 55))]
    said = failing(servers, tmp_path)
    assert "zu groß" in said
    assert "km²" in said
    assert "/interpreter" not in server.requests


@pytest.mark.parametrize(
    "failure",
    [(path, code) for path in ("/search", "/interpreter") for code in (429, 502, 503, 504)],
)
def test_a_busy_server_is_asked_again(
    server: StandIn,
    servers: Servers,
    tmp_path: Path,
    sleeps: list[float],
    failure: tuple[str, int],
) -> None:
    path, code = failure
    labels: list[str] = []
    server.failures[path] = [(code, {"Retry-After": "7"}, ""), (code, {}, "<html>busy</html>")]
    download_place(
        "Lengerich", tmp_path / "region.osm.gz", servers=servers, progress=labels.append
    )
    assert server.requests.count(path) == 3
    assert [pause for pause in sleeps if pause > 1] == [7, 30]
    assert "Der Server 127.0.0.1 ist ausgelastet, neuer Versuch in 7 s" in labels


@pytest.mark.parametrize("path", ["/search", "/interpreter"])
def test_a_server_that_stays_busy(
    server: StandIn, servers: Servers, tmp_path: Path, sleeps: list[float], path: str
) -> None:
    server.failures[path] = [(429, {"Retry-After": "99999"}, "")] * 20
    said = failing(servers, tmp_path)
    assert "ausgelastet und hat 4-mal nicht geantwortet" in said
    assert "geofabrik" in said
    assert server.requests.count(path) == 4
    assert max(sleeps) <= 120


@pytest.mark.parametrize("path", ["/search", "/interpreter"])
@pytest.mark.parametrize("code", [400, 403, 404, 500])
def test_a_refusal_is_not_repeated(
    server: StandIn, servers: Servers, tmp_path: Path, path: str, code: int
) -> None:
    server.failures[path] = [(code, {}, "<html>no</html>")]
    assert f"(Fehler {code})" in failing(servers, tmp_path)
    assert server.requests.count(path) == 1


@pytest.mark.parametrize(
    "body",
    ["{", "<html>Bitte anmelden</html>", "", "{}", "[1]", "[{}]", "null",
     '[{"osm_id": 1, "geojson": {"type": "Polygon"}, "importance": "x"}]', "[" * 100_000],
)  # fmt: skip
def test_broken_answers_of_nominatim(
    server: StandIn, servers: Servers, tmp_path: Path, body: str
) -> None:
    server.failures["/search"] = [(200, {}, body)]
    assert "nicht brauchbar" in failing(servers, tmp_path)
    assert server.requests == ["/search"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "keine OSM-Daten"),
        ("<html>Bitte anmelden</html>", "keine OSM-Daten"),
        ('{"elements": []}', "keine OSM-Daten"),
        ('<?xml version="1.0"?><osm version="0.6"><node id="1" lat="1"', "abgeschnitten"),
        ('<osm version="0.6"><node id="x" lat="1" lon="2"/></osm>', "kein lesbares XML"),
        ('<osm version="0.6"><node id="1" lat="1" lon="2"></way></osm>', "kein lesbares XML"),
        ('<osm version="0.6"><remark>runtime error: &lt;b&gt; open64</remark></osm>', "er meldet"),
        (
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><osm version="0.6">'
            '<node id="1" lat="1" lon="2"><tag k="a" v="&x;"/></node></osm>',
            "kein lesbares XML",
        ),
        ('<osm version="0.6"></osm>', "keine Kartendaten"),
    ],
)
def test_broken_answers_of_overpass(
    server: StandIn, servers: Servers, tmp_path: Path, body: str, words: str
) -> None:
    server.failures["/interpreter"] = [(200, {}, body)]
    assert words in failing(servers, tmp_path)


def test_an_endless_answer_is_cut_off(
    server: StandIn, servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_overpass, "_MAX_BYTES", 1000)
    server.failures["/interpreter"] = [(200, {}, "<osm>" + " " * 10_000)] * 100
    assert "schafft es nicht" in failing(servers, tmp_path)


def test_waiting_for_a_free_slot(
    server: StandIn, servers: Servers, tmp_path: Path, sleeps: list[float]
) -> None:
    server.status = (
        "Connected as: 1\nRate limit: 2\n"
        "Slot available after: 2026-11-20T06:00:09Z, in 9 seconds.\n"
        "Slot available after: 2026-11-20T06:00:05Z, in 5 seconds.\n"
    )
    labels: list[str] = []
    download_place("Lengerich", tmp_path / "a.osm.gz", servers=servers, progress=labels.append)
    assert sleeps == [1, 5]
    assert "Warten, bis der Server Zeit hat (5 s)" in labels


@pytest.mark.parametrize("status", ["", "<html>", "Rate limit: 2\nsomething new\n"])
def test_a_server_without_slots(
    server: StandIn, servers: Servers, tmp_path: Path, status: str
) -> None:
    server.status = status
    download_place("Lengerich", tmp_path / "a.osm.gz", servers=servers)
    server.failures["/status"] = [(404, {}, "")]
    fresh = Servers(servers.nominatim_url, servers.overpass_url, tmp_path / "fresh")
    download_place("Lengerich", tmp_path / "a.osm.gz", servers=fresh)


def test_without_connection_the_way_by_extract_is_named(
    servers: Servers, tmp_path: Path, sleeps: list[float]
) -> None:
    nowhere = f"http://127.0.0.1:{closed_port()}"
    for offline in (
        Servers(nowhere, nowhere, servers.cache_dir),
        Servers(servers.nominatim_url, nowhere, servers.cache_dir),
    ):
        said = failing(offline, tmp_path)
        assert "gibt es keine Verbindung" in said
        for words in ("download.geofabrik.de", "Nordrhein-Westfalen", ".osm.pbf", "--extract"):
            assert words in said
    assert sleeps == [1, 1]


def test_a_server_that_says_nothing(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent_post(*_: Any, **__: Any) -> None:
        raise requests.exceptions.ReadTimeout

    monkeypatch.setattr(requests.Session, "post", silent_post)
    assert "nicht rechtzeitig geantwortet" in failing(servers, tmp_path)


def test_after_a_break_only_the_rest_is_fetched(
    server: StandIn, servers: Servers, tmp_path: Path
) -> None:
    server.places["Lengerich"] = [municipality("Lengerich", 1, (7.70, 52.19, 7.95, 52.20))]
    download_place("Lengerich", tmp_path / "all.osm.gz", servers=servers)
    every = server.requests.count("/interpreter")
    assert every >= 2
    (first, *_) = sorted(servers.cache_dir.glob("*.osm.pbf"))
    first.unlink()
    server.requests.clear()
    download_place("Lengerich", tmp_path / "again.osm.gz", servers=servers)
    assert server.requests == ["/status", "/interpreter"]
    assert (tmp_path / "all.osm.gz").read_bytes() == (tmp_path / "again.osm.gz").read_bytes()


def test_nothing_of_osmnx_or_of_python_stays_changed(
    server: StandIn, servers: Servers, tmp_path: Path
) -> None:
    from osmnx import settings  # noqa: PLC0415 - as lazily as the product

    def state() -> dict[str, Any]:
        return {key: value for key, value in vars(settings).items() if key.islower()}

    before, resolve = state(), socket.getaddrinfo
    download_place("Lengerich", tmp_path / "a.osm.gz", servers=servers)
    server.failures["/search"] = [(500, {}, "")]
    with pytest.raises(OnlineError):
        find_place("Anderswo", servers=servers)
    assert state() == before
    assert socket.getaddrinfo is resolve


def test_tiles_in_the_cache_name_no_mapper(
    server: StandIn, servers: Servers, tmp_path: Path
) -> None:
    body = (
        f'<osm version="0.6"><meta osm_base="{OSM_BASE}"/><node id="1" version="3" uid="7" '
        'user="Erika Muster" changeset="9" timestamp="2026-01-01T00:00:00Z" lat="52" lon="7"/>'
        "</osm>"
    )
    server.failures["/interpreter"] = [(200, {}, body)]
    download_place("Lengerich", tmp_path / "a.osm.gz", servers=servers)
    (tile,) = servers.cache_dir.glob("*.osm.pbf")
    with osmium.io.Reader(str(tile)) as reader:
        assert reader.header().get("osmosis_replication_timestamp") == OSM_BASE
    seen = [
        (node.version, node.user, node.uid, node.changeset)
        for node in osmium.FileProcessor(str(tile), osmium.osm.NODE)
        if isinstance(node, osmium.osm.Node)
    ]
    assert seen == [(3, "", 0, 0)]
    assert "Erika" not in gzip.decompress((tmp_path / "a.osm.gz").read_bytes()).decode()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_only_names(
    server: StandIn, servers: Servers, tmp_path: Path, name: str
) -> None:
    server.places[name] = [municipality(name, 1, TOWN, display_name=name)]
    assert find_place(name, servers=servers).name == name
    download_place(name, tmp_path / "a.osm.gz", servers=servers)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.osm.gz", "cache"]


def test_targets_and_caches_that_cannot_be_written(servers: Servers, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="Den Ordner"):
        download_place("Lengerich", tmp_path / "none" / "a.osm.gz", servers=servers)
    (tmp_path / "file").write_text("")
    blocked = Servers(servers.nominatim_url, servers.overpass_url, tmp_path / "file" / "cache")
    with pytest.raises(OutputError, match="kein Ordner"):
        download_place("Lengerich", tmp_path / "a.osm.gz", servers=blocked)


def test_the_environment_names_servers_and_folders(tmp_path: Path) -> None:
    usual = servers_from({"HOME": str(tmp_path)})
    assert usual.nominatim_url == "https://nominatim.openstreetmap.org"
    assert usual.overpass_url == "https://overpass-api.de/api"
    assert usual.cache_dir.is_relative_to(tmp_path)
    own = servers_from(
        {
            "SOZIALRAUM_NOMINATIM_URL": "http://127.0.0.1:1/",
            "SOZIALRAUM_OVERPASS_URL": "http://127.0.0.1:2/api/",
            "SOZIALRAUM_CACHE_DIR": str(tmp_path / "x"),
        }
    )
    assert own == Servers("http://127.0.0.1:1", "http://127.0.0.1:2/api", tmp_path / "x")
    for wrong in ("file:///etc/passwd", "overpass-api.de", "ftp://x/"):
        with pytest.raises(OnlineError, match="SOZIALRAUM_OVERPASS_URL"):
            servers_from({"SOZIALRAUM_OVERPASS_URL": wrong, "HOME": str(tmp_path)})
