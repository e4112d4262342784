"""Partners, their keys, and the messages that come from them and go to them.

Revision ID: 0009
"""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Nodes from before have none."""
