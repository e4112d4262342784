"""Runs migrations of ``access.db`` inside the transaction that ``storage.migrate`` has begun."""

from alembic import context

from pratique.node.storage.access_tables import access_metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=access_metadata, render_as_batch=True
)
context.run_migrations()
