"""Write the generated parts of the documentation: the list of categories.

``python docs/generate.py`` writes them; ``tests/test_docs.py`` fails when they are out of date.
"""

from __future__ import annotations

from pathlib import Path

from layers.taxonomy import Category, load_taxonomy

DOCS = Path(__file__).parent
CATEGORIES = DOCS / "kategorien.md"

LAYERS = {
    "services": "Versorgung und Dienste",
    "transit": "Bus und Bahn",
    "meeting_places": "Treffpunkte",
    "partners": "Mögliche Partner",
    "risk": "Risiko (nur intern, ausgeschaltet)",
}
COMPLETENESS = {"high": "meist vollständig", "medium": "lückenhaft", "low": "oft nicht erfasst"}
ROLES = {
    "resource": "Ressource",
    "ambivalent": "zweischneidig",
    "risk": "Risiko",
    "mobility": "Mobilität",
    "partner": "Partner",
}

INTRODUCTION = """\
<!-- Erzeugt von docs/generate.py aus layers/data/taxonomy.toml; nicht von Hand ändern. -->

# Kategorien

Was als Ort im Sozialraum zählt, und an welchen Angaben in OpenStreetMap man es erkennt. Eine
Studie kann die Tabelle ergänzen und ändern, siehe [Anleitung](anleitung.md#eigene-kategorien).

- **OSM-Angaben**: `a=b|c` heißt: a ist b oder c; `+` heißt: und; `*` heißt: irgendein Wert. Jede
  Zeile innerhalb einer Zelle genügt für sich.
- **In OSM**: wie vollständig OpenStreetMap bei dieser Kategorie üblicherweise ist. Wo es oft nicht
  erfasst ist, sagt »keiner gefunden« wenig.
- **Partner**: ob der Träger als Partner in Frage kommt.
- **Gezählt**: ob je Haus ausgerechnet wird, wie weit der nächste ist.
"""


def rules_text(category: Category) -> str:
    """Return the tag rules of a category as Markdown for one cell of a table."""
    rules = []
    for rule in category.rules:
        tags = [f"`{key}={'|'.join(values)}`" for key, values in rule.items()]
        rules.append(" + ".join(tags).replace("|", "\\|"))
    return "<br>".join(rules)


def categories_text() -> str:
    """Return the list of categories as Markdown, in the order of the taxonomy."""
    lines = [INTRODUCTION]
    layer = group = ""
    for category in load_taxonomy(None).categories:
        if category.layer != layer:
            layer, group = category.layer, ""
            lines += [f"## {LAYERS[layer]}", ""]
        if category.group != group:
            if group:
                lines.append("")
            group = category.group
            lines += [
                f"### {group}",
                "",
                "| Kategorie | Kennung | OSM-Angaben | Rolle | In OSM | Partner | Gezählt |",
                "|---|---|---|---|---|---|---|",
            ]
        cells = [
            category.label,
            f"`{category.id}`",
            rules_text(category),
            ROLES[category.role],
            COMPLETENESS[category.completeness],
            "ja" if category.partner else "",
            "ja" if category.indicator else "",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write all generated documents."""
    CATEGORIES.write_text(categories_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
