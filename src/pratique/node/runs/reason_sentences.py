"""Reasons as sentences: each with the template of the profile version that fired, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.languages import ENGLISH
from pratique.vocabulary.model_reasons import is_of_a_model, model_sentence

if TYPE_CHECKING:
    from pratique.node import Actor, Node
    from pratique.node.storage.profiles import StoredProfile


class Reasoned(Protocol):
    """What a sentence is made of."""

    @property
    def profile_id(self) -> str: ...
    @property
    def profile_version(self) -> int: ...
    @property
    def params(self) -> Mapping[str, Any]: ...


Tell = Callable[[Reasoned], str]


def reason_sentences(node: Node, actor: Actor, language: str = ENGLISH) -> Tell:
    """A function that makes the sentence of a reason, from the profiles of ``node``."""
    from pratique.node.handlers.profiles import ListProfiles

    stored = node.ask(ListProfiles(), actor=actor)
    return sentences_of(stored, language)


def sentences_of(stored: Iterable[StoredProfile], language: str = ENGLISH) -> Tell:
    """The same, from profiles at hand; those of models have sentences of their own.

    A reason of a profile that is not among them gives its code.
    """
    from pratique.flow.risk import parse_profile, render_reason

    texts = {(item.id, item.version): item.text for item in stored}

    @cache
    def template(profile_id: str, version: int) -> str | None:
        text = texts.get((profile_id, version))
        try:
            return None if text is None else parse_profile(text).sentence
        except PratiqueError:  # a version that this program can no longer read: the reason still has its code
            return None

    def tell(reason: Reasoned) -> str:
        found = template(reason.profile_id, reason.profile_version)
        if found is None and is_of_a_model(reason.profile_id):
            return model_sentence(reason.profile_id, reason.params, language)
        if found is None:
            return reason.profile_id
        return render_reason(reason.profile_id, found, reason.params, language)

    return tell
