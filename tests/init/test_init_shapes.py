"""Repositories that are shaped otherwise than the five: what init makes of them, as values and as a process."""

import shlex
import subprocess
import sys

import pytest
from init_repositories import files, pgready, program

from pgready.commands.init.run import Request, choose, look, planned, write
from pgready.embedded.launch import watchdog
from pgready.errors import UsageInvalid
from pgready.process.children import Children
from pgready.project.resolution import resolve
from pgready.project.smoke_settings import smoke_settings
from pgready.setup.check_images import check_images
from pgready.setup.check_kubernetes import check_kubernetes
from pgready.setup.manifest_services import service_of
from pgready.setup.prisma_calls import mended_script

SCHEMA = 'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n'
MODEL = "\nmodel note {\n  id   Int    @id\n  text String\n  at   DateTime\n}\n"
MIGRATION = "CREATE TABLE note (id int PRIMARY KEY, text text NOT NULL, at timestamp(3) NOT NULL);\n"
SERVER = (
    "import os\nfrom http.server import BaseHTTPRequestHandler, HTTPServer\n"
    'if __name__ == "__main__":\n    HTTPServer(("0.0.0.0", int(os.environ["PORT"])), BaseHTTPRequestHandler)\n'
)


def prisma(folder="prisma"):
    """A schema with a migration."""
    return {
        f"{folder}/schema.prisma": SCHEMA + MODEL,
        f"{folder}/migrations/20250101000000_init/migration.sql": MIGRATION,
        f"{folder}/migrations/migration_lock.toml": 'provider = "postgresql"\n',
    }


def lay(folder, texts):
    """Write a repository."""
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    return folder


def init(folder, **words):
    """What a run with --yes writes, and its notes; a second one finds nothing to do."""
    request = Request("1.2.3", str(folder), **words)
    found = look(request)
    plan = planned(request, found, choose(request, found))
    write(str(folder), plan.changes)
    again = look(request)
    assert planned(request, again, choose(request, again)).changes == ()
    return {one.path: one for one in plan.changes}, plan.notes


# ── scripts ──


@pytest.mark.parametrize(
    ("script", "gone"),
    [
        ('set -e\nif [ -n "$M" ]; then\n  npx prisma migrate deploy\nfi\nexec "$@"\n', True),
        ('if [ 1 ]; then\n# first\nnpx prisma migrate deploy\nfi\nexec "$@"\n', True),
        ('npx prisma migrate deploy || exit 1\nexec "$@"\n', True),
        ("cd app && npx prisma migrate deploy && cd ..\nexec node x.js\n", True),
        ('(cd app && npx prisma migrate deploy)\nexec "$@"\n', False),
        ('if ! npx prisma migrate deploy; then\n  exit 1\nfi\nexec "$@"\n', False),
        ("case $1 in\nweb) npx prisma migrate deploy; exec node x.js ;;\nesac\n", False),
    ],
)
def test_a_mended_script_is_one_for_the_shell(script, gone):
    """What is left after Prisma's call is gone is read by `sh -n`; what is not understood is left alone."""
    mended = mended_script("#!/bin/sh\n" + script, "pgready", "boot")
    assert (mended is not None) is gone
    if mended is not None:
        assert "prisma migrate" not in mended
        assert "exec pgready boot -- " in mended
        done = subprocess.run(["sh", "-n"], input=mended, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr + mended


# ── which database ──


def test_several_schemas_are_a_question(tmp_path):
    """Exit 2 with their names; --schema answers it, and so do settings; the service beside the schema migrates."""
    lay(tmp_path, prisma("services/a/prisma") | prisma("services/b/prisma"))
    lay(
        tmp_path,
        {
            f"services/{name}/{file}": text
            for name in "ab"
            for file, text in (("main.py", SERVER), ("requirements.txt", ""))
        },
    )
    before = files(tmp_path)
    told = pgready(tmp_path, "init", "--yes", code=2)
    assert "services/a/prisma/schema.prisma, services/b/prisma/schema.prisma" in told.stderr
    assert "pgready init --schema services/a/prisma/schema.prisma" in told.stderr
    assert files(tmp_path) == before
    changes, _ = init(tmp_path, schema="services/b/prisma/schema.prisma")
    assert 'schema = "services/b/prisma/schema.prisma"' in changes["pgready.toml"].after
    assert '"boot"' in changes["services/b/Dockerfile"].after
    assert '"wait"' in changes["services/a/Dockerfile"].after
    assert init(tmp_path)[0] == {}
    with pytest.raises(UsageInvalid, match="no Prisma schema of this repository"):
        look(Request("1.2.3", str(tmp_path), schema="services/c"))


def test_a_generated_copy_of_the_schema_is_no_second_one(tmp_path):
    """It has no migrations."""
    lay(tmp_path, prisma() | {"src/generated/prisma/schema.prisma": SCHEMA + MODEL, "main.py": SERVER})
    assert 'schema = "prisma/schema.prisma"' in init(tmp_path)[0]["pgready.toml"].after


# ── settings that are there ──


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("name", "text", "after_key"),
    [
        ("pgready.toml", '# ours\ntimeout = "5m"  # long\n\n# below\n[smoke]\nrows = 9\n', "timeout"),
        (
            "pyproject.toml",
            '[project]\nname = "x"\n\n[tool.pgready]\nschemas = [\n  "public",\n]\n\n[tool.z]\na = 1\n',
            "]",
        ),
        ("pyproject.toml", "[tool.pgready.smoke]\nrows = 9\n", "rows"),
    ],
)
def test_settings_are_completed(name, text, after_key, end, tmp_path):
    """By what they do not say; every line of theirs stays, with its comment and its line end."""
    lay(tmp_path, prisma() | {name: text.replace("\n", end), "main.py": SERVER, "requirements.txt": ""})
    after = init(tmp_path)[0][name].after
    assert [line for line in after.split(end) if line in text.split("\n")][: text.count("\n")] == text.split("\n")[:-1]
    assert 'contracts = ["contracts"]' in after
    assert "smoke.services]]" in after
    assert after.count("\n") == after.count(end)
    assert resolve({"config": str(tmp_path / name)}, {}, str(tmp_path)).migrations
    (service,) = smoke_settings({"config": str(tmp_path / name)}, {}, str(tmp_path)).services
    assert service.command == ("python", "main.py")


