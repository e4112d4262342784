"""Bundles of evidence: made for a court or a partner, and taken in from one after every part of it was checked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Final

from pratique.node.acts import Act, Command, Done, Leaf, View, Work
from pratique.node.assistance import bundle_making as making
from pratique.node.assistance.bundle_folder import Parts, digest_of, opened_folder, read_index, require_files
from pratique.node.assistance.custody_at_hand import (
    ItemAtHand,
    item_at_hand,
    require_no_offer,
    require_unbroken,
    signatures_text,
)
from pratique.node.assistance.custody_hands import own_hand
from pratique.node.assistance.request_at_hand import RequestAtHand, request_at_hand
from pratique.node.errors import refuse
from pratique.node.files import KeptFile
from pratique.node.handlers.custody_handover import known_agencies
from pratique.node.instants import to_text
from pratique.node.ledger.signing_keys import NodeKeys
from pratique.node.settings import Settings
from pratique.node.storage import custody as stored
from pratique.node.storage import journal
from pratique.node.storage.custody import StoredCustodyEvent, StoredItem, StoredItemFile
from pratique.node.storage.kept_files import name_files
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.partners.assistance.states import Event
from pratique.partners.evidence.bundle import Bundle, by_item
from pratique.partners.evidence.certificate import BUNDLE, Certificate, certificate_breaks, certificate_of
from pratique.partners.evidence.checking import Chain, follow
from pratique.partners.evidence.custody import SignedEvent, What
from pratique.partners.evidence.items import Item, item_of
from pratique.vocabulary.errors import Category

MOST_ITEMS: Final = 200
LONGEST_TITLE: Final = 200
MADE_LEAF: Final = "evidence.bundle_made"


@dataclass(frozen=True, slots=True)
class MadeBundle:
    """A bundle, ready to be written as a folder or handed out as one file."""

    title: str
    items: tuple[str, ...]
    files: int
    events: int
    proofs: int
    parts: Parts = field(repr=False)


@dataclass(frozen=True, slots=True)
class MakeBundle(Command[MadeBundle]):
    """Makes the bundle of some items for ``recipient``: a court, a prosecutor, or the partner of a request.

    Under a ``request`` only items that its answers name may go, with the conditions of use.
    """

    items: tuple[str, ...]
    title: str
    recipient: str
    request: str = ""
    passphrase: str = field(default="", repr=False)
    entry: ClassVar[str] = "evidence.bundle_made"


@dataclass(frozen=True, slots=True)
class TakenBundle:
    """What was taken in: new items, and those whose chain went on."""

    title: str
    new: tuple[str, ...]
    continued: tuple[str, ...]
    files: int
    agency: str


@dataclass(frozen=True, slots=True)
class TakeInBundle(Command[TakenBundle]):
    """Takes in a partner's bundle, a folder or one file, once all of it holds; for the request that it answers, where

    one is named.
    """

    folder: Path
    request: str = ""
    entry: ClassVar[str] = "evidence.bundle_taken_in"


def make_bundle(command: MakeBundle, work: Work) -> Act[MadeBundle]:
    """Raises ``NOT_FOUND``, ``REJECTED``, ``BROKEN`` (chain, file), ``CONFLICT`` where no checkpoint has an event."""
    title, recipient = command.title.strip(), command.recipient.strip()
    if not 0 < len(command.items) <= MOST_ITEMS or not title or not recipient or len(title) > LONGEST_TITLE:
        raise refuse("custody.bundle_for", most=MOST_ITEMS)
    hand = own_hand(work, command.passphrase)

    def act(connection: Connection) -> Done[MadeBundle]:
        view = View(work.folder, work.stores, connection, work.actor, work.at, work.progress)
        items = tuple(item_at_hand(connection, each) for each in dict.fromkeys(command.items))
        for each in items:
            require_unbroken(each)
        request = _request(connection, command.request, items)
        language = Settings.of(changed_settings(connection)).values["language"]
        content = making.Content(title, recipient, to_text(work.at), items, request, language)
        proofs = making.proof_files(content, view)
        texts = {making.CONDITIONS: making.conditions_text(content), making.SUMMARY: making.summary_text(content)}
        told = {name: text.encode() for name, text in texts.items()}
        draft = Certificate(to_text(work.at), hand.hand, recipient, {}, (), _their_id(request))
        text = making.certified(content, draft, told.values()).text()
        signed = SignedEvent(text, hand.sign(text))
        files: Parts = {**making.item_files(content, view), **proofs, **told, making.POLICY: making.policy_bytes(view)}
        parts = making.whole(content, signed, files, sorted(proofs))
        events = sum(len(each.rows) for each in items)
        made = MadeBundle(title, tuple(each.stored.id for each in items), len(files), events, len(proofs), parts)
        facts: dict[str, object] = {
            "items": list(made.items),
            "request": command.request,
            "certificate": digest_of(text.encode()),
        }
        return Done(made, command=facts, outcome={}, leaves=(Leaf(MADE_LEAF, text.encode()),))

    return act


def take_in_bundle(command: TakeInBundle, work: Work) -> Act[TakenBundle]:
    """Raises ``NOT_FOUND``, ``REJECTED`` for a folder that is no bundle, ``BROKEN`` naming the first thing wrong."""
    with opened_folder(command.folder, aside=work.folder.unfinished) as folder:
        bundle = read_index(folder)
        require_files(folder, bundle)
        found = [_keep(folder / each.path, work) for each in bundle.files if _of_item(each.path)]
    kept = {each.sha256: each for each in found}  # by what was read just now, not by what the bundle says

    def act(connection: Connection) -> Done[TakenBundle]:
        if command.request:
            request_at_hand(connection, command.request)
        chains, certificate = _checked(connection, bundle, kept.keys(), work)
        new, continued = [], []
        for item_id, chain in chains.items():
            known = stored.item_of_id(connection, item_id)
            events = by_item(bundle.custody)[item_id]
            if known is None:
                _add(connection, chain, events, kept, command.request, work)
                new.append(item_id)
            elif _continued(connection, item_at_hand(connection, item_id), events):
                continued.append(item_id)
        used = [file for chain in chains.values() for file in _files(chain, kept)]
        work.files.recheck(used)
        name_files(connection, used, at=work.at)
        taken = TakenBundle(bundle.title, tuple(new), tuple(continued), len(bundle.files), certificate.hand.agency)
        facts: dict[str, object] = {
            "from": taken.agency,
            "new": new,
            "continued": continued,
            "certificate": digest_of(certificate.text().encode()),
        }
        leaf = Leaf("evidence.bundle_taken_in", certificate.text().encode())
        return Done(taken, command=facts, outcome={}, leaves=(leaf,))

    return act


def _request(connection: Connection, request: str, items: tuple[ItemAtHand, ...]) -> RequestAtHand | None:
    """The request that the bundle answers. Raises ``CONFLICT`` for an item that no answer of it names."""
    if not request:
        return None
    at_hand = request_at_hand(connection, request)
    answers = [each for each in at_hand.events if each.event in (Event.PARTLY_ANSWERED, Event.ANSWERED)]
    named = {str(one) for each in answers for one in each.details.get("evidence", ())}
    for item in items:
        if item.stored.id not in named:
            raise refuse("custody.not_in_answer", Category.CONFLICT, item=item.stored.id, request=at_hand.request.id)
    return at_hand


def _their_id(request: RequestAtHand | None) -> str:
    return "" if request is None else request.request.their_id or request.request.id


def _checked(
    connection: Connection, bundle: Bundle, kept: Collection[str], work: Work
) -> tuple[dict[str, Chain], Certificate]:
    """Every chain and the certificate. Raises ``BROKEN`` with the first break."""
    agencies = known_agencies(connection, NodeKeys(work.folder, work.stores))
    events = by_item(bundle.custody)
    certificates = events.pop(BUNDLE, [])
    chains = {item: follow(item, signed, agencies=agencies) for item, signed in events.items()}
    breaks = [each for chain in chains.values() for each in chain.breaks]
    breaks += certificate_breaks(certificates[0] if certificates else None, chains, agencies=agencies)
    if breaks:
        first = breaks[0]
        raise refuse("custody.broken", Category.BROKEN, item=first.item, number=first.number, code=first.code)
    for chain in chains.values():
        missing = sorted(chain.custody.files.difference(kept))
        if missing:
            raise refuse("custody.bundle_file", Category.BROKEN, file=missing[0])
    return chains, certificate_of(certificates[0].text)


def _add(
    connection: Connection,
    chain: Chain,
    events: list[SignedEvent],
    kept: dict[str, KeptFile],
    request: str,
    work: Work,
) -> None:
    item = _item(chain)
    at, seq = to_text(work.at), journal.next_seq(connection)
    row = StoredItem(item.id, seq, item.title, item.kind.value, "", request, at, work.actor.name)
    files = [
        StoredItemFile(item.id, each.sha256, kept[each.sha256].path, each.name, each.media_type, each.byte_count)
        for each in item.files
    ]
    stored.add_item(connection, row, files)
    stored.add_custody_events(connection, _rows(item.id, events, 1, seq))


def _continued(connection: Connection, known: ItemAtHand, events: list[SignedEvent]) -> bool:
    """Adds what came after the events that are here; ``False`` where nothing did.

    Raises ``BROKEN`` where the two chains part: somebody then has another story of the same item.
    """
    here = [row.text for row in known.rows]
    there = [each.text for each in events]
    common = min(len(here), len(there))
    if here[:common] != there[:common]:
        number = next(place for place, pair in enumerate(zip(here, there, strict=False), 1) if pair[0] != pair[1])
        raise refuse("custody.fork", Category.BROKEN, item=known.stored.id, number=number)
    if len(there) <= len(here):
        return False
    require_no_offer(known)
    fresh = _rows(known.stored.id, events[len(here) :], len(here) + 1, journal.next_seq(connection))
    stored.add_custody_events(connection, fresh)
    return True


def _rows(item_id: str, events: list[SignedEvent], first: int, seq: int) -> list[StoredCustodyEvent]:
    return [
        StoredCustodyEvent(item_id, number, seq, 0, each.text, signatures_text(each.signatures))
        for number, each in enumerate(events, first)
    ]


def _files(chain: Chain, kept: dict[str, KeptFile]) -> list[KeptFile]:
    return [kept[each.sha256] for each in _item(chain).files]


def _item(chain: Chain) -> Item:
    first = chain.events[0]
    if first.what is not What.COLLECT or first.manifest is None:
        raise refuse("custody.broken", Category.BROKEN, item=chain.custody.item, number=1, code="no_manifest")
    return item_of(first.manifest)


def _keep(path: Path, work: Work) -> KeptFile:
    with path.open("rb") as source:
        return work.files.keep_raw(source)


def _of_item(path: str) -> bool:
    return path.startswith("items/")
