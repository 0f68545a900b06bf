"""``variant.toml``: what would change, as somebody wrote it down."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from geo.errors import VariantError

MOST_CHANGES = 200
"""More changes than that are another town."""

Key = Annotated[str, Field(pattern=r"^[A-Za-zÄÖÜäöüß0-9][A-Za-zÄÖÜäöüß0-9_-]*$", max_length=60)]
Text = Annotated[str, Field(min_length=1, max_length=200)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Position = tuple[Longitude, Latitude]
TagTable = dict[Text, Text]


class Change(BaseModel):
    """One ``[[change]]``; unknown keys are errors.

    Attributes
    ----------
    id
        What later changes call it; by default its number.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Key = ""


class Spot(Change):
    """Any change at a point.

    Attributes
    ----------
    lon, lat
        Where, degrees.
    """

    lon: Longitude
    lat: Latitude


class AddPlace(Spot):
    """A new place of a category of the taxonomy.

    Attributes
    ----------
    category
        Id of the category.
    name
        What it is called.
    wheelchair
        Whether people get in on wheels.
    """

    kind: Literal["add_place"]
    category: Text
    name: Text | None = None
    wheelchair: Literal["yes", "limited", "no", "unknown"] = "unknown"


class AddStop(Spot):
    """A new stop of buses."""

    kind: Literal["add_stop"]
    name: Text | None = None


class AddProject(Spot):
    """A project: a place in every category that this kind of project meets.

    Attributes
    ----------
    project
        Id of the kind of project.
    name
        What it is called.
    """

    kind: Literal["add_project"]
    project: Text
    name: Text | None = None


class MovePlace(Spot):
    """A place that is there goes elsewhere.

    Attributes
    ----------
    place
        Its id or name, or the id of an earlier change that adds it.
    """

    kind: Literal["move_place"]
    place: Text


class RemovePlace(Change):
    """A place is no longer there."""

    kind: Literal["remove_place"]
    place: Text


class OpenGate(Change):
    """A gate that is locked is open.

    Attributes
    ----------
    gate
        Its id or name.
    hours
        Opening hours; "" for always.
    """

    kind: Literal["open_gate"]
    gate: Text
    hours: Annotated[str, Field(max_length=200)] = ""


class CloseGate(Change):
    """A gate that is open is locked."""

    kind: Literal["close_gate"]
    gate: Text


class AddPath(Change):
    """A new way.

    Attributes
    ----------
    points
        Its course, longitude and latitude, two points or more.
    tags
        What OSM would say of it.
    """

    kind: Literal["add_path"]
    points: Annotated[tuple[Position, ...], Field(min_length=2, max_length=1000)]
    tags: TagTable = {"highway": "footway"}


class AddCrossing(Spot):
    """A crossing over the nearest road.

    Attributes
    ----------
    crossing
        What makes cars stop.
    """

    kind: Literal["add_crossing"]
    crossing: Literal["unmarked", "zebra", "traffic_signals"] = "unmarked"


class RemovePath(Change):
    """A way is taken out.

    Attributes
    ----------
    way
        Id of the way in OSM, ``w123``.
    """

    kind: Literal["remove_path"]
    way: Annotated[str, Field(pattern=r"^w-?[0-9]{1,18}$")]


class LowerKerb(Spot):
    """A kerb is lowered.

    Attributes
    ----------
    height_cm
        What is left of it.
    """

    kind: Literal["lower_kerb"]
    height_cm: Annotated[float, Field(ge=0, le=30, allow_inf_nan=False)] = 0.0


class Remove(Change):
    """An earlier change of the variant, or of the one it goes on from, is taken back.

    Attributes
    ----------
    change
        The id of that change.
    """

    kind: Literal["remove"]
    change: Key


AnyChange = (
    AddPlace | AddStop | AddProject | MovePlace | RemovePlace | OpenGate | CloseGate | AddPath
    | AddCrossing | RemovePath | LowerKerb | Remove
)  # fmt: skip

