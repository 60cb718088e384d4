"""The transaction structure that a script's author wrote, and the pieces that it is run in when it cannot run whole.

Decisions, where servers and clients differ:

- BEGIN is a boundary, as psql has it: what stands before it commits on its own.
- A block that the author rolls back has no effect, so it is not run: `segments` leaves it out.
- A block that the author opened is never broken up. A statement in it that cannot run in a transaction block is the
  script's error, and the server's to tell.
- BEGIN with modes is never merged into another transaction: `unwrapped` declines it, and its segment carries the
  isolation level. READ ONLY and DEFERRABLE are left out there, since the segment's progress is written with it and
  they change what a block may do, not what it does.
- ROLLBACK outside a block undoes what precedes it when the script is one message, and nothing when psql sends it
  statement by statement: `pgready.sql.refusal.check` refuses it.
- PREPARE TRANSACTION would hand the migration's row over to a transaction that outlives it: refused there too.
"""

from dataclasses import dataclass

from pgready.sql.reader import Reader
from pgready.sql.standalone import needs_no_transaction
from pgready.sql.statements import Statement, split

BOUNDARIES = frozenset(
    {"begin", "commit", "rollback", "commit and chain", "rollback and chain", "prepare transaction"},
)
"""The answers of `control` that begin or end a transaction."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Statements that run together: in one transaction, or, when `transactional` is False, one alone outside of any.

    `indexes` are the statements' places in `split(script)`. `kind` is "transaction", the kind that
    `needs_no_transaction` gave, or "learnt" for a statement that the caller's `alone` named. `modes` is what must
    follow BEGIN ("" or "ISOLATION LEVEL ...").
    """

    statements: tuple[Statement, ...]
    indexes: tuple[int, ...]
    transactional: bool
    kind: str
    modes: str = ""


def control(statement: Statement) -> str | None:
    """What a transaction control statement does, or None for any other statement.

    One of BOUNDARIES, or: savepoint, release, rollback to, set transaction, commit prepared, rollback prepared.
    """
    words = statement.words
    first, rest = words[0], words[1:]
    if first == "BEGIN" or (first == "START" and rest[:1] == ("TRANSACTION",)):
        return "begin"
    if first in {"SAVEPOINT", "RELEASE"}:
        return first.lower()
    if first == "PREPARE":
        return "prepare transaction" if rest[:1] == ("TRANSACTION",) and len(rest) == 2 else None
    if first == "SET":
        return "set transaction" if _sets_transaction(rest) else None
    if first not in {"COMMIT", "END", "ROLLBACK", "ABORT"}:
        return None
    verb = "commit" if first in {"COMMIT", "END"} else "rollback"
    if rest[:1] == ("PREPARED",):
        return f"{verb} prepared"
    if rest[:1] in {("WORK",), ("TRANSACTION",)}:
        rest = rest[1:]
    if first == "ROLLBACK" and rest[:1] == ("TO",):
        return "rollback to"
    return f"{verb} and chain" if rest[:2] == ("AND", "CHAIN") else verb


def unwrapped(script: str) -> str | None:
    """The script without its BEGIN and COMMIT, if those two enclose all of it and nothing else controls a transaction.

    The pair is replaced by spaces, so that offsets and lines stay what they are. None for any other script, for BEGIN
    with modes, for COMMIT AND CHAIN, and where a statement inside cannot run in a transaction: without its pair such a
    block would be broken up. Give `segments` the script itself, for the same reason.
    """
    statements = split(script)
    if len(statements) < 2:
        return None
    first, last = statements[0], statements[-1]
    if first.words not in _PLAIN_BEGIN or control(last) != "commit":
        return None
    inside = statements[1:-1]
    if any(control(one) in BOUNDARIES | {"set transaction"} or needs_no_transaction(one) for one in inside):
        return None
    return "".join(
        (
            script[: first.start],
            _blank(script[first.start : first.end]),
            script[first.end : last.start],
            _blank(script[last.start : last.end]),
            script[last.end :],
        )
    )


