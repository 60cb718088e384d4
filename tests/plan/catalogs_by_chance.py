"""Catalogs by chance: every kind of object with odd names, in the wording in which a server prints them.

A seed gives one catalog for a server's major version, always the same. What a table looks like is in
tables_by_chance.py.
"""

from dataclasses import replace
from random import Random

from tables_by_chance import Tables

from pgready.catalog.grants import Grant
from pgready.catalog.model import (
    Attribute,
    Catalog,
    Composite,
    Domain,
    Enum,
    EventTrigger,
    Extension,
    Function,
    Range,
    Schema,
    Sequence,
    View,
    ViewColumn,
)
from pgready.catalog.names import ObjectName
from pgready.catalog.shown import shown_ident, shown_name, shown_type
from pgready.catalog.table import Check, Index, IndexColumn, SequenceOptions, Trigger
from pgready.catalog.types import SYSTEM, DataType

OWNER = "postgres"
APP, MAKER, ODD = "catalog_app", "catalog_owner", 'Röle "x"'
REQUIRES = {"earthdistance": ("cube",)}
C = ObjectName(SYSTEM, "C")
INT, TEXT, FLOAT = (DataType(ObjectName(SYSTEM, name)) for name in ("int4", "text", "float8"))
_LONG = "long"
_ODD = ("plain", "Mixed Case", 'qu"ote', "a.b", "sélect", "select", "user", "%s$1", "back\\slash", "it's", "表", _LONG)  # fmt: skip
_TEXTS = ("words", "it's", "two\nlines", "back\\slash", "$$ -- /* ", 'q"u', "é表")


