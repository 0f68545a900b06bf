"""The files of a walklist: a table, layers for the GIS, and a page to print."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from geo.errors import OutputError
from geo.vector_files import write_geojson, write_gpkg
from geo.whole_files import write_text
from layers.csv_files import write_csv
from layers.layer_info import INVENTED, OSM
from layers.readme_file import FICTIONAL_NOTE
from layers.study_network import StudyNetwork
from layers.walklist import Walklist
from layers.walklist_page import walklist_page

CSV_FILE = "walklist.csv"
GPKG_FILE = "walklist.gpkg"
GEOJSON_FILE = "geojson/walklist.geojson"
PAGE_FILE = "begehungsliste.html"


def write_walklist(walk: Walklist, ready: StudyNetwork, folder: Path, top: int) -> None:
    """Write all files of a walklist; the same list gives the same bytes.

    Parameters
    ----------
    walk
        The gaps.
    ready
        The study that they were found in.
    folder
        An existing folder.
    top
        How many are printed on the page; the other files have all.

    Raises
    ------
    geo.errors.OutputError
        If a file cannot be written.
    """
    settings = ready.study.settings
    source = INVENTED if settings.fictional else OSM
    target = folder / GEOJSON_FILE
    try:
        target.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"Der Ordner kann nicht angelegt werden: {error.strerror}.",
            where=target.parent,
            remedy="Die Rechte prüfen oder einen anderen Ordner wählen.",
        ) from error
    frame = walk.frame
    table = pd.DataFrame(
        {
            "rang": frame["rank"],
            "id": frame["id"],
            "osm_id": frame["osm_id"],
            "name": frame["name"],
            "fehlt": frame["missing"],
            "fragen": frame["questions"].astype("str").str.replace("\n", " "),
            "profile": frame["profiles"],
            "wege": frame["pairs"],
            "allein": frame["alone"],
            "zusammen": frame["together"],
            "orte": frame["places"],
            "haeuser": frame["houses"],
            "meter": frame["metres"],
            "lon": frame.geometry.representative_point().to_crs("EPSG:4326").x,
            "lat": frame.geometry.representative_point().to_crs("EPSG:4326").y,
            "quelle": source.attribution,
            "lizenz": source.licence,
        }
    )
    write_csv(table, folder / CSV_FILE, {"meter": 1, "lon": 6, "lat": 6})
    members = {"name": "walklist", "title": "Begehungsliste", "attribution": source.attribution,
               "licence": source.licence}  # fmt: skip
    write_geojson(frame, target, id_column="id", members=members)
    spots = (frame.geom_type == "Point").to_numpy(dtype=bool)
    layers = {
        name: part
        for name, part in (("walklist_ways", frame[~spots]), ("walklist_spots", frame[spots]))
        if len(part)
    }
    # An empty list is a good result, and a layer without rows says so.
    write_gpkg(layers or {"walklist_ways": frame}, folder / GPKG_FILE, ready.crs)
    network = ready.network
    page = walklist_page(
        walk,
        study=settings.name,
        note=FICTIONAL_NOTE if settings.fictional else "",
        attribution=f"{source.attribution}, {source.licence}",
        ways=network.edge_geometry[network.edge_on_foot],
        top=top,
    )
    write_text(folder / PAGE_FILE, page)
