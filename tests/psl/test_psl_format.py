"""The formatter: golden pairs, each of which is Prisma's own answer as well, and its promises for any text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgready.project.schema_sources import find_and_read
from pgready.psl.format import format_schema
from pgready.psl.inflection import camel_case, plural
from pgready.psl.source import Source

# name → (as written, as formatted). `tests/conformance` holds the same pairs against Prisma's engines.
PAIRS = {
    "an empty file": ("", "\n"),
    "blank lines only": ("\n \t\n\n", "\n"),
    "columns of fields": (
        """\
model   Invoice{
id   BigInt @id
    totalInCents Int   @default( 0 )
  paidAt DateTime ?
 lines Json [ ]
}
""",
        """\
model Invoice {
  id           BigInt    @id
  totalInCents Int       @default(0)
  paidAt       DateTime?
  lines Json [ ]
}
""",
    ),
    "columns begin anew behind a blank line": (
        """\
model Invoice {

  id Int @id


  customerReference String @db.VarChar( 40 )
  n Int

}
""",
        """\
model Invoice {
  id Int @id

  customerReference String @db.VarChar(40)
  n                 Int
}
""",
    ),
    "comments are no columns": (
        """\
// the ledger
/// What we sell.
model Item { // gone, as Prisma drops it
  id Int @id   /// the key
  // alone
  quantityOnStock Int // counted
  ///doc
  sku String @unique   //   three blanks kept  \n}
""",
        """\
// the ledger
/// What we sell.
model Item {
  id              Int    @id /// the key
  // alone
  quantityOnStock Int // counted
  ///doc
  sku             String @unique //   three blanks kept  \n}
""",
    ),
    "block comments": (
        """\
/* one line */
model Item {
  id Int @id /* stays
   as it is */
    /* first
       * second

         third */
  a Int
}
""",
        """\
/**
 * one line
 */
model Item {
  id Int @id /* stays
   as it is */
  /**
   * first
   * second
   * third
   */
  a  Int
}
""",
    ),
    "the order of a field's attributes": (
        """\
model Item {
  sku String @db.Text @map("stock_keeping_unit") @default("x") @unique
  id Int @default(autoincrement()) @ignore @id
  seen DateTime @map("s") @updatedAt @custom
}
""",
        """\
model Item {
  sku  String   @unique @default("x") @map("stock_keeping_unit") @db.Text
  id   Int      @id @default(autoincrement()) @ignore
  seen DateTime @updatedAt @map("s") @custom
}
""",
    ),
    "block attributes go to the end, with their comments": (
        """\
model Item {
  @@map("items")
  id Int
  /// of the shop
  @@unique([shop, id]) // one each
  // not moved

  @@id([id])
  shop Int
  @@index([ shop ])
}
""",
        """\
model Item {
  id   Int
  // not moved
  shop Int

  @@id([id])
  /// of the shop
  @@unique([shop, id]) // one each
  @@index([shop])
  @@map("items")
}
""",
    ),
    "arguments and values": (
        """\
model Item {
  id Int @id( map : "pk",sort:Desc , )
  tags String[ ] @default( [ "a","b\\"c" ] )
  ratio Decimal @default( -1.50 ) @x() @y( z: )
  at DateTime @default( dbgenerated( "now()" ) )
  @@index([id( sort: Desc ),tags(ops:raw( "x" ))],type:Gin)
}
""",
        """\
model Item {
  id    Int      @id(map: "pk", sort: Desc)
  tags String[ ] @default( [ "a","b\\"c" ] )
  ratio Decimal  @default(-1.50) @x() @y(z: )
  at    DateTime @default(dbgenerated("now()"))

  @@index([id(sort: Desc), tags(ops: raw("x"))], type: Gin)
}
""",
    ),
    "settings": (
        """\
generator client {
provider="prisma-client"
  output   =   "../client"   // here

  previewFeatures = [ "views","relationJoins" ]
  empty =
}
datasource db {
 provider = "postgresql"
     schemas =["a" , "b"]
}
""",
        """\
generator client {
  provider = "prisma-client"
  output   = "../client" // here

  previewFeatures = ["views", "relationJoins"]
  empty
}

datasource db {
  provider = "postgresql"
  schemas  = ["a", "b"]
}
""",
    ),
    "enums": (
        """\
enum Colour {
  RED   @map( "red" ) // warm
  VERY_DARK_BLUE @map("blue")   @other
  @@map("colour")
}
""",
        """\
enum Colour {
  RED            @map("red") // warm
  VERY_DARK_BLUE @map("blue")@other

  @@map("colour")
}
""",
    ),
    "lines that are nothing stay": (
        """\
what is this
model Item {
   id Int   @id
   this is    no field
   quantity   Int @default(
}
type Alias = Int @db.Integer
unknown   {
    a  =  1
}
""",
        """\
what is this
model Item {
  id Int @id
  this is    no field
  quantity   Int @default(
}

type Alias = Int @db.Integer
unknown   {
    a  =  1
}
""",
    ),
    "old spellings of types": (
        """\
model Item {
  id: Int! @id
  names [String]
  shape Unsupported( "circle" ) ?
  many Int[]?
  nothing
}
""",
        """\
model Item {
  id      Int                      @id
  names   String[]
  shape   Unsupported( "circle" )?
  many    Int[]?
  nothing
}
""",
    ),
    "widths are bytes": (
        'model Ärger {\n  id Int @id\n  größe Int @map("ß")\n  längerer String @default("名")\n}\n',
        'model Ärger {\n  id        Int    @id\n  größe   Int    @map("ß")\n  längerer String @default("名")\n}\n',
    ),
    "a blank line between blocks, whatever there was": (
        "enum A {\n  X\n}\nenum B {\n  Y\n}\n\n\n\n// c\n\n\nenum C {\n  Z\n}",
        "enum A {\n  X\n}\n\nenum B {\n  Y\n}\n\n// c\n\nenum C {\n  Z\n}\n",
    ),
    "line endings": (
        "model A {\r\n  id Int @id // c\r\n\r\n  n  Int\r\n}\r\nnonsense\r\nenum B {\r\n  X\r  Y\r\n}\r\n",
        "model A {\n  id Int @id // c\n\n  n Int\n}\n\nnonsense\r\nenum B {\n  X\n  Y\n}\n",
    ),
    "a back-relation": (
        """\
model Author {
  id Int @id
}

model Book {
  id Int @id
  authorId Int
  author Author @relation(fields: [authorId], references: [id])
}
""",
        """\
model Author {
  id    Int    @id
  books Book[]
}

model Book {
  id       Int    @id
  authorId Int
  author   Author @relation(fields: [authorId], references: [id])
}
""",
    ),
    "a back-relation of one": (
        """\
model Passport {
  id Int @id
  holderId Int @unique
  holder TravelAgent @relation(fields: [holderId], references: [id])
  @@ignore
}
model TravelAgent {
  id Int @id
  // last
}
""",
        """\
model Passport {
  id       Int         @id
  holderId Int         @unique
  holder   TravelAgent @relation(fields: [holderId], references: [id])

  @@ignore
}

model TravelAgent {
  id       Int       @id
  // last
  passport Passport? @ignore
}
""",
    ),
    "a whole relation from one field": (
        """\
model Country {
  code String @id @db.Char( 2 )
  capitals City[]
}
model City {
  id Int @id
}
""",
        """\
model Country {
  code     String @id @db.Char(2)
  capitals City[]
}

model City {
  id          Int      @id
  country     Country? @relation(fields: [countryCode], references: [code])
  countryCode String?  @db.Char(2)
}
""",
    ),
    "an attribute for a field that has none": (
        """\
model Order {
  tenant Int
  number BigInt
  lines Line[]
  @@id([tenant, number])
}
model Line {
  id Int @id
  order Order // the head
  orderTenant Int
}
""",
        """\
model Order {
  tenant Int
  number BigInt
  lines  Line[]

  @@id([tenant, number])
}

model Line {
  id          Int    @id
  order       Order  @relation(fields: [orderTenant, orderNumber], references: [tenant, number]) // the head
  orderTenant Int
  orderNumber BigInt
}
""",
    ),
    "arguments for an attribute that lacks them": (
        """\
model Team {
  id Int @id
  home Game[] @relation("home")
  away Game[] @relation("away")
}
model Game {
  id Int @id
  homeTeam Team? @relation("home")
  awayTeam Team @relation(name: "away", onDelete: Cascade, fields: [awayId])
  awayId Int
}
""",
        """\
model Team {
  id   Int    @id
  home Game[] @relation("home")
  away Game[] @relation("away")
}

model Game {
  id       Int   @id
  homeTeam Team? @relation("home", fields: [teamId], references: [id])
  awayTeam Team  @relation(name: "away", onDelete: Cascade, fields: [awayId], references: [id])
  awayId   Int
  teamId   Int?
}
""",
    ),
    "nothing is added to a schema that does not resolve": (
        """\
model Author {
  id Int @id
  age Imt
}
model Book {
  id Int @id
  author Author
}
""",
        """\
model Author {
  id  Int @id
  age Imt
}

model Book {
  id     Int    @id
  author Author
}
""",
    ),
}

# Object literals: Prisma 7 lays them out, Prisma 6 takes their lines for no lines of the language.
PARTIAL = """\
model Item {
  id Int @id
    @@index([id],where:{id:1,b:{not:null }})
  longName Int
}
"""


def formatted(text: str, style: int | None = None) -> str:
    (result,) = format_schema([Source("schema.prisma", text)], style=style)
    return result


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("style", [6, 7])
def test_golden(name: str, style: int):
    """Each text is formatted as Prisma formats it, in both styles."""
    written, expected = PAIRS[name]
    assert formatted(written, style) == expected


@pytest.mark.parametrize("name", PAIRS)
def test_formatted_text_stays(name: str):
    """A formatted text is not changed by formatting it once more."""
    expected = PAIRS[name][1]
    assert formatted(expected) == expected


def test_object_literals_of_style_7():
    """A partial index's condition is laid out where the style has object literals."""
    index = "  @@index([id], where: { id: 1, b: { not: null } })\n"
    expected = f"model Item {{\n  id       Int @id\n  longName Int\n\n{index}}}\n"
    assert formatted(PARTIAL, 7) == expected
    assert formatted(PARTIAL) == expected


def test_object_literals_of_style_6():
    """In style 6 the same line is left alone, and the columns run past it."""
    line = "  @@index([id],where:{id:1,b:{not:null }})\n"
    assert formatted(PARTIAL, 6) == f"model Item {{\n  id       Int @id\n{line}  longName Int\n}}\n"
    datasource = 'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n\n'
    assert formatted(datasource + PARTIAL) == datasource + formatted(PARTIAL, 6)


def test_files_are_one_schema():
    """What one file lacks follows from another, and the texts come back in the order of the files."""
    book = "model Book {\n  id Int @id\n  shelf Shelf\n}\n"
    shelf = "model Shelf {\n  id Int @id\n}"
    result = format_schema([Source("b.prisma", book), Source("a/shelf.prisma", shelf)])
    assert result == (
        "model Book {\n"
        "  id      Int   @id\n"
        "  shelf   Shelf @relation(fields: [shelfId], references: [id])\n"
        "  shelfId Int\n"
        "}\n",
        "model Shelf {\n  id    Int    @id\n  books Book[]\n}\n",
    )


def test_a_flaw_that_is_kept():
    """An indented block comment right below another comment gets its opening mark once more, each time: as Prisma's."""
    text = "enum A {\n  // one\n  /* two */\n  X\n}\n"
    once = "enum A {\n  // one\n  /**\n   * /* two\n   */\n  X\n}\n"
    assert formatted(text) == once
    assert formatted(once) == once.replace("   * /* two", "   * /**\n   * /* two")


def test_a_fault_in_one_file_keeps_all_from_being_completed():
    """Nothing is added anywhere while one file does not parse; layout goes on."""
    result = format_schema(
        [
            Source("a.prisma", "model Book {\n  id Int @id\n  shelf Shelf\n}\nmodel Shelf {\n  id Int @id\n}\n"),
            Source("b.prisma", "oops\n"),
        ]
    )
    assert result == (
        "model Book {\n  id    Int   @id\n  shelf Shelf\n}\n\nmodel Shelf {\n  id Int @id\n}\n",
        "oops\n",
    )


def test_carriage_returns_do_not_multiply(tmp_path):
    """A comment of several lines is taken over as written, and its line endings stay what they are in a CRLF file."""
    path = tmp_path / "schema.prisma"
    path.write_bytes(b"model A {\r\n id Int @id /* a\r\n b */\r\n}\r\n")
    (file,) = find_and_read([str(path)], {}, {}, str(tmp_path))
    (text,) = format_schema([file.source])
    assert file.encoded(text) == b"model A {\r\n  id Int @id /* a\r\n b */\r\n}\r\n"


def test_deep_nesting_is_left_alone():
    """Ten thousand brackets are a line that nobody lays out, not a crash."""
    deep = "[" * 10_000 + "]" * 10_000
    assert formatted(f"model A {{\n id Int @default({deep})\n}}\n") == f"model A {{\n  id Int @default({deep})\n}}\n"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("book", "books"),
        ("city", "cities"),
        ("day", "days"),
        ("address", "addresses"),
        ("status", "statuses"),
        ("criterion", "criteria"),
        ("person", "people"),
        ("child", "children"),
        ("news", "news"),
        ("News", "News"),
        ("data", "data"),
        ("index", "indices"),
        ("man", "men"),
        ("human", "humans"),
        ("x9", "x9s"),
    ],
)
def test_plurals(word: str, expected: str):
    """Plurals are those of Prisma's word list."""
    assert plural(word) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("OrderLine", "orderLine"),
        ("order_line", "orderLine"),
        ("ORDER_LINE", "orderLine"),
        ("HTTPServer", "httpserver"),
        ("S3Bucket", "s3Bucket"),
        ("v2", "v2"),
        ("Größe_neu", "größeNeu"),
        ("ÄrgerÜber", "ÄrgerÜber"),
    ],
)
def test_camel_case(name: str, expected: str):
    """Names become camel case as Prisma's library makes it."""
    assert camel_case(name) == expected


_PIECES = st.sampled_from(
    [
        *("model ", "enum ", "type ", "view ", "datasource ", "generator ", "A", "Bb", "id ", "Int ", "String", "A[]"),
        *(" {\n", "{", "}\n", "}", "\n", "\r\n", "\r", "\n\n", " ", "\t", "\u3000", "@id", "@@", "@@index", "@default"),
        *(
            "@relation",
            "(",
            ")",
            "[",
            "]",
            ",",
            ":",
            "?",
            "!",
            "=",
            '"',
            '"x"',
            "\\",
            "// c",
            "/// d",
            "/*",
            "*/",
            "-1",
        ),
        *("1.5", "now()", "fields: [aId]", "references: [id]", "é", "名", "\x00", "\x1f", "\ufeff"),
    ]
)


@given(st.lists(_PIECES, max_size=60).map("".join), st.sampled_from([6, 7]))
@settings(max_examples=300, deadline=None)
def test_any_text_is_formatted(text: str, style: int):
    """Whatever the text, the result ends with a line feed, and no letter or digit of it is lost."""
    result = formatted(text, style)
    assert result.endswith("\n")
    dropped = {"{", "}"}  # the text behind an opening brace is the one thing that Prisma drops
    if not dropped & set(text):
        assert [c for c in text if c.isalnum()] == [c for c in result if c.isalnum()]


_BLANKS = st.sampled_from([" ", "  ", "\t", "    "])
_LINES = st.sampled_from(
    [
        *(
            "",
            "",
            "id Int @id",
            'name String ? @db.VarChar( 40 ) @default( "x" )',
            "tags String[]",
            "// note",
            "/// doc",
        ),
        *('größe Decimal @map( "g" ) // ß', "@@index( [ name , id ] )", '@@map( "t" ) /// of old'),
        *("not a field at all", "at DateTime @updatedAt @default( now( ) )", "more Other [ ]", "other Other ?"),
    ]
)


@given(st.lists(st.tuples(_LINES, st.lists(_BLANKS, min_size=12, max_size=12)), max_size=12))
@settings(max_examples=200, deadline=None)
def test_formatting_twice_is_formatting_once(lines: list[tuple[str, list[str]]]):
    """However a model's lines are spaced, its formatted text is not changed by formatting it again."""
    body = "".join("".join(map("".join, zip(blanks, line.split(), strict=False))) + "\n" for line, blanks in lines)
    once = formatted(f"model   Item{{\n{body}}}\nmodel Other {{\n  id Int @id\n}}")
    assert formatted(once) == once