class Chance:
    """The choices of one seed; another `turn` chooses otherwise among things of the same names."""

    def __init__(self, seed: int, major: int, extensions: dict[str, str], turn: int = 0) -> None:
        self.random = Random(f"{seed}/{turn}" if turn else seed)
        self.seed = seed
        self.turn = turn
        self.objects = 0
        self.names = Random(seed)
        self.major = major
        self.available = extensions
        self.count = 0
        self.types: list[DataType] = []
        self.schemas: list[str] = []

    def begin(self) -> None:
        """Start with an object: what it is called does not depend on what was chosen before."""
        self.objects += 1
        self.count = self.objects * 100
        self.names = Random(f"{self.seed}/{self.objects}")

    def name(self) -> str:
        """An odd name that nothing else has."""
        self.count += 1
        head = self.names.choice(_ODD)
        if head == _LONG:  # 63 bytes, different from the start: 14 makes two array types of one name otherwise
            return f"n{self.count}_".ljust(63, "x")
        return f"{head}_{self.count}"

    def place(self) -> ObjectName:
        """A name in one of the schemas."""
        schema = self.names.choice(self.schemas)
        if self.turn and self.maybe(0.03):
            schema = self.random.choice(self.schemas)
        return ObjectName(schema, self.name())

    def maybe(self, odds: float = 0.3) -> bool:
        """True, at these odds."""
        return self.random.random() < odds

    def comment(self) -> str | None:
        """A comment, or none."""
        return self.random.choice(_TEXTS) if self.maybe() else None

    def owner(self) -> str:
        """Mostly the superuser."""
        return self.random.choice((OWNER, OWNER, MAKER, ODD))

    def grants(self, *privileges: str, revocable: str = "", owner: str = "") -> tuple[Grant, ...]:
        """Rights that differ from the standard; `revocable` is what PUBLIC has, `owner` may lose ALL."""
        found = []
        if self.maybe():
            found.append(Grant(APP, self.random.choice(privileges), grantable=self.maybe()))
        if self.maybe(0.2):
            # PUBLIC cannot be given the right to give.
            found += [] if revocable else [Grant("", self.random.choice(privileges))]
        if revocable and self.maybe(0.2):
            found.append(Grant("", revocable, revoked=True))
        if owner and self.maybe(0.1):
            found.append(Grant(owner, "ALL", revoked=True))
        return tuple(sorted(found))

    def catalog(self) -> Catalog:
        """Everything, sorted as introspection does."""
        schemas = self._schemas()
        extensions = self._extensions()
        enums = [self._enum() for _ in range(2)]
        self.types += [DataType(one.name) for one in enums]
        self.types += [DataType(enums[0].name, dimensions=1)]
        domains = [self._domain(one) for one in ("int4", "text", "numeric", "enum")]
        self.types += [DataType(one.name) for one in domains]
        composites = [self._composite() for _ in range(2)]
        self.types += [DataType(one.name) for one in composites]
        functions: list[Function] = []
        ranges = self._ranges(functions)
        self.types += [DataType(one.name) for one in ranges] + [DataType(one.multirange) for one in ranges]
        functions += [self._trigger_function("trigger"), self._trigger_function("event_trigger")]
        tables = Tables(self, functions)
        made = tables.tables()
        self._functions(functions, made[0].name, made[0].column_names[0])
        sequences = [*tables.sequences, *(self._sequence() for _ in range(2))]
        views = self._views(made, functions[2])
        return Catalog(
            schemas=tuple(sorted(schemas, key=lambda one: one.name)),
            extensions=extensions,
            enums=_by_name(enums),
            domains=_by_name(domains),
            composites=_by_name(composites),
            ranges=_by_name(ranges),
            sequences=_by_name(sequences),
            tables=_by_name([one.table for one in made]),
            views=_by_name(views),
            functions=tuple(sorted(functions, key=lambda one: (one.name, one.arguments))),
            event_triggers=self._event_triggers(functions),
        )

    def _schemas(self) -> list[Schema]:
        self.begin()
        self.schemas = ["public", *(self.name() for _ in range(2))]
        found = [Schema("public", self.comment())]
        for name in self.schemas[1:]:
            owner = self.owner()
            found.append(Schema(name, self.comment(), owner, self.grants("USAGE", "CREATE", "ALL", owner=owner)))
        return found

    def _extensions(self) -> tuple[Extension, ...]:
        wanted = [one for one in ("citext", "btree_gist") if one in self.available]
        if {"cube", "earthdistance"} <= self.available.keys() and self.maybe(0.5):
            wanted += ["cube", "earthdistance"]
        # PostgreSQL takes no schema with quotes, dollars or backslashes for these.
        place = self.random.choice([one for one in self.schemas if not set(one) & set("\"$'\\")])
        found = [
            Extension(name, place, self.available[name], self.comment(), REQUIRES.get(name, ())) for name in wanted
        ]
        if "citext" in wanted:
            self.types.append(DataType(ObjectName(place, "citext")))
        return tuple(sorted(found, key=lambda one: one.name))

    def _enum(self) -> Enum:
        self.begin()
        some = ("a", "B b", "it's", "", "é", "select", 'q"', "\\", "x" * 63)
        labels = tuple(self.random.sample(some, 4))
        if self.turn and self.maybe(0.7):  # as another turn has them, and more
            first = Random(self.seed + self.objects).sample(some, 4)
            labels = tuple(one for one in some if one in first or self.maybe(0.2))
        return Enum(self.place(), labels, self.comment(), self.owner(), self.grants("USAGE", revocable="USAGE"))

    def _domain(self, kind: str) -> Domain:
        self.begin()
        type_, default, check, collation = {
            "int4": (INT, "7", "(VALUE > 0)", None),
            "text": (TEXT, "'it''s'::text", "(VALUE <> ''::text)", C),
            "numeric": (DataType(ObjectName(SYSTEM, "numeric"), "8,2"), "1.5", "(VALUE IS NOT NULL)", None),
            "enum": (self.types[-2], None, "(VALUE IS NOT NULL)", None),
        }[kind]
        checks = [Check(self.name(), check, is_valid=not self.maybe(), comment=self.comment()) for _ in range(2)]
        return Domain(
            self.place(),
            type_,
            not_null=self.maybe(),
            default=default if self.maybe(0.5) else None,
            collation=collation if self.maybe(0.5) else None,
            checks=tuple(sorted(checks, key=lambda one: one.name)) if self.maybe(0.7) else (),
            comment=self.comment(),
            owner=self.owner(),
            grants=self.grants("USAGE", revocable="USAGE"),
        )

    def _composite(self) -> Composite:
        self.begin()
        attributes = [Attribute(self.name(), one, None, self.comment()) for one in self.random.sample(self.types, 2)]
        attributes.append(Attribute(self.name(), TEXT, C, self.comment()))
        rights = self.grants("USAGE", revocable="USAGE")
        return Composite(self.place(), tuple(attributes), self.comment(), self.owner(), rights)

    def _ranges(self, functions: list[Function]) -> list[Range]:
        self.begin()
        difference, canonical = self.place(), self.place()
        floats = Range(self.place(), FLOAT, self.place(), difference=difference, comment=self.comment())
        words = Range(
            self.place(), TEXT, self.place(), ObjectName(SYSTEM, "text_pattern_ops"), C, owner=self.owner()
        )  # fmt: skip
        ints = Range(self.place(), INT, self.place(), canonical=canonical)
        own = shown_name(ints.name)
        arguments = "double precision, double precision"
        functions.append(
            self._function(difference, "a double precision, b double precision", arguments, "double precision", "sql",
                           "SELECT a - b", " IMMUTABLE")
        )  # fmt: skip
        functions.append(
            self._function(canonical, own, own, own, "internal", "int4range_canonical", " IMMUTABLE STRICT")
        )
        words = replace(words, grants=self.grants("USAGE", revocable="USAGE"))
        return [replace(floats, owner=OWNER), words, replace(ints, owner=OWNER)]

    def _function(
        self, name: ObjectName, shown: str, arguments: str, result: str, language: str, body: str, how: str = ""
    ) -> Function:
        lines = [
            f"CREATE OR REPLACE FUNCTION {shown_name(name)}({shown})",
            f" RETURNS {result}",
            f" LANGUAGE {language}",
        ]
        lines += [how] if how else []
        text = "\n".join([*lines, f"AS $function${body}$function$"])
        rights = self.grants("EXECUTE", "EXECUTE", revocable="EXECUTE")
        return Function(name, arguments, "function", text, self.comment(), self.owner(), rights)

    def _trigger_function(self, result: str) -> Function:
        self.begin()
        body = "BEGIN RETURN NEW; END -- it's $$ \\" if result == "trigger" else "BEGIN END"
        return self._function(self.place(), "", "", result, "plpgsql", body)

    def _functions(self, functions: list[Function], table: ObjectName, column: str) -> None:
        self.begin()
        type_ = self.random.choice(self.types)
        enum = shown_type(type_)
        functions.append(
            self._function(self.place(), f"a {enum}, {shown_ident(self.name())} text DEFAULT 'it''s'::text", f"{enum}, text",
                           f"SETOF {shown_name(table)}", "plpgsql", f"BEGIN SELECT {shown_name(table)}; END",
                           " STABLE PARALLEL SAFE SECURITY DEFINER COST 5 ROWS 7\n SET search_path TO 'pg_catalog'")
        )  # fmt: skip
        name = self.place()
        text = (
            f"CREATE OR REPLACE PROCEDURE {shown_name(name)}(IN a integer, INOUT b text DEFAULT 'x'::text)\n"
            " LANGUAGE plpgsql\nAS $procedure$BEGIN END$procedure$"
        )
        functions.append(Function(name, "integer, text", "procedure", text, self.comment(), self.owner()))
        name = self.place()
        text = (
            f"CREATE AGGREGATE {name.sql}(integer) (\n    SFUNC = int4pl,\n    STYPE = integer,\n    INITCOND = '0'\n)"
        )
        functions.append(Function(name, "integer", "aggregate", text, self.comment(), self.owner()))
        name = self.place()
        text = (
            f"CREATE OR REPLACE FUNCTION {shown_name(name)}()\n RETURNS bigint\n LANGUAGE sql\n STABLE\nBEGIN ATOMIC\n"
            f" SELECT count(*) AS count\n    FROM {shown_name(table)}\n"
            f"   WHERE ({shown_ident(table.name)}.{shown_ident(column)} > 3);\nEND"
        )
        functions.append(Function(name, "", "function", text, self.comment(), self.owner()))

    def _sequence(self) -> Sequence:
        self.begin()
        name, owner = self.place(), self.owner()
        options = SequenceOptions("smallint", 20, self.random.choice((5, -5)), 10, 500, 3, cycle=self.maybe())
        return Sequence(name, options, None, self.major >= 15 and self.maybe(), self.comment(), owner,
                        self.grants("USAGE", "SELECT", "UPDATE", "ALL", owner=owner))  # fmt: skip

    def _views(self, tables: list[object], trigger_function: Function) -> list[View]:
        found = []
        for number, one in enumerate(tables[:4]):
            self.begin()
            first, second = one.column_names[:2]
            types = [one.table.column(name).type for name in (first, second)]
            output = self.name()
            text = f"SELECT {shown_ident(first)},\n    {shown_ident(second)} AS {shown_ident(output)}\n"
            text += f"   FROM {shown_name(one.name)}\n  WHERE ({shown_ident(first)} > 0)"
            is_stored = number % 2 == 1
            columns = tuple(
                ViewColumn(name, type_, None, self.comment(), self.grants("SELECT"))
                for name, type_ in zip((first, output), types, strict=True)
            )
            # What a materialized view reads its owner has to be able to read.
            name, owner = self.place(), OWNER if is_stored or number == 0 else self.owner()
            view = View(name, columns, text, is_stored, True, (), (), (), self.comment(), owner,
                        self.grants("SELECT", "ALL"))  # fmt: skip
            if is_stored:
                index = Index(self.name(), "btree", (IndexColumn(first, descending=True, nulls_first=True),),
                              is_unique=True, comment=self.comment())  # fmt: skip
                view = replace(view, indexes=(index,), is_populated=self.maybe(0.6), options=("fillfactor=60",))
            else:
                options = ["check_option=local", "security_barrier=true"]
                options += ["security_invoker=true"] if self.major >= 15 else []
                label = self.name()
                call = f"EXECUTE FUNCTION {shown_name(trigger_function.name)}('it''s')"
                text = (
                    f"CREATE TRIGGER {shown_ident(label)} INSTEAD OF UPDATE ON {shown_name(name)} FOR EACH ROW {call}"
                )
                columns = (replace(columns[0], default="8"), *columns[1:])
                trigger = Trigger(label, text, comment=self.comment())
                view = replace(view, options=tuple(options), columns=columns, triggers=(trigger,))
            found.append(view)
        self.begin()
        above, below = self.place(), found[0]
        lines = ",\n    ".join(shown_ident(one.name) for one in below.columns)
        columns = tuple(ViewColumn(one.name, one.type) for one in below.columns)
        found.append(View(above, columns, f"SELECT {lines}\n   FROM {shown_name(below.name)}", owner=OWNER))
        lines = f"SELECT {shown_ident(below.columns[0].name)}\n   FROM {shown_name(above)}"
        found.append(View(self.place(), columns[:1], lines, is_materialized=True, owner=self.owner()))
        return found

    def _event_triggers(self, functions: list[Function]) -> tuple[EventTrigger, ...]:
        self.begin()
        function = next(one for one in functions if " RETURNS event_trigger\n" in one.definition)
        modes = self.random.sample(("origin", "replica", "always", "disabled"), 2)
        tags = (("DROP TABLE",), ())
        found = [
            EventTrigger(self.name(), "ddl_command_end", tag, function.name, mode, self.comment(), OWNER)
            for tag, mode in zip(tags, modes, strict=True)
        ]
        return tuple(sorted(found, key=lambda one: one.name))


def _by_name(values):
    return tuple(sorted(values, key=lambda one: one.name))


def catalog_by_chance(seed: int, major: int, extensions: dict[str, str], turn: int = 0) -> Catalog:
    """The catalog of a seed for this major version; `extensions` are those that the server has, with versions.

    Another `turn` gives one in which most things have the same names and are otherwise.
    """
    return Chance(seed, major, extensions, turn).catalog()
