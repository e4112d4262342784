"""A consignment for who shares it but works no queue: what an alert would tell, persons only by their number."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from pratique.desk.shared_words import field_value, field_word
from pratique.desk.visit import Visit
from pratique.node.handlers.agreements_shares import PreviewFields
from pratique.node.handlers.alerts import DraftAlert

PERSONS: Final = "persons"


def show(visit: Visit) -> Response:
    """The fields in the words of the share page. Names of persons are read only where an article lets them go."""
    draft = visit.ask(DraftAlert(visit.request.path_params["ref"]))
    persons = draft.fields.get(PERSONS)
    held = [(name, value) for name, value in draft.fields.items() if name != PERSONS and value not in (None, "", [])]
    return visit.page(
        "consignment_short.html",
        consignment=draft.consignment,
        fields=[(field_word(visit, name), field_value(visit, name, value)) for name, value in held],
        persons=len(persons) if isinstance(persons, list | tuple) else int(bool(persons)),
        may_share=visit.may(PreviewFields),
    )
