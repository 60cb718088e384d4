"""`pgready db push` on real databases: what it changes, what it asks about, what it refuses and what it leaves alone."""

import contextlib
import json
import os
import pty
import signal
import subprocess
import threading
import time

import pytest

pytestmark = pytest.mark.matrix

HEAD = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n'
USER = "model User {\n  id Int @id @default(autoincrement())\n  name String?\n}\n"


class Push:
    """A project whose schema is pushed: `push(schema, *flags)`."""

    def __init__(self, project, database):
        self.project = project
        self.database = database
        self.url = database.url

    def write(self, models, head=HEAD):
        """Write the schema."""
        self.project.write_schema(head + models)

    def __call__(self, models, *flags, code=0, head=HEAD):
        """Push; the finished process, which ended with `code`."""
        self.write(models, head)
        done = self.project.run("db", "push", *flags, url=self.url)
        assert done.returncode == code, done.stderr
        return done


@pytest.fixture
def push(make_project, database):
    """Pushes to the test's database."""
    return Push(make_project(), database)


def test_from_nothing_and_again(push, database):
    """Tables are there, the migrations table is not; a second push has nothing to do."""
    done = push(USER, "--json")
    data = json.loads(done.stdout)
    assert [one["kind"] for one in data["changes"]] == ["CreateTable"]
    assert (data["pushed"], data["warnings"], data["left_alone"], data["reset"]) == (True, [], [], False)
    assert database.query('SELECT count(*) FROM "User"') == [(0,)]
    assert database.query("SELECT to_regclass('_prisma_migrations')") == [(None,)]
    again = push(USER, "--json")
    assert json.loads(again.stdout)["changes"] == []
    assert "already in sync" in again.stderr


def test_a_missing_database_and_missing_schemas_are_created(make_project, absent_database):
    """As Prisma does, without a flag."""
    push = Push(make_project(), absent_database)
    head = HEAD.replace("}", '  schemas = ["one", "two words"]\n}')
    push('model A {\n  id Int @id\n  @@schema("two words")\n}\n', head=head)
    assert absent_database.query('SELECT count(*) FROM "two words"."A"') == [(0,)]


def test_the_schema_of_the_url(push, database):
    """`?schema=` says where models are."""
    push.url += "?schema=shop"
    push(USER)
    assert database.query('SELECT count(*) FROM shop."User"') == [(0,)]
    assert "already in sync" in push(USER).stderr


def test_data_is_lost_by_consent_only(push, database):
    """Exit 3 with Prisma's words and the command; then with the flag."""
    push(USER)
    database.query("INSERT INTO \"User\" (name) VALUES ('x'), (NULL)")
    less = USER.replace("  name String?\n", "")
    done = push(less, code=3)
    assert "the column `name` on the `User` table, which still contains 1 non-null values." in done.stderr
    assert done.stderr.endswith("next: pgready db push --accept-data-loss\n")
    assert database.query('SELECT name FROM "User" ORDER BY id') == [("x",), (None,)]
    done = push(less, "--accept-data-loss")
    assert "accepted: You are about to drop the column" in done.stderr
    assert database.query('SELECT * FROM "User" ORDER BY id') == [(1,), (2,)]


def test_an_empty_column_goes_without_a_word(push, database):
    """No value, no loss; as Prisma."""
    push(USER)
    database.query('INSERT INTO "User" DEFAULT VALUES')
    assert json.loads(push(USER.replace("  name String?\n", ""), "--json").stdout)["warnings"] == []


def test_what_the_data_forbids_is_refused(push, database):
    """A required field where there are NULLs; consent does not help, a reset by name does."""
    push(USER)
    database.query('INSERT INTO "User" DEFAULT VALUES')
    required = USER.replace("String?", "String")
    for flags in ((), ("--accept-data-loss",)):
        done = push(required, *flags, code=3)
        assert "there are 1 existing NULL values" in done.stderr
        assert f"pgready db push --force-reset --confirm {database.name}" in done.stderr
    assert push(required, "--force-reset", code=3).stderr.endswith(
        f"next: pgready db push --force-reset --confirm {database.name}\n"
    )
    assert database.query('SELECT count(*) FROM "User"') == [(1,)]
    done = push(required, "--force-reset", "--confirm", database.name, "--json")
    assert json.loads(done.stdout)["reset"] is True
    assert database.query('SELECT count(*) FROM "User"') == [(0,)]


def test_confirm_without_a_reset_is_a_mistake(push, database):
    """It would be taken for consent to something else."""
    assert "--accept-data-loss" in push(USER, "--confirm", database.name, code=2).stderr


