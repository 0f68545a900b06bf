"""Finds the boundary of a municipality by its name, through osmnx and Nominatim.

osmnx is configured by module-wide settings; they are set for the one call and put back.
Through its setting for ``requests`` we see each answer first: so a busy server is asked a
few times only (osmnx would ask for ever), and a name that means several places is noticed
(osmnx takes the first).
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely

from geo._site_words import text
from geo._web import BY_EXTRACT, bad_answer, check_status, patiently, user_agent
from geo.errors import OnlineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import requests
    from shapely.geometry.base import BaseGeometry

    from geo.progress import Progress

_TIMEOUT_S = 60
_AREAS = {"Polygon", "MultiPolygon"}
# Larger than a municipality: taken only if nothing smaller has the name.
_LARGER = {"county", "state_district", "state", "region", "country", "postcode"}
# Two places are both meant if their importance (0 to 1, from Wikipedia links) is as near
# as this and they are not drawn on the same ground.
_AS_IMPORTANT = 0.1
_SAME_GROUND = 0.5
_SHOWN = 6


@dataclass(frozen=True)
class Place:
    """A municipality.

    Attributes
    ----------
    name
        Full name, e.g. ``"Lengerich, Kreis Steinfurt, Nordrhein-Westfalen, …"``.
    osm_id
        Of its boundary, e.g. ``"r157943"``.
    boundary
        Polygon or MultiPolygon in WGS 84.
    """

    name: str
    osm_id: str
    boundary: BaseGeometry


def look_up(name: str, url: str, progress: Progress) -> Place:
    """Ask Nominatim for a place.

    Raises
    ------
    OnlineError
        If there is no connection, no such place, several, or one without a boundary.
    """
    from osmnx import geocoder  # noqa: PLC0415 - takes most of a second to import

    answers: list[Any] = []
    with _settings(url, _listener(url, name, answers)):
        frame = patiently(lambda: geocoder.geocode_to_gdf(name), url, progress)
        chosen = _choose(name, answers[-1])
        found = frame.iloc[0]
        if (found["osm_type"], int(found["osm_id"])) != (chosen["osm_type"], chosen["osm_id"]):
            # osmnx takes the most important area, whatever it is; we want a municipality.
            key = _osm_id(chosen).upper()
            frame = patiently(lambda: geocoder.geocode_to_gdf(key, by_osmid=True), url, progress)
            found = frame.iloc[0]
    boundary = shapely.make_valid(found["geometry"], method="structure")
    return Place(text(found["display_name"]), _osm_id(chosen), boundary)


@contextmanager
def _settings(url: str, listener: Callable[..., None]) -> Iterator[None]:
    """Set osmnx up for a while."""
    from osmnx import settings  # noqa: PLC0415 - see look_up

    wanted: dict[str, Any] = {
        "nominatim_url": url,
        "http_user_agent": user_agent(),
        "http_referer": "",
        "http_accept_language": "de",
        "requests_timeout": _TIMEOUT_S,
        "requests_kwargs": {"hooks": {"response": listener}},
        # We keep the place that was found, not the answers.
        "use_cache": False,
        "log_console": False,
        "log_file": False,
    }
    before = {key: getattr(settings, key) for key in wanted}
    for key, value in wanted.items():
        setattr(settings, key, value)
    try:
        yield
    finally:
        for key, value in before.items():
            setattr(settings, key, value)


def _listener(url: str, name: str, answers: list[Any]) -> Callable[..., None]:
    def listen(response: requests.Response, *_: Any, **__: Any) -> None:
        if response.is_redirect:
            return
        try:
            answers.append(_checked(response, url, name))
        except BaseException:
            # The body may not have been read; nobody else would close the connection.
            response.close()
            raise

    return listen


def _checked(response: requests.Response, url: str, name: str) -> list[dict[str, Any]]:
    """Return the places in an answer, or complain."""
    check_status(response.status_code, response.headers.get("Retry-After"), url)
    try:
        answer = response.json()
    except (ValueError, RecursionError):
        raise bad_answer(url, "sie ist kein JSON") from None
    if not _is_usable(answer):
        raise bad_answer(url, "sie ist keine Liste von Orten")
    if not answer:
        raise OnlineError(
            f"Einen Ort »{name}« kennt OpenStreetMap nicht.",
            where=url,
            remedy="Die Schreibung prüfen und den Kreis oder das Land dazuschreiben, zum "
            "Beispiel »Lengerich, Kreis Steinfurt«.",
        )
    if not any(one["geojson"].get("type") in _AREAS for one in answer):
        raise OnlineError(
            f"Den Ort »{name}« kennt OpenStreetMap, aber nicht seine Grenze.",
            where=url,
            remedy=f"Den Namen der ganzen Gemeinde angeben. {BY_EXTRACT}",
        )
    places: list[dict[str, Any]] = answer
    return places


def _is_usable(answer: Any) -> bool:
    """Whether an answer has all that osmnx and we read from it."""
    return isinstance(answer, list) and all(
        isinstance(one, dict)
        and isinstance(one.get("geojson"), dict)
        and isinstance(one.get("importance"), int | float)
        and isinstance(one.get("osm_id"), int)
        and one.get("osm_type") in {"node", "way", "relation"}
        and isinstance(one.get("boundingbox"), list)
        and len(one["boundingbox"]) == 4  # noqa: PLR2004 - south, north, west, east
        and {"lat", "lon", "display_name"} <= set(one)
        for one in answer
    )


def _choose(name: str, answer: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the municipality that is meant, or complain that several may be."""
    areas = [one for one in answer if one["geojson"].get("type") in _AREAS]
    boundaries = [one for one in areas if one.get("class") in {"boundary", "place"}] or areas
    small = [one for one in boundaries if one.get("addresstype") not in _LARGER]
    ranked = sorted(small or boundaries, key=lambda one: -one["importance"])
    best, *others = ranked
    rivals = [
        one
        for one in others
        if best["importance"] - one["importance"] < _AS_IMPORTANT and not _same(best, one)
    ]
    if rivals:
        names = "; ".join(
            f"»{text(one['display_name'])[:150]}«" for one in [best, *rivals][:_SHOWN]
        )
        raise OnlineError(
            f"Der Name »{name}« kann mehrere Orte meinen: {names}.",
            remedy="Den Namen genauer angeben, zum Beispiel mit dem Kreis: »Lengerich, Kreis "
            "Steinfurt«.",
        )
    return best


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two boundaries enclose much the same ground, as of a city and its district."""
    first, second = (_box(place) for place in (one, other))
    shared = shapely.intersection(first, second).area
    return bool(shared >= _SAME_GROUND * max(first.area, second.area))


def _box(place: dict[str, Any]) -> shapely.Polygon:
    south, north, west, east = (float(value) for value in place["boundingbox"])
    return shapely.box(west, south, east, north)


def _osm_id(place: dict[str, Any]) -> str:
    return f"{place['osm_type'][0]}{place['osm_id']}"
