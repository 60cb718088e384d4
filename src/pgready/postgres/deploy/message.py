"""The working transaction as one message: fence, row, script, finished row, commit, all or nothing.

Pure text. Several messages may be sent as one: on an error the server discards the rest, so each migration still
commits alone and in order, and the index of the failing statement says where it stopped.
"""

from __future__ import annotations

from dataclasses import dataclass

from pgready.postgres.deploy.lock import FENCE
from pgready.sql.names import quote_ident

# After a script: whatever it did to role and settings must not reach our own statements.
RESETS = ("RESET SESSION AUTHORIZATION", "RESET ROLE", "RESET ALL")


@dataclass(frozen=True, slots=True)
class Frame:
    """What every working transaction sets for itself (SET LOCAL only: a pooler hands the session to others).

    `lock_timeout` in seconds, 0 switches it off; `timeouts` are those that the server has; `checks_clients`: the
    server can notice that its client died; `search_path`: the schema of `?schema=`, or None. `fenced` is False for
    work that a deploy does not wait for and that has another way to be done once.
    """

    lock_timeout: float
    timeouts: tuple[str, ...]
    checks_clients: bool
    search_path: str | None
    fenced: bool = True

    def opening(self, modes: str = "") -> tuple[str, ...]:
        """BEGIN and the settings, up to and with the fence.

        READ COMMITTED whatever the role's default: what is read after the fence must be fresh. `modes` is what a
        script's own BEGIN asks for instead.
        """
        return (
            f"BEGIN {modes or 'ISOLATION LEVEL READ COMMITTED'}",
            *(f"SET LOCAL {name} = 0" for name in self.timeouts),
            *(["SET LOCAL client_connection_check_interval = '1s'"] if self.checks_clients else []),
            *([f"SET LOCAL search_path = {quote_ident(self.search_path)}"] if self.search_path else []),
            f"SET LOCAL lock_timeout = '{round(self.lock_timeout * 1000)}ms'",
            *([FENCE] if self.fenced else []),
        )

    def session(self) -> tuple[str, ...]:
        """The same for a statement that runs alone, on a direct connection: no lock_timeout, its waits stall nobody."""
        return (
            *RESETS,
            *(f"SET {name} = 0" for name in self.timeouts),
            *(["SET client_connection_check_interval = '1s'"] if self.checks_clients else []),
            *([f"SET search_path = {quote_ident(self.search_path)}"] if self.search_path else []),
            "SET lock_timeout = 0",
        )


@dataclass(frozen=True, slots=True)
class Message:
    """A composed transaction.

    Statement `claim` takes the row (or the step), `first` to `first + count` are the script's; its text begins at
    character `offset` of `sql`.
    Statement `finish` closes the row; `total` is the number of statements in
    `sql`.
    """

    sql: str
    claim: int
    first: int
    count: int
    offset: int
    finish: int
    total: int


def compose(
    frame: Frame,
    claim: str,
    script: str,
    count: int,
    closing: str,
    *,
    replay: tuple[str, ...] = (),
    modes: str = "",
    register: tuple[str, ...] = (),
) -> Message:
    """One transaction: `claim` (row or step) before `script` of `count` statements, `closing` after it.

    `replay` repeats the session settings that earlier parts of the same script made. `register` are statements of our
    own between the script and `closing`.
    """
    head = [*frame.opening(modes), claim, *replay]
    prefix = ";\n".join(head) + ";\n"
    tail = ";\n".join([*RESETS, *register, *([closing] if closing else []), "COMMIT"]) + ";\n"
    # The newline ends a last line comment, the semicolon a last statement without one.
    sql = prefix + script + "\n;\n" + tail
    return Message(
        sql=sql,
        claim=len(head) - len(replay) - 1,
        first=len(head),
        count=count,
        offset=len(prefix),
        finish=len(head) + count + len(RESETS) + len(register),
        total=len(head) + count + len(RESETS) + len(register) + (2 if closing else 1),
    )
