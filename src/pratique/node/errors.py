"""The errors of the node; their sentences are data (``data/sentences/en/node.yaml``)."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from typing import Final

from pratique.vocabulary.errors import Category, PratiqueError

FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def refuse(code: str, category: Category = Category.REJECTED, /, **params: object) -> PratiqueError:
    """The error of that code: what happened, what was kept and what to do, with ``params`` filled in."""
    error = PratiqueError(
        code,
        told(code, params),
        category=category,
        kept=told(f"{code}.kept", params),
        todo=told(f"{code}.todo", params),
    )
    error.params = params
    return error


def out_of_space(error: BaseException) -> PratiqueError | None:
    """The error people meet where the disk (or a limit on it) is full; ``None`` for any other fault."""
    if isinstance(error, OSError) and error.errno in FULL:
        return refuse("node.disk_full", Category.UNAVAILABLE)
    return None


def told(code: str, params: Mapping[str, object]) -> str:
    """The sentence of ``code`` with ``params`` filled in; empty where the code has none."""
    from pratique.vocabulary.sentences import known_codes, sentence

    return sentence(code, params) if code in known_codes() else ""
