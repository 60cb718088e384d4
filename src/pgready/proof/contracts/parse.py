"""SQL read by PostgreSQL's own parser: what kind of query it is, and what a contract may not be.

The parser (libpg_query, by the package postgast) is imported when something has to be parsed. It is a little more
lenient than the server: a placeholder may stand where only a constant may (`interval $1`), as in normalised texts.
Trees are protobuf messages, `Any` to the type checker; nothing of theirs leaves this module but `Query.tree`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Literal

from pgready.errors import UsageInvalid
from pgready.sql.reader import Reader

Verb = Literal["select", "insert", "update", "delete", "merge"]

_VERBS: dict[str, Verb] = {
    "select_stmt": "select",
    "insert_stmt": "insert",
    "update_stmt": "update",
    "delete_stmt": "delete",
    "merge_stmt": "merge",
}


class Unparsed(Exception):
    """The text is not SQL: the parser's own words, and the 0-based character offset where it stopped."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a statement cannot be a contract: a stable code, a sentence, what to write instead, an offset in the text."""

    code: str
    message: str
    help: str
    offset: int


@dataclass(frozen=True, slots=True)
class Query:
    """One statement as it was parsed.

    `fault` is set where it cannot be a contract, and `verb` is None where it is no query at all. `parameters` are the
    numbers of its `$n`, `limits` and `offsets` those that LIMIT (or FETCH FIRST) and OFFSET are made of. `relations`
    are the tables and views that it names, as (schema or "", name), without its own CTEs. `tree` is the parse tree, a
    protobuf message of the statement; its locations are *byte* offsets in the text.
    """

    sql: str
    verb: Verb | None
    fault: Fault | None
    parameters: frozenset[int]
    limits: frozenset[int]
    offsets: frozenset[int]
    relations: frozenset[tuple[str, str]]
    tree: Any = field(compare=False, repr=False)


def read(sql: str) -> Query:
    """The one statement of `sql`; several are a fault. Raises Unparsed, and UsageInvalid without the parser."""
    statements = _statements(sql)
    if not statements:
        raise Unparsed("there is no statement", 0)
    kind = statements[0].stmt.WhichOneof("node")
    tree = getattr(statements[0].stmt, kind)
    nodes = list(walk(tree))
    limits: set[int] = set()
    offsets: set[int] = set()
    for node in nodes:
        if _name(node) == "SelectStmt":
            limits.update(_numbers(walk(node.limit_count)))
            offsets.update(_numbers(walk(node.limit_offset)))
    own = {node.ctename for node in nodes if _name(node) == "CommonTableExpr"}
    relations = {(node.schemaname, node.relname) for node in nodes if _name(node) == "RangeVar"}
    fault = _fault(sql, kind, nodes)
    if len(statements) > 1:
        at = characters(sql, statements[1].stmt_location)
        at += len(sql[at:]) - len(sql[at:].lstrip())
        fault = Fault("two-statements", "a contract is one statement", "give the second one a name of its own", at)
    return Query(
        sql=sql,
        verb=_VERBS.get(kind),
        fault=fault,
        parameters=frozenset(_numbers(iter(nodes))),
        limits=frozenset(limits),
        offsets=frozenset(offsets),
        relations=frozenset(one for one in relations if one[0] or one[1] not in own),
        tree=tree,
    )


def is_type(text: str) -> bool:
    """Whether `text` reads as the name of a type, modifiers and array brackets included."""
    try:
        statements = _statements(f"SELECT NULL::{text}")
    except Unparsed:
        return False
    # A type, and nothing that smuggles more of a query behind it.
    targets = statements[0].stmt.select_stmt.target_list
    plain = len(statements) == 1 and len(targets) == 1 and not targets[0].res_target.name
    return plain and targets[0].res_target.val.WhichOneof("node") == "type_cast" and _is_bare(statements[0].stmt)


def _is_bare(statement: Any) -> bool:
    """Whether a SELECT has nothing but its list."""
    return [descriptor.name for descriptor, _ in statement.select_stmt.ListFields()] == [
        "target_list",
        "limit_option",
        "op",
    ]


def fingerprint(sql: str) -> str:
    """The same 16 hexadecimal digits for queries that differ in constants, parameter numbers and lengths of IN lists.

    Raises Unparsed.
    """
    postgast = _parser()
    _check_text(sql)
    try:
        return str(postgast.fingerprint(sql).hex)
    except postgast.PgQueryError as e:
        raise _unparsed(sql, e) from None


def normalised(sql: str) -> str:
    """`sql` with `$n` for every constant, numbered behind those that it has, as a server would take it.

    Raises Unparsed.
    """
    postgast = _parser()
    _check_text(sql)
    try:
        return servable(str(postgast.normalize(sql)))
    except postgast.PgQueryError as e:
        raise _unparsed(sql, e) from None


