"""Dockerfiles, entrypoints, compose and scripts of package.json: what starts, and how."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from pgready.setup import dockerfile, yaml_reader
from pgready.setup.finding import Finding
from pgready.setup.found import Survey, build_of
from pgready.setup.package_scripts import migrating_package, starting_scripts
from pgready.setup.pooler import IMAGES, why_in_text
from pgready.setup.prisma_calls import calls_prisma, mended_script, verb_of
from pgready.setup.services import script_of
from pgready.setup.tree import base, join, parent
from pgready.setup.write_docker import copies_database

_SECRET = re.compile(r"postgres(?:ql)?://[^:@/\s\"']+:(?!\$)[^@\s\"'$]+@", re.I)
_INIT = "pgready init"
_BY_HAND = "take the call out, and let the last line be: exec pgready boot -- COMMAND"


def check_images(found: Survey) -> Iterator[Finding]:
    """Every finding of the files that start something, in the order of the files."""
    for words in found.unreadable.values():
        place, _, what = words.partition(": ")
        text = f"it is not understood ({what}), and was not looked at"
        yield Finding(
            "unreadable",
            "warning",
            text,
            place,
            "look at it yourself; charts: helm template . shows what becomes of it",
        )
    for file in found.dockerfiles:
        yield from _dockerfile(found, file)
    for path in found.scripts:
        yield from _script(found, path)
    yield from _compose(found)
    yield from _package_scripts(found)
    yield from _nobody(found)


def _dockerfile(found: Survey, file: str) -> Iterator[Finding]:
    text = found.tree.text(file)
    stage = dockerfile.final(text)
    if stage is None:
        return
    stages = dockerfile.read(text)
    for part in stages:
        yield from _tag(part.image, f"{file}:{part.parts[0].line}", {other.name for other in stages})
    for one in stage.all("ENV", "ARG"):
        if _SECRET.search(one.text):
            yield Finding(
                "url-with-secret",
                "error",
                "the password in this URL is in every copy of the image",
                f"{file}:{one.line}",
                "take it out, change the password, and give DATABASE_URL at run time",
            )
    start = [one for one in (stage.last("ENTRYPOINT"), stage.last("CMD")) if one is not None]
    context = next((one.context for one in found.services if one.dockerfile == file), _context(found, file))
    script = script_of(found.tree, stage, context)
    script_text = found.tree.text(script)
    behind = next((verb for one in start if (verb := verb_of(one.text))), "") or verb_of(script_text)
    for one in start:
        where = f"{file}:{one.line}"
        if calls_prisma(one.text):
            yield _prisma(one.text, where)
        if verb_of(one.text) and one.words is None and "exec" not in one.text:
            yield _signals(
                where, f"{one.name} is in shell form: a shell is process 1, and docker stop never reaches pgready"
            )
        elif verb_of(one.script) and one.words and not re.search(r"exec\s+\S*pgready", one.script):
            yield _signals(where, "pgready runs inside sh -c without exec: docker stop reaches the shell only")
        elif behind and one.words is None and not verb_of(one.text) and not one.text.startswith("exec "):
            yield Finding(
                "signals-lost",
                "warning",
                f"{one.name} is in shell form: the service runs below a shell, which keeps its signals",
                where,
                f"write it as words: {one.name} {dockerfile.exec_form(dockerfile.plain_words(one.text) or ('…',))}",
            )
    user = stage.last("USER")
    if user is None or user.text.split(":")[0] in ("root", "0"):
        yield Finding(
            "runs-as-root",
            "warning",
            "the image runs as root; pgready needs no root, and few services do",
            f"{file}:{user.line if user else stage.parts[-1].line}",
            "USER 1000",
        )
    if behind in ("boot", "wait", "migrate"):
        whole = "\n".join(one.text for part in dockerfile.read(text) for one in part.parts if one.name != "ENTRYPOINT")
        installs = re.search(r"pgready(?!\s+(?:boot|wait|migrate))", re.sub(r'"pgready", "(?:boot|wait)"', "", whole))
        if not installs and not _declared(found, file):
            yield Finding(
                "pgready-not-installed",
                "error",
                "the image starts by pgready, and nothing installs it",
                file,
                "RUN pip install --no-cache-dir pgready, or: pgready init",
            )
        if not copies_database(found, stage, context):
            yield Finding(
                "migrations-not-in-image",
                "error",
                f"no COPY takes {found.database.migrations}: pgready would find no migrations",
                file,
                f"COPY {found.database.migrations} ./{found.database.migrations}",
            )
    elif _is_python(found, file) and start and not any(map(calls_prisma, [script_text, *(one.text for one in start)])):
        yield Finding(
            "not-behind-pgready",
            "warning",
            "the service starts without asking whether the database is ready for it",
            f"{file}:{start[0].line}",
            f'{_INIT}, or: ENTRYPOINT ["pgready", "wait", "--"]',
        )


def _is_python(found: Survey, file: str) -> bool:
    return any(one.dockerfile == file and one.language == "python" for one in found.services)


def _context(found: Survey, file: str) -> str:
    """The folder that an image of no known service is built from."""
    for node in found.compose_services.values():
        built = build_of(node, found.compose)
        if built is not None and built[1] == file:
            return built[0]
    return ""


def _declared(found: Survey, file: str) -> bool:
    names = [join(folder, name) for folder in (parent(file), "") for name in ("requirements.txt", "pyproject.toml")]
    return any(re.search(r"^\s*[\"']?pgready\b(?!\])", found.tree.text(name), re.M) for name in names)


def _tag(image: str, where: str, stages: set[str]) -> Iterator[Finding]:
    name = base(image)
    if not image or image in stages or image == "scratch" or "@" in image or "$" in image:
        return
    if ":" not in name or name.endswith(":latest"):
        yield Finding(
            "latest-tag",
            "warning",
            f"{image} is another image tomorrow",
            where,
            f"name a version: {image.removesuffix(':latest')}:VERSION",
        )


def _signals(where: str, text: str, command: str = "") -> Finding:
    """`command`: what is to be written as a list in YAML; "" for an image."""
    mend = 'ENTRYPOINT ["pgready", "boot", "--"] and CMD ["…"], as words'
    if command:
        words = [word.strip("\"'") for word in command.partition(" -c ")[2].strip("\"'").split()]
        mend = (
            f"command: {dockerfile.exec_form(words) if dockerfile.plain_words(' '.join(words)) else command}, as a list"
        )
    return Finding("signals-lost", "error", text, where, mend)


def _prisma(text: str, where: str) -> Finding:
    verb = calls_prisma(text)
    what = {
        "migrate dev": "it may reset the database",
        "db push": "it changes the database without a migration, and may lose data",
    }.get(verb, "replicas race, a failed migration stays failed, and Node is in the image for it")
    return Finding("prisma-at-start", "error", f"prisma {verb} runs at every start: {what}", where, _INIT)


def _scripts_of_images(found: Survey) -> set[str]:
    """The scripts that init looks at: those that an image of a service starts with."""
    stages = [(one, dockerfile.final(found.tree.text(one.dockerfile))) for one in found.services if one.dockerfile]
    return {script_of(found.tree, stage, one.context) for one, stage in stages if stage is not None}


def _script(found: Survey, path: str) -> Iterator[Finding]:
    began = ""
    mended = path in _scripts_of_images(found) and mended_script(found.tree.text(path), "pgready", "boot") is not None
    for number, line in enumerate(found.tree.text(path).split("\n"), 1):
        bare = f"{began} {line.strip()}".strip()
        if bare.startswith("#"):
            continue
        began = bare[:-1].rstrip() if bare.endswith("\\") else ""
        if began:
            continue
        if calls_prisma(bare):
            finding = _prisma(bare, f"{path}:{number}")
            yield finding if mended else replace(finding, mend=_BY_HAND)
        if verb_of(bare) in ("boot", "wait") and " -- " in bare and not re.search(r"(?:^|\s|&&|;)exec\s", bare):
            yield Finding(
                "signals-lost",
                "error",
                "pgready is called without exec: signals reach the shell, not the service",
                f"{path}:{number}",
                f"exec {bare}",
            )


def _compose(found: Survey) -> Iterator[Finding]:
    for name, node in found.compose_services.items():
        where = f"{found.compose}:{node.key_line or node.line}"
        image = node.value("image")
        if node.get("build") is None:
            yield from _tag(image, where, set())
        texts = [
            " ".join(one.words() or [one.text])
            for key in ("entrypoint", "command")
            if (one := node.get(key)) is not None
        ]
        calls = next((text for text in texts if calls_prisma(text)), "")
        scale = node.value("deploy", "replicas") or node.value("scale")
        if calls:
            yield _prisma(calls, where)
        built = build_of(node, found.compose)
        prisma = bool(calls) or bool(built and _starts_by_prisma(found, built[1]))
        if prisma and scale.isdigit() and int(scale) > 1:
            yield _race(name, int(scale), where)
        for text in texts:
            if verb_of(text) in ("boot", "wait") and re.search(r"\b(?:sh|bash) -c", text) and "exec " not in text:
                yield _signals(where, f"{name}: pgready runs inside sh -c without exec", text)
        yield from _pooled(found, name, node, f"{built[1]}" if built else "", " ".join(texts), where)
        if found.service(name) is not None and (built is not None or any(verb_of(text) for text in texts)):
            yield from _url(name, node, where)
        yield from _compose_probe(found, name, node)


def _pooled(found: Survey, name: str, node: yaml_reader.Node, file: str, text: str, where: str) -> Iterator[Finding]:
    """Who migrates through a pooler needs a way around it, for what a pooler cannot carry."""
    stage = dockerfile.final(found.tree.text(file)) if file else None
    start = [one.text for part in ("ENTRYPOINT", "CMD") if stage and (one := stage.last(part)) is not None]
    script = found.tree.text(script_of(found.tree, stage, parent(file))) if stage else ""
    if (verb_of(text) or next(filter(None, map(verb_of, [*start, script])), "")) not in ("boot", "migrate"):
        return
    poolers = {other for other, one in found.compose_services.items() if IMAGES.search(one.value("image"))}
    yield from around_pooler(name, variables(node) or {}, poolers, where)


def around_pooler(name: str, known: Mapping[str, str], poolers: Collection[str], where: str) -> Iterator[Finding]:
    """The finding for a container that migrates, by its variables; `poolers` are hosts that are known to be one."""
    url = known.get("PGREADY_URL") or known.get("DATABASE_URL", "")
    why = why_in_text(url, poolers)
    if why and not any("DIRECT" in key for key in known):
        yield Finding(
            "pooler-without-direct-url",
            "warning",
            f"{name} migrates through a pooler ({why}) and gets no direct URL:"
            " CREATE INDEX CONCURRENTLY will be refused",
            where,
            "PGREADY_DIRECT_URL: that of the server itself; see docs/how-to/pgbouncer.md",
        )


def _race(name: str, count: int, where: str) -> Finding:
    text = f"{count} replicas of {name} call Prisma's CLI at once: those that wait longer than 10 s for its lock fail"
    return Finding("replicas-race", "error", text, where, _INIT)


def _starts_by_prisma(found: Survey, file: str) -> bool:
    stage = dockerfile.final(found.tree.text(file))
    if stage is None:
        return False
    start = [one.text for one in (stage.last("ENTRYPOINT"), stage.last("CMD")) if one is not None]
    script = script_of(found.tree, stage, parent(file))
    return any(calls_prisma(text) for text in [*start, found.tree.text(script)])


def variables(node: yaml_reader.Node) -> dict[str, str] | None:
    """A compose service's variables; None where they come from elsewhere too."""
    if node.get("env_file") is not None:
        return None
    env = node.get("environment")
    if env is None:
        return {}
    if env.kind == "seq":
        return dict([*one.text.partition("=")[::2]] for one in env.items)
    merged = env.get("<<")
    inherited = {key: one.text for key, one in merged.entries.items()} if merged is not None else {}
    return inherited | {key: one.text for key, one in env.entries.items() if key != "<<"}


