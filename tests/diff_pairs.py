"""Pairs of schemas for the diff, each one kind of change in isolation: written ones of `diff/pairs`, and tables of fields.

A file of `diff/pairs` holds many pairs, each behind a marker line, the schema after the change behind `// --- after`:

    // === name | 7 option=value …
    model A { … }
    // --- after | option=value …
    model A { … }

A style stands for "this one only". Options: `schemas=a,b`, `mode=prisma`, `preview=a,b`, `extensions=…` (`,` between
them). Those of the second line replace the first's, one by one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Literal

FOLDER = Path(__file__).parent / "diff" / "pairs"
Style = Literal[6, 7]


@dataclass(frozen=True)
class Pair:
    """Two schemas of one style."""

    name: str
    style: Style
    before: str
    after: str

    @property
    def id(self) -> str:
        """The name with its style."""
        return f"{self.name} [{self.style}]"


def head(style: Style, options: dict[str, str]) -> str:
    """The datasource, and a generator where preview features are asked for."""
    lines = ['provider = "postgresql"']
    if style == 6:
        lines.append('url = "postgresql://nobody@localhost/none"')
    if "schemas" in options:
        lines.append("schemas = [" + ", ".join(f'"{each}"' for each in options["schemas"].split(",")) + "]")
    if "mode" in options:
        lines.append(f'relationMode = "{options["mode"]}"')
    if "extensions" in options:
        lines.append(f"extensions = [{options['extensions']}]")
    text = "datasource db {\n" + "".join(f"  {line}\n" for line in lines) + "}\n"
    if "preview" in options:
        features = ", ".join(f'"{each}"' for each in options["preview"].split(","))
        text += f'generator client {{\n  provider = "prisma-client-js"\n  previewFeatures = [{features}]\n}}\n'
    return text


def _options(words: str) -> dict[str, str]:
    return dict(word.split("=", 1) for word in words.split() if "=" in word)


def written() -> Iterator[Pair]:
    """The pairs of the files."""
    for path in sorted(FOLDER.glob("*.prisma")):
        parts = re.split(r"^// === (.*)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for marker, body in zip(parts[1::2], parts[2::2], strict=True):
            name, _, rest = marker.partition("|")
            found = re.fullmatch(r"(.*?)^// --- after(?: \| (.*?))?\n(.*)", body, re.DOTALL | re.MULTILINE)
            assert found, f"{path.name}: {name}"
            options = _options(rest)
            then = {**options, **_options(found[2] or "")}
            for style in (6, 7):
                if rest.split()[:1] in ([], ["6"], ["7"]) and rest.split()[:1] not in ([], [str(style)]):
                    continue
                yield Pair(
                    f"{path.stem}/{name.strip()}",
                    style,
                    head(style, options) + found[1],
                    head(style, then) + found[3],
                )


FIELDS = (
    # Nullability and lists
    ("x Int", "x Int?"),
    ("x Int", "x Int[]"),
    ("x Int?", "x Int[]"),
    ("x String", "x String[]"),
    ("x String?", "x String[]"),
    ("x String[]", "x String"),
    ("x String[]", "x String?"),
    ("x Int[]", "x String?"),
    ("x Int[]", "x String @db.VarChar"),
    ("x Int[]", "x String @db.VarChar(10)"),
    ("x Int[]", "x String @db.Char(10)"),
    ("x Int[]", "x BigInt[]"),
    ("x Int?", "x Int @default(1)"),
    ("x Int? @default(1)", "x Int"),
    # Columns that come; the other way round they go
    ("", "x Int"),
    ("", "x Int?"),
    ("", "x Int[]"),
    ("", "x Int @default(5)"),
    ("", "x Int @default(autoincrement())"),
    ("", "x BigInt @default(autoincrement())"),
    ("", "x Int @default(autoincrement()) @db.SmallInt"),
    ("", "x String @default(uuid())"),
    ("", "x String @default(cuid())"),
    ("", "x String @default(nanoid())"),
    ("", "x String @default(ulid())"),
    ("", "x DateTime @updatedAt"),
    ("", "x DateTime @default(now())"),
    ("", 'x String @default(dbgenerated("gen_random_uuid()")) @db.Uuid'),
    ("", "x Int @default(dbgenerated())"),
    ("", 'x Unsupported("point")?'),
    ("", 'x Unsupported("tsvector")[]'),
    ("", "z Int\n  y Int\n  x Int"),
    ("z Int\n  y Int\n  x Int", "z String\n  y Int?\n  x BigInt"),
    ("x Int", 'x Int @map("y")'),
    ("x Int", "y Int"),
    ("x Int\n  y Int", "y Int\n  x Int"),
    # Defaults
    ("x Int", "x Int @default(1)"),
    ("x Int @default(1)", "x Int @default(2)"),
    ("x Int @default(-1)", "x BigInt @default(-1)"),
    ("x Float @default(1)", "x Float @default(1.0)"),
    ("x Float @default(1.5)", "x Float @default(-1.5)"),
    ("x Decimal @default(1.50)", "x Decimal @default(1.5)"),
    ("x Decimal @default(1.50)", "x Decimal @default(12345678901234567890.123456789)"),
    ('x String @default("a")', 'x String @default("it\'s")'),
    ('x String @default("")', 'x String @default("\\\\ \\"q\\" \\n")'),
    ('x String @default("a")', 'x String @default(dbgenerated("a()"))'),
    ('x String @default(dbgenerated("a()"))', 'x String @default(dbgenerated("A()"))'),
    ('x String @default(dbgenerated("a()"))', 'x String @default(dbgenerated("b()"))'),
    ('x String @default(dbgenerated("a()"))', "x String @default(dbgenerated())"),
    ("x String @default(dbgenerated())", "x String"),
    ("x String @default(uuid())", "x String"),
    ('x String @default("a")', "x String @default(uuid())"),
    ("x Boolean @default(true)", "x Boolean @default(false)"),
    ("x DateTime", "x DateTime @default(now())"),
    ("x DateTime @default(now())", 'x DateTime @default("2024-02-29T01:02:03.5+01:00")'),
    ("x DateTime", 'x DateTime @default("2024-02-29T01:02:03.123456Z")'),
    ('x DateTime @default("2024-02-29T00:00:00Z")', 'x DateTime @default("2025-02-28T00:00:00Z")'),
    ("x DateTime @default(now())", 'x DateTime @default(dbgenerated("clock_timestamp()"))'),
    ('x Json @default("{}")', 'x Json @default("{ }")'),
    ('x Json @default("{}")', 'x Json @default("[1]")'),
    ('x Json @default("[1]")', 'x Json @default("[1.0]")'),
    ('x Json @default("{\\"a\\": 1, \\"b\\": 2}")', 'x Json @default("{\\"b\\": 2, \\"a\\": 1}")'),
    ('x Bytes @default("aGVsbG8=")', 'x Bytes @default("")'),
    ('x String[] @default(["a"])', 'x String[] @default(["a", "it\'s"])'),
    ("x String[]", "x String[] @default([])"),
    ("x Int[] @default([1, 2])", "x Int[] @default([2, 1])"),
    ("x Int[] @default([1, 2])", "x BigInt[] @default([1, 2])"),
    ('x DateTime[] @default(["2024-02-29T01:02:03Z"])', 'x DateTime[] @default(["2025-02-28T01:02:03Z"])'),
    ('x DateTime[] @default(["2024-02-29T01:02:03Z"])', 'x DateTime[] @default(dbgenerated("a()"))'),
    ('x Json[] @default(["{}"])', 'x Json[] @default(["{ }"])'),
    ('x Bytes[] @default(["aGVsbG8="])', 'x Bytes[] @default(["aGVs"])'),
    ("x Float[] @default([1.5, 10])", "x Decimal[] @default([1.5, 10])"),
    ("x Boolean[] @default([true])", "x Boolean[] @default([true, false])"),
    # Sequences
    ("x Int", "x Int @default(autoincrement())"),
    ("x Int @default(5)", "x Int @default(autoincrement())"),
    ("x Int @default(autoincrement())", "x BigInt @default(autoincrement())"),
    ("x Int @default(autoincrement())", "x String"),
    ("x Int @default(autoincrement())", "x BigInt"),
    ("x Int\n  y Int @default(autoincrement())", "x Int @default(autoincrement())\n  y Int"),
    ('x Int @map("the X")', 'x Int @map("the X") @default(autoincrement())'),
    ("x Int?", "x Int @default(autoincrement())"),
    # Several things of one column at once
    ("x Int?", "x BigInt @default(7)"),
    ('x String? @db.VarChar(10) @default("a")', 'x String @db.VarChar(5) @default("b")'),
    ("x Int @default(5)", 'x String @default("5")'),
    ("x String", "x Int"),
    ("x String?", "x Int"),
    ("x String", "x Int?"),
    ("x String", "x Int @default(1)"),
    # What Prisma does not know
    ('x Unsupported("point")', 'x Unsupported("circle")'),
    ('x Unsupported("point")', 'x Unsupported("point")?'),
    ('x Unsupported("point")', "x String"),
    ('x Unsupported("geometry(Point, 4326)")?', 'x Unsupported("geometry(Point, 4326)")? @default(dbgenerated("a()"))'),
    ('x Unsupported("point")', 'x Unsupported("point")[]'),
    # Several columns at once
    ("x Int\n  y Int", "x Int?\n  y Int?"),
    ("x Int?\n  y String?", "x Int\n  y Int"),
    ("a Int\n  b Int\n  c Int", "c Int\n  d Int\n  a BigInt"),
    ("x Int\n  y Int", "x Int @default(1)\n  z Int @default(2)"),
    ("x Int @unique\n  y Int", "x Int\n  y Int @unique"),
    ("x Int @unique", "x BigInt @unique"),
    ("x Int @unique", "x String @unique"),
    ("x Int? @unique", "x Int @unique"),
    ("x Int\n  y Int\n  @@index([x, y])", "x Int\n  y String\n  @@index([x, y])"),
    ("x Int\n  y Int\n  @@unique([x, y])", "x Int?\n  @@unique([x])"),
    # Lists
    ("x Int[]", "x Int[] @default([])"),
    ("x Int[] @default([])", "x Int[] @default([1])"),
    ('x String[] @default(["a"])', "x Int[]"),
    ("x E[]", "x E[] @default([X])"),
    ("x E[] @default([X])", "x String[]"),
    ("x E[]", "x E?"),
    ("x E?", "x E @default(X)"),
    ("x E @default(X)", "x E"),
    ("x E @default(X)", 'x String @default("X")'),
    ("x String[]", "x String[] @db.VarChar(10)"),
    ("x String[] @db.VarChar(10)", "x String[] @db.VarChar(5)"),
    ("x Decimal[] @db.Decimal(10, 2)", "x Decimal[] @db.Decimal(8, 1)"),
    ("x DateTime[]", "x DateTime[] @db.Timestamptz(3)"),
    ("x Json[]", "x String[]"),
    # Defaults that the database makes
    ('x String @default(dbgenerated("a()"))', 'x String @default("a")'),
    ('x Int @default(dbgenerated("(1 + 1)"))', "x Int @default(2)"),
    ('x DateTime @default(dbgenerated("a()"))', "x DateTime @default(now())"),
    ('x String? @default(dbgenerated("a()"))', 'x String @default(dbgenerated("a()"))'),
    ('x E @default(dbgenerated("a()"))', "x E @default(X)"),
    ('x Bytes @default(dbgenerated("a()"))', "x Bytes"),
    ("x String @default(uuid(7))", "x String @default(cuid(2))"),
    ('x String @default("a") @db.Char(1)', 'x String @default("a") @db.VarChar'),
    ('x String @default("10") @db.Bit(2)', 'x String @default("10") @db.VarBit(4)'),
    ('x String @default("a")', 'x String? @default("a")'),
    ("x Int @default(1)", 'x String @default("1")'),
    ("x Int @default(1)", "x BigInt @default(1)"),
    ("x BigInt @default(9223372036854775807)", "x BigInt @default(-9223372036854775808)"),
    ("x Decimal @default(1)", "x Float @default(1)"),
    ("x Decimal @default(0.0000001)", "x Decimal @default(-0.0)"),
    ("x Float @default(3)", "x Int @default(3)"),
    ("x Boolean?", "x Boolean @default(false)"),
    ('x DateTime @default("2024-02-29T00:00:00Z") @db.Date', "x DateTime @default(now()) @db.Date"),
    ("x DateTime @default(now()) @db.Time(0)", "x DateTime @default(now()) @db.Timetz(0)"),
    ('x Json @default("{}")', 'x Json @default("{}") @db.Json'),
    ('x Json @default("\\"it\'s\\"")', 'x Json @default("null")'),
    ('x Bytes @default("")', "x Bytes?"),
    ('x String @default("\u00e9\u65e5\U0001f600")', 'x String @default("e")'),
    ('x String @default("a\\tb")', 'x String @default("a\\\\tb")'),
    # Numbers by a sequence
    ("x Int @default(autoincrement())", "x Int @default(5)"),
    ("x Int @default(autoincrement())", "x Int @default(autoincrement()) @unique"),
    ("x Int @default(autoincrement()) @db.SmallInt", "x Int @default(autoincrement())"),
    ("x BigInt @default(autoincrement())", "x BigInt?"),
    ('x Int @default(autoincrement()) @map("y")', "x Int @default(autoincrement())"),
    ("x Int @default(autoincrement())\n  y Int @default(autoincrement())", "x Int\n  y Int"),
    # Updated, ignored, documented
    ("x DateTime @updatedAt", "x DateTime? @updatedAt"),
    ("x DateTime", "x DateTime @default(now()) @updatedAt"),
    ("x Int @ignore", "x BigInt @ignore"),
    ('x Unsupported("tsvector")?\n  @@index([x], type: Gin)', 'x Unsupported("tsvector")?'),
    ('x Unsupported("point")?', 'x Unsupported("point")? @default(dbgenerated("a()"))'),
    ("x String @db.Uuid", 'x String @default(dbgenerated("gen_random_uuid()")) @db.Uuid'),
    ("x String", "x String @default(uuid()) @db.Uuid"),
    ("x String? @db.Citext", "x String?"),
    # Comments and what only the client knows
    ("x Int", "/// words\n  x Int"),
    ("x DateTime", "x DateTime @updatedAt"),
    ("x Int", "x Int @ignore"),
)
"""Fields before and after."""

NATIVE = (
    "Int", "Int @db.SmallInt", "Int @db.Oid", "BigInt", "Float", "Float @db.Real", "Decimal", "Decimal @db.Decimal(10, 2)",
    "Decimal @db.Decimal(2, 0)", "Decimal @db.Decimal(12, 0)", "Decimal @db.Decimal(5, 4)", "Decimal @db.Decimal", "Decimal @db.Money",
    "Boolean", "String", "String @db.VarChar", "String @db.VarChar(1)", "String @db.VarChar(20)", "String @db.VarChar(400)",
    "String @db.Char", "String @db.Char(1)", "String @db.Char(4)", "String @db.Char(5)", "String @db.Char(40)",
    "String @db.Citext", "String @db.Inet", "String @db.Uuid", "String @db.Xml", "String @db.Bit", "String @db.Bit(8)",
    "String @db.VarBit", "String @db.VarBit(8)", "String @db.VarBit(20)", "Bytes", "Json", "Json @db.Json", "DateTime",
    "DateTime @db.Timestamp", "DateTime @db.Timestamp(6)", "DateTime @db.Timestamptz", "DateTime @db.Timestamptz(3)", "DateTime @db.Date",
    "DateTime @db.Time", "DateTime @db.Time(3)", "DateTime @db.Timetz", "DateTime @db.Timetz(3)", "E", 'Unsupported("point")',
)  # fmt: skip
"""Types of fields, every pair of which is a change of type."""


def model(*fields: str) -> str:
    """A model of these fields, with an enum beside it."""
    return "model A {\n  id Int @id\n" + "".join(f"  {each}\n" for each in fields) + "}\nenum E {\n  X\n}\n"


def of_fields() -> Iterator[Pair]:
    """A pair for each row of FIELDS and each style."""
    for before, after in FIELDS:
        name = f"fields/{before or 'nothing'} → {after}".replace("\n ", ";")
        for style in (6, 7):
            yield Pair(name, style, head(style, {}) + model(before), head(style, {}) + model(after))


def of_types() -> Iterator[Pair]:
    """A pair for each two types; every other one is of the other style."""
    for number, (before, after) in enumerate(permutations(NATIVE, 2)):
        style: Style = 6 if number % 2 else 7
        name = f"types/{before} → {after}"
        kinds = [re.sub(r"^(\w+(?:\(.*?\))?)", rf"\1{arity}", each) for arity in ("?",) for each in (before, after)]
        fields = ([f"x {before}", f"y {kinds[0]}"], [f"x {after}", f"y {kinds[1]}"])
        yield Pair(name, style, head(style, {}) + model(*fields[0]), head(style, {}) + model(*fields[1]))


@cache
def pairs() -> tuple[Pair, ...]:
    """All of them but those of types."""
    found = (*written(), *of_fields())
    assert len({each.id for each in found}) == len(found), "two pairs of one name"
    return found
