"""Schemas as written and as formatted: name → (written, formatted).

`tests/psl` holds them against pgready, `tests/conformance` against Prisma's own formatters of 6.19 and of 7.
"""

PAIRS: dict[str, tuple[str, str]] = {
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
""",
        """\
generator client {
  provider = "prisma-client"
  output   = "../client" // here

  previewFeatures = ["views", "relationJoins"]
  empty
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
