"""Friday night: the node's keys are stolen, two of three roots revoke them, and the exchange goes on under new ones."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from exchanging import hand_over
from hostile_partner import Hostile
from nodes import ANNA, BEN
from partner_nodes import Clock, alert, two
from pratique.node import Node
from pratique.node.exchange.announcing import take_announced
from pratique.node.exchange.register import known_partner
from pratique.node.exchange.settling import Tried
from pratique.node.handlers.announcements import AcceptDescriptor
from pratique.node.handlers.disclosures import Disclose
from pratique.node.handlers.inbox_line import ListNotTaken, ReceiveEnvelopes
from pratique.node.handlers.journal import ReadJournal
from pratique.node.handlers.key_recovery import AdoptDescriptor, DraftDescriptor, RevokeOwnKeys
from pratique.node.handlers.ledger_keys import ListKeys, RotateKey
from pratique.node.handlers.outbox import BeginStream, ListOutbox, SettleDeliveries
from pratique.node.handlers.partners import ConfirmDescriptor, ImportDescriptor, ImportRevocation
from pratique.node.handlers.partners_own import PublishDescriptor, ShowOwnDescriptor, said_again
from pratique.node.ledger.root_file import make_root, open_root, read_root
from pratique.partners.exchange.descriptor import read
from pratique.partners.exchange.jws import KeyInMemory
from pratique.partners.exchange.keys import ED25519, key_id
from pratique.partners.exchange.root_signing import laid_together, read_document, revoke_keys, with_root
from pratique.vocabulary.errors import PratiqueError

PASSPHRASE = "four officers and a safe"


@dataclass
class Friday:
    """``xa-customs``, whose keys are stolen, its partner, and the three roots of the first."""

    one: Node
    other: Node
    clock: Clock
    roots: list[KeyInMemory]

    def tell(self, data: bytes) -> bool:
        """The partner takes in what the first says of itself; whether it counts at once."""
        return self.other.execute(ImportDescriptor(data), actor=ANNA).counts

    def signed(self, data: bytes, *roots: int) -> bytes:
        """So many roots sign, each a copy of their own."""
        copies = [with_root(read_document(data), self.roots[each]) for each in roots]
        return laid_together([read_document(each) for each in copies])

    def revocation(self) -> bytes:
        """Two of three roots revoke every key of the node."""
        known = self.one.ask(ShowOwnDescriptor(), actor=ANNA).descriptor
        first = revoke_keys(known, (), at=self.clock.now, because="laptop taken", signer=self.roots[0])
        return with_root(read_document(first), self.roots[1])


@pytest.fixture
def friday(tmp_path: Path) -> Iterator[Friday]:
    """Both nodes, with 2 of 3 roots of the first enrolled and confirmed by the partner."""
    clock = Clock()
    for each in range(3):
        make_root(tmp_path / f"root{each}", f"Office {each}", passphrase=PASSPHRASE, at=clock.now)
    one, other = two(tmp_path / "nodes", clock)
    roots = [open_root(tmp_path / f"root{each}", passphrase=PASSPHRASE) for each in range(3)]
    found = Friday(one, other, clock, roots)
    public = tuple(read_root(tmp_path / f"root{each}").public for each in range(3))
    before = one.ask(ShowOwnDescriptor(), actor=ANNA).descriptor
    named = one.execute(said_again(before, roots=public, roots_needed=2), actor=ANNA)
    assert not found.tell(named.data)  # the first roots count once a person compared the fingerprint
    other.execute(ConfirmDescriptor("xa-customs", named.fingerprint), actor=BEN)
    with one, other:
        yield found


def test_stolen_keys_are_revoked_and_the_exchange_goes_on(friday: Friday) -> None:
    one, other = friday.one, friday.other
    thief = Hostile(one, other)  # holds a copy of the keys from here on; its first message was an honest one
    hand_over(one, other)
    (arrived,) = [each.out for each in one.ask(ListOutbox(), actor=ANNA)]
    stolen = thief.sealed(thief.place(sequence=2, previous=arrived.sha256)).data
    under_way = str(one.execute(Disclose(alert()), actor=ANNA).message)
    back = other.execute(Disclose(alert("xa-customs")), actor=ANNA)  # sealed for the key that was stolen, too

    said = friday.revocation()
    other.execute(ImportRevocation(said), actor=ANNA)
    done = one.execute(RevokeOwnKeys(said), actor=ANNA)
    noted = one.ask(ReadJournal(1), actor=ANNA)[0]
    assert noted.entry == "partners.own_keys_revoked"  # by which whoever recalls keys in memory hears of it
    with pytest.raises(PratiqueError, match="taken it in before"):
        one.execute(RevokeOwnKeys(said), actor=ANNA)
    again = one.ask(ReadJournal(1), actor=ANNA)[0]
    assert (again.entry, again.seq) == (noted.entry, noted.seq + 1)  # as after a try that was cut short between stores
    assert {each.partition("/")[0] for each in done.destroyed} == {"sign", "log", "witness"}

    (taken,) = other.execute(ReceiveEnvelopes((stolen,), "xa-customs"), actor=ANNA)
    assert (taken.course, taken.code, taken.alarm) == ("refused", "exchange.key_revoked", True)
    assert "exchange.key_revoked" in {each.code for each in other.ask(ListNotTaken(), actor=ANNA).lines}
    with pytest.raises(PratiqueError, match="it signs nothing more"):
        one.execute(Disclose(alert()), actor=ANNA)

    draft = one.ask(DraftDescriptor(), actor=ANNA)
    with pytest.raises(PratiqueError, match="1 roots have signed it; 2 are needed"):
        one.execute(AdoptDescriptor(with_root(read_document(draft), friday.roots[2])), actor=ANNA)
    one.execute(AdoptDescriptor(friday.signed(draft, 0, 2)), actor=ANNA)
    anew = one.ask(ShowOwnDescriptor(), actor=ANNA)
    (fetched,) = take_announced(other, "xa-customs", (anew.data,), actor=ANNA)
    assert (fetched.course, fetched.why) == ("waits", "anew")  # as it comes over the line, for a person
    assert other.execute(AcceptDescriptor("xa-customs", anew.version), actor=BEN) == "xa-customs"

    (waiting,) = [each.out for each in one.ask(ListOutbox(), actor=ANNA) if each.out.state == "waiting"]
    (refused,) = other.execute(ReceiveEnvelopes((waiting.envelope,), "xa-customs"), actor=ANNA)
    one.execute(SettleDeliveries("xb-customs", (Tried(waiting.id, error=refused.answer),)), actor=ANNA)
    needs_person = one.ask(ListOutbox(needs_person=True), actor=ANNA)
    assert [(each.out.id, each.out.fault) for each in needs_person] == [(under_way, "exchange.key_revoked")]

    assert one.execute(BeginStream("xb-customs", "after", "keys revoked on Friday"), actor=ANNA) == 1
    after = str(one.execute(Disclose(alert()), actor=ANNA).message)
    assert hand_over(one, other) == 2
    states = {each.out.id: each.out.state for each in one.ask(ListOutbox(), actor=ANNA)}
    assert (states[under_way], states[after]) == ("delivered", "delivered")

    (sealed_before,) = [each.out for each in other.ask(ListOutbox(), actor=ANNA) if each.out.id == back.message]
    (came,) = one.execute(ReceiveEnvelopes((sealed_before.envelope,), "xb-customs"), actor=ANNA)
    assert came.course == "accepted"  # its seal key is kept to open what was on its way


@pytest.mark.long
def test_thief_who_rotated_twice_is_shut_out_whole(friday: Friday, tmp_path: Path) -> None:
    friday.one.close()
    shutil.copytree(friday.one.folder.root, tmp_path / "thief")
    with Node.open(tmp_path / "thief", clock=friday.clock) as thief:
        for _ in range(2):
            thief.execute(RotateKey("sign"), actor=ANNA)
            again = said_again(thief.ask(ShowOwnDescriptor(), actor=ANNA).descriptor)
            assert friday.tell(thief.execute(again, actor=ANNA).data)  # that is what a signing key can do
        middle = thief.ask(ListKeys(), actor=ANNA)
    friday.one = Node.open(friday.one.folder.root, clock=friday.clock)
    said = friday.revocation()
    friday.other.execute(ImportRevocation(said), actor=ANNA)
    friday.one.execute(RevokeOwnKeys(said), actor=ANNA)
    draft = friday.one.ask(DraftDescriptor(), actor=ANNA)
    friday.one.execute(AdoptDescriptor(friday.signed(draft, 1, 2)), actor=ANNA)
    assert friday.tell(friday.one.ask(ShowOwnDescriptor(), actor=ANNA).data)
    with friday.other._stores.main.reading() as connection:
        partner = known_partner(connection, "xa-customs")
    for key in (each for each in middle if each.name == "sign"):
        with pytest.raises(PratiqueError):
            partner.any_signing_key(key_id(ED25519, key.public_key), at=friday.clock.now + timedelta(days=1))
    friday.one.close()


def test_roots_change_only_as_those_of_before_sign(friday: Friday) -> None:
    own = friday.one.ask(ShowOwnDescriptor(), actor=ANNA).descriptor
    fewer = tuple(key.public for key in own.of_use("root"))[:1]
    with pytest.raises(PratiqueError, match="only once the roots of before have signed"):
        friday.one.execute(PublishDescriptor(own.name, own.country, "customs", roots=fewer, roots_needed=1), actor=ANNA)
    draft = friday.one.ask(DraftDescriptor(fewer, 1), actor=ANNA)
    adopted = friday.one.execute(AdoptDescriptor(friday.signed(draft, 0, 1)), actor=ANNA)
    assert adopted.descriptor.roots_needed == 1
    assert friday.tell(adopted.data)


def test_what_the_roots_did_not_sign_is_refused(friday: Friday, tmp_path: Path) -> None:
    own = friday.one.ask(ShowOwnDescriptor(), actor=ANNA).descriptor
    one_root = revoke_keys(own, (), at=friday.clock.now, because="x", signer=friday.roots[0])
    with pytest.raises(PratiqueError, match="1 roots have signed it"):
        friday.one.execute(RevokeOwnKeys(one_root), actor=ANNA)
    with pytest.raises(PratiqueError, match="has signed this already"):
        with_root(read_document(one_root), friday.roots[0])
    make_root(tmp_path / "stranger", "Nobody", passphrase=PASSPHRASE, at=friday.clock.now)
    stranger = open_root(tmp_path / "stranger", passphrase=PASSPHRASE)
    with pytest.raises(PratiqueError, match="is no root of xa-customs"):
        revoke_keys(own, (), at=friday.clock.now, because="x", signer=stranger)
    with pytest.raises(PratiqueError, match="1 roots have signed it"):
        friday.one.execute(RevokeOwnKeys(with_root(read_document(one_root), stranger)), actor=ANNA)
    later = revoke_keys(own, (), at=friday.clock.now + timedelta(days=1), because="x", signer=friday.roots[1])
    with pytest.raises(PratiqueError, match="do not say the same"):
        laid_together([read_document(one_root), read_document(later)])
    with pytest.raises(PratiqueError, match="neither a revocation"):
        read_document(b'{"v":1,"signatures":["a.YQ.b"]}')
    assert read(friday.one.ask(ShowOwnDescriptor(), actor=ANNA).data).descriptor.version == own.version


def test_root_file_opens_for_its_passphrase_alone(tmp_path: Path) -> None:
    root = make_root(tmp_path / "root", "Director's  office", passphrase=PASSPHRASE, at=Clock().now)
    assert (read_root(tmp_path / "root"), root.holder) == (root, "Director's office")
    assert (tmp_path / "root").stat().st_mode & 0o077 == 0
    with pytest.raises(PratiqueError, match="does not open"):
        open_root(tmp_path / "root", passphrase=PASSPHRASE + "!")
    (tmp_path / "changed").write_bytes((tmp_path / "root").read_bytes().replace(b"Director", b"Dirextor"))
    with pytest.raises(PratiqueError, match="does not open"):
        open_root(tmp_path / "changed", passphrase=PASSPHRASE)
    (tmp_path / "public").write_bytes(root.file())
    with pytest.raises(PratiqueError, match="is the public half"):
        open_root(tmp_path / "public", passphrase=PASSPHRASE)
    with pytest.raises(PratiqueError, match="exists already"):
        make_root(tmp_path / "root", "Another", passphrase=PASSPHRASE, at=Clock().now)
    with pytest.raises(PratiqueError, match="shorter than"):
        make_root(tmp_path / "short", "Another", passphrase="short", at=Clock().now)
