"""The partners on a map and what the table says of each: flows, how long answers take, what is open, the line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pratique.desk.pictures.partner_map import OnMap, partner_map
from pratique.desk.visit import Visit
from pratique.node.handlers.outbox import Flow
from pratique.node.handlers.partners import ShownPartner
from pratique.node.handlers.partners_own import OwnDescriptor
from pratique.node.handlers.request_clocks import PartnerPanel, ShowAnswerTimes
from pratique.partners.assistance.states import Side


@dataclass(frozen=True, slots=True)
class Asking:
    """The requests between both: what we asked, and what was asked of us; ``None`` where none ever was."""

    of_them: PartnerPanel | None
    of_us: PartnerPanel | None


def asking(visit: Visit) -> dict[str, Asking]:
    """By partner; empty for who may not see requests."""
    if not visit.may(ShowAnswerTimes):
        return {}
    asked = {side: {each.partner: each for each in visit.ask(ShowAnswerTimes(side.value))} for side in Side}
    names = asked[Side.ASKING].keys() | asked[Side.ASKED].keys()
    return {name: Asking(asked[Side.ASKING].get(name), asked[Side.ASKED].get(name)) for name in names}


def is_reached(partner: ShownPartner) -> bool:
    """Whether the line to the partner is open and the last try did not fail."""
    return not (partner.standing.stopped or partner.standing.barred or partner.line.fault)


def drawn(
    visit: Visit,
    own: OwnDescriptor | None,
    partners: Sequence[ShownPartner],
    flows: Mapping[str, Flow],
    requests: Mapping[str, Asking],
) -> Markup | None:
    """The map; ``None`` while there is nobody to show."""
    if own is None or not partners:
        return None
    number, word = visit.figures.number, visit.gettext
    none = Flow(0, 0, 0, 0)
    shown = [
        OnMap(
            name=each.name,
            says=_says(visit, flows.get(each.id, none), requests.get(each.id)),
            country=each.country,
            sent=flows.get(each.id, none).sent,
            received=flows.get(each.id, none).received,
            reached=is_reached(each),
        )
        for each in partners
    ]
    told = visit.ngettext(
        "%(n)s partner; %(sent)s messages went, %(received)s came",
        "%(n)s partners; %(sent)s messages went, %(received)s came",
        len(shown),
    ) % {
        "n": number(len(shown)),
        "sent": number(sum(each.sent for each in shown)),
        "received": number(sum(each.received for each in shown)),
    }
    here = OnMap(own.descriptor.name, word("this administration"), own.descriptor.country)
    return partner_map(here, shown, told=told, apart=word("no place on the map is known"))


def _says(visit: Visit, flow: Flow, requests: Asking | None) -> str:
    """What stands below the name of a partner."""
    number, word = visit.figures.number, visit.gettext
    said = [
        word("%(sent)s sent, %(received)s received") % {"sent": number(flow.sent), "received": number(flow.received)}
    ]
    times = requests.of_them.times if requests and requests.of_them else None
    if times and times.median_days is not None:
        days = times.median_days
        said.append(visit.ngettext("answers in %(n)s day", "answers in %(n)s days", days) % {"n": number(days)})
    return ", ".join(said)
