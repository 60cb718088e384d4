"""docs/reference/cli.md: every command with its usage and flags, made from the program itself.

python tools/cli_page.py            writes it
python tools/cli_page.py --check    exits 1 if the file is not what would be written
"""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from pgready.cli.group import cli

PAGE = Path(__file__).parents[1] / "docs/reference/cli.md"
HEAD = """\
<!-- Made by `make docs` from the program: change the commands, not this page. -->

# Every command and flag

What `--help` prints, on one page. What the commands are for is in [commands](commands.md), what their ends mean in
[exit codes](exit-codes.md), what else a flag can be set by in [settings](settings.md).
"""


def page() -> str:
    """The whole page."""
    found = list(_commands(cli, click.Context(cli, info_name="pgready")))
    listed = [f"- [`{context.command_path}`](#{context.command_path.replace(' ', '-')})" for _, context in found]
    return "\n".join([HEAD, *listed, *(_section(command, context) for command, context in found)]) + "\n"


def _commands(group: click.Group, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        below = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from _commands(command, below)
        else:
            yield command, below


def _section(command: click.Command, context: click.Context) -> str:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    text = "\n\n".join(
        " ".join(paragraph.split()) for paragraph in inspect.cleandoc(command.help or "").split("\n\n")
    ).replace("\b", "")
    rows = [
        record
        for parameter in command.get_params(context)
        if isinstance(parameter, click.Option)
        and parameter.name != "help"
        and (record := parameter.get_help_record(context)) is not None
    ]
    table = ["| flag | |", "|---|---|", *(f"| `{_cell(flag)}` | {_cell(words)} |" for flag, words in rows)]
    return f"\n## {context.command_path}\n\n    {usage}\n\n{text}\n\n" + "\n".join(table)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true")
    if parser.parse_args().check:
        return 0 if PAGE.read_text(encoding="utf-8") == page() else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
