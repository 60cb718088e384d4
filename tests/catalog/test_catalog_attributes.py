"""Every attribute of every kind of object, as the rich script writes it and the catalog says it."""

from dataclasses import fields, is_dataclass

import pytest

from pgready.catalog.grants import Grant
from pgready.catalog.model import Attribute, Catalog, Domain, Enum, EventTrigger, Extension, Range, Schema, Sequence
from pgready.catalog.names import ObjectName as N
from pgready.catalog.table import (
    Check,
    Column,
    Exclusion,
    ForeignKey,
    Generated,
    Identity,
    Index,
    IndexColumn,
    Key,
    NotNull,
    Partition,
    Policy,
    SequenceOptions,
    Trigger,
)
from pgready.catalog.types import DataType

pytestmark = pytest.mark.matrix

APP, OWNER, ROOT = "catalog_app", "catalog_owner", "postgres"
BIG = 9223372036854775807


def system(name, modifier="", dimensions=0):
    """A type of PostgreSQL's own."""
    return DataType(N("pg_catalog", name), modifier, dimensions)


def named(values, *name):
    """The one of this name."""
    wanted = N(*name) if len(name) == 2 else name[0]
    (found,) = [one for one in values if one.name == wanted]
    return found


def test_schemas_and_extensions(rich):
    """Schemas and extensions; not pgready's own schema, not what extensions own."""
    assert rich.schemas == (
        Schema("Sales & Co", owner=ROOT),
        Schema("billing", "money", OWNER, (Grant(APP, "USAGE"),)),
        Schema("extras", owner=ROOT),
        Schema("public"),
    )
    assert rich.extensions == (Extension("btree_gist", "extras", "1.6", "ours"), Extension("citext", "extras", "1.6"))
    assert not [one for one in rich.functions if one.name.schema == "extras"]


def test_types(rich):
    """Enums, domains, composites and ranges."""
    no_usage = (Grant("", "USAGE", revoked=True),)
    assert rich.enums == (Enum(N("billing", "mood"), ("sad", "so-so", "ok", "happy"), "how it feels", OWNER, no_usage),)
    assert rich.domains == (
        Domain(
            N("billing", "amount"), system("numeric", "12,2"), True, "0", None,
            (Check("not_negative", "(VALUE >= (0)::numeric)", comment="no debts"),), "euros", ROOT,
        ),
        Domain(
            N("public", "code"), system("text"), collation=N("pg_catalog", "C"),
            checks=(Check("short", "(length(VALUE) < 9)", is_valid=False),), owner=ROOT,
        ),
    )  # fmt: skip
    (address,) = rich.composites
    assert (address.name, address.comment, address.owner) == (N("public", "address"), "where", ROOT)
    assert address.attributes == (
        Attribute("street", system("text"), N("pg_catalog", "C"), "and number"),
        Attribute("numbers", system("int4", "", 1)),
        Attribute("place", system("point")),
        Attribute("since", system("timestamptz", "3")),
    )
    assert rich.ranges == (
        Range(N("public", "span"), system("float8"), N("public", "spans"),
              difference=N("public", "float8_distance"), owner=ROOT),
        Range(N("public", "words"), system("text"), N("public", "words_multirange"),
              N("pg_catalog", "text_pattern_ops"), N("pg_catalog", "C"), owner=ROOT),
    )  # fmt: skip


def test_sequences(rich):
    """A sequence's options and rights, what owns it; those of identities are not here."""
    line = N("Sales & Co", 'Order "Line"')
    plain = SequenceOptions("integer", 1, 1, 1, 2147483647, 1, cycle=False)
    assert rich.sequences == (
        Sequence(N("Sales & Co", 'Order "Line"_select_seq'), plain, (line, "select"), owner=ROOT),
        Sequence(
            N("public", "counter"), SequenceOptions("smallint", 20, 5, 10, 500, 3, cycle=True), comment="counts",
            owner=ROOT, grants=(Grant(APP, "SELECT", grantable=True), Grant(APP, "USAGE", grantable=True)),
        ),
        Sequence(N("public", "event_id_seq"), SequenceOptions("bigint", 1, 1, 1, BIG, 1, cycle=False),
                 (N("public", "event"), "id"), owner=ROOT),
        Sequence(N("public", "quick_n_seq"), plain, (N("public", "quick"), "n"), owner=ROOT),
    )  # fmt: skip


