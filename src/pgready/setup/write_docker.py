"""Dockerfiles and entrypoint scripts: new ones, and lines for those that are there."""

from __future__ import annotations

import fnmatch
import re

from pgready.setup import dockerfile
from pgready.setup.change import Change, is_ours, whole
from pgready.setup.choice import Choice, from_root
from pgready.setup.dependencies import in_image, project_folder
from pgready.setup.found import Service, Survey, sees_database
from pgready.setup.lines import Edit, apply, insert
from pgready.setup.package_scripts import migrating_package
from pgready.setup.prisma_calls import calls_prisma, mended_script, verb_of, without
from pgready.setup.services import script_of
from pgready.setup.tree import base, inside, join

_OWN = "# pgready has an environment of its own: nothing of the service's can clash with it."
_IGNORED = (".git", ".venv", "venv", "**/__pycache__", "**/node_modules", ".env", ".env.*", "tests")


def docker_changes(found: Survey, choice: Choice, notes: list[str]) -> list[Change]:
    """A Dockerfile for each folder without one, lines for the others, and their entrypoint scripts."""
    changes: list[Change] = []
    made: dict[str, list[Service]] = {}
    patched: dict[str, Service] = {}
    for one in found.services:
        if one.dockerfile and not is_ours(found.tree.text(one.dockerfile)):
            had = patched.get(one.dockerfile)
            patched[one.dockerfile] = one if had is None or one.name == choice.migrates else had
        elif one.language == "python" and one.command:
            made.setdefault(one.folder, []).append(one)
    if "docker" in choice.parts:
        for folder, services in made.items():
            text = new_dockerfile(found, choice, folder, services)
            path = join(folder, "Dockerfile")
            change = whole(path, "docker", found.tree.texts.get(path), text, f"an image of {services[0].name}")
            changes += [change] if change else []
        if made and ".dockerignore" not in found.tree.paths:
            text = "".join(f"{line}\n" for line in _IGNORED)
            changes.append(Change(".dockerignore", "docker", None, text, ("what no image needs, secrets first",)))
    for file, service in patched.items():
        changes += _patched(found, choice, file, service, notes)
    return changes


def new_dockerfile(found: Survey, choice: Choice, folder: str, services: list[Service]) -> str:
    """An image in two stages, built from the root: dependencies, then what runs, as nobody in particular."""
    service = next((one for one in services if one.name == choice.migrates), services[0])
    image = f"python:{choice.python}-slim"
    words, env = from_root(service, found.tree)
    declared = _is_declared(found, folder)
    lines = [f"# docker build -f {join(folder, 'Dockerfile')} ."] if folder else []
    lines += [f"FROM {image} AS build", "WORKDIR /app", *in_image(found.tree, folder)]
    if not declared:
        lines += [_OWN, _venv(choice)]
    lines += ["", f"FROM {image}"]
    paths = "/opt/app/bin:$PATH" if declared else "/opt/app/bin:$PATH:/opt/pgready/bin"
    lines += [f'ENV PATH="{paths}" PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1']
    lines += [f"ENV {name}=/app/{value}" for name, value in env.items()]
    lines += ["WORKDIR /app", "COPY --from=build /opt/app /opt/app"]
    lines += [] if declared else ["COPY --from=build /opt/pgready /opt/pgready"]
    lines += _copies(found, choice, folder)
    port = next((one.port for one in services if one.port), 0)
    lines += [f"EXPOSE {port}"] if port else []
    lines += [
        "USER 1000:1000",
        f"ENTRYPOINT {dockerfile.exec_form(['pgready', choice.verb(service.name), '--'])}",
        f"CMD {dockerfile.exec_form(words)}",
    ]
    return "\n".join(lines) + "\n"


def _venv(choice: Choice) -> str:
    return f'RUN python -m venv /opt/pgready && /opt/pgready/bin/pip install --no-cache-dir "pgready=={choice.version}"'


def _is_declared(found: Survey, folder: str) -> bool:
    at = project_folder(found.tree, folder)
    text = found.tree.text(join(at, "requirements.txt")) + found.tree.text(join(at, "pyproject.toml"))
    return re.search(r"^\s*[\"']?pgready\b(?!\])", text.replace("[tool.pgready", ""), re.M) is not None


def _copies(found: Survey, choice: Choice, folder: str) -> list[str]:
    """Code, schema, migrations and settings, each where it is in the repository."""
    if not folder:
        return ["COPY . ."]
    lines = [f"COPY {folder} ./{folder}"]
    lines += [f"COPY {path} ./{path}" for path in database_folders(found)]
    if "settings" in choice.parts or found.settings:
        lines.append(f"COPY {found.settings or settings_file(found)} ./")
    return lines


