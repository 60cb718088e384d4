"""A value of any type as SQL: the `number`-th of many, distinct as far as its type allows, plausible by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pgready.catalog.model import Catalog, Composite, Domain, Enum, Range
from pgready.catalog.names import ObjectName
from pgready.catalog.types import DataType
from pgready.sample.checks import NONE, Hint, hints
from pgready.sample.patterns import matching
from pgready.sample.words import words
from pgready.sql.names import quote_literal

_INTEGERS = {"int2": 32_000, "int4": 2_000_000_000, "int8": 9_000_000_000_000}
_DAYS = 730
_TIMES = {"timestamp", "timestamptz", "date", "time", "timetz"}
_TEXTS = {"text", "varchar", "bpchar", "citext", "name", "char"}
_NETS = {"inet": "10.{}.{}.{}", "cidr": "10.{}.{}.{}/32"}
_POINTS = {
    "point": "({0},{1})", "line": "{{1,-1,{0}}}", "lseg": "[({0},{1}),({1},{0})]", "box": "(({0},{1}),(1,1))",
    "path": "(({0},{1}),(1,1))", "polygon": "(({0},{1}),(1,1),(2,0))", "circle": "<({0},{1}),2>",
}  # fmt: skip
_RANGES = {
    "int4range": "int4", "int8range": "int8", "numrange": "numeric", "daterange": "date", "tsrange": "timestamp",
    "tstzrange": "timestamptz",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which value: `number` tells rows apart, `salt` is chance, `flavour` another try where 0 was refused."""

    number: int
    salt: int
    flavour: int = 0


class Types:
    """The types of a catalog by name."""

    def __init__(self, catalog: Catalog) -> None:
        self.enums: Mapping[ObjectName, Enum] = {one.name: one for one in catalog.enums}
        self.domains: Mapping[ObjectName, Domain] = {one.name: one for one in catalog.domains}
        self.composites: Mapping[ObjectName, Composite] = {one.name: one for one in catalog.composites}
        self.ranges: Mapping[ObjectName, Range] = {one.name: one for one in catalog.ranges}
        self._multiranges = {one.multirange: one for one in catalog.ranges}

    def size(self, type_: DataType, hint: Hint = NONE) -> int | None:
        """How many values there are, None for more than anybody needs."""
        if type_.dimensions:
            return None
        if hint.choices:
            return len(hint.choices)
        if type_.name in self.enums:
            return len(self.enums[type_.name].labels)
        if type_.name in self.domains:
            return self.size(self.domains[type_.name].type, self._of_domain(self.domains[type_.name]))
        if type_.is_system and type_.name.name == "bool":
            return 2
        if hint.low is not None and hint.high is not None and type_.name.name in _INTEGERS:
            return max(1, int(hint.high - hint.low) + 1 - hint.above - hint.below)
        return None

    def value(self, type_: DataType, name: str, wanted: Wanted, hint: Hint = NONE) -> str:
        """The SQL of a value, `NULL` where nobody knows one."""
        if type_.dimensions:
            one = DataType(type_.name, type_.modifier)
            parts = [self.value(one, name, Wanted(wanted.number + at, wanted.salt)) for at in range(wanted.salt % 3)]
            return f"ARRAY[{', '.join(parts)}]::{type_.sql}"
        if hint.choices:
            return hint.choices[wanted.number % len(hint.choices)]
        if type_.name in self.enums:
            labels = self.enums[type_.name].labels
            if not labels:
                return "NULL"
            return f"{quote_literal(labels[wanted.number % len(labels)])}::{type_.sql}"
        if type_.name in self.domains:
            domain = self.domains[type_.name]
            return f"({self.value(domain.type, name, wanted, self._of_domain(domain, hint))})::{type_.sql}"
        if type_.name in self.composites:
            parts = [self.value(one.type, one.name, wanted) for one in self.composites[type_.name].attributes]
            return f"ROW({', '.join(parts)})::{type_.sql}"
        if type_.name in self.ranges:
            return self.ranged(type_, self.ranges[type_.name].subtype, name, wanted)
        if type_.name in self._multiranges:
            own = self._multiranges[type_.name]
            return f"{type_.name.sql}({self.ranged(DataType(own.name), own.subtype, name, wanted)})"
        return _plain(type_, name, wanted, hint, self)

    def _of_domain(self, domain: Domain, outer: Hint = NONE) -> Hint:
        found = hints([one.expression for one in domain.checks], value="VALUE").of("VALUE")
        return found if outer == NONE else outer if found == NONE else found

    def ranged(self, type_: DataType, subtype: DataType, name: str, wanted: Wanted) -> str:
        """A range of the type between two values of its subtype; those of different numbers do not overlap."""
        low = self.value(subtype, name, Wanted(wanted.number * 2, wanted.salt, 9))
        high = self.value(subtype, name, Wanted(wanted.number * 2 + 1, wanted.salt, 9))
        maker = type_.name.name if type_.is_system else type_.name.sql
        return f"{maker}(least({low}, {high}), greatest({low}, {high}))"


