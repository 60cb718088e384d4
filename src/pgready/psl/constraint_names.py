"""The names that Prisma gives to constraints and indexes where the schema gives none.

`{table}_{columns}_{suffix}`, made of names in the database. What is too long for PostgreSQL is cut *before* the suffix,
in bytes and never inside a character, so that the suffix always stays. Pure functions.
"""

from collections.abc import Iterable

MAX_BYTES = 63
"""What PostgreSQL keeps of an identifier, in bytes of UTF-8."""


def primary_key(table: str) -> str:
    """`User_pkey`."""
    return _cut(table, "_pkey")


def unique(table: str, columns: Iterable[str]) -> str:
    """`User_email_key`: a unique index, whether the schema says `@unique` or `@@unique`."""
    return _cut(_joined(table, columns), "_key")


def index(table: str, columns: Iterable[str]) -> str:
    """`User_name_age_idx`: an index that is not unique; a full-text one is named alike."""
    return _cut(_joined(table, columns), "_idx")


def foreign_key(table: str, columns: Iterable[str]) -> str:
    """`Post_authorId_fkey`: table and columns are those that refer, not those referred to."""
    return _cut(_joined(table, columns), "_fkey")


def default(table: str, column: str) -> str:
    """`User_age_df`: PostgreSQL's defaults have no name; Prisma compares these for other databases."""
    return _cut(_joined(table, (column,)), "_df")


def join_table(relation: str) -> str:
    """`_PostToTag`: the table of an implicit many-to-many relation called `relation`."""
    return cut(f"_{relation}")


def join_table_primary_key(relation: str) -> str:
    """`_PostToTag_AB_pkey`."""
    return _cut(join_table(relation), "_AB_pkey")


def join_table_index(relation: str) -> str:
    """`_PostToTag_B_index`."""
    return _cut(join_table(relation), "_B_index")


def join_table_foreign_key(relation: str, column: str) -> str:
    """`_PostToTag_A_fkey`: `column` is "A" or "B"."""
    return _cut(join_table(relation), f"_{column}_fkey")


def too_long(name: str) -> bool:
    """Whether PostgreSQL would cut `name`."""
    return len(name) * 4 > MAX_BYTES and len(name.encode("utf-8", "surrogatepass")) > MAX_BYTES


def cut(name: str, limit: int = MAX_BYTES) -> str:
    """The first `limit` bytes of `name`, without the last character if its end is beyond them."""
    data = name.encode("utf-8", "surrogatepass")
    if len(data) <= limit:
        return name
    while limit > 0 and data[limit] & 0xC0 == 0x80:
        limit -= 1
    return data[:limit].decode("utf-8", "surrogatepass")


def _joined(table: str, columns: Iterable[str]) -> str:
    return table + "_" + "_".join(columns)


def _cut(base: str, suffix: str) -> str:
    return cut(base, MAX_BYTES - len(suffix)) + suffix
