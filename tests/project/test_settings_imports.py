"""What resolving settings imports: the no-op boot pays for each module."""

import os
import subprocess
import sys

import pytest

import pgready

ROOM = os.path.dirname(os.path.dirname(pgready.__file__))
ALLOWED = {
    "pgready",
    "pgready.errors",
    "pgready.project",
    "pgready.project.schema_files",
    "pgready.project.resolution",
    "pgready.project.settings",
    "pgready.project.parameters",
    "pgready.project.url",
    "pgready.psl",
    "pgready.psl.datasource",
    # The parser's hot rooms, where a schema file has a datasource block.
    "pgready.psl.lines",
    "pgready.psl.scan",
    "pgready.psl.source",
    "pgready.psl.tree",
}
# What `import os` brings along where site did not run, and the codec of source files.
INTERPRETER = {
    "_collections_abc", "_stat", "abc", "_abc", "encodings", "encodings.aliases", "encodings.utf_8", "genericpath", "os",
    "os.path", "posixpath", "stat", "codecs", "_codecs", "io", "_io", "time", "zipimport", "posix", "marshal",
    "winreg", "__main__",
}  # fmt: skip

SCHEMA = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n  schemas = ["a"]\n}\n'
CONFIG_TS = 'export default { schema: "prisma/schema.prisma", datasource: { url: env("DATABASE_URL") } }'
CASES = [
    ("environment alone", {}, set()),
    ("pyproject.toml without us", {"pyproject.toml": "[project]\nname = 'x'\n"}, set()),
    ("plain TOML", {"pgready.toml": "timeout = 5\n"}, {"pgready.project.toml", "pgready.project.values"}),
    ("plain .env", {".env": "A=1\n"}, {"pgready.project.dotenv"}),
    ("prisma.config.ts", {"prisma.config.ts": CONFIG_TS}, {"pgready.project.config_ts"}),
]


@pytest.mark.parametrize(("files", "more"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_resolving_imports_next_to_nothing(tmp_path, files, more):
    """The common ways to boot import os, the settings' own rooms, and no library."""
    (tmp_path / "prisma").mkdir()
    (tmp_path / "prisma" / "schema.prisma").write_text(SCHEMA)
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    program = (
        f"import sys; sys.path.insert(0, {ROOM!r})\n"
        "from pgready.project.resolution import resolve\n"
        f"s = resolve({{}}, {{'DATABASE_URL': 'postgresql://u:p@h/db?schema=x&connection_limit=3'}}, {str(tmp_path)!r})\n"
        "assert s.url.dbname == 'db' and s.schemas == ('x', 'a'), s\n"
    )
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-X", "importtime", "-c", program], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    lines = [line for line in run.stderr.splitlines() if line.startswith("import time:")]
    imported = {line.rpartition("|")[2].strip() for line in lines[1:]}
    assert "pgready.project.settings" in imported
    surprises = {name for name in imported if not name.startswith("_")} - INTERPRETER - ALLOWED - more
    assert surprises == set()
