"""The platform's service in TypeScript: built ahead of a demo, since no service downloads anything when it starts."""

from __future__ import annotations

import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from pgready.embedded.place import Account, cache_dir
from pgready.errors import NotReady, UsageInvalid
from pgready.report.story import Event, Teller, seconds

_SERVICE = "services/statements"
_INPUTS = (
    "pgready.toml",
    "prisma.config.ts",
    "prisma/*.prisma",
    *(f"{_SERVICE}/{name}" for name in ("package.json", "package-lock.json", ".npmrc", "tsconfig.json", "src/*.ts")),
)
_CONTRACT = "prisma/readiness.contract"
_DONE = "built"
_NODE = (20, 19)
_PATIENCE = 600.0
_WITHOUT = "the demo runs without it, and says so"


@dataclass(frozen=True, slots=True)
class Built:
    """What runs it: the program `node`, the compiled server, and the contract of the schema that it was made for."""

    node: str
    server: str
    contract: str


def find(folder: str) -> Built | str:
    """The service as it was built from what now stands in the example's folder, or why there is none."""
    node = shutil.which("node")
    if node is None:
        return "there is no Node on this machine"
    place = _place(folder)
    try:
        with open(os.path.join(place, _DONE), encoding="ascii") as file:
            built = file.read()
    except OSError:
        return "it is not built: pgready demo --prepare"
    if built != _digest(folder):
        return "it was built from other files: pgready demo --prepare"
    return Built(node, os.path.join(place, _SERVICE, "dist/src/server.js"), os.path.join(place, _CONTRACT))


def prepare(folder: str, tell: Teller) -> Built:
    """Build it in the cache directory as its Dockerfile does, unless it is there already.

    Raises UsageInvalid without Node and npm, NotReady where a step fails.
    """
    found = find(folder)
    if isinstance(found, Built):
        tell(Event("prepared", f"statements is built: {found.server}", {"path": found.server}))
        return found
    _require_node()
    place = _place(folder)
    work = tempfile.mkdtemp(prefix="statements-", dir=os.path.dirname(place))
    began = time.monotonic()
    try:
        for path in _inputs(folder):
            target = os.path.join(work, os.path.relpath(path, folder))
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copyfile(path, target)
        _build(work, tell)
        with open(os.path.join(work, _DONE), "w", encoding="ascii") as file:
            file.write(_digest(folder))
        shutil.rmtree(place, ignore_errors=True)
        os.rename(work, place)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    found = find(folder)
    if not isinstance(found, Built):
        raise NotReady(f"statements was built and is gone: {found}", code="demo_prepare")
    tell(Event("prepared", f"statements is built, in {seconds(time.monotonic() - began)}", {"path": found.server}))
    return found


def _build(work: str, tell: Teller) -> None:
    """The steps of deploy/statements.Dockerfile."""
    service, modules = os.path.join(work, _SERVICE), os.path.join(work, "node_modules")
    programs = os.path.join(service, "node_modules/.bin")
    _step(tell, service, "npm", "ci", "--no-audit", "--no-fund")
    os.symlink(os.path.join(_SERVICE, "node_modules"), modules)  # prisma.config.ts is above the service
    _step(tell, work, os.path.join(programs, "prisma"), "generate", "--generator", "client")
    _step(tell, work, os.path.join(programs, "tsc"), "-p", _SERVICE)
    os.unlink(modules)
    _step(tell, service, "npm", "prune", "--omit=dev", "--no-audit", "--no-fund")
    _step(tell, work, sys.executable, "-m", "pgready", "parity", "schema", "--write-contract", _CONTRACT)


def _step(tell: Teller, folder: str, program: str, *arguments: str) -> None:
    """One of them; raises NotReady with the last words of what failed."""
    shown = " ".join([os.path.basename(program), *arguments])
    tell(Event("preparing", f"statements: {shown}", {"command": shown}))
    # `generate` asks for a URL and connects to nothing; `true` stands for the engine that it would download.
    more = {"DATABASE_URL": "postgresql://", "PRISMA_SCHEMA_ENGINE_BINARY": shutil.which("true") or "/bin/true"}
    try:
        done = subprocess.run(
            [program, *arguments],
            cwd=folder, env={**_environment(), **more, "CHECKPOINT_DISABLE": "1"}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, errors="replace", timeout=_PATIENCE, check=False,
        )  # fmt: skip
        failed, said = bool(done.returncode), (done.stderr.strip() or done.stdout.strip()).splitlines()
    except subprocess.TimeoutExpired:
        failed, said = True, [f"it did not end within {_PATIENCE:.0f} s"]
    if failed:
        raise NotReady(f"{shown} failed", detail="\n".join(said[-6:]), then=_WITHOUT, code="demo_prepare")


def _environment() -> dict[str, str]:
    """That of this machine, without what speaks of its own databases."""
    ours = ("PG", "DATABASE_", "DIRECT_", "PRISMA_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "npm_config_update_notifier": "false"}


def _require_node() -> None:
    version = ""
    if shutil.which("npm"):
        version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout.strip()  # noqa: S607 - the one on PATH
    numbers = tuple(int(one) for one in re.findall(r"\d+", version)[:2])
    if numbers < _NODE:
        raise UsageInvalid(
            "statements is built by Node and npm"
            + (f": this is Node {version}" if version else ": they are not on this machine"),
            then=f"Node {'.'.join(map(str, _NODE))} or later; {_WITHOUT}",
            code="demo_node",
        )


def _place(folder: str) -> str:
    """Where the service of this copy of the example is kept when it is built."""
    cache = cache_dir(Account(os.geteuid(), os.getegid(), drop=False))
    name = hashlib.sha256(os.fsencode(os.path.realpath(folder))).hexdigest()[:12]
    return os.path.join(cache, f"statements-{name}")


def _inputs(folder: str) -> list[str]:
    """The files that it is built from."""
    return sorted(path for pattern in _INPUTS for path in glob.glob(os.path.join(glob.escape(folder), pattern)))


def _digest(folder: str) -> str:
    digest = hashlib.sha256()
    for path in _inputs(folder):
        with open(path, "rb") as file:
            content = file.read()
        digest.update(f"{os.path.relpath(path, folder)} {len(content)}\n".encode() + content)
    return digest.hexdigest()
