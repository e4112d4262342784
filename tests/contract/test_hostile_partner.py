"""A hostile partner: nothing wrong is accepted, nothing right is lost, and each attempt is named in the log."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hostile_partner import Hostile
from nodes import ANNA, BEN
from partner_nodes import Clock, alert, introduce, two
from pratique.node.exchange.settling import Tried
from pratique.node.handlers.disclosures import Disclose, ShowDisclosure
from pratique.node.handlers.inbox import ListInbox
from pratique.node.handlers.inbox_line import AllowStream, ListNotTaken
from pratique.node.handlers.outbox import SettleDeliveries
from pratique.node.handlers.partners import ImportRevocation
from pratique.node.handlers.partners_own import PublishDescriptor
from pratique.partners.exchange.envelope import FIRST_LINE
from pratique.partners.exchange.header import LARGEST
from pratique.partners.exchange.keys import signer
from pratique.partners.exchange.partner import Revocation, revocation


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hostile(tmp_path: Path, clock: Clock) -> Iterator[Hostile]:
    one, other = two(tmp_path, clock)
    with one, other:
        yield Hostile(one, other)


def refused(hostile: Hostile, data: bytes, code: str, *, alarm: bool = False) -> None:
    """Not taken, named by its code here and in the log, and answered."""
    before = len(hostile.victim.ask(ListInbox(), actor=ANNA))
    (taken,) = hostile.hand(data)
    assert (taken.course, taken.code, taken.alarm) == ("refused", code, alarm)
    assert len(hostile.victim.ask(ListInbox(), actor=ANNA)) == before
    line = hostile.victim.ask(ListNotTaken(most=1), actor=ANNA).lines[0]
    assert (line.code, line.came_from, bool(line.alarm)) == (code, "xa-customs", alarm)


def accepted(hostile: Hostile) -> None:
    """What is right still arrives."""
    assert [each.course for each in hostile.hand(hostile.next().data)] == ["accepted"]


def test_same_id_with_other_bytes_is_an_alarm(hostile: Hostile) -> None:
    first = hostile.next()
    assert hostile.hand(first.data)[0].course == "accepted"
    refused(hostile, hostile.sealed(identity=first.header.id).data, "exchange.conflict", alarm=True)
    accepted(hostile)


def test_fork_stops_the_stream_until_a_person_allows_another(hostile: Hostile) -> None:
    place = hostile.place()
    accepted(hostile)
    refused(hostile, hostile.sealed(place).data, "exchange.fork", alarm=True)
    refused(hostile, hostile.sealed().data, "exchange.stream_stopped")
    second = replace(hostile.place(), stream="second", sequence=1)
    refused(hostile, hostile.sealed(second).data, "exchange.stream_stopped")
    hostile.victim.execute(AllowStream("xa-customs", "second", "Telephoned."), actor=ANNA)
    with hostile.victim._stores.main.reading() as connection:
        from pratique.node.storage.exchange_streams import stream_of

        begun = stream_of(connection, "xa-customs", "in", "second")
    assert begun is not None
    assert hostile.hand(hostile.sealed(replace(second, previous=begun.head)).data)[0].course == "accepted"


def test_another_predecessor_stops_the_stream(hostile: Hostile) -> None:
    accepted(hostile)
    refused(hostile, hostile.sealed(hostile.place(previous=bytes(32))).data, "exchange.chain_broken", alarm=True)
    refused(hostile, hostile.sealed().data, "exchange.stream_stopped")


def test_reordered_envelopes_are_asked_for_in_order_and_none_is_lost(hostile: Hostile) -> None:
    envelopes = [hostile.next().data for _ in range(4)]
    taken = hostile.hand(*envelopes[::-1])
    assert [(each.course, each.code, each.expected) for each in taken[:3]] == [("refused", "exchange.gap", 1)] * 3
    assert [each.course for each in hostile.hand(*envelopes)] == ["duplicate", "accepted", "accepted", "accepted"]
    assert len(hostile.victim.ask(ListInbox(), actor=ANNA)) == 4


def test_replay_is_answered_and_not_acted_on(hostile: Hostile) -> None:
    first = hostile.next().data
    taken = hostile.hand(first, first, first)
    assert [each.course for each in taken] == ["accepted", "duplicate", "duplicate"]
    assert len({each.answer for each in taken}) == 1
    assert len(hostile.victim.ask(ListInbox(), actor=ANNA)) == 1


def test_envelope_for_somebody_else_is_refused(hostile: Hostile) -> None:
    other = hostile.sealed(change=lambda inner: inner.model_copy(update={"recipient": "xc-customs"}))
    refused(hostile, other.data, "exchange.wrong_recipient")


def test_stranger_is_refused(hostile: Hostile) -> None:
    stranger = hostile.sealed(change=lambda inner: inner.model_copy(update={"sender": "xd-customs"}))
    refused(hostile, stranger.data, "exchange.sender_unknown")


def test_expired_envelope_takes_its_place_and_nobody_acts_on_it(hostile: Hostile, clock: Clock) -> None:
    late = hostile.next()
    clock.now += timedelta(days=31)
    assert [each.course for each in hostile.hand(late.data)] == ["expired"]
    (line,) = hostile.victim.ask(ListInbox(), actor=ANNA)
    assert (line.message.status, line.destroyed) == ("expired", True)
    accepted(hostile)


def test_downgrade_rubbish_and_size_are_refused_before_anything_is_opened(hostile: Hostile) -> None:
    genuine = hostile.sealed().data
    refused(hostile, genuine.replace(FIRST_LINE, b"PRATIQUE-ENVELOPE 0\n", 1), "exchange.version_unknown")
    refused(hostile, b"", "exchange.not_an_envelope")
    refused(hostile, bytes(LARGEST + 1), "exchange.oversized")
    refused(hostile, genuine[:-1], "exchange.size_differs")
    refused(hostile, genuine[:-1] + bytes([genuine[-1] ^ 1]), "exchange.seal_broken", alarm=True)
    accepted(hostile)


def test_key_that_was_revoked_yesterday_signs_nothing(hostile: Hostile, clock: Clock) -> None:
    root = Ed25519PrivateKey.generate()
    said = PublishDescriptor(
        "Customs of XA", "XA", "customs", roots=(root.public_key().public_bytes_raw(),), roots_needed=1
    )
    introduce_anew(hostile, hostile.node.execute(said, actor=ANNA))
    accepted(hostile)
    waiting = hostile.next()
    revoked = Revocation(
        v=1,
        partner="xa-customs",
        number=1,
        keys=(hostile.own.signer.id,),
        since=clock.now.replace(microsecond=0),
        reason="A laptop was stolen.",
    )
    hostile.victim.execute(ImportRevocation(revocation(revoked, [signer(root)])), actor=ANNA)
    clock.now += timedelta(days=1)
    refused(hostile, waiting.data, "exchange.key_revoked", alarm=True)


def introduce_anew(hostile: Hostile, own: object) -> None:
    """A descriptor with roots, which the old one had not: a person confirms it as at the first time."""
    introduce(hostile.victim, own)  # type: ignore[arg-type]


def test_answers_that_are_not_signed_or_are_about_something_else_settle_nothing(hostile: Hostile) -> None:
    sender = hostile.node
    first, second = (str(sender.execute(Disclose(alert()), actor=ANNA).message) for _ in range(2))
    good = hostile.hand(*(_envelope(hostile, message) for message in (hostile._terms.id, first, second)))
    assert [each.course for each in good] == ["accepted"] * 3
    tries = (Tried(first, receipt=b"{}"), Tried(first, error=b"no"), Tried(first, receipt=good[2].answer))
    settled = sender.execute(SettleDeliveries("xb-customs", tries), actor=ANNA)
    assert [(each.state, each.heard) for each in settled] == [("waiting", False)] * 3
    found = sender.ask(ListNotTaken(), actor=ANNA)
    assert {each.code for each in found.lines} == {"exchange.signature_form", "exchange.receipt_of_other"}
    (last,) = sender.execute(SettleDeliveries("xb-customs", (Tried(first, receipt=good[1].answer),)), actor=BEN)
    assert last.state == "delivered"


def _envelope(hostile: Hostile, message: str) -> bytes:
    out = hostile.node.ask(ShowDisclosure(message), actor=ANNA).out
    assert out is not None
    return out.envelope


@pytest.mark.long
@pytest.mark.parametrize("batches", [1, pytest.param(5, marks=pytest.mark.soak)])
def test_thousands_of_envelopes_of_rubbish(hostile: Hostile, batches: int) -> None:
    chance = random.Random(20261005)
    genuine = hostile.next().data
    names = set()
    for _ in range(batches):
        batch = [_rubbish(chance, genuine) for _ in range(2000)]
        taken = hostile.hand(*batch)
        assert {each.course for each in taken} == {"refused"}
        names |= {each.code for each in taken}
    assert len(names) >= 5
    assert hostile.victim.ask(ListInbox(), actor=ANNA) == []
    assert len(hostile.victim.ask(ListNotTaken(most=1000), actor=ANNA).lines) == 1000
    assert hostile.hand(genuine)[0].course == "accepted"


def _rubbish(chance: random.Random, genuine: bytes) -> bytes:
    """Random bytes, a cut, or a genuine envelope with one byte changed; never the genuine one."""
    kind = chance.randrange(4)
    if kind == 0:
        return chance.randbytes(chance.randrange(200))
    if kind == 1:
        return genuine[: chance.randrange(len(genuine))]
    place = chance.randrange(len(genuine)) if kind == 2 else chance.randrange(700)
    return genuine[:place] + bytes([genuine[place] ^ chance.randrange(1, 256)]) + genuine[place + 1 :]
