"""The examples of hazards that stand beside something else: bad and good, through the command, on this server."""

import json
import shutil

import pytest

from pgready.hazards.examples import GROUND
from pgready.hazards.examples_beside import BESIDE

pytestmark = pytest.mark.matrix


@pytest.mark.parametrize("number", range(len(BESIDE)), ids=[f"{one.id}-{n}" for n, one in enumerate(BESIDE)])
def test_the_bad_example_has_it_and_the_good_one_not(make_project, database, number):
    """With --since a folder that has the ground alone."""
    example = BESIDE[number]
    project = make_project(migrations={"1_ground": GROUND})
    old = project.path / "old/migrations"
    shutil.copytree(project.migrations, old)
    if example.query:
        (project.path / "contracts").mkdir()
        (project.path / "contracts/lists.sql").write_text(f"-- name: list\n{example.query};\n")

    def ids(*scripts):
        scripts = (example.before, *scripts) if example.before else scripts
        for place, script in enumerate(scripts, 2):
            project.migration(f"{place}_new", script)
        run = project.run("lint", "--shadow", "server", "--since", "old/migrations", "--json", url=database.url)
        for place, _ in enumerate(scripts, 2):
            (project.migrations / f"{place}_new/migration.sql").unlink()
            (project.migrations / f"{place}_new").rmdir()
        assert run.returncode in (0, 4), run.stderr
        return [one["id"] for one in json.loads(run.stdout)["hazards"]]

    assert example.id in ids(example.bad)
    assert example.id not in ids(*example.good)
