"""What is wrong with an agreement or with facts, with the line or the place."""

from __future__ import annotations

from pratique.vocabulary.errors import Category, PratiqueError
from pratique.vocabulary.sentences import sentence


class AgreementError(PratiqueError):
    """An instrument that cannot be used; ``line`` is the line of its text that is at fault."""

    def __init__(self, code: str, line: int, **params: str | int) -> None:
        told = {"line": line, **params}
        super().__init__(
            code,
            sentence(code, told),
            category=Category.REJECTED,
            kept=sentence("agreements.kept", {}),
            todo=sentence("agreements.todo", {}),
        )
        self.line = line
        self.params = told


class FactsError(PratiqueError):
    """Facts that say something the vocabulary does not know; ``place`` is the path inside them."""

    def __init__(self, code: str, place: str, **params: str | int) -> None:
        told = {"place": place, **params}
        super().__init__(
            code, sentence(code, told), category=Category.REJECTED, todo=sentence("agreements.facts.todo", {})
        )
        self.place = place
        self.params = told
