"""Small SQL expressions as PostgreSQL prints them: the defaults and predicates that people write into a Prisma schema.

PostgreSQL resolves types before it stores an expression, so the stored form depends on more than the text. What is read
here are constants, columns, casts, comparisons, AND/OR/NOT, and a short list of functions whose types are fixed; for
anything else the answer is None: a wrong guess would be worse. tests/catalog holds every form against a server.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from pgready.catalog.expression_constants import typed_constant
from pgready.catalog.expression_tokens import END, Token, tokens
from pgready.catalog.names import ObjectName
from pgready.catalog.shown import shown_ident, shown_literal, shown_type
from pgready.catalog.type_names import type_named
from pgready.catalog.types import SYSTEM, DataType
from pgready.sql.names import fold


def _system(name: str) -> DataType:
    return DataType(ObjectName(SYSTEM, name))


BOOL, INT4, INT8, NUMERIC, TEXT, VARCHAR = map(_system, ("bool", "int4", "int8", "numeric", "text", "varchar"))
FLOAT8, MOMENT, LOCAL, INTERVAL = map(_system, ("float8", "timestamptz", "timestamp", "interval"))
_WHOLE = (_system("int2"), INT4, INT8)
_FLOATS = (_system("float4"), FLOAT8)
_NUMBERS = (*_WHOLE, NUMERIC)
# name → types of the arguments, type of the result. Only functions for which PostgreSQL has no choice.
_FUNCTIONS: dict[str, tuple[tuple[DataType, ...], DataType]] = {
    "now": ((), MOMENT),
    "clock_timestamp": ((), MOMENT),
    "statement_timestamp": ((), MOMENT),
    "transaction_timestamp": ((), MOMENT),
    "gen_random_uuid": ((), _system("uuid")),
    "uuidv4": ((), _system("uuid")),
    "uuidv7": ((), _system("uuid")),
    "random": ((), FLOAT8),
    "version": ((), TEXT),
    "md5": ((TEXT,), TEXT),
    "lower": ((TEXT,), TEXT),
    "upper": ((TEXT,), TEXT),
    "timezone": ((TEXT, MOMENT), LOCAL),
    "date_trunc": ((TEXT, MOMENT), MOMENT),
    "to_char": ((MOMENT, TEXT), TEXT),
    "replace": ((TEXT, TEXT, TEXT), TEXT),
    "current_setting": ((TEXT, BOOL), TEXT),
}
_OF_EXTENSION = {
    "uuid_generate_v1": ("uuid-ossp", _system("uuid")),
    "uuid_generate_v1mc": ("uuid-ossp", _system("uuid")),
    "uuid_generate_v4": ("uuid-ossp", _system("uuid")),
}
_WORDS = {
    "CURRENT_TIMESTAMP": MOMENT,
    "CURRENT_DATE": _system("date"),
    "CURRENT_USER": _system("name"),
    "SESSION_USER": _system("name"),
    "LOCALTIMESTAMP": LOCAL,
}
_NO_COLUMNS = frozenset({"USER", "CURRENT_ROLE", "CURRENT_CATALOG", "CURRENT_SCHEMA", "CURRENT_TIME", "LOCALTIME"})
_COMPARISONS = {"=": "=", "<>": "<>", "!=": "<>", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_TYPE_WORDS = frozenset({"VARYING", "PRECISION", "WITH", "WITHOUT", "TIME", "ZONE"})


class _Unknown(Exception):
    """Something that is not read here."""


class _Node(NamedTuple):
    """`text` as printed. `type` is None for a string constant whose type nobody has said, which `raw` then holds.

    `number` is set for a numeric constant: its text without a label. `parts` are those of an AND or OR.
    """

    text: str
    type: DataType | None
    raw: str = ""
    number: str = ""
    parts: tuple[str, tuple[str, ...]] | None = None
    is_bracketed: bool = False


class Surroundings(NamedTuple):
    """What an expression's names mean: columns of the table, schemas of extensions, the schema of everything else."""

    columns: Mapping[str, DataType]
    extension_schemas: Mapping[str, str]
    default_schema: str
    enums: Mapping[ObjectName, tuple[str, ...]]


def printed(text: str, around: Surroundings, target: DataType | None = None) -> str | None:
    """`text` as `pg_get_expr` prints it; None where that is not known.

    `target` is the type of the column whose default it is; without one it is a predicate.
    """
    words = tokens(text)
    if not words:
        return None
    try:
        return _Reader(words, around).whole(target)
    except _Unknown:
        return None


