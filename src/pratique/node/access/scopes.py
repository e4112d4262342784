"""What a token of the API can be limited to: a slice, read or write (``queue:read``, ``messages:write``)."""

from __future__ import annotations

from pratique.node.access.policy import shipped_policy


def all_scopes() -> frozenset[str]:
    """Every scope there is; they follow from the table."""
    return shipped_policy().scopes()
