"""Rules for the types of fields."""

from pgready.psl.rules.rule import Rule

_SOURCE = 'datasource db {\n  provider = "postgresql"\n}\n'


def _user(*lines: str) -> str:
    return "model User {\n  id Int @id\n" + "".join(f"  {line}\n" for line in lines) + "}\n"


_JSON = _user("address Json")

RULES: tuple[Rule, ...] = (
    Rule(
        "type-unknown",
        "Nobody knows the type of a field",
        "A type is built in (`String`, `Boolean`, `Int`, `BigInt`, `Float`, `Decimal`, `DateTime`, `Json`, `Bytes`), "
        "or a model, view or enum of the schema. A type that only the database knows is written `Unsupported(…)`.",
        bad=_user("name string"),
        good=_user("name String"),
    ),
    Rule(
        "unsupported-known",
        "`Unsupported` hides a type that Prisma knows",
        "Fields of unsupported types are not in the client. A type that has a native type is written with it.",
        bad=_user('name Unsupported("VarChar(20)")'),
        good=_user("name String @db.VarChar(20)"),
    ),
    Rule(
        "composite-type",
        "The schema has a composite type",
        "Prisma has composite types (`type X { … }`) on MongoDB only. On PostgreSQL a model with a relation does the "
        "same, or a field of type `Json`.",
        bad="type Address {\n  street String\n}\n" + _user("address Address"),
        good=_JSON,
    ),
    Rule(
        "composite-cycle",
        "A composite type holds itself without end",
        "A value of such a type could never be finished.",
        bad="type Address {\n  other Address\n}\n" + _user(),
        good=_JSON,
    ),
    Rule(
        "composite-relation",
        "A composite type holds a relation",
        "Only models have relations.",
        bad="type Address {\n  owner User\n}\n" + _user(),
        good=_JSON,
    ),
    Rule(
        "decimal-without-datasource",
        "A field is a `Decimal`, and there is no datasource",
        "Not every database has decimal numbers, so Prisma takes them only with a `datasource` block.",
        bad="// a schema without a datasource block\n" + _user("price Decimal"),
        good=_SOURCE + _user("price Decimal"),
    ),
    Rule(
        "list-without-datasource",
        "A field is a list, and there is no datasource",
        "Not every database has arrays, so Prisma takes lists only with a `datasource` block.",
        bad="// a schema without a datasource block\n" + _user("tags String[]"),
        good=_SOURCE + _user("tags String[]"),
    ),
)
