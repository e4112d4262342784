"""Requests as lines for people: contents with what is missing, clocks in words, panels of partners."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pratique.cli.output import say, table
from pratique.vocabulary.sentences import coded

if TYPE_CHECKING:
    from pratique.node.assistance.request_lines import RequestLine, RequestShown
    from pratique.node.handlers.request_clocks import PartnerPanel, RequestsShown
    from pratique.partners.assistance.channel import Advice
    from pratique.partners.assistance.check import Fault
    from pratique.partners.assistance.clocks import Clock
    from pratique.partners.assistance.model import RequestProfile

UNVERIFIED = "no lawyer compared it"


def instruments(found: Sequence[RequestProfile], language: str) -> None:
    """One line for each instrument, then each with its contents and grounds."""
    rows = [
        (
            each.id,
            each.title,
            coded("channel", each.channel.value, language),
            f"{each.reply.days} days" + ("" if each.reply.rule == "within_days" else ", our own"),
            "yes" if each.in_force else "NOT IN FORCE",
            "yes" if each.verified else UNVERIFIED,
        )
        for each in found
    ]
    table("", ["instrument", "title", "channel", "clock", "in force", "verified"], rows)


def advice(found: Advice, language: str) -> None:
    """The channel, why, why not the others, what would carry it, and what binds not both."""
    from pratique.node.assistance.instruments_between import reason_words

    say(coded("channel", found.channel.value, language), style="bold")
    for reason in found.reasons:
        say(f"  {reason_words(reason, language)}")
    for channel, reason in found.against.items():
        say(f"  not {coded('channel', channel.value, language)}: {reason_words(reason, language)}")
    say(f"  instruments: {', '.join(found.instruments) or 'none'}")
    for name, reason in found.left_out.items():
        say(f"  without {name}: {reason_words(reason, language)}")


def faults(found: Iterable[Fault], language: str) -> None:
    """What is missing, then what is doubtful; each with article, consequence and how to fix it."""
    from pratique.node.assistance.request_lines import consequence_words, fault_words, fix_words

    listed = list(found)
    for fault in listed:
        say(f"{'MISSING ' if fault.missing else 'doubtful'} {fault_words(fault, language)}  ({fault.article})")
        say(f"         {consequence_words(fault, language)}")
        say(f"         {fix_words(fault, language)}")
    if not listed:
        say("Nothing is missing.")


def listed(found: RequestsShown, language: str) -> None:
    """Requests in a table, the most pressing first."""
    columns = ["request", "partner", "what", "state", "items", "clock"]
    rows = [
        (
            each.request.id,
            each.request.partner,
            each.matter or ("(sensitive)" if each.request.sensitive else ""),
            coded("request_state", each.state, language),
            f"{each.answered} of {each.items}",
            clock_words(each, language),
        )
        for each in found.requests
    ]
    table("", columns, rows)


def clock_words(line: RequestLine, language: str) -> str:
    """The clock in one phrase, with what is due now."""
    clock: Clock | None = line.clock
    if clock is None:
        return f"{line.missing} missing" if line.missing else "not sent"
    words = [f"day {clock.day} of {clock.days}", coded("pressure", clock.pressure.value, language)]
    words += ["reminder due"] if line.reminder_due else []
    words += ["lapses"] if line.lapses else []
    return ", ".join(words)


def standing(found: RequestShown, language: str) -> None:
    """Where a request stands after a step."""
    request = found.line.request
    say(f"{request.id} {request.partner}: {coded('request_state', found.line.state, language)}; "
        f"{clock_words(found.line, language)}")  # fmt: skip
    missing = [fault for fault in found.faults if fault.missing]
    if missing and found.line.state == "draft":
        faults(missing, language)


def one(found: RequestShown, language: str) -> None:
    """The whole of a request."""
    standing(found, language)
    profile = found.profile
    say(f"{profile.title}, {coded('channel', profile.channel.value, language)}"
        + ("" if profile.verified else f" ({UNVERIFIED})"))  # fmt: skip
    for content in found.contents:
        mark = "x" if any(fault.missing for fault in content.faults) else ("+" if content.text else "-")
        told = " ".join((content.text or content.unknown).split())[:90]
        say(f"  {mark} {coded('request_field', content.field, language)} ({content.article}): {told}")
    if found.faults:
        faults(found.faults, language)
    for event in found.events:
        told = ", ".join(f"{name} {value}" for name, value in event.details.items() if name != "sha256")
        say(f"  {event.happened_at:%Y-%m-%d} {coded('request_event', event.event.value, language)}  {told}")
    for use in profile.uses:
        say(f"  {coded('use_condition', use.rule, language)} ({use.article})")
    say(f"May be done now: {', '.join(each.value for each in found.may) or 'nothing'}")


def panels(found: Iterable[PartnerPanel]) -> None:
    """One line for each partner; the median counts open requests as not answered so far."""
    columns = ["partner", "requests", "open", "overdue", "median days (95 %)", "in time", "refused", "sent back"]
    rows = [
        (
            each.partner,
            each.times.requests,
            each.times.open,
            each.overdue,
            _median(each),
            f"{each.times.within} of {each.times.settled}",
            each.times.refused,
            each.returned,
        )
        for each in found
    ]
    table("", columns, rows, right=["requests", "open", "overdue", "refused", "sent back"])


def _median(panel: PartnerPanel) -> str:
    times = panel.times
    if times.median_days is None:
        return "not half answered"
    low, high = (str(each) if each is not None else "?" for each in (times.median_low, times.median_high))
    return f"{times.median_days} ({low} to {high})"
