"""The words of list hits, of changes of lists and of grades: what a code is called on every page that shows it."""

from __future__ import annotations

from pratique.desk.visit import Visit
from pratique.node.hits.alert_line import AlertLine, KindAlerts
from pratique.node.hits.changes import Change

SCORE_PARTS = 10  # thousandths in one of a hundred


def answer_words(visit: Visit) -> dict[str, str]:
    """The three answers."""
    return {
        "same": visit.gettext("The same"),
        "different": visit.gettext("Different"),
        "cannot_tell": visit.gettext("Cannot tell"),
    }


def state_words(visit: Visit) -> dict[str, str]:
    """Where a hit can stand."""
    return {"open": visit.pgettext("hit", "Open"), **answer_words(visit)}


def view_words(visit: Visit) -> dict[str, str]:
    """The views of the list of hits, in their order."""
    return {
        "open": visit.pgettext("hit", "Open"),
        "second": visit.gettext("For a second person"),
        "raised": visit.gettext("List changed"),
        "audit": visit.gettext("For audit"),
        "quiet": visit.gettext("Quiet"),
        "all": visit.gettext("All"),
    }


def subject_words(visit: Visit) -> dict[str, str]:
    """What a hit is on, by role where it is a party."""
    return {
        "CZ": visit.gettext("shipper"),
        "CN": visit.gettext("consignee"),
        "NI": visit.gettext("notify party"),
        "party": visit.gettext("party"),
        "vessel": visit.gettext("vessel"),
        "equipment": visit.gettext("box"),
        "document": visit.gettext("document"),
    }


def since_words(visit: Visit) -> dict[str, str]:
    """What is not as it was when the pair was answered."""
    return {
        "party": visit.gettext("the party has changed since"),
        "entry": visit.gettext("the list entry has changed since"),
        "list": visit.gettext("newer list, same entry"),
        "expired": visit.gettext("its time is over"),
    }


def entry_now_words(visit: Visit) -> dict[str, str]:
    """What the list in force has of the entry, where that is not what was compared."""
    return {
        "changed": visit.gettext("The entry has changed on the list in force."),
        "removed": visit.gettext("The entry is gone from the list in force."),
        "not_loaded": visit.gettext("The list is no longer loaded."),
    }


def kind_words(visit: Visit) -> dict[str, str]:
    """What a load of a list does to an entry."""
    return {
        "added": visit.gettext("Added"),
        "changed": visit.gettext("Changed"),
        "removed": visit.gettext("Removed"),
    }


def field_words(visit: Visit) -> dict[str, str]:
    """The fields of a party and of an entry that can change."""
    return {
        "name": visit.gettext("Name"),
        "name_quality": visit.gettext("Quality of a name"),
        "kind": visit.gettext("Kind"),
        "birth_date": visit.gettext("Birth date"),
        "country": visit.gettext("Country"),
        "identifier": visit.gettext("Number"),
        "address": visit.gettext("Address"),
        "programme": visit.gettext("Programme"),
        "remarks": visit.gettext("Remarks"),
        "source_grade": visit.gettext("Grade of the source"),
        "information_grade": visit.gettext("Grade of the information"),
        "address_line": visit.gettext("Address"),
        "city": visit.gettext("City"),
        "subdivision": visit.gettext("Region"),
        "postcode": visit.gettext("Postcode"),
        "party_id": visit.gettext("Number"),
        "party_id_scheme": visit.gettext("Kind of number"),
    }


def grade_words(visit: Visit, source: str | None, information: str | None) -> str:
    """The grades in words; empty where nothing is graded."""
    sources = {
        "A": visit.gettext("source completely reliable"),
        "B": visit.gettext("source usually reliable"),
        "C": visit.gettext("source fairly reliable"),
        "D": visit.gettext("source not usually reliable"),
        "E": visit.gettext("source unreliable"),
        "F": visit.gettext("source cannot be judged"),
    }
    told = {
        "1": visit.gettext("confirmed by other sources"),
        "2": visit.gettext("probably true"),
        "3": visit.gettext("possibly true"),
        "4": visit.gettext("doubtful"),
        "5": visit.gettext("improbable"),
        "6": visit.gettext("truth cannot be judged"),
    }
    return ", ".join(words for words in (sources.get(source or ""), told.get(information or "")) if words)


def changes_told(visit: Visit, changes: tuple[Change, ...]) -> list[tuple[str, str, str]]:
    """Each change as side and field, what was, and what is; nothing where there was or is nothing."""
    sides = {"party": visit.gettext("On the manifest"), "entry": visit.gettext("On the list")}
    fields = field_words(visit)
    return [
        (f"{sides[each.side]}: {fields[each.field]}", "; ".join(each.gone), "; ".join(each.come)) for each in changes
    ]


def listed_kind_words(visit: Visit) -> dict[str, str]:
    """What a listed name can be of."""
    return {
        "person": visit.gettext("person"),
        "organisation": visit.gettext("company"),
        "vessel": visit.gettext("vessel"),
        "address": visit.gettext("address"),
    }


def kinds_told(visit: Visit, line: AlertLine, kind: str | None = None) -> list[str]:
    """For each kind of listed names, or that one: its line, what it was calibrated on, and what was seen this week."""
    number, words = visit.figures.number, listed_kind_words(visit)
    told = []
    for each in line.kinds:
        if kind not in (None, each.kind) or each.kind not in words:
            continue
        params = {
            "kind": words[each.kind],
            "line": number(each.threshold_permille / SCORE_PARTS),
            "budget": number(line.budget_per_1000),
            "count": number(each.ordinary_count),
            "n": number(each.alerts_per_1000),
        }
        says = visit.gettext(
            "%(kind)s: from %(line)s of 100, for a budget of %(budget)s in 1,000; calibrated on %(count)s ordinary "
            "names of this kind, of which %(n)s in 1,000 alert"
        )
        told.append(f"{says % params}; {_seen_told(visit, each)}")
    return told


def _seen_told(visit: Visit, line: KindAlerts) -> str:
    number = visit.figures.number
    if line.seen_per_1000 is None:
        return visit.gettext("none seen this week")
    words = visit.gettext("this week %(n)s in 1,000 (%(alerts)s of %(names)s)")
    return words % {
        "n": number(line.seen_per_1000),
        "alerts": number(line.seen_alerts or 0),
        "names": number(line.seen_names or 0),
    }


def cost_told(visit: Visit, line: AlertLine) -> str:
    """From which score a list alerts, and what that costs an officer."""
    number = visit.figures.number
    words = visit.gettext(
        "Alerts from %(line)s of 100: %(n)s in 1,000 ordinary names, %(minutes)s officer minutes at %(each)s a hit"
    )
    return words % {
        "line": number(line.threshold_permille / SCORE_PARTS),
        "n": number(line.alerts_per_1000),
        "minutes": number(line.minutes_per_1000),
        "each": number(line.minutes_per_hit),
    }
