"""Reading ``taxonomy.toml`` and a study's changes to it."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from geo.errors import TaxonomyError
from layers.taxonomy import NEVER_LEADING, Category


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$")]
Value = Annotated[str, Field(min_length=1, max_length=255)]
Values = Annotated[tuple[Value, ...], BeforeValidator(_as_list), Field(min_length=1)]
Alternative = Annotated[dict[Value, Values], Field(min_length=1)]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


class CategoryEntry(BaseModel):
    """One ``[[category]]`` of the file; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)

    id: Identifier
    label: Text
    plural: Text
    gender: Literal["f", "m", "n"]
    group: Text
    layer: Literal["services", "transit", "meeting_places", "partners", "risk"]
    role: Literal["resource", "ambivalent", "risk", "mobility", "partner"]
    completeness: Literal["high", "medium", "low"]
    partner: Annotated[bool, Field(strict=True)]
    indicator: Annotated[bool, Field(strict=True)]
    match: Annotated[tuple[Alternative, ...], Field(min_length=1)]
    unless: tuple[Alternative, ...] = ()
    unnamed_from_m2: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    merging: Literal["place", "single", "stop"] = "place"
    part_of: tuple[Identifier, ...] = ()
    off: Annotated[bool, Field(strict=True)] = False
    before: Identifier | None = None

    def category(self) -> Category:
        """Return the category that the entry describes."""
        return Category(
            id=self.id,
            label=self.label,
            label_plural=self.plural,
            gender=self.gender,
            layer=self.layer,
            group=self.group,
            role=self.role,
            rules=self.match,
            completeness=self.completeness,
            partner=self.partner,
            indicator=self.indicator,
            unless=self.unless,
            unnamed_from_m2=self.unnamed_from_m2,
            merging=self.merging,
            part_of=self.part_of,
        )


def read_categories(
    override: Path | None,
) -> tuple[tuple[Category, ...], tuple[Category, ...]]:
    """Read our taxonomy and a study's changes; return the categories in use, and those off.

    Raises
    ------
    TaxonomyError
        If a file cannot be read or is wrong.
    """
    own = Path(str(files("layers"))) / "data" / "taxonomy.toml"
    rows = _tables(own)
    _refuse(own, _doubles(rows))
    if override is not None:
        changes = _tables(override)
        _refuse(override, _doubles(changes))
        rows = _apply(rows, changes, override)
    source = own if override is None else override
    entries, faults = _validate(rows)
    faults += _cross_check(entries)
    _refuse(source, faults)
    used = tuple(entry.category() for entry in entries if not entry.off)
    return used, tuple(entry.category() for entry in entries if entry.off)


