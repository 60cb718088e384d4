"""No command stands on a page unmarked: it is run, or it says why not and names commands and flags that are there."""

import re
import shlex
from collections.abc import Iterator

import click
import pytest
from docs_pages import EXAMPLES, FENCE, PAGES, ROOT, blocks, difference, misfit

from pgready.cli.group import cli

COMMANDS = re.compile(
    r"^\s*(?:\$ )?(?:[A-Z_]+=\S+ )*(?:pgready|pip|uv|make|kubectl|docker|helm|python|pytest|git) ", re.MULTILINE
)
SHELLS = ("sh", "bash", "shell", "console", "zsh")
# These pages say how a command is called: each of their flags is held against the program by tests/cli.
SYNOPSES = ("docs/reference/commands.md", "docs/reference/cli.md")


def unmarked(name: str, text: str) -> list[str]:
    """Places of commands that nobody runs and nobody excuses."""
    found = []
    for fence in FENCE.finditer(text):
        where = f"{name}:{text.count(chr(10), 0, fence.start()) + 1}"
        words = fence["info"].split()
        kind = words[0] if words else ""
        if kind in SHELLS:
            good = words[:2] == ["sh", "run"] or (len(words) == 2 and words[1].partition("=")[2] in EXAMPLES)
            if not good or (words[1] != "run" and not words[1].startswith("example=")):
                found.append(f"{where}: ```{fence['info']}```")
        elif kind in ("", "text") and words[1:] != ["output"] and COMMANDS.search(fence["body"]):
            found.append(f"{where}: commands in ```{fence['info']}```")
    # An indented block behind an empty line; in a list the same is part of its item.
    outside = FENCE.sub(lambda m: "\n" * m[0].count("\n"), text)
    indented = re.finditer(r"(?<=\n\n) {4}\S[^\n]*", outside) if name not in SYNOPSES else ()
    return found + [
        f"{name}:{outside.count(chr(10), 0, block.start()) + 1}: {block[0].strip()}"
        for block in indented
        if COMMANDS.match(block[0])
    ]


def unknown(line: str) -> str | None:
    """What of a line `pgready …` is no command or flag of this version."""
    words = [word.strip("[]|…") for word in shlex.split(line, comments=True)]
    group: click.Command = cli
    while isinstance(group, click.Group) and len(words) > 1 and not words[1].startswith("-"):
        found = group.get_command(click.Context(group), words[1])
        if found is None:
            return f"no command {words[1]}"
        group, words = found, words[1:]
    if "--" in words:
        words = words[: words.index("--")]
    flags = {flag for option in group.params for flag in (*option.opts, *option.secondary_opts)} | {
        "--help",
        "--version",
    }
    return next((word for word in words if word.startswith("--") and word.partition("=")[0] not in flags), None)


@pytest.mark.parametrize("page", PAGES, ids=[str(p.relative_to(ROOT)) for p in PAGES])
def test_every_command_is_run_or_says_why_not(page):
    """`sh run`, or `sh example=WHY`; never a bare fence or an indented block."""
    assert unmarked(str(page.relative_to(ROOT)), page.read_text()) == []


def test_examples_name_what_is_there():
    """Commands, flags and targets of blocks that are not run."""
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for page in PAGES:
        for fence in FENCE.finditer(page.read_text()):
            if not fence["info"].startswith("sh example="):
                continue
            for line in fence["body"].replace("\\\n", " ").splitlines():
                for command in re.findall(r"(?<![\w@/-])pgready [a-z].*?(?=$| &&)", line):
                    assert unknown(command) is None, (page.name, line, unknown(command))
                made = re.match(r"make ([a-z-]+)", line)
                assert made is None or made[1] in targets, (page.name, line)


def test_an_unmarked_command_is_seen():
    """The check above can fail: each way to hide a command."""
    for text in (
        "```sh\npgready boot\n```\n",
        "```sh example\npgready boot\n```\n",
        "```sh example=later\npgready boot\n```\n",
        "```\npgready migrate adopt\n```\n",
        "```text\n$ pgready lint\n```\n",
        "```console\nls\n```\n",
        "So:\n\n    pgready smoke\n",
    ):
        assert len(unmarked("a.md", text)) == 1, text
    for text in ("```sh run exit=4\npgready lint\n```\n", "```sh example=cluster\nkubectl get pods\n```\n"):
        assert unmarked("a.md", text) == []
    assert unknown("pgready migrate deploi") == "no command deploi"
    assert unknown("pgready migrate deploy --fast") == "--fast"
    assert unknown("pgready boot --timeout 5m -- uvicorn app:app --port 80") is None


def test_json_is_held_against_its_keys():
    """A key that is missing, new or of another kind is told with its place."""
    shown = {"ok": True, "steps": [{"name": "a", "seconds": 1}, {"name": "b", "error": "no"}]}
    assert misfit(shown, {"ok": False, "steps": [{"name": "x", "seconds": 0.5}]}) is None
    assert "seconds" in str(misfit(shown, {"ok": True, "steps": [{"name": "x", "seconds": "long"}]}))
    assert "steps[0]" in str(misfit(shown, {"ok": True, "steps": [{"name": "x"}]}))
    assert "new" in str(misfit(shown, {"ok": True, "steps": [], "new": 1}))
    assert "0 elements" in str(misfit(shown, {"ok": True, "steps": []}))
    block = blocks('```sh run\nx\n```\n```json output\n{"a": 1}\n```\n')[0]
    assert difference(block, '{"a": 2.5}\n') is None
    assert difference(block, '{"b": 1}\n') is not None
    assert difference(block, "no JSON") is not None


def test_every_json_has_its_place():
    """A command that takes --json stands in a heading of the page of JSON; its example is run by test_docs_run."""
    page = (ROOT / "docs/reference/json.md").read_text()
    headed = {name for line in re.findall(r"^#+ (.+)$", page, re.MULTILINE) for name in line.split(", ")}

    def names(group: click.Group, path: str = "") -> Iterator[str]:
        for name in group.list_commands(click.Context(group)):
            command = group.get_command(click.Context(group), name)
            if isinstance(command, click.Group):
                yield from names(command, f"{path}{name} ")
            elif command and any("--json" in option.opts for option in command.params):
                yield f"{path}{name}"

    missing = {name for name in names(cli) if name not in headed and name.split()[0] not in headed}
    assert missing == set()
