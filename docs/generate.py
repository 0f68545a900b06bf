"""Write the generated parts of the documentation: the list of categories, the data dictionary.

``make docs`` writes them; ``tests/test_docs.py`` fails when they are out of date.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from layers.columns import BOOLEAN, INTEGER, NUMBER, TEXT, Column, described_as, table_columns
from layers.layer_info import LAYERS
from layers.release import load_release
from layers.taxonomy import LAYER_LABELS, Category, load_taxonomy

DOCS = Path(__file__).parent
CATEGORIES = DOCS / "kategorien.md"
DICTIONARY = DOCS / "datenwoerterbuch.md"
DICTIONARY_TEMPLATE = DOCS / "vorlagen" / "datenwoerterbuch.md.in"

COMPLETENESS = {"high": "meist vollständig", "medium": "lückenhaft", "low": "oft nicht erfasst"}
ROLES = {
    "resource": "Ressource",
    "ambivalent": "zweischneidig",
    "risk": "Risiko",
    "mobility": "Mobilität",
    "partner": "Partner",
}
MINUTES = (5, 10, 15)
CRS = "EPSG:25832"
PLAIN_TABLES = ("categories", "summaries", "layer_info", "metadata")
HEADS = {"geopackage": "Tabelle", "report.json": "Schlüssel"}
TYPES = {TEXT: "Text", NUMBER: "Zahl", INTEGER: "ganze Zahl", BOOLEAN: "ja/nein"}
DICTIONARY_NOTE = (
    "<!-- Erzeugt von docs/generate.py aus docs/vorlagen/datenwoerterbuch.md.in und "
    "layers/data/columns.toml; nicht von Hand ändern. -->"
)
HEADER = "| Kategorie | Kennung | OSM-Angaben | Rolle | In OSM | Partner | Gezählt |"

INTRODUCTION = """\
<!-- Erzeugt von docs/generate.py aus layers/data/taxonomy.toml; nicht von Hand ändern. -->

# Kategorien

