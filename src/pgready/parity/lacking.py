"""What a database lacks of a readiness contract, weighed as parity weighs it. It may have more: ahead is ready."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from pgready.parity.compare import differences
from pgready.parity.contract_file import Contract
from pgready.parity.contract_read import catalog
from pgready.parity.facts import unwell
from pgready.parity.model import Finding
from pgready.parity.result import in_order
from pgready.parity.rules import weighed

_STRICTER = frozenset({"not null", "identity"})
"""Parts of a column that the contract has: with them it takes less. A database ahead of the image has a reason."""

_MORE = (("table", "unlogged", "no"),)
_STRICTER_PROPERTIES = (("table", "row security", "yes"), ("table", "force row security", "yes"))


def lacking(contract: Contract, there: AbstractSet[str], *, ahead: bool) -> tuple[Finding, ...]:
    """The findings, heaviest first, of a database that has the facts `there`; `ahead`: it has newer migrations."""
    if contract.facts <= there:
        return ()
    needed, found = catalog(contract.facts), catalog(there)
    all_ = [weighed(one) for one in differences(needed, found)]
    valid = {(table.name, index.name) for table in needed.tables for index in table.indexes if index.is_valid}
    valid |= {(view.name, index.name) for view in needed.views for index in view.indexes if index.is_valid}
    all_ += [one for one in unwell(found, None) if (one.address[1:3], one.address[3]) in valid]
    return in_order([one for one in all_ if not _is_more(one, ahead=ahead)])


def _is_more(one: Finding, *, ahead: bool) -> bool:
    if one.how == "unexpected":
        return ahead or one.address[0] not in _STRICTER
    harmless = _MORE + (_STRICTER_PROPERTIES if ahead else ())
    changed = [(one.address[0], detail.name, detail.side) for detail in one.details]
    return one.how == "different" and bool(changed) and all(each in harmless for each in changed)
