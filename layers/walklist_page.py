"""The list for the walk itself: paper, big type, boxes to tick, nothing from elsewhere."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import shapely

from layers._german import decimal_text
from layers.route_text import metres_text
from layers.walklist import Walklist

_STYLE = """
@page { size: A4; margin: 15mm }
body { font: 14pt/1.4 "Atkinson Hyperlegible Next", "Segoe UI", sans-serif; color: #111;
  background: #fff; max-width: 180mm; margin: 0 auto; padding: 8mm }
h1 { font-size: 22pt; margin: 0 0 4mm } h2 { font-size: 16pt; margin: 0 }
.spot { border: 1.5pt solid #111; border-radius: 3mm; padding: 4mm; margin: 5mm 0;
  break-inside: avoid }
.facts { margin: 1mm 0 3mm; color: #333 } ul { list-style: none; margin: 0; padding: 0 }
li { margin: 2mm 0; padding-left: 9mm; position: relative }
li::before { content: ""; position: absolute; left: 0; top: 1mm; width: 5mm; height: 5mm;
  border: 1.5pt solid #111 }
.line { border-bottom: 1pt solid #666; height: 8mm }
svg { width: 100%; height: auto; max-height: 190mm; break-inside: avoid; margin: 4mm 0;
  border: 1pt solid #666 }
.foot { font-size: 11pt; margin-top: 8mm; color: #333 }
"""

_WIDTH = 1000.0
_HIGHEST = 1400.0
_ROOM_M = 60.0
_SHORTEST_M = 250.0


def walklist_page(
    walk: Walklist, *, study: str, note: str, attribution: str, ways: Any, top: int
) -> str:
    """Return the list as one HTML page without scripts and without requests.

    Parameters
    ----------
    walk
        The gaps.
    study
        Name of the study.
    note
        What has to be said before anything else, e.g. that the place is made up; "" for
        nothing.
    attribution
        Whose map data are used.
    ways
        LineStrings of the network in the CRS of the list, drawn in grey on the sketch.
    top
        How many gaps are listed.
    """
    rows = walk.frame.head(top).to_dict("records")
    parts = [
        "<!doctype html>",
        '<html lang="de"><head><meta charset="utf-8">',
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Begehungsliste {escape(study)}</title>",
        f"<style>{_STYLE}</style></head><body>",
        f"<h1>Begehungsliste {escape(study)}</h1>",
        f"<p><strong>{escape(note)}</strong></p>" if note else "",
        f"<p>{escape(walklist_intro(walk, len(rows)))}</p>",
        "<p>Datum: ____________________ &nbsp; Wer: ______________________________</p>",
    ]
    if rows:
        parts.append(_sketch(walk.frame.head(top), ways))
    parts += [_item(row) for row in rows]
    parts += [
        '<p class="foot">Was Sie herausfinden, lässt sich in OpenStreetMap eintragen; beim '
        "nächsten Rechnen zählt es mit. Bitte nichts über einzelne Menschen notieren.<br>"
        f"Kartendaten: {escape(attribution)}. Nummern wie in walklist.csv und walklist.gpkg.</p>",
        "</body></html>\n",
    ]
    return "\n".join(part for part in parts if part)


def walklist_intro(walk: Walklist, shown: int) -> str:
    """Say in German what it brings to settle the first so many gaps."""
    if not shown:
        return "Auf den Wegen, die zählen, fehlt nichts: Es gibt keine offenen Fragen."
    if shown == 1:
        start = "Diese Stelle ist in der Karte nicht vollständig beschrieben"
        settled = "Ist sie geklärt und in Ordnung"
    else:
        start = f"Diese {shown} Stellen sind in der Karte nicht vollständig beschrieben"
        settled = "Sind alle geklärt und in Ordnung"
    opened = int(walk.frame["together"].iloc[shown - 1])
    verb = "wird" if opened == 1 else "werden"
    ways = "Weg, der" if walk.waiting == 1 else "Wegen, die"
    return (
        f"{start}; Wege auf Rädern hängen davon ab. {settled}, so {verb} {opened} von "
        f"{walk.waiting} {ways} heute nur nach Datenlage möglich "
        f"{'ist' if walk.waiting == 1 else 'sind'}, gesichert."
    )


def _item(row: dict[Any, Any]) -> str:
    what = f"{row['rank']}. {row['name']}"
    facts = [
        row["osm_id"],
        metres_text(row["metres"]) if row["metres"] > 0 else "Stelle",
        f"davon hängen {row['pairs']} Wege ab" if row["pairs"] != 1 else "davon hängt 1 Weg ab",
    ]
    questions = "".join(f"<li>{escape(one)}</li>" for one in str(row["questions"]).split("\n"))
    return (
        f'<div class="spot"><h2>{escape(what)}</h2>'
        f'<p class="facts">{escape(" · ".join(filter(None, facts)))}</p>'
        f'<ul>{questions}</ul><div class="line"></div><div class="line"></div></div>'
    )


def _sketch(frame: Any, ways: Any) -> str:
    """Draw the gaps with their numbers over the ways around them."""
    west, south, east, north = frame.total_bounds
    grow = max(_ROOM_M, (_SHORTEST_M - (east - west)) / 2)
    west, east = west - grow, east + grow
    south, north = south - _ROOM_M, north + _ROOM_M
    scale = min(_WIDTH / (east - west), _HIGHEST / (north - south))
    width, height = (east - west) * scale, (north - south) * scale

    def path(shape: Any) -> str:
        told = []
        for line in shapely.get_parts(shape):
            xy = (shapely.get_coordinates(line) - [west, north]) * [scale, -scale]
            told.append("M" + "L".join(f"{x:.0f},{y:.0f}" for x, y in xy))
        return "".join(told)

    box = shapely.box(west, south, east, north)
    near = ways[shapely.intersects(ways, box)]
    drawn = [
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
        'aria-label="Lageskizze mit den Nummern der Stellen">',
        f'<path d="{"".join(path(one) for one in near)}" fill="none" stroke="#bbb" '
        'stroke-width="3"/>',
    ]
    labels = []
    for rank, shape in zip(frame["rank"], frame.geometry, strict=True):
        if shape.geom_type == "Point":
            at = shape
        else:
            drawn.append(f'<path d="{path(shape)}" fill="none" stroke="#111" stroke-width="8"/>')
            longest = max(shapely.get_parts(shape), key=lambda line: line.length)
            at = longest.interpolate(0.5, normalized=True)
        x, y = np.array([at.x - west, north - at.y]) * scale
        labels.append(
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="17" fill="#fff" stroke="#111" '
            f'stroke-width="3"/><text x="{x:.0f}" y="{y + 7:.0f}" font-size="20" '
            f'font-weight="bold" text-anchor="middle">{rank}</text>'
        )
    scale_m = next(one for one in (1000, 500, 200, 100, 50) if one * scale < width / 2)
    bar = (
        f'<path d="M20,{height - 20:.0f}h{scale_m * scale:.0f}" stroke="#111" '
        f'stroke-width="4"/><text x="20" y="{height - 30:.0f}" font-size="20">'
        f"{decimal_text(scale_m, 0)} m, Norden ist oben</text>"
    )
    return "".join([*drawn, *labels, bar, "</svg>"])
