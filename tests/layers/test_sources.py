"""Own data that refer to OpenStreetMap are marked as derived from it, or refused."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd
import pytest

from geo.errors import LicenceError
from layers.compute import compute_snapshot
from layers.layer_frames import Exported, export_snapshot, layer_frames
from layers.layer_info import INVENTED, LAYERS, OSM, OWN, Source
from layers.neighbours import ZENSUS
from layers.sources import MARK, joined, osm_columns, side_by_side
from layers.study import load_study
from tests.layers import sample

ROOT = Path(__file__).parents[2]


def test_columns_that_name_objects_of_openstreetmap() -> None:
    frame = pd.DataFrame(
        {
            "place": ["", "n12"],
            "osm_ids": ["w3,r4", "n1; n2"],
            "name": ["n12 ist keine", "west"],
            "number": [12, 13],
            "known": [True, False],
            "missing": [None, None],
        }
    )
    assert osm_columns(frame) == ("place", "osm_ids")


def test_a_join_is_marked_and_goes_under_the_licence_of_the_map() -> None:
    both = joined([OWN], OSM, released=True)
    assert both.attribution == f"{OWN.attribution}; {MARK}: {OSM.attribution}"
    assert (both.licence, both.licence_url) == (OSM.licence, OSM.licence_url)
    # Within the house nothing has been released yet.
    assert joined([OWN], OSM).licence == f"{OSM.licence}; Weitergabe nur nach Freigabe"
    three = joined([OWN, ZENSUS, OSM], OSM)
    assert ZENSUS.attribution in three.attribution
    assert three.attribution.count(OSM.attribution) == 1
    assert joined([OSM], OSM).licence == OSM.licence


def test_a_join_that_is_not_allowed_is_refused_with_the_reason() -> None:
    foreign = Source("Verein Beispiel", "CC BY-NC 4.0")
    with pytest.raises(LicenceError, match="CC BY-NC") as fault:
        joined([OWN, foreign], OSM)
    assert "ODbL" in str(fault.value)
    assert "eigene Ebene" in str(fault.value)


def test_what_lies_side_by_side_keeps_its_terms() -> None:
    both = side_by_side(OWN, OSM)
    assert OWN.licence in both.licence
    assert OSM.licence in both.licence
    assert MARK not in both.attribution


def test_layers_that_name_objects_are_derived_or_joined() -> None:
    study = load_study(ROOT / "examples/musterhausen")
    exported = export_snapshot(compute_snapshot(study))
    assert osm_columns(exported.layers["access"]) == ("nearest_id",)
    for name, frame in exported.layers.items():
        info = LAYERS[name]
        if osm_columns(pd.DataFrame(frame)):
            assert info.derived, name
            assert info.joined or not info.own, name
        if info.own and not info.derived:
            assert osm_columns(pd.DataFrame(frame)) == (), name
    real = dataclasses.replace(exported, facts={**exported.facts, "fictional": "false"})
    for name in ("needs", "site_reach", "ranking"):
        source = real.layer_source(name)
        assert MARK in source.attribution
        assert OWN.attribution in source.attribution
        assert source.licence.startswith(OSM.licence)
    public = dataclasses.replace(real, facts={**real.facts, "release": "public"})
    assert public.layer_source("site_reach").licence == OSM.licence
    assert MARK not in real.layer_source("gates").attribution
    assert real.layer_source("sites") == OWN
    assert exported.layer_source("needs").licence.startswith(INVENTED.licence)


def test_whose_data_about_people_are_joined_is_named() -> None:
    exported = export_snapshot(sample.sample_snapshot())
    facts = {
        **exported.facts,
        "fictional": "false",
        "people_attribution": ZENSUS.attribution,
        "people_licence": ZENSUS.licence,
    }
    told: Exported = dataclasses.replace(exported, facts=facts)
    assert ZENSUS.attribution in told.layer_source("site_reach").attribution
    closed = dataclasses.replace(told, facts={**facts, "people_licence": "nur zur Ansicht"})
    with pytest.raises(LicenceError, match="nur zur Ansicht"):
        closed.layer_source("site_reach")


def test_grounds_taken_from_the_map_say_so() -> None:
    full = dataclasses.replace(sample.sample_snapshot(), fictional=False)
    taken = dataclasses.replace(full, sites=full.sites.assign(site_id="w4711"))
    row = layer_frames(taken)["sites"].iloc[0]
    assert row["licence"].startswith(OSM.licence)
    assert MARK in row["source"]
    own = layer_frames(full)["sites"].iloc[0]
    assert (own["source"], own["licence"]) == (OWN.attribution, OWN.licence)
