"""SQL files of query contracts: `-- name:` headers as aiosql, HugSQL and sqlc have them, and our own keys below them.

    -- name: invoices_by_client
    -- param client: uuid = 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'
    -- param limit: int = 50
    -- max_rows_read: 500
    -- allow: sort -- a client has at most 200 invoices
    -- search_path: billing, public
    SELECT … WHERE client_id = :client ORDER BY created_at DESC LIMIT :limit;

Everything wrong with a file is found at once, each with its place. See docs/reference/contracts.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pgready.proof.contract import Contract, Place
from pgready.proof.contracts.header import read_header
from pgready.proof.contracts.parse import Unparsed, read
from pgready.proof.contracts.placeholders import Converted, convert
from pgready.proof.contracts.recorded_file import MARK
from pgready.psl.diagnostics import Findings
from pgready.psl.source import Source, Span
from pgready.sql.statements import scan

_NAMED = re.compile(r"^[ \t]*--[ \t]*(?:name[ \t]*:|:name\b)[ \t]*(?P<name>[^\r\n]*)", re.MULTILINE | re.IGNORECASE)
_NAME = re.compile(
    r"(?P<name>[\w.-]+)(?:\((?P<arguments>[^()]*)\))?(?P<mark>\*!|<!|[\^$!#?]?)"
    r"(?:[ \t]+(?P<kind>:[\w?!*<>-]+))*[ \t]*(?:--.*)?"
)
"""The name, aiosql's arguments and mark, sqlc's or HugSQL's kind."""


@dataclass(frozen=True, slots=True)
class _Block:
    """From one name to the next: offsets in the file of the name line's end and of the block's."""

    name: str
    is_sqlc: bool
    is_script: bool
    at: Span
    start: int
    end: int


def read_contracts(source: Source, findings: Findings) -> tuple[Contract, ...]:
    """The contracts of one file; what is wrong goes to `findings`, and a block with an error makes no contract."""
    text = source.text
    names = list(_NAMED.finditer(text))
    _without_name(source, names[0].start() if names else len(text), findings, any_names=bool(names))
    contracts = []
    for block in _blocks(source, names, findings):
        if block.is_script:  # aiosql's `#` marks a script that makes things: nothing is read by it
            continue
        own = Findings()
        contract = _contract(source, block, own)
        for one in own:
            (findings.error if one.severity == "error" else findings.warning)(one.code, one.span, one.message, one.help)
        if contract is not None:
            contracts.append(contract)
    return tuple(contracts)


def _blocks(source: Source, names: Sequence[re.Match[str]], findings: Findings) -> Iterator[_Block]:
    for number, found in enumerate(names):
        end = names[number + 1].start() if number + 1 < len(names) else len(source.text)
        written = found["name"].rstrip()
        at = Span(source, found.start("name"), found.start("name") + max(len(written), 1))
        match = _NAME.fullmatch(written)
        if match is None:
            what = f"`{written}` is no name" if written else "the name is missing"
            findings.error("name-invalid", at, what, "a name is letters, digits, `_`, `-` and `.`")
            continue
        name = Span(source, at.start, at.start + match.end("name"))
        is_sqlc = bool(match["kind"]) and "-- name" in found[0]
        yield _Block(match["name"], is_sqlc, match["mark"] == "#", name, found.end(), end)


def _without_name(source: Source, end: int, findings: Findings, *, any_names: bool) -> None:
    """SQL before the first name."""
    statements = scan(source.text[:end]).statements
    if statements:
        first = statements[0]
        stem = re.sub(r"[^\w.-]", "_", source.path.rpartition("/")[2].rpartition(".")[0]) or "invoices_by_client"
        what = "this query has no name" if any_names or len(statements) == 1 else "these queries have no names"
        findings.error(
            "name-missing", Span(source, first.start, first.end), what, f"write a line before it:  -- name: {stem}"
        )


_FAULTS = {
    "quote": ("a constant that begins here never ends", "close the quote"),
    "identifier": ("a quoted name that begins here never ends", "close the quote"),
    "dollar quote": ("a dollar quote that begins here never ends", "close it with the same tag"),
    "comment": ("a comment that begins here never ends", "close it with */"),
    "backslash": ("a backslash outside quotes is no SQL", "commands of psql cannot be planned: leave them out"),
    "nul": ("the file contains a NUL character", "remove it"),
}


def _contract(source: Source, block: _Block, findings: Findings) -> Contract | None:
    """The block's contract, None where something is wrong with it."""
    body = source.text[block.start : block.end]
    found = scan(body)
    query = block.start + found.statements[0].start if found.statements else block.end
    header = read_header(source, block.start, query, block.end, findings)
    if found.fault is not None:
        at = block.start + found.fault.offset
        findings.error("sql-invalid", Span(source, at, at + 1), *_FAULTS[found.fault.kind])
        return None
    if not found.statements:
        findings.error(
            "sql-missing", block.at, f"{block.name} has no query below its name", "write it, or remove the name"
        )
        return None
    if len(found.statements) > 1:
        second = Span(source, block.start + found.statements[1].start, block.start + found.statements[1].end)
        what = f"{block.name} has a second statement, and a contract is one"
        findings.error("two-statements", second, what, "give it a name of its own, or leave it out")
        return None
    statement = found.statements[0]
    start = block.start + statement.start
    converted = convert(statement.text, sqlc=block.is_sqlc)
    if converted.mixed is not None:
        at = start + converted.mixed
        what = f"{block.name} writes its parameters in two ways"
        findings.error("style-mixed", Span(source, at, at + 2), what, "write all as `:name`, or all as `$1`")
        return None
    _judge(source, start, converted, findings)
    parameters = header.parameters(converted, findings)
    if findings.has_errors:
        return None
    line, column = source.position(block.at.start)
    return Contract(
        name=block.name,
        sql=converted.sql,
        place=Place(source.path, line, column),
        source="recorded" if source.text.startswith(MARK) else "sql",
        line_of_sql=source.position(start)[0],
        parameters=parameters,
        max_rows_read=header.max_rows_read,
        waivers=header.waivers,
        search_path=header.search_path,
        start=start,
        shifts=converted.shifts,
    )


def _judge(source: Source, start: int, converted: Converted, findings: Findings) -> None:
    """Report SQL that does not parse, and statements that are no contracts."""
    try:
        query = read(converted.sql)
    except Unparsed as e:
        at = start + converted.offset(e.offset)
        end = at + 1
        while end < len(source.text) and (source.text[end].isalnum() or source.text[end] == "_"):
            end += 1
        foreign = source.text[:at].rstrip().endswith("?") or source.text.startswith((":'", ':"'), at)
        help_ = "write parameters as `:name` or `$1`" if foreign else ""
        findings.error("sql-invalid", Span(source, at, end), e.message, help_)
        return
    if (fault := query.fault) is not None:
        at = start + converted.offset(fault.offset)
        end = at
        while end < len(source.text) and not source.text[end].isspace():
            end += 1
        findings.error(fault.code, Span(source, at, max(end, at + 1)), fault.message, fault.help)