def test_columns(rich):
    """Types with modifiers, defaults, identity, generated, collation, storage and the rest of a column."""
    table = named(rich.tables, "billing", "customer")
    some = NotNull()
    counter = Identity(
        True, N("billing", "customer_counter"), SequenceOptions("bigint", 100, 10, 1, BIG, 2, cycle=False)
    )
    update = (Grant(APP, "UPDATE"),)
    assert table.columns[:15] == (
        Column("id", system("int8"), some, identity=counter),
        Column("tenant", system("int4"), some, options=("n_distinct=-0.5",)),
        Column("name", system("varchar", "80"), some, collation=N("pg_catalog", "C"), statistics=500, grants=update),
        Column("email", DataType(N("extras", "citext")), comment="may be shared", grants=update),
        Column("mood", DataType(N("billing", "mood")), default="'ok'::billing.mood"),
        Column("balance", DataType(N("billing", "amount"))),
        Column("tags", system("text", "", 1), some, "'{a,b}'::text[]"),
        Column("grid", system("int4", "", 1)),
        Column("born", system("date"), default="CURRENT_DATE"),
        Column("seen", system("timestamptz", "6"), default="now()"),
        Column("stay", system("interval", "day to second(3)"), default="'1 day 02:00:00'::interval day to second(3)"),
        Column("pause", system("interval", "2")),
        Column("flags", system("bit", "3"), default="'101'::\"bit\""),
        Column("loose", system("bpchar")),
        Column("letter", system("bpchar", "1")),
    )
    data = Column("data", system("jsonb"), default="'{\"a\": [1, 2]}'::jsonb", storage="external", compression="pglz")
    assert table.column("data") == data
    assert table.column("search").generated == Generated(
        "to_tsvector('english'::regconfig, (((name)::text || ' '::text) || COALESCE((email)::text, ''::text)))", True
    )
    assert table.column("fixed").default == "'2020-01-01 10:00:00+00'::timestamp with time zone"
    assert table.column("raw").default == "'\\xdead'::bytea"
    child = named(rich.tables, "public", "child")
    assert [(one.name, one.is_local) for one in child.columns] == [
        ("b", False),
        ("a", True),
        ("c", True),
        ("own", True),
    ]


def test_constraints(rich):
    """Primary keys, uniques, foreign keys, checks and exclusion constraints."""
    customer, line = named(rich.tables, "billing", "customer"), named(rich.tables, "Sales & Co", 'Order "Line"')
    assert customer.primary_key == Key(
        "customer_pkey", ("id",), True,
        Index("customer_pkey", "btree", (IndexColumn("id"),), is_unique=True, comment="its index"), comment="the key",
    )  # fmt: skip
    assert customer.uniques == (
        Key("customer_name_tenant", ("tenant", "name"), False,
            Index("customer_name_tenant", "btree", (IndexColumn("tenant"), IndexColumn("name")), ("email",), True),
            deferrable=True, initially_deferred=True),
    )  # fmt: skip
    assert [(one.name, one.no_inherit, one.comment) for one in customer.checks] == [
        ("customer_born", False, "plausible"),
        ("customer_in", False, None),
        ("customer_kind", True, None),
    ]
    assert customer.checks[2].expression == "(mood = ANY (ARRAY['sad'::billing.mood, 'ok'::billing.mood]))"
    target = N("billing", "customer")
    assert line.foreign_keys == (
        ForeignKey("customer fk", ("customerId",), target, ("id",), "CASCADE", "SET NULL", match_full=True,
                   deferrable=True, initially_deferred=True, comment="who"),
        ForeignKey("later", ("room",), target, ("id",), "SET DEFAULT", "RESTRICT", is_valid=False),
    )  # fmt: skip
    assert line.checks == (
        Check('Order "Line"_quantity_check', "(quantity > 0)"),
        Check("later_check", "(room < 100)", is_valid=False),
    )
    index = Index("no_overlap", "gist", (IndexColumn("room"), IndexColumn("during")), where="(room IS NOT NULL)")
    operators = (N("pg_catalog", "="), N("pg_catalog", "&&"))
    assert line.exclusions == (Exclusion("no_overlap", index, operators, deferrable=True, comment="one at a time"),)
    (notice,) = named(rich.tables, "public", "notice").foreign_keys  # one, although the target has partitions
    assert (notice.target, notice.columns) == (N("public", "event"), ("event_id", "event_at"))
    child = named(rich.tables, "public", "child")
    assert [(one.expression, one.is_local) for one in child.checks] == [("(a > 0)", False)]
    assert child.inherits == (N("public", "parent_b"), N("public", "parent_a"))


