"""Statements that cannot run in a transaction block, on PostgreSQL 14 to 18, and what running them twice would do.

What only the server can know (a partitioned table, a subscription with a slot, a procedure that commits) is not
guessed: it answers 25001 or 2D000, and `pgready.sql.transactions.segments` takes the answer as `alone`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from pgready.sql.reader import Name, Reader, is_on
from pgready.sql.statements import Statement


@dataclass(frozen=True, slots=True)
class IndexBuild:
    """CREATE INDEX CONCURRENTLY. Names are as stored; `name` is None where the server chooses one.

    `schema` is that of the table, as written (None: by search_path), and so that of the index; `table_text` is the
    table's name as written, for `to_regclass` and messages.
    """

    name: str | None
    schema: str | None
    table: str
    table_text: str
    if_not_exists: bool
    unique: bool


@dataclass(frozen=True, slots=True)
class IndexDrop:
    """DROP INDEX CONCURRENTLY."""

    names: tuple[Name, ...]
    if_exists: bool


@dataclass(frozen=True, slots=True)
class Reindex:
    """REINDEX. `target` is index, table, schema, database or system; `name` is None where none is written."""

    target: str
    name: Name | None
    concurrently: bool


def index_build(statement: Statement) -> IndexBuild | None:
    """The index that a CREATE INDEX CONCURRENTLY builds, or None for any other statement."""
    if statement.words[:1] != ("CREATE",):
        return None
    read = Reader(statement.text)
    read.take()
    unique = read.skip("UNIQUE")
    if not read.skip("INDEX", "CONCURRENTLY"):
        return None
    if_not_exists = read.skip("IF", "NOT", "EXISTS")
    name = None
    if not read.skip("ON"):
        name = read.identifier()
        if name is None or not read.skip("ON"):
            return None
    if read.skip("ONLY"):
        read.skip("(")
    table = read.name()
    if table is None:
        return None
    return IndexBuild(name, table.schema, table.name, table.text, if_not_exists, unique)


def index_drop(statement: Statement) -> IndexDrop | None:
    """The indexes that a DROP INDEX CONCURRENTLY drops, or None for any other statement."""
    if statement.words[:3] != ("DROP", "INDEX", "CONCURRENTLY"):
        return None
    read = Reader(statement.text)
    read.skip("DROP", "INDEX", "CONCURRENTLY")
    if_exists = read.skip("IF", "EXISTS")
    names: list[Name] = []
    while (name := read.name()) is not None:
        names.append(name)
        if not read.skip(","):
            break
    return IndexDrop(tuple(names), if_exists) if names else None


def reindex(statement: Statement) -> Reindex | None:
    """What a REINDEX rebuilds, or None for any other statement."""
    if statement.words[:1] != ("REINDEX",):
        return None
    read = Reader(statement.text)
    read.take()
    options = read.options()
    target = read.take().text
    if target not in {"INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM"}:
        return None
    concurrently = read.skip("CONCURRENTLY") or is_on(options.get("CONCURRENTLY", "OFF"))
    return Reindex(target.lower(), read.name(), concurrently)


def needs_no_transaction(statement: Statement) -> str | None:
    """The kind of a statement that is known to fail in a transaction block, or None.

    The kind is its command in lower case, such as "create index concurrently" or "vacuum".
    """
    rule = _RULES.get(statement.words[0]) if statement.words else None
    return rule(statement) if rule else None


def harmless_to_repeat(kind: str) -> bool:
    """Whether a statement of this kind may simply run again when nobody knows if it ran.

    False both for kinds whose outcome stands in the catalog (`outcome_in_catalog`) and for those of unknown effect.
    """
    return kind in _HARMLESS


def outcome_in_catalog(kind: str) -> bool:
    """Whether the catalog tells if a statement of this kind ran to its end, so that it must be looked up, not rerun."""
    return kind in _IN_CATALOG


_HARMLESS = frozenset(
    {
        "vacuum",
        "reindex",
        "reindex concurrently",
        "cluster",
        "alter system",
        "alter database set tablespace",
        "alter subscription refresh",
        "alter subscription set",
        "discard all",
    }
)

_IN_CATALOG = frozenset(
    {
        "create index concurrently",
        "drop index concurrently",
        "detach partition concurrently",
        "create database",
        "drop database",
        "create tablespace",
        "drop tablespace",
        "create subscription",
        "drop subscription",
    }
)


def _create(statement: Statement) -> str | None:
    words = statement.words
    if words[1:2] in {("DATABASE",), ("TABLESPACE",)}:
        return f"create {words[1].lower()}"
    if words[1:3] == ("INDEX", "CONCURRENTLY") or words[1:4] == ("UNIQUE", "INDEX", "CONCURRENTLY"):
        return "create index concurrently"
    if words[1:2] == ("SUBSCRIPTION",):
        read = Reader(statement.text)
        options = read.options() if read.skip_to("WITH") else {}
        slot = options.get("CREATE_SLOT", options.get("CONNECT", "ON"))
        return "create subscription" if is_on(slot) else None
    return None


def _drop(statement: Statement) -> str | None:
    words = statement.words
    if words[1:2] in {("DATABASE",), ("TABLESPACE",), ("SUBSCRIPTION",)}:
        return f"drop {words[1].lower()}"
    return "drop index concurrently" if words[1:3] == ("INDEX", "CONCURRENTLY") else None


def _alter(statement: Statement) -> str | None:
    target = statement.words[1:2]
    if target == ("SYSTEM",):
        return "alter system"
    if target == ("DATABASE",):
        read = Reader(statement.text)
        read.skip("ALTER", "DATABASE")
        read.name()
        return "alter database set tablespace" if read.skip("SET", "TABLESPACE") else None
    if target == ("TABLE",):
        if "DETACH" not in statement.text.upper():  # reading the tokens of every ALTER TABLE adds up
            return None
        read = Reader(statement.text)
        if not read.skip_to("DETACH", "PARTITION"):
            return None
        read.name()
        return "detach partition concurrently" if read.skip("CONCURRENTLY") else None
    if target == ("SUBSCRIPTION",):
        return _alter_subscription(Reader(statement.text))
    return None


def _alter_subscription(read: Reader) -> str | None:
    read.skip("ALTER", "SUBSCRIPTION")
    read.name()
    if read.skip("REFRESH"):
        return "alter subscription refresh"
    verb = read.take().text
    if read.skip("PUBLICATION"):  # SET, ADD and DROP refresh unless told not to
        options = read.options() if read.skip_to("WITH") else {}
        if verb not in {"SET", "ADD", "DROP"} or not is_on(options.get("REFRESH", "ON")):
            return None
        return "alter subscription refresh" if verb == "SET" else "alter subscription publication"
    if verb == "SET" and read.options().keys() & {"FAILOVER", "TWO_PHASE"}:
        return "alter subscription set"
    return None


def _reindex(statement: Statement) -> str | None:
    found = reindex(statement)
    if found is None:
        return None
    if found.concurrently:
        return "reindex concurrently"
    return "reindex" if found.target in {"schema", "database", "system"} else None


def _cluster(statement: Statement) -> str | None:
    read = Reader(statement.text)
    read.take()
    read.options()
    read.skip("VERBOSE")
    return "cluster" if read.name() is None else None


def _prepared(statement: Statement) -> str | None:
    return f"{statement.words[0].lower()} prepared" if statement.words[1:2] == ("PREPARED",) else None


_RULES: dict[str, Callable[[Statement], str | None]] = {
    "CREATE": _create,
    "DROP": _drop,
    "ALTER": _alter,
    "REINDEX": _reindex,
    "CLUSTER": _cluster,
    "VACUUM": lambda _: "vacuum",
    "COMMIT": _prepared,
    "ROLLBACK": _prepared,
    "DISCARD": lambda statement: "discard all" if statement.words[1:2] == ("ALL",) else None,
}
