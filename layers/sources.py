"""Sources kept apart: what becomes of own data that are joined with OpenStreetMap.

Data of a study and of OpenStreetMap may lie side by side, each under its own terms, as long as
neither refers to the other (a *Collective Database*). Where own rows name objects of
OpenStreetMap, or are counted, merged or sorted out with them, the result is a *Derivative
Database*: whoever passes it on does so under the ODbL. Such a join is marked here, or refused
where the terms of the own data do not allow it.

Source: ODbL 1.0, sections 1, 4.4 and 4.5; OSMF, *Collective Database Guideline* (2016) and
*Horizontal Map Layers Guideline*; field.md section 6. Guidelines, not a judgement of a court.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import LicenceError
from layers.layer_info import INVENTED, OSM, OWN, Source

_OSM_ID = re.compile(r"[nwr]\d+(?:[,;]\s*[nwr]\d+)*")
"""One or more ids of objects, as all our files write them: ``n12``, ``w3,r4``."""

AFTER_RELEASE = "Weitergabe nur nach Freigabe"
MARK = "abgeleitet aus OpenStreetMap"

JOINABLE = (OWN.licence, OSM.licence, INVENTED.licence, "CC0", "dl-de/zero-2-0",
            "Datenlizenz Deutschland – Namensnennung – Version 2.0",
            "Datenlizenz Deutschland – Zero – Version 2.0")  # fmt: skip
"""Licences of data that may become part of a database under the ODbL. A study's own data may
because whoever releases them decides so; those that only ask for a name may because it is told.
Whether the Datenlizenz with a name may is a matter of dispute; a declaration of the BKG for its
own data says so."""


def osm_columns(frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the columns that name objects of OpenStreetMap.

    Parameters
    ----------
    frame
        Any table, shape ``(n, columns)``.

    Returns
    -------
    tuple of str
        Text columns with at least one value that is an id such as ``w12`` or a list of them.
    """
    return tuple(
        str(name)
        for name in frame.columns
        if name != "geometry" and names_objects(frame[name]).any()
    )


def names_objects(column: pd.Series[Any]) -> npt.NDArray[np.bool_]:
    """Tell which values of a column are ids of objects of OpenStreetMap.

    Parameters
    ----------
    column
        Of any type, shape ``(n,)``.
    """
    if pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype):
        return np.zeros(len(column), dtype=np.bool_)
    known = {one for one in column.unique() if isinstance(one, str) and _OSM_ID.fullmatch(one)}
    return np.asarray(column.isin(known), dtype=np.bool_)


def joined(own: Sequence[Source], base: Source, *, released: bool = False) -> Source:
    """Return the source of what own data and those of OpenStreetMap make together.

    Parameters
    ----------
    own
        Whose data are joined.
    base
        ``layers.layer_info.OSM``, or what stands for it where a place is made up.
    released
        Whether the result is part of a public release; before that the study's own data ask
        for one.

    Returns
    -------
    Source
        All are named, the join is marked, and the licence is that of the base; the base alone
        where nothing own is joined with it.

    Raises
    ------
    geo.errors.LicenceError
        If the terms of own data do not allow it; says why.
    """
    for one in own:
        if one.licence not in JOINABLE:
            raise LicenceError(
                f"Die Angaben »{one.attribution}« stehen unter »{one.licence}«. Mit "
                "OpenStreetMap verbunden, dürften sie nur unter der ODbL weitergegeben werden; "
                "dass diese Lizenz das erlaubt, ist nicht bekannt.",
                remedy="Die Angaben als eigene Ebene daneben legen, ohne Kennungen aus "
                "OpenStreetMap, oder die Erlaubnis einholen.",
            )
    told = list(dict.fromkeys(one.attribution for one in own if one not in {OSM, INVENTED}))
    if not told:
        return base
    return Source(
        "; ".join([*told, f"{MARK}: {base.attribution}" if base == OSM else base.attribution]),
        base.licence if released or OWN not in own else f"{base.licence}; {AFTER_RELEASE}",
        base.licence_url,
    )


def side_by_side(own: Source, base: Source) -> Source:
    """Return the source of a layer in which each row is either own or from OpenStreetMap.

    Parameters
    ----------
    own, base
        The two; each row says which is its own.
    """
    return Source(
        f"{own.attribution}; Abgeleitetes: {base.attribution}",
        f"{own.licence}; Abgeleitetes: {base.licence}",
        base.licence_url,
    )
