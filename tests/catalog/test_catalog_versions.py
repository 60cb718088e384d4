"""The same structure is the same catalog on every server version; what only new versions have is read there."""

import pytest

from pgready.catalog.fingerprint import fingerprint, from_json, to_json
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Generated, NotNull

pytestmark = pytest.mark.matrix

# Of tests/catalog/rich.sql; one value for 14, 15, 16, 17 and 18. It changes only with the script or the model.
GOLDEN = "f6d15af283e124a5bd7a82ba9d4cfed9a6adb450ac9226458f6a5782518b4916"


def test_golden_fingerprint(rich):
    """Every server version gives the rich database one and the same fingerprint."""
    assert fingerprint(rich) == GOLDEN


def test_snapshot_file_round_trip(rich):
    """A snapshot file gives back the value that it was made of, and the same text again."""
    text = to_json(rich)
    assert from_json(text) == rich
    assert to_json(from_json(text)) == text


def table(catalog, name):
    """The table of this name in the schema public."""
    return next(one for one in catalog.tables if one.name == ObjectName("public", name))


def test_since_15(server, database, read):
    """NULLS NOT DISTINCT, columns of ON DELETE SET NULL, security_invoker and an unlogged sequence are read."""
    if server.major < 15:
        pytest.skip("PostgreSQL 15 has these")
    database.query(
        """
        CREATE TABLE a (id int PRIMARY KEY, x int, y int, UNIQUE (id, x));
        CREATE TABLE b (x int, y int, z text UNIQUE NULLS NOT DISTINCT,
            FOREIGN KEY (x, y) REFERENCES a (id, x) ON DELETE SET NULL (y));
        CREATE UNIQUE INDEX b_x ON b (x) NULLS NOT DISTINCT;
        CREATE VIEW v WITH (security_invoker = true) AS SELECT x FROM b;
        CREATE UNLOGGED SEQUENCE s;
        CREATE UNLOGGED TABLE u (id serial);
        """
    )
    catalog = read(database)
    b = table(catalog, "b")
    assert b.foreign_keys[0].set_columns == ("y",)
    assert [key.index.nulls_not_distinct for key in b.uniques] == [True]
    assert [index.nulls_not_distinct for index in b.indexes] == [True]
    assert catalog.views[0].options == ("security_invoker=true",)
    assert [(one.name.name, one.unlogged) for one in catalog.sequences] == [("s", True), ("u_id_seq", False)]


def test_maintain_is_part_of_all(server, catalog_server, database, read):
    """GRANT ALL is "ALL" with or without MAINTAIN, which 17 added; MAINTAIN alone is told by its name."""
    database.query("CREATE TABLE a (id int); GRANT ALL ON a TO catalog_app")
    assert [(one.role, one.privilege) for one in table(read(database), "a").grants] == [("catalog_app", "ALL")]
    if server.major >= 17:
        database.query("REVOKE ALL ON a FROM catalog_app; GRANT MAINTAIN ON a TO catalog_app")
        assert [(one.role, one.privilege) for one in table(read(database), "a").grants] == [("catalog_app", "MAINTAIN")]


def test_since_17(server, database, read):
    """A partition's identity is its parent's, and an exclusion constraint of a partitioned table is the parent's too."""
    if server.major < 17:
        pytest.skip("PostgreSQL 17 has these")
    database.query(
        """
        CREATE TABLE p (id int GENERATED ALWAYS AS IDENTITY, at int4range, EXCLUDE USING gist (at WITH =))
            PARTITION BY RANGE (at);
        CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM ('[0,1)') TO ('[10,11)');
        """
    )
    catalog = read(database)
    assert table(catalog, "p").columns[0].identity.always
    assert table(catalog, "p_1").columns[0].identity is None
    assert [one.is_local for one in table(catalog, "p").exclusions] == [True]
    assert [one.is_local for one in table(catalog, "p_1").exclusions] == [False]


def test_since_18(server, database, read):
    """Virtual columns, named NOT NULL, NOT ENFORCED and temporal keys are read."""
    if server.major < 18:
        pytest.skip("PostgreSQL 18 has these")
    database.query(
        """
        CREATE TABLE a (id int4range, during tstzrange, twice int GENERATED ALWAYS AS (1 + 1),
            x int CONSTRAINT must NOT NULL NO INHERIT, y int, z int NOT NULL,
            CONSTRAINT hope CHECK (x > 0) NOT ENFORCED,
            CONSTRAINT a_key PRIMARY KEY (id, during WITHOUT OVERLAPS));
        ALTER TABLE a ADD CONSTRAINT y_there NOT NULL y NOT VALID;
        CREATE TABLE b (id int4range, during tstzrange, aid int4range,
            CONSTRAINT b_fk FOREIGN KEY (aid, PERIOD during) REFERENCES a (id, PERIOD during),
            CONSTRAINT b_loose FOREIGN KEY (aid, PERIOD during) REFERENCES a (id, PERIOD during) NOT ENFORCED);
        ALTER TABLE a RENAME COLUMN z TO zz;
        """
    )
    catalog = read(database)
    a, b = table(catalog, "a"), table(catalog, "b")
    assert a.column("twice").generated == Generated("(1 + 1)", stored=False)
    assert a.column("x").not_null == NotNull("must", no_inherit=True)
    assert a.column("y").not_null == NotNull("y_there", is_valid=False)
    assert a.column("zz").not_null == NotNull()
    assert [(one.name, one.is_enforced) for one in a.checks] == [("hope", False)]
    assert a.primary_key.without_overlaps
    assert [(one.name, one.period, one.is_enforced) for one in b.foreign_keys] == [
        ("b_fk", True, True),
        ("b_loose", True, False),
    ]
    assert from_json(to_json(catalog)) == catalog


def test_public_schema_is_the_same_untouched(database, read):
    """The schema public has no owner, grant or comment of its own where nobody touched it; what is changed shows."""
    (public,) = read(database).schemas
    assert (public.name, public.owner, public.grants, public.comment) == ("public", "", (), None)
    database.query("REVOKE USAGE ON SCHEMA public FROM PUBLIC; COMMENT ON SCHEMA public IS 'ours'")
    (public,) = read(database).schemas
    assert [(one.role, one.privilege, one.revoked) for one in public.grants] == [("", "USAGE", True)]
    assert public.comment == "ours"
