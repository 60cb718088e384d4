"""Reaching the server: troubles that pass are waited out and told by name, the others are told at once."""

from __future__ import annotations

from pgready.errors import NotReady, Unreachable
from pgready.postgres.connect import ConnectFailed, open_session, unreachable
from pgready.postgres.hosts import choose, no_primary, survey
from pgready.postgres.session import ServerError, Session
from pgready.postgres.trouble import AUTH, Trouble
from pgready.process.waiting import Backoff, Patience
from pgready.project.settings import Settings
from pgready.project.url import Target
from pgready.report.story import Event, Teller
from pgready.sql.names import quote_ident

# Another process may create the same database at the same moment, or still copy its template.
_CREATE_RACES = frozenset({"42P04", "23505", "55006"})


# How long (seconds) a pooler may take to give a second connection, alone or where a direct URL is the other way.
_SECOND_SECONDS = 10.0
_DIRECT_AFTER = 2.0


class Arrival:
    """Opens sessions for one command; what it waits for is told once per change, and again every 10 s.

    With `creates` False (`wait`: somebody else prepares the database) a missing database is waited for, never created.
    """

    def __init__(
        self, settings: Settings, target: Target, tell: Teller, patience: Patience, *, creates: bool = True
    ) -> None:
        self.creates = creates
        self.settings = settings
        self.target = target
        self.tell = tell
        self.patience = patience
        # Of several hosts: where the lock is, and the newest timeline seen.
        self._host: tuple[str, str] | None = None
        self._timeline = 0
        self._said: set[str] = set()
        self._told = ""
        self._told_at = 0.0

    def session(self, name: str, *, primary: bool = True) -> Session:
        """A session, waited for until patience ends; raises Unreachable.

        With several hosts and `primary`, every host is asked and the primary with the highest timeline is taken.
        """
        backoff = Backoff()
        while True:
            try:
                return self._open(name, primary=primary)
            except ConnectFailed as e:
                trouble = e.trouble
            if trouble.code == "database_missing" and self.creates and self.settings.create_database:
                self._create_database()
                continue
            late_secret = trouble.code in AUTH and self.settings.retry_auth
            if not trouble.transient and not late_secret:
                raise unreachable(trouble, self.target, waits=True)
            if self.patience.exhausted:
                raise unreachable(trouble, self.target, waited=self.patience.waited, waits=True)
            self.waiting(trouble.code, trouble.what)
            backoff.pause(self.patience)

    def second(self, name: str, target: Target | None = None, *, pooled: bool = False) -> Session:
        """One more session while the lock is held; `pooled`: through a pooler, which may have none to give.

        Then the direct URL is taken if there is one, and otherwise the pool is told by name (Unreachable). It goes to
        the host that the lock is on.
        """
        try:
            if target is None:
                session = open_session(self.target, name, host=self._host)
            else:
                session = self._open(name, primary=True, target=target)
        except ConnectFailed as e:
            if e.trouble.code in ("pooler_waits", "timeout"):
                raise self._pool_too_small(e.trouble.what, target) from None
            raise
        direct = self.settings.direct_url
        bound = _SECOND_SECONDS if direct is None else _DIRECT_AFTER
        if not pooled or session.answers(bound):
            return session
        session.close()
        if direct is not None:
            return self._open(name, primary=True, target=direct)
        raise self._pool_too_small(f"the pooler gave none in {bound:.0f} s", target)

    def _pool_too_small(self, why: str, target: Target | None) -> Unreachable:
        return Unreachable(
            f"no second connection while the lock is held: {why}",
            where=(target or self.target).redacted,
            then="pgready needs two connections at once: raise default_pool_size of the pooler to 2 or more,"
            " or set directUrl / PGREADY_DIRECT_URL",
            code="pool_too_small",
        )

    def _open(self, name: str, *, primary: bool, target: Target | None = None) -> Session:
        aim = target or self.target
        if len(aim.hosts) < 2:
            return open_session(aim, name)
        candidates = survey(aim)
        chosen = choose(candidates, self._timeline)
        for candidate in candidates:
            if candidate.in_recovery is False and candidate is not chosen:
                newest = f"timeline {max(self._timeline, (chosen and chosen.timeline) or 0)} is there or was seen"
                text = (
                    f"{candidate.host}:{candidate.port} answers as a primary on timeline {candidate.timeline}, and"
                    f" {newest}: refusing the stale one"
                )
                self._tell_once(Event("stale_primary", text, {"host": candidate.host, "timeline": candidate.timeline}))
        if chosen is None and not primary:
            chosen = next((c for c in candidates if c.in_recovery), None)
        if chosen is None:
            troubles = [c.trouble for c in candidates if c.trouble is not None]
            fatal = next((t for t in troubles if not t.transient), None)
            reason = no_primary(candidates)
            raise ConnectFailed(fatal or Trouble("no_primary", reason, transient=True))
        self._timeline = max(self._timeline, chosen.timeline or 0)
        if target is None:
            self._host = (chosen.host, chosen.port)
        return open_session(aim, name, host=(chosen.host, chosen.port))

    def _tell_once(self, event: Event) -> None:
        if event.text not in self._said:
            self._said.add(event.text)
            self.tell(event)

    def waiting(self, code: str, what: str, key: str = "") -> None:
        """Tell what we wait for: when it (or `key`, where `what` holds a growing time) changes, and every 10 s."""
        now = self.patience.waited
        key = key or what
        if key != self._told or now - self._told_at >= 10 or now < self._told_at:
            self._told, self._told_at = key, now
            text = f"waiting for {_place(self.target)}: {what} ({self.patience.left:.0f} s left)"
            self.tell(Event("waiting", text, {"reason": code, "left": round(self.patience.left, 1)}))

    def lost(self, words: str, then: str) -> None:
        """The outcome of what was under way is unknown: the caller begins again, until patience ends (NotReady)."""
        self.tell(Event("connection_lost", f"connection lost: {words}; reading the truth again", {}))
        if self.patience.exhausted:
            raise NotReady(
                f"the connection was lost again and again for {self.patience.waited:.0f} s: {words}",
                where=self.settings.require_url().redacted,
                then=then,
            )

    def _create_database(self) -> None:
        """Create the missing database from `postgres` or `template1`, as Prisma's deploy does."""
        name = self.target.dbname
        last: Trouble | None = None
        for other in ("postgres", "template1"):
            try:
                session = open_session(self.target, "create database", dbname=other)
            except ConnectFailed as e:
                last = e.trouble
                continue
            try:
                session.run("create database", f"CREATE DATABASE {quote_ident(name)}", long=True)
            except ServerError as e:
                if e.sqlstate in _CREATE_RACES:
                    Backoff(first=0.2).pause(self.patience)
                    return
                raise Unreachable(
                    f"the database {name} does not exist and cannot be created: {e.message}",
                    where=self.target.redacted,
                    then=f"as a role that may: CREATE DATABASE {quote_ident(name)}",
                    code="database_not_created",
                    detail=e.words(),
                ) from None
            finally:
                session.close()
            self.tell(Event("database_created", f"created database {name}", {"database": name}))
            return
        raise unreachable(last or Trouble("unknown", "no maintenance database", transient=False), self.target)


def _place(target: Target) -> str:
    hosts = ",".join(f"{host}:{port}" for host, port in target.hosts)
    return f"{hosts}/{target.dbname}"
