"""Evidence on a node: custody by both hands, over the border, in a bundle that any change breaks."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from nodes import ANNA, BEN
from partner_nodes import Clock, administration, two
from pratique.node import Node
from pratique.node.assistance.bundle_folder import write_folder, zipped
from pratique.node.handlers.custody import CollectEvidence, DeriveItem, ListItems, NewItem, RecordCustody, ShowItem
from pratique.node.handlers.custody_handover import (
    CompleteHandOver,
    CountersignHandOver,
    OfferHandOver,
    ShowHandCard,
    ShowOffer,
    TakeOver,
    WithdrawOffer,
)
from pratique.node.handlers.doctor import Doctor
from pratique.node.handlers.evidence_bundles import MakeBundle, TakeInBundle
from pratique.node.handlers.ledger import MakeCheckpoint
from pratique.node.handlers.personal_keys import MakePersonalKey, ShowPersonalKey
from pratique.node.ledger.signing_keys import NodeKeys
from pratique.partners.evidence.custody import What
from pratique.partners.evidence.items import ItemKind
from pratique.vocabulary.errors import PratiqueError
from pratique_verify.bundles import check_bundle
from pratique_verify.notes import parse_policy

COURT = "Court of first instance, Sankt Orla"
WORDS = "words that Anna alone knows"


@pytest.fixture
def sides(tmp_path: Path) -> Iterator[tuple[Node, Node, Clock]]:
    """Two administrations that know each other's keys, and their clock."""
    clock = Clock()
    one, other = two(tmp_path, clock)
    with one, other:
        yield one, other, clock


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, ...]:
    """A photo and a log."""
    (tmp_path / "seal.jpg").write_bytes(b"\xff\xd8\xff a seal")
    (tmp_path / "gate.csv").write_bytes(b"at,box\n2026-09-11,MSCU1234566\n")
    return tmp_path / "seal.jpg", tmp_path / "gate.csv"


def collected(node: Node, files: tuple[Path, ...]) -> str:
    """An item in Anna's hands."""
    new = NewItem("Seal of the box", ItemKind.PHOTOGRAPH, "Port Ilmen", "Camera 7", "Customs Act 31", files)
    return node.execute(CollectEvidence(new), actor=ANNA).id


def refused(act: Callable[[], object]) -> str:
    """The code of the refusal."""
    with pytest.raises(PratiqueError) as error:
        act()
    return error.value.code


def bundled(node: Node, folder: Path, *items: str) -> Path:
    """The bundle of items as a folder."""
    node.execute(MakeCheckpoint(), actor=ANNA)
    made = node.execute(MakeBundle(items, "Case 26/1187", COURT), actor=ANNA)
    write_folder(folder, made.parts)
    return folder


def test_two_officers_sign_a_hand_over_and_only_the_holder_acts(
    sides: tuple[Node, Node, Clock], files: tuple[Path, ...]
) -> None:
    node, _, clock = sides
    item = collected(node, files)
    node.execute(RecordCustody(item, What.SEAL, "Port Ilmen", "H441"), actor=ANNA)
    seal = RecordCustody(item, What.OPEN, "Lab", "H441")
    assert refused(lambda: node.execute(seal, actor=BEN)) == "custody.rule_not_holder"
    node.execute(OfferHandOver(item, "Lab", to_officer=BEN.name), actor=ANNA)
    assert refused(lambda: node.execute(seal, actor=ANNA)) == "custody.on_offer"
    assert refused(lambda: node.execute(TakeOver(item), actor=ANNA)) == "custody.not_for_you"
    assert refused(lambda: node.execute(WithdrawOffer(item), actor=BEN)) == "custody.not_your_offer"
    clock.now += timedelta(hours=1)
    taken = node.execute(TakeOver(item), actor=BEN)
    assert taken.at_hand.custody.holder == (BEN.name, "xa-customs")
    assert [hand.officer for hand in taken.at_hand.chain.events[-1].hands] == [ANNA.name, BEN.name]
    wrong = RecordCustody(item, What.OPEN, "Lab", "H442")
    assert refused(lambda: node.execute(wrong, actor=BEN)) == "custody.rule_seal_differs"
    node.execute(seal, actor=BEN)
    copy = NewItem("Copy", ItemKind.DATA, "Lab", files=files[1:])
    derived = node.execute(DeriveItem(item, What.COPY, copy), actor=BEN)
    assert (derived.item.derived_from, node.ask(ShowItem(item), actor=BEN).derived) == ((item,), (derived.id,))


