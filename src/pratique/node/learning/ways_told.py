"""A known way that rises, told in a language: what it is, how often it was seen and is usual, where most of it is."""

from __future__ import annotations

from pratique.flow.learning.rising import WEEK_DAYS
from pratique.node.learning.drift import WayRisen
from pratique.vocabulary.languages import ENGLISH, separated
from pratique.vocabulary.sentences import sentence


def way_told(risen: WayRisen, language: str = ENGLISH) -> str:
    """One sentence, without its places."""
    usual = f"{risen.usual_tenths / 10:,.0f}" if risen.usual_tenths >= 100 else f"{risen.usual_tenths / 10:g}"
    seen = {"seen": risen.seen, "days": risen.weeks * WEEK_DAYS, "usual": separated(usual, language)}
    return sentence("way.rises", {"way": sentence(f"way.{risen.way}", {}, language), **seen}, language)


def places_told(risen: WayRisen, language: str = ENGLISH) -> list[str]:
    """The heading, the origin and the way through that are most frequent among them, with how many they are."""
    told = [(f"way.place_{each.what}", {"value": each.value, "seen": each.seen}) for each in risen.places]
    return [sentence(code, params, language) for code, params in told]
