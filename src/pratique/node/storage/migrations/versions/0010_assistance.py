"""Requests for assistance and evidence with its custody.

Revision ID: 0010
"""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Nodes from before have none."""
