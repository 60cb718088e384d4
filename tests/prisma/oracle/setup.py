"""Set up Prisma's own engines, and if asked its CLI, below `.cache/prisma` of the checkout.

    python tests/prisma/oracle/setup.py          prints a folder with ask.mjs and both engines (20 MB)
    python tests/prisma/oracle/setup.py --cli    prints that folder and the path of Prisma's CLI (235 MB more)
    python tests/prisma/oracle/setup.py --parsers    prints the folder of tests/conformance's parse.cjs (7 MB)

Both come through npm, which runs no install script here and downloads no native engine. What is there is not fetched
again; a change of these files makes a new folder. Exits 1 with a sentence if Node 20 or npm is missing, or the network.
Standard library only.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping

CLI = "7.10.1"
_HERE = os.path.dirname(os.path.abspath(__file__))
CACHE = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(_HERE))), ".cache", "prisma")
_SCRIPTS = ("engine.mjs", "ask.mjs", "schema-engine.mjs", "schema-engine")


def _npm() -> str:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        sys.exit("prisma: Prisma's engines run on Node.js 20 with npm, which are not here")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    if int(version.lstrip("v").split(".")[0] or 0) < 20:
        sys.exit(f"prisma: Node.js {version} is too old, 20 or newer is needed")
    return npm


def _installed(name: str, files: Mapping[str, bytes]) -> str:
    """A folder with these files and what their package.json asks for."""
    digest = hashlib.sha256(b"".join(files[key] + b"\0" for key in sorted(files))).hexdigest()[:12]
    home = os.path.join(CACHE, f"{name}-{digest}")
    if os.path.isdir(home):
        return home
    npm = _npm()
    os.makedirs(CACHE, exist_ok=True)
    with open(os.path.join(CACHE, f"{name}.lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.path.isdir(home):
            return home
        building = tempfile.mkdtemp(prefix=f".{name}-", dir=CACHE)
        try:
            for key, content in files.items():
                with open(os.path.join(building, key), "wb") as file:
                    file.write(content)
                os.chmod(file.name, 0o644 if "." in key else 0o755)
            print(f"prisma: fetching {name}", file=sys.stderr)
            quiet = ["--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
            quiet += ["--fetch-retries=1", "--fetch-retry-mintimeout=2000"]  # its own patience is minutes
            run = subprocess.run(
                [npm, "install", "--ignore-scripts", *quiet], cwd=building, stdout=subprocess.DEVNULL, check=False
            )
            if run.returncode != 0:
                sys.exit(f"prisma: npm could not fetch {name}")
            os.chmod(building, 0o755)
            os.rename(building, home)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    return home


def engines() -> str:
    """The folder with `ask.mjs`, fetched if it is not there."""
    files: dict[str, bytes] = {}
    for name in ("package.json", *_SCRIPTS):
        with open(os.path.join(_HERE, name), "rb") as file:
            files[name] = file.read()
    return _installed("engines", files)


def parsers() -> str:
    """The folder with `parse.cjs` and both schema parsers, fetched if it is not there."""
    here = os.path.join(os.path.dirname(os.path.dirname(_HERE)), "conformance", "oracle")
    files: dict[str, bytes] = {}
    for name in ("package.json", "parse.cjs"):
        with open(os.path.join(here, name), "rb") as file:
            files[name] = file.read()
    return _installed("parsers", files)


def cli() -> str:
    """The path of Prisma's CLI (a Node script), fetched if it is not there."""
    asked = {"private": True, "dependencies": {"prisma": CLI}}
    home = _installed("cli", {"package.json": json.dumps(asked).encode()})
    return os.path.join(home, "node_modules", "prisma", "build", "index.js")


if __name__ == "__main__":
    if "--parsers" in sys.argv[1:]:
        print(parsers())
        sys.exit()
    print(engines())
    if "--cli" in sys.argv[1:]:
        print(cli())
