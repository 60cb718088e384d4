"""The neighbours' methods on the same queries: what each would say of a plan.

`no Seq Scan in 1,000 rows` and `enable_seqscan = off` are planned beside the truth (`full.py`); here is hypopg, which
exists for PostgreSQL 15 as a Debian package: its library runs in the server of that version that we have anyway.
Each calls a query bad if a Seq Scan is in its plan, which is what people assert.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
from full import database, programs, records
from lab import Cache, Subject

from pgready.embedded import EmbeddedServer

VERSION = 15


def has_seq_scan(plan: Mapping[str, Any]) -> bool:
    """Whether a plan reads a table from end to end."""
    return plan["Node Type"] == "Seq Scan" or any(has_seq_scan(child) for child in plan.get("Plans", ()))


def hypopg_programs(cache: Cache) -> str | None:
    """A server of PostgreSQL 15 with hypopg in it; None, with a word, where the package cannot be had."""
    home = cache.folder / f"hypopg-{VERSION}"
    if (home / "done").exists():
        return str(home / "bin")
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(Path(programs(VERSION)).parent, home, symlinks=True)
    package = home / "package"
    package.mkdir()
    try:
        subprocess.run(["apt-get", "download", f"postgresql-{VERSION}-hypopg"], cwd=package, check=True,
                       capture_output=True)  # fmt: skip
        subprocess.run(["dpkg", "-x", *package.glob("*.deb"), "."], cwd=package, check=True)
    except (OSError, subprocess.CalledProcessError) as e:
        print(f"hypopg: the Debian package cannot be had here ({e}): left out", file=sys.stderr)
        return None
    [library] = home.glob("lib/**/plpgsql.so")
    [control] = home.glob("share/**/plpgsql.control")
    shutil.copy(next(package.glob("usr/lib/**/hypopg.so")), library.parent)
    for file in package.glob("usr/share/**/hypopg*"):
        if file.is_file():
            shutil.copy(file, control.parent)
    (home / "done").touch()
    return str(home / "bin")


def hypopg(chosen: list[Subject], cache: Cache) -> None:
    """Plans on an empty, analysed database with the index set as hypothetical indexes, into the cache."""
    bindir = hypopg_programs(cache)
    if bindir is None:
        return
    with EmbeddedServer(bindir, settings={"jit": "off"}, tcp=False) as server:
        for subject in chosen:
            truth = cache.read("truth", VERSION, subject.name)
            if truth is None:
                continue
            values: dict[str, dict[str, tuple[str, ...]]] = {}
            for one in truth["records"]:
                values.setdefault(one["query"], {})[one["sample"]] = tuple(one["values"])
            found, refused = [], 0
            for set_name, ddl in subject.sets.items():
                with database(server, f"hypo_{subject.name}", subject.ddl) as connection:
                    connection.execute(b"CREATE EXTENSION hypopg")
                    connection.execute(b"ANALYZE")
                    for statement in ddl.splitlines():
                        try:
                            connection.execute("SELECT hypopg_create_index(%s)", (statement.rstrip(";"),))
                        except psycopg.Error:
                            refused += 1
                    found += records(connection, subject, set_name, values, execute=False)
            cache.write("hypopg", VERSION, subject.name, {"records": found, "refused": refused})
            print(f"hypopg: {subject.name}: {len(found)} plans, {refused} indexes refused", file=sys.stderr)
