"""Words that 16 and 17 made keywords, as names: the same catalog on every version, and its texts make it again."""

import pytest

from pgready.catalog.fingerprint import fingerprint
from pgready.catalog.normal import expression, routine_definition

WORDS = ("json", "json_array", "json_object", "json_table", "json_value", "merge_action", "system_user")

# As 14 prints it, and as 18 does.
PRINTED = {
    "column": ("(json > 0)", '("json" > 0)'),
    "of a table": ("(t.json IS NOT NULL)", '(t."json" IS NOT NULL)'),
    "call": ("json_object('{a,b}'::text[])", "\"json_object\"('{a,b}'::text[])"),
    "of a schema": ("s.json_array(1)", 's."json_array"(1)'),
    "type": ("(a)::json", "(a)::json"),
    "type of a schema": ("(a)::s.json", '(a)::s."json"'),
    "array": ("(a)::json[]", "(a)::json[]"),
    "text": ("'json system_user'::text", "'json system_user'::text"),
    "longer": ("json_typeof(jsonb_build_object())", "json_typeof(jsonb_build_object())"),
    "record": ("s.f() r(a json, b json[])", "s.f() r(a json, b json[])"),
    "alias": ("FROM s.t json", 'FROM s.t "json"'),
    "output": ("SELECT a AS json", 'SELECT a AS "json"'),
    "constructor": ("JSON_OBJECT('a' : 1 RETURNING json)", "JSON_OBJECT('a' : 1 RETURNING json)"),
}


@pytest.mark.parametrize("name", PRINTED)
def test_a_name_is_quoted_and_a_type_is_not(name):
    """The old wording becomes the new one, which stays."""
    old, new = PRINTED[name]
    assert expression(old) == new
    assert expression(new) == new


def test_the_head_of_a_function():
    """Its name is quoted; the types of its arguments and the body stay."""
    old = "CREATE OR REPLACE FUNCTION s.json_value(json, a json)\n RETURNS json\n LANGUAGE sql\nAS $$ SELECT json $$"
    assert routine_definition(old) == old.replace("s.json_value", 's."json_value"')


def script():
    """Tables, constraints, indexes, views, types, functions, triggers and policies of these names."""
    found = ["CREATE TABLE k (id int)"]
    for word in WORDS:
        name = f'"{word}"'
        found.append(
            f"CREATE TABLE {name} (id serial PRIMARY KEY, {name} int GENERATED ALWAYS AS IDENTITY, x int REFERENCES {name});"
            f'ALTER TABLE k ADD {name} int, ADD CHECK ({name} > 0), ADD "g_{word}" int GENERATED ALWAYS AS ({name} + 1) STORED;'
            f"CREATE INDEX ON k (({name} + 1)) WHERE {name} > 1; CREATE POLICY {name} ON k USING ({name} > 3);"
            f'CREATE VIEW "v_{word}" AS SELECT {name}, {name} AS x FROM {name} AS {name};'
            f'CREATE TYPE "t_{word}" AS ({name} int); CREATE SCHEMA "s_{word}";'
            f'CREATE FUNCTION "s_{word}".{name}(json, a int) RETURNS json LANGUAGE sql AS $$ SELECT $1 $$;'
            f'CREATE FUNCTION "f_{word}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;'
            f"CREATE TRIGGER {name} BEFORE UPDATE OF {name} ON k FOR EACH ROW WHEN (new.{name} > 0)"
            f' EXECUTE FUNCTION "f_{word}"()'
        )
    return ";".join(found)


@pytest.mark.matrix
def test_one_fingerprint_on_every_version(database, read):
    """One value for 14, 15, 16, 17 and 18."""
    database.query(script())
    assert fingerprint(read(database)) == "6ff83984cd8479b0cc924314fa6540d7b73ff1a9c7bfd52638d7796e3f0ae0a8"
