"""``demo-partners``: two administrations and a witness on one machine, over real HTTP; every step is checked."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from pratique.cli.demo import make_anew
from pratique.cli.demo_evidence import Answered, bundled, kept_bundle, take_into_custody, taken_in, tampered, verified
from pratique.cli.demo_sides import AGREEMENT, Side, found_sides, own_manifest, served_sides
from pratique.cli.exchange import render_compared
from pratique.cli.output import say
from pratique.cli.share import render_disclosed
from pratique.node.assistance.request_sealed import Way
from pratique.node.exchange.attaching import Attaching
from pratique.node.exchange.disclosing import About, Disclosed
from pratique.node.exchange.share import Circumstances, Share
from pratique.node.exchange.worker import Exchange
from pratique.node.handlers.alerts import DraftAlert
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.disclosures import Disclose, ShowDisclosure
from pratique.node.handlers.feedback import GiveFeedback
from pratique.node.handlers.inbox import ListInbox, ReadAttachment, ShowMessage
from pratique.node.handlers.ledger import MakeCheckpoint, ProveEntry
from pratique.node.handlers.ledger_witness import AddWitness, ShowLogPolicy, ShowWitnessing, WatchLog
from pratique.node.handlers.lists import LoadList
from pratique.node.handlers.queue import ListQueue
from pratique.node.handlers.request_intake import TakeUpMessage
from pratique.node.handlers.requests import DraftRequest, ReviseRequest, SendRequest, ShowRequest
from pratique.node.handlers.requests_asked import AcknowledgeRequest, AnswerRequest
from pratique.node.handlers.retractions import DestroyMessage, Retract
from pratique.partners.assistance.drafts import Draft
from pratique.vocabulary.errors import Category, PratiqueError

ASKING: Final = Way(AGREEMENT, "spontaneous", "investigation")
VERIFY: Final = "import sys; from pratique_verify.main import main; sys.exit(main())"
ANSWERING: Final = Way(AGREEMENT, "on-request", "investigation")


def run_demo_partners(out: Path) -> None:
    """The whole story; raises where a step does not come out as it is told."""
    make_anew(out)
    say("Three administrations on this machine: XA and XB share, XC witnesses. Everything between them goes over HTTP.")
    with found_sides(out) as (one, other, third), served_sides((one, other, third)):
        alert = _an_alert_leaves(one, other, out)
        _feedback_returns(one, other, alert)
        answered = _request_is_completed_and_answered(other, one, out)
        _third_party_gets_nothing(other, alert)
        _retracted_and_certified(one, other, alert)
        _logs_agree(one, other)
        _court_checks_offline(one, third, alert, out)
        _evidence_holds_offline(one, other, answered, out)
    say("Every step came out as told.")


def _an_alert_leaves(one: Side, other: Side, out: Path) -> str:
    say("1. A finding in XA becomes an alert. The gate says which fields the agreement covers.")
    manifest, watchlist = own_manifest(out)
    one.node.execute(LoadList("own", (watchlist,)), actor=one.officer)
    one.node.execute(AssessMessages((manifest,), seed=1), actor=one.officer)
    first = one.node.ask(ListQueue(), actor=one.officer).rows[0]
    drafted = one.node.ask(DraftAlert(first.consignment_id, "urgent"), actor=one.officer)
    fields = drafted.fields | {"summary": "The shipper stands on our list; the seal was changed at transhipment."}
    share = Share(other.id, "alert/1", fields, AGREEMENT, "spontaneous", Circumstances("prevention"))
    done = one.node.execute(Disclose(share, About(about=drafted.consignment)), actor=one.officer)
    render_disclosed(done)
    message = _id(done)
    _require(any(kept.field == "persons" for kept in done.withheld), "the person stays in XA")
    _deliver(one)
    held = other.node.ask(ShowMessage(message), actor=other.officer)
    _require("persons" not in {field.name for field in held.fields}, "XB has the alert without the person")
    state = one.node.ask(ShowDisclosure(message), actor=one.officer).out
    _require(state is not None and state.state == "delivered", "XA holds the receipt that XB signed")
    return message


def _feedback_returns(one: Side, other: Side, alert: str) -> None:
    say("2. XB acts on it and says what came of it.")
    said = GiveFeedback(alert, "found", {"remarks": "40 kg behind a false wall."})
    done = other.node.execute(said, actor=other.officer)
    _id(done)
    _deliver(other)
    events = one.node.ask(ShowDisclosure(alert), actor=one.officer).events
    _require([(each.event, each.note) for each in events] == [("feedback", "found")], "XA reads: found")


def _request_is_completed_and_answered(asking: Side, asked: Side, out: Path) -> Answered:
    say("3. XB asks for evidence. The request lacks something, and does not leave before it is there.")
    at, who = asking.node, asking.officer
    drafted = at.execute(DraftRequest(asked.id, _draft(complete=False)), actor=who).line.request.id
    try:
        at.execute(SendRequest(drafted, way=ASKING), actor=who)
    except PratiqueError as error:
        say(f"   Not sent: {error.happened}")
    else:
        raise _broken("an incomplete request does not leave")
    at.execute(ReviseRequest(drafted, _draft(complete=True)), actor=who)
    at.execute(SendRequest(drafted, way=ASKING), actor=who)
    _deliver(asking)
    taken = asked.node.execute(TakeUpMessage(_newest(asked)), actor=asked.officer)
    theirs = taken.line.request.id
    say(f"   Completed and sent; XA takes it up as {theirs}.")
    asked.node.execute(AcknowledgeRequest(theirs, way=ANSWERING), actor=asked.officer)
    _deliver(asked)
    at.execute(TakeUpMessage(_newest(asking)), actor=who)
    item = take_into_custody(asked, theirs, out)
    answer = AnswerRequest(theirs, (1,), False, (item,), ("Only for case 26/1187",), way=ANSWERING)
    asked.node.execute(answer, actor=asked.officer)
    _deliver(asked)
    at.execute(TakeUpMessage(_newest(asking)), actor=who)
    state = at.ask(ShowRequest(drafted), actor=who).line
    _require(state.state == "partly_answered", "the first part is answered; the evidence follows once it is in the log")
    return Answered(drafted, theirs, item)


def _third_party_gets_nothing(other: Side, alert: str) -> None:
    say("4. XB would pass the alert on to XC, with whom it has the same agreement.")
    fields = {"reference": "XB-2026-7", "urgency": "routine", "summary": "Learned from XA: the seal was changed."}
    share = Share(
        "xc-customs", "alert/1", fields, AGREEMENT, "spontaneous", Circumstances("prevention"), passes_on=(alert,)
    )
    done = other.node.execute(Disclose(share), actor=other.officer)
    render_disclosed(done)
    _require(done.message is None, "the caveat of XA holds at XB: nothing goes without its consent")


def _retracted_and_certified(one: Side, other: Side, alert: str) -> None:
    say("5. XA takes the alert back. XB destroys it and certifies that.")
    _id(one.node.execute(Retract(alert, "wrong"), actor=one.officer))
    _deliver(one)
    done = other.node.execute(DestroyMessage(alert, "retraction"), actor=other.officer)
    _id(done.certificate)
    _deliver(other)
    _require(other.node.ask(ShowMessage(alert), actor=other.officer).fields == (), "nothing of it is left in XB")
    events = [each.event for each in one.node.ask(ShowDisclosure(alert), actor=one.officer).events]
    _require(events == ["feedback", "retracted", "certified"], "XA holds the certificate that XB signed")


def _logs_agree(one: Side, other: Side) -> None:
    say("6. XB signs its log. Both lay open what their logs hold of these days, and compare, leaf by leaf.")
    other.node.execute(MakeCheckpoint(), actor=other.officer)
    until = datetime.now(UTC) + timedelta(minutes=1)
    found = Exchange(one.node, actor=one.officer).reconcile(other.id, since=until - timedelta(days=31), until=until)
    render_compared(found)
    _require(found.agrees and found.counts.get("proved", 0) >= 7, "no denial on either side, every leaf proved")


def _court_checks_offline(one: Side, third: Side, alert: str, out: Path) -> None:
    say("7. XA signs its log, XC witnesses it, and the proof is checked without any node.")
    theirs = third.node.ask(ShowWitnessing(), actor=third.officer)
    mine = one.node.ask(ShowWitnessing(), actor=one.officer)
    one.node.execute(AddWitness(theirs.own_key), actor=one.officer)
    third.node.execute(WatchLog(mine.log_key), actor=third.officer)
    one.node.execute(MakeCheckpoint(), actor=one.officer)
    witness = Exchange(one.node, actor=one.officer).ask_witness(third.id, old=0)
    say(f"   Cosigned by {witness}.")
    sent = one.node.ask(ShowDisclosure(alert), actor=one.officer).disclosure
    proof = one.node.ask(ProveEntry(place=("main", sent.seq, 1)), actor=one.officer)
    files = out / "alert.tlog-proof", out / "xa.policy"
    files[0].write_bytes(proof.file)
    files[1].write_text(one.node.ask(ShowLogPolicy(), actor=one.officer), encoding="utf-8")
    checked = subprocess.run(  # noqa: S603 - our own program, on our own files
        [sys.executable, "-c", VERIFY, "--policy", str(files[1]), str(files[0])],
        capture_output=True,
        text=True,
        check=False,
    )
    for line in checked.stdout.splitlines():
        say(f"   {line}")
    _require(checked.returncode == 0, "pratique-verify says that the alert was sent, logged and witnessed")


def _evidence_holds_offline(one: Side, other: Side, answered: Answered, out: Path) -> None:
    say("8. The evidence goes over beside the last answer: files, custody, proofs, conditions, a summary for a judge.")
    folder = bundled(one, answered, out)
    _require(verified(folder, out), "pratique-verify: every file, signature and event holds, with the keys exchanged")
    beside = Attaching(kept_bundle(one, folder, out), "document", personal=False)
    way = replace(ANSWERING, attachments=(beside,))
    one.node.execute(AnswerRequest(answered.theirs, (2,), True, (answered.item,), way=way), actor=one.officer)
    _deliver(one)
    message = _newest(other)
    other.node.execute(TakeUpMessage(message), actor=other.officer)
    state = other.node.ask(ShowRequest(answered.ours), actor=other.officer).line.state
    _require(state == "answered", "answered on the same day, within its clock, under XA's own register")
    came = other.node.ask(ReadAttachment(message, 1), actor=other.officer)
    _require(came.attachment.sha256 == beside.sha256, "the bundle came whole over the line, and XB's receipt says so")
    _require(taken_in(other, answered, came.path).new == (answered.item,), "XB takes it in, for its request")
    tampered(folder)
    _require(not verified(folder, out), "one digit changed in the gate log, and the bundle no longer holds")


def _deliver(side: Side) -> None:
    for each in Exchange(side.node, actor=side.officer).round():
        _require(each.fault is None and not each.refused, f"{side.id} delivers {each.delivered} to {each.partner}")


def _newest(side: Side) -> str:
    return side.node.ask(ListInbox(most=1), actor=side.officer)[0].message.id


def _draft(*, complete: bool) -> Draft:
    texts = {
        "requesting_authority": "Customs of XB, investigation service",
        "contact_point": "Duty officer, +1 555 0100",
        "matter": "Box MSCU1234566, seal changed between loading and transhipment",
        "reason": "The seal found is not the one on the bill of lading.",
        "facts": "The box was opened on arrival; 40 kg lay behind a false wall, and the seal was a copy.",
        "purpose": "Investigation of case 26/1187 by the customs of XB",
    }
    if complete:
        texts["legal_provisions"] = "Customs Act, section 31\nPenal Code, section 305"
    unknown = {"persons": "Nobody is suspected yet."}
    return Draft(AGREEMENT, "en", ("documents", "information"), texts, unknown, ("Gate log", "Seal log"))


def _id(done: Disclosed) -> str:
    if done.message is None:
        render_disclosed(done)
        raise _broken("the gate permits it")
    return done.message


def _require(holds: bool, told: str) -> None:
    if not holds:
        raise _broken(told)
    say(f"   ✓ {told}")


def _broken(told: str) -> PratiqueError:
    return PratiqueError(
        "demo.step",
        f"This step did not come out as told: {told}.",
        category=Category.BROKEN,
        kept="The folders of the administrations are as they were at this step.",
        todo="Tell the maintainers, with what stands above.",
    )
