"""``make bench-cooperation``: complete disclosures a second of one core, beside the sum of the bare primitives.

A complete disclosure is the command ``Disclose`` on a real node: decided by the engine on each field, redacted, decided
again, signed, sealed, stored, journalled, logged, in groups of 64 with one sync of the disk each. The bare primitives,
in the same run and on bytes of the same length: one decision of the engine, one Ed25519 signature, one HPKE seal, one
row of that length in SQLite in groups of 64, and the hashes of two leaves. No two disclosures are alike: contents,
purposes, markings, grades and kinds of data differ, and what they are about. Where the time goes is printed below the
rate, measured on groups of its own; the benches of the parts follow.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench import cooperation_gate, cooperation_ledger, cooperation_parts, cooperation_wire
from pratique.node import Node, local_operator
from pratique.node.exchange.disclosing import About
from pratique.node.exchange.share import Circumstances, Share
from pratique.node.handlers.agreements import AdoptAgreement, AdoptParty, ProposeAgreement, ProposeParty
from pratique.node.handlers.disclosures import Disclose, ShowDisclosure
from pratique.node.handlers.inbox_line import ReceiveEnvelopes
from pratique.node.handlers.ledger_keys import MakeKeys
from pratique.node.handlers.partners import ConfirmDescriptor, ImportDescriptor
from pratique.node.handlers.partners_own import PublishDescriptor, ShowOwnDescriptor
from pratique.partners.agreements import Party, shipped_text
from pratique.partners.exchange.keys import public_of_opening
from pratique.vocabulary.errors import PratiqueError

GROUP = 64
GROUPS = 10
AGREEMENT = "customs-bilateral"
OFFICER, CHIEF = local_operator("officer"), local_operator("chief")


def main() -> None:
    """Prints every figure; see the module."""
    with tempfile.TemporaryDirectory() as folder:
        one, other = (_administration(Path(folder) / state, state) for state in ("xa", "xb"))
        with one, other:
            _meet(one, other)
            _meet(other, one)
            rate, envelopes = _disclosures(one)
            bare = _bare(len(envelopes[0]), Path(folder) / "bare.db")
            print(f"complete disclosures: {rate:,.0f} a second of one core")
            print(f"the bare primitives:  {bare:,.0f} a second of one core; {rate / bare:.0%} of them")
            print(f"taken in, receipted:  {_received(other, envelopes):,.0f} a second of one core")
    for part in (cooperation_gate, cooperation_wire, cooperation_ledger):
        print(f"\n{part.__name__}")
        part.main()


def _disclosures(node: Node) -> tuple[float, list[bytes]]:
    first, *groups = [[_disclose(number * GROUP + each) for each in range(GROUP)] for number in range(GROUPS + 1)]
    messages = _messages(node, first)  # compiles, reads keys
    began, wall = time.process_time(), time.perf_counter()
    for commands in groups:
        messages += _messages(node, commands)
    spent, waited = time.process_time() - began, time.perf_counter() - wall
    print(f"{GROUP * GROUPS:,} disclosures in groups of {GROUP}: {GROUP * GROUPS / waited:,.0f} a second by the wall")
    _parts(node)
    outs = [node.ask(ShowDisclosure(message), actor=OFFICER).out for message in messages]
    return GROUP * GROUPS / spent, [out.envelope for out in outs if out is not None]


def _parts(node: Node) -> None:
    """The share of each part, over half as many groups: clocks cost a little themselves."""
    groups = [[_disclose(-1 - number * GROUP - each) for each in range(GROUP)] for number in range(GROUPS // 2)]
    began = time.process_time_ns()
    with cooperation_parts.clocked() as spent:
        for commands in groups:
            _messages(node, commands)
    cooperation_parts.show(spent, time.process_time_ns() - began)


def _messages(node: Node, commands: list[Disclose]) -> list[str]:
    """The ids of what went; every one of them has to go."""
    found = []
    for done in node.execute_all(commands, actor=OFFICER):
        assert not isinstance(done, PratiqueError), done
        assert done.message is not None, done.verdict
        found.append(done.message)
    return found


def _received(node: Node, envelopes: list[bytes]) -> float:
    """The stream in groups from its beginning, so that each envelope is the next; the first group reads keys."""
    first, *groups = [tuple(envelopes[at : at + GROUP]) for at in range(0, len(envelopes), GROUP)]
    _taken_in(node, first)
    began = time.process_time()
    for each in groups:
        _taken_in(node, each)
    return sum(map(len, groups)) / (time.process_time() - began)


def _taken_in(node: Node, envelopes: tuple[bytes, ...]) -> None:
    """Every one of them has to be accepted."""
    taken = node.execute(ReceiveEnvelopes(envelopes), actor=OFFICER)
    assert {each.course for each in taken} == {"accepted"}


def _bare(size: int, database: Path) -> float:
    """The sum of what no disclosure can do without."""
    gates = [each for each in cooperation_gate.loaded(8) if each.instrument.id.startswith(AGREEMENT)] * 200
    decision = sum(cooperation_gate.bare(gates)) / len(gates)
    signing, public = Ed25519PrivateKey.generate(), public_of_opening(os.urandom(96))
    rest = _each(lambda: cooperation_wire.bare_seal(signing, public, size)) + _each(_leaves)
    return 1 / (decision + rest + _stored(size, database))


def _leaves() -> None:
    for _ in range(2):
        hashlib.sha256(b"\x00" + hmac.digest(os.urandom(32), bytes(500), "sha256")).digest()


def _stored(size: int, database: Path) -> float:
    store = sqlite3.connect(database, isolation_level=None)
    store.execute("PRAGMA journal_mode=WAL")
    store.execute("PRAGMA synchronous=FULL")
    store.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, data BLOB)")
    row = os.urandom(size)
    began = time.process_time()
    for _ in range(GROUPS):
        store.execute("BEGIN IMMEDIATE")
        for _ in range(GROUP):
            store.execute("INSERT INTO kept (data) VALUES (?)", (row,))
        store.execute("COMMIT")
    spent = time.process_time() - began
    store.close()
    return spent / (GROUP * GROUPS)


def _each(act: Callable[[], object], rounds: int = 300) -> float:
    began = time.process_time()
    for _ in range(rounds):
        act()
    return (time.process_time() - began) / rounds


def _disclose(number: int) -> Disclose:
    """The alert of that number: no other has its content, and neighbours differ in what the gate looks at."""
    draw = random.Random(number)
    alert = cooperation_wire.ALERT
    fields = {
        **alert,
        "reference": f"XA 2026-{number}",
        "summary": f"{alert['summary']} Seen by patrol {draw.randrange(10**9)}.",
        "goods": [{**cooperation_wire.GOODS, "gross_mass_g": draw.randrange(10**8)} for _ in range(4)],
        "equipment": [{"id": f"QZHU{draw.randrange(10**7):07}", "size_type": "22G1"} for _ in range(2)],
    }
    for name in draw.sample(("companies", "persons", "reasons", "summary"), draw.randrange(3)):
        del fields[name]
    said = Circumstances(
        draw.choice(("prevention", "risk_analysis", "investigation")),
        tlp=draw.choice(("green", "amber", "amber_strict")),
        source_grade=draw.choice("ABC"),
        information_grade=draw.choice("123"),
        offence=draw.choice(("none", "smuggling", "drugs", "counterfeits")),
    )
    share = Share("xb-customs", "alert/1", fields, AGREEMENT, "spontaneous", said)
    return Disclose(share, About(about=f"MANIFEST-{number}"))


def _administration(folder: Path, state: str) -> Node:
    node = Node.create(folder, actor=OFFICER)
    node.execute(MakeKeys(f"{state}-customs"), actor=OFFICER)
    node.execute(PublishDescriptor(f"Customs of {state.upper()}", state.upper(), "customs"), actor=OFFICER)
    text = shipped_text(AGREEMENT)
    assert text is not None
    proposed = node.execute(ProposeAgreement(text), actor=OFFICER)
    node.execute(AdoptAgreement(proposed.id, proposed.version), actor=CHIEF)
    for each in ("xa", "xb"):
        bound = node.execute(ProposeParty(proposed.id, Party(each, since=date(2026, 1, 1))), actor=OFFICER)
        node.execute(AdoptParty(bound.seq), actor=CHIEF)
    return node


def _meet(one: Node, other: Node) -> None:
    said = other.ask(ShowOwnDescriptor(), actor=OFFICER)
    one.execute(ImportDescriptor(said.data), actor=OFFICER)
    one.execute(ConfirmDescriptor(said.partner, said.fingerprint), actor=CHIEF)


if __name__ == "__main__":
    main()
