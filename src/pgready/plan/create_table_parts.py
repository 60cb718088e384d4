"""What is added to a table once it is there: keys, indexes, foreign keys, columns' settings, triggers, policies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from pgready.catalog.model import View
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Column, ForeignKey, Index, Policy, Table, Trigger
from pgready.plan import create_rendered as rendered
from pgready.plan.create_graph import Key, Step
from pgready.plan.create_mentions import mentioned
from pgready.plan.create_ranks import RANK
from pgready.plan.create_rights import comment, grants, owner
from pgready.plan.create_tables import Relatives, has_inline_keys
from pgready.sql.names import quote_ident

ENABLED = {"replica": "ENABLE REPLICA", "always": "ENABLE ALWAYS", "disabled": "DISABLE"}


def part_steps(table: Table, relatives: Relatives, apart: AbstractSet[Key]) -> Iterator[Step]:
    """Everything that a table has beyond CREATE TABLE."""
    yield from _constraint_steps(table, apart)
    for index in table.indexes:
        yield from index_steps(index, table.name, "TABLE", is_partitioned=table.partition_key is not None)
    for foreign_key in table.foreign_keys:
        yield from _foreign_key_steps(foreign_key, table, relatives)
    yield from _column_steps(table, relatives)
    yield from _property_steps(table)
    for trigger in table.triggers:
        yield from trigger_steps(trigger, table.name, can_be_disabled=True)
    for policy in table.policies:
        yield from _policy_steps(policy, table.name)
    yield from rights("TABLE", ("table", *table.name), table)


def rights(what: str, of: Key, relation: Table | View) -> Iterator[Step]:
    """Comments, owner and grants of a table or view and its columns."""
    name, needs = relation.name, [("name", *relation.name)]
    shown = f"{what} {name.sql}"
    yield from comment(shown, of, relation.comment, needs)
    yield from owner(shown, of, relation.owner, needs)
    yield from grants(f"TABLE {name.sql}", of, relation.grants, needs, after_owner=shown, owned_by=relation.owner)
    for column in relation.columns:
        ident = quote_ident(column.name)
        part: Key = ("column", *name, column.name)
        yield from comment(f"COLUMN {name.sql}.{ident}", part, column.comment, needs)
        yield from grants(f"TABLE {name.sql}", part, column.grants, needs, columns=ident, after_owner=shown)


def _alter(
    kind: str, table: ObjectName, part: str, change: str, needs: Iterable[Key], *makes: Key,
    about: Key, undo: str = "", only: bool = True,
) -> Step:  # fmt: skip
    needed = frozenset({("name", *table), *needs})
    head = f"ALTER TABLE {'ONLY ' if only else ''}{table.sql} "
    return Step(RANK[kind], kind, (*table, part), head + change, makes, needed, about=about, undo=undo and head + undo)


def _constraint_steps(table: Table, apart: AbstractSet[Key]) -> Iterator[Step]:
    name = table.name
    attached: Key = ("attached", *name)
    keys = [one for one in (table.primary_key, *table.uniques) if one is not None]
    for key in keys:
        if has_inline_keys(table) and ("key", *name, key.name) not in apart:
            continue
        index = key.index
        made: tuple[Key, ...] = (("index", name.schema, index.name), ("keys", *name))
        # On a partitioned table, ONLY: its partitions bring their own.
        yield _alter("key", name, index.name, f"ADD {rendered.key(key)}", {attached, *_of_index(index)}, *made,
                     about=("key", *name, key.name), undo=f"DROP CONSTRAINT {quote_ident(key.name)}")  # fmt: skip
        yield from _attach_steps(index, name)
    for exclusion in table.exclusions:
        # The server cannot attach the index of one (17.10, 18.4: "definitions do not match"): a partition has its own
        # from its parent, by the name that PostgreSQL gives it.
        if exclusion.index.attached_to is None:
            change, made = f"ADD {rendered.exclusion(exclusion)}", (("index", name.schema, exclusion.name),)
            yield _alter("key", name, exclusion.name, change, {attached, *_of_index(exclusion.index)}, *made,
                         about=("exclusion", *name, exclusion.name), only=table.partition_key is None,
                         undo=f"DROP CONSTRAINT {quote_ident(exclusion.name)}")  # fmt: skip
    for index in (*(one.index for one in keys), *(one.index for one in table.exclusions)):
        what = f"INDEX {quote_ident(name.schema)}.{quote_ident(index.name)}"
        after: list[Key] = [("name", *name), ("index", name.schema, index.name)]
        yield from comment(what, ("index", *name, index.name), index.comment, after)
        yield from _settled(index, name, "TABLE")
    commented = [("key", one.name, one.comment) for one in keys]
    commented += [("exclusion", one.name, one.comment) for one in table.exclusions]
    commented += [("check", one.name, one.comment) for one in table.checks]
    commented += [("foreign key", one.name, one.comment) for one in table.foreign_keys]
    parents = [] if table.partition is None else [table.partition.parent]
    places = [kind for place in (name, *parents) for kind in (("foreign keys", *place), ("constraints", *place))]
    for kind, constraint, text_of in commented:
        what = f"CONSTRAINT {quote_ident(constraint)} ON {name.sql}"
        after = [("name", *name), ("index", name.schema, constraint), *places]
        yield from comment(what, (kind, *name, constraint), text_of, after)


def _of_index(index: Index) -> frozenset[Key]:
    found = mentioned(index.where, *(one.text for one in index.columns if one.is_expression))
    classes: frozenset[Key] = frozenset(
        ("name", *name) for one in index.columns for name in (one.operator_class, one.default_class) if name is not None
    )
    return found | classes


def index_steps(index: Index, relation: ObjectName, kind: str, *, is_partitioned: bool) -> Iterator[Step]:
    """CREATE INDEX, its place below the parent's, and what is said of it."""
    name, made = (*relation, index.name), ("index", relation.schema, index.name)
    makes: tuple[Key, ...] = (made, ("keys", *relation)) if index.is_unique else (made,)
    needs: set[Key] = {("name", *relation), *_of_index(index)}
    needs |= {("attached", *relation)} if is_partitioned else set()
    sql = rendered.index(index, relation, only=is_partitioned)
    what = f"INDEX {quote_ident(relation.schema)}.{quote_ident(index.name)}"
    about: Key = ("index", *name)
    yield Step(RANK["index"], "index", name, sql, makes, frozenset(needs), about=about, undo=f"DROP {what}")
    yield from _attach_steps(index, relation)
    yield from comment(what, about, index.comment, [made])
    yield from _settled(index, relation, kind)


