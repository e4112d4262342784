"""The parser: a rule's text and the fields it may name → a typed tree, or a refusal with its place.

Grammar, weakest binding first::

    rule       = or
    or         = and { "||" and }
    and        = comparison { "&&" comparison }
    comparison = sum [ ("==" | "!=" | "<" | "<=" | ">" | ">=" | "in") sum ]
    sum        = product { ("+" | "-") product }
    product    = unary { ("*" | "/" | "%") unary }
    unary      = ("!" | "-") unary | postfix
    postfix    = primary { "." ("startsWith" | "endsWith" | "contains") "(" or ")" }
    primary    = number | string | "true" | "false" | "[" literal { "," literal } "]" | "(" or ")"
               | "has" "(" field ")" | "size" "(" or ")" | field
               | collection "." ("exists" | "all") "(" variable "," or ")"
    field      = name | variable "." name

Types are checked while the tree is built, so that a tree that exists is well-typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Final, TypeVar

from pratique.flow.risk.language import types
from pratique.flow.risk.language.errors import RuleError
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
    depth,
)
from pratique.flow.risk.language.tokens import Kind, Token, tokens
from pratique.flow.risk.language.types import ITEM, LIST_OF, Scopes, Type

DEEPEST_RULE: Final = 30
MOST_NODES: Final = 500
COMPARISONS: Final = (*types.EQUALITY, *types.ORDER, "in")
N = TypeVar("N", bound=Node)
RESERVED: Final = frozenset({"true", "false", "null", "in", "has", "size"})


def parse_rule(text: str, scopes: Scopes) -> Program:
    """The typed program of a rule over the fields in ``scopes``.

    Raises :class:`RuleError` with line and column, what was found and what was expected.
    """
    return Program(text, _Parser(tokens(text), scopes).rule())


class _Parser:
    """One pass over the tokens of one rule."""

    def __init__(self, found: list[Token], scopes: Scopes) -> None:
        self.tokens = found
        self.scopes = scopes
        self.position = 0
        self.nesting = 0
        self.nodes = 0
        self.variable: tuple[str, str] | None = None  # name and collection of the quantifier around

    def rule(self) -> Node:
        start = self.here
        root = self.disjunction()
        if self.here.kind is not Kind.END:
            raise self.unexpected(self.here, "an operator such as && or the end of the rule")
        self.demand(root, (Type.BOOL,), start)
        if depth(root) > DEEPEST_RULE:
            raise RuleError("rules.too_deep", start.line, start.column, most=DEEPEST_RULE)
        return root

    # the grammar, weakest binding first

    def disjunction(self) -> Node:
        self.nesting += 1
        if self.nesting > DEEPEST_RULE:
            raise RuleError("rules.too_deep", self.here.line, self.here.column, most=DEEPEST_RULE)
        node = self.chain("||", self.conjunction)
        self.nesting -= 1
        return node

    def conjunction(self) -> Node:
        return self.chain("&&", self.comparison)

    def chain(self, operator: str, part: Callable[[], Node]) -> Node:
        start = self.here
        operands = [part()]
        while self.here.text == operator and self.here.kind is Kind.SYMBOL:
            self.demand(operands[-1], (Type.BOOL,), start)
            self.advance()
            start = self.here
            operands.append(part())
        if len(operands) == 1:
            return operands[0]
        self.demand(operands[-1], (Type.BOOL,), start)
        return self.built(Logic(operator, tuple(operands)), start)

    def comparison(self) -> Node:
        return self.binary(COMPARISONS, self.sum, repeat=False)

    def sum(self) -> Node:
        return self.binary(("+", "-"), self.product)

    def product(self) -> Node:
        return self.binary(("*", "/", "%"), self.unary)

    def binary(self, operators: tuple[str, ...], part: Callable[[], Node], *, repeat: bool = True) -> Node:
        start = self.here
        node = part()
        while self.here.text in operators and self.here.kind is not Kind.STRING:
            operator = self.advance()
            self.demand(node, types.wanted_on_the_left(operator.text), start)
            right_start = self.here
            right = part()
            self.demand(right, types.wanted_on_the_right(operator.text, node.type), right_start)
            node = self.built(Binary(operator.text, node, right), operator)
            if not repeat:
                break
        return node

    def unary(self) -> Node:
        if self.here.kind is not Kind.SYMBOL or self.here.text not in ("!", "-"):
            return self.postfix()
        operator = self.advance()
        self.nesting += 1
        if self.nesting > DEEPEST_RULE:
            raise RuleError("rules.too_deep", operator.line, operator.column, most=DEEPEST_RULE)
        start = self.here
        operand = self.unary()
        self.nesting -= 1
        self.demand(operand, (Type.BOOL if operator.text == "!" else Type.INT,), start)
        return self.built(Unary(operator.text, operand), operator)

    def postfix(self) -> Node:
        start = self.here
        node = self.primary()
        while self.here.text == "." and self.here.kind is Kind.SYMBOL:
            self.advance()
            test = self.name("startsWith, endsWith or contains")
            if test.text not in types.TEXT_TESTS:
                raise self.unknown("rules.unknown_function", test, types.TEXT_TESTS)
            self.demand(node, (Type.STRING,), start)
            node = self.built(TextTest(test.text, node, self.argument(Type.STRING)), test)
        return node

    def primary(self) -> Node:
        token = self.here
        if token.kind in (Kind.INT, Kind.STRING) or token.text in ("true", "false"):
            return self.built(self.literal(), token)
        if token.kind is Kind.NAME:
            return self.named()
        if token.text == "(":
            self.advance()
            node = self.disjunction()
            self.symbol(")")
            return node
        if token.text == "[":
            return self.list_literal()
        raise self.unexpected(token, "a field, a number, a string, true, false, a list or (")

    # the things that have a name

    def named(self) -> Node:
        token = self.advance()
        if token.text == "has":
            return self.has(token)
        if token.text == "size":
            return self.built(Size(self.argument(Type.STRING, *ITEM)), token)
        if self.variable is not None and token.text == self.variable[0]:
            self.symbol(".")
            return self.field(self.variable[1])
        if token.text in self.scopes and token.text != CONSIGNMENT:
            return self.quantifier(token)
        self.position -= 1
        return self.field(CONSIGNMENT)

    def field(self, scope: str) -> Field:
        token = self.name("the name of a field")
        known = self.scopes[scope]
        if token.text not in known:
            around = [name for name in self.scopes if name] if scope == CONSIGNMENT else []
            raise self.unknown("rules.unknown_field", token, [*known, *around])
        return self.built(Field(scope, token.text, known[token.text]), token)

    def has(self, token: Token) -> Node:
        self.symbol("(")
        inside = self.here
        node = self.named() if inside.kind is Kind.NAME else None
        if not isinstance(node, Field):
            raise self.unexpected(inside, "the name of a field")
        self.symbol(")")
        return self.built(Has(node), token)

    def quantifier(self, collection: Token) -> Node:
        self.symbol(".")
        kind = self.name("exists or all")
        if kind.text not in types.QUANTIFIERS:
            raise self.unknown("rules.unknown_function", kind, types.QUANTIFIERS)
        if self.variable is not None:
            raise RuleError("rules.nested_quantifier", collection.line, collection.column, found=collection.text)
        self.symbol("(")
        variable = self.name("a name for one row, such as g")
        if variable.text in RESERVED or variable.text in self.scopes or variable.text in self.scopes[CONSIGNMENT]:
            raise RuleError("rules.name_taken", variable.line, variable.column, found=variable.text)
        self.symbol(",")
        self.variable = (variable.text, collection.text)
        start = self.here
        predicate = self.disjunction()
        self.demand(predicate, (Type.BOOL,), start)
        self.variable = None
        self.symbol(")")
        return self.built(Quantifier(kind.text, collection.text, predicate), collection)

    def argument(self, *wanted: Type) -> Node:
        self.symbol("(")
        start = self.here
        node = self.disjunction()
        self.demand(node, wanted, start)
        self.symbol(")")
        return node

    # literals

    def literal(self) -> Literal:
        token = self.advance()
        if isinstance(token.value, str):
            return Literal(token.value, Type.STRING)
        if token.value is not None:
            return Literal(token.value, Type.INT)
        return Literal(token.text == "true", Type.BOOL)

    def list_literal(self) -> Literal:
        start = self.advance()
        if self.here.text == "]":
            raise RuleError("rules.empty_list", start.line, start.column)
        values = [self.item(LIST_OF)]
        while self.here.text == "," and self.here.kind is Kind.SYMBOL:
            self.advance()
            values.append(self.item((values[0].type,)))
        self.symbol("]")
        if values[0].type is Type.INT:
            return Literal(tuple(v.value for v in values if isinstance(v.value, int)), Type.INT_LIST)
        return Literal(tuple(v.value for v in values if isinstance(v.value, str)), Type.STRING_LIST)

    def item(self, wanted: Iterable[Type]) -> Literal:
        start = self.here
        if start.text == "-" and start.kind is Kind.SYMBOL:
            self.advance()
            value = self.advance().value
            if not isinstance(value, int):
                raise self.unexpected(start, "a number or a string")
            item = Literal(-value, Type.INT)
            self.demand(item, wanted, start)
            return item
        if start.kind not in (Kind.INT, Kind.STRING):
            raise self.unexpected(start, "a number or a string")
        item = self.literal()
        self.demand(item, wanted, start)
        return item

    # small steps

    @property
    def here(self) -> Token:
        return self.tokens[self.position]

    def advance(self) -> Token:
        token = self.here
        if token.kind is not Kind.END:
            self.position += 1
        return token

    def name(self, expected: str) -> Token:
        if self.here.kind is not Kind.NAME:
            raise self.unexpected(self.here, expected)
        return self.advance()

    def symbol(self, text: str) -> None:
        if self.here.kind is not Kind.SYMBOL or self.here.text != text:
            raise self.unexpected(self.here, text)
        self.advance()

    def built(self, node: N, token: Token) -> N:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise RuleError("rules.too_many_parts", token.line, token.column, most=MOST_NODES)
        return node

    def demand(self, node: Node, wanted: Iterable[Type], start: Token) -> None:
        expected = tuple(wanted)
        if node.type not in expected:
            told = " or ".join(expected) or "nothing: this operator does not take what stands before it"
            raise RuleError("rules.wrong_type", start.line, start.column, found=node.type, expected=told)

    def unexpected(self, token: Token, expected: str) -> RuleError:
        return RuleError("rules.unexpected", token.line, token.column, found=str(token), expected=expected)

    def unknown(self, code: str, token: Token, names: Iterable[str]) -> RuleError:
        near = get_close_matches(token.text[:60], list(names), n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else "no known name is like it"
        return RuleError(code, token.line, token.column, found=token.text[:60], hint=hint)
