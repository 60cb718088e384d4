"""A first query contract and pre-commit hooks."""

from __future__ import annotations

import re

from pgready.psl.analyse import analyse
from pgready.psl.source import Source
from pgready.setup import yaml_reader
from pgready.setup.change import Change
from pgready.setup.choice import Choice
from pgready.setup.found import Survey
from pgready.setup.lines import Edit, apply, insert
from pgready.setup.sql_tables import Table, tables
from pgready.sql.names import quote_ident

CONTRACTS = "contracts/first.sql"


# ── a first contract ──


def contract_changes(found: Survey, choice: Choice) -> list[Change]:
    """A page of the first table, if there is no contract yet."""
    if "contracts" not in choice.parts or found.tree.below("contracts"):
        return []
    text = first_contract(found)
    why = "a first query contract, for pgready prove"
    return [Change(CONTRACTS, "contracts", None, text, (why,))] if text else []


def first_contract(found: Survey) -> str:
    """One page of a table by its key, "" where there is no such table or the schema is not valid."""
    known = _of_schema(found) if found.database.schema else _of_scripts(found)
    chosen = next((one for one in known if len(one.columns) > 2), known[0] if known else None)
    if chosen is None:
        return ""
    namespace = f"{quote_ident(chosen.schema)}." if chosen.schema else ""
    keys = ", ".join(quote_ident(one) for one in chosen.key)
    after = ", ".join(f":after_{_word(one)}" for one in chosen.key)
    condition = f"({keys}) > ({after})" if len(chosen.key) > 1 else f"{keys} > {after}"
    return (
        "-- Queries that must stay fast at production's size: pgready prove\n"
        f"-- name: page_of_{_word(chosen.name)}\n"
        "-- The next page, by its key. Replace it by the lists that your services show.\n"
        f"SELECT * FROM {namespace}{quote_ident(chosen.name)} WHERE {condition} ORDER BY {keys} LIMIT :limit;\n"
    )


def _of_schema(found: Survey) -> list[Table]:
    """The schema's tables that have a key."""
    folder = found.database.schema
    paths = [folder] if folder.endswith(".prisma") else found.tree.below(folder)
    sources = [Source(path, found.tree.text(path)) for path in paths if path.endswith(".prisma")]
    schema = analyse(sources).schema if sources else None
    return [
        Table(
            one.schema,
            one.database_name,
            tuple(field.name for field in one.scalar_fields),
            tuple(one.columns(tuple(field.name for field in one.primary_key.fields))),
        )
        for one in (schema.models if schema is not None else ())
        if one.primary_key is not None
    ]


def _of_scripts(found: Survey) -> list[Table]:
    """The tables of plain SQL files that have a key."""
    scripts = (found.tree.text(path) for path in found.database.scripts if not path.endswith(".down.sql"))
    return [one for one in tables(scripts) if one.key]


def _word(name: str) -> str:
    return re.sub(r"\W+", "_", name.lower())


# ── pre-commit ──


def pre_commit_changes(found: Survey, choice: Choice, notes: list[str]) -> list[Change]:
    """Hooks that format and validate the schema."""
    path = ".pre-commit-config.yaml"
    if "pre-commit" not in choice.parts or found.database.kind != "prisma":
        return []
    before = found.tree.texts.get(path)
    if before is not None and "pgready" in before:
        return []
    hooks = _hooks(choice)
    why = "the schema is formatted and valid before each commit"
    if before is None:
        return [Change(path, "pre-commit", None, "repos:\n" + "".join(f"{line}\n" for line in hooks), (why,))]
    try:
        repos = yaml_reader.read(before)[0].get("repos")
    except (yaml_reader.Unreadable, IndexError):
        repos = None
    if repos is not None and repos.kind == "seq" and repos.flow and not repos.items and repos.end == repos.key_line:
        after = apply(before, [Edit(repos.key_line, repos.end, ("repos:", *hooks))])
        return [Change(path, "pre-commit", before, after, (why,))]
    if repos is None or repos.kind != "seq" or not repos.items or repos.flow:
        notes.append(f"{path} is not understood: the hooks are in docs/how-to/validate-in-ci.md")
        return []
    indent = " " * (repos.column - 1)
    after = apply(before, [insert(repos.end + 1, *(indent + line for line in hooks))])
    return [Change(path, "pre-commit", before, after, (why,))]


def _hooks(choice: Choice) -> list[str]:
    lines = ["- repo: local", "  hooks:"]
    for verb in ("format", "validate"):
        lines += [
            f"    - id: pgready-{verb}",
            f"      name: pgready {verb}",
            f"      entry: pgready {verb} --quiet",
            "      language: python",
            f'      additional_dependencies: ["pgready=={choice.version}"]',
            r"      files: \.prisma$",
            "      pass_filenames: false",
        ]
    return lines
