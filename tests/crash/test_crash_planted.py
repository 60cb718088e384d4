"""The crash tests can fail: faults planted in a copy of pgready are caught by them."""

import shutil
from pathlib import Path

import pytest
from crash_harness import killed, until
from crash_scenarios import BUILDS, orphan_commits

from fix_boot import SOURCE

pytestmark = pytest.mark.slow

FENCE = ("postgres/deploy/lock.py", 'FENCE = f"SELECT pg_advisory_xact_lock({KEY}, 1)"', 'FENCE = "SELECT 1"')
CLAIM = (
    "postgres/table.py",
    "THEN NULL ELSE {quote_literal(row_id)} END",
    "THEN {quote_literal(row_id)} ELSE {quote_literal(row_id)} END",
)
COMPARE = (
    "postgres/table.py",
    'f" AND finished_at IS NULL AND logs = {quote_literal(before)} RETURNING 1)"',
    '" RETURNING 1)"',
)
RESUME = ("postgres/deploy/stepwise.py", "frozenset({self.progress.done})", "frozenset()")
GUARD = ("postgres/deploy/stepwise.py", "if segment.indexes[0] < self.progress.done:", "if False:")
VALID = ("postgres/deploy/outcome.py", "if state is IndexState.VALID else", "if state is not IndexState.ABSENT else")


@pytest.fixture
def plant(tmp_path):
    """A copy of the source with faults in it: `plant((file, text, other text), …)`."""

    def make(*faults: tuple[str, str, str]) -> str:
        copy = tmp_path / "src"
        shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"))
        for name, text, other in faults:
            file = Path(copy, "pgready", name)
            source = file.read_text(encoding="utf-8")
            assert source.count(text) == 1, f"{name} no longer says {text}"
            file.write_text(source.replace(text, other), encoding="utf-8")
        return str(copy)

    return make


@pytest.fixture(scope="module")
def truth(make_crash, make_module_database):
    """The undisturbed truth of the history, by the real pgready."""
    crash = make_crash()
    crash.record(make_module_database())
    return crash.truth


@pytest.mark.parametrize(
    ("faults", "piece"),
    [((FENCE,), "whole"), ((CLAIM,), "whole"), ((COMPARE,), "block")],
    ids=["no fence", "row without a claim", "progress without a comparison"],
)
def test_a_doubled_orphan_is_caught(make_crash, make_database, plant, truth, faults, piece):
    """Without any one of the three, a script that an orphan commits is applied a second time, and the tests see it."""
    crash = make_crash(plant(*faults), **{piece: 4})
    crash.truth = truth
    with pytest.raises(AssertionError, match=r"^(account|ran)\n"):
        orphan_commits(crash, make_database(server=crash.server))


def test_a_doubled_step_is_caught(make_crash, make_database, plant, truth):
    """A resumed script that forgets its boundaries runs a committed statement again, and the tests see it."""
    crash = make_crash(plant(RESUME, GUARD))
    crash.truth = truth
    database = make_database(server=crash.server)
    done = crash.strike(database, "kill", ("worker: step 1-3 of 05_enum", "after", 1))
    assert done.reached
    with pytest.raises(AssertionError, match="exit 6"):
        crash.recover(database, done.story)


def test_an_invalid_index_is_caught(make_crash, make_database, plant, truth):
    """A build that is taken for done although it was cut off leaves an INVALID index, and the tests see it."""
    crash = make_crash(plant(VALID))
    crash.truth = truth
    database = make_database(server=crash.server)
    with database.connect(autocommit=False) as reader:
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT 1")  # an old snapshot: the build waits for its end
        with killed(crash.project.start("boot", "--", "true", url=database.url)) as process:
            until(lambda: crash.admin(BUILDS, database), "the index build")
            process.kill()
            process.communicate()
            crash.terminate("worker", database)
    with pytest.raises(AssertionError, match=r"^indexes\n"):
        crash.recover(database)
