"""When a key pair was revoked by the roots, its private half destroyed, and when it went into a file for a safe.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """No key of an earlier node was revoked or destroyed; whether one was exported is asked anew."""
    op.add_column("signing_key", sa.Column("revoked_at", sa.Text(), nullable=True))
    op.add_column("signing_key", sa.Column("destroyed_at", sa.Text(), nullable=True))
    op.add_column("signing_key", sa.Column("exported_at", sa.Text(), nullable=True))
