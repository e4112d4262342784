"""The node's commands and queries for programs: OpenAPI 3.1 under ``/api``.

In: HTTP requests with a bearer token. Out: JSON, and problems (RFC 9457) with the stable codes of the node.
It only translates: request → command or query → ``execute`` or ``ask`` → JSON. It decides nothing, keeps no state but
the answers of writes by their idempotency key, and knows no SQL.
"""

from pratique.api.app import build_api
from pratique.api.serving import Limits

__all__ = ["Limits", "build_api"]
