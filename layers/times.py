"""Answers for one house: what is near, and how to get to one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.errors import OutputError, StudyError
from geo.profiles import Profile, State, load_profiles
from geo.progress import Progress, silent
from geo.routes import Route, route
from geo.travel_time import (
    PairState,
    Tree,
    pair_states,
    ready_kernel,
    search,
    travel_time_matrix,
)
from layers.layer_info import HIDDEN_LAYER
from layers.matching import Named, find_named
from layers.route_text import missing_sentence, route_sentence
from layers.study import Study
from layers.study_network import StudyNetwork
from layers.taxonomy import Category

STATE_LABELS = {State.CONFIRMED: "gesichert", State.POSSIBLE: "nach Datenlage möglich"}
"""German word for how sure it is that ways can be used."""

ENDINGS = (".csv", ".parquet", ".geojson")


@dataclass(frozen=True)
class Question:
    """What is asked of a study.

    Attributes
    ----------
    origin, goal
        Id or name of the house or grounds, and of the place; without a goal, all places.
    profile
        Who is on the way; None for the study's first profile.
    state
        Which ways count; None for all there are.
    minutes
        Longest time; None for the study's own.
    """

    origin: str
    goal: str | None = None
    profile: str | None = None
    state: State | None = None
    minutes: int | None = None


@dataclass(frozen=True)
class Answer:
    """What a study answers.

    Attributes
    ----------
    origin
        The house or grounds.
    profile, states
        Who is on the way, and which ways were searched.
    minutes
        Longest time searched.
    times
        One row per place and state, the quickest first: ``from_id``, ``from_name``, ``to_id``,
        ``to_name``, ``category``, ``category_label``, ``kind``, ``profile``, ``state``,
        ``travel_time_s``, ``distance_m``, ``estimated``, ``private``, ``by_hours``,
        ``unknown_m``, ``asked_for`` (off all grounds and of a category that is asked for).
    routes
        The ways to the goal by state, as far as there are any.
    sentences
        German, about the goal, one per state at most.
    crs
        Metric CRS of the routes.
    fictional
        Whether the place is made up.
    """

    origin: Named
    profile: Profile
    states: tuple[State, ...]
    minutes: int
    times: pd.DataFrame
    routes: dict[State, Route]
    sentences: tuple[str, ...]
    crs: str
    fictional: bool


def check_question(study: Study, question: Question, out: Path | None = None) -> Study:
    """Check a question before any work, and return the study set up for it.

    Raises
    ------
    StudyError
        If there is no such profile, or it has no results in that state.
    OutputError
        If the file to write has an ending that does not fit.
    """
    known = load_profiles()
    ids = [*known, *(key for key in study.settings.profile if key not in known)]
    chosen = question.profile or study.settings.profiles[0]
    if chosen not in ids:
        raise StudyError(
            f"Das Profil »{chosen[:60]}« gibt es nicht.",
            where="--profile",
            remedy="Möglich sind: " + ", ".join(ids) + ".",
        )
    if out is not None and out.suffix.lower() not in ENDINGS:
        raise OutputError(
            "Das Format der Datei ist nicht zu erkennen.",
            where=out,
            remedy="Der Name muss auf .csv, .parquet oder (mit --to) .geojson enden.",
        )
    if out is not None and out.suffix.lower() == ".geojson" and question.goal is None:
        raise OutputError(
            "Eine Linie gibt es nur auf dem Weg zu einem Ort.",
            where=out,
            remedy="Mit --to ORT sagen, wohin, oder eine .csv- oder .parquet-Datei schreiben.",
        )
    return prepared_for(study, [chosen], question.minutes)


def prepared_for(study: Study, profiles: Sequence[str], minutes: int | None) -> Study:
    """Return a study that computes just these profiles, to this time if one is given."""
    changed: dict[str, Any] = {"profiles": tuple(profiles)}
    if minutes is not None:
        changed["max_minutes"] = minutes
    settings = study.settings.model_copy(update=changed)
    return study.model_copy(update={"settings": settings})


def answer(ready: StudyNetwork, question: Question, progress: Progress = silent) -> Answer:
    """Answer a question.

    Parameters
    ----------
    ready
        The study, set up by ``check_question``, read and joined.
    question
        What is asked.
    progress
        Told of each step.

    Raises
    ------
    StudyError
        If house or place cannot be told from what is typed, or the profile has no results
        in the state asked for.
    """
    (profile,) = ready.profiles.values()
    states = _states(profile, question.state)
    origin = find_origin(ready, question.origin)
    progress("Orte finden")
    ready_kernel(progress)
    row = None if question.goal is None else find_place(ready, question.goal)
    progress(f"Wegezeiten rechnen: {profile.label}")
    origins = ready.origins(profile)
    number = origins.ids.index(origin.id)
    start = origins.some(number, number + 1)
    goals = ready.destinations(profile)
    minutes = ready.study.settings.max_minutes
    trees: dict[State, Tree] = {}
    for state in states:
        (trees[state],) = search(ready.network, start, profile, 60.0 * minutes, state)
    matrix = travel_time_matrix(ready.network, list(trees.values()), goals)
    times = _times(ready, matrix, origin)
    routes: dict[State, Route] = {}
    sentences: tuple[str, ...] = ()
    if row is not None:
        times = times[times["to_id"] == goals.ids[row]].reset_index(drop=True)
        routes, sentences = _ways(ready, trees, row, origin)
    return Answer(
        origin=origin,
        profile=profile,
        states=states,
        minutes=minutes,
        times=times,
        routes=routes,
        sentences=sentences,
        crs=ready.crs,
        fictional=ready.study.settings.fictional,
    )


def nearest_rows(times: pd.DataFrame, limit: int) -> pd.DataFrame:
    """Return the nearest places that are asked for, each once: on confirmed ways if it can."""
    shown = times[times["asked_for"]]
    sure = shown["state"] == State.CONFIRMED.value
    rest = shown[~sure & ~shown["to_id"].isin(shown.loc[sure, "to_id"])]
    both = pd.concat([shown[sure], rest])
    return both.sort_values(["travel_time_s", "to_id"], ignore_index=True).head(limit)


def find_origin(ready: StudyNetwork, asked: str) -> Named:
    """Find a house or grounds by id or name.

    Raises
    ------
    StudyError
        If there is none, or more than one.
    """
    sites = ready.sites
    known = [
        *(Named(str(key), str(name), "Haus")
          for key, name in zip(sites.houses["house_id"], sites.houses["name"], strict=True)),
        *(Named(str(key), str(name), "Gelände")
          for key, name in zip(sites.sites["site_id"], sites.sites["name"], strict=True)),
    ]  # fmt: skip
    return known[find_named(asked, known, what="ein Haus oder Gelände", where="--from")]


def find_place(ready: StudyNetwork, asked: str) -> int:
    """Find the row of a place by id or name.

    Raises
    ------
    StudyError
        If there is none, or more than one.
    """
    frame = ready.places.frame
    columns = (frame["id"], frame["name"], frame["kind"], frame["address"])
    known = [
        Named(str(key), str(name), ", ".join(filter(None, (str(kind), str(address)))))
        for key, name, kind, address in zip(*columns, strict=True)
    ]
    return find_named(asked, known, what="einen Ort", where="--to")


def _states(profile: Profile, asked: State | None) -> tuple[State, ...]:
    if asked is None:
        return profile.states
    if asked not in profile.states:
        raise StudyError(
            f"Für das Profil »{profile.label}« gilt jeder Weg als gesichert.",
            where="--state",
            remedy="--state weglassen.",
        )
    return (asked,)


def _times(ready: StudyNetwork, matrix: pd.DataFrame, origin: Named) -> pd.DataFrame:
    places = ready.places.frame.set_index("id")
    to = places.loc[matrix["to_id"]].reset_index(drop=True)
    categories = {one.id: one for one in ready.taxonomy.categories}
    asked = [categories[key].indicator for key in to["category"]]
    times = pd.DataFrame(
        {
            "from_id": matrix["from_id"],
            "from_name": pd.Series([origin.name] * len(matrix), dtype="str"),
            "to_id": matrix["to_id"],
            "to_name": to["name"].where(to["name"] != "", to["kind"]),
            "category": to["category"],
            "category_label": pd.Series(
                [categories[key].label for key in to["category"]], dtype="str"
            ),
            "kind": to["kind"],
            **{name: matrix[name] for name in matrix.columns if name not in {"from_id", "to_id"}},
            "asked_for": np.array(asked, dtype=bool) & (to["on_campus"] == "").to_numpy(),
        }
    )
    times = times[(to["layer"] != HIDDEN_LAYER).to_numpy()]
    return times.sort_values(["travel_time_s", "to_id", "state"], ignore_index=True)


def _ways(
    ready: StudyNetwork, trees: dict[State, Tree], row: int, origin: Named
) -> tuple[dict[State, Route], tuple[str, ...]]:
    """Return the ways to a place and a sentence on each; equal ones once."""
    (profile,) = ready.profiles.values()
    goals, minutes = ready.destinations(profile), ready.study.settings.max_minutes
    place = ready.places.frame.iloc[row]
    categories: dict[str, Category] = {one.id: one for one in ready.taxonomy.categories}
    category = categories[str(place["category"])]
    names = (origin.name or origin.id, str(place["name"]))
    seats = ready.seats if profile.rest_m is not None else None
    routes: dict[State, Route] = {}
    sentences = []
    for state, tree in trees.items():
        found = route(ready.network, tree, goals, goals.ids[row], seats)
        if found is not None:
            known = routes.get(State.CONFIRMED)
            routes[state] = found
            if known is not None and known.time_s == found.time_s:
                continue
            text = route_sentence(found, profile, *names, category)
        else:
            reason = PairState(pair_states(ready.network, tree, goals)[row])
            text = missing_sentence(
                reason, profile, state,
                from_name=names[0], to_name=names[1], category=category, minutes=minutes,
            )  # fmt: skip
        if text not in sentences:
            sentences.append(text)
    # Where there is no way at all, that there is no sure one need not be said.
    return routes, tuple(sentences if routes else sentences[-1:])
