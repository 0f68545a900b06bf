"""schemathesis against the service: no fault, no answer that the document does not describe.

A few requests per operation in each run; with ``TEST_ALL=1`` all its phases against a service
in a process of its own, with 200 random requests for each operation of both releases.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from tests.api.ogc.conftest import JsonObject, Served
from tests.api.running_service import running

LONG = bool(os.environ.get("TEST_ALL"))
EXAMPLES = 200
# What filters, times and boxes may say has a grammar or an order that JSON Schema cannot tell:
# there, a request that fits the schema may be refused. Everywhere else it must be answered.
CONFIG = """
[[operations]]
include-path-regex = "/items$"
checks.positive_data_acceptance.expected-statuses = ["2xx", "400"]
"""


def described(document: JsonObject) -> JsonObject:
    """Return the document without the largest ``limit``.

    Part 1 (7.15.2) has a larger one answered with fewer features, not refused, so a request
    against the schema is right here.
    """
    for path in document["paths"].values():
        for parameter in path["get"]["parameters"]:
            if parameter["name"] == "limit":
                del parameter["schema"]["maximum"]
    return document


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_a_few_random_requests(served: Served, mode: GenerationMode) -> None:
    document = described(served.get("/api"))
    document["paths"] = {
        path: one
        for path, one in document["paths"].items()
        if path != "/karte" and (path.count("/") == 1 or path.startswith("/collections/access"))
    }
    config = schemathesis.Config.from_str(CONFIG)
    schema = schemathesis.openapi.from_dict(document, config=config)
    schema.app = served.client.app
    asked = 0
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=6,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        )
        def ask(case: schemathesis.Case[Any]) -> None:
            nonlocal asked
            case.call_and_validate()
            asked += 1

        if mode is GenerationMode.NEGATIVE and not operation.query:
            continue  # nothing can be wrong with a request that says nothing
        ask()
    assert asked >= 20


@pytest.mark.skipif(not LONG, reason="takes many minutes; TEST_ALL=1 runs it")
@pytest.mark.parametrize("options", [(), ("--internal",)], ids=["public", "internal"])
def test_all_phases(musterhausen: Path, tmp_path: Path, options: tuple[str, ...]) -> None:
    with running(musterhausen, *options) as address:
        document = described(httpx.get(f"{address}/api").json())
        (tmp_path / "api.json").write_text(json.dumps(document), encoding="utf-8")
        (tmp_path / "schemathesis.toml").write_text(CONFIG, encoding="utf-8")
        program = Path(sys.executable).with_name("schemathesis")
        ended = subprocess.run(
            [
                *(program, "--config-file", "schemathesis.toml", "run", "api.json"),
                *("--url", address, "--max-examples", str(EXAMPLES), "--workers", "4"),
                *("--continue-on-failure", "--suppress-health-check", "all"),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    assert ended.returncode == 0, ended.stdout[-8000:]
    assert "No issues found" in ended.stdout
