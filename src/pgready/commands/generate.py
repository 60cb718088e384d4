"""generate: a schema's generators, what each of them would write, and the folders that it goes to.

It needs no database, no URL and no `.env`, and `check` writes nothing at all.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pgready.codegen.source import SourceFile, is_generated
from pgready.errors import UsageInvalid
from pgready.project.output_folder import FileState, compare, put_right
from pgready.project.schema_sources import find_and_read
from pgready.psl.schema import Generator, Schema

OPTIONS: dict[str, tuple[str, ...]] = {"pgready-sqlalchemy": (), "pgready-pydantic": ("enums",)}
"""Our providers, and the keys that their blocks may have beside `provider` and `output`."""

PROVIDERS = tuple(OPTIONS)
_OURS = "pgready-"


@dataclass(frozen=True, slots=True)
class Job:
    """A generator to be run: its block's name ("" without one), provider and folder, as given and absolute.

    `enums` is the module that Pydantic's models take their enums from, None for their own.
    """

    name: str
    provider: str
    output: str
    folder: str
    enums: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What a job found in its folder; unless it was a check, all of it is as it should be now."""

    job: Job
    files: tuple[FileState, ...]

    @property
    def is_fresh(self) -> bool:
        """Whether nothing was to be done."""
        return all(one.state == "same" for one in self.files)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Every job's result; `others` are the generators (name, provider) that are left to their owners."""

    jobs: tuple[Written, ...]
    others: tuple[tuple[str, str], ...]


def generate(
    flags: Mapping[str, object], *, output: str | None = None, names: Sequence[str] = (), check: bool = False
) -> Outcome:
    """Run the schema's generators, or those called `names`; `output` is a folder that replaces what the block says.

    All folders are looked at before the first is written. Raises UsageInvalid for a schema that cannot be read or is
    not valid, for generators without an output, and for folders that are not theirs.
    """
    cwd = os.getcwd()
    schema = _schema(flags, cwd)
    jobs = _jobs(schema, cwd, output, names)
    planned = []
    for job in jobs:
        wanted = {file.path: file.text for file in _files(job, schema)}
        planned.append((job, wanted, compare(job.folder, job.output, wanted, is_generated)))
    if not check:
        for job, wanted, states in planned:
            if any(one.state != "same" for one in states):
                put_right(job.folder, job.output, wanted, states)
    others = tuple((one.name, one.provider) for one in schema.generators if one.provider not in PROVIDERS)
    return Outcome(tuple(Written(job, states) for job, _, states in planned), others)


def _schema(flags: Mapping[str, object], cwd: str) -> Schema:
    from pgready.psl.analyse import analyse

    files = find_and_read((), flags, dict(os.environ), cwd)
    found = analyse([file.source for file in files])
    if found.schema is None:
        from pgready.commands.schema_trouble import refuse_invalid

        path = flags.get("schema")
        raise refuse_invalid(found.diagnostics, path if isinstance(path, str) else files[0].source.path)
    return found.schema


def _files(job: Job, schema: Schema) -> tuple[SourceFile, ...]:
    if job.provider == "pgready-pydantic":
        from pgready.codegen.pydantic_files import pydantic_files

        return pydantic_files(schema, job.enums)
    from pgready.codegen.sqlalchemy_files import sqlalchemy_files

    return sqlalchemy_files(schema)


def _jobs(schema: Schema, cwd: str, output: str | None, names: Sequence[str]) -> list[Job]:
    ours = [one for one in schema.generators if one.provider.startswith(_OURS)]
    for one in ours:
        if one.provider not in PROVIDERS:
            raise UsageInvalid(
                f'the generator {one.name} asks for "{one.provider}", which there is not',
                where=one.span.where() if one.span else "",
                then=f"provider = {' or '.join(_quoted(PROVIDERS))}",
                code="generator_unknown",
            )
    jobs = _chosen(ours, schema, cwd, output, names)
    if output is not None:
        if len(jobs) > 1:
            raise UsageInvalid(
                f"--output is one folder, and there are {len(jobs)} generators: {', '.join(one.name for one in jobs)}",
                then=f"say which: --generator {jobs[0].name}",
            )
        jobs = [replace(jobs[0], output=output, folder=os.path.join(cwd, output))]
    _check_apart(jobs)
    return jobs


def _chosen(ours: Sequence[Generator], schema: Schema, cwd: str, output: str | None, names: Sequence[str]) -> list[Job]:
    """The blocks to be run; an output alone makes one up."""
    for name in names:
        if name not in [one.name for one in ours] and not (output is not None and name in PROVIDERS):
            known = ", ".join(one.name for one in ours) or "none"
            other = next((one.provider for one in schema.generators if one.name == name), None)
            why = f'the generator {name} is "{other}", not ours' if other else f"there is no generator {name}"
            raise UsageInvalid(f"{why}; ours: {known}", then="pgready generate --help", code="generator_unknown")
    wanted = [one for one in ours if one.name in names] if names else list(ours)
    if output is not None and not wanted:
        provider = next((name for name in names if name in PROVIDERS), PROVIDERS[0])
        return [Job("", provider, output, output)]
    if not wanted:
        raise UsageInvalid(
            "nothing to generate: the schema has no generator of pgready's",
            then="add it to the schema, or give a folder with --output:\n"
            f'generator python {{\n  provider = "{PROVIDERS[0]}"\n  output   = "../app/models"\n}}',
            code="generator_missing",
        )
    return [_job(one, cwd, output) for one in wanted]


def _job(one: Generator, cwd: str, output: str | None) -> Job:
    """A block's job; its output is relative to the file that it is in, as Prisma has it."""
    if not one.output and output is None:
        raise UsageInvalid(
            f"the generator {one.name} has no output",
            where=one.span.where() if one.span else "",
            then='output = "../app/models", relative to this file',
            code="generator_output",
        )
    beside = os.path.dirname(one.span.source.path) if one.span else ""
    shown = os.path.normpath(os.path.join(beside, one.output or "."))
    return Job(one.name, one.provider, shown, os.path.join(cwd, shown), _enums(one))


def _enums(one: Generator) -> str | None:
    """The block's only option so far; raises UsageInvalid for any other, and for what is no module's name."""
    where = one.span.where() if one.span else ""
    config = dict(one.config)
    for key in config:
        if key not in OPTIONS[one.provider]:
            known = ", ".join(("provider", "output", *OPTIONS[one.provider]))
            raise UsageInvalid(
                f'the generator {one.name} ("{one.provider}") has no option {key}; it has {known}',
                where=where,
                code="generator_option",
            )
    enums = config.get("enums")
    if enums is not None and not (isinstance(enums, str) and all(part.isidentifier() for part in enums.split("."))):
        raise UsageInvalid(
            f"the generator {one.name}: enums is no name of a module",
            where=where,
            then='enums = "app.models"',
            code="generator_option",
        )
    return enums if isinstance(enums, str) else None


def _check_apart(jobs: Sequence[Job]) -> None:
    taken: dict[str, Job] = {}
    for job in jobs:
        other = taken.setdefault(os.path.realpath(job.folder), job)
        if other is not job:
            raise UsageInvalid(
                f"the generators {other.name} and {job.name} both write to {job.output}",
                where=job.output,
                then="give each a folder of its own",
                code="generator_output",
            )


def _quoted(words: Sequence[str]) -> list[str]:
    return [f'"{word}"' for word in words]
