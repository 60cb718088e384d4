"""The tools of the benchmark, each installed once below .cache/bench: pgready as users get it, and its peers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from pgready.embedded.place import account_for

PRISMA = "7.10.1"


@dataclass
class Tool:
    """How to run one tool on a history; `folder` is its part of the history."""

    key: str
    name: str
    program: list[str]
    folder: str
    arguments: list[str]
    env: dict[str, str] = field(default_factory=dict)
    psql: bool = False

    def cwd(self, history: Path) -> Path:
        return history / self.folder if self.folder else history

    def command(self, history: Path, url: str) -> list[str]:
        if self.psql:
            files = (history / "psql/all.txt").read_text().split("\n")
            return [*self.program, *[part for file in files for part in ("-f", file)], url]
        return [*self.program, *self.arguments]


@dataclass
class Tools:
    """Everything that is installed."""

    pgready: Tool
    dbmate: Tool
    others: list[Tool]
    cold_only: list[Tool]
    node_modules: Path
    python: Path
    libpq: str
    psql: str

    def all(self, count: int, *, cold: bool) -> list[Tool]:
        slow = {"prisma"} if count > 200 else set()  # minutes, and it says nothing new
        return [
            self.pgready,
            self.dbmate,
            *[t for t in self.others if t.key not in slow],
            *(self.cold_only if cold else []),
        ]


def run(*command: str, cwd: Path | None = None) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:4])} failed:\n{done.stdout}{done.stderr}")


def tools(root: Path) -> Tools:
    """Install what is missing; pgready is built anew each time."""
    base = root / ".cache/bench"
    peers, npm = base / "peers", base / "npm"
    venv = ours(root)
    uv = _uv(root)
    if not peers.exists():
        run(sys.executable, "-m", "venv", str(peers))
        run(uv, "pip", "install", "-q", "--compile-bytecode", "-p", str(peers), "alembic", "psycopg[binary]")
    if not (npm / "node_modules/dbmate").exists():
        npm.mkdir(parents=True, exist_ok=True)
        (npm / "package.json").write_text('{"private": true}\n')
        run("npm", "install", "--silent", "--ignore-scripts", "dbmate", cwd=npm)
    dbmate = next(npm.glob("node_modules/@dbmate/*/bin/dbmate"))
    arguments = ["--no-dump-schema", "--migrations-dir", "./migrations", "up"]
    psql = client(root) + "/psql"
    others = [
        Tool("dbmate_npm", "dbmate (npm wrapper)", [str(npm / "node_modules/.bin/dbmate")], "dbmate", arguments),
        Tool("alembic", "Alembic", [str(peers / "bin/alembic")], "", ["-c", "alembic.ini", "upgrade", "head"]),
    ]
    if shutil.which("node"):
        others.append(_prisma(root, npm))
    site = next((venv / "lib").glob("python3*/site-packages"))
    return Tools(
        pgready=Tool("pgready", "pgready", [str(venv / "bin/pgready")], "", ["boot", "-q", "--", "true"]),
        dbmate=Tool("dbmate", "dbmate (Go binary)", [str(dbmate)], "dbmate", arguments),
        others=others,
        cold_only=[
            Tool(
                "psql", "psql, each file in its transaction", [psql, "-Xq", "-v", "ON_ERROR_STOP=1"], "", [], psql=True
            )
        ],
        node_modules=npm / "node_modules",
        python=venv / "bin/python",
        libpq=str(next(site.glob("psycopg_binary.libs/libpq-*.so*"))),
        psql=psql,
    )


def ours(root: Path) -> Path:
    """A virtual environment with pgready as users get it, built anew."""
    base, uv = root / ".cache/bench", _uv(root)
    venv = base / "venv"
    shutil.rmtree(base / "wheel", ignore_errors=True)
    run(uv, "build", "-q", "--wheel", "-o", str(base / "wheel"), cwd=root)
    (wheel,) = (base / "wheel").glob("*.whl")
    if not venv.exists():
        run(sys.executable, "-m", "venv", str(venv))
    run(uv, "pip", "install", "-q", "--compile-bytecode", "--reinstall-package", "pgready", "-p", str(venv), str(wheel))
    return venv


def _uv(root: Path) -> str:
    return str(root / ".venv/bin/uv") if (root / ".venv/bin/uv").exists() else "uv"


def prisma_cli(root: Path) -> tuple[str, dict[str, str]]:
    """The path of Prisma's own CLI and the environment that keeps it off the network.

    Its native engine cannot be downloaded everywhere, so its WASM build answers instead.
    """
    setup = [sys.executable, str(root / "tests/prisma/oracle/setup.py"), "--cli"]
    done = subprocess.run(setup, capture_output=True, text=True, check=True)
    engines, cli = done.stdout.split()
    return cli, {"PRISMA_SCHEMA_ENGINE_BINARY": f"{engines}/schema-engine", "CHECKPOINT_DISABLE": "1"}


def _prisma(root: Path, npm: Path) -> Tool:
    cli, env = prisma_cli(root)
    modules = npm / "node_modules/prisma"  # where a project's prisma.config.ts looks for it
    if not modules.exists():
        modules.symlink_to(Path(cli).parents[1])
    return Tool("prisma", f"Prisma CLI {PRISMA} (WASM engine)", ["node", cli], "", ["migrate", "deploy"], env)


def client(root: Path) -> str:
    """A folder with psql."""
    done = subprocess.run(
        [sys.executable, str(root / "tools/servers.py"), "--client"], capture_output=True, text=True, check=True
    )
    return done.stdout.strip().splitlines()[-1]


def server_with_tls(root: Path) -> str:
    """A server that can do TLS (the embedded wheel cannot): one of the matrix."""
    done = subprocess.run(
        [sys.executable, str(root / "tools/servers.py"), "17"], capture_output=True, text=True, check=True
    )
    return done.stdout.strip().splitlines()[-1]


def tls_settings(root: Path, bindir: str) -> dict[str, str]:
    """A certificate of our own, where the server and the machine can."""
    if b"ssl_cert_file" not in Path(bindir, "postgres").read_bytes() or not shutil.which("openssl"):
        return {}
    folder = root / ".cache/bench/tls"
    if not (folder / "server.key").exists():
        folder.mkdir(parents=True, exist_ok=True)
        key, certificate = str(folder / "server.key"), str(folder / "server.crt")
        subject = ["-subj", "/CN=localhost", "-days", "3650", "-nodes"]
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-keyout", key, "-out", certificate, *subject)
        account = account_for()  # root's server runs as somebody else
        os.chown(key, account.uid, account.gid)
    return {"ssl": "on", "ssl_cert_file": str(folder / "server.crt"), "ssl_key_file": str(folder / "server.key")}
