"""Small schemas without sense, from seeds: every part drawn from a pool, so that faults meet that nobody thought of together.

`wild(seeds)` complements `conformance_random`, whose schemas make sense, and its mutants, which have a few faults each.
"""

import random
from collections.abc import Iterable

from conformance_cases import Case, make
from conformance_parsers import Style
from conformance_tables import ACTIONS, ALGORITHMS, ARGUMENTS, NATIVE, PREVIEWS, SCALARS, SIDES, STRANGERS, VALUES
from conformance_tables_more import ARGUMENT_TEXTS, BLOCK_ATTRIBUTES, COMMENTS, FIELD_ATTRIBUTES

MODELS = ("A", "B", "C", "User")
FIELDS = ("id", "v", "w", "x", "aId", "bId", "name", "user_id", "a", "b")
KINDS = (*SCALARS, *SCALARS, "Role", "Role", "A", "B", "C", "User", 'Unsupported("x")', "T", "Nope", "V")

CONDITIONS = ('raw("x")', "{ v: null }", "{ id: { not: 1 } }", '{ name: "x", w: true }')


def wild(seeds: Iterable[int]) -> list[Case]:
    """A schema for each seed."""
    return [one(random.Random(f"wild {seed}"), seed) for seed in seeds]


def one(chance: random.Random, seed: int) -> Case:
    """The schema of a seed."""
    style: Style = chance.choice((6, 7))
    blocks = [block(chance, "model", name) for name in chance.sample(MODELS, chance.choice((1, 2, 2, 3, 4)))]
    if chance.random() < 0.6:
        blocks.append(enum(chance))
    if chance.random() < 0.15:
        blocks.append(block(chance, "view", chance.choice(("V", "V", "A"))))
    if chance.random() < 0.1:
        blocks.append(block(chance, "type", chance.choice(("T", "T", "B"))))
    if chance.random() < 0.05:
        blocks.append(chance.choice(blocks))
    chance.shuffle(blocks)
    options = {}
    if chance.random() < 0.3:
        options["preview"] = ",".join(
            chance.choices(("views", "partialIndexes", chance.choice(PREVIEWS)), k=chance.choice((1, 1, 2)))
        )
    if chance.random() < 0.2:
        options["schemas"] = chance.choice(("s", "s,t", "public"))
    if chance.random() < 0.3:
        options["mode"] = chance.choice(("prisma", "prisma", "foreignKeys"))
    if chance.random() < 0.05:
        options["bare"] = ""
    return make(f"wild/{seed}", style, "\n".join(blocks), None, **options)


def block(chance: random.Random, keyword: str, name: str) -> str:
    """A model, view or composite type."""
    names = chance.sample(FIELDS, chance.randint(1, 6))
    if chance.random() < 0.05:
        names.append(names[0])
    lines = [field(chance, each) for each in names]
    if keyword == "model" and chance.random() < 0.75:
        lines.insert(
            0, f"  key {chance.choice(('Int', 'Int', 'String', 'BigInt'))} {chance.choice(('@id', '@id', '@unique'))}"
        )
    lines += ["  " + block_attribute(chance, names) for _ in range(chance.choice((0, 0, 1, 1, 2, 3)))]
    for _ in range(chance.choice((0, 0, 0, 1))):
        lines.insert(chance.randint(0, len(lines)), "  " + chance.choice(list(COMMENTS.values())[:8]))
    return f"{keyword} {name} {{\n" + "\n".join(lines) + "\n}\n"


def field(chance: random.Random, name: str) -> str:
    """A field with any attributes."""
    kind = chance.choice(KINDS)
    arity = chance.choice(("", "", "", "?", "?", "[]"))
    attributes = []
    if kind in MODELS:
        if chance.random() < 0.85:
            attributes.append(relation(chance))
    elif chance.random() < 0.3:
        fitting = [native for native, (scalar, _) in NATIVE.items() if scalar == kind]
        native = chance.choice(fitting) if fitting and chance.random() < 0.8 else chance.choice((*NATIVE, *STRANGERS))
        attributes.append(f"@db.{native}{chance.choice(('', '', chance.choice(ARGUMENTS)))}")
    if chance.random() < 0.25:
        attributes.append(f"@default({chance.choice(VALUES)})")
    if chance.random() < 0.25:
        attributes.append(chance.choice(("@unique", "@id", "@updatedAt", "@ignore", '@map("w")', '@map("q")')))
    if chance.random() < 0.08:
        attributes.append(chance.choice(FIELD_ATTRIBUTES) + chance.choice(ARGUMENT_TEXTS))
    chance.shuffle(attributes)
    return f"  {name} {kind}{arity} {' '.join(attributes)}".rstrip()


def relation(chance: random.Random) -> str:
    """`@relation` with any arguments."""
    if chance.random() < 0.2:
        return chance.choice(SIDES).format(o=chance.choice("ab"))
    columns = chance.sample(FIELDS, chance.choice((1, 1, 1, 2)))
    targets = chance.sample(("key", "key", "id", "v", "name"), len(columns))
    arguments = [f"fields: [{', '.join(columns)}]", f"references: [{', '.join(targets)}]"]
    if chance.random() < 0.3:
        arguments.insert(0, chance.choice(('"r"', '"s"', 'name: "r"')))
    sides = [side for side in ("onDelete", "onUpdate") if chance.random() < 0.3]
    arguments += [f"{side}: {chance.choice(ACTIONS[1:-1])}" for side in sides]
    if chance.random() < 0.15:
        arguments.append(f'map: "{chance.choice("fg")}"')
    if chance.random() < 0.1:
        del arguments[chance.randrange(len(arguments))]
    return f"@relation({', '.join(arguments)})"


def block_attribute(chance: random.Random, names: list[str]) -> str:
    """Any attribute of a block."""
    if chance.random() < 0.25:
        return chance.choice(BLOCK_ATTRIBUTES) + chance.choice(ARGUMENT_TEXTS)
    if chance.random() < 0.2:
        return chance.choice(('@@map("t")', '@@map("A")', "@@ignore", '@@schema("s")', '@@schema("t")'))
    named = chance.choices((*names, "key"), k=chance.choice((1, 1, 2, 3)))
    parts = [
        name + chance.choice(("", "", "", "(sort: Desc)", '(ops: raw("o"))', "(ops: TextOps)", "(length: 3)"))
        for name in named
    ]
    more = ""
    if chance.random() < 0.3:
        more += f", type: {chance.choice(ALGORITHMS[1:])}"
    if chance.random() < 0.3:
        more += f', map: "{chance.choice(("m", "n", "A_pkey", "A_v_idx"))}"'
    if chance.random() < 0.15:
        more += f', name: "{chance.choice(("n", "m", "id"))}"'
    if chance.random() < 0.15:
        more += ", where: " + chance.choice(CONDITIONS)
    return f"{chance.choice(('@@index', '@@unique', '@@id'))}([{', '.join(parts)}]{more})"


def enum(chance: random.Random) -> str:
    """An enum."""
    values = chance.sample(("ADMIN", "USER", "NOPE", "x"), chance.randint(1, 4))
    lines = ["  " + value + chance.choice(("", "", f' @map("{value.lower()}")', " // c", " /// d")) for value in values]
    if chance.random() < 0.2:
        lines.append("  " + chance.choice(('@@map("t")', '@@map("role")', '@@schema("s")', "@@ignore")))
    return "enum Role {\n" + "\n".join(lines) + "\n}\n"
