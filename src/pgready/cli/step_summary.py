"""GitHub's step summary: Markdown that a run shows beside its log."""

from __future__ import annotations

import os

import click


def add(markdown: str) -> None:
    """Append to the file of GITHUB_STEP_SUMMARY, if that is set; one that cannot be written is told and no more."""
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if not file:
        return
    try:
        with open(file, "a", encoding="utf-8") as out:
            out.write(markdown if markdown.endswith("\n") else markdown + "\n")
    except OSError as e:
        click.echo(f"pgready: GITHUB_STEP_SUMMARY was not written: {e.strerror}", err=True)
