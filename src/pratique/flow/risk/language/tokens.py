"""The text of a rule cut into tokens, each with its line and column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pratique.flow.risk.language.errors import RuleError
from pratique.flow.risk.language.types import INT_LIMIT

LONGEST_RULE: Final = 4_000


class Kind(StrEnum):
    """What a token is."""

    NAME = "name"
    INT = "number"
    STRING = "string"
    SYMBOL = "symbol"
    END = "end of the rule"


@dataclass(frozen=True, slots=True)
class Token:
    """``text`` as written; ``value`` of a number or a string."""

    kind: Kind
    text: str
    value: int | str | None
    line: int
    column: int

    def __str__(self) -> str:
        return self.kind.value if self.kind is Kind.END else self.text[:60]


_PATTERN: Final = re.compile(
    r"""
    (?P<blank>[ \t\r\n]+|//[^\n]*)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<number>[0-9]+(?![A-Za-z0-9_.]))
    |(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<symbol>==|!=|<=|>=|&&|\|\||[<>!+\-*/%().,\[\]])
    """,
    re.VERBOSE,
)
_ESCAPE: Final = re.compile(r"\\(.)")
_ESCAPES: Final = {"\\": "\\", '"': '"', "'": "'", "n": "\n", "t": "\t"}


def tokens(text: str) -> list[Token]:
    """The tokens of ``text``, the last of them the end.

    Raises :class:`RuleError` for a text longer than 4,000 characters and where no token can be read.
    """
    if len(text) > LONGEST_RULE:
        raise RuleError("rules.too_long", 1, 1, found=len(text), most=LONGEST_RULE)
    found: list[Token] = []
    position, line, line_start = 0, 1, 0
    while position < len(text):
        match = _PATTERN.match(text, position)
        column = position - line_start + 1
        if match is None:
            raise _unreadable(text, position, line, column)
        if match.lastgroup != "blank":
            found.append(_token(match, line, column))
        breaks = match.group().count("\n")
        if breaks:
            line += breaks
            line_start = position + match.group().rindex("\n") + 1
        position = match.end()
    found.append(Token(Kind.END, "", None, line, position - line_start + 1))
    return found


def _token(match: re.Match[str], line: int, column: int) -> Token:
    text = match.group()
    match match.lastgroup:
        case "name":
            return Token(Kind.NAME, text, None, line, column)
        case "number":
            if len(text) > 19 or int(text) >= INT_LIMIT:
                raise RuleError("rules.number_too_large", line, column, found=text[:30], most=INT_LIMIT - 1)
            return Token(Kind.INT, text, int(text), line, column)
        case "string":
            return Token(Kind.STRING, text, _unescape(text[1:-1], line, column), line, column)
        case _:
            return Token(Kind.SYMBOL, text, None, line, column)


def _unescape(text: str, line: int, column: int) -> str:
    def replaced(escape: re.Match[str]) -> str:
        if escape[1] not in _ESCAPES:
            raise RuleError("rules.unknown_escape", line, column + 1 + escape.start(), found=escape[0])
        return _ESCAPES[escape[1]]

    return _ESCAPE.sub(replaced, text)


def _unreadable(text: str, position: int, line: int, column: int) -> RuleError:
    found = text[position]
    if found in "\"'":
        return RuleError("rules.string_not_closed", line, column, found=text[position : position + 20].split("\n")[0])
    if found in "0123456789":
        return RuleError("rules.number_not_whole", line, column, found=text[position : position + 20].split()[0])
    return RuleError("rules.unreadable_character", line, column, found=found if found.isprintable() else ascii(found))
