"""Kills of a process that shares, at random moments, and what must hold afterwards."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from exchanging import FILE_BYTES, content_of
from nodes import ANNA
from partner_nodes import NOW, Clock, two, two_open
from pratique.node import Node
from pratique.node.exchange.arriving import ARRIVING
from pratique.node.handlers.disclosures import ListDisclosures, ShowDisclosure
from pratique.node.handlers.inbox import ListInbox, ReadAttachment, ShowMessage
from pratique.node.handlers.inbox_line import ListNotTaken
from pratique.node.handlers.outbox import ListOutbox
from pratique.node.handlers.reconciliation import OwnOpenings, Reconcile, TakeOpenings
from pratique.node.storage.attachments import ARRIVED, WHOLE
from pratique.partners.exchange.attachments import chunk_count
from pratique.partners.exchange.envelope import read_header
from pratique.partners.exchange.header import stream_start

SCRIPT = Path(__file__).with_name("exchanging.py")


def killed(folder: Path, *, kills: int, seed: int) -> int:
    """Makes two administrations that share, kills them so often, lets them finish, and checks; how many messages."""
    for node in two(folder, Clock()):
        node.close()
    chance = random.Random(seed)
    with _sharing() as kept:
        for _ in range(kills):
            process = _asked(kept, folder=str(folder), drain=False)
            time.sleep(chance.uniform(0.0, 1.5))
            os.kill(process, signal.SIGKILL)
            assert _asked(kept, wait=process) == -signal.SIGKILL
        assert _asked(kept, wait=_asked(kept, folder=str(folder), drain=True)) == 0
    return check(folder)


@contextmanager
def _sharing() -> Iterator[subprocess.Popen[str]]:
    """The process that keeps the sharing loaded; it ends with all that it split off, also where a check fails."""
    command, pipe = [sys.executable, SCRIPT], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, start_new_session=True) as kept:
        try:
            yield kept
        finally:
            with suppress(ProcessLookupError):
                os.killpg(kept.pid, signal.SIGKILL)


def check(folder: Path) -> int:
    """Nothing is lost, nothing was acted on twice, the chain is whole, and both logs say the same."""
    with two_open(folder, Clock()) as (one, other):
        made = one.ask(ListDisclosures(most=1000), actor=ANNA).made
        outs = sorted((each.out for each in one.ask(ListOutbox(most=1000), actor=ANNA)), key=lambda out: out.sequence)
        came = other.ask(ListInbox(most=1000), actor=ANNA)
        assert {each.id for each in made} == {out.id for out in outs} == {each.message.id for each in came}
        assert len(came) == len(outs)
        assert {out.state for out in outs} == {"delivered"}
        assert [out.sequence for out in outs] == list(range(1, len(outs) + 1))
        head = stream_start(sender="xa-customs", recipient="xb-customs", stream="main")
        for out in outs:
            assert read_header(out.envelope).previous == head
            head = out.sha256
        receipts = {each.message.id: each.message.receipt for each in came}
        assert all(out.receipt == receipts[out.id] for out in outs)
        require_files_whole(one, other)
        period = NOW - timedelta(days=1), NOW + timedelta(days=1)
        theirs = other.ask(OwnOpenings("xa-customs", *period), actor=ANNA)
        assert one.execute(TakeOpenings("xb-customs", tuple(theirs)), actor=ANNA) == len(outs)
        assert one.ask(Reconcile("xb-customs", *period), actor=ANNA).counts == {"agreed": len(outs)}
        return len(outs)


def require_files_whole(one: Node, other: Node) -> None:
    """Each file that went came once, with every chunk of it, and nothing lies aside; both sides count it whole."""
    count = 0
    for each in other.ask(ListInbox(most=1000), actor=ANNA):
        message = each.message.id
        came = other.ask(ShowMessage(message), actor=ANNA).attachments
        went = one.ask(ShowDisclosure(message), actor=ANNA).attachments
        assert [(row.state, row.chunks) for row in went] == [(ARRIVED, chunk_count(FILE_BYTES))] * len(came)
        assert [(row.state, row.chunks) for row in came] == [(WHOLE, chunk_count(FILE_BYTES))] * len(went)
        for row in came:
            assert other.ask(ReadAttachment(message, row.number), actor=ANNA).path.read_bytes() == content_of(row.name)
        count += len(came)
    assert count
    assert list((other.folder.root / ARRIVING).iterdir()) == []
    assert other.ask(ListNotTaken(), actor=ANNA).lines == ()


def _asked(kept: subprocess.Popen[str], **request: object) -> int:
    """What the process says that keeps the sharing loaded."""
    assert kept.stdin is not None
    assert kept.stdout is not None
    kept.stdin.write(json.dumps(request) + "\n")
    kept.stdin.flush()
    return int(kept.stdout.readline())
