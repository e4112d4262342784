"""What signing in leaves and needs: attempts, recovery codes, invitations, used states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select, update

from pratique.node.access.throttle import WINDOW, Failures
from pratique.node.instants import from_text, to_text
from pratique.node.storage.access_tables import attempt, invitation, recovery_code, used_state

KEPT: Final = timedelta(days=90)
PASSWORD: Final = "password"  # noqa: S105 the way, not a password
MOST_AN_HOUR: Final = 60  # failures of one way from one address that are kept


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that can be accepted: for whom, until when, and the sealed second factor that it sets up."""

    login: str
    factor_sealed: str
    ends_at: str


def note_attempt(connection: Connection, *, login_key: str, address: str, succeeded: bool, at: datetime) -> None:
    """One attempt to sign in; failures of more than ninety days ago are forgotten."""
    old = to_text(at - KEPT)
    connection.execute(delete(attempt).where(attempt.c.succeeded == 0, attempt.c.at < old))
    connection.execute(
        insert(attempt).values(at=to_text(at), login_key=login_key, address=address, succeeded=int(succeeded))
    )


def note_failed_way(connection: Connection, *, way: str, key: str, address: str, at: datetime) -> None:
    """A passkey, or an answer of the provider, that did not hold; these are never slowed, so so many an hour are kept.

    Nobody outside can fill the store: what comes beyond :data:`MOST_AN_HOUR` from one address is counted no more.
    """
    where = (attempt.c.address == address, attempt.c.way == way, attempt.c.at > to_text(at - WINDOW))
    if int(connection.execute(select(func.count()).where(*where)).scalar_one()) >= MOST_AN_HOUR:
        return
    old = to_text(at - KEPT)
    connection.execute(delete(attempt).where(attempt.c.succeeded == 0, attempt.c.at < old))
    connection.execute(insert(attempt).values(at=to_text(at), login_key=key, address=address, succeeded=0, way=way))


def failed_by_way(connection: Connection, *, since: datetime, until: datetime) -> dict[str, int]:
    """How many attempts to sign in failed within the period, by the way that was tried."""
    within = (attempt.c.succeeded == 0, attempt.c.at >= to_text(since), attempt.c.at < to_text(until))
    wanted = select(attempt.c.way, func.count()).where(*within).group_by(attempt.c.way).order_by(attempt.c.way)
    return {way: int(count) for way, count in connection.execute(wanted)}


def failures(connection: Connection, *, login_key: str, address: str, now: datetime) -> Failures:
    """The failed attempts that count now."""
    since = to_text(now - WINDOW)
    own = (attempt.c.way == PASSWORD, attempt.c.login_key == login_key, attempt.c.address == address)
    success = connection.execute(select(func.max(attempt.c.at)).where(*own, attempt.c.succeeded == 1)).scalar()
    return Failures(
        pair=_moments(connection, *own, attempt.c.at > max(since, success or "")),
        address=_moments(connection, attempt.c.way == PASSWORD, attempt.c.address == address, attempt.c.at > since),
        login=_moments(connection, attempt.c.way == PASSWORD, attempt.c.login_key == login_key, attempt.c.at > since),
        known=success is not None,
    )


def put_recovery_codes(connection: Connection, login: str, digests: Sequence[str]) -> None:
    """New recovery codes in place of those there were."""
    connection.execute(delete(recovery_code).where(recovery_code.c.login == login))
    if digests:
        connection.execute(insert(recovery_code), [{"code_sha256": each, "login": login} for each in digests])


def use_recovery_code(connection: Connection, login: str, digest: str, *, at: datetime) -> bool:
    """Notes that the code was used; false where it is not the officer's or was used before."""
    used = connection.execute(
        update(recovery_code)
        .where(recovery_code.c.login == login, recovery_code.c.code_sha256 == digest, recovery_code.c.used_at.is_(None))
        .values(used_at=to_text(at))
    )
    return used.rowcount == 1


def recovery_codes_left(connection: Connection, login: str) -> int:
    """How many recovery codes the officer still has."""
    wanted = select(func.count()).where(recovery_code.c.login == login, recovery_code.c.used_at.is_(None))
    return int(connection.execute(wanted).scalar_one())


def add_invitation(connection: Connection, secret_sha256: str, given: Invitation, *, at: datetime) -> None:
    """An invitation in place of those the officer had."""
    connection.execute(delete(invitation).where(invitation.c.login == given.login, invitation.c.used_at.is_(None)))
    connection.execute(
        insert(invitation).values(
            secret_sha256=secret_sha256,
            login=given.login,
            factor_sealed=given.factor_sealed,
            made_at=to_text(at),
            ends_at=given.ends_at,
        )
    )


def open_invitation(connection: Connection, secret_sha256: str, *, now: datetime) -> Invitation | None:
    """The invitation of that secret, while it can be accepted."""
    row = connection.execute(
        select(invitation).where(
            invitation.c.secret_sha256 == secret_sha256,
            invitation.c.used_at.is_(None),
            invitation.c.ends_at > to_text(now),
        )
    ).first()
    return Invitation(row.login, row.factor_sealed, row.ends_at) if row else None


def use_invitation(connection: Connection, secret_sha256: str, *, at: datetime) -> bool:
    """Notes that the invitation was accepted; false where it was before."""
    used = connection.execute(
        update(invitation)
        .where(invitation.c.secret_sha256 == secret_sha256, invitation.c.used_at.is_(None))
        .values(used_at=to_text(at))
    )
    return used.rowcount == 1


def withdraw_invitations(connection: Connection, login: str) -> None:
    """Takes back every invitation of the officer that was not accepted."""
    connection.execute(delete(invitation).where(invitation.c.login == login, invitation.c.used_at.is_(None)))


def use_state(connection: Connection, digest: str, *, until: datetime, now: datetime) -> bool:
    """Notes that a sealed state was used; false where it was before. Those whose time is over are forgotten."""
    connection.execute(delete(used_state).where(used_state.c.ends_at <= to_text(now)))
    known = connection.execute(select(used_state.c.digest).where(used_state.c.digest == digest)).first()
    if known is None:
        connection.execute(insert(used_state).values(digest=digest, ends_at=to_text(until)))
    return known is None


def _moments(connection: Connection, *where: object) -> list[datetime]:
    wanted = select(attempt.c.at).where(attempt.c.succeeded == 0, *where).order_by(attempt.c.at)  # type: ignore[arg-type]
    return [from_text(row.at) for row in connection.execute(wanted)]
