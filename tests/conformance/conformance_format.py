"""Texts for the formatters: schemas whose relations are half said, and soups that are hardly schemas at all.

Everything follows from the number asked for.
"""

import random
from collections.abc import Iterable

from conformance_parsers import Files

_MODELS = (
    "User",
    "Post",
    "Category",
    "order_item",
    "HTTPLog",
    "Person",
    "News",
    "Status",
    "S3Key",
    "Ärger",
    "Child",
    "LOUD",
)
_IDS = ("id", "code", "Key_x", "übung")
_TYPES = (
    "Int",
    "String",
    "BigInt @db.BigInt",
    "String @db.VarChar( 3 )",
    "Color",
    'Unsupported("x")',
    "String @db.Uuid",
)
_PIECES = (
    *(
        "model ",
        "enum ",
        "type ",
        "view ",
        "datasource ",
        "generator ",
        "A",
        "Bb",
        "id ",
        "Int ",
        "String",
        "A[]",
        "b A?\n",
    ),
    *(" {\n", " {\n", "{", "}\n", "}\n", "}", "\n", "\n", "\n", "\r\n", "\r", "\n\n", " ", "\t", "\u3000", "\xa0"),
    *(
        "@id",
        "@@",
        "@@index",
        "@default",
        "@relation",
        "(",
        ")",
        "[",
        "]",
        ",",
        ":",
        "?",
        "!",
        "=",
        '"',
        '"x"',
        "\\",
        "\\\n",
    ),
    *("// c", "/// d", "/*", "*/", "/* x */", "/* y\n z */", "-1", "1.5", "now()", "fields: [aId]", "references: [id]"),
    *(
        "é",
        "名",
        "\x00",
        "\x1f",
        "\ufeff",
        "\u2028",
        "\x85",
        "\v",
        "\f",
        "ǅ",
        "\U0001d4b3",
        "ª",
        "²",
        "٣",
        "_x",
        "-y",
        "a-b",
        "\u0301",
    ),
    *("@@id([a])\n", " a Int @id\n", 'Unsupported("q")', '@@map("x")\n', "= 3\n", "{a: 1}"),
)
_HEADS = ("model A {", "enum E {", "type T {", "datasource d {", "generator g{", "view V {")


def soups(seeds: Iterable[int]) -> list[Files]:
    """A text of pieces for each number, half of them with blocks around the pieces."""
    return [(("schema.prisma", _soup(random.Random(f"soup {seed}"))),) for seed in seeds]


def _soup(chance: random.Random) -> str:
    def pieces(most: int) -> str:
        return "".join(chance.choices(_PIECES, k=chance.randint(1, most)))

    if chance.random() < 0.5:
        return pieces(50)
    text = ""
    for _ in range(chance.randint(1, 3)):
        text += chance.choice(_HEADS) + chance.choice(("\n", "// c\n", " \r\n", "x\n"))
        for _ in range(chance.randint(0, 6)):
            text += pieces(7) + chance.choice(("\n", "\n", "\n", "\r\n", "\r", ""))
        text += chance.choice(("}\n", "}\n", "}", "} // x\n", ""))
    return text


def relations(seeds: Iterable[int]) -> list[Files]:
    """For each number a schema of one to three files whose relations lack sides, arguments or columns."""
    return [_related(random.Random(f"relations {seed}")) for seed in seeds]


def _related(chance: random.Random) -> Files:
    names = chance.sample(_MODELS, chance.randint(1, 5))
    keys: dict[str, list[str]] = {}
    fields: dict[str, list[str]] = {}
    attributes: dict[str, list[str]] = {}
    for name in names:
        fields[name], attributes[name], keys[name] = _keyed(chance)
        if chance.random() < 0.1:
            attributes[name].append("@@ignore")
    for name in names:
        for _ in range(chance.choice((0, 1, 1, 1, 2, 2, 3))):
            target = chance.choice(names)
            lines, block = _relation(chance, target, keys[target])
            fields[name] += lines
            attributes[name] += block
    blocks = ["enum Color {\n  RED\n}\n"]
    for name in names:
        # A repeated name would end the completion.
        once = list({line.split()[0]: line for line in fields[name]}.values())
        chance.shuffle(once)
        end = chance.choice(("", "", "// end\n", "/* e */ "))
        keyword = chance.choice(("model",) * 9 + ("view",))
        blocks.append(f"{keyword} {name} {{\n" + "\n".join([*once, *attributes[name], end]) + "}\n")
    chance.shuffle(blocks)
    count = chance.choice((1, 1, 1, 2, 3))
    return tuple((f"f{number}.prisma", "\n".join(blocks[number::count])) for number in range(count))


def _keyed(chance: random.Random) -> tuple[list[str], list[str], list[str]]:
    """Fields and attributes of a model, and the fields that a relation to it should name."""
    key, kind = chance.choice(_IDS), chance.choice(_TYPES)
    return chance.choice(
        (
            ([f"{key} {kind} @id"], [], [key]),
            ([f"{key} {kind} @id"], [], [key]),
            ([f"{key} {kind}", f"b {chance.choice(_TYPES)}"], [f"@@id([{key}, b])"], [key, "b"]),
            ([f"{key} Int{chance.choice(('', '?'))} @unique", "c Int @unique"], [], [key]),
            ([f"{key} Int?", f"b {kind}"], [f"@@unique([{key}, b])", "@@unique([b])"], ["b"]),
            (["a Int"], [], ["a"]),
        )
    )


def _relation(chance: random.Random, target: str, key: list[str]) -> tuple[list[str], list[str]]:
    """A relation field with what it may need, as far as it goes."""
    name = chance.choice(("f", "g", "h", "user", "post", "rel")) + str(chance.randint(0, 3))
    lines: list[str] = []
    block: list[str] = []
    arguments = chance.choice(([], [], ['"r1"'], ['name: "r1"'], ['"r2"']))[:]
    attribute = chance.choice(("", "", " @relation", " @relation("))
    if attribute.endswith("("):
        if chance.random() < 0.5:
            columns = [chance.choice((f"{each}_{name}", _column(target, each))) for each in key]
            lines += [f"{each} Int{chance.choice(('', '?'))}{chance.choice(('', ' @unique'))}" for each in columns]
            arguments.append(f"fields: [{', '.join(columns)}]")
            if chance.random() < 0.2:
                block.append(f"@@unique([{', '.join(columns)}])")
        if chance.random() < 0.5:
            arguments.append(f"references: [{', '.join(key)}]")
        if chance.random() < 0.2:
            arguments.append("onDelete: Cascade")
        chance.shuffle(arguments)
        attribute += ", ".join(arguments) + ")"
    if chance.random() < 0.15:
        lines.append(f"{_column(target, key[0])} {chance.choice(('Int', 'String?', 'Int[]', 'Color?'))}")
    comment = chance.choice(("",) * 9 + (" // ü",))
    return [f"{name} {target}{chance.choice(('', '?', '[]', ' ?'))}{attribute}{comment}", *lines], block


def _column(model: str, field: str) -> str:
    return f"{model[0].lower()}{model[1:]}{field[0].upper()}{field[1:]}"
