"""Agreements in force, decisions of the gate and the duties that follow from them.

Revision ID: 0008
"""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Nodes from before have none."""
