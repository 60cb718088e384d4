"""Its index."""

from alembic import op

revision, down_revision = "a2", "a1"


def upgrade():
    op.create_index("clients_email_idx", "clients", ["email"], unique=True)
