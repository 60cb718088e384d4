"""Short schemas for tests of the schema language: a datasource in front, findings as lines and codes."""

from pgready.psl.analyse import Analysis, analyse
from pgready.psl.source import Source

DATASOURCE = {
    7: 'datasource db {\n  provider = "postgresql"\n}\n',
    6: 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n',
}


def analysed(schema: str, style: int = 7) -> Analysis:
    """The analysis of a schema; one without a datasource gets that of `style` behind it, so that lines stay."""
    head = "" if "datasource" in schema else DATASOURCE[style]
    return analyse([Source("schema.prisma", schema + head)])


def told(schema: str, style: int = 7) -> list[tuple[int, str]]:
    """Line and code of every finding."""
    found = analysed(schema, style).diagnostics
    return [(each.span.source.position(each.span.start)[0], each.code) for each in found]


def helped(schema: str) -> str:
    """What the only finding says to write instead."""
    (found,) = analysed(schema).diagnostics
    return found.help


def fields(*lines: str) -> str:
    """A model whose further fields begin on line 3, and an enum with the values A and B."""
    return "model Thing {\n  id Int @id\n" + "".join(f"  {line}\n" for line in lines) + "}\nenum E {\n  A\n  B\n}\n"


def field_codes(*lines: str) -> list[str]:
    """The codes of what is wrong with one field, or with several."""
    return [code for _, code in told(fields(*lines))]
