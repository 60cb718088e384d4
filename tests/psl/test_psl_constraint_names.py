"""Default names of constraints: made of names in the database, cut to 63 bytes before the suffix."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgready.psl import constraint_names as names


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (names.primary_key("User"), "User_pkey"),
        (names.unique("User", ["email"]), "User_email_key"),
        (names.unique("User", ["a", "b"]), "User_a_b_key"),
        (names.index("User", ["name", "age"]), "User_name_age_idx"),
        (names.foreign_key("Post", ["authorId"]), "Post_authorId_fkey"),
        (names.foreign_key("Post", []), "Post__fkey"),
        (names.default("User", "age"), "User_age_df"),
        (names.join_table("PostToTag"), "_PostToTag"),
        (names.join_table_primary_key("PostToTag"), "_PostToTag_AB_pkey"),
        (names.join_table_index("PostToTag"), "_PostToTag_B_index"),
        (names.join_table_foreign_key("PostToTag", "A"), "_PostToTag_A_fkey"),
        # The figures below are those of Prisma's own diff.
        (names.primary_key("b" * 62), "b" * 58 + "_pkey"),
        (names.primary_key("b" * 58), "b" * 58 + "_pkey"),
        (names.index("T" * 40, ["c" * 30]), "T" * 40 + "_" + "c" * 18 + "_idx"),
        (names.unique("T" * 40, ["c" * 30, "e"]), "T" * 40 + "_" + "c" * 18 + "_key"),
        (names.foreign_key("T" * 40, ["c" * 30]), "T" * 40 + "_" + "c" * 17 + "_fkey"),
        (names.index("T" * 40, ["ü" * 20]), "T" * 40 + "_" + "ü" * 9 + "_idx"),
        (names.primary_key("é" * 52), "é" * 29 + "_pkey"),
        (names.index("é" * 52, ["s"]), "é" * 29 + "_idx"),
        (names.join_table_primary_key("r" * 60), "_" + "r" * 54 + "_AB_pkey"),
        (names.join_table_index("r" * 60), "_" + "r" * 54 + "_B_index"),
        (names.join_table_foreign_key("r" * 60, "B"), "_" + "r" * 55 + "_B_fkey"),
    ],
)
def test_default_names(made: str, expected: str) -> None:
    """Each kind of name is made, and cut, as Prisma makes it."""
    assert made == expected


@given(st.text(min_size=1, max_size=80), st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=3))
def test_default_names_fit(table: str, columns: list[str]) -> None:
    """However long table and columns are, the name fits PostgreSQL, keeps its suffix and begins like the whole name."""
    whole = "_".join([table, *columns])
    for made, suffix in ((names.index(table, columns), "_idx"), (names.foreign_key(table, columns), "_fkey")):
        assert made.endswith(suffix)
        assert whole.startswith(made.removesuffix(suffix))
        assert len(made.encode("utf-8", "surrogatepass")) <= 63
        if len(whole.encode("utf-8", "surrogatepass")) + len(suffix) <= 63:
            assert made == whole + suffix


@pytest.mark.parametrize(
    ("name", "expected"), [("x" * 63, False), ("x" * 64, True), ("é" * 31, False), ("é" * 32, True), ("😀" * 16, True)]
)
def test_too_long_counts_bytes(name: str, expected: bool) -> None:
    """A name is too long by its bytes, not by its letters."""
    assert names.too_long(name) is expected
    assert (names.cut(name) != name) is expected
