"""When the message of a known bill was issued and what it was for, so that an older word that comes later is known.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Bills from before do not say: an original that comes later stands, as it did."""
    op.add_column("known_bill", sa.Column("issued_at", sa.Text(), nullable=True))
    op.add_column("known_bill", sa.Column("said_function", sa.Text(), nullable=True))
