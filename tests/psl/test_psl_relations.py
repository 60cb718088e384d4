"""Relations: which fields belong together, of which kind, and what is wrong with them on which line.

Every verdict and line here is Prisma's own, taken from its parser; the conformance tests compare many more.
"""

import pytest

from pgready.psl.analyse import analyse
from pgready.psl.source import Source

DATASOURCE = 'datasource db {\n  provider = "postgresql"\n}\n'
EMULATED = 'datasource db {\n  provider = "postgresql"\n  relationMode = "prisma"\n}\n'
VIEWS = 'generator client {\n  provider = "prisma-client"\n  previewFeatures = ["views"]\n}\n'


def judged(models: str, head: str = DATASOURCE):
    """The analysis of `models`, whose lines count from 1."""
    found = analyse([Source("models.prisma", models), Source("head.prisma", head)])
    told = [(each.code, each.span.source.position(each.span.start)[0]) for each in found.diagnostics]
    return found, told


def model(name: str, *lines: str, kind: str = "model") -> str:
    return f"{kind} {name} {{\n" + "".join(f"  {line}\n" for line in lines) + "}\n"


USER = model("User", "id Int @id", "posts Post[]")


@pytest.mark.parametrize(
    ("models", "kind", "side_a"),
    [
        (
            USER + model("Post", "id Int @id", "u User @relation(fields: [k], references: [id])", "k Int"),
            "one-to-many",
            ("Post", "u"),
        ),
        (
            model("A", "id Int @id", "b B?") + model("B", "a A @relation(fields: [k], references: [id])", "k Int @id"),
            "one-to-one",
            ("B", "a"),
        ),
        # Both optional: the side with `fields` is A, wherever it stands.
        (
            model("A", "id Int @id", "b B? @relation(fields: [k], references: [k])", "k Int? @unique")
            + model("B", "k Int @id", "a A?"),
            "one-to-one",
            ("A", "b"),
        ),
        (
            model("A", "id Int @id", "b B?")
            + model("B", "i Int @id", "a A? @relation(fields: [k], references: [id])", "k Int? @unique"),
            "one-to-one",
            ("B", "a"),
        ),
        # Many-to-many: the first model by name, in a model's relation to itself the first field.
        (model("Z", "id Int @id", "as A[]") + model("A", "id Int @id", "zs Z[]"), "many-to-many", ("A", "zs")),
        (model("a", "id Int @id", "bs B[]") + model("B", "id Int @id", "as a[]"), "many-to-many", ("B", "as")),
        (
            model("A", "id Int @id", 'zs A[] @relation("x")', 'bs A[] @relation("x")'),
            "many-to-many",
            ("A", "bs"),
        ),
        (
            model(
                "A",
                "id Int @id",
                "k Int?",
                'up A? @relation("x", fields: [k], references: [id])',
                'down A[] @relation("x")',
            ),
            "one-to-many",
            ("A", "up"),
        ),
    ],
)
def test_kind_and_side_a(models, kind, side_a):
    """Arities, `fields` and names decide, in this order."""
    found, told = judged(models)
    assert told == []
    (relation,) = found.schema.relations
    assert (relation.kind, (relation.model_a, relation.field_a)) == (kind, side_a)


def test_a_name_may_be_given_on_one_side_only_if_it_is_prismas_own():
    """`PostToUser` written on one side is not the unwritten `PostToUser` of the other: two halves, and Prisma says so."""
    post = model("Post", "id Int @id", 'u User @relation("PostToUser", fields: [k], references: [id])', "k Int")
    _, told = judged(USER + post)
    assert told == [("relation-opposite-missing", 3), ("relation-opposite-missing", 7)]


POST = ("id Int @id", "k Int", "l Int")


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        # What the attribute says.
        (
            USER + model("Post", *POST, "u User @relation(fields: [kk], references: [id])"),
            [("relation-field-unknown", 9)],
        ),
        (
            USER + model("Post", *POST, "u User @relation(references: [nope], fields: [k])"),
            [("relation-field-unknown", 9)],
        ),
        (
            USER + model("Post", *POST, "u User @relation(references: [id], fields: [u])"),
            [("relation-field-not-scalar", 9)],
        ),
        (
            USER + model("Post", *POST, "u User @relation(fields: [k, k], references: [id])"),
            [("relation-field-repeated", 9)],
        ),
        (
            USER + model("Post", *POST, "u User @relation(fields: [k], references: [id], onDelete: cascade)"),
            [("relation-action-unknown", 9)],
        ),
        (
            USER + model("Post", *POST, 'u User @relation("", fields: [k], references: [id])'),
            [("relation-name-empty", 9)],
        ),
        (
            USER + model("Post", *POST, 'u User @relation(fields: [k], references: [id], map: "")'),
            [("relation-map-empty", 9)],
        ),
        (
            USER + model("Post", *POST, f'u User @relation(fields: [k], references: [id], map: "{"x" * 64}")'),
            [("constraint-name-length", 9)],
        ),
        # Several things at once are all told.
        (
            USER + model("Post", "id Int @id", "k String?", "u User @relation(fields: [k], references: [id])"),
            [("relation-arity", 8), ("relation-type-mismatch", 8)],
        ),
        # A required one-to-one relation on both sides is told only when all else is right.
        (
            model("A", "id Int @id", "b B") + model("B", "a A @relation(fields: [k], references: [id])", "k Int @id"),
            [("relation-one-to-one-required", 6)],
        ),
        (
            model("A", "id Int @id", "b B?")
            + model("B", "a A @relation(fields: [k], references: [id])", "k Int", "i Int @id"),
            [("relation-one-to-one-unique", 6)],
        ),
        (
            model("A", "id Int @id", "b B[] @relation(onDelete: Cascade)")
            + model("B", "id Int @id", "a A[] @relation(references: [id])"),
            [("many-to-many-action", 3), ("many-to-many-references", 7)],
        ),
        (
            model("A", "id Int @id", "b B[]") + model("B", "id Int", "x Int", "a A[]", "@@id([id, x])"),
            [("many-to-many-id", 3)],
        ),
    ],
)
def test_what_is_wrong_is_told_on_prismas_line(models, expected):
    """The code says what, the line is the one that Prisma points at."""
    assert sorted(judged(models)[1]) == sorted(expected)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("a User?", "b User?"), "relation-ambiguous"),
        (("a User?", "b User?", "c User[]"), "relation-ambiguous"),
        (('a User? @relation("x")', 'b User? @relation("x")', 'c User[] @relation("x")'), "relation-name-repeated"),
    ],
)
def test_fields_that_cannot_be_told_apart(lines, code):
    """The first of them is told, and nothing that comes after it."""
    after = model("Post", "id Int", "u String @db.Integer")
    _, told = judged(model("User", "id Int @id", *lines) + after)
    assert told == [(code, 3)]


