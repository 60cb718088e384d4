"""The PSL of catalogs built by hand: what `db pull` writes, keeps and warns of, without a server."""

from dataclasses import replace

import pytest

from pgready.catalog.model import Catalog, Domain, Enum, Schema, View, ViewColumn
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Check, Column, ForeignKey, Index, IndexColumn, Key, NotNull, Table
from pgready.catalog.to_psl import schema_text
from pgready.catalog.to_psl_defaults import Constant, found_default
from pgready.catalog.to_psl_expressions import unqualified
from pgready.catalog.to_psl_write import sanitised
from pgready.catalog.types import SYSTEM, DataType
from pgready.errors import UsageInvalid
from pgready.psl.analyse import analyse
from pgready.psl.source import Source

DATASOURCE = 'datasource db {\n  provider = "postgresql"\n}\n'
INT = DataType(ObjectName(SYSTEM, "int4"))
TEXT = DataType(ObjectName(SYSTEM, "text"))


def index(name: str, *columns: str, unique: bool = False, method: str = "btree") -> Index:
    """A plain index."""
    return Index(name, method, tuple(IndexColumn(one) for one in columns), is_unique=unique)


def table(name: str, *columns: Column, key: tuple[str, ...] = ("id",), schema: str = "public", **more: object) -> Table:
    """A table with an id, unless `key` says other columns or none."""
    found = Table(ObjectName(schema, name), (Column("id", INT, NotNull()), *columns))
    if key:
        pkey = f"{name}_pkey"
        found = replace(found, primary_key=Key(pkey, key, is_primary=True, index=index(pkey, *key, unique=True)))
    return replace(found, **more)  # type: ignore[arg-type]


def reference(name: str, column: str, target: str, **more: object) -> ForeignKey:
    """A foreign key on an id."""
    return ForeignKey(name, (column,), ObjectName("public", target), ("id",), **more)  # type: ignore[arg-type]


def catalog(*tables: Table, **more: object) -> Catalog:
    """A catalog of the schema public."""
    found = tuple(sorted(tables, key=lambda one: one.name))
    return Catalog(schemas=(Schema("public"),), tables=found, **more)  # type: ignore[arg-type]


def pulled(found: Catalog, *existing: str, **more: object) -> str:
    """The one text, with the given existing schema."""
    sources = [Source("schema.prisma", one) for one in existing or (DATASOURCE,)]
    (text,) = schema_text(found, sources, **more).texts  # type: ignore[arg-type]
    return text


def test_a_table_becomes_a_model() -> None:
    """Types, native types, defaults and keys."""
    found = table(
        "user",
        Column("email", TEXT, NotNull(), default="'x'::text"),
        Column("nick", DataType(ObjectName(SYSTEM, "varchar"), "20")),
        Column("at", DataType(ObjectName(SYSTEM, "timestamptz"), "6"), default="CURRENT_TIMESTAMP"),
        Column("tags", DataType(ObjectName(SYSTEM, "text"), "", 1), default="ARRAY['a'::text, 'b'::text]"),
        indexes=(index("user_email_key", "email", unique=True), index("by_nick", "nick", "at", method="hash")),
    )
    assert pulled(catalog(found)) == DATASOURCE + (
        "\nmodel user {\n"
        "  id    Int       @id\n"
        '  email String    @unique @default("x")\n'
        "  nick  String?   @db.VarChar(20)\n"
        "  at    DateTime? @default(now()) @db.Timestamptz(6)\n"
        '  tags  String[]  @default(["a", "b"])\n'
        "\n"
        '  @@index([nick, at], map: "by_nick", type: Hash)\n'
        "}\n"
    )


def test_what_is_pulled_is_valid_and_pulled_again_alike() -> None:
    """The text passes validation, and pulling with it changes nothing."""
    found = catalog(
        table("class", Column("1st", INT), key=()),
        table("a b", Column("own", INT), foreign_keys=(reference("a b_own_fkey", "own", "a b"),)),
    )
    text = pulled(found)
    assert analyse([Source("schema.prisma", text)]).is_valid
    assert pulled(found, text) == text


