"""`pgready doctor` without a database: each fault planted in a set-up that is right, and found with its place."""

import json

import pytest
from doctor_setups import RIGHT, doctor, lay, told

BOOT = 'ENTRYPOINT ["pgready", "boot", "--"]'
CASES = [
    ("prisma-at-start", "error", "Dockerfile:6", "Dockerfile", BOOT, "ENTRYPOINT npx prisma migrate deploy &&"),
    ("prisma-at-start", "error", "package.json:1", "package.json", None, '{"scripts": {"start": "prisma db push"}}'),
    ("prisma-at-start", "error", "start.sh:2", "start.sh", None, "#!/bin/sh\nnpx prisma migrate deploy\nexec node x\n"),
    ("replicas-race", "error", "compose.yaml:4", "compose.yaml", "build: .", "build: .\n    command: npx prisma migrate deploy"),
    ("replicas-race", "error", "k8s/api.yaml:9", "k8s/api.yaml", '["pgready", "boot", "--"]', '["npx", "prisma", "migrate", "deploy"]'),
    ("signals-lost", "error", "Dockerfile:6", "Dockerfile", BOOT, "ENTRYPOINT pgready boot -- uvicorn app:app"),
    ("signals-lost", "error", "Dockerfile:7", "Dockerfile", f'{BOOT}\nCMD ["uvicorn", "app:app", "--port", "8000"]', '\nCMD ["sh", "-c", "pgready boot -- uvicorn app:app"]'),
    ("signals-lost", "warning", "Dockerfile:7", "Dockerfile", 'CMD ["uvicorn", "app:app", "--port", "8000"]', "CMD uvicorn app:app"),
    ("signals-lost", "error", "entrypoint.sh:2", "entrypoint.sh", None, '#!/bin/sh\npgready boot -- "$@"\n'),
    ("latest-tag", "warning", "Dockerfile:1", "Dockerfile", "python:3.12-slim", "python"),
    ("latest-tag", "warning", "compose.yaml:2", "compose.yaml", "postgres:17", "postgres:latest"),
    ("latest-tag", "warning", "k8s/api.yaml:9", "k8s/api.yaml", "api:1.0.0", "api"),
    ("runs-as-root", "warning", "Dockerfile:7", "Dockerfile", "USER 1000\n", "\n"),
    ("url-with-secret", "error", "Dockerfile:2", "Dockerfile", "WORKDIR /app", "ENV DATABASE_URL=postgresql://api:hunter2@db/app"),
    ("url-with-secret", "error", "k8s/api.yaml:9", "k8s/api.yaml", "valueFrom: {secretKeyRef: {name: db, key: url}}", "value: postgresql://api:hunter2@db/app"),
    ("url-missing", "error", "compose.yaml:4", "compose.yaml", "DATABASE_URL: postgresql://api:${PASSWORD}@db/app", "LEVEL: info"),
    ("url-missing", "error", "k8s/api.yaml:9", "k8s/api.yaml", "name: DATABASE_URL", "name: LEVEL"),
    ("pgready-not-installed", "error", "Dockerfile", "requirements.txt", "pgready\n", ""),
    ("migrations-not-in-image", "error", "Dockerfile", "Dockerfile", "COPY . .", "COPY app.py requirements.txt ./"),
    ("not-behind-pgready", "warning", "Dockerfile:7", "Dockerfile", BOOT, ""),
    ("probe-too-tight", "warning", "k8s/api.yaml:16", "k8s/api.yaml", "failureThreshold: 720", "failureThreshold: 6"),
    ("nobody-migrates", "error", "", None, None, None),
    ("lock-file-missing", "warning", "prisma/migrations/migration_lock.toml", "prisma/migrations/migration_lock.toml", None, None),
    ("migration-refused", "error", "prisma/migrations/migration_lock.toml", "prisma/migrations/migration_lock.toml", "postgresql", "mysql"),
    ("migration-refused", "error", "prisma/migrations/20250101000000_init/migration.sql:1:1", "prisma/migrations/20250101000000_init/migration.sql", "CREATE", "BEGIN; CREATE"),
    ("prisma-refuses", "warning", "prisma/migrations/20250101000000_init/migration.sql", "prisma/migrations/20250101000000_init/migration.sql", ";\n", ";\nCREATE INDEX CONCURRENTLY i ON note (id);\n"),
    ("prisma-refuses", "warning", "prisma/migrations/20250101000000_init/migration.sql", "prisma/migrations/20250101000000_init/migration.sql", ";\n", ";\nALTER TYPE s ADD VALUE 'late';\nUPDATE note SET s = 'late';\n"),
    ("pooler-without-direct-url", "warning", "compose.yaml:4", "compose.yaml", "@db/app", "@pgbouncer:5432/app"),
    ("pooler-without-direct-url", "warning", "compose.yaml:4", "compose.yaml", "image: postgres:17", "image: edoburu/pgbouncer:v1.23.1-p3"),
    ("pooler-without-direct-url", "warning", "k8s/api.yaml:9", "k8s/api.yaml", "valueFrom: {secretKeyRef: {name: db, key: url}}", "value: postgresql://api@db:6432/app"),
    ("schema-invalid", "error", "prisma/schema.prisma:8:5", "prisma/schema.prisma", "}\n", "}\n\nmodel Note {\n  id Int @id\n  x Strin\n}\n"),
    ("settings-invalid", "error", "pgready.toml:1", "pgready.toml", None, "tiemout = 3\n"),
    ("settings-invalid", "error", "pgready.toml: smoke.services, a", "pgready.toml", None, '[[smoke.services]]\nname = "a"\ncommand = "x"\ntiemout = 3\n'),
    ("signals-lost", "error", "compose.yaml:4", "compose.yaml", "build: .", 'build: .\n    command: sh -c "pgready wait -- uvicorn app:app"'),
    ("unreadable", "warning", "compose.yaml:2", "compose.yaml", "  db:", "\tdb:"),
]  # fmt: skip


