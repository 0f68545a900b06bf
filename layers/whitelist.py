"""What may leave the house: the product's whitelist, and what a study takes from it.

The list comes with the product (``layers/data/release.toml``). A study may have a
``release.toml`` of its own in its folder: what that does not name stays inside. It can only
take away, never add.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from geo.errors import StudyError
from layers.layer_info import PLACE_LAYERS
from layers.small_numbers import SMALLEST_SHOWN
from layers.study import Study

RELEASE_FILE = "release.toml"
STUDY = "study"
"""Key of the study's own name among the public names."""

NEEDED: Mapping[str, tuple[str, ...]] = {
    "sites": ("id", "name", "source", "licence"),
    "gates": ("id", "site_id", "status", "derived", "source", "licence"),
    "isochrones": ("id", "house_id", "profile", "state", "minutes", "source", "licence"),
    **dict.fromkeys(PLACE_LAYERS, ("id", "name", "category", "kind", "source", "licence")),
    "access": ("house_id", "profile", "state", "category", "status"),
    "travel_times": ("from_id", "to_id", "profile", "state", "travel_time_s", "distance_m"),
    "coverage": ("house_id", "profile", "minutes", "reached_m", "confirmed_m"),
    "site_reach": (
        "site_id", "profile", "state", "minutes", "gate", "neighbours", "neighbours_state",
        "neighbours_estimated",
    ),
}  # fmt: skip
"""Without these columns a layer cannot be read or would mislead, so it leaves with them or not
at all."""

_LONGEST_NAME = 200
_KEYS = ("layers", "names", "summaries")


@dataclass(frozen=True)
class Release:
    """What may leave the house.

    Attributes
    ----------
    layers
        Columns by layer; ``n_*`` stands for all that begin so.
    tables
        Columns of the tables without features (``categories``, ``summaries``).
    facts
        Keys of what files say about themselves.
    names
        Public name by id of the site or gate (``STUDY``: of the study itself), where it is not
        the one that the study gives.
    smallest_count
        As the study sets it; see ``layers.suppression.step_of``.
    licence
        Of the study's own data, as the study sets it; see ``layers.licences.own_source``.
    """

    layers: Mapping[str, tuple[str, ...]]
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    smallest_count: int = SMALLEST_SHOWN
    licence: str = ""

    def allows(self, layer: str, column: str) -> bool:
        """Whether a column of a layer, or of another table, may leave."""
        patterns = self.layers.get(layer, self.tables.get(layer, ()))
        return any(fnmatchcase(column, pattern) for pattern in patterns)

    def kept(self, layer: str, columns: Sequence[str]) -> list[str]:
        """Return which of these columns of a layer may leave, in their order."""
        return [column for column in columns if self.allows(layer, column)]

    @property
    def sentences(self) -> bool:
        """Whether the sentences about grounds may leave: they tell of all places and counts."""
        told = ("nearest_s", "detour", "n_05", "n_on_campus", "status")
        return (
            "summaries" in self.tables
            and all(name in self.layers for name in PLACE_LAYERS)
            and all(self.allows("access", column) for column in told)
            and self.allows("coverage", "unknown_percent")
            and self.allows("coverage", "seated_percent")
        )


def load_release(study: Study | None = None) -> Release:
    """Read the whitelist, and what a study takes from it.

    Parameters
    ----------
    study
        The study; None for the product's list alone.

    Raises
    ------
    geo.errors.StudyError
        If the study's ``release.toml`` cannot be read, or names what is not on the list.
    """
    shipped = _shipped()
    if study is None:
        return shipped
    settings = study.settings.release
    release = replace(shipped, smallest_count=settings.smallest_count, licence=settings.licence)
    path = study.folder / RELEASE_FILE
    raw = _read(path)
    return release if raw is None else _narrowed(release, raw, path)


@cache
def _shipped() -> Release:
    text = (files("layers") / "data" / RELEASE_FILE).read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    return Release(
        layers={name: tuple(columns) for name, columns in raw["layers"].items()},
        tables={name: tuple(columns) for name, columns in raw["tables"].items()},
        facts=tuple(raw["facts"]),
    )


