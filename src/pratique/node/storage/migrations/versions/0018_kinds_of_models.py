"""What a model tells: chances of a find, or the headings that descriptions are usual under.

Revision ID: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Models that are there already tell chances."""
    op.add_column("learned_model", sa.Column("kind", sa.Text(), server_default="chances", nullable=False))
