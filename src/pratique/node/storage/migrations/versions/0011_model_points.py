"""What a model said of each consignment of a run.

Revision ID: 0011
"""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Nodes from before have none."""
