"""README and docs are run: every `sh run` block, in order, in one shell, and what they print is what the page shows.

A fence says what it is: ```sh run``` must succeed, ```sh run exit=6``` must end with that code, and the ```text output```
behind it is what was printed (times, ports, pids and versions aside; a line `…` stands for any lines). A ```json output```
is held against what was printed by its keys and kinds. ```sh example=WHY``` is not run (`docs_pages.EXAMPLES` has the
reasons), but its commands and flags have to be there. What the shell starts with: `docs_scenarios`.
"""

import os
import pkgutil
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from docs_pages import PAGES, ROOT, SCENARIO, blocks, difference, plain, same
from docs_scenarios import make_programs, prepare

from fix_boot import SOURCE

RUN = [page for page in PAGES if "```sh run" in page.read_text()]
SECONDS = 120


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


@pytest.fixture
def shell(tmp_path, request):
    """A function that runs a page's text in its scenario."""

    def run(text: str) -> list[tuple[int, str]]:
        found = SCENARIO.search(text)
        assert found, "the page names no scenario"
        folder, programs = tmp_path / "work", tmp_path / "bin"
        folder.mkdir()
        make_programs(programs)
        if found[1] == "machine":
            request.getfixturevalue("machine")
        elif "embedded start" in text:  # a named server, which the page stops: it leaves nothing in the user's cache
            request.getfixturevalue("seeded_cache")
        cache = os.environ.get("PGREADY_CACHE_DIR")
        ours = ("PG", "DATABASE", "DIRECT", "PRISMA")
        environ = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
        environ |= {"PATH": f"{programs}:{environ['PATH']}", "PYTHONPATH": SOURCE, "LC_ALL": "C.UTF-8"}
        if cache:
            environ["PGREADY_CACHE_DIR"] = cache
        if found[1] == "machine":
            with socket.create_server(("127.0.0.1", 0)) as free:
                environ["PORT"] = str(free.getsockname()[1])
        else:
            environ["DATABASE_URL"] = request.getfixturevalue("database").url
        prepare(found[1], folder, environ)
        return run_page(text, folder, environ)

    return run


@pytest.fixture
def machine(seeded_cache):
    """A machine with a cache of its own; the server that a page leaves running is stopped."""
    yield seeded_cache
    environ = {**os.environ, "PYTHONPATH": SOURCE}
    argv = [sys.executable, "-m", "pgready", "embedded", "stop"]
    subprocess.run(argv, env=environ, capture_output=True, check=True, timeout=60)


@pytest.mark.parametrize("page", RUN, ids=[str(p.relative_to(ROOT)) for p in RUN])
def test_the_page_does_what_it_says(page, shell):
    """Every block ends with its code and prints what stands behind it."""
    text = page.read_text()
    for block, (code, printed) in zip(blocks(text), shell(text), strict=True):
        where = f"{page.relative_to(ROOT)}:{block.line}"
        assert code == block.code, f"{where} ended with {code}:\n{printed}"
        assert difference(block, printed) is None, f"{where}: {difference(block, printed)}:\n{printed}"


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
    pages = [*PAGES, ROOT / "ARCHITECTURE.md"]
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
