"""Where pgready's script is meant to differ from Prisma's: what Prisma writes there is no SQL, or not what is asked for."""

EXCEPTIONS = {
    'fields/x Int @map("the X") → x Int @map("the X") @default(autoincrement())': "a sequence's name with a blank",
    "keys/a key is renamed and changed": "a constraint that was dropped is renamed",
    "schemas/everything changes in a schema [6]": "RENAME CONSTRAINT as one of several clauses",
}
"""Pairs by name or by id, with what is wrong with Prisma's script."""

EMPTY_NAMES = "ignored/empty map"
"""`@@map("")`: Prisma makes a table without a name, pgready takes it for no mapping."""


def is_exception(name: str, id_: str) -> bool:
    """Whether a pair is meant to differ."""
    return name in EXCEPTIONS or id_ in EXCEPTIONS


def comparable(script: str) -> str:
    """A script without what differs on purpose wherever it occurs."""
    # A schema does not tell the name of a serial column's sequence: Prisma drops the sequence "".
    lines = script.split("\n")
    return "\n".join("DROP SEQUENCE" if line.startswith("DROP SEQUENCE ") else line for line in lines)
