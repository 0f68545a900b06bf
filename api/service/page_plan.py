"""Small maps for the pages, drawn on the server as SVG: no script, no picture to fetch.

Colours come from the style sheet by class, so that they are those of the big map. Text from
outside is never put into a drawing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from markupsafe import Markup

from api.service.catalogue import Catalogue, Collection
from api.service.page_base import base_layers
from api.service.page_signs import OUTLINES, shape_of

_MARGIN = 26.0
_LEAST_M = 400.0
_MOST_MARKS = 1500
_DETAIL = 0.5
_SCALE_SHARE = 0.25
_RIM = 10
_SMALLEST = 4

# Layers of the base map that are drawn as lines, with the strokes that each gets.
_LINES = {"street": ("casing", "street"), "railway": ("railway",)}
_KILO = 1000

# Of the outlines in a box of 24; what lies on the place is their middle, of a pin its tip.
_MARK_SCALE = 0.5
_MIDDLE, _TIP = "-12 -12", "-12 -23"
_MARKED = frozenset(
    {"services", "transit", "meeting_places", "partners", "houses", "gates", "ranking"}
)


class _View:
    """From metres to pixels."""

    def __init__(self, bounds: npt.NDArray[np.float64], width: int, height: int) -> None:
        west, south, east, north = bounds
        x, y = (west + east) / 2, (south + north) / 2
        wide = max(east - west, _LEAST_M) / (width - 2 * _MARGIN)
        high = max(north - south, _LEAST_M) / (height - 2 * _MARGIN)
        self.metres = max(wide, high)
        self.width, self.height = width, height
        self._x, self._y = x - self.metres * width / 2, y + self.metres * height / 2

    def pixels(self, points: Any) -> Any:
        """Return coordinates in pixels, tenths."""
        moved = (points - (self._x, self._y)) / (self.metres, -self.metres)
        return np.round(moved, 1) + 0.0

    def box(self) -> Any:
        """Return what is seen, in metres, with a rim."""
        rim = _RIM * self.metres
        return shapely.box(
            self._x - rim,
            self._y - self.height * self.metres - rim,
            self._x + self.width * self.metres + rim,
            self._y + rim,
        )


def overview(catalogue: Catalogue, width: int = 760, height: int = 560) -> Markup | None:
    """Draw what the service is about: grounds, what is near them in time, places.

    Parameters
    ----------
    catalogue
        The release.
    width, height
        In pixels.

    Returns
    -------
    Markup or None
        None where the release has no grounds.
    """
    sites = _shapes(catalogue, "sites")
    if sites is None:
        return None
    reach = _reach(catalogue)
    view = _View(_bounds([sites, *(shape for _, shape in reach)]), width, height)
    parts = [_base(catalogue, view)]
    parts += [
        f'<g class="reach reach-{place}">{_paths([shape], view)}</g>'
        for place, shape in sorted(reach, key=lambda pair: -pair[0])
    ]
    parts.append(f'<g class="ground">{_paths(sites, view)}</g>')
    for name in ("transit", "meeting_places", "services"):
        shapes = _shapes(catalogue, name)
        if shapes is not None:
            parts.append(_marks(name, shapes, view))
    label = "Übersicht: das Gelände, was von dort aus in kurzer Zeit erreichbar ist, und Orte."
    return _svg("".join(parts), view, label, "slice")


def plan(
    catalogue: Catalogue,
    collection: Collection,
    rows: Sequence[int],
    label: str,
    *,
    width: int = 760,
    height: int = 440,
) -> Markup | None:
    """Draw objects of a collection over the outlines of the grounds.

    Parameters
    ----------
    catalogue
        The release.
    collection
        Whose objects.
    rows
        Which of its rows.
    label
        What the drawing shows, a German sentence without text from outside.
    width, height
        In pixels.

    Returns
    -------
    Markup or None
        None where there is nothing to draw.
    """
    frame = collection.frame
    if not isinstance(frame, gpd.GeoDataFrame) or not len(rows):
        return None
    shapes = _drawable(np.asarray(frame.geometry)[list(rows)])
    if not len(shapes):
        return None
    sites = _shapes(catalogue, "sites")
    view = _View(_bounds([shapes]), width, height)
    parts = [_base(catalogue, view)]
    if sites is not None and collection.id != "sites":
        parts.append(f'<g class="ground">{_paths(sites, view)}</g>')
    areas = shapes[shapely.get_dimensions(shapes) > 0]
    points = shapes[shapely.get_dimensions(shapes) == 0]
    if len(areas):
        kind = "ground" if collection.id == "sites" else "area"
        dense = " dense" if len(areas) > 1 else ""
        parts.append(f'<g class="{kind}{dense}">{_paths(areas, view)}</g>')
    if len(points):
        parts.append(_marks(collection.id, points, view))
    return _svg("".join(parts), view, label)


def _base(catalogue: Catalogue, view: _View) -> str:
    """Draw the base map, each layer as one path: what is smaller than a pixel is left out."""
    groups, box, least = [], view.box(), _SMALLEST * view.metres
    for name, shapes in base_layers(catalogue).items():
        known = shapes[~shapely.is_missing(shapes)]
        bounds = shapely.bounds(known)
        wide = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
        large = known[(wide > least) & shapely.intersects(known, box)]
        thin = shapely.simplify(large, view.metres, preserve_topology=False)
        parts = shapely.get_parts(_drawable(thin))
        closed = shapely.is_closed(parts)
        if name in _LINES or not closed.all():
            drawn = _outlines(parts if name in _LINES else parts[~closed], view)
            groups += [
                f'<path class="{kind}" d="{drawn}"/>' for kind in _LINES.get(name, ("brook",))
            ]
        if name not in _LINES:
            groups.append(f'<path class="{name}" d="{_outlines(parts[closed], view)}"/>')
    return f'<g class="base">{"".join(groups)}</g>'


def _outlines(parts: Any, view: _View) -> str:
    return "".join(_line(shapely.get_coordinates(part), view) for part in parts)


def _reach(catalogue: Catalogue) -> list[tuple[int, Any]]:
    """Return what is reached from the grounds on foot, by place of its minutes from 1."""
    found = catalogue.collections.get("isochrones")
    sites = catalogue.collections.get("sites")
    if found is None or sites is None or not isinstance(found.frame, gpd.GeoDataFrame):
        return []
    frame = found.frame
    profiles = set(frame["profile"])
    profile = "resident" if "resident" in profiles else min(profiles, default="")
    chosen = frame[
        frame["house_id"].isin(set(sites.ids))
        & (frame["profile"] == profile)
        & (frame["state"] == "confirmed")
    ]
    made = []
    for place, minutes in enumerate(sorted(set(chosen["minutes"])), start=1):
        shape = chosen.loc[chosen["minutes"] == minutes, "geometry"].union_all()
        made.append((min(place, 3), shape))
    return made


def _shapes(catalogue: Catalogue, name: str) -> Any:
    found = catalogue.collections.get(name)
    if found is None or not isinstance(found.frame, gpd.GeoDataFrame):
        return None
    shapes = _drawable(np.asarray(found.frame.geometry))
    return shapes if len(shapes) else None


def _drawable(shapes: Any) -> Any:
    return shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]


def _bounds(groups: Sequence[Any]) -> npt.NDArray[np.float64]:
    bounds: npt.NDArray[np.float64] = shapely.total_bounds(
        np.concatenate([np.atleast_1d(group) for group in groups])
    )
    return bounds


def _paths(shapes: Any, view: _View) -> str:
    shown = shapely.intersection(np.atleast_1d(shapes), view.box())
    thin = shapely.simplify(shown, _DETAIL * view.metres)
    parts, _ = shapely.get_parts(_drawable(thin), return_index=True)
    return "".join(f'<path d="{_outline(part, view)}"/>' for part in parts)


def _outline(part: Any, view: _View) -> str:
    if shapely.get_dimensions(part) == 1:
        return _line(shapely.get_coordinates(part), view)
    rings = [part.exterior, *part.interiors] if hasattr(part, "exterior") else []
    return "".join(_line(shapely.get_coordinates(ring)[:-1], view) + "z" for ring in rings)


def _line(points: Any, view: _View) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in view.pixels(points))


def _marks(name: str, shapes: Any, view: _View) -> str:
    points = view.pixels(shapely.get_coordinates(shapely.centroid(shapes)))
    edge = (view.width + _RIM, view.height + _RIM)
    inside = (points >= -_RIM).all(axis=1) & (points <= edge).all(axis=1)
    # From north to south, so that what stands lower on the sheet lies above.
    order = points[inside][np.lexsort(points[inside].T)][:_MOST_MARKS]
    shape = shape_of(name) if name in _MARKED else "circle"
    middle = _TIP if shape == "pin" else _MIDDLE
    sign = (
        f'<defs><path id="zeichen-{name}" d="{OUTLINES[shape]}" '
        f'transform="scale({_MARK_SCALE:g}) translate({middle})"/></defs>'
    )
    made = "".join(f'<use href="#zeichen-{name}" x="{x:g}" y="{y:g}"/>' for x, y in order)
    known = name if name in _MARKED else "other"
    return f'<g class="mark {known}">{sign}{made}</g>'


def _svg(content: str, view: _View, label: str, fit: str = "meet") -> Markup:
    length = _round_length(view.width * _SCALE_SHARE * view.metres)
    long = length / view.metres
    text = f"{length // _KILO}\u00a0km" if length >= _KILO else f"{length}\u00a0m"
    left, low = 20, view.height - 20
    scale = (
        f'<g class="scale"><path d="M{left} {low - 6}V{low}H{left + long:.1f}V{low - 6}"/>'
        f'<text x="{left + 6}" y="{low - 8}">{text}</text></g>'
    )
    hatch = (
        '<pattern id="schraffur" width="7" height="7" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path class="hatch" d="M0 0V7"/></pattern>'
    )
    # Numbers and our own words only; the label is escaped by ``format``.
    head = Markup(
        '<svg class="plan" role="img" aria-label="{}" viewBox="0 0 {} {}" '
        'preserveAspectRatio="xMidYMid {}" xmlns="http://www.w3.org/2000/svg">'
    ).format(label, view.width, view.height, fit)
    body = f"<defs>{hatch}</defs>{content}{scale}</svg>"
    return head + Markup(body)  # noqa: S704


def _round_length(metres: float) -> int:
    """Return the longest of 1, 2, 5 × 10ⁿ metres that is not longer."""
    power = 10 ** math.floor(math.log10(max(metres, 10)))
    return int(next(power * step for step in (5, 2, 1) if power * step <= max(metres, 10)))
