"""How a service's dependencies are installed, in an image and in CI: by what its folder says."""

from __future__ import annotations

import fnmatch
import re
import tomllib
from typing import Literal

from pgready.setup.tree import Tree, join, parent

PROJECT = ("pyproject.toml", "requirements.txt", "setup.py", "Pipfile")
"""Files that say what a folder depends on."""

Manager = Literal["uv", "poetry", "pdm", "pipenv", "pip", ""]
_LOCKS: tuple[tuple[str, Manager], ...] = (
    ("uv.lock", "uv"),
    ("poetry.lock", "poetry"),
    ("pdm.lock", "pdm"),
    ("Pipfile", "pipenv"),
)
_LISTS = ("requirements.txt", *(f"requirements/{one}.txt" for one in ("prod", "production", "base", "main")))


def manager_of(tree: Tree, folder: str) -> Manager:
    """What installs the dependencies of a folder, looked for from there upwards; "" if there are none to install."""
    at = folder
    if _workspace_member(tree, project_folder(tree, folder)):
        return "uv"
    while True:
        for name, manager in _LOCKS:
            if join(at, name) in tree.paths:
                return manager
        text = tree.text(join(at, "pyproject.toml"))
        if "[tool.poetry]" in text or "poetry.core" in text:
            return "poetry"
        if "[tool.uv" in text:
            return "uv"
        if requirements_of(tree, at) or "[project]" in text or join(at, "setup.py") in tree.paths:
            return "pip"
        if not at:
            return ""
        at = parent(at)


def project_folder(tree: Tree, folder: str) -> str:
    """The folder whose files say what a service depends on."""
    at = folder
    while at and not any(join(at, name) in tree.paths for name in (*PROJECT, *_LISTS)):
        at = parent(at)
    return at


def requirements_of(tree: Tree, at: str) -> str:
    """The list of what a service runs with, "" for none."""
    return next((path for name in _LISTS if (path := join(at, name)) in tree.paths), "")


def in_image(tree: Tree, folder: str) -> list[str]:
    """Lines of a Dockerfile that install them into /opt/app, in a build from the root."""
    at = project_folder(tree, folder)
    prefix = f"{at}/" if at else ""
    manager = manager_of(tree, folder)
    lock = {"uv": "uv.lock", "poetry": "poetry.lock", "pdm": "pdm.lock", "pipenv": "Pipfile.lock"}.get(manager, "")
    locked = bool(lock) and join(at, lock) in tree.paths
    files = f"{prefix}{'Pipfile' if manager == 'pipenv' else 'pyproject.toml'}" + (f" {prefix}{lock}" if locked else "")
    pip = "/opt/app/bin/pip install --no-cache-dir"
    member = _workspace_member(tree, at) if manager == "uv" else ""
    if member:
        return [
            'RUN python -m venv /opt/app && pip install --no-cache-dir "uv>=0.5"',
            "COPY ./ ./",
            "RUN UV_PROJECT_ENVIRONMENT=/opt/app uv sync --frozen --no-dev --no-editable --no-cache"
            f" --package {member}",
        ]
    if manager == "uv":
        return [
            'RUN python -m venv /opt/app && pip install --no-cache-dir "uv>=0.5"',
            f"COPY {files} ./",
            f"RUN UV_PROJECT_ENVIRONMENT=/opt/app uv sync {'--frozen ' if locked else ''}"
            "--no-dev --no-install-project --no-cache",
        ]
    if manager == "poetry":
        return [
            'RUN python -m venv /opt/app && pip install --no-cache-dir "poetry>=1.8"',
            f"COPY {files} ./",
            "RUN VIRTUAL_ENV=/opt/app poetry install --only main --no-root --no-interaction --no-cache",
        ]
    if manager in ("pdm", "pipenv") and locked:
        tool, export = _EXPORTS[manager]
        return [
            f'RUN python -m venv /opt/app && pip install --no-cache-dir "{tool}"',
            f"COPY {files} ./",
            f"RUN {export} > locked-requirements.txt && {pip} -r locked-requirements.txt",
        ]
    if manager == "pipenv":
        return [
            'RUN python -m venv /opt/app && pip install --no-cache-dir "pipenv>=2023.7"',
            f"COPY {files} ./",
            f"RUN pipenv lock && pipenv requirements > locked-requirements.txt && {pip} -r locked-requirements.txt",
        ]
    listed = requirements_of(tree, at)
    if listed:
        # A list that names other files needs them beside it.
        alone = not re.search(
            r"^\s*(?:-[rce]\b|--(?:requirement|constraint|editable|find-links)\b|\.)", tree.text(listed), re.M
        )
        local = listed.removeprefix(prefix)
        copy = f"COPY {listed} ./" if alone else f"COPY {prefix or './'} ./"
        name = local.rpartition("/")[2] if alone else local
        return [copy, f"RUN python -m venv /opt/app && {pip} -r {name}"]
    if any(join(at, name) in tree.paths for name in ("pyproject.toml", "setup.py")):
        return [f"COPY {prefix or './'} ./", f"RUN python -m venv /opt/app && {pip} ."]
    return ["RUN python -m venv /opt/app"]


