"""Comments, owners and rights: what every kind of object has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pgready.catalog.grants import Grant
from pgready.plan.create_graph import Key, Step
from pgready.plan.create_ranks import RANK
from pgready.sql.names import quote_ident, quote_literal


def comment(what: str, name: tuple[str, ...], text: str | None, needs: Iterable[Key]) -> list[Step]:
    """COMMENT ON `what` (kind and quoted name)."""
    if text is None:
        return []
    sql = f"COMMENT ON {what} IS {quote_literal(text)}"
    return [Step(RANK["comment"], "comment", name, sql, needs=frozenset(needs))]


def owner(what: str, name: tuple[str, ...], role: str, needs: Iterable[Key]) -> list[Step]:
    """ALTER `what` OWNER TO; none for initdb's own."""
    if not role:
        return []
    sql = f"ALTER {what} OWNER TO {quote_ident(role)}"
    return [Step(RANK["owner"], "owner", name, sql, needs=frozenset(needs), makes=(("owned", what),))]


def grants(
    what: str,
    name: tuple[str, ...],
    rights: Sequence[Grant],
    needs: Iterable[Key],
    *,
    columns: str = "",
    after_owner: str = "",
) -> list[Step]:
    """GRANT and REVOKE of what differs from the standard rights; `columns` is a quoted list."""
    together: dict[tuple[bool, str, bool], list[str]] = {}
    for one in rights:
        together.setdefault((not one.revoked, one.role, one.grantable), []).append(one.privilege)
    found = []
    for number, ((given, role, grantable), privileges) in enumerate(sorted(together.items())):
        words = ", ".join(one + (f" ({columns})" if columns else "") for one in privileges)
        to = quote_ident(role) if role else "PUBLIC"
        option = " WITH GRANT OPTION" if grantable else ""
        sql = f"GRANT {words} ON {what} TO {to}{option}" if given else f"REVOKE {words} ON {what} FROM {to}"
        needed = frozenset({*needs, ("owned", after_owner or what)})
        found.append(Step(RANK["grant"], "grant", (*name, columns, str(number)), sql, needs=needed))
    return found
