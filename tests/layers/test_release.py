"""The public release: what leaves, and that nothing else does."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest

from geo.errors import StudyError
from layers.layer_frames import Exported, export_snapshot
from layers.layer_info import HIDDEN_LAYER
from layers.public_names import without_house_labels, without_house_names
from layers.public_snapshot import public_snapshot
from layers.release import EXTRACT, content_id, released
from layers.snapshot import Snapshot
from layers.whitelist import NEEDED, Release, load_release
from tests.layers import sample

HOUSES = ("h-linde", "h-markt", "Haus Linde", "Haus am Markt")

DECIDED = {
    "id": "digest of what is public",
    "name": "as the study calls itself",
    "fictional": "public",
    "source": "not the name of the file",
    "data_date": "public",
    "crs": "public",
    "minutes": "public",
    "profiles": "public",
    "taxonomy": "without layers that do not leave",
    "sites": "columns of the list",
    "houses": "none",
    "gates": "columns of the list",
    "places": "columns of the list",
    "isochrones": "grounds only",
    "access": "grounds only",
    "travel_times": "grounds only",
    "coverage": "grounds only",
    "summaries": "grounds only",
    "base": "around grounds only",
    "findings": "none",
    "counts": "none",
    "digests": "none",
    "neighbourhood": "none",
    "placement": "none",
    "publisher": "public: given for that",
    "contact": "public: a mailbox of a role",
    "own": "as the study releases it",
}
"""Whoever adds a field to a snapshot says here what the public map may know of it."""


def real() -> Exported:
    return export_snapshot(dataclasses.replace(sample.sample_snapshot(), fictional=False))


def with_reach(counts: list[int | None], gate: str = "open") -> Exported:
    """Return the sample with neighbours at the gate of its one site."""
    exported = real()
    rows = len(counts)
    reach = pd.DataFrame(
        {
            "site_id": "g-waldhof",
            "profile": "resident",
            "state": "confirmed",
            "minutes": [5 * (row + 1) for row in range(rows)],
            "gate": gate,
            "neighbours": pd.array(counts, dtype="Int64"),
            "neighbours_state": ["protected" if one is None else "counted" for one in counts],
            "neighbours_estimated": True,
        }
    )
    return dataclasses.replace(exported, layers={**exported.layers, "site_reach": reach})


def narrowed(**layers: tuple[str, ...] | None) -> Release:
    """Return the product's list with other columns for some layers; None: without them."""
    release = load_release()
    kept: dict[str, Any] = {**release.layers, **layers}
    return dataclasses.replace(
        release, layers={name: columns for name, columns in kept.items() if columns is not None}
    )


def everything(exported: Exported) -> str:
    """Return all that is in a release as text."""
    tables = [*exported.layers.values(), exported.categories, exported.summaries]
    texts = [frame.to_csv() for frame in tables]
    return "\n".join([*texts, json.dumps(dict(exported.facts), ensure_ascii=False)])


# ------------------------------------------------------------------- files


def test_layers_and_columns_are_those_of_the_list() -> None:
    public = released(real(), load_release())
    assert list(public.layers) == list(load_release().layers)
    for name, frame in public.layers.items():
        columns = [column for column in frame.columns if column != "geometry"]
        assert columns == load_release().kept(name, columns)
        assert isinstance(frame, gpd.GeoDataFrame) == ("geometry" in frame.columns)


def test_houses_are_nowhere() -> None:
    public = released(real(), load_release())
    text = everything(public)
    assert [word for word in HOUSES if word in text] == []
    assert set(public.layers["access"]["house_id"]) == {"g-waldhof"}
    assert set(public.layers["travel_times"]["from_id"]) == {"g-waldhof"}
    assert set(public.layers["isochrones"]["house_id"]) == {"g-waldhof"}
    assert set(public.summaries["house_id"]) == {"g-waldhof"}
    assert len(public.layers["access"]) == len(real().layers["access"]) // 3


