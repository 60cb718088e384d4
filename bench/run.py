"""`make bench`: pgready beside its peers, whole processes, medians and ratios of one run.

    python bench/run.py [--quick] [--rounds N] [--write FILE] [SECTION…]

Sections: floors, noop, cold, growth, inprocess, tls; schema (needs no server), catalog (introspection and diff),
authoring (migrate diff and migrate dev), generate (the models), prove (beside loading rows),
lint (beside deploying), parity (two databases), verify (a boot that verifies parity); without any, all of them.

The server has fsync off and its data in memory, so that what is compared is the tools' own work. Peers are installed
below .cache/bench, never for users. A ratio below 1 means that pgready takes less time.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import authoring
import install
import lint
import schema
from measure import Contender, race, table

import catalog
import generate
import histories
import parity
import prove
import smoke
from pgready.embedded import EmbeddedServer, find_binaries

SECTIONS = (
    "floors",
    "noop",
    "cold",
    "growth",
    "inprocess",
    "tls",
    "schema",
    "catalog",
    "authoring",
    "generate",
    "prove",
    "smoke",
    "lint",
    "parity",
    "verify",
)


class Bench:
    """One server, one set of installed tools, and where the generated histories are."""

    def __init__(self, server: EmbeddedServer, tools: install.Tools, work: Path, rounds: int) -> None:
        self.server = server
        self.tools = tools
        self.work = work
        self.rounds = rounds
        self.out: list[str] = []

    def say(self, text: str) -> None:
        print(text, flush=True)
        self.out.append(text)

    def sql(self, statement: str, dbname: str = "postgres") -> None:
        import psycopg

        with psycopg.connect(self.server.url(dbname, tcp=False), autocommit=True) as connection:
            connection.execute(statement.encode())

    def fresh(self, name: str) -> str:
        """An empty database of this name; its URL over TCP with SCRAM, without TLS."""
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self.sql(f'CREATE DATABASE "{name}"')
        return self.server.url(name) + "?sslmode=disable"

    def contenders(self, count: int, *, cold: bool) -> list[Contender]:
        """Every tool on its own database with the same `count` migrations; pgready comes first."""
        history = histories.write(self.work / str(count), count, node_modules=self.tools.node_modules)
        found: list[Contender] = []
        for tool in self.tools.all(count, cold=cold):
            name = f"bench_{tool.key}_{count}"
            env = {"PATH": os.environ["PATH"], "HOME": str(self.work), "LANG": "C.UTF-8", **tool.env}
            env["DATABASE_URL"] = self.fresh(name)
            before = (lambda name=name: self.fresh(name)) if cold else None
            contender = Contender(tool.name, tool.command(history, env["DATABASE_URL"]), str(tool.cwd(history)), env)
            if not cold:
                race([contender], 1, warm=0)  # apply everything once
                contender.wall.clear()
                contender.cpu.clear()
                contender.peak_mb = 0
            contender.before = before
            found.append(contender)
        return found

    def noop(self, counts: Sequence[int]) -> None:
        for count in counts:
            found = self.contenders(count, cold=False)
            race(found, self.rounds, warm=2)
            self.say(table(f"No-op, {count} applied", found, found[0]))

    def cold(self, counts: Sequence[int]) -> None:
        for count in counts:
            found = self.contenders(count, cold=True)
            race(found, max(3, self.rounds // 4))
            self.say(table(f"Cold, {count} migrations", found, found[0]))

    def growth(self, counts: Sequence[int]) -> None:
        found: list[Contender] = []
        for count in counts:
            history = histories.write(self.work / f"growth-{count}", count, kinds=("prisma",))
            name = f"bench_growth_{count}"
            tool = self.tools.pgready
            env = {"PATH": os.environ["PATH"], "DATABASE_URL": self.fresh(name)}
            contender = Contender(f"{count} applied", tool.command(history, ""), str(tool.cwd(history)), env)
            race([contender], 1, warm=0)
            contender.wall.clear()
            contender.cpu.clear()
            contender.peak_mb = 0
            found.append(contender)
        race(found, self.rounds)
        self.say(table("Growth of the no-op boot", found, found[0]))

    def inprocess(self) -> None:
        history = histories.write(self.work / "200", 200, node_modules=self.tools.node_modules)
        url = self.fresh("bench_inprocess")
        env = {"PATH": os.environ["PATH"], "DATABASE_URL": url}
        tool = self.tools.pgready
        race([Contender("prepare", tool.command(history, ""), str(tool.cwd(history)), env)], 1, warm=0)
        import subprocess

        script = Path(__file__).parent / "inprocess.py"
        python = str(self.tools.python)
        done = subprocess.run(
            [python, str(script)], cwd=tool.cwd(history), env=env, capture_output=True, text=True, check=True
        )
        self.say("### In-process no-op, 200 applied, psycopg imported already\n\n" + done.stdout)

    def tls(self) -> None:
        history = histories.write(self.work / "200", 200, node_modules=self.tools.node_modules)
        found = []
        for mode in ("disable", "require"):
            url = self.fresh(f"bench_tls_{mode}").replace("sslmode=disable", f"sslmode={mode}")
            for tool in [self.tools.pgready, self.tools.dbmate]:
                env = {"PATH": os.environ["PATH"], "HOME": str(self.work), "DATABASE_URL": url, **tool.env}
                if tool is self.tools.dbmate:
                    env["DATABASE_URL"] = self.fresh(f"bench_tlsd_{mode}").replace("sslmode=disable", f"sslmode={mode}")
                one = Contender(
                    f"{tool.name}, sslmode={mode}",
                    tool.command(history, env["DATABASE_URL"]),
                    str(tool.cwd(history)),
                    env,
                )
                race([one], 1, warm=0)
                one.wall.clear()
                one.cpu.clear()
                one.peak_mb = 0
                found.append(one)
        race(found, self.rounds, warm=2)
        self.say(table("Without TLS, beside the next table", found[:2], found[0]))
        self.say(table("The same with TLS", found[2:], found[2]))

    def floors(self) -> None:
        """What the steps cost that nobody can leave out: a Python, libpq and one question; psql."""
        url = self.fresh("bench_floor")
        env = {"PATH": os.environ["PATH"], "DATABASE_URL": url, "PGPASSWORD": histories.PASSWORD}
        here = str(Path(__file__).parent)
        python = str(self.tools.python)
        probe = [python, "-I", "-S", here + "/floor.py", self.tools.libpq]
        found = [
            Contender("python -I -S + libpq + one question", probe, here, env),
            Contender("python -I -S -c pass", [python, "-I", "-S", "-c", "pass"], here, env),
            Contender("python -c pass", [python, "-c", "pass"], here, env),
            Contender("psql -c 'select 1'", [self.tools.psql, "-Xqc", "select 1", url], here, env),
        ]
        race(found, self.rounds, warm=2)
        self.say(table("Floors", found, found[0]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("sections", nargs="*", choices=[[], *SECTIONS], metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--skip", default="", help="peers to leave out: prisma,alembic,…")
    parser.add_argument("--write", metavar="FILE")
    options = parser.parse_args()
    rounds = 5 if options.quick else options.rounds
    only = options.sections or SECTIONS
    root = Path(__file__).parents[1]
    work = root / ".cache/bench/work"
    work.mkdir(parents=True, exist_ok=True)
    out: list[str] = []
    if set(only) - {"schema", "catalog", "authoring", "generate", "prove", "smoke", "lint", "parity", "verify"}:
        out += with_server(root, work, rounds, only, quick=options.quick, skip=options.skip.split(","))
    if "schema" in only:
        out += told(schema.measured(root, work / "schema", rounds, quick=options.quick))
    if "catalog" in only:
        out += told(catalog.measured(rounds, quick=options.quick))
    if "authoring" in only:
        out += told(authoring.measured(root, work / "authoring", rounds))
    if "generate" in only:
        out += told(generate.measured(root, work / "generate", rounds))
    if "smoke" in only:
        out += told(smoke.measured(root, work / "smoke", min(rounds, 5)))
    if "prove" in only:
        out += told(prove.measured(root, work / "prove", min(rounds, 5)))
    if "lint" in only:
        out += told(lint.measured(root, work / "lint", min(rounds, 7)))
    if "parity" in only:
        out += told(parity.measured_parity(min(rounds, 11)))
    if "verify" in only:
        out += told(parity.measured_verify(rounds))
    if options.write:
        Path(options.write).write_text("\n".join(out) + "\n", encoding="utf-8")


def told(parts: Iterable[str]) -> list[str]:
    """The parts, each printed as soon as it is measured."""
    found = []
    for part in parts:
        print(part, flush=True)
        found.append(part)
    return found


def with_server(
    root: Path, work: Path, rounds: int, only: Sequence[str], *, quick: bool, skip: Sequence[str]
) -> list[str]:
    """The sections that talk to PostgreSQL; what they said."""
    tools = install.tools(root)
    tools.others = [t for t in tools.others if t.key not in skip]
    bindir = install.server_with_tls(root)
    memory = Path("/dev/shm")  # noqa: S108 - data in memory is the point
    if memory.is_dir():
        os.environ.setdefault("TMPDIR", str(memory))
    settings = {"max_connections": "200", **install.tls_settings(root, bindir)}
    with EmbeddedServer(bindir=bindir, settings=settings, password=histories.PASSWORD) as server:
        bench = Bench(server, tools, work, rounds)
        bench.say(
            f"Python {platform.python_version()}, PostgreSQL {find_binaries(bindir).version}, {os.cpu_count()} cores,"
            f" {rounds} rounds in turns; TCP, SCRAM, no TLS unless said; fsync off, data in memory.\n"
        )
        for name, run in (
            ("floors", bench.floors),
            ("noop", lambda: bench.noop((200,) if quick else (200, 1000))),
            ("cold", lambda: bench.cold((200,) if quick else (200, 1000))),
            ("growth", lambda: bench.growth((10, 100, 1000) if quick else (10, 100, 1000, 10_000))),
            ("inprocess", bench.inprocess),
            ("tls", bench.tls),
        ):
            if name in only:
                run()
    return bench.out


if __name__ == "__main__":
    main()
