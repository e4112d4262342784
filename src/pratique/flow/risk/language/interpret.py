"""One record, one rule, one answer: the meaning of the language in its plainest form.

A record is a mapping of field names to values; under the name of a collection it holds the list of that collection's
rows. ``None`` is what is not known. The answer is true, false or ``None``: logic has three values (Kleene), every
comparison and sum with something unknown is unknown, and a rule whose answer is unknown does not fire.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pratique.flow.risk.language.syntax import (
    CONSIGNMENT,
    Binary,
    Field,
    Has,
    Literal,
    Logic,
    Node,
    Program,
    Quantifier,
    Size,
    TextTest,
    Unary,
)
from pratique.flow.risk.language.types import ARITHMETIC, INT_LIMIT

Record = Mapping[str, Any]
_NO_ROW: Final[Record] = {}


def answer(program: Program, record: Record) -> bool | None:
    """Whether the rule holds for ``record``: true, false or, where that cannot be known, ``None``."""
    value = _value(program.root, record, _NO_ROW)
    return value if isinstance(value, bool) else None


def _value(node: Node, record: Record, row: Record) -> Any:
    match node:
        case Literal():
            return node.value
        case Field():
            return (record if node.scope == CONSIGNMENT else row).get(node.name)
        case Has():
            return _value(node.field, record, row) is not None
        case Size():
            value = _value(node.operand, record, row)
            return None if value is None else len(value)
        case Unary():
            return _unary(node.operator, _value(node.operand, record, row))
        case Logic():
            return _logic(node.operator, [_value(part, record, row) for part in node.operands])
        case Binary():
            return _binary(node.operator, _value(node.left, record, row), _value(node.right, record, row))
        case TextTest():
            return _text_test(node.test, _value(node.subject, record, row), _value(node.argument, record, row))
        case Quantifier():
            answers = [_value(node.predicate, record, child) for child in record.get(node.collection) or ()]
            return _logic("||" if node.kind == "exists" else "&&", answers)


def _logic(operator: str, values: Sequence[bool | None]) -> bool | None:
    decisive = operator == "||"
    if decisive in [value for value in values if value is not None]:
        return decisive
    return None if None in values else not decisive


def _unary(operator: str, value: Any) -> bool | int | None:
    if value is None:
        return None
    return not value if operator == "!" else _whole(-value)


def _binary(operator: str, left: Any, right: Any) -> bool | int | None:
    if left is None or right is None:
        return None
    if operator in ARITHMETIC:
        return _arithmetic(operator, left, right)
    match operator:
        case "==":
            return bool(left == right)
        case "!=":
            return bool(left != right)
        case "<":
            return bool(left < right)
        case "<=":
            return bool(left <= right)
        case ">":
            return bool(left > right)
        case ">=":
            return bool(left >= right)
        case _:
            return left in right


def _arithmetic(operator: str, left: int, right: int) -> int | None:
    match operator:
        case "+":
            return _whole(left + right)
        case "-":
            return _whole(left - right)
        case "*":
            return _whole(left * right)
    if right == 0:
        return None
    quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
    return _whole(quotient if operator == "/" else left - quotient * right)


def _whole(value: int) -> int | None:
    return value if -INT_LIMIT <= value < INT_LIMIT else None


def _text_test(test: str, subject: str | None, argument: str | None) -> bool | None:
    if subject is None or argument is None:
        return None
    match test:
        case "startsWith":
            return subject.startswith(argument)
        case "endsWith":
            return subject.endswith(argument)
        case _:
            return argument in subject