def test_an_unknown_layer_column_or_fact_is_out() -> None:
    exported = real()
    more = exported.layers["sites"].assign(target_group="vertraulich")
    exported = dataclasses.replace(
        exported,
        layers={**exported.layers, "sites": more, "contacts": exported.layers["houses"]},
        facts={**exported.facts, "reviewer": "vertraulich"},
        categories=exported.categories.assign(note="vertraulich"),
    )
    public = released(exported, load_release())
    assert "contacts" not in public.layers
    assert "vertraulich" not in everything(public)


def test_what_files_say_about_themselves() -> None:
    facts = released(real(), load_release()).facts
    assert facts["release"] == "public"
    assert facts["extract"] == EXTRACT
    assert facts["smallest_count"] == "5"
    assert facts["snapshot"] != real().facts["snapshot"]
    assert sample.sample_snapshot().source not in facts.values()


def test_the_id_follows_from_what_is_public_and_nothing_else() -> None:
    exported, release = real(), load_release()
    moved = exported.layers["houses"].assign(name="Anders")
    other = dataclasses.replace(
        exported,
        layers={**exported.layers, "houses": moved},
        facts={**exported.facts, "snapshot": "f" * 16},
    )
    first, second = released(exported, release), released(other, release)
    assert first.facts["snapshot"] == second.facts["snapshot"] == content_id(first)
    site = exported.layers["sites"].assign(name="Anders")
    third = dataclasses.replace(exported, layers={**exported.layers, "sites": site})
    assert released(third, release).facts["snapshot"] != first.facts["snapshot"]
    shifted: Any = exported.layers["gates"].copy()
    shifted.geometry = shifted.geometry.translate(1.0)
    fourth = dataclasses.replace(exported, layers={**exported.layers, "gates": shifted})
    assert released(fourth, release).facts["snapshot"] != first.facts["snapshot"]


def test_counts_of_people_are_told_in_steps() -> None:
    public = released(with_reach([0, None, 12, 104]), load_release())
    reach = public.layers["site_reach"]
    assert reach["neighbours"].tolist() == [pd.NA, pd.NA, 10, 100]
    assert reach["neighbours_state"].tolist() == ["protected", "protected", "counted", "counted"]
    twenty = dataclasses.replace(load_release(), smallest_count=20)
    larger = released(with_reach([0, None, 12, 104]), twenty)
    assert larger.layers["site_reach"]["neighbours"].tolist() == [pd.NA, pd.NA, pd.NA, 100]
    assert larger.facts["smallest_count"] == "20"


def test_a_study_without_grounds_has_an_empty_public_release() -> None:
    exported = real()
    nothing = {name: exported.layers[name].iloc[:0] for name in ("sites", "gates")}
    public = released(
        dataclasses.replace(exported, layers={**exported.layers, **nothing}), load_release()
    )
    assert len(public.layers["access"]) == len(public.layers["isochrones"]) == 0
    assert len(public.summaries) == 0
    assert len(public.layers["services"])


def test_the_sentences_of_grounds_do_not_speak_of_houses() -> None:
    said = released(real(), load_release()).summaries["text"]
    assert len(said)
    assert not said.str.contains(r"\bHaus\b|Häuser\b|Haustür|dieses Hauses").any()


def test_a_withheld_layer_is_gone_from_all_tables() -> None:
    public = released(real(), narrowed(meeting_places=None))
    gone = {"n4", "n9", "w8"}  # café, church and community centre
    assert "meeting_places" not in public.layers
    assert not gone & set(public.layers["travel_times"]["to_id"]) - set(
        public.layers["partners"]["id"]
    )
    assert "cafe" not in set(public.categories["id"])
    assert "cafe" not in set(public.layers["access"]["category"])
    assert len(public.summaries) == 0


# --------------------------------------------------------------------- map


def test_every_field_of_a_snapshot_has_been_decided_on() -> None:
    assert {one.name for one in dataclasses.fields(Snapshot)} == set(DECIDED)