def test_a_seal_that_differs_is_recorded_with_a_note_and_breaks_the_chain(
    sides: tuple[Node, Node, Clock], files: tuple[Path, ...]
) -> None:
    node, _, _ = sides
    item = collected(node, files)
    node.execute(RecordCustody(item, What.SEAL, "Port Ilmen", "H441"), actor=ANNA)
    said = RecordCustody(item, What.RECEIVE, "Store", "H442", "The number is another one; photographed")
    shown = node.execute(said, actor=ANNA)
    assert [each.code for each in shown.at_hand.chain.breaks] == ["seal_differs"]
    assert refused(lambda: node.execute(MakeBundle((item,), "x", COURT), actor=ANNA)) == "custody.broken"


def test_a_row_that_somebody_edits_is_named(sides: tuple[Node, Node, Clock], files: tuple[Path, ...]) -> None:
    node, _, _ = sides
    item = collected(node, files)
    node.execute(RecordCustody(item, What.SEAL, "Port Ilmen", "H441"), actor=ANNA)
    with node._stores.main.writing() as connection:
        connection.exec_driver_sql("UPDATE custody_event SET text = replace(text, 'H441', 'H440')")
    fault = node.ask(ShowItem(item), actor=ANNA).at_hand.chain.breaks[0]
    assert (fault.number, fault.code) == (2, "signature_wrong")


def test_a_chain_whose_last_event_somebody_deletes_is_missed_by_the_doctor(
    sides: tuple[Node, Node, Clock], files: tuple[Path, ...]
) -> None:
    node, _, _ = sides
    item = collected(node, files)
    node.execute(RecordCustody(item, What.SEAL, "Port Ilmen", "H441"), actor=ANNA)
    assert {each.name: each.state for each in node.ask(Doctor(), actor=ANNA)}["custody"] == "ok"
    with node._stores.main.writing() as connection:
        connection.exec_driver_sql("DELETE FROM custody_event WHERE number = 2")
    found = {each.name: each for each in node.ask(Doctor(), actor=ANNA)}["custody"]
    assert (found.state, "has no event" in found.told) == ("fail", True)


def test_only_the_keys_of_agencies_have_to_be_exchanged(
    sides: tuple[Node, Node, Clock], files: tuple[Path, ...], tmp_path: Path
) -> None:
    node, _, _ = sides
    folder = bundled(node, tmp_path / "bundle", collected(node, files))
    key = NodeKeys(node.folder, node._stores).current("sign").public_key
    policy = parse_policy((folder / "policy.txt").read_text())
    exchanged = {"xa-customs/sign/1": key}
    assert (check_bundle(folder, policy, exchanged).faults, check_bundle(folder, policy, exchanged).trusted) == (
        [],
        True,
    )
    others = {"xa-customs/sign/1": bytes(31) + b"\x01"}
    assert any("does not hold" in fault for fault in check_bundle(folder, policy, others).faults)
    told = json.loads((folder / "bundle.json").read_text())
    del told["custody"][0]
    (folder / "bundle.json").write_text(json.dumps(told, ensure_ascii=False))
    assert any("certificate" in fault for fault in check_bundle(folder, policy, exchanged).faults)


def test_a_bundle_verifies_offline_and_says_what_it_is(
    sides: tuple[Node, Node, Clock], files: tuple[Path, ...], tmp_path: Path
) -> None:
    node, _, _ = sides
    item = collected(node, files)
    asked = MakeBundle((item,), "Case 26/1187", COURT)
    assert refused(lambda: node.execute(asked, actor=ANNA)) == "custody.not_in_log"
    folder = bundled(node, tmp_path / "bundle", item)
    found = check_bundle(folder, None, None)
    assert (found.faults, len(found.proofs)) == ([], 1)
    assert sum("logged as entry" in line for line in found.custody) == 1
    summary = (folder / "summary.txt").read_text()
    assert all(each in summary for each in (COURT, item, "seal.jpg", "collected", "pratique-verify"))
    parts = node.execute(asked, actor=ANNA).parts
    assert zipped(parts) == zipped(parts)


def _cut_last(told: dict[str, Any]) -> None:
    del told["custody"][-2]


def _without_certificate(told: dict[str, Any]) -> None:
    del told["custody"][-1]


def _forge(told: dict[str, Any]) -> None:
    for each in told["custody"][1]["signatures"]:
        each["signature"] = told["custody"][0]["signatures"][0]["signature"]


