"""The errors of learning; their sentences are data (``data/sentences/en/model.yaml``)."""

from __future__ import annotations

from pratique.vocabulary.errors import Category, PratiqueError
from pratique.vocabulary.sentences import known_codes, sentence


def refuse(code: str, category: Category = Category.REJECTED, /, **params: object) -> PratiqueError:
    """The error of that code: what happened, what was kept and what to do, with ``params`` filled in."""
    known = known_codes()
    happened, kept, todo = (
        sentence(each, params) if each in known else "" for each in (code, f"{code}.kept", f"{code}.todo")
    )
    error = PratiqueError(code, happened, category=category, kept=kept, todo=todo)
    error.params = params
    return error
