"""The ledger at the desk: the verdict, an entry proved alone, and what every page says of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk_visits import Whole, whole_server
from ledger_nodes import behind_its_back, keyed
from nodes import ANNA
from pratique.desk.pictures.ledger_path import sides_of
from pratique.node.handlers.ledger import MakeCheckpoint, ProveEntry
from pratique.node.handlers.ledger_keys import MakeKeys
from pratique.node.handlers.ledger_verify import VerifyLedger
from pratique.node.handlers.ledger_witness import AddWitness, ShowLogPolicy, ShowWitnessing
from pratique_verify.notes import parse_policy
from pratique_verify.proofs import check_proof

WATCHER = "noor.castellan"
OTHER = "ines.valmar"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """A server of a node whose log was signed and checked, with one witness."""
    folder = tmp_path_factory.mktemp("ledger")
    with whole_server(folder / "node") as found, keyed(folder / "partner", "b.example") as partner:
        found.node.execute(MakeKeys("a.example"), actor=ANNA)
        found.node.execute(AddWitness(partner.ask(ShowWitnessing(), actor=ANNA).own_key), actor=ANNA)
        found.node.execute(MakeCheckpoint(), actor=ANNA)
        found.node.execute(VerifyLedger(), actor=ANNA)
        yield found


def test_page_says_that_it_holds_and_proves_an_entry(whole: Whole) -> None:
    browser, _ = whole.signed_in(WATCHER)
    page = browser.get("/ledger").text
    assert "Nothing was changed, removed or slipped in." in page
    assert "Hashed every entry and every branch again" in page
    assert "b.example/witness" in page
    assert "The path from entry" in page
    told = browser.get("/ledger?entry=main:1").text
    assert "node.founded" in told


def test_managers_see_when_keys_are_due_and_whether_a_file_is_in_the_safe(whole: Whole) -> None:
    manager, _ = whole.signed_in("victor.amani")
    page = manager.get("/administration/keys").text
    assert page.count("in use, due on") == 4
    assert "<td>no</td><td>no</td>" in page  # neither said to partners nor in a file for the safe
    assert whole.signed_in(OTHER)[0].get("/administration/keys").status_code == 403


def test_proof_file_of_the_page_is_checked_by_the_verifier(whole: Whole) -> None:
    browser, _ = whole.signed_in(WATCHER)
    file = browser.get("/ledger/proof/1")
    assert file.headers["content-disposition"] == 'attachment; filename="entry-1.tlog-proof"'
    policy = browser.get("/ledger/policy").text
    assert policy == whole.node.ask(ShowLogPolicy(), actor=ANNA)
    alone = policy.split("\n")[0] + "\nquorum none\n"  # nobody has cosigned yet
    assert check_proof(file.content, parse_policy(alone)).index == 1


def test_entry_that_there_is_not_and_hostile_names_are_refused(whole: Whole) -> None:
    browser, _ = whole.signed_in(WATCHER)
    for entry in ("999999999", "main:0:0", "nowhere:1", "1e9", "<b>", "9" * 40):
        assert browser.get(f"/ledger/proof/{entry}").status_code == 404
        assert browser.get("/ledger", params={"entry": entry}).status_code == 404
    assert browser.get("/ledger?before=abc").status_code == 200


def test_who_may_not_read_the_journal_sees_the_badge_alone(whole: Whole) -> None:
    browser, _ = whole.signed_in(OTHER)
    assert browser.get("/ledger").status_code == 403
    page = browser.get("/").text
    assert "Ledger verified" in page
    assert 'href="/ledger"' not in page


def test_sides_of_a_path_are_those_of_the_proof(tmp_path: Path) -> None:
    with keyed(tmp_path / "node") as node:
        for _ in range(9):
            size = node.execute(MakeCheckpoint(), actor=ANNA).tree_size
        for number in range(size):
            assert len(sides_of(number, size)) == len(node.ask(ProveEntry(number), actor=ANNA).path)
    assert sides_of(0, 8) == [False] * 3
    assert sides_of(7, 8) == [True] * 3


def test_broken_ledger_is_said_on_every_page(tmp_path: Path) -> None:
    with whole_server(tmp_path / "node") as whole:
        whole.node.execute(MakeKeys("a.example"), actor=ANNA)
        whole.node.execute(MakeCheckpoint(), actor=ANNA)
        with behind_its_back(tmp_path / "node") as connection:
            connection.execute("UPDATE ledger_entry SET leaf_sha256 = zeroblob(32) WHERE number = 1")
            connection.commit()
        whole.node.execute(VerifyLedger(), actor=ANNA)
        browser, _ = whole.signed_in(OTHER)
        assert "Ledger broken at entry 1" in browser.get("/").text
        watcher, _ = whole.signed_in(WATCHER)
        assert "does not hold" in watcher.get("/ledger").text


def test_node_without_keys_says_what_is_missing(tmp_path: Path) -> None:
    with whole_server(tmp_path / "node") as whole:
        browser, _ = whole.signed_in(WATCHER)
        page = browser.get("/ledger").text
        assert "no key pairs yet" in page
        assert "Ledger not verified yet" in page
