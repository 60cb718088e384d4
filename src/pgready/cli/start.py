"""What boot and wait do with their flags and CMD; no click here, see pgready.cli.main."""

from __future__ import annotations

import contextlib
import os
from typing import Any

from pgready.cli.render import remember
from pgready.cli.story import storyteller
from pgready.errors import UsageInvalid
from pgready.process.exec import become, check_runnable, find_command
from pgready.process.signals import stop_on_signals
from pgready.project.resolution import resolve
from pgready.project.settings import Settings


def settings_from(flags: dict[str, Any]) -> Settings:
    """Settings from flags, environment and files of the current folder."""
    if flags.pop("no_color", None):
        flags["color"] = False
    found = resolve(flags, dict(os.environ), os.getcwd())
    remember(found.log_format, found.color)
    return found


def start(verb: str, flags: dict[str, Any], command: list[str]) -> None:
    """Become CMD once the database is ready.

    CMD is looked up before anything is migrated: an image that cannot start must not touch the database.
    """
    if not command:
        raise UsageInvalid(f"pgready {verb} has no command to start", then=f"pgready {verb} -- CMD [ARG…]")
    if command[0].startswith("-"):
        raise UsageInvalid(f"unknown option {command[0]}", then=f"pgready {verb} --help")
    path = find_command(command, dict(os.environ))
    check_runnable(path)
    settings = settings_from(flags)
    from pgready.commands import boot

    run = boot.boot if verb == "boot" else boot.wait
    with stop_on_signals(), storyteller(settings) as tell, contextlib.ExitStack() as stack:
        if settings.health is not None:
            from pgready.cli.health import answering

            tell = stack.enter_context(answering(settings.health, tell))  # noqa: PLW2901 - the same story, heard
        outcome = run(settings, tell)
    if settings.json:
        import json

        print(json.dumps(outcome.as_dict(), ensure_ascii=False), flush=True)
    become(path, command, dict(os.environ))
