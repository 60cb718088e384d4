"""A service's own words: what stands before them is told apart."""

from __future__ import annotations

from pgready.setup import dockerfile
from pgready.setup.prisma_calls import DEPLOY, OURS, without
from pgready.setup.tree import base


def strip_start(command: tuple[str, ...]) -> tuple[str, ...]:
    """A service's own words: without pgready, Prisma, `sh -c`, `exec`, tini and `poetry run` before them."""
    script = dockerfile.shell_script(command)
    if script:
        rest = without(OURS.sub(lambda found: found[0], script))
        plain = dockerfile.plain_words(rest.rpartition("&&")[2].strip())
        if plain is None:
            shell = dockerfile.shell_of(" ".join(command))
            return () if DEPLOY.search(script) and not rest else (shell, "-c", rest)
        command = plain
    if "--" in command and any(base(one) in ("pgready", "tini", "dumb-init") for one in command[:1]):
        command = command[command.index("--") + 1 :]
        return strip_start(command)
    if command[:1] == ("exec",):
        command = command[1:]
    return command


def without_runner(command: tuple[str, ...]) -> tuple[str, ...]:
    """A command without `poetry run` or `uv run` before it: as it is in an environment that is active."""
    if command[:2] not in (("poetry", "run"), ("uv", "run"), ("pdm", "run"), ("pipenv", "run")):
        return command
    rest = command[2:]
    while rest and rest[0].startswith("-"):
        rest = rest[1:]
    return rest
