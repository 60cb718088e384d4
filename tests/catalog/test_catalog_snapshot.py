"""Snapshot files: broken ones are refused in words; an aggregate is a statement that the server takes."""

import json

import pytest

from pgready.catalog.fingerprint import FORMAT, fingerprint, from_json, to_json
from pgready.catalog.model import Catalog, Enum, Schema
from pgready.catalog.names import ObjectName
from pgready.catalog.types import DataType
from pgready.errors import UsageInvalid

HEAD = '{"pgready_catalog": 1, "catalog": '


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("[]", '"pgready_catalog"'),
        ('{"pgready_catalog": true}', '"pgready_catalog"'),
        ('{"pgready_catalog": 1}', "catalog is no object"),
        (HEAD + '{"tabels": []}}', "unknown field tabels"),
        (HEAD + '{"schemas": {}}}', "catalog.schemas is no list"),
        (HEAD + '{"schemas": [{}]}}', "lacks the field name"),
        (HEAD + '{"schemas": [{"name": 1}]}}', "catalog.schemas[0].name is not of type str"),
        (HEAD + '{"enums": [{"name": ["a"], "labels": []}]}}', "is no list of 2"),
        (
            HEAD + '{"functions": [{"name": ["a", "b"], "arguments": "", "kind": "x", "definition": ""}]}}',
            "kind is none of function, procedure, aggregate, window",
        ),
    ],
)
def test_broken_snapshot(text, told):
    """What is no snapshot is refused with the place that is wrong, and the file's name."""
    with pytest.raises(UsageInvalid) as caught:
        from_json(text, "before.json")
    assert told in caught.value.what
    assert caught.value.where == "before.json"


def test_newer_snapshot():
    """A snapshot of a newer pgready is told as such."""
    with pytest.raises(UsageInvalid, match="up to") as caught:
        from_json(json.dumps({"pgready_catalog": FORMAT + 1, "catalog": {}}))
    assert caught.value.code == "snapshot_newer"


def test_defaults_are_left_out():
    """An empty catalog is an empty object, so what the model learns later changes no old fingerprint."""
    assert json.loads(to_json(Catalog())) == {"pgready_catalog": FORMAT, "catalog": {}}
    assert fingerprint(Catalog()) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    one = Catalog(schemas=(Schema("é"),), enums=(Enum(ObjectName("é", "b"), ("x", "y")),))
    assert from_json(to_json(one)) == one
    assert fingerprint(one) != fingerprint(Catalog(schemas=one.schemas))


@pytest.mark.parametrize(
    ("name", "modifier", "spelled"),
    [
        ("varchar", "255", "character varying(255)"),
        ("bpchar", "3", "character(3)"),
        ("bpchar", "", '"bpchar"'),
        ("bit", "", '"bit"'),
        ("bit", "4", "bit(4)"),
        ("char", "", '"char"'),
        ("timestamptz", "3", "timestamp(3) with time zone"),
        ("interval", "day to second(3)", "interval day to second(3)"),
        ("interval", "2", "interval(2)"),
    ],
)
def test_type_spelling(name, modifier, spelled):
    """A type's SQL means the same type again, also where the standard spelling would mean length 1."""
    assert DataType(ObjectName("pg_catalog", name), modifier).sql == spelled


@pytest.mark.matrix
def test_aggregates_are_made_again(rich, rich_database, read):
    """Dropped and made again by their composed statements, all aggregates are as before."""
    before = read(rich_database)
    found = [one for one in before.functions if one.kind == "aggregate"]
    assert len(found) == 3
    rich_database.query("DROP AGGREGATE product(numeric); DROP AGGREGATE every_row(*);"
                        ' DROP AGGREGATE my_percentile(float8 ORDER BY "any")')  # fmt: skip
    for one in found:
        rich_database.query(one.definition)
    again = [one for one in read(rich_database).functions if one.kind == "aggregate"]
    assert [one.definition for one in again] == [one.definition for one in found]


@pytest.mark.matrix
def test_types_are_made_again(rich, rich_database, read):
    """A table of columns by their types' own SQL has the same types again."""
    for table in rich.tables:
        columns = ", ".join(f"c{number} {one.type.sql}" for number, one in enumerate(table.columns))
        rich_database.query(f"DROP TABLE IF EXISTS again; CREATE TABLE again ({columns})")
        again = next(one for one in read(rich_database, ["public"]).tables if one.name.name == "again")
        assert [one.type for one in again.columns] == [one.type for one in table.columns]
