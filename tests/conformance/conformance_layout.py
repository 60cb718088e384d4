"""How a schema by chance is written down: blanks, comments, orders, files."""

import random
import re
from collections.abc import Sequence
from typing import Protocol

COMMENTS = (
    "// a note", "//no blank", "/// documented", "/// two  blanks  inside ", "///", "//", '// "quotes" and `ticks` {}', "/* boxed */",
    "/// ünïcode 日本", "//// four",
)  # fmt: skip


class LineLike(Protocol):
    head: list[str]
    attributes: list[str]


class BlockLike(Protocol):
    keyword: str
    name: str
    lines: Sequence[LineLike]
    tail: Sequence[LineLike]


def laid_out(chance: random.Random, front: str, blocks: Sequence[BlockLike]) -> str:
    """The text of the schema; `// --- path` lines part its files."""
    wild = chance.choice((0, 0, 1, 2))
    texts = [block_text(chance, block, wild) for block in blocks]
    between = ["\n", "\n", "\n\n\n", ""] if wild else ["\n"]
    if chance.random() < 0.2 and len(texts) > 1:
        out = "// --- schema.prisma\n" + front
        for number, text in enumerate(texts):
            if chance.random() < 0.5:
                out += f"// --- part{number}.prisma\n"
            out += text + chance.choice(between)
        return out
    if chance.random() < 0.1:
        texts.append(front)
    else:
        texts.insert(0, front)
    return chance.choice(between).join(texts)


def block_text(chance: random.Random, block: BlockLike, wild: int) -> str:
    """One block with what stands above it."""
    out = ""
    if chance.random() < 0.25:
        for _ in range(chance.randint(1, 2)):
            out += comment(chance) + "\n"
        if chance.random() < 0.2:
            out += "\n"
    gap = blank(chance, wild)
    out += f"{blank(chance, wild, '')}{block.keyword}{gap}{block.name}{blank(chance, wild, ' ')}{{{trailing(chance, 0.05)}\n"
    lines = list(block.lines)
    tail = list(block.tail)
    if wild and chance.random() < 0.3:
        chance.shuffle(lines)
    if wild and chance.random() < 0.3:
        chance.shuffle(tail)
    rest = [*lines, *tail]
    if wild == 2 and chance.random() < 0.2:
        chance.shuffle(rest)
    for number, line in enumerate(rest):
        if number == len(lines) and number:
            out += "\n" * chance.choice((0, 1, 1, 1, 2))
        if chance.random() < 0.08:
            out += indent(chance, wild) + comment(chance) + "\n"
        if chance.random() < 0.08:
            out += chance.choice(("\n", "\n\n", "   \n" if wild else "\n"))
        parts = [*line.head, *line.attributes]
        text = (
            indent(chance, wild) + "".join(spaced(chance, part, wild) + blank(chance, wild) for part in parts).rstrip()
        )
        out += text + trailing(chance, 0.1) + (" " * chance.randint(0, 2) if wild == 2 else "") + "\n"
    if chance.random() < 0.05:
        out += indent(chance, wild) + comment(chance) + "\n"
    return out + blank(chance, wild, "") + "}" + trailing(chance, 0.03) + "\n"


def spaced(chance: random.Random, text: str, wild: int) -> str:
    """Arguments with blanks where the grammar allows them, strings untouched."""
    if wild < 2 or text[0] != "@":
        return text
    out = ""
    for token in re.findall(r'"(?:\\.|[^"\\])*"|[(),:\[\]{}]|[^"(),:\[\]{}]+', text):
        if token in "(),:[]{}" and out and chance.random() < 0.15:
            out = (
                out.rstrip()
                + (chance.choice((" ", "  ", "")) if token != "(" else "")
                + token
                + chance.choice((" ", "", "\t"))
            )
        else:
            out += token
    return out


def blank(chance: random.Random, wild: int, tidy: str = " ") -> str:
    """Blanks between two things on a line."""
    return (
        tidy
        if wild == 0
        else chance.choice((" ", " ", "  ", "     ", "\t" if wild == 2 else " "))
        if tidy
        else chance.choice(("", "", "  "))
    )


def indent(chance: random.Random, wild: int) -> str:
    """Blanks in front of a line."""
    return "  " if wild == 0 else chance.choice(("", "  ", "  ", "    ", "\t"))


def comment(chance: random.Random) -> str:
    """A comment."""
    return chance.choice(COMMENTS)


def trailing(chance: random.Random, often: float) -> str:
    """A comment behind something, or nothing."""
    return chance.choice((" ", "   ", "")) + comment(chance) if chance.random() < often else ""
