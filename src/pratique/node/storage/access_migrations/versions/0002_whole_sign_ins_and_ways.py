"""How far the whole sign-in of a session counts, by which way somebody tried to come in, and from where.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """From the first release: columns are added, so that what guards the logs stays in place."""
    op.add_column("session", sa.Column("whole_until", sa.Text(), nullable=True))
    op.add_column("attempt", sa.Column("way", sa.Text(), server_default="password", nullable=False))
    op.add_column("denial", sa.Column("address", sa.Text(), nullable=True))