def test_settings_that_cannot_take_more_are_left_alone(tmp_path):
    """And told what they lack."""
    text = "smoke = { rows = 9 }\n"
    lay(tmp_path, prisma() | {"pgready.toml": text, "main.py": SERVER})
    request = Request("1.2.3", str(tmp_path))
    plan = planned(request, look(request), choose(request, look(request)))
    assert "pgready.toml" not in [one.path for one in plan.changes]
    assert any("pgready.toml: the lines did not fit" in note for note in plan.notes)


@pytest.mark.parametrize("name", ["pgready.toml", "pyproject.toml"])
def test_settings_that_are_no_toml(name, tmp_path):
    """Are told with their place; nothing is written."""
    lay(tmp_path, prisma() | {name: 'a = 1\nb = = "x"\n', "main.py": SERVER})
    before = files(tmp_path)
    assert f"{name}:2:5" in pgready(tmp_path, "init", "--yes", code=2).stderr
    assert files(tmp_path) == before


def test_a_service_told_later_is_remembered_too(tmp_path):
    """Though the settings are there already."""
    lay(tmp_path, prisma() | {"main.py": SERVER, "requirements.txt": ""})
    init(tmp_path)
    init(tmp_path, services=("mailer=python -c pass",))
    assert 'name = "mailer"' in (tmp_path / "pgready.toml").read_text()
    assert init(tmp_path)[0] == {}


# ── smoke ──


def test_a_service_that_writes_its_words_elsewhere_has_not_ended():
    """It closed its pipes and lives: no end is told before it ended, so nobody waits for its exit code."""
    code = "import os, sys\nos.dup2(os.open(os.devnull, os.O_WRONLY), 1)\nos.dup2(1, 2)\nimport time\ntime.sleep(60)"
    with Children(watchdog) as children:
        children.start("mute", [sys.executable, "-c", code], cwd="/", env={})
        assert children.next_line(1.0) is None
        children.stop()
        line = children.next_line(10)
        assert line is not None
        assert (line.child, line.stream) == ("mute", "end")


# ── dependencies ──

PROJECT = '[project]\nname = "{}"\nversion = "1"\ndependencies = []\n'
WORKSPACE = PROJECT.format("root") + '[tool.uv.workspace]\nmembers = ["sv*"]\n'


