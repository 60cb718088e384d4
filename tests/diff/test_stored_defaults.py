"""Default expressions as `pg_get_expr` prints them, read as Prisma reads them; conditions of partial indexes."""

from decimal import Decimal

import pytest

from pgready.catalog.names import ObjectName
from pgready.diff.predicates import same_condition
from pgready.diff.sides import ColumnType, Constant, Default
from pgready.diff.stored_defaults import stored_default

ENUM = ColumnType("enum", enum=ObjectName("public", "Role"))


def known(name: str) -> ColumnType:
    """A type that Prisma knows."""
    return ColumnType("known", name)


def constant(family: str, value: object) -> Default:
    """A constant as a default."""
    return Default("constant", (Constant(family, value),))  # type: ignore[arg-type]


SCALARS = (
    ("'it''s'::text", known("Text"), constant("string", "it's")),
    ("'a'::character varying", known("VarChar"), constant("string", "a")),
    ("'x'::character(1)", known("Char"), constant("string", "x")),
    ("'ADMIN'::public.\"Role\"", ENUM, constant("enum", "ADMIN")),
    ("5", known("Integer"), constant("int", 5)),
    ("'-5'::integer", known("Integer"), constant("int", -5)),
    ("'9007199254740993'::bigint", known("BigInt"), constant("int", 9007199254740993)),
    ("1.50", known("Decimal"), constant("float", Decimal("1.50"))),
    ("'-2.25'::numeric", known("Decimal"), constant("float", Decimal("-2.25"))),
    ("(1)::double precision", known("DoublePrecision"), constant("float", Decimal(1))),
    ("true", known("Boolean"), constant("boolean", True)),
    (r"'\x6869'::bytea", known("ByteA"), constant("bytes", b"hi")),
    ("CURRENT_TIMESTAMP", known("Timestamp"), Default("now")),
    ("now()", known("Timestamptz"), Default("now")),
    ("nextval('public.\"User_id_seq\"'::regclass)", known("Integer"), Default("sequence", text="User_id_seq")),
    ("NULL::text", known("Text"), None),
    ("public.made()", known("Text"), Default("expression", text="made()")),
    ("(('public.x'::text || public.f()))", known("Text"), Default("expression", text="(('public.x'::text || f()))")),
    ("'2024-01-01 00:00:00'::timestamp without time zone", known("Timestamp"), None),
    ("gen_random_uuid()", known("Uuid"), Default("expression", text="gen_random_uuid()")),
)
LISTS = (
    ("ARRAY['a'::text, 'b,]'::text]", known("Text"), ("string", "a", "b,]")),
    ("ARRAY[]::text[]", known("Text"), ("string",)),
    ("'{}'::text[]", known("Text"), ("string",)),
    ("'{a,\"b c\"}'::text[]", known("Text"), ("string", "a", "b c")),
    ("ARRAY[1, 2]", known("Integer"), ("int", 1, 2)),
    ("'{1,-2}'::integer[]", known("Integer"), ("int", 1, -2)),
    ("ARRAY['X'::public.\"Role\", 'Y'::public.\"Role\"]", ENUM, ("enum", "X", "Y")),
    ("(ARRAY['a'::character varying])::character varying(20)[]", known("VarChar"), ("string", "a")),
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
    assert stored_default(text, kind, is_list=False, default_schema="public") == meant


@pytest.mark.parametrize(("text", "kind", "meant"), LISTS)
def test_lists(text, kind, meant) -> None:
    """Both spellings of a list."""
    family, *values = meant
    wanted = Default("list", tuple(Constant(family, each) for each in values))
    assert stored_default(text, kind, is_list=True, default_schema="public") == wanted


@pytest.mark.parametrize(("one", "other"), SAME)
def test_conditions_that_are_one(one, other) -> None:
    """Spelling does not count."""
    assert same_condition(one, other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_conditions_that_are_two(one, other) -> None:
    """What changes the meaning, or what Prisma takes for a change."""
    assert not same_condition(one, other)
