"""The Schema value: what a text says, resolved, by name, with Prisma's defaults filled in."""

import copy
import pickle
from dataclasses import replace
from decimal import Decimal

import pytest

from pgready.psl.analyse import analyse
from pgready.psl.schema import (
    Condition,
    DatabaseDefault,
    Datasource,
    EnumDefault,
    Extension,
    ForeignKey,
    FunctionDefault,
    Generator,
    IndexField,
    JoinTable,
    ListDefault,
    LiteralDefault,
    Model,
    NativeType,
    Predicate,
    PrimaryKey,
    RelationField,
    ScalarField,
    Schema,
)
from pgready.psl.source import Source

DATASOURCE = 'datasource db {\n provider = "postgresql"\n}\n'
TEXT = """
generator client {
  provider        = "prisma-client"
  output          = "../client"
  previewFeatures = ["views", "partialIndexes", "postgresqlExtensions"]
  moduleFormat    = "esm"
}

datasource db {
  provider   = "postgresql"
  schemas    = ["app", "blog"]
  extensions = [citext, uuidOssp(map: "uuid-ossp", schema: "app")]
}

/// somebody
/// who writes
model User {
  id        Int      @id @default(autoincrement()) @map("user_id")
  email     String   @unique(map: "user_email") @db.VarChar(255) /// unique
  role      Role     @default(ADMIN)
  roles     Role[]   @default([ADMIN, READER])
  score     Decimal  @default(1.50) @db.Decimal(10, 2)
  ratio     Float    @default(0.1)
  big       BigInt   @default(9007199254740993)
  blob      Bytes    @default("aGk=")
  data      Json     @default("{\\"a\\": 1}")
  active    Boolean  @default(true)
  key       String   @default(uuid()) @db.Uuid
  slug      String   @default(nanoid(8))
  search    Unsupported("tsvector")? @default(dbgenerated("to_tsvector('')"))
  hidden    String?  @default(dbgenerated()) @ignore
  createdAt DateTime @default(now())
  updatedAt DateTime @updatedAt
  posts     Post[]   @ignore
  profile   Profile?
  bossId    Int?
  boss      User?    @relation("boss", fields: [bossId], references: [id], onDelete: NoAction, map: "user_boss")
  reports   User[]   @relation("boss")
  follows   User[]   @relation("Follow")
  followed  User[]   @relation("Follow")

  @@unique([email, role], name: "emailRole")
  @@unique([bossId], where: { active: true, email: { not: null }, big: 3 })
  @@index([data(ops: JsonbPathOps)], type: Gin)
  @@index([createdAt(sort: Desc), email(ops: raw("text_pattern_ops"))], map: "recent", where: raw("active"))
  @@map("users")
  @@schema("app")
}

model Profile {
  userId Int  @id
  user   User @relation(fields: [userId], references: [id], onUpdate: Restrict)

  @@schema("app")
}

model Post {
  a        Int
  b        Int
  authorId Int?  @map("author")
  author   User? @relation(fields: [authorId], references: [id])

  @@id([a, b], name: "ab", map: "post_key")
  @@schema("blog")
  @@ignore
}

model Tag {
  name  String @id
  posts Page[]

  @@schema("app")
}

model Page {
  id   Int   @id
  tags Tag[]

  @@schema("blog")
}

enum Role {
  /// may do all
  ADMIN  @map("admin")
  READER

  @@map("role")
  @@schema("app")
}

view Recent {
  id Int @unique

  @@schema("blog")
}
"""


@pytest.fixture(scope="module")
def schema() -> Schema:
    found = analyse([Source("schema.prisma", TEXT)])
    assert found.schema is not None, found.diagnostics
    return found.schema


def test_blocks_are_found_by_name(schema):
    """Models, views and enums in their order, and each by its name."""
    assert [model.name for model in schema.models] == ["User", "Profile", "Post", "Tag", "Page"]
    assert [view.name for view in schema.views] == ["Recent"]
    assert schema.model("Recent").is_view
    assert not schema.model("User").is_view
    assert schema.enum("Role").database_name == "role"
    assert "Role" in schema
    assert "Recent" in schema
    assert "Nobody" not in schema
    with pytest.raises(KeyError):
        schema.model("Role")
    with pytest.raises(KeyError):
        schema.enum("User")


def test_configuration(schema):
    """Datasource and generators carry what their blocks say."""
    assert schema.datasource == Datasource(
        name="db",
        provider="postgresql",
        schemas=("app", "blog"),
        extensions=(Extension("citext"), Extension("uuidOssp", "uuid-ossp", "app")),
    )
    assert schema.generators == (
        Generator(
            name="client",
            provider="prisma-client",
            output="../client",
            preview_features=("views", "partialIndexes", "postgresqlExtensions"),
            config=(("moduleFormat", "esm"),),
        ),
    )
    assert "views" in schema.preview_features
    assert schema.style == 7


