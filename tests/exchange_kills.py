"""Kills of a process that shares, at random moments, and what must hold afterwards."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from nodes import ANNA
from partner_nodes import NOW, Clock, two, two_open
from pratique.node.handlers.disclosures import ListDisclosures
from pratique.node.handlers.inbox import ListInbox
from pratique.node.handlers.outbox import ListOutbox
from pratique.node.handlers.reconciliation import OwnOpenings, Reconcile, TakeOpenings
from pratique.partners.exchange.envelope import read_header
from pratique.partners.exchange.header import stream_start

SCRIPT = Path(__file__).with_name("exchanging.py")


def killed(folder: Path, *, kills: int, seed: int) -> int:
    """Makes two administrations that share, kills them so often, lets them finish, and checks; how many messages."""
    for node in two(folder, Clock()):
        node.close()
    chance = random.Random(seed)
    for _ in range(kills):
        with _started(folder) as process:
            assert process.stdout is not None
            process.stdout.read(1)  # it works
            time.sleep(chance.uniform(0.0, 1.5))
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
    with _started(folder, "drain") as process:
        process.communicate(timeout=300)
    assert process.returncode == 0
    return check(folder)


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
        period = NOW - timedelta(days=1), NOW + timedelta(days=1)
        theirs = other.ask(OwnOpenings("xa-customs", *period), actor=ANNA)
        assert one.execute(TakeOpenings("xb-customs", tuple(theirs)), actor=ANNA) == len(outs)
        assert one.ask(Reconcile("xb-customs", *period), actor=ANNA).counts == {"agreed": len(outs)}
        return len(outs)


def _started(folder: Path, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(SCRIPT), str(folder), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, cwd=SCRIPT.parent)