def test_a_right_set_up_is_right(tmp_path):
    """Not even a warning."""
    lay(tmp_path)
    data, code = doctor(tmp_path, "--offline")
    assert (data["findings"], code) == ([], 0)
    assert "the database: --offline" in data["not_looked_at"]


@pytest.mark.parametrize(("kind", "level", "where", "file", "old", "new"), CASES)
def test_a_planted_fault_is_found(kind, level, where, file, old, new, tmp_path):
    """With its level, its place and a way out; errors end in 4; no password is shown."""
    changed = {file: RIGHT.get(file, "").replace(old, new) if old else new}
    if kind == "nobody-migrates":
        changed = {name: text.replace('"boot"', '"wait"') for name, text in RIGHT.items()}
    assert changed != RIGHT
    lay(tmp_path, changed)
    data, code = doctor(tmp_path, "--offline")
    found = [one for one in data["findings"] if one["id"] == kind]
    assert found, data["findings"]
    assert (level, where) in [(one["level"], one["where"]) for one in found], found
    assert all(one["mend"] and one["text"] for one in found)
    assert "hunter2" not in json.dumps(data)
    assert code == (4 if any(one["level"] == "error" for one in data["findings"]) else 0)


def test_the_longest_migration_against_the_probe(tmp_path):
    """By --longest, without a database: longer than an hour is an error."""
    lay(tmp_path)
    data, code = doctor(tmp_path, "--offline", "--longest", "20m")
    assert (data["findings"], code) == ([], 0) or data["findings"][0]["level"] == "warning"
    data, code = doctor(tmp_path, "--offline", "--longest", "2h")
    assert (data["findings"][0]["id"], data["findings"][0]["level"]) == ("probe-too-tight", "error")
    assert data["findings"][1]["mend"] == "progressDeadlineSeconds: 14400"
    assert code == 4


def test_a_pooler_needs_a_direct_url(tmp_path):
    """By what the URL says: an error where a migration needs one, a warning elsewhere, nothing with one."""
    lay(tmp_path)
    pooled = {"DATABASE_URL": "postgresql://u:hunter2@db.example.com:6543/app"}
    assert [(one["id"], one["level"]) for one in doctor(tmp_path, "--offline", env=pooled)[0]["findings"]] == [
        ("pooler-without-direct-url", "warning")
    ]
    lay(tmp_path, {"prisma/migrations/20250102000000_i/migration.sql": "CREATE INDEX CONCURRENTLY i ON note (id);\n"})
    data, code = doctor(tmp_path, "--offline", env=pooled)
    assert [(one["id"], one["level"]) for one in data["findings"]] == [("pooler-without-direct-url", "error")]
    assert code == 4
    assert "hunter2" not in json.dumps(data)
    direct = {"PGREADY_DIRECT_URL": "postgresql://u@db.example.com:5432/app"}
    assert doctor(tmp_path, "--offline", env=pooled | direct)[0]["findings"] == []


def test_no_url_is_told(tmp_path):
    """And what could not be looked at without one."""
    lay(tmp_path)
    data, code = doctor(tmp_path)
    assert [one["id"] for one in data["findings"]] == ["url-missing"]
    assert "the database: no URL" in data["not_looked_at"]
    assert code == 4


def test_as_people_read_it(tmp_path):
    """Place, level, id, words, and the way out below; a password never."""
    lay(tmp_path, {"Dockerfile": RIGHT["Dockerfile"].replace("USER 1000\n", "")})
    done = told(tmp_path, "--offline")
    assert done.returncode == 0
    assert done.stdout.startswith("Dockerfile:6: warning[runs-as-root]: ")
    assert "\n  mend: USER 1000\n" in done.stdout
    assert "not looked at: the database: --offline" in done.stderr
    assert told(tmp_path, "--offline", "--quiet").stdout == ""


@pytest.mark.parametrize(
    ("script", "mend"),
    [
        ('npx prisma migrate deploy\nexec "$@"\n', "pgready init"),
        ('if ! npx prisma migrate deploy; then exit 1; fi\nexec "$@"\n', "take the call out"),
    ],
)
def test_init_is_told_where_init_mends(script, mend, tmp_path):
    """And there it does: doctor is silent after it. What init would leave alone is told as an edit."""
    image = 'FROM python:3.12-slim\nCOPY . .\nUSER 1\nENTRYPOINT ["./entrypoint.sh"]\nCMD ["uvicorn", "app:app"]\n'
    kept = {"Dockerfile": image, "entrypoint.sh": "#!/bin/sh\n" + script, "requirements.txt": "uvicorn\n"}
    lay(tmp_path, kept | {"compose.yaml": None, "k8s/api.yaml": None})
    (found,) = [one for one in doctor(tmp_path, "--offline")[0]["findings"] if one["id"] == "prisma-at-start"]
    assert found["mend"].startswith(mend)
    if mend == "pgready init":
        assert told(tmp_path, "--yes", "--quiet", command="init").returncode == 0
        assert doctor(tmp_path, "--offline")[0]["findings"] == []
