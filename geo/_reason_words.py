"""Why a way is closed to wheels, in German."""

from __future__ import annotations

_WHOLE = {
    "highway=steps": "Treppe",
    "highway=via_ferrata": "Klettersteig",
    "highway=ladder": "Leiter",
    "wheelchair=no": "für Rollstühle als nicht nutzbar erfasst",
    "door=revolving": "Drehtür",
    "ford=stepping_stones": "Trittsteine im Wasser",
}
_BARRIERS = {
    "kissing_gate": "Drängelgitter",
    "stile": "Überstieg",
    "horse_stile": "Überstieg",
    "turnstile": "Drehkreuz",
    "full-height_turnstile": "Drehkreuz",
    "cattle_grid": "Weiderost",
    "log": "Baumstamm über dem Weg",
    "step": "Stufe",
    "steps": "Stufen",
    "fence": "Zaun",
    "wall": "Mauer",
    "hedge": "Hecke",
    "guard_rail": "Leitplanke",
}
_KERBS = {"raised": "hoher Bordstein", "regular": "hoher Bordstein", "normal": "hoher Bordstein"}
_SURFACES = {
    "earth": "Erde", "dirt": "Erde", "ground": "Erde", "soil": "Erde", "grass": "Gras",
    "mud": "Matsch", "sand": "Sand", "snow": "Schnee", "ice": "Eis", "rock": "Fels",
    "woodchips": "Holzhackschnitzel", "unhewn_cobblestone": "Feldsteine",
    "stepping_stones": "Trittsteine", "clay": "Lehm", "water": "Wasser",
}  # fmt: skip
_SMOOTHNESS = {
    "intermediate": "uneben", "bad": "holprig", "very_bad": "sehr holprig",
    "horrible": "kaum befahrbar", "very_horrible": "kaum befahrbar",
    "impassable": "nicht befahrbar",
}  # fmt: skip
_KEYS = {
    "surface": "ungeeigneter Belag",
    "smoothness": "zu uneben",
    "tracktype": "weicher Feld- oder Waldweg",
    "kerb": "hoher Bordstein",
    "kerb:height": "Bordstein zu hoch",
    "width": "zu schmal",
    "maxwidth:physical": "Durchlass zu schmal",
    "maxwidth": "Durchlass zu schmal",
    "opening": "Durchlass zu schmal",
    "barrier": "Sperre",
    "conveying": "Rolltreppe",
    "step_count": "Stufen am Eingang",
    "sac_scale": "Wanderpfad mit Stufen und Wurzeln",
    "mtb:scale": "Pfad mit Stufen und Wurzeln",
    "incline": "zu steil",
}
_DETAILS = {"barrier": _BARRIERS, "kerb": _KERBS, "surface": _SURFACES, "smoothness": _SMOOTHNESS}


def reason_label(reason: str) -> str:
    """Say in German why a way or node is not passable.

    Parameters
    ----------
    reason
        ``Verdict.reason``: the deciding tag, ``key=value``.

    Returns
    -------
    str
        A few words such as ``"Treppe"``; "" for no reason. Texts from the map are repeated
        only as measures, e.g. ``"zu schmal (0.7)"``, at most 20 signs long.
    """
    if not reason:
        return ""
    if reason in _WHOLE:
        return _WHOLE[reason]
    key, _, value = reason.partition("=")
    detail = _DETAILS.get(key, {}).get(value)
    if detail is not None and key in {"surface", "smoothness"}:
        return f"{_KEYS[key]}: {detail}" if key == "surface" else detail
    if detail is not None:
        return detail
    words = _KEYS.get(key, "nicht passierbar")
    measured = key in {"width", "kerb:height", "maxwidth:physical", "maxwidth", "opening"}
    return f"{words} ({value[:20]})" if measured and value else words