def _swap_files(told: dict[str, Any]) -> None:
    first, second = (each for each in told["files"] if each["path"].startswith("items/"))
    first["path"], second["path"] = second["path"], first["path"]


def _unlist(told: dict[str, Any]) -> None:
    told["files"] = [each for each in told["files"] if not each["path"].endswith("gate.csv")]


def _climb(told: dict[str, Any]) -> None:
    told["files"][0]["path"] = "../../etc/passwd"


TAMPERING = [
    (_cut_last, "custody.broken"),
    (_without_certificate, "custody.broken"),
    (_forge, "custody.broken"),
    (_swap_files, "custody.bundle_file"),
    (_unlist, "custody.bundle_extra"),
    (_climb, "custody.bundle_part"),
]


@pytest.mark.parametrize(("tamper", "code"), TAMPERING)
def test_a_bundle_that_was_tampered_with_is_not_taken_in(
    sides: tuple[Node, Node, Clock], files: tuple[Path, ...], tmp_path: Path, tamper: Any, code: str
) -> None:
    one, other, _ = sides
    item = collected(one, files)
    one.execute(RecordCustody(item, What.SEAL, "Port Ilmen", "H441"), actor=ANNA)
    folder = bundled(one, tmp_path / "bundle", item)
    told = json.loads((folder / "bundle.json").read_text())
    tamper(told)
    (folder / "bundle.json").write_text(json.dumps(told, ensure_ascii=False))
    assert refused(lambda: other.execute(TakeInBundle(folder), actor=ANNA)) == code
    assert other.ask(ListItems(), actor=ANNA) == []


def test_a_file_that_changed_or_became_a_link_is_named(
    sides: tuple[Node, Node, Clock], files: tuple[Path, ...], tmp_path: Path
) -> None:
    one, other, _ = sides
    folder = bundled(one, tmp_path / "bundle", collected(one, files))
    photo = next(folder.glob("items/*/*seal.jpg"))
    whole = photo.read_bytes()
    photo.write_bytes(whole[:-1] + b"!")
    assert refused(lambda: other.execute(TakeInBundle(folder), actor=ANNA)) == "custody.bundle_file"
    photo.unlink()
    photo.symlink_to(files[0])
    assert refused(lambda: other.execute(TakeInBundle(folder), actor=ANNA)) == "custody.bundle_file"
    assert check_bundle(folder, None, None).faults


def test_evidence_crosses_the_border_by_both_hands_and_comes_back_with_its_chain(
    sides: tuple[Node, Node, Clock], files: tuple[Path, ...], tmp_path: Path
) -> None:
    one, other, clock = sides
    item = collected(one, files)
    card = other.ask(ShowHandCard(), actor=BEN)
    one.execute(OfferHandOver(item, "Border post", card=card), actor=ANNA)
    offer = one.ask(ShowOffer(item), actor=ANNA)
    assert refused(lambda: other.execute(CountersignHandOver(offer), actor=ANNA)) == "custody.not_for_you"
    spoilt = offer.replace(b"Border post", b"Border_post")
    assert refused(lambda: other.execute(CountersignHandOver(spoilt), actor=BEN)) == "custody.broken"
    countersigned = other.execute(CountersignHandOver(offer), actor=BEN)
    clock.now += timedelta(minutes=5)
    own = one.ask(ShowHandCard(), actor=ANNA)
    assert refused(lambda: one.execute(CompleteHandOver(item, own), actor=ANNA)) == "custody.not_countersigned"
    handed = one.execute(CompleteHandOver(item, countersigned), actor=ANNA)
    assert handed.at_hand.custody.holder == (BEN.name, "xb-customs")
    taken = other.execute(TakeInBundle(bundled(one, tmp_path / "there", item)), actor=BEN)
    assert (taken.new, taken.agency) == ((item,), "xa-customs")
    other.execute(RecordCustody(item, What.RECEIVE, "Laboratory of XB"), actor=BEN)
    back = one.execute(TakeInBundle(bundled(other, tmp_path / "back", item)), actor=ANNA)
    assert (back.new, back.continued) == ((), (item,))
    shown = one.ask(ShowItem(item), actor=ANNA)
    assert [each.what for each in shown.at_hand.chain.events] == [What.COLLECT, What.HAND_OVER, What.RECEIVE]
    assert shown.at_hand.chain.breaks == ()


