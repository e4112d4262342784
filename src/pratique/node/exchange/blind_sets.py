"""The set that partners ask about: made of the lists that were marked for it, under a key of its own, with decoys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pratique.node.canonical import canonical
from pratique.node.exchange.blind_kinds import Kind, lines_of
from pratique.node.folder import NodeFolder
from pratique.node.hits.pairs import all_rows
from pratique.node.instants import to_text
from pratique.node.storage import blind as stored
from pratique.node.storage.blind import StoredSet
from pratique.node.storage.store import Connection
from pratique.node.storage.versions import ListVersion, lists_in_force
from pratique.partners.exchange import blind
from pratique.partners.exchange.blind_files import read_identifier
from pratique.partners.exchange.messages.asking import IdentifierKind
from pratique.partners.exchange.wire import LONGEST_TOKENS
from pratique.vocabulary.errors import PratiqueError

KEY_DAYS: Final = timedelta(days=30)
SMALLEST: Final = 20
"""Of fewer identifiers no set is made: a yes, and how many there are, would say too much."""
LARGEST: Final = LONGEST_TOKENS // blind.TOKEN_BYTES
NO_SET: Final = "blind.no_set"
TOO_SMALL: Final = "blind.too_small"
TOO_LARGE: Final = "blind.too_large"


@dataclass(frozen=True, slots=True)
class SetAtHand:
    """The set to answer from, or the ground why there is none. ``fresh``: it was made just now and is not stored."""

    held: StoredSet | None
    fresh: bool = False
    ground: str = ""


def set_at_hand(
    connection: Connection, folder: NodeFolder, kind: Kind, *, at: datetime, random: Callable[[int], bytes]
) -> SetAtHand:
    """The stored set where it still says what the lists say; else one made now, in under a millisecond for each

    identifier.
    """
    marked = marked_lists(connection)
    if not marked:
        return SetAtHand(None, ground=NO_SET)
    lists = canonical([each.digest for each in marked])
    before = stored.set_of(connection, kind.name)
    if before is not None and before.lists == lists and before.valid_until > to_text(at):
        return SetAtHand(before)
    found = {read for each in marked for read in _read(kind, each, folder)}
    if len(found) < SMALLEST:
        return SetAtHand(None, ground=TOO_SMALL)
    if len(found) > LARGEST:
        return SetAtHand(None, ground=TOO_LARGE)
    key = random(blind.KEY_BYTES)
    tokens = blind.filled_up(blind.tokens(found, key=key), fresh=random)
    until = at.replace(microsecond=0) + KEY_DAYS
    data = blind.write_tokens(tokens)
    made = StoredSet(0, kind.name, lists, key, blind.set_id(tokens), len(found), data, to_text(until), to_text(at))
    return SetAtHand(made, fresh=True)


def marked_lists(connection: Connection) -> list[ListVersion]:
    """The lists in force that partners may ask about."""
    shared = stored.shared_lists(connection)
    return [each for each in lists_in_force(connection) if each.list_id in shared]


def sizes(folder: NodeFolder, kind: Kind, lists: list[ListVersion]) -> int:
    """How many identifiers of a kind the lists hold."""
    return len({read for each in lists for read in _read(kind, each, folder)})


def _read(kind: Kind, version: ListVersion, folder: NodeFolder) -> list[bytes]:
    """What is hashed of each identifier; what is left of none of them (a name of signs alone) is passed over."""
    found = []
    for line in lines_of(kind, all_rows(folder, version.digest)):
        try:
            found.append(read_identifier(line, _name(kind)))
        except PratiqueError:
            continue
    return found


def _name(kind: Kind) -> IdentifierKind:
    return kind.name  # type: ignore[return-value]  # the kinds are those of the message, which a test holds
