"""What a repository has: its database, its services, its container files and its CI."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from pgready.setup import yaml_reader
from pgready.setup.found import Database, Survey, Workload
from pgready.setup.known import settings_table
from pgready.setup.prisma_calls import calls_prisma, verb_of
from pgready.setup.services import find_services
from pgready.setup.tree import Tree, base, join, parent

COMPOSE = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
_KINDS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod", "ReplicaSet")


def survey(tree: Tree, named: Mapping[str, tuple[str, tuple[str, ...]]] | None = None, schema: str = "") -> Survey:
    """Look at a repository. `named` are services that somebody named, name to folder and command; `schema` likewise."""
    unreadable: dict[str, str] = {}
    database = find_database(tree, schema)
    dockerfiles = tuple(path for path in sorted(tree.paths) if _is_dockerfile(base(path)) and not _example(path))
    compose = _compose_file(tree)
    composed = _compose(tree, compose, unreadable)
    workloads = tuple(_workloads(tree, unreadable))
    scripts = tuple(
        path
        for path in sorted(tree.paths)
        if (path.endswith((".sh", ".bash")) or re.search(r"entrypoint|^start$|^boot$", base(path)))
        and tree.text(path)
        and not path.endswith((".py", ".js", ".ts"))
        and (calls_prisma(tree.text(path)) or verb_of(tree.text(path)) or "entrypoint" in path)
    )
    services = find_services(tree, dockerfiles, composed, compose, workloads, named or {})
    return Survey(
        tree=tree,
        database=database,
        services=services,
        dockerfiles=dockerfiles,
        compose=compose,
        compose_services=composed,
        workloads=workloads,
        workflows=tuple(
            path
            for path in sorted(tree.paths)
            if parent(path) == ".github/workflows" and path.endswith((".yml", ".yaml"))
        ),
        gitlab=".gitlab-ci.yml" in tree.paths,
        scripts=scripts,
        pre_commit=".pre-commit-config.yaml" in tree.paths,
        settings=_settings(tree),
        unreadable=unreadable,
    )


def find_database(tree: Tree, schema: str = "") -> Database:
    """The schema that is named, by `schema` or by the settings; else the one that is there; else a folder of SQL files.

    Among several schemas that nobody chose from, the one nearest to the root; the rest are its `others`.
    """
    settings = settings_table(tree)
    named = schema or _local(settings.get("schema"))
    folder = "" if schema else _local(settings.get("migrations"))
    if named and (tree.text(named) or any(path.endswith(".prisma") for path in tree.below(named))):
        return _prisma(tree, named, folder)
    if folder and tree.below(folder):
        scripts = [path for path in tree.below(folder) if path.endswith(".sql")]
        kind: Literal["prisma", "sql"] = "prisma" if any(base(one) == "migration.sql" for one in scripts) else "sql"
        return Database("", folder, kind, tuple(scripts))
    found = _schemas(tree)
    if found:
        return replace(found[0], others=tuple(one.schema for one in found[1:]))
    plain = [parent(path) for path in tree.paths if path.endswith(".sql") and base(parent(path)) == "migrations"]
    nested = [parent(folder) for folder in {parent(p) for p in tree.paths if base(p) == "migration.sql"}]
    folders = sorted({*plain, *nested}, key=lambda path: (_example(path), path.count("/"), path))
    if not folders:
        return Database("", "", "none")
    return Database("", folders[0], "sql", tuple(path for path in tree.below(folders[0]) if path.endswith(".sql")))


def _schemas(tree: Tree) -> list[Database]:
    """Every Prisma schema that may be meant, the likeliest first.

    What has migrations beats what has none: the copy that Prisma's generator leaves beside a client, for one.
    """
    found = [path for path in tree.paths if path.endswith(".prisma") and _has_datasource(tree.text(path))]
    found.sort(key=lambda path: (_example(path), path.count("/"), path))
    known = dict.fromkeys(_whole_schema(tree, path) for path in found if not _example(path) or path == found[0])
    all_of_them = [_prisma(tree, one, "") for one in known]
    return [one for one in all_of_them if one.scripts] or all_of_them


def _local(value: object) -> str:
    """A path of the settings as the tree has it; "" for none."""
    return join("", value) if isinstance(value, str) else ""


def _whole_schema(tree: Tree, path: str) -> str:
    """The folder of a schema of several files, else the file."""
    folder = parent(path)
    alone = len([one for one in tree.below(folder) if one.endswith(".prisma")]) == 1
    return path if alone or not folder else folder


def _prisma(tree: Tree, schema: str, migrations: str) -> Database:
    folder = parent(schema) if schema.endswith(".prisma") else schema
    if not migrations:
        migrations = join(folder, "migrations")
        if not tree.below(migrations) and parent(folder):
            above = join(parent(folder), "migrations")
            migrations = above if tree.below(above) else migrations
    scripts = tuple(path for path in tree.below(migrations) if base(path) == "migration.sql")
    return Database(schema, migrations, "prisma", scripts)


def _has_datasource(text: str) -> bool:
    return re.search(r"^\s*datasource\s+\w+\s*\{", text, re.M) is not None


def _is_dockerfile(name: str) -> bool:
    return name in ("Dockerfile", "Containerfile") or name.startswith("Dockerfile.") or name.endswith(".Dockerfile")


def _example(path: str) -> bool:
    return any(part in ("examples", "test", "tests", "fixtures", ".devcontainer") for part in path.split("/")[:-1])


def _settings(tree: Tree) -> str:
    if "pgready.toml" in tree.paths:
        return "pgready.toml"
    return "pyproject.toml" if re.search(r"^\[tool\.pgready[\].]", tree.text("pyproject.toml"), re.M) else ""


def _compose_file(tree: Tree) -> str:
    """The one nearest to the root; among several in a folder the one that compose would take."""
    found = [path for path in tree.paths if base(path) in COMPOSE and path.count("/") <= 2 and not _example(path)]
    return min(found, key=lambda path: (path.count("/"), parent(path), COMPOSE.index(base(path))), default="")


def _compose(tree: Tree, path: str, unreadable: dict[str, str]) -> dict[str, yaml_reader.Node]:
    if not path:
        return {}
    try:
        documents = yaml_reader.read(tree.text(path))
    except yaml_reader.Unreadable as e:
        unreadable[path] = f"{path}:{e.line}: {e.what}"
        return {}
    services = documents[0].get("services") if documents else None
    return dict(services.entries) if services is not None and services.kind == "map" else {}


def _workloads(tree: Tree, unreadable: dict[str, str]) -> list[Workload]:
    found = []
    for path in sorted(tree.paths):
        text = tree.text(path)
        if not path.endswith((".yml", ".yaml")) or "apiVersion:" not in text or "kind:" not in text:
            continue
        try:
            documents = yaml_reader.read(text)
        except yaml_reader.Unreadable as e:
            unreadable[path] = f"{path}:{e.line}: {e.what}"
            continue
        for one in documents:
            for node in one.get("items").items if one.get("items") and one.value("kind") == "List" else [one]:  # type: ignore[union-attr]
                workload = _workload(path, node)
                if workload is not None:
                    found.append(workload)
    return found


def _workload(path: str, node: yaml_reader.Node) -> Workload | None:
    kind = node.value("kind")
    if kind not in _KINDS:
        return None
    below = {"Pod": ("spec",), "CronJob": ("spec", "jobTemplate", "spec", "template", "spec")}
    pod = node.get(*below.get(kind, ("spec", "template", "spec")))
    if pod is None or pod.kind != "map":
        return None
    containers = tuple(
        one
        for key in ("initContainers", "containers")
        if (listed := pod.get(key)) is not None
        for one in listed.items
        if one.kind == "map"
    )
    replicas = node.value("spec", "replicas")
    count = int(replicas) if replicas.isdigit() else 1
    return Workload(path, node.value("metadata", "name"), kind, node, pod, containers, count)