def servable(sql: str) -> str:
    """`sql` with casts where a placeholder took a typed constant's place: `interval $1` becomes `$1::interval`.

    Statistics of a server hold such texts, and no server takes them back. Raises Unparsed.
    """
    reader = Reader(sql)
    before = reader.take()
    while (token := reader.take()).kind != "end":
        if token.kind == "parameter" and (before.text in _TYPED):
            return str(_parser().deparse(_parse(sql)))
        before = token
    return sql


_TYPED = frozenset(
    {"INTERVAL", "DATE", "TIME", "TIMESTAMP", "TIMESTAMPTZ", "TIMETZ", "NUMERIC", "JSON", "JSONB", "UUID", "INET"}
    | {"POINT", "BOX", "TEXT", "BIT", "TSQUERY", "TSVECTOR", "REGCLASS", "BYTEA", "CIDR"}
)


def walk(node: Any) -> Iterator[Any]:
    """`node` and every protobuf message below it, wrappers left out, in the order of the text."""
    _parser()
    for _, message in import_module("postgast.walk").walk(node):
        if _name(message) != "Node":  # an empty wrapper: a part that is not there
            yield message


# ── inside ──


def _parser() -> Any:
    try:
        # By name: postgast's stubs are no valid Python, and a type checker stops at them.
        return import_module("postgast")
    except ImportError:
        raise UsageInvalid(
            "query contracts are read by PostgreSQL's own parser, which is not installed",
            then="pip install 'pgready[prove]'",
            code="parser_missing",
        ) from None


def _parse(sql: str) -> Any:
    postgast = _parser()
    _check_text(sql)
    try:
        return postgast.parse(sql)
    except postgast.PgQueryError as e:
        raise _unparsed(sql, e) from None


def _check_text(sql: str) -> None:
    if "\0" in sql:  # to C, the text ends there
        raise Unparsed("the text contains a NUL character", sql.index("\0"))
    try:
        sql.encode()
    except UnicodeEncodeError as e:
        raise Unparsed("the text contains half a character", e.start) from None


def _statements(sql: str) -> list[Any]:
    return list(_parse(sql).stmts)


def _unparsed(sql: str, error: Any) -> Unparsed:
    # Unlike locations in trees, `cursorpos` counts characters: the parser itself converts it.
    return Unparsed(str(error.message), min(max(int(error.cursorpos) - 1, 0), len(sql)))


def characters(sql: str, location: int) -> int:
    """A tree's byte offset in `sql` as a character offset; 0 for an unknown one."""
    if location <= 0:
        return 0
    return location if sql.isascii() else len(sql.encode()[:location].decode("utf-8", "ignore"))


def _name(node: Any) -> str:
    return str(node.DESCRIPTOR.name)


def _numbers(nodes: Iterator[Any]) -> Iterator[int]:
    for node in nodes:
        if _name(node) == "ParamRef" and node.number > 0:
            yield int(node.number)


def _fault(sql: str, kind: str, nodes: list[Any]) -> Fault | None:
    if kind not in _VERBS:
        return _no_query(sql, kind)
    for node in nodes:
        name = _name(node)
        if name == "IntoClause":
            at = characters(sql, node.rel.location)
            return Fault("select-into", "SELECT INTO makes a table", "leave INTO out: a contract only reads", at)
        if name == "CommonTableExpr" and node.ctequery.WhichOneof("node") in _VERBS.keys() - {"select_stmt"}:
            return Fault(
                "modifying-cte",
                f"the CTE {node.ctename} changes rows, and its plan says nothing of how many",
                "make it a contract of its own",
                characters(sql, node.location),
            )
    return None


_HELP = {
    "explain_stmt": "leave EXPLAIN out: pgready asks for the plan itself",
    "variable_set_stmt": "leave SET out; say the search path with  -- search_path: a, b",
    "transaction_stmt": "leave BEGIN and COMMIT out: a contract is one statement",
    "do_stmt": "a contract is a query; what a DO block runs cannot be planned from outside",
    "call_stmt": "a contract is a query; what a procedure runs cannot be planned from outside",
    "copy_stmt": "write the query that COPY reads from",
    "prepare_stmt": "write the query itself, with its $1",
    "execute_stmt": "write the query itself, with its $1",
    "declare_cursor_stmt": "write the cursor's query",
    "create_table_as_stmt": "write the query itself",
    "refresh_mat_view_stmt": "write the view's query",
}


_MORE = frozenset({"CREATE", "ALTER", "DROP", "REFRESH", "UNIQUE", "OR", "REPLACE", "MATERIALIZED"})
"""Words that say little alone."""


def _no_query(sql: str, kind: str) -> Fault:
    reader = Reader(sql)
    words = [reader.take()]
    while words[-1].text in _MORE and reader.peek().kind == "word":
        words.append(reader.take())
    shown = " ".join(word.text for word in words)
    what = f"{shown} is no query: a contract is one SELECT, INSERT, UPDATE, DELETE or MERGE"
    return Fault("not-a-query", what, _HELP.get(kind, "leave it to a migration"), max(words[0].start, 0))
