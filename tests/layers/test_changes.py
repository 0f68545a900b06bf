"""What counts as a change: small releases, each difference put there by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.changes import Changes, compare
from layers.changes_files import RENAMED, change_words, field_sentences, write_changes
from layers.layer_frames import PUBLIC, Exported, layer_columns, typed

CRS = "EPSG:25832"
FACTS = {
    "snapshot": "a", "study": "Ort", "fictional": "false", "data_date": "2025-01-01", "crs": CRS,
    "minutes": "5,10", "profiles": "resident=Zu Fuß;roller=Mit Rollator", "method_version": "3",
    "attribution": "OSM", "licence": "ODbL", "licence_url": "", "release": "internal",
    "extract": "x.osm.pbf", "publisher": "", "contact": "",
}  # fmt: skip


def places(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
    """Return places; a row says ``id``, ``x``, and what is not as usual."""
    usual: dict[str, Any] = dict.fromkeys(layer_columns("services", ()), "")
    usual |= {"category": "shop", "category_label": "Laden", "kind": "Laden", "partner": False}
    made = [usual | {"osm_ids": row["id"]} | row for row in rows]
    frame = gpd.GeoDataFrame(
        pd.DataFrame(made, columns=[*usual, "x"]),
        geometry=[shapely.Point(400_000 + row["x"], 5_700_000) for row in made],
        crs=CRS,
    )
    return typed(frame, layer_columns("services", ()))  # type: ignore[no-any-return]


def times(*rows: tuple[str, str, float]) -> pd.DataFrame:
    usual = {"profile": "resident", "state": "confirmed", "distance_m": 0.0, "estimated": False,
             "private": False, "by_hours": False, "unknown_m": 0.0}  # fmt: skip
    made = [{"from_id": a, "to_id": b, "travel_time_s": s, **usual} for a, b, s in rows]
    frame = pd.DataFrame(made, columns=layer_columns("travel_times", ()))
    return typed(frame, layer_columns("travel_times", ()))  # type: ignore[no-any-return]


def release(facts: dict[str, str] | None = None, **layers: Any) -> Exported:
    houses = gpd.GeoDataFrame(
        {"id": ["h"], "name": ["Haus"], "site_id": [""], "source": [""], "licence": [""]},
        geometry=[shapely.Point(400_000, 5_700_000)],
        crs=CRS,
    )
    known = {**FACTS, **(facts or {})}
    return Exported(
        facts=known,
        minutes=tuple(int(one) for one in known["minutes"].split(",")),
        layers={"houses": typed(houses, layer_columns("houses", ())), **layers},
        categories=pd.DataFrame({"id": ["shop"], "label": ["Laden"]}),
        summaries=pd.DataFrame(),
    )


def told(changes: Changes) -> list[tuple[str, str, str, str]]:
    """Return layer, word, id and what changed, in their order."""
    things = changes.things
    return list(
        zip(things["layer"], change_words(things), things["id"], field_sentences(changes),
            strict=True)
    )  # fmt: skip


def test_nothing_has_changed_but_where_the_data_are_from() -> None:
    old = release(services=places({"id": "n1", "x": 0, "data_date": "2025", "source": "a"}))
    new = release(services=places({"id": "n1", "x": 0.9, "data_date": "2026", "source": "b"}))
    assert compare(old, new).is_empty


def test_what_came_went_moved_and_changed() -> None:
    old = release(
        services=places(
            {"id": "n1", "x": 0, "name": "A", "wheelchair": "unknown"},
            {"id": "n2", "x": 500, "name": "B"},
        )
    )
    new = release(
        services=places(
            {"id": "n1", "x": 3, "name": "A", "wheelchair": "yes"},
            {"id": "n3", "x": 900, "name": "C"},
        )
    )
    changes = compare(old, new)
    assert told(changes) == [
        ("services", "neu", "n3", ""),
        ("services", "weggefallen", "n2", ""),
        ("services", "geändert", "n1", "Mit Rollstuhl: unbekannt → ja; Lage: 3 m verschoben"),
    ]
    count = next(one for one in changes.layers if one.name == "services")
    assert (count.before, count.now, count.added, count.removed, count.changed) == (2, 2, 1, 1, 1)
    # What is gone stands where it was.
    assert changes.things.geometry.x.tolist() == [400_900, 400_500, 400_003]


def test_a_place_under_another_id_is_the_same() -> None:
    old = release(
        services=places(
            {"id": "n1", "x": 0, "name": "Redrawn", "osm_ids": "n1,n9"},
            {"id": "n2", "x": 300, "name": "Named"},
            {"id": "n3", "x": 600},
            {"id": "n4", "x": 900, "name": "Far"},
            {"id": "n5", "x": 1200},
        )
    )
    new = release(
        services=places(
            {"id": "w1", "x": 40, "name": "Other word", "osm_ids": "w1,n9"},
            {"id": "w2", "x": 349, "name": "NAMED "},
            {"id": "w3", "x": 614},
            {"id": "w4", "x": 951, "name": "Far"},
            {"id": "w5", "x": 1216},
        )
    )
    changes = compare(old, new)
    again = {
        key: before
        for key, before in zip(changes.things["id"], changes.things["old_id"], strict=True)
        if before
    }
    # By an object (n9), by the name within 50 m, without a name within 15 m; not at 51 and 16 m.
    assert again == {"w1": "n1", "w2": "n2", "w3": "n3"}
    assert sorted(changes.things.loc[changes.things["change"] == "added", "id"]) == ["w4", "w5"]
    assert set(change_words(changes.things)) == {"neu", "weggefallen", RENAMED}
    (count,) = [one for one in changes.layers if one.name == "services"]
    assert (count.added, count.removed, count.changed, count.renamed) == (2, 2, 0, 3)


def test_places_joined_and_split_are_not_gone_and_new() -> None:
    apart = places({"id": "n1", "x": 0, "name": "A"}, {"id": "n2", "x": 20, "name": "B"})
    joined = places({"id": "n1", "x": 0, "name": "A", "osm_ids": "n1,n2"})
    one = compare(release(services=apart), release(services=joined))
    assert [row[1:3] for row in told(one)] == [(RENAMED, "n1")]
    assert one.things["old_id"].tolist() == ["n2"]
    other = compare(release(services=joined), release(services=apart))
    assert [row[1:3] for row in told(other)] == [(RENAMED, "n2")]
    assert other.things["old_id"].tolist() == ["n1"]


def test_the_same_number_for_another_place() -> None:
    old = release(services=places({"id": "n1", "x": 0, "name": "A"}))
    same = places({"id": "n1", "x": 201, "name": "B", "category": "bank", "kind": "Bank"})
    changes = compare(old, release(services=same))
    assert [row[1] for row in told(changes)] == ["neu", "weggefallen"]
    near = places({"id": "n1", "x": 199, "name": "B", "category": "bank", "kind": "Bank"})
    assert [row[1] for row in told(compare(old, release(services=near)))] == ["geändert"]


def test_a_place_that_is_in_another_layer_now_or_in_two() -> None:
    place = places({"id": "n1", "x": 0, "name": "A"})
    none = place.iloc[:0]
    old = release(services=place, meeting_places=none, partners=none)
    new = release(services=none, meeting_places=place, partners=place)
    assert told(compare(old, new)) == [
        ("meeting_places", "geändert", "n1", "Ebene: Versorgung → Treffpunkte")
    ]


def test_times_are_summed_up() -> None:
    # One stays within a second, one is 30 s quicker, one 120 s slower; one goes, two come.
    old = times(("h", "n1", 100.0), ("h", "n2", 200.0), ("h", "n3", 300.0), ("h", "n4", 1.0))
    new = times(
        ("h", "n1", 100.9), ("h", "n2", 170.0), ("h", "n3", 420.0), ("h", "n5", 1.0),
        ("h", "n6", 1.0),
    )  # fmt: skip
    changes = compare(release(travel_times=old), release(travel_times=new))
    assert changes.things.empty
    first, largest = changes.sums
    assert first == (
        "Zu Fuß: Von 3 Wegen, die es vorher und jetzt gibt, dauern 1 länger und 1 kürzer, 1 davon "
        "um weniger als eine Minute; im Mittel (Median) sind es 1 min 15 s. 2 Wege sind "
        "dazugekommen und 1 weggefallen, weil es den Ort neu oder nicht mehr gibt oder er jetzt "
        "in Reichweite oder zu weit liegt."
    )
    assert largest == "Am stärksten: Haus → n3 (Zu Fuß), 7 min statt 5 min."


def test_times_to_a_place_under_another_id_are_compared() -> None:
    old = release(
        services=places({"id": "n1", "x": 0, "name": "A"}), travel_times=times(("h", "n1", 60.0))
    )
    new = release(
        services=places({"id": "w1", "x": 0, "name": "A"}), travel_times=times(("h", "w1", 60.4))
    )
    assert compare(old, new).sums == ()


def test_what_cannot_be_compared_is_said() -> None:
    old = release({"profiles": "resident=Zu Fuß;bicycle=Rad"}, travel_times=times())
    new = release(
        {
            "study": "Anders", "method_version": "4", "minutes": "5,15", "data_date": "2024-01-01",
            "release": PUBLIC,
        },
        services=places(),
    )  # fmt: skip
    notes = " ".join(compare(old, new).notes)
    for word in (
        "zwei Studien", "Rechenwegs", "öffentliche Fassung", "vertauscht", "»Rad«",
        "»Mit Rollator«", "»10 Minuten«", "»15 Minuten«", "»Wegezeiten«", "»Versorgung«",
    ):  # fmt: skip
        assert word in notes, word


def test_areas_and_another_crs() -> None:
    def area(width: float) -> Any:
        frame = gpd.GeoDataFrame(
            {
                "id": ["h-resident-confirmed-05"], "house_id": ["h"], "profile": ["resident"],
                "state": ["confirmed"], "minutes": [5], "source": [""], "licence": [""],
                "data_date": [""],
            },
            geometry=[shapely.box(400_000, 5_700_000, 400_000 + width, 5_700_100)],
            crs=CRS,
        )  # fmt: skip
        return typed(frame, layer_columns("isochrones", ()))

    old = release(isochrones=area(100))
    # 0.99 m of 100.99 m are just below one percent.
    assert compare(old, release(isochrones=area(100.99))).is_empty
    wider = compare(old, release(isochrones=area(110)))
    # 10 m of 110 m together are elsewhere.
    assert wider.things["area_percent"].round(2).tolist() == [9.09]
    assert wider.things["name"].tolist() == ["Haus, Zu Fuß, gesichert, 5 min"]
    layers: dict[str, Any] = dict(old.layers)
    moved = replace(
        old,
        facts={**old.facts, "crs": "EPSG:25833"},
        layers={name: frame.to_crs("EPSG:25833") for name, frame in layers.items()},
    )
    changes = compare(moved, old)
    assert changes.is_empty
    assert any("EPSG:25833" in note for note in changes.notes)


def test_the_files(tmp_path: Path) -> None:
    old = release(services=places({"id": "n1", "x": 0, "name": "=A()", "operator": "x"}))
    new = release(
        services=places({"id": "n1", "x": 0, "name": "B", "operator": "y"}, {"id": "n2", "x": 90})
    )
    write_changes(compare(old, new), tmp_path)
    table = (tmp_path / "aenderungen.csv").read_text(encoding="utf-8-sig").splitlines()
    assert table[0].startswith("ebene;aenderung;id;fruehere_id;name;art;feld;vorher;jetzt")
    assert table[1].startswith("Versorgung;neu;n2;;Laden;Laden;;;")
    assert table[2].startswith("Versorgung;geändert;n1;;B;Laden;Name;'=A();B;")
    assert table[3].startswith("Versorgung;geändert;n1;;B;Laden;Betreiber;x;y;")
    document = json.loads((tmp_path / "aenderungen.geojson").read_text(encoding="utf-8"))
    first, second = (one["properties"] for one in document["features"])
    assert (first["change"], first["id"], first["fields"]) == ("added", "n2", {})
    assert second["fields"] == {"name": ["=A()", "B"], "operator": ["x", "y"]}


def test_a_million_times_are_compared_like_a_few() -> None:
    """Two hundred thousand rows here, in another order; every hundredth is a minute longer."""
    count = 200_000
    base = times(("h", "n0", 0.0))
    many = base.loc[np.zeros(count, dtype=int)].reset_index(drop=True)
    many["to_id"] = pd.Series([f"n{at}" for at in range(count)], dtype="str")
    many["travel_time_s"] = np.arange(count, dtype=float)
    later = many.copy()
    later.loc[later.index % 100 == 0, "travel_time_s"] += 60.0
    later = later.sample(frac=1, random_state=1).reset_index(drop=True)
    sums = compare(release(travel_times=many), release(travel_times=later)).sums
    assert "Von 200.000 Wegen, die es vorher und jetzt gibt, dauern 2.000 länger" in sums[0]
