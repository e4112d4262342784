"""The sections of the desk in the bar: a page that joins has its line here. An officer sees those that a role opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pratique.node.handlers.agreements_decided import ListDecisions
from pratique.node.handlers.agreements_shares import PreviewFields
from pratique.node.handlers.arrivals import ListArrivals
from pratique.node.handlers.break_glass import ListTakenRights
from pratique.node.handlers.effectiveness import MeasureEffectiveness
from pratique.node.handlers.hits import ListHits
from pratique.node.handlers.ledger import ListEntries
from pratique.node.handlers.lists import ListLists
from pratique.node.handlers.officers import ListOfficers
from pratique.node.handlers.orders import ListControls
from pratique.node.handlers.outbox import ListOutbox
from pratique.node.handlers.profiles import ShowProfile
from pratique.node.handlers.quarantine import ListQuarantine
from pratique.node.handlers.queue_page import QueuePage
from pratique.node.handlers.request_clocks import ListRequests
from pratique.node.handlers.resources import ShowResources


@dataclass(frozen=True, slots=True)
class Section:
    """Where it is, the key after ``g``, its name, and the query that it begins with."""

    path: str
    key: str
    words: str
    opens_with: type


def sections(word: Callable[[str], str], may: Callable[[type], bool]) -> tuple[Section, ...]:
    """Those that this officer's roles open, in order."""
    known = (
        Section("/", "a", word("Arrivals"), ListArrivals),
        Section("/queue", "q", word("Queue"), QueuePage),
        Section("/controls", "c", word("Controls"), ListControls),
        Section("/resources", "r", word("Resources"), ShowResources),
        Section("/effectiveness", "e", word("Effectiveness"), MeasureEffectiveness),
        Section("/requests", "s", word("Requests"), ListRequests),
        Section("/hits", "h", word("Hits"), ListHits),
        Section("/lists", "l", word("Lists"), ListLists),
        Section("/profiles", "p", word("Profiles"), ShowProfile),
        Section("/share", "o", word("Share"), PreviewFields),
        Section("/partners", "x", word("Partners"), ListOutbox),
        Section("/agreements", "t", word("Agreements"), ListDecisions),
        Section("/quarantine", "u", word("Quarantine"), ListQuarantine),
        Section("/ledger", "k", word("Ledger"), ListEntries),
        Section("/data-protection", "d", word("Data protection"), ListTakenRights),
        Section("/administration", "m", word("Administration"), ListOfficers),
    )
    return tuple(section for section in known if may(section.opens_with))
