"""Services and the containers of manifests: which is which, and those that only a manifest starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pgready.setup import yaml_reader
from pgready.setup.start_words import strip_start
from pgready.setup.tree import Tree, base, join

if TYPE_CHECKING:
    from pgready.setup.found import Service, Survey, Workload

_STAYING = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")


def words_of(container: yaml_reader.Node) -> tuple[str, ...]:
    """What a container runs by its manifest; nothing where its image decides."""
    parts = [one.words() or [] for key in ("command", "args") if (one := container.get(key)) is not None]
    return tuple(word for words in parts for word in words)


def image_name(container: yaml_reader.Node) -> str:
    """The last part of its image's name, without tag or digest."""
    return base(container.value("image").partition("@")[0]).partition(":")[0]


def gets_url(container: yaml_reader.Node) -> bool:
    """Whether it gets a database's URL, as far as the manifest says."""
    env = container.get("env")
    names = [one.value("name") for one in env.items] if env is not None else []
    return container.get("envFrom") is not None or any("URL" in one or one.startswith("PGHOST") for one in names)


def service_of(found: Survey, workload: Workload, container: yaml_reader.Node) -> Service | None:
    """The service that a container runs: by its name, its image's or its workload's, or by the one image there is."""
    main = workload.pod.get("containers")
    mains = main.items if main is not None else []
    by_name = found.service(container.value("name")) or found.service(image_name(container))
    if by_name is not None and not words_of(container):
        own = found.service(workload.name)
        return own if own is not None and own.dockerfile == by_name.dockerfile and len(mains) == 1 else by_name
    if by_name is not None and found.service(container.value("name")) is not None:
        return by_name
    if all(one is not container for one in mains):
        return None
    if (own := found.service(workload.name)) is not None and (len(mains) == 1 or mains[0] is container):
        return own
    if by_name is not None:
        return by_name
    images = {one.dockerfile for one in found.services if one.dockerfile}
    if len(images) == 1 and workload.kind in _STAYING and gets_url(container) and not words_of(container):
        return next(one for one in found.services if one.dockerfile)
    return None


def in_manifests(
    tree: Tree, workloads: Sequence[Workload], known: Mapping[str, Service]
) -> list[tuple[str, str, tuple[str, ...], Service]]:
    """Name, manifest, command of each service that only a manifest starts, and the service whose image it shares.

    A command counts if it names a file or module of the repository, so nobody else's container is taken for one.
    """
    images = {one.dockerfile: one for one in known.values() if one.dockerfile and one.language == "python"}
    found = []
    for workload in workloads:
        main = workload.pod.get("containers")
        mains = main.items if main is not None and workload.kind in _STAYING else []
        for container in mains:
            name = workload.name if len(mains) == 1 else container.value("name")
            command = strip_start(words_of(container))
            image = known.get(image_name(container))
            if image is None or not image.dockerfile:
                image = next(iter(images.values())) if len(images) == 1 else None
            if not command or image is None or name in known or any(one.command == command for one in known.values()):
                continue
            if _is_of(tree, image.context, command):
                found.append((name, workload.path, command, image))
    return found


def _is_of(tree: Tree, context: str, command: tuple[str, ...]) -> bool:
    places = [
        join(context, join(start, path))
        for word in command
        for path in (word, *(word.partition(":")[0].replace(".", "/") + end for end in (".py", "/__main__.py")))
        for start in ("", "src")
    ]
    return any(one in tree.paths for one in places if one.endswith(".py"))
