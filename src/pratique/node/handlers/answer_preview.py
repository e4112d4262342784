"""What an answer would let go, before it goes: field by field and file by file, as the gate would decide it."""

from __future__ import annotations

from dataclasses import dataclass

from pratique.node.acts import Query, View
from pratique.node.assistance.request_sealed import Way, step_share
from pratique.node.handlers.agreements_shares import PreviewFields, ShareSeen, preview_fields
from pratique.node.handlers.requests_asked import AnswerRequest, answer_of


@dataclass(frozen=True, slots=True)
class PreviewAnswer(Query[ShareSeen]):
    """The gate's word on an answer that goes ``way``; nothing is kept or sent."""

    answer: AnswerRequest
    way: Way


def preview_answer(query: PreviewAnswer, view: View) -> ShareSeen:
    """Raises as the answer would."""
    at_hand, event, details = answer_of(view.connection, query.answer, view.actor)
    share = step_share(at_hand, event, details, query.way, at=view.at)
    return preview_fields(PreviewFields(share), view)
