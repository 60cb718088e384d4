"""The same history in every tool's own format: a table, an index and a row a migration."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

PASSWORD = "bench"  # noqa: S105 - of a server that lives for one run

_ALEMBIC_ENV = """
import os
from alembic import context
from sqlalchemy import create_engine

engine = create_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://"))
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
"""


def script(number: int) -> str:
    """One migration's SQL."""
    return (
        f"CREATE TABLE t{number} (id integer PRIMARY KEY, name text NOT NULL, created_at timestamptz);\n"
        f"CREATE INDEX t{number}_created ON t{number} (created_at DESC, id);\n"
        f"INSERT INTO t{number} VALUES (1, 'one', now());\n"
    )


def write(
    folder: Path,
    count: int,
    kinds: Sequence[str] = ("prisma", "dbmate", "alembic", "psql"),
    node_modules: Path | None = None,
) -> Path:
    """Write a history of `count` migrations below `folder`; what is there already stays.

    `node_modules` is where the project's config finds Prisma.
    """
    done = folder / "done"
    if done.exists():
        return folder
    names = [f"2024{n:010d}_m{n}" for n in range(1, count + 1)]
    for number, name in enumerate(names, 1):
        if "prisma" in kinds:
            _put(folder / "prisma/migrations" / name / "migration.sql", script(number))
        if "dbmate" in kinds:
            _put(folder / "dbmate/migrations" / f"{name}.sql", f"-- migrate:up\n{script(number)}\n-- migrate:down\n")
        if "psql" in kinds:
            _put(folder / "psql" / f"{name}.sql", f"BEGIN;\n{script(number)}COMMIT;\n")
        if "alembic" in kinds:
            down = f'"{names[number - 2]}"' if number > 1 else "None"
            body = (
                f'from alembic import op\n\nrevision = "{name}"\ndown_revision = {down}\n\n\n'
                f'def upgrade():\n    op.execute("""{script(number)}""")\n'
            )
            _put(folder / "alembic/versions" / f"m{number}.py", body)
    if "prisma" in kinds:
        _put(folder / "prisma/migrations/migration_lock.toml", 'provider = "postgresql"\n')
        _put(folder / "prisma/schema.prisma", 'datasource db {\n  provider = "postgresql"\n}\n')
        config = (
            'import { defineConfig, env } from "prisma/config"\n'
            'export default defineConfig({ schema: "prisma/schema.prisma",'
            ' datasource: { url: env("DATABASE_URL") } })\n'
        )
        _put(folder / "prisma.config.ts", config)
        if node_modules is not None:
            (folder / "node_modules").symlink_to(node_modules)
    if "alembic" in kinds:
        _put(folder / "alembic/env.py", _ALEMBIC_ENV)
        _put(folder / "alembic.ini", "[alembic]\nscript_location = alembic\n")
    if "psql" in kinds:
        _put(folder / "psql/all.txt", "\n".join(str(folder / "psql" / f"{name}.sql") for name in names))
    done.touch()
    return folder


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