def test_a_note_is_said_once() -> None:
    """What an earlier pull wrote above a model is not written again, with words of the team's around it neither."""
    lowered = Index("lowered", "btree", (IndexColumn("lower(n)", is_expression=True),))
    found = catalog(table("a", Column("n", TEXT), indexes=(lowered,)))
    text = pulled(found)
    assert text.count("contains an expression index") == 1
    assert pulled(found, text) == text
    edited = text.replace("/// This model", "/// Ours. This model")
    assert pulled(found, edited) == edited


def test_a_relation_to_an_ignored_model_stays_ignored() -> None:
    """Prisma loses this `@ignore` when it pulls again, and then refuses the schema that it wrote: here it stays."""
    keyless = table("log", Column("of", INT), key=(), foreign_keys=(reference("log_of_fkey", "of", "a"),))
    found = catalog(table("a"), replace(keyless, columns=keyless.columns[1:]))
    text = pulled(found)
    assert "  log log[] @ignore\n" in text
    assert pulled(found, text) == text
    assert analyse([Source("schema.prisma", text)]).is_valid


def test_new_views_stand_by_name() -> None:
    """Prisma has them as they happen to lie in `pg_class`: here they are the same on every machine."""
    columns = (ViewColumn("x", INT),)
    views = tuple(View(ObjectName("public", name), columns, "SELECT 1 AS x") for name in ("a", "b", "c"))
    generator = 'generator c {\n  provider = "x"\n  previewFeatures = ["views"]\n}\n'
    text = pulled(catalog(views=views), generator + DATASOURCE)
    assert text.index("view a {") < text.index("view b {") < text.index("view c {")


def test_relations_between_the_same_models_have_names() -> None:
    """Two foreign keys to one table: relation and fields are named after model and column."""
    keys = (reference("post_a_fkey", "a", "user"), reference("post_b_fkey", "b", "user", on_delete="CASCADE"))
    text = pulled(
        catalog(table("user"), table("post", Column("a", INT), Column("b", INT, NotNull()), foreign_keys=keys))
    )
    assert '  user_post_aTouser user? @relation("post_aTouser", fields: [a], references: [id]' in text
    assert '@relation("post_bTouser", fields: [b], references: [id], onDelete: Cascade, onUpdate: NoAction)' in text
    assert '  post_post_aTouser post[] @relation("post_aTouser")\n' in text


def test_an_existing_schema_keeps_its_names_order_and_comments() -> None:
    """Renamed things stay renamed, what is gone goes, what is new comes last."""
    before = DATASOURCE + (
        "\n/// The team\nmodel Team {\n"
        "  id      Int      @id\n"
        '  members Person[] @relation("Plays")\n\n'
        '  @@map("team")\n}\n'
        "\nmodel Gone {\n  id Int @id\n}\n"
        "\nmodel Person {\n  id Int @id\n  /// where\n"
        '  teamId Int? @map("team_id")\n'
        '  team Team? @relation("Plays", fields: [teamId], references: [id])\n'
        '  token String @default(uuid())\n  @@map("person")\n}\n'
    )
    person = table(
        "person",
        Column("team_id", INT),
        Column("token", TEXT, NotNull()),
        foreign_keys=(reference("person_team_id_fkey", "team_id", "team", on_delete="SET NULL", on_update="CASCADE"),),
    )
    result = schema_text(catalog(person, table("team"), table("added")), [Source("s.prisma", before)])
    assert result.texts[0] == DATASOURCE + (
        "\n/// The team\nmodel Team {\n"
        "  id      Int      @id\n"
        '  members Person[] @relation("Plays")\n\n'
        '  @@map("team")\n}\n'
        "\nmodel Person {\n"
        "  id     Int    @id\n"
        "  /// where\n"
        '  teamId Int?   @map("team_id")\n'
        "  token  String @default(uuid())\n"
        '  team   Team?  @relation("Plays", fields: [teamId], references: [id])\n\n'
        '  @@map("person")\n}\n'
        "\nmodel added {\n  id Int @id\n}\n"
    )
    assert result.warnings is not None
    assert '  - Model: "Person", field: "teamId"\n' in result.warnings


