"""What pgready says when it cannot continue, and the exit code that goes with it.

An error carries three things: what happened, where, and what to do next. Findings (drift, pending
migrations, verdicts) are values, never exceptions. This module is on the hot path: it imports nothing.
"""


class PgreadyError(Exception):
    """Something that pgready cannot continue after.

    `what` says what happened in one sentence, `where` names the place (a file:line:column, a migration, a host),
    `excerpt` shows it (a source line with a caret), `then` says what to do next, best as a command, and `code` is a
    stable word for machines. No field may hold a password.
    """

    exit_code = 1
    code = "bug"

    def __init__(
        self, what: str, *, where: str = "", excerpt: str = "", then: str = "", code: str = "", detail: str = ""
    ) -> None:
        """Keep the five parts; `detail` holds the server's own words (message, hint) where there are any."""
        super().__init__(what)
        self.what = what
        self.where = where
        self.excerpt = excerpt
        self.then = then
        self.detail = detail
        if code:
            self.code = code

    def as_dict(self) -> "dict[str, object]":
        """The error as data for `--json`; empty parts are left out."""
        parts: dict[str, object] = {"code": self.code, "exit_code": self.exit_code, "what": self.what}
        for key in ("where", "excerpt", "detail", "then"):
            if value := getattr(self, key):
                parts[key] = value
        return parts


class UsageInvalid(PgreadyError):
    """Usage, settings, schema or migration files are not valid (exit 2)."""

    exit_code = 2
    code = "invalid"


class Declined(PgreadyError):
    """A destructive or unproven step without consent (exit 3)."""

    exit_code = 3
    code = "declined"


class NotInParity(PgreadyError):
    """The database lacks what the schema needs, however its history reads (exit 4)."""

    exit_code = 4
    code = "not_in_parity"

    def __init__(self, what: str, findings: "list[dict[str, object]]", **parts: str) -> None:
        """`findings` as `pgready parity --json` has them."""
        super().__init__(what, **parts)
        self.findings = findings

    def as_dict(self) -> "dict[str, object]":
        """The error as data, its findings included."""
        return {**super().as_dict(), "findings": self.findings}


class NotReady(PgreadyError):
    """Migrations are pending, or the database was not ready in time (exit 5)."""

    exit_code = 5
    code = "not_ready"


class MigrationFailed(PgreadyError):
    """A migration failed (exit 6)."""

    exit_code = 6
    code = "migration_failed"


class Unreachable(PgreadyError):
    """The server cannot be reached, or refuses this client (exit 7)."""

    exit_code = 7
    code = "unreachable"


class LockNotObtained(PgreadyError):
    """Another process holds the migration lock, or one that a script needs, and makes no progress (exit 8)."""

    exit_code = 8
    code = "lock"


class DecisionNeeded(PgreadyError):
    """The history needs a human decision: a failed migration, or one that failed too often (exit 9)."""

    exit_code = 9
    code = "decision"


class CommandNotExecutable(PgreadyError):
    """CMD exists and cannot be executed (exit 126)."""

    exit_code = 126
    code = "command_not_executable"


class CommandNotFound(PgreadyError):
    """CMD does not exist (exit 127)."""

    exit_code = 127
    code = "command_not_found"
