"""The services of a repository: from its compose file, its Dockerfiles, its Procfile and its Python code."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from pgready.setup import dockerfile, yaml_reader
from pgready.setup.change import is_ours
from pgready.setup.code_services import in_code, is_skipped, slug
from pgready.setup.dependencies import PROJECT, manager_of
from pgready.setup.found import Service, Workload, build_of
from pgready.setup.known import smoke_services
from pgready.setup.manifest_services import in_manifests
from pgready.setup.prisma_calls import DEPLOY, verb_of
from pgready.setup.start_words import strip_start
from pgready.setup.tree import Tree, base, join, parent

_HEALTH = re.compile(r"[\"'](/(?:readyz|healthz|livez|health|ready|_health|status|ping)/?)[\"']")
_SERVERS = ("uvicorn", "gunicorn", "hypercorn", "granian", "daphne", "flask", "waitress-serve", "fastapi")


def find_services(
    tree: Tree,
    dockerfiles: tuple[str, ...],
    composed: Mapping[str, yaml_reader.Node],
    compose: str,
    workloads: Sequence[Workload],
    named: Mapping[str, tuple[str, tuple[str, ...]]],
) -> tuple[Service, ...]:
    """Every service, each once; what somebody named is stronger than what was found."""
    found: dict[str, Service] = {}
    # What init wrote itself follows from the services: it is no source of them.
    dockerfiles = tuple(path for path in dockerfiles if not is_ours(tree.text(path)))
    for name, node in composed.items() if not is_ours(tree.text(compose)) else ():
        built = build_of(node, compose)
        if built is None or _migrates_only(node) or _ends(name, composed):
            continue
        context, file = built
        command = _composed_command(node) or _image_command(tree, file, context)
        folder = _folder_of(tree, file, context, command)
        if (command or file in tree.paths) and not _is_migration(command):
            found[name] = _service(tree, name, folder, command, file if file in tree.paths else "", context, compose)
    built_files = {one.dockerfile for one in found.values()}
    for file in dockerfiles:
        if file in built_files or base(file).split(".")[0] not in ("Dockerfile", "Containerfile"):
            continue
        name = _name_of(tree, file)
        context = parent(file) if _builds_in_place(tree, file) else ""
        command = _image_command(tree, file, context)
        folder = _folder_of(tree, file, context, command)
        if command and not _is_migration(command) and name not in found:
            found[name] = _service(tree, name, folder, command, file, context, file)
    foreign = [one for one in workloads if not is_ours(tree.text(one.path))]
    for name, path, command, image in in_manifests(tree, foreign, found):
        found[name] = _service(tree, name, image.folder, command, image.dockerfile, image.context, path)
    if not found:
        for name, command in _procfile(tree):
            found[name] = _service(tree, name, "", command, "", "", "Procfile")
    covered = {one.folder for one in found.values()}
    for name, folder, command in in_code(tree, covered):
        if name not in found:
            found[name] = _service(tree, name, folder, command, "", folder, "its code")
    for name, (folder, command) in {**_in_settings(tree, found), **named}.items():
        had = found.get(name)
        made = _service(tree, name, folder or (had.folder if had else ""), command, "", "", "--service")
        found[name] = replace(made, dockerfile=had.dockerfile, context=had.context) if had else made
    return tuple(sorted(found.values(), key=lambda one: (one.is_worker, one.folder, one.name)))


def _service(
    tree: Tree, name: str, folder: str, command: tuple[str, ...], file: str, context: str, why: str
) -> Service:
    language: Literal["python", "node", "other"] = _language(tree, folder, command, file)
    sources = _sources(tree, folder, command) if language == "python" else []
    text = "\n".join(tree.text(path) for path in sources)
    port = _port(command, text, tree.text(file)) if language == "python" else _node_port(tree, folder, file)
    health = _HEALTH.findall(text)
    ready = next((one for one in health if "ready" in one), health[0] if health else "")
    manager = manager_of(tree, folder) if language == "python" else ""
    return Service(name, folder, language, command, manager, file, context, port, ready if port else "", why)


def _language(tree: Tree, folder: str, command: tuple[str, ...], file: str) -> Literal["python", "node", "other"]:
    first = base(command[0]) if command else ""
    stage = dockerfile.final(tree.text(file)) if file else None
    image = base(stage.image if stage else "")
    if first.startswith(("python", *_SERVERS, "celery", "poetry", "uv", "alembic")) or image.startswith("python"):
        return "python"
    if first in ("node", "npm", "npx", "yarn", "pnpm", "bun", "tsx") or image.startswith(("node", "oven")):
        return "node"
    if any(join(folder, name) in tree.paths for name in PROJECT):
        return "python"
    return "node" if join(folder, "package.json") in tree.paths else "other"


def _in_settings(tree: Tree, found: Mapping[str, Service]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """What a run before was told by --service: the settings know it."""
    return {
        one.name: ("", tuple(word.replace("{port}", "8000") for word in one.command))
        for one in smoke_services(tree)
        if one.name not in found and one.command
    }


def _ends(name: str, composed: Mapping[str, yaml_reader.Node]) -> bool:
    """Whether others wait for its end: a task, no service."""
    conditions = [one.value("depends_on", name, "condition") for one in composed.values()]
    return "service_completed_successfully" in conditions


def _migrates_only(node: yaml_reader.Node) -> bool:
    texts = [" ".join(one.words() or [one.text]) for key in ("entrypoint", "command") if (one := node.get(key))]
    return any(verb_of(text) == "migrate" for text in texts)


def _composed_command(node: yaml_reader.Node) -> tuple[str, ...]:
    for key in ("command",):
        one = node.get(key)
        if one is not None:
            words = one.words()
            command = tuple(words) if words is not None else _by_compose(one.text)
            return strip_start(command)
    return ()


def _by_compose(text: str) -> tuple[str, ...]:
    """Compose splits a command line like a shell and starts none."""
    try:
        return tuple(shlex.split(text))
    except ValueError:
        return ()


def _image_command(tree: Tree, file: str, context: str) -> tuple[str, ...]:
    stage = dockerfile.final(tree.text(file))
    if stage is None:
        return ()
    entry, cmd = stage.last("ENTRYPOINT"), stage.last("CMD")
    first = (entry.words or _split(entry.text)) if entry else ()
    rest = (cmd.words or ("sh", "-c", cmd.text)) if cmd else ()
    script = script_of(tree, stage, context)
    if script and not rest:
        return strip_start(_last_command(tree.text(script)))
    if script:
        first = first[1:] if base(first[0]) == base(script) else ()
    return strip_start((*first, *rest))


def script_of(tree: Tree, stage: dockerfile.Stage, context: str) -> str:
    """The repository's own script that the image starts with, "" if it starts with none."""
    for one in (stage.last("ENTRYPOINT"), stage.last("CMD")):
        if one is None:
            continue
        for word in (one.words or _split(one.text))[:3]:
            if word.endswith(".sh") or "entrypoint" in word:
                found = [path for path in tree.below(context) if base(path) == base(word) and tree.text(path)]
                if found:
                    return min(found, key=lambda path: path.count("/"))
    return ""


