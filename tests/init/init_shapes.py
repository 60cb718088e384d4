"""Repositories by their files, and a run of init over one."""

from pgready.commands.init.run import Request, choose, look, planned, write

SCHEMA = 'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n'
MODEL = "\nmodel note {\n  id   Int    @id\n  text String\n  at   DateTime\n}\n"
MIGRATION = "CREATE TABLE note (id int PRIMARY KEY, text text NOT NULL, at timestamp(3) NOT NULL);\n"
PROJECT = '[project]\nname = "{}"\nversion = "1"\ndependencies = []\n'
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
