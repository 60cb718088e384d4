"""A contract that the server refuses, as an error at the place in its file, with the nearest name that there is."""

from __future__ import annotations

import re

from pgready.catalog.model import Catalog
from pgready.errors import PgreadyError, UsageInvalid
from pgready.project.schema_files import read_text
from pgready.project.suggest import nearest
from pgready.proof.contract import Contract
from pgready.sql.excerpt import excerpt, where

_RELATION = re.compile(r'relation "(?P<name>.+?)" does not exist')
_COLUMN = re.compile(r'column (?:"(?P<quoted>.+?)"|(?P<plain>\S+)) (?:of relation "[^"]+" )?does not exist')
_FUNCTION = re.compile(r"function (?P<name>[^(]+)\(")
_MEANT = re.compile(r'Perhaps you meant to reference the (?:column|table alias) "(?P<name>[^"]+)"')


def refusal(
    contract: Contract, sqlstate: str, message: str, position: int | None, catalog: Catalog, hint: str = ""
) -> UsageInvalid:
    """The error; `position` is the 1-based character of `contract.sql`, None where the server names none."""
    place, shown = _shown(contract, position)
    return UsageInvalid(
        f"the server refuses the contract {contract.name}: {message} (SQLSTATE {sqlstate})",
        where=place,
        excerpt=shown,
        then=_then(contract, sqlstate, message, hint, catalog),
        code="contract_refused",
    )


def _shown(contract: Contract, position: int | None) -> tuple[str, str]:
    """Where it stands, and the line with a caret: in the file where the SQL is the file's, else in the SQL itself."""
    offset = max((position or 1) - 1, 0)
    in_file = contract.offset_in_file(offset) if contract.source in ("sql", "recorded") else None
    if in_file is not None:
        try:
            text = read_text(contract.place.file, contract.place.file)
        except PgreadyError:
            return contract.place.where(), ""
        if position is None:
            return where(text, in_file, contract.place.file), ""
        return where(text, in_file, contract.place.file), excerpt(text, in_file, "")
    return contract.place.where(), "" if position is None else excerpt(contract.sql, offset, "")


def _then(contract: Contract, sqlstate: str, message: str, hint: str, catalog: Catalog) -> str:
    if sqlstate == "42P18":
        found = re.search(r"\$(\d+)", message)
        number = int(found[1]) if found else 1
        name = next((one.name for one in contract.parameters if one.number == number and one.name), str(number))
        return f"say its type in the contract's header:  -- param {name}: text"
    if meant := _MEANT.search(hint):
        return f"perhaps {meant['name']} is meant"
    if sqlstate in ("42P01", "3F000") and (found := _RELATION.search(message)):
        return _perhaps(found["name"], _relations(catalog)) or (
            "the migrations make no such table: write one that does, or mend the contract"
        )
    if sqlstate == "42703" and (found := _COLUMN.search(message)):
        name = (found["quoted"] or found["plain"]).rpartition(".")[2]
        columns = {column.name for table in catalog.tables for column in table.columns}
        return (
            _perhaps(name, columns) or "the migrations make no such column: write one that does, or mend the contract"
        )
    if sqlstate == "42883" and (found := _FUNCTION.search(message)):
        return _perhaps(found["name"], {function.name.name for function in catalog.functions}) or (
            "no function of this name takes these types: cast an argument, or say the parameter's type in the header"
        )
    if hint:
        return hint
    return "mend the contract, or the migrations that it stands on"


def _relations(catalog: Catalog) -> set[str]:
    """Tables and views by both of their names."""
    names = [*(table.name for table in catalog.tables), *(view.name for view in catalog.views)]
    return {str(name) for name in names} | {name.name for name in names}


def _perhaps(name: str, known: set[str]) -> str:
    if "." not in name and (elsewhere := sorted(one for one in known if one.endswith(f".{name}"))):
        return f"perhaps {elsewhere[0]} is meant: it is not in the search path (-- search_path: …)"
    found = nearest(name, known)
    return f"perhaps {found} is meant" if found else ""
