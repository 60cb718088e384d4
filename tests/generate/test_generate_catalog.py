"""`create_all` of the generated models makes what the schema's own SQL makes, and Alembic sees no difference."""

import warnings
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
HERE = [Path(__file__).parent / "hard.prisma", Path(__file__).parent / "app/schema.prisma"]
DECLARED = sorted((ROOT / "tests/catalog/declared").glob("*.prisma"))


NO_EQUALS = ("defaults",)
"""Schemas with defaults of types that PostgreSQL cannot compare (json), as Alembic wants to."""


def is_called_like_a_type(change) -> bool:
    """The enum that is called like PostgreSQL's own `name`: Prisma's DDL means that type, which SQLAlchemy lacks."""
    return isinstance(change, list) and change[0][2] == "Hidden"


def engine_of(database) -> sa.Engine:
    """An engine by psycopg."""
    return sa.create_engine("postgresql+psycopg://", creator=database.connect, poolclass=sa.NullPool)


def catalog(database):
    """What is there, as pgready reads it."""
    session = open_session(parse(database.url), "generate")
    try:
        return introspect(session)
    finally:
        session.close()


def alembic_changes(database, metadata: sa.MetaData, *, defaults: bool) -> list:
    """What Alembic would change in the database: types included, and defaults where it can compare them."""
    engine = engine_of(database)
    with engine.connect() as connection, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Did not recognize type")  # xml, point: SQLAlchemy reflects no such types
        if metadata.schema is None and any(table.schema for table in metadata.tables.values()):
            # Alembic leaves out the schema that the search path begins with; here every table names its own.
            connection.exec_driver_sql("SET search_path = nowhere")
            connection.dialect.default_schema_name = None
        options = {"include_schemas": True, "compare_type": True, "compare_server_default": defaults}
        changes = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    engine.dispose()
    return changes


@pytest.mark.parametrize(
    "path", [LITELLM, EXAMPLE, *HERE, *DECLARED], ids=lambda path: f"{path.parent.name}-{path.stem}"
)
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

    changes = alembic_changes(by_schema, package.Base.metadata, defaults=path.stem not in NO_EQUALS)
    assert [one for one in changes if not is_called_like_a_type(one)] == []


def test_the_migrations_of_the_example(make_database, tmp_path):
    """Eleven migrations, one after the other, and create_all at once end in the same catalog."""
    package = imported(sqlalchemy_files(schema_of(EXAMPLE.read_text(encoding="utf-8"))), tmp_path)
    by_migrations, by_models = make_database(), make_database()
    scripts = sorted((EXAMPLE.parent / "migrations").glob("*/migration.sql"))
    assert len(scripts) >= 11
    for script in scripts:
        by_migrations.query(script.read_text(encoding="utf-8"))
    engine = engine_of(by_models)
    package.Base.metadata.create_all(engine)
    engine.dispose()
    assert catalog(by_models) == catalog(by_migrations)
    assert alembic_changes(by_migrations, package.Base.metadata, defaults=True) == []
