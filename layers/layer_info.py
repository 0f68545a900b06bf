"""Which layers leave the house, what each is, and where its data come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Source:
    """Where data come from: what must be shown with them, and under which licence they are."""

    attribution: str
    licence: str
    licence_url: str = ""


OSM = Source(
    "© OpenStreetMap-Mitwirkende",
    "ODbL 1.0",
    "https://opendatacommons.org/licenses/odbl/1-0/",
)
OWN = Source("Eigene Angaben der Studie", "keine offene Lizenz, Weitergabe nur nach Freigabe")
INVENTED = Source("Erfundene Daten im Format von OpenStreetMap", "keine (erfundener Ort)")
"""Stands for OSM where the study says that its place is made up."""

PLACE_LAYERS = ("services", "transit", "meeting_places", "partners")
"""Layers of places, in the order in which they are shown."""

HIDDEN_LAYER = "risk"
"""Never exported."""


@dataclass(frozen=True, slots=True)
class LayerInfo:
    """What a layer is, for readers of the files.

    Attributes
    ----------
    name
        Name of the table or file.
    title
        German title.
    text
        What is in it, a German sentence or two.
    spatial
        Whether it has a geometry; the others are tables only.
    own, derived
        Whether it holds the study's own data; whether it holds, or is computed from,
        OSM data. Gates are both, and say row by row which.
    key
        Columns whose values together name a row, the same across builds.
    public_text
        What is in it in the public release, where that is something else.
    joined
        Whether its rows join own data with OSM data, see ``layers.sources``.
    """

    name: str
    title: str
    text: str
    spatial: bool = True
    own: bool = False
    derived: bool = True
    key: tuple[str, ...] = ("id",)
    public_text: str = ""
    joined: bool = False

    def told(self, release: str) -> LayerInfo:
        """Return the layer as it is described in a release.

        Parameters
        ----------
        release
            ``"internal"`` or ``"public"``, see ``layers.layer_frames``.
        """
        public = release == "public" and self.public_text
        return replace(self, text=self.public_text) if public else self


LAYERS: Mapping[str, LayerInfo] = {
    info.name: info
    for info in (
        LayerInfo(
            "sites", "Gelände", "Die Gelände, wie die Studie sie angibt.", own=True, derived=False
        ),
        LayerInfo(
            "houses",
            "Häuser",
            "Die Häuser, wie die Studie sie angibt. Nur für den internen Gebrauch.",
            own=True,
            derived=False,
        ),
        LayerInfo(
            "gates",
            "Tore",
            "Tore aus der Studie und aus den Wegen abgeleitete; jede Zeile nennt ihre Quelle.",
            own=True,
        ),
        LayerInfo(
            "isochrones",
            "Erreichbare Flächen",
            "Was von einem Haus oder von den Toren eines Geländes aus in so vielen Minuten "
            "erreichbar ist, je Profil (zu Fuß, mit Rollstuhl …). Eine solche Fläche ist nicht "
            "der Sozialraum.",
            public_text="Was von den Toren eines Geländes aus in so vielen Minuten erreichbar "
            "ist, je Profil (zu Fuß, mit Rollstuhl …). Eine solche Fläche ist nicht der "
            "Sozialraum.",
        ),
        LayerInfo("services", "Versorgung", "Läden, Gesundheit, Ämter und andere Angebote."),
        LayerInfo("transit", "Bus und Bahn", "Haltestellen und andere Orte der Mobilität."),
        LayerInfo("meeting_places", "Treffpunkte", "Orte, an denen Menschen einander begegnen."),
        LayerInfo(
            "partners",
            "Mögliche Partner",
            "Orte, deren Träger als Partner in Frage kommen; manche stehen auch in einer der "
            "anderen Ebenen.",
        ),
        LayerInfo(
            "access",
            "Erreichbarkeit",
            "Je Haus oder Gelände, Profil und Kategorie: der nächste Ort außerhalb des Geländes "
            "und wie viele es in so vielen Minuten sind.",
            spatial=False,
            key=("house_id", "profile", "state", "category"),
            public_text="Je Gelände, Profil und Kategorie: der nächste Ort außerhalb des Geländes "
            "und wie viele es in so vielen Minuten sind, von den Toren aus.",
        ),
        LayerInfo(
            "travel_times",
            "Wegezeiten",
            "Zeit und Länge des Weges von jedem Haus oder Gelände zu jedem Ort, je Profil; was "
            "nicht rechtzeitig erreichbar ist, fehlt.",
            spatial=False,
            key=("from_id", "to_id", "profile", "state"),
            public_text="Zeit und Länge des Weges von den Toren jedes Geländes zu jedem Ort, je "
            "Profil; was nicht rechtzeitig erreichbar ist, fehlt.",
        ),
        LayerInfo(
            "coverage",
            "Bekannte Wege",
            "Für Rollator und Rollstuhl: wie viele Meter Wege ein Haus oder Gelände erreicht und "
            "von wie vielen bekannt ist, ob man dort durchkommt.",
            spatial=False,
            key=("house_id", "profile", "minutes"),
            public_text="Für Rollator und Rollstuhl: wie viele Meter Wege von den Toren eines "
            "Geländes aus erreichbar sind und von wie vielen bekannt ist, ob man dort durchkommt.",
        ),
        LayerInfo(
            "needs",
            "Bedarf",
            "Je Haus und Kategorie: ob sie im Richtwert erreicht wird und wie es der "
            "Nachbarschaft geht. Nur für den internen Gebrauch.",
            spatial=False,
            key=("house_id", "category", "profile"),
            own=True,
            joined=True,
        ),
        LayerInfo(
            "house_reach",
            "Wege zum Haus",
            "Wie viele Menschen der Nachbarschaft das Tor eines Hauses erreichen. Nur für den "
            "internen Gebrauch.",
            spatial=False,
            key=("house_id", "profile", "state", "minutes"),
            own=True,
            joined=True,
        ),
        LayerInfo(
            "site_reach",
            "Wege zum Gelände",
            "Wie viele Menschen der Nachbarschaft ein Tor des Geländes erreichen, je Profil und "
            "Minuten.",
            spatial=False,
            key=("site_id", "profile", "state", "minutes"),
            own=True,
            joined=True,
            public_text="Wie viele Menschen der Nachbarschaft ein Tor des Geländes erreichen, je "
            "Profil und Minuten. Zahlen sind auf volle Schritte abgerundet, kleine fehlen.",
        ),
        LayerInfo(
            "common_ground",
            "Gemeinsamer Raum",
            "Was Bewohnerinnen und Bewohner eines Geländes und ein Teil der Nachbarschaft in so "
            "vielen Minuten erreichen.",
        ),
        LayerInfo(
            "ranking",
            "Vorschläge für Projekte",
            "Wo ein Projekt am meisten hilft: die besten Vorschläge jeder Projektart mit ihrer "
            "Begründung.",
            own=True,
            joined=True,
        ),
        LayerInfo(
            "ranking_criteria",
            "Kriterien der Vorschläge",
            "Je Vorschlag und Kriterium der Wert, sein Gewicht und sein Anteil am Ergebnis.",
            spatial=False,
            key=("ranking_id", "criterion"),
            own=True,
            joined=True,
        ),
        LayerInfo(
            "ranking_projects",
            "Projektarten",
            "Je Projektart, ob ein Ort empfohlen wird, und was beim Lesen zu beachten ist.",
            spatial=False,
            key=("project", "profile", "state"),
            own=True,
            joined=True,
        ),
    )
}
"""All exported layers by name, in their order."""