def database_folders(found: Survey) -> list[str]:
    """The folders that hold schema and migrations, none inside another."""
    schema = found.database.schema
    folder = schema.rpartition("/")[0] if schema.endswith(".prisma") else schema
    both = [one for one in (folder or schema, found.database.migrations) if one]
    return [one for one in dict.fromkeys(both) if not any(other != one and inside(one, other) for other in both)]


def settings_file(found: Survey) -> str:
    """Where settings are, or will be."""
    if found.settings:
        return found.settings
    return "pyproject.toml" if "pyproject.toml" in found.tree.paths else "pgready.toml"


# ── those that are there ──


def _patched(found: Survey, choice: Choice, file: str, service: Service, notes: list[str]) -> list[Change]:
    text = found.tree.text(file)
    stage = dockerfile.final(text)
    if stage is None:
        notes.append(f"{file} has no FROM: it was left alone")
        return []
    entry, cmd = stage.last("ENTRYPOINT"), stage.last("CMD")
    started = " ".join(one.text for one in (entry, cmd) if one is not None)
    script = script_of(found.tree, stage, service.context)
    behind = verb_of(started) or verb_of(found.tree.text(script))
    migrates = calls_prisma(started + found.tree.text(script)) or migrating_package(found.tree, service)
    own = service.language == "python" or behind or bool(migrates)
    if not own:
        notes.append(
            f"{file} ({service.name}) was left alone, since it is not Python and does not migrate: "
            "docs/how-to/docker.md shows how it waits"
        )
        return []
    verb = choice.verb(service.name)
    changes: list[Change] = []
    edits: list[Edit] = []
    why: list[str] = []
    if not behind and script and "entrypoints" in choice.parts:
        changed = mended_script(found.tree.text(script), "pgready", verb)
        if changed is None:
            notes.append(f"{script} is not understood: let its last line be  exec pgready {verb} -- COMMAND")
        else:
            removed = "Prisma's CLI is gone from it; " if calls_prisma(found.tree.text(script)) else ""
            changes.append(
                Change(script, "entrypoints", found.tree.text(script), changed, (f"{removed}pgready {verb} starts it",))
            )
    elif not behind and "docker" in choice.parts and not script:
        edits += _start(entry, cmd, verb, why, _shell(stage))
        if not edits:
            notes.append(f"{file} says neither ENTRYPOINT nor CMD: start it by  pgready {verb} -- COMMAND")
            return []
    if "docker" in choice.parts and (behind or edits or changes):
        edits += _installed(found, choice, stage, service, why, notes, file)
        edits += _database_copied(found, stage, service, why)
    if edits:
        changes.append(Change(file, "docker", text, apply(text, edits), tuple(why)))
    return changes


def _shell(stage: dockerfile.Stage) -> str:
    """What shell forms are run by."""
    named = stage.last("SHELL")
    return base(named.words[0]) if named is not None and named.words else "sh"


def _start(
    entry: dockerfile.Instruction | None, cmd: dockerfile.Instruction | None, verb: str, why: list[str], shell: str
) -> list[Edit]:
    """Pgready in front of what the image runs; a shell only where the command needs one."""
    front = ["pgready", verb, "--"]
    if entry is not None:
        words = _words(entry, why, shell)
        rest = [Edit(entry.line, entry.end, (f"ENTRYPOINT {dockerfile.exec_form([*front, *words])}",))]
        why.append(f"it starts behind pgready {verb}")
        if cmd is not None and (cmd.words is None or calls_prisma(cmd.text)):
            rest.append(Edit(cmd.line, cmd.end, (f"CMD {dockerfile.exec_form(_words(cmd, why, shell))}",)))
        return rest
    if cmd is None:
        return []
    words = _words(cmd, why, shell)
    why.append(f"it starts behind pgready {verb}")
    if not words:
        return [Edit(cmd.line, cmd.end, (f"ENTRYPOINT {dockerfile.exec_form(['pgready', 'migrate', 'deploy'])}",))]
    lines = (f"ENTRYPOINT {dockerfile.exec_form(front)}", f"CMD {dockerfile.exec_form(words)}")
    return [Edit(cmd.line, cmd.end, lines)]


def _words(one: dockerfile.Instruction, why: list[str], shell: str) -> list[str]:
    """`shell` is that of the image's shell form."""
    words = list(one.words or ())
    script = one.script
    if words and not script:
        return words
    if calls_prisma(script):
        script = without(script)
        why.append("Prisma's CLI is gone from its start")
    plain = dockerfile.plain_words(script)
    if plain is not None:
        if one.words is None:
            why.append("in exec form, so that signals reach it")
        return list(plain)
    last = script.rpartition("&&")
    alone = (
        script
        if last[2].strip().startswith("exec ")
        else f"{last[0]}{last[1]}{' ' if last[1] else ''}exec {last[2].strip()}"
    )
    return [dockerfile.shell_of(one.text) if one.words else shell, "-c", alone] if script else []