def test_an_implicit_join_table_is_no_model() -> None:
    """A table of Prisma's shape becomes a list on both sides."""
    join = Table(
        ObjectName("public", "_PostToTag"),
        (Column("A", INT, NotNull()), Column("B", INT, NotNull())),
        primary_key=Key("p", ("A", "B"), is_primary=True, index=index("p", "A", "B", unique=True)),
        foreign_keys=(reference("a", "A", "Post"), reference("b", "B", "Tag")),
        indexes=(index("_PostToTag_B_index", "B"),),
    )
    text = pulled(catalog(table("Post"), table("Tag"), join))
    assert "_PostToTag" not in text
    assert "  Tag Tag[]\n" in text
    assert "  Post Post[]\n" in text


def test_what_psl_cannot_say_is_told() -> None:
    """Notes above the model, and one text of warnings in Prisma's words."""
    found = table("t", Column("p", DataType(ObjectName(SYSTEM, "point"))), checks=(Check("c", "(id > 0)"),), key=())
    result = schema_text(catalog(found), [Source("s.prisma", DATASOURCE)])
    assert "/// This table contains check constraints and requires additional setup for migrations." in result.texts[0]
    assert '  p  Unsupported("point")?\n' in result.texts[0]
    assert result.texts[0].endswith("\n  @@ignore\n}\n")
    assert result.warnings is not None
    assert result.warnings.startswith("*** WARNING ***\n\nThe following models were ignored as they do not have")
    assert '  - Model: "t", field: "p", original data type: "point"\n' in result.warnings


def test_enums_with_labels_that_are_no_names() -> None:
    """Labels are mapped, and those of which nothing can be said are commented out."""
    enum = Enum(ObjectName("public", "mood"), ("so-so", "", "9", "ok"))
    text = pulled(catalog(table("t", Column("m", DataType(enum.name), default="'so-so'::public.mood")), enums=(enum,)))
    assert "  m  mood? @default(so_so)\n" in text
    assert text.endswith(
        'enum mood {\n  so_so            @map("so-so")\n  EMPTY_ENUM_VALUE @map("")\n  // 9 @map("9")\n  ok\n}\n'
    )


def test_a_domain_is_its_base_type() -> None:
    """With the domain's modifier and NOT NULL."""
    domain = Domain(ObjectName("public", "short"), DataType(ObjectName(SYSTEM, "varchar"), "9"), not_null=True)
    text = pulled(catalog(table("t", Column("d", DataType(domain.name))), domains=(domain,)))
    assert "  d  String @db.VarChar(9)\n" in text


def test_views_need_their_preview_feature() -> None:
    """Without it they are not there."""
    view = View(ObjectName("public", "v"), (ViewColumn("a", INT),), "SELECT 1 AS a")
    found = catalog(table("t"), views=(view,))
    generator = 'generator client {\n  provider        = "x"\n  previewFeatures = ["views"]\n}\n\n'
    assert "view" not in pulled(found)
    assert "\nview v {\n  a Int?\n}\n" in pulled(found, generator + DATASOURCE)


def test_schemas_are_those_of_the_datasource() -> None:
    """Only they are read, `@@schema` names them, and what is there twice is renamed."""
    found = Catalog(
        schemas=(Schema("a"), Schema("b"), Schema("c")),
        tables=(table("t", schema="a"), table("t", schema="b"), table("u", schema="c")),
    )
    text = pulled(found, 'datasource db {\n  provider = "postgresql"\n  schemas  = ["a", "b"]\n}\n')
    assert 'model a_t {\n  id Int @id\n\n  @@map("t")\n  @@schema("a")\n}' in text
    assert "model b_t" in text
    assert "model u" not in text


def test_a_foreign_key_out_of_the_schemas_is_refused() -> None:
    """The message names the schema to add."""
    key = ForeignKey("t_fkey", ("id",), ObjectName("hidden", "x"), ("id",))
    with pytest.raises(UsageInvalid, match="hidden") as refused:
        pulled(catalog(table("t", foreign_keys=(key,))))
    assert refused.value.code == "pull_foreign_schema"


def test_an_invalid_existing_schema_is_refused_unless_forced() -> None:
    """Its place is told; without keeping anything only the configuration has to be right."""
    broken = DATASOURCE + "model t {\n  id Missing @id\n}\n"
    with pytest.raises(UsageInvalid) as refused:
        pulled(catalog(table("t")), broken)
    assert refused.value.where.startswith("schema.prisma:5:")
    assert pulled(catalog(table("t")), broken, keep=False) == DATASOURCE + "\nmodel t {\n  id Int @id\n}\n"


