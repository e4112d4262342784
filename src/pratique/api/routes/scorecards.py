"""Scorecards: how every rule in force does, and the rules that are proposed to leave."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Query

from pratique.api.paging import Page, Paged
from pratique.api.routes.profiles import ProfileId
from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.node.handlers.scorecards import ListScorecards, MakeScorecards, ScorecardsMade, ShowScorecards
from pratique.node.profiles.rule_days import RuleOnDay

SLICE: Final = Slice("scorecards")
Proposed = Annotated[bool, Query(description="Only those that a person must decide on.")]


@SLICE.read("/scorecards", summary="List scorecards of rules")
def list_scorecards(by: By, window: Paged, proposed: Proposed = False) -> Page[RuleOnDay]:
    """The newest of every rule in force, by profile, with the grounds on which it is proposed to leave."""
    found = by.ask(ListScorecards(proposed))
    return window.page(found, key=lambda each: (each.profile_id,), show=lambda each: each)


@SLICE.read("/profiles/{profile_id}/scorecards", missing=True, summary="Show the scorecards of a rule")
def show_scorecards(by: By, profile_id: ProfileId) -> tuple[RuleOnDay, ...]:
    """Newest first, at most ninety."""
    return by.ask(ShowScorecards(profile_id))


@SLICE.write("/scorecards", summary="Make the scorecards of today")
def make_scorecards(by: By) -> ScorecardsMade:
    """Once a day (UTC); a second time makes nothing and answers with those there are."""
    return by.execute(MakeScorecards())
