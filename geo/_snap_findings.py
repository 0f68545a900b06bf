"""What is said about houses and sites when they are joined to the network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo._ways_near import Feet, NearWays
from geo.findings import Finding, Severity

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

WARN_M = 100.0
"""A house farther from the network than this is warned about."""

MAX_M = 300.0
"""Nothing farther from the network than this is joined to it."""

WHEELS_M = 100.0
"""The same on wheels: farther, a straight line over gaps and lawns says nothing."""


@dataclass(frozen=True, eq=False)
class Owners:
    """Houses, then sites.

    Attributes
    ----------
    ids
        Ids, houses first.
    site
        Index of the grounds of each house, −1 outside; as many as there are houses.
    on_foot
        Whether each of ``ids`` has an access point on foot.
    """

    ids: tuple[str, ...]
    site: Ints
    on_foot: Bools

    @property
    def houses(self) -> list[str]:
        """Ids of the houses."""
        return list(self.ids[: len(self.site)])

    @property
    def sites(self) -> list[str]:
        """Ids of the sites."""
        return list(self.ids[len(self.site) :])


def report_on_foot(
    near: NearWays, owners: Owners, feet: Feet, unconnected: Sequence[str]
) -> tuple[Finding, ...]:
    """Say which houses are far, lost, on islands or joined by guessing, and which sites shut."""
    return (*_houses_on_foot(near, owners, feet), *_shut_sites(owners.sites, unconnected))


def report_on_wheels(
    near: NearWays, owners: Owners, feet: Feet, unconnected: Sequence[str], label: str
) -> tuple[Finding, ...]:
    """Say what is worse on wheels than on foot; the label is the profile's."""
    findings = []
    for number, house in enumerate(owners.houses):
        rows = np.flatnonzero(feet.owner == number)
        if len(rows):
            if near.stranded[feet.edge[rows]].all():
                metres = near.part_m(int(feet.edge[rows[0]]))
                findings.append(_wheels_island(house, metres, label))
        elif owners.on_foot[number]:
            findings.append(_wheels_lost(house, label, on_grounds=bool(owners.site[number] >= 0)))
        else:
            findings.append(_lost(house, on_grounds=bool(owners.site[number] >= 0)))
    reached = dict(zip(owners.ids, owners.on_foot.tolist(), strict=True))
    barred = [site for site in owners.sites if site in unconnected and reached[site]]
    findings += [_wheels_no_gate(site, label) for site in barred]
    findings += _shut_sites([site for site in owners.sites if site not in barred], unconnected)
    return tuple(findings)


def _houses_on_foot(near: NearWays, owners: Owners, feet: Feet) -> Iterator[Finding]:
    for number, house in enumerate(owners.houses):
        on_grounds = bool(owners.site[number] >= 0)
        rows = np.flatnonzero(feet.owner == number)
        if not len(rows):
            yield _lost(house, on_grounds=on_grounds)
            continue
        row = rows[0]
        metres = float(feet.gap_m[row])
        if metres > WARN_M:
            yield _far(house, metres)
        if feet.skipped_island[row]:
            yield _island_skipped(house, metres)
        if near.on_island[feet.edge[row]]:
            yield _island(house, on_grounds=on_grounds)
        if feet.estimated[row]:
            yield _estimated(house, metres)


def _shut_sites(sites: Sequence[str], unconnected: Sequence[str]) -> list[Finding]:
    return [
        Finding(
            code="origin.no_gate",
            severity=Severity.WARNING,
            message=f"Das Gelände »{site}« hat kein begehbares Tor. Von ihm aus gibt es "
            "keine Ergebnisse.",
            where=site,
            remedy="Die Tore (kind = gate) und ihren Zustand prüfen.",
        )
        for site in sites
        if site in unconnected
    ]


def _far(house: str, metres: float) -> Finding:
    return Finding(
        code="origin.far",
        severity=Severity.WARNING,
        message=f"Das Haus »{house}« liegt {metres:.0f} m vom nächsten Weg entfernt; "
        "diese Strecke ist in den Zeiten als gerade Linie enthalten.",
        where=house,
        remedy="Die Lage des Hauses prüfen oder den fehlenden Weg in OSM ergänzen.",
    )


def _island_skipped(house: str, metres: float) -> Finding:
    return Finding(
        code="origin.island_skipped",
        severity=Severity.WARNING,
        message=f"Der nächste Weg am Haus »{house}« hängt mit dem übrigen Wegenetz "
        f"nicht zusammen. Gerechnet wird vom Hauptnetz aus, {metres:.0f} m entfernt.",
        where=house,
        remedy="Die Lücke im Wegenetz in OSM schließen.",
    )


def _estimated(house: str, metres: float) -> Finding:
    return Finding(
        code="origin.estimated",
        severity=Severity.INFO,
        message=f"Vom Haus »{house}« bis zum nächsten Tor oder Weg ist in OSM "
        f"nichts eingezeichnet; die {metres:.0f} m sind als gerade Linie geschätzt.",
        where=house,
    )


def _lost(house: str, *, on_grounds: bool) -> Finding:
    place = " auf seinem Gelände" if on_grounds else ""
    return Finding(
        code="origin.too_far",
        severity=Severity.WARNING,
        message=f"Das Haus »{house}« liegt mehr als {MAX_M:.0f} m von jedem Weg{place} entfernt. "
        "Für dieses Haus gibt es keine Ergebnisse.",
        where=house,
        remedy="Die Lage des Hauses prüfen; stimmt sie, den Weg zum Haus in OSM ergänzen.",
    )


def _island(house: str, *, on_grounds: bool) -> Finding:
    return Finding(
        code="origin.island",
        severity=Severity.WARNING,
        message=f"Das Haus »{house}« ist ohne Anschluss: Die Wege dort hängen mit dem übrigen "
        "Wegenetz nicht zusammen.",
        where=house,
        remedy="Prüfen, ob ein Tor fehlt oder verschlossen eingetragen ist."
        if on_grounds
        else "Die Lücke im Wegenetz in OSM schließen.",
    )


def _wheels_lost(house: str, label: str, *, on_grounds: bool) -> Finding:
    place = " auf seinem Gelände" if on_grounds else ""
    return Finding(
        code="origin.wheels_unconnected",
        severity=Severity.WARNING,
        message=f"Für »{label}« ist vom Haus »{house}« kein Weg{place} in {WHEELS_M:.0f} m "
        "bekannt, der passierbar wäre. Für dieses Profil gibt es dort keine Ergebnisse.",
        where=house,
        remedy="Vor Ort ansehen, wie man stufenlos auf den nächsten Weg kommt, und es in OSM "
        "eintragen.",
    )


def _wheels_island(house: str, metres: float, label: str) -> Finding:
    return Finding(
        code="origin.wheels_island",
        severity=Severity.WARNING,
        message=f"Für »{label}« hängen am Haus »{house}« nur {metres:.0f} m Weg zusammen; "
        "weiter ist kein passierbarer Weg bekannt.",
        where=house,
        remedy="Vor Ort ansehen, ob Stufen, Borde und Sperren dort richtig eingetragen sind.",
    )


def _wheels_no_gate(site: str, label: str) -> Finding:
    return Finding(
        code="origin.wheels_no_gate",
        severity=Severity.WARNING,
        message=f"Für »{label}« hat das Gelände »{site}« kein Tor, das passierbar ist. Von ihm "
        "aus gibt es für dieses Profil keine Ergebnisse.",
        where=site,
        remedy="Die Tore (kind = gate) und ihre Angabe »step_free« prüfen.",
    )
