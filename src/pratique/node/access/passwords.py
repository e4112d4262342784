"""Passwords: hashed with argon2id, judged by length and by what everybody tries first.

Parameters are those of the OWASP password storage cheat sheet (19 MiB, two passes, one lane). The rules are those of
OWASP ASVS 5.0, 6.2: length and a list of what is common, no composition, no forced change, nothing cut off.

What is common: a password of published breaches (``data/access/frequent_passwords.txt``), a word of the trade
(``common_passwords.txt``), either of them with digits and signs around, in disguise (``0`` for ``o``) or said again and
again, two of the thousand most frequent in a row, and runs of neighbours. An operator can have more refused
(:mod:`pratique.node.sign_in.breached`).
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST: Final = 12  # characters
LONGEST: Final = 256
MOST_FREQUENT: Final = 1000  # of which two in a row are refused
_ENDS: Final = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_SIGNS: Final = re.compile(r"[\W_]+")
_DISGUISES: Final = str.maketrans("0134578@$!", "oieastbasi")
_RUNS: Final = (
    "01234567890",
    "09876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "azertyuiop",
)


def hash_password(password: str) -> str:
    """The argon2id hash with its parameters and salt, as text."""
    return _hasher().hash(password)


def password_fits(password_hash: str | None, password: str) -> bool:
    """The password belongs to the hash. Takes as long where there is no hash, so that an answer tells nothing."""
    try:
        fits = _hasher().verify(password_hash or _nobody(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return fits and password_hash is not None and len(password) <= LONGEST


def outdated(password_hash: str) -> bool:
    """The hash was made with other parameters than those of now."""
    return _hasher().check_needs_rehash(password_hash)


def fault_of(password: str, *, login: str, display_name: str) -> str | None:
    """Why the password is not taken: ``short``, ``long``, ``common`` or ``own_name``; ``None`` where it is."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    bare = _bare(password)
    names = {part for name in (login, display_name) for part in re.split(r"[\W_]+", name.casefold()) if len(part) > 2}
    if any(name in password.casefold() for name in names) and len(_without(password.casefold(), names)) < SHORTEST - 4:
        return "own_name"
    if (
        _is_frequent(password.casefold(), bare)
        or bare in common_words()
        or _repeats(password.casefold())
        or _runs(password.casefold())
    ):
        return "common"
    return None


@cache
def common_words() -> frozenset[str]:
    """What people try first, without the digits and signs that they put around it."""
    text = (files("pratique") / "data" / "access" / "common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


@cache
def frequent_passwords() -> tuple[str, ...]:
    """Passwords of published breaches, the most frequent first."""
    text = (files("pratique") / "data" / "access" / "frequent_passwords.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("# "))


@cache
def _frequent() -> frozenset[str]:
    return frozenset(frequent_passwords()) | frozenset(map(_bare, frequent_passwords()))


@cache
def _most_frequent() -> frozenset[str]:
    return frozenset(frequent_passwords()[:MOST_FREQUENT])


def _is_frequent(password: str, bare: str) -> bool:
    """A password of the breaches, as it stands, undisguised or with a run behind; or two of the most frequent."""
    if not _frequent().isdisjoint((password, bare, _SIGNS.sub("", password))):
        return True
    ends = ((password[:cut], password[cut:]) for cut in range(4, len(password)))
    if any(first in _frequent() and (_runs(rest) or _repeats(rest)) for first, rest in ends):
        return True
    halves = ((bare[:cut], bare[cut:]) for cut in range(4, len(bare) - 3))
    return any(first in _most_frequent() and second in _most_frequent() for first, second in halves)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, salt_len=16)


@cache
def _nobody() -> str:
    """A hash that belongs to no password."""
    return _hasher().hash("")


def _bare(password: str) -> str:
    """The word inside: without digits and signs around it, disguises undone, blanks taken out, said once."""
    inside = _ENDS.sub("", password.casefold()) or password.casefold()
    word = _SIGNS.sub("", inside.translate(_DISGUISES))
    for size in range(3, len(word) // 2 + 1):
        if len(word) % size == 0 and word == word[:size] * (len(word) // size):
            return word[:size]
    return word


def _without(password: str, names: set[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        password = password.replace(name, "")
    return password


def _repeats(password: str) -> bool:
    """One to four characters over and over."""
    return any(password == (password[:size] * len(password))[: len(password)] for size in range(1, 5))


def _runs(password: str) -> bool:
    """Neighbours on the keyboard, in the alphabet or among the numbers, end to end."""
    rest = password
    for run in sorted(_RUNS, key=len, reverse=True):
        rest = rest.replace(run, "")
        for size in range(len(run) - 1, 3, -1):
            for start in range(len(run) - size + 1):
                rest = rest.replace(run[start : start + size], "")
    return len(rest) < 4
