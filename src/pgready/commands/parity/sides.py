"""The sides of a parity run: what was asked for, in words, to catalogs and to what the servers say beside them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgready.collection import uncollected
from pgready.commands.sides import Project, Resolved, Side, resolve_sides
from pgready.errors import Unreachable, UsageInvalid
from pgready.parity.facts import ServerFacts
from pgready.parity.outside import OutsideSide
from pgready.project.parity_settings import ParitySettings, named_side
from pgready.project.url import Target, parse
from pgready.report.story import Teller

if TYPE_CHECKING:
    from pgready.catalog.model import Catalog
    from pgready.postgres.session import Session

_WORDS = ("schema", "migrations", "snapshot")


@dataclass(frozen=True, slots=True)
class Asked:
    """A side as it was asked for: `name` is shown and never holds a password; `ref` is a commit, "" for now."""

    name: str
    side: Side
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A side's content: `facts` are a live server's, None for the others; `kind` is as in `Side`.

    `outside` is what a database holds beyond its catalog, None for a schema and a snapshot.
    """

    name: str
    resolved: Resolved
    facts: ServerFacts | None
    outside: OutsideSide | None = None

    @property
    def kind(self) -> str:
        """Schema, migrations, url or snapshot."""
        return self.resolved.side.kind


def asked(words: Sequence[str], settings: ParitySettings, project: Project) -> tuple[Asked, ...]:
    """The sides that the command line names, by distinct names; raises UsageInvalid for one that says nothing."""
    found: list[Asked] = []
    for word in words:
        one = _asked(word, settings, project)
        if any(other.name == one.name for other in found):
            one = Asked(f"{one.name} ({len(found) + 1})", one.side, one.ref)
        found.append(one)
    return tuple(found)


def _asked(word: str, settings: ParitySettings, project: Project) -> Asked:
    if word in settings.sides:
        side = named_side(word, settings.sides[word], project.flags, project.environ, project.cwd)
        one = _plain(side.text, settings, project, f"side {word}")
        return Asked(word, Side(one.side.kind, one.side.text, side.source), one.ref)
    return _plain(word, settings, project, f"side {word.partition(':')[0]}")


def _plain(word: str, settings: ParitySettings, project: Project, flag: str) -> Asked:
    if "://" in word or ("=" in word and not os.path.exists(word)):
        return Asked(parse(word, flag, project.cwd).redacted, Side("url", word, flag))
    kind, colon, rest = word.partition(":")
    if kind in _WORDS and (colon or kind != "snapshot"):
        return _of_project(word, kind, rest, project, flag)
    if kind == "migrations@" or word.startswith("migrations@"):
        return _of_project(word, "migrations", rest if colon else word.removeprefix("migrations"), project, flag)
    if os.path.isfile(os.path.join(project.cwd, word)):
        return Asked(word, Side("snapshot", word, flag))
    names = ", ".join(settings.sides)
    raise UsageInvalid(
        f"{word} is no side: neither a name of the settings{f' (there are {names})' if names else ''} nor a file",
        where="the command line",
        then="a side is schema[:PATH], migrations[:PATH][@REF], a URL, a name of [tool.pgready.sides], a snapshot file",
        code="side_unknown",
    )


def _of_project(word: str, kind: str, rest: str, project: Project, flag: str) -> Asked:
    if kind == "schema":
        return Asked(word, Side("schema", rest, flag))
    if kind == "snapshot":
        return Asked(word, Side("snapshot", rest, flag))
    path, _, ref = rest.rpartition("@") if "@" in rest and not os.path.isdir(rest) else (rest, "", "")
    if "@" in rest and not os.path.isdir(rest) and not ref:
        raise UsageInvalid(f"{word} names no commit after its @", then="e.g. migrations@v1.2", code="usage")
    return Asked(word, Side("migrations", path or project.settings.migrations, flag), ref)


@contextmanager
def held(sides: Sequence[Asked], project: Project, tell: Teller) -> Iterator[tuple[Held, ...]]:
    """The content of each side; folders of a commit are there until the block ends.

    Raises UsageInvalid, MigrationFailed (a migration fails in the shadow database) and Unreachable.
    """
    from pgready.project.git_folder import folder_at

    with ExitStack() as stack:
        plain = []
        for one in sides:
            side = one.side
            if one.ref:
                side = Side(side.kind, stack.enter_context(folder_at(side.text, one.ref)), side.flag)
            plain.append(side)
        targets = [project.target(side) if side.kind == "url" else None for side in plain]
        try:
            with uncollected():
                resolved = resolve_sides(plain, project, tell, in_full=True, beside=_beside, beside_shadow=_outside)
        except Unreachable as e:
            if e.code != "structure_unreadable":
                raise
            raise _unseen(e, [target for target in targets if target is not None]) from None
        yield tuple(_held(one.name, found) for one, found in zip(sides, resolved, strict=True))


def _held(name: str, found: Resolved) -> Held:
    said = found.beside if isinstance(found.beside, tuple) else (None, found.beside)
    facts, outside = said
    return Held(
        name,
        found,
        facts if isinstance(facts, ServerFacts) else None,
        outside if isinstance(outside, OutsideSide) else None,
    )


def _beside(session: Session, catalog: Catalog) -> tuple[ServerFacts, OutsideSide]:
    return _facts(session, catalog), _outside(session)


def _outside(session: Session) -> OutsideSide:
    from pgready.postgres.parity_outside import outside_of

    with _told("what it holds beside tables, views and functions", session):
        return outside_of(session)


def _facts(session: Session, catalog: Catalog) -> ServerFacts:
    from pgready.postgres.parity_facts import server_facts

    with _told("its settings", session):
        return server_facts(session, [one.name for one in catalog.schemas])


@contextmanager
def _told(what: str, session: Session) -> Iterator[None]:
    """What the server refuses is not seen, and nothing that is not seen is equal: raises Unreachable."""
    from pgready.postgres.session import ServerError

    try:
        yield
    except ServerError as e:
        raise Unreachable(
            f"the server refused to tell {what}",
            where=session.target.redacted,
            detail=e.words(),
            then="check that the role may read pg_catalog",
            code="structure_unreadable",
        ) from None


def _unseen(error: Unreachable, targets: Sequence[Target]) -> Unreachable:
    """The same error, with what the side's role could not see."""
    from pgready.postgres.connect import ConnectFailed, open_session
    from pgready.postgres.parity_facts import refused
    from pgready.postgres.session import ConnectionLost

    for target in targets:
        if target.redacted == error.where:
            try:
                session = open_session(target, "parity")
            except ConnectFailed:
                return error
            try:
                return refused(session, error)
            except ConnectionLost:
                return error
            finally:
                session.close()
    return error
