"""Many rules over many consignments: typed trees → Polars expressions, the same answers as ``interpret``.

Quantifiers are answered first, each once for all rules, on the frame of their collection with only those columns of
the consignment joined that they name; their answers become columns beside the consignments, on which the rules
themselves are then answered in one pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

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
    parts,
    walk,
)
from pratique.flow.risk.language.types import ARITHMETIC, POLARS, Type

ROW: Final = "row"  # column of a child frame: which row of the consignment frame it belongs to

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.uint32]
_ANSWERS: Final[Mapping[str, Callable[[pl.Expr], pl.Expr]]] = {
    "true": lambda answer: answer.fill_null(value=False),
    "false": lambda answer: (~answer).fill_null(value=False),
    "unknown": lambda answer: answer.is_null(),
}
_COMPARISONS: Final[Mapping[str, Any]] = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says: ``fires`` per consignment row, and per collection the child rows that bear witness.

    A child row bears witness where it made an ``exists`` or an ``all`` of the rule true, or a denied ``all`` false. A
    collection of which the rule only denies that some row ``exists`` is not among the witnesses.
    """

    fires: Mask
    witnesses: Mapping[str, Rows]


@dataclass(frozen=True, slots=True)
class _Held:
    """What a quantifier's predicate answers on the rows of its collection: each row is in one of the three."""

    true: Mask
    false: Mask
    unknown: Mask


def verdicts(
    programs: Sequence[Program], consignments: pl.DataFrame, children: Mapping[str, pl.DataFrame]
) -> list[Verdict]:
    """The verdict of each program.

    ``consignments`` has the fields of the scope ``""``; each frame in ``children`` those of its collection and ``row``
    (UInt32), the position of the consignment it belongs to. An unknown answer does not fire.
    """
    quantifiers = tuple(dict.fromkeys(quantifier for program in programs for quantifier in program.quantifiers))
    held = _predicates(quantifiers, consignments, children)
    columns = {quantifier: f"quantifier {number}" for number, quantifier in enumerate(quantifiers)}
    beside = [
        _over_rows(quantifier, held[quantifier], children[quantifier.collection][ROW], consignments.height).alias(name)
        for quantifier, name in columns.items()
    ]
    roots = [_expression(program.root, columns).alias(f"rule {number}") for number, program in enumerate(programs)]
    answers = (
        consignments.lazy()
        .with_columns(beside)
        .with_columns(roots)
        .select(pl.col(f"rule {number}").fill_null(value=False) for number in range(len(roots)))
        .collect()
    )
    return [
        Verdict(fires, _witnesses(program, fires, held, children))
        for program, fires in zip(programs, (column.to_numpy() for column in answers), strict=True)
    ]


def _predicates(
    quantifiers: Sequence[Quantifier], consignments: pl.DataFrame, children: Mapping[str, pl.DataFrame]
) -> dict[Quantifier, _Held]:
    """For each quantifier what its predicate answers on every row of its collection."""
    held: dict[Quantifier, _Held] = {}
    for collection in dict.fromkeys(quantifier.collection for quantifier in quantifiers):
        asked = [quantifier for quantifier in quantifiers if quantifier.collection == collection]
        child = children[collection]
        outer = {
            node.name
            for quantifier in asked
            for node in walk(quantifier.predicate)
            if isinstance(node, Field) and node.scope == CONSIGNMENT
        }
        joined = child.with_columns(consignments[name].gather(child[ROW]).alias(_outer(name)) for name in sorted(outer))
        predicates = [f"predicate {number}" for number in range(len(asked))]
        answers = (
            joined.lazy()
            .with_columns(
                _expression(quantifier.predicate, {}, inside=collection).alias(name)
                for name, quantifier in zip(predicates, asked, strict=True)
            )
            .select(
                answer(pl.col(name)).alias(f"{name} {said}") for name in predicates for said, answer in _ANSWERS.items()
            )
            .collect()
        )
        for name, quantifier in zip(predicates, asked, strict=True):
            held[quantifier] = _Held(*(answers[f"{name} {said}"].to_numpy() for said in _ANSWERS))
    return held


def _over_rows(quantifier: Quantifier, held: _Held, row: pl.Series, height: int) -> pl.Series:
    """The quantifier's answer per consignment: three-valued "or" (exists) or "and" (all) over its rows."""
    rows = row.to_numpy()
    exists = quantifier.kind == "exists"
    decided, unknown = np.zeros(height, bool), np.zeros(height, bool)
    decided[rows[held.true if exists else held.false]] = True
    unknown[rows[held.unknown]] = True
    answer = pl.Series("answer", decided if exists else ~decided)
    unknown &= ~decided
    return answer if not unknown.any() else answer.set(pl.Series(unknown), None)


