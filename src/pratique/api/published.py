"""The OpenAPI document: what is published under ``/api/openapi.json`` and in ``docs/reference``."""

from __future__ import annotations

import re
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

import pratique
from pratique.api.problems import Problem
from pratique.api.route import SCHEME, TAKES

_ROLE: Final = re.compile(r":\w+:`~?(?:[\w.]*\.)?(\w+)`")
TITLE: Final = "Pratique"
SUMMARY: Final = "A cargo manifest in, an explained control list out."
DESCRIPTION: Final = """\
The commands and queries of one node, for programs of the administration and its partners.

- **Token**: `Authorization: Bearer …`. Each operation names the scope that it needs; the policy of the node decides
  beyond that what the token's owner may do.
- **Writes** need an `Idempotency-Key`. The same request with the same key is done once and answered twice.
- **Person data** is shown for a purpose: the header `Purpose` carries its code, and reading is recorded.
- **Lists** come in pages: follow `next` until it is null. Rows that come meanwhile neither repeat nor hide any.
- **Refusals** are problems (RFC 9457) with a stable `code`, what was `kept` and what to do (`todo`).
- **Numbers**: the unit stands at the end of the name (`_g` grams, `_minor` minor units of the currency beside it,
  `_permille` thousandths). Whole numbers go up to 64 bits; a reader that holds numbers as doubles is exact up to
  9007199254740991 only.
- **Times** are RFC 3339 in UTC. `null` means that the sender did not say; nothing is filled in.
- New fields may appear in answers; fields that are there stay what they are within one major version.
"""
TAGS: Final = {
    "messages": "Messages: kept as received, then read. Reading makes no history; only an assessment does.",
    "assessments": "Assessments: messages in, one run of explained control decisions out; done as a job.",
    "jobs": "Long work that goes on while the caller does something else.",
    "arrivals": "Arrivals: ships, their boxes, how ready each list is, and what waits.",
    "runs": "Runs: listed, shown, computed again, compared with one another.",
    "queue": "The control list as a run proposed it, before any act: it never changes.",
    "queue_page": "The queue as it stands, with what officers did to it.",
    "capacity": "Capacity: what a number of slots gives, and changing it.",
    "control_list": "Acts on the control list: select, waive, override.",
    "disputes": "Disputed reasons: an officer says that a reason is wrong, and it is counted.",
    "undoing": "Undoing an act, an answer to a hit, a dispute, or a change of capacity.",
    "approvals": "Approvals: the control list of a call, approved and frozen.",
    "orders": "Orders of controls on their way to exactly one outcome.",
    "outcomes": "One order whole, its one outcome, and the correction of it by a second person.",
    "evidence": "Photos and documents of controls, kept under their SHA-256.",
    "dossiers": "One control whole, for a prosecutor.",
    "reconciling": "The proof that every selected consignment has one outcome; releases.",
    "second_looks": "Second looks, drawn by lot, and how far two officers agree.",
    "resources": "Scanners, teams and laboratories with their shifts.",
    "effectiveness": "What controls achieved in a period, with intervals.",
    "results": "Results of controls, and what overrides came to.",
    "hits": "List hits, side by side with their evidence.",
    "dispositions": "Answers to list hits.",
    "consignments": "One consignment: as declared, and why it was chosen or not.",
    "versions": "Versions of a bill, side by side.",
    "network": "Networks: who is tied to whom around a consignment, and by what.",
    "routes": "Routes: where a consignment was, and where it goes.",
    "places": "Places: what stands at a place of a message, as it was received.",
    "search": "Search: by what people remember.",
    "quarantine": "What could not be read, to see and to read again.",
    "lists": "Watchlists: loaded as versions, the newest in force.",
    "profiles": "Risk profiles: drafted here, put in force by another person at the desk.",
    "projections": "Projections: what a risk profile would do to a stored run. It asks with a body and needs no key.",
    "rates": "Exchange rates: a dated table, the newest in force.",
    "locations": "Locations: the official UN/LOCODE list, the newest in force.",
    "tables": "Tables that were loaded: exchange rates and locations, as they are in force.",
    "offices": "Customs offices.",
    "settings": "Settings, as they are in force.",
    "journal": "The journal: one entry for every command, each bound to the one before it.",
    "ledger": "The ledger: the log that partners witness, and one entry proved alone.",
    "ledger_verify": "The whole ledger, checked.",
    "access_log": "The log of access: who read what for which purpose, and who was refused.",
    "misuse": "Signs of misuse: own names, mass reads, reading out of shift.",
    "doctor": "Whether the node is whole, check by check.",
}


def document_of(app: FastAPI) -> dict[str, Any]:
    """The document of ``app``, made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=TITLE,
            version=pratique.__version__,
            openapi_version="3.1.0",
            summary=SUMMARY,
            description=DESCRIPTION,
            routes=app.routes,
            tags=[{"name": name, "description": told} for name, told in TAGS.items()],
            servers=[{"url": "/api", "description": "The node that serves this document."}],
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        )
        app.openapi_schema = _completed(made)
    return app.openapi_schema


def _completed(document: dict[str, Any]) -> dict[str, Any]:
    """With the form of problems and of tokens, and without what only the routes need to know."""
    for operations in document["paths"].values():
        for operation in operations.values():
            operation.pop(TAKES, None)
            for parameter in operation.get("parameters", []):
                parameter["schema"] = _given(parameter["schema"])
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs", {})
    schemas["Problem"] = problem
    components["schemas"] = dict(sorted(schemas.items()))
    _reword(document)
    components["securitySchemes"] = {
        SCHEME: {
            "type": "http",
            "scheme": "bearer",
            "description": (
                "A token of the node, made by an officer for one program, with the scopes that it needs: the name of a "
                "slice and `:read` or `:write`. It is shown once, when it is made; the node keeps its digest."
            ),
        }
    }
    return document


def _given(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter may be left out; there is no null in an address or a header. What it is for stands beside it."""
    kinds = [kind for kind in schema.pop("anyOf", []) if kind != {"type": "null"}]
    plain = {name: value for name, value in schema.items() if name not in ("title", "description")}
    return plain | (kinds[0] if kinds else {})


def _reword(part: Any) -> None:
    """Descriptions that come from the code, in the marks of the document (CommonMark)."""
    if isinstance(part, list):
        for each in part:
            _reword(each)
    elif isinstance(part, dict):
        for name, value in part.items():
            if name == "description" and isinstance(value, str):
                part[name] = _ROLE.sub(r"`\1`", value).replace("``", "`")
            else:
                _reword(value)
