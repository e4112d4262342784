"""The first tables, and the triggers that keep the journal append-only.

Revision ID: 0001
"""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """From nothing to the first release."""
    if op.get_bind().dialect.name == "sqlite":
        _guard_journal()


def _guard_journal() -> None:
    for name, event in (("journal_keeps_entries", "DELETE"), ("journal_keeps_text", "UPDATE")):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON journal "
            "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
        )