def must_split(script: str) -> str | None:
    """Why `script` cannot be sent inside another transaction, known without a server; None if it may be tried whole.

    The reason is a kind of `needs_no_transaction`, or what `control` says. Ask after `unwrapped`.
    """
    for statement in split(script):
        kind = needs_no_transaction(statement) or control(statement)
        if kind and kind not in {"savepoint", "release", "rollback to"}:
            return kind
    return None


def segments(
    script: str, alone: frozenset[int] = frozenset(), before: frozenset[int] = frozenset()
) -> tuple[Segment, ...]:
    """The pieces that `script` runs in, in order, without its transaction control.

    `alone` and `before` are indexes in `split(script)` of statements of which the server said that they must stand
    alone (25001, 2D000) or need a commit before them (55P04). Inside the author's own BEGIN ... COMMIT neither has an
    effect: if the segments do not change, the failure is the script's own. A transaction open at the end counts as
    committed; `pgready.sql.refusal.check` refuses such a script.
    """
    found: list[Segment] = []
    pending: list[tuple[int, Statement]] = []
    opened = False
    modes = ""

    def flush() -> None:
        if pending:
            indexes, statements = zip(*pending, strict=True)
            found.append(Segment(statements, indexes, transactional=True, kind="transaction", modes=modes))
            pending.clear()

    for index, statement in enumerate(split(script)):
        what = control(statement)
        if what == "begin":
            if not opened:
                flush()
                opened, modes = True, _modes(statement)
        elif what == "set transaction" and not pending and _modes(statement):
            modes = _modes(statement)
        elif what in BOUNDARIES:
            if what.startswith("rollback") and opened:
                pending.clear()
            flush()
            if not what.endswith("and chain"):
                opened, modes = False, ""
        elif opened:
            pending.append((index, statement))
        elif kind := needs_no_transaction(statement) or ("learnt" if index in alone else None):
            flush()
            found.append(Segment((statement,), (index,), transactional=False, kind=kind))
        else:
            if index in before:
                flush()
            pending.append((index, statement))
    flush()
    return tuple(found)


def _sets_transaction(rest: tuple[str, ...]) -> bool:
    return rest[:1] == ("TRANSACTION",) or rest[:2] == ("LOCAL", "TRANSACTION")


def _modes(statement: Statement) -> str:
    """The isolation level that a BEGIN or SET TRANSACTION names, as BEGIN takes it; "" where it names none."""
    read = Reader(statement.text)
    if not read.skip_to("ISOLATION", "LEVEL"):
        return ""
    return next(("ISOLATION LEVEL " + level for level in _LEVELS if read.skip(*level.split())), "")


_PLAIN_BEGIN = (("BEGIN",), ("BEGIN", "WORK"), ("BEGIN", "TRANSACTION"), ("START", "TRANSACTION"))
_LEVELS = ("READ COMMITTED", "READ UNCOMMITTED", "REPEATABLE READ", "SERIALIZABLE")


def _blank(text: str) -> str:
    """As many spaces as `text` has characters, line breaks kept."""
    return "".join(c if c in "\r\n" else " " for c in text)


def sets_session(statement: Statement) -> bool:
    """Whether a statement changes session settings that later statements of the script may count on."""
    words = statement.words
    if words[:1] == ("SET",):
        return words[1:2] not in (("LOCAL",), ("TRANSACTION",), ("CONSTRAINTS",))
    if words[:1] == ("RESET",):
        return True
    return words[:1] == ("SELECT",) and "set_config" in statement.text.lower()


def segment_text(body: str, statements: tuple[Statement, ...]) -> tuple[str, int]:
    """The segment's text with offsets kept relative to its first character, and that character's offset."""
    first = statements[0].start
    parts: list[str] = []
    at = first
    for statement in statements:
        parts.append(" " * (statement.start - at))
        parts.append(body[statement.start : statement.end])
        if not parts[-1].rstrip().endswith(";"):
            parts.append(";")
            at = statement.end + 1
        else:
            at = statement.end
    return "".join(parts), first
