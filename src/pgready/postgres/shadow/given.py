"""A shadow database that somebody names: used as it is, emptied before and after, and never at the cost of data.

It is emptied only if it bears the mark of a run that was killed, or if none of its tables has a row (what Prisma leaves
in its shadow database is such a structure). A database with rows, and the database that is to be migrated, are refused.
Extensions that were there stay: a role often may not create them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from pgready.errors import LockNotObtained, Unreachable, UsageInvalid
from pgready.postgres.connect import ConnectFailed, open_session
from pgready.postgres.session import ConnectionLost, ServerError, Session
from pgready.postgres.shadow.database import LOCK, READ_ONLY, Shadow, reach, read_only, refuse_pooler, unreachable
from pgready.postgres.trouble import Trouble
from pgready.process.waiting import Backoff, Patience
from pgready.project.url import Target
from pgready.report.story import Event, Teller
from pgready.sql.names import quote_literal

MARK = "pgready_shadow"
"""A schema that is there while a run uses the database; its comment holds the extensions that were there before."""

_WAIT_SECONDS = 60.0
_SHOWN = 3

_NOT_SYSTEM = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"


def _no_member(catalog: str, alias: str) -> str:
    """Not part of an extension, nor made and dropped with another object, as a range type's functions are."""
    return (
        f"NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.{catalog}'::regclass"
        f" AND d.objid = {alias}.oid AND d.objsubid = 0 AND d.deptype IN ('e', 'i'))"
    )


# Statements that empty a schema that has to stay (public, or one that an extension lives in), a kind at a time: what
# CASCADE took along is not listed again.
_EMPTY_SCHEMAS = (
    # relations: views first is not needed, CASCADE takes them along
    "SELECT format('DROP %s IF EXISTS %I.%I CASCADE', CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN"
    " 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END, n.nspname,"
    " c.relname) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    f" WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND {_NOT_SYSTEM}"
    f" AND {_no_member('pg_class', 'c')}",
    "SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure) FROM pg_catalog.pg_proc p"
    " JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace"
    f" WHERE {_NOT_SYSTEM} AND {_no_member('pg_proc', 'p')}",
    "SELECT format('DROP TYPE IF EXISTS %I.%I CASCADE', n.nspname, t.typname) FROM pg_catalog.pg_type t"
    " JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
    " WHERE t.typtype IN ('c', 'd', 'e', 'r') AND (t.typrelid = 0 OR EXISTS (SELECT FROM pg_catalog.pg_class c"
    " WHERE c.oid = t.typrelid AND c.relkind = 'c'))"
    f" AND {_NOT_SYSTEM} AND {_no_member('pg_type', 't')}",
    "SELECT format('DROP COLLATION IF EXISTS %I.%I CASCADE', n.nspname, c.collname) FROM pg_catalog.pg_collation c"
    " JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace"
    f" WHERE {_NOT_SYSTEM} AND {_no_member('pg_collation', 'c')}",
)


@contextmanager
def shadow_given(
    target: Target, main: Target | None, tell: Teller, wait_seconds: float = _WAIT_SECONDS
) -> Iterator[Shadow]:
    """The database of `target`, empty; emptied again at the end. `main` is the database that must not be touched.

    Raises UsageInvalid for a database that is not to be emptied or is read-only, LockNotObtained if another run uses it
    for longer than `wait_seconds`, and Unreachable.
    """
    _refuse_same_words(target, main)
    keeper = reach(target, "shadow keeper")
    try:
        refuse_pooler(keeper, target)
        keeper.run("shadow settings", "SET idle_session_timeout = 0; SET statement_timeout = 0; SET search_path = ''")
        _refuse_same_database(keeper, target, main)
        _take(keeper, target, tell, wait_seconds)
        extensions = _begin(keeper, target, tell)
        try:
            yield Shadow("given", target, f"the database {target.dbname or 'of ' + target.source}")
        finally:
            _end(keeper, target, extensions, tell)
    except ConnectionLost as e:
        raise unreachable(Trouble("dropped", e.words, transient=True), target) from None
    finally:
        keeper.close()


# ── what must not be emptied ──────────────────────────────────────────────────────────────────────────────────────────


def _same(target: Target) -> UsageInvalid:
    return UsageInvalid(
        "the shadow database is the database that is to be migrated: it would be emptied",
        where=target.source or target.redacted,
        then="name another database, an empty one, or none: pgready makes one for itself",
        code="shadow_is_main",
    )


def _refuse_same_words(target: Target, main: Target | None) -> None:
    if main is not None and (target.hosts, target.dbname) == (main.hosts, main.dbname):
        raise _same(target)


def _refuse_same_database(keeper: Session, target: Target, main: Target | None) -> None:
    """Two names of one host are one server; a main database that cannot be reached is compared by its words only."""
    if main is None:
        return
    question = "SELECT system_identifier, current_database() FROM pg_catalog.pg_control_system()"
    try:
        other = open_session(main, "shadow check")
    except ConnectFailed:
        return
    try:
        if keeper.rows("which database", question) == other.rows("which database", question):
            raise _same(target)
    except ServerError:
        return  # a host that keeps its identity to itself
    finally:
        other.close()


