"""Broken schemas: one to three small changes of a schema, by the chances of a seed."""

import random
import re
from dataclasses import replace

from conformance_cases import Case

TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/|@@?[\w.]+|[\w-]+|\n|[ \t]+|.', re.DOTALL)
TYPES = (
    "String",
    "Boolean",
    "Int",
    "BigInt",
    "Float",
    "Decimal",
    "DateTime",
    "Json",
    "Bytes",
    "Strin",
    "int",
    'Unsupported("x")',
)
SNIPPETS = (
    "@id", "@unique", "@updatedAt", "@ignore", '@map("x")', "@default(1)", '@default("x")', "@default(now())", "@default(autoincrement())",
    "@db.VarChar(10)", "@db.Text", "@db.Foo", "@relation", '@relation("x")', "@relation(fields: [id], references: [id])", "@foo", "@default",
    "@unique(sort: Desc)", '@id(map: "x")', "@default([])", "@db.Timestamp(9)", "[]", "?", "!", ":", ",", "{", "}", "(", ")", "]", "[", '"',
    "// c", "/// d", "=", "@", "@@", ".", "\n", "\\", "/*", "é", "1", "-",
)  # fmt: skip
# Blanks that are none to some, line ends that are none to others, letters and digits of other scripts, control characters.
ODD = (
    "\u00a0", "\u2003", "\u3000", "\u200b", "\u2028", "\u2029", "\u0085", "\x0b", "\x0c", "\x00", "\x1f", "\x7f", "\ufeff", "\r", "\r\n", "\n\r", "\t",
    "\u0301", "\U0001f310", "\u0660", "\u00b2", "\u2167", "\u00aa", "\u02b0", "\u4e00", "\u00df", "\u0130", "\uff21", "_", "$", "`", "'", "#", ";", "<", "\u201c",
)  # fmt: skip
BLOCK_SNIPPETS = (
    "@@ignore", '@@map("x")', "@@id([id])", "@@index([id])", "@@unique([id])", "@@fulltext([id])", '@@schema("public")', "@@index([nope])",
    "@@id([id, id])", "@@index([id], type: Gin)", "@@index([id(length: 1)])", '@@unique([id], map: "x")', "@@foo", "id Int", "x Nope", "???",
    "// c", "/// d", "", '@@index([id], where: raw("x"))', "y Int @id", "z String @unique", "@@index", "model X {", "}", "self User?",
)  # fmt: skip
ARGUMENTS = (
    'map: "x"', 'name: "x"', "fields: [id]", "references: [id]", "onDelete: Cascade", "onDelete: SetNull", "onUpdate: Never", "sort: Desc",
    "length: 3", "type: Hash", 'ops: raw("o")', "clustered: true", "1", '"x"', "[id]", "foo: 1", "map:", "",
)  # fmt: skip


def mutated(seed: int, case: Case) -> Case:
    """The case with some damage."""
    chance = random.Random(f"mutant {seed}")
    files = list(case.files)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at = chance.randrange(len(files))
        path, text = files[at]
        files[at] = (path, chance.choice(CHANGES)(chance, text))
    return replace(case, name=f"mutant/{seed}", files=tuple(files), expected=None)


def of_tokens(chance: random.Random, text: str) -> str:
    """A token less, one more, two exchanged."""
    tokens = TOKEN.findall(text)
    if not tokens:
        return text
    at = chance.choice([n for n, token in enumerate(tokens) if token.strip(" \t")] or [0])
    kind = chance.randrange(4)
    if kind == 0:
        del tokens[at]
    elif kind == 1:
        tokens.insert(at, tokens[at])
    elif kind == 2:
        other = chance.randrange(len(tokens))
        tokens[at], tokens[other] = tokens[other], tokens[at]
    else:
        tokens[at] = chance.choice(tokens)
    return "".join(tokens)


def of_lines(chance: random.Random, text: str) -> str:
    """A line less, one more, two exchanged, one that does not belong."""
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    kind = chance.randrange(5)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(other, lines[at])
    elif kind == 2:
        lines[at], lines[other] = lines[other], lines[at]
    else:
        lines.insert(at, "  " + chance.choice(BLOCK_SNIPPETS) + "\n")
    return "".join(lines)


def of_fields(chance: random.Random, text: str) -> str:
    """Another type, another arity, one attribute more, on a line of its own choice."""
    lines = text.split("\n")
    places = [n for n, line in enumerate(lines) if re.match(r"\s*\w+\s+\w+", line) and "{" not in line]
    if not places:
        return text
    at = chance.choice(places)
    kind = chance.randrange(4)
    if kind == 0:
        lines[at] = re.sub(r"^(\s*\S+\s+)[\w()\"]+", lambda m: m[1] + chance.choice(TYPES), lines[at])
    elif kind == 1:
        arity = chance.choice(("", "?", "[]", "[]?", "!"))
        lines[at] = re.sub(r"^(\s*\S+\s+\w+)(?:\[\]|\?)?", lambda m: m[1] + arity, lines[at])
    elif kind == 2:
        lines[at] += " " + chance.choice(SNIPPETS)
    else:
        parts = re.split(r"(?=@)", lines[at])
        if len(parts) > 1:
            del parts[chance.randrange(1, len(parts))]
        lines[at] = "".join(parts)
    return "\n".join(lines)


def of_names(chance: random.Random, text: str) -> str:
    """One name replaced by another of the schema."""
    names = [match.span() for match in re.finditer(r"[^\W\d]\w*", text)]
    if not names:
        return text
    start, end = chance.choice(names)
    other = text[slice(*chance.choice(names))]
    return text[:start] + chance.choice((other, other, other + "x", other.lower(), other.upper())) + text[end:]


def of_arguments(chance: random.Random, text: str) -> str:
    """An argument less, one more, or another order."""
    lists = list(re.finditer(r"\(([^()\n]*(?:\([^()\n]*\)[^()\n]*)*)\)", text))
    if not lists:
        return text
    match = chance.choice(lists)
    parts = re.split(r",\s*(?![^\[]*\])", match[1])
    kind = chance.randrange(4)
    if kind == 0:
        del parts[chance.randrange(len(parts))]
    elif kind == 1:
        parts.insert(chance.randint(0, len(parts)), chance.choice(ARGUMENTS))
    elif kind == 2:
        parts[chance.randrange(len(parts))] = chance.choice(ARGUMENTS)
    else:
        parts.append(chance.choice(parts))
    return text[: match.start(1)] + ", ".join(parts) + text[match.end(1) :]


def of_characters(chance: random.Random, text: str) -> str:
    """A character less, or something put anywhere: between characters, or in a blank's place."""
    at = chance.randint(0, len(text))
    kind = chance.random()
    if kind < 0.3:
        return text[:at] + text[at + 1 :]
    put = chance.choice(ODD if kind > 0.6 else SNIPPETS)
    blanks = [match.start() for match in re.finditer(r"[ \n]", text)]
    if kind > 0.8 and blanks:
        at = chance.choice(blanks)
        return text[:at] + put + text[at + 1 :]
    return text[:at] + put + text[at:]


CHANGES = (of_tokens, of_lines, of_fields, of_fields, of_names, of_arguments, of_characters)