def _attach_steps(index: Index, relation: ObjectName) -> Iterator[Step]:
    parent = index.attached_to
    if parent is None:
        return
    own = ObjectName(relation.schema, index.name)
    needs: frozenset[Key] = frozenset({("index", *own), ("index", *parent)})
    sql = f"ALTER INDEX {parent.sql} ATTACH PARTITION {own.sql}"
    # Only when all of its partitions are attached is the parent's index good for a foreign key.
    makes: tuple[Key, ...] = (("all indexes",),)
    about: Key = ("attachment", *relation, index.name)
    yield Step(RANK["index partition"], "index partition", tuple(own), sql, makes, needs, about=about)


def _settled(index: Index, relation: ObjectName, kind: str) -> Iterator[Step]:
    needs: frozenset[Key] = frozenset({("name", *relation), ("index", relation.schema, index.name)})
    shown = "TABLE ONLY" if kind == "TABLE" else kind
    if index.is_cluster:
        sql = f"ALTER {kind} {relation.sql} CLUSTER ON {quote_ident(index.name)}"
        undo = f"ALTER {kind} {relation.sql} SET WITHOUT CLUSTER"
        yield Step(RANK["table property"], "cluster", tuple(relation), sql, needs=needs, about=("cluster", *relation),
                   undo=undo)  # fmt: skip
    if index.is_replica_identity:
        sql = f"ALTER {shown} {relation.sql} REPLICA IDENTITY USING INDEX {quote_ident(index.name)}"
        undo = f"ALTER {shown} {relation.sql} REPLICA IDENTITY DEFAULT"
        about: Key = ("replica identity", *relation)
        yield Step(RANK["table property"], "replica identity", tuple(relation), sql, needs=needs, about=about,
                   undo=undo)  # fmt: skip


