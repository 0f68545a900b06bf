"""The parts of the map as folium elements: each brings its data and one call of our script.

Texts from outside stand in the page only as JSON inside ``script`` elements that no browser
runs; the scripts that run consist of names given here and contain no text from outside.
"""

from __future__ import annotations

from typing import Any, ClassVar

from branca.element import Element, Figure, MacroElement
from folium.elements import JSCSSMixin

from maps.assets import read_asset
from maps.encoding import embed


class Verbatim(Element):
    """Text that is put into the page as it is.

    Branca's own elements take every text for a Jinja template: a place called ``{{ 7 * 7 }}``
    would be evaluated while the page is made.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def render(self, **_kwargs: Any) -> str:
        """Return the text."""
        return self._text


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

    def __init__(self, data: object) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = type(self).__name__
        # Not random, as folium has it: the same study gives the same page.
        self._id = "1"
        self.data_id = f"daten-{self.function.lower()}"
        self.json = embed(data)

    def render(self, **kwargs: Any) -> str:
        """Put the data into the body and the call into the script of the page."""
        super().render(**kwargs)  # type: ignore[no-untyped-call]
        figure = self.get_root()
        if not isinstance(figure, Figure):
            raise TypeError("an element of the map can only be rendered within a page")
        figure.html.add_child(Verbatim(self.html()), name=self.get_name())
        figure.script.add_child(Verbatim(self.call()), name=self.get_name())
        return ""

    def files(self) -> dict[str, str]:
        """Return what the page has to know as files, by the id that the calls name it by."""
        return {self.data_id: self.json}

    def html(self) -> str:
        """Return the data as an element that no browser runs."""
        return f'<script type="application/json" id="{self.data_id}">{self.json}</script>'

    def call(self) -> str:
        """Return the statement that tells the bundle of the data."""
        return f'sozialraum.{self.function}({self.map_name()}, "{self.data_id}");'

    def map_name(self) -> str:
        """Return the name of the map's variable in the scripts of the page."""
        if self._parent is None:
            raise TypeError("an element has to be added to a map")
        return self._parent.get_name()


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


class Projects(DataElement):
    """Where projects help most, and the ways to spots all over the neighbourhood."""

    function = "projects"


class NeighbourhoodPage(DataElement):
    """What houses need, who reaches their gates, and where residents and neighbours meet."""

    function = "neighbourhood"


class StudyPage(DataElement):
    """The study, and with it the page: panel, list, legend, scale and sources."""

    function = "page"
    notices_id = "lizenzen"

    def __init__(self, data: object) -> None:
        super().__init__(data)
        self.notices = _as_plain_script(read_asset("NOTICES.txt"))

    def files(self) -> dict[str, str]:
        """Return the data, and the licences of what is inside."""
        return {**super().files(), self.notices_id: self.notices}

    def html(self) -> str:
        """Return the data, and the licences of what is inside."""
        licences = f'<script type="text/plain" id="{self.notices_id}">{self.notices}</script>'
        return f"{super().html()}\n{licences}"

    def call(self) -> str:
        """Return the statement that starts the page."""
        return f'sozialraum.page({self.map_name()}, "{self.data_id}", "{self.notices_id}");'


def _as_plain_script(text: str) -> str:
    """Return licence texts that cannot end the element they stand in."""
    if "</script" in text.lower() or "<!--" in text:
        raise ValueError("a licence text would end the script element it stands in")
    return text
