"""Filters of features: CQL2 text and ``name=value``, asked of a collection's queryables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from api.ogc.queryables import GEOMETRY, parameter_value, queryables
from api.service.catalogue import Collection
from api.service.problems import bad_request


@dataclass(frozen=True)
class Filter:
    """What features must be like.

    Attributes
    ----------
    values
        Wanted values by the queryable's name.
    """

    values: Mapping[str, object]

    def mask(
        self, collection: Collection, rows: npt.NDArray[np.intp] | None = None
    ) -> npt.NDArray[np.bool_]:
        """Return for each row of a collection whether it is wanted; unknown is not.

        Parameters
        ----------
        collection
            For which the filter was made.
        rows
            Positions of the rows that are asked about, or None for all.
        """
        frame = collection.frame if rows is None else collection.frame.iloc[rows]
        wanted = np.ones(len(frame), dtype=bool)
        for name, value in self.values.items():
            wanted &= (frame[name] == value).fillna(False).to_numpy(dtype=bool)  # noqa: FBT003
        return wanted


def parse(text: str, collection: Collection, filter_crs: str | None = None) -> Filter:
    """Read a filter in CQL2 text.

    Parameters
    ----------
    text
        The filter.
    collection
        Whose queryables it may name.
    filter_crs
        Address of the CRS of its coordinates; None means CRS84.

    Raises
    ------
    api.service.problems.Problem
        400, with a German sentence that names the place, if it is not understood.
    """
    raise bad_request(f"Filter sind noch nicht möglich: {text[:20]} {collection.id} {filter_crs}")


def matching(collection: Collection, values: Mapping[str, str]) -> Filter:
    """Return the filter of query parameters ``name=value``, all of which must hold.

    Parameters
    ----------
    collection
        Whose queryables they name.
    values
        Texts of the address by name; a name that is no queryable with simple values is wrong.

    Raises
    ------
    api.service.problems.Problem
        400 if a value is not of its queryable's type.
    """
    known = queryables(collection)
    for name in values:
        if name not in known or known[name].type == GEOMETRY:
            raise bad_request("Einen Parameter dieser Anfrage gibt es hier nicht.")
    return Filter({name: parameter_value(known[name], text) for name, text in values.items()})
