"""What formatters, linters and type checkers say of generated packages, of an application on them, of its mistakes."""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest
from generated import schema_of, write

from pgready.codegen.pydantic_files import pydantic_files
from pgready.codegen.sqlalchemy_files import sqlalchemy_files

ROOT = Path(__file__).parents[2]
APP = Path(__file__).parent / "app"
LITELLM = Path(str(distribution("litellm-proxy-extras").locate_file("litellm_proxy_extras/schema.prisma")))
SCHEMAS = {
    "litellm": LITELLM,
    "fourschemas": ROOT / "examples/fourschemas/prisma/schema.prisma",
    "hard": Path(__file__).parent / "hard.prisma",
    **{path.stem: path for path in sorted((ROOT / "tests/catalog/declared").glob("*.prisma"))},
}
MISTAKES = {
    number: line.rpartition("# mistake: ")[2]
    for number, line in enumerate((APP / "mistakes.py").read_text(encoding="utf-8").splitlines(), start=1)
    if "# mistake: " in line
}
CAUGHT = 27


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> Path:
    """A folder with a package for each schema, and the application with its models."""
    folder = tmp_path_factory.mktemp("packages")
    for name, path in SCHEMAS.items():
        schema = schema_of(path.read_text(encoding="utf-8"))
        write(sqlalchemy_files(schema), folder / f"of_{name}")
        write(pydantic_files(schema), folder / f"shapes_of_{name}")
    shutil.copytree(APP, folder / "app")
    (folder / "app/__init__.py").touch()
    schema = schema_of((APP / "schema.prisma").read_text(encoding="utf-8"))
    write(sqlalchemy_files(schema), folder / "app/models")
    write(pydantic_files(schema, "app.models"), folder / "app/shapes")
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A tool of this environment, in the folder."""
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def judged(found: set[tuple[str, int]], record_property, tool: str) -> None:
    """Errors stand in the lines of the mistakes alone, and nearly all of these have one."""
    caught = {line for name, line in found if name.endswith("mistakes.py")} & set(MISTAKES)
    record_property(f"{tool} caught", len(caught))
    assert {(name, line) for name, line in found if not (name.endswith("mistakes.py") and line in caught)} == set()
    missed = [said for line, said in MISTAKES.items() if line not in caught]
    assert len(MISTAKES) == 30
    assert len(caught) >= CAUGHT, missed


def test_ruff(packages):
    """Formatted and without a finding, by ruff's defaults, whatever the folders above say."""
    packages_of = [str(path) for path in packages.iterdir() if path.name != "app"]
    packages_of += [str(packages / "app/models"), str(packages / "app/shapes")]
    formatted = run(packages, "ruff", "format", "--isolated", "--check", *packages_of)
    assert formatted.returncode == 0, formatted.stdout
    wide = run(packages, "ruff", "format", "--isolated", "--line-length=120", "--diff", "app/models", "of_fourschemas")
    assert wide.returncode == 0, wide.stdout
    linted = run(packages, "ruff", "check", "--isolated", "--no-cache", *packages_of)
    assert linted.returncode == 0, linted.stdout
    sorted_ = run(packages, "ruff", "check", "--isolated", "--no-cache", "--select=I,UP,F", *packages_of)
    assert sorted_.returncode == 0, sorted_.stdout


def test_mypy(packages, record_property):
    """mypy --strict: clean but for the mistakes."""
    cache = f"--cache-dir={ROOT / '.cache/mypy-generate'}"
    done = run(packages, "mypy", "--strict", "--config-file=", cache, "--no-error-summary", ".")
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found = re.findall(r"^(\S+?):(\d+): error:", done.stdout, re.MULTILINE)
    assert len(found) == done.stdout.count(": error:"), done.stdout
    judged({(name, int(line)) for name, line in found}, record_property, "mypy")


def test_pyright(packages, record_property):
    """pyright in strict mode: the same."""
    settings = {"typeCheckingMode": "strict", "pythonVersion": f"3.{sys.version_info.minor}"}
    (packages / "pyrightconfig.json").write_text(json.dumps(settings))
    done = run(packages, "pyright", "--outputjson", "--pythonpath", sys.executable, ".")
    if done.returncode not in (0, 1):
        words = f"pyright: it needs Node and npm: {(done.stderr.strip().splitlines() or ['no word'])[-1]}"
        pytest.fail(words) if os.environ.get("PGREADY_REQUIRE_PRISMA") else pytest.skip(words)
    told = json.loads(done.stdout)["generalDiagnostics"]
    found = {(one["file"], one["range"]["start"]["line"] + 1) for one in told if one["severity"] == "error"}
    judged(found, record_property, "pyright")
