"""The formatter against Prisma's own, byte for byte, on whatever text: valid, half finished or no schema at all."""

import pytest
from conformance_amount import AMOUNT
from conformance_format import relations, soups
from conformance_parsers import Files, Parsers

from format_pairs import PAIRS
from pgready.psl.format import format_schema
from pgready.psl.source import Source

pytestmark = pytest.mark.prisma

NUMBER = AMOUNT.random * 4


def theirs(parsers: Parsers, style: int, schemas: list[Files]) -> list[list[str]]:
    """What Prisma makes of each schema's files."""
    return [[text for _, text in answer["format"]] for answer in parsers.ask(style, schemas, "format")]


def ours(style: int, schemas: list[Files]) -> list[list[str]]:
    """What pgready makes of them."""
    return [list(format_schema([Source(*file) for file in files], style=style)) for files in schemas]


@pytest.mark.parametrize("style", [6, 7])
def test_the_golden_pairs_are_prismas(parsers, style):
    """What the default tests take for right is what Prisma writes."""
    written = [(("schema.prisma", text),) for text, _ in PAIRS.values()]
    assert theirs(parsers, style, written) == [[text] for _, text in PAIRS.values()]


@pytest.mark.parametrize("style", [6, 7])
@pytest.mark.parametrize("make", [soups, relations])
def test_texts_by_chance(parsers, style, make):
    """Soups of tokens, and schemas whose relations Prisma's formatter completes, also formatted twice."""
    schemas = make(range(NUMBER))
    once = ours(style, schemas)
    assert [(a, b) for a, b in zip(once, theirs(parsers, style, schemas), strict=True) if a != b] == []
    again = [
        tuple((path, text) for (path, _), text in zip(files, texts, strict=True))
        for files, texts in zip(schemas, once, strict=True)
    ]
    assert [(a, b) for a, b in zip(ours(style, again), theirs(parsers, style, again), strict=True) if a != b] == []
    if make is relations:
        plain = [[text for _, text in files] for files in schemas]
        assert (
            sum(
                "\n".join(a).count("@relation") > "\n".join(b).count("@relation")
                for a, b in zip(once, plain, strict=True)
            )
            > 0
        )
