"""What each side of blind queries keeps between question and answer: the key of a set, the secrets of a question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Final, Literal

from pydantic import Field

from pratique.partners.exchange import blind, strict_json
from pratique.partners.exchange.errors import refuse
from pratique.partners.exchange.messages.asking import MOST_ELEMENTS, BlindAnswer, BlindQuery, IdentifierKind
from pratique.partners.exchange.wire import Bytes, Hash, Line, ListOf, Moment, Number, Wire, record
from pratique.vocabulary.errors import Category

LARGEST: Final = 1024 * 1024


class BlindSet(Wire):
    """A set that may be asked about: its secret key, its kind, and until when answers count."""

    v: Literal[1]
    kind: IdentifierKind
    key: Hash
    set: Hash
    size: Number
    valid_until: Moment


class Asked(Wire):
    """One identifier of a question, with what takes the blinding out of its answer."""

    identifier: Line
    hashed: Bytes
    unblinding: Hash


class BlindSecrets(Wire):
    """What the asking side keeps of a question until it is answered, and then destroys."""

    v: Literal[1]
    kind: IdentifierKind
    asked: Annotated[tuple[Asked, ...], Field(min_length=1, max_length=MOST_ELEMENTS), ListOf]


def read_identifier(line: str, kind: IdentifierKind) -> bytes:
    """What is hashed of a line: the identifier; of a person the name, a semicolon and the day of birth.

    Raises ``exchange.blind_identifier``.
    """
    if kind != "person":
        return blind.identifier(kind, line)
    name, _, born = line.rpartition(";")
    try:
        return blind.identifier(kind, name, born_on=date.fromisoformat(born.strip()))
    except ValueError:
        raise refuse("exchange.blind_identifier", kind=kind) from None


def make_set(
    lines: Sequence[str], kind: IdentifierKind, *, key: bytes, valid_until: datetime
) -> tuple[BlindSet, tuple[bytes, ...]]:
    """The set of those identifiers and its tokens, which the asking side gets."""
    held = blind.tokens((read_identifier(line, kind) for line in lines), key=key)
    made = BlindSet(v=1, kind=kind, key=key, set=blind.set_id(held), size=len(held), valid_until=valid_until)
    return made, held


def ask(lines: Sequence[str], kind: IdentifierKind, *, secrets: Sequence[bytes]) -> tuple[BlindQuery, BlindSecrets]:
    """The question for those identifiers, with one fresh secret of 32 bytes for each."""
    if not 1 <= len(lines) <= MOST_ELEMENTS:
        raise refuse("exchange.blind_many", found=len(lines), most=MOST_ELEMENTS)
    asked = [
        blind.blinded(read_identifier(line, kind), secret=secret) for line, secret in zip(lines, secrets, strict=True)
    ]
    kept = [
        Asked(identifier=line, hashed=each.identifier, unblinding=each.unblinding)
        for line, each in zip(lines, asked, strict=True)
    ]
    query = BlindQuery(kind=kind, elements=tuple(each.element for each in asked))
    return query, BlindSecrets(v=1, kind=kind, asked=tuple(kept))


def answer(query: BlindQuery, held: BlindSet, *, message: str, now: datetime) -> BlindAnswer:
    """The answer to a question of the set's kind. Raises ``exchange.blind_kind`` and ``exchange.blind_over``."""
    if query.kind != held.kind:
        raise refuse("exchange.blind_kind", asked=query.kind, held=held.kind)
    if now >= held.valid_until:
        raise refuse("exchange.blind_over", Category.CONFLICT)
    elements = blind.evaluated(query.elements, key=held.key)
    return BlindAnswer(query=message, set=held.set, size=held.size, valid_until=held.valid_until, elements=elements)


def read_answer(said: BlindAnswer, kept: BlindSecrets, tokens: bytes) -> tuple[tuple[str, bool], ...]:
    """Each identifier with whether the partner holds it. Raises ``exchange.blind_set`` where the tokens are of another
    set, and ``exchange.blind_many`` where the answer is to another question."""
    if len(said.elements) != len(kept.asked):
        raise refuse("exchange.blind_many", found=len(said.elements), most=len(kept.asked))
    held = blind.read_tokens(tokens, expected=said.set)
    return tuple(
        (each.identifier, blind.is_known(blind.Blinded(b"", each.unblinding, each.hashed), element, held))
        for each, element in zip(kept.asked, said.elements, strict=True)
    )


def read_kept_set(data: bytes) -> BlindSet:
    """The set that this side keeps. Raises ``exchange.message_invalid``."""
    said = strict_json.read(data, what="set", at_most=LARGEST)
    return record(BlindSet, said, code="exchange.message_invalid", what="set")


def read_kept_secrets(data: bytes) -> BlindSecrets:
    """The secrets that this side keeps. Raises ``exchange.message_invalid``."""
    said = strict_json.read(data, what="secrets", at_most=LARGEST)
    return record(BlindSecrets, said, code="exchange.message_invalid", what="secrets")
