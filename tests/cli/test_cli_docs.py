"""docs/reference/commands.md against the program, and the program's advice against its own commands."""

import re
import subprocess
import sys
from pathlib import Path

import click

from pgready.cli.group import cli

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/commands.md").read_text()


def _commands(group, path=("pgready",)):
    """Every command with its path."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))


def test_every_command_has_its_place_on_the_page():
    """A heading, or a row in its group's table."""
    for path, _ in _commands(cli):
        name = " ".join(path)
        assert re.search(rf"^#+ {name}$", PAGE, re.MULTILINE) or f"| `{name}` |" in PAGE, name


def test_the_page_names_no_command_that_is_not_there():
    """What is headed or tabled as a command is one."""
    known = {" ".join(path) for path, _ in _commands(cli)}
    named = re.findall(r"^#+ (pgready .*)$", PAGE, re.MULTILINE) + re.findall(
        r"^\| `(pgready [a-z ]+)` \|", PAGE, re.MULTILINE
    )
    assert named
    assert set(named) <= known


def test_every_flag_is_on_the_page_and_no_other():
    """By its long name."""
    flags = {
        flag
        for _, command in _commands(cli)
        for option in command.params
        for flag in (*option.opts, *option.secondary_opts)
        if flag.startswith("--")
    }
    known = flags | {"--help", "--version"}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", PAGE))
    assert flags - named == set()
    assert named - known == set()


def test_the_generated_page_is_the_program():
    """`make docs` after a change of commands or flags."""
    run = subprocess.run([sys.executable, "tools/cli_page.py", "--check"], cwd=ROOT, timeout=60, check=False)
    assert run.returncode == 0, "make docs"


def test_advice_names_commands_that_exist():
    """Every `pgready …` that an error or a note tells to run is a command of this version, its flags too."""
    known = {" ".join(path[1:]): command for path, command in _commands(cli)}
    advice = re.compile(
        r"pgready ((?:boot|wait|migrate|settings|embedded|demo|validate|format|db|lint)\b[^\"'`\n{(,;:]*)"
    )
    files = sorted((ROOT / "src/pgready").rglob("*.py"))
    told = [(file.name, words.split()) for file in files for words in advice.findall(file.read_text())]
    assert len(told) > 20
    for file, words in told:
        path = " ".join(words[:2]) if words[0] in ("migrate", "embedded", "db") else words[0]
        if words[0] in ("migrate", "embedded", "db") and (len(words) < 2 or words[1] in ("|", "start/stop/url")):
            continue
        assert path in known, (file, words)
        flags = {flag for option in known[path].params for flag in option.opts}
        for word in words:
            if word.startswith("--") and len(word) > 2:
                assert word in flags | {"--help"}, (file, words)
