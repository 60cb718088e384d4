"""A small project with a past, as smoke runs see it."""

import json
import os
import subprocess

SCHEMA = """\
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model Account {
  id    Int    @id @default(autoincrement())
  email String @unique
  notes Note[]
}

model Note {
  id        Int     @id @default(autoincrement())
  accountId Int
  body      String
  title     String?
  account   Account @relation(fields: [accountId], references: [id])

  @@index([accountId])
}
"""

FIRST = """
CREATE TABLE "Account" ("id" SERIAL NOT NULL, "email" TEXT NOT NULL, CONSTRAINT "Account_pkey" PRIMARY KEY ("id"));
CREATE TABLE "Note" ("id" SERIAL NOT NULL, "accountId" INTEGER NOT NULL, "body" TEXT NOT NULL,
    CONSTRAINT "Note_pkey" PRIMARY KEY ("id"));
CREATE UNIQUE INDEX "Account_email_key" ON "Account"("email");
ALTER TABLE "Note" ADD CONSTRAINT "Note_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id")
    ON DELETE RESTRICT ON UPDATE CASCADE;
"""
SECOND = 'ALTER TABLE "Note" ADD COLUMN "title" TEXT;\n'
THIRD = 'CREATE INDEX "Note_accountId_idx" ON "Note"("accountId");\n'
MIGRATIONS = {"20240101000000_init": FIRST, "20240102000000_title": SECOND, "20240103000000_index": THIRD}


def git(project, *words):
    """Run Git in the project's folder."""
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *words], cwd=project.path, check=True, capture_output=True)


def with_past(project, upto=1):
    """A repository whose tag v1 has the first `upto` migrations only."""
    project.write_schema(SCHEMA)
    git(project, "init", "-q")
    for number, (name, script) in enumerate(MIGRATIONS.items(), 1):
        project.migration(name, script)
        if number == upto:
            git(project, "add", "-A")
            git(project, "commit", "-qm", "first")
            git(project, "tag", "v1")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "now")
    return project


def smoke(project, *words, env=None, timeout=180):
    """A run with `--json`: exit code, and the steps by name."""
    ran = project.run("smoke", "--json", *words, env=env, timeout=timeout)
    assert "Traceback" not in ran.stderr
    assert "bug in pgready" not in ran.stderr, ran.stderr
    data = json.loads(ran.stdout) if ran.stdout.startswith("{") else {}
    return ran, {step["name"]: step for step in data.get("steps", [])}


def files(project):
    """Every file of the project with its content."""
    found = {}
    for root, folders, names in os.walk(project.path):
        if ".git" in folders:
            folders.remove(".git")
        for name in names:
            path = os.path.join(root, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, project.path)] = file.read()
    return found
