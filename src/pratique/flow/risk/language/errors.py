"""What is wrong with a rule, with the line and column where it is wrong."""

from __future__ import annotations

from pratique.vocabulary.errors import Category, PratiqueError
from pratique.vocabulary.sentences import sentence


class RuleError(PratiqueError):
    """A rule that cannot be used.

    ``line`` and ``column`` count from 1; ``params`` fill the sentence of ``code`` in any language.
    """

    def __init__(self, code: str, line: int, column: int, **params: str | int) -> None:
        told = {"line": line, "column": column, **params}
        super().__init__(
            code,
            sentence(code, told),
            category=Category.REJECTED,
            kept=sentence("rules.kept", {}),
            todo=sentence("rules.todo", {}),
        )
        self.line = line
        self.column = column
        self.params = told
