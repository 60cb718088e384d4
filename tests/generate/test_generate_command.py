"""`pgready generate`: where it writes, what it leaves alone, and what it refuses."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

HEAD = 'datasource db {\n  provider = "postgresql"\n}\n'
PYTHON = 'generator python {\n  provider = "pgready-sqlalchemy"\n  output = "../app/models"\n}\n'
CLIENT = 'generator client {\n  provider = "prisma-client-js"\n  output = "../node"\n}\n'
MODEL = "model User {\n  id Int @id\n  email String @unique\n}\n"
SHAPES = 'generator shapes {\n  provider = "pgready-pydantic"\n  output = "../app/shapes"\n  enums = "app.models"\n}\n'
FILES = ["__init__.py", "base.py", "models.py"]


@pytest.fixture
def project(make_project):
    """A project with a schema, both generators and no database anywhere."""
    made = make_project()
    made.write_schema(HEAD + PYTHON + CLIENT + MODEL)
    return made


def there(folder: Path) -> dict[str, bytes]:
    """A folder's files, caches aside."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} if folder.is_dir() else {}


def test_a_generator_block(project):
    """Written beside the schema's folder, as its block says; told by name; the other generator is its owner's."""
    done = project.run("generate")
    assert (done.returncode, done.stderr) == (0, "app/models: 3 files of 3 written\n")
    assert done.stdout.splitlines() == [f"app/models/{name}" for name in FILES]
    assert sorted(there(project.path / "app/models")) == FILES
    assert not (project.path / "node").exists()


def test_again_and_check(project):
    """Nothing is written twice; --check says 0 when fresh and 4 when stale, and writes nothing in either case."""
    folder = project.path / "app/models"
    missing = project.run("generate", "--check")
    assert (missing.returncode, folder.exists()) == (4, False)
    project.run("generate")
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    again = project.run("generate")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "app/models is up to date (3 files)\n")
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    assert project.run("generate", "--check").returncode == 0
    project.write_schema(HEAD + PYTHON + MODEL.replace("email", "mail"))
    stale = project.run("generate", "--check")
    assert (stale.returncode, stale.stdout) == (4, "app/models/models.py\n")
    assert stale.stderr == "app/models is stale, 1 file would change: pgready generate\n"
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    assert project.run("generate", "--check", "--quiet").stderr == ""


def test_deterministic(project):
    """The same schema gives the same bytes, whatever order Python hashes in; no file names a folder or a time."""
    seen = []
    for seed in ("1", "2"):
        project.run("generate", "--output", f"out{seed}", env={"PYTHONHASHSEED": seed})
        seen.append(there(project.path / f"out{seed}"))
    assert seen[0] == seen[1]
    assert str(project.path).encode() not in b"".join(seen[0].values())


def test_what_is_left_over_goes(project):
    """Files of an earlier schema are removed: ours alone, and only once the new ones stand."""
    project.write_schema(HEAD + PYTHON + MODEL + "enum Role {\n  ADMIN\n}\n")
    project.run("generate")
    assert "enums.py" in there(project.path / "app/models")
    project.write_schema(HEAD + PYTHON + MODEL)
    done = project.run("generate")
    assert (done.returncode, done.stderr) == (0, "app/models: 1 file of 3 written, 1 removed\n")
    assert sorted(there(project.path / "app/models")) == FILES


@pytest.mark.parametrize("name", ["notes.txt", "user.py", "base.py", "sub/"])
@pytest.mark.parametrize("flags", [(), ("--check",)], ids=["write", "check"])
def test_foreign_files(name, flags, project):
    """A folder that holds anything else is refused and stays as it was, even where only a name collides."""
    folder = project.path / "app/models"
    folder.mkdir(parents=True)
    if name.endswith("/"):
        (folder / name).mkdir()
    else:
        (folder / name).write_text("mine = 1\n")
    before = there(folder)
    done = project.run("generate", *flags)
    assert done.returncode == 2
    assert name.rstrip("/") in done.stderr
    assert "nothing was written" in done.stderr
    assert there(folder) == before


def test_nobodys_files(project):
    """An empty __init__.py, py.typed, caches and hidden files do no harm."""
    folder = project.path / "app/models"
    (folder / "__pycache__").mkdir(parents=True)
    for name in ("__init__.py", "py.typed", ".keep"):
        (folder / name).touch()
    assert project.run("generate").returncode == 0
    assert sorted(there(folder)) == sorted([*FILES, "py.typed", ".keep"])


def test_a_link_is_not_followed(project, tmp_path):
    """A link where a file should be is foreign; what it leads to stays."""
    project.run("generate")
    target = tmp_path / "elsewhere.py"
    target.write_bytes((project.path / "app/models/base.py").read_bytes())
    (project.path / "app/models/base.py").unlink()
    (project.path / "app/models/base.py").symlink_to(target)
    assert project.run("generate").returncode == 2


def test_a_file_for_a_folder(project):
    """An output that is a file is refused by name."""
    (project.path / "app").mkdir()
    (project.path / "app/models").write_text("x")
    done = project.run("generate")
    assert done.returncode == 2
    assert "app/models is not a folder" in done.stderr