def test_two_named_alike_in_a_model_of_their_own():
    """A relation of a model to itself has two fields of one name: that is how it is meant."""
    lines = ('a User? @relation("x", fields: [k], references: [id])', 'b User? @relation("x")', "k Int? @unique")
    found, told = judged(model("User", "id Int @id", *lines))
    assert told == []
    assert found.schema.relation("User", "b").field_a == "a"


def chain(last: str) -> str:
    """A → B → C → A, each by a required column; `last` are the actions of the third."""
    text = ""
    for here, there, actions in (("A", "B", ""), ("B", "C", ""), ("C", "A", last)):
        before = {"A": "C", "B": "A", "C": "B"}[here]
        text += model(
            here,
            "id Int @id",
            "k Int",
            f'n {there} @relation("{here}", fields: [k], references: [id]{actions})',
            f'p {before}[] @relation("{before}")',
            "@@index([k])",
        )
    return text


def test_cascades_in_a_circle():
    """Each relation of the circle is told with the way round; PostgreSQL itself minds no circles."""
    found, told = judged(chain(""), EMULATED)
    assert told == [("relation-cycle", 4), ("relation-cycle", 11), ("relation-cycle", 18)]
    assert "`A.n` → `B.n` → `C.n`" in found.diagnostics[0].message
    assert judged(chain(""))[1] == []
    assert judged(chain(", onDelete: Restrict, onUpdate: Restrict"), EMULATED)[1] == []
    assert len(judged(chain(", onDelete: Restrict"), EMULATED)[1]) == 3


def test_cascades_into_a_model_that_cascades_to_itself():
    """Who leads into an endless cascade is told as well."""
    page = model(
        "Page",
        "id Int @id",
        "k Int?",
        'up Page? @relation("x", fields: [k], references: [id])',
        'down Page[] @relation("x")',
        "notes Note[]",
        "@@index([k])",
    )
    note = model("Note", "id Int @id", "k Int", "page Page @relation(fields: [k], references: [id])", "@@index([k])")
    assert judged(page + note, EMULATED)[1] == [("relation-cycle-self", 4), ("relation-cycle", 12)]


def test_circles_without_end_are_told_without_end():
    """Two thousand relations in one circle are an answer, not an overflow."""
    size = 2_000
    models = "".join(
        model(
            f"M{at}",
            "id Int @id",
            "k Int",
            f'n M{(at + 1) % size} @relation("r{at}", fields: [k], references: [id])',
            f'p M{at - 1 if at else size - 1}[] @relation("r{at - 1 if at else size - 1}")',
            "@@index([k])",
        )
        for at in range(size)
    )
    found, told = judged(models, EMULATED)
    assert len(told) == size
    assert max(len(each.message) for each in found.diagnostics) < 300


def test_views_take_part_in_relations_but_not_in_join_tables():
    """A foreign key to or from a view is not enforced; many-to-many it cannot be."""
    view = model("V", "id Int @unique", "k Int", "u User? @relation(fields: [k], references: [id])", kind="view")
    found, told = judged(model("User", "id Int @id", "vs V[]") + view, DATASOURCE + VIEWS)
    assert told == []
    assert not found.schema.relation("V", "u").foreign_key.is_enforced
    many = model("User", "id Int @id", "vs V[]") + model("V", "id Int @unique", "us User[]", kind="view")
    assert {code for code, _ in judged(many, DATASOURCE + VIEWS)[1]} == {"many-to-many-view", "many-to-many-id"}


def test_hints_can_be_pasted():
    """What to write instead keeps the names that are there."""
    post = model("Post", "id Int @id", "author User?", "authorId Int?")
    found, _ = judged(USER + post)
    assert {each.help for each in found.diagnostics} == {
        "write `author User? @relation(fields: [authorId], references: [id])`"
    }
    post = model("Post", "id Int @id", "author User @relation(fields: [author], references: [id])", "authorId Int")
    assert [each.help for each in judged(USER + post)[0].diagnostics] == ["did you mean `authorId`?"]
