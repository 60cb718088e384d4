"""Each image's own files, entrypoint and command as its Dockerfile says, without Docker, against a real server."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from backoffice_platform import HTTP, Service, free_port, until
from dockerfiles import DEPLOY, Stage, build, context, instructions

VENV = {"/opt/venv": Path(sys.executable).parents[1]}
NAMES = ("ledger_api", "tagging_api", "trading_svc", "worker_financial", "worker_trading")


def files(folder):
    """What is there, with the moment of its last change."""
    return {str(path): path.lstat().st_mtime_ns for path in folder.rglob("*")}


def start(platform, image, name, **more):
    """The container's process: the image's environment, what a deployment tells it, and nothing of this machine's."""
    log = platform.logs / f"image-{name}.log"
    given = {"DATABASE_URL": platform.url(f"backoffice_{name}"), "CURSOR_KEY": "one for all", **more}
    environ = image.environ | given | {"HOST": "127.0.0.1"}
    command = image.command()
    if "PORT" in image.environ:
        environ["PORT"] = str(free_port())
        was = f":{image.environ['PORT']}"
        command = [f":{environ['PORT']}" if word == was else word for word in command]
        if environ.get("PGREADY_HEALTH") == was:
            environ["PGREADY_HEALTH"] = f":{environ['PORT']}"
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=image.place("."), env=environ, stdout=file, stderr=file)
    service = Service(name, process, int(environ.get("PORT", 0)), log)
    platform.started.append(service)
    platform.running[name] = service
    return service


def works(service):
    """Whether it serves, or takes jobs."""
    assert service.process.poll() is None, service.said()
    if service.name not in (*HTTP, "statements"):
        return "Starting worker" in service.said()
    try:
        return service.get("/readyz").data == {"ready": True} or service.get("/readyz").data["state"] == "ready"
    except OSError:
        return False


@pytest.mark.parametrize("names", [("ledger_api",), NAMES], ids=["one", "all"])
def test_images_start_from_their_own_files(platform, tmp_path, names):
    """Built, checked and started by the Dockerfile's own lines: every service gets ready, and none writes a file."""
    owners = {"ledger_api": {"PGREADY_URL": platform.url("backoffice_owner")}}
    owners["trading_svc"] = {"TRADING_OWNER_URL": platform.url("backoffice_trading_owner")}
    images = {name: build(DEPLOY / f"{name}.Dockerfile", tmp_path / name, VENV) for name in names}
    before = {name: files(image.folder) for name, image in images.items()}
    for name, image in images.items():
        start(platform, image, name, **owners.get(name, {}))
    for service in platform.started:
        until(lambda one=service: works(one), f"{service.name} works", seconds=120)
    for service in platform.started:
        service.stop()
        assert "does not exist" not in service.said()
    assert {name: files(image.folder) for name, image in images.items()} == before
    platform.query("ALTER TABLE financial.invoices RENAME COLUMN due_on TO due")
    for name, image in images.items():  # the history reads as before; what the models need is asked for, too
        service = start(platform, image, name, **owners.get(name, {}))
        assert (service.process.wait(60), "due_on" in service.said()) == (4, True), service.said()


def test_an_image_with_stale_models_is_not_built(tmp_path):
    """A column that the schema has and the models have not ends the build."""
    context(tmp_path / "context")
    schema = tmp_path / "context/prisma/tagging.prisma"
    text = schema.read_text()
    schema.write_text(text.replace("model Tag {", "model Tag {\n  colour String?\n", 1))
    assert schema.read_text() != text
    stage = Stage(tmp_path / "context", {})
    stage.environ["PATH"] = f"{os.path.dirname(sys.executable)}:/usr/bin:/bin"
    line = next(
        rest for word, rest in instructions(DEPLOY / "tagging_api.Dockerfile")
        if word == "RUN" and "generate --check" in rest
    )  # fmt: skip
    with pytest.raises(AssertionError, match="would change"):
        stage.run(line)


def test_a_job_first_then_a_service_without_pgready(platform, tmp_path):
    """compose.job.yaml's order by hand: the job migrates and ends with 0, and only then does a plain command work."""
    image = build(DEPLOY / "ledger_api.Dockerfile", tmp_path / "image", VENV)
    environ = image.environ | {"DATABASE_URL": platform.url("backoffice_owner")}
    job = ["pgready", "migrate", "deploy"]
    for _ in range(2):  # a job that runs again has nothing to do
        done = subprocess.run(job, cwd=image.place("."), env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    image.said["ENTRYPOINT"] = "[]"
    service = start(platform, image, "ledger_api")
    until(lambda: works(service), "the service works", seconds=60)
