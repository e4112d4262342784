"""Officers' own keys, each closed by its officer's passphrase.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """No officer of an earlier node has one."""
    op.create_table(
        "officer_key",
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("closed", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("officer", name=op.f("pk_officer_key")),
    )
