"""Where pgready's script is meant to differ from Prisma's: what Prisma writes there is no SQL, or not what is asked for."""

import re

EXCEPTIONS = {
    'fields/x Int @map("the X") → x Int @map("the X") @default(autoincrement())': "a sequence's name with a blank",
    "together/names with quotes": "quotes in names are not doubled",
    "together/labels with apostrophes": "apostrophes in the labels of an enum made anew are not doubled",
}
"""Pairs by name or by id, with what is wrong with Prisma's script."""

EMPTY_NAMES = "ignored/empty map"
"""`@@map("")`: Prisma makes a table without a name, pgready takes it for no mapping."""


def is_exception(name: str, id_: str) -> bool:
    """Whether a pair is meant to differ."""
    return name in EXCEPTIONS or id_ in EXCEPTIONS


# PostgreSQL renames a constraint alone, and not one that the same statement drops. Prisma 6 makes it one clause of
# several, Prisma 7 a statement of its own; both also rename the key that they drop.
_CLAUSE = re.compile(r'RENAME CONSTRAINT "[^"]*" TO "[^"]*",\n')
_STATEMENT = re.compile(r'(?<=;\n)ALTER TABLE [^\n]* RENAME CONSTRAINT "[^"]*" TO "[^"]*";\n')
# A schema does not tell the name of a serial column's sequence: Prisma drops the sequence "".
_SEQUENCE = re.compile(r"^DROP SEQUENCE .*$", re.MULTILINE)


def comparable(script: str) -> str:
    """A script without what differs on purpose wherever it occurs."""
    return _SEQUENCE.sub("DROP SEQUENCE", _STATEMENT.sub("", _CLAUSE.sub("", script)))