class _Reader:
    """Reads one expression by descent."""

    def __init__(self, words: list[Token], around: Surroundings) -> None:
        self._words = words
        self._at = 0
        self._around = around

    # -- tokens --------------------------------------------------------------------------------------------------------

    def _next(self, ahead: int = 0) -> Token:
        at = self._at + ahead
        return self._words[at] if at < len(self._words) else END

    def _take(self, *keys: str) -> bool:
        for number, key in enumerate(keys):
            if self._next(number).key != key:
                return False
        self._at += len(keys)
        return True

    def _want(self, key: str) -> None:
        if not self._take(key):
            raise _Unknown

    # -- grammar -------------------------------------------------------------------------------------------------------

    def whole(self, target: DataType | None) -> str:
        """All of it, as the default of a `target` column or as a predicate."""
        found = self._any()
        if self._next() is not END:
            raise _Unknown
        if target is None:
            return self._bool(found).text
        return self._as(found, DataType(target.name, "", target.dimensions)).text if found.type is None else found.text

    def _any(self) -> _Node:
        return self._chain("OR", lambda: self._chain("AND", self._not))

    def _chain(self, word: str, operand: Callable[[], _Node]) -> _Node:
        found = operand()
        while self._take(word):
            other = self._bool(operand())
            found = self._bool(found)
            if other.parts and other.parts[0] == word:
                raise _Unknown  # a bracketed chain on the right: printed as written only by some paths
            parts = found.parts[1] if found.parts and found.parts[0] == word else (found.text,)
            parts = (*parts, other.text)
            found = _Node("(" + f" {word} ".join(parts) + ")", BOOL, parts=(word, parts))
        return found

    def _not(self) -> _Node:
        if self._take("NOT"):
            return _Node(f"(NOT {self._bool(self._not()).text})", BOOL)
        return self._comparison()

    def _comparison(self) -> _Node:
        left = self._sum()
        if self._take("IS"):
            negated = "NOT " if self._take("NOT") else ""
            word = self._next().key
            if word not in ("NULL", "TRUE", "FALSE") or left.type is None:
                raise _Unknown
            self._at += 1
            shown = left if word == "NULL" else self._bool(left)
            return _Node(f"({shown.text} IS {negated}{word})", BOOL)
        if self._take("IN"):
            return self._in(left)
        operator = _COMPARISONS.get(self._next().key)
        if operator is None:
            return left
        self._at += 1
        one, other = self._alike(left, self._sum())
        return _Node(f"({one} {operator} {other})", BOOL)

    def _in(self, left: _Node) -> _Node:
        self._want("(")
        items = [self._sum()]
        while self._take(","):
            items.append(self._sum())
        self._want(")")
        if len(items) == 1:
            one, other = self._alike(left, items[0])
            return _Node(f"({one} = {other})", BOOL)
        type_ = left.type
        if type_ == INT4 and all(item.type == INT4 and item.number for item in items):
            return _Node(f"({left.text} = ANY (ARRAY[{', '.join(item.text for item in items)}]))", BOOL)
        if type_ in (None, VARCHAR) or any(item.type is not None for item in items):
            raise _Unknown  # varchar: printed in more than one way
        shown = ", ".join(self._as(item, DataType(type_.name)).text for item in items)
        return _Node(f"({left.text} = ANY (ARRAY[{shown}]))", BOOL)

    def _sum(self) -> _Node:
        found = self._cast()
        while True:
            if self._take("AT", "TIME", "ZONE"):
                zone = self._as(self._cast(), TEXT)
                if found.type not in (MOMENT, LOCAL):
                    raise _Unknown
                found = _Node(f"({found.text} AT TIME ZONE {zone.text})", LOCAL if found.type == MOMENT else MOMENT)
            elif self._next().key in ("+", "-") and found.type in (MOMENT, LOCAL):
                operator = self._next().key
                self._at += 1
                found = _Node(f"({found.text} {operator} {self._as(self._cast(), INTERVAL).text})", found.type)
            elif self._take("||"):
                other = self._as(self._cast(), TEXT)
                found = _Node(f"({self._as(found, TEXT).text} || {other.text})", TEXT)
            elif self._next().key in ("+", "-", "*", "/", "||"):
                raise _Unknown
            else:
                return found

    def _cast(self) -> _Node:
        found = self._primary()
        while self._take("::"):
            found = self._to(found, self._type())
        return found

    def _primary(self) -> _Node:
        word = self._next()
        self._at += 1
        if word.kind == "string":
            return _Node("", None, raw=word.text[1:-1].replace("''", "'"))
        if word.kind == "number" or (word.key == "-" and self._next().kind == "number"):
            return self._number(word)
        if word.key == "(":
            found = self._any()
            self._want(")")
            return found
        if word.kind == "quoted" or (word.kind == "word" and self._next().key not in ("(", ".", "[")):
            return self._name(word)
        if word.key == "ARRAY" and self._take("["):
            return self._array()
        if word.kind == "word" and self._take("("):
            return self._call(fold(word.text))
        raise _Unknown

    def _number(self, word: Token) -> _Node:
        text = word.text
        if word.key == "-":
            text += self._next().text
            self._at += 1
        if "." in text:
            type_ = NUMERIC
        else:
            value = int(text)
            text = str(value)
            type_ = INT4 if -(2**31) <= value < 2**31 else INT8 if -(2**63) <= value < 2**63 else NUMERIC
        plain = text[0] != "-" and (type_ == INT4 or "." in text)
        bare = text if plain else shown_literal(text)
        return _Node(bare if plain else f"{bare}::{shown_type(type_)}", type_, number=bare)

    def _name(self, word: Token) -> _Node:
        if word.kind == "word":
            if word.key in ("TRUE", "FALSE"):
                return _Node(word.text.lower(), BOOL)
            if word.key == "INTERVAL" and self._next().kind == "string":
                return self._as(self._primary(), INTERVAL)
            if word.key in _WORDS:
                return _Node(word.key, _WORDS[word.key])
        name = word.text[1:-1].replace('""', '"') if word.kind == "quoted" else fold(word.text)
        type_ = self._around.columns.get(name)
        if type_ is None or word.key in _NO_COLUMNS:
            raise _Unknown
        return _Node(shown_ident(name), DataType(type_.name, "", type_.dimensions))

    def _array(self) -> _Node:
        items = []
        while not self._take("]"):
            items.append(self._sum())
            if self._next().key != "]":
                self._want(",")
        self._want("::")
        type_ = self._type()
        if not type_.dimensions or type_.modifier or any(item.type not in (None, TEXT) for item in items):
            raise _Unknown
        if not items:
            return _Node(f"ARRAY[]::{shown_type(type_)}", type_)
        element = DataType(type_.name)
        return _Node(f"ARRAY[{', '.join(self._as(item, element).text for item in items)}]", type_)

    def _call(self, name: str) -> _Node:
        given = []
        while not self._take(")"):
            given.append(self._any())
            if self._next().key != ")":
                self._want(",")
        if name == "nextval" and len(given) == 1:
            return _Node(f"nextval({self._as(given[0], _system('regclass')).text})", INT8)
        if name in _OF_EXTENSION and not given:
            extension, result = _OF_EXTENSION[name]
            schema = self._around.extension_schemas.get(extension, self._around.default_schema)
            return _Node(f"{shown_ident(schema)}.{name}()", result)
        wanted, result = _FUNCTIONS.get(name, ((), TEXT))
        if name not in _FUNCTIONS or len(wanted) != len(given):
            raise _Unknown
        shown = [self._as(one, type_).text for one, type_ in zip(given, wanted, strict=True)]
        return _Node(f"{name}({', '.join(shown)})", result)

    def _type(self) -> DataType:
        start = self._at
        self._at += 1
        if self._words[start].kind not in ("word", "quoted"):
            raise _Unknown
        while self._next().key in _TYPE_WORDS or self._take("."):
            self._at += 1
        if self._take("("):
            while not self._take(")"):
                if self._next() is END:
                    raise _Unknown
                self._at += 1
            while self._next().key in _TYPE_WORDS:
                self._at += 1
        while self._take("[", "]"):
            pass
        text = " ".join(word.text for word in self._words[start : self._at])
        return type_named(text.replace(" . ", "."), self._around.extension_schemas, self._around.default_schema)

    # -- types ---------------------------------------------------------------------------------------------------------

    def _bool(self, node: _Node) -> _Node:
        if node.type != BOOL:
            raise _Unknown
        return node

    def _as(self, node: _Node, type_: DataType) -> _Node:
        """The node where this very type is wanted: a constant of no type takes it, others must have it."""
        if node.type is not None:
            if node.type != type_:
                raise _Unknown
            return node
        if type_.name in self._around.enums and not type_.dimensions:
            return _Node(f"{shown_literal(node.raw)}::{shown_type(type_)}", type_)
        text = typed_constant(node.raw, type_, self._around.default_schema)
        if text is None:
            raise _Unknown
        return _Node(text, type_)

    def _to(self, node: _Node, type_: DataType) -> _Node:
        """An explicit cast."""
        if node.type is None:
            found = self._as(node, DataType(type_.name, "", type_.dimensions))
            if not type_.modifier:
                return found
            if type_.name.name not in ("varchar", "bpchar") or type_.dimensions:
                raise _Unknown
            return _Node(f"{shown_literal(node.raw)}::{shown_type(type_)}", DataType(type_.name))
        bare = DataType(type_.name, "", type_.dimensions)
        if type_.modifier or bare.dimensions or not bare.is_system:
            raise _Unknown
        return node if node.type == bare else _Node(f"({node.text})::{shown_type(bare)}", bare)

    def _relabelled(self, node: _Node) -> _Node:
        return self._to(node, TEXT) if node.type == VARCHAR else self._as(node, TEXT)

    def _alike(self, left: _Node, right: _Node) -> tuple[str, str]:
        """Both sides of a comparison, cast as PostgreSQL casts them."""
        if left.type is None:
            raise _Unknown
        if VARCHAR in (left.type, right.type):  # it has no operators of its own
            one, other = [self._relabelled(node).text for node in (left, right)]
            return one, other
        if right.type is None or left.type == right.type:
            return left.text, self._as(right, left.type).text
        if left.type in _WHOLE and right.type in _WHOLE:
            return left.text, right.text
        if left.type in _NUMBERS and right.type in _NUMBERS:
            one, other = [
                node.text if node.type == NUMERIC else f"({node.text})::numeric" for node in (left, right)
            ]  # fmt: skip
            return one, other
        if left.type in _FLOATS and right.number:
            return left.text, f"({right.text})::double precision"
        if left.type == _system("oid") and right.type == INT4 and right.number:
            return left.text, f"({right.text})::oid"
        raise _Unknown
