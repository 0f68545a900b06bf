"""Style sheet and scripts of the pages, by name; colours come from the table of symbols."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from maps.front_end import FIRST_STYLE, front_end_files, static_address
from maps.symbols import load_symbols

STYLE, SCRIPT, API_SCRIPT = "seiten.css", "seiten.js", "schnittstelle.js"
SWAGGER = ("swagger-ui-bundle.js", "swagger-ui.css", "swagger-ui.NOTICES.txt")

_BASE_COLOURS = ("built_up", "green", "wood", "water", "street", "street_casing", "railway")


@cache
def page_assets() -> Mapping[str, bytes]:
    """Return the files that the pages link to beside those of the map.

    Returns
    -------
    Mapping
        Content by the name under which ``/static`` serves it: ``seiten.css`` (look),
        ``seiten.js`` (copying of addresses), ``schnittstelle.js`` (the page of the interface)
        and swagger-ui, which the latter starts.

    Raises
    ------
    LookupError
        If the front end has not been built.
    """
    folder = files("api.service") / "assets"
    found = {name: (folder / name).read_bytes() for name in (STYLE, SCRIPT, API_SCRIPT)}
    found[STYLE] = _layer_colours().encode() + b"\n" + found[STYLE]
    built = files("maps") / "static"
    for name in SWAGGER:
        path = built / name
        if not path.is_file():
            raise LookupError(f"the front end has no file {name!r}; install the package")
        found[name] = path.read_bytes()
    return MappingProxyType(found)


@cache
def asset_address(name: str) -> str:
    """Return the address of a file that pages link to, relative to the root of the service."""
    content = front_end_files()[name] if name == FIRST_STYLE else page_assets()[name]
    return static_address(name, content)


def _layer_colours() -> str:
    """Return the colours that the drawings need beside those of ``grund.css``."""
    symbols = load_symbols()
    style = symbols.style
    named = {
        **{key.replace("_", "-"): style["base"][key] for key in _BASE_COLOURS},
        "reach": style["isochrones"]["colour"],
        "ground": style["grounds"]["colour"],
        "house": style["house"]["colour"],
        "common": style["common_ground"]["colour"],
        **{f"layer-{layer.id.replace('_', '-')}": layer.colour for layer in symbols.layers},
        **{
            f"reach-{place}": str(share)
            for place, share in enumerate(style["isochrones"]["fill"], start=1)
        },
    }
    return ":root{" + "".join(f"--{key}:{value};" for key, value in named.items()) + "}"
