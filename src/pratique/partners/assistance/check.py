"""What is missing or doubtful in a request, by the instrument it is made under: before the partner says so."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from pratique.partners.assistance.drafts import Draft
from pratique.partners.assistance.model import (
    ASSETS,
    COERCIVE,
    TYPES,
    Condition,
    Content,
    Presence,
    RequestProfile,
)

SHORT: Final = 12  # characters; nobody states a purpose or facts in fewer
LEAST: Final[Mapping[str, int]] = {"facts": 60, "purpose": SHORT, "reason": SHORT, "matter": SHORT, "proceeding": SHORT}
SHORTEST_REPLY_DAYS: Final = 5
_PLACEHOLDER: Final = re.compile(r"[\W_]*(tbd|tbc|todo|n/?a|none|xxx+|idem|see above|as discussed|\?+)[\W_]*", re.I)
_SWEEPING: Final = re.compile(
    r"\b(all|any|every)\b.{0,20}\b(information|documents?|records?|data|files?)\b(?!.{3,}\b(of|for|in|on|from)\b.{8,})",
    re.I,
)
_UNFINISHED: Final = re.compile(r"\b(for|of|to|by|the|in|and)\s*[.…]*$", re.I)


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """Something that is missing (the request cannot be sent) or doubtful (a person decides).

    ``code`` says what is wrong, ``article`` where the instrument asks for it, ``consequence`` what follows. The
    sentences are made from them; how to put it right goes by ``code`` for rules, by ``field`` for contents.
    """

    field: str
    code: str
    missing: bool
    article: str
    consequence: str
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class Partner:
    """What is known of the requested side: languages it takes beyond the instrument's, and what it demands."""

    languages: tuple[str, ...] = ()
    own_language: str | None = None
    demands_own_verification: bool = False


def check(draft: Draft, profile: RequestProfile, *, partner: Partner, today: date) -> list[Fault]:
    """Every fault of the draft, those that keep it from being sent first, in the order of the instrument."""
    found = [
        *_instrument(profile),
        *(fault for content in profile.contents for fault in _content(draft, profile, content, partner)),
        *_types(draft, profile),
        *_language(draft, profile, partner),
        *_form(draft, profile),
        *_use(draft, profile),
        *_reply_by(draft, profile, today),
        *_sweeping(draft, profile),
    ]
    return sorted(found, key=lambda fault: not fault.missing)


def can_be_sent(faults: list[Fault]) -> bool:
    """Whether nothing is missing; doubts are left to the person who sends."""
    return not any(fault.missing for fault in faults)


def awaited(draft: Draft, content: Content, partner: Partner) -> bool:
    """Whether the content must be there in this request, or be said to be unknown."""
    if content.presence is not Presence.CONDITIONAL:
        return content.presence is Presence.REQUIRED
    notification = set(draft.types) == {"notification"}
    return {
        Condition.IF_KNOWN: not notification,
        Condition.NOT_FOR_NOTIFICATION: not notification,
        Condition.FOR_NOTIFICATION: "notification" in draft.types,
        Condition.FOR_EVIDENCE: draft.as_evidence,
        Condition.FOR_COERCION: bool(COERCIVE & set(draft.types)),
        Condition.FOR_ASSETS: bool(ASSETS & set(draft.types)),
        Condition.WITH_PROCEDURE: bool(draft.content("procedure")),
        Condition.WITH_REPLY_DATE: draft.reply_by is not None,
        Condition.IF_DEMANDED: partner.demands_own_verification,
        None: False,
    }[content.when]


def _instrument(profile: RequestProfile) -> Iterator[Fault]:
    if not profile.in_force:
        yield Fault("instrument", "not_in_force", True, profile.source, "may_refuse", {"title": profile.title})


