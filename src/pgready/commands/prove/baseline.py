"""The baseline of a run: read before anything slow, compared with, and written when somebody asks for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pgready.project.contracts_lock import read_baseline, write_baseline
from pgready.proof.baseline import Baseline, Comparison, Entry, compare, fingerprint, merged, rounded
from pgready.proof.result import Proved


def entry_of(one: Proved) -> Entry:
    """What the baseline keeps of a contract."""
    return Entry(
        one.contract.name,
        fingerprint(one.contract.sql),
        tuple((growth, one.kind_at(growth)) for growth in one.growths),
        rounded(one.rows_read),
        tuple(".".join(name) for name in one.indexes),
    )


def compared(
    before: Baseline, proved: Sequence[Proved], major: int, *, partial: bool, refused: Collection[str], strict: bool
) -> Comparison:
    """The run held against the baseline; a contract that was refused now is not one that was removed."""
    known = Baseline(tuple(entry for entry in before.entries if entry.name not in refused), before.postgres)
    return compare(known, [entry_of(one) for one in proved], postgres=major, partial=partial, strict=strict)


def update(
    path: str, before: Baseline | None, proved: Sequence[Proved], major: int, *, partial: bool, refused: Collection[str]
) -> bool:
    """Write what is there now; whether the file changed.

    Entries of contracts that this run was not asked for, or that were refused, stay. Raises UsageInvalid.
    """
    keep = None if partial else refused
    return write_baseline(path, merged(before, [entry_of(one) for one in proved], major, keep))


__all__ = ["compared", "entry_of", "read_baseline", "update"]
