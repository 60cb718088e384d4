"""Promise 1 as a rule: is every migration that this image knows applied and whole?

Names decide readiness; checksums are read only when there is something to apply, and by status. Rows that the image
does not know never make it unready: a database that is ahead of the image (a rollback of the app) is ready.
Hot module: imports nothing.
"""


class Readiness:
    """What one question to the database told about this image's migrations.

    `pending`: names without a finished row, in the folder's order. `unfinished`: names whose live row has no
    `finished_at` (running while somebody holds the lock, failed otherwise). `missing_schemas`: configured and absent.
    `in_recovery`: the server is a standby. `applied`: how many of the image's names are applied.
    """

    __slots__ = ("applied", "in_recovery", "missing_schemas", "pending", "unfinished")

    def __init__(
        self,
        pending: "tuple[str, ...]",
        unfinished: "tuple[str, ...]",
        missing_schemas: "tuple[str, ...]",
        in_recovery: bool,
        applied: int,
    ) -> None:
        self.pending = pending
        self.unfinished = unfinished
        self.missing_schemas = missing_schemas
        self.in_recovery = in_recovery
        self.applied = applied

    @property
    def ready(self) -> bool:
        """Nothing pending, nothing unfinished, no schema missing."""
        return not (self.pending or self.unfinished or self.missing_schemas)


def judge(names: "list[str]", answer: "list[str | None]") -> Readiness:
    """Read the answer of `pgready.postgres.readiness.question` for the image's `names`, which are in order."""
    recovery, missing, applied_text, unfinished_text = answer
    applied = set(applied_text.split("\n")) if applied_text else set()
    unfinished = set(unfinished_text.split("\n")) if unfinished_text else set()
    known_unfinished = tuple(n for n in names if n in unfinished)
    pending = tuple(n for n in names if n not in applied)
    return Readiness(
        pending=pending,
        unfinished=known_unfinished,
        missing_schemas=tuple(missing.split("\n")) if missing else (),
        in_recovery=recovery == "t",
        applied=len(names) - len(pending),
    )
