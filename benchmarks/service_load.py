"""Load on the service: many people on the map, and throughput beside pygeoapi.

    python -m benchmarks.service_load users STUDY [--users 200 --seconds 60]
    python -m benchmarks.service_load side STUDY --pygeoapi PYTHON [--seconds 5]

``users``: an open model. People come evenly over a minute and do what people do: they open the
map, their browser fetches what it needs, they move about (a question by bounding box, each
another one), look at a place, and come back after a while. Whoever has to wait does not make the
next one wait, so a slow service is not spared by its own slowness. Latencies are measured from
the moment a request was due, not from when a connection was free; »map« is the time from
opening the page until its last file was there, fetched one after the other.

``side``: the same requests, one kind after the other, to this service and to pygeoapi over the
same features, each with one worker, by turns, so that both meet the same machine. pygeoapi is
no part of this program; install it into an environment of its own:

    python3.11 -m venv /tmp/pygeoapi
    /tmp/pygeoapi/bin/pip install "pygeoapi>=0.21,<0.22" gunicorn

and name that Python: ``--pygeoapi /tmp/pygeoapi/bin/python``. Its provider for GeoPackage needs
SpatiaLite and a Python whose SQLite loads extensions (on Debian: ``/usr/bin/python3 -m venv`` and
the package ``libsqlite3-mod-spatialite``); then ``--provider SQLiteGPKG`` measures that one. The
provider for GeoJSON, the default, needs nothing and reads its file on each request.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.service_client import Connection, Sample, fetch, hammer
from benchmarks.service_pygeoapi import pygeoapi

LAYER = "meeting_places"


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["users", "side"])
    parser.add_argument("study", type=Path)
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pygeoapi", type=Path, help="Python of an environment with pygeoapi")
    parser.add_argument("--provider", choices=["GeoJSON", "SQLiteGPKG"], default="GeoJSON")
    given = parser.parse_args()
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    if given.what == "users":
        with our_service(given.study) as port:
            asyncio.run(_users(port, given.users, given.seconds))
    else:
        _side_by_side(given)


@contextmanager
def our_service(study: Path) -> Iterator[int]:
    """Start the service as people start it, on a free port; give the port."""
    program = Path(sys.executable).with_name("sozialraum")
    started = subprocess.Popen(
        [program, "serve", study, "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    assert started.stdout is not None
    try:
        port = None
        while port is None:
            line = started.stdout.readline()
            assert line, "the service did not start"
            found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
            port = int(found[1]) if found else None
        wait_for(port)
        yield port
    finally:
        memory = _memory_mib(started.pid)
        started.send_signal(signal.SIGINT)
        started.wait(30)
        print(f"memory of the service at the end: {memory:.0f} MiB")


def wait_for(port: int) -> None:
    """Wait until somebody answers on a port."""
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
            return
        time.sleep(0.1)
    raise SystemExit(f"nobody answers on port {port}")


def _memory_mib(process: int) -> float:
    status = Path(f"/proc/{process}/status")
    if not status.is_file():
        return float("nan")
    found = re.search(r"VmRSS:\s+(\d+)", status.read_text())
    return int(found[1]) / 1024 if found else float("nan")


async def _users(port: int, users: int, seconds: float) -> None:
    """Let people come evenly over the time and print what they met."""
    page = await fetch(port, "/karte")
    linked = sorted(set(re.findall(r'(?:href|src)="([^":]+\?[^"]*|static/[^"]+)"', page.text)))
    start = next((path for path in linked if "start.js" in path), None)
    data = []
    if start is not None:
        script = await fetch(port, "/" + start.lstrip("/"))
        data = sorted(set(re.findall(r"karte/daten/[\w.-]+\?stand=\w+", script.text)))
    assets = ["/" + path.lstrip("/") for path in [*linked, *data]]
    described = json.loads((await fetch(port, f"/collections/{LAYER}")).text)
    box = described["extent"]["spatial"]["bbox"][0]
    ids = [
        feature["id"]
        for feature in json.loads((await fetch(port, _items(limit=100))).text)["features"]
    ]
    print(f"a map of {1 + len(assets)} files; {users} people in {seconds:g} s")
    samples: list[Sample] = []
    began = time.perf_counter()
    tasks = [
        asyncio.create_task(
            _one_person(port, number, began + seconds * number / users, assets, box, ids, samples)
        )
        for number in range(users)
    ]
    await asyncio.gather(*tasks)
    _report(samples, time.perf_counter() - began)


def _items(**parameters: Any) -> str:
    asked = "&".join(f"{key.replace('_', '-')}={value}" for key, value in parameters.items())
    return f"/collections/{LAYER}/items?{asked}"


async def _one_person(  # noqa: PLR0917
    port: int,
    number: int,
    due: float,
    assets: list[str],
    box: list[float],
    ids: list[str],
    samples: list[Sample],
) -> None:
    """Do what one person on the map does, with pauses to think, for about half a minute.

    All times at which something is due are drawn beforehand: an open model.
    """
    draw = np.random.default_rng(number)
    connection = Connection(port)
    browser = {"Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "gzip"}
    program = {"Accept": "application/geo+json", "Accept-Encoding": "gzip"}
    plan: list[tuple[float, str, str, dict[str, str]]] = [(due, "page", "/karte", browser)]
    plan += [(due, "file", path, {"Accept": "*/*", "Accept-Encoding": "gzip"}) for path in assets]
    for _ in range(8):
        due += float(draw.exponential(3.0))
        wide, high = (box[2] - box[0]) / 4, (box[3] - box[1]) / 4
        west, south = box[0] + 3 * wide * draw.random(), box[1] + 3 * high * draw.random()
        corners = ",".join(f"{value:.5f}" for value in (west, south, west + wide, south + high))
        plan.append((due, "pan", _items(bbox=corners, limit=1000), program))
    for _ in range(3):
        due += float(draw.exponential(3.0))
        key = ids[int(draw.integers(len(ids)))]
        plan.append((due, "item", f"/collections/{LAYER}/items/{key}", program))
    for asked, (due, kind, path, headers) in enumerate(plan):
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        # A browser can ask for a file only once it has the page, one after the other here.
        since = max(due, time.perf_counter()) if kind == "file" else due
        samples.append(await connection.ask(kind, path, headers, since))
        if asked == len(assets):
            samples.append(Sample("map", 200, time.perf_counter() - due, 0))
    connection.close()


def _report(samples: list[Sample], seconds: float) -> None:
    print(f"{'':8}{'asked':>8}{'p50 ms':>9}{'p99 ms':>9}{'most ms':>9}{'faults':>8}{'MB':>8}")
    for kind in [*dict.fromkeys(sample.kind for sample in samples), "all"]:
        asked = [sample for sample in samples if sample.kind != "map"]
        chosen = asked if kind == "all" else [one for one in samples if one.kind == kind]
        times = np.array([sample.seconds for sample in chosen]) * 1000
        faults = sum(sample.status != 200 for sample in chosen)
        size = sum(sample.size for sample in chosen) / 1e6
        middle, late = np.percentile(times, [50, 99])
        row = f"{kind:8}{len(chosen):8}{middle:9.1f}{late:9.1f}{times.max():9.1f}"
        print(f"{row}{faults:8}{size:8.1f}")
    print(f"{len(asked) / seconds:.0f} requests a second over {seconds:.0f} s")


def _side_by_side(given: argparse.Namespace) -> None:
    """Ask both services the same, by turns."""
    source = given.study / "out/public/geojson" / f"{LAYER}.geojson"
    features = json.loads(source.read_text(encoding="utf-8"))["features"]
    corners = np.array([_first_point(feature["geometry"]["coordinates"]) for feature in features])
    (west, south), (east, north) = corners.min(0), corners.max(0)
    middle = ((west + east) / 2, (south + north) / 2)
    box = ",".join(f"{value:.5f}" for value in (west, south, *middle))
    key = features[len(features) // 2].get("id", features[len(features) // 2]["properties"]["id"])
    paths = {
        "items limit=100": _items(limit=100),
        "items limit=1000": _items(limit=1000),
        "items by bbox": _items(bbox=box, limit=1000),
        "one item": f"/collections/{LAYER}/items/{key}",
    }
    print(f"{len(features)} features of {LAYER}; {given.connections} connections, one worker each")
    with (
        tempfile.TemporaryDirectory() as folder,
        our_service(given.study) as ours,
        pygeoapi(given.pygeoapi, source, LAYER, Path(folder), given.provider) as theirs,
    ):
        wait_for(theirs)
        head = f"{'requests a second':22}{'ours, new':>12}{'ours, kept':>12}{'pygeoapi':>12}"
        print(head + f"{'factor new':>12}{'factor kept':>12}")
        for name, path in paths.items():
            _compare(name, path, ours, theirs, given)


def _compare(name: str, path: str, ours: int, theirs: int, given: argparse.Namespace) -> None:
    """Print one row: medians over rounds in which each side had its turn.

    »new«: each request differs in a parameter without effect on the result, so that no
    answer that is kept whole can be used; »kept«: the same request again and again.
    """
    rates: dict[str, list[float]] = {"new": [], "kept": [], "theirs": []}
    for _ in range(given.rounds):
        rates["new"].append(_rate(ours, path, given, fresh=True))
        rates["kept"].append(_rate(ours, path, given, fresh=False))
        rates["theirs"].append(_rate(theirs, path + _f_json(path), given, fresh=False))
    new, kept, other = (statistics.median(rates[key]) for key in ("new", "kept", "theirs"))
    factors = f"{new / other:12.1f}{kept / other:12.1f}" if other else ""
    print(f"{name:22}{new:12.1f}{kept:12.1f}{other:12.1f}{factors}", flush=True)


def _rate(port: int, path: str, given: argparse.Namespace, *, fresh: bool) -> float:
    return asyncio.run(hammer(port, path, given.seconds, given.connections, fresh=fresh))


def _f_json(path: str) -> str:
    return ("&" if "?" in path else "?") + "f=json"


def _first_point(coordinates: Any) -> tuple[float, float]:
    while isinstance(coordinates[0], list):
        coordinates = coordinates[0]
    return float(coordinates[0]), float(coordinates[1])


if __name__ == "__main__":
    main()
