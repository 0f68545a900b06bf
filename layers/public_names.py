"""Names in the public release must not tell of houses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd

from geo.errors import StudyError
from geo.findings import Finding, Severity
from layers.layer_frames import Exported
from layers.layer_info import PLACE_LAYERS
from layers.whitelist import RELEASE_FILE, STUDY, Release

_REMEDY = (
    "Den öffentlichen Namen in release.toml unter [names] festlegen; wer dort denselben Namen "
    "einträgt, gibt ihn frei."
)
_SHORTEST = 3
"""Shorter names of houses ("B 3" without its letter) occur in any text."""
_EXAMPLES = 10


@dataclass(frozen=True)
class Named:
    """Public names, and what was noticed about them."""

    release: Release
    findings: tuple[Finding, ...]


def without_house_names(exported: Exported, release: Release) -> Named:
    """Give neutral names to the study, grounds and gates whose names contain that of a house.

    Grounds of one house are often called like it; then the name would tell which house there
    is. A name that the study's ``release.toml`` gives under ``[names]`` is taken as it is:
    there somebody has decided.

    Parameters
    ----------
    exported
        The internal release.
    release
        What may leave.

    Returns
    -------
    Named
        ``release`` with ``names`` for all that must not keep its own: "Gelände 1", "Tor 2",
        numbered in the order of their ids.

    Raises
    ------
    geo.errors.StudyError
        If ``release.toml`` names grounds or gates that there are not.
    """
    layers = exported.layers
    known = {*layers["sites"]["id"], *layers["gates"]["id"]}
    unknown = sorted(set(release.names) - known - {STUDY})
    if unknown:
        raise StudyError(
            f"In release.toml steht unter [names] »{unknown[0][:60]}«, aber weder ein Gelände "
            "noch ein Tor heißt so.",
            where=RELEASE_FILE,
            remedy="Die Kennungen aus der Datei der Gelände nehmen.",
        )
    houses = _house_words(exported)
    neutral: dict[str, str] = {}
    if STUDY not in release.names and _tells(exported.facts["study"], houses):
        neutral[STUDY] = "Sozialraum"
    for layer, word in (("sites", "Gelände"), ("gates", "Tor")):
        frame = layers[layer]
        for number, (key, name) in enumerate(
            zip(frame["id"], frame["name"], strict=True), start=1
        ):
            if key not in release.names and isinstance(name, str) and _tells(name, houses):
                neutral[str(key)] = f"{word} {number}"
    return Named(
        replace(release, names={**neutral, **release.names}),
        (*_renamed(neutral), *_same_places(exported, houses), *_ids(known, houses)),
    )


def without_house_labels(base: gpd.GeoDataFrame, exported: Exported) -> gpd.GeoDataFrame:
    """Take names off the base map that would point at houses.

    OpenStreetMap often knows the names of houses. A public map must not write them: neither
    those of buildings on the grounds, nor any name that contains that of a house.

    Parameters
    ----------
    base
        ``layer``, ``name``, geometry; as ``geo.extract.Extract.base``.
    exported
        The internal release.
    """
    houses = _house_words(exported)
    names = base["name"]
    known = {name: _tells(name, houses) for name in names.unique() if isinstance(name, str)}
    gone = names.map(known).fillna(value=False).astype(bool).to_numpy()
    sites: Any = exported.layers["sites"]
    if len(sites) and len(base):
        grounds = sites.geometry.to_crs(base.crs).union_all()
        on_grounds = base.geometry.intersects(grounds).to_numpy()
        gone = gone | (on_grounds & (base["layer"] == "building").to_numpy())
    return base.assign(name=names.mask(gone, ""))


def _house_words(exported: Exported) -> tuple[str, ...]:
    names = [*exported.layers["houses"]["name"], *exported.layers["houses"]["id"]]
    plain = {_plain(name) for name in names if isinstance(name, str)}
    return tuple(sorted(name for name in plain if len(name) >= _SHORTEST))


def _plain(text: str) -> str:
    """Return a text as its words, in small letters."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _tells(text: str, houses: tuple[str, ...]) -> bool:
    padded = f" {_plain(text)} "
    return any(f" {name} " in padded for name in houses)


def _renamed(neutral: Mapping[str, str]) -> list[Finding]:
    if not neutral:
        return []
    one = len(neutral) == 1
    return [
        Finding(
            "release.name",
            Severity.INFO,
            "In der öffentlichen Fassung steht "
            f"{'ein neutraler Name' if one else f'{len(neutral)}-mal ein neutraler Name'}, weil "
            "der eigene den Namen eines Hauses enthält.",
            remedy=_REMEDY,
            count=len(neutral),
            examples=tuple(list(neutral)[:_EXAMPLES]),
        )
    ]


def _same_places(exported: Exported, houses: tuple[str, ...]) -> list[Finding]:
    """Tell of places in OpenStreetMap that are called like a house."""
    found = sorted(
        {
            str(key)
            for layer in PLACE_LAYERS
            for key, name in zip(
                exported.layers[layer]["id"], exported.layers[layer]["name"], strict=True
            )
            if isinstance(name, str) and _plain(name) in houses
        }
    )
    if not found:
        return []
    return [
        Finding(
            "release.place_like_house",
            Severity.WARNING,
            f"{len(found)} Orte heißen in OpenStreetMap wie ein Haus der Studie und stehen so "
            "auch in der öffentlichen Fassung."
            if len(found) > 1
            else "Ein Ort heißt in OpenStreetMap wie ein Haus der Studie und steht so auch in der "
            "öffentlichen Fassung.",
            remedy="Prüfen, ob es das Haus selbst ist; dann die Ebene in release.toml weglassen "
            "oder den Eintrag in OpenStreetMap berichtigen.",
            count=len(found),
            examples=tuple(found[:_EXAMPLES]),
        )
    ]


def _ids(known: set[str], houses: tuple[str, ...]) -> list[Finding]:
    found = sorted(key for key in known if _tells(key, houses))
    if not found:
        return []
    return [
        Finding(
            "release.id",
            Severity.WARNING,
            "Die Kennung eines Geländes oder Tores enthält den Namen oder die Kennung eines "
            "Hauses; Kennungen sind öffentlich.",
            remedy="Dem Gelände oder Tor in der Datei der Gelände eine andere Kennung geben.",
            count=len(found),
            examples=tuple(found[:_EXAMPLES]),
        )
    ]