@pytest.mark.parametrize("answer", ["y", "n"])
def test_on_a_terminal_it_is_asked(push, database, answer):
    """Yes goes on, no changes nothing."""
    push(USER)
    database.query("INSERT INTO \"User\" (name) VALUES ('x')")
    push.write(USER.replace("  name String?\n", ""))
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        push.project.command("db", "push", "--no-color"),
        cwd=push.project.path,
        env=push.project.env(database.url),
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    seen = b""
    while b"all the same" not in seen:
        seen += os.read(ours, 1000)
    os.write(ours, answer.encode() + b"\n")
    while True:
        try:
            piece = os.read(ours, 1000)
        except OSError:  # the terminal's other end is closed
            break
        if not piece:
            break
        seen += piece
    assert process.wait(60) == (0 if answer == "y" else 3), seen
    process.communicate()
    os.close(ours)
    assert (b"name" in seen, len(database.query('SELECT * FROM "User"')[0])) == (True, 1 if answer == "y" else 2)


def test_all_or_nothing(push, database):
    """A unique index that the data forbids: the column that came before it is not there either."""
    push(USER)
    database.query("INSERT INTO \"User\" (name) VALUES ('x'), ('x')")
    done = push(USER.replace("String?", "String? @unique\n  age Int?"), "--accept-data-loss", code=6)
    assert "nothing was changed" in done.stderr
    assert "SQLSTATE 23505" in done.stderr
    assert 'CREATE UNIQUE INDEX "User_name_key"' in done.stderr
    assert len(database.query('SELECT * FROM "User"')[0]) == 2


def test_what_no_server_takes_is_told_with_a_way_out(push):
    """The server's words, why, and what to write into a script of one's own."""
    push(USER)
    done = push(USER.replace("id Int", "id BigInt"), code=6)
    assert "BIGSERIAL, which is no type to change to" in done.stderr
    assert "next: write a migration instead: pgready migrate dev --create-only" in done.stderr


def test_new_labels_are_used_at_once(push, database):
    """PostgreSQL wants them committed first: the default comes in a second transaction."""
    enum = "enum Mood {\n  ok\n}\nmodel A {\n  id Int @id\n  mood Mood @default(ok)\n}\n"
    push(enum)
    done = push(enum.replace("ok\n}", "ok\n  bad\n  worse\n}").replace("(ok)", "(worse)"))
    assert "committed first" in done.stderr
    assert database.query('INSERT INTO "A" (id) VALUES (1) RETURNING mood::text') == [("worse",)]


def test_labels_stay_where_the_rest_fails(push, database):
    """Said so, and the next push goes on from there."""
    enum = "enum Mood {\n  ok\n}\nmodel A {\n  id Int @id\n  mood Mood @default(ok)\n  n Int\n}\n"
    push(enum)
    database.query("INSERT INTO \"A\" VALUES (1, 'ok', 1), (2, 'ok', 1)")
    then = enum.replace("ok\n}", "ok\n  bad\n}").replace("(ok)", "(bad)").replace("n Int", "n Int @unique")
    done = push(then, "--accept-data-loss", code=6)
    assert "only the new labels of enums were added" in done.stderr
    assert database.query('SELECT enum_range(NULL::"Mood")::text') == [("{ok,bad}",)]
    database.query('UPDATE "A" SET n = id')
    assert json.loads(push(then, "--accept-data-loss", "--json").stdout)["pushed"] is True


def test_a_label_goes(push, database):
    """The enum is replaced in the same transaction; a label in use is refused by the server, and nothing is changed."""
    enum = "enum Mood {\n  ok\n  bad\n}\nmodel A {\n  id Int @id\n  mood Mood @default(ok)\n}\n"
    push(enum)
    database.query("INSERT INTO \"A\" VALUES (1, 'bad')")
    less = enum.replace("  bad\n", "")
    assert "SQLSTATE 22P02" in push(less, "--accept-data-loss", code=6).stderr
    assert database.query('SELECT enum_range(NULL::"Mood")::text, mood::text FROM "A"') == [("{ok,bad}", "bad")]
    database.query("UPDATE \"A\" SET mood = 'ok'")
    push(less, "--accept-data-loss")
    assert database.query('SELECT enum_range(NULL::"Mood")::text') == [("{ok}",)]


def test_views_functions_and_triggers_stay(push, database):
    """What PSL cannot say is not touched; where it depends on what goes, the server's no is told with a way out."""
    push(USER)
    database.query(
        "CREATE VIEW names AS SELECT name FROM \"User\"; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
        'ALTER TABLE "User" ADD CHECK (length(name) < 9)'
    )
    push(USER.replace("name String?", "name String?\n  age Int?"))
    assert database.query("SELECT count(*) FROM names") == [(0,)]
    done = push(USER.replace("  name String?\n", ""), code=6)
    assert "view names depends on column name" in done.stderr
    assert "pgready db execute --file" in done.stderr
    assert database.query("SELECT f(), count(*) FROM names") == [(1, 0)]