def _installed(
    found: Survey,
    choice: Choice,
    stage: dockerfile.Stage,
    service: Service,
    why: list[str],
    notes: list[str],
    file: str,
) -> list[Edit]:
    """Pgready in an environment of its own, right behind FROM."""
    text = "\n".join(one.text for one in stage.parts)
    if "pgready" in text.replace("pgready boot", "").replace('"pgready"', "") or _is_declared(found, service.folder):
        return []
    image = base(stage.image)
    after = list(stage.all("FROM"))[-1].end + 1
    if image.startswith("python"):
        lines = [_OWN, _venv(choice)]
    elif "alpine" in image:
        lines = [_OWN, "# hadolint ignore=DL3018", "RUN apk add --no-cache python3 \\", *_venv_below(choice)]
    elif image.startswith(("node", "debian", "ubuntu", "oven")):
        lines = [
            _OWN,
            "# hadolint ignore=DL3008",
            "RUN apt-get update && apt-get install -y --no-install-recommends python3 python3-venv \\",
            "    && rm -rf /var/lib/apt/lists/* \\",
            *_venv_below(choice),
        ]
    else:
        notes.append(
            f"{file}: how its image {stage.image} gets a Python is not known: docs/how-to/docker.md shows ways"
        )
        return []
    why.append("pgready is installed")
    return [insert(after, *lines, 'ENV PATH="$PATH:/opt/pgready/bin"')]


def _venv_below(choice: Choice) -> list[str]:
    return [
        "    && python3 -m venv /opt/pgready \\",
        f'    && /opt/pgready/bin/pip install --no-cache-dir "pgready=={choice.version}"',
    ]


def copies_database(found: Survey, stage: dockerfile.Stage, context: str) -> bool:
    """Whether the image holds the migrations, as far as its COPY lines say."""
    folders = list(database_folders(found))
    for one in stage.all("COPY", "ADD"):
        words = one.text.split()
        plain = " ".join(word for word in words if not word.startswith("--"))
        sources = re.sub(r'[\[\]",]', " ", plain).split()[:-1] if plain.startswith("[") else plain.split()[:-1]
        if any(word.startswith("--from=") for word in words):
            if any("prisma" in word or "migrations" in word or word in (".", "/app", "/app/") for word in sources):
                return True
            continue
        for word in sources:
            path = join(context, word)
            folders = [folder for folder in folders if not inside(folder, path) and not _matches(folder, path)]
    return not folders


def _matches(folder: str, pattern: str) -> bool:
    """Whether a COPY pattern takes the folder, or one above it."""
    parts = folder.split("/")
    return any(fnmatch.fnmatchcase("/".join(parts[: at + 1]), pattern) for at in range(len(parts)))


def _database_copied(found: Survey, stage: dockerfile.Stage, service: Service, why: list[str]) -> list[Edit]:
    """Schema and migrations, where pgready finds them without being told: `prisma` in the working directory."""
    if not database_folders(found) or copies_database(found, stage, service.context):
        return []
    first = next(
        (
            one
            for one in stage.parts
            if one.name in ("USER", "ENTRYPOINT", "CMD") and one.line > stage.all("FROM")[-1].line
        ),
        None,
    )
    if first is None:
        return []
    why.append("schema and migrations are in the image")
    lines: list[str] = []
    if sees_database(found.database, service.context):
        start = service.context + "/" if service.context else ""
        copies = [(path.removeprefix(start), "") for path in database_folders(found)]
    else:
        copies = [(path, "--from=repository ") for path in database_folders(found)]
    for number, (path, source) in enumerate(copies):
        lines += ["# hadolint ignore=DL3022"] if source else []
        target = "prisma" if found.database.kind == "prisma" else "migrations"
        lines.append(f"COPY {source}{path} ./{target}" + ("/migrations" if number else ""))
    return [insert(first.line, *lines)]


def needs_repository(found: Survey, service: Service, choice: Choice) -> bool:
    """Whether the service's image copies from the build context `repository`, the root."""
    text = found.tree.text(service.dockerfile)
    if not service.dockerfile or not service.context or is_ours(text):
        return False
    stage = dockerfile.final(text)
    if stage is None or sees_database(found.database, service.context):
        return "--from=repository" in text
    own = service.language == "python" or bool(calls_prisma(text))
    return "--from=repository" in text or (
        own and not copies_database(found, stage, service.context) and "docker" in choice.parts
    )
