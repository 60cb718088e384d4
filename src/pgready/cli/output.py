"""Data goes to stdout, or whole into the file that somebody names."""

from __future__ import annotations

import os

import click

from pgready.errors import UsageInvalid


def write_output(text: str, output: str | None) -> None:
    """To stdout, or whole into a file: never half of it."""
    if output is None:
        click.echo(text, nl=False)
        return
    place = os.path.realpath(output)
    beside = f"{place}.{os.getpid()}.new"
    try:
        if os.path.exists(output) and not os.path.isfile(output):  # a terminal, a pipe: nothing to replace
            with open(output, "w", encoding="utf-8") as file:
                file.write(text)
            return
        with open(beside, "w", encoding="utf-8") as file:
            file.write(text)
        if os.path.exists(place):
            os.chmod(beside, os.stat(place).st_mode & 0o7777)
        os.replace(beside, place)
    except OSError as e:
        if os.path.exists(beside):
            os.unlink(beside)
        raise UsageInvalid(f"{output} cannot be written: {e.strerror}", where=output, code="output") from None
