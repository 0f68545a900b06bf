"""One feature of a collection."""

from __future__ import annotations

import json
from urllib.parse import quote

import numpy as np
from fastapi import APIRouter, Request, Response

from api.ogc.answers import respond
from api.ogc.asked import catalogue_of, collection_of
from api.ogc.links import base_url, link, own_links
from api.ogc.media_types import GEOJSON, JSON
from api.ogc.paging import asked_crs, written_features
from api.ogc.parameters import item_parameters, read_query, shown
from api.service.problems import not_found

router = APIRouter()


@router.get("/collections/{collection_id}/items/{feature_id:path}")
def item(request: Request, collection_id: str, feature_id: str) -> Response:
    """Answer with one feature."""
    catalogue = catalogue_of(request)
    collection = collection_of(catalogue, collection_id)
    query = read_query(request, item_parameters(collection))
    crs = asked_crs(query, collection)
    row = collection.row(feature_id)
    if row is None:
        raise not_found(
            f"Das Objekt »{shown(feature_id)}« gibt es in der Ebene »{collection.info.title}« "
            "nicht."
        )
    (text,) = written_features(catalogue, collection, np.array([row]), crs)
    about = f"{base_url(request)}/collections/{quote(collection.id)}"
    links = [
        *own_links(request, GEOJSON),
        link(about, "collection", JSON, collection.info.title),
    ]
    content = json.loads(text) | {"links": links}
    return respond(request, "item", content, GEOJSON, {"Content-Crs": f"<{crs.uri}>"})
