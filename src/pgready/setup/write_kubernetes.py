"""Kubernetes: manifests for a repository without any, and lines for those that are there."""

from __future__ import annotations

import json

from pgready.setup import dockerfile, yaml_reader
from pgready.setup.change import Change, is_ours, whole
from pgready.setup.choice import Choice, from_root
from pgready.setup.code_services import slug
from pgready.setup.found import Service, Survey, Workload, answers_probes
from pgready.setup.lines import Edit, apply, insert
from pgready.setup.manifest_services import service_of
from pgready.setup.prisma_calls import calls_prisma, verb_of, without

FOLDER = "k8s"
PATIENCE = 720
"""Failures of a start-up probe, five seconds apart: an hour for migrations."""
_RECHECK = 5


def kubernetes_changes(found: Survey, choice: Choice, notes: list[str]) -> list[Change]:
    """A kustomization with a file for each service, or patches of what is there."""
    if "kubernetes" not in choice.parts:
        return []
    foreign = [one for one in found.workloads if not is_ours(found.tree.text(one.path))]
    broken = [path for path in found.unreadable if path != found.compose]
    notes += [f"{found.unreadable[path]}: it is not understood, so nothing was done to it" for path in broken]
    if foreign or broken:
        return _patched(found, choice, foreign, notes)
    changes: list[Change | None] = []
    names = [one for one in found.services if one.command and (one.language == "python" or one.dockerfile)]
    for one in names:
        path = f"{FOLDER}/{slug(one.name)}.yaml"
        text = manifest(found, choice, one)
        changes.append(whole(path, "kubernetes", found.tree.texts.get(path), text, f"a Deployment of {one.name}"))
    if names:
        path = f"{FOLDER}/kustomization.yaml"
        listed = "".join(f"  - {slug(one.name)}.yaml\n" for one in names)
        text = f"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n{listed}"
        changes.append(whole(path, "kubernetes", found.tree.texts.get(path), text, "kubectl apply -k k8s"))
    return [one for one in changes if one is not None]


def manifest(found: Survey, choice: Choice, service: Service) -> str:
    """A Deployment whose probes leave migrations in peace, and a Service if it serves."""
    name, port = slug(service.name), service.port
    start = _start(found, choice, service)
    health = service.health or "/"
    probe = f"httpGet: {{path: {health}, port: {port}}}" if service.health else f"tcpSocket: {{port: {port}}}"
    lines = [
        f"# kubectl create secret generic {found_secret(found)} --from-literal=url=postgresql://…",
        "apiVersion: apps/v1",
        "kind: Deployment",
        "metadata:",
        f"  name: {name}",
        "spec:",
        f"  replicas: {2 if port else 1}",
        "  progressDeadlineSeconds: 3600",
        "  selector:",
        f"    matchLabels: {{app: {name}}}",
        "  template:",
        "    metadata:",
        f"      labels: {{app: {name}}}",
        "    spec:",
        "      containers:",
        f"        - name: {name}",
        f"          image: registry.example.com/{name}:1.0.0",
        *start,
        "          env:",
        "            - name: DATABASE_URL",
        "              valueFrom:",
        f"                secretKeyRef: {{name: {found_secret(found)}, key: url}}",
        "            - {name: PGREADY_LOG_FORMAT, value: json}",
    ]
    if port:
        lines += [
            "            - {name: HOST, value: 0.0.0.0}",
            f'            - {{name: PORT, value: "{port}"}}',
            "          ports:",
            f"            - containerPort: {port}",
            "          # The port opens after the migrations: an hour for them, so that no probe kills one.",
            "          startupProbe:",
            f"            {probe}",
            f"            periodSeconds: {_RECHECK}",
            f"            failureThreshold: {PATIENCE}",
            "          readinessProbe:",
            f"            {probe}",
            "            failureThreshold: 2",
            "          livenessProbe:",
            f"            tcpSocket: {{port: {port}}}",
        ]
    lines += [
        "          resources:",
        "            requests: {cpu: 50m, memory: 64Mi}",
        "            limits: {memory: 256Mi}",
        "          securityContext:",
        "            runAsNonRoot: true",
        "            runAsUser: 1000",
        "            readOnlyRootFilesystem: true",
        "            allowPrivilegeEscalation: false",
    ]
    if port:
        lines += ["---", "apiVersion: v1", "kind: Service", "metadata:", f"  name: {name}", "spec:"]
        lines += [f"  selector: {{app: {name}}}", "  ports:", f"    - {{port: 80, targetPort: {port}}}"]
    return "\n".join(lines) + "\n"


def _start(found: Survey, choice: Choice, service: Service) -> list[str]:
    """Nothing where the image itself starts behind pgready, and as this service."""
    theirs = service.dockerfile and not is_ours(found.tree.text(service.dockerfile))
    shared = [one for one in found.services if one.dockerfile == service.dockerfile and one.name != service.name]
    if theirs and (service.language != "python" or not shared):
        return []
    words = service.command if theirs else from_root(service, found.tree)[0]
    return [
        f"          command: {json.dumps(['pgready', choice.verb(service.name), '--'])}",
        f"          args: {json.dumps(list(words))}",
    ]


