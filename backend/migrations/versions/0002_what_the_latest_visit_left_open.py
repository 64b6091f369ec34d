"""What the latest visit left open, kept with each family for the queue and the list of families."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, and make every family's clocks due: the worker's next round fills it."""
    op.add_column(
        "households", sa.Column("left_open", sa.Text(), nullable=False, server_default="")
    )
    op.execute("UPDATE households SET next_clock_at = received_at WHERE received_at IS NOT NULL")


def downgrade() -> None:
    """Take it back: it can be read from the events again."""
    op.drop_column("households", "left_open")
