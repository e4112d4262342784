"""Scorecards: how every rule in force does, noted once a day, and the rules that are proposed to leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import ClassVar, Final

from pratique.flow.controls.rule_life import Bounds, Life, Proposed, grounds
from pratique.flow.controls.scorecard import Scorecard, scorecards
from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.canonical import digest
from pratique.node.errors import refuse
from pratique.node.instants import from_text, to_text
from pratique.node.profiles.rule_days import RuleOnDay, as_shown, newest_rules
from pratique.node.profiles.rule_figures import card_text, grounds_text
from pratique.node.profiles.rule_history import rule_history
from pratique.node.profiles.texts import kept_profile, sorted_out
from pratique.node.settings import Settings
from pratique.node.storage import journal, profiles
from pratique.node.storage import rule_life as stored
from pratique.node.storage.profiles import StoredProfile
from pratique.node.storage.rule_life import StoredReview, StoredScorecard
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category

MOST_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class ScorecardsMade:
    """The scorecards of a day; ``made`` is 0 where they were there already."""

    day: date
    made: int
    rules: tuple[RuleOnDay, ...]

    @property
    def proposals(self) -> tuple[RuleOnDay, ...]:
        """The rules that a person must decide on."""
        return tuple(each for each in self.rules if each.open_grounds)


@dataclass(frozen=True, slots=True)
class MakeScorecards(Command[ScorecardsMade]):
    """Notes how every rule in force did up to today, and which are proposed to leave; a second time changes nothing."""

    entry: ClassVar[str] = "profiles.scored"


@dataclass(frozen=True, slots=True)
class ListScorecards(Query[tuple[RuleOnDay, ...]]):
    """The newest scorecard of every rule in force; ``proposed`` alone are those that a person must decide on."""

    proposed: bool = False


@dataclass(frozen=True, slots=True)
class ShowScorecards(Query[tuple[RuleOnDay, ...]]):
    """The scorecards of one rule, newest first, at most ninety."""

    profile_id: str


def make_scorecards(command: MakeScorecards, work: Work) -> Act[ScorecardsMade]:
    """Raises ``CONFLICT`` where there are scorecards of a later day: the clock went back."""
    day = work.at.date()
    with work.store.reading() as connection:
        _refuse_past(connection, day)
        there = stored.scorecards_on(connection, day.isoformat())
        told = [] if there else _made(connection, work, day)

    def act(connection: Connection) -> Done[ScorecardsMade]:
        _refuse_past(connection, day)
        kept = stored.scorecards_on(connection, day.isoformat())
        seq, at = journal.next_seq(connection), to_text(work.at)
        added = [] if kept else [_row(each, day=day, seq=seq, at=at) for each in told]
        stored.add_scorecards(connection, added)
        rules = as_shown(connection, kept or added)
        result = ScorecardsMade(day, len(added), rules)
        facts = {"day": day.isoformat(), "rows": digest([asdict(each) for each in added])}
        proposed = {each.profile_id: [ground.ground.value for ground in each.open_grounds] for each in result.proposals}
        return Done(result, command=facts, outcome={"made": len(added), "proposed": proposed})

    return act


def list_scorecards(query: ListScorecards, view: View) -> tuple[RuleOnDay, ...]:
    """By profile; none where no night has passed yet. Rules that left since are not shown."""
    return tuple(each for each in newest_rules(view.connection) if each.open_grounds or not query.proposed)


def show_scorecards(query: ShowScorecards, view: View) -> tuple[RuleOnDay, ...]:
    """Raises ``NOT_FOUND`` where no profile has the id."""
    if not profiles.stored_profiles(view.connection, query.profile_id):
        raise refuse("profiles.not_found", Category.NOT_FOUND, profile=query.profile_id)
    return as_shown(view.connection, stored.scorecards_of(view.connection, query.profile_id, MOST_DAYS))


def _refuse_past(connection: Connection, day: date) -> None:
    newest = stored.newest_day(connection)
    if newest is not None and newest > day.isoformat():
        raise refuse("rules.clock_back", Category.CONFLICT, day=day.isoformat(), last=newest)


def _made(connection: Connection, work: Work, day: date) -> list[tuple[StoredProfile, Scorecard, tuple[Proposed, ...]]]:
    """Every version in force that this program can read, with its scorecard and the grounds against it."""
    settings = Settings.of(changed_settings(connection))
    active, _ = sorted_out(profiles.active_profiles(connection))
    since = day - timedelta(days=settings.number("rule_days"))
    work.say("history")
    history = rule_history(connection, work.folder, since=since, until=day, as_of=work.at)
    work.say("scorecards")
    cards = {
        card.profile: card
        for card in scorecards(history.consignments, history.fired, history.results, [each.id for each in active])
    }
    lives = [_life(each, stored.reviews(connection)) for each in active]
    found = grounds(lives, cards, bounds=_bounds(settings), day=day)
    return [(each, cards[each.id], found.get(each.id, ())) for each in active]


def _life(kept: StoredProfile, reviews: Sequence[StoredReview]) -> Life:
    profile = kept_profile(kept)
    since = from_text(str(kept.activated_at)).date()
    looked = [
        from_text(each.at).date() for each in reviews if (each.profile_id, each.version) == (kept.id, kept.version)
    ]
    return Life(kept.id, since, max([since, *looked]), profile.valid_to, profile.mandatory)


def _bounds(settings: Settings) -> Bounds:
    return Bounds(
        floor_permille=settings.number("rule_floor_permille"),
        silent_days=settings.number("rule_silent_days"),
        overlap_permille=settings.number("rule_overlap_permille"),
        review_days=settings.number("rule_review_days"),
    )


def _row(
    told: tuple[StoredProfile, Scorecard, tuple[Proposed, ...]], *, day: date, seq: int, at: str
) -> StoredScorecard:
    kept, card, against = told
    return StoredScorecard(day.isoformat(), kept.id, kept.version, seq, at, card_text(card), grounds_text(against))
