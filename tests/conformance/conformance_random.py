"""Whole schemas by chance, from seeds: `schemas(seeds)` are meant to be valid, `mutants(seeds)` are broken ones.

The same seed gives the same schema. A schema has models with keys, scalars, native types, defaults, indexes and relations
of all kinds, enums, views, several PostgreSQL schemas and mapped names; then comments, blanks, orders and files by chance.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from conformance_cases import Case, make, preamble
from conformance_layout import block_text, laid_out
from conformance_mutate import mutated
from conformance_parsers import Style
from conformance_tables import NATIVE, SCALARS

WORDS = (  # noqa: SIM905
    "account address agent album answer article asset audit badge bank basket bill block board book branch budget card cart case chain "
    "channel charge city class client comment company contact country coupon course credit currency customer day debit device draft "
    "driver email entry event file flag folder frame game gift grant group guest holder host image invite invoice item job key label "
    "ledger lesson level license line link list location log loss machine map mark match member menu message meter metric mode month "
    "move name note object offer office order owner page parent part party path payment payout person phone photo place plan player "
    "point policy pool post price product profile project queue quote rank rate reason record region report request review role room "
    "route rule sale score seat segment session share shift shop signal site size slot source stage state step stock store stream "
    "style subject task tax team tenant term theme ticket time title token tool topic track trade trip type unit user value vendor "
    "version video view visit vote wallet week zone größe été データ"
).split()  # noqa: SIM905
LITERALS = {
    "String": (
        '"x"',
        '""',
        '"a \\"b\\" \\\\ c"',
        "uuid()",
        "uuid(7)",
        "cuid()",
        "cuid(2)",
        "ulid()",
        "nanoid()",
        "nanoid(12)",
        'dbgenerated("x()")',
    ),
    "Boolean": ("true", "false", 'dbgenerated("now() > now()")'),
    "Int": ("0", "1", "-7", "autoincrement()", "dbgenerated()"),
    "BigInt": ("0", "9007199254740993", "autoincrement()"),
    "Float": ("0", "1.5", "-2.25"),
    "Decimal": ("0", "10.50", '"12.3"'),
    "DateTime": ("now()", '"2024-02-29T01:02:03Z"', '"2024-02-29T01:02:03.5+01:00"', 'dbgenerated("now()")'),
    "Json": ('"{}"', '"[1, {\\"a\\": null}]"', '"null"'),
    "Bytes": ('"aGVsbG8="', '""'),
}
NATIVE_ARGUMENTS = {
    "Decimal": ("", "(10, 2)", "(65, 30)"), "VarChar": ("", "(255)", "(1)"), "Char": ("", "(2)"), "Bit": ("", "(4)"), "VarBit": ("", "(8)"),
    "Timestamp": ("", "(0)", "(3)"), "Timestamptz": ("", "(6)"), "Time": ("", "(3)"), "Timetz": ("", "(2)"),
}  # fmt: skip
ACTIONS = ("Cascade", "Restrict", "NoAction", "SetNull", "SetDefault")


@dataclass
class Line:
    """A field, a value or a block attribute: what stands on one line."""

    head: list[str]
    attributes: list[str] = field(default_factory=list)


@dataclass
class Block:
    """One block of the schema."""

    keyword: str
    name: str
    lines: list[Line] = field(default_factory=list)
    tail: list[Line] = field(default_factory=list)
    key: list[tuple[str, str]] = field(default_factory=list)
    """The fields of the primary key with their types."""
    taken: set[str] = field(default_factory=set)


class Author:
    """Writes one schema by the chances of one seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(f"schema {seed}")
        pick = self.chance
        self.style: Style = pick.choice((6, 7))
        self.schemas = (
            pick.sample(["public", "auth", "billing", "a b", "Sales"], pick.randint(1, 3))
            if pick.random() < 0.3
            else []
        )
        self.mode = pick.choice(("prisma", "foreignKeys")) if pick.random() < 0.25 else ""
        self.previews = pick.sample(
            ["views", "relationJoins", "strictUndefinedChecks", "multiSchema", "postgresqlExtensions"],
            pick.randint(0, 2),
        )
        if self.style == 7 and pick.random() < 0.3:
            self.previews.append("partialIndexes")
        self.names: set[str] = set()
        self.blocks: list[Block] = []
        self.counter = 0

    def fresh(self, *, capital: bool = True) -> str:
        """A name that no block has yet."""
        while True:
            words = self.chance.sample(WORDS, self.chance.choice((1, 1, 2, 2, 3)))
            shape = self.chance.random()
            name = "".join(word[0].upper() + word[1:] for word in words) if shape < 0.6 else "_".join(words)
            if not capital:
                name = name[0].lower() + name[1:]
            if name.lower() not in self.names and name.lower() not in {
                "enum",
                "model",
                "type",
                "class",
                "case",
                "public",
                "view",
            }:
                self.names.add(name.lower())
                return name

    def field_name(self, block: Block, hint: str = "") -> str:
        """A name that no field of the block has yet."""
        while True:
            words = self.chance.sample(WORDS, self.chance.choice((1, 1, 2)))
            name = hint or words[0] + "".join(word[0].upper() + word[1:] for word in words[1:])
            if hint and name in block.taken:
                self.counter += 1
                name = f"{hint}{self.counter}"
            hint = ""
            if name not in block.taken:
                block.taken.add(name)
                return name

    def write(self, count: int = 0) -> list[Block]:
        """The blocks of the schema, datasource and generator aside; `count` models, or some."""
        pick = self.chance
        enums = [self.enum() for _ in range(pick.choice((0, 0, 1, 1, 2, 3)))]
        models = [self.model(enums) for _ in range(count or pick.choice((1, 2, 2, 3, 3, 4, 5, 8) * 8 + (40,)))]
        for _ in range(pick.randint(0, len(models) + 1)):
            self.relation(pick.choice(models), pick.choice(models))
        for model in models:
            self.indexes(model)
        blocks = enums + models
        if "views" in self.previews and pick.random() < 0.6:
            blocks.append(self.view(enums))
        pick.shuffle(blocks)
        for block in blocks:
            if self.schemas:
                block.tail.append(Line([f'@@schema("{pick.choice(self.schemas)}")']))
            if pick.random() < 0.3:
                self.counter += 1
                block.tail.append(Line([f'@@map("{block.name.lower()}_{self.counter}")']))
        return blocks

    def enum(self) -> Block:
        """An enum."""
        block = Block("enum", self.fresh())
        for word in self.chance.sample(WORDS[:-3], self.chance.randint(1, 5)):
            name = word.upper() if self.chance.random() < 0.7 else word
            block.lines.append(Line([name], [f'@map("{word}-x")'] if self.chance.random() < 0.2 else []))
        return block

    def scalar(self, enums: list[Block], *, plain: bool = False) -> tuple[str, list[str], str]:
        """A scalar type with its attributes, and an arity."""
        pick = self.chance
        if enums and pick.random() < 0.15:
            enum = pick.choice(enums)
            default = [f"@default({pick.choice(enum.lines).head[0]})"] if pick.random() < 0.4 else []
            return enum.name, default, ""
        if not plain and pick.random() < 0.05:
            return (
                f'Unsupported("{pick.choice(("point", "tsvector", "int4range", "geometry(Point, 4326)"))}")',
                [],
                pick.choice(("", "?")),
            )
        kind = pick.choice(SCALARS)
        attributes = []
        arity = "" if plain else pick.choice(("", "", "", "?", "?", "[]"))
        natives = [name for name, (scalar, _) in NATIVE.items() if scalar == kind and name != "Xml"]
        native = ""
        if pick.random() < 0.35:
            native = pick.choice(natives)
            attributes.append(f"@db.{native}{pick.choice(NATIVE_ARGUMENTS.get(native, ('',)))}")
        if pick.random() < 0.35:
            value = pick.choice(LITERALS[kind])
            if arity == "[]":
                values = [each for each in LITERALS[kind] if not each.endswith(")")]
                value = "[" + ", ".join(pick.choices(values, k=pick.randint(0, 3))) + "]"
            attributes.append(f"@default({value})")
        elif kind == "DateTime" and arity == "" and pick.random() < 0.5:
            attributes.append("@updatedAt")
        return kind, attributes, arity

    def extras(self, attributes: list[str]) -> list[str]:
        """The attributes with others by chance, in any order."""
        if self.chance.random() < 0.12:
            self.counter += 1
            attributes.append(f'@map("col_{self.counter}")')
        if self.chance.random() < 0.3:
            self.chance.shuffle(attributes)
        return attributes

    def model(self, enums: list[Block]) -> Block:
        """A model with a key and scalars."""
        pick = self.chance
        block = Block("model", self.fresh())
        shape = pick.random()
        if shape < 0.7:
            name = self.field_name(block, "id" if pick.random() < 0.8 else "")
            kind, default = pick.choice(
                (
                    ("Int", "@default(autoincrement())"),
                    ("Int", ""),
                    ("BigInt", ""),
                    ("String", "@default(cuid())"),
                    ("String", "@default(uuid())"),
                )
            )
            key = "@id" if pick.random() < 0.9 else "@unique"
            if pick.random() < 0.1:
                key += f'(map: "{block.name.lower()}_k")'
            block.lines.append(Line([name, kind], self.extras([each for each in (key, default) if each])))
            block.key = [(name, kind)]
        else:
            for _ in range(pick.choice((1, 2, 2, 3))):
                name, kind = self.field_name(block), pick.choice(("Int", "String", "BigInt"))
                block.lines.append(Line([name, kind], self.extras([])))
                block.key.append((name, kind))
            names = ", ".join(name for name, _ in block.key)
            more = pick.choice(("", "", ', name: "theKey"', f', map: "{block.name.lower()}_pk"'))
            block.tail.append(Line([f"{pick.choice(('@@id', '@@id', '@@unique'))}([{names}]{more})"]))
        for _ in range(pick.randint(0, 8)):
            kind, attributes, arity = self.scalar(enums)
            if arity != "[]" and not kind.startswith(("Uns", "Json", "Bytes")) and pick.random() < 0.08:
                attributes.append("@unique")
            block.lines.append(Line([self.field_name(block), kind + arity], self.extras(attributes)))
        return block

    def view(self, enums: list[Block]) -> Block:
        """A view."""
        block = Block("view", self.fresh())
        for number in range(self.chance.randint(1, 5)):
            kind, attributes, arity = self.scalar(enums, plain=number == 0)
            block.lines.append(
                Line([self.field_name(block), kind + arity], self.extras(["@unique"] if number == 0 else attributes))
            )
        return block

    def relation(self, one: Block, many: Block) -> None:
        """A relation of any kind; `many` holds the foreign key."""
        pick = self.chance
        self.counter += 1
        name = f'"{one.name}To{many.name}{self.counter}"'
        kind = pick.choice(("1-n", "1-n", "1-n", "1-1", "n-m"))
        lower = one.name[0].lower() + one.name[1:]
        back = many.name[0].lower() + many.name[1:]
        single = len(one.key) == 1 and any(
            line.head[0] == one.key[0][0] and any("@id" in a for a in line.attributes) for line in one.lines
        )
        other = len(many.key) == 1 and any(
            line.head[0] == many.key[0][0] and any("@id" in a for a in line.attributes) for line in many.lines
        )
        if kind == "n-m":
            if single and other:
                one.lines.append(Line([self.field_name(one, back + "s"), many.name + "[]"], [f"@relation({name})"]))
                many.lines.append(Line([self.field_name(many, lower + "s"), one.name + "[]"], [f"@relation({name})"]))
            return
        optional = "?" if one is many or pick.random() < 0.4 else ""
        keys = []
        for key, kind_of in one.key:
            column = self.field_name(
                many, f"{lower}_{key}" if pick.random() < 0.3 else lower + key[0].upper() + key[1:]
            )
            unique = ["@unique"] if kind == "1-1" and len(one.key) == 1 else []
            many.lines.append(Line([column, kind_of + optional], self.extras(unique)))
            keys.append(column)
        if kind == "1-1" and len(keys) > 1:
            many.tail.append(Line([f"@@unique([{', '.join(keys)}])"]))
        arguments = [name if pick.random() < 0.7 else f"name: {name}"]
        arguments += [f"fields: [{', '.join(keys)}]", f"references: [{', '.join(key for key, _ in one.key)}]"]
        allowed = ("Cascade", "Restrict") if self.mode == "prisma" else ACTIONS
        if pick.random() < 0.4:
            arguments.append(f"onDelete: {pick.choice(allowed)}")
        if pick.random() < 0.25:
            arguments.append(f"onUpdate: {pick.choice(allowed)}")
        if pick.random() < 0.15:
            arguments.append(f'map: "fk_{self.counter}"')
        if pick.random() < 0.3:
            pick.shuffle(arguments)
            arguments.sort(key=lambda each: each == name, reverse=True)
        field_line = Line([self.field_name(many, lower), one.name + optional], [f"@relation({', '.join(arguments)})"])
        many.lines.insert(pick.randint(0, len(many.lines)), field_line)
        arity = "?" if kind == "1-1" else "[]"
        one.lines.append(
            Line(
                [self.field_name(one, back + ("" if arity == "?" else "s")), many.name + arity], [f"@relation({name})"]
            )
        )
        if self.mode == "prisma" and pick.random() < 0.6:
            many.tail.append(Line([f"@@index([{', '.join(keys)}])"]))

    def indexes(self, model: Block) -> None:
        """Indexes over scalars of the model."""
        pick = self.chance
        scalars = [
            line
            for line in model.lines
            if line.head[1].rstrip("?[]") in SCALARS and not any("Xml" in a for a in line.attributes)
        ]
        for _ in range(pick.choice((0, 0, 1, 1, 2, 3))):
            chosen = pick.sample(scalars, min(len(scalars), pick.randint(1, 3)))
            if not chosen:
                return
            self.counter += 1
            first, kind = chosen[0].head[0], chosen[0].head[1]
            native = any("@db." in each for each in chosen[0].attributes)
            more = f', map: "ix_{self.counter}"'
            if kind.endswith("[]") or (kind.startswith("Json") and not native):
                text = f"@@index([{first}], type: Gin{more})"
            elif pick.random() < 0.15:
                text = f"@@index([{first}], type: {pick.choice(('Hash', 'Hash', 'BTree'))}{more})"
            elif pick.random() < 0.1:
                text = f'@@index([{first}(ops: raw("my_ops"))], type: {pick.choice(("Gin", "Gist", "Brin", "SpGist"))}{more})'
            else:
                parts = [line.head[0] + pick.choice(("", "", "", "(sort: Desc)", "(sort: Asc)")) for line in chosen]
                word = pick.choice(("@@index", "@@index", "@@unique"))
                given = f"[{', '.join(parts)}]"
                more = pick.choice((more, more, f', name: "n{self.counter}"{more}' if word == "@@unique" else more))
                if "partialIndexes" in self.previews and pick.random() < 0.6:
                    raw = f'raw("{first} IS NOT NULL")'
                    more += ", where: " + pick.choice((raw, f"{{ {first}: {{ not: null }} }}", f"{{ {first}: null }}"))
                text = f"{word}({'fields: ' if pick.random() < 0.2 else ''}{given}{more})"
            model.tail.append(Line([text]))