def test_tables_of_another_role_are_left_alone(push, database, make_role):
    """Prisma would drop them: not in the schema, and here for a superuser to drop."""
    push(USER)
    role = make_role("billing")
    database.query(
        "CREATE TYPE kind AS ENUM ('a'); CREATE TABLE invoice (id int, kind kind); INSERT INTO invoice VALUES (1);"
        f'ALTER TABLE invoice OWNER TO "{role.name}"'
    )
    done = push(USER, "--json", "--accept-data-loss")
    data = json.loads(done.stdout)
    assert data["changes"] == []
    left = [{"name": "public.invoice", "owner": role.name}, {"name": "public.kind", "owner": role.name}]
    assert data["left_alone"] == left
    assert f"public.invoice is left alone: it is not in the schema, and belongs to role {role.name}" in done.stderr
    assert database.query("SELECT id FROM invoice") == [(1,)]


@pytest.mark.parametrize("place", ["prisma.config.ts", "pgready.toml"])
def test_what_is_declared_external_is_left_alone(push, database, place):
    """Neither dropped nor changed nor made, whoever owns it; foreign keys to it are made, as Prisma 7 has it."""
    text = {
        "prisma.config.ts": "export default { experimental: { externalTables: true },\n"
        "  tables: { external: ['public.users', \"public.gone\",] }, enums: { external: ['public.kind'] } }\n",
        "pgready.toml": 'external_tables = ["users", "public.gone"]\nexternal_enums = ["public.kind"]\n',
    }[place]
    (push.project.path / place).write_text(text)
    database.query(
        "CREATE TYPE kind AS ENUM ('a'); CREATE TABLE users (id int PRIMARY KEY, kind kind, note text);"
        "CREATE TABLE gone (id int)"
    )
    models = (
        "model users {\n  id Int @id\n  kind kind?\n  orders Order[]\n}\nenum kind {\n  a\n  b\n}\n"
        "model Order {\n  id Int @id\n  user users @relation(fields: [userId], references: [id])\n  userId Int\n}\n"
    )
    data = json.loads(push(models, "--json").stdout)
    assert [one["kind"] for one in data["changes"]] == ["CreateTable", "AddForeignKey"]
    assert database.query("SELECT count(note) FROM users, gone") == [(0,)]
    assert "already in sync" in push(models).stderr


@pytest.mark.parametrize("sign", ["alembic", "prisma"])
def test_where_another_history_lives_nothing_goes_unasked(push, database, make_project, sign):
    """Its tables are not told apart from those of a model that was removed: empty ones, too, are asked about."""
    if sign == "alembic":
        database.query("CREATE TABLE alembic_version (v text); CREATE TABLE theirs (id int)")
    else:
        other = make_project("other", migrations={"20240101000000_one": "CREATE TABLE theirs (id int);"})
        assert other.run("migrate", "deploy", url=database.url).returncode == 0
    done = push(USER, code=3)
    assert "may be another service's" in done.stderr
    assert "`theirs`" in done.stderr
    assert database.query("SELECT count(*) FROM theirs") == [(0,)]
    push(USER, "--accept-data-loss")
    assert database.query("SELECT to_regclass('theirs')") == [(None,)]


def test_odd_names_long_names_and_cycles(push, database):
    """Quotes, other alphabets, 63 bytes, foreign keys in a circle: made whole, found again, changed and emptied."""
    long = "n" * 63
    models = (
        'model A {\n  id Int @id @map("i\\"d")\n  b B? @relation("ab", fields: [bId], references: [id])\n  bId Int? @unique\n'
        '  bs B[] @relation("ba")\n  @@map("we\\"ird ß 表")\n}\n'
        'model B {\n  id Int @id\n  a A? @relation("ba", fields: [aId], references: [id])\n  aId Int?\n  back A? @relation("ab")\n'
        f'  @@map("{long}")\n}}\n'
    )
    push(models)
    assert "already in sync" in push(models).stderr
    push(models.replace("aId Int?\n", 'aId Int?\n  more String @default("it\'s {0} %s \\\\")\n'))
    database.query(f'INSERT INTO "{long}" (id) VALUES (1)')
    assert database.query(f'SELECT more FROM "{long}"') == [("it's {0} %s \\",)]
    push("model C {\n  id Int @id\n}\n", "--accept-data-loss")
    assert database.query(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    ) == [("C",)]


