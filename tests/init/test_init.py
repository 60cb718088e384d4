"""`pgready init`: what it finds, writes, patches and leaves alone."""

import json
import os
import pty
import re
import select
import subprocess
import sys
import time

import pytest
from init_repositories import HERE, SHAPES, SOURCE, copy, files, pgready


@pytest.mark.parametrize("shape", SHAPES)
def test_a_second_run_finds_nothing_to_do(shape, tmp_path):
    """And changes no byte; doctor agrees with what was written."""
    folder = copy(shape, tmp_path)
    pgready(folder, "init", "--yes", code=0)
    before = files(folder)
    again = pgready(folder, "init", code=0)
    assert "nothing to do" in again.stderr
    assert again.stdout == ""
    assert files(folder) == before
    assert pgready(folder, "doctor", "--offline").returncode == 0


def test_a_dry_run_writes_nothing_and_shows_all(tmp_path):
    """As differences that `patch` takes: applied, they are what a run writes."""
    dry, wet = copy("monorepo", tmp_path / "dry"), copy("monorepo", tmp_path / "wet")
    before = files(dry)
    shown = pgready(dry, "init", "--dry-run", code=0).stdout
    assert files(dry) == before
    patched = subprocess.run(["git", "apply", "-"], cwd=dry, input=shown, text=True, capture_output=True, check=False)
    assert patched.returncode == 0, patched.stderr
    pgready(wet, "init", "--yes", code=0)
    assert files(dry) == files(wet)


def test_nobody_agreed_so_nothing_is_written(tmp_path):
    """Without a terminal a change of what is there is shown and declined."""
    folder = copy("poetry", tmp_path)
    before = files(folder)
    done = pgready(folder, "init", code=3)
    assert "-CMD npx prisma migrate deploy" in done.stdout
    assert "pgready init --yes" in done.stderr
    assert files(folder) == before


def test_new_files_need_nobody(tmp_path):
    """Nothing is lost by them."""
    folder = copy("single", tmp_path)
    before = files(folder)
    pgready(folder, "init", code=0)
    after = files(folder)
    assert {name: after[name] for name in before} == before
    assert {"Dockerfile", "compose.yaml", "pgready.toml", "contracts/first.sql"} <= set(after) - set(before)


def test_an_edit_is_kept_until_it_is_forced(tmp_path):
    """Its difference is shown each time; --yes keeps it, --force does not, and without the mark nobody asks."""
    folder = copy("single", tmp_path)
    pgready(folder, "init", code=0)
    file = folder / "k8s/single.yaml"
    written = file.read_text()
    edited = written.replace("replicas: 2", "replicas: 5")
    file.write_text(edited)
    for words in ((), ("--yes",)):
        done = pgready(folder, "init", *words, code=3)
        assert "-  replicas: 5" in done.stdout
        assert "+  replicas: 2" in done.stdout
        assert "--force" in done.stderr
        assert file.read_text() == edited
    pgready(folder, "init", "--force", code=0)
    assert file.read_text() == written
    file.write_text("".join(edited.splitlines(keepends=True)[1:]))
    mine = file.read_text()
    pgready(folder, "init", code=0)
    assert file.read_text() == mine


def test_comments_and_order_stay(tmp_path):
    """Only the lines that matter differ."""
    folder = copy("poetry", tmp_path)
    pgready(folder, "init", "--yes", code=0)
    before = (HERE / "poetry/docker-compose.yml").read_text().splitlines()
    after = (folder / "docker-compose.yml").read_text().splitlines()
    different = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert different == [
        (
            '    command: sh -c "npx prisma migrate deploy && uvicorn shop.main:app --host 0.0.0.0 --port 8000"',
            '    command: ["uvicorn", "shop.main:app", "--host", "0.0.0.0", "--port", "8000"]',
        )
    ]


@pytest.mark.parametrize("shape", SHAPES)
def test_prismas_cli_starts_nothing_any_more(shape, tmp_path):
    """In no file that init may change."""
    folder = copy(shape, tmp_path)
    pgready(folder, "init", "--yes", code=0)
    texts = {name: data.decode() for name, data in files(folder).items() if not name.endswith(".json")}
    assert [name for name, text in texts.items() if "prisma migrate deploy" in text] == []
    booting = [name for name, text in texts.items() if re.search(r'"?pgready"?,? "?boot', text)]
    assert booting


