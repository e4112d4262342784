"""Which node, and who acts: from the options, else the environment, else the defaults."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.languages import ENGLISH

if TYPE_CHECKING:
    from pratique.cli.start import Second
    from pratique.node import Actor, Node
    from pratique.node.runs.beside import Beside

DEFAULT_NODE: Final = "pratique-node"


def node_folder(option: Path | None) -> Path:
    """The folder of the node: ``--node``, else ``PRATIQUE_NODE``, else ``./pratique-node``."""
    return option or Path(os.environ.get("PRATIQUE_NODE") or DEFAULT_NODE)


def acting(option: str | None) -> Actor:
    """The local operator under the name given, else ``PRATIQUE_ACTOR``, else the login."""
    from pratique.node import local_operator

    return local_operator(option or os.environ.get("PRATIQUE_ACTOR") or _login())


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "operator"


@contextmanager
def opened(option: Path | None) -> Iterator[Node]:
    """The node, open. Raises ``PratiqueError`` (not found) where the folder is no node."""
    from pratique.node import Node

    with Node.open(node_folder(option)) as node, _errors_retold(node):
        yield node


@contextmanager
def opened_or_made(
    option: Path | None, actor: str | None, *, files: Sequence[Path], second: Second | None = None
) -> Iterator[Node]:
    """The node, open; made first, and said so, where the folder is not there yet and the ``files`` for it are.

    ``second`` is the process that was begun to screen in, if one was.
    """
    from pratique.node import Node

    folder = node_folder(option)
    if folder.exists():
        with Node.open(folder, beside=_beside(second)) as node, _errors_retold(node):
            yield node
        return
    from pratique.node.runs.incoming import open_regular

    for file in files:
        open_regular(file).close()
    sys.stderr.write(f"No node yet: making {folder.absolute()} with the shipped risk profiles.\n")
    with Node.create(folder, actor=acting(actor)) as node:
        yield node


def _beside(second: Second | None) -> Beside | None:
    if second is None:
        return None
    from pratique.node.runs.beside import Beside

    return Beside(second)


def language_of(node: Node) -> str:
    """The language that the node is set to speak; English where a damaged one cannot say."""
    from pratique.node.handlers.settings import ListSettings

    try:
        settings = node.ask(ListSettings(), actor=acting(None))
    except PratiqueError:
        return ENGLISH
    return next(each.value for each in settings if each.name == "language")


def language_where(option: Path | None) -> str:
    """The language of the node for a command that needs none: English where there is no node."""
    if not node_folder(option).is_dir():
        return ENGLISH
    with opened(option) as node:
        return language_of(node)


@contextmanager
def _errors_retold(node: Node) -> Iterator[None]:
    """Errors leave in the language of the node."""
    from pratique.vocabulary.sentences import retold

    try:
        yield
    except PratiqueError as error:
        told = retold(error, language_of(node))
        if told is error:
            raise
        raise told from error
