"""The ledger: whether it holds, checked before one's eyes; one entry proved alone; who witnesses it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from starlette.responses import Response

from pratique.desk.pages import following
from pratique.desk.pictures.hours import hours_bars
from pratique.desk.pictures.ledger_path import ledger_path, sides_of
from pratique.desk.visit import Visit
from pratique.node.handlers.access_log import ReadAccessLog
from pratique.node.handlers.ledger import ListEntries, MakeCheckpoint, ProveEntry
from pratique.node.handlers.ledger_verify import ShowLedgerState, VerifyLedger
from pratique.node.handlers.ledger_witness import ShowLogPolicy, ShowWitnessing, Witnessing
from pratique.node.ledger.proving import ProvedEntry
from pratique.vocabulary.errors import Category, PratiqueError

SHOWN: Final = 30
HASH_BYTES: Final = 32
DAYS: Final = 30


def show(visit: Visit) -> Response:
    """The whole page; an entry that is asked for by number or journal entry is the one that is proved."""
    state = visit.ask(ShowLedgerState())
    before = visit.asked("before")
    found = visit.ask(ListEntries(SHOWN, int(before) if before.isdigit() and len(before) < 16 else None))
    wanted = visit.asked("entry") or (str(found[0].number) if found else "")
    proved = _proved(visit, wanted) if wanted else None
    return visit.page(
        "ledger.html",
        state=state,
        entries=found,
        proved=proved,
        entry=wanted,
        picture=_picture(visit, proved) if proved else "",
        witnessing=_witnessing(visit),
        steps=_step_words(visit),
        breach_words=_breach_words(visit),
        reads=_reads(visit),
        may_verify=visit.may(VerifyLedger),
        may_sign=visit.may(MakeCheckpoint),
    )


def verify(visit: Visit) -> Response:
    """Checks all of it, as work that can be followed."""
    visit.desk.node.admit(VerifyLedger(), actor=visit.actor)
    return following.begun(visit, visit.desk.jobs.start("verify_ledger", actor=visit.actor, files=()))


def sign(visit: Visit) -> Response:
    """A new checkpoint."""
    visit.execute(MakeCheckpoint())
    return visit.go("/ledger")


def proof_file(visit: Visit) -> Response:
    """The proof file of an entry, to keep or to hand over."""
    proved = visit.ask(ProveEntry.named(visit.request.path_params["entry"]))
    return _download(proved.file, f"entry-{proved.number}.tlog-proof")


def policy_file(visit: Visit) -> Response:
    """By which keys proof files of this node are checked."""
    return _download(visit.ask(ShowLogPolicy()).encode(), "policy.txt")


def _proved(visit: Visit, entry: str) -> ProvedEntry | None:
    """The proof; ``None`` where no checkpoint has the entry yet, and nobody asked for it by name."""
    try:
        return visit.ask(ProveEntry.named(entry))
    except PratiqueError as error:
        if error.category is Category.NOT_FOUND and not visit.asked("entry"):
            return None
        raise


def _picture(visit: Visit, proved: ProvedEntry) -> str:
    count, number = len(proved.path), visit.figures.number(proved.number)
    told = visit.ngettext(
        "The path from entry %(number)s to the root: %(count)s neighbour hash",
        "The path from entry %(number)s to the root: %(count)s neighbour hashes",
        count,
    )
    neighbours = visit.ngettext("%(count)s neighbour", "%(count)s neighbours", count) % {"count": count}
    weight = visit.gettext("%(bytes)s bytes") % {"bytes": visit.figures.number(count * HASH_BYTES)}
    return ledger_path(
        sides_of(proved.number, proved.tree_size),
        told=told % {"number": number, "count": count},
        entry=visit.gettext("the entry"),
        root=visit.gettext("root"),
        size=(neighbours, weight),
    )


def _witnessing(visit: Visit) -> Witnessing | None:
    """Who witnesses; ``None`` on a node without key pairs, whose log nobody can check yet."""
    try:
        return visit.ask(ShowWitnessing())
    except PratiqueError as error:
        if error.code != "keys.none":
            raise
        return None


def _reads(visit: Visit) -> dict[str, Any] | None:
    """Readings of personal data in the last days, for who may see them."""
    if not visit.may(ReadAccessLog):
        return None
    since, until = visit.now - timedelta(days=DAYS), visit.now + timedelta(seconds=1)
    log = visit.ask(ReadAccessLog(since, until, limit=1, zone=visit.figures.zone))
    told = visit.gettext("Readings by hour of the day")
    return {"log": log, "hours": hours_bars(log.by_hour, told=told), "days": DAYS}


def _step_words(visit: Visit) -> dict[str, str]:
    return {
        "records": visit.gettext("Compared every record with what its leaf commits to"),
        "branches": visit.gettext("Hashed every entry and every branch again"),
        "checkpoints": visit.gettext("Compared the root with every signed checkpoint and every witness"),
        "copies": visit.gettext("Compared with the copies that lie elsewhere"),
    }


def _breach_words(visit: Visit) -> dict[str, str]:
    return {
        "fork": visit.gettext("two roots for one size: forked"),
        "rollback": visit.gettext("smaller than before: rolled back"),
        "no_proof": visit.gettext("grew without proof"),
        "begun_anew": visit.gettext("begun anew, with a reason"),
    }


def _download(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/octet-stream", headers=headers)