def test_new_things_go_into_the_new_file_when_there_are_several() -> None:
    """Each known thing stays where it was, and an emptied file stays empty."""
    files = [
        Source("main.prisma", DATASOURCE),
        Source("a.prisma", "model a {\n  id Int @id\n}\n"),
        Source("b.prisma", "model b {\n  id Int @id\n}\n"),
    ]
    result = schema_text(catalog(table("a"), table("c")), files, new_file="new.prisma")
    assert {one.path: one.text.strip() for one in result.files} == {
        "main.prisma": DATASOURCE.strip(),
        "a.prisma": "model a {\n  id Int @id\n}",
        "b.prisma": "",
        "new.prisma": "model c {\n  id Int @id\n}",
    }


def test_an_empty_database_says_so() -> None:
    """The configuration stays."""
    result = schema_text(catalog(), [Source("s.prisma", DATASOURCE)])
    assert (result.is_empty, result.texts, result.warnings) == (True, (DATASOURCE,), None)


def test_partial_indexes_are_for_the_newer_style() -> None:
    """Prisma 7 writes their condition, Prisma 6 leaves them out."""
    partial = replace(index("some", "a"), where="(a > 0)")
    found = catalog(table("t", Column("a", INT), indexes=(partial,)))
    assert '@@index([a], map: "some", where: raw("(a > 0)"))' in pulled(found, style=7)
    assert "@@index" not in pulled(found, style=6)


@pytest.mark.parametrize(
    ("expression", "family", "value"),
    [
        ("1", "Int", 1),
        ("'-7'::integer", "Int", -7),
        ("'it''s'::text", "String", "it's"),
        ("E'a\\nb'::text", "String", "a\nb"),
        ("true", "Boolean", True),
        ("'\\x00ff'::bytea", "Bytes", b"\x00\xff"),
    ],
)
def test_defaults_that_are_constants(expression: str, family: str, value: object) -> None:
    """Prisma reads the text that PostgreSQL prints."""
    found = found_default(expression, family, is_list=False)  # type: ignore[arg-type]
    assert found is not None
    assert found.constant == Constant(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("expression", "family", "kind"),
    [
        ("now()", "DateTime", "now"),
        ("(now())::date", "DateTime", "expression"),
        ("CURRENT_TIMESTAMP(3)", "DateTime", "expression"),
        ("nextval('s'::regclass)", "Int", "sequence"),
        ("(1 + 2)", "Int", "expression"),
        ("lower('A'::text)", "String", "expression"),
        ("gen_random_uuid()", "uuid", "expression"),
    ],
)
def test_defaults_that_are_none(expression: str, family: str, kind: str) -> None:
    """now(), sequences, and all that Prisma does not understand."""
    found = found_default(expression, family, is_list=False)  # type: ignore[arg-type]
    assert found is not None
    assert found.kind == kind


def test_null_is_no_default() -> None:
    """Whatever it is cast to."""
    assert found_default("NULL::character varying", "String", is_list=False) is None


@pytest.mark.parametrize(
    ("name", "text"),
    [("ok_1", "ok_1"), ("1st", "st"), ("a b-c", "a_b_c"), ("_x", "x"), ("ünï", "n_"), ("9", ""), ("日本", "")],
)
def test_names_that_psl_cannot_say(name: str, text: str) -> None:
    """Leading characters that are no letters go, others become underscores."""
    assert sanitised(name) == text


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("public.f('public.x'::text)", "f('public.x'::text)"),
        ("nextval('public.\"S x\"'::regclass)", "nextval('\"S x\"'::regclass)"),
        ("'a'::public.mood", "'a'::mood"),
        ("other.f(public.g())", "other.f(g())"),
        ("'it''s public.f()'::text || public.f()", "'it''s public.f()'::text || f()"),
    ],
)
def test_names_of_the_connections_schema_stand_alone(expression: str, text: str) -> None:
    """Outside of strings, and inside those that name a sequence."""
    assert unqualified(expression, "public") == text
