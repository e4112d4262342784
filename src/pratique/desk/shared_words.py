"""What is said of messages, duties and logs that two administrations share."""

from __future__ import annotations

from typing import Final

from pratique.desk.visit import Visit
from pratique.vocabulary.sentences import coded, kilograms

MASS: Final = "gross_mass_g"
CODED: Final = ("cause", "outcome", "reason", "wished", "urgency", "result", "method", "threats", "assistance")
"""Fields whose value is a code; what is no code that is known is shown as it came."""


def field_word(visit: Visit, name: str) -> str:
    """What a field of a message is called."""
    return coded("message_field", name, visit.language)


def field_value(visit: Visit, name: str, value: object) -> str:
    """What a field says, on one line; of a code its word."""
    if name not in CODED:
        return shown(value, visit.language)
    codes = value if isinstance(value, list | tuple) else (value,)
    return "; ".join(term(visit, str(each)) for each in codes)


def shown(value: object, language: str) -> str:
    """The value of a field on one line: what it says, without the names that its form gives the parts."""
    if isinstance(value, dict):
        parts = ((name, each) for name, each in value.items() if name != "key" and each not in (None, "", []))
        return ", ".join(kilograms(each, language) if name == MASS else shown(each, language) for name, each in parts)
    if isinstance(value, list | tuple):
        return "; ".join(shown(each, language) for each in value)
    return str(value)


def term(visit: Visit, code: str) -> str:
    """The word of a type, an event, an outcome; else the word that agreements have for it."""
    own = coded("shared", code, visit.language)
    return coded("term", code, visit.language) if own == code else own


def duty_words(visit: Visit) -> dict[str, str]:
    """What has to be done about something that was shared."""
    _ = visit.gettext
    return {
        "destroy": _("destroy it; its time is over"),
        "destroy_retracted": _("destroy it; it was taken back"),
        "certify": _("certify that it was destroyed; the clause of the message does not let it go"),
        "report_outcome": _("report what came of it"),
        "certificate": _("certify that it was destroyed"),
    }


def finding_words(visit: Visit) -> dict[str, str]:
    """What the two logs say of a message."""
    _ = visit.gettext
    return {
        "proved": _("agreed with proof"),
        "agreed": _("agreed, not in a checkpoint yet"),
        "unproved": _("not where the partner says"),
        "not_opened": _("not laid open"),
        "denied": _("denied by the partner"),
        "under_way": _("under way"),
        "claimed": _("claimed by the partner alone"),
        "differs": _("different"),
    }


def log_words(visit: Visit) -> dict[str, str]:
    """What became of the checkpoint that a partner showed of its log."""
    _ = visit.gettext
    return {
        "none": _("It showed no checkpoint that its log key signed: nothing is proved."),
        "first": _("Its log was seen here for the first time."),
        "consistent": _("Its log only grew since it was last seen here."),
        "other_size": _("Its proof starts elsewhere than at what is kept here: nothing is proved."),
        "fork": _("Its log shows another history than before. Both notes are kept as evidence."),
        "rollback": _("Its log is smaller than it was. Both notes are kept as evidence."),
        "no_proof": _("It could not show that its log only grew. Both notes are kept as evidence."),
    }