def _url(name: str, node: yaml_reader.Node, where: str) -> Iterator[Finding]:
    known = variables(node)
    if known is None:
        return
    urls = [value for key, value in known.items() if "URL" in key or _SECRET.search(value)]
    if not urls and not any(key.startswith("PG") for key in known):
        yield Finding(
            "url-missing",
            "error",
            f"{name} gets no DATABASE_URL",
            where,
            "environment: DATABASE_URL: postgresql://USER:PASSWORD@db:5432/DATABASE",
        )
    for url in urls:
        if re.match(r"postgres(?:ql)?://postgres:", url) and known.get("PGREADY_URL"):
            yield Finding(
                "role-owns-too-much",
                "warning",
                f"{name} serves as postgres, the superuser, though PGREADY_URL migrates",
                where,
                "give the service a role of its own: docs/how-to/several-services.md",
            )


def _compose_probe(found: Survey, name: str, node: yaml_reader.Node) -> Iterator[Finding]:
    """A health check matters where somebody waits for it: compose gives up on who waits."""
    probe = node.get("healthcheck")
    waiters = [
        other
        for other, one in found.compose_services.items()
        if one.value("depends_on", name, "condition") == "service_healthy"
    ]
    if probe is None or not waiters or found.service(name) is None:
        return
    start = _seconds(probe.value("start_period"), 0)
    budget = start + _seconds(probe.value("interval"), 30) * float(probe.value("retries") or 3)
    if budget < 300:
        yield Finding(
            "probe-too-tight",
            "warning",
            f"{', '.join(waiters)} gives up if {name} is not healthy after {budget:.0f} s, migrations included",
            f"{found.compose}:{probe.key_line}",
            "healthcheck: start_period: 1h, or depend without a condition: pgready wait waits",
        )


