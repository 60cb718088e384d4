"""Names of migrations: their order, their versions, and when two spellings mean one migration.

Two orders exist. Prisma's folders stand in the order in which Prisma lists them: `localeCompare` of their names
(seen in 6.5, 6.19 and 7.10), which is not byte order: `1_init` stands before `10_y`, `_` before letters, `a` before
`B`. Plain SQL files stand in natural order: numbers compared as numbers, `V2` before `V10`.
Hot module: imports nothing.
"""

_DIGITS = "0123456789"

# The order of ASCII in the Unicode collation that localeCompare uses (CLDR root); letters of both cases are equal
# here and compared by case only when all else is equal. Characters not listed keep their place behind the letters.
_COLLATION = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz"
_WEIGHTS = {ord(char): weight for weight, char in enumerate(_COLLATION, start=1)}
_WEIGHTS.update({ord(char.upper()): weight for char, weight in zip(_COLLATION[-26:], range(44, 70), strict=True)})


def prisma_key(name: str) -> "tuple[str, str, str]":
    """Sort key of a Prisma folder's name, as `localeCompare` orders it in the root locale.

    Exact for ASCII. Accented letters sort with their base letter; other scripts sort after Latin, by code point.
    """
    if name.isascii():
        return name.translate(_WEIGHTS), "", name.swapcase()
    from unicodedata import combining, normalize

    parts = normalize("NFD", name.casefold())
    base = "".join(char for char in parts if not combining(char))
    return base.translate(_WEIGHTS), "".join(char for char in parts if combining(char)), name.swapcase()


def prisma_order(names: "list[str]") -> "list[str]":
    """The names of Prisma folders in the order in which Prisma applies them."""
    # What `migrate dev` writes: 14 digits, all different, decide alone, and there all orders agree.
    heads = {name[:14] for name in names}
    if len(heads) == len(names) and all(len(head) == 14 for head in heads):
        joined = "".join(heads)
        if joined.isascii() and joined.isdecimal():
            return sorted(names)
    return sorted(names, key=prisma_key)


def groups(name: str) -> "tuple[tuple[int, int], ...]":
    """Where the numbers of a name's version stand, as (start, end) offsets; empty for a name without a version.

    A version is what stands at the start, after an optional `V`: digits, and further digits after one `.`, `_` or
    `-` as long as no letter follows them: `0001_x` (1), `V1.2__x` (1, 2), `2024_01_31_x` (2024, 1, 31), and
    `0001_2fa` (1).
    """
    at = 1 if name[:1] in ("V", "v") else 0
    found: list[tuple[int, int]] = []
    length = len(name)
    while True:
        end = at
        while end < length and name[end] in _DIGITS:
            end += 1
        if end == at or (found and end < length and name[end].isalpha()):
            return tuple(found)
        found.append((at, end))
        if end + 1 >= length or name[end] not in "._-":
            return tuple(found)
        at = end + 1


def version(name: str) -> "tuple[int, ...]":
    """The numbers of a name's version; trailing zeros do not count, so `V1` and `V1.0` are one version."""
    head = name.partition("_")[0]
    if head.isascii() and head.isdecimal() and name[len(head) + 1 : len(head) + 2] not in _DIGITS:
        return (int(head),)
    numbers = [int(name[start:end]) for start, end in groups(name)]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def canonical(name: str) -> str:
    """The one spelling of all names that differ by leading zeros in their version only: `V02__x` is `V2__x`."""
    out = ""
    at = 0
    for start, end in groups(name):
        out += name[at:start] + (name[start:end].lstrip("0") or "0")
        at = end
    return out + name[at:]
