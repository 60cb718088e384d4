"""A real Prisma client on Node for `everything.prisma`, set up below `.cache/prisma` like the engines."""

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).parent
SCHEMA = HERE / "everything.prisma"
SECONDS = 60


def _oracle() -> ModuleType:
    spec = importlib.util.spec_from_file_location("oracle_setup", HERE.parent / "prisma" / "oracle" / "setup.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def packages() -> Path:
    """The folder with `node_modules`: Prisma's CLI and client, and its driver adapter (300 MB)."""
    return Path(_oracle()._installed("client", {"package.json": (HERE / "package.json").read_bytes()}))


def prisma_generate(home: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """`prisma generate` of the schema in `folder`, as a whole process."""
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "CHECKPOINT_DISABLE": "1",
        "NO_COLOR": "1",
        # It generates without the schema engine, which it would otherwise download.
        "PRISMA_SCHEMA_ENGINE_BINARY": shutil.which("true") or "",
    }
    command = [
        "node",
        str(home / "node_modules" / "prisma" / "build" / "index.js"),
        "generate",
        "--generator",
        "client",
    ]
    return subprocess.run(
        [*command, "--schema", str(folder / "schema.prisma")],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def client() -> Path:
    """The folder with `ask.cjs` and the generated client; the same for all tests, made once."""
    home = packages()
    text, script = SCHEMA.read_bytes(), (HERE / "ask.cjs").read_bytes()
    folder = home / hashlib.sha256(text + script).hexdigest()[:12]
    with (home / "generate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "client" / "index.js").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            (folder / "schema.prisma").write_bytes(text)
            (folder / "ask.cjs").write_bytes(script)
            run = prisma_generate(home, folder)
            if run.returncode:
                shutil.rmtree(folder)
                sys.exit(f"prisma: generate failed: {run.stderr}")
    return folder


class Refused(Exception):
    """What Prisma's client said."""


class TypeScript:
    """A client's process; `model.call(…)` becomes `ask("model", "call", …)`. Values are packed as in ask.cjs."""

    def __init__(self, folder: Path, url: str, zone: str) -> None:
        pipe = subprocess.PIPE
        env = {"PATH": os.environ["PATH"], "TZ": zone}
        command = ["node", str(folder / "ask.cjs"), str(folder / "client"), url]
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=env, encoding="utf-8")

    def ask(self, model: str, call: str, **with_: Any) -> Any:
        """The result. Raises Refused."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"model": model, "call": call, "with": with_}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "Prisma's client ended without an answer"
        said = json.loads(line)
        if "error" in said:
            raise Refused(said["error"])
        return said["result"]

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(SECONDS)
        self._process.stdout.close()


if __name__ == "__main__":
    print(client())
