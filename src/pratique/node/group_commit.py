"""Commands of several threads, collected for a moment and carried out as one group: one sync of the disk for all."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Final, TypeVar, cast

from pratique.node.access import Actor
from pratique.node.acts import Command
from pratique.node.node import Node
from pratique.vocabulary.errors import PratiqueError

R = TypeVar("R")
LONGEST_WAIT: Final = 0.05  # seconds
LARGEST_GROUP: Final = 64

Waiting = tuple[Command[Any], Actor, "Future[Any]"]


class GroupCommit:
    """Collects commands kept in one store and carries them out together, each for its own actor.

    A group is closed when it is full, or ``wait`` seconds after its first command came; what comes while one is being
    written is the next, so that even without waiting a burst shares its commits. Its thread begins with the first
    command. Close it to end that thread: what was handed over before is still carried out.
    """

    def __init__(self, node: Node, *, wait: float = LONGEST_WAIT, most: int = LARGEST_GROUP) -> None:
        self._node = node
        self._wait = wait
        self._most = most
        self._waiting: list[Waiting] = []
        self._changed = threading.Condition()
        self._closing = False
        self._thread: threading.Thread | None = None

    def execute(self, command: Command[R], *, actor: Actor) -> R:
        """As ``Node.execute``, a moment later. Raises ``PratiqueError``, ``RuntimeError`` once it was closed."""
        future: Future[Any] = Future()
        with self._changed:
            if self._closing:
                raise RuntimeError("the collector was closed")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="group-commit", daemon=True)
                self._thread.start()
            self._waiting.append((command, actor, future))
            self._changed.notify_all()
        return cast(R, future.result())

    def close(self) -> None:
        """Carries out what was handed over, then ends."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> GroupCommit:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self) -> None:
        while True:
            group = self._next_group()
            if not group:
                return
            self._carry_out(group)

    def _next_group(self) -> list[Waiting]:
        """The next commands; none once it was closed and nothing is left."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing)
            if not self._closing:
                self._changed.wait_for(lambda: len(self._waiting) >= self._most or self._closing, timeout=self._wait)
            group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            return group

    def _carry_out(self, group: list[Waiting]) -> None:
        try:
            answers = self._node.execute_group([(command, actor) for command, actor, _ in group])
        except BaseException as error:  # told to every thread that waits, whatever it is
            for _, _, future in group:
                future.set_exception(error)
            return
        for (_, _, future), answer in zip(group, answers, strict=True):
            _settle(future, answer)


def _settle(future: Future[Any], answer: Any) -> None:
    if isinstance(answer, PratiqueError):
        future.set_exception(answer)
    else:
        future.set_result(answer)