def _refuse_rows(keeper: Session, target: Target) -> None:
    tables = keeper.rows(
        "look for tables",
        "SELECT format('%I.%I', n.nspname, c.relname), format('%s.%s', n.nspname, c.relname)"
        " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE c.relkind = 'r' AND {_NOT_SYSTEM}"
        f" AND {_no_member('pg_class', 'c')} ORDER BY 2",
    )
    full = []
    for quoted, name in tables:
        if keeper.rows("look for rows", f"SELECT EXISTS (SELECT FROM ONLY {quoted})") == (("t",),):
            full.append(name or "")
    if full:
        names = ", ".join(full[:_SHOWN]) + (f" and {len(full) - _SHOWN} more" if len(full) > _SHOWN else "")
        raise UsageInvalid(
            f"the shadow database holds rows, and it would be emptied: {names}",
            where=target.redacted,
            then="name an empty database; if nothing in this one is of worth, empty it yourself:\n"
            "  DROP SCHEMA public CASCADE; CREATE SCHEMA public;",
            code="shadow_not_empty",
        )


# ── its life ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _take(keeper: Session, target: Target, tell: Teller, wait_seconds: float) -> None:
    """Only one run at a time: the others wait."""
    patience, backoff, told = Patience(wait_seconds), Backoff(first=0.05, most=1.0), False
    while keeper.rows("take shadow", f"SELECT pg_try_advisory_lock({LOCK}, 0)") != (("t",),):
        if patience.exhausted:
            raise LockNotObtained(
                f"another run has used the shadow database for {wait_seconds:.0f} s",
                where=target.redacted,
                then="wait for it, or name another database with --shadow-database-url",
                code="shadow_in_use",
            )
        if not told:
            tell(Event("waiting", "waiting for another run to be done with the shadow database", {}))
            told = True
        backoff.pause(patience)


def _begin(keeper: Session, target: Target, tell: Teller) -> frozenset[str]:
    """Judge, empty and mark; returns the extensions that have to stay."""
    left = keeper.rows(
        "look for mark",
        "SELECT obj_description(oid, 'pg_namespace') FROM pg_catalog.pg_namespace"
        f" WHERE nspname = {quote_literal(MARK)}",
    )
    try:
        if left:
            extensions = frozenset(json.loads(left[0][0] or "[]"))
            tell(Event("shadow_swept", "the shadow database was left as it was by a run that was killed: emptied", {}))
        else:
            _refuse_rows(keeper, target)
            listed = keeper.rows("extensions", "SELECT extname FROM pg_catalog.pg_extension ORDER BY 1")
            extensions = frozenset(name or "" for (name,) in listed)
            note = quote_literal(json.dumps(sorted(extensions)))
            keeper.run("mark shadow", f"CREATE SCHEMA {MARK}; COMMENT ON SCHEMA {MARK} IS {note}")
        _empty(keeper, extensions)
    except ServerError as e:
        raise _cannot(e, target) from None
    return extensions


def _cannot(error: ServerError, target: Target) -> UsageInvalid:
    if error.sqlstate == READ_ONLY:
        return read_only(target, error.words())
    return UsageInvalid(
        "the shadow database cannot be prepared",
        where=target.redacted,
        detail=error.words(),
        then="let the role own this database, or name another with --shadow-database-url",
        code="shadow_refused",
    )


def _end(keeper: Session, target: Target, extensions: frozenset[str], tell: Teller) -> None:
    try:
        session = keeper if not keeper.closed else reach(target, "shadow keeper")
        try:
            _empty(session, extensions)
            session.run("unmark shadow", f"DROP SCHEMA IF EXISTS {MARK} CASCADE")
        finally:
            if session is not keeper:
                session.close()
    except (ServerError, ConnectionLost, Unreachable) as e:
        tell(Event("shadow_left", f"the shadow database could not be emptied ({e}); the next run does it", {}))


def _empty(keeper: Session, extensions: frozenset[str]) -> None:
    """Remove everything but the mark, `public`, and the extensions that were there with their schemas."""
    _end_others(keeper)
    kept = ", ".join(map(quote_literal, sorted(extensions))) or "NULL"
    homes = keeper.rows(
        "homes of extensions",
        "SELECT n.nspname FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace"
        f" WHERE e.extname IN ({kept})",
    )
    stay = ", ".join(quote_literal(name or "") for (name,) in (("public",), (MARK,), *homes))
    for question in (
        "SELECT format('DROP EVENT TRIGGER IF EXISTS %I', t.evtname) FROM pg_catalog.pg_event_trigger t"
        f" WHERE {_no_member('pg_event_trigger', 't')}",
        "SELECT format('DROP PUBLICATION IF EXISTS %I', pubname) FROM pg_catalog.pg_publication",
        "SELECT format('DROP EXTENSION IF EXISTS %I CASCADE', extname) FROM pg_catalog.pg_extension"
        f" WHERE extname NOT IN ({kept})",
        "SELECT format('DROP SCHEMA IF EXISTS %I CASCADE', n.nspname) FROM pg_catalog.pg_namespace n"
        f" WHERE {_NOT_SYSTEM} AND n.nspname NOT IN ({stay}) AND {_no_member('pg_namespace', 'n')}",
        *_EMPTY_SCHEMAS,
    ):
        _each(keeper, question)
    if keeper.rows("public", "SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'public'") == ():
        keeper.run("public", "CREATE SCHEMA public")


def _end_others(keeper: Session) -> None:
    """A killed run's backend may still be at work in here: what it makes after we looked would stay."""
    keeper.rows(
        "end orphans",
        "SELECT pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND application_name = 'pgready shadow'"
        " AND (usesysid = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user))",
    )


def _each(keeper: Session, question: str) -> None:
    """Run the statements that `question` returns, all of them or none."""
    statements = [text or "" for (text,) in keeper.rows("list", question)]
    if statements:
        keeper.run("empty shadow", ";\n".join(["BEGIN", *statements, "COMMIT"]), long=True)