def test_the_migrator_is_chosen_and_remembered(tmp_path):
    """By --migrates; a later run without the flag agrees."""
    folder = copy("uv", tmp_path)
    pgready(folder, "init", "--yes", "--migrates", "worker", "--skip", "kubernetes", code=0)
    assert (
        'ENTRYPOINT ["pgready", "boot", "--"]\nCMD ["python", "-m", "ledger.worker"]'
        in (folder / "Dockerfile").read_text()
    )
    assert "nothing to do" in pgready(folder, "init", "--skip", "kubernetes", code=0).stderr
    wrong = pgready(folder, "init", "--migrates", "wroker", code=2)
    assert "did you mean worker?" in wrong.stderr


def test_a_service_by_hand_is_remembered(tmp_path):
    """What cannot be found is told once."""
    folder = copy("single", tmp_path)
    pgready(folder, "init", "--service", "mailer=python -c pass", code=0)
    assert "mailer" in (folder / "compose.yaml").read_text()
    assert "nothing to do" in pgready(folder, "init", code=0).stderr


def test_as_data(tmp_path):
    """One object, whatever happens; declined or not."""
    folder = copy("monorepo", tmp_path)
    done = pgready(folder, "init", "--json", code=3)
    data = json.loads(done.stdout)
    assert data["declined"]
    assert {one["name"]: one["verb"] for one in data["found"]["services"]} == {
        "web": "boot",
        "pricing": "wait",
        "mailer": "wait",
    }
    assert not any(one["written"] for one in data["changes"])
    data = json.loads(pgready(folder, "init", "--json", "--yes", code=0).stdout)
    assert all(one["written"] for one in data["changes"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--only", "dokcer"), "did you mean docker?"),
        (("--service", "x"), "--service x does not say which command"),
        (("--service", "a b=c"), "--service 'a-b=c'"),
        (("nowhere",), "nowhere is not a folder"),
    ],
)
def test_bad_words_are_told(words, told, tmp_path):
    """With exit 2, and nothing written."""
    folder = copy("single", tmp_path)
    before = files(folder)
    assert told in pgready(folder, "init", *words, code=2).stderr
    assert files(folder) == before


def test_no_migrations_at_all(tmp_path):
    """There is nothing to set up."""
    (tmp_path / "README.md").write_text("empty")
    assert "there are no migrations here" in pgready(tmp_path, "init", code=2).stderr


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("k8s/deploy.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Values.name }}\n"),
        ("compose.yaml", "services:\n\tapp:\n"),
    ],
)
def test_what_is_not_understood_is_left_alone(name, text, tmp_path):
    """And told, with its line."""
    folder = copy("single", tmp_path)
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    done = pgready(folder, "init", "--yes", code=0)
    assert f"note: {name}:" in done.stderr
    assert file.read_text() == text


def test_windows_line_ends_stay(tmp_path):
    """A patched file keeps its own."""
    folder = copy("poetry", tmp_path)
    for name in ("docker-compose.yml", "pyproject.toml", "Dockerfile"):
        file = folder / name
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    pgready(folder, "init", "--yes", code=0)
    for name in ("docker-compose.yml", "pyproject.toml", "Dockerfile"):
        data = (folder / name).read_bytes()
        assert data.count(b"\r\n") == data.count(b"\n"), name
        assert b"pgready" in data or name == "docker-compose.yml"
    assert "nothing to do" in pgready(folder, "init", code=0).stderr


def test_a_terminal_is_asked(tmp_path):
    """A no for one file, a yes for the others."""
    folder = copy("uv", tmp_path)
    before = files(folder)
    answers = {b"Which service migrates?": b"\n", b"new file": b"y\n", b"Change pyproject.toml": b"n\n"}
    control, other = pty.openpty()
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "DATABASE"))} | {"PYTHONPATH": SOURCE}
    child = subprocess.Popen(
        [sys.executable, "-m", "pgready", "init"], cwd=folder, env=env, stdin=other, stdout=other, stderr=other
    )
    os.close(other)
    said, new, until = b"", b"", time.monotonic() + 60
    try:
        while time.monotonic() < until:
            if not select.select([control], [], [], 0.2)[0]:
                continue
            try:
                piece = os.read(control, 65536)
            except OSError:
                break
            said, new = said + piece, new + piece
            if re.search(rb"(?:\[[yY]/[nN]\]|\([\w, -]+\) \[\w+\]): ?$", new):
                answer = next((value for key, value in answers.items() if key in new[-200:]), b"y\n")
                new = b""
                os.write(control, answer)
        assert child.wait(timeout=20) == 0, said.decode()
    finally:
        child.kill()
        os.close(control)
    after = files(folder)
    assert after["pyproject.toml"] == before["pyproject.toml"]
    assert after["deploy/ledger.yaml"] != before["deploy/ledger.yaml"]
    assert "Dockerfile" in after
