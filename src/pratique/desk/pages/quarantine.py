"""Quarantine: what could not be read, its bytes, and reading it again."""

from __future__ import annotations

import json

from starlette.responses import Response

from pratique.desk.pages import following
from pratique.desk.visit import Visit
from pratique.node.handlers.quarantine import ListQuarantine, RereadQuarantined, ShowQuarantined
from pratique.node.storage.quarantined import QuarantinedPart


def show_list(visit: Visit) -> Response:
    """What waits, oldest first, with the reason in words."""
    parts = [(part, _reason(visit, part)) for part in visit.ask(ListQuarantine())]
    return visit.page("quarantine.html", parts=parts, may_see=visit.may(ShowQuarantined), done=visit.asked("reread"))


def show(visit: Visit) -> Response:
    """One part: why it is here, and its bytes as text that runs nothing."""
    shown = visit.ask(ShowQuarantined(visit.request.path_params["part"]))
    text = shown.content.decode("utf-8", "replace")
    safe = "".join(each if each.isprintable() or each in "\n\t" else "\ufffd" for each in text)
    return visit.page(
        "quarantined.html",
        part=shown.part,
        reason=_reason(visit, shown.part),
        text=safe,
        is_cut=shown.part.byte_length is None or shown.part.byte_length > len(shown.content),
        may_reread=visit.may(RereadQuarantined),
    )


def reread(visit: Visit) -> Response:
    """Reads the file again with the code and tables of now; what can be read leaves."""
    part = visit.request.path_params["part"]
    visit.desk.node.admit(RereadQuarantined(part), actor=visit.actor)
    job = visit.desk.jobs.start("reread_quarantined", actor=visit.actor, files=(), part=part)
    return following.begun(visit, job)


def _reason(visit: Visit, part: QuarantinedPart) -> str:
    return visit.told(part.rule, json.loads(part.params))
