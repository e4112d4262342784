"""One check of a node's health, and how faults become one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from pratique.node.errors import told
from pratique.vocabulary.sentences import sentence

SHOWN: Final = 5  # of many, so many are named


@dataclass(frozen=True, slots=True)
class Check:
    """One check: ``state`` is ok, warn or fail; ``told`` says what was seen and ``todo`` what to do about it.

    ``code`` and ``params`` are what the sentences were made from; ``remedy`` is the code of the second.
    """

    name: str
    state: str
    told: str
    todo: str = ""
    code: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    remedy: str = ""

    def in_language(self, language: str) -> Check:
        """The same check, told in another language."""
        todo = sentence(self.remedy, self.params, language) if self.todo else ""
        return replace(self, told=sentence(self.code, self.params, language), todo=todo)


def judged(name: str, faults: Iterable[str], *, state: str = "fail", seen: str = "") -> Check:
    """``ok`` without faults; else ``state``, with the first of the faults named."""
    found = list(faults)
    if not found:
        return check(name, "ok", f"doctor.{name}.ok", {"seen": seen})
    more = f" (+{len(found) - SHOWN})" if len(found) > SHOWN else ""
    params = {"faults": ", ".join(found[:SHOWN]) + more, "count": len(found)}
    return check(name, state, f"doctor.{name}.{state}", params)


def check(name: str, state: str, code: str, params: Mapping[str, object], *, remedy: str = "") -> Check:
    """A check of that state, told by the sentence of ``code``; what to do is that of ``remedy``, else of the check."""
    remedy = remedy or f"doctor.{name}.todo"
    todo = told(remedy, params) if state != "ok" else ""
    return Check(name, state, told(code, params), todo, code, params, remedy)