def _plain(type_: DataType, name: str, wanted: Wanted, hint: Hint, types: Types) -> str:
    kind, n, salt = type_.name.name, wanted.number, wanted.salt
    if kind in _INTEGERS:
        return str(_integer(kind, n, salt, wanted.flavour, hint))
    if kind in ("numeric", "float4", "float8", "money"):
        return _decimal(type_, n, salt, wanted.flavour, hint)
    if kind in _TEXTS:
        return quote_literal(_text(type_, name, wanted, hint))
    if kind in _TIMES:
        return _time(kind, name, wanted)
    if kind in _RANGES or kind.replace("multirange", "range") in _RANGES:
        own = DataType(ObjectName("pg_catalog", kind.replace("multirange", "range")))
        inner = types.ranged(own, DataType(ObjectName("pg_catalog", _RANGES[own.name.name])), name, wanted)
        return inner if own == type_ else f"{kind}({inner})"
    quoted = _quoted(type_, n, salt)
    return f"{quote_literal(quoted)}::{type_.sql}" if quoted is not None else "NULL"


def _quoted(type_: DataType, n: int, salt: int) -> str | None:
    """The text of a value of a type that has no arithmetic."""
    kind = type_.name.name
    if kind == "bool":
        return "true" if n % 2 == 0 else "false"
    if kind == "uuid":
        head = f"{(salt ^ 0x5EED5EED) & 0xFFFFFFFF:08x}"
        return f"{head}-{n & 0xFFFF:04x}-4{(n >> 16) & 0xFFF:03x}-8{salt & 0xFFF:03x}-{n:012x}"
    if kind in ("json", "jsonb"):
        return f'{{"number": {n}, "tags": ["a", "b"], "note": null}}'
    if kind == "bytea":
        return f"\\x{n:08x}{salt & 0xFFFF:04x}"
    if kind in _NETS:
        return _NETS[kind].format(n >> 16 & 255, n >> 8 & 255, n & 255)
    if kind in ("macaddr", "macaddr8"):
        raw = f"02{n & 0xFFFFFFFFFF:010x}" if kind == "macaddr" else f"0200{n:012x}"
        return ":".join(raw[at : at + 2] for at in range(0, len(raw), 2))
    if kind in ("bit", "varbit"):
        size = int(type_.modifier or 1 if kind == "bit" else type_.modifier or 8)
        return f"{n % 2**size:0{size}b}"
    if kind in _POINTS:
        return _POINTS[kind].format(n % 90, salt % 90)
    if kind == "interval":
        return f"{n + 1} minutes"
    if kind in ("tsvector", "tsquery"):
        return f"word{n}"
    if kind == "xml":
        return f"<row>{n}</row>"
    if kind in ("oid", "xid", "cid", "regclass", "regtype", "pg_lsn", "xid8", "tid"):
        return {"pg_lsn": f"0/{n + 1:X}", "tid": f"(0,{n + 1})", "regclass": "pg_class", "regtype": "text"}.get(
            kind, str(n + 1)
        )
    if kind == "hstore":
        return f"number=>{n}"
    if kind == "ltree":
        return f"top.n{n}"
    if kind in ("vector", "halfvec"):
        return "[" + ",".join(str((n + at) % 10 / 10 + 0.1) for at in range(int(type_.modifier or 3))) + "]"
    if kind in ("geometry", "geography"):
        return f"SRID=4326;POINT({n % 90} {salt % 90})" if "4326" in type_.modifier else f"POINT({n % 90} {salt % 90})"
    return None


