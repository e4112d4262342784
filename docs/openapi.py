"""Writes the published document of the API, and the table of its operations: ``python docs/openapi.py``."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pratique.api.app import bare_api

REFERENCE = Path(__file__).parent / "reference"
TABLE = re.compile(r"(?<=<!-- operations -->\n).*?(?=<!-- end of operations -->)", re.DOTALL)


def main() -> None:
    """Brings both up to date."""
    document = bare_api().openapi()
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    (REFERENCE / "openapi.json").write_text(text, encoding="utf-8")
    page = REFERENCE / "api.md"
    page.write_text(TABLE.sub(lambda _: table(document), page.read_text(encoding="utf-8")), encoding="utf-8")


def table(document: dict[str, Any]) -> str:
    """One line per operation: method, path, scope, what it does."""
    lines = [
        f"| `{method.upper()} {path}` | {_scopes(operation)} | {operation['summary']} |"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    return "\n".join(["", "| Operation | Scope | What it does |", "|---|---|---|", *lines, "", ""])


def _scopes(operation: dict[str, Any]) -> str:
    """The scope of an operation; where one of several is enough, all of them."""
    return ", ".join(f"`{scope}`" for each in operation["security"] for scope in each["token"])


if __name__ == "__main__":
    main()
