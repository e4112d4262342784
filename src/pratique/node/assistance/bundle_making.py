"""What goes into a bundle: files of the items, proofs of their events, conditions of use, a summary for a judge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pratique.node.acts import View
from pratique.node.assistance.bundle_folder import Parts, digest_of
from pratique.node.assistance.custody_at_hand import ItemAtHand, file_bytes, signed_event
from pratique.node.assistance.request_at_hand import RequestAtHand
from pratique.node.errors import refuse
from pratique.node.ledger.proving import policy_text, proved
from pratique.node.runs.incoming import sent_name
from pratique.node.storage.ledger_order import entry_of
from pratique.partners.assistance.states import Event
from pratique.partners.evidence.bundle import INDEX, Bundle, BundleFile, keys_of
from pratique.partners.evidence.certificate import Certificate
from pratique.partners.evidence.custody import Hand, SignedEvent
from pratique.vocabulary.errors import Category, PratiqueError
from pratique.vocabulary.sentences import coded, sentence

POLICY: Final = "policy.txt"
SUMMARY: Final = "summary.txt"
CONDITIONS: Final = "conditions.txt"


@dataclass(frozen=True, slots=True)
class Content:
    """A bundle in the making: what it is called, for whom, its items, and the request that it answers."""

    title: str
    recipient: str
    at: str
    items: tuple[ItemAtHand, ...]
    request: RequestAtHand | None
    language: str


def item_files(content: Content, view: View) -> dict[str, bytes | Path]:
    """The files of every item under ``items/ID/``, each checked against its digest just now."""
    parts: dict[str, bytes | Path] = {}
    for at_hand in content.items:
        for number, file in enumerate(at_hand.files, 1):
            file_bytes(view, file)
            parts[f"items/{at_hand.stored.id}/{number:03}-{sent_name(file.name)}"] = view.folder.path(file.path)
    return parts


def proof_files(content: Content, view: View) -> dict[str, bytes]:
    """A proof file for every event that this node logged. Raises ``CONFLICT`` while no checkpoint holds one of them."""
    parts: dict[str, bytes] = {}
    for at_hand in content.items:
        for row in at_hand.rows:
            if not row.part:
                continue
            entry = entry_of(view.connection, "main", row.seq, row.part)
            try:
                if entry is None:
                    raise refuse("custody.not_in_log", Category.CONFLICT, item=row.item_id, number=row.number)
                proof = proved(view, entry)
            except PratiqueError as error:
                if error.code == "ledger.not_in_checkpoint":
                    told = {"item": row.item_id, "number": row.number}
                    raise refuse("custody.not_in_log", Category.CONFLICT, **told) from error
                raise
            parts[f"proofs/{row.item_id}-{row.number:03}.tlog-proof"] = proof.file
    return parts


def conditions_text(content: Content) -> str:
    """The conditions of use, one a line: those of the instrument with their articles, then those of the answers."""
    language = content.language
    if content.request is None:
        return sentence("custody.summary.no_conditions", {}, language) + "\n"
    profile = content.request.profile
    lines = [sentence("custody.summary.conditions", {"title": profile.title}, language), ""]
    lines += [f"- {coded('use_condition', each.rule, language)} ({each.article})" for each in profile.uses]
    lines += [f"- {each}" for each in _agreed(content.request)]
    if not profile.verified:
        lines += ["", sentence("custody.summary.unverified", {}, language)]
    return "\n".join(lines) + "\n"


def summary_text(content: Content) -> str:
    """What a judge reads first: what this is, each item with its files and its custody, and how to check it."""
    language = content.language
    told = {"title": content.title, "recipient": content.recipient, "at": content.at[:16].replace("T", " ")}
    lines = [content.title, "=" * len(content.title), "", sentence("custody.summary.made", told, language)]
    if content.request is not None:
        asked = {"request": content.request.request.their_id or content.request.request.id}
        lines.append(sentence("custody.summary.request", asked, language))
    for at_hand in content.items:
        lines += ["", *_item_lines(at_hand, language)]
    lines += ["", sentence("custody.summary.check", {}, language)]
    return "\n".join(lines) + "\n"


def whole(content: Content, certificate: SignedEvent, files: Parts, proofs: Sequence[str]) -> dict[str, bytes | Path]:
    """The folder with its index."""
    events = [signed_event(row) for at_hand in content.items for row in at_hand.rows]
    bundle = Bundle(
        title=content.title,
        made_at=content.at,
        files=tuple(BundleFile(name, digest_of(each), _size(each)) for name, each in sorted(files.items())),
        keys=keys_of([*events, certificate]),
        custody=(*events, certificate),
        proofs=tuple(proofs),
        policy=POLICY,
    )
    return {INDEX: bundle.text().encode(), **files}


def certified(content: Content, certificate: Certificate, texts: Iterable[bytes]) -> Certificate:
    """The certificate with the end of each chain and the hashes of the texts."""
    ends = {at_hand.stored.id: at_hand.custody.last_sha256 for at_hand in content.items}
    return replace(certificate, ends=ends, files=tuple(sorted(digest_of(each) for each in texts)))


def policy_bytes(view: View) -> bytes:
    """Whose logs and witnesses the proofs rest on."""
    return policy_text(view).encode()


def _item_lines(at_hand: ItemAtHand, language: str) -> list[str]:
    item = at_hand.item
    told = {"item": item.id, "title": item.title, "kind": item.kind.value, "basis": item.legal_basis or "-"}
    lines = [sentence("custody.summary.item", told, language)]
    if item.derived_from:
        lines.append(sentence("custody.summary.derived", {"items": ", ".join(item.derived_from)}, language))
    lines += [f"  {each.sha256}  {each.name}" for each in at_hand.files]
    for event in at_hand.chain.events:
        hands = ", ".join(_hand(each, language) for each in event.hands)
        seal = f" [{event.seal}]" if event.seal else ""
        done = coded("custody_what", event.what.value, language)
        lines.append(f"  {event.number}. {event.at[:16].replace('T', ' ')} {done}{seal}: {hands}; {event.place}")
    return lines


def _hand(hand: Hand, language: str) -> str:
    """Who signed, and whose key that was: only the officer's word, or the administration's too."""
    kind = f", {sentence(f'custody.key_of_{hand.officer_kind}', {}, language)}" if hand.officer_kind else ""
    return f"{hand.officer} ({hand.agency}{kind})"


def _agreed(request: RequestAtHand) -> list[str]:
    """What the answers added to the conditions of the instrument."""
    answers = [each for each in request.events if each.event in (Event.PARTLY_ANSWERED, Event.ANSWERED)]
    return list(dict.fromkeys(str(one) for each in answers for one in each.details.get("conditions", ())))


def _size(content: bytes | Path) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size
