"""How well drawings of one real thing are found: precision and recall on labelled pairs.

``data/merge_labels.csv`` holds pairs of OSM objects of one category from seven real extracts,
within 150 m or one inside the other, drawn by strata of name and distance. Each pair was
labelled by reading the tags and the surroundings of both objects, before the rules of
``layers.merging`` were written: ``same``, ``different`` or, where the data do not tell,
``unclear``; pairs that are unclear are not counted. ``data/merge_labels_later.csv`` holds
pairs drawn and labelled after that, to which no rule was fitted.

Run from the checkout: ``python -m benchmarks.place_merging [--wrong]``.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo.crs import metric_crs_for
from geo.reader import read_extract
from geo.sites import Sites
from layers.places import Places, find_places
from layers.taxonomy import load_taxonomy

LABELS = Path(__file__).parent / "data" / "merge_labels.csv"
LATER_LABELS = LABELS.with_name("merge_labels_later.csv")
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "osm"


@dataclass(frozen=True)
class Pair:
    """Two OSM objects and whether they draw one thing."""

    extract: str
    category: str
    first: str
    second: str
    label: str
    reason: str


@dataclass
class Score:
    """What was found of the labelled pairs."""

    found: list[Pair] = field(default_factory=list)
    missed: list[Pair] = field(default_factory=list)
    wrong: list[Pair] = field(default_factory=list)
    kept_apart: list[Pair] = field(default_factory=list)
    unclear: list[Pair] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of the pairs joined that are one thing."""
        return len(self.found) / max(len(self.found) + len(self.wrong), 1)

    @property
    def recall(self) -> float:
        """Share of the pairs that are one thing that were joined."""
        return len(self.found) / max(len(self.found) + len(self.missed), 1)


def read_labels(path: Path = LABELS) -> list[Pair]:
    """Read the labelled pairs."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Pair(**row) for row in csv.DictReader(file)]


def no_sites(crs: str) -> Sites:
    """Return a study's sites without any site."""

    def empty(*columns: str) -> gpd.GeoDataFrame:
        frame = pd.DataFrame({column: pd.Series([], dtype="str") for column in columns})
        return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([], crs=crs))

    return Sites(
        empty("site_id", "name"),
        empty("house_id", "name", "site_id", "outline"),
        empty("gate_id", "name", "site_id", "status", "step_free", "derived"),
    )


@cache
def places_of(path: Path) -> Places:
    """Read an extract and find its places, once."""
    taxonomy = load_taxonomy()
    extract = read_extract(path, taxonomy.feature_keys)
    west, south, east, north = extract.bounds
    crs = metric_crs_for((west + east) / 2, (south + north) / 2)
    return find_places(extract, taxonomy, no_sites(crs), crs)


def extract_path(folder: Path, name: str) -> Path:
    """Return the file of an extract by the first part of its name."""
    return next(iter(sorted(folder.glob(f"{name}.*"))))


def score_pairs(pairs: list[Pair], folder: Path) -> Score:
    """Compare the places found with the labels."""
    by_extract: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_extract[pair.extract].append(pair)
    score = Score()
    for name, found in sorted(by_extract.items()):
        frame = places_of(extract_path(folder, name)).frame
        place_of = {
            osm_id: place
            for place, ids in zip(frame["id"], frame["osm_ids"], strict=True)
            for osm_id in ids.split(",")
        }
        for pair in found:
            first = place_of.get(pair.first, pair.first)
            second = place_of.get(pair.second, pair.second)
            if pair.label == "unclear":
                score.unclear.append(pair)
            elif pair.label == "same":
                (score.found if first == second else score.missed).append(pair)
            else:
                (score.wrong if first == second else score.kept_apart).append(pair)
    return score


def main() -> int:
    """Print precision and recall."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--extracts", type=Path, default=SHARED)
    parser.add_argument("--wrong", action="store_true", help="list the pairs that differ")
    options = parser.parse_args()
    good = True
    for labels in (LABELS, LATER_LABELS):
        score = score_pairs(read_labels(labels), options.extracts)
        print(
            f"{labels.name}: {len(score.found) + len(score.missed)} pairs are one thing, "
            f"{len(score.wrong) + len(score.kept_apart)} are two, {len(score.unclear)} unclear; "
            f"precision {score.precision:.3f}, recall {score.recall:.3f}"
        )
        good &= min(score.precision, score.recall) >= 0.95
        if options.wrong:
            for title, pairs in (("missed", score.missed), ("wrongly joined", score.wrong)):
                for pair in pairs:
                    print(title, pair.extract, pair.category, pair.first, pair.second, pair.reason)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
