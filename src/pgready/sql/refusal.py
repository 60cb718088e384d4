"""Why a script cannot be sent to the server as it is: judged before anything is sent, as a value.

Everything else, syntax errors first, is the server's to judge: it parses a whole message before it runs any of it.
"""

from dataclasses import dataclass

from pgready.sql.reader import Reader
from pgready.sql.statements import Fault, Scan, Statement, scan
from pgready.sql.transactions import control


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason not to send a script.

    `code` is a stable word for machines, `what` says what is wrong in one sentence, `offset` is the character where it
    stands, and `then` says what to write instead.
    """

    code: str
    what: str
    offset: int
    then: str


def check(script: str) -> Refusal | None:
    """The first reason why `script` cannot be sent as it is, or None.

    Codes: unterminated_quote, unterminated_identifier, unterminated_dollar_quote, unterminated_comment, nul,
    psql_command, copy_from_stdin, copy_to_stdout, unclosed_transaction, rollback_outside_transaction,
    prepare_transaction.
    """
    read = scan(script)
    found = [_fault(script, read.fault)] if read.fault else []
    found += [refusal for statement in read.statements if (refusal := _copy(statement))]
    if found:
        return min(found, key=lambda refusal: refusal.offset)
    # With a parenthesis or a body left open the rest of the script is one statement; its syntax error is the server's.
    return None if read.unbalanced else _transactions(read)


_OPENED = {
    "quote": ("unterminated_quote", "a text constant is opened and never closed", "close it with a single quote"),
    "identifier": (
        "unterminated_identifier",
        "a quoted identifier is opened and never closed",
        "close it with a double quote",
    ),
    "dollar quote": (
        "unterminated_dollar_quote",
        "a dollar-quoted constant is opened and never closed",
        "close it with the same tag that opened it",
    ),
    "comment": (
        "unterminated_comment",
        "a comment is opened and never closed",
        "close it with */ (comments nest: each /* inside needs its own)",
    ),
    "nul": ("nul", "the script contains a NUL character, which PostgreSQL cannot take", "remove the NUL character"),
}


def _fault(script: str, fault: Fault) -> Refusal:
    if fault.kind == "backslash":
        command = script[fault.offset : fault.offset + 80].replace(";", " ").split(maxsplit=1)[0]
        shown = command if command.isprintable() else "\\"
        return Refusal(
            "psql_command",
            f"{shown} is a command of psql, not SQL: a server does not know it",
            fault.offset,
            _INSTEAD.get(command, "write it in SQL, or remove it"),
        )
    code, what, then = _OPENED[fault.kind]
    return Refusal(code, what, fault.offset, then)


_INSTEAD = {
    "\\connect": "remove it: a migration runs in the database that the URL names",
    "\\c": "remove it: a migration runs in the database that the URL names",
    "\\i": "put the text of the included file into this script",
    "\\ir": "put the text of the included file into this script",
    "\\include": "put the text of the included file into this script",
    "\\set": "write the value itself where the variable stands",
    "\\copy": "write the rows as INSERT statements",
    "\\.": "write the rows of the COPY as INSERT statements",
    "\\restrict": "remove it and \\unrestrict: newer versions of pg_dump write them for psql only",
    "\\unrestrict": "remove it and \\restrict: newer versions of pg_dump write them for psql only",
    "\\gexec": "write the loop as a DO block with EXECUTE",
    "\\if": "write the condition as a DO block",
}


def _copy(statement: Statement) -> Refusal | None:
    """COPY with data that would have to follow, or come back, on the connection; `FROM STDOUT` means FROM STDIN."""
    if statement.words[0] != "COPY":
        return None
    read = Reader(statement.text)
    depth = 0
    while (token := read.take()).kind != "end":
        if token.kind == "symbol":
            depth += (token.text == "(") - (token.text == ")")
        if token.kind != "word" or depth or token.text not in {"FROM", "TO"}:
            continue
        if not (read.skip("STDIN") or read.skip("STDOUT")):
            return None
        if token.text == "FROM":
            return Refusal(
                "copy_from_stdin",
                "COPY ... FROM STDIN waits for data that a migration cannot send",
                statement.start,
                "write the rows as INSERT statements (pg_dump --inserts writes them so)",
            )
        return Refusal(
            "copy_to_stdout",
            "COPY ... TO STDOUT sends data that nobody reads in a migration",
            statement.start,
            "remove it",
        )
    return None


def _transactions(read: Scan) -> Refusal | None:
    opened: Statement | None = None
    for statement in read.statements:
        what = control(statement)
        if what == "begin":
            opened = opened or statement
        elif what == "prepare transaction":
            return Refusal(
                "prepare_transaction",
                "PREPARE TRANSACTION leaves a transaction, and its locks, behind that nobody may ever finish",
                statement.start,
                "write COMMIT instead",
            )
        elif what == "rollback" and opened is None:
            return Refusal(
                "rollback_outside_transaction",
                "ROLLBACK without BEGIN undoes everything before it with one client and nothing with another",
                statement.start,
                "remove it, or write BEGIN where the part to be undone begins",
            )
        elif what in {"commit", "rollback"}:
            opened = None
        elif what in {"commit and chain", "rollback and chain"}:
            opened = statement
    if opened is None:
        return None
    command = " ".join(opened.words[: 2 if opened.words[0] == "START" else 1])
    return Refusal(
        "unclosed_transaction",
        f"{command} opens a transaction that the script never ends, so nothing in it would last",
        opened.start,
        "end the script with COMMIT, or remove the BEGIN: a migration runs in a transaction of its own anyway",
    )
