"""Manifests: probes against the longest migration, images, commands, the URL."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgready.setup import yaml_reader
from pgready.setup.check_images import _SECRET, _prisma, _race, _signals, _tag, around_pooler
from pgready.setup.finding import Finding
from pgready.setup.found import Survey, Workload, answers_probes
from pgready.setup.manifest_services import gets_url, service_of
from pgready.setup.prisma_calls import calls_prisma, verb_of

UNKNOWN = 300.0
"""Seconds that a start should have where nobody knows how long the longest migration takes."""


def check_kubernetes(found: Survey, longest: float | None) -> Iterator[Finding]:
    """Every finding; `longest` is the longest migration in seconds, None where it is not known."""
    for workload in found.workloads:
        for container in workload.containers:
            yield from _container(found, workload, container, longest)
        yield from _deadline(workload, longest)


def _container(
    found: Survey, workload: Workload, container: yaml_reader.Node, longest: float | None
) -> Iterator[Finding]:
    name = container.value("name")
    where = f"{workload.path}:{container.line}"
    lists = [one.words() or [] for key in ("command", "args") if (one := container.get(key)) is not None]
    text = " ".join(word for words in lists for word in words)
    yield from _tag(container.value("image"), where, _tagged(found))
    if calls_prisma(text):
        alone = workload.kind in ("Job", "CronJob")
        if not alone:
            yield _prisma(text, where)
        if workload.replicas > 1:
            yield _race(workload.name, workload.replicas, where)
    if (
        verb_of(text) in ("boot", "wait")
        and re.search(r"\b(?:sh|bash) -c", text)
        and not re.search(r"exec \S*pgready", text)
    ):
        yield _signals(where, f"{name}: pgready runs inside sh -c without exec", text)
    yield from _env(container, name, where)
    image = service_of(found, workload, container)
    starts = found.tree.text(image.dockerfile) if image is not None and not text else text
    if "boot" in (verbs := {verb_of(line) for line in starts.split("\n")}) or "migrate" in verbs:
        env = container.get("env")
        known = {one.value("name"): one.value("value") for one in env.items} if env is not None else {}
        if container.get("envFrom") is None:
            yield from around_pooler(name, known, (), where)
    service = service_of(found, workload, container)
    if verb_of(text) in ("boot", "wait") or service is not None:
        yield from _probe(found, workload, container, text, longest)
        if verb_of(text) and not gets_url(container):
            yield Finding(
                "url-missing",
                "error",
                f"{name} gets no DATABASE_URL",
                where,
                "env: a DATABASE_URL from a secret (valueFrom: secretKeyRef)",
            )


def _tagged(found: Survey) -> set[str]:
    """Images that a kustomization gives a tag or a digest."""
    names = set()
    for path in found.tree.paths:
        if path.rpartition("/")[2] in ("kustomization.yaml", "kustomization.yml"):
            try:
                documents = yaml_reader.read(found.tree.text(path))
            except yaml_reader.Unreadable:
                continue
            images = documents[0].get("images") if documents else None
            listed = images.items if images is not None else []
            names |= {one.value("name") for one in listed if one.value("newTag") or one.value("digest")}
    return names


def _env(container: yaml_reader.Node, name: str, where: str) -> Iterator[Finding]:
    env = container.get("env")
    for one in env.items if env is not None else ():
        if _SECRET.search(one.value("value")):
            yield Finding(
                "url-with-secret",
                "error",
                f"{name}: {one.value('name')} holds a password, in a file that is committed",
                where,
                "put it into a Secret, name it by valueFrom: secretKeyRef, and change the password",
            )


def _number(probe: yaml_reader.Node, key: str, default: float) -> float:
    text = probe.value(key)
    return float(text) if re.fullmatch(r"\d+(?:\.\d+)?", text) else default


def budget(probe: yaml_reader.Node) -> float:
    """Seconds until a probe that never succeeds has its container killed."""
    return _number(probe, "initialDelaySeconds", 0) + _number(probe, "periodSeconds", 10) * _number(
        probe, "failureThreshold", 3
    )


def _probe(
    found: Survey, workload: Workload, container: yaml_reader.Node, text: str, longest: float | None
) -> Iterator[Finding]:
    startup, liveness = container.get("startupProbe"), container.get("livenessProbe")
    probe = startup or liveness
    if probe is None:
        return
    service = service_of(found, workload, container)
    name = service.name if service is not None else ""
    answers = _has(container, "PGREADY_HEALTH") or answers_probes(found, name, text)
    where = f"{workload.path}:{probe.key_line or probe.line}"
    if answers and (probe.value("httpGet", "path") == "/livez" or probe.get("tcpSocket") is not None):
        if _number(probe, "failureThreshold", 3) < 2:
            yield Finding(
                "probe-too-tight",
                "error",
                "between pgready and the service the port is closed for a moment, and one failure kills",
                where,
                "failureThreshold: 2",
            )
        return
    kind = "startupProbe" if startup is not None else "livenessProbe"
    allowed = budget(probe)
    needed = longest * 2 if longest is not None else UNKNOWN
    if allowed >= needed:
        return
    known = (
        f"the longest migration took {longest:.0f} s"
        if longest is not None
        else "how long the longest migration takes is not known"
    )
    surely = longest is not None and allowed < longest
    count = max(int(max(needed, 3600) / 5), 1)
    yield Finding(
        "probe-too-tight",
        "error" if surely else "warning",
        f"{workload.name}: the {kind} kills after {allowed:.0f} s, a migration included; {known}",
        where,
        f"startupProbe with periodSeconds: 5, failureThreshold: {count}; or boot --health and a probe on /livez",
    )


def _has(container: yaml_reader.Node, name: str) -> bool:
    env = container.get("env")
    return any(one.value("name") == name for one in env.items) if env is not None else False


def _deadline(workload: Workload, longest: float | None) -> Iterator[Finding]:
    text = workload.node.value("spec", "progressDeadlineSeconds")
    allowed = float(text) if text.isdigit() else 600.0
    if workload.kind == "Deployment" and longest is not None and longest > allowed:
        yield Finding(
            "probe-too-tight",
            "warning",
            f"{workload.name}: a rollout counts as failed after {allowed:.0f} s;"
            f" the longest migration took {longest:.0f} s",
            f"{workload.path}:{workload.node.line}",
            f"progressDeadlineSeconds: {max(3600, int(longest * 2))}",
        )
    job = workload.node.value("spec", "activeDeadlineSeconds")
    if workload.kind == "Job" and job.isdigit() and float(job) < (longest if longest is not None else UNKNOWN):
        yield Finding(
            "probe-too-tight",
            "error" if longest is not None else "warning",
            f"{workload.name}: the Job is ended after {job} s",
            f"{workload.path}:{workload.node.line}",
            "take activeDeadlineSeconds out, or give it an hour",
        )
