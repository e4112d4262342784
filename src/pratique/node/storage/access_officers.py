"""Officers and offices as rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from pratique.node.canonical import canonical
from pratique.node.instants import to_text
from pratique.node.storage.access_tables import office, officer


@dataclass(frozen=True, slots=True)
class StoredOfficer:
    """An officer as stored; ``state`` is invited, active or suspended, ``theme`` system, light or dark."""

    login: str
    display_name: str
    roles: tuple[str, ...]
    office: str | None
    state: str
    persona: bool
    language: str
    theme: str
    shortcut_keys: bool
    oidc_subject: str | None
    declared_interests: tuple[str, ...]
    added_at: str
    has_password: bool
    has_factor: bool


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an officer signs in with: the argon2id hash, the sealed second factor, and the last step it was used in."""

    password_hash: str | None
    factor_sealed: str | None
    factor_last_step: int


@dataclass(frozen=True, slots=True)
class Office:
    """An office: its zone (IANA), its hours in local time, the places whose arrivals are its own, its words for lanes.

    ``open_days`` counts from 1 (Monday) to 7; ``opens`` and ``closes`` are ``HH:MM`` and may go past midnight.
    """

    code: str
    name: str
    time_zone: str = "UTC"
    opens: str = "00:00"
    closes: str = "24:00"
    open_days: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    locations: tuple[str, ...] = ()
    lane_words: Mapping[str, str] | None = None


def add_officer(connection: Connection, facts: Mapping[str, object], *, at: datetime, by: str) -> None:
    """A new officer; ``facts`` are columns of the table, lists among them."""
    moment = to_text(at)
    row = _columns(facts) | {
        "added_at": moment,
        "added_by": by,
        "changed_at": moment,
        "changed_by": by,
        "factor_last_step": 0,
    }
    connection.execute(insert(officer).values(**row))


def change_officer(connection: Connection, login: str, facts: Mapping[str, object], *, at: datetime, by: str) -> None:
    """Gives columns of an officer new values."""
    row = _columns(facts) | {"changed_at": to_text(at), "changed_by": by}
    connection.execute(update(officer).where(officer.c.login == login).values(**row))


def officers(connection: Connection) -> list[StoredOfficer]:
    """Every officer, by login."""
    return [_officer(row._asdict()) for row in connection.execute(select(officer).order_by(officer.c.login))]


def officer_by_login(connection: Connection, login: str) -> StoredOfficer | None:
    """The officer with that login."""
    row = connection.execute(select(officer).where(officer.c.login == login)).first()
    return _officer(row._asdict()) if row else None


def officer_by_subject(connection: Connection, subject: str) -> StoredOfficer | None:
    """The officer whom the administration's identity provider knows by ``subject``."""
    row = connection.execute(select(officer).where(officer.c.oidc_subject == subject)).first()
    return _officer(row._asdict()) if row else None


def credentials(connection: Connection, login: str) -> Credentials | None:
    """What the officer signs in with."""
    wanted = select(officer.c.password_hash, officer.c.factor_sealed, officer.c.factor_last_step)
    row = connection.execute(wanted.where(officer.c.login == login)).first()
    return Credentials(row.password_hash, row.factor_sealed, row.factor_last_step) if row else None


def first_sealed(connection: Connection) -> tuple[str, str] | None:
    """One officer and their sealed second factor; ``None`` where nobody has one."""
    wanted = select(officer.c.login, officer.c.factor_sealed).where(officer.c.factor_sealed.is_not(None)).limit(1)
    row = connection.execute(wanted).first()
    return (row.login, row.factor_sealed) if row else None


def use_factor_step(connection: Connection, login: str, step: int) -> bool:
    """Notes that the code of ``step`` was used; false where it, or a later one, was used before."""
    used = connection.execute(
        update(officer).where(officer.c.login == login, officer.c.factor_last_step < step).values(factor_last_step=step)
    )
    return used.rowcount == 1


def put_office(connection: Connection, given: Office) -> None:
    """Adds the office, or gives the one with its code these facts."""
    row = {
        "name": given.name,
        "time_zone": given.time_zone,
        "opens": given.opens,
        "closes": given.closes,
        "open_days": canonical(list(given.open_days)),
        "locations": canonical(list(given.locations)),
        "lane_words": canonical(dict(given.lane_words or {})),
    }
    changed = connection.execute(update(office).where(office.c.code == given.code).values(**row))
    if changed.rowcount == 0:
        connection.execute(insert(office).values(code=given.code, **row))


def offices(connection: Connection) -> list[Office]:
    """Every office, by code."""
    return [_office(row._asdict()) for row in connection.execute(select(office).order_by(office.c.code))]


def office_by_code(connection: Connection, code: str) -> Office | None:
    """The office with that code."""
    row = connection.execute(select(office).where(office.c.code == code)).first()
    return _office(row._asdict()) if row else None


def _columns(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: _stored(value) for name, value in facts.items()}


def _stored(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    return canonical(list(value)) if isinstance(value, list | tuple) else value


def _officer(row: Mapping[str, object]) -> StoredOfficer:
    facts = dict(row)
    return StoredOfficer(
        login=str(facts["login"]),
        display_name=str(facts["display_name"]),
        roles=tuple(json.loads(str(facts["roles"]))),
        office=_text(facts["office"]),
        state=str(facts["state"]),
        persona=bool(facts["persona"]),
        language=str(facts["language"]),
        theme=str(facts["theme"]),
        shortcut_keys=bool(facts["shortcut_keys"]),
        oidc_subject=_text(facts["oidc_subject"]),
        declared_interests=tuple(json.loads(str(facts["declared_interests"]))),
        added_at=str(facts["added_at"]),
        has_password=facts["password_hash"] is not None,
        has_factor=facts["factor_sealed"] is not None,
    )


def _office(row: Mapping[str, object]) -> Office:
    facts = dict(row)
    return Office(
        code=str(facts["code"]),
        name=str(facts["name"]),
        time_zone=str(facts["time_zone"]),
        opens=str(facts["opens"]),
        closes=str(facts["closes"]),
        open_days=tuple(json.loads(str(facts["open_days"]))),
        locations=tuple(json.loads(str(facts["locations"]))),
        lane_words=json.loads(str(facts["lane_words"])),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
