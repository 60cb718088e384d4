"""Views, functions and event triggers: what is defined by a text of SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from pgready.catalog.model import Catalog, EventTrigger, Function, View
from pgready.catalog.names import ObjectName
from pgready.plan import create_rendered as rendered
from pgready.plan.create_graph import Key, Part, Step
from pgready.plan.create_mentions import behind_name, function_text, mentioned, schema_of, written
from pgready.plan.create_ranks import RANK
from pgready.plan.create_rights import comment, grants, owner
from pgready.plan.create_table_parts import ENABLED, index_steps, rights, trigger_steps
from pgready.sql.names import quote_ident, quote_literal

_WORDS = {"function": "FUNCTION", "window": "FUNCTION", "procedure": "PROCEDURE", "aggregate": "AGGREGATE"}


def code_steps(catalog: Catalog, apart: AbstractSet[Key]) -> Iterator[Step]:
    """The steps of every view, function and event trigger."""
    shells = {one.canonical: one.name for one in catalog.ranges if one.canonical is not None}
    for function in catalog.functions:
        yield from _function_steps(function, apart, shells)
    for view in catalog.views:
        yield from _view_steps(view, apart)
    for trigger in catalog.event_triggers:
        yield from _event_trigger_steps(trigger)


def _function_steps(
    function: Function, apart: AbstractSet[Key], shells: Mapping[ObjectName, ObjectName]
) -> Iterator[Step]:
    """CREATE FUNCTION; in a cycle an empty one first, which the real one replaces."""
    name = function.name
    id_ = (*name, function.arguments)
    made: Key = ("this function", *id_)
    makes: tuple[Key, ...] = (made, ("function", *name), ("any", name.name))
    kind = "aggregate" if function.kind == "aggregate" else "function"
    head, rest, body = ("", function.definition, "") if kind == "aggregate" else function_text(function.definition)
    # In what stands around the body a function may be named without a call, as behind SFUNC.
    loose = head + (rest if body or kind == "aggregate" else "")
    needs = _either(mentioned(behind_name(loose))) | {schema_of(name)}
    inside = frozenset() if body or kind == "aggregate" else mentioned(rest)
    star = "*" if kind == "aggregate" and not function.arguments else function.arguments
    what = f"{_WORDS[function.kind]} {name.sql}({star})"
    undo = f"DROP {what}"
    if name in shells:
        needs -= {("name", *shells[name]), ("function", *shells[name])}
        needs |= {("shell", *shells[name])}
    wishes = frozenset(written(body)) | {("keys", *key[1:]) for key in inside if key[0] == "name"}
    part: Key = ("body", *id_)
    about: Key = ("function", *id_)
    if part in apart:
        empty = f"{head}LANGUAGE sql\nAS ''"
        yield Step(RANK[kind], f"empty {kind}", id_, empty, makes, needs, about=about)
        whole: frozenset[Key] = needs | inside | {made}
        yield Step(RANK[kind], kind, id_, function.definition, (part,), whole, wishes, about=about, undo=undo)
    else:
        parts = (Part(part, inside, last_resort=True),) if inside else ()
        yield Step(
            RANK[kind], kind, id_, function.definition, makes, needs | inside, wishes, parts, about=about, undo=undo
        )
    given = f"{'PROCEDURE' if function.kind == 'procedure' else 'FUNCTION'} {name.sql}({function.arguments})"
    after: list[Key] = [made, part]
    yield from comment(what, about, function.comment, after)
    yield from owner(what, about, function.owner, after)
    yield from grants(given, about, function.grants, after, after_owner=what, owned_by=function.owner)


def _either(keys: frozenset[Key]) -> frozenset[Key]:
    return frozenset((kind, *key[1:]) for key in keys for kind in ("name", "function"))


def _view_steps(view: View, apart: AbstractSet[Key]) -> Iterator[Step]:
    """CREATE VIEW; in a cycle one of the same columns and no rows first. A materialized one is filled at the end."""
    name = view.name
    if not view.definition:  # declared in a Prisma schema, which does not say what it shows
        return
    made: Key = ("name", *name)
    makes: tuple[Key, ...] = (made, ("any", name.name))
    inside = mentioned(view.definition)
    wishes: frozenset[Key] = frozenset(("keys", *key[1:]) for key in inside if key[0] == "name")
    head: frozenset[Key] = frozenset({schema_of(name)})
    kind = "MATERIALIZED VIEW" if view.is_materialized else "VIEW"
    tail = f"{name.sql}{rendered.options(view.options)} AS\n{view.definition}"
    part: Key = ("body", *name)
    about: Key = ("view", *name)
    undo = f"DROP {kind} {name.sql}"
    if view.is_materialized:
        sql = f"CREATE {kind} {tail}\nWITH NO DATA"
        yield Step(
            RANK["view"], "materialized view", tuple(name), sql, makes, head | inside, wishes, about=about, undo=undo
        )
        if view.is_populated:
            sql = f"REFRESH {kind} {name.sql}"
            needs: frozenset[Key] = frozenset({made, *(("content", *key[1:]) for key in inside)})
            filled: Key = ("content", *name)
            yield Step(RANK["content"], "content", tuple(name), sql, (filled,), needs, about=filled,
                       undo=f"{sql} WITH NO DATA")  # fmt: skip
    elif part in apart:
        columns = ", ".join(f"NULL::{one.type.sql} AS {quote_ident(one.name)}" for one in view.columns)
        types = frozenset(("name", *one.type.name) for one in view.columns)
        empty, whole = f"CREATE VIEW {name.sql} AS SELECT {columns}", f"CREATE OR REPLACE VIEW {tail}"
        yield Step(RANK["view"], "empty view", tuple(name), empty, makes, head | types, about=about)
        needs = head | inside | {made}
        yield Step(RANK["view"], "view", tuple(name), whole, (part,), needs, wishes, about=about, undo=undo)
    else:
        parts = (Part(part, inside, last_resort=True),)
        sql = f"CREATE VIEW {tail}"
        yield Step(RANK["view"], "view", tuple(name), sql, makes, head | inside, wishes, parts, about=about, undo=undo)
    if not view.is_materialized:
        # What reads this view reads what is below it.
        below: frozenset[Key] = frozenset({made, part, *(("content", *key[1:]) for key in inside)})
        yield Step(RANK["content"], "", tuple(name), "", (("content", *name),), below, about=about)
    for column in view.columns:
        if column.default is not None:
            sql = f"ALTER VIEW {name.sql} ALTER COLUMN {quote_ident(column.name)} SET DEFAULT {column.default}"
            needs = mentioned(column.default) | {made, part}
            undo = f"ALTER VIEW {name.sql} ALTER COLUMN {quote_ident(column.name)} DROP DEFAULT"
            yield Step(RANK["view column"], "view column", (*name, column.name), sql, needs=needs,
                       about=("view default", *name, column.name), undo=undo)  # fmt: skip
    for index in view.indexes:
        yield from index_steps(index, name, kind, is_partitioned=False)
    for trigger in view.triggers:
        yield from trigger_steps(trigger, name, can_be_disabled=False)
    yield from rights(kind, about, view)


def _event_trigger_steps(trigger: EventTrigger) -> Iterator[Step]:
    name, rank = quote_ident(trigger.name), RANK["event trigger"]
    made: Key = ("event trigger", trigger.name)
    tags = f" WHEN TAG IN ({', '.join(map(quote_literal, trigger.tags))})" if trigger.tags else ""
    sql = f"CREATE EVENT TRIGGER {name} ON {trigger.event}{tags} EXECUTE FUNCTION {trigger.function.sql}()"
    needs: frozenset[Key] = frozenset({("function", *trigger.function)})
    undo = f"DROP EVENT TRIGGER {name}"
    yield Step(rank, "event trigger", (trigger.name,), sql, (made,), needs, about=made, undo=undo)
    if trigger.enabled in ENABLED:
        sql = f"ALTER EVENT TRIGGER {name} {ENABLED[trigger.enabled]}"
        undo = f"ALTER EVENT TRIGGER {name} ENABLE"
        yield Step(rank, "event trigger state", (trigger.name,), sql, needs=frozenset({made}),
                   about=("event trigger state", *made), undo=undo)  # fmt: skip
    yield from comment(f"EVENT TRIGGER {name}", made, trigger.comment, [made])
    yield from owner(f"EVENT TRIGGER {name}", made, trigger.owner, [made])
