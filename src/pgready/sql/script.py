"""What the rest of pgready asks about a script: one door to the rooms of `pgready.sql`."""

from pgready.sql.excerpt import excerpt, position, where
from pgready.sql.reader import Name
from pgready.sql.refusal import Refusal, check
from pgready.sql.standalone import (
    IndexBuild,
    IndexDrop,
    Reindex,
    harmless_to_repeat,
    index_build,
    index_drop,
    needs_no_transaction,
    outcome_in_catalog,
    reindex,
)
from pgready.sql.statements import Statement, split, summary
from pgready.sql.transactions import BOUNDARIES, Segment, control, must_split, segments, unwrapped

__all__ = [
    "BOUNDARIES",
    "IndexBuild",
    "IndexDrop",
    "Name",
    "Refusal",
    "Reindex",
    "Segment",
    "Statement",
    "check",
    "control",
    "excerpt",
    "harmless_to_repeat",
    "index_build",
    "index_drop",
    "must_split",
    "needs_no_transaction",
    "outcome_in_catalog",
    "position",
    "reindex",
    "segments",
    "split",
    "summary",
    "unwrapped",
    "where",
]
