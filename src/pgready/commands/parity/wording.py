"""Two sides made anew on one reference server, so that what two versions print in two ways is no difference."""

from __future__ import annotations

from collections.abc import Iterator

from pgready.catalog.model import Catalog
from pgready.catalog.scope import without_owners
from pgready.errors import PgreadyError
from pgready.parity.compare import differences
from pgready.parity.wording import may_be_wording, with_wording
from pgready.plan.create import creation
from pgready.postgres.introspection import introspect
from pgready.postgres.session import ConnectionLost, ServerError, Session
from pgready.report.story import Event, Teller
from pgready.sql.names import quote_ident


def in_one_wording(reference: Catalog, side: Catalog, tell: Teller) -> tuple[Catalog, str]:
    """The side with the reference's text wherever both are the same on one server, and why that could not be tried."""
    doubtful = may_be_wording(differences(reference, side))
    if not doubtful:
        return side, ""
    tell(Event("wording", f"expressions are held against each other on one server: {len(doubtful)}", {}))
    try:
        left = {one.address for one in differences(*_anew(reference, side))}
    except (PgreadyError, ServerError, ConnectionLost) as e:
        words = e.words() if isinstance(e, ServerError) else str(e)
        return side, f"expressions were compared as they are printed: no server could make both sides anew ({words})"
    return with_wording(side, reference, [one for one in doubtful if one not in left]), ""


def _anew(*catalogs: Catalog) -> Iterator[Catalog]:
    from pgready.embedded import EmbeddedServer
    from pgready.postgres.connect import open_session
    from pgready.project.url import parse

    with EmbeddedServer(tcp=False) as server:
        for number, catalog in enumerate(catalogs):
            name = f"side_{number}"
            session = open_session(parse(server.url(tcp=False), "the embedded server"), "wording")
            try:
                session.run("create", f"CREATE DATABASE {quote_ident(name)}", long=True)
                _make_roles(session, catalog)
            finally:
                session.close()
            session = open_session(parse(server.url(name, tcp=False), "the embedded server"), "wording")
            try:
                # Names of extensions' versions are the server's own affair.
                script = "".join(f"{one.sql};\n" for one in creation(_portable(catalog), drop_public=True))
                session.run("make", f"BEGIN;\n{script}COMMIT", long=True)
                session.run("reset", "RESET ALL")
                yield introspect(session)
            finally:
                session.close()


def _portable(catalog: Catalog) -> Catalog:
    from dataclasses import replace

    bare = without_owners(catalog)
    return replace(bare, extensions=tuple(replace(one, version="") for one in bare.extensions))


def _make_roles(session: Session, catalog: Catalog) -> None:
    there = {name for (name,) in session.rows("roles", "SELECT rolname FROM pg_catalog.pg_roles")}
    wanted = {role for table in catalog.tables for policy in table.policies for role in policy.roles}
    for name in sorted(wanted - there):
        session.run("role", f"CREATE ROLE {quote_ident(name)}")