_EXPORTS = {
    "pdm": ("pdm>=2.15", "pdm export --prod --without-hashes"),
    "pipenv": ("pipenv>=2023.7", "pipenv requirements"),
}
"""What turns a lock into a list that pip takes, and the release that knows how."""


def _workspace_member(tree: Tree, at: str) -> str:
    """The name of a folder's project whose lock is that of uv's workspace in the root; "" elsewhere."""
    if not at or "uv.lock" not in tree.paths or join(at, "uv.lock") in tree.paths:
        return ""
    try:
        root, own = (
            tomllib.loads(tree.text(path).replace("\r\n", "\n"))
            for path in ("pyproject.toml", join(at, "pyproject.toml"))
        )
        members = root["tool"]["uv"]["workspace"]["members"]
        name = own["project"]["name"]
    except (tomllib.TOMLDecodeError, KeyError, TypeError):
        return ""
    return str(name) if any(fnmatch.fnmatchcase(at, str(one).rstrip("/")) for one in members) else ""


def in_ci(tree: Tree, folder: str) -> list[str]:
    """Commands that install them beside pgready, from the root."""
    manager = manager_of(tree, folder)
    at = project_folder(tree, folder)
    member = _workspace_member(tree, at) if manager == "uv" else ""
    if member:
        name = f"{member}-requirements.txt"
        export = f"uv export --package {member} --no-dev --no-hashes --quiet -o {name}"
        return ['pip install "uv>=0.5"', export, f"pip install -r {name}"]
    if manager == "uv":
        where = f"--project {at} " if at else ""
        export = f"uv export {where}--no-dev --no-emit-project --quiet -o uv-requirements.txt"
        return ['pip install "uv>=0.5"', export, "pip install -r uv-requirements.txt"]
    if manager == "poetry":
        where = f"--directory {at} " if at else ""
        install = f"POETRY_VIRTUALENVS_CREATE=false poetry install {where}--only main --no-root"
        return ['pip install "poetry>=1.8"', install]
    if manager in ("pdm", "pipenv"):
        tool, export = _EXPORTS[manager]
        name = f"{manager}-requirements.txt"
        here = f"cd {at} && " if at else ""
        up = "/".join([".."] * (at.count("/") + 1)) + "/" if at else ""
        lock = (
            f"{manager} lock && "
            if join(at, f"{'Pipfile' if manager == 'pipenv' else 'pdm'}.lock") not in tree.paths
            else ""
        )
        return [f'pip install "{tool}"', f"({here}{lock}{export} > {up}{name})", f"pip install -r {name}"]
    listed = requirements_of(tree, at)
    if listed:
        return [f"pip install -r {listed}"]
    if any(join(at, name) in tree.paths for name in ("pyproject.toml", "setup.py")):
        return [f"pip install ./{at}".rstrip("/")]
    return []
