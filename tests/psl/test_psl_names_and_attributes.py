"""Names, types of fields, attributes and their arguments."""

import pytest

from fix_schema import field_codes, fields, helped, told


@pytest.mark.parametrize(
    ("schema", "found"),
    [
        ("model A {\n  id Int @id\n}\nmodel A {\n  id Int @id\n}\n", [(4, "name-repeated")]),
        ("model A {\n  id Int @id\n}\nenum A {\n  X\n}\n", [(4, "name-repeated")]),
        ("model A {\n  id Int @id\n  id Int\n}\n", [(3, "field-repeated")]),
        ("enum A {\n  X\n  X\n}\n", [(3, "enum-value-repeated")]),
        ("enum A {\n}\n", [(1, "enum-empty")]),
        ("model Int {\n  id String @id\n}\n", [(1, "name-scalar")]),
        ("model async {\n  id Int @id\n}\n", [(1, "name-reserved")]),
        ("enum async {\n  A\n}\n", [(1, "name-reserved")]),
        ("model A-B {\n  id Int @id\n}\n", [(1, "name-hyphen")]),
        ("model 1A {\n  id Int @id\n}\n", [(1, "name-digit")]),
        ("model A {\n  id Int @id\n  a-b Int\n}\n", [(3, "name-hyphen")]),
        ("enum A {\n  1a\n}\n", [(2, "name-digit")]),
        ("model A {\n  id Int @id\n}\ntype T {\n  a Int\n}\n", [(4, "composite-type")]),
        ("type T {\n  t T\n}\n", [(1, "composite-type"), (2, "composite-cycle")]),
        ("type T {\n  t T?\n}\n", [(1, "composite-type")]),
        ("model A {\n  id Int @id\n}\ntype T {\n  a A\n}\n", [(5, "composite-relation")]),
        ('enum A {\n  X\n  @@map("e")\n}\nenum B {\n  X\n  @@map("e")\n}\n', [(5, "enum-database-name")]),
        ('model A {\n  a Int\n  b Int\n  @@id([a, b], name: "a")\n}\n', [(1, "client-name-clash")]),
    ],
)
def test_names(schema, found):
    """Told once, where the second or the wrong name stands."""
    assert [each for each in told(schema) if each[1] != "id-name-field"] == found


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("string", "did you mean `String`?"),
        ("thing", "did you mean `Thing`?"),
        ("DateTme", "did you mean `DateTime`?"),
        (
            "Geometry",
            'define it, or write `Unsupported("Geometry")` for a type of the database that Prisma does not know',
        ),
    ],
)
def test_unknown_types(name, hint):
    """The case is forgiven first, then the spelling."""
    assert helped(fields(f"f {name}")) == hint


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ('f Int @map("x")', []),
        ('f Int @map(name: "x")', []),
        ("f Int @map", ["argument-missing"]),
        ("f Int @map(x)", ["value-type"]),
        ('f Int @map("x", "y")', ["arguments-unnamed"]),
        ('f Int @map("x", name: "y")', ["argument-repeated"]),
        ('f Int @map(name: "x", name: "y")', ["argument-repeated"]),
        ('f Int @map("x", foo: 1)', ["argument-unknown"]),
        ('f Int @map("x",)', ["argument-trailing-comma"]),
        ("f Int @map(name:)", ["argument-value-missing"]),
        ('f Int @map("x") @map("y")', ["attribute-repeated", "attribute-repeated"]),
        ('f Int @map("id")', ["map-field-clash"]),
        ("f Int @foo", ["attribute-unknown"]),
        ("f Int @ignore(1)", ["argument-unknown"]),
        ('f Unsupported("x")? @ignore', ["ignore-unsupported"]),
        ("f DateTime @updatedAt", []),
        ("f String @updatedAt", ["updated-at-type"]),
        ("f DateTime[] @updatedAt", ["updated-at-list"]),
        ("f Int @relation", ["relation-on-scalar"]),
    ],
)
def test_attributes_of_fields(line, codes):
    """Arguments are held to the same rules everywhere."""
    assert field_codes(line) == codes


@pytest.mark.parametrize(
    ("attribute", "code"),
    [
        ("@id", "relation-field-id"),
        ("@unique", "relation-field-unique"),
        ("@default(1)", "relation-field-default"),
        ('@map("x")', "relation-field-map"),
        ("@db.Text", "attribute-unknown"),
        ("@ignore", None),
    ],
)
def test_attributes_of_relation_fields(attribute, code):
    """A relation field has no column, so that what a column has cannot stand there."""
    schema = (
        "model A {\n  id Int @id\n  bs B[]\n}\nmodel B {\n  id Int @id\n  aId Int\n"
        f"  a A @relation(fields: [aId], references: [id]) {attribute}\n}}\n"
    )
    assert told(schema) == ([(8, code)] if code else [])


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("f Int @uniqe", "did you mean `@unique`?"),
        ("f Int @Default(1)", "did you mean `@default`?"),
        ("f Int @map(x)", 'put it in double quotes: `"x"`'),
        ("f-g Int", 'write `f_g`; `@map("f-g")` keeps the name in the database'),
    ],
)
def test_what_to_write_instead(line, hint):
    """The help names the fix."""
    assert helped(fields(line)) == hint


def test_a_field_of_an_ignored_model_is_not_ignored_again():
    """`@@ignore` covers all of it."""
    assert told("model A {\n  id Int @id\n  a Int @ignore\n  @@ignore\n}\n") == [(3, "ignore-twice")]


def test_a_name_that_was_given_up_is_free():
    """A field may take the column name of another one that is mapped elsewhere."""
    assert field_codes('a Int @map("b")', 'b Int @map("a")') == ["map-field-clash"]
    assert field_codes('b Int @map("a")', "c Int", 'd Int @map("b")') == []