def test_a_role_that_may_not(push, database, make_role):
    """The owner's table: exit 2, with the statement."""
    push(USER)
    role = make_role("app", "GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}")
    push.url = role.url
    done = push(USER.replace("name String?", "name String?\n  age Int?"), code=2)
    assert "must be owner of table User" in done.stderr
    assert "nothing was changed" in done.stderr


def test_an_invalid_schema_asks_no_server(push):
    """Told at its place."""
    push.url = "postgresql://nobody@127.0.0.1:1/none"
    assert "schema.prisma:6" in push("model A {\n  id Nope @id\n}\n", code=2).stderr


def test_it_waits_for_the_lock_and_for_tables(push, database):
    """Bounded (8), with nothing changed."""
    push(USER)
    more = USER.replace("name String?", "name String?\n  age Int?")
    words = ("--timeout", "500ms", "--lock-timeout", "100ms")
    with database.connect() as holder:
        holder.execute("SELECT pg_advisory_lock(72707369)")
        push(more, *words, code=8)
    with database.connect() as holder, holder.transaction():
        holder.execute('SELECT * FROM "User"')
        assert "nothing was changed" in push(more, *words, code=8).stderr
    push(more)


def test_pushes_at_once(push, database):
    """One does it, the others find it done."""
    push.write(USER)
    found = []

    def run():
        found.append(push.project.run("db", "push", url=database.url))

    runs = [threading.Thread(target=run) for _ in range(4)]
    for one in runs:
        one.start()
    for one in runs:
        one.join()
    assert [one.returncode for one in found] == [0] * 4, [one.stderr for one in found]
    assert database.query('SELECT count(*) FROM "User"') == [(0,)]


def test_what_is_new_while_somebody_thinks_is_asked_again(push, database):
    """Rows that come between question and answer of another kind than agreed to: nothing is lost unasked."""
    push(USER + "model Other {\n  id Int @id\n}\n")
    database.query("INSERT INTO \"User\" (name) VALUES ('x')")
    push.write("model New {\n  id Int @id\n}\n")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        push.project.command("db", "push", "--no-color"),
        cwd=push.project.path,
        env=push.project.env(database.url),
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    seen = b""
    while b"all the same" not in seen:
        seen += os.read(ours, 1000)
    assert b"`Other`" not in seen
    database.query('INSERT INTO "Other" VALUES (1)')
    os.write(ours, b"y\n")
    while seen.count(b"all the same") < 2:
        seen += os.read(ours, 1000)
    assert b"drop the `Other` table, which is not empty (1 rows)" in seen
    for _ in range(60):  # one that comes just before Python reads is seen after the read only: Ctrl-C again
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=1)
            break
    os.close(ours)
    assert process.returncode != 0
    assert database.query('SELECT count(*) FROM "Other"') == [(1,)]


def test_killed_while_it_works(push, database):
    """All of it or nothing, and the next push waits for the backend that works on, then reads the truth."""
    push(USER)
    database.query("INSERT INTO \"User\" (name) SELECT 'x' FROM generate_series(1, 10)")
    push.write(USER.replace("name String?", "name String?\n  age Int?"))
    with database.connect() as holder, holder.transaction():
        holder.execute('SELECT * FROM "User"')
        process = push.project.start("db", "push", "--lock-timeout", "0", url=database.url)
        deadline = time.monotonic() + 60
        while not database.query("SELECT 1 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"):
            assert time.monotonic() < deadline
        process.kill()
        process.communicate()
    assert push.project.run("db", "push", url=database.url).returncode == 0
    assert database.query("SELECT count(*) FROM information_schema.columns WHERE table_name = 'User'") == [(3,)]


def test_through_a_transaction_pooler(push, database, make_pooler):
    """PgBouncer: `?schema=` and all settings are the transaction's own."""
    pooler = make_pooler(database.server)
    push.url = pooler.url(database.name, "?schema=shop")
    push(USER)
    push(USER.replace("name String?", "name String? @unique"), "--accept-data-loss")
    assert database.query("SELECT count(*) FROM pg_indexes WHERE schemaname = 'shop'") == [(2,)]


def test_types_of_extensions_elsewhere(push, database):
    """The role's search path still finds them, and tables without a schema are in `public` all the same."""
    database.query(
        "CREATE SCHEMA ours; CREATE DOMAIN ours.zip AS text;"
        f'ALTER DATABASE "{database.name}" SET search_path = ours, public'
    )
    push('model A {\n  id Int @id\n  zip Unsupported("zip")?\n}\n')
    assert database.query('SELECT count(*) FROM public."A"') == [(0,)]


def test_a_standby_or_a_read_only_role(push, database):
    """Told, with exit 5."""
    database.query(f'ALTER DATABASE "{database.name}" SET default_transaction_read_only = on')
    assert "read-only" in push(USER, code=5).stderr
