"""Under which licence a study's own data leave: a known one, its own words, or none.

Ids: list of licences of DCAT-AP.de (https://www.dcat-ap.de/def/licenses/), which is that of
GovData as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from layers.layer_info import OSM, OWN, Source

URI = "http://dcat-ap.de/def/licenses/"
"""What stands before an id to make it the address that catalogues expect."""


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence that catalogues know.

    Attributes
    ----------
    code
        What a study writes.
    name
        How it is called in files.
    title
        Its full name.
    url
        Where its text is.
    id
        Its id in the list of DCAT-AP.de.
    """

    code: str
    name: str
    title: str
    url: str
    id: str


_ALL = (
    Licence("dl-de/by-2-0", "dl-de/by-2-0",
            "Datenlizenz Deutschland – Namensnennung – Version 2.0",
            "https://www.govdata.de/dl-de/by-2-0", "dl-by-de/2.0"),
    Licence("dl-de/zero-2-0", "dl-de/zero-2-0", "Datenlizenz Deutschland – Zero – Version 2.0",
            "https://www.govdata.de/dl-de/zero-2-0", "dl-zero-de/2.0"),
    Licence("CC-BY-4.0", "CC BY 4.0", "Creative Commons Namensnennung 4.0",
            "https://creativecommons.org/licenses/by/4.0/", "cc-by/4.0"),
    Licence("CC-BY-SA-4.0", "CC BY-SA 4.0",
            "Creative Commons Namensnennung – Weitergabe unter gleichen Bedingungen 4.0",
            "https://creativecommons.org/licenses/by-sa/4.0/", "cc-by-sa/4.0"),
    Licence("CC0-1.0", "CC0 1.0", "Creative Commons Zero 1.0",
            "https://creativecommons.org/publicdomain/zero/1.0/", "cc-zero"),
    Licence("ODbL-1.0", OSM.licence, "Open Data Commons Open Database License (ODbL)",
            OSM.licence_url, "odbl"),
)  # fmt: skip

CODES = tuple(one.code for one in _ALL)
"""What a study may write for a known licence; other words stand for themselves."""

NAMED: Mapping[str, Licence] = {one.name: one for one in _ALL}
"""Known licences by how files call them."""


def own_source(publisher: str, licence: str) -> Source:
    """Return what a public release says about the study's own data.

    Parameters
    ----------
    publisher
        Organisation that publishes; "" if not given.
    licence
        One of ``CODES`` in any letters, other words, or "": then the data may be shown with
        the name of the publisher, but are no open data.
    """
    name = " ".join(publisher.split())
    told = f"{name} (eigene Angaben)" if name else OWN.attribution
    words = " ".join(licence.split())
    known = next((one for one in _ALL if one.code.casefold() == words.casefold()), None)
    if known is not None:
        return Source(told, known.name, known.url)
    return Source(told, words or _not_open(name))


def _not_open(publisher: str) -> str:
    by = f"dem Namen »{publisher}«" if publisher else "Nennung der Quelle"
    return (
        f"keine offene Lizenz; darf mit {by} gezeigt, aber nicht als offene Daten weitergegeben "
        "werden"
    )
