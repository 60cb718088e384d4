"""Services that no container file starts: applications, packages and scripts of the Python code."""

from __future__ import annotations

import re
import tomllib

from pgready.setup.dependencies import PROJECT
from pgready.setup.tree import Tree, base, inside, join, parent

_WEB = re.compile(r"^(\w+)\s*(?::[^=\n]+)?=\s*(FastAPI|Starlette|Flask|Quart|Litestar|Sanic)\(", re.M)
_RUNS = re.compile(r"^if\s+__name__\s*==\s*[\"']__main__[\"']", re.M)
WORKERS = re.compile(r"(?:^|_)(?:worker|consumer|scheduler|poller|jobs?)(?:_|$)")
_ONCE = re.compile(
    r"(?:^|[_-])(?:seed|migrate|setup|load|import|export|manage|cli|backfill|fixtures?|generate|conftest)"
)
_STAYS = re.compile(r"\.run\(|serve_forever\(|while True|run_forever\(|run_app\(|\.start\(|listen\(")
_MAINS = ("main.py", "app.py", "server.py", "service.py", "api.py", "run.py")
_SKIPPED = ("tests", "test", "scripts", "docs", "migrations", "node_modules", "examples", "tools", "alembic", "bench")
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - a text


def slug(text: str) -> str:
    """A name as compose and Kubernetes take it."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "app"


def in_code(tree: Tree, covered: set[str]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Name, folder and command of each, in folders from which nothing is started yet (`covered`)."""
    found: list[tuple[str, str, tuple[str, ...]]] = []
    folders = {parent(path) for path in tree.paths if base(path) in PROJECT}
    roots = sorted(folders) or [""]
    for folder in roots:
        if any(inside(one, folder) for one in covered) or is_skipped(folder):
            continue
        deeper = [one for one in roots if one != folder and inside(one, folder)]
        for name, command in _commands(tree, folder, deeper):
            found.append((name, folder, command))
    return found


def is_skipped(path: str) -> bool:
    """Whether it is beside the services: tests, tools, examples."""
    return any(part in _SKIPPED for part in path.split("/"))


def _commands(tree: Tree, folder: str, deeper: list[str]) -> list[tuple[str, tuple[str, ...]]]:
    files = [
        path
        for path in tree.below(folder)
        if path.endswith(".py") and not any(inside(path, one) for one in deeper) and not is_skipped(path)
    ]
    found: list[tuple[str, tuple[str, ...]]] = []
    named = re.search(r"^name\s*=\s*[\"']([^\"']+)", tree.text(join(folder, "pyproject.toml")), re.M)
    title = slug(named[1] if named else base(folder) or tree.name)
    runnable = [path for path in files if base(path) == "__main__.py" or _RUNS.search(tree.text(path))]
    for path in files:
        app = _WEB.search(tree.text(path))
        if app is None:
            continue
        beside = join(parent(path), "__main__.py")
        if path in runnable or beside in runnable:
            continue
        module = _module(path, folder)
        if app[2] == "Flask":
            words = ["flask", "--app", f"{module}:{app[1]}", "run", "--host", _EVERYWHERE, "--port", "8000"]
        else:
            words = ["uvicorn", f"{module}:{app[1]}", "--host", _EVERYWHERE, "--port", "8000"]
        found.append((title if not found else slug(_stem(path)), tuple(words)))
    if join(folder, "manage.py") in files:
        settings = [path for path in files if base(path) == "wsgi.py"]
        if settings:
            words = ["gunicorn", f"{_module(settings[0], folder)}:application", "--bind", f"{_EVERYWHERE}:8000"]
            found.append((title, tuple(words)))
            runnable = [path for path in runnable if base(path) != "manage.py"]
    lone = len(runnable) == 1 and not found
    for path in runnable:
        stem = _stem(path)
        local = path[len(folder) + 1 if folder else 0 :]
        if base(path) == "__main__.py":
            words = ["python", "-m", _module(parent(path), folder)]
        elif join(parent(path), "__init__.py") in tree.paths and (
            stem in ("main", "app", "server", "service", "api", "run") or WORKERS.search(stem)
        ):
            words = ["python", "-m", _module(path, folder)]
        elif (
            base(path) in _MAINS
            or WORKERS.search(stem)
            or parent(local) in ("services", "workers", "apps")
            or (not _ONCE.search(stem) and (stem == base(folder) or (lone and local == base(path))))
        ):
            words = ["python", local]
        else:
            continue
        only = len(runnable) == 1 and not found
        name = title if only or (base(path) in _MAINS and not any(had == title for had, _ in found)) else slug(stem)
        found.append((name, tuple(words)))
    return found or _scripts(tree, folder, files)


def _scripts(tree: Tree, folder: str, files: list[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Programs that the project installs, if what they call serves or goes on for ever.

    They are called by their module, since an image need not have the project itself installed.
    """
    try:
        project = tomllib.loads(tree.text(join(folder, "pyproject.toml")).replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError:
        return []
    tables = [project.get("project"), project.get("tool", {}).get("poetry")]
    found = []
    for scripts in (table.get("scripts") for table in tables if isinstance(table, dict)):
        for name, target in scripts.items() if isinstance(scripts, dict) else ():
            module, colon, function = str(target).partition(":")
            path = next((path for path in files if _module(path, folder) == module), "")
            if colon and path and _STAYS.search(tree.text(path)) and not _ONCE.search(name):
                words = ["python", "-c", f"from {module} import {function}; {function}()"]
                found.append((slug(name), tuple(words)))
    return found


def _stem(path: str) -> str:
    return base(parent(path)) if base(path) == "__main__.py" else base(path).removesuffix(".py")


def _module(path: str, folder: str) -> str:
    local = path[len(folder) + 1 if folder else 0 :]
    return local.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
