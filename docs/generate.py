"""Write the generated parts of the documentation: the list of categories.

``make docs`` writes them; ``tests/test_docs.py`` fails when they are out of date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from layers.taxonomy import LAYER_LABELS, Category, load_taxonomy

DOCS = Path(__file__).parent
CATEGORIES = DOCS / "kategorien.md"

COMPLETENESS = {"high": "meist vollständig", "medium": "lückenhaft", "low": "oft nicht erfasst"}
ROLES = {
    "resource": "Ressource",
    "ambivalent": "zweischneidig",
    "risk": "Risiko",
    "mobility": "Mobilität",
    "partner": "Partner",
}
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


def main() -> None:
    """Write all generated documents."""
    CATEGORIES.write_text(categories_text(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
