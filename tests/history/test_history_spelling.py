"""Names: their order as Prisma lists them, their versions, their spellings."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgready.history.spelling import canonical, prisma_order, version

# Sorted by localeCompare on Node 22 (ICU, root locale).
PRISMA_ORDERS = [
    ["1_init", "10_y", "2_x", "a", "A", "a_b", "a-b", "ab", "aB", "Ab", "b", "B", "e", "é", "f"],
    ["20240101000000_init", "20240102000000_Add", "20240102000001_add"],
    ["20240101000000_add", "20240101000000_Add", "20240101000000_add_x", "20240101000000_adds"],
    ["_ß0", "_z", "@ß-10", "@ZB", "aü", "az", "Bz", "bzz"],
    ["0_init", "0001_x", "0002_x", "V1__a", "V1.1__b", "V10__c", "V2__d"],
]


@pytest.mark.parametrize("names", PRISMA_ORDERS)
def test_prisma_order_is_that_of_locale_compare(names):
    """Folders stand in the order in which Prisma's CLI lists them, however they are given."""
    assert prisma_order(list(reversed(names))) == names
    assert prisma_order(sorted(names)) == names


def test_ascii_stands_in_the_order_of_the_collation():
    """Every printable ASCII character has the place that localeCompare gives it."""
    expected = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPqQrRsStTuUvVwWxXyYzZ"
    assert "".join(prisma_order(sorted(expected))) == expected


@settings(derandomize=True)
@given(st.sets(st.tuples(st.integers(10**13, 10**14 - 1), st.text("abzABZ_-", max_size=5)), min_size=1))
def test_timestamps_have_one_order(parts):
    """For names of `migrate dev` the short cut and the full comparison agree."""
    names = [f"{number}_{rest}" for number, rest in parts]
    whole = prisma_order([*names, "zzz"])
    assert prisma_order(names) == whole[:-1]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("0001_x", (1,)),
        ("V2__y", (2,)),
        ("v10__y", (10,)),
        ("V1.2__x", (1, 2)),
        ("V1_2__x", (1, 2)),
        ("V1.0__x", (1,)),
        ("2024_01_31_120000_create", (2024, 1, 31, 120000)),
        ("2024-01-31.x", (2024, 1, 31)),
        ("0001_2fa", (1,)),
        ("20240131120000_add_2_columns", (20240131120000,)),
        ("7", (7,)),
        ("init", ()),
        ("v", ()),
        ("", ()),
        ("²_x", ()),
        ("R__view", ()),
    ],
)
def test_version(name, expected):
    """A version is the number at the start, with its further parts."""
    assert version(name) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("V2__x", "V02__x", True),
        ("1_x", "0001_x", True),
        ("0_x", "000_x", True),
        ("V1.2__x", "V01.02__x", True),
        ("1_add_07", "1_add_7", False),
        ("1_x", "10_x", False),
        ("1_x", "1_y", False),
        ("V1__x", "1__x", False),
    ],
)
def test_spellings(one, other, same):
    """Leading zeros of the version, and nothing else, are spelling."""
    assert (canonical(one) == canonical(other)) is same