def schemas(seeds: Iterable[int]) -> list[Case]:
    """A schema for each seed."""
    return [one(seed) for seed in seeds]


def one(seed: int) -> Case:
    """The schema of a seed: one file or several, laid out by chance."""
    author = Author(seed)
    blocks = author.write()
    options = {}
    if author.schemas:
        options["schemas"] = ",".join(author.schemas)
    if author.mode:
        options["mode"] = author.mode
    if author.previews:
        options["preview"] = ",".join(author.previews)
    files = laid_out(author.chance, preamble(author.style, options), blocks)
    return make(f"random/{seed}", author.style, files, None, ending=author.chance.choice(("lf",) * 15 + ("crlf",)))


def large(seed: int, models: int, files: int) -> Case:
    """A schema of so many models in so many files."""
    author = Author(seed)
    author.mode = "foreignKeys"
    author.schemas = ["public", "auth"]
    blocks = author.write(models)
    parts = [preamble(author.style, {"schemas": "public,auth", "preview": ",".join([*author.previews, "views"])})]
    parts += [""] * (files - 1)
    for at, block in enumerate(blocks):
        parts[at % files] += block_text(author.chance, block, 0) + "\n"
    return Case(f"large/{seed}", author.style, tuple((f"part{at:02}.prisma", part) for at, part in enumerate(parts)))


def mutants(seeds: Iterable[int]) -> list[Case]:
    """A broken schema for each seed."""
    return [mutated(seed, one(seed // 3)) for seed in seeds]
