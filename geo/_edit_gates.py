"""Opening and closing gates of a study, given or derived."""

from __future__ import annotations

from geo._site_words import closest, parse_status
from geo.errors import EditError
from geo.sites import Sites

_SHOWN = 8


class GateChanges:
    """The states of gates while they are changed.

    Parameters
    ----------
    sites
        With all gates that may be named.
    """

    def __init__(self, sites: Sites) -> None:
        self._sites = sites
        self._status: dict[str, str] = {}

    def open(self, gate_id: str, hours: str = "") -> None:
        """Open a gate, always or at certain hours.

        Raises
        ------
        EditError
            If there is no such gate, or the hours are none.
        """
        status = parse_status(hours.strip() or "open")
        if status is None or status == "locked":
            raise EditError(
                f"»{hours[:50]}« sind keine Öffnungszeiten.",
                where=f"Tor {gate_id}",
                remedy="Zum Beispiel »Mo-Fr 08:00-18:00« angeben, oder nichts für »immer offen«.",
            )
        self._set(gate_id, status)

    def close(self, gate_id: str) -> None:
        """Lock a gate.

        Raises
        ------
        EditError
            If there is no such gate.
        """
        self._set(gate_id, "locked")

    def _set(self, gate_id: str, status: str) -> None:
        known = [str(gate) for gate in self._sites.gates["gate_id"]]
        if gate_id not in known:
            raise _unknown(gate_id, known)
        self._status[gate_id] = status

    def finish(self) -> Sites:
        """Return the given gates and the derived ones that were changed, states changed."""
        gates = self._sites.gates
        if not self._status and not gates["derived"].any():
            return self._sites
        changed = gates["gate_id"].isin(list(self._status))
        kept = gates[~gates["derived"].astype(bool) | changed].reset_index(drop=True)
        kept["status"] = [
            self._status.get(str(gate), status)
            for gate, status in zip(kept["gate_id"], kept["status"], strict=True)
        ]
        kept["status"] = kept["status"].astype("str")
        return Sites(self._sites.sites, self._sites.houses, kept, self._sites.findings)


def _unknown(gate_id: str, known: list[str]) -> EditError:
    near = closest(gate_id, known)
    listed = ", ".join(f"»{gate}«" for gate in known[:_SHOWN])
    more = f" und {len(known) - _SHOWN} weitere" if len(known) > _SHOWN else ""
    remedy = f"Gemeint ist vielleicht »{near}«. " if near else ""
    return EditError(
        f"Das Tor »{gate_id[:100]}« gibt es nicht.",
        where=f"Tor {gate_id[:100]}",
        remedy=f"{remedy}Bekannt sind {listed}{more}."
        if known
        else "Die Studie hat keine Tore; eines in der Datei der Standorte eintragen.",
    )