Was als Ort im Sozialraum zählt, und an welchen Angaben in OpenStreetMap man es erkennt. Eine
Studie kann die Tabelle ergänzen und ändern, siehe [Anleitung](anleitung.md#eigene-kategorien).

- **OSM-Angaben**: Jede Zeile einer Zelle genügt für sich. `a=b|c` heißt: a ist b oder c; `a=*`:
  irgendein Wert; »und« verbindet Bedingungen; »außer« nennt, was nicht dazugehört. Bei Namen steht
  `…` für beliebige Buchstaben.
- Ein Objekt gehört zur ersten Kategorie, deren Bedingungen es erfüllt; die Reihenfolge ist die der
  Tabelle, aus der diese Liste stammt (Selbsthilfe vor Beratung, Beratung vor Verein).
- **In OSM**: wie vollständig OpenStreetMap bei dieser Kategorie üblicherweise ist. Wo es oft nicht
  erfasst ist, sagt »keiner gefunden« wenig.
- **Partner**: ob der Träger als Partner in Frage kommt.
- **Gezählt**: ob je Haus ausgerechnet wird, wie weit der nächste ist.
"""


def condition_text(key: str, values: Sequence[str]) -> str:
    """Return what one key must hold, e.g. `` `shop=general|farm` ``."""
    words = [value[1:].replace("*", "…") for value in values if value.startswith("~")]
    plain = [value for value in values if not value.startswith("~")]
    parts = []
    if plain == ["!"]:
        parts.append(f"kein `{key}`")
    elif plain:
        parts.append(f"`{key}={'|'.join(plain)}`")
    if words:
        field = "Name" if key == "name" else f"`{key}`"
        parts.append(f"{field} enthält " + ", ".join(f"»{word}«" for word in words))
    return " oder ".join(parts)


def tag_set_text(tag_set: Mapping[str, Sequence[str]]) -> str:
    """Return the conditions of one alternative."""
    return " und ".join(condition_text(key, values) for key, values in tag_set.items())


def rules_text(category: Category) -> str:
    """Return the tag rules of a category as Markdown for one cell of a table."""
    lines = [tag_set_text(rule) for rule in category.rules]
    if category.unless:
        lines.append("außer " + " oder ".join(tag_set_text(rule) for rule in category.unless))
    if category.unnamed_from_m2:
        lines.append(f"ohne Namen nur Flächen ab {category.unnamed_from_m2:.0f} m²")
    return "<br>".join(lines).replace("|", "\\|")


def category_row(category: Category) -> str:
    """Return the row of a category."""
    cells = [
        category.label,
        f"`{category.id}`",
        rules_text(category),
        ROLES[category.role],
        COMPLETENESS[category.completeness],
        "ja" if category.partner else "–",
        "ja" if category.indicator else "–",
    ]
    return f"| {' | '.join(cells)} |"


def categories_text() -> str:
    """Return the list of categories as Markdown: by layer, in the order of the taxonomy."""
    taxonomy = load_taxonomy(None)
    lines = [INTRODUCTION]
    for layer, heading in LAYER_LABELS.items():
        used = [category for category in taxonomy.categories if category.layer == layer]
        off = [category for category in taxonomy.switched_off if category.layer == layer]
        lines += [f"## {heading}", ""]
        if off and not used:
            lines += ["Ausgeschaltet; eine Studie kann sie mit `off = false` einschalten.", ""]
        for group in dict.fromkeys(category.group for category in [*used, *off]):
            lines += [f"### {group}", "", HEADER, "|---|---|---|---|---|---|---|"]
            lines += [category_row(each) for each in [*used, *off] if each.group == group]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def dictionary_text() -> str:
    """Return the data dictionary: its template with a table for each ``[[name]]``."""
    text = DICTIONARY_TEMPLATE.read_text(encoding="utf-8")
    filled = re.sub(r"^\[\[(.+)\]\]$", lambda found: _table(found[1]), text, flags=re.MULTILINE)
    return f"{DICTIONARY_NOTE}\n\n{filled.rstrip()}\n"


def _table(name: str) -> str:
    """Return the columns of a table in Markdown; of a layer also what of it is public."""
    columns = table_columns(name, MINUTES, CRS)
    if name not in LAYERS and name not in PLAIN_TABLES:
        rows = [f"| {HEADS.get(name, 'Spalte')} | Bedeutung |", "|---|---|"]
        rows += [f"| `{one.name}` | {_meaning(one)} |" for one in columns]
        return "\n".join(rows)
    rows = ["| Spalte | Titel | Typ | Bedeutung |", "|---|---|---|---|"]
    rows += [f"| `{one.name}` | {one.title} | {_type(one)} | {_meaning(one)} |" for one in columns]
    if name in PLAIN_TABLES:
        return "\n".join(rows)
    note = _public_note(name, [one.name for one in columns])
    return note if described_as(name) != name else "\n".join([*rows, "", note])


def _type(column: Column) -> str:
    return ", ".join([TYPES[column.type], *([column.unit] if column.unit else [])])


def _meaning(column: Column) -> str:
    """Return the text of a column and what its fixed values mean."""
    words = ", ".join(f"`{code}` {word}" for code, word in column.codes.items())
    return f"{column.markdown}. Werte: {words}" if words else column.markdown


def _public_note(layer: str, columns: Sequence[str]) -> str:
    release = load_release()
    kept = [name for name in columns if release.allows(layer, name)]
    if not kept:
        return "Öffentliche Fassung: nicht enthalten."
    missing = ", ".join(f"`{name}`" for name in columns if name not in kept)
    return f"Öffentliche Fassung: {f'ohne {missing}' if missing else 'alle Spalten'}."


def main() -> None:
    """Write all generated documents."""
    CATEGORIES.write_text(categories_text(), encoding="utf-8", newline="\n")
    DICTIONARY.write_text(dictionary_text(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
