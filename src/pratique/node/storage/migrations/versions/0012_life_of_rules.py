"""The life of rules: back-tests, scorecards and proposals.

Revision ID: 0012
"""

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Nodes from before have none."""
