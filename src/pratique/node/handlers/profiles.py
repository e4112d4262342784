"""Risk profiles: drafted by one person, activated by another, retired by anybody who may."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import ClassVar, Final

from pratique.flow.controls.rule_life import has_ended
from pratique.node.access import Actor
from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.canonical import digest
from pratique.node.errors import refuse
from pratique.node.instants import to_text
from pratique.node.profiles.back_testing import back_test
from pratique.node.profiles.rule_figures import back_test_text
from pratique.node.profiles.texts import kept_profile, parsed, shipped_texts, text_digest
from pratique.node.settings import Settings
from pratique.node.storage import journal
from pratique.node.storage import profiles as stored
from pratique.node.storage.profiles import SHIPPED_BY, StoredProfile
from pratique.node.storage.rule_life import StoredBackTest, add_back_test
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category

LONGEST_PROFILE: Final = 64 * 1024  # characters


@dataclass(frozen=True, slots=True)
class AddProfile(Command[StoredProfile]):
    """Takes in the text of a profile as a draft: version 1, or the next version of the profile with its id."""

    text: str
    entry: ClassVar[str] = "profiles.drafted"


@dataclass(frozen=True, slots=True)
class ActivateProfile(Command[StoredProfile]):
    """Puts a draft in force, and the version before it out of force. The author may not do it."""

    profile_id: str
    version: int
    entry: ClassVar[str] = "profiles.activated"


@dataclass(frozen=True, slots=True)
class RetireProfile(Command[StoredProfile]):
    """Takes the active version of a profile out of force."""

    profile_id: str
    entry: ClassVar[str] = "profiles.retired"


@dataclass(frozen=True, slots=True)
class AdoptShippedProfiles(Command[list[str]]):
    """Takes those shipped profiles into force that the node has never seen; answers with their ids."""

    entry: ClassVar[str] = "profiles.adopted"


@dataclass(frozen=True, slots=True)
class ListProfiles(Query[list[StoredProfile]]):
    """Every version of every profile."""


@dataclass(frozen=True, slots=True)
class ShowProfile(Query[list[StoredProfile]]):
    """Every version of one profile, newest first."""

    profile_id: str


def add_profile(command: AddProfile, work: Work) -> Act[StoredProfile]:
    """A profile with a faulty rule is refused with the place and what was expected there."""
    if len(command.text) > LONGEST_PROFILE:
        raise refuse("profiles.text_too_long", most=LONGEST_PROFILE)
    profile = parsed(command.text)

    def act(connection: Connection) -> Done[StoredProfile]:
        version = stored.newest_version(connection, profile.id) + 1
        draft = stored.add_draft(
            connection,
            profile_id=profile.id,
            version=version,
            text=command.text,
            sha256=text_digest(command.text),
            author=work.actor.name,
            at=work.at,
        )
        return Done(draft, command=_facts(draft), outcome=_facts(draft))

    return act


def activate_profile(command: ActivateProfile, work: Work) -> Act[StoredProfile]:
    """Two persons stand behind every profile in force; what it would have done so far is kept beside their act.

    Raises ``CONFLICT`` where the profile has ended already: it would be in force and say nothing.
    """
    with work.store.reading() as connection:
        draft = _draft(connection, command, work)
        days = Settings.of(changed_settings(connection)).number("rule_days")
        work.say("back-test")
        tested = back_test_text(back_test(kept_profile(draft), connection, work.folder, days=days, at=work.at))

    def act(connection: Connection) -> Done[StoredProfile]:
        chosen = _draft(connection, command, work)
        stored.activate(connection, chosen.id, chosen.version, at=work.at, by=work.actor.name)
        now = _version(connection, chosen.id, chosen.version)
        kept = StoredBackTest(
            seq=journal.next_seq(connection),
            profile_id=chosen.id,
            version=chosen.version,
            at=to_text(work.at),
            by=work.actor.name,
            figures=tested,
        )
        add_back_test(connection, kept)
        return Done(now, command=_facts(chosen) | {"row": digest(asdict(kept))}, outcome=_facts(now))

    return act


def _draft(connection: Connection, command: ActivateProfile, work: Work) -> StoredProfile:
    """The version, if this person may put it in force now."""
    chosen = _version(connection, command.profile_id, command.version)
    if chosen.author.casefold() == work.actor.name.casefold():
        raise refuse("profiles.second_person", Category.DENIED, profile=chosen.id, author=chosen.author)
    if chosen.state != "draft":
        raise refuse("profiles.not_a_draft", Category.CONFLICT, profile=chosen.id, version=chosen.version)
    ends = kept_profile(chosen).valid_to
    if has_ended(ends, work.at.date()):
        raise refuse("profiles.ended", Category.CONFLICT, profile=chosen.id, day=str(ends))
    return chosen


def retire_profile(command: RetireProfile, work: Work) -> Act[StoredProfile]:
    """The profile stays to be seen; runs that used it can still be replayed."""

    def act(connection: Connection) -> Done[StoredProfile]:
        active = [each for each in _versions(connection, command.profile_id) if each.state == "active"]
        if not active:
            raise refuse("profiles.not_active", Category.CONFLICT, profile=command.profile_id)
        stored.retire(connection, command.profile_id, at=work.at, by=work.actor.name)
        now = _version(connection, command.profile_id, active[0].version)
        return Done(now, command=_facts(active[0]), outcome=_facts(now))

    return act


def adopt_shipped_profiles(command: AdoptShippedProfiles, work: Work) -> Act[list[str]]:
    """For a node that newer code opens: what an officer drafted, changed or retired is left as it is."""

    def act(connection: Connection) -> Done[list[str]]:
        adopted = adopt_missing(connection, at=work.at, by=work.actor)
        return Done(list(adopted), command={"profiles": adopted}, outcome={"profiles": adopted})

    return act


def list_profiles(query: ListProfiles, view: View) -> list[StoredProfile]:
    """Ordered by id and version."""
    return stored.stored_profiles(view.connection)


def show_profile(query: ShowProfile, view: View) -> list[StoredProfile]:
    """Raises ``NOT_FOUND`` where no profile has the id."""
    return _versions(view.connection, query.profile_id)[::-1]


def adopt_missing(connection: Connection, *, at: datetime, by: Actor) -> dict[str, str]:
    """Shipped profiles whose id the node does not know are drafted in the name of the house and activated by ``by``.

    Gives the SHA-256 of each text by the id of its profile.
    """
    adopted = {}
    for profile_id, text in shipped_texts().items():
        if stored.newest_version(connection, profile_id) == 0:
            stored.add_draft(
                connection,
                profile_id=profile_id,
                version=1,
                text=text,
                sha256=text_digest(text),
                author=SHIPPED_BY,
                at=at,
            )
            stored.activate(connection, profile_id, 1, at=at, by=by.name)
            adopted[profile_id] = text_digest(text)
    return adopted


def _versions(connection: Connection, profile_id: str) -> list[StoredProfile]:
    found = stored.stored_profiles(connection, profile_id)
    if not found:
        raise refuse("profiles.not_found", Category.NOT_FOUND, profile=profile_id)
    return found


def _version(connection: Connection, profile_id: str, version: int) -> StoredProfile:
    for each in _versions(connection, profile_id):
        if each.version == version:
            return each
    raise refuse("profiles.no_version", Category.NOT_FOUND, profile=profile_id, version=version)


def _facts(profile: StoredProfile) -> dict[str, object]:
    return {"profile": profile.id, "version": profile.version, "sha256": profile.sha256, "state": profile.state}
