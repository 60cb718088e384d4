"""Where the contracts of a project are: what was asked for, else `contracts` of the settings, else `contracts/`.

A place is a folder of `.sql` files, a `.sql` or `.py` file, or a module (`app.queries`, `app.queries:function`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pgready.errors import UsageInvalid
from pgready.project.resolution import Resolution

DEFAULT = "contracts"


@dataclass(frozen=True, slots=True)
class Places:
    """SQL files and modules, each in the order of the places; `asked` says that somebody named them in this run."""

    files: tuple[str, ...]
    modules: tuple[str, ...]
    asked: bool
    missing: tuple[tuple[str, str], ...] = ()
    """Places that are not there or hold nothing, and in which words."""


def find_places(given: Sequence[str], flags: Mapping[str, object], environ: Mapping[str, str], cwd: str) -> Places:
    """The places, relative to `cwd`; raises UsageInvalid for a setting that is no list of places."""
    sources = Resolution(flags, environ, cwd)
    sources.read_dotenv("")
    sources.read_config()
    wanted = list(given) or _of_settings(sources)
    default = os.path.join(sources.folder, DEFAULT)
    if not wanted and os.path.isdir(os.path.join(cwd, default)):
        wanted = [default]
    files: list[str] = []
    modules: list[str] = []
    missing: list[tuple[str, str]] = []
    for place in wanted:
        path = os.path.join(cwd, place)
        if os.path.isdir(path):
            found = sql_files(place, cwd)
            files += found
            # A package may hold `.sql` files beside its modules: both are contracts.
            is_package = os.path.isfile(os.path.join(path, "__init__.py"))
            if is_package:
                modules.append(place.strip("/").replace("/", "."))
            if not found and not is_package:
                missing.append((place, "holds no .sql file"))
        elif place.endswith(".sql"):
            files += [place] if os.path.isfile(path) else []
            missing += [] if os.path.isfile(path) else [(place, "does not exist")]
        elif os.sep in place and not place.endswith(".py"):
            missing.append((place, "does not exist" if not os.path.exists(path) else "is no .sql file"))
        else:
            modules.append(place)
    return Places(tuple(dict.fromkeys(files)), tuple(dict.fromkeys(modules)), bool(given), tuple(missing))


def sql_files(folder: str, cwd: str) -> list[str]:
    """Every `.sql` file below a folder, by path; hidden ones and what links lead to folders are passed over."""
    found = []
    for root, folders, names in os.walk(os.path.join(cwd, folder)):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "node_modules")
        shown = os.path.normpath(os.path.join(folder, os.path.relpath(root, os.path.join(cwd, folder))))
        found += [os.path.join(shown, name) for name in names if name.endswith(".sql") and not name.startswith(".")]
    return sorted(found)


def _of_settings(sources: Resolution) -> list[str]:
    if "contracts" not in sources.toml:
        return []
    value, where = sources.toml["contracts"]
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(one, str) and one for one in listed):
        what = f"{where}: contracts takes a list of folders, files and modules"
        raise UsageInvalid(what, where=where, then='e.g. contracts = ["contracts/", "app.queries"]')
    folder = sources.toml_folder
    # A module is no path; what has a separator or is there is one.
    return [
        os.path.join(folder, one) if os.sep in one or one.endswith((".sql", ".py")) else one for one in map(str, listed)
    ]
