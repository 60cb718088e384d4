"""Real input: what the 220 migrations of `litellm-proxy-extras` make is read whole."""

from importlib.metadata import distribution
from pathlib import Path

import pytest

from pgready.catalog.fingerprint import fingerprint, from_json, to_json
from pgready.catalog.scope import prisma_view

pytestmark = [pytest.mark.matrix, pytest.mark.slow]

# Of the pinned release's migrations; one value for all server versions, so that they prove the same.
GOLDEN = "a9de7a28fe82c715604f4216ced155f1dca4f1c7f2fea1dcd22f2c6d07c63b20"


def test_real_migrations(database, read):
    """Every table, column and index that the server counts is in the catalog, and a snapshot keeps all of it."""
    package = Path(str(distribution("litellm-proxy-extras").locate_file("litellm_proxy_extras")))
    files = sorted(package.glob("migrations/*/migration.sql"))
    with database.connect() as connection:
        for file in files:
            connection.execute(file.read_text(encoding="utf-8"))
    catalog = read(database)
    ((tables, columns, indexes, keys),) = database.query(
        "SELECT (SELECT count(*) FROM pg_tables WHERE schemaname = 'public'),"
        " (SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public'),"
        " (SELECT count(*) FROM pg_indexes WHERE schemaname = 'public'),"
        " (SELECT count(*) FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype = 'f')"
    )
    assert len(catalog.tables) == tables > 60
    shown = (*catalog.tables, *catalog.views)
    assert sum(len(one.columns) for one in shown) == columns
    assert sum(len(one.foreign_keys) for one in catalog.tables) == keys
    assert indexes == sum(len(one.indexes) + len(one.uniques) + bool(one.primary_key) for one in catalog.tables)
    assert from_json(to_json(catalog)) == catalog
    said = prisma_view(catalog)
    assert [one.name for one in said.tables] == [one.name for one in catalog.tables]
    assert fingerprint(catalog) == GOLDEN
