"""What is found in a repository, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pgready.setup import yaml_reader
from pgready.setup.code_services import slug
from pgready.setup.tree import Tree, inside, join, parent


@dataclass(frozen=True, slots=True)
class Database:
    """Paths of the schema and of the migrations ("" for none); `kind` of the folder.

    `others` are Prisma schemas that might be meant as well: nobody said which one it is.
    """

    schema: str
    migrations: str
    kind: Literal["prisma", "sql", "none"]
    scripts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def is_usual(self) -> bool:
        """Whether pgready finds it in the root without being told."""
        return self.schema in ("", "prisma/schema.prisma", "prisma/schema", "prisma") and self.migrations in (
            "",
            "prisma/migrations",
            "migrations",
        )


@dataclass(frozen=True, slots=True)
class Service:
    """A process of the repository.

    `folder` is where its code is, `command` its words ("" words never); `manager` of a Python one: uv, poetry, pip, or
    "" without dependencies. `dockerfile` is "" where none was found, `context` the folder it is built from.
    `health` is a path that answers, "" if none was found; `port` 0 if it serves none.
    """

    name: str
    folder: str
    language: Literal["python", "node", "other"]
    command: tuple[str, ...] = ()
    manager: str = ""
    dockerfile: str = ""
    context: str = ""
    port: int = 0
    health: str = ""
    why: str = ""

    @property
    def is_worker(self) -> bool:
        """Whether it serves no HTTP."""
        return not self.port


@dataclass(frozen=True, slots=True)
class Workload:
    """A document of a manifest with a pod in it."""

    path: str
    name: str
    kind: str
    node: yaml_reader.Node
    pod: yaml_reader.Node
    containers: tuple[yaml_reader.Node, ...]
    replicas: int


@dataclass(frozen=True, slots=True)
class Survey:
    """Everything that was found. `unreadable` maps a path to why it was not understood."""

    tree: Tree
    database: Database
    services: tuple[Service, ...]
    dockerfiles: tuple[str, ...]
    compose: str
    compose_services: Mapping[str, yaml_reader.Node]
    workloads: tuple[Workload, ...]
    workflows: tuple[str, ...]
    gitlab: bool
    scripts: tuple[str, ...]
    pre_commit: bool
    settings: str
    unreadable: Mapping[str, str] = field(default_factory=dict)

    def service(self, name: str) -> Service | None:
        """By its name, or by what Kubernetes makes of it."""
        exact = next((one for one in self.services if one.name == name), None)
        return exact or next((one for one in self.services if name and slug(one.name) == name), None)


def answers_probes(found: Survey, name: str, text: str) -> bool:
    """Whether pgready answers probes of this container while it works, by its own words or by its image's."""
    service = found.service(name)
    image = found.tree.text(service.dockerfile) if service is not None else ""
    return any(word in text + image for word in ("--health", "PGREADY_HEALTH"))


def build_of(node: yaml_reader.Node, compose: str) -> tuple[str, str] | None:
    """Context and Dockerfile of a compose service, from the root; None where it builds nothing."""
    build = node.get("build")
    if build is None:
        return None
    context = build.text if build.kind == "scalar" else build.value("context") or "."
    file = build.value("dockerfile") if build.kind == "map" else ""
    if "://" in context or "$" in context:
        return None
    folder = join(parent(compose), context)
    return folder, join(folder, file or "Dockerfile")


def sees_database(database: Database, context: str) -> bool:
    """Whether a build from this folder can copy schema and migrations."""
    return all(inside(path, context) for path in (database.schema, database.migrations) if path)
