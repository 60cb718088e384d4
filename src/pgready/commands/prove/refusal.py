"""A contract that the server refuses, as a diagnostic at the place in its file, with the nearest name that there is."""

from __future__ import annotations

import re

from pgready.catalog.model import Catalog
from pgready.errors import PgreadyError
from pgready.postgres.proving.explain import PlanRefused
from pgready.project.schema_files import read_text
from pgready.project.suggest import nearest
from pgready.proof.contract import Contract
from pgready.psl.diagnostics import Diagnostic
from pgready.psl.source import Source, Span
from pgready.sql.lexer import tokens

CODE = "contract-refused"

_SAID = 60
"""Characters of a query that is in no file, at most, that say which words are meant."""

_RELATION = re.compile(r'relation "(?P<name>.+?)" does not exist')
_COLUMN = re.compile(r'column (?:"(?P<quoted>.+?)"|(?P<plain>\S+)) (?:of relation "[^"]+" )?does not exist')
_FUNCTION = re.compile(r"function (?P<name>[^(]+)\(")
_MEANT = re.compile(r'Perhaps you meant to reference the (?:column|table alias) "(?P<name>[^"]+)"')
_WORD = re.compile(r'"(?:[^"]|"")*"|\$\d+|[\w.]+|\S')


def refusal(contract: Contract, refused: PlanRefused, catalog: Catalog) -> Diagnostic:
    """What the server says, where the contract stands."""
    span, inside = _span(contract, refused.position or _parameter_position(contract, refused))
    message = f"{contract.name}: the server refuses it: {refused.message} (SQLSTATE {refused.sqlstate}){inside}"
    return Diagnostic(CODE, "error", message, span, _then(contract, refused, catalog))


def _span(contract: Contract, position: int | None) -> tuple[Span, str]:
    """The words that the server means: in the file where the SQL is the file's; else its line, and the words said."""
    offset = max((position or 1) - 1, 0)
    word = _WORD.match(contract.sql, offset)
    length = len(word[0]) if word and position is not None else 1
    path = contract.place.file
    if not contract.place.line:  # of a live server: there is no file
        return Span(Source(path, contract.sql), offset, offset + length), ""
    try:
        source = Source(path, read_text(path, path))
    except PgreadyError:
        return Span(Source(path, contract.sql), offset, offset + length), ""
    at = contract.offset_in_file(offset)
    if at is not None:
        return Span(source, at, contract.offset_in_file(offset + length) or at + length), ""
    start = _start_of_line(source.text, contract.place.line) + max(contract.place.column - 1, 0)
    line = source.line(contract.place.line)
    end = start + max(len(line.rstrip()) - max(contract.place.column - 1, 0), 1)
    said = contract.sql[offset:].split("\n")[0].strip()
    said = said if len(said) <= _SAID else said[:_SAID].rsplit(" ", 1)[0] + " …"
    return Span(source, start, end), f", at `{said}`" if position is not None and said else ""


def _parameter_position(contract: Contract, refused: PlanRefused) -> int | None:
    """Where the parameter stands that the server knows no type for, which it names by its number only."""
    found = re.search(r"\$\d+", refused.message)
    if refused.sqlstate != "42P18" or found is None:
        return None
    return next((one.start + 1 for one in tokens(contract.sql) if one.text == found[0]), None)


def _start_of_line(text: str, number: int) -> int:
    return sum(len(line) for line in text.splitlines(keepends=True)[: number - 1])


def _then(contract: Contract, refused: PlanRefused, catalog: Catalog) -> str:
    state, message = refused.sqlstate, refused.message
    if state == "42P18":
        return _type_of_parameter(contract, message)
    if meant := _MEANT.search(refused.detail):
        return f"perhaps {meant['name']} is meant"
    if state in ("42P01", "3F000") and (found := _RELATION.search(message)):
        return _perhaps(found["name"], _relations(catalog)) or "the migrations make no such table"
    if state == "42703" and (found := _COLUMN.search(message)):
        name = (found["quoted"] or found["plain"]).rpartition(".")[2]
        columns = {column.name for table in catalog.tables for column in table.columns}
        return _perhaps(name, columns) or "the migrations make no such column"
    if state == "42883" and (found := _FUNCTION.search(message)):
        functions = {function.name.name for function in catalog.functions}
        return _perhaps(found["name"], functions) or "no function of this name takes these types: cast an argument"
    return refused.detail


def _type_of_parameter(contract: Contract, message: str) -> str:
    found = re.search(r"\$(\d+)", message)
    number = int(found[1]) if found else 1
    name = next((one.name for one in contract.parameters if one.number == number and one.name), str(number))
    if contract.source == "sql":
        return f"say its type in the contract's header:  -- param {name}: text"
    return f"nothing says which type parameter {name} has: cast it"


def _relations(catalog: Catalog) -> set[str]:
    """Tables and views by both of their names."""
    names = [*(table.name for table in catalog.tables), *(view.name for view in catalog.views)]
    return {str(name) for name in names} | {name.name for name in names}


def _perhaps(name: str, known: set[str]) -> str:
    if "." not in name and (elsewhere := sorted(one for one in known if one.endswith(f".{name}"))):
        return f"perhaps {elsewhere[0]} is meant: it is not in the search path (-- search_path: …)"
    found = nearest(name, known)
    return f"perhaps {found} is meant" if found else ""
