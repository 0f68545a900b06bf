"""What a house reaches, in German sentences: one page, made from the numbers alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import pandas as pd

from geo.profiles import Mode, Profile, State
from geo.sites import Sites
from layers._german import (
    counted,
    decimal_text,
    joined,
    minutes_text,
    nearest,
    none_of,
    on_the_way,
    one_of,
    sentence,
    to_nearest,
    whole_minutes,
)
from layers._sure_words import Known, how_sure, known_ways, sure_kinds, words_explained
from layers.access import (
    NOT_REACHABLE,
    NOT_RECORDED,
    ONLY_ON_CAMPUS,
    REACHABLE,
    threshold_column,
)
from layers.taxonomy import Category, Taxonomy

DETOUR_FINDING = 1.5
"""A way longer than this many times the straight line is named (field.md, 3.4)."""

MAIN_MINUTES = 10
"""The threshold of the sentences where the study has it: the "Nahbereich" of German planning
(10 minutes on foot; gif glossary), else the middle one."""

_MOST_DETOURS = 3
_MOST_NAMED_TWICE = 2
_MOST_IN_A_SENTENCE = 3
_REASONS = "ein Zaun, ein verschlossenes Tor, eine Bahnlinie oder eine große Straße."
_REASONS_ON_WHEELS = "Treppen, ein hoher Bord, "
_UNCERTAIN = "Das heißt nicht, dass es keine gibt: bitte vor Ort prüfen."
_ESTIMATED = "sind auf einem Stück geschätzt, weil dort kein Weg erfasst ist."
_OFTEN_MISSING = "Solche Orte fehlen dort oft, auch wenn es sie gibt."


@dataclass(frozen=True, slots=True)
class Reach:
    """What one origin reaches of one category; a row of the access table.

    Attributes
    ----------
    category
        The category.
    status
        As in ``layers.access``.
    number
        Places off campus within the threshold of the sentences; None if not known.
    on_campus
        Places on the grounds; None if not known.
    sure
        How many of ``number`` are reached on confirmed ways; None where all ways are.
    seconds
        Travel time to the nearest off campus; None if there is none.
    detour
        Its detour factor; None if there is none.
    """

    category: Category
    status: str
    number: int | None
    on_campus: int | None
    seconds: float | None
    detour: float | None
    sure: int | None = None

    @property
    def counted(self) -> str:
        """How many there are within the threshold, and how sure that is."""
        text = counted(self.number or 0, self.category)
        return text if self.sure is None else text + how_sure(self.number or 0, self.sure)


def summarize(
    access: pd.DataFrame,
    sites: Sites,
    taxonomy: Taxonomy,
    travel_times: pd.DataFrame,
    coverage: pd.DataFrame,
    *,
    profile: Profile,
    max_minutes: int,
) -> dict[str, list[str]]:
    """Say what every house and every site reaches.

    Parameters
    ----------
    access
        As ``layers.access.access_indicators`` makes it.
    sites
        Grounds, houses and gates.
    taxonomy
        The categories in ``access``; their labels, genders and groups.
    travel_times
        Tells which origins have estimated metres: ``from_id``, ``profile``, ``estimated``.
    coverage
        As ``geo.coverage.measure_coverage`` makes it.
    profile
        Who is on the way; other profiles in the tables are left aside.
    max_minutes
        Longest travel time that was computed.

    Returns
    -------
    dict
        German sentences by id of the house or site: how much is in reach, per group of
        categories what is there, then what is met only on campus, what is recorded but out
        of reach, what OSM does not record, long detours, estimates, on wheels how much of
        the ways is known, and on what it all rests. Counted are possible ways too; the
        sentences say how many places are sure. Each entry is one or more whole sentences;
        plain text, not HTML.
    """
    minutes = sorted(int(name[2:]) for name in access.columns if name[2:].isdigit())
    threshold = MAIN_MINUTES if MAIN_MINUTES in minutes else minutes[len(minutes) // 2]
    # Where ways are uncertain, the possible ones count, and the sentences say so.
    state = profile.states[-1]
    chosen = (travel_times["profile"] == profile.id) & (travel_times["state"] == state)
    times = travel_times.loc[chosen, ["from_id", "estimated"]]
    estimated = times.groupby("from_id", observed=True)["estimated"].mean().to_dict()
    mine = access[access["profile"] == profile.id]
    reached = _reached(mine[mine["state"] == state], taxonomy, threshold)
    if state is State.POSSIBLE:
        _add_sure(reached, mine[mine["state"] == State.CONFIRMED], threshold)
    known = _known(coverage, profile, minutes[-1])
    site_ids = set(sites.sites["site_id"])
    origins = sorted({*site_ids, *sites.houses["house_id"]})
    return {
        origin: summarize_origin(
            reached.get(origin, []),
            is_site=origin in site_ids,
            number_of_sites=len(site_ids),
            estimated_share=float(estimated.get(origin, 0.0)),
            known=known.get(origin),
            threshold=threshold,
            max_minutes=max_minutes,
            profile=profile,
        )
        for origin in origins
    }


def summarize_origin(
    reached: Sequence[Reach],
    *,
    is_site: bool,
    number_of_sites: int,
    estimated_share: float,
    threshold: int,
    max_minutes: int,
    profile: Profile,
    known: Known | None = None,
) -> list[str]:
    """Return the sentences for one house or site; see ``summarize``.

    Parameters
    ----------
    reached
        What it reaches, in the order of the taxonomy.
    is_site
        Whether it is a site, counted from its gates.
    number_of_sites
        How many grounds the study has.
    estimated_share
        Share of its ways that are estimated in part, 0 to 1.
    threshold
        Minutes that the counts are for.
    max_minutes
        Longest travel time that was computed.
    profile
        Who is on the way.
    known
        What is known of the ways; None where all are passable for such a profile.
    """
    if reached and all(reach.number is None for reach in reached):
        return _no_connection(profile, is_site=is_site)
    where = {0: "", 1: " außerhalb des Geländes"}.get(number_of_sites, " außerhalb der Gelände")
    return [
        *_headline(reached, threshold, where, profile),
        *_groups(reached, threshold, profile),
        *_only_on_campus(reached),
        *_not_reachable(reached, max_minutes, profile),
        *_not_recorded(reached),
        *_detours(reached, profile),
        *_estimates(estimated_share),
        *([] if known is None else known_ways(known, profile)),
        *(
            [words_explained(profile)]
            if any(row.number and row.sure is not None for row in reached)
            else []
        ),
        _basis(profile, where, is_site=is_site),
    ]


def _reached(
    access: pd.DataFrame, taxonomy: Taxonomy, threshold: int
) -> Mapping[str, list[Reach]]:
    by_id = {category.id: category for category in taxonomy.categories}
    columns = ["nearest_s", "detour", threshold_column(threshold), "n_on_campus"]
    types = dict(zip(columns, ("Float64", "Float64", "Int64", "Int64"), strict=True))
    values = access[columns].astype(types)
    values = values.astype(object).where(values.notna(), None)
    reached: dict[str, list[Reach]] = {}
    rows = zip(
        *(access[column].tolist() for column in ("house_id", "category", "status")),
        *(values[column].tolist() for column in columns),
        strict=True,
    )
    for origin, category, status, seconds, detour, number, on_campus in rows:
        row = Reach(by_id[category], status, number, on_campus, seconds, detour)
        reached.setdefault(origin, []).append(row)
    return reached


def _add_sure(reached: Mapping[str, list[Reach]], confirmed: pd.DataFrame, threshold: int) -> None:
    """Add how many places are reached on confirmed ways."""
    numbers = confirmed[threshold_column(threshold)].fillna(0).astype("int64").tolist()
    keys = zip(*(confirmed[key].tolist() for key in ("house_id", "category")), strict=True)
    sure = dict(zip(keys, numbers, strict=True))
    for origin, rows in reached.items():
        rows[:] = [
            replace(row, sure=min(sure[origin, row.category.id], row.number or 0)) for row in rows
        ]


def _known(coverage: pd.DataFrame, profile: Profile, minutes: int) -> dict[str, Known]:
    mine = coverage[(coverage["profile"] == profile.id) & (coverage["minutes"] == minutes)]
    shares = mine[["unknown_percent", "seated_percent"]].astype("Float64").astype(object)
    shares = shares.where(shares.notna(), None)
    return {
        str(origin): Known(minutes, unknown, seated)
        for origin, unknown, seated in zip(
            mine["house_id"], shares["unknown_percent"], shares["seated_percent"], strict=True
        )
    }


def _no_connection(profile: Profile, *, is_site: bool) -> list[str]:
    wheels = profile.limits is not None
    passable = f", auf dem man {on_the_way(profile)} durchkommt" if wheels else ""
    if is_site:
        return [
            "Vom Gelände aus lassen sich keine Wege berechnen: Nach Datenlage führt kein offenes "
            f"Tor auf einen Weg{passable}.",
            "Bitte die Tore prüfen und fehlende ergänzen.",
        ]
    joined_up = passable or ", der mit den übrigen Wegen verbunden ist"
    return [
        "Von diesem Haus aus lassen sich keine Wege berechnen: In der Nähe ist kein Weg erfasst"
        f"{joined_up}.",
        "Bitte die Lage des Hauses prüfen und fehlende Wege in OpenStreetMap nachtragen.",
    ]


def _headline(
    reached: Sequence[Reach], threshold: int, where: str, profile: Profile
) -> Iterator[str]:
    """Yield how many kinds of places there are in reach, of those that are recorded."""
    recorded = [reach for reach in reached if reach.status != NOT_RECORDED]
    if len(recorded) < 2:  # noqa: PLR2004 - one of one is told by its own line
        return
    number = sum(bool(reach.number) for reach in recorded)
    verb, quantity = {0: ("ist", "keine"), 1: ("ist", "eine")}.get(number, ("sind", str(number)))
    sure = ""
    if profile.limits is not None:
        sure = sure_kinds(number, sum(bool(reach.number and reach.sure) for reach in recorded))
    yield (
        f"In {minutes_text(threshold)} {on_the_way(profile)} {verb}{where} {quantity} der "
        f"{len(recorded)} Arten von Orten erreichbar, die in der Umgebung erfasst sind{sure}."
    )


def _groups(reached: Sequence[Reach], threshold: int, profile: Profile) -> Iterator[str]:
    """Yield one line per group: what is there, and how far the rest is."""
    known = [reach for reach in reached if reach.status == REACHABLE]
    # Categories of a group need not stand together in the taxonomy.
    order = {reach.category.group: None for reach in reached}
    known.sort(key=lambda reach: list(order).index(reach.category.group))
    for group, members in groupby(known, key=lambda reach: reach.category.group):
        rows = list(members)
        there = [row.counted for row in rows if row.number]
        farther = sorted((row for row in rows if not row.number), key=lambda row: row.seconds or 0)
        start = f"{group} in {minutes_text(threshold)} {on_the_way(profile)}"
        if len(farther) <= _MOST_NAMED_TWICE:
            not_there = [none_of(row.category) for row in rows if not row.number]
            text = f"{start}: {', '.join(there + not_there)}."
            yield " ".join([text, *_distant(farther)])
        elif there:
            yield f"{start}: {', '.join(there)}. Weiter weg: {_at(farther)}."
        else:
            yield f"{group} erst in mehr als {minutes_text(threshold)}: {_at(farther)}."


def _distant(rows: Sequence[Reach]) -> Iterator[str]:
    """Yield ``Die nächste Apotheke ist 17 Minuten entfernt, das nächste Kino 20 Minuten.``."""
    parts = [f"{nearest(row.category)} {{}}{_minutes_to(row)}{{}}" for row in rows]
    words = [("ist ", " entfernt"), *[("", "")] * len(parts)]
    if parts:
        told = [part.format(*word) for part, word in zip(parts, words, strict=False)]
        yield f"{sentence(', '.join(told))}."


def _at(rows: Sequence[Reach]) -> str:
    """Return ``das nächste Café in 12 Minuten, die nächste Kneipe in 25 Minuten``."""
    return ", ".join(f"{nearest(row.category)} in {_minutes_to(row)}" for row in rows)


def _minutes_to(row: Reach) -> str:
    return minutes_text(whole_minutes(row.seconds or 0))


def _only_on_campus(reached: Sequence[Reach]) -> Iterator[str]:
    only = [reach for reach in reached if reach.status == ONLY_ON_CAMPUS]
    if not only:
        return
    things = ", ".join(counted(reach.on_campus or 0, reach.category) for reach in only)
    met = len(only) + sum(reach.status == REACHABLE for reach in reached)
    if len(only) == met:
        share = "Alles, was erreichbar ist, liegt auf dem Gelände."
    else:
        number = "eine" if len(only) == 1 else str(len(only))
        share = f"Von {met} erreichbaren Arten von Orten gibt es {number} nur dort."
    yield f"Nur auf dem Gelände: {things}. {share}"


def _not_reachable(reached: Sequence[Reach], max_minutes: int, profile: Profile) -> Iterator[str]:
    out_of_reach = [reach.category for reach in reached if reach.status == NOT_REACHABLE]
    limit = f"{on_the_way(profile)} nicht in {minutes_text(max_minutes)} erreichbar"
    if len(out_of_reach) == 1:
        yield f"In der Umgebung ist {one_of(out_of_reach[0])} erfasst, aber {limit}."
    elif len(out_of_reach) <= _MOST_IN_A_SENTENCE and out_of_reach:
        things = joined([category.label_plural for category in out_of_reach])
        yield f"In der Umgebung sind {things} erfasst, aber {limit}."
    elif out_of_reach:
        labels = joined([category.label for category in out_of_reach])
        yield f"In der Umgebung erfasst, aber {limit}: {labels}."


def _not_recorded(reached: Sequence[Reach]) -> Iterator[str]:
    """Yield what OSM does not record, apart from that which it seldom records well."""
    missing = [reach.category for reach in reached if reach.status == NOT_RECORDED]
    often = [category for category in missing if category.completeness == "low"]
    seldom = [category for category in missing if category.completeness != "low"]
    if seldom:
        yield _nothing_recorded(seldom)
    if often:
        yield f"{_nothing_recorded(often)} {_OFTEN_MISSING}"
    if missing:
        yield _UNCERTAIN


def _nothing_recorded(categories: Sequence[Category]) -> str:
    if len(categories) == 1:
        return f"In der Umgebung ist in OpenStreetMap {none_of(categories[0])} erfasst."
    things = joined([category.label_plural for category in categories], "oder")
    return f"In der Umgebung sind in OpenStreetMap keine {things} erfasst."


def _detours(reached: Sequence[Reach], profile: Profile) -> Iterator[str]:
    long = [reach for reach in reached if (reach.detour or 0) > DETOUR_FINDING]
    long.sort(key=lambda reach: -(reach.detour or 0))
    if not long:
        return
    named = [
        f"{to_nearest(reach.category)} {decimal_text(reach.detour or 0)}-mal"
        for reach in long[:_MOST_DETOURS]
    ]
    more = len(long) - len(named)
    rest = {0: "", 1: ", ähnlich zu einer weiteren Art von Orten"}.get(
        more, f", ähnlich zu {more} weiteren Arten von Orten"
    )
    reasons = f"{'' if profile.limits is None else _REASONS_ON_WHEELS}{_REASONS}"
    yield (
        f"Umwege: Der Weg ist {joined(named)} so lang wie die Luftlinie{rest}. "
        f"Mögliche Gründe: {reasons}"
    )


def _estimates(share: float) -> Iterator[str]:
    if share >= 1:
        yield f"Alle Wege von hier {_ESTIMATED}"
    elif share > 0:
        yield f"Einige Wege von hier {_ESTIMATED}"


def _basis(profile: Profile, where: str, *, is_site: bool) -> str:
    start = "vom jeweils günstigsten Tor aus" if is_site else "von der Haustür aus"
    speed = decimal_text(profile.speed_m_s * 3.6)
    more = "; wo Radfahren nicht erlaubt ist, wird geschoben"
    rest = more if profile.mode is Mode.BICYCLE else ""
    rest = ", ohne Treppen" if profile.limits is not None else rest
    return (
        f"Gezählt ist, was nach Datenlage{where} erreichbar ist, {start} mit {speed} km/h{rest}."
    )
