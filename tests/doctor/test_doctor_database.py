"""`pgready doctor` with a database: roles, rights, history, indexes, locks, the longest migration."""

import json

import psycopg
import pytest
from doctor_setups import doctor, lay, told

from pgready.commands.boot import boot
from pgready.project.resolution import resolve
from pgready.report.story import silent

pytestmark = pytest.mark.matrix

SMALL = dict.fromkeys(("Dockerfile", "compose.yaml", "k8s/api.yaml", "app.py", "requirements.txt"))


@pytest.fixture
def project(tmp_path, database):
    """Migrated, with only schema and migrations in the folder."""
    lay(tmp_path, SMALL)
    boot(resolve({"url": database.url}, {}, str(tmp_path)), silent)
    return tmp_path


def kinds(data):
    """Ids and levels, in order."""
    return [(one["id"], one["level"]) for one in data["findings"]]


def test_one_role_for_all_is_a_warning(project, database):
    """The superuser of the tests migrates and serves."""
    data, code = doctor(project, env={"DATABASE_URL": database.url})
    assert kinds(data) == [("role-owns-too-much", "warning")]
    assert code == 0
    assert any(one.startswith("PostgreSQL") for one in data["looked_at"])


def test_a_service_that_owns_and_may_do_too_much(project, database, make_role):
    """DATABASE_URL serves, PGREADY_URL migrates: who serves owns nothing, and is nothing special."""
    role = make_role()
    env = {"PGREADY_URL": database.url, "DATABASE_URL": role.url}
    database.query(f"GRANT SELECT ON _prisma_migrations TO {role.name}")
    clean, code = doctor(project, env=env)
    assert (kinds(clean), code) == ([], 0)
    database.query(f"ALTER TABLE note OWNER TO {role.name}")
    database.query(f"ALTER ROLE {role.name} CREATEROLE")
    data, code = doctor(project, env=env)
    assert kinds(data) == [("role-owns-too-much", "error")] * 2
    assert "may create roles" in data["findings"][0]["text"]
    assert "public.note" in data["findings"][1]["text"]
    assert code == 4
    database.query("ALTER TABLE note OWNER TO CURRENT_USER")


@pytest.mark.parametrize(
    "given", ["ALTER SCHEMA public OWNER TO {}", "GRANT {owner} TO {}", "ALTER TABLE note OWNER TO {}"]
)
def test_what_a_service_owns_is_taken_by_the_mending(given, project, database, make_role):
    """A table, a schema, or a role that owns: the SQL that is told, run as the superuser, leaves nothing to tell."""
    owner, role = make_role(), make_role()
    database.query(f"ALTER TABLE note OWNER TO {owner.name}")
    database.query(f"ALTER TABLE _prisma_migrations OWNER TO {owner.name}")
    database.query(f"GRANT CREATE, USAGE ON SCHEMA public TO {owner.name}")
    database.query(f"GRANT SELECT ON _prisma_migrations TO {role.name}")
    env = {"PGREADY_URL": owner.url, "DATABASE_URL": role.url}
    assert kinds(doctor(project, env=env)[0]) == []
    database.query(given.format(role.name, owner=owner.name))
    data, _ = doctor(project, env=env)
    assert kinds(data)[:1] == [("role-owns-too-much", "error")]
    for statement in data["findings"][0]["mend"].split(";"):
        if statement.strip():
            database.query(statement)
    assert kinds(doctor(project, env=env)[0]) == []
    database.query(f"REASSIGN OWNED BY {owner.name}, {role.name} TO CURRENT_USER")
    database.query("ALTER SCHEMA public OWNER TO CURRENT_USER")


def test_wait_without_select(project, database, make_role):
    """Its mending is SQL that mends it."""
    role = make_role()
    env = {"PGREADY_URL": database.url, "DATABASE_URL": role.url}
    data, code = doctor(project, env=env)
    assert (kinds(data), code) == ([("wait-without-select", "error")], 4)
    for statement in data["findings"][0]["mend"].split(";"):
        if statement.strip():
            database.query(statement)
    assert kinds(doctor(project, env=env)[0]) == []


def test_a_role_that_may_not_migrate(project, database, make_role):
    """It can be told before the deploy."""
    role = make_role()
    data, _ = doctor(project, env={"DATABASE_URL": role.url})
    assert ("may-not-migrate", "error") in kinds(data)


def test_what_a_history_hides(project, database):
    """A failed migration is an error; an edited and a missing one are warnings."""
    file = project / "prisma/migrations/20250101000000_init/migration.sql"
    file.write_text(file.read_text() + "-- edited\n")
    data, code = doctor(project, env={"DATABASE_URL": database.url})
    assert ("history", "warning") in kinds(data)
    assert code == 0
    database.query("UPDATE _prisma_migrations SET finished_at = NULL, applied_steps_count = 0")
    data, code = doctor(project, env={"DATABASE_URL": database.url})
    assert kinds(data)[0] == ("history", "error")
    assert "pgready migrate resolve" in data["findings"][0]["mend"]
    assert code == 4


def test_an_invalid_index(project, database):
    """Left by a build that failed; the mending is SQL that mends it."""
    with database.connect(autocommit=True) as connection:
        connection.execute("INSERT INTO note VALUES (1), (2)")
        with pytest.raises(psycopg.errors.DivisionByZero):
            connection.execute("CREATE INDEX CONCURRENTLY broken ON note ((1 / (id - 2)))")
        data, code = doctor(project, env={"DATABASE_URL": database.url})
        assert ("invalid-index", "error") in kinds(data)
        assert code == 4
        connection.execute("DELETE FROM note")
        mend = next(one["mend"] for one in data["findings"] if one["id"] == "invalid-index")
        connection.execute(mend)
    assert ("invalid-index", "error") not in kinds(doctor(project, env={"DATABASE_URL": database.url})[0])


def test_a_lock_that_nobody_works_under(project, database):
    """Its holder is named, and how to end it."""
    with database.connect(autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(72707369)")
        data, _ = doctor(project, env={"DATABASE_URL": database.url})
        held = [one for one in data["findings"] if one["id"] == "lock-held"]
        assert str(connection.info.backend_pid) in held[0]["mend"]


def test_the_longest_migration_is_the_databases(project, database):
    """A probe that allowed for less than it took is an error; before, nobody knew, and it was a warning."""
    lay(project)
    probe = project / "k8s/api.yaml"
    probe.write_text(probe.read_text().replace("failureThreshold: 720", "failureThreshold: 24"))
    env = {"DATABASE_URL": database.url}
    assert ("probe-too-tight", "error") not in kinds(doctor(project, env=env)[0])
    database.query("UPDATE _prisma_migrations SET started_at = finished_at - interval '10 minutes'")
    data, code = doctor(project, env=env)
    assert ("probe-too-tight", "error") in kinds(data)
    assert "600 s" in next(one["text"] for one in data["findings"] if one["id"] == "probe-too-tight")
    assert code == 4


def test_a_server_that_is_not_there(tmp_path):
    """Is told with its cause; the rest is looked at all the same, and no password is shown."""
    lay(tmp_path, {"Dockerfile": "FROM python\nCMD python app.py\n"})
    done = told(tmp_path, "--json", env={"DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:9/app"})
    data = json.loads(done.stdout)
    assert kinds(data)[0] == ("unreachable", "error")
    assert ("latest-tag", "warning") in kinds(data)
    assert any("it cannot be reached" in one for one in data["not_looked_at"])
    assert "hunter2" not in done.stdout + done.stderr
    assert done.returncode == 4
