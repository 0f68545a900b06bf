"""What-if against computing everything anew: how long, and whether the same.

    python -m benchmarks.scenario STUDY --rounds 5
    python -m benchmarks.scenario STUDY --variants 1000 --seed 1

The first measures in one run, turn by turn, a full build's computation, an added project, and
three changes of the network; the medians are compared. The second throws random variants and
compares every number and area with a full computation of the changed study; nothing of what
``layers.scenario`` keeps is used there.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.scenario_rebuild import differences, rebuild
from benchmarks.scenario_variants import Dice
from layers._variant_file import Variant, variant_from
from layers.compute import compute_snapshot
from layers.scenario import Baseline, answer, baseline_of
from layers.study import Study, load_study
from layers.study_network import prepare

_FROM_HOMES = 25
"""In every so many variants the neighbours are counted home by home as well."""


def measure(study: Study, base: Baseline, rounds: int) -> dict[str, dict[str, float]]:
    """Return the median seconds of each task, by the clock and of the processor.

    Parameters
    ----------
    study
        The study.
    base
        What variants are answered from.
    rounds
        How often all are measured in turn.
    """
    plain = study.model_copy(
        update={"settings": study.settings.model_copy(update={"projects": ()})}
    )
    dice = Dice(base.root.ready, 4)
    project = variant_from({"name": "Projekt", "change": [dice.change("add_project")]})
    tasks: dict[str, Callable[[], object]] = {
        "build": lambda: compute_snapshot(study),
        "build without rankings": lambda: compute_snapshot(plain),
        "computed anew as the answer": lambda: rebuild(base.root.ready, None),
        "added project": lambda: full_answer(base, project),
    }
    for kind in ("open_gate", "add_path", "lower_kerb"):
        found = _one_variant(base, dice, kind)
        if found is not None:
            tasks[kind] = lambda one=found: full_answer(base, one)  # type: ignore[misc]
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in tasks}
    for task in tasks.values():
        task()
    for _ in range(rounds):
        for name, task in tasks.items():
            # What takes milliseconds is measured more often.
            for _ in range(1 if name.startswith(("build", "computed")) else 5):
                clock, cpu = time.perf_counter(), time.process_time()
                task()
                spent[name].append((time.perf_counter() - clock, time.process_time() - cpu))
    return {
        name: {
            "clock_s": statistics.median(one for one, _ in times),
            "cpu_s": statistics.median(one for _, one in times),
        }
        for name, times in spent.items()
    }


def full_answer(base: Baseline, variant: Variant) -> Baseline:
    """Answer a variant, everything that it says included."""
    found = answer(base, variant)
    _ = found.changed, found.changed_areas
    _ = found.after.needs, found.after.house_reach, found.after.new_reach
    return found.after


def _one_variant(base: Baseline, dice: Dice, kind: str) -> Variant | None:
    """Return a variant of one change of a kind; a gate that is locked is opened."""
    if kind == "open_gate":
        gates = base.root.ready.sites.gates
        locked = gates.loc[gates["status"] == "locked", "gate_id"].tolist()
        if not locked:
            return None
        return variant_from({"name": kind, "change": [{"kind": kind, "gate": locked[0]}]})
    return next(
        (
            one
            for one in islice(dice.variants(1, kinds=(kind,)), 50)
            if full_answer(base, one).net is not base.net
        ),
        None,
    )


def judge(base: Baseline, count: int, seed: int, *, quiet: bool = False) -> dict[str, Any]:
    """Compare random variants with computing everything anew.

    Parameters
    ----------
    base
        What they are answered from.
    count, seed
        How many, and of which random numbers.
    quiet
        Print nothing on the way.
    """
    ready = base.root.ready
    wrong = 0
    kinds: dict[str, int] = {}
    ratios = []
    for number, one in enumerate(islice(Dice(ready, seed).variants(), count), start=1):
        begin = time.perf_counter()
        after = full_answer(base, one)
        middle = time.perf_counter()
        anew = rebuild(ready, after.plan, from_homes=number % _FROM_HOMES == 0)
        ratios.append((middle - begin) / (time.perf_counter() - middle))
        found = differences(after, anew)
        for change in one.changes:
            kinds[change.kind] = kinds.get(change.kind, 0) + 1
        wrong += bool(found)
        if found:
            print(f"{number}: {found} {one.model_dump_json()}", flush=True)
        elif not quiet and number % 20 == 0:
            print(f"{number} variants, {wrong} differ", file=sys.stderr, flush=True)
    return {
        "variants": count,
        "seed": seed,
        "differ": wrong,
        "kinds": dict(sorted(kinds.items())),
        "median_share_of_anew": float(np.median(ratios)),
    }


def main() -> None:
    """Measure or judge, and print what was found as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("study", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--variants", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    study = load_study(asked.study)
    base = baseline_of(prepare(study))
    _ = base.areas
    if asked.variants:
        print(json.dumps(judge(base, asked.variants, asked.seed), indent=1))
        return
    found = measure(study, base, asked.rounds)
    build = found["build"]
    print(f"{len(base.origins)} origins, {len(base.lanes)} profiles and states")
    for name, times in found.items():
        share = build["clock_s"] / times["clock_s"]
        cpu = build["cpu_s"] / times["cpu_s"]
        print(
            f"{name:30} {times['clock_s'] * 1000:9.1f} ms  1/{share:.1f} of a build, of the "
            f"processor {times['cpu_s'] * 1000:9.1f} ms, 1/{cpu:.1f}"
        )


if __name__ == "__main__":
    main()
