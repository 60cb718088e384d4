"""README and docs are run: every `sh run` block, in order, in one shell, and what they print is what the page shows.

A fence says what it is: ```sh run``` must succeed, ```sh run exit=6``` must end with that code, and the ```text output```
behind it is what was printed (times, ports, pids and versions aside; a line `…` stands for any lines). The comment
`<!-- scenario: NAME -->` names what the shell starts with:

- `database`: an empty database in DATABASE_URL and an empty folder;
- `project`: the same, with a Prisma folder of one migration and `serve`, a service that says that it serves;
- `fourschemas`: the same, in a copy of the example;
- `alembic`: the same, with an Alembic project of two revisions;
- `machine`: no database at all, and a cache of its own for the embedded server.
"""

import os
import pkgutil
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from fix_boot import SOURCE

ROOT = Path(__file__).parents[2]
PAGES = sorted(p for p in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")) if "sh run" in p.read_text())
FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
SCENARIO = re.compile(r"<!-- scenario: (\w+) -->")
SECONDS = 120


@dataclass
class Block:
    """One block to run, and what the page says that it prints (None: nothing is said)."""

    line: int
    script: str
    code: int
    output: str | None = None


def blocks(text: str) -> list[Block]:
    """The blocks of a page, in order."""
    found: list[Block] = []
    for fence in FENCE.finditer(text):
        info = fence["info"].split()
        if info[:2] == ["sh", "run"]:
            code = next((int(word[5:]) for word in info[2:] if word.startswith("exit=")), 0)
            found.append(Block(text.count("\n", 0, fence.start()) + 1, fence["body"], code))
        elif info == ["text", "output"]:
            assert found, "an output before the first block that runs"
            assert found[-1].output is None, "two outputs behind one block"
            found[-1].output = fence["body"]
    return found


def plain(text: str) -> list[str]:
    """Lines without what differs from run to run."""
    for pattern, word in (
        (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "WHEN"),
        (r"\b\d+(\.\d+)? (ms|s|min \d+ s)(?![a-z])", "TIME"),
        (r"\bin \d+(\.\d+)?s\b", "in TIME"),
        (r"\"seconds\": [\d.]+", '"seconds": N'),
        (r"(?<=@)127\.0\.0\.1:\d+/\w+", "HOST/NAME"),
        (r"127\.0\.0\.1:\d+", "HOST"),
        (r"\bpid \d+", "pid N"),
        (r"PostgreSQL \d+(\.\d+)*", "PostgreSQL N"),
        (r"\"server_version\": \"[\d.]+\"", '"server_version": "N"'),
        (r"(?m), database \w+$", ", database NAME"),
        (r"INV-\d+", "INV"),
        (r"invoices-\d (applied|migrated)", r"invoices-N \1"),
        (r"marked \d+", "marked N"),
        (r"\b20\d{12}_", "STAMP_"),
        (r"--confirm \w+", "--confirm NAME"),
    ):
        text = re.sub(pattern, word, text)
    return [" ".join(line.split()) for line in text.strip("\n").splitlines()]


def same(expected: list[str], printed: list[str]) -> bool:
    """Whether the page shows what was printed; `…` on a line of its own is any number of lines."""
    if not expected:
        return not printed
    if expected[0] == "…":
        return any(same(expected[1:], printed[at:]) for at in range(len(printed) + 1))
    return bool(printed) and expected[0] == printed[0] and same(expected[1:], printed[1:])


def run_page(text: str, folder: Path, environ: dict[str, str]) -> list[tuple[int, str]]:
    """Run a page's blocks in one shell; the exit code and the output of each."""
    out = folder.parent / "out"
    out.mkdir()
    script = ["set -u"]
    for at, block in enumerate(blocks(text)):
        script.append(f"{{\n{block.script}}} >{out}/{at} 2>&1 </dev/null\necho $? >{out}/{at}.code")
    subprocess.run(
        ["bash", "-c", "\n".join(script)], cwd=folder, env=environ, timeout=SECONDS, check=True, capture_output=True
    )
    return [(int((out / f"{at}.code").read_text()), (out / str(at)).read_text()) for at in range(len(blocks(text)))]


def prepare(scenario: str, folder: Path) -> None:
    """What the shell starts with."""
    if scenario == "fourschemas":
        shutil.copytree(ROOT / "examples/fourschemas", folder, dirs_exist_ok=True)
    if scenario == "alembic":
        shutil.copytree(Path(__file__).parent / "alembic", folder / "alembic")
        (folder / "alembic.ini").write_text("[alembic]\nscript_location = alembic\npath_separator = os\n")
    if scenario == "project":
        migration = folder / "prisma/migrations/20250101000000_init/migration.sql"
        migration.parent.mkdir(parents=True)
        migration.write_text("CREATE TABLE customer (id int PRIMARY KEY, email text NOT NULL);\n")
        schema = 'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n'
        (folder / "prisma/schema.prisma").write_text(schema)


@pytest.fixture
def shell(tmp_path, request):
    """A function that runs a page's text in its scenario."""

    def run(text: str) -> list[tuple[int, str]]:
        found = SCENARIO.search(text)
        assert found, "the page names no scenario"
        folder, programs = tmp_path / "work", tmp_path / "bin"
        folder.mkdir()
        programs.mkdir()
        prepare(found[1], folder)
        for name, body in (
            ("pgready", f'exec {sys.executable} -P -m pgready "$@"'),
            ("python", f'exec {sys.executable} "$@"'),
            ("alembic", f'exec {sys.executable} -m alembic "$@"'),
            ("serve", "echo serving"),
        ):
            (programs / name).write_text(f"#!/bin/sh\n{body}\n")
            (programs / name).chmod(0o755)
        if found[1] == "machine":
            request.getfixturevalue("machine")
        cache = os.environ.get("PGREADY_CACHE_DIR")
        ours = ("PG", "DATABASE", "DIRECT", "PRISMA")
        environ = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
        environ |= {"PATH": f"{programs}:{environ['PATH']}", "PYTHONPATH": SOURCE, "LC_ALL": "C.UTF-8"}
        if cache:
            environ["PGREADY_CACHE_DIR"] = cache
        if found[1] != "machine":
            environ["DATABASE_URL"] = request.getfixturevalue("database").url
        return run_page(text, folder, environ)

    return run


@pytest.fixture
def machine(seeded_cache):
    """A machine with a cache of its own; the server that a page leaves running is stopped."""
    yield seeded_cache
    environ = {**os.environ, "PYTHONPATH": SOURCE}
    argv = [sys.executable, "-m", "pgready", "embedded", "stop"]
    subprocess.run(argv, env=environ, capture_output=True, check=True, timeout=60)


@pytest.mark.parametrize("page", PAGES, ids=[str(p.relative_to(ROOT)) for p in PAGES])
def test_the_page_does_what_it_says(page, shell):
    """Every block ends with its code and prints what stands behind it."""
    text = page.read_text()
    for block, (code, printed) in zip(blocks(text), shell(text), strict=True):
        where = f"{page.relative_to(ROOT)}:{block.line}"
        assert code == block.code, f"{where} ended with {code}:\n{printed}"
        if block.output is not None:
            expected = plain(block.output)
            assert same(expected, plain(printed)), f"{where} printed:\n{printed}"


PLANTED = """<!-- scenario: database -->
```sh run exit=3
echo one; x=kept; (exit 3)
```
```text output
one
```
```sh run
echo $x in 12 ms; echo two; echo three
```
```text output
kept in 99 ms
…
three
```
"""


def test_the_runner_sees_what_is_wrong(shell):
    """The runner itself: codes and output are told apart, state is kept from block to block."""
    assert shell(PLANTED) == [(3, "one\n"), (0, "kept in 12 ms\ntwo\nthree\n")]
    first, second = blocks(PLANTED)
    assert (first.code, second.code) == (3, 0)
    assert second.output is not None
    shown = plain(second.output)
    assert same(shown, plain("kept in 12 ms\ntwo\nthree\n"))
    assert not same(shown, plain("lost in 12 ms\ntwo\nthree\n"))
    assert not same(shown, plain("kept in 12 ms\ntwo\n"))


def test_links_lead_somewhere():
    """Every relative link of README and docs names a file that is there."""
    pages = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in pages
        for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text())
        if "://" not in link and not (page.parent / link).exists()
    ]
    assert broken == []


def test_glossary_names_what_is_there():
    """Every class and module that the glossary names can be imported."""
    words = re.findall(r"`(pgready(?:\.\w+)+)`", (ROOT / "docs/glossary.md").read_text())
    assert len(words) > 20
    missing = []
    for word in words:
        try:
            pkgutil.resolve_name(word)
        except (ImportError, AttributeError):
            missing.append(word)
    assert missing == []
