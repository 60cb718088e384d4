"""compose: a file for a repository without one, and lines for one that is there."""

from __future__ import annotations

import json
import re

from pgready.setup import dockerfile, yaml_reader
from pgready.setup.change import Change, is_ours, whole
from pgready.setup.choice import Choice, from_root
from pgready.setup.found import Service, Survey, build_of
from pgready.setup.lines import Edit, apply, insert
from pgready.setup.prisma_calls import calls_prisma, verb_of, without
from pgready.setup.services import script_of
from pgready.setup.tree import Tree, join, parent
from pgready.setup.write_docker import needs_repository

_ADDRESS = "0.0.0.0"  # noqa: S104 - a text


def compose_changes(found: Survey, choice: Choice, notes: list[str]) -> list[Change]:
    """One file at most."""
    if "compose" not in choice.parts:
        return []
    path = found.compose or "compose.yaml"
    before = found.tree.texts.get(path)
    if path in found.unreadable:
        notes.append(f"{found.unreadable[path]}: it is not understood, so nothing was done to it")
        return []
    if before is None or is_ours(before):
        if not found.services:
            return []
        change = whole(path, "compose", before, new_compose(found, choice), "a database and the services")
        return [change] if change else []
    edits: list[Edit] = []
    why: list[str] = []
    for name, node in found.compose_services.items():
        edits += _patched(found, choice, path, name, node, why, notes)
    missing = [one.name for one in found.services if one.name not in found.compose_services]
    if missing:
        notes.append(f"{path} does not start {', '.join(missing)}: add what it should run")
    if not edits:
        return []
    after = apply(before, edits)
    return [Change(path, "compose", before, after, tuple(why))] if _still_read(before, after, notes, path) else []


def new_compose(found: Survey, choice: Choice) -> str:
    """PostgreSQL and every service that has an image; nothing waits for a health check, since pgready waits."""
    name = _database_name(found.tree)
    url = f"postgresql://postgres:${{DB_PASSWORD}}@db:5432/{name}"
    lines = [
        "# DB_PASSWORD=… docker compose up",
        "services:",
        "  db:",
        f"    image: postgres:{choice.postgres}",
        "    environment:",
        "      POSTGRES_PASSWORD: ${DB_PASSWORD:?set DB_PASSWORD}",
        f"      POSTGRES_DB: {name}",
        "    volumes:",
        "      - data:/var/lib/postgresql/data",
    ]
    shared: set[str] = set()
    for one in found.services:
        file = one.dockerfile or (join(one.folder, "Dockerfile") if one.language == "python" and one.command else "")
        if not file:
            continue
        written = not one.dockerfile or is_ours(found.tree.text(one.dockerfile))
        context = "" if written else one.context
        local = file[len(context) + 1 if context else 0 :]
        lines += ["", f"  {one.name}:", "    build:", f"      context: {context or '.'}"]
        lines += [f"      dockerfile: {local}"] if local != "Dockerfile" else []
        if needs_repository(found, one, choice):
            lines += ["      additional_contexts:", "        repository: ."]
        first = next((x for x in found.services if x.folder == one.folder and x.name == choice.migrates), None)
        first = first or next(x for x in found.services if x.folder == one.folder)
        if (written or one.language == "python") and (file in shared or first.name != one.name):
            words = from_root(one, found.tree)[0] if written else one.command
            lines.append(f"    entrypoint: {json.dumps(['pgready', choice.verb(one.name), '--'])}")
            lines.append(f"    command: {json.dumps(list(words))}")
        shared.add(file)
        lines += ["    environment:", f"      DATABASE_URL: {url}"]
        lines += [f"      HOST: {_ADDRESS}", f'      PORT: "{one.port}"'] if one.port else []
        lines += [f'    ports: ["{one.port}:{one.port}"]'] if one.port else []
        lines += ["    read_only: true", "    tmpfs: [/tmp]"] if written else []
        lines += ["    depends_on: [db]", "    restart: on-failure"]
    return "\n".join([*lines, "", "volumes:", "  data:"]) + "\n"


def _database_name(tree: Tree) -> str:
    return re.sub(r"[^a-z0-9_]+", "_", tree.name.lower()).strip("_") or "app"


# ── one that is there ──