def test_indexes(rich):
    """Methods, expressions, operator classes with options, sorting, INCLUDE, WHERE, storage options."""
    c, plain = N("pg_catalog", "C"), IndexColumn
    assert named(rich.tables, "billing", "customer").indexes == (
        Index("customer_brin", "brin", (plain("seen"),), options=("pages_per_range=16",)),
        Index("customer_expressions", "btree", (
            plain("((data ->> 'a'::text))", True), plain("((tenant + 1))", True),
            plain("name", descending=True, nulls_first=True))),
        Index("customer_gin", "gin", (plain("data", False, N("pg_catalog", "jsonb_path_ops")), plain("search"))),
        Index("customer_gist", "gist", (plain("search", options="siglen=128"),)),
        Index("customer_hash", "hash", (plain("name"),)),
        Index("customer_lower", "btree", (plain("lower((name)::text)", True, collation=c, descending=True),
                                          plain("tenant")),
              where="(((balance)::numeric > (0)::numeric) AND (email IS NOT NULL))", comment="by name"),
        Index("customer_ops", "btree", (plain("email", False, N("extras", "citext_pattern_ops")),
                                        plain("name", collation=N("pg_catalog", "POSIX"))),
              ("tenant",), True, options=("fillfactor=80",)),
    )  # fmt: skip
    line = named(rich.tables, "Sales & Co", 'Order "Line"')
    assert (line.primary_key.index.is_cluster, line.indexes[0].is_replica_identity) == (True, True)
    part = named(rich.tables, "public", "event_2020_a")
    assert part.indexes[0].attached_to == N("public", "event_2020_kind_lower_idx")
    assert part.primary_key.index.attached_to == N("public", "event_2020_pkey")


def test_tables(rich):
    """A table's own attributes: options, rights, row security, replica identity, logging, partitions."""
    customer, quick = named(rich.tables, "billing", "customer"), named(rich.tables, "public", "quick")
    assert customer.comment == "who\npays 'us'"
    assert (customer.owner, customer.options) == (OWNER, ("fillfactor=70", "toast.autovacuum_enabled=false"))
    assert (customer.row_security, customer.force_row_security) == (True, True)
    assert customer.grants == (Grant("", "SELECT"), Grant(APP, "INSERT"), Grant(APP, "SELECT"))
    assert (quick.unlogged, quick.replica_identity, quick.access_method) == (True, "full", "heap")
    assert quick.grants == (Grant(APP, "ALL"), Grant(ROOT, "ALL", revoked=True))
    assert named(rich.tables, "Sales & Co", 'Order "Line"').replica_identity == "index"
    assert [(one.name.name, one.partition_key) for one in rich.tables if one.partition_key] == [
        ("event", "RANGE (at)"),
        ("event_2020", "RANGE (at)"),
        ("hashed", "HASH (id, lower((id)::text))"),
        ("listed", "LIST (kind)"),
    ]
    event, first = N("public", "event"), "FOR VALUES FROM ('2020-01-01 00:00:00+00')"
    assert {one.name.name: one.partition for one in rich.tables if one.partition} == {
        "event_2020": Partition(event, f"{first} TO ('2021-01-01 00:00:00+00')"),
        "event_2020_a": Partition(N("public", "event_2020"), f"{first} TO ('2020-05-31 22:00:00+00')"),
        "event_2021": Partition(event, "FOR VALUES FROM ('2021-01-01 00:00:00+00') TO (MAXVALUE)"),
        "event_rest": Partition(event, "DEFAULT"),
        "hashed_0": Partition(N("public", "hashed"), "FOR VALUES WITH (modulus 2, remainder 0)"),
        "listed_some": Partition(N("public", "listed"), "FOR VALUES IN ('sad', NULL)"),
    }
    part = named(rich.tables, "public", "event_2020_a")
    assert [part.primary_key.is_local, part.foreign_keys[0].is_local, part.checks[0].is_local] == [False] * 3
    assert part.triggers == ()


