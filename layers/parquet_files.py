"""Tables for other programs: Parquet, typed, with what has to be known about them inside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from geo.whole_files import replacing


def write_parquet(frame: pd.DataFrame, path: Path, facts: Mapping[str, str]) -> None:
    """Write a frame as Parquet; the file appears whole, the same input gives the same bytes.

    Parameters
    ----------
    frame
        Text, bool, integer and float columns; missing values become nulls.
    path
        Target.
    facts
        Source, licence and the like, kept in the metadata of the file under ``sozialraum``.

    Raises
    ------
    geo.errors.OutputError
        If the file cannot be written.
    """
    # Loading it takes a moment, which only those who ask for Parquet pay.
    import polars as pl  # noqa: PLC0415

    table = pl.DataFrame(
        {
            name: values.astype(object).where(values.notna(), None).tolist()
            for name, values in frame.items()
        }
    )
    told = json.dumps(dict(facts), ensure_ascii=False, sort_keys=True)
    with replacing(path) as temporary:
        table.write_parquet(temporary, compression="zstd", metadata={"sozialraum": told})
