"""``nightly``: everything that is due once a day, each as a command of its own; for a timer of the system."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, show_error
from pratique.cli.session import acting, opened
from pratique.vocabulary.errors import Category, PratiqueError

if TYPE_CHECKING:
    from pratique.node import Actor, Node

NO_KEYS: Final = "keys.none"
Step = Callable[["Node", "Actor"], str]


def nightly(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """Score the rules, note drift, erase what is past its time, sign and check the ledger: for a timer, every night."""
    done: dict[str, Any] = {}
    faults: list[PratiqueError] = []
    with opened(node) as at:
        by = acting(actor)
        for name, step in STEPS.items():
            try:
                done[name] = step(at, by)
            except PratiqueError as fault:  # one that fails does not keep the others from their turn
                faults.append(fault)
                done[name] = f"failed: {fault.code}"

    def render() -> None:
        for name, told in done.items():
            say(f"{name}: {told}")

    show(done, as_json=as_json, render=render)
    for other in faults[1:]:
        show_error(other, as_json=as_json)
    if faults:
        raise faults[0]


def _scorecards(node: Node, by: Actor) -> str:
    from pratique.node.handlers.scorecards import MakeScorecards

    done = node.execute(MakeScorecards(), actor=by)
    return f"{len(done.rules):,} rules, {len(done.proposals):,} proposed to leave"


def _drift(node: Node, by: Actor) -> str:
    from pratique.node.handlers.drift import NoteDrift

    noted = node.execute(NoteDrift(), actor=by)
    return f"{len(noted.alarms):,} alarms" + (f" ({', '.join(noted.alarms[:5])})" if noted.alarms else "")


def _cargo(node: Node, by: Actor) -> str:
    from pratique.node.handlers.clearing import ClearExpired

    gone = node.execute(ClearExpired(), actor=by)
    return f"{len(gone.runs):,} runs from before {gone.before} erased"


def _shared(node: Node, by: Actor) -> str:
    from pratique.node.exchange.clocks import carry_out_clocks

    done = carry_out_clocks(node, actor=by)
    gone = f"{done.received:,} received messages and {done.sent:,} own copies past their time erased"
    return f"{gone}, {done.certified:,} certificates sent, {done.held_back:,} need a person"


def _lists(node: Node, by: Actor) -> str:
    from pratique.node.hits.older_lists import rebuild_older_lists

    return f"lists of an older form built again: {', '.join(rebuild_older_lists(node, actor=by)) or 'none'}"


def _traffic(node: Node, by: Actor) -> str:
    """A node that knows few parties has no traffic to speak of."""
    from pratique.node.handlers.traffic import TOO_FEW, CountTraffic

    try:
        counted = json.loads(node.execute(CountTraffic(), actor=by).counts)
    except PratiqueError as fault:
        if fault.code != TOO_FEW:
            raise
        return "too few parties known to count their words"
    return f"{counted['rows']:,} words counted over {counted['parties']:,} parties"


def _access_log(node: Node, by: Actor) -> str:
    from pratique.node.handlers.access_log import SweepAccessLog

    return f"{node.execute(SweepAccessLog(), actor=by):,} lines past their time erased"


def _blind(node: Node, by: Actor) -> str:
    from pratique.node.handlers.blind import ClearBlind

    gone = node.execute(ClearBlind(), actor=by)
    return f"{gone['erased']:,} answers erased, {gone['lapsed']:,} questions that nobody answered closed"


def _keys(node: Node, by: Actor) -> str:
    from pratique.node.handlers.key_rotation import DestroyOldKeys

    done = node.execute(DestroyOldKeys(), actor=by)
    return f"private halves destroyed, their time being over: {', '.join(done) or 'none'}"


def _ledger(node: Node, by: Actor) -> str:
    """Signs what came since, then checks the whole; a node that has no keys yet has no log to sign."""
    from pratique.node.errors import refuse
    from pratique.node.handlers.ledger import MakeCheckpoint
    from pratique.node.handlers.ledger_verify import VerifyLedger

    try:
        node.execute(MakeCheckpoint(), actor=by)
    except PratiqueError as fault:
        if fault.code != NO_KEYS:
            raise
        return "no keys yet: pratique ledger keys make"
    verdict = node.execute(VerifyLedger(), actor=by)
    if not verdict.holds:
        raise refuse("nightly.ledger_broken", Category.BROKEN, count=verdict.fault_count)
    return f"{verdict.size:,} entries signed and checked"


STEPS: dict[str, Step] = {
    "lists": _lists,
    "traffic": _traffic,
    "scorecards": _scorecards,
    "drift": _drift,
    "cargo data": _cargo,
    "shared": _shared,
    "access log": _access_log,
    "blind queries": _blind,
    "keys": _keys,
    "ledger": _ledger,
}
