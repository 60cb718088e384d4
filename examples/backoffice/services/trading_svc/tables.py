"""The tables of the schema trading_svc, as its SQL files make them. Written by hand: no schema file says them yet."""

import sqlalchemy as sa
from pgready import orm

_metadata = sa.MetaData(schema="trading_svc")

quotes = sa.Table(
    "quotes",
    _metadata,
    sa.Column("symbol", sa.String(20), primary_key=True),
    sa.Column("quoted_at", orm.TimestampTz(3), primary_key=True, server_default=sa.func.now()),
    sa.Column("bid", sa.Numeric(18, 6), nullable=False),
    sa.Column("ask", sa.Numeric(18, 6), nullable=False),
)

latest_quotes = sa.Table(
    "latest_quotes",
    _metadata,
    sa.Column("symbol", sa.String(20), primary_key=True),
    sa.Column("quoted_at", orm.TimestampTz(3), nullable=False),
    sa.Column("bid", sa.Numeric(18, 6), nullable=False),
    sa.Column("ask", sa.Numeric(18, 6), nullable=False),
)
