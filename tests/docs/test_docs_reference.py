"""The pages of settings and exit codes name everything that there is, and nothing else."""

import re

import click
from docs_pages import ROOT

from pgready.cli.group import cli
from pgready.project.settings import FIELDS, PATHS, READ_ELSEWHERE

SETTINGS = (ROOT / "docs/reference/settings.md").read_text()
CODES = (ROOT / "docs/reference/exit-codes.md").read_text()


def rows(text: str) -> list[list[str]]:
    """The cells of every table's rows."""
    return [line.strip("|").split(" | ") for line in text.splitlines() if line.startswith("| ")]


def test_every_setting_has_its_row_and_its_variable():
    """By its name in TOML, with its `PGREADY_*` variable where it has one; no row is for a setting that is gone."""
    named = {name for cells in rows(SETTINGS) for name in re.findall(r"`(\w+)`", cells[0].partition(":")[0])}
    known = {*FIELDS, *PATHS, *READ_ELSEWHERE}
    assert known - {"config"} - named == set()
    variables = set(re.findall(r"PGREADY_\w+", SETTINGS))
    assert {f"PGREADY_{name.upper()}" for name in (*FIELDS, *PATHS)} - variables == set()
    assert {name for name in variables if name.removeprefix("PGREADY_").lower() not in (*FIELDS, *PATHS)} == set()


def test_every_command_has_its_exit_codes():
    """In the table by command; the codes there are those of the table above."""
    table = CODES[CODES.index("## By command") :]
    named = {name.split()[0] for cells in rows(table) for name in re.findall(r"`([a-z]+(?: [a-z]+)?)`", cells[0])}
    assert set(cli.list_commands(click.Context(cli))) - named == set()
    assert named - set(cli.list_commands(click.Context(cli))) == set()
    above = {cells[0].strip() for cells in rows(CODES[: CODES.index("## By command")])}
    told = {code for cells in rows(table) for code in re.findall(r"\d+", cells[1])}
    assert told <= above
    assert {"3", "4", "5", "6", "8", "9", "126", "127"} <= told
