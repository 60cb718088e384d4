"""What is told about data that may be lost, with and without counts."""

from test_pairs import side

from diff_pairs import head, model
from pgready.diff.data_loss import data_losses, warnings_of
from pgready.diff.prisma import prisma_changes


def losses(before: str, after: str):
    """The findings of a change of one field."""
    return data_losses(prisma_changes(side(head(7, {}) + model(before)), side(head(7, {}) + model(after))))


def test_a_column_that_goes() -> None:
    """Nobody minds a column without values."""
    (found,) = losses("x Int", "y Int?")
    assert found.message() == (
        "You are about to drop the column `x` on the `A` table. All the data in the column will be lost."
    )
    assert found.message(rows=0) is None
    assert found.message(rows=9, values=0) is None
    assert found.message(rows=9, values=3) == (
        "You are about to drop the column `x` on the `A` table, which still contains 3 non-null values."
    )


def test_a_required_column_that_comes() -> None:
    """Only an empty table takes it; one that the client fills is told as such."""
    (found,) = losses("", "x Int")
    assert found.blocks
    assert found.message(rows=0) is None
    assert "There are 2 rows in this table" in (found.message(rows=2) or "")
    (filled,) = losses("", "x String @default(uuid())")
    assert "prisma-level default value" in (filled.message() or "")
    assert losses("", "x Int @default(1)") == ()


def test_a_column_that_becomes_required() -> None:
    """It is about the rows without a value."""
    (found,) = losses("x Int?", "x Int")
    assert found.message(rows=5, values=5) is None
    assert found.message(rows=5, values=3) == (
        "Made the column `x` on table `A` required, but there are 2 existing NULL values."
    )


def test_braces_in_names_are_braces() -> None:
    """A name is never taken for a place to put a count."""
    (found,) = losses('x Int @map("{count}")', "y Int?")
    assert "`{count}` on the `A` table, which still contains 7" in (found.message(rows=9, values=7) or "")


def test_what_may_be_lost_comes_first() -> None:
    """Warnings stand in front of what blocks."""
    before, after = model("x Int", "z Int?"), model("a Int", "z Int")
    found = warnings_of(prisma_changes(side(head(7, {}) + before), side(head(7, {}) + after)))
    assert [each.split("`")[1] for each in found] == ["x", "a", "z"]