def _last_command(text: str) -> tuple[str, ...]:
    lines = [line.strip() for line in text.split("\n") if line.strip() and not line.strip().startswith("#")]
    return () if not lines or '"$@"' in lines[-1] else _split(lines[-1])


def _is_migration(command: tuple[str, ...]) -> bool:
    return bool(DEPLOY.search(" ".join(command))) or command[:2] == ("pgready", "migrate")


def _split(text: str) -> tuple[str, ...]:
    found = dockerfile.plain_words(text)
    return found if found is not None else ("sh", "-c", text)


def _folder_of(tree: Tree, file: str, context: str, command: tuple[str, ...]) -> str:
    """Where the code is: where the command finds what it names, the Dockerfile's folder first, then the context."""
    at = parent(file)
    for start in (at, context):
        for word in command:
            module = word.partition(":")[0].replace(".", "/")
            named = [f"{where}{module}{end}" for where in ("", "src/") for end in (".py", "/__main__.py")]
            for path in (word, *named):
                if path.endswith((".py", ".js", ".ts", ".mjs", ".cjs")) and join(start, path) in tree.paths:
                    return start
    if any(join(at, name) in tree.paths for name in (*PROJECT, "package.json")):
        return at
    return at if [path for path in tree.below(at) if path.endswith((".py", ".js", ".ts"))] else context