def _read(path: Path) -> dict[str, Any] | None:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _fault(
            path, f"release.toml ist nicht lesbar: {error}.", "Die genannte Zeile berichtigen."
        ) from error
    except OSError as error:
        raise _fault(
            path,
            f"release.toml kann nicht gelesen werden: {error.strerror}.",
            "Die Leserechte der Datei prüfen.",
        ) from error


def _narrowed(release: Release, raw: Mapping[str, Any], path: Path) -> Release:
    """Return what is left of the product's list."""
    unknown = sorted(set(raw) - set(_KEYS))
    if unknown:
        raise _fault(
            path,
            f"Den Schlüssel »{unknown[0]}« gibt es in release.toml nicht.",
            f"Möglich sind: {', '.join(_KEYS)}.",
        )
    tables = dict(release.tables)
    summaries = raw.get("summaries", True)
    if not isinstance(summaries, bool):
        raise _fault(path, "»summaries« ist weder wahr noch falsch.", "true oder false schreiben.")
    if not summaries:
        del tables["summaries"]
    layers = _layers(release, raw["layers"], path) if "layers" in raw else release.layers
    return replace(release, layers=layers, tables=tables, names=_names(raw, path))


def _layers(release: Release, raw: Any, path: Path) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(raw, Mapping):
        raise _fault(
            path, "»layers« ist keine Tabelle.", "Unter [layers] je Ebene ihre Spalten nennen."
        )
    found: dict[str, tuple[str, ...]] = {}
    for name, columns in raw.items():
        if name not in release.layers:
            raise _fault(
                path,
                f"Die Ebene »{name[:60]}« steht nicht auf der Liste dessen, was öffentlich werden "
                "kann; eine Studie kann die Liste nur verkürzen.",
                f"Möglich sind: {', '.join(release.layers)}.",
            )
        if not isinstance(columns, list) or not all(isinstance(one, str) for one in columns):
            raise _fault(
                path,
                f"Zur Ebene »{name}« fehlt die Liste ihrer Spalten.",
                f'Zum Beispiel: {name} = ["{release.layers[name][0]}", …].',
            )
        found[name] = _columns(release, name, columns, path)
    if "sites" not in found:
        raise _fault(
            path,
            "In release.toml fehlt die Ebene »sites«; alle anderen beziehen sich auf die Gelände.",
            "Die Ebene »sites« mit ihren Spalten nennen.",
        )
    # In the order of the product's list, whatever the order of the file.
    return {name: found[name] for name in release.layers if name in found}


def _columns(release: Release, name: str, columns: list[str], path: Path) -> tuple[str, ...]:
    listed = release.layers[name]
    for column in columns:
        if column not in listed and not release.allows(name, column):
            raise _fault(
                path,
                f"Die Spalte »{column[:60]}« der Ebene »{name}« steht nicht auf der Liste dessen, "
                "was öffentlich werden kann; eine Studie kann die Liste nur verkürzen.",
                f"Möglich sind: {', '.join(listed)}.",
            )
    missing = [column for column in NEEDED[name] if column not in columns]
    if missing:
        raise _fault(
            path,
            f"Ohne die Spalte »{missing[0]}« ist die Ebene »{name}« nicht zu verstehen.",
            f"Die Spalten {', '.join(missing)} dazunehmen oder die ganze Ebene weglassen.",
        )
    return tuple(columns)


def _names(raw: Mapping[str, Any], path: Path) -> dict[str, str]:
    names = raw.get("names", {})
    good = isinstance(names, Mapping) and all(
        isinstance(name, str) and 0 < len(name.strip()) <= _LONGEST_NAME and name.isprintable()
        for name in names.values()
    )
    if not good:
        raise _fault(
            path,
            "Unter [names] stehen öffentliche Namen, die keine sind.",
            'Je Gelände oder Tor eine Zeile: kennung = "Öffentlicher Name", höchstens '
            f"{_LONGEST_NAME} Zeichen.",
        )
    return {str(key): str(name).strip() for key, name in names.items()}


def _fault(path: Path, what: str, remedy: str) -> StudyError:
    return StudyError(what, where=path, remedy=remedy)