def test_the_public_snapshot_knows_no_houses() -> None:
    full = dataclasses.replace(
        sample.sample_snapshot(), counts={"x": 1}, digests={"sites": "a"}, fictional=False
    )
    public = public_snapshot(full, load_release(), "1234", EXTRACT)
    assert (public.id, public.source, len(public.houses)) == ("1234", EXTRACT, 0)
    assert (public.findings, public.counts, public.digests) == ((), {}, {})
    assert public.neighbourhood is None
    assert public.placement is None
    assert set(public.access["house_id"]) == {"g-waldhof"}
    assert set(public.travel_times["from_id"]) == {"g-waldhof"}
    assert set(public.isochrones["house_id"]) == {"g-waldhof"}
    assert {origin for said in public.summaries.values() for origin in said} == {"g-waldhof"}
    assert HIDDEN_LAYER not in set(public.places["layer"])
    assert all(one.layer != HIDDEN_LAYER for one in public.taxonomy.categories)
    text = json.dumps([public.summaries, public.name, public.source], ensure_ascii=False)
    assert [word for word in HOUSES if word in text] == []


def test_files_and_map_have_the_same_rows_and_values() -> None:
    full, release = sample.sample_snapshot(), load_release()
    public, files = public_snapshot(full, release), released(export_snapshot(full), release)
    assert public.places["id"].tolist() == sorted(
        {key for name in ("services", "transit", "meeting_places", "partners")
         for key in files.layers[name]["id"]}
    )  # fmt: skip
    for name in ("access", "travel_times", "isochrones"):
        assert len(getattr(public, name)) == len(files.layers[name])
    assert set(public.places.columns) - {"layer", "outline", "geometry"} <= set(
        load_release().layers["services"]
    )


def test_what_a_study_withholds_is_blank_on_the_map() -> None:
    fewer = ("id", "name", "category", "kind", "source", "licence")
    public = public_snapshot(sample.sample_snapshot(), narrowed(services=fewer))
    services = public.places[public.places["layer"] == "services"]
    assert set(services["wheelchair"]) == {"unknown"}
    assert set(services["opening_hours"]) == set(services["website"]) == {""}
    others = public.places[public.places["layer"] != "services"]
    assert set(others["wheelchair"]) > {"unknown"}
    access = public_snapshot(sample.sample_snapshot(), narrowed(access=NEEDED["access"])).access
    assert access["n_05"].isna().all()
    assert access["nearest_s"].isna().all()
    assert set(access["nearest_id"]) == {""}


def test_the_base_map_is_not_drawn_around_houses() -> None:
    # A house 6 km to the east, on no grounds: a street there is in the internal base map.
    full = sample.sample_snapshot()
    far = full.base.iloc[[1]].to_crs(sample.CRS)
    far = far.set_geometry(far.geometry.translate(6000)).to_crs("EPSG:4326")
    base = gpd.GeoDataFrame(pd.concat([full.base, far.assign(osm_id="w999")], ignore_index=True))
    public = public_snapshot(dataclasses.replace(full, base=base))
    assert "w999" in set(base["osm_id"])
    assert "w999" not in set(public.base["osm_id"])
    assert "w901" in set(public.base["osm_id"])
    # West, south, east, north of all that is reached from the grounds, and 500 m more: the
    # areas of 15 minutes end 900 m from the gate at (200, 0), places between 100 and 800 m.
    west, south, east, north = (
        gpd.GeoSeries(public.base.geometry, crs="EPSG:4326").to_crs(sample.CRS).total_bounds
    )
    assert west >= sample.ORIGIN[0] + 200 - 900 - 500 - 5
    assert east <= sample.ORIGIN[0] + 200 + 900 + 500 + 5
    assert south >= sample.ORIGIN[1] - 900 - 500 - 5
    assert north <= sample.ORIGIN[1] + 900 + 500 + 5


