"""The readiness contract of an image: where it is, its text, and whether it was made of the files that are there.

Hot module: imports only `os`, `pgready.errors`, a digest of C and the contract's reader.
"""

import os

from pgready.errors import UsageInvalid
from pgready.parity.contract_file import Contract, make, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hashlib import _Hash as Hash

    from pgready.project.settings import Settings

NAME = "readiness.contract"
NO_STAMP = "-"


def shown(path: str, cwd: str) -> str:
    """The path as people read it."""
    return path[len(cwd) + 1 :] if path.startswith(cwd + "/") else path


def load(settings: "Settings", cwd: str) -> Contract:
    """The contract; raises UsageInvalid for one that is not there, is none, or was made of other files."""
    path = settings.readiness_contract
    name = shown(path, cwd)
    try:
        with open(path, encoding="utf-8") as file:
            content = file.read()
    except UnicodeDecodeError:
        content = ""
    except OSError as e:
        raise UsageInvalid(
            "verify = parity needs a readiness contract, and there is none: %s" % (e.strerror or "it cannot be read"),
            where=name,
            then="make it when the image is built: " + make(name),
            code="contract_missing",
        ) from None
    contract = parse(content, name)
    try:
        own = stamp(contract.made_of, settings.migrations, settings.schema_files)
    except OSError as e:
        raise UsageInvalid(
            "what the readiness contract was made of cannot be read: %s" % e.strerror,
            where=e.filename or name,
            then="let the user that runs pgready read it",
            code="contract_unchecked",
        ) from None
    # An image without the schema has nothing that the contract could be stale against.
    if NO_STAMP not in (contract.stamp, own) and contract.stamp != own:
        raise UsageInvalid(
            "the readiness contract is stale: it was made of another %s than is here" % _CALLED[contract.made_of],
            where=name,
            then="make it anew: " + make(name).replace("migrations", contract.made_of),
            code="contract_stale",
        )
    return contract


_CALLED = {"migrations": "migrations folder", "schema": "schema"}


def stamp(made_of: str, migrations: str, schema_files: "tuple[str, ...]") -> str:
    """A digest of the files that a contract is made of, line ends aside; `NO_STAMP` for a side that has none here."""
    if made_of == "migrations":
        files = _scripts(migrations)
    elif made_of == "schema":
        files = [(os.path.basename(path), path) for path in schema_files]
        if not files:
            return NO_STAMP
    else:
        return NO_STAMP
    digest = _sha256()
    for name, path in files:
        with open(path, "rb") as file:
            content = file.read().replace(b"\r\n", b"\n")
        digest.update(b"%d %d " % (len(name.encode()), len(content)))
        digest.update(name.encode())
        digest.update(content)
    return "sha256:" + digest.hexdigest()


def _scripts(folder: str) -> "list[tuple[str, str]]":
    """The scripts of a migrations folder of either kind, sorted by name."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if name[0] == ".":
                continue
            if entry.is_dir(follow_symlinks=False):
                found.append((name, entry.path + "/migration.sql"))
            elif name[-4:] in (".sql", ".SQL") and name[-9:-4] != ".down":
                found.append((name, entry.path))
    found.sort()
    return found


def _sha256() -> "Hash":
    try:
        from _sha2 import sha256  # type: ignore[import-not-found]  # 3.12 and newer
    except ImportError:
        try:
            from _sha256 import sha256  # type: ignore[import-not-found]  # 3.11
        except ImportError:
            from hashlib import sha256
    digest: "Hash" = sha256()
    return digest
