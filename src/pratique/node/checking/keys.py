"""The node's key pairs in the check of its health: usable, not overdue, in a safe, and revocable by somebody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from typing import Final

from pratique.node.acts import View
from pratique.node.checking.check import Check, judged
from pratique.node.exchange.announced import still_waiting
from pratique.node.handlers.key_rotation import ShowKeyTimes, show_key_times
from pratique.node.ledger.key_times import KeyTime
from pratique.node.ledger.signing_keys import NodeKeys
from pratique.node.storage.partners import descriptors, own_descriptors
from pratique.partners.exchange.descriptor import Descriptor, read
from pratique.vocabulary.errors import PratiqueError

SOON: Final = timedelta(days=60)  # in which a descriptor is renewed before it ends


def keys(view: View) -> Check:
    """Private halves open, partners know the keys in use, none is overdue, a file is in the safe, roots are named, and

    no version of a partner waits for a person.
    """
    times = show_key_times(ShowKeyTimes(), view)
    if not times:
        return judged("keys", [], seen="none made yet")
    versions = own_descriptors(view.connection)
    said = read(versions[0].data).descriptor if versions else None
    faults = list(_unusable(times, said, NodeKeys(view.folder, view.stores)))
    if faults:
        return judged("keys", faults)
    in_use = [each for each in times if each.due_at is not None]
    first = min(each.due_at for each in in_use if each.due_at is not None)
    return judged("keys", _neglected(times, said, view), state="warn", seen=f"next due on {first.date().isoformat()}")


def _unusable(times: list[KeyTime], said: Descriptor | None, held: NodeKeys) -> Iterator[str]:
    for each in times:
        try:
            held.private_bytes(each.key.id)
        except PratiqueError as fault:
            yield f"{each.key.id} {fault.code}"
    known = said is not None and any(each.said for each in times if each.key.name == "sign")
    if said is not None and not known:
        yield f"version {said.version} of the descriptor names no signing key that is left (pratique roots recover)"


def _neglected(times: list[KeyTime], said: Descriptor | None, view: View) -> Iterator[str]:
    for each in times:
        if each.due(view.at):
            yield f"{each.key.id} due since {each.due_at:%Y-%m-%d}"
        if each.due_at is not None and said is not None and not each.said:
            yield f"{each.key.id} not said to partners yet"
        if each.destroyed_from is not None and each.destroyed_from + timedelta(days=7) <= view.at and not each.said:
            yield f"{each.key.id} should have been destroyed on {each.destroyed_from:%Y-%m-%d} (pratique nightly)"
    unsafe = [each.key.id for each in times if not each.exported]
    if unsafe:
        yield f"in no file for a safe: {' '.join(unsafe)} (pratique ledger keys export)"
    if said is not None and not said.of_use("root"):
        yield "no roots are named (pratique roots enrol)"
    if said is not None and said.valid_until <= view.at + SOON:
        yield f"the descriptor ends on {said.valid_until:%Y-%m-%d} (pratique partners rotate)"
    for partner, rows in groupby(descriptors(view.connection), key=lambda row: row.partner_id):
        for row in still_waiting(rows):
            yield f"version {row.version} of {partner} waits for a person (pratique partners list)"
