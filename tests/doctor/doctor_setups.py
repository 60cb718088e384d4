"""A set-up that is right, to plant faults in, and doctor asked about it."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

from pgready.commands.doctor.run import doctor as run

SOURCE = str(Path(__file__).parents[2] / "src")

RIGHT = {
    "prisma/schema.prisma": 'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n',
    "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
    "prisma/migrations/20250101000000_init/migration.sql": "CREATE TABLE note (id int PRIMARY KEY);\n",
    "requirements.txt": "pgready\nuvicorn\n",
    "app.py": "from fastapi import FastAPI\napp = FastAPI()\n",
    "Dockerfile": "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nUSER 1000\n"
    'ENTRYPOINT ["pgready", "boot", "--"]\nCMD ["uvicorn", "app:app", "--port", "8000"]\n',
    "compose.yaml": "services:\n  db:\n    image: postgres:17\n  api:\n    build: .\n    environment:\n"
    "      DATABASE_URL: postgresql://api:${PASSWORD}@db/app\n    deploy:\n      replicas: 3\n",
    "k8s/api.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  replicas: 3\n  template:\n"
    "    spec:\n      containers:\n        - name: api\n          image: example.com/api:1.0.0\n"
    '          command: ["pgready", "boot", "--"]\n          args: ["uvicorn", "app:app"]\n'
    "          env:\n            - name: DATABASE_URL\n              valueFrom: {secretKeyRef: {name: db, key: url}}\n"
    "          startupProbe:\n            tcpSocket: {port: 8000}\n            periodSeconds: 5\n"
    "            failureThreshold: 720\n",
}


def lay(folder, changed=None):
    """Write the right set-up, or what became of it."""
    for name, text in {**RIGHT, **(changed or {})}.items():
        if text is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)


def _clean(env):
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "DATABASE", "DIRECT"))}
    return {**keep, **(env or {})}


def doctor(folder, *words, env=None):
    """Its data, and what it would end with; in this process, since most faults need no more."""
    longest = {"20m": 1200.0, "2h": 7200.0}.get(words[-1]) if words else None
    with contextlib.chdir(folder), mock.patch.dict(os.environ, _clean(env), clear=True):
        done = run({}, offline="--offline" in words, longest_seconds=longest)
    return done.as_dict(), done.exit_code


def told(folder, *words, env=None, command="doctor"):
    """As a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "pgready", command, *words],
        cwd=folder,
        env={**_clean(env), "PYTHONPATH": SOURCE},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
