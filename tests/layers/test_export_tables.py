"""The exported tables: right for German Excel, and harmless."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from pathlib import Path

import pandas as pd
import pytest

from geo.vector_files import read_layer
from layers.export_tables import write_access_csv, write_places_csv, write_travel_times_csv
from layers.exports import write_all, write_format
from layers.layer_frames import export_snapshot, layer_frames
from layers.snapshot import Snapshot
from tests.layers import sample
from tests.layers.test_csv_files import FORMULAS

REAL = dataclasses.replace(sample.sample_snapshot(), fictional=False)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    write_all(REAL, folder)
    return folder


def table(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, sep=";", decimal=",", encoding="utf-8-sig", keep_default_na=False)


def test_places_table(out: Path) -> None:
    places = table(out / "places.csv").set_index("id")
    assert sorted(places.index) == [
        "n1", "n10", "n11", "n2", "n4", "n5", "n6", "n7", "n9", "w3", "w8",
    ]  # fmt: skip
    bakery = places.loc["n1"]
    assert (bakery["kategorie"], bakery["rollstuhl"], bakery["stand"]) == (
        "Bäckerei", "ja", "12.03.2026",
    )  # fmt: skip
    assert (bakery["ost_25832"], bakery["nord_25832"]) == (402200.0, 5760600.0)
    assert places.loc["n4", "gelaende"] == "Waldhof"
    # A partner is listed once, with the layer it belongs to.
    assert (places.loc["w8", "ebene"], places.loc["w8", "partner"]) == ("Treffpunkte", "ja")
    assert places.loc["n10", "ebene"] == "Mögliche Partner"
    # Unknown is a word of its own, not an empty cell and not "no".
    assert places["rollstuhl"].to_dict()["n10"] == "unbekannt"
    assert (places.loc["n2", "name"], places.loc["n10", "name"]) == (
        f"'{sample.HOSTILE_FORMULA}", f"'{sample.HOSTILE_MINUS}",
    )  # fmt: skip


def test_access_table(out: Path) -> None:
    access = table(out / "access.csv")
    house = access[access["house_id"] == "h-linde"].set_index("category")
    market = house.loc["supermarket"]
    assert (market["haus"], market["kategorie"], market["ergebnis"]) == (
        "Haus Linde", "Supermarkt", "erreichbar",
    )  # fmt: skip
    # pandas reads a column with empty cells as text here: the comma is to be seen.
    assert (market["nearest_s"], market["minuten"], market["detour"]) == ("1400,0", "23,3", "5,00")
    assert house["ergebnis"].to_dict() == {
        "supermarket": "erreichbar",
        "bakery": "erreichbar",
        "pharmacy": "nicht erreichbar",
        "doctors": "nicht erfasst",
        "bus_stop": "erreichbar",
        "cafe": "nur auf dem Gelände",
        "community_centre": "erreichbar",
        "place_of_worship": "erreichbar",
        "club": "erreichbar",
    }
    assert house.loc["pharmacy", "nearest_s"] == ""
    assert set(access["lizenz"]) == {"ODbL 1.0"}


def test_travel_times_table(out: Path, tmp_path: Path) -> None:
    write_format(out / "snapshot.gpkg", "csv", tmp_path)
    times = table(tmp_path / "travel_times.csv")
    assert len(times) == 31
    found = times[(times["from_id"] == "h-linde") & (times["to_id"] == "n11")].iloc[0]
    # A place without a name goes by its kind.
    assert (found["haus"], found["ort"], found["travel_time_s"]) == (
        "Haus Linde", "Sitzbank", 250.0,
    )  # fmt: skip


def test_no_cell_of_any_table_begins_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "tabelle.csv"
    seen = 0
    for text in FORMULAS:
        exported = export_snapshot(_hostile(text))
        for write in (write_places_csv, write_access_csv, write_travel_times_csv):
            write(exported, path)
            content = path.read_bytes().decode("utf-8-sig")
            for row in csv.reader(io.StringIO(content, newline=""), delimiter=";"):
                for cell in row:
                    assert cell.lstrip()[:1] not in set("=+-@\t\r\0＝＋－＠")
                    seen += cell.startswith("'")
    # Twelve places, of which one is of the risk layer, and each of many columns.
    assert seen > 100 * len(FORMULAS)


def _hostile(text: str) -> Snapshot:
    places = sample.places()
    for column in ("name", "kind", "opening_hours", "address", "operator", "website"):
        places[column] = pd.Series([text] * len(places), dtype="str")
    return dataclasses.replace(
        REAL,
        name=text,
        places=places,
        sites=sample.sites().assign(name=text),
        houses=sample.houses().assign(name=text),
        gates=sample.gates().assign(name=text, status=text),
        source=text,
    )


def test_hostile_text_stays_as_it_is_in_gis_files(tmp_path: Path) -> None:
    for number, text in enumerate(
        [
            "</script><script>x</script>",
            "${x} `y`",
            "\u202egnp",
            "=1+1",
            "'; DROP TABLE x; --",
            "🕊",
        ]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        write_all(_hostile(text), folder)
        assert set(read_layer(folder / "snapshot.gpkg", "services")["name"]) == {text}
        services = (folder / "geojson" / "services.geojson").read_text(encoding="utf-8")
        features = json.loads(services)["features"]
        assert {feature["properties"]["name"] for feature in features} == {text}


def test_a_website_is_an_address_or_nothing() -> None:
    places = sample.places().iloc[:5].copy()
    places["layer"] = "services"
    places["website"] = [
        "https://beispiel.example/a?b=c",
        "javascript:alert(1)",
        "HTTP://beispiel.example",
        "data:text/html,x",
        "https://a.example b",
    ]
    frame = layer_frames(dataclasses.replace(REAL, places=places))["services"]
    assert dict(zip(frame["id"], frame["website"], strict=True)) == dict(
        zip(
            places["id"],
            ["https://beispiel.example/a?b=c", "", "HTTP://beispiel.example", "", ""],
            strict=True,
        )
    )