def test_an_invalid_schema(project):
    """The first mistake is told with its place; nothing is written."""
    project.write_schema(HEAD + PYTHON + "model User {\n  id Integer @id\n}\n")
    done = project.run("generate", "--json")
    assert done.returncode == 2
    assert "prisma/schema.prisma:9:6" in done.stderr
    assert not (project.path / "app").exists()


@pytest.mark.parametrize(
    ("schema", "flags", "words"),
    [
        (HEAD + CLIENT + MODEL, (), "nothing to generate"),
        (HEAD + PYTHON.replace('  output = "../app/models"\n', "") + MODEL, (), "the generator python has no output"),
        (HEAD + PYTHON.replace("sqlalchemy", "sqlalchmey") + MODEL, (), "pgready-sqlalchmey"),
        (HEAD + PYTHON + MODEL, ("--generator", "client"), "there is no generator client"),
        (HEAD + PYTHON + CLIENT + MODEL, ("--generator", "client"), 'is "prisma-client-js", not ours'),
        (HEAD + PYTHON + PYTHON.replace("python", "second") + MODEL, (), "both write to app/models"),
        (HEAD + PYTHON + PYTHON.replace("python", "second") + MODEL, ("--output", "x"), "there are 2 generators"),
        (HEAD + PYTHON.replace("}", "  lazy = true\n}") + MODEL, (), "has no option lazy"),
        (HEAD + SHAPES.replace("app.models", "app models") + MODEL, (), "enums is no name of a module"),
        ("", (), "the schema is empty"),
    ],
)
def test_refused(schema, flags, words, project):
    """Each mistake is told in a sentence, exits 2 and writes nothing."""
    project.write_schema(schema)
    done = project.run("generate", *flags)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (project.path / "app").exists()


def test_output_without_a_block(project):
    """--output alone is enough, and wins over the block's."""
    project.write_schema(HEAD + MODEL)
    assert project.run("generate", "--output", "here").returncode == 0
    assert sorted(there(project.path / "here")) == FILES
    stale = project.run("generate", "--output", "there", "--check")
    assert stale.stderr.endswith("pgready generate --output there\n")


def test_two_generators(project):
    """Each writes to its own folder; one can be chosen by its name, or by its provider where there is no block."""
    project.write_schema(HEAD + PYTHON + SHAPES + MODEL + "enum Role {\n  ADMIN\n}\n")
    chosen = project.run("generate", "--generator", "shapes")
    assert chosen.returncode == 0, chosen.stderr
    assert sorted(there(project.path / "app/shapes")) == ["__init__.py", "base.py", "shapes.py"]
    assert not (project.path / "app/models").exists()
    assert project.run("generate").stderr.count("\n") == 2
    assert sorted(there(project.path / "app/models")) == ["__init__.py", "base.py", "enums.py", "models.py"]
    project.write_schema(HEAD + MODEL)
    project.run("generate", "--output", "alone", "--generator", "pgready-pydantic")
    assert sorted(there(project.path / "alone")) == ["__init__.py", "base.py", "shapes.py"]


def test_json(project):
    """Data for machines: every file with its state, and whose generators were left alone."""
    done = project.run("generate", "--json", "--quiet")
    data = json.loads(done.stdout)
    assert data["fresh"] is False
    assert data["written"] is True
    (one,) = data["generators"]
    assert (one["name"], one["provider"], one["output"]) == ("python", "pgready-sqlalchemy", "app/models")
    assert one["files"] == [{"path": name, "state": "new"} for name in FILES]
    assert data["others"] == [{"name": "client", "provider": "prisma-client-js"}]
    assert done.stderr == ""


def test_several_files(project):
    """A schema of several files: the output is relative to the file that has the generator."""
    (project.path / "prisma/schema.prisma").unlink()
    (project.path / "prisma/models").mkdir()
    (project.path / "prisma/main.prisma").write_text(HEAD + PYTHON.replace("../app/models", "../lib/models"))
    (project.path / "prisma/models/user.prisma").write_text(MODEL)
    done = project.run("generate", "--schema", "prisma")
    assert done.returncode == 0, done.stderr
    assert sorted(there(project.path / "lib/models")) == FILES


@pytest.mark.skipif(os.geteuid() != 0, reason="root: a folder that refuses writers needs another account")
def test_a_read_only_folder(project):
    """A folder that cannot be written is told, and --check still judges it."""
    project.run("generate")
    project.write_schema(HEAD + PYTHON + MODEL.replace("email", "mail"))
    folder = project.path / "app/models"
    # The first run, as root, imports what another account may not be able to read.
    script = (
        "import os, sys, tempfile, random; from pgready.cli.main import main; main(['generate', '--check']);"
        "os.setgid(65534); os.setuid(65534); sys.exit(main(['generate', *sys.argv[1:]]))"
    )
    for path in (project.path, *project.path.rglob("*")):
        os.chmod(path, stat.S_IMODE(path.stat().st_mode) | 0o055)
    for path in (project.path, *project.path.parents):
        if path != Path(path.anchor):
            os.chmod(path, stat.S_IMODE(path.stat().st_mode) | 0o055)
    before = there(folder)
    for flags, code in (((), 2), (("--check",), 4)):
        done = subprocess.run(
            [sys.executable, "-c", script, *flags],
            cwd=project.path,
            env=project.env(None),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
        assert there(folder) == before