@pytest.mark.parametrize(
    ("texts", "image", "ci"),
    [
        (
            {"pyproject.toml": PROJECT.format("x"), "pdm.lock": ""},
            ["COPY pyproject.toml pdm.lock ./", "pdm export --prod"],
            "(pdm export --prod --without-hashes > pdm-requirements.txt)",
        ),
        (
            {"Pipfile": "[packages]\n", "Pipfile.lock": "{}"},
            ["COPY Pipfile Pipfile.lock ./", "RUN pipenv requirements"],
            "pip install -r pipenv-requirements.txt",
        ),
        (
            {"Pipfile": "[packages]\n"},
            ["COPY Pipfile ./", "RUN pipenv lock && "],
            "(pipenv lock && pipenv requirements",
        ),
        ({"setup.py": ""}, ["COPY ./ ./", "pip install --no-cache-dir ."], "pip install ."),
        (
            {"requirements.txt": "-r base.txt\n", "base.txt": ""},
            ["COPY ./ ./", " -r requirements.txt"],
            "pip install -r req",
        ),
        (
            {"requirements/prod.txt": "x\n"},
            ["COPY requirements/prod.txt ./", " -r prod.txt"],
            "pip install -r requirements/prod.txt",
        ),
        (
            {"pyproject.toml": WORKSPACE, "uv.lock": "", "svc/pyproject.toml": PROJECT.format("svc")},
            ["COPY ./ ./", "uv sync --frozen --no-dev --no-editable --no-cache --package svc"],
            "uv export --package svc",
        ),
    ],
)
def test_dependencies_are_installed_by_what_there_is(texts, image, ci, tmp_path):
    """In the image and in CI; README.md, which builds read, is not kept from the image."""
    folder = "svc/" if "svc/pyproject.toml" in texts else ""
    lay(tmp_path, prisma() | texts | {f"{folder}main.py": SERVER})
    changes, _ = init(tmp_path)
    for line in image:
        assert line in changes[f"{folder}Dockerfile"].after
    assert ci in changes[".github/workflows/pgready.yml"].after
    assert "md" not in changes[".dockerignore"].after


# ── CI ──


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("# ours\nstages: [build, test]  # two\n\nbuild:\n  script:\n    - make\n", "test"),
        ("stages:\n  - lint\n  - ship\nlint:\n  stage: lint\n  script: make lint", "lint"),
        ("lint:\n  script: make lint\n\n\n", "test"),
        ("# nothing yet\n", "test"),
    ],
)
def test_gitlab_gets_a_job(text, stage, end, tmp_path):
    """At the end of what is there, of which every byte stays; GitLab's schema takes it."""
    lay(tmp_path, prisma() | {".gitlab-ci.yml": text.replace("\n", end), "main.py": SERVER, "requirements.txt": ""})
    changes, notes = init(tmp_path)
    after = changes[".gitlab-ci.yml"].after
    assert after.startswith(text.replace("\n", end).rstrip())
    assert f"stage: {stage}{end}" in after
    assert after.count("\n") == after.count(end)
    assert ".github/workflows/pgready.yml" not in changes
    assert notes == ()
    done = program("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", tmp_path / ".gitlab-ci.yml")
    assert done.returncode == 0, done.stdout
    if text:
        (tmp_path / ".gitlab-ci.yml").write_text(after.replace("script:", "scrpt:"))
        assert program(
            "check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", tmp_path / ".gitlab-ci.yml"
        ).returncode


def test_ci_of_others_is_told(tmp_path):
    """A workflow for GitHub would never run there; GitLab's that is not understood is left alone."""
    lay(tmp_path, prisma() | {"main.py": SERVER, ".circleci/config.yml": "version: 2.1\n"})
    changes, notes = init(tmp_path)
    assert not [path for path in changes if path.startswith(".github")]
    assert any("CircleCI" in note for note in notes)
    lay(tmp_path, {".gitlab-ci.yml": "a: [\n"})
    assert any(".gitlab-ci.yml:" in note for note in init(tmp_path)[1])


# ── a first contract ──

BIG = "CREATE TABLE {} (\n  id bigint {}, client text NOT NULL, at timestamptz DEFAULT now()\n);\n"