def _patched(
    found: Survey, choice: Choice, path: str, name: str, node: yaml_reader.Node, why: list[str], notes: list[str]
) -> list[Edit]:
    service = found.service(name)
    parts = {key: node.get(key) for key in ("entrypoint", "command")}
    texts = {key: _text(one) for key, one in parts.items() if one is not None}
    ours = any(verb_of(text) for text in texts.values())
    deploys = [key for key, text in texts.items() if calls_prisma(text)]
    if any(key not in node.entries for key in deploys):
        notes.append(f"{path}: {name} calls Prisma's CLI in what it merges (<<): take it out there")
        deploys = [key for key in deploys if key in node.entries]
    if node.flow and (deploys or service):
        notes.append(f"{path}: {name} is written in braces: it was left alone")
        return []
    edits: list[Edit] = []
    for key in deploys:
        one = parts[key]
        rest = _without(one) if one is not None else []
        if one is None or one.key_line == 0:
            continue
        line = " " * (one.key_column - 1)
        if not rest:
            edits.append(_replace(one, f'{line}entrypoint: ["pgready", "migrate", "deploy"]', key))
            if key == "command" and parts["entrypoint"] is not None:
                notes.append(f"{path}: {name} has an entrypoint of its own: look at it")
            why.append(f"{name} migrates by pgready: Prisma's CLI is gone")
        elif service is not None and service.dockerfile and key == "command":
            edits.append(_replace(one, f"{line}command: {json.dumps(rest)}", key))
            why.append(f"{name}: Prisma's CLI is gone from its command")
        else:
            front = ["pgready", choice.verb(name), "--"]
            edits.append(_replace(one, f"{line}{key}: {json.dumps([*front, *rest])}", key))
            why.append(f"{name} starts behind pgready {choice.verb(name)}")
    if service is None or build_of(node, path) is None:
        return edits
    entry = parts["entrypoint"]
    starts = service.language == "python" or calls_prisma(found.tree.text(service.dockerfile))
    if entry is not None and not ours and "entrypoint" not in deploys and starts and "entrypoint" in node.entries:
        words = [*_front(choice, name), *(_words_of(entry) or [])]
        edits.append(_replace(entry, f"{' ' * (entry.key_column - 1)}entrypoint: {json.dumps(words)}", "entrypoint"))
        why.append(f"{name} starts behind pgready {choice.verb(name)}")
    elif entry is None and not ours and starts and _shares_image(found, service, choice):
        # Behind its own build, or in front of its command: a build that it merges stands elsewhere.
        build, first = node.entries.get("build"), node.entries.get("command") or next(iter(node.entries.values()))
        before = build.end + 1 if build is not None else first.key_line
        column = (build or first).key_column - 1
        edits.append(insert(before, f"{' ' * column}entrypoint: {json.dumps(_front(choice, name))}"))
        why.append(f"{name} waits for who migrates")
    if needs_repository(found, service, choice):
        edits += _context(path, node, why, name)
    return edits


def _front(choice: Choice, name: str) -> list[str]:
    return ["pgready", choice.verb(name), "--"]


def _shares_image(found: Survey, service: Service, choice: Choice) -> bool:
    """Whether the image's own start is for another service of it."""
    if not service.dockerfile or choice.verb(service.name) == "boot":
        return False
    others = [one for one in found.services if one.dockerfile == service.dockerfile and one.name != service.name]
    stage = dockerfile.final(found.tree.text(service.dockerfile))
    if stage is not None and script_of(found.tree, stage, service.context):
        # The script does more than start it; that both may migrate does no harm.
        return False
    return any(one.name == choice.migrates for one in others)


def _context(path: str, node: yaml_reader.Node, why: list[str], name: str) -> list[Edit]:
    """Let the build copy schema and migrations from the root."""
    build = node.entries.get("build")
    if build is None or build.get("additional_contexts") is not None or (build.kind == "map" and build.flow):
        return []
    up = "/".join([".."] * parent(path).count("/")) or "."
    indent = " " * (build.key_column - 1)
    step = "  "
    why.append(f"{name}: its build sees the repository's migrations")
    if build.kind == "scalar":
        lines = (f"{indent}build:", f"{indent}{step}context: {build.text}")
        more = (f"{indent}{step}additional_contexts:", f"{indent}{step * 2}repository: {up}")
        return [Edit(build.key_line, build.end, (*lines, *more))]
    inner = " " * (next(iter(build.entries.values())).key_column - 1)
    return [insert(build.end + 1, f"{inner}additional_contexts:", f"{inner}{step}repository: {up}")]


def _replace(one: yaml_reader.Node, line: str, key: str) -> Edit:  # noqa: ARG001 - the key is in the line
    return Edit(one.key_line, max(one.end, one.key_line), (line,))


def _text(one: yaml_reader.Node) -> str:
    return one.text if one.kind == "scalar" else " ".join(one.words() or [])


def _words_of(one: yaml_reader.Node) -> list[str] | None:
    words = one.words()
    if words is not None:
        return words
    plain = dockerfile.plain_words(one.text)
    return list(plain) if plain is not None else ["sh", "-c", one.text]


def _without(one: yaml_reader.Node) -> list[str]:
    """The command that is left without Prisma's CLI; none if there is nothing else in it."""
    words = one.words()
    script = dockerfile.shell_script(words) if words is not None else ""
    if words is not None and not script:
        return []
    text = script or dockerfile.shell_script(dockerfile_words(one.text)) or one.text
    rest = without(text)
    plain = dockerfile.plain_words(rest) if rest else ()
    if plain is None:
        head, joint, last = rest.rpartition("&&")
        shell = dockerfile.shell_of(" ".join(words) if words is not None else one.text)
        return [shell, "-c", f"{head}{joint} exec {last.strip().removeprefix('exec ')}".strip()]
    return list(plain)


def dockerfile_words(text: str) -> list[str]:
    """A compose command line's words, as compose splits it; none where it cannot."""
    import shlex

    try:
        return shlex.split(text)
    except ValueError:
        return []


def _still_read(before: str, after: str, notes: list[str], path: str) -> bool:
    """Nothing but starts and builds may differ: a patch that goes wrong is never offered."""
    try:
        old, new = yaml_reader.read(before), yaml_reader.read(after)
    except yaml_reader.Unreadable as e:
        notes.append(f"{path}: the lines did not fit (line {e.line}); nothing was done to it")
        return False
    if [_bare(one) for one in old] != [_bare(one) for one in new]:
        notes.append(f"{path}: the lines did not fit; nothing was done to it")
        return False
    return True


def _bare(one: yaml_reader.Node) -> object:
    plain = one.plain()
    services = plain.get("services") if isinstance(plain, dict) else None
    if isinstance(services, dict):
        for service in services.values():
            for key in ("entrypoint", "command", "build"):
                if isinstance(service, dict):
                    service.pop(key, None)
    return plain
