"""smoke: the four-schema example as a whole process, machine cache cold, beside a plain boot of the same example.

Cold means that the data directory of the embedded server is made by initdb in every run. The boot has a server that
runs already, an empty database, and nothing else to do than to apply the migrations.
"""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

import install
from measure import Contender, race

from pgready.embedded import EmbeddedServer, find_binaries

GOAL = 20.0


def measured(root: Path, work: Path, rounds: int) -> Iterator[str]:
    """The table, and the ratio."""
    shutil.rmtree(work, ignore_errors=True)
    example = work / "fourschemas"
    shutil.copytree(root / "examples/fourschemas", example, ignore=shutil.ignore_patterns("__pycache__", "generated"))
    venv = install.ours(root)
    (wheel,) = (root / ".cache/bench/wheel").glob("*.whl")
    install.run(install._uv(root), "pip", "install", "-q", "-p", str(venv), f"{wheel}[prove]")  # noqa: SLF001 - ours
    pgready = str(venv / "bin/pgready")
    env = {"PATH": os.environ["PATH"], "HOME": str(work), "LANG": "C.UTF-8", "NO_COLOR": "1"}
    env["PGREADY_EMBEDDED_BIN"] = find_binaries().bindir
    env |= {"TMPDIR": os.environ["TMPDIR"]} if "TMPDIR" in os.environ else {}
    cache = tempfile.mkdtemp(prefix="pgready-bench-")
    os.chmod(cache, 0o755)
    numbers = iter(range(10_000))
    with EmbeddedServer() as server:
        boot = Contender(
            "pgready boot, cold database", [pgready, "boot", "--quiet", "--", "true"], str(example), dict(env)
        )

        def another_database() -> None:
            boot.env["DATABASE_URL"] = server.url(f"cold_{next(numbers)}") + "?sslmode=disable"

        def cold_cache() -> None:
            shutil.rmtree(cache, ignore_errors=True)
            os.mkdir(cache, 0o755)

        boot.before = another_database
        cold = Contender("pgready smoke, cold machine cache", [pgready, "smoke", "-q"], str(example), dict(env))
        cold.env["PGREADY_CACHE_DIR"] = cache
        cold.before = cold_cache
        warm = Contender("pgready smoke", [pgready, "smoke", "-q"], str(example), dict(env))
        try:
            race([boot, cold, warm], rounds)
        finally:
            shutil.rmtree(cache, ignore_errors=True)
    lines = [
        "### `smoke` of the four-schema example",
        "",
        "| | median ms | min-max | CPU ms | ÷ boot |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.name} | {one.median:.0f} | {min(one.wall):.0f}-{max(one.wall):.0f}"
        f" | {statistics.median(one.cpu):.0f} | {one.median / boot.median:.1f} |"
        for one in (boot, cold, warm)
    ]
    yield "\n".join([*lines, ""])
    yield f"{cold.median / boot.median:.1f} times its plain boot; the goal is less than {GOAL:.0f}.\n"
