"""Everything that `init` would do to a repository, as changes; nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass

from pgready.setup.change import Change
from pgready.setup.choice import Choice
from pgready.setup.found import Survey


@dataclass(frozen=True, slots=True)
class Plan:
    """`changes` by path, each path once; `notes` say what was left to a human."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...]


def plan(found: Survey, choice: Choice) -> Plan:
    """What is missing or to be patched; nothing if all is there."""
    from pgready.setup.package_scripts import start_changes
    from pgready.setup.write_ci import ci_changes
    from pgready.setup.write_compose import compose_changes
    from pgready.setup.write_docker import docker_changes
    from pgready.setup.write_kubernetes import kubernetes_changes
    from pgready.setup.write_project import contract_changes, pre_commit_changes
    from pgready.setup.write_settings import settings_changes

    notes: list[str] = []
    changes = [
        *settings_changes(found, choice, notes),
        *docker_changes(found, choice, notes),
        *start_changes(found, choice, notes),
        *compose_changes(found, choice, notes),
        *kubernetes_changes(found, choice, notes),
        *ci_changes(found, choice, notes),
        *pre_commit_changes(found, choice, notes),
        *contract_changes(found, choice),
    ]
    return Plan(tuple(one for one in changes if one.before != one.after), tuple(dict.fromkeys(notes)))
