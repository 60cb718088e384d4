"""Least privilege: the owner migrates; each service may do what it does and nothing else."""

from collections.abc import Iterator

import psycopg
import pytest
from backoffice_platform import PASSWORDS, PGREADY, Platform, platform_on

pytestmark = pytest.mark.matrix
SERVICES = [role for role in PASSWORDS if not role.endswith("_owner")]
TABLES = {
    "financial.clients",
    "financial.accounts",
    "financial.invoices",
    "financial.invoice_lines",
    "financial.payments",
    "financial.transactions",
    "financial.entries",
    "tagging.tags",
    "tagging.taggings",
    "trading.instruments",
    "trading.orders",
    "trading.fills",
    "trading.positions",
    "trading_svc.quotes",
    "trading_svc.latest_quotes",
    "public.users",
    "public.audit_log",
    "public.procrastinate_jobs",
}
MAY_READ = {
    "backoffice_ledger_api": {each for each in TABLES if each.startswith("financial.")} | {"public.procrastinate_jobs"},
    "backoffice_tagging_api": {"tagging.tags", "tagging.taggings"},
    "backoffice_trading_svc": {each for each in TABLES if each.startswith("trading")} | {"public.procrastinate_jobs"},
    "backoffice_worker_financial": {
        *(f"financial.{each}" for each in ("invoices", "payments", "accounts", "transactions", "entries")),
        "public.procrastinate_jobs",
    },
    "backoffice_worker_trading": {"trading.orders", "trading.fills", "trading.positions", "public.procrastinate_jobs"},
    "backoffice_statements": {each for each in TABLES if each.startswith("financial.")},
}
MAY_NOT_WRITE = {
    "backoffice_ledger_api": ("financial.transactions", "financial.entries", "public.audit_log"),
    "backoffice_tagging_api": ("financial.clients",),
    "backoffice_trading_svc": ("trading.positions", "trading_svc.latest_quotes"),
    "backoffice_worker_financial": ("financial.payments", "financial.clients"),
    "backoffice_worker_trading": ("trading.orders",),
    "backoffice_statements": tuple(sorted(each for each in TABLES if each.startswith("financial."))),
}


@pytest.fixture(scope="module")
def migrated(backoffice_server, tmp_path_factory) -> Iterator[Platform]:
    """Both histories applied by their owners, over TCP with their passwords; no service runs."""
    logs = tmp_path_factory.mktemp("roles")
    with platform_on(backoffice_server, logs, f"roles_{logs.name}") as one:
        deployed = one.run(*PGREADY, "migrate", "deploy", role="backoffice_owner")
        assert deployed.returncode == 0, deployed.stderr
        own = ("env", "--chdir=services/trading_svc", *PGREADY, "migrate", "deploy")
        deployed = one.run(*own, role="backoffice_trading_owner")
        assert deployed.returncode == 0, deployed.stderr
        yield one


def refused(platform: Platform, role: str, statement: str) -> bool:
    """Whether the server refuses it for want of a privilege."""
    with psycopg.connect(platform.url(role), autocommit=True) as connection:
        try:
            connection.execute(statement.encode())
        except psycopg.errors.InsufficientPrivilege:
            return True
    return False


@pytest.mark.parametrize("role", SERVICES)
def test_a_service_reads_what_it_needs_and_no_more(migrated, role):
    """Table by table."""
    may = {each for each in TABLES if not refused(migrated, role, f"SELECT * FROM {each} LIMIT 1")}
    assert may == MAY_READ[role]


@pytest.mark.parametrize("role", SERVICES)
def test_a_service_cannot_migrate(migrated, role):
    """No DDL anywhere, no role, no write to the history, and none to tables that are others' to write."""
    schemas = ("financial", "tagging", "trading", "public", "trading_svc")
    for statement in (
        *(f"CREATE TABLE {schema}.theirs (id int)" for schema in schemas),
        "CREATE SCHEMA theirs",
        "CREATE TEMPORARY TABLE theirs (id int)",
        "DELETE FROM public._prisma_migrations",
        "CREATE ROLE theirs",
        "SET ROLE backoffice_owner",
        *(f"DELETE FROM {each}" for each in MAY_NOT_WRITE[role]),
        *(f"UPDATE {each} SET {column} = {column}" for each, column in (("financial.invoices", "total"),)),
    ):
        assert refused(migrated, role, statement), statement
    with psycopg.connect(migrated.url(role), autocommit=True) as connection, pytest.raises(psycopg.Error):
        connection.execute("ALTER TABLE tagging.tags ADD COLUMN theirs int")


@pytest.mark.parametrize("role", SERVICES)
def test_wait_is_satisfied_by_a_service_role(migrated, role):
    """Reading the history is enough; migrating with such a role is refused and changes nothing."""
    waited = migrated.run(*PGREADY, "wait", "--", "echo", "serves", role=role)
    assert (waited.returncode, waited.stdout) == (0, "serves\n"), waited.stderr


def test_the_owner_is_no_superuser(migrated):
    """What migrates can neither make roles nor read other databases' settings."""
    rows = migrated.query(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'backoffice%' AND (rolsuper OR rolcreaterole OR rolcreatedb)"
    )
    assert rows == []
    assert refused(migrated, "backoffice_owner", "CREATE ROLE more")


def test_roles_may_be_made_again(migrated):
    """roles.sql changes nothing the second time."""
    again = migrated.run(*PGREADY, "db", "execute", "--url", migrated.url(), "--file", "roles.sql")
    assert again.returncode == 0, again.stderr
    assert not refused(migrated, "backoffice_statements", "SELECT FROM financial.clients LIMIT 1")


def test_nobody_else_connects(migrated):
    """A role of the server that is none of ours does not get in, and temporary tables are the owner's only."""
    migrated.query("DROP ROLE IF EXISTS stranger")
    migrated.query("CREATE ROLE stranger LOGIN PASSWORD 'stranger'")
    url = migrated.server.url(migrated.database, "stranger", password="stranger")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(url)
