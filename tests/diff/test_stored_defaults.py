"""Default expressions as `pg_get_expr` prints them, read as Prisma reads them; conditions of partial indexes."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pgready.catalog.model import Catalog, Enum, Schema
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Column, Table
from pgready.catalog.types import DataType
from pgready.diff.catalog_side import side_of_catalog
from pgready.diff.predicates import same_condition
from pgready.diff.sides import Constant, Default

ROLE = ObjectName("public", "Role")
ENUM = DataType(ROLE)


def known(name: str) -> DataType:
    """A type of PostgreSQL's own."""
    return DataType(ObjectName("pg_catalog", name))


def constant(family: str, value: object) -> Default:
    """A constant as a default."""
    return Default("constant", (Constant(family, value),))  # type: ignore[arg-type]


def stored(text: str, kind: DataType) -> Default | None:
    """What the default of a column means to Prisma."""
    table = Table(ObjectName("public", "t"), (Column("c", kind, default=text),))
    labels = ("ADMIN", "X", "Y")
    catalog = Catalog(schemas=(Schema("public"),), enums=(Enum(ROLE, labels),), tables=(table,))
    return side_of_catalog(catalog).tables[0].columns[0].default


SCALARS = (
    ("'it''s'::text", known("text"), constant("string", "it's")),
    ("'a'::character varying", known("varchar"), constant("string", "a")),
    ("'x'::character(1)", known("bpchar"), constant("string", "x")),
    ("'ADMIN'::public.\"Role\"", ENUM, constant("enum", "ADMIN")),
    ("5", known("int4"), constant("int", 5)),
    ("'-5'::integer", known("int4"), constant("int", -5)),
    ("'9007199254740993'::bigint", known("int8"), constant("int", 9007199254740993)),
    ("1.50", known("numeric"), constant("float", Decimal("1.50"))),
    ("'-2.25'::numeric", known("numeric"), constant("float", Decimal("-2.25"))),
    ("(1)::double precision", known("float8"), constant("float", Decimal(1))),
    ("true", known("bool"), constant("boolean", True)),
    (r"'\x6869'::bytea", known("bytea"), constant("bytes", b"hi")),
    ("CURRENT_TIMESTAMP", known("timestamp"), Default("now")),
    ("now()", known("timestamptz"), Default("now")),
    ("nextval('public.\"User_id_seq\"'::regclass)", known("int4"), Default("sequence", text="User_id_seq")),
    ("NULL::text", known("text"), None),
    ("public.made()", known("text"), Default("expression", text="made()")),
    ("(('public.x'::text || public.f()))", known("text"), Default("expression", text="(('public.x'::text || f()))")),
    ("'2024-01-01 00:00:00'::timestamp without time zone", known("timestamp"), None),
    ("gen_random_uuid()", known("uuid"), Default("expression", text="gen_random_uuid()")),
)
LISTS = (
    ("ARRAY['a'::text, 'b,]'::text]", known("text"), ("string", "a", "b,]")),
    ("ARRAY[]::text[]", known("text"), ("string",)),
    ("'{}'::text[]", known("text"), ("string",)),
    ("'{a,\"b c\"}'::text[]", known("text"), ("string", "a", "b c")),
    ("ARRAY[1, 2]", known("int4"), ("int", 1, 2)),
    ("'{1,-2}'::integer[]", known("int4"), ("int", 1, -2)),
    ("ARRAY['X'::public.\"Role\", 'Y'::public.\"Role\"]", ENUM, ("enum", "X", "Y")),
    ("(ARRAY['a'::character varying])::character varying(20)[]", known("varchar"), ("string", "a")),
)
SAME = (
    ("n is not null", '("n" IS NOT NULL)'),
    ("s = 'a'", "((s = 'a'::text))"),
    ("n > 5 and s = 'a'", "((n > 5) AND (s = 'a'::text))"),
    ("n != 5", "(n <> 5)"),
    ("(b and n > 1) or n < 0", "b and n > 1 or n < 0"),
)
OTHER = (
    ("n is not null", "N is not null"),
    ("b", "b = true"),
    ("b and (n > 1 or n < 0)", "b and n > 1 or n < 0"),
    ("not (b and n > 1)", "not b and n > 1"),
    ("s = 'a  b'", "s = 'a b'"),
)


@pytest.mark.parametrize(("text", "kind", "meant"), SCALARS)
def test_scalars(text, kind, meant) -> None:
    """One value, one meaning; what is no constant of the type stays as written."""
    if meant is None and not text.startswith("NULL"):
        meant = Default("expression", text=text)
    assert stored(text, kind) == meant


@pytest.mark.parametrize(("text", "kind", "meant"), LISTS)
def test_lists(text, kind, meant) -> None:
    """Both spellings of a list."""
    family, *values = meant
    wanted = Default("list", tuple(Constant(family, each) for each in values))
    assert stored(text, replace(kind, dimensions=1)) == wanted


@pytest.mark.parametrize(("one", "other"), SAME)
def test_conditions_that_are_one(one, other) -> None:
    """Spelling does not count."""
    assert same_condition(one, other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_conditions_that_are_two(one, other) -> None:
    """What changes the meaning, or what Prisma takes for a change."""
    assert not same_condition(one, other)
