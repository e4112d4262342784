"""Models that learn: kept in shadow by whoever trained them, put in force by a second person, each by its digest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.files import files_below
from pratique.node.folder import NodeFolder
from pratique.node.learning.speakers import MODELS
from pratique.node.storage import learned_models as stored
from pratique.node.storage.kept_files import name_files
from pratique.node.storage.learned_models import LearnedModel
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category


@dataclass(frozen=True, slots=True)
class KeepModel(Command[LearnedModel]):
    """Takes in a model of the node's folder of models; it decides nothing: one of chances scores in shadow."""

    digest: str
    entry: ClassVar[str] = "models.kept"


@dataclass(frozen=True, slots=True)
class PromoteModel(Command[LearnedModel]):
    """Puts a kept model in force, and the one of its kind before it out. Whoever kept it may not do it."""

    digest: str
    entry: ClassVar[str] = "models.promoted"


@dataclass(frozen=True, slots=True)
class RetireModel(Command[LearnedModel]):
    """Takes a model out of force, or out of shadow; rules go on alone until another one is promoted."""

    digest: str
    entry: ClassVar[str] = "models.retired"


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model with its card: data, measures with intervals, limits; ``None`` where its files are not those kept."""

    model: LearnedModel
    card: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class ListModelCards(Query[tuple[ModelCard, ...]]):
    """Every model of the node (else those whose digest begins so) with its card, the newest first."""

    digest: str = ""


@dataclass(frozen=True, slots=True)
class ListModels(Query[list[LearnedModel]]):
    """Every model of the node with its state."""


def keep_model(command: KeepModel, work: Work) -> Act[LearnedModel]:
    """Its files are checked against the digest first, and count from here on: a backup has them, and doctor looks at
    them. A model that is known already stays as it is."""
    digest, kind = _checked(work.folder, command.digest)
    files = files_below(work.folder, f"{MODELS}/{digest}", kind="model")

    def act(connection: Connection) -> Done[LearnedModel]:
        name_files(connection, files, at=work.at)
        known = stored.learned_models(connection, digest)
        kept = known[0] if known else stored.keep(connection, digest, kind=kind, by=work.actor.name, at=work.at)
        return Done(kept, command={"digest": digest}, outcome=_facts(kept))

    return act


def promote_model(command: PromoteModel, work: Work) -> Act[LearnedModel]:
    """Two persons stand behind every model in force; one whose files have changed is refused."""
    digest, _ = _checked(work.folder, command.digest)
    files = files_below(work.folder, f"{MODELS}/{digest}", kind="model")

    def act(connection: Connection) -> Done[LearnedModel]:
        name_files(connection, files, at=work.at)  # a model that was kept before its files counted
        chosen = model_kept(connection, digest)
        if chosen.kept_by.casefold() == work.actor.name.casefold():
            raise refuse("model.second_person", Category.DENIED, digest=digest[:12])
        stored.promote(connection, digest, by=work.actor.name, at=work.at)
        now = model_kept(connection, digest)
        return Done(now, command={"digest": digest}, outcome=_facts(now))

    return act


def retire_model(command: RetireModel, work: Work) -> Act[LearnedModel]:
    """Runs that used it can still be replayed; raises ``CONFLICT`` where it is retired already."""

    def act(connection: Connection) -> Done[LearnedModel]:
        chosen = model_kept(connection, command.digest)
        if chosen.state == "retired":
            raise refuse("model.retired_already", Category.CONFLICT, digest=chosen.digest[:12])
        stored.retire(connection, chosen.digest, at=work.at)
        now = model_kept(connection, chosen.digest)
        return Done(now, command=_facts(chosen), outcome=_facts(now))

    return act


def list_model_cards(query: ListModelCards, view: View) -> tuple[ModelCard, ...]:
    """Raises ``NOT_FOUND`` where a digest is given and no model has it."""
    from pratique.flow.learning.files import kept_in

    found = stored.learned_models(view.connection, query.digest)
    if query.digest and not found:
        raise refuse("model.not_kept", Category.NOT_FOUND, digest=query.digest[:12])
    cards = dict(kept_in(view.folder.root / MODELS)) if found else {}
    return tuple(ModelCard(each, cards.get(each.digest) or None) for each in reversed(found))


def list_models(query: ListModels, view: View) -> list[LearnedModel]:
    """By the moment they were kept."""
    return stored.learned_models(view.connection)


def model_kept(connection: Connection, beginning: str) -> LearnedModel:
    """The one model whose digest begins so. Raises ``NOT_FOUND`` where there is none, or more than one."""
    found = stored.learned_models(connection, beginning)
    if len(found) != 1:
        raise refuse("model.not_kept", Category.NOT_FOUND, digest=beginning[:12])
    return found[0]


def _checked(folder: NodeFolder, beginning: str) -> tuple[str, str]:
    """The digest and the kind of a model whose files are those of its digest, and sound. Raises where they are not."""
    from pratique.flow.learning.files import HEADINGS, digest_in, kind_in, load

    place = folder.root / MODELS
    digest = digest_in(place, beginning)
    if (kind := kind_in(place, digest)) == HEADINGS:
        from pratique.flow.learning.headings_files import load_headings

        load_headings(place, digest)
    else:
        load(place, digest)
    return digest, kind


def _facts(model: LearnedModel) -> dict[str, object]:
    return {"digest": model.digest, "state": model.state}