def found_secret(found: Survey) -> str:
    """The secret's name: the repository's."""
    return f"{slug(found.tree.name)}-db"


# ── those that are there ──


def _patched(found: Survey, choice: Choice, workloads: list[Workload], notes: list[str]) -> list[Change]:
    edits: dict[str, list[Edit]] = {}
    why: dict[str, list[str]] = {}
    for one in workloads:
        for container in one.containers:
            made = _container(found, choice, one, container, why.setdefault(one.path, []), notes)
            edits.setdefault(one.path, []).extend(made)
    changes = []
    for path, made in edits.items():
        if not made:
            continue
        before = found.tree.text(path)
        after = apply(before, made)
        try:
            yaml_reader.read(after)
        except yaml_reader.Unreadable as e:
            notes.append(f"{path}: the lines did not fit (line {e.line}); nothing was done to it")
            continue
        changes.append(Change(path, "kubernetes", before, after, tuple(why[path])))
    return changes


def _container(
    found: Survey, choice: Choice, workload: Workload, container: yaml_reader.Node, why: list[str], notes: list[str]
) -> list[Edit]:
    name = container.value("name")
    command, args = container.get("command"), container.get("args")
    words = [*((command.words() if command else None) or []), *((args.words() if args else None) or [])]
    text = " ".join(words)
    service = service_of(found, workload, container)
    if container.flow:
        notes.append(f"{workload.path}:{container.line}: {name} is written in braces: it was left alone")
        return []
    edits: list[Edit] = []
    here = f"{workload.kind} {workload.name}, {name}"
    if calls_prisma(text) and (command or args):
        rest = _rest(words)
        first = command or args
        second = args if command else None
        front = (
            ["pgready", choice.verb(service.name if service else name), "--"]
            if rest
            else ["pgready", "migrate", "deploy"]
        )
        indent = " " * ((first.key_column if first else 1) - 1)
        lines = [f"{indent}command: {json.dumps(front)}"]
        lines += [f"{indent}args: {json.dumps(rest)}"] if rest else []
        if first is not None:
            edits.append(Edit(first.key_line, first.end, tuple(lines)))
        if second is not None:
            edits.append(Edit(second.key_line, second.end, ()))
        why.append(f"{here}: pgready in place of Prisma's CLI")
    elif command is not None and service is not None and not verb_of(text) and _alone(workload):
        indent = " " * (command.key_column - 1)
        front = ["pgready", choice.verb(service.name), "--"]
        own = command.words() or []
        lines = [f"{indent}command: {json.dumps([*front, *own])}"]
        edits.append(Edit(command.key_line, command.end, tuple(lines)))
        why.append(f"{here}: it starts behind pgready {choice.verb(service.name)}")
    liveness = container.get("livenessProbe")
    migrates = service is not None and workload.kind in ("Deployment", "StatefulSet", "DaemonSet")
    quiet = service is None or not answers_probes(found, service.name, text + str(container.plain()))
    if migrates and quiet and liveness is not None and container.get("startupProbe") is None:
        edits.append(_startup(liveness))
        why.append(f"{here}: a start-up probe, so that no probe kills a migration")
    return edits


def _alone(workload: Workload) -> bool:
    """Whether nothing else of the pod asks for the database before the service starts."""
    if workload.kind in ("Job", "CronJob"):
        return False
    texts = [str(part.plain()) for one in workload.containers for key in ("command", "args") if (part := one.get(key))]
    return not any(verb_of(text) for text in texts)


def _startup(liveness: yaml_reader.Node) -> Edit:
    """A start-up probe that asks what the liveness probe asks, for an hour."""
    indent = " " * (liveness.key_column - 1)
    inner = indent + "  " if liveness.flow else " " * (next(iter(liveness.entries.values())).key_column - 1)
    asked = next(
        ((key, liveness.entries[key]) for key in ("httpGet", "tcpSocket", "exec", "grpc") if key in liveness.entries),
        None,
    )
    lines = [f"{indent}startupProbe:"]
    if asked is not None:
        lines.append(f"{inner}{asked[0]}: {json.dumps(asked[1].plain())}")
    lines += [f"{inner}periodSeconds: {_RECHECK}", f"{inner}failureThreshold: {PATIENCE}"]
    return insert(liveness.key_line, *_numbers(lines))


def _numbers(lines: list[str]) -> list[str]:
    """Texts of this reader back as the numbers that a probe wants."""
    import re

    return [re.sub(r'"(port|periodSeconds)": "(\d+)"', r'"\1": \2', line) for line in lines]


def _rest(words: list[str]) -> list[str]:
    script = dockerfile.shell_script(words)
    if not script:
        return []
    rest = without(script)
    plain = dockerfile.plain_words(rest) if rest else ()
    return list(plain) if plain is not None else [dockerfile.shell_of(" ".join(words)), "-c", rest]