def test_names_and_database_names(schema):
    """The client's name and the database's are told apart for everything that has both."""
    user = schema.model("User")
    assert (user.name, user.mapped_name, user.database_name, user.schema) == ("User", "users", "users", "app")
    assert user.scalar("id").database_name == "user_id"
    assert user.columns(("email", "id")) == ("email", "user_id")
    assert [value.database_name for value in schema.enum("Role").values] == ["admin", "READER"]
    assert user.primary_key.database_name == "users_pkey"
    post = schema.model("Post")
    assert (post.primary_key.name, post.primary_key.database_name) == ("ab", "post_key")
    assert post.primary_key.field_names == ("a", "b")
    assert not post.primary_key.is_on_field
    assert post.is_ignored


def test_fields(schema):
    """Scalar fields say what they hold; lookup by name tells the kinds apart."""
    user = schema.model("User")
    assert user.field("email") == ScalarField(
        "email", "scalar", "String", native_type=NativeType("VarChar", ("255",)), documentation="unique"
    )
    assert (user.scalar("search").kind, user.scalar("search").type) == ("unsupported", "tsvector")
    assert (user.scalar("roles").kind, user.scalar("roles").type, user.scalar("roles").is_list) == (
        "enum",
        "Role",
        True,
    )
    assert user.scalar("hidden").is_ignored
    assert user.scalar("hidden").is_optional
    assert user.scalar("updatedAt").is_updated_at
    assert user.documentation == "somebody\nwho writes"
    assert "boss" in user
    assert isinstance(user.field("boss"), RelationField)
    with pytest.raises(KeyError):
        user.scalar("boss")
    assert len(user.scalar_fields) + len(user.relation_fields) == len(user.fields)


@pytest.mark.parametrize(
    ("field", "default"),
    [
        ("id", FunctionDefault("autoincrement")),
        ("email", None),
        ("role", EnumDefault("ADMIN")),
        ("roles", ListDefault((EnumDefault("ADMIN"), EnumDefault("READER")))),
        ("score", LiteralDefault(Decimal("1.50"))),
        ("ratio", LiteralDefault(Decimal("0.1"))),
        ("big", LiteralDefault(9007199254740993)),
        ("blob", LiteralDefault(b"hi")),
        ("data", LiteralDefault('{"a": 1}')),
        ("active", LiteralDefault(value=True)),
        ("key", FunctionDefault("uuid", (4,))),
        ("slug", FunctionDefault("nanoid", (8,))),
        ("search", DatabaseDefault("to_tsvector('')")),
        ("hidden", DatabaseDefault(None)),
        ("createdAt", FunctionDefault("now")),
    ],
)
def test_defaults_are_typed(schema, field, default):
    """Every kind of default is a value of its own."""
    assert schema.model("User").scalar(field).default == default


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1_000.50", Decimal("1000.50")),
        ("1e-3", Decimal("0.001")),
        ("-.5e9000000000000000000", Decimal("-Infinity")),
        ("1e-9000000000000000000", Decimal(0)),
    ],
)
def test_a_decimal_in_quotes_may_be_of_any_size(text, value):
    """Prisma takes exponents of 64 bits, which are more than Decimal has."""
    text = DATASOURCE + f'model A {{\n id Int @id\n d Decimal @default("{text}")\n}}\n'
    schema = analyse([Source("schema.prisma", text)]).schema
    assert schema.model("A").scalar("d").default == LiteralDefault(value)


def test_indexes(schema):
    """Indexes come in Prisma's order, with names, operator classes and predicates resolved."""
    email, gin, recent, pair, partial = schema.model("User").indexes
    assert (email.is_unique, email.is_on_field, email.database_name) == (True, True, "user_email")
    assert gin.algorithm == "Gin"
    assert gin.fields == (IndexField("data", operator_class="JsonbPathOps"),)
    assert gin.database_name == "users_data_idx"
    assert recent.fields == (
        IndexField("createdAt", sort="Desc"),
        IndexField("email", operator_class="text_pattern_ops", is_raw=True),
    )
    assert recent.where == Predicate(sql="active")
    assert (pair.name, pair.database_name) == ("emailRole", "users_email_role_key")
    assert partial.where == Predicate(
        conditions=(Condition("active", value=True), Condition("email", None, negated=True), Condition("big", 3))
    )
    assert schema.model("User").uniques == (email, pair)


def test_relations_from_both_sides(schema):
    """Each side names the other, and both lead to the same relation."""
    author, posts = schema.model("Post").field("author"), schema.model("User").field("posts")
    assert (author.model, author.opposite, author.relation) == ("User", "posts", "PostToUser")
    assert (posts.model, posts.opposite, posts.relation) == ("Post", "author", "PostToUser")
    assert author.is_owner
    assert not posts.is_owner
    assert posts.is_ignored
    relation = schema.relation("Post", "author")
    assert relation is schema.relation("User", "posts")
    assert (relation.kind, relation.model_a, relation.field_a) == ("one-to-many", "Post", "author")
    assert not relation.is_named
    with pytest.raises(KeyError):
        schema.relation("User", "email")


