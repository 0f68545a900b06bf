"""Residents: houses weighed by their places, and the usual number where none is given."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd

from layers.residents import USUAL_PLACES, find_residents
from tests.geo.drawings import draw
from tests.layers.walk_studies import ready_study


def _town(**drawn: Any) -> Any:
    return ready_study(
        draw(
            """
            A-----B-----C
            h  q  r   s t
            D-----E-----F
            """,
            metres=10,
            ways={"ABC": "highway=footway", "DEF": "highway=footway"},
            **drawn,
        )
    )


def _with_places(ready: Any, places: list[int | None]) -> Any:
    houses = ready.sites.houses.assign(places=pd.array(places, dtype="Int64"))
    return dataclasses.replace(ready, sites=dataclasses.replace(ready.sites, houses=houses))


def test_places_as_the_study_gives_them() -> None:
    ready = _with_places(_town(houses={"h": "", "r": "", "t": ""}), [12, None, 0])
    found = find_residents(ready)
    assert found["origin_id"].tolist() == ["h", "r", "t"]
    # Nobody knows how many live in r; in t it is known that nobody does.
    assert found["places"].tolist() == [12.0, 24.0, 0.0]
    assert found["estimated"].tolist() == [False, True, False]
    assert found["places"].dtype == "float64"
    assert found["estimated"].dtype == bool


def test_without_any_places_all_are_estimated() -> None:
    ready = _town(houses={"t": "", "h": ""})
    found = find_residents(ready)
    assert found["origin_id"].tolist() == ["h", "t"]
    assert found["places"].tolist() == [USUAL_PLACES, USUAL_PLACES] == [24, 24]
    assert found["estimated"].all()


def test_grounds_without_houses_stand_for_themselves() -> None:
    ready = _town(sites={"g": "ABED"}, gates={"B": ("g", "open")})
    found = find_residents(ready)
    assert found.to_dict("records") == [
        {"origin_id": "g", "site_id": "g", "places": 24.0, "estimated": True}
    ]


def test_houses_name_their_grounds() -> None:
    ready = _town(sites={"g": "ABED"}, gates={"B": ("g", "open")}, houses={"q": "g", "t": ""})
    found = find_residents(ready)
    assert dict(zip(found["origin_id"], found["site_id"], strict=True)) == {"q": "g", "t": ""}
