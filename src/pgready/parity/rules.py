"""What a difference does to the application: one table, read from above, the first rule that fits gives the weight.

A difference is seen from the reference, so "missing" is what only the reference has. A rule without properties is for
any of them; `when` narrows it by `holds`, in words and as a function of the whole difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pgready.parity import conditions as c
from pgready.parity.model import WEIGHTS, Detail, Difference, Finding, How, Weight

_ALL: tuple[How, ...] = ("missing", "unexpected", "different")


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: for these kinds of address, this way of differing, these properties (any, if empty)."""

    kinds: tuple[str, ...]
    how: tuple[How, ...]
    weight: Weight
    because: str
    properties: tuple[str, ...] = ()
    when: str = ""
    holds: Callable[[Difference], bool] | None = None

    def fits(self, difference: Difference, detail: Detail | None) -> bool:
        """Whether the row is for this difference, and for this property of it."""
        if difference.address[0] not in self.kinds or difference.how not in self.how:
            return False
        if self.properties and (detail is None or detail.name not in self.properties):
            return False
        return self.holds is None or self.holds(difference)


def _rows(*kinds: str) -> Callable[..., Rule]:
    def row(
        how: How | tuple[How, ...],
        weight: Weight,
        because: str,
        *properties: str,
        when: tuple[str, Callable[[Difference], bool]] = ("", lambda _: True),
    ) -> Rule:
        hows = (how,) if isinstance(how, str) else how
        return Rule(kinds, hows, weight, because, properties, when[0], when[1] if when[0] else None)

    return row


_schema, _extension, _enum = _rows("schema"), _rows("extension"), _rows("enum")
_type = _rows("domain", "composite", "range")
_default = _rows("default", "domain default", "view default")
_sequence, _identity = _rows("sequence"), _rows("identity")
_table, _column, _partition = _rows("table"), _rows("column"), _rows("partition")
_not_null, _key, _exclusion = _rows("not null"), _rows("key"), _rows("exclusion")
_check, _foreign_key, _index = _rows("check", "domain check"), _rows("foreign key"), _rows("index")
_guard = _rows("check", "domain check", "foreign key", "not null")
_trigger, _policy = _rows("trigger"), _rows("policy")
_function, _view, _content = _rows("function"), _rows("view"), _rows("content")
_event_trigger = _rows("event trigger")
_state = _rows("trigger state", "event trigger state")
_storage = _rows("attachment", "cluster")
_replicated = _rows("publication", "publication table", "publication schema", "subscription")
_beyond = _rows(
    "collation",
    "text search configuration",
    "text search dictionary",
    "text search parser",
    "text search template",
    "conversion",
    "transform",
    "operator",
    "operator class",
    "operator family",
    "language",
    "access method",
    "foreign data wrapper",
    "foreign server",
    "user mapping",
    "foreign table",
)
_any = _rows("index", "key", "check", "foreign key")

