"""`create_all` of the generated models makes what the schema's own SQL makes, and Alembic sees no difference."""

from importlib.metadata import distribution
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from generated import imported, schema_of
from sqlalchemy.orm import configure_mappers

import catalog_declared
from pgready.catalog.fingerprint import fingerprint
from pgready.codegen.sqlalchemy_files import sqlalchemy_files
from pgready.postgres.connect import open_session
from pgready.postgres.introspection import introspect
from pgready.project.url import parse

pytestmark = pytest.mark.matrix

ROOT = Path(__file__).parents[2]
LITELLM = Path(str(distribution("litellm-proxy-extras").locate_file("litellm_proxy_extras/schema.prisma")))
EXAMPLE = ROOT / "examples/fourschemas/prisma/schema.prisma"
DECLARED = sorted((ROOT / "tests/catalog/declared").glob("*.prisma"))


def engine_of(database) -> sa.Engine:
    """An engine by psycopg."""
    return sa.create_engine(sa.URL.create("postgresql+psycopg", query=_where(database)), poolclass=sa.NullPool)


def _where(database):
    with database.connect() as connection:
        info = connection.info
        return {"host": info.host, "port": str(info.port), "dbname": database.name, "user": info.user}


def catalog(database):
    """What is there, as pgready reads it."""
    session = open_session(parse(database.url), "generate")
    try:
        return introspect(session)
    finally:
        session.close()


@pytest.mark.parametrize("path", [LITELLM, EXAMPLE, *DECLARED], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_create_all(path, make_database, tmp_path, pg_dump):
    """The same catalog, the same dump, and nothing for Alembic to do on the database of the schema's SQL."""
    schema = schema_of(path.read_text(encoding="utf-8"))
    package = imported(sqlalchemy_files(schema), tmp_path)
    configure_mappers()
    by_schema, by_models = make_database(), make_database()
    by_schema.query(catalog_declared.creating(schema))
    engine = engine_of(by_models)
    package.Base.metadata.create_all(engine)
    engine.dispose()
    assert catalog(by_models) == catalog(by_schema)
    assert fingerprint(catalog(by_models)) == fingerprint(catalog(by_schema))
    assert pg_dump(by_models) == pg_dump(by_schema)

    engine = engine_of(by_schema)
    with engine.connect() as connection:
        options = {"include_schemas": True, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, package.Base.metadata) == []
    engine.dispose()
