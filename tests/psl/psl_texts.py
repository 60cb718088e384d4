"""Texts that try the parser: soup of tokens, schemas with random edits, decoded bytes."""

from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from pgready.psl.rules import all_rules, whole

ROOT = Path(__file__).parents[2]

TOKENS = [
    *("model", "enum", "type", "view", "datasource", "generator", "A", "b", "Int", "String", "é", "9", "_", "-"),
    *(" ", "  ", "\t", "\u00a0", "\u3000", "\n", "\n", "\n", "\r\n", "\r", "\u2028", "\x0b", "\x00", "\ufeff", "😀"),
    *("{", "}", "{\n", "}\n", "(", ")", "[", "]", "[]", "?", "!", ":", ",", ".", "=", "@", "@@", "\\", "\\\n"),
    *('"', '"x"', '"\\n"', '"\\q"', '"\\u12"', '"\\ud83d\\ude00"', '"\\ud83d"', '"\\ud83dx\\ud800\\u0041"', '"\\"'),
    *("/", "//", "///", "/*", "*/", "/* c */", "// d", "/// e\n", "-1", "1.5", "1.", "now()", "a: 1", "a:", "{ a: 1 }"),
    *('Unsupported("x")', "Unsupported(", "type T = Int", "model A {\n", "model B {\n", "enum E {\n", "view V {\n"),
    *("datasource db {\n", "generator g {\n", 'provider = "postgresql"\n', 'url = env("X")\n', "type T {\n"),
    *("id Int @id\n", "b B\n", "a A[]\n", "e E?\n", "aId Int?\n", "@relation(fields: [aId], references: [id])", "@unique"),
    *("@default(", "@default(now())", "@default([[1], 2])", "@db.VarChar(2)", '@map("x")', "@ignore", "@updatedAt"),
    *("@@id([a, b])\n", '@@index([b(ops: raw("x"))], type: Gin)\n', "@@unique([b], where: { b: null })\n"),
    *('@@map("x")\n', '@@schema("s")\n', "@@ignore\n", "@@fulltext([b])\n", 'schemas = ["s"]\n', 'relationMode = "prisma"\n'),
    *('previewFeatures = ["partialIndexes", "views"]\n', 'extensions = [a(map: "b"), c]\n', "onDelete: SetNull", "name: "),
]  # fmt: skip

SMALL = """\
// a comment
datasource db {
  provider = "postgresql" // behind
  schemas  = ["a", "b"]
}

/// documented
model User { // skipped
  id    Int      @id @default(autoincrement())
  /* block
     comment */
  email String?  @unique @db.VarChar(255) /// behind
  role  Role     @default(USER)
  tags  String[] @default(["a", "b\\n"])
  point Unsupported("point")?
  posts Post[]

  @@index([email(sort: Desc), role], name: "x", where: { email: { not: null } })
  @@schema("a")
}

model Post {
  id     BigInt @id
  userId Int
  user   User   @relation(fields: [userId], references: [id], onDelete: Cascade)
  @@schema("a")
}

enum Role {
  USER
  ADMIN @map("admin") // boss
  @@schema("b")
}
"""


HEADS = [
    "",
    'datasource db {\n  provider = "postgresql"\n}\n',
    'datasource db {\n  provider = "postgresql"\n  url = env("X")\n  schemas = ["a", "s"]\n}\n',
    'datasource db {\n  provider = "postgresql"\n  relationMode = "prisma"\n}\n',
]


@cache
def schemas() -> tuple[str, ...]:
    """Whole schemas to begin with: SMALL, the example's, those of the conformance corpus and of the rules."""
    files = [
        ROOT / "examples/fourschemas/prisma/schema.prisma",
        *sorted((ROOT / "tests/conformance/corpus").glob("*.prisma")),
    ]
    parts = [part for file in files for part in file.read_text(encoding="utf-8").split("\n// === ") if part]
    examples = [whole(text, rule.style) for rule in all_rules().values() for text in (rule.bad, rule.good)]
    return SMALL, *parts, *examples


def edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    """`text` with stretches replaced: each edit is where (modulo the length), how many characters, and by what."""
    for where, length, instead in edits:
        at = where % (len(text) + 1)
        text = text[:at] + instead + text[at + length :]
    return text


TOKEN = st.sampled_from(TOKENS)
SOUP = st.lists(TOKEN, max_size=60).map("".join)
EDITS = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 20), TOKEN | st.just("")), max_size=6)
ENDINGS = st.sampled_from(["\n", "\r\n", "\r", "\n\r"])
MUTANT = st.builds(
    lambda head, text, edits, ending: head + edited(text, edits).replace("\n", ending),
    st.sampled_from(HEADS),
    st.deferred(lambda: st.sampled_from(schemas())),
    EDITS,
    ENDINGS,
)
DECODED = st.binary(max_size=200).map(lambda data: data.decode("utf-8", "replace")) | st.binary(max_size=200).map(
    lambda data: data.decode("latin-1")
)
TEXT = SOUP | MUTANT | DECODED | st.text(max_size=100)
