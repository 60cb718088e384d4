"""Findings as GitLab's Code Quality report: a list of issues whose fingerprints outlive moved lines. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from pgready.psl.diagnostics import Diagnostic
from pgready.report.annotations import dumped
from pgready.report.excerpt import mask


@dataclass(frozen=True, slots=True)
class Issue:
    """A diagnostic and what it is about: the migration's name and the statement's text, whatever line it is on.

    `is_section`: the migration is a part of its file, and the diagnostic's source has blank lines for the rest.
    """

    diagnostic: Diagnostic
    migration: str
    statement: str
    is_section: bool = False


def fingerprints(issues: Sequence[Issue]) -> list[str]:
    """One for each: that of the same hazard of the same statement is the same in every run."""
    seen: dict[str, int] = {}
    found = []
    for one in issues:
        key = "\0".join((one.diagnostic.code, one.migration, " ".join(one.statement.split())))
        number = seen[key] = seen.get(key, 0) + 1
        found.append(hashlib.sha256(f"{key}\0{number}".encode()).hexdigest())
    return found


def gitlab(issues: Sequence[Issue]) -> str:
    """The report."""
    found = []
    for one, fingerprint in zip(issues, fingerprints(issues), strict=True):
        line, _ = one.diagnostic.span.source.position(one.diagnostic.span.start)
        end, _ = one.diagnostic.span.source.position(one.diagnostic.span.end)
        text = mask(one.diagnostic.message)
        found.append(
            {
                "type": "issue",
                "check_name": one.diagnostic.code,
                "description": text,
                "content": {"body": mask(one.diagnostic.help)},
                "categories": ["Performance" if one.diagnostic.code < "H014" else "Compatibility"],
                "severity": "critical" if one.diagnostic.severity == "error" else "minor",
                "fingerprint": fingerprint,
                "location": {"path": one.diagnostic.span.source.path, "lines": {"begin": line, "end": end}},
            }
        )
    return dumped(found)
