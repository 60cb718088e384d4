"""Names of new migrations, and renames as a flag and as steps: rules without a database."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgready.catalog.names import ObjectName
from pgready.diff.rename import RenameColumn, RenameTable, in_order
from pgready.diff.rename_read import read_renames, spelled
from pgready.diff.sides import Column, ColumnType, Side, Table
from pgready.errors import UsageInvalid
from pgready.history.new_name import MOST, folder_name, slug

NOON = datetime(2026, 3, 1, 12)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("add users", "add_users"),
        ("addUserAPIs2", "add_user_apis2"),
        ("  Größe & Øl: straße!  ", "groesse_and_ol_strasse"),
        ("Привет, мир Щ", "privet_mir_sch"),
        ("Ελλάδα Ξ", "ellada_ks"),
        ("user's can't", "users_cant"),
        ("日本語", ""),
        ("__a--b__", "a_b"),
        ("x" * 300, "x" * MOST),
    ],
)
def test_words_are_spelled_as_prisma_spells_them(text, words):
    """What `@sindresorhus/slugify` 2.2.1 with `_` makes of these."""
    assert slug(text) == words


def test_the_folder_is_the_last_one():
    """By its time, which is moved behind what is there; words or none."""
    assert folder_name("a", NOON.replace(microsecond=9), []) == "20260301120000_a"
    assert folder_name("", NOON, ["20260301120000_a"]) == "20260301120001"
    assert folder_name("b", NOON, ["0_init", "20301231235959_z"]) == "20310101000000_b"
    with pytest.raises(UsageInvalid, match="sorts before zebra"):
        folder_name("b", NOON, ["zebra"])
    with pytest.raises(UsageInvalid):
        folder_name("b", NOON, ["99991231235959_end"])


@given(st.permutations(range(6)), st.sets(st.integers(0, 5), max_size=6), st.sets(st.integers(10, 13)))
def test_no_step_takes_a_name_that_is_in_use(order, kept, bystanders):
    """Any renames, circles too: done one by one, each name is free when it is taken, and all arrive."""
    pairs = {old: new for old, new in enumerate(order) if old not in kept and new not in kept and old != new}
    there = {old: old for old in {*range(6), *bystanders}}
    taken = set(pairs.values()) - set(pairs)
    there = {old: who for old, who in there.items() if old not in taken}
    before = dict(there)
    for old, new in in_order(pairs, list(there), {old: 100 + old for old in pairs}):
        assert new not in there
        there[new] = there.pop(old)
    assert there == {pairs.get(name, name): who for name, who in before.items()}


def side(**tables):
    """A side of tables in `public` with columns of text."""
    kind = ColumnType("known", "Text")
    return Side(
        "public",
        ("public",),
        tables=tuple(
            Table(ObjectName("public", name), tuple(Column(each, kind, "nullable") for each in columns))
            for name, columns in tables.items()
        ),
    )


def test_names_with_dots_are_quoted():
    """In and out."""
    before, after = side(**{"a.b": ["c=d"]}), side(**{"a.b": ['e"f']})
    (found,) = read_renames(['"a.b"."c=d"=e"f'], before, after)
    assert found == RenameColumn(ObjectName("public", "a.b"), "c=d", 'e"f')
    assert spelled(found) == 'public."a.b"."c=d"="e""f"'
    assert read_renames([spelled(found)], before, after) == (found,)


def test_a_column_may_be_named_by_its_tables_new_name():
    """The order of the flags does not count."""
    before, after = side(A=["x"]), side(B=["y"])
    assert set(read_renames(["B.x=y", "A=B"], before, after)) == {
        RenameTable(ObjectName("public", "A"), ObjectName("public", "B")),
        RenameColumn(ObjectName("public", "A"), "x", "y"),
    }


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["A=B", "A=C"], "another --rename"),
        (["A=B", "D=B"], "another --rename"),
        (["D=C"], "still has it"),
        (["A="], "takes old=new"),
        (["A.=B"], "is empty"),
        (["A.x.y.z=B"], "three parts"),
    ],
)
def test_flags_that_contradict(flags, words):
    """Each other, or the schema."""
    before, after = side(A=["x"], D=["x"]), side(B=["x"], C=["x"], D=["x"])
    with pytest.raises(UsageInvalid, match=words):
        read_renames(flags, before, after)
