"""Where diffs of folders and databases are meant to differ from Prisma's: `docs/differences-from-prisma.md` says why."""

import pytest

from pgready.sql.names import quote_ident

pytestmark = pytest.mark.matrix

EXTENDED = """generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["postgresqlExtensions"]
}

datasource db {
  provider   = "postgresql"
  extensions = [hstore]
}

model Item {
  id    Int                     @id
  words Unsupported("hstore")?
}
"""
HSTORE = 'CREATE EXTENSION IF NOT EXISTS hstore;\nCREATE TABLE "Item" (id int, words hstore, CONSTRAINT "Item_pkey" PRIMARY KEY (id));\n'
NOTHING = "-- This is an empty migration.\n"


def test_an_extension_that_a_migration_makes_is_there(diff, project, database):
    """No drift, and none the other way but what every database has from the start, which Prisma writes too."""
    (project.path / "a.prisma").write_text(EXTENDED)
    project.migration("20240101000000_init", HSTORE)
    folder = ("--shadow", "server", "--script", "--exit-code")
    done = diff("--from-migrations", "prisma/migrations", "--to-schema", "a.prisma", *folder, url=database.url)
    assert (done.returncode, done.stdout) == (0, NOTHING), done.stderr
    database.query(HSTORE)
    done = diff("--from-schema", "a.prisma", "--to-url", database.url, "--script")
    assert (
        done.stdout
        == '-- CreateExtension\nCREATE EXTENSION IF NOT EXISTS "plpgsql" WITH SCHEMA "pg_catalog" VERSION "1.0";\n\n'
    )


def test_an_extension_is_moved_and_not_made_anew(diff, project, database):
    """What may be moved is altered, as Prisma does: nothing of it is dropped."""
    (project.path / "a.prisma").write_text(EXTENDED.replace("[hstore]", '[hstore(schema: "public")]'))
    database.query("CREATE SCHEMA aside; CREATE EXTENSION hstore SCHEMA aside")
    done = diff("--from-url", database.url, "--to-schema", "a.prisma", "--script")
    assert done.stdout.startswith('-- AlterExtension\nALTER EXTENSION "hstore" SET SCHEMA "public";\n'), done.stdout
    assert "DropExtension" not in done.stdout


def test_an_extensions_types_are_written_as_the_server_takes_them(diff, database, make_database):
    """Without brackets for no modifier, with brackets for a list; the script runs."""
    database.query('CREATE EXTENSION hstore; CREATE TABLE "Item" (id int PRIMARY KEY, one hstore, many hstore[])')
    other = make_database()
    other.query("CREATE EXTENSION hstore")
    done = diff("--from-url", other.url, "--to-url", database.url, "--script")
    assert '"one" hstore,\n    "many" hstore[],' in done.stdout
    other.query(done.stdout)
    assert diff("--from-url", other.url, "--to-url", database.url, "--exit-code").returncode == 0


def test_a_folder_that_cannot_run_in_one_piece_is_replayed(diff, project, database):
    """CONCURRENTLY beside others, a new value in use, no lock file."""
    project.migration(
        "20240101000000_init", "CREATE TABLE t (id int PRIMARY KEY, a int);\nCREATE TYPE e AS ENUM ('x');\n"
    )
    project.migration("20240102000000_index", "CREATE INDEX CONCURRENTLY t_a ON t (a);\nALTER TABLE t ADD b int;\n")
    project.migration("20240103000000_value", "ALTER TYPE e ADD VALUE 'y';\nALTER TABLE t ADD c e DEFAULT 'y';\n")
    database.query(
        "CREATE TYPE e AS ENUM ('x', 'y'); CREATE TABLE t (id int PRIMARY KEY, a int, b int, c e DEFAULT 'y');"
        " CREATE INDEX t_a ON t (a)"
    )
    words = ("--from-migrations", "prisma/migrations", "--to-url", database.url, "--shadow", "server", "--exit-code")
    done = diff(*words, url=database.url)
    assert (done.returncode, done.stdout) == (0, "No difference detected.\n"), done.stderr


def test_partial_indexes_as_each_version_takes_them(diff, project, database):
    """Prisma 6 does not see them; Prisma 7 takes one for the whole index of the same columns, and leaves others alone."""
    database.query(
        'CREATE TABLE "Item" (id int, a int, b int, CONSTRAINT "Item_pkey" PRIMARY KEY (id)); CREATE INDEX "Item_a_idx"'
        ' ON "Item" (a) WHERE b > 0; CREATE INDEX other ON "Item" (b) WHERE a > 0'
    )
    seven = (project.path / "a.prisma").read_text().split("model", 1)[0] + (
        "model Item {\n  id Int  @id\n  a  Int?\n  b  Int?\n\n  @@index([a])\n}\n"
    )
    (project.path / "seven.prisma").write_text(seven)
    (project.path / "six.prisma").write_text(
        seven.replace('"postgresql"', '"postgresql"\n  url      = env("DATABASE_URL")')
    )
    new = diff("--from-url", database.url, "--to-schema", "seven.prisma", "--script")
    assert new.stdout == NOTHING, new.stderr
    old = diff("--from-url", database.url, "--to-schema", "six.prisma", "--script")
    assert old.stdout == f'-- CreateIndex\nCREATE INDEX {quote_ident("Item_a_idx")} ON "Item"("a");\n\n', old.stderr
