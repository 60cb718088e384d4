"""The safe ways as folders: Prisma's own deploy runs them, locks and marks and all."""

from datetime import datetime

import pytest

from pgready.commands.dev.online import online_steps
from pgready.commands.shadow import ShadowPlan
from pgready.history.model import Migration

pytestmark = [pytest.mark.prisma, pytest.mark.matrix]

GROUND = "CREATE TABLE c (id int PRIMARY KEY);\nCREATE TABLE t (id int PRIMARY KEY, a int, b int);\n"
SCRIPT = (
    "ALTER TABLE t ALTER COLUMN a SET NOT NULL, ADD COLUMN n serial;\n"
    "CREATE UNIQUE INDEX t_b ON t (b);\n"
    "ALTER TABLE t ADD FOREIGN KEY (b) REFERENCES c;\n"
    "ALTER TABLE t ALTER COLUMN b TYPE bigint;\n"
)


def test_prisma_runs_the_steps(engine, database, make_project):
    """Every folder as it stands, and the rows are filled."""
    ground = Migration("20270101000000_ground", GROUND, "", "ground.sql")
    plan = ShadowPlan(None, None, "embedded")
    steps = online_steps(plan, [ground], SCRIPT, "next", datetime(2027, 1, 10, 9, 0), "public").migrations
    assert any("LOCK TABLE" in script for _, script in steps)
    assert any("pgready: backfill" in script for _, script in steps)
    early = make_project("ground", migrations={ground.name: GROUND})
    assert engine.apply(database.url, early.migrations) == [ground.name]
    database.query("INSERT INTO c VALUES (1), (2); INSERT INTO t VALUES (1, 1, 1), (2, 2, 2);")
    project = make_project(migrations={ground.name: GROUND, **dict(steps)})
    assert engine.apply(database.url, project.migrations) == [name for name, _ in steps]
    assert database.query("SELECT id, a, b, n IS NOT NULL, pg_typeof(b)::text FROM t ORDER BY 1") == [
        (1, 1, 1, True, "bigint"),
        (2, 2, 2, True, "bigint"),
    ]
    assert project.run("migrate", "status", url=database.url).returncode == 0
