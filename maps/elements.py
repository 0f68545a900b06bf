"""The parts of the map as folium elements: each brings its data and one call of our script.

Texts from outside stand in the page only as JSON inside ``script`` elements that no browser
runs; the scripts that run consist of names given here and contain no text from outside.
"""

from __future__ import annotations

from typing import ClassVar

from branca.element import MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template

from maps.assets import read_asset
from maps.encoding import embed


class DataElement(JSCSSMixin, MacroElement):
    """A part of the map: JSON in the page, and a function of the bundle that is told of it.

    Parameters
    ----------
    data
        What the page has to know, made of JSON's types.
    """

    function: ClassVar[str]
    """Name of the function in ``maps/frontend/src/main.ts``."""

    default_js = [("sozialraum", "map.js")]  # noqa: RUF012  (declared by folium)
    default_css = [("sozialraum_css", "map.css")]  # noqa: RUF012

    _template = Template(
        """
        {%- macro html(this, kwargs) -%}
        <script type="application/json" id="{{ this.data_id }}">{{ this.json }}</script>
        {%- endmacro -%}
        {%- macro script(this, kwargs) -%}
        sozialraum.{{ this.function }}({{ this._parent.get_name() }}, "{{ this.data_id }}");
        {%- endmacro -%}
        """
    )

    def __init__(self, data: object) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = type(self).__name__
        # Not random, as folium has it: the same study gives the same page.
        self._id = "1"
        self.data_id = f"daten-{self.function.lower()}"
        self.json = embed(data)


class BaseMap(DataElement):
    """Streets, waters, woods, buildings and their names."""

    function = "baseMap"


class Grounds(DataElement):
    """Grounds of the sites and outlines of the houses; gates and names are in the study."""

    function = "grounds"


class Isochrones(DataElement):
    """Areas that are reached within each threshold, per origin."""

    function = "isochrones"


class Places(DataElement):
    """Places of all layers, the ways to them and the access indicators."""

    function = "places"


class StudyPage(DataElement):
    """The study, and with it the page: panel, list, legend, scale and sources."""

    function = "page"
    notices_id = "lizenzen"

    _template = Template(
        """
        {%- macro html(this, kwargs) -%}
        <script type="application/json" id="{{ this.data_id }}">{{ this.json }}</script>
        <script type="text/plain" id="{{ this.notices_id }}">{{ this.notices }}</script>
        {%- endmacro -%}
        {%- macro script(this, kwargs) -%}
        sozialraum.page(
            {{ this._parent.get_name() }}, "{{ this.data_id }}", "{{ this.notices_id }}"
        );
        {%- endmacro -%}
        """
    )

    def __init__(self, data: object) -> None:
        super().__init__(data)
        self.notices = _as_plain_script(read_asset("NOTICES.txt"))


def _as_plain_script(text: str) -> str:
    """Return licence texts that cannot end the element they stand in."""
    if "</script" in text.lower() or "<!--" in text:
        raise ValueError("a licence text would end the script element it stands in")
    return text
