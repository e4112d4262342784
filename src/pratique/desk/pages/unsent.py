"""What the gate did not let go, told where it was asked for: by which article, and what would do."""

from __future__ import annotations

from dataclasses import dataclass

from pratique.desk.visit import Visit
from pratique.node.exchange.disclosing import Disclosed
from pratique.partners.agreements import told_way, worded
from pratique.vocabulary.sentences import coded


@dataclass(frozen=True, slots=True)
class Unsent:
    """A refusal as a page shows it: the verdict, the clause relied on, and lines that say why or what to do."""

    verdict: str
    clause: str
    article: str
    lines: tuple[str, ...]


def unsent_told(visit: Visit, done: Disclosed) -> Unsent:
    """The refusal in the language of the page."""
    language, explained = visit.language, done.explanation
    lines = [
        visit.told("gate.forbidden", worded({"article": each.article, "title": each.agreement}, language))
        for each in (explained.decision.determining if done.verdict == "forbidden" else ())
    ]
    lines += [visit.told("gate.would_do", worded({"article": each.article}, language)) for each in explained.would_do]
    if explained.way_out is not None:
        lines += [each.text(language) for each in told_way(explained.way_out)]
    verdict = coded("verdict", done.verdict, language)
    return Unsent(verdict, f"{done.agreement}/{done.clause}", done.article, tuple(lines))
