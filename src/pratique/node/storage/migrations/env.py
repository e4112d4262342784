"""Runs migrations inside the transaction that ``storage.migrate`` has begun."""

from alembic import context

from pratique.node.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
