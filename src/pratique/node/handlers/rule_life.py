"""The life of a rule between draft and retirement: tried on the past, looked at again by a person who keeps it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import ClassVar, Final

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.canonical import canonical, digest
from pratique.node.controls.reason_codes import checked_reason
from pratique.node.errors import refuse
from pratique.node.instants import to_text
from pratique.node.profiles.back_testing import BackTest, back_test
from pratique.node.profiles.rule_days import newest_rules
from pratique.node.profiles.rule_figures import back_test_of
from pratique.node.profiles.texts import kept_profile, parsed
from pratique.node.settings import Settings
from pratique.node.storage import journal, profiles
from pratique.node.storage import rule_life as stored
from pratique.node.storage.rule_life import StoredReview
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category

MOST_DAYS: Final = 3650


@dataclass(frozen=True, slots=True)
class BackTestProfile(Query[BackTest]):
    """What the profile written in ``text`` would have done in the last ``days`` (else the setting); keeps nothing."""

    text: str
    days: int | None = None


@dataclass(frozen=True, slots=True)
class BackTestVersion(Query[BackTest]):
    """The same for a version that the node keeps, on what is known now."""

    profile_id: str
    version: int
    days: int | None = None


@dataclass(frozen=True, slots=True)
class ShowActivationTest(Query[BackTest | None]):
    """The back-test as it was known when the version was put in force; ``None`` where it never was."""

    profile_id: str
    version: int


@dataclass(frozen=True, slots=True)
class ReviewProfile(Command[StoredReview]):
    """Says that the version in force was looked at and stays, for a coded reason: the answer to what is against it."""

    profile_id: str
    reason: str
    note: str = ""
    entry: ClassVar[str] = "profiles.reviewed"


def back_test_profile(query: BackTestProfile, view: View) -> BackTest:
    """Raises ``REJECTED`` with the line where the profile is faulty, or for days that cannot be."""
    profile = parsed(query.text)
    return back_test(profile, view.connection, view.folder, days=_days(query.days, view.connection), at=view.at)


def back_test_version(query: BackTestVersion, view: View) -> BackTest:
    """Raises ``NOT_FOUND`` for a version there is none of, ``MISCONFIGURED`` for one that cannot be read any more."""
    for each in profiles.stored_profiles(view.connection, query.profile_id):
        if each.version == query.version:
            days = _days(query.days, view.connection)
            return back_test(kept_profile(each), view.connection, view.folder, days=days, at=view.at)
    raise refuse("profiles.no_version", Category.NOT_FOUND, profile=query.profile_id, version=query.version)


def show_activation_test(query: ShowActivationTest, view: View) -> BackTest | None:
    """Versions that were put in force before there were back-tests, and those of the house, have none."""
    kept = stored.back_test_of(view.connection, query.profile_id, query.version)
    return back_test_of(kept.figures) if kept else None


def review_profile(command: ReviewProfile, work: Work) -> Act[StoredReview]:
    """Raises ``CONFLICT`` where the profile is not in force, ``REJECTED`` for a reason there is none of."""
    reason, note = checked_reason("review", command.reason, command.note)

    def act(connection: Connection) -> Done[StoredReview]:
        active = [each for each in profiles.active_profiles(connection) if each.id == command.profile_id]
        if not active:
            raise refuse("profiles.not_active", Category.CONFLICT, profile=command.profile_id)
        version = active[0].version
        rules = [each for each in newest_rules(connection) if each.profile_id == command.profile_id]
        added = StoredReview(
            seq=journal.next_seq(connection),
            profile_id=command.profile_id,
            version=version,
            at=to_text(work.at),
            by=work.actor.name,
            reason=str(reason),
            note=note,
            grounds=canonical([each.ground.value for rule in rules for each in rule.open_grounds]),
        )
        stored.add_review(connection, added)
        facts = {"profile": added.profile_id, "version": version, "row": digest(asdict(added))}
        return Done(added, command=facts, outcome={"grounds": added.grounds})

    return act


def _days(given: int | None, connection: Connection) -> int:
    """The days asked for, else those set. Raises ``REJECTED``."""
    if given is None:
        return Settings.of(changed_settings(connection)).number("rule_days")
    if not 1 <= given <= MOST_DAYS:
        raise refuse("rules.days", days=given, most=MOST_DAYS)
    return given
