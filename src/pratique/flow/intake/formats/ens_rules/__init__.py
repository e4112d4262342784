"""The published rules for entry summary declarations (CC315A, CC313A), each under its official number.

In: one declaration as a tree. Out: findings with the official number and the place, in the order of the rules. As in
the published procedure there are two levels: first the structure, and only where that is in order the business rules.
Never: what a rule finds does not change what is read. Source of numbers and conditions: the rules and rule cases
published by HMRC with the import control entry declaration service (the set with optional totals).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from pratique.flow.intake.formats.ens_rules import goods, header, parties
from pratique.flow.intake.formats.ens_rules.parties import rule_c501, rule_c501_gb
from pratique.flow.intake.formats.ens_rules.structure import structure_faults
from pratique.flow.intake.xml import Branch
from pratique.vocabulary.findings import Finding

Rule = Callable[[Branch], Iterator[str]]

RULES: Final[tuple[Rule, ...]] = (*header.RULES, *goods.RULES, *parties.RULES)


def check(ens: Branch, *, message: int, consignment: int | None) -> list[Finding]:
    """What the rules find in one declaration."""
    faults = list(structure_faults(ens))
    if not faults:
        return [Finding(f"ens.{code}", place, "error", message, consignment) for code, place in _business_faults(ens)]
    faults_found = [Finding(f.rule, f.place, "error", message, consignment, f.params) for f in faults]
    unchecked = Finding("ens.rules_not_checked", ens.place, "note", message, consignment, {"faults": len(faults)})
    return [*faults_found, unchecked]


def _business_faults(ens: Branch) -> Iterator[tuple[str, str]]:
    for rule in RULES:
        number = rule.__name__.removeprefix("rule_")
        for place in rule(ens):
            yield number, place
    yield from rule_c501(ens)
    yield from rule_c501_gb(ens)
