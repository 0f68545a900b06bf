"""Canaries in all that a study is made from: none gets into a public file, answer or log.

The routes that are asked are those that the application has: a new one is asked as well, and one
with a parameter that nobody has given values for makes the test fail.
"""

from __future__ import annotations

import itertools
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

import osmium
import pytest
from starlette.testclient import TestClient

from api.build import PUBLIC_FOLDER, build
from api.service.app import create_app
from api.service.guide_routes import GUIDES
from api.service.security import route_paths
from api.service.settings import ServiceSettings
from api.service.store import SnapshotStore
from layers.canaries import Canaries
from layers.canary_search import canaries_in
from layers.layer_info import HIDDEN_LAYER
from layers.release_list import LIST_FILE
from tests.api.conftest import EXAMPLE

INPUT = Canaries(mark="kanarieeingabex", number=-7_318_446_209)

RISK_TAGS: Mapping[str, Mapping[str, str]] = {
    "alcohol": {"shop": "alcohol"},
    "fuel": {"amenity": "fuel", "opening_hours": "24/7"},
    "gambling": {"leisure": "adult_gaming_centre"},
    "pawnbroker": {"shop": "pawnbroker"},
}
"""Tags of a place of each category of the internal risk layer."""

FORMS = ("", "f=html", "f=json")
FAULTS = ("x=1", "bbox=1", "limit=0", "filter=name%20%3D", "datetime=gestern", "house_id=nichts")


