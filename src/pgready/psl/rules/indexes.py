"""Rules for `@unique`, `@@unique`, `@@index` and `@@fulltext`."""

from pgready.psl.rules.partial_indexes import PARTIAL_RULES
from pgready.psl.rules.rule import Rule


def _model(*attributes: str) -> str:
    lines = "".join(f"  {attribute}\n" for attribute in attributes)
    return (
        "model Place {\n  id   Int      @id\n  name String\n  data Json\n  tags String[]\n  at   DateTime\n\n"
        + lines
        + "}\n"
    )


_RELATED = (
    "model Post {\n  id     Int  @id\n  userId Int\n  user   User @relation(fields: [userId], references: [id])\n\n"
)
_USER = "model User {\n  id    Int    @id\n  posts Post[]\n}\n"

RULES: tuple[Rule, ...] = (
    Rule(
        "index-field-unknown",
        "An index lists a field that the model does not have",
        "The list names fields as the model spells them, not columns.",
        bad=_model("@@index([nmae])"),
        good=_model("@@index([name])"),
    ),
    Rule(
        "index-field-relation",
        "An index lists a relation field",
        "A relation field has no column of its own. List the fields of its foreign key.",
        bad=_RELATED + "  @@index([user])\n}\n" + _USER,
        good=_RELATED + "  @@index([userId])\n}\n" + _USER,
    ),
    Rule(
        "index-field-repeated",
        "An index lists a field twice",
        "Prisma takes each column of an index once.",
        bad=_model("@@index([name, at, name])"),
        good=_model("@@index([name, at])"),
    ),
    Rule(
        "index-without-fields",
        "An index lists no fields",
        "An index has one column at least. Expressions can be indexed in a migration's SQL.",
        bad=_model("@@index([])"),
        good=_model("@@index([name])"),
    ),
    Rule(
        "index-name-and-map",
        "An index has both `name` and `map`",
        "A plain index has no name in the client. `name:` of `@@index` is an old spelling of `map:`, its name in the "
        "database.",
        bad=_model('@@index([name], name: "by_name", map: "place_name")'),
        good=_model('@@index([name], map: "place_name")'),
    ),
    Rule(
        "index-length",
        "An index has a `length`",
        "An index on the first characters of a column is a feature of MySQL. In PostgreSQL an index on an expression "
        "does it, made in a migration's SQL.",
        bad=_model("@@index([name(length: 10)])"),
        good=_model("@@index([name])"),
    ),
    Rule(
        "index-fulltext",
        "`@@fulltext` is not for PostgreSQL",
        "Full-text search in PostgreSQL needs no special kind of index in the schema. A GIN index on a tsvector column "
        "or expression makes it fast, made in a migration's SQL.",
        bad=_model("@@fulltext([name])"),
        good=_model("@@index([name])"),
    ),
    Rule(
        "index-type-unknown",
        "There is no such index type",
        "Prisma knows `BTree`, `Hash`, `Gist`, `Gin`, `SpGist` and `Brin`, in this spelling.",
        bad=_model("@@index([name], type: GIST)"),
        good=_model("@@index([name], type: Hash)"),
    ),
    Rule(
        "index-type-column",
        "The index type has no default operator class for the column",
        "Each type of index can hold certain types of columns only: `Gin` holds Json and lists, `SpGist` texts and "
        '`Inet`, `Brin` what has an order. `Gist` always needs an operator class. `ops: raw("…")` names any class that '
        "PostgreSQL, or an extension, has.",
        bad=_model("@@index([at], type: Gin)"),
        good=_model("@@index([data], type: Gin)", '@@index([name(ops: raw("gin_trgm_ops"))], type: Gin)'),
    ),
    Rule(
        "index-type-without-datasource",
        "An index has a type, and there is no datasource",
        "Which types of indexes there are depends on the database, so Prisma takes others than `BTree` only with a "
        "`datasource` block.",
        bad="// a schema without a datasource block\nmodel Place {\n  id Int @id\n\n  @@index([id], type: Hash)\n}\n",
        good='datasource db {\n  provider = "postgresql"\n}\nmodel Place {\n  id Int @id\n\n'
        "  @@index([id], type: Hash)\n}\n",
    ),
    Rule(
        "index-hash-sort",
        "A hash index has a `sort`",
        "A hash index finds equal values and has no order.",
        bad=_model("@@index([name(sort: Desc)], type: Hash)"),
        good=_model("@@index([name], type: Hash)"),
    ),
    Rule(
        "index-spgist-columns",
        "An SP-GiST index has more than one column",
        "PostgreSQL's SP-GiST indexes hold one column each.",
        bad=_model('@@index([name, tags(ops: raw("text_ops"))], type: SpGist)'),
        good=_model("@@index([name], type: SpGist)"),
    ),
    Rule(
        "index-xml",
        "A column of the type Xml is indexed",
        "PostgreSQL cannot compare values of the type xml, so no index or key can hold them.",
        bad="model Page {\n  id   Int    @id\n  body String @db.Xml\n\n  @@index([body])\n}\n",
        good="model Page {\n  id   Int    @id\n  body String @db.Text\n\n  @@index([body])\n}\n",
    ),
    Rule(
        "index-composite-type",
        "A unique index of several fields contains a composite type",
        "Composite types are for MongoDB.",
        bad="type Street {\n  name String\n}\nmodel Place {\n  id     Int    @id\n  street Street\n  number Int\n\n"
        "  @@unique([street, number])\n}\n",
        good="model Place {\n  id     Int    @id\n  street String\n  number Int\n\n  @@unique([street, number])\n}\n",
    ),
    Rule(
        "sort-unknown",
        "There is no such sort order",
        "`sort` is `Asc` or `Desc`, in this spelling.",
        bad=_model("@@index([at(sort: desc)])"),
        good=_model("@@index([at(sort: Desc)])"),
    ),
    Rule(
        "operator-class-unknown",
        "There is no operator class of this name",
        "Prisma has names for the common classes (`JsonbPathOps`, `Int4MinMaxOps`). Every other class of PostgreSQL is "
        'written as SQL spells it: `ops: raw("gin_trgm_ops")`.',
        bad=_model("@@index([data(ops: JsonPathOps)], type: Gin)"),
        good=_model("@@index([data(ops: JsonbPathOps)], type: Gin)"),
    ),
    Rule(
        "operator-class-value",
        "`ops` is not an operator class",
        '`ops` takes the name of a class, or `raw` with one string: `ops: raw("gin_trgm_ops")`.',
        bad=_model('@@index([name(ops: "gin_trgm_ops")], type: Gin)'),
        good=_model('@@index([name(ops: raw("gin_trgm_ops"))], type: Gin)'),
    ),
    Rule(
        "operator-class-place",
        "Only `@@index` takes operator classes",
        "A unique index compares values for equality, which its column's type settles.",
        bad=_model('@@unique([name(ops: raw("text_pattern_ops"))])'),
        good=_model("@@unique([name])", '@@index([name(ops: raw("text_pattern_ops"))])'),
    ),
    Rule(
        "operator-class-index-type",
        "The operator class is for another type of index",
        "Each class belongs to one type of index, or two. An index without `type:` is a `BTree`, for which Prisma has "
        'no named classes; `ops: raw("text_pattern_ops")` names one of PostgreSQL\'s.',
        bad=_model("@@index([data(ops: JsonbPathOps)])"),
        good=_model("@@index([data(ops: JsonbPathOps)], type: Gin)"),
    ),
    Rule(
        "operator-class-column",
        "The operator class is for another type of column",
        "A class works on certain types: `JsonbOps` on Json, `ArrayOps` on lists, `Int4MinMaxOps` on Int. Some need a "
        "native type: `InetOps` works on `String @db.Inet`.",
        bad=_model("@@index([name(ops: ArrayOps)], type: Gin)"),
        good=_model("@@index([tags(ops: ArrayOps)], type: Gin)"),
    ),
    *PARTIAL_RULES,
)
