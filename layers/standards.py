"""Within how many minutes places should be reached, in towns and in the country."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

from geo.errors import StudyError
from layers.study import STUDY_FILE, Study
from layers.study_network import StudyNetwork
from layers.taxonomy import Category, Taxonomy

_DATA = files("layers").joinpath("data", "standards.toml")
_SHOWN = 5

OWN_SOURCE = "Angabe der Studie"
"""What a standard rests on that ``study.toml`` gives."""


@dataclass(frozen=True, slots=True)
class Standard:
    """Within how many minutes a place should be reached off campus.

    Attributes
    ----------
    urban, rural
        Minutes of whoever is on the way, in towns and in the country.
    urban_source, rural_source
        What each rests on, German; "Annahme" where it rests on no source.
    """

    urban: float
    rural: float
    urban_source: str
    rural_source: str

    def minutes(self, *, urban: bool) -> float:
        """Return the minutes for one type of area.

        Parameters
        ----------
        urban
            Whether the house is in a town.
        """
        return self.urban if urban else self.rural

    def source(self, *, urban: bool) -> str:
        """Return what the minutes for one type of area rest on, German.

        Parameters
        ----------
        urban
            Whether the house is in a town.
        """
        return self.urban_source if urban else self.rural_source


@dataclass(frozen=True, slots=True)
class Standards:
    """All standards of the product.

    Attributes
    ----------
    categories, groups
        By id of the category, and by German heading of its group.
    default
        For all others.
    """

    categories: Mapping[str, Standard]
    groups: Mapping[str, Standard]
    default: Standard

    def of(self, category: Category) -> Standard:
        """Return the standard of a category: its own, else that of its group, else the usual.

        Parameters
        ----------
        category
            Of any taxonomy.
        """
        return self.categories.get(category.id, self.groups.get(category.group, self.default))


@cache
def load_standards() -> Standards:
    """Return the standards that come with the product.

    What each number rests on stands beside it in ``standards.toml``: the Nahbereich of 10
    minutes' walk (gif, glossary), everyday destinations within 15 minutes (BBSR 2025, "15-
    Minuten-Stadt"), parks within 500 m (GALK 1973), stops within 500 m in town and 700 m in
    the country (usual planning value; benchmark of Kreis Steinfurt). What rests on no source
    says that it is an assumption.
    """
    table = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    sources = table["sources"]

    def standard(entry: Mapping[str, Any]) -> Standard:
        urban, rural = (sources[key] for key in entry["source"])
        return Standard(float(entry["urban"]), float(entry["rural"]), urban, rural)

    return Standards(
        categories={key: standard(entry) for key, entry in table["category"].items()},
        groups={key: standard(entry) for key, entry in table["group"].items()},
        default=standard(table["default"]),
    )


def check_standards(study: Study, taxonomy: Taxonomy) -> None:
    """Check that the standards of a study are about categories that there are.

    Parameters
    ----------
    study
        Whose ``standards`` are checked.
    taxonomy
        The study's categories.

    Raises
    ------
    StudyError
        If a category is unknown, or switched off; the remedy lists what comes near.
    """
    known = taxonomy.by_id
    off = {category.id for category in taxonomy.switched_off}
    labels = {category.label.casefold(): category.id for category in taxonomy.categories}
    for key in sorted(study.settings.standards):
        if key in known:
            continue
        where = f"{study.folder / STUDY_FILE}, Schlüssel »standards«"
        shown = f"»{key[:60]}«"
        if key in off:
            raise StudyError(
                f"Die Kategorie {shown} ist in dieser Studie nicht in Gebrauch.",
                where=where,
                remedy="Den Richtwert streichen oder die Kategorie einschalten.",
            )
        text = key.casefold()
        near = get_close_matches(text, sorted({*known, *labels}), n=_SHOWN, cutoff=0.6)
        ids = list(dict.fromkeys(labels.get(name, name) for name in near))
        raise StudyError(
            f"Die Kategorie {shown}, für die ein Richtwert gesetzt ist, gibt es nicht.",
            where=where,
            remedy="Gemeint ist vielleicht: "
            + ", ".join(f"{name} ({known[name].label})" for name in ids)
            + "."
            if ids
            else "Die Kennungen stehen in docs/kategorien.md.",
        )


def standard_minutes(ready: StudyNetwork, category: str, *, urban: bool) -> float:
    """Return the minutes within which a category should be reached off campus.

    The study's own ``standards`` count before those of the product, in town and country
    alike.

    Parameters
    ----------
    ready
        The study.
    category
        Id of a category; one that its taxonomy does not know has the usual standard.
    urban
        Whether the house is in a town; see ``layers.area_types``.

    Raises
    ------
    StudyError
        As ``check_standards``.
    """
    check_standards(ready.study, ready.taxonomy)
    own = ready.study.settings.standards.get(category)
    if own is not None:
        return own
    return _standard(ready.taxonomy, category).minutes(urban=urban)


def standard_source(ready: StudyNetwork, category: str, *, urban: bool) -> str:
    """Return what the standard of a category rests on, German.

    Parameters
    ----------
    ready
        The study.
    category
        Id of a category of its taxonomy.
    urban
        Whether the house is in a town.
    """
    if category in ready.study.settings.standards:
        return OWN_SOURCE
    return _standard(ready.taxonomy, category).source(urban=urban)


def _standard(taxonomy: Taxonomy, category: str) -> Standard:
    """Return the product's standard; the usual one for what a taxonomy does not know."""
    standards = load_standards()
    for one in (*taxonomy.categories, *taxonomy.switched_off):
        if one.id == category:
            return standards.of(one)
    return standards.default
