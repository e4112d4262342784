"""What every route is given: the node, the jobs, the answers kept by key, and the bounds of what comes in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, TypeVar, cast

from fastapi import Depends, Request

from pratique.api.uploads import Upload
from pratique.node import Actor, Node, local_operator
from pratique.node.acts import Command, Query
from pratique.node.answers import KeptAnswers
from pratique.node.jobs import Jobs

R = TypeVar("R")

MIB: Final = 1024 * 1024
EDGE: Final = local_operator("api")  # asks for what no answer shows as such: wording of reasons, what was done before


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may come in, in bytes and in seconds; what is beyond is refused before it is kept."""

    json_bytes: int = MIB
    read_bytes: int = 64 * MIB  # a message that is read while the caller waits
    load_bytes: int = 512 * MIB  # a watchlist or a table
    assess_bytes: int = 1024 * MIB  # all messages of one assessment
    files: int = 64
    json_seconds: float = 30.0
    upload_seconds: float = 900.0


@dataclass(frozen=True, slots=True)
class Serving:
    """One API over one open node."""

    node: Node
    jobs: Jobs
    answers: KeptAnswers
    limits: Limits

    def close(self) -> None:
        """Gives back what the API itself holds open; the node is its owner's to close."""
        self.answers.close()


@dataclass(frozen=True, slots=True)
class Caller:
    """One request of one caller: the two doors of the node, entered in the caller's name."""

    serving: Serving
    actor: Actor
    token_sha256: str
    upload: Upload | None = None

    def execute(self, command: Command[R]) -> R:
        """Carries the command out. Raises ``PratiqueError``, which becomes a problem."""
        return self.serving.node.execute(command, actor=self.actor)

    def ask(self, query: Query[R]) -> R:
        """Answers the query. Raises ``PratiqueError``, which becomes a problem."""
        return self.serving.node.ask(query, actor=self.actor)

    @property
    def files(self) -> Upload:
        """What was uploaded; only routes that take an upload ask for it."""
        assert self.upload is not None
        return self.upload


def serving_of(request: Request) -> Serving:
    """The API that the request came to."""
    return cast(Serving, request.app.state.serving)


def caller_of(request: Request) -> Caller:
    """The caller that the route made of the request, once caller and body were accepted."""
    return cast(Caller, request.state.caller)


By = Annotated[Caller, Depends(caller_of)]
