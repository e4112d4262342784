"""What a yes leads to: the draft of a request for what the partner knows. A person completes and sends it."""

from __future__ import annotations

from typing import Final

from pratique.node.errors import refuse
from pratique.node.handlers.blind import BlindResult
from pratique.node.handlers.requests import DraftRequest
from pratique.partners.assistance.drafts import LONGEST_ITEM, Draft
from pratique.vocabulary.errors import Category
from pratique.vocabulary.sentences import coded, sentence

ITEM: Final = "blind.item"
MATTER: Final = "blind.matter"


def request_from(found: BlindResult, instrument: str, language: str) -> DraftRequest:
    """Begins a request about every identifier that the partner knows, with the reason for which it was asked.

    The identifiers that it does not know stay here. Raises ``CONFLICT`` where it knows none, or the answer is erased.
    """
    asked, known = found.question, [line for line, is_known in found.found if is_known]
    if not known:
        raise refuse("blind.nothing_known", Category.CONFLICT, question=asked.message_id)
    kind = coded("blind_kind", asked.kind, language)
    items = tuple(sentence(ITEM, {"kind": kind, "identifier": line}, language)[:LONGEST_ITEM] for line in known)
    texts = {"matter": sentence(MATTER, {"question": asked.message_id}, language), "reason": asked.reason}
    draft = Draft(instrument=instrument, language=language, types=("information",), texts=texts, items=items)
    return DraftRequest(asked.partner_id, draft, case_ref="")
