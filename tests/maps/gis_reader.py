"""Run by the Python of QGIS: what QGIS makes of a GeoPackage by itself, as JSON, and a picture.

Arguments: GeoPackage, PNG to write, scale of the picture (1:scale).
"""

from __future__ import annotations

import json
import sys
from typing import Any

from qgis.core import (  # type: ignore[import-not-found]
    QgsApplication,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsLayerTree,
    QgsLayerTreeModel,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsRenderContext,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize  # type: ignore[import-not-found]
from qgis.PyQt.QtGui import QColor  # type: ignore[import-not-found]

# From the top to the bottom of the picture.
ORDER = (
    "ranking", "houses", "gates", "transit", "meeting_places", "services", "partners",
    "common_ground", "isochrones", "sites",
)  # fmt: skip


def rules(rule: Any, depth: int = 0) -> list[Any]:
    """Return depth, label, whether it is ticked, and what is below, for each rule."""
    return [
        (depth, child.label(), child.active(), [*rules(child, depth + 1)])
        for child in rule.children()
    ]


def drawn(layer: Any) -> int:
    """Return how many features the renderer draws."""
    renderer = layer.renderer().clone()
    context = QgsRenderContext()
    context.expressionContext().appendScope(QgsExpressionContextUtils.layerScope(layer))
    renderer.startRender(context, layer.fields())
    count = 0
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        count += bool(renderer.willRenderFeature(feature, context))
    renderer.stopRender(context)
    return count


def legend(layer: Any) -> list[str]:
    """Return the texts of a layer in the legend."""
    tree = QgsLayerTree()
    node = tree.addLayer(layer)
    model = QgsLayerTreeModel(tree)
    return [one.data(0) for one in model.layerOriginalLegendNodes(node)]


def main() -> None:
    """Open the file as a user would, and tell what is there."""
    path, picture, scale = sys.argv[1], sys.argv[2], float(sys.argv[3])
    application = QgsApplication([], GUIenabled=False)
    application.initQgis()
    found: dict[str, Any] = {}
    layers: list[Any] = []
    for name in ORDER:
        layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
        if not layer.isValid():
            continue
        QgsProject.instance().addMapLayer(layer, addToLegend=False)
        fields = layer.fields()
        found[name] = {
            "renderer": layer.renderer().type(),
            "features": layer.featureCount(),
            "drawn": drawn(layer),
            "crs": layer.crs().authid(),
            "aliases": {one.name(): layer.attributeAlias(at) for at, one in enumerate(fields)},
            "widgets": {
                one.name(): layer.editorWidgetSetup(at).config().get("map", [])
                for at, one in enumerate(fields)
            },
            "rules": rules(layer.renderer().rootRule()),
            "legend": legend(layer),
            "labels": layer.labelsEnabled(),
        }
        layers.append(layer)
        sld = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
        style = path + f".{name}.sld"
        try:
            found[name]["sld"] = list(sld.loadSldStyle(style))
            found[name]["sld_drawn"] = drawn(sld)
        except OSError:
            pass
    tables = {}
    for name in ("access", "needs"):
        table = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
        if table.isValid():
            tables[name] = table.attributeAlias(table.fields().indexOf("profile"))
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(layers[-1].crs())
    settings.setBackgroundColor(QColor("#F4F2EE"))
    settings.setOutputSize(QSize(900, 700))
    settings.setOutputDpi(96)
    settings.setExtent(layers[-1].extent())
    extent = QgsRectangle(settings.extent())
    extent.scale(scale / settings.scale())
    settings.setExtent(extent)
    context = QgsExpressionContext()
    context.appendScope(QgsExpressionContextUtils.globalScope())
    context.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))
    settings.setExpressionContext(context)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(picture)
    colours: dict[str, int] = {}
    for x in range(image.width()):
        for y in range(image.height()):
            colour = image.pixelColor(x, y).name()
            colours[colour] = colours.get(colour, 0) + 1
    errors = [error.message for error in job.errors()]
    told = {"layers": found, "tables": tables, "colours": colours, "errors": errors}
    sys.stdout.write(json.dumps(told) + "\n")


main()
