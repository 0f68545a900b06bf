"""What isochrones cost per house: tree, three areas at 10 m, in detail; and their memory.

Usage: ``python -m benchmarks.engine_isochrones EXTRACT.osm.pbf [--houses N] [--profile ID …]
[--detailed]``. Medians of five runs in turn over the same houses, milliseconds per house for
5, 10 and 15 minutes. The first drawing, which fills the grid and may compile, is timed apart.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from benchmarks.isochrone_quality import MINUTES, no_sites
from geo._surface import Surface
from geo.isochrones import isochrones
from geo.network import build_network
from geo.profiles import load_profiles
from geo.reader import read_extract
from geo.snapping import snap_origins
from geo.travel_time import search

RUNS = 5


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("extract", type=Path)
    parser.add_argument("--houses", type=int, default=200)
    parser.add_argument("--profile", nargs="+", default=["resident", "wheelchair", "bicycle"])
    parser.add_argument("--detailed", action="store_true")
    options = parser.parse_args()
    profiles = {key: load_profiles()[key] for key in options.profile}
    extract = read_extract(options.extract, ())
    network, _ = build_network(extract, no_sites(np.empty((0, 2))), profiles)
    on_main = np.flatnonzero(~network.parts().island()[network.parts().component])
    rng = np.random.default_rng(1)
    spots = network.node_xy[rng.choice(on_main, options.houses)]
    sites = no_sites(spots + rng.normal(0, 15, spots.shape))
    print(
        f"{options.extract.name}: {len(network.node_xy)} nodes, {options.houses} houses, "
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    print(f"{'profile':22}   tree   first  1 thread  all threads  both  KiB per house")
    for key, profile in profiles.items():
        origins = snap_origins(network, sites, profile)
        for state in profile.states:
            trees = search(network, origins, profile, MINUTES[-1] * 60, state)

            def grow(profile: Any = profile, origins: Any = origins, state: Any = state) -> Any:
                return search(network, origins, profile, MINUTES[-1] * 60, state)

            def draw(threads: int | None, trees: Any = trees) -> Any:
                return isochrones(
                    network, trees, MINUTES, threads=threads, detailed=options.detailed
                )

            first = _ms(lambda: draw(None)) / options.houses
            runs = [
                [_ms(grow), _ms(lambda: draw(1)), _ms(lambda: draw(None))] for _ in range(RUNS)
            ]
            tree, one, many = (
                statistics.median(column) / options.houses for column in zip(*runs, strict=True)
            )
            points = shapely.get_num_coordinates(draw(None).geometry.to_numpy()).sum()
            print(
                f"{key + ' ' + state.value:22} {tree:6.2f} {first:7.2f} {one:9.2f} {many:12.2f} "
                f"{tree + many:5.2f} {points * 16 / 1024 / options.houses:9.0f}"
            )
    grids = [kept for kept in network._memory.values() if isinstance(kept, Surface)]  # noqa: SLF001
    print(
        f"grid {sum(grid.nbytes for grid in grids) / 1e6:.1f} MB, "
        f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB"
    )


def _ms(job: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    job()
    return 1000 * (time.perf_counter() - begun)


if __name__ == "__main__":
    main()
