"""Every kind of change gives the SQL that `golden/` has, both ways; `make conformance` holds the same pairs against Prisma.

After a change that is meant, `PYTHONPATH=tests python tests/diff/test_pairs.py` writes the golden files anew.
"""

from functools import cache
from pathlib import Path

import pytest

from diff_pairs import Pair, pairs
from pgready.diff.prisma import prisma_changes
from pgready.diff.schema_side import side_of_schema
from pgready.diff.sides import Side
from pgready.plan.prisma import prisma_sql
from pgready.psl.analyse import analyse
from pgready.psl.source import Source

GOLDEN = Path(__file__).parent / "golden"
TOPICS = sorted({each.name.split("/", 1)[0] for each in pairs()})


@cache
def side(text: str) -> Side:
    """A schema as a side."""
    found = analyse([Source("schema.prisma", text)])
    assert found.schema is not None, found.diagnostics
    return side_of_schema(found.schema)


def scripts(pair: Pair) -> str:
    """Both ways of a pair."""
    before, after = side(pair.before), side(pair.after)
    there = prisma_sql(prisma_changes(before, after), before, after)
    back = prisma_sql(prisma_changes(after, before), after, before)
    return f"{there.rstrip()}\n\n-- ### and back\n\n{back.rstrip()}\n\n"


def golden(topic: str) -> str:
    """The scripts of a topic's pairs for Prisma 7, those for 6 where they are not the same."""
    text = ""
    told: dict[str, str] = {}
    for pair in sorted((each for each in pairs() if each.name.startswith(f"{topic}/")), key=lambda each: -each.style):
        found = scripts(pair)
        if told.setdefault(pair.name, found) != found or pair.style == 7:
            text += f"-- ##### {pair.id}\n\n{found}"
    return text


@pytest.mark.parametrize("topic", TOPICS)
def test_scripts(topic) -> None:
    """The scripts are those of the golden file."""
    assert golden(topic) == (GOLDEN / f"{topic}.sql").read_text(encoding="utf-8")


def test_no_change_between_a_schema_and_itself() -> None:
    """No side differs from itself."""
    for pair in pairs():
        for text in (pair.before, pair.after):
            assert prisma_changes(side(text), side(text)) == (), pair.id


def test_every_change_has_its_way_back() -> None:
    """Where there is a way, there is a way back, unless only what nobody drops has come, or a default is not told."""
    kept = {"CreateSchema", "CreateExtension"}
    for pair in pairs():
        before, after = side(pair.before), side(pair.after)
        there = {type(each).__name__ for each in prisma_changes(before, after)} - kept
        back = {type(each).__name__ for each in prisma_changes(after, before)} - kept
        if "dbgenerated()" not in pair.name:
            assert bool(there) == bool(back), pair.id


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for each in TOPICS:
        (GOLDEN / f"{each}.sql").write_text(golden(each), encoding="utf-8")
