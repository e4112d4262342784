"""The ledger: a salted commitment for every journal entry.

Revision ID: 0007
"""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Nodes from before have none."""
