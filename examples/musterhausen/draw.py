"""Draw the fictional town of Musterhausen: ``region.osm.pbf`` and ``sites.geojson``.

``python examples/musterhausen/draw.py [FOLDER]`` writes both files into the folder, by
default the one beside this script. Nothing in the drawing is taken from a real place.
"""

from __future__ import annotations

import sys
from pathlib import Path

from drawing.osm_file import OsmFile
from drawing.sites_file import write_sites
from drawing.town import draw_town


def main(folder: Path) -> None:
    """Draw the town and write its files into a folder."""
    sheet = draw_town()
    osm = OsmFile()
    osm.add_sheet(sheet)
    osm.write(folder / "region.osm.pbf")
    write_sites(sheet, folder / "sites.geojson")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
