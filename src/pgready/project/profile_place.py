"""Where the profile of production is: a flag, else `profile` of the settings, else pgready's own `profile.toml`."""

from __future__ import annotations

import os
from collections.abc import Mapping

from pgready.errors import UsageInvalid
from pgready.project.resolution import Resolution
from pgready.project.schema_files import read_bytes
from pgready.proof.size.profile_file import ProfileFile, read_profile_file

DEFAULT = "profile.toml"
_MARK = b"# pgready profile"


def find_profile(
    given: str | None, flags: Mapping[str, object], environ: Mapping[str, str], cwd: str
) -> ProfileFile | None:
    """The profile, None where there is none; raises UsageInvalid for one that is missing or not valid."""
    sources = Resolution(flags, environ, cwd)
    sources.read_dotenv("")
    sources.read_config()
    path = given or _of_settings(sources)
    if path:
        if not os.path.isfile(os.path.join(cwd, path)):
            raise UsageInvalid(
                "there is no such profile",
                where=path,
                then=f"make one: pgready profile URL -o {path}",
                code="profile_missing",
            )
        return read_profile_file(read_bytes(os.path.join(cwd, path), path), path)
    default = os.path.join(sources.folder, DEFAULT)
    if not os.path.isfile(os.path.join(cwd, default)):
        return None
    data = read_bytes(os.path.join(cwd, default), default)
    return read_profile_file(data, default) if data.startswith(_MARK) else None


def _of_settings(sources: Resolution) -> str:
    if "profile" not in sources.toml:
        return ""
    value, where = sources.toml["profile"]
    if not isinstance(value, str) or not value:
        raise UsageInvalid(f"{where}: profile takes a path in quotes", where=where, then='e.g. profile = "prod.toml"')
    return os.path.join(sources.toml_folder, value)