KINDS: dict[str, type[Change]] = {
    "add_place": AddPlace,
    "move_place": MovePlace,
    "remove_place": RemovePlace,
    "add_project": AddProject,
    "add_stop": AddStop,
    "open_gate": OpenGate,
    "close_gate": CloseGate,
    "add_path": AddPath,
    "add_crossing": AddCrossing,
    "remove_path": RemovePath,
    "lower_kerb": LowerKerb,
    "remove": Remove,
}
"""All kinds of changes by the word that stands in the file."""

LABELS = {
    "add_place": "neuer Ort",
    "move_place": "Ort zieht um",
    "remove_place": "Ort fällt weg",
    "add_project": "neues Projekt",
    "add_stop": "neue Haltestelle",
    "open_gate": "Tor öffnen",
    "close_gate": "Tor schließen",
    "add_path": "neuer Weg",
    "add_crossing": "neue Querung",
    "remove_path": "Weg fällt weg",
    "lower_kerb": "Bord absenken",
    "remove": "Änderung zurücknehmen",
}
"""The German word of each kind."""


class Variant(BaseModel):
    """A named list of changes.

    Attributes
    ----------
    name
        What people call it.
    remark
        Why, or what is meant.
    changes
        What changes, in this order.
    """

    model_config = ConfigDict(frozen=True)

    name: Text
    remark: str = ""
    changes: tuple[AnyChange, ...]

    @property
    def slug(self) -> str:
        """The name as a folder may be called: small letters, digits and hyphens."""
        text = self.name.casefold()
        for sign, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
            text = text.replace(sign, plain)
        text = unicodedata.normalize("NFKD", text)
        text = "".join(sign for sign in text if not unicodedata.combining(sign))
        return re.sub(r"[^a-z0-9]+", "-", text).strip("-")[:60].strip("-") or "variante"


