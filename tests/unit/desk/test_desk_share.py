"""The share page: what would leave and what stays, by which article, and the act itself."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk_visits import Browser, Whole, whole_server
from nodes import ANNA, write_manifest
from partner_nodes import Clock, administration, agree, introduce
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.disclosures import ListDisclosures, ShowDisclosure
from pratique.node.handlers.evidence import AttachEvidence
from pratique.node.handlers.ledger_keys import MakeKeys
from pratique.node.handlers.orders import OrderControl
from pratique.node.handlers.partners_own import PublishDescriptor, ShowOwnDescriptor
from pratique.node.handlers.queue import ListQueue

PERSON = "JONATHAN QUARTERMAINE"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """A node that knows a partner, has an agreement with it, and has assessed a bill whose shipper is a person."""
    folder = tmp_path_factory.mktemp("share")
    with whole_server(folder / "node") as found:
        node = found.node
        node.execute(MakeKeys("xa-customs"), actor=ANNA)
        node.execute(PublishDescriptor("Customs of XA", "XA", "customs", None), actor=ANNA)
        with administration(folder / "xb", "xb", clock=Clock()) as other:
            introduce(node, other.ask(ShowOwnDescriptor(), actor=ANNA))
        agree(node, "xa", "xb")
        path = write_manifest(folder / "manifest.csv", bills=3)
        path.write_text(path.read_text().replace("NORTHWIND EXPORT 1,", f"{PERSON},"))
        node.execute(AssessMessages((path,)), actor=ANNA)
        yield found


def bill(whole: Whole, number: int = 1) -> str:
    rows = whole.node.ask(ListQueue(), actor=ANNA).rows
    return next(each.consignment_id for each in rows if (each.bill or "").endswith(str(number)))


def liaison(whole: Whole) -> tuple[Browser, str]:
    browser, csrf = whole.signed_in("tomas.erlund")
    declared = browser.post("/purpose", data={"csrf": csrf, "purpose": "mutual_assistance", "next": "/"})
    assert declared.status_code == 303, declared.text[:500]
    return browser, csrf


def test_the_person_stays_and_the_rest_would_go(whole: Whole) -> None:
    browser, _ = liaison(whole)
    told = browser.get(f"/share/{bill(whole)}").text
    assert "Alert to Customs of XB" in told
    assert f"<s><bdi>{PERSON}" in told
    assert "Art. 17(2) forbids it." in told
    assert "Permitted by Art. 8(1)" in told
    assert "No lawyer has compared Art. 8(1)" in told
    assert "Erase it by" in told
    assert "Smallest lawful change, under Art. 9(3)" in told


def test_another_article_is_refused_with_what_would_do(whole: Whole) -> None:
    browser, csrf = liaison(whole)
    chosen = {"csrf": csrf, "to": "xb-customs", "clause": "customs-bilateral/on-request", "purpose": "prevention"}
    told = browser.post(f"/share/{bill(whole)}/files", data=chosen | {"summary": "A seal was changed."}).text
    assert "A seal was changed." in told
    assert "does not permit it" in told
    assert "formaction" not in told
    assert "<s><bdi>A seal was changed." in told


def test_sending_leaves_a_disclosure_with_its_id(whole: Whole) -> None:
    browser, csrf = liaison(whole)
    chosen = {"csrf": csrf, "to": "xb-customs", "clause": "customs-bilateral/spontaneous", "purpose": "prevention"}
    done = browser.post(f"/share/{bill(whole)}", data=chosen)
    assert done.status_code == 303, done.text[:500]
    made = whole.node.ask(ListDisclosures(), actor=ANNA).made
    assert [(each.partner_id, each.clause) for each in made] == [("xb-customs", "spontaneous")]
    assert made[0].id in browser.get(done.headers["location"]).text


def test_a_refused_act_sends_nothing_and_explains(whole: Whole) -> None:
    browser, csrf = liaison(whole)
    before = len(whole.node.ask(ListDisclosures(), actor=ANNA).made)
    chosen = {"csrf": csrf, "to": "xb-customs", "clause": "customs-bilateral/on-request", "purpose": "prevention"}
    answer = browser.post(f"/share/{bill(whole)}", data=chosen)
    assert answer.status_code == 200
    assert "does not permit it" in answer.text
    assert len(whole.node.ask(ListDisclosures(), actor=ANNA).made) == before


def test_what_was_typed_goes_through_a_confirmation(whole: Whole) -> None:
    browser, csrf = liaison(whole)
    with sqlite3.connect(whole.node.folder.root / "access.db") as access:
        access.execute("update session set strong_until = '2000-01-01T00:00:00.000Z'")
    ref = bill(whole)
    asked = browser.post(f"/share/{ref}", data={"csrf": csrf, "to": "xb-customs", "summary": "Typed once."})
    assert asked.status_code == 403
    held = 'name="then.summary" value="Typed once."'
    assert held in asked.text
    carried = {"csrf": csrf, "next": "/", "then": f"/share/{ref}", "then.summary": "Typed once."}
    assert held in browser.post("/confirm/then", data=carried).text
    confirmed = browser.post("/confirm", data=carried).text
    assert f'action="/share/{ref}" data-resume' in confirmed
    assert 'name="summary" value="Typed once."' in confirmed
    elsewhere = browser.post("/confirm", data=carried | {"csrf": csrf_of(confirmed), "then": "//elsewhere"})
    assert elsewhere.headers["location"] == "/"


def test_a_file_of_the_officer_is_kept_and_decided_on_before_anything_is_sent(whole: Whole) -> None:
    browser, csrf = liaison(whole)
    before = len(whole.node.ask(ListDisclosures(), actor=ANNA).made)
    chosen = {"csrf": csrf, "to": "xb-customs", "clause": "customs-bilateral/spontaneous", "purpose": "prevention"}
    told = browser.post(f"/share/{bill(whole)}", data=chosen, files={"file": ("gate log.csv", b"at,box\n")}).text
    assert "gate log.csv" in told
    sha256 = hashlib.sha256(b"at,box\n").hexdigest()
    assert f'name="attach" value="{sha256}" checked' in told
    assert "forbids it." in told  # it is taken to show persons until somebody looked
    assert len(whole.node.ask(ListDisclosures(), actor=ANNA).made) == before


def csrf_of(page: str) -> str:
    return page.split('<meta name="csrf" content="')[1].split('"')[0]


def test_who_may_not_share_is_refused(whole: Whole) -> None:
    browser, _ = whole.signed_in("jonas.adeyemi")
    assert browser.get(f"/share/{bill(whole)}").status_code == 403


def test_who_shares_opens_the_consignment_without_the_queue_and_without_names_of_persons(whole: Whole) -> None:
    browser, _ = liaison(whole)
    page = browser.get(f"/consignment/{bill(whole)}")
    assert page.status_code == 200, page.text[:2000]
    assert "1 person; not shown here" in page.text
    assert PERSON not in page.text
    assert f"/share/{bill(whole)}" in page.text
    assert "/ask/override/" not in page.text
    assert browser.get("/queue").status_code == 403


def test_photo_of_a_control_goes_along_as_it_was_ticked(whole: Whole, tmp_path: Path) -> None:
    run, ref = whole.node.ask(ListQueue(), actor=ANNA).run.id, bill(whole, 2)
    order = whole.node.execute(OrderControl(run, ref, "documents", "information"), actor=ANNA)
    photo = tmp_path / "seal.png"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n" + b"seal")
    sha = whole.node.execute(AttachEvidence(order.id, photo), actor=ANNA).sha256
    browser, csrf = liaison(whole)
    assert "seal.png" in browser.get(f"/share/{ref}").text
    chosen = {"csrf": csrf, "to": "xb-customs", "clause": "customs-bilateral/spontaneous", "purpose": "prevention"}
    chosen |= {"attach": sha, f"holds-{sha}": "finding"}
    shows = browser.post(f"/share/{ref}/files", data=chosen | {f"persons-{sha}": "yes"}).text
    assert 'Withheld</span><span class="note soft why2">' in shows.partition("seal.png")[2]
    done = browser.post(f"/share/{ref}", data=chosen | {f"persons-{sha}": "no"})
    assert done.status_code == 303, done.text[:500]
    message = done.headers["location"].rpartition("sent=")[2]
    (went,) = whole.node.ask(ShowDisclosure(message), actor=ANNA).attachments
    assert (went.sha256, went.name, went.state) == (sha, "seal.png", "waiting")
    assert "seal.png" in browser.get(f"/outbox/{message}").text


def test_hostile_names_stay_text(whole: Whole, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = write_manifest(tmp_path_factory.mktemp("hostile") / "hostile.csv", bills=1, reference="REF9")
    path.write_text(path.read_text().replace("NORTHWIND EXPORT 0", "<script>alert(1)</script> LTD"))
    whole.node.execute(AssessMessages((path,)), actor=ANNA)
    browser, _ = liaison(whole)
    told = browser.get(f"/share/{bill(whole, 0)}").text
    assert "<script>alert(1)" not in told
    assert "&lt;script&gt;" in told
