"""Writes the published schemas and docs/reference/messages.md again: ``python docs/messages.py``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pratique.partners.exchange.messages.registry import TYPES
from pratique.partners.exchange.messages.schemas import PARTS, file_name, schema, schema_names
from pratique.vocabulary.data_categories import DataCategory

ROOT = Path(__file__).parent
PAGE = ROOT / "reference" / "messages.md"
SCHEMAS = ROOT.parent / "src" / "pratique" / "data" / "messages"
HEAD = """# Messages

What administrations send one another, as closed records with published schemas. This page is made from the records
(`python docs/messages.py`); the schemas are `src/pratique/data/messages/*.schema.json` (JSON Schema 2020-12), shown by
`pratique messages schema NAME` and used by `pratique messages check FILE`.

Every field of a message has one data category, and says whether it is about persons: an agreement permits by category,
and the gate withholds field by field. So few fields are required; whatever else an agreement does not cover is left out
and the rest goes. Absent members are left out, never `null`. Moments are UTC and whole seconds
(`2026-01-31T08:00:00Z`), masses integers of grams, amounts integers of minor units, bytes base64 for addresses.
"""
NAMED = {
    r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$": "moment",
    r"^\d{4}-\d{2}-\d{2}$": "day",
    "^[A-Za-z0-9_-]{43}$": "hash",
    "^[A-Za-z0-9_-]{44}$": "point of P-256",
    r"^[^\x00-\x1f\x7f]+$": "line",
    schema("retraction/1")["properties"]["about"]["pattern"]: "message id",
    schema("header/1")["properties"]["sender"]["pattern"]: "partner id",
    schema("header/1")["properties"]["recipient_key"]["pattern"]: "code",
    "^[A-Z]{2}$": "country",
    "^[A-Z]{2}[A-Z2-9]{3}$": "UN/LOCODE",
}


def page() -> str:
    """The whole page."""
    parts = [HEAD, "## Data categories\n", _categories(), "## Messages\n"]
    for name in TYPES:
        said = schema(name)
        parts += [f"### {name}\n", said["description"] + "\n", _fields(said)]
    parts += ["## What carries them\n", _carriers(), "## Parts\n"]
    for name, said in _definitions().items():
        rows = [
            (f"`{field}`", _kind(each), _sign(field in said.get("required", ())))
            for field, each in said["properties"].items()
        ]
        parts += [f"### {name}\n", said["description"] + "\n", _table(("field", "holds", "required"), rows)]
    return "\n".join(parts)


def schema_texts() -> dict[str, str]:
    """Each published schema as its file has it, by file name."""
    return {file_name(name): json.dumps(schema(name), indent=1, ensure_ascii=False) + "\n" for name in schema_names()}


def _categories() -> str:
    return _table(
        ("category", "always about persons"), [(f"`{each.code}`", _sign(each.personal)) for each in DataCategory]
    )


def _fields(said: dict[str, Any]) -> str:
    rows = [
        (f"`{field}`", _kind(each), each["x-category"], _sign(each["x-personal"]), _sign(field in said["required"]))
        for field, each in said["properties"].items()
    ]
    return _table(("field", "holds", "category", "persons", "required"), rows)


def _carriers() -> str:
    return _table(
        ("schema", "what it is"), [(f"`{name}`", " ".join(schema(name)["description"].split())) for name in PARTS]
    )


def _definitions() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name in TYPES:
        found |= schema(name).get("$defs", {})
    return dict(sorted(found.items()))


def _kind(said: dict[str, Any]) -> str:
    if "$ref" in said:
        return said["$ref"].rpartition("/")[2]
    if "enum" in said:
        return ", ".join(f"`{each}`" for each in said["enum"])
    if said.get("type") == "array":
        most = f", at most {said['maxItems']}" if "maxItems" in said else ""
        return f"list of {_kind(said['items'])}{most}"
    if said.get("pattern") in NAMED:
        return NAMED[said["pattern"]]
    if "pattern" in said:
        return f"text `{said['pattern']}`"
    if said.get("type") == "string":
        return "text"
    return str(said.get("type", "value"))


def _sign(held: bool) -> str:
    return "yes" if held else ""


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


if __name__ == "__main__":
    SCHEMAS.mkdir(exist_ok=True)
    for file, text in schema_texts().items():
        (SCHEMAS / file).write_text(text, encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