RULES: tuple[Rule, ...] = (
    _schema("missing", "breaks", "nothing that is looked for in it is found"),
    _schema("unexpected", "cosmetic", "nobody who knows the reference looks into it"),
    _extension("missing", "breaks", "its types, functions and operators are not there"),
    _extension("unexpected", "cosmetic", "nobody who knows the reference uses it"),
    _extension("different", "breaks", "its types and functions are found under another schema", "schema"),
    _extension("different", "breaks", "what came with the newer version is not there", "version", when=c.OLDER_VERSION),
    _extension("different", "cosmetic", "it is newer than in the reference", "version"),
    _enum("missing", "breaks", "columns and casts of this type fail"),
    _enum("unexpected", "cosmetic", "nobody who knows the reference uses it"),
    _enum("different", "breaks", "writing a value that is not there fails", "labels", when=c.LABEL_MISSING),
    _enum("different", "breaks", "its values sort and compare in another order", "labels", when=c.LABELS_REORDERED),
    _enum("different", "cosmetic", "it has more values; a client that meets one may not know it", "labels"),
    _type("missing", "breaks", "columns and casts of this type fail"),
    _type("unexpected", "cosmetic", "nobody who knows the reference uses it"),
    _type("different", "breaks", "it refuses NULLs that the reference takes", "not null", when=c.STRICTER_NOT_NULL),
    _type("different", "opens", "it takes NULLs that the reference refuses", "not null"),
    _type("different", "breaks", "its values are others than the application writes and reads"),
    _default("missing", "breaks", "a row that is inserted without this value gets NULL or fails"),
    _default("unexpected", "cosmetic", "a row that is inserted without this value gets one"),
    _default("different", "breaks", "a row that is inserted without this value gets another one"),
    _sequence("missing", "breaks", "numbers cannot be drawn from it"),
    _sequence("unexpected", "cosmetic", "nobody who knows the reference draws from it"),
    _sequence("different", "slows", "its numbers are held ready in other amounts", "options", when=c.ONLY_CACHE),
    _sequence("different", "breaks", "it counts otherwise: numbers collide or run out", "options"),
    _sequence("different", "breaks", "after a crash it gives numbers twice", "unlogged", when=c.UNLOGGED),
    _sequence("different", "slows", "its steps are written to the log, which the reference's are not", "unlogged"),
    _sequence("different", "cosmetic", "it goes, or stays, when its column is dropped"),
    _identity("missing", "breaks", "a row that is inserted without this value gets NULL or fails"),
    _identity("unexpected", "breaks", "the server makes the value, or refuses one that is given"),
    _identity("different", "breaks", "a value that is given is refused", "always", when=c.ALWAYS),
    _identity("different", "opens", "a value that is given is taken where the reference refuses it", "always"),
    _identity("different", "slows", "its numbers are held ready in other amounts", "options", when=c.ONLY_CACHE),
    _identity("different", "breaks", "it counts otherwise: numbers collide or run out", "options"),
    _identity("different", "cosmetic", "its sequence is called otherwise"),
    _table("missing", "breaks", "whatever reads or writes it fails"),
    _table("unexpected", "cosmetic", "nobody who knows the reference reads or writes it"),
    _table("different", "breaks", "after a crash it is empty", "unlogged", when=c.UNLOGGED),
    _table("different", "slows", "its changes are written to the log, which the reference's are not", "unlogged"),
    _table("different", "opens", "row security is off: roles see and change every row", "row security",
           "force row security", when=c.LESS_ROW_SECURITY),
    _table("different", "breaks", "row security is on: roles see and change fewer rows", "row security",
           "force row security"),
    _table("different", "breaks", "rows are stored in other tables, or cannot be stored", "partition key", "inherits"),
    _table("different", "slows", "its rows are stored and cleaned up in another way"),
    _column("missing", "breaks", "whatever reads or writes it fails"),
    _column("unexpected", "breaks", "a row that is inserted without it is refused", when=c.MUST_BE_GIVEN),
    _column("unexpected", "cosmetic", "nobody who knows the reference reads or writes it"),
    _column("different", "cosmetic", "it takes every value that the reference takes", "type", when=c.WIDER_TYPE),
    _column("different", "breaks", "values that the reference takes do not fit", "type", when=c.NARROWER_TYPE),
    _column("different", "breaks", "values are of another type than the application writes and reads", "type"),
    _column("different", "breaks", "its value is made otherwise", "generated"),
    _column("different", "breaks", "it sorts and compares otherwise", "collation"),
    _column("different", "slows", "its values are stored, or planned for, in another way"),
    _not_null("missing", "opens", "it takes NULLs that the reference refuses"),
    _not_null("unexpected", "breaks", "it refuses NULLs that the reference takes"),
    _partition(_ALL, "breaks", "rows are stored in other tables, or cannot be stored"),
    _key("missing", "opens", "rows that are the same are taken twice, and ON CONFLICT fails"),
    _key("unexpected", "breaks", "it refuses rows that the reference takes"),
    _key("different", "opens", "NULLs are taken more than once", "index nulls not distinct", when=c.NULLS_DISTINCT),
    _key("different", "slows", "its index is stored or read in another way", "index method", "index include",
         "index options", "index tablespace"),
    _key("different", "breaks", "it refuses other rows, or at another moment"),
    _exclusion("missing", "opens", "rows that exclude each other are taken"),
    _exclusion("unexpected", "breaks", "it refuses rows that the reference takes"),
    _exclusion("different", "slows", "its index is stored or read in another way", "index method", "index include",
               "index options", "index tablespace"),
    _exclusion("different", "breaks", "it refuses other rows, or at another moment"),
    _guard("different", "opens", "rows that were there before it are not checked", "is valid", when=c.NOT_VALID),
    _guard("different", "cosmetic", "rows that were there before it are checked, too", "is valid"),
    _guard("different", "opens", "nobody holds rows to it", "is enforced", when=c.NOT_ENFORCED),
    _guard("different", "breaks", "it refuses rows that the reference takes", "is enforced"),
    _guard("different", "opens", "child tables are not held to it", "no inherit", when=c.NO_INHERIT),
    _guard("different", "breaks", "child tables are held to it", "no inherit"),
    _not_null("different", "cosmetic", "the constraint is called otherwise"),
    _check("missing", "opens", "it takes values that the reference refuses"),
    _check("unexpected", "breaks", "it refuses values that the reference takes"),
    _check("different", "breaks", "it refuses other values"),
    _foreign_key("missing", "opens", "it takes rows that point to nothing"),
    _foreign_key("unexpected", "breaks", "it refuses rows, and deletions, that the reference takes"),
    _foreign_key("different", "breaks", "deleting or changing a row does something else, or is refused"),
    _index("missing", "opens", "rows that are the same are taken twice, and ON CONFLICT fails", when=c.WAS_UNIQUE),
    _index("missing", "slows", "queries that went through it read the whole table"),
    _index("unexpected", "breaks", "it refuses rows that the reference takes", when=c.IS_UNIQUE),
    _index("unexpected", "slows", "every write keeps it up to date"),
    _index("different", "opens", "rows that are the same are taken twice, and ON CONFLICT fails", "is unique",
           when=c.NO_LONGER_UNIQUE),
    _index("different", "breaks", "it refuses rows that the reference takes", "is unique"),
    _index("different", "opens", "NULLs are taken more than once", "nulls not distinct", when=c.NULLS_DISTINCT),
    _index("different", "slows", "its entries are stored in another way", "options", "tablespace", "include"),
    _index("different", "breaks", "it refuses other rows", when=c.WAS_UNIQUE),
    _index("different", "slows", "queries that went through it may read the whole table"),
    _any("renamed", "cosmetic", "it is the same by another name"),
    _rows("replica identity")(_ALL, "breaks", "logical replication sends other rows, or refuses to change them"),
    _trigger("missing", "breaks", "what it did does not happen"),
    _trigger("unexpected", "breaks", "something happens that does not in the reference"),
    _trigger("different", "breaks", "something else happens, or at another moment"),
    _state(_ALL, "breaks", "it runs where it does not in the reference, or the other way round"),
    _policy("missing", "breaks", "roles see and change fewer rows", when=c.WAS_PERMISSIVE),
    _policy("missing", "opens", "roles see and change more rows"),
    _policy("unexpected", "opens", "roles see and change more rows", when=c.IS_PERMISSIVE),
    _policy("unexpected", "breaks", "roles see and change fewer rows"),
    _policy("different", "opens", "roles see and change other rows"),
    _function("missing", "breaks", "whatever calls it fails"),
    _function("unexpected", "cosmetic", "nobody who knows the reference calls it"),
    _function("different", "breaks", "it does something else"),
    _view("missing", "breaks", "whatever reads it fails"),
    _view("unexpected", "cosmetic", "nobody who knows the reference reads it"),
    _view("different", "opens", "whose rights it reads with, or what can be seen through it, is otherwise", "options",
          when=c.SECURITY_OPTION),
    _view("different", "slows", "its rows are stored in another way", "options"),
    _view("different", "breaks", "it shows something else"),
    _content("missing", "breaks", "reading it fails until it is refreshed"),
    _content("unexpected", "cosmetic", "it is filled, which it is not in the reference"),
    _event_trigger("missing", "opens", "what it watched over is not watched"),
    _event_trigger("unexpected", "breaks", "DDL does more than in the reference, or is refused"),
    _event_trigger("different", "opens", "it watches over something else"),
    _storage(_ALL, "slows", "rows or indexes are stored in another way"),
    _rows("rule")(_ALL, "breaks", "reading or writing does something else"),
    _rows("typed table")(_ALL, "cosmetic", "it follows the changes of its type, or does not"),
    _rows("statistics")("missing", "slows", "the planner guesses how columns go together"),
    _rows("statistics")("unexpected", "cosmetic", "the planner knows more than in the reference"),
    _rows("statistics")("different", "slows", "the planner knows something else"),
    _rows("publication table", "publication schema")("unexpected", "opens", "subscribers get rows that they do not"
                                                     " get from the reference"),
    _replicated(_ALL, "breaks", "logical replication sends or takes other rows"),
    _rows("cast")(_ALL, "breaks", "values are converted where they are not in the reference, or the other way round"),
    _beyond("missing", "breaks", "what uses it fails"),
    _beyond("unexpected", "cosmetic", "nobody who knows the reference uses it"),
    _beyond("different", "breaks", "what uses it does something else"),
    _rows("security label")(_ALL, "opens", "another rule guards it"),
    _rows("default privileges")(_ALL, "opens", "what the role makes from now on comes with other rights"),
    _rows("comment")(_ALL, "cosmetic", "people read something else"),
    _rows("owner")(_ALL, "opens", "another role may alter and drop it, and lends it its rights"),
    _rows("grants")(_ALL, "breaks", "a role is refused that the reference lets in", when=c.FEWER_RIGHTS),
    _rows("grants")(_ALL, "opens", "a role is let in that the reference refuses"),
    _rows("column order")("different", "cosmetic", "SELECT * and bare INSERTs go by it; no statement changes it"),
    _rows("inheritance")("different", "cosmetic", "it shows when the parent's is dropped; no statement changes it"),
)  # fmt: skip

_NOT_WEIGHED = "nobody has said yet what this does"


def weighed(difference: Difference) -> Finding:
    """The difference with the heaviest of its properties' weights; each reason of that weight once."""
    found = list(_verdicts(difference))
    weight = min((one.weight for one, _ in found), key=WEIGHTS.index)
    chosen = [(rule, detail) for rule, detail in found if rule.weight == weight]
    name = f"{difference.address[0]}-{difference.how}"
    if chosen[0][1] is not None and chosen[0][0].properties:
        name += f"-{chosen[0][1].name}"
    because = "; ".join(dict.fromkeys(rule.because for rule, _ in chosen))
    code = name.replace(" ", "-")
    return Finding(difference.address, difference.how, weight, code, because, difference.details)


def _verdicts(difference: Difference) -> Iterator[tuple[Rule, Detail | None]]:
    for detail in difference.details or (None,):
        rule = next((one for one in RULES if one.fits(difference, detail)), None)
        # Too heavy rather than unseen.
        yield rule or Rule((), (), "breaks", _NOT_WEIGHED), detail
