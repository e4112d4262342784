"""The typed tree of a rule: eight kinds of node, each with its type, none of which can be ill-typed once parsed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pratique.flow.risk.language.types import ARITHMETIC, Type

CONSIGNMENT: Final = ""  # the scope of the consignment's own fields


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the rule."""

    value: int | str | bool | tuple[int, ...] | tuple[str, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the consignment (scope ``""``) or of the row that the enclosing quantifier looks at."""

    scope: str
    name: str
    type: Type

    @property
    def qualified(self) -> str:
        """``gross_mass_g`` or ``goods.description``."""
        return f"{self.scope}.{self.name}" if self.scope else self.name


@dataclass(frozen=True, slots=True)
class Unary:
    """``!x`` or ``-x``."""

    operator: str
    operand: Node

    @property
    def type(self) -> Type:
        """A denial is a bool, a negation an int."""
        return Type.BOOL if self.operator == "!" else Type.INT


@dataclass(frozen=True, slots=True)
class Binary:
    """A comparison, an ``in`` or integer arithmetic."""

    operator: str
    left: Node
    right: Node

    @property
    def type(self) -> Type:
        """Arithmetic gives an int, all else a bool."""
        return Type.INT if self.operator in ARITHMETIC else Type.BOOL


@dataclass(frozen=True, slots=True)
class Logic:
    """``a && b && c`` or ``a || b || c``, kept flat so that long chains are not deep."""

    operator: str
    operands: tuple[Node, ...]
    type: Type = Type.BOOL


@dataclass(frozen=True, slots=True)
class TextTest:
    """``subject.startsWith(argument)``, ``endsWith`` or ``contains``."""

    test: str
    subject: Node
    argument: Node
    type: Type = Type.BOOL


@dataclass(frozen=True, slots=True)
class Has:
    """``has(field)``: whether the field is known at all. The only question that is never unknown itself."""

    field: Field
    type: Type = Type.BOOL


@dataclass(frozen=True, slots=True)
class Size:
    """``size(x)``: characters of a string, items of a list."""

    operand: Node
    type: Type = Type.INT


@dataclass(frozen=True, slots=True)
class Quantifier:
    """``goods.exists(g, …)`` or ``goods.all(g, …)``; quantifiers do not nest."""

    kind: str
    collection: str
    predicate: Node
    type: Type = Type.BOOL


Node = Literal | Field | Unary | Binary | Logic | TextTest | Has | Size | Quantifier


@dataclass(frozen=True, slots=True)
class Program:
    """A rule that has been read and found well-typed."""

    text: str
    root: Node

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields the rule names, each once, in the order of their first appearance."""
        return tuple(dict.fromkeys(node for node in walk(self.root) if isinstance(node, Field)))

    @property
    def quantifiers(self) -> tuple[Quantifier, ...]:
        """The quantifiers of the rule, each once, in the order of their first appearance."""
        return tuple(dict.fromkeys(node for node in walk(self.root) if isinstance(node, Quantifier)))


def parts(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    match node:
        case Unary() | Size():
            return (node.operand,)
        case Binary():
            return (node.left, node.right)
        case Logic():
            return node.operands
        case TextTest():
            return (node.subject, node.argument)
        case Has():
            return (node.field,)
        case Quantifier():
            return (node.predicate,)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, in the order of the text."""
    yield node
    for part in parts(node):
        yield from walk(part)


def depth(node: Node) -> int:
    """How many nodes lie on the longest way down."""
    return 1 + max((depth(part) for part in parts(node)), default=0)
