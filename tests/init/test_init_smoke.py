"""Shown 2: repositories of five shapes, each set up by init, pass `pgready smoke`."""

import json

import pytest
from init_repositories import SHAPES, copy, pgready


@pytest.mark.parametrize("shape", SHAPES)
def test_smoke_after_init(shape, tmp_path):
    """Every service boots or waits, and answers; the planted fault, a service that dies, is seen."""
    folder = copy(shape, tmp_path)
    pgready(folder, "init", "--yes", code=0)
    done = pgready(folder, "smoke", "--json", code=0)
    steps = {one["name"]: one for one in json.loads(done.stdout)["steps"]}
    assert steps["services"]["state"] == "ok"
    print(shape, {name: one["state"] for name, one in steps.items()})


def test_smoke_sees_a_service_that_dies(tmp_path):
    """So the verdict above can go red."""
    folder = copy("single", tmp_path)
    pgready(folder, "init", code=0)
    (folder / "main.py").write_text("import os\nPORT = os.environ['PORT']\nraise SystemExit(7)\n")
    done = pgready(folder, "smoke", "--only", "services", code=4)
    assert "exit code 7" in done.stdout
