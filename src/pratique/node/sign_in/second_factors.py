"""The second factor at work: looked at before the transaction, used inside it, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pratique.node.access.sealing import unseal
from pratique.node.access.second_factor import AppFactor, looks_like_app_code, recovery_digest, step_of
from pratique.node.acts import Work
from pratique.node.settings import Settings
from pratique.node.storage.access_officers import credentials, use_factor_step
from pratique.node.storage.access_sign_in import use_recovery_code
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.node.stores import Stores

LONGEST_CODE: Final = 40


@dataclass(frozen=True, slots=True)
class Factor:
    """What a code may be: of an app (``step``), a recovery code (``digest``), or nothing that could count."""

    kind: str
    step: int = 0
    digest: str = ""


NONE: Final = Factor("none")


def steps_around(stores: Stores) -> int:
    """By how many steps of thirty seconds the clock of an app may differ: a setting of the node."""
    with stores.main.reading() as connection:
        return Settings.of(changed_settings(connection)).number("app_code_steps_around")


def look_at_factor(connection: Connection, login: str, code: str, *, work: Work) -> Factor:
    """What the code may be for that officer; whether it still counts is decided by :func:`use_factor`."""
    known = credentials(connection, login)
    if known is None or known.factor_sealed is None or not 0 < len(code) <= LONGEST_CODE:
        return NONE
    if not looks_like_app_code(code):
        return Factor("recovery", digest=recovery_digest(code))
    factor = AppFactor.parse(unseal(known.factor_sealed, key_file=work.folder.key_file, owner=login))
    step = step_of(factor, code, work.at, around=steps_around(work.stores))
    return Factor("app", step=step) if step is not None else NONE


def use_factor(connection: Connection, login: str, factor: Factor, *, at: datetime) -> bool:
    """Uses the code up; false where it was no code of the officer, or was used before."""
    if factor.kind == "app":
        return use_factor_step(connection, login, factor.step)
    if factor.kind == "recovery":
        return use_recovery_code(connection, login, factor.digest, at=at)
    return False
