"""The driver behind a connection: what every command does many times goes to it directly.

SQLAlchemy's own bookkeeping of one small statement costs several times what the store needs to carry it out. What the
driver raises becomes ``PratiqueError`` where it leaves the store (:mod:`pratique.node.storage.store`).
"""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPICursor


def driver(connection: Connection) -> DBAPICursor:
    """A cursor of the driver, inside the transaction of the connection, which has begun."""
    return connection.connection.cursor()
