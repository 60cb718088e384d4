"""Comments, owners and rights: what every kind of object has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pgready.catalog.grants import Grant
from pgready.plan.create_graph import Key, Step
from pgready.plan.create_ranks import RANK
from pgready.sql.names import quote_ident, quote_literal


def comment(what: str, of: Key, text: str | None, needs: Iterable[Key]) -> list[Step]:
    """COMMENT ON `what` (kind and quoted name); `of` is the object's address."""
    if text is None:
        return []
    sql = f"COMMENT ON {what} IS {quote_literal(text)}"
    undo = f"COMMENT ON {what} IS NULL"
    about = ("comment", *of)
    return [Step(RANK["comment"], "comment", of[1:], sql, needs=frozenset(needs), about=about, undo=undo)]


def owner(what: str, of: Key, role: str, needs: Iterable[Key]) -> list[Step]:
    """ALTER `what` OWNER TO; none for initdb's own."""
    if not role:
        return []
    sql = f"ALTER {what} OWNER TO {quote_ident(role)}"
    makes: tuple[Key, ...] = (("owned", what),)
    return [Step(RANK["owner"], "owner", of[1:], sql, needs=frozenset(needs), makes=makes, about=("owner", *of))]


def grants(
    what: str,
    of: Key,
    rights: Sequence[Grant],
    needs: Iterable[Key],
    *,
    columns: str = "",
    after_owner: str = "",
    owned_by: str = "",
) -> list[Step]:
    """GRANT and REVOKE of what differs from the standard rights; `columns` is a quoted list.

    `owned_by` has every right by itself, and only the option to give it on is taken back from it.
    """
    together: dict[tuple[bool, str, bool], list[str]] = {}
    for one in rights:
        together.setdefault((not one.revoked, one.role, one.grantable), []).append(one.privilege)
    found = []
    for number, ((given, role, grantable), privileges) in enumerate(sorted(together.items())):
        words = ", ".join(one + (f" ({columns})" if columns else "") for one in privileges)
        to = quote_ident(role) if role else "PUBLIC"
        option = " WITH GRANT OPTION" if grantable else ""
        grant, revoke = f"GRANT {words} ON {what} TO {to}", f"REVOKE {words} ON {what} FROM {to}"
        # What was given on by somebody who loses the right goes, too: the catalog has it as given by the owner.
        back = revoke.replace("REVOKE", "REVOKE GRANT OPTION FOR", 1) if grantable and role == owned_by else revoke
        sql, undo = (grant + option, back + " CASCADE") if given else (revoke, grant)
        needed = frozenset({*needs, ("owned", after_owner or what)})
        name = (*of[1:], columns, str(number))
        found.append(Step(RANK["grant"], "grant", name, sql, needs=needed, about=("grants", *of), undo=undo))
    return found