def read_variant(path: Path) -> Variant:
    """Read a variant.

    Parameters
    ----------
    path
        A TOML file: ``name``, perhaps ``remark``, and one ``[[change]]`` per change.

    Raises
    ------
    VariantError
        If the file cannot be read or is wrong; the message names all faults at once, each
        with the number of the change and the key.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise VariantError(
            "Die Datei mit der Variante gibt es nicht.",
            where=path,
            remedy="Den Pfad prüfen. Wie eine Variante aussieht, steht in docs/was-waere-wenn.md.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise VariantError(
            f"Die Datei mit der Variante ist nicht lesbar: {error}.",
            where=path,
            remedy="Die genannte Zeile berichtigen; Text steht in Anführungszeichen.",
        ) from error
    except OSError as error:
        raise VariantError(
            f"Die Datei mit der Variante kann nicht gelesen werden: {error.strerror}.",
            where=path,
            remedy="Prüfen, ob es eine Datei ist und ob sie gelesen werden darf.",
        ) from error
    return variant_from(raw, where=str(path))


def variant_from(raw: dict[str, Any], where: str = "Variante") -> Variant:
    """Make a variant of what stands in a file.

    Parameters
    ----------
    raw
        The tables as ``tomllib`` reads them.
    where
        Named where something is wrong.

    Raises
    ------
    VariantError
        If anything is wrong; the message names all of it at once.
    """
    faults = [
        f"den Schlüssel »{key[:60]}« gibt es nicht{_meant(key, ('name', 'remark', 'change'))}"
        for key in raw
        if key not in {"name", "remark", "change"}
    ]
    name, remark, tables = raw.get("name"), raw.get("remark", ""), raw.get("change", [])
    if not isinstance(name, str) or not name.strip() or len(name) > 200:  # noqa: PLR2004
        faults.append("der Schlüssel »name« fehlt oder ist kein Name")
        name = "?"
    if not isinstance(remark, str):
        faults.append("der Wert von »remark« ist kein Text")
        remark = ""
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        faults.append("»change« muss als [[change]] in doppelten eckigen Klammern stehen")
        tables = []
    if not tables and not faults:
        faults.append("es steht keine Änderung darin: [[change]] fehlt")
    if len(tables) > MOST_CHANGES:
        faults.append(f"es sind {len(tables)} Änderungen, höchstens {MOST_CHANGES} sind erlaubt")
        tables = []
    changes = []
    for number, table in enumerate(tables, start=1):
        made = _change(number, dict(table), faults)
        if made is not None:
            changes.append(made)
    seen: dict[str, int] = {}
    for number, change in enumerate(changes, start=1):
        if change.id in seen:
            faults.append(
                f"Änderung {number}, Schlüssel »id«: »{change.id}« heißt schon Änderung "
                f"{seen[change.id]}"
            )
        seen.setdefault(change.id, number)
    refuse(faults, where)
    return Variant(name=name.strip(), remark=remark.strip(), changes=tuple(changes))


def refuse(faults: list[str], where: str, remedy: str = "") -> None:
    """Tell all faults at once, if there are any.

    Parameters
    ----------
    faults
        German, one each.
    where
        The file.
    remedy
        What to do; by default where the kinds of changes are described.

    Raises
    ------
    VariantError
        If there is any.
    """
    if not faults:
        return
    one = len(faults) == 1
    text = f"{faults[0]}." if one else "\n".join(["", *(f"– {fault}" for fault in faults)])
    raise VariantError(
        f"Die Variante enthält {'einen Fehler' if one else f'{len(faults)} Fehler'}: {text}",
        where=where,
        remedy=remedy
        or "Welche Änderungen es gibt und was zu ihnen gehört, steht in docs/was-waere-wenn.md.",
    )


def _change(number: int, table: dict[str, Any], faults: list[str]) -> Any:
    """Return a change, or None and what is wrong with it."""
    kind = table.get("kind")
    place = f"Änderung {number}"
    if not isinstance(kind, str) or kind not in KINDS:
        told = "»kind« fehlt" if kind is None else f"die Art »{str(kind)[:60]}« gibt es nicht"
        near = _meant(kind, KINDS) if isinstance(kind, str) else ""
        faults.append(f"{place}: {told}{near or ' (möglich: ' + ', '.join(KINDS) + ')'}")
        return None
    table.setdefault("id", str(number))
    model = KINDS[kind]
    try:
        return model.model_validate(table)
    except ValidationError as error:
        known = [key for key in model.model_fields if key != "kind"]
        faults += [
            f"{place} ({kind}): {_german(fault, known)}"
            for fault in error.errors(include_url=False)
        ]
        return None


def _german(fault: Any, known: list[str]) -> str:
    key = str(fault["loc"][0]) if fault["loc"] else ""
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "extra_forbidden":
        return f"den Schlüssel »{key[:60]}« gibt es hier nicht{_meant(key, known)}"
    if kind == "missing" and len(fault["loc"]) == 1:
        return f"der Schlüssel »{key}« fehlt"
    if key == "points":
        return (
            "ein Weg braucht mindestens zwei Punkte [Länge, Breite]"
            if kind == "too_short"
            else "»points« muss Punkte als [[Länge, Breite], [Länge, Breite]] in Grad enthalten"
        )
    if key in {"lon", "lat"}:
        word = "geografische Länge" if key == "lon" else "geografische Breite"
        return f"»{key}« ist keine {word} in Grad"
    if kind == "literal_error":
        return f"»{key}« darf nur {context.get('expected', '').replace('or', 'oder')} sein"
    return f"der Wert von »{key}« passt nicht"


def _meant(asked: str, known: Any) -> str:
    near = get_close_matches(asked, list(known), n=1, cutoff=0.6)
    return f" (gemeint ist vielleicht »{near[0]}«)" if near else ""
