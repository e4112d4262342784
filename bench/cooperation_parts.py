"""Where the time of a complete disclosure goes: each part of it measured inside the same groups, in processor time.

The functions that are the parts are replaced by ones that keep a clock, for as long as it is measured; what is left
is the way between them: facts, what is recalled, savepoints, the one commit.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import Any, Final
from unittest.mock import patch

PARTS: Final = (
    ("read the message", "pratique.node.exchange.disclosing", "fields_of_share"),
    ("redact", "pratique.node.exchange.share", "redact"),
    ("decide", "pratique.partners.agreements.redact", "decide"),
    ("write and sign", "pratique.node.exchange.disclosing", "_written"),
    ("seal", "pratique.node.exchange.disclosing", "sealed_next"),
    ("store", "pratique.node.exchange.disclosing", "_keep"),
    ("store", "pratique.node.exchange.disclosing", "put_out"),
    ("store", "pratique.node.exchange.disclosing", "_stored"),
    ("log", "pratique.node.storage.journal", "append"),
    ("log", "pratique.node.carrying_out", "add_leaves"),
)
INSIDE: Final = {"redact": "decide"}  # the second is part of the first's time, and is taken off


@contextmanager
def clocked() -> Iterator[Counter[str]]:
    """Nanoseconds of the processor by part, for what is done meanwhile."""
    spent: Counter[str] = Counter()
    with ExitStack() as stack:
        for part, module_name, name in PARTS:
            module = import_module(module_name)
            stack.enter_context(patch.object(module, name, _with_clock(getattr(module, name), part, spent)))
        yield spent
    for outer, inner in INSIDE.items():
        spent[outer] -= spent[inner]


def show(spent: Counter[str], whole: int) -> None:
    """A line for each part with its share of the whole, the largest first."""
    left = {**spent, "the way between": whole - sum(spent.values())}
    for part, taken in sorted(left.items(), key=lambda item: -item[1]):
        print(f"  {part:<20} {taken / whole:5.1%}")


def _with_clock(act: Callable[..., Any], part: str, spent: Counter[str]) -> Callable[..., Any]:
    def timed(*given: Any, **named: Any) -> Any:
        started = time.process_time_ns()
        try:
            return act(*given, **named)
        finally:
            spent[part] += time.process_time_ns() - started

    return timed
