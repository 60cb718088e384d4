"""The `prisma` key of the nearest package.json, where Prisma 6 looks for the schema's path and the seed's command.

Read only where there is no prisma.config.ts, and parsed only if it speaks of prisma.
"""

import json
import os

from pgready.errors import UsageInvalid
from pgready.project.schema_files import nearest


def read_prisma(cwd: str) -> tuple[dict[str, object], str]:
    """The key's content and the file's path below `cwd`; ({}, "") where there is none.

    Raises UsageInvalid for a file that cannot be read or is not JSON.
    """
    path = nearest(cwd, "package.json")
    if not path:
        return {}, ""
    shown = os.path.relpath(path, cwd)
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as e:
        raise UsageInvalid(f"{shown} cannot be read: {e.strerror}", where=shown) from None
    if b'"prisma"' not in data:
        return {}, ""
    try:
        package = json.loads(data)
    except ValueError as e:
        at = f"{shown}:{e.lineno}:{e.colno}" if isinstance(e, json.JSONDecodeError) else shown
        raise UsageInvalid(f"{at}: the file is not valid JSON", where=at) from None
    prisma = package.get("prisma") if isinstance(package, dict) else None
    return (prisma, shown) if isinstance(prisma, dict) else ({}, "")


def schema_path(cwd: str) -> tuple[str, str]:
    """`prisma.schema`, below `cwd`, and where it stands; ("", "") if it is not there."""
    prisma, shown = read_prisma(cwd)
    if "schema" not in prisma:
        return "", ""
    source = f"{shown}: prisma.schema"
    path = prisma["schema"]
    if not isinstance(path, str) or not path:
        raise UsageInvalid(f"{source} takes a path in quotes", where=shown)
    return os.path.normpath(os.path.join(os.path.dirname(shown), path)), source