def test_without_grounds_the_public_map_is_empty() -> None:
    full = sample.sample_snapshot()
    public = public_snapshot(
        dataclasses.replace(full, sites=full.sites.iloc[:0], gates=full.gates.iloc[:0])
    )
    assert len(public.base) == len(public.access) == len(public.isochrones) == 0


# ------------------------------------------------------------------- names


def named(site: str, gate: str = "Haupttor", study: str = "Musterhausen") -> Exported:
    exported = real()
    sites = exported.layers["sites"].assign(name=site)
    gates = exported.layers["gates"].assign(name=[gate, "Seitentor"])
    layers = {**exported.layers, "sites": sites, "gates": gates}
    return dataclasses.replace(exported, layers=layers, facts={**exported.facts, "study": study})


@pytest.mark.parametrize("site", ["Haus Linde", "Park am HAUS  LINDE", "h-linde (Süd)"])
def test_grounds_named_like_a_house_get_a_neutral_name(site: str) -> None:
    found = without_house_names(named(site, "Tor Haus am Markt"), load_release())
    assert found.release.names == {"g-waldhof": "Gelände 1", "t-haupt": "Tor 1"}
    assert [one.code for one in found.findings] == ["release.name"]
    public = released(named(site, "Tor Haus am Markt"), found.release)
    assert public.layers["sites"]["name"].tolist() == ["Gelände 1"]
    assert public.layers["gates"]["name"].tolist() == ["Tor 1", "Seitentor"]
    shown = public_snapshot(sample.sample_snapshot(), found.release)
    assert shown.sites["name"].tolist() == ["Gelände 1"]


def test_other_names_stay() -> None:
    found = without_house_names(named("Lindenpark", "Haupttor"), load_release())
    assert (found.release.names, found.findings) == ({}, ())


def test_a_study_named_like_a_house_gets_a_neutral_name() -> None:
    found = without_house_names(named("Waldhof", study="Umfeld Haus Linde"), load_release())
    assert found.release.names == {"study": "Sozialraum"}
    assert released(named("Waldhof"), found.release).facts["study"] == "Sozialraum"


def test_a_name_that_the_study_releases_is_taken_as_it_is() -> None:
    release = dataclasses.replace(load_release(), names={"g-waldhof": "Haus Linde"})
    found = without_house_names(named("Haus Linde"), release)
    assert (found.release.names, found.findings) == ({"g-waldhof": "Haus Linde"}, ())


def test_a_public_name_for_what_there_is_not_is_a_fault() -> None:
    release = dataclasses.replace(load_release(), names={"h-linde": "Haus"})
    with pytest.raises(StudyError, match="»h-linde«"):
        without_house_names(real(), release)


def test_a_place_and_an_id_like_a_house_are_told() -> None:
    exported = named("Waldhof")
    layers = dict(exported.layers)
    transit = layers["transit"]
    layers["transit"] = transit.assign(name=["Haus Linde", *transit["name"][1:]])
    layers["gates"] = layers["gates"].assign(id=["tor-haus-linde", "t-seite"])
    found = without_house_names(dataclasses.replace(exported, layers=layers), load_release())
    assert [one.code for one in found.findings] == ["release.place_like_house", "release.id"]
    assert found.findings[0].message.startswith("Ein Ort heißt")


def test_the_base_map_does_not_write_the_names_of_houses() -> None:
    # w905 stands on the grounds, w906 in the village.
    full = sample.sample_snapshot()
    labels = {"w905": "Station 4", "w906": "Haus am Markt", "w909": "Park am Haus Linde"}
    base = full.base.assign(name=full.base["osm_id"].map(labels).fillna(full.base["name"]))
    left = without_house_labels(base, real()).set_index("osm_id")["name"]
    assert [left[key] for key in labels] == ["", "", ""]
    assert left["w901"] == "Dorfstraße"
    assert left["n900"] == "Musterhausen"