def _witnesses(
    program: Program, fires: Mask, held: Mapping[Quantifier, _Held], children: Mapping[str, pl.DataFrame]
) -> dict[str, Rows]:
    found: dict[str, Mask] = {}
    for quantifier, denied in _asked(program.root):
        bears = held[quantifier].false if denied else held[quantifier].true
        found[quantifier.collection] = found.get(quantifier.collection, np.zeros(len(bears), bool)) | bears
    return {
        collection: np.flatnonzero(mask & fires[children[collection][ROW].to_numpy()]).astype(np.uint32)
        for collection, mask in found.items()
    }


def _asked(node: Node, *, denied: bool = False) -> Iterator[tuple[Quantifier, bool]]:
    """The quantifiers whose rows can bear witness, and whether it is by failing; a denied ``exists`` has no row."""
    if isinstance(node, Quantifier):
        if not (denied and node.kind == "exists"):
            yield node, denied
        return
    turned = denied ^ (isinstance(node, Unary) and node.operator == "!")
    for part in parts(node):
        yield from _asked(part, denied=turned)


def _outer(name: str) -> str:
    return f"consignment {name}"


def _expression(node: Node, columns: Mapping[Quantifier, str], *, inside: str = CONSIGNMENT) -> pl.Expr:
    """The expression of ``node`` on the consignment frame, or on the frame of the collection it stands ``inside``."""

    def below(part: Node) -> pl.Expr:
        return _expression(part, columns, inside=inside)

    match node:
        case Literal():
            return pl.lit(node.value, dtype=POLARS[node.type]) if isinstance(node.value, tuple) else _scalar(node)
        case Field():
            return pl.col(node.name if node.scope == inside else _outer(node.name))
        case Has():
            return below(node.field).is_not_null()
        case Size():
            return _size(below(node.operand), node.operand.type)
        case Unary():
            return ~below(node.operand) if node.operator == "!" else _arithmetic("-", pl.lit(0), below(node.operand))
        case Logic():
            return _logic(node.operator, [below(part) for part in node.operands])
        case Binary():
            return _binary(node, below)
        case TextTest():
            return _text_test(node.test, below(node.subject), below(node.argument))
        case Quantifier():
            return pl.col(columns[node])


def _scalar(node: Literal) -> pl.Expr:
    return pl.lit(node.value, dtype=POLARS[node.type])


def _logic(operator: str, operands: Sequence[pl.Expr]) -> pl.Expr:
    return reduce(pl.Expr.__and__ if operator == "&&" else pl.Expr.__or__, operands)


def _size(value: pl.Expr, kind: Type) -> pl.Expr:
    return (value.str.len_chars() if kind is Type.STRING else value.list.len()).cast(pl.Int64)


def _binary(node: Binary, below: Any) -> pl.Expr:
    left: pl.Expr = below(node.left)
    if node.operator in ARITHMETIC:
        return _arithmetic(node.operator, left, below(node.right))
    if node.operator in _COMPARISONS:
        compared: pl.Expr = _COMPARISONS[node.operator](left, below(node.right))
        return compared
    if isinstance(node.right, Literal) and isinstance(node.right.value, tuple):
        return left.is_in(list(node.right.value))
    whole: pl.Expr = below(node.right)
    return pl.when(left.is_not_null() & whole.is_not_null()).then(whole.list.contains(left))


def _arithmetic(operator: str, left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """Integer arithmetic in 128 bits, so that a result outside 64 bits is seen, and becomes unknown."""
    a, b = left.cast(pl.Int128), right.cast(pl.Int128)
    match operator:
        case "+":
            result = a + b
        case "-":
            result = a - b
        case "*":
            result = a * b
        case _:
            by = pl.when(b != 0).then(b)
            quotient = (a.abs() // by.abs()) * a.sign() * by.sign()
            result = quotient if operator == "/" else a - quotient * by
    return result.cast(pl.Int64, strict=False)


def _text_test(test: str, subject: pl.Expr, argument: pl.Expr) -> pl.Expr:
    match test:
        case "startsWith":
            return subject.str.starts_with(argument)
        case "endsWith":
            return subject.str.ends_with(argument)
        case _:
            return subject.str.contains(argument, literal=True)
