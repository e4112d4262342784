"""The rule language: a closed, typed subset of the Common Expression Language (CEL).

In: the text of a rule and the fields it may name. Out: a typed tree, which is compiled to Polars expressions for a
batch and interpreted for one record, with the same answer. Nothing in it can loop without end, call out, or match a
regular expression. ``docs/reference/rule-language.md`` is its description for people.
"""

from pratique.flow.risk.language.compile import Mask, Verdict, verdicts
from pratique.flow.risk.language.errors import RuleError
from pratique.flow.risk.language.interpret import answer
from pratique.flow.risk.language.parse import parse_rule
from pratique.flow.risk.language.syntax import Program
from pratique.flow.risk.language.types import Scopes, Type

__all__ = ["Mask", "Program", "RuleError", "Scopes", "Type", "Verdict", "answer", "parse_rule", "verdicts"]
