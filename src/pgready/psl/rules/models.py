"""Rules for models as tables: a key, a table and a schema of their own."""

from pgready.psl.rules.rule import Rule

_SCHEMAS = 'datasource db {\n  provider = "postgresql"\n  schemas  = ["public", "audit"]\n}\n'

RULES: tuple[Rule, ...] = (
    Rule(
        "model-without-key",
        "A model has no key of required fields",
        "The client must be able to tell one row from another: by `@id`, `@unique`, `@@id` or `@@unique` over fields "
        "that are neither optional nor `Unsupported`. A table that the client need not read can have `@@ignore`.",
        bad="model Log {\n  line String\n  at   DateTime? @unique\n}\n",
        good="model Log {\n  id   BigInt @id @default(autoincrement())\n  line String\n}\n",
    ),
    Rule(
        "model-table-taken",
        "Two models are mapped to the same table",
        "Each model, and each view, is one table of its schema. The names of the tables count, not those of "
        "the models.",
        bad='model User {\n  id Int @id\n}\nmodel Person {\n  id Int @id(map: "person_pk")\n\n  @@map("User")\n}\n',
        good='model User {\n  id Int @id\n}\nmodel Person {\n  id Int @id\n\n  @@map("people")\n}\n',
    ),
    Rule(
        "schema-unknown",
        "A model is in a schema that the datasource does not list",
        "`@@schema` takes one of the names in `schemas = […]` of the datasource, in the same spelling.",
        bad=_SCHEMAS + 'model User {\n  id Int @id\n\n  @@schema("publik")\n}\n',
        good=_SCHEMAS + 'model User {\n  id Int @id\n\n  @@schema("public")\n}\n',
    ),
    Rule(
        "schema-missing",
        "A model does not say which schema it is in",
        "Once the datasource lists `schemas`, every model, view and enum says where it is: there is no default schema.",
        bad=_SCHEMAS + "model User {\n  id Int @id\n}\n",
        good=_SCHEMAS + 'model User {\n  id Int @id\n\n  @@schema("audit")\n}\n',
    ),
    Rule(
        "schema-without-datasource",
        "A model says its schema, and there is no datasource",
        "Not every database has schemas, so Prisma takes `@@schema` only with a `datasource` block that lists them.",
        bad='// a schema without a datasource block\nmodel User {\n  id Int @id\n\n  @@schema("public")\n}\n',
        good=_SCHEMAS + 'model User {\n  id Int @id\n\n  @@schema("public")\n}\n',
    ),
)
