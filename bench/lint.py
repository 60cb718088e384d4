"""lint: the 220 migrations of a real project (`litellm-proxy-extras`) as a whole process, beside deploying them.

Both start from nothing: lint with a cold embedded server of its own, the deploy with an empty database on a server that
runs already. lint runs every migration too, and looks after each of its statements.
"""

from __future__ import annotations

import os
import shutil
import statistics
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import install
import psycopg
from measure import Contender, one_run

from pgready.embedded import EmbeddedServer, find_binaries

GOAL = 3.0


def measured(root: Path, work: Path, rounds: int) -> Iterator[str]:
    """The table, and the ratio."""
    found = find_spec("litellm_proxy_extras")
    if found is None or found.origin is None:
        yield "### `lint`: litellm-proxy-extras is not installed, so there is nothing to lint\n"
        return
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(Path(found.origin).parent / "migrations", work / "prisma/migrations")
    count = sum(one.is_dir() for one in (work / "prisma/migrations").iterdir())
    venv = install.ours(root)
    (wheel,) = (root / ".cache/bench/wheel").glob("*.whl")
    install.run(install._uv(root), "pip", "install", "-q", "-p", str(venv), f"{wheel}[prove]")  # noqa: SLF001 - ours
    env = {"PATH": os.environ["PATH"], "HOME": str(work), "LANG": "C.UTF-8", "NO_COLOR": "1"}
    env["PGREADY_EMBEDDED_BIN"] = find_binaries().bindir
    env |= {"TMPDIR": os.environ["TMPDIR"]} if "TMPDIR" in os.environ else {}
    pgready = str(venv / "bin/pgready")
    with EmbeddedServer() as server:

        def empty() -> None:
            with psycopg.connect(server.url("postgres", tcp=False), autocommit=True) as connection:
                connection.execute("DROP DATABASE IF EXISTS bench_lint")
                connection.execute("CREATE DATABASE bench_lint")

        # It finds hazards, so it exits 4.
        command = ["sh", "-c", f'"{pgready}" lint --quiet --shadow embedded > /dev/null; test $? = 4']
        lint = Contender("pgready lint, cold server of its own", command, str(work), env)
        url = server.url("bench_lint") + "?sslmode=disable"
        deploy = Contender(
            "pgready migrate deploy",
            [pgready, "migrate", "deploy", "--quiet"],
            str(work),
            {**env, "DATABASE_URL": url},
            empty,
        )
        for number in range(rounds + 1):
            for one in (lint, deploy):
                one_run(one)
                if number == 0:
                    one.wall.clear()
                    one.cpu.clear()
    lines = [f"### `lint`: {count} migrations of a real project, beside deploying them", ""]
    lines += ["| | median ms | min-max | CPU ms | ÷ deploying |", "|---|---|---|---|---|"]
    for one in (deploy, lint):
        ratio = one.median / deploy.median
        spread = f"{min(one.wall):.0f}-{max(one.wall):.0f}"
        lines.append(f"| {one.name} | {one.median:.0f} | {spread} | {statistics.median(one.cpu):.0f} | {ratio:.2f} |")
    yield "\n".join([*lines, ""])
    yield f"{lint.median / deploy.median:.2f} times what deploying takes; the goal is {GOAL} at most.\n"
