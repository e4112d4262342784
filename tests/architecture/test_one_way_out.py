"""Nothing leaves without an article: one function reaches the outbox, and only acts that pass the gate call it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

SOURCE = Path(__file__).parents[2] / "src" / "pratique"
SENDING = "pratique.node.exchange.sending"


@cache
def nodes() -> tuple[tuple[str, ast.ImportFrom | ast.Call], ...]:
    """Every import from a module and every call of the product, beside the module that it stands in."""
    return tuple(
        (path.relative_to(SOURCE).with_suffix("").as_posix(), node)
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom | ast.Call)
    )


def importers(module: str, name: str) -> set[str]:
    """The modules of the product that import that name."""
    return {
        where
        for where, node in nodes()
        if isinstance(node, ast.ImportFrom) and node.module == module and name in {each.name for each in node.names}
    }


def callers(name: str) -> set[str]:
    """The modules that call a function of that name, however they came by it."""
    return {where for where, node in nodes() if isinstance(node, ast.Call) and called(node) == name}


def called(call: ast.Call) -> str:
    """The last part of what is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def test_only_disclosing_puts_a_new_message_into_the_outbox() -> None:
    assert importers(SENDING, "put_out") == {"node/exchange/disclosing"}
    assert callers("put_out") == {"node/exchange/disclosing"}
    assert callers("add_disclosure") == {"node/exchange/disclosing"}


def test_sealing_again_is_of_messages_that_passed_the_gate_before() -> None:
    assert callers("seal_again") == {"node/handlers/outbox"}
    assert callers("seal_anew") == {"node/handlers/outbox"}


def test_nobody_else_seals_or_writes_to_the_outbox() -> None:
    assert importers("pratique.partners.exchange.envelope", "seal") == set()
    assert importers("pratique.partners.exchange.envelope", "seal_signed") == {"node/exchange/sending"}
    signing = importers("pratique.partners.exchange.envelope", "sign_content")
    assert signing == {"node/exchange/disclosing", "node/exchange/sending"}
    tables = importers("pratique.node.storage.exchange_tables", "outbox")
    assert tables == {"node/storage/outbox", "node/storage/tables"}
