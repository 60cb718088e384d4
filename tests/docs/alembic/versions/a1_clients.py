"""The first table."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "a1", None


def upgrade():
    op.create_table(
        "clients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("email", sa.Text, nullable=False)
    )
