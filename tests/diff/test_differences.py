"""The differences from Prisma that are meant: a test for each heading of `docs/differences-from-prisma.md`."""

import re
from pathlib import Path

import pytest
from test_pairs import side

from diff_pairs import head, model
from pgready.catalog.model import Catalog, Schema
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Column, ForeignKey, Table
from pgready.catalog.types import DataType
from pgready.diff.catalog_side import side_of_catalog
from pgready.diff.data_loss import counts_needed, data_losses
from pgready.diff.others import others_of
from pgready.diff.pitfalls import pitfalls
from pgready.diff.prisma import prisma_changes
from pgready.plan.prisma import prisma_sql
from pgready.plan.summary import summary

DOCUMENT = Path(__file__).parents[2] / "docs" / "differences-from-prisma.md"
INTEGER = DataType(ObjectName("pg_catalog", "int4"))


def script(before: str, after: str) -> str:
    """The script between two schemas."""
    old, new = side(head(7, {}) + before), side(head(7, {}) + after)
    return prisma_sql(prisma_changes(old, new), old, new)


def keyed(fields: str, name: str, more: str = "") -> str:
    """A model with a key by name."""
    return f'model A {{\n  a Int\n  b Int\n{more}  @@id([{fields}], map: "{name}")\n}}\n'


def a_key_that_changes_is_not_renamed_as_well() -> None:
    """Dropped and added."""
    text = script(keyed("a", "one"), keyed("a, b", "two"))
    assert 'DROP CONSTRAINT "one"' in text
    assert 'ADD CONSTRAINT "two" PRIMARY KEY ("a", "b")' in text
    assert "RENAME" not in text


def a_key_is_renamed_by_a_statement_of_its_own() -> None:
    """Beside another change of its table."""
    text = script(keyed("a", "one"), keyed("a", "two", "  c Int?\n"))
    assert text.endswith('"c" INTEGER;\nALTER TABLE "A" RENAME CONSTRAINT "one" TO "two";\n')


def a_sequence_that_goes_is_named() -> None:
    """As PostgreSQL calls that of a serial column."""
    assert 'DROP SEQUENCE "A_x_seq";' in script(model("x Int @default(autoincrement())"), model("x Int"))


def a_sequence_with_an_odd_name_is_quoted() -> None:
    """With a blank in it."""
    text = script(model('x Int @map("the X")'), model('x Int @map("the X") @default(autoincrement())'))
    assert 'CREATE SEQUENCE "a_the x_seq";' in text


def quotes_in_names_are_doubled() -> None:
    """In a table's and a column's."""
    text = script("", 'model A {\n  id Int @id @map("i\\"d")\n  @@map("a\\"b")\n}\n')
    assert 'CREATE TABLE "a""b" (\n    "i""d" INTEGER' in text


def apostrophes_in_labels_are_doubled() -> None:
    """In an enum that is made anew."""
    before = 'enum E {\n  X @map("it\'s")\n  Y\n}\n' + "model A {\n  id Int @id\n  e E\n}\n"
    assert "AS ENUM ('it''s');" in script(before, before.replace("  Y\n", ""))


def an_empty_mapping_is_none() -> None:
    """The model's own name is taken."""
    assert 'CREATE TABLE "A"' in script("", 'model A {\n  id Int @id\n  @@map("")\n}\n')


def referring() -> Catalog:
    """A table that refers to one in another schema."""
    target = ObjectName("auth", "users")
    key = ForeignKey("t_user_fkey", ("user",), target, ("id",))
    columns = (Column("user", INTEGER),)
    tables = (
        Table(target, (Column("id", INTEGER),)),
        Table(ObjectName("public", "t"), columns, foreign_keys=(key,)),
    )
    return Catalog(schemas=(Schema("auth"), Schema("public")), tables=tables)


def a_foreign_key_into_another_schema_is_left_alone() -> None:
    """It is not seen from the schema alone, and is where both are listed."""
    assert side_of_catalog(referring()).tables[0].foreign_keys == ()
    assert len(side_of_catalog(referring(), ("auth", "public")).tables[1].foreign_keys) == 1


def counts_name_the_schema() -> None:
    """The default one, too."""
    old, new = side(head(7, {}) + model("x Int")), side(head(7, {}) + model())
    (count,) = counts_needed(data_losses(prisma_changes(old, new)))
    assert count.sql == 'SELECT count(*) FROM "public"."A" WHERE "x" IS NOT NULL'


def tables_of_others_stay() -> None:
    """One of another role, that the schema does not name."""
    own = Table(ObjectName("public", "A"), (Column("id", INTEGER),), owner="app")
    strange = Table(ObjectName("public", "jobs"), (Column("id", INTEGER),), owner="somebody")
    live = Catalog(schemas=(Schema("public"),), tables=(own, strange))
    before, after = side_of_catalog(live), side(head(7, {}) + model())
    others = others_of(live, before, after, "app")
    assert list(others.tables) == [strange.name]
    assert "jobs" in prisma_sql(prisma_changes(before, after), before, after)
    before = others.without(before)
    assert "jobs" not in prisma_sql(prisma_changes(before, after), before, after)


def the_summary_tells_more() -> None:
    """A schema that comes."""
    before, after = "public", "public,b"
    text = 'model A {\n  id Int @id\n  @@schema("public")\n}\n'
    more = text + 'model B {\n  id Int @id\n  @@schema("b")\n}\n'
    old, new = side(head(7, {"schemas": before}) + text), side(head(7, {"schemas": after}) + more)
    assert "[+] Added schemas\n  - b" in summary(prisma_changes(old, new))


def what_no_server_takes_is_told() -> None:
    """And the script is Prisma's."""
    old = side(head(7, {}) + model("x Int @default(autoincrement())"))
    new = side(head(7, {}) + model("x BigInt @default(autoincrement())"))
    changes = prisma_changes(old, new)
    (told,) = pitfalls(changes)
    assert "BIGSERIAL" in told.why
    assert "BIGINT" in told.instead
    assert "SET DATA TYPE BIGSERIAL" in prisma_sql(changes, old, new)


HEADINGS = re.findall(r"^### (.*)$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("heading", HEADINGS)
def test_difference(heading) -> None:
    """What is written is so."""
    globals()[heading.lower().replace(" ", "_")]()  # the function of its name above