def test_triggers_policies_and_event_triggers(rich):
    """Triggers with their state, policies with their roles, event triggers with their tags."""
    customer, quick = named(rich.tables, "billing", "customer"), named(rich.tables, "public", "quick")
    assert [(one.name, one.enabled, one.comment) for one in customer.triggers] == [
        ("rows_of", "always", None),
        ("stamp_it", "origin", "when changed"),
    ]
    late = ("CREATE CONSTRAINT TRIGGER late AFTER INSERT ON public.quick DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
            " EXECUTE FUNCTION public.stamp('an', 'argument')")  # fmt: skip
    assert quick.triggers == (Trigger("late", late, "disabled"),)
    assert customer.policies[0].using.startswith("(EXISTS ( SELECT 1")
    assert (customer.policies[0].permissive, customer.policies[0].roles) == (False, ())
    using = "(tenant = (current_setting('app.tenant'::text))::integer)"
    assert customer.policies[1] == Policy("own_rows", "UPDATE", True, (APP,), using, "(tenant > 0)", "tenants")
    tags = ("ALTER TABLE", "DROP TABLE")
    assert rich.event_triggers == (
        EventTrigger("guard_ddl", "ddl_command_end", tags, N("public", "guard"), "disabled", "guards", ROOT),
    )


def test_views(rich):
    """Views with their columns, options, defaults and triggers; a materialized view with its index."""
    updatable, stored = named(rich.views, "public", "updatable"), named(rich.views, "public", "stored")
    assert updatable.definition == "SELECT id,\n    body\n   FROM public.quick\n  WHERE (body IS NOT NULL)"
    assert updatable.options == ("check_option=local", "security_barrier=true")
    body = updatable.columns[1]
    assert (body.name, body.type, body.default, body.comment) == (
        "body",
        system("text"),
        "'view''s'::text",
        "its column",
    )
    assert (body.grants, updatable.grants) == ((Grant(APP, "UPDATE"),), (Grant(APP, "SELECT"),))
    assert (updatable.comment, updatable.owner, updatable.triggers[0].name) == ("a view", ROOT, "instead")
    assert (stored.is_materialized, stored.is_populated, stored.options) == (True, False, ("fillfactor=60",))
    assert stored.indexes == (Index("stored_tenant", "btree", (IndexColumn("tenant"),), is_unique=True),)
    assert (updatable.is_materialized, updatable.is_populated) == (False, True)


def test_functions(rich):
    """Functions, overloaded ones apart, procedures and aggregates with all that their definition says."""
    assert [(one.name.name, one.arguments, one.kind) for one in rich.functions] == [
        ("every_row", "", "aggregate"),
        ("float8_distance", "double precision, double precision", "function"),
        ("guard", "", "function"),
        ("modern", "integer, billing.mood", "function"),
        ("my_percentile", 'double precision, "any"', "aggregate"),
        ("product", "numeric", "aggregate"),
        ("refresh", "boolean, integer", "procedure"),
        ("stamp", "", "function"),
        ("total", "integer, numeric[]", "function"),
        ("total", "text", "function"),
    ]
    by_name = {one.name.name: one for one in rich.functions}
    stamp, product = by_name["stamp"], by_name["product"]
    assert (stamp.comment, stamp.owner, stamp.grants) == ("stamps", ROOT, (Grant("", "EXECUTE", revoked=True),))
    assert "SECURITY DEFINER\n SET search_path TO 'pg_catalog', 'pg_temp'\n" in stamp.definition
    assert product.comment == "multiplies"
    assert product.definition == (
        'CREATE AGGREGATE "public"."product"(numeric) (\n    SFUNC = numeric_mul,\n    STYPE = numeric,\n'
        "    COMBINEFUNC = numeric_mul,\n    INITCOND = '1',\n    PARALLEL = SAFE\n)"
    )


def test_the_rich_script_uses_every_field(rich):
    """No field of the model has its default everywhere in the rich database, but those of newer versions."""
    newer = {
        "nulls_not_distinct",
        "set_columns",
        "without_overlaps",
        "period",
        "is_enforced",
        "canonical",
        "tablespace",
    }
    newer |= {"NotNull.name", "NotNull.no_inherit", "NotNull.is_valid", "Exclusion.is_local", "Sequence.unlogged",
              "Exclusion.initially_deferred", "Index.is_valid", "access_method", "Extension.requires"}  # fmt: skip
    used, known = set(), set()

    def walk(value):
        if isinstance(value, tuple):
            for one in value:
                walk(one)
        if is_dataclass(value):
            for one in fields(value):
                name = f"{type(value).__name__}.{one.name}"
                known.add(name)
                found = getattr(value, one.name)
                if found != one.default:
                    used.add(name)
                walk(found)

    walk(rich)
    missing = {name for name in known - used if name not in newer and name.split(".")[1] not in newer}
    plain = {"Composite.grants", "Domain.grants", "Range.comment", "Range.grants"}
    assert missing == plain, "the changes of test_catalog_changes.py cover these"
    assert isinstance(rich, Catalog)