def _content(draft: Draft, profile: RequestProfile, content: Content, partner: Partner) -> Iterator[Fault]:
    name, text = content.field, draft.content(content.field)
    if not text:
        if awaited(draft, content, partner):
            yield from _absent(draft, profile, content)
    elif _PLACEHOLDER.fullmatch(text):
        required = awaited(draft, content, partner)
        yield Fault(name, "placeholder", required, content.article, content.consequence, {"text": text[:40]})
    elif _UNFINISHED.search(text) and name != "items":
        yield Fault(name, "unfinished", False, content.article, content.consequence)
    elif len(text) < LEAST.get(name, 0):
        yield Fault(name, "short", False, content.article, content.consequence, {"least": LEAST[name]})


def _absent(draft: Draft, profile: RequestProfile, content: Content) -> Iterator[Fault]:
    """Not there: excused where it is said to be unknown and the instrument lets that be said."""
    said_unknown = bool(draft.unknown.get(content.field, "").strip())
    may_be_unknown = content.when is Condition.IF_KNOWN
    if said_unknown and (may_be_unknown or profile.inability_article):
        if not may_be_unknown:
            yield Fault(content.field, "stated_unknown", False, profile.inability_article or "", content.consequence)
        return
    code = "unknown_not_said" if may_be_unknown else "missing"
    yield Fault(content.field, code, True, content.article, content.consequence)


def _types(draft: Draft, profile: RequestProfile) -> Iterator[Fault]:
    if not draft.types:
        yield Fault("types", "no_type", True, profile.reply.article, "sent_back")
    for each in sorted(set(draft.types) - set(profile.types), key=TYPES.index):
        yield Fault("types", "type_not_covered", True, profile.title, "may_refuse", {"type": each})


def _language(draft: Draft, profile: RequestProfile, partner: Partner) -> Iterator[Fault]:
    """What the instrument or the partner takes is safe; anything else is a fault, or a doubt where neither is known."""
    rule = profile.languages
    accepted = {*rule.always, *partner.languages, *([partner.own_language] if partner.own_language else [])}
    if draft.language in accepted:
        return
    known = ", ".join(sorted(accepted))
    if accepted:
        told = {"language": draft.language, "known": known}
        yield Fault("language", "language_not_accepted", True, rule.article, "sent_back", told)
    else:
        yield Fault("language", "language_to_agree", False, rule.article, "sent_back", {"language": draft.language})


def _form(draft: Draft, profile: RequestProfile) -> Iterator[Fault]:
    if draft.written:
        return
    rule = profile.oral
    if rule.rule == "never":
        yield Fault("written", "oral_never", True, rule.article, "sent_back")
    elif not draft.urgent:
        yield Fault("written", "oral_only_urgent", True, rule.article, "sent_back")
    else:
        yield Fault("written", "oral_to_confirm", False, rule.article, "may_wait")


def _use(draft: Draft, profile: RequestProfile) -> Iterator[Fault]:
    if not draft.as_evidence:
        return
    if profile.evidence_article is None:
        yield Fault("as_evidence", "no_evidence", True, profile.title, "not_usable_in_court")
    elif profile.evidence_needs_permission:
        yield Fault("as_evidence", "evidence_permission", False, profile.evidence_article, "not_usable_in_court")


def _reply_by(draft: Draft, profile: RequestProfile, today: date) -> Iterator[Fault]:
    if draft.reply_by is None:
        return
    days = (draft.reply_by - today).days
    if days < 0:
        yield Fault("reply_by", "reply_past", True, profile.reply.article, "may_wait", {"day": str(draft.reply_by)})
    elif days < SHORTEST_REPLY_DAYS and not draft.urgent:
        yield Fault("reply_by", "reply_soon", False, profile.reply.article, "may_wait", {"days": days})


def _sweeping(draft: Draft, profile: RequestProfile) -> Iterator[Fault]:
    items = profile.content("items")
    for number, item in enumerate(draft.items, 1):
        if items and _SWEEPING.search(item):
            yield Fault("items", "sweeping", False, items.article, "may_refuse", {"number": number, "item": item[:80]})