def _builds_in_place(tree: Tree, file: str) -> bool:
    """Whether what its COPY lines name stands beside the Dockerfile rather than in the root."""
    folder = parent(file)
    if not folder:
        return False
    named = [
        word
        for one in dockerfile.instructions(tree.text(file))
        if one.name in ("COPY", "ADD") and "--from" not in one.text
        for word in one.text.split()[:-1]
        if not word.startswith("--")
    ]
    known = {base(path) for path in tree.paths}
    exact = [word for word in named if word.strip("./") and base(word.rstrip("/")) in known]
    here = sum(join(folder, word) in tree.paths or bool(tree.below(join(folder, word))) for word in exact)
    root = sum(join("", word) in tree.paths or bool(tree.below(join("", word))) for word in exact)
    return here >= root


def _name_of(tree: Tree, file: str) -> str:
    kind = base(file).partition(".")[2]
    return slug(kind or base(parent(file)) or tree.name)


def _procfile(tree: Tree) -> list[tuple[str, tuple[str, ...]]]:
    found = []
    for line in tree.text("Procfile").split("\n"):
        name, colon, command = line.partition(":")
        if colon and name.strip() not in ("release", "") and not name.startswith("#"):
            found.append((slug(name.strip()), _split(command.strip().replace("$PORT", "8000"))))
    return found


def _sources(tree: Tree, folder: str, command: tuple[str, ...]) -> list[str]:
    """The Python files that a command is about: the one that it names, and those beside and below it."""
    files = [path for path in tree.below(folder) if path.endswith(".py") and not is_skipped(path)]
    for word in command:
        for name in (word, word.partition(":")[0].replace(".", "/") + ".py", word.replace(".", "/") + "/__main__.py"):
            for start in ("", "src"):
                path = join(folder, join(start, name))
                if path in files:
                    package = base(path) == "__main__.py"
                    return [one for one in files if parent(one) == parent(path)] if package else [path]
    return files


def _port(command: tuple[str, ...], text: str, image: str) -> int:
    for at, word in enumerate(command):
        found = re.search(r"^(?:--port|--bind|-b|-p)(?:=|$)(?:.*:)?(\d*)$", word)
        if found and (found[1] or at + 1 < len(command)):
            number = found[1] or command[at + 1].rpartition(":")[2]
            if number.isdigit():
                return int(number)
    for word in command:
        found = re.search(r"--port[= ](\d+)|:(\d{4,5})\b", word)
        if found:
            return int(found[1] or found[2])
    exposed = re.search(r"^\s*EXPOSE\s+(\d+)", image, re.M)
    serves = re.search(r"HTTPServer\(|uvicorn\.run\(|\bPORT\b|\b(?:FastAPI|Flask|Starlette|Quart)\(|run_app\(", text)
    if text.strip() and not serves and not (command and base(command[0]) in _SERVERS):
        return 0
    if exposed:
        return int(exposed[1])
    found = re.search(r"\bport\s*=\s*(\d{2,5})\b|[\"']PORT[\"']\s*(?:,\s*|\]?\s*or\s*)[\"']?(\d{2,5})", text)
    if found:
        return int(found[1] or found[2])
    if command and base(command[0]) in _SERVERS:
        return 5000 if base(command[0]) == "flask" else 8000
    return 8000 if serves else 0


def _node_port(tree: Tree, folder: str, image: str) -> int:
    exposed = re.search(r"^\s*EXPOSE\s+(\d+)", tree.text(image), re.M)
    if exposed:
        return int(exposed[1])
    text = "\n".join(tree.text(path) for path in tree.below(folder) if path.endswith((".js", ".ts", ".mjs", ".cjs")))
    found = re.search(r"listen\(\s*(\d{2,5})|PORT\s*(?:\|\||\?\?)\s*[\"']?(\d{2,5})", text)
    return int(found[1] or found[2]) if found else 0


def shown(command: tuple[str, ...]) -> str:
    """A command as it is typed."""
    return shlex.join(command)
