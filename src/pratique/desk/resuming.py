"""What an officer asked for before a confirmation was wanted: carried through it, so that nothing is typed twice.

Nothing is kept on the server: the fields go along in the pages. Files and passwords never do; a form that holds any is
asked for again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pratique.desk.visit import Visit

PATH: Final = "then"
FIELD: Final = "then."
SECRETS: Final = frozenset({"password", "passphrase", "again", "code", "answer", "old", "new"})
CSRF: Final = "csrf"


@dataclass(frozen=True, slots=True)
class Asked:
    """A form that was sent: where to, and what stood in it."""

    path: str
    fields: tuple[tuple[str, str], ...]


def asked_now(visit: Visit) -> Asked | None:
    """The form of this request; ``None`` where it can not be carried on."""
    held = visit.form.multi_items()
    named = {name for name, _ in held}
    whole = all(isinstance(value, str) or not value.filename for _, value in held)
    if visit.request.method != "POST" or visit.partial or not whole or named & SECRETS:
        return None
    fields = tuple((name, value) for name, value in held if name != CSRF and isinstance(value, str))
    return Asked(visit.request.url.path, fields)


def asked_before(visit: Visit) -> Asked | None:
    """The form that this one carries on; ``None`` where it carries none, or one of another place."""
    path = visit.given(PATH)
    if not path.startswith("/") or path.startswith(("//", "/\\")) or not path.isprintable():
        return None
    held = visit.form.multi_items()
    fields = tuple((name.removeprefix(FIELD), value) for name, value in held if name.startswith(FIELD))
    return Asked(path, tuple((name, value) for name, value in fields if isinstance(value, str)))
