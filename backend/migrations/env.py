"""Runs the migrations on the connection that `backend.migrations.upgrade` hands over."""

from __future__ import annotations

from alembic import context

from backend.tables import Table

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Table.metadata,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
