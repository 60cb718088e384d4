"""What no server takes is told beforehand: of the pairs that `test_live` sees fail, and of no others."""

from test_live import REFUSED, WRITTEN
from test_pairs import side

from pgready.diff.pitfalls import pitfalls
from pgready.diff.prisma import prisma_changes

NOT_SAID = {
    "enums/several values come",  # fails in one transaction; pgready's deploy commits in between
    "fields/x Int[] @default([1, 2]) → x BigInt[] @default([1, 2])",  # runs
}


def test_pitfalls() -> None:
    """Those that fail, each with a way out."""
    told = set()
    for pair in WRITTEN:
        found = pitfalls(prisma_changes(side(pair.before), side(pair.after)))
        assert all(each.why and each.instead for each in found)
        if found:
            told.add(pair.name)
    assert told == set(REFUSED) - NOT_SAID
