"""The published document: the one in the repository, complete, and nothing of the node left out without a reason."""

import ast
import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest

from api_client import served
from pratique.api import routes
from pratique.node.access.policy import ANYBODY, NOBODY, shipped_policy

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
ROUTES = Path(routes.__file__).parent
DESK_ALONE = {
    "AdoptShippedProfiles": "belongs to an update of the program, on the node itself",
    "PutOffice": "an office is set up where its officers are",
    "SweepAccessLog": "data protection sees what goes at the desk, a timer runs it on the node",
}


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with served(tmp_path_factory.mktemp("document") / "node") as at:
        return at.http.get("/api/openapi.json").json()  # type: ignore[no-any-return]


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_document_in_the_repository_is_what_the_api_publishes(document: dict[str, Any]) -> None:
    assert json.loads((REFERENCE / "openapi.json").read_text(encoding="utf-8")) == document


def test_document_is_openapi_3_1_with_summaries_descriptions_scopes_and_problems(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    for name, operation in operations(document):
        assert operation["summary"], name
        assert operation["description"], name
        assert all(len(one["token"]) == 1 for one in operation["security"]), name
        told = {status: answer for status, answer in operation["responses"].items() if int(status) >= 400}
        assert {"401", "403", "422", "429", "500", "503"} <= told.keys(), name
        assert all("application/problem+json" in answer["content"] for answer in told.values()), name
        for parameter in operation.get("parameters", []):
            assert parameter["description"], name
            if parameter["in"] == "path":
                assert parameter["schema"].keys() & {"maxLength", "pattern", "maximum"}, name


def test_every_write_asks_for_a_key_and_no_read_does(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        asked = [each for each in operation.get("parameters", []) if each["name"] == "Idempotency-Key"]
        acts = operation["security"][0]["token"][0].endswith(":write") and not name.startswith("GET ")
        acts = acts or name.endswith("/replay")  # reads the node, and starts a job
        assert bool(asked) == acts, name
        assert all(each["required"] for each in asked)


def test_descriptions_hold_no_marks_of_the_code(document: dict[str, Any]) -> None:
    assert not re.findall(r":(?:class|func|meth|mod):`|``", json.dumps(document))


def test_every_request_that_a_token_may_make_has_a_route_or_a_reason() -> None:
    spoken_for = {
        alias.name
        for path in ROUTES.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pratique.node.handlers.")
        for alias in node.names
    }
    open_to_tokens = {
        name for name, line in shipped_policy().lines.items() if line.by_token and not {ANYBODY, NOBODY} & line.may
    }
    assert open_to_tokens - spoken_for == DESK_ALONE.keys()
    page = (REFERENCE / "api.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in DESK_ALONE)


def test_no_two_routes_share_a_method_and_a_path() -> None:
    """The first would answer what was asked of the second."""
    modules = [import_module(f"pratique.api.routes.{found.name}") for found in iter_modules(routes.__path__)]
    paths = [path for module in modules for path in module.SLICE.paths]
    assert len(paths) > 100
    assert sorted(path for path in set(paths) if paths.count(path) > 1) == []
