"""The pages of partners, inbox and outbox, with messages in them: legible to everybody, in every look."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from axe import violations
from playwright.sync_api import Browser, expect
from test_share_page import LOOKS, officer
from visiting import Served, picture

from nodes import ANNA, OWN_HEADINGS
from partner_nodes import AGREEMENT, administration, agree, alert, introduce
from pratique.node import Node
from pratique.node.exchange.attaching import Attaching
from pratique.node.exchange.by_itself import done_by_itself
from pratique.node.exchange.following import Under
from pratique.node.exchange.partner_log import ShownLog
from pratique.node.exchange.share import Circumstances, Share
from pratique.node.handlers.attachments import KeepForSharing, PieceFor, TakePiece
from pratique.node.handlers.blind import AskBlindly
from pratique.node.handlers.blind_asked import AllowBlindQueries, MarkBlindList
from pratique.node.handlers.blind_standing import ShowBlind
from pratique.node.handlers.disclosures import Disclose, ShowDisclosure
from pratique.node.handlers.inbox_line import ReceiveEnvelopes
from pratique.node.handlers.ledger_keys import MakeKeys
from pratique.node.handlers.lists import LoadList
from pratique.node.handlers.outbox import ListOutbox
from pratique.node.handlers.partners_own import PublishDescriptor, ShowOwnDescriptor
from pratique.node.handlers.reconciliation import OwnOpenings, ReconcileLogs
from pratique.node.handlers.reconciliations import ListReconciliations
from pratique.node.node import wall_clock


@pytest.fixture(scope="module")
def pages(served: Served, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """The node shares with a partner: one alert went, one came, and something that is none was refused."""
    folder: Path = tmp_path_factory.mktemp("partner") / "xb"
    with Node.open(served.folder) as node, administration(folder, "xb", clock=wall_clock) as other:
        node.execute(MakeKeys("xa-customs"), actor=ANNA)
        own = node.execute(PublishDescriptor("Customs of XA", "XA", "customs", None), actor=ANNA)
        introduce(node, other.ask(ShowOwnDescriptor(), actor=ANNA))
        introduce(other, own)
        for each in (node, other):
            agree(each, "xa", "xb")
        went = node.execute(Disclose(_with_files(node, folder.parent, "xb-customs")), actor=ANNA).message
        came = str(other.execute(Disclose(_with_files(other, folder.parent, "xa-customs")), actor=ANNA).message)
        shown = other.ask(ShowDisclosure(came), actor=ANNA)
        out, whole = shown.out, shown.attachments[0]
        assert out is not None
        node.execute(ReceiveEnvelopes((out.envelope, out.envelope[:-1] + b"x"), "xb-customs"), actor=ANNA)
        piece = other.ask(PieceFor("xa-customs", came, whole.sealed_sha256, 0), actor=ANNA)
        node.execute(TakePiece("xb-customs", piece), actor=ANNA)
        compared = _compared(node, other)
        asked = _asked_blindly(node, other, folder.parent / "own.csv")
    return (
        "/partners",
        "/partners/xb-customs",
        f"/comparisons/{compared}",
        "/inbox",
        f"/inbox/{came}",
        "/outbox",
        f"/outbox/{went}",
        "/blind",
        f"/blind/{asked}",
        "/feedback",
    )


def _compared(node: Node, other: Node) -> int:
    """A comparison of both logs, in which the message that has not arrived is under way; gives its number."""
    since, until = wall_clock() - timedelta(days=1), wall_clock() + timedelta(minutes=1)
    theirs = tuple(other.ask(OwnOpenings("xa-customs", since, until), actor=ANNA))
    node.execute(ReconcileLogs("xb-customs", since, until, theirs, ShownLog()), actor=ANNA)
    newest = node.ask(ListReconciliations(), actor=ANNA)[0].newest
    assert newest is not None
    return newest.seq


def _asked_blindly(node: Node, other: Node, file: Path) -> str:
    """A blind query that the partner answered, and one that waits here; what partners warned of is on the list."""
    rows = [f"b{number},QZHU482{number:04},equipment,,,,,watch,\n" for number in range(20)]
    file.write_text(OWN_HEADINGS + "\n" + "".join(rows), encoding="utf-8")
    under = Under(AGREEMENT, "spontaneous", Circumstances("investigation"))
    for each, partner in ((node, "xb-customs"), (other, "xa-customs")):
        each.execute(LoadList("own", (file,)), actor=ANNA)
        each.execute(MarkBlindList("own", shared=True, basis="decision 7"), actor=ANNA)
        each.execute(AllowBlindQueries(partner, AGREEMENT, "on-request", 40, each is other, "decision 7"), actor=ANNA)
        boxes = ("QZHU4820003", "MSCU7654321")
        asked = AskBlindly(partner, "container", boxes, under, "case 26/1187")
        each.execute(asked, actor=ANNA)
    hand(node, other)
    done_by_itself(other, actor=ANNA)
    hand(other, node)
    done_by_itself(node, actor=ANNA)
    return node.ask(ShowBlind(), actor=ANNA).questions[0].message_id


def hand(one: Node, other: Node) -> None:
    """Everything that waits goes from hand to hand, in order."""
    waiting = [each.out for each in one.ask(ListOutbox(), actor=ANNA)]
    envelopes = tuple(out.envelope for out in sorted(waiting, key=lambda out: out.sequence))
    other.execute(ReceiveEnvelopes(envelopes), actor=ANNA)


def _with_files(node: Node, place: Path, to: str) -> Share:
    """An alert with two files beside it, of which one will have come and one not."""
    files = []
    for name in ("gate log.csv", "\N{ARABIC LETTER SAD}\N{ARABIC LETTER WAW}\N{ARABIC LETTER REH}.jpg"):
        file = place / "given"
        file.write_text(f"{name} for {to}", encoding="utf-8")
        kept = node.execute(KeepForSharing(file, name), actor=ANNA)
        files.append(Attaching(kept.sha256, "finding", personal=False))
    return replace(alert(to), attachments=tuple(files))


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_no_rule_of_accessibility_is_broken(
    chromium: Browser, served: Served, pages: tuple[str, ...], theme: str, language: str, width: int
) -> None:
    context = chromium.new_context(
        base_url=served.url,
        color_scheme=theme,
        locale=language,
        reduced_motion="reduce",
        viewport={"width": width, "height": 900},
    )
    page = officer(context)
    found = {}
    for path in pages:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        page.wait_for_load_state("load")
        expect(page.locator("h1")).to_be_visible()
        told = violations(page)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
            told.append("wider than the screen")
        if told:
            found[path] = told
        picture(page, f"{path.split('/')[1]}-{path.count('/')}-{theme}-{width}")
    context.close()
    assert found == {}
