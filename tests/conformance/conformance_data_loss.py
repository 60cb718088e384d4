"""Databases with data, and the schemas that they shall have: what is said of it, Prisma says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Counted:
    """A database and the schema that comes."""

    name: str
    sql: str
    schema: str
    schemas: str = ""


A = 'CREATE TABLE "A" (id int CONSTRAINT "A_pkey" PRIMARY KEY, {columns});\n'
THREE = 'INSERT INTO "A" VALUES (1, {0}), (2, {1}), (3, {2});\n'


def one(name: str, column: str, field: str, values: tuple[str, str, str] | None = None, more: str = "") -> Counted:
    """A table with one column that becomes another; no values: no rows."""
    sql = A.format(columns=column) + (THREE.format(*values) if values else "")
    return Counted(name, sql, f"model A {{\n  id Int @id\n  {field}\n}}\n{more}")


NONE, SOME, ALL = ("NULL",) * 3, ("NULL", "'5'", "NULL"), ("'5'", "'6'", "'7'")
E = "enum E {\n  X\n}\n"

DATABASES = (
    one("a column goes, no rows", "x int", ""),
    one("a column goes, no values", "x int", "", NONE),
    one("a column goes, one value", "x int", "", SOME),
    one("a required column comes, no rows", "y int", "y Int?\n  x Int"),
    one("a required column comes, rows", "y int", "y Int?\n  x Int", NONE),
    one("a required column comes that the client fills", "y int", "y Int?\n  x String @default(cuid())", NONE),
    one("a required list comes", "y int", "y Int?\n  x Int[]", NONE),
    one("required, no rows", "x int", "x Int"),
    one("required, some values", "x int", "x Int", SOME),
    one("required, all values", "x int", "x Int", ALL),
    one("required with a default, some values", "x int", "x Int @default(1)", SOME),
    one("a scalar becomes a list, no rows", "x int", "x Int[]"),
    one("a scalar becomes a list, some values", "x int", "x Int[]", SOME),
    one("a scalar becomes a list, no values", "x int", "x Int[]", NONE),
    one("risky, no rows", "x bigint", "x Int?"),
    one("risky, no values", "x bigint", "x Int?", NONE),
    one("risky, some values", "x bigint", "x Int?", SOME),
    one("risky and required", "x varchar(20)", "x String @db.VarChar(5)", SOME),
    one("risky, to numbers of another precision", "x numeric(12,4)", "x Decimal? @db.Decimal(8, 2)", SOME),
    one("risky, a timestamp", "x timestamp(6)", "x DateTime? @db.Time(3)", ("now()", "NULL", "NULL")),
    one("safe", "x int", "x BigInt?", SOME),
    one("no cast, optional, no rows", "x text", "x Int?"),
    one("no cast, optional, no values", "x text", "x Int?", NONE),
    one("no cast, optional, some values", "x text", "x Int?", SOME),
    one("no cast, required, no rows", "x text NOT NULL", "x Int"),
    one("no cast, required, all values", "x text NOT NULL", "x Int", ALL),
    one("no cast, required with a default", "x text NOT NULL", "x Int @default(1)", ALL),
    one("no cast, becomes required", "x text", "x Int", SOME),
    one("no cast, an enum", "x text", "x E?", SOME, E),
    one("a type that Prisma does not know", "x point", "x String?", ("'(1,2)'", "NULL", "NULL")),
    one("to a type that Prisma does not know", "x text", 'x Unsupported("point")?', ("'(1,2)'", "NULL", "NULL")),
    one("a unique index comes", "x int", "x Int? @unique", ALL),
    one("a unique index comes, no rows", "x int", "x Int? @unique"),
    one("a unique index comes with its column", "y int", "y Int?\n  x Int? @unique", ALL),
    Counted(
        "the key changes, rows",
        A.format(columns="x int NOT NULL") + THREE.format(*ALL),
        "model A {\n  id Int\n  x Int @id\n}\n",
    ),
    Counted("the key changes, no rows", A.format(columns="x int NOT NULL"), "model A {\n  id Int\n  x Int @id\n}\n"),
    Counted(
        "the key's type changes",
        A.format(columns="x int") + 'INSERT INTO "A" VALUES (1);\n',
        "model A {\n  id BigInt @id\n  x Int?\n}\n",
    ),
    Counted(
        "tables go",
        A.format(columns="x int") + THREE.format(*ALL) + "CREATE TABLE b (id int PRIMARY KEY);\n",
        "model C {\n  id Int @id\n}\n",
    ),
    Counted(
        "a label goes",
        "CREATE TYPE \"E\" AS ENUM ('X', 'Y');\n" + A.format(columns='x "E"') + THREE.format("'X'", "'Y'", "NULL"),
        "model A {\n  id Int @id\n  x E?\n}\n" + E,
    ),
    Counted(
        "odd names",
        'CREATE TABLE "a b{count}" (id int CONSTRAINT "a b{count}_pkey" PRIMARY KEY, "x {0} é%s" int);\n'
        'INSERT INTO "a b{count}" VALUES (1, 2);\n',
        'model A {\n  id Int @id\n  y Int\n  @@map("a b{count}")\n}\n',
    ),
    Counted(
        "everything at once",
        A.format(columns="a int, b text, c bigint, d text, e int")
        + 'INSERT INTO "A" VALUES (1,1,1,1,1,NULL),(2,2,2,2,2,2);\n'
        'CREATE TABLE "B" (id int CONSTRAINT "B_pkey" PRIMARY KEY, n text);\nINSERT INTO "B" VALUES (1);\n'
        'CREATE TABLE "C" (id int);\nINSERT INTO "C" VALUES (1);\n',
        "model A {\n  id Int @id\n  b Int\n  c Int?\n  d DateTime?\n  e Int @unique\n  f Int\n}\n"
        "model B {\n  id Int @id\n  n String @unique\n}\n",
    ),
    Counted(
        "in two schemas",
        "CREATE SCHEMA one; CREATE SCHEMA two;\nCREATE TABLE one.t (id int PRIMARY KEY, x int);\nCREATE TABLE two.t (id int PRIMARY KEY, x int);\n"
        "INSERT INTO one.t VALUES (1, 1), (2, 2);\nINSERT INTO two.t VALUES (1, NULL);\n",
        'model One {\n  id Int @id\n  @@map("t")\n  @@schema("one")\n}\nmodel Two {\n  id Int @id\n  x Int\n  @@map("t")\n  @@schema("two")\n}\n',
        "one,two",
    ),
)
