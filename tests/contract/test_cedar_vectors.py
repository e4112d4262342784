"""The engine that opens the gate decides the published Cedar integration cases as they say."""

import json
from pathlib import Path

import cedarpy
import pytest

VECTORS = Path(__file__).parents[3] / "shared" / "data" / "vectors" / "cedar"
CASES = sorted((VECTORS / "tests").rglob("*.json")) if VECTORS.is_dir() else []
NAMES = {"allow": cedarpy.Decision.Allow, "deny": cedarpy.Decision.Deny}


def test_there_are_cases():
    if not VECTORS.is_dir():
        pytest.skip(f"the published cases are not at {VECTORS}")
    assert sum(len(json.loads(each.read_text())["requests"]) for each in CASES) >= 48


@pytest.mark.parametrize("case", CASES, ids=[str(each.relative_to(VECTORS)) for each in CASES])
def test_a_published_case_is_decided_as_it_says(case):
    """Entities are read with the schema: without it references between them are plain records, and decisions differ."""
    told = json.loads(case.read_text())
    schema = cedarpy.Schema.from_str((VECTORS / told["schema"]).read_text())
    policies = (VECTORS / told["policies"]).read_text()
    entities = cedarpy.Entities.from_json_str((VECTORS / told["entities"]).read_text(), schema)
    assert cedarpy.validate_policies(policies, schema).validation_passed is told["shouldValidate"]
    policy_set = cedarpy.PolicySet.from_str(policies)
    for request in told["requests"]:
        asked = {name: request[name] for name in ("principal", "action", "resource", "context")}
        answer = cedarpy.is_authorized(
            asked, policy_set, entities, schema if request.get("validateRequest", True) else None
        )
        assert answer.decision is NAMES[request["decision"]], request["description"]
        assert sorted(answer.diagnostics.reasons) == sorted(request["reason"]), request["description"]
        assert len(answer.diagnostics.errors) == len(request["errors"]), request["description"]
