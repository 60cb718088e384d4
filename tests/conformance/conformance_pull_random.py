"""Databases by chance for `db pull`: tables with odd names, types, defaults, keys, relations, indexes."""

import random

_TABLES = ("user", "Post", "order_item", "class", "1st", "a b", "_hid", "Tag", "node", "Ünï", "model", "A-b")
_COLUMNS = (
    "name", "Title", "created at", "2nd", "_x", "kind", "é", "parent", "user", "Post", "9", "a-b", "type",
)  # fmt: skip
_PLAIN_TABLES = ("user", "Post", "order_item", "class", "1st", "Tag", "node", "model", "a b", "teamMember")
_PLAIN_COLUMNS = ("name", "Title", "created at", "2nd", "_x", "kind", "type", "first_name", "lastName", "size")
_TYPES: dict[str, tuple[str, ...]] = {
    "int": ("1", "-5", "1+1"),
    "bigint": ("9", "'-3'"),
    "smallint": (),
    "text": ("'x'", "''", "md5('a')"),
    "varchar(10)": (),
    "char(2)": (),
    "numeric(8,2)": ("1.50", "0"),
    "float8": ("2.5",),
    "boolean": ("true", "false"),
    "timestamptz": ("now()", "CURRENT_TIMESTAMP"),
    "timestamp(3)": (),
    "date": ("CURRENT_DATE",),
    "jsonb": ("'{}'", "'[1]'"),
    "uuid": ("gen_random_uuid()",),
    "bytea": (),
    "text[]": ("'{}'", "ARRAY['a']"),
    "int[]": ("'{1,2}'",),
    "mood": ("'sad'", "'so so'"),
    "mood[]": ("'{sad}'",),
    "point": (),
}
_ACTIONS = (
    "", " ON DELETE CASCADE", " ON DELETE SET NULL ON UPDATE CASCADE", " ON UPDATE SET NULL",
    " ON DELETE RESTRICT ON UPDATE CASCADE", " DEFERRABLE",
)  # fmt: skip


def database(seed: int, *, is_plain: bool = False) -> str:
    """A script that makes one; the same for the same seed. `is_plain`: Prisma can read what it writes of it, mostly."""
    return _Database(random.Random(seed), is_plain=is_plain).script()


def _quoted(name: str) -> str:
    return f'"{name}"'


class _Database:
    def __init__(self, chance: random.Random, *, is_plain: bool) -> None:
        self._chance = chance
        self._is_plain = is_plain
        self._names = chance.sample(_PLAIN_TABLES if is_plain else _TABLES, chance.randint(2, 7))
        self._columns: dict[str, list[tuple[str, str]]] = {name: [] for name in self._names}
        self._has_key: dict[str, bool] = {}
        self._lines = ["CREATE TYPE mood AS ENUM ('sad', 'so so', '1', 'ok-');"]

    def script(self) -> str:
        for name in self._names:
            self._table(name)
        for name in self._names:
            self._keys(name)
            self._indexes(name)
        for number in range(self._chance.randint(0, 2)):
            self._join(number)
        for name in self._names:
            if self._chance.random() < 0.2:
                self._lines.append(f"COMMENT ON TABLE {_quoted(name)} IS 'c';")
            if self._chance.random() < 0.1:
                self._lines.append(f"ALTER TABLE {_quoted(name)} ENABLE ROW LEVEL SECURITY;")
        return "\n".join(self._lines)

    def _table(self, name: str) -> None:
        chance = self._chance
        kind = chance.random()
        key = "PRIMARY KEY" if kind < 0.8 else "UNIQUE" if kind < 0.9 else ""
        type_ = chance.choice(["serial", "int", "bigint GENERATED ALWAYS AS IDENTITY", "bigserial"])
        columns = [f"id {type_} {key}"]
        self._has_key[name] = bool(key)
        self._columns[name].append(("id", "bigint" if "big" in type_ else "int"))
        for column in chance.sample(_PLAIN_COLUMNS if self._is_plain else _COLUMNS, chance.randint(0, 6)):
            type_ = chance.choice(list(_TYPES))
            words = [_quoted(column), type_]
            if _TYPES[type_] and chance.random() < 0.5:
                words.append(f"DEFAULT {chance.choice(_TYPES[type_])}")
            if chance.random() < 0.4:
                words.append("NOT NULL")
            if chance.random() < 0.15 and type_ != "point":
                words.append("UNIQUE")
            if chance.random() < 0.05:
                words.append(f"CHECK ({_quoted(column)} IS NOT NULL)")
            columns.append(" ".join(words))
            self._columns[name].append((column, type_))
        self._lines.append(f"CREATE TABLE {_quoted(name)} ({', '.join(columns)});")

    def _keys(self, name: str) -> None:
        chance = self._chance
        for number in range(chance.randint(0, 3)):
            target = chance.choice(self._names)
            column = chance.choice(
                [f"{target}_id", f"ref{number}", f"{target}Id" if self._is_plain else target, f"other {number}"]
            )
            if not self._has_key[target] or any(column == one for one, _ in self._columns[name]):
                continue
            type_ = self._columns[target][0][1]
            self._columns[name].append((column, type_))
            self._lines.append(
                f"ALTER TABLE {_quoted(name)} ADD COLUMN {_quoted(column)} {type_}"
                f"{chance.choice(['', ' UNIQUE', ' NOT NULL'])} REFERENCES {_quoted(target)}(id){chance.choice(_ACTIONS)};"
            )

    def _indexes(self, name: str) -> None:
        chance = self._chance
        fit = [column for column, type_ in self._columns[name] if type_ != "point"]
        for number in range(chance.randint(0, 3)):
            columns = chance.sample(fit, min(len(fit), chance.randint(1, 3)))
            keys = ", ".join(_quoted(one) + chance.choice(["", " DESC", " NULLS FIRST"]) for one in columns)
            given = chance.choice(["", _quoted(f"ix {name} {number}")])
            unique, where = chance.choice(["", "UNIQUE "]), chance.choice(["", "", "", " WHERE id > 3"])
            where = "" if self._is_plain else where
            self._lines.append(f"CREATE {unique}INDEX {given} ON {_quoted(name)} ({keys}){where};")

    def _join(self, number: int) -> None:
        one, other = sorted(self._chance.choices(self._names, k=2))
        if not (self._has_key[one] and self._has_key[other]):
            return
        name = _quoted(self._chance.choice([f"_{one}To{other}", f"_rel{number}"]))
        columns = ", ".join(
            f'"{column}" {self._columns[table][0][1]} NOT NULL REFERENCES {_quoted(table)}(id)'
            for column, table in (("A", one), ("B", other))
        )
        self._lines.append(f'CREATE TABLE IF NOT EXISTS {name} ({columns}, PRIMARY KEY ("A", "B"));')
        self._lines.append(f'CREATE INDEX ON {name} ("B");')
