"""The exact kind of a place, named in German: "Bäckerei", "Hausarztpraxis", "Bushaltestelle".

The names come from the presets of the id-tagging-schema (ISC licence) and their German
translation, found the way the editor iD finds them, and from our own ``data/kinds.toml``
where those names do not fit. The two files of the schema lie in ``layers/static``; they are
put there when the package is built.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from geo.errors import SozialraumError
from layers._tag_rules import Rule
from layers.taxonomy import Category

_STATIC = Path(str(files("layers"))) / "static"
_OVERRIDES = Path(str(files("layers"))) / "data" / "kinds.toml"
_HERE = {"de", "planet", "001", "150", "155", "eu", "q46"}
"""Places of the schema's location sets that Germany belongs to, in lower case."""

# Tags that describe the house around a place, or its ground, not the place.
_NOT_TELLING = frozenset(
    {"access", "area", "barrier", "boundary", "building", "building:part", "emergency",
     "entrance", "fee", "indoor", "landcover", "layer", "level", "man_made", "name", "place",
     "roof", "room", "route", "type", "wall", "waterway"}
)  # fmt: skip


class _Preset:
    """One preset: its tags, what a match is worth, its German name."""

    __slots__ = ("id", "name", "score", "tags")

    def __init__(self, preset_id: str, raw: Mapping[str, Any], name: str) -> None:
        self.id = preset_id
        self.name = name
        self.score = float(raw.get("matchScore", 1.0))
        self.tags: Mapping[str, str] = raw["tags"]


_KindRule = tuple[int, Rule, list[Rule], str]
"""Order in the file, rule, what rules it out, name."""


class _Kinds:
    """All that is read from the files, ready to be asked."""

    def __init__(self) -> None:
        own = tomllib.loads(_OVERRIDES.read_text(encoding="utf-8"))
        self.labelled = frozenset(own["labelled"])
        self.specialities: dict[str, str] = own["specialities"]
        self.rules: dict[str, list[_KindRule]] = {}
        for order, entry in enumerate(own["kind"]):
            unless = [Rule(_as_tuples(tag_set)) for tag_set in entry.get("unless", [])]
            for tag_set in entry["match"]:
                rule = Rule(_as_tuples(tag_set))
                self.rules.setdefault(rule.lead, []).append((order, rule, unless, entry["name"]))
        self.by_key: dict[str, list[_Preset]] = {}
        self.keys: set[str] = set()
        for preset in _read_presets(own["presets"]):
            self.keys |= set(preset.tags)
            for key in preset.tags:
                self.by_key.setdefault(key, []).append(preset)


def kind_name(tags: Mapping[str, str], category: Category | None = None) -> str:
    """Name the exact kind of a place in German.

    Parameters
    ----------
    tags
        Tags of the place.
    category
        Its category: only presets that share a leading key with it are considered, so that a
        bakery with tables stays a bakery, and its label is the last resort.

    Returns
    -------
    str
        E.g. ``"Bäckerei"``; the label of the category, or ``"Ort"``, where nothing fits.

    Raises
    ------
    SozialraumError
        If the files of the schema are missing from the installation.
    """
    kinds = _load()
    if category is not None and category.id in kinds.labelled:
        return category.label
    leads = (
        frozenset(next(iter(tag_set)) for tag_set in category.rules)
        if category is not None
        else frozenset[str]()
    )
    name = _by_rule(kinds, tags, leads) or _by_speciality(kinds, tags)
    if name:
        return name
    telling = frozenset(
        (key, value)
        for key, value in tags.items()
        if key in kinds.keys and key not in _NOT_TELLING
    )
    found = _by_preset(telling, leads)
    return found or (category.label if category is not None else "Ort")


def _by_rule(kinds: _Kinds, tags: Mapping[str, str], leads: frozenset[str]) -> str:
    """Return the name of the first rule of our own that the tags meet."""
    first: tuple[int, str] | None = None
    for key in tags:
        for order, rule, unless, name in kinds.rules.get(key, ()):
            if first is not None and order >= first[0]:
                break
            if leads and not any(one.key in leads for one in rule.conditions):
                continue
            if rule.met(tags) and not any(one.met(tags) for one in unless):
                first = (order, name)
                break
    return first[1] if first is not None else ""


