"""A first query contract and pre-commit hooks."""

from __future__ import annotations

import re

from pgready.psl.analyse import analyse
from pgready.psl.source import Source
from pgready.setup import yaml_reader
from pgready.setup.change import Change
from pgready.setup.choice import Choice
from pgready.setup.lines import apply, insert
from pgready.setup.survey import Survey
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
    """One page of a table by its key, "" where the schema has no table or is not valid."""
    folder = found.database.schema
    paths = [folder] if folder.endswith(".prisma") else found.tree.below(folder) if folder else []
    sources = [Source(path, found.tree.text(path)) for path in paths if path.endswith(".prisma")]
    if not sources:
        return ""
    schema = analyse(sources).schema
    models = [one for one in schema.models if one.primary_key is not None] if schema is not None else []
    if schema is None or not models:
        return ""
    dated = [one for one in models if len(one.scalar_fields) > 2]
    model = (dated or models)[0]
    key = model.columns(tuple(one.name for one in model.primary_key.fields)) if model.primary_key is not None else ()
    name = model.database_name
    namespace = f"{quote_ident(model.schema)}." if model.schema else ""
    keys = ", ".join(quote_ident(one) for one in key)
    after = ", ".join(f":after_{_word(one)}" for one in key)
    condition = f"({keys}) > ({after})" if len(key) > 1 else f"{keys} > {after}"
    return (
        "-- Queries that must stay fast at production's size: pgready prove\n"
        f"-- name: page_of_{_word(name)}\n"
        "-- The next page, by its key. Replace it by the lists that your services show.\n"
        f"SELECT * FROM {namespace}{quote_ident(name)} WHERE {condition} ORDER BY {keys} LIMIT :limit;\n"
    )


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
