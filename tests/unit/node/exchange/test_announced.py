"""New descriptors come by themselves: a planned rotation counts, anything else waits for a person or is not taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from nodes import ANNA, BEN
from partner_lines import served
from partner_nodes import Clock, alert, endpoint_of, two
from pratique.node import Node
from pratique.node.exchange.announced import Announced
from pratique.node.exchange.announcing import Descriptors, take_announced
from pratique.node.exchange.client import LineFault, PartnerLine
from pratique.node.exchange.own import Own, own
from pratique.node.exchange.worker import Exchange
from pratique.node.handlers.announcements import AcceptDescriptor
from pratique.node.handlers.disclosures import Disclose
from pratique.node.handlers.doctor import Doctor
from pratique.node.handlers.inbox_line import ListNotTaken
from pratique.node.handlers.journal import ReadJournal
from pratique.node.handlers.ledger_keys import RotateKey
from pratique.node.handlers.partners import ConfirmDescriptor, ImportDescriptor, ShowPartner, StatePartnerFact
from pratique.node.handlers.partners_own import ShowOwnDescriptor, said_again
from pratique.partners.exchange.descriptor import make_key, read, sign
from pratique.partners.exchange.jws import KeyInMemory
from pratique.partners.exchange.keys import signer
from pratique.vocabulary.errors import PratiqueError

MONTH = timedelta(days=31)


@dataclass
class Pair:
    """``xa-customs`` calls and is not called, ``xb-customs`` is at ``endpoint``; both have known the other for long."""

    one: Node
    other: Node
    endpoint: str
    clock: Clock

    def me(self) -> Own:
        """Who the first is, with its keys."""
        with self.one._stores.main.reading() as connection:
            return own(self.one.folder, self.one._stores, connection)

    def take(self, *data: bytes) -> list[tuple[int, str, str]]:
        """The second takes in what came over the line of the first: version, course, why."""
        return [(each.version, each.course, each.why) for each in self.taken(*data)]

    def taken(self, *data: bytes) -> tuple[Announced, ...]:
        return take_announced(self.other, "xa-customs", data, actor=ANNA)

    def known(self) -> int:
        """The version of the first that counts at the second."""
        return self.other.ask(ShowPartner("xa-customs"), actor=ANNA).version

    def because(self) -> list[str]:
        """Why what waits there waits."""
        return [each.because for each in self.other.ask(ShowPartner("xa-customs"), actor=ANNA).waiting]


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    clock = Clock()
    one, other = two(tmp_path, clock)
    clock.now += MONTH
    with one, other:
        yield Pair(one, other, endpoint_of(tmp_path), clock)


def rotate(node: Node, *names: str) -> bytes:
    """New key pairs of these names, said in the next version."""
    for name in names:
        node.execute(RotateKey(name), actor=ANNA)
    return node.execute(said_again(node.ask(ShowOwnDescriptor(), actor=ANNA).descriptor), actor=ANNA).data


def following(
    me: Own, clock: Clock, *, by: KeyInMemory | None = None, before: bytes | None = None, **changes: Any
) -> bytes:
    """A next version with a new signing key, made by hand: signed with it, and ``by`` (the key of before)."""
    said, fresh = me.descriptor, signer(Ed25519PrivateKey.generate())
    start, until = clock.now.replace(microsecond=0), clock.now.replace(microsecond=0) + timedelta(days=400)
    key = make_key("sign", fresh.private.public_key().public_bytes_raw(), valid_from=start, valid_until=until)
    kept = tuple(each for each in said.keys if each.use != "sign")
    new = {"version": said.version + 1, "replaces": before or me.digest, "valid_from": start, "valid_until": until}
    return sign(said.model_copy(update={**new, "keys": (key, *kept), **changes}), fresh, also=(by or me.signer,))


def test_a_planned_rotation_is_announced_and_counts_by_itself(pair: Pair) -> None:
    rotate(pair.one, "sign", "seal")
    with served(pair.other, pair.endpoint):
        worker = Descriptors(pair.one, actor=ANNA)
        (done,) = worker.round()
        assert (done.told, done.fault, pair.known()) == (True, None, 3)
        written = pair.other.ask(ReadJournal(1), actor=ANNA)[0]
        assert written.entry == "partners.descriptors_announced"
        assert worker.round() == []
        assert Descriptors(pair.one, actor=ANNA).round()[0].told
        assert pair.other.ask(ReadJournal(1), actor=ANNA)[0] == written  # told twice, written once
        line = PartnerLine(pair.endpoint, worker._sign)
        assert line.announce((b"{}", b"\xff" * 200_000)) == {0: "refused"}  # over a line as by itself
        with pytest.raises(LineFault):
            line.announce((b"{}",) * 21)
        line.close()
        assert pair.known() == 3
        pair.one.execute(Disclose(alert()), actor=ANNA)
        assert sum(each.delivered for each in Exchange(pair.one, actor=ANNA).round()) == 1


def test_who_is_called_by_nobody_asks_and_two_rotations_in_a_month_wait(pair: Pair) -> None:
    rotate(pair.other, "sign", "seal")
    rotate(pair.other, "sign")
    with served(pair.other, pair.endpoint):
        (done,) = Descriptors(pair.one, actor=ANNA).round()
    assert [(each.version, each.course, each.why) for each in done.news] == [(3, "counts", ""), (4, "waits", "soon")]
    shown = pair.one.ask(ShowPartner("xb-customs"), actor=ANNA)
    assert (shown.version, [each.because for each in shown.waiting]) == (3, ["soon"])
    pair.clock.now += MONTH
    with served(pair.other, pair.endpoint):
        (later,) = Descriptors(pair.one, actor=ANNA).round()
    assert [(each.version, each.course) for each in later.news] == [(4, "counts")]


def test_a_partner_that_is_down_is_left_alone_for_a_while(pair: Pair) -> None:
    worker = Descriptors(pair.one, actor=ANNA)
    assert [(each.partner, each.told, each.fault) for each in worker.round()] == [
        ("xb-customs", False, "line.not_reached")
    ]
    assert worker.round() == []
    rotate(pair.one, "sign")
    assert len(worker.round()) == 1  # a new version is told at once


def test_what_is_more_than_a_rotation_of_keys_waits_until_a_person_takes_it(pair: Pair) -> None:
    data = following(pair.me(), pair.clock, endpoint="https://elsewhere.example/partner/v1")
    assert pair.take(data) == [(3, "waits", "endpoint")]
    assert pair.take(data, following(pair.me(), pair.clock, before=read(data).digest, version=4))[1:] == [
        (4, "waits", "before")
    ]
    assert pair.because() == ["endpoint"]
    told = pair.other.ask(Doctor(), actor=ANNA)
    assert any("version 3 of xa-customs waits" in each.told for each in told)
    pair.other.execute(AcceptDescriptor("xa-customs", 3), actor=BEN)
    assert (pair.known(), pair.because()) == (3, [])
    with pytest.raises(PratiqueError, match="No version 3 of xa-customs waits"):
        pair.other.execute(AcceptDescriptor("xa-customs", 3), actor=BEN)


def test_an_administration_may_want_a_person_each_time(pair: Pair) -> None:
    stated = StatePartnerFact("xa-customs", "rotation", "by_person", "order 7 of the director")
    pair.other.execute(stated, actor=ANNA)
    data = rotate(pair.one, "sign")
    assert pair.take(data) == [(3, "waits", "by_person")]
    assert pair.other.execute(ImportDescriptor(data), actor=ANNA).counts  # the same bytes, from a person's hand
    assert pair.known() == 3


def test_first_roots_wait_until_the_fingerprint_was_compared(pair: Pair) -> None:
    me = pair.me().descriptor
    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    named = pair.one.execute(said_again(me, roots=(public,), roots_needed=1), actor=ANNA)
    assert pair.take(named.data) == [(3, "waits", "roots")]
    with pytest.raises(PratiqueError, match="follows from nothing that counts here"):
        pair.other.execute(AcceptDescriptor("xa-customs", 3), actor=BEN)
    pair.other.execute(ConfirmDescriptor("xa-customs", named.fingerprint), actor=BEN)
    assert pair.known() == 3


def test_two_versions_under_one_number_are_a_fork_and_nothing_counts_by_itself_after_it(pair: Pair) -> None:
    thief = following(pair.me(), pair.clock)
    honest = rotate(pair.one, "sign")
    assert pair.take(thief) == [(3, "counts", "")]  # that is what a stolen signing key can do, until
    assert pair.take(honest) == [(3, "refused", "exchange.descriptor_fork")]
    seq = pair.other.ask(ReadJournal(1), actor=ANNA)[0].seq
    assert pair.take(honest) == [(3, "refused", "exchange.descriptor_fork")]
    assert pair.other.ask(ReadJournal(1), actor=ANNA)[0].seq == seq  # noted once, however often it comes
    (alarm,) = pair.other.ask(ListNotTaken(), actor=ANNA).lines
    assert (alarm.came_from, alarm.code, bool(alarm.alarm)) == ("xa-customs", "exchange.descriptor_fork", True)


def test_a_fork_among_those_that_wait_is_one_too(pair: Pair) -> None:
    elsewhere = following(pair.me(), pair.clock, endpoint="https://elsewhere.example/partner/v1")
    assert pair.take(elsewhere) == [(3, "waits", "endpoint")]
    assert pair.take(following(pair.me(), pair.clock)) == [(3, "refused", "exchange.descriptor_fork")]
    pair.clock.now += 2 * MONTH
    assert pair.take(elsewhere)[0][1] == "waits"
    assert pair.known() == 2


def test_what_does_not_follow_is_not_taken(pair: Pair) -> None:
    me, clock, first = pair.me(), pair.clock, pair.one.ask(ShowOwnDescriptor(), actor=ANNA).data
    stranger = signer(Ed25519PrivateKey.generate())
    theirs = pair.other.ask(ShowOwnDescriptor(), actor=ANNA).data
    leap = following(me, clock, version=9)
    rubbish = {
        "signed by nobody of before": following(me, clock, by=stranger),
        "a leap over versions": leap,
        "another predecessor": following(me, clock, before=bytes(32)),
        "another partner's": theirs,
        "bytes": b"{}",
    }
    assert {name: pair.take(data)[0][1] for name, data in rubbish.items()} == dict.fromkeys(rubbish, "refused")
    assert pair.take(first) == [(2, "known", "")]
    rotate(pair.one, "sign")
    assert pair.take(pair.one.ask(ShowOwnDescriptor(), actor=ANNA).data)[0][1] == "counts"
    assert pair.take(first) == [(2, "refused", "exchange.descriptor_older")]
    assert (pair.known(), pair.because()) == (3, [])
    with pytest.raises(PratiqueError, match="21 versions were announced"):
        pair.taken(*[leap] * 21)