@pytest.mark.parametrize(
    ("scripts", "wanted"),
    [
        ([BIG.format("orders", "PRIMARY KEY")], 'FROM "orders" WHERE "id" > :after_id ORDER BY "id" LIMIT'),
        (
            ["CREATE SCHEMA t;\n", BIG.format('t."Order"', "GENERATED ALWAYS AS IDENTITY PRIMARY KEY")],
            'FROM "t"."Order" WHERE',
        ),
        (
            [
                "CREATE TABLE IF NOT EXISTS public.fills (o int, n int, q numeric(9, 2), CONSTRAINT k PRIMARY KEY (o, n));"
            ],
            'FROM "public"."fills" WHERE ("o", "n") > (:after_o, :after_n) ORDER BY "o", "n"',
        ),
        (
            [
                "SET search_path = '';\n"
                + BIG.format("a.b", "")
                + "ALTER TABLE ONLY a.b ADD CONSTRAINT b_pkey PRIMARY KEY (id);"
            ],
            'FROM "a"."b" WHERE "id"',
        ),
        ([BIG.format("old", "PRIMARY KEY"), BIG.format("new", "PRIMARY KEY"), "DROP TABLE old;"], 'FROM "new"'),
        (
            [BIG.format("old", "PRIMARY KEY"), "ALTER TABLE old RENAME TO new;", BIG.format("x", "PRIMARY KEY")],
            'FROM "x"',
        ),
        (["-- migrate:up\n" + BIG.format("up", "PRIMARY KEY") + "-- migrate:down\nDROP TABLE up;\n"], 'FROM "up"'),
        (["SET search_path TO t;\n" + BIG.format("somewhere", "PRIMARY KEY")], ""),
        ([BIG.format("keyless", "")], ""),
        (["CREATE TEMP TABLE x (id int PRIMARY KEY);", "DO $$ BEGIN CREATE TABLE y (id int PRIMARY KEY); END $$;"], ""),
    ],
)
def test_a_first_contract_of_plain_sql(scripts, wanted, tmp_path):
    """A page of a table that the scripts surely leave behind; none where there is no such table."""
    lay(tmp_path, {f"migrations/{at:03}.sql": text for at, text in enumerate(scripts)})
    changes, _ = init(tmp_path, only=("settings", "contracts"))
    text = changes["contracts/first.sql"].after if "contracts/first.sql" in changes else ""
    assert wanted in text
    assert bool(wanted) is bool(text)
    assert ("contracts = " in changes["pgready.toml"].after) is bool(wanted)


# ── services ──

LOOP = 'import time\n\ndef main():\n    while True:\n        time.sleep(1)\n\nif __name__ == "__main__":\n    main()\n'


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        ({"services/mailer/mailer.py": LOOP, "services/mailer/requirements.txt": ""}, {"mailer": "python mailer.py"}),
        ({"bot.py": LOOP, "requirements.txt": ""}, {"repo": "python bot.py"}),
        ({"seed.py": LOOP, "requirements.txt": ""}, {}),
        (
            {
                "pyproject.toml": PROJECT.format("orders")
                + '[project.scripts]\norders = "orders.run_it:main"\nseed = "orders.run_it:s"\n',
                "src/orders/__init__.py": "",
                "src/orders/run_it.py": LOOP.partition("if")[0],
            },
            {"orders": "python -c 'from orders.run_it import main; main()'"},
        ),
    ],
)
def test_services_are_found_in_code(texts, wanted, tmp_path):
    """A lone program, the one that bears its folder's name, and what a project installs; no tool that runs once."""
    folder = tmp_path / "repo"
    lay(folder, prisma() | texts)
    assert {one.name: shlex.join(one.command) for one in look(Request("1", str(folder))).services} == wanted
    init(folder)


MANIFEST = """# two of one image
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: proxy
          image: nginx:1.27
          command: [nginx]
        - name: web  # the image decides
          image: registry.example.com/team/shop:1.2.3
          env: [{name: DATABASE_URL, value: x}]
          livenessProbe:
            tcpSocket: {port: 8000}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: jobs}
spec:
  template:
    spec:
      containers:
        - name: app
          image: registry.example.com/team/shop:1.2.3
          # forever
          command:
            - python
            - jobs.py
          envFrom: [{secretRef: {name: db}}]
"""


def test_kubernetes_gets_names_that_it_takes(tmp_path):
    """Compose takes an underscore, Kubernetes does not; doctor knows the service by both."""
    compose = "services:\n  my_api:\n    build: .\n    environment: [DATABASE_URL=postgresql://a@db/x]\n"
    image = 'FROM python:3.12-slim\nCOPY . .\nUSER 1\nCMD ["python", "main.py"]\n'
    lay(tmp_path, prisma() | {"main.py": SERVER, "requirements.txt": "", "Dockerfile": image, "compose.yaml": compose})
    changes, _ = init(tmp_path)
    assert "  name: my-api\n" in changes["k8s/my-api.yaml"].after
    assert "my_api" not in changes["k8s/my-api.yaml"].after
    found = look(Request("1", str(tmp_path)))
    assert [service_of(found, one, one.containers[0]) for one in found.workloads] == [found.service("my_api")]