def _by_speciality(kinds: _Kinds, tags: Mapping[str, str]) -> str:
    if "healthcare:speciality" not in tags:
        return ""
    practice = tags.get("amenity") == "doctors" or tags.get("healthcare") in {"doctor", "centre"}
    if not practice:
        return ""
    given = {part.strip() for part in tags["healthcare:speciality"].split(";")}
    return next((name for one, name in kinds.specialities.items() if one in given), "")


@lru_cache(maxsize=20_000)
def _by_preset(telling: frozenset[tuple[str, str]], leads: frozenset[str]) -> str:
    """Find the best preset as iD does: every tag must fit, ``*`` counts half."""
    tags = dict(telling)
    best: tuple[float, int, str] | None = None
    name = ""
    for key in sorted(tags):
        for preset in _load().by_key.get(key, ()):
            if leads and not leads.intersection(preset.tags):
                continue
            score = _score(preset, tags)
            if score is None:
                continue
            # Among equals the preset that asks for more, then the first by id.
            rank = (score, len(preset.tags), _reversed(preset.id))
            if best is None or rank > best:
                best, name = rank, preset.name
    return name


def _score(preset: _Preset, tags: Mapping[str, str]) -> float | None:
    """Return what a preset is worth for some tags, or None if it does not fit."""
    score = 0.0
    for key, wanted in preset.tags.items():
        value = tags.get(key)
        if value is None:
            return None
        if value == wanted or (";" in value and wanted in value.split(";")):
            score += preset.score
        elif wanted == "*" and value != "no":
            score += preset.score / 2
        else:
            return None
    return score


def _reversed(text: str) -> str:
    """Return a text that sorts the other way round."""
    return "".join(chr(0x10FFFF - ord(letter)) for letter in text)


@lru_cache(maxsize=1)
def _load() -> _Kinds:
    return _Kinds()


def _read_presets(renamed: Mapping[str, str]) -> list[_Preset]:
    raw = _read_json("presets.min.json")
    german = _read_json("de.min.json")["de"]["presets"]["presets"]
    presets = []
    for preset_id, preset in raw.items():
        if preset_id.startswith("@") or not preset["tags"] or not _used_here(preset):
            continue
        if not {"point", "area", "line"}.intersection(preset["geometry"]):
            continue
        if all(key in _NOT_TELLING for key in preset["tags"]):
            continue
        # "Einrichtung" for any amenity says less than the category does
        if preset_id not in renamed and set(preset["tags"].values()) == {"*"}:
            continue
        # "{education/school}" points to the preset that has the name
        named = preset.get("name", "").strip("{}") or preset_id
        name = renamed.get(preset_id) or renamed.get(named)
        name = name or german.get(preset_id, {}).get("name") or german.get(named, {}).get("name")
        if name:
            presets.append(_Preset(preset_id, preset, _clean(name)))
    return presets


def _used_here(preset: Mapping[str, Any]) -> bool:
    where = preset.get("locationSet")
    if not where:
        return True
    included = {str(one).lower() for one in where.get("include", ["planet"])}
    excluded = {str(one).lower() for one in where.get("exclude", [])}
    return bool(included & _HERE) and not excluded & _HERE


def _clean(name: str) -> str:
    """Take out soft hyphens and remarks for mappers: "Bahnsteig (Wartebereich)"."""
    name = name.replace("\u00ad", "")
    return name.split(" (", 1)[0].strip()


def _read_json(name: str) -> Any:
    path = _STATIC / name
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SozialraumError(
            "Der Installation fehlen die deutschen Namen der Ortsarten.",
            where=path,
            remedy="Das Programm neu installieren; aus dem Quelltext mit »make setup«.",
        ) from error


def _as_tuples(tag_set: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {
        key: (value,) if isinstance(value, str) else tuple(value) for key, value in tag_set.items()
    }
