"""db seed: the project's own command fills the database; it gets the same database as every other command."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pgready.errors import CommandNotExecutable, CommandNotFound, MigrationFailed, UsageInvalid
from pgready.process.exec import check_runnable, find_command
from pgready.process.foreground import run
from pgready.project.seed import Seed, find_seed
from pgready.report.story import Event, Teller


@dataclass(frozen=True, slots=True)
class Prepared:
    """A seed command whose program was found."""

    path: str
    words: tuple[str, ...]
    source: str
    environ: Mapping[str, str] = field(repr=False)


def prepare(flags: Mapping[str, object], extra: Sequence[str] = ()) -> Prepared | None:
    """The seed command with `extra` arguments, looked up; None where the project has none.

    Raises UsageInvalid, CommandNotFound and CommandNotExecutable.
    """
    seed = find_seed(flags, dict(os.environ), os.getcwd())
    if seed is None:
        return None
    environ = _environ(seed)
    try:
        path = find_command(list(seed.words), environ)
        check_runnable(path)
    except (CommandNotFound, CommandNotExecutable) as e:
        raise type(e)(f"the seed command: {e.what}", where=seed.source, then="name a program that is there") from None
    return Prepared(path, (*seed.words, *extra), seed.source, environ)


def missing() -> UsageInvalid:
    """The error where a seed was asked for and the project names none."""
    return UsageInvalid(
        "the project has no seed command: looked at seed in pgready.toml and [tool.pgready], migrations.seed in"
        " prisma.config.ts, prisma.seed in package.json",
        then='write one, for example in pyproject.toml:  [tool.pgready] seed = "python seed.py"',
        code="seed_missing",
    )


def _environ(seed: Seed) -> dict[str, str]:
    environ = {**os.environ, **seed.environ}
    if seed.folders:
        environ["PATH"] = os.pathsep.join((*seed.folders, environ.get("PATH") or os.defpath))
    return environ


def run_seed(prepared: Prepared, tell: Teller, *, as_json: bool = False) -> None:
    """Run it; raises MigrationFailed with its exit code if that is not 0. With `as_json` its stdout goes to stderr."""
    # The program only: an argument may hold a password.
    text = f"running the seed command of {prepared.source}: {prepared.words[0]}{' …' * (len(prepared.words) > 1)}"
    tell(Event("seeding", text, {"source": prepared.source}))
    code = run(prepared.path, prepared.words, prepared.environ, output_to_stderr=as_json)
    if code:
        end = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        raise MigrationFailed(
            f"the seed command {end}",
            where=prepared.source,
            then="its own words are above; the migrations are not affected: mend it, then: pgready db seed",
            code="seed_failed",
        )
    tell(Event("seeded", "the seed command has been executed", {"source": prepared.source}))