def test_containers_are_services_by_their_image(tmp_path):
    """Whatever the container is called: who boots gets a start-up probe, a worker waits, a side-car is left alone."""
    image = 'FROM python:3.12-slim\nCOPY . .\nEXPOSE 8000\nUSER 1\nCMD ["python", "main.py"]\n'
    lay(tmp_path, prisma() | {"main.py": SERVER, "jobs.py": LOOP, "requirements.txt": "", "Dockerfile": image})
    lay(tmp_path, {"k8s/all.yaml": MANIFEST})
    found = look(Request("1", str(tmp_path)))
    assert any(one.id == "probe-too-tight" for one in check_kubernetes(found, None))
    changes, _ = init(tmp_path)
    after = changes["k8s/all.yaml"].after
    assert after == MANIFEST.replace(
        "          livenessProbe",
        '          startupProbe:\n            tcpSocket: {"port": 8000}\n            periodSeconds: 5\n'
        "            failureThreshold: 720\n          livenessProbe",
    ).replace(
        "command:\n            - python\n            - jobs.py",
        'command: ["pgready", "wait", "--", "python", "jobs.py"]',
    )
    assert 'entrypoint: ["pgready", "wait", "--"]\n    command: ["python", "jobs.py"]' in changes["compose.yaml"].after
    assert not any(one.level == "error" for one in check_kubernetes(look(Request("1", str(tmp_path))), None))


def test_starts_of_npm_and_procfile(tmp_path):
    """The image whose package.json migrates gets pgready, and the script is left without Prisma, byte for byte else."""
    package = '{\r\n  "scripts": {\r\n    "start":"prisma migrate deploy && node server.js",\r\n    "dev": "prisma migrate dev"\r\n  }\r\n}\r\n'
    procfile = "# ours\nrelease: npx prisma migrate deploy\nweb: npx prisma migrate deploy && exec node server.js --port=$PORT\n"
    image = 'FROM node:22-slim\nCOPY . .\nUSER node\nCMD ["npm", "start"]\n'
    lay(tmp_path, prisma() | {"package.json": package, "Procfile": procfile, "server.js": "listen(3000)"})
    by_hand = [one for one in check_images(look(Request("1", str(tmp_path)))) if one.id == "prisma-at-start"]
    assert [(one.where, one.level) for one in by_hand] == [
        ("package.json:3", "error"),
        ("Procfile:2", "warning"),
        ("Procfile:3", "error"),
    ]
    assert by_hand[0].mend == "take it out of start, and start that by: pgready boot -- npm run start"
    lay(tmp_path, {"Dockerfile": image})
    assert all(
        one.mend == "pgready init" for one in check_images(look(Request("1", str(tmp_path)))) if one.level == "error"
    )
    changes, _ = init(tmp_path)
    assert changes["package.json"].after == package.replace("prisma migrate deploy && ", "")
    assert changes["Procfile"].after == (
        "# ours\nrelease: pgready migrate deploy\nweb: pgready wait -- node server.js --port=$PORT\n"
    )
    assert 'ENTRYPOINT ["pgready", "boot", "--"]\nCMD ["npm", "start"]' in changes["Dockerfile"].after
    assert [one for one in check_images(look(Request("1", str(tmp_path)))) if one.level == "error"] == []


# ── what may not be written ──


def test_links_out_of_the_repository_are_left_alone(tmp_path):
    """Also one to nothing, which would make a file somewhere else; a link inside is written through."""
    image = 'FROM python:3.12-slim\nCOPY . .\nUSER 1\nCMD ["python", "main.py"]\n'
    folder = lay(tmp_path / "repo", prisma() | {"main.py": SERVER, "requirements.txt": "", "docker/Dockerfile": image})
    (tmp_path / "entry.sh").write_text("x")
    (folder / "compose.yaml").symlink_to(tmp_path / "nothing.yaml")
    (folder / "Dockerfile").symlink_to("docker/Dockerfile")
    changes, notes = init(folder)
    assert "compose.yaml" not in changes
    assert any("compose.yaml is a link out of this repository" in note for note in notes)
    assert not (tmp_path / "nothing.yaml").exists()
    assert (folder / "Dockerfile").is_symlink()
    assert "pgready" in (folder / "docker/Dockerfile").read_text()


