"""Real histories: the drift that pgready finds is the drift that Prisma's own engines find.

`litellm-proxy-extras` comes from PyPI. PGREADY_HISTORIES=<folder> adds others: each a folder with `migrations/` and
`prisma/` (a schema.prisma, or files below it), which nobody needs to have for a run of the tests.
"""

import os
import shutil
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest
from history_sides import Held, History, held

pytestmark = [pytest.mark.prisma, pytest.mark.slow]

OTHERS = os.environ.get("PGREADY_HISTORIES", "")


def litellm() -> History:
    """The installed package's history, found without importing it."""
    package = Path(str(distribution("litellm-proxy-extras").locate_file("litellm_proxy_extras")))
    return History("litellm", package / "migrations", package / "schema.prisma")


def others() -> Iterator[History]:
    """The histories of the folder that was named."""
    for folder in sorted(Path(OTHERS).iterdir()) if OTHERS else ():
        file = folder / "prisma/schema.prisma"
        alone = file.is_file() and [*(folder / "prisma").rglob("*.prisma")] == [file]
        yield History(folder.name, folder / "migrations", file if alone else folder / "prisma")


def as_deployed(history: History, folder: Path, share: float = 1.0) -> History:
    """The first `share` of a history's migrations, in a folder with the lock file that Prisma asks for."""
    files = sorted(history.migrations.glob("*/migration.sql"))
    for file in files[: round(len(files) * share)]:
        (folder / file.parent.name).mkdir(parents=True)
        shutil.copy(file, folder / file.parent.name)
    (folder / "migration_lock.toml").write_text('provider = "postgresql"\n')
    return History(history.name, folder, history.schema)


def equal(found: list[Held]) -> None:
    """Fail with the first that differs; a refusal is no answer here."""
    wrong = [each for each in found if not each.equal or each.ours.refusal]
    shown = "\n\n".join(
        f"{each.question}\nPrisma:\n{each.theirs.refusal or each.theirs.script}\npgready:\n"
        f"{each.ours.refusal or each.ours.script}"
        for each in wrong[:2]
    )
    assert not wrong, f"{len(wrong)} of {len(found)} differ\n\n{shown}"


@pytest.mark.parametrize("share", [1.0, 0.5], ids=["whole", "half"])
def test_the_drift_of_litellm(engine, database, make_project, tmp_path, share):
    """220 migrations against the 101 models that they are to make, and what is left to do after half of them."""
    history = as_deployed(litellm(), tmp_path / "migrations", share)
    found = list(held(history, engine, make_project(), database.url, ["migrations"]))
    equal(found)
    assert found[0].ours.different, "the package's own schema has indexes that no migration of it makes"
    if share < 1:
        assert found[0].ours.script.count("CREATE TABLE") > 20
    left = "SELECT datname FROM pg_database WHERE datname LIKE '%shadow%'"
    assert database.query(left) == []


def test_the_drift_of_litellm_where_it_runs(engine, database, make_project, tmp_path):
    """The live database that a deploy makes, and one in which somebody worked by hand."""
    history = as_deployed(litellm(), tmp_path / "migrations")
    project = make_project()
    done = project.run("migrate", "deploy", "--migrations", str(history.migrations), url=database.url)
    assert done.returncode == 0, done.stderr
    equal(list(held(history, engine, project, database.url, ["database"])))
    database.query(
        'ALTER TABLE "LiteLLM_TeamTable" ADD by_hand jsonb DEFAULT \'{"a": 1}\', ALTER team_alias TYPE varchar(40);'
        ' CREATE INDEX by_hand_idx ON "LiteLLM_TeamTable" USING gin (by_hand); DROP TABLE "LiteLLM_UserNotifications";'
        " CREATE TABLE stranger (id bigserial PRIMARY KEY, at timestamptz DEFAULT now())"
    )
    found = list(held(history, engine, project, database.url, ["database"]))
    equal(found)
    assert found[0].ours.different


@pytest.mark.skipif(not OTHERS, reason="PGREADY_HISTORIES names no folder of more histories")
@pytest.mark.parametrize("history", list(others()), ids=lambda history: history.name)
def test_the_drift_of_others(engine, database, make_project, tmp_path, history):
    """Other people's histories: whole and half, replayed and live."""
    project = make_project()
    whole = as_deployed(history, tmp_path / "whole")
    half = as_deployed(history, tmp_path / "half", 0.5)
    sides = ["migrations"]
    if project.run("migrate", "deploy", "--migrations", str(whole.migrations), url=database.url).returncode == 0:
        sides.append("database")
    found = [
        *held(whole, engine, project, database.url, sides),
        *held(half, engine, project, database.url, ["migrations"]),
    ]
    # What Prisma cannot replay in one piece is held against it where it is deployed.
    wrong = [each for each in found if not each.equal and "failed to apply cleanly" not in each.theirs.refusal]
    assert not wrong, "\n".join(each.question for each in wrong)