def _seconds(text: str, default: float) -> float:
    parts = re.findall(r"([\d.]+)(ms|h|m|s)", text)
    return (
        sum(float(one) * {"ms": 0.001, "s": 1, "m": 60, "h": 3600}[unit] for one, unit in parts) if parts else default
    )


def _package_scripts(found: Survey) -> Iterator[Finding]:
    behind = {path for one in found.services if (path := migrating_package(found.tree, one))}
    for path in sorted(found.tree.paths):
        if base(path) != "package.json":
            continue
        for name, command in starting_scripts(found.tree.text(path)).items():
            lines = found.tree.text(path).split("\n")
            number = next((at for at, line in enumerate(lines, 1) if f'"{name}"' in line), 1)
            finding = _prisma(command, f"{path}:{number}")
            # What no Dockerfile starts is nobody's that init knows: it writes a note and leaves it alone.
            by_hand = f"take it out of {name}, and start that by: pgready boot -- npm run {name}"
            yield finding if path in behind else replace(finding, mend=by_hand)
    for number, line in enumerate(found.tree.text("Procfile").split("\n"), 1):
        if not calls_prisma(line):
            continue
        finding = _prisma(line, f"Procfile:{number}")
        text = "Prisma's CLI runs at every release: a failed migration stays failed, and Node is there for it"
        yield replace(finding, level="warning", text=text) if line.startswith("release:") else finding


def _nobody(found: Survey) -> Iterator[Finding]:
    """Everything waits, and nothing migrates."""
    texts = [found.tree.text(path) for path in (*found.dockerfiles, *found.scripts, found.compose, "Procfile")]
    texts += [found.tree.text(one.path) for one in found.workloads]
    verbs = {verb_of(part) for text in texts for part in text.split("\n")}
    if "wait" in verbs and not verbs & {"boot", "migrate"}:
        yield Finding(
            "nobody-migrates",
            "error",
            "every service waits for the database, and none makes it ready",
            "",
            "pgready init --migrates SERVICE",
        )