def test_nothing_is_written_where_one_file_may_not_be(tmp_path):
    """A read-only file, and a file where a folder is wanted: told before anything is written."""
    image = 'FROM python:3.12-slim\nCOPY . .\nUSER 1\nCMD ["python", "main.py"]\n'
    lay(tmp_path, prisma() | {"main.py": SERVER, "requirements.txt": "", "Dockerfile": image})
    (tmp_path / "Dockerfile").chmod(0o444)
    before = files(tmp_path)
    done = pgready(tmp_path, "init", "--yes", code=2)
    assert "Dockerfile is read-only; nothing was written" in done.stderr
    assert "chmod u+w Dockerfile" in done.stderr
    assert files(tmp_path) == before
    (tmp_path / "Dockerfile").chmod(0o644)
    (tmp_path / "k8s").write_text("x")
    before = files(tmp_path)
    assert "k8s is no folder; nothing was written" in pgready(tmp_path, "init", "--yes", code=2).stderr
    assert files(tmp_path) == before


# ── lines that are written otherwise ──


def test_merges_braces_and_empty_lists(tmp_path):
    """What compose merges is patched in the service itself, never in the anchor; probes in braces, hooks into []."""
    compose = (
        "x-all: &all\n  build: {context: .}  # one\nservices:\n  api:\n    <<: *all\n    ports: [8000]\n"
        "  worker:\n    <<: *all\n    # loops\n    command: [python, jobs.py]\n"
        "  migrate:\n    <<: *all\n    command: [npx, prisma, migrate, deploy]\n"
    )
    image = (
        'FROM python:3.12-slim\nCOPY --chown=1:1 ["prisma", "./prisma"]\nCOPY main.py jobs.py ./\nUSER 1\n'
        'ENTRYPOINT ["tini", "--"]\nCMD ["python", "main.py"]\n'
    )
    probe = "          livenessProbe: {tcpSocket: {port: http}}\n"
    manifest = MANIFEST.partition("---")[0].partition("          livenessProbe")[0] + probe
    lay(tmp_path, prisma() | {"main.py": SERVER, "jobs.py": LOOP, "requirements.txt": "", "Dockerfile": image})
    lay(tmp_path, {"compose.yaml": compose, "k8s/web.yaml": manifest, ".pre-commit-config.yaml": "repos: []\n# end\n"})
    changes, notes = init(tmp_path)
    assert changes["compose.yaml"].after == compose.replace(
        "    # loops\n    command", '    # loops\n    entrypoint: ["pgready", "wait", "--"]\n    command'
    ).replace("command: [npx, prisma, migrate, deploy]", 'entrypoint: ["pgready", "migrate", "deploy"]')
    assert changes["Dockerfile"].after.count("prisma") == 2
    assert (
        'ENTRYPOINT ["pgready", "boot", "--", "tini", "--"]\nCMD ["python", "main.py"]' in changes["Dockerfile"].after
    )
    start = '          startupProbe:\n            tcpSocket: {"port": "http"}\n'
    assert start in changes["k8s/web.yaml"].after
    assert changes["k8s/web.yaml"].after.endswith("failureThreshold: 720\n" + probe)
    hooks = changes[".pre-commit-config.yaml"].after
    assert hooks.startswith("repos:\n- repo: local\n")
    assert hooks.endswith("\n# end\n")
    assert notes == ()


def test_a_shell_stays_the_shell_it_was(tmp_path):
    """A script for bash is not given to sh: in exec form, by SHELL, in compose."""
    shell = 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\n'
    image = "FROM python:3.12-slim\nCOPY . .\nUSER 1\n" + shell + "CMD python main.py --x=$X | tee /tmp/log\n"
    compose = (
        'services:\n  api:\n    build: .\n    command: bash -c "npx prisma migrate deploy && python main.py --x=$$X"\n'
    )
    lay(tmp_path, prisma() | {"main.py": SERVER, "requirements.txt": "", "Dockerfile": image, "compose.yaml": compose})
    changes, _ = init(tmp_path)
    assert 'CMD ["bash", "-c", "exec python main.py --x=$X | tee /tmp/log"]' in changes["Dockerfile"].after
    assert 'command: ["bash", "-c", "exec python main.py --x=$$X"]' in changes["compose.yaml"].after