def test_foreign_keys_have_the_actions_that_hold(schema):
    """What is written counts; else SetNull or Restrict on delete by the columns, Cascade on update."""
    assert schema.relation("Post", "author").foreign_key == ForeignKey(
        ("authorId",), ("id",), "Post_author_fkey", on_delete="SetNull", on_update="Cascade"
    )
    assert schema.relation("Profile", "user").kind == "one-to-one"
    assert schema.relation("Profile", "user").foreign_key == ForeignKey(
        ("userId",), ("id",), "Profile_userId_fkey", on_delete="Restrict", on_update="Restrict"
    )
    boss = schema.relation("User", "reports")
    assert boss.foreign_key == ForeignKey(
        ("bossId",), ("id",), "user_boss", on_delete="NoAction", on_update="Cascade", mapped_name="user_boss"
    )
    assert (boss.field_a, boss.field_b, boss.is_named) == ("boss", "reports", True)
    assert schema.model("User").field("boss").on_delete == "NoAction"
    assert schema.model("User").field("boss").on_update is None


def test_join_tables(schema):
    """An implicit many-to-many relation says which table Prisma makes for it, and in which schema."""
    assert schema.relation("Tag", "posts").join_table == JoinTable(
        "_PageToTag",
        "blog",
        id_a="id",
        id_b="name",
        primary_key="_PageToTag_AB_pkey",
        index="_PageToTag_B_index",
        foreign_key_a="_PageToTag_A_fkey",
        foreign_key_b="_PageToTag_B_fkey",
    )
    follow = schema.relation("User", "follows")
    assert (follow.name, follow.kind, follow.field_a, follow.field_b) == (
        "Follow",
        "many-to-many",
        "followed",
        "follows",
    )
    assert follow.foreign_key is None


def test_no_constraints_without_foreign_keys():
    """Under `relationMode = "prisma"` relations are there and nothing in the database holds to them."""
    text = DATASOURCE.replace("}", ' relationMode = "prisma"\n}')
    text += "model A {\n id Int @id\n bs B[]\n}\nmodel B {\n id Int @id\n as A[]\n}\n"
    (relation,) = analyse([Source("schema.prisma", text)]).schema.relations
    assert relation.join_table is not None
    assert not relation.join_table.is_enforced


def test_layout_and_comments_make_no_difference(schema):
    """Two texts that say the same are equal, hash alike, and show no place of theirs."""
    other = TEXT.replace("  ", "    ").replace("\n\n", "\n// a comment\n\n").replace("model Tag", "\n\nmodel Tag")
    same = analyse([Source("elsewhere.prisma", other)]).schema
    assert same == schema
    assert hash(same) == hash(schema)
    assert repr(same) == repr(schema)
    assert same.model("Tag").span != schema.model("Tag").span
    assert analyse([Source("schema.prisma", TEXT.replace("VarChar(255)", "Text"))]).schema != schema


def test_a_schema_can_be_copied(schema):
    """Pickled and deeply copied, it is equal and still finds by name."""
    for twin in (pickle.loads(pickle.dumps(schema)), copy.deepcopy(schema)):
        assert twin == schema
        assert twin.model("User").field("boss") == schema.model("User").field("boss")


def test_a_schema_can_be_made_without_a_text():
    """Introspection builds one by hand: only what is said needs to be given."""
    made = Schema(models=(Model("A", (ScalarField("id", "scalar", "Int"),)),))
    assert made.model("A").scalar("id").span is None
    read = analyse([Source("a", DATASOURCE + "model A {\n id Int @id\n}\n")]).schema
    key = PrimaryKey((IndexField("id"),), "A_pkey", is_on_field=True)
    assert read == replace(made, models=(replace(made.models[0], primary_key=key),), datasource=read.datasource)


def test_the_files_of_a_folder_are_one_schema():
    """Relations and enums join across files, and each thing knows its file."""
    files = {
        "b.prisma": 'datasource db {\n  provider = "postgresql"\n}\n\nmodel A {\n  id Int @id\n  b  B[]\n}\n',
        "a.prisma": "model B {\n  id  Int @id\n  aId Int\n  a   A   @relation(fields: [aId], references: [id])\n  e   E\n}\n",
        "c.prisma": "enum E {\n  x\n}\n",
    }
    schema = analyse([Source(path, text) for path, text in files.items()]).schema
    assert schema.relation("A", "b").foreign_key.database_name == "B_aId_fkey"
    assert schema.model("B").span.source.path == "a.prisma"
    assert schema.enum("E").span.where() == "c.prisma:1:1"
