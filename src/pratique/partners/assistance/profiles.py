"""Request profiles as YAML, one file per instrument: read strictly, every word from a closed list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from pratique.partners.assistance.model import (
    CONTACTS,
    COSTS,
    FIELDS,
    LANGUAGE_RULES,
    ORAL,
    REPLIES,
    TYPES,
    Channel,
    Condition,
    Content,
    Effect,
    Languages,
    Presence,
    RefusalGround,
    Reply,
    RequestProfile,
    Rule,
)

LONGEST_FILE: Final = 64 * 1024
RULES: Final = frozenset({"contact", "oral", "languages", "reply", "costs", "procedure", "inability", "evidence"})
TOLD: Final = frozenset({"id", "title", "channel", "in_force", "verified", "source"})
PARTS: Final = RULES | TOLD | {"types", "contents", "grounds", "uses"}


class ProfileFault(ValueError):
    """A profile that cannot be used: ``part`` names the place, ``why`` what is wrong with it."""

    def __init__(self, part: str, why: str) -> None:
        super().__init__(f"{part}: {why}")
        self.part = part
        self.why = why


@cache
def shipped_profiles() -> Mapping[str, RequestProfile]:
    """The profiles that come with the software, by id."""
    folder = files("pratique") / "data" / "assistance"
    found = [entry for entry in folder.iterdir() if entry.name.endswith(".yaml")]
    read = [read_profile(entry.read_text(encoding="utf-8")) for entry in sorted(found, key=lambda each: each.name)]
    return {profile.id: profile for profile in read}


def read_profile(text: str) -> RequestProfile:
    """The profile in a YAML text. Raises :class:`ProfileFault`, which names the place."""
    if len(text) > LONGEST_FILE or ("&" in text and "*" in text):
        raise ProfileFault("file", "larger than 64 KiB, or with anchors")
    try:
        said = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ProfileFault("file", f"no YAML: {error}") from error
    if not isinstance(said, dict) or set(said) != PARTS:
        odd = sorted(PARTS ^ set(said)) if isinstance(said, dict) else []
        raise ProfileFault("file", f"parts missing or unknown: {', '.join(map(str, odd))}")
    evidence = said["evidence"] or {}
    return RequestProfile(
        id=_text(said, "id"),
        title=_text(said, "title"),
        channel=Channel(_word(said, "channel", [each.value for each in Channel])),
        in_force=_flag(said, "in_force"),
        verified=_flag(said, "verified"),
        source=_text(said, "source"),
        contact=_rule(said, "contact", CONTACTS),
        oral=_rule(said, "oral", ORAL),
        languages=_languages(said),
        reply=_reply(said),
        costs=_rule(said, "costs", COSTS),
        procedure_article=_article_or_none(said, "procedure"),
        inability_article=_article_or_none(said, "inability"),
        evidence_article=_text(evidence, "article") if evidence else None,
        evidence_needs_permission=_flag(evidence, "needs_permission") if evidence else True,
        types=_words(said, "types", TYPES),
        contents=tuple(_content(each, at) for at, each in enumerate(_list(said, "contents"), 1)),
        grounds=tuple(_ground(each, at) for at, each in enumerate(_list(said, "grounds"), 1)),
        uses=tuple(Rule(_text(each, "code"), _text(each, "article")) for each in _list(said, "uses")),
    )


def _content(said: Any, number: int) -> Content:
    part = f"contents {number}"
    if not isinstance(said, dict) or set(said) - {"field", "presence", "article", "consequence", "when"}:
        raise ProfileFault(part, "not field, presence, article, consequence, when")
    presence = Presence(_word(said, "presence", [each.value for each in Presence], part))
    when = _word(said, "when", [each.value for each in Condition], part) if "when" in said else None
    if (when is not None) != (presence is Presence.CONDITIONAL):
        raise ProfileFault(part, "`when` goes with conditional contents, and with no others")
    return Content(
        field=_word(said, "field", FIELDS, part),
        presence=presence,
        article=_text(said, "article", part),
        consequence=_text(said, "consequence", part),
        when=Condition(when) if when else None,
    )


def _ground(said: Any, number: int) -> RefusalGround:
    part = f"grounds {number}"
    if not isinstance(said, dict) or set(said) != {"code", "article", "effects", "reason", "consultation"}:
        raise ProfileFault(part, "not code, article, effects, reason, consultation")
    return RefusalGround(
        code=_text(said, "code", part),
        article=_text(said, "article", part),
        effects=tuple(Effect(each) for each in _words(said, "effects", [each.value for each in Effect], part)),
        needs_reason=_flag(said, "reason", part),
        needs_consultation=_flag(said, "consultation", part),
    )


def _languages(said: Mapping[str, Any]) -> Languages:
    told = _rule(said, "languages", LANGUAGE_RULES)
    always = said["languages"].get("always", [])
    if not isinstance(always, list) or not all(isinstance(each, str) for each in always):
        raise ProfileFault("languages", "`always` is no list of language codes")
    return Languages(told.rule, told.article, tuple(always))


def _reply(said: Mapping[str, Any]) -> Reply:
    told = _rule(said, "reply", REPLIES)
    days = said["reply"].get("days")
    if not isinstance(days, int) or not 1 <= days <= 1000:
        raise ProfileFault("reply", "`days` is no number of days")
    return Reply(told.rule, told.article, days)


def _rule(said: Mapping[str, Any], name: str, known: Iterable[str]) -> Rule:
    told = said[name]
    if not isinstance(told, dict):
        raise ProfileFault(name, "no rule with its article")
    return Rule(_word(told, "rule", known, name), _text(told, "article", name))


def _article_or_none(said: Mapping[str, Any], name: str) -> str | None:
    return None if said[name] is None else _text(said, name)


def _list(said: Mapping[str, Any], name: str) -> list[Any]:
    value = said[name]
    if not isinstance(value, list) or not value:
        raise ProfileFault(name, "no list, or an empty one")
    return value


def _text(said: Any, name: str, part: str = "") -> str:
    value = said.get(name) if isinstance(said, dict) else None
    if not isinstance(value, str) or not value.strip():
        raise ProfileFault(part or name, f"`{name}` is no text")
    return value.strip()


def _flag(said: Mapping[str, Any], name: str, part: str = "") -> bool:
    if not isinstance(said.get(name), bool):
        raise ProfileFault(part or name, f"`{name}` is neither true nor false")
    return bool(said[name])


def _word(said: Mapping[str, Any], name: str, known: Iterable[str], part: str = "") -> str:
    value = said.get(name)
    if value not in tuple(known):
        raise ProfileFault(part or name, f"`{name}` is not one of {', '.join(known)}")
    return str(value)


def _words(said: Mapping[str, Any], name: str, known: Iterable[str], part: str = "") -> tuple[str, ...]:
    value = said.get(name)
    if not isinstance(value, list) or not value or not set(value) <= set(known):
        raise ProfileFault(part or name, f"`{name}` is no list of {', '.join(known)}")
    return tuple(value)