def _integer(kind: str, n: int, salt: int, flavour: int, hint: Hint) -> int:
    most = _INTEGERS[kind]
    if hint.low is None and hint.high is None:
        plain = {0: n + 1, 3: n % 10 + 1, 4: 0, 5: -n - 1, 6: n % 2}.get(flavour, n + 1)
        return plain if -most < plain < most else salt % 100
    low = None if hint.low is None else int(hint.low) + hint.above
    high = None if hint.high is None else int(hint.high) - hint.below
    if low is not None and high is not None:
        return low + n % max(1, high - low + 1)
    return low + n if low is not None else (high or 0) - n


def _decimal(type_: DataType, n: int, salt: int, flavour: int, hint: Hint) -> str:
    precision, _, scale = type_.modifier.partition(",")
    places = int(scale or 0) if precision else 2
    whole = 10 ** (int(precision) - max(places, 0)) - 1 if precision else 10**6
    step = Decimal(10) ** -max(places, 0)
    low, high = hint.low, hint.high
    if flavour == 3:
        low, high = Decimal(0), Decimal(1)
    if low is not None and high is not None:
        many = max(1, int((high - low) / step) - 1)
        found = low + step * ((n + 1) % many if many > 1 else hint.above)
    elif low is not None:
        found = low + Decimal(n + 1 if whole > n else 0) + step * (salt % 90 if places > 1 else 0)
    elif high is not None:
        found = high - Decimal(n + 1)
    else:
        found = {4: Decimal(0), 5: Decimal(-n - 1)}.get(
            flavour, Decimal(n % max(whole, 1) + (whole > 0)) + step * (salt % 90 if places > 1 else 0)
        )
        if not whole:
            found = step * (n % 10)
    return str(found)


def _time(kind: str, name: str, wanted: Wanted) -> str:
    """A moment: later rows are later; what a name calls an end lies behind what it calls a beginning."""
    later = any(
        word in name.lower() for word in ("end", "until", "expire", "due", "finish", "close", "to", "paid", "updated")
    )
    n = wanted.number + (_DAYS if later and wanted.flavour != 9 else 0)
    if kind in ("time", "timetz"):
        zone = "+00" if kind == "timetz" else ""
        return f"'{8 + n // 60 % 12:02}:{n % 60:02}:{wanted.salt % 60:02}{zone}'::{kind}"
    day = f"DATE '2024-01-01' + {n % 20_000}"
    if kind == "date":
        return f"({day})"
    zone = " AT TIME ZONE 'UTC'" if kind == "timestamptz" else ""
    return f"((({day}) + TIME '{wanted.salt % 24:02}:{wanted.salt % 60:02}:00'){zone})"


def _text(type_: DataType, name: str, wanted: Wanted, hint: Hint) -> str:
    limit = int(type_.modifier) if type_.modifier.isdigit() else 0
    kind = type_.name.name
    if kind in ("char", "bpchar") and not limit:
        limit = 1 if kind == "char" else 0
    if hint.longest is not None:
        limit = min(limit or hint.longest, hint.longest)
    if hint.pattern:
        found = matching(hint.pattern, wanted.number)
        if found is not None:
            return found
    text = words(name, wanted.number, wanted.salt)
    if wanted.flavour == 3:
        text = _coded(wanted.number, limit or 3).upper()
    elif wanted.flavour == 4:
        text = str(wanted.number)
    elif wanted.flavour == 5:
        text = f"https://example.org/{wanted.number}"
    elif wanted.flavour == 6:
        text = f"row{wanted.number}@example.org"
    if hint.shortest is not None and len(text) < hint.shortest:
        text = text.ljust(hint.shortest, "x")
    if limit and len(text) > limit:
        text = _coded(wanted.number, limit)
    if hint.case:
        text = text.upper() if hint.case == "upper" else text.lower()
    return text


_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _coded(number: int, length: int) -> str:
    """The number in letters, of just this length: distinct as long as there are such texts."""
    found = ""
    for _ in range(length):
        number, digit = divmod(number, 26)
        found = _LETTERS[digit] + found
    return found
