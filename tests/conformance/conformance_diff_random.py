"""Pairs of whole schemas by chance: `conformance_random` writes one, and one to eight changes make the other of it."""

import copy
import random
import re
from collections.abc import Callable

from conformance_cases import preamble
from conformance_layout import laid_out
from conformance_parsers import Files, Style
from conformance_random import SCALARS, Author, Block, Line

Change = Callable[["Editor"], None]


def pair(seed: int) -> tuple[Style, Files, Files]:
    """The two schemas of a seed; either may turn out to be invalid."""
    author = Author(seed)
    blocks = author.write()
    options = {}
    if author.schemas:
        options["schemas"] = ",".join(author.schemas)
    if author.mode:
        options["mode"] = author.mode
    if author.previews:
        options["preview"] = ",".join(author.previews)
    editor = Editor(seed, author, copy.deepcopy(blocks))
    then = dict(options)
    if author.schemas and editor.chance.random() < 0.3:
        then["schemas"] = ",".join(dict.fromkeys([*author.schemas, "public", "extra"]))
    before = laid_out(author.chance, preamble(author.style, options), blocks)
    after = laid_out(author.chance, preamble(author.style, then), editor.changed())
    return author.style, _files(before), _files(after)


def _files(text: str) -> Files:
    """What was laid out, `// --- path` lines and all, as one file."""
    return (("schema.prisma", text),)


class Editor:
    """Changes a schema by the chances of a seed."""

    def __init__(self, seed: int, author: Author, blocks: list[Block]) -> None:
        self.chance = random.Random(f"pair {seed}")
        self.author = author
        self.blocks = blocks

    def changed(self) -> list[Block]:
        """The blocks after one to eight changes."""
        for _ in range(self.chance.choice((1, 1, 2, 3, 5, 8))):
            self.chance.choices(CHANGES, WEIGHTS)[0](self)
        if self.chance.random() < 0.2:
            self.chance.shuffle(self.blocks)
        return self.blocks

    def some(self, keyword: str) -> Block | None:
        """A block of this kind, None where there is none."""
        found = [each for each in self.blocks if each.keyword == keyword]
        return self.chance.choice(found) if found else None

    @property
    def enums(self) -> list[Block]:
        """The enums."""
        return [each for each in self.blocks if each.keyword == "enum"]

    def scalar(self, model: Block) -> Line | None:
        """A field of the model that is a scalar."""
        found = [each for each in model.lines if len(each.head) > 1 and each.head[1].rstrip("?[]") in SCALARS]
        return self.chance.choice(found) if found else None

    def come(self, block: Block) -> None:
        """A block comes."""
        if self.author.schemas:
            block.tail.append(Line([f'@@schema("{self.chance.choice(self.author.schemas)}")']))
        self.blocks.append(block)


def values(edit: Editor) -> None:
    """An enum's values: one more, one less, another order."""
    enum = edit.some("enum")
    if enum is None:
        return
    kind = edit.chance.random()
    if kind < 0.4:
        enum.lines.append(Line([f"NEW{edit.chance.randrange(999)}"]))
    elif kind < 0.8 and len(enum.lines) > 1:
        del enum.lines[edit.chance.randrange(len(enum.lines))]
    else:
        edit.chance.shuffle(enum.lines)


def new_enum(edit: Editor) -> None:
    """An enum comes."""
    edit.come(edit.author.enum())


def new_model(edit: Editor) -> None:
    """A model comes."""
    edit.come(edit.author.model(edit.enums))


def gone(edit: Editor) -> None:
    """A block goes."""
    if len(edit.blocks) > 1:
        edit.blocks.remove(edit.chance.choice(edit.blocks))


def new_field(edit: Editor) -> None:
    """A field comes."""
    model = edit.some("model")
    if model is not None:
        kind, attributes, arity = edit.author.scalar(edit.enums)
        line = Line([edit.author.field_name(model), kind + arity], edit.author.extras(attributes))
        model.lines.insert(edit.chance.randint(0, len(model.lines)), line)


def field_gone(edit: Editor) -> None:
    """A field goes."""
    model = edit.some("model")
    if model is not None and model.lines:
        del model.lines[edit.chance.randrange(len(model.lines))]


def arity(edit: Editor) -> None:
    """A field becomes optional, a list, or neither."""
    model = edit.some("model")
    line = edit.scalar(model) if model else None
    if line is not None:
        line.head[1] = line.head[1].rstrip("?[]") + edit.chance.choice(("", "?", "[]"))
        if edit.chance.random() < 0.5:
            line.attributes = [each for each in line.attributes if not each.startswith("@default")]


def kind(edit: Editor) -> None:
    """A field gets another type."""
    model = edit.some("model")
    line = edit.scalar(model) if model else None
    if line is not None:
        name, attributes, suffix = edit.author.scalar(edit.enums)
        line.head[1] = name + suffix
        line.attributes = [each for each in line.attributes if each.startswith(("@id", "@unique", "@map"))] + attributes


def default(edit: Editor) -> None:
    """A field loses its default."""
    model = edit.some("model")
    line = edit.scalar(model) if model else None
    if line is not None:
        line.attributes = [each for each in line.attributes if not each.startswith("@default")]


def unique(edit: Editor) -> None:
    """A field becomes unique, or is no more."""
    model = edit.some("model")
    line = edit.scalar(model) if model else None
    if line is None:
        return
    if "@unique" in line.attributes:
        line.attributes.remove("@unique")
    else:
        line.attributes.append("@unique")


def attribute_gone(edit: Editor) -> None:
    """A block attribute goes."""
    model = edit.some("model")
    if model is not None and model.tail:
        del model.tail[edit.chance.randrange(len(model.tail))]


def new_index(edit: Editor) -> None:
    """Indexes come."""
    model = edit.some("model")
    if model is not None:
        edit.author.indexes(model)


def new_relation(edit: Editor) -> None:
    """A relation comes."""
    one, many = edit.some("model"), edit.some("model")
    if one is not None and many is not None:
        edit.author.relation(one, many)


def renamed(edit: Editor) -> None:
    """An index, a key, a foreign key, a table or an enum gets another name in the database."""
    block = edit.chance.choice(edit.blocks)
    if block.keyword == "model" and edit.chance.random() < 0.6:
        for line in (*block.tail, *block.lines):
            line.head[0] = re.sub(r'map: "ix', 'map: "iy', line.head[0])
            line.attributes = [re.sub(r'map: "(?=\w)', 'map: "x', each) for each in line.attributes]
        return
    block.tail = [each for each in block.tail if not each.head[0].startswith("@@map")]
    block.tail.append(Line([f'@@map("mapped_{edit.chance.randrange(99)}")']))


WEIGHTED: tuple[tuple[Change, int], ...] = (
    (values, 12), (new_enum, 4), (new_model, 5), (gone, 5), (new_field, 11), (field_gone, 9), (arity, 17), (kind, 15),
    (default, 5), (unique, 5), (attribute_gone, 5), (new_index, 5), (new_relation, 5), (renamed, 6),
)  # fmt: skip
CHANGES = [change for change, _ in WEIGHTED]
WEIGHTS = [weight for _, weight in WEIGHTED]