def _tables(path: Path) -> list[dict[str, Any]]:
    """Return the ``[[category]]`` tables of a file."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise TaxonomyError(
            "Die Datei mit den Kategorien gibt es nicht.",
            where=path,
            remedy="Den Pfad unter »taxonomy« in study.toml prüfen oder den Schlüssel streichen.",
        ) from error
    except OSError as error:
        raise TaxonomyError(
            f"Die Datei mit den Kategorien kann nicht gelesen werden: {error.strerror}.",
            where=path,
            remedy="Prüfen, ob es eine Datei ist und ob sie gelesen werden darf.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TaxonomyError(
            f"Die Datei mit den Kategorien ist nicht lesbar: {error}.",
            where=path,
            remedy="Die genannte Zeile berichtigen; Text steht in Anführungszeichen.",
        ) from error
    rows = raw.pop("category", [])
    faults = [
        f"den Schlüssel »{key}« gibt es hier nicht{_nearest(key, ['category'])}" for key in raw
    ]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        faults.append("»category« muss als [[category]] in doppelten eckigen Klammern stehen")
        rows = []
    faults += [
        f"der {number}. Kategorie fehlt die »id«"
        for number, row in enumerate(rows, start=1)
        if not isinstance(row.get("id"), str)
    ]
    _refuse(path, faults)
    return rows


def _apply(
    rows: list[dict[str, Any]], changes: list[dict[str, Any]], path: Path
) -> list[dict[str, Any]]:
    """Change, add and move categories as a study wishes."""
    result = [dict(row) for row in rows]
    added: list[dict[str, Any]] = []
    for change in changes:
        known = next((row for row in result if row["id"] == change["id"]), None)
        if known is None:
            # A typing error in an id would else become a second, incomplete category.
            if "match" not in change:
                near = _nearest(change["id"], [row["id"] for row in rows])
                _refuse(path, [f"Kategorie »{change['id']}« ist nicht bekannt{near}"])
            added.append(change)
        else:
            known.update(change)
            if "before" in change:
                result.remove(known)
                added.append(known)
    front = [row for row in added if "before" not in row]
    result = front + result
    for row in added:
        if "before" in row:
            places = [index for index, other in enumerate(result) if other["id"] == row["before"]]
            result.insert(places[0] if places else 0, row)
    return result


def _validate(rows: list[dict[str, Any]]) -> tuple[list[CategoryEntry], list[str]]:
    entries: list[CategoryEntry] = []
    faults: list[str] = []
    for row in rows:
        try:
            entries.append(CategoryEntry.model_validate(row))
        except ValidationError as error:
            faults += [f"Kategorie »{row['id']}«: {_german(fault)}" for fault in error.errors()]
    return entries, faults


def _cross_check(entries: list[CategoryEntry]) -> list[str]:
    known = [entry.id for entry in entries]
    faults = []
    for entry in entries:
        faults += [
            f"Kategorie »{entry.id}«: »{key}« nennt die unbekannte Kategorie »{other}«"
            + _nearest(other, known)
            for key, others in (("part_of", entry.part_of), ("before", (entry.before,)))
            for other in others
            if other is not None and other not in known
        ]
        if entry.layer == "risk" and any(
            {"supermarket", "*"} & set(one.get("shop", ())) for one in entry.match
        ):
            faults.append(
                f"Kategorie »{entry.id}«: ein Supermarkt ist täglicher Bedarf und nie ein Risiko"
            )
        for alternative in entry.match:
            lead = next(iter(alternative))
            if lead in NEVER_LEADING:
                faults.append(
                    f"Kategorie »{entry.id}«: eine Regel kann nicht mit »{lead}« beginnen, "
                    "denn das trägt fast jedes Objekt; zuerst steht zum Beispiel »amenity«"
                )
    return faults


def _doubles(rows: Iterable[dict[str, Any]]) -> list[str]:
    ids = [row["id"] for row in rows]
    return [
        f"Kategorie »{double}« steht mehrmals da"
        for double in sorted({one for one in ids if ids.count(one) > 1})
    ]


def _refuse(path: Path, faults: list[str]) -> None:
    if faults:
        raise TaxonomyError(
            "Die Kategorien enthalten Fehler: " + "; ".join(faults) + ".",
            where=path,
            remedy="Die genannten Stellen berichtigen; die Bedeutung der Schlüssel steht am "
            "Anfang von layers/data/taxonomy.toml.",
        )


def _nearest(word: object, known: Iterable[str]) -> str:
    """Return a hint at the word that may have been meant."""
    close = difflib.get_close_matches(str(word), list(known), n=1)
    return f" (gemeint ist wohl »{close[0]}«)" if close else ""


def _german(fault: Any) -> str:
    location, kind, given = fault["loc"], fault["type"], fault["input"]
    key = ".".join(str(part) for part in location)
    text = f"der Wert von »{key}« passt nicht"
    if kind == "extra_forbidden":
        text = f"den Schlüssel »{key}« gibt es nicht{_nearest(key, CategoryEntry.model_fields)}"
    elif kind == "missing":
        text = f"der Schlüssel »{key}« fehlt"
    elif kind == "literal_error":
        allowed = [part.strip("' ") for part in re.split(r",| or ", fault["ctx"]["expected"])]
        text = (
            f"»{given}« ist kein Wert für »{key}«{_nearest(given, allowed)}; "
            f"erlaubt sind {', '.join(allowed)}"
        )
    elif kind.startswith("bool"):
        text = f"»{key}« ist true oder false, ohne Anführungszeichen"
    elif kind == "string_pattern_mismatch" and location[0] == "id":
        text = "die »id« besteht aus Kleinbuchstaben, Ziffern und Unterstrichen"
    elif location[0] in {"match", "unless"}:
        text = (
            f"»{location[0]}« ist eine Liste von Regeln wie "
            '[{ amenity = "cafe" }, { shop = ["bakery", "pastry"] }]'
        )
    return text