def _foreign_key_steps(key: ForeignKey, table: Table, relatives: Relatives) -> Iterator[Step]:
    """ALTER TABLE ADD FOREIGN KEY.

    A partition's comes with its parent's; one of another name is made first, and the parent's takes it in.
    """
    name = table.name
    needs: set[Key] = {("name", *name), ("name", *key.target), ("keys", *key.target)}
    target = relatives.tables.get(key.target)
    if target is not None and (target.partition_key is not None or target.partition is not None):
        needs.add(("all indexes",))
    if key.is_local:
        needs |= {("children", *name)}
        needs |= {("early foreign keys", *child) for child in relatives.children.get(name, [])}
    else:
        parent = relatives.tables.get(table.partition.parent) if table.partition else None
        if parent is None or key.name in {one.name for one in parent.foreign_keys}:
            return
    makes: tuple[Key, ...] = (("foreign keys", *name),)
    makes += () if key.is_local else (("early foreign keys", *name),)
    only = "" if table.partition_key is not None else "ONLY "
    head = f"ALTER TABLE {only}{name.sql} "
    sql, undo = f"{head}ADD {rendered.foreign_key(key)}", f"{head}DROP CONSTRAINT {quote_ident(key.name)}"
    yield Step(RANK["foreign key"], "foreign key", (*name, key.name), sql, makes, frozenset(needs),
               about=("foreign key", *name, key.name), undo=undo)  # fmt: skip


def _column_steps(table: Table, relatives: Relatives) -> Iterator[Step]:
    """Storage and the like; ONLY here, and when the children are there, which would take it over from the parent."""
    changes = [change for column in table.columns for change in settings(column)]
    if changes:
        born = {("name", *child) for child in relatives.children.get(table.name, [])}
        yield _alter("column", table.name, "", ", ".join(changes), born, about=("table", *table.name))


def settings(column: Column) -> Iterator[str]:
    """What ALTER TABLE says of a column beyond its type, default and constraints."""
    head = f"ALTER COLUMN {quote_ident(column.name)}"
    if column.storage is not None:
        yield f"{head} SET STORAGE {column.storage.upper()}"
    if column.compression is not None:
        yield f"{head} SET COMPRESSION {column.compression}"
    if column.statistics is not None:
        yield f"{head} SET STATISTICS {column.statistics}"
    if column.options:
        yield head + rendered.options(column.options, " SET")


def _property_steps(table: Table) -> Iterator[Step]:
    name, about = table.name, ("table", *table.name)
    if table.replica_identity in ("nothing", "full"):
        change = f"REPLICA IDENTITY {table.replica_identity.upper()}"
        of: Key = ("replica identity", *name)
        yield _alter("table property", name, "replica identity", change, (), about=of, undo="REPLICA IDENTITY DEFAULT")
    if table.row_security:
        yield _alter("row security", name, "", "ENABLE ROW LEVEL SECURITY", (), about=about)
    if table.force_row_security:
        yield _alter("row security", name, "force", "FORCE ROW LEVEL SECURITY", (), about=about)


def trigger_steps(trigger: Trigger, relation: ObjectName, *, can_be_disabled: bool) -> Iterator[Step]:
    """CREATE TRIGGER as the server printed it, and when it fires."""
    name = (*relation, trigger.name)
    made: Key = ("trigger", *name)
    # A partitioned table's goes to the partitions that are there.
    needs = mentioned(trigger.definition) | {("name", *relation), ("children", *relation)}
    undo = f"DROP TRIGGER {quote_ident(trigger.name)} ON {relation.sql}"
    yield Step(RANK["trigger"], "trigger", name, trigger.definition, (made,), needs, about=made, undo=undo)
    if can_be_disabled and trigger.enabled in ENABLED:
        change = f"{ENABLED[trigger.enabled]} TRIGGER {quote_ident(trigger.name)}"
        yield _alter("trigger state", relation, trigger.name, change, [made], about=("trigger state", *name),
                     undo=f"ENABLE TRIGGER {quote_ident(trigger.name)}")  # fmt: skip
    yield from comment(f"TRIGGER {quote_ident(trigger.name)} ON {relation.sql}", made, trigger.comment, [made])


def _policy_steps(policy: Policy, table: ObjectName) -> Iterator[Step]:
    name = (*table, policy.name)
    made: Key = ("policy", *name)
    sql = f"CREATE POLICY {quote_ident(policy.name)} ON {table.sql}"
    sql += "" if policy.permissive else " AS RESTRICTIVE"
    sql += f" FOR {policy.command}" if policy.command != "ALL" else ""
    sql += f" TO {rendered.listed(policy.roles)}" if policy.roles else ""
    sql += f" USING ({policy.using})" if policy.using is not None else ""
    sql += f" WITH CHECK ({policy.check})" if policy.check is not None else ""
    needs = mentioned(policy.using, policy.check) | {("name", *table)}
    undo = f"DROP POLICY {quote_ident(policy.name)} ON {table.sql}"
    yield Step(RANK["policy"], "policy", name, sql, (made,), needs, about=made, undo=undo)
    yield from comment(f"POLICY {quote_ident(policy.name)} ON {table.sql}", made, policy.comment, [made])
