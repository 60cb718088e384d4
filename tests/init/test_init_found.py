"""Repositories that are shaped otherwise than the five: contracts, services, manifests and odd files."""

import shlex

import pytest
from init_repositories import files, pgready
from init_shapes import PROJECT, SERVER, init, lay, prisma

from pgready.commands.init.run import Request, look
from pgready.setup.check_images import check_images
from pgready.setup.check_kubernetes import check_kubernetes
from pgready.setup.manifest_services import service_of

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