def test_two_stories_of_one_item_are_kept_apart(
    sides: tuple[Node, Node, Clock], files: tuple[Path, ...], tmp_path: Path
) -> None:
    one, other, _ = sides
    item = collected(one, files)
    one.execute(RecordCustody(item, What.SEAL, "Port Ilmen", "H441"), actor=ANNA)
    other.execute(TakeInBundle(bundled(one, tmp_path / "first", item)), actor=ANNA)
    with one._stores.main.writing() as connection:
        connection.exec_driver_sql("DELETE FROM custody_event WHERE number = 2")
    one.execute(RecordCustody(item, What.SEAL, "Port Ilmen", "H999"), actor=ANNA)
    second = bundled(one, tmp_path / "second", item)
    assert check_bundle(second, None, None).faults == []  # signed, logged and whole: it is only another story
    assert refused(lambda: other.execute(TakeInBundle(second), actor=ANNA)) == "custody.fork"


@pytest.mark.long
def test_a_card_or_bundle_of_somebody_unknown_is_not_believed(
    sides: tuple[Node, Node, Clock], files: tuple[Path, ...], tmp_path: Path
) -> None:
    one, _, clock = sides
    with administration(tmp_path / "xc", "xc", clock=clock) as stranger:
        card = stranger.ask(ShowHandCard(), actor=BEN)
        folder = bundled(stranger, tmp_path / "strange", collected(stranger, files))
    item = collected(one, files)
    offer = OfferHandOver(item, "Border post", card=card)
    assert refused(lambda: one.execute(offer, actor=ANNA)) == "custody.card_not_of_partner"
    assert refused(lambda: one.execute(TakeInBundle(folder), actor=ANNA)) == "custody.broken"
    shutil.rmtree(folder)
    assert refused(lambda: one.execute(TakeInBundle(folder), actor=ANNA)) == "custody.no_bundle"


def test_an_officers_own_key_signs_and_nobody_signs_without_its_passphrase(
    sides: tuple[Node, Node, Clock], files: tuple[Path, ...], tmp_path: Path
) -> None:
    node, other, _ = sides
    held = collected(node, files)  # before Anna made a key: the node holds one for her
    made = node.execute(MakePersonalKey(WORDS), actor=ANNA)
    assert node.ask(ShowPersonalKey(), actor=ANNA) == made
    seal = RecordCustody(held, What.SEAL, "Port Ilmen", "H441")
    assert refused(lambda: node.execute(seal, actor=ANNA)) == "custody.passphrase_needed"
    assert (
        refused(lambda: node.execute(replace(seal, passphrase=WORDS + "!"), actor=ANNA)) == "custody.passphrase_wrong"
    )
    node.execute(replace(seal, passphrase=WORDS), actor=ANNA)
    node.execute(OfferHandOver(held, "Lab", to_officer=BEN.name, passphrase=WORDS), actor=ANNA)
    node.execute(MakePersonalKey(WORDS), actor=BEN)
    assert refused(lambda: node.execute(TakeOver(held, WORDS), actor=BEN)) == "custody.key_changed"
    node.execute(WithdrawOffer(held), actor=ANNA)
    node.execute(OfferHandOver(held, "Lab", to_officer=BEN.name, passphrase=WORDS), actor=ANNA)
    taken = node.execute(TakeOver(held, WORDS), actor=BEN)
    hands = [hand for event in taken.at_hand.chain.events for hand in event.hands]
    assert [hand.officer_kind for hand in hands] == ["node", "personal", "personal", "personal"]

    node.execute(MakeCheckpoint(), actor=ANNA)
    bundle = tmp_path / "own"
    write_folder(bundle, node.execute(MakeBundle((held,), "Case", COURT, passphrase=WORDS), actor=BEN).parts)
    keys = NodeKeys(node.folder, node._stores).every("sign")
    checked = check_bundle(bundle, None, {f"{key.owner}/{key.id}": key.public_key for key in keys})
    assert checked.faults == []  # offline, with the agency's key alone
    assert "with a key that the administration's node holds" in checked.custody[0]
    assert checked.custody[1].count("with their own key") == 1
    assert "own key" in (bundle / "summary.txt").read_text()
    assert other.execute(TakeInBundle(bundle), actor=ANNA).new == (held,)
    for store in ("pratique.db", "access.db"):
        assert WORDS.encode() not in (node.folder.root / store).read_bytes()
    forged = (bundle / "bundle.json").read_text().replace('officer_kind\\":\\"node', 'officer_kind\\":\\"personal')
    (bundle / "bundle.json").write_text(forged)
    assert any("does not hold" in fault for fault in check_bundle(bundle, None, None).faults)