def with_risk_places(source: Path, target: Path) -> None:
    """Copy an extract, with a place of the risk layer of each category among the others."""
    with osmium.io.Reader(str(source)) as reader:
        box = reader.header().box()
    west, south = box.bottom_left.lon, box.bottom_left.lat
    east, north = box.top_right.lon, box.top_right.lat
    with (
        osmium.io.Reader(str(source)) as reader,
        osmium.SimpleWriter(str(target), header=reader.header()) as writer,
    ):
        nodes = osmium.FileProcessor(str(source), osmium.osm.NODE)
        last = max((node.id for node in nodes), default=0)
        for number, (name, tags) in enumerate(RISK_TAGS.items(), start=1):
            more = {
                key: INPUT.text(f"risk place {name} {key}")
                for key in ("name", "operator", "addr:street", "website")
            }
            at = (west + (0.4 + 0.05 * number) * (east - west), (south + north) / 2)
            writer.add_node(
                osmium.osm.mutable.Node(
                    id=last + number, version=1, location=at, tags={**tags, **more}
                )
            )
        osmium.apply(reader, writer)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the example with canaries in everything internal that a study can hold."""
    folder = tmp_path_factory.mktemp("eingabe") / INPUT.text("folder of the study")
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("out", "drawing"))
    extract = f"{INPUT.text('name of the extract')}.osm.pbf"
    with_risk_places(folder / "region.osm.pbf", folder / extract)
    (folder / "region.osm.pbf").unlink()
    (folder / "kategorien.toml").write_text(
        "".join(f'[[category]]\nid = "{name}"\noff = false\n' for name in RISK_TAGS),
        encoding="utf-8",
    )
    (folder / "study.toml").write_text(
        f'# {INPUT.text("comment")}\nname = "Musterhausen"\nextract = "{extract}"\n'
        'sites = "sites.geojson"\nfictional = true\nprojects = ["cafe"]\n'
        'candidates = "orte.geojson"\ntaxonomy = "kategorien.toml"\n'
        "[placement]\nrisk = true\nrisk_m = 100\n",
        encoding="utf-8",
    )
    sites = json.loads((folder / "sites.geojson").read_text(encoding="utf-8"))
    houses = []
    for one in sites["features"]:
        more = {
            key: INPUT.text(f"sites.geojson {key}")
            for key in ("target_group", "contact", "notes", "addr:street", "capacity")
        }
        one["properties"] |= more
        if one["properties"]["kind"] == "house":
            houses.append(one)
            number = len(houses)
            one["properties"] |= {
                "id": INPUT.text(f"house {number} id"),
                "name": INPUT.text(f"house {number} name"),
                "places": 24,
            }
    # A house off any grounds, as a decentral group has.
    alone = json.loads(json.dumps(houses[0]))
    alone["properties"] |= {"id": INPUT.text("alone id"), "name": INPUT.text("alone name")}
    alone["properties"].pop("site_id", None)
    alone["geometry"] = {"type": "Point", "coordinates": [7.6, 51.95]}
    point = sites["features"][0]["geometry"]
    while not isinstance(point[0] if isinstance(point, list) else None, float):
        point = point["coordinates"] if isinstance(point, dict) else point[0]
    alone["geometry"]["coordinates"] = [point[0] + 0.006, point[1] - 0.004]
    sites["features"].append(alone)
    (folder / "sites.geojson").write_text(json.dumps(sites), encoding="utf-8")
    candidate = {
        "type": "Feature",
        "properties": {"id": "k1", "name": INPUT.text("candidate"), "note": INPUT.text("note")},
        "geometry": {"type": "Point", "coordinates": [point[0] + 0.004, point[1] - 0.004]},
    }
    (folder / "orte.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [candidate]}), encoding="utf-8"
    )
    (folder / "confirmations.csv").write_text(
        "house_id;category;status;by;on;note\n"
        f"{houses[0]['properties']['id']};pharmacy;missing;{INPUT.text('person')};2026-03-01;"
        f"{INPUT.text('confirmation note')}\n",
        encoding="utf-8",
    )
    made = build(folder)
    places = made.snapshot.places
    risky = places[places["layer"] == HIDDEN_LAYER]
    # They are known, or it would be no wonder that they are found nowhere.
    assert set(risky["category"]) >= set(RISK_TAGS)
    assert risky["name"].str.startswith(INPUT.mark).sum() == len(RISK_TAGS)
    return made.out


def test_canaries_of_the_input_are_in_the_internal_release(seeded: Path, tmp_path: Path) -> None:
    shutil.copytree(seeded, tmp_path / "intern", ignore=shutil.ignore_patterns(PUBLIC_FOLDER))
    found = {leak.field for leak in canaries_in(tmp_path / "intern", INPUT)}
    assert {"house 1 id", "house 1 name", "alone id", "person", "candidate"} <= found


def test_no_canary_of_the_input_is_in_any_public_file(seeded: Path) -> None:
    public = seeded / PUBLIC_FOLDER
    assert len(list(public.rglob("*"))) > 20
    assert canaries_in(public, INPUT) == []
    assert INPUT.mark not in (seeded / LIST_FILE).read_text(encoding="utf-8-sig")


def values_of(name: str, path: str, public: Path, collections: Mapping[str, Any]) -> list[str]:
    """Return what may stand for a parameter of a path; among it what there is not."""
    if name == "collection_id":
        return [*collections, "houses", "needs", "ranking", HIDDEN_LAYER, "nichts"]
    if path.startswith("/karte/daten/"):
        parts = json.loads((public / "karte/teile.json").read_text(encoding="utf-8"))["parts"]
        return [*(one["name"] for one in parts), "houses.json", "nichts.json"]
    if path.startswith("/dateien/"):
        report = json.loads((public / "report.json").read_text(encoding="utf-8"))
        return [
            *report["files"],
            "report.json",
            "../freigabe.csv",
            "..%2freport.json",
            "needs.csv",
        ]
    if path.startswith("/hilfe/"):
        return [*GUIDES, "nichts"]
    if path.startswith("/static/"):
        return ["seiten.css", "nichts.js"]
    raise AssertionError(f"nobody has said what {{{name}}} of {path} may be")


def asked(paths: list[str], public: Path, collections: Mapping[str, Any]) -> Iterator[str]:
    """Yield the addresses of all routes, filled in, in all forms, good and faulty."""
    for path in paths:
        names = [name for name, _ in re.findall(r"{(\w+)(:path)?}", path)]
        choices = [
            values_of(name, path, public, collections) for name in names if name != "feature_id"
        ]
        for chosen in itertools.product(*choices):
            filled = path
            for name, value in zip(
                [name for name in names if name != "feature_id"], chosen, strict=True
            ):
                filled = re.sub(rf"{{{name}(:path)?}}", lambda _, v=value: v, filled)  # type: ignore[misc]
            if "feature_id" in names:
                shown = collections.get(chosen[0])
                ids = [] if shown is None else list(shown.ids[:2])
                for key in (*ids, "nichts"):
                    yield from forms(filled.replace("{feature_id:path}", key))
            else:
                yield from forms(filled)
                if filled.endswith("/items"):
                    yield f"{filled}?limit=10000"
    yield from forms("/gibt-es-nicht")


def forms(path: str) -> Iterator[str]:
    """Yield an address in all forms, and with parameters that are wrong."""
    yield from (f"{path}?{form}" if form else path for form in FORMS)
    if path.endswith(("/items", "/collections", "/suche")) or path == "/":
        yield from (
            f"{path}?{fault}&{form}" if form else f"{path}?{fault}"
            for fault in FAULTS
            for form in FORMS
        )


def test_no_canary_of_the_input_is_in_any_answer_or_log(
    seeded: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    public = seeded / PUBLIC_FOLDER
    store = SnapshotStore(public)
    app = create_app(ServiceSettings(), store)
    got: list[tuple[str, Any]] = []
    with caplog.at_level("DEBUG"), TestClient(app, raise_server_exceptions=False) as client:
        for address in asked(route_paths(app.routes), public, store.current().collections):
            got.append((address, client.get(address)))
            got.append((f"HEAD {address}", client.head(address)))
        got += [
            (verb, client.request(verb, "/collections/services/items"))
            for verb in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE")
        ]
        # A fault of the program within a route (an address that nobody has asked for before, or
        # the answer would be one that is kept), and around all of them.
        for name, path in (("current", "/collections/services/items?limit=7"), ("pinned", "/")):
            monkeypatch.setattr(store, name, broken)
            for form in FORMS:
                mark = "&" if "?" in path else "?"
                answer = client.get(f"{path}{mark}{form}", headers={"accept": "text/html"})
                assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
                got.append((f"broken {name} {form}", answer))
    statuses = {response.status_code for _, response in got}
    assert statuses >= {200, 400, 404, 405, 500}
    assert sum(response.status_code == 200 for _, response in got) > 300
    assert sum("text/html" in answer.headers.get("content-type", "") for _, answer in got) > 100
    for number, (_, response) in enumerate(got):
        whole = response.content + str(dict(response.headers)).encode()
        (tmp_path / f"{number}.bin").write_bytes(whole)
    printed = capfd.readouterr()
    (tmp_path / "log.txt").write_text(caplog.text + printed.out + printed.err, encoding="utf-8")
    leaks = canaries_in(tmp_path, INPUT)
    assert [
        (leak.file if leak.file == "log.txt" else got[int(leak.file[:-4])][0], leak.field)
        for leak in leaks
    ] == []


def broken() -> Any:
    raise RuntimeError("a fault of the program")
