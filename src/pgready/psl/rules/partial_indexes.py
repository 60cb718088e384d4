"""Rules for `where:`, the predicate of a partial index (Prisma 7)."""

from pgready.psl.rules.rule import Rule

_PREVIEW = 'generator client {\n  provider        = "prisma-client"\n  previewFeatures = ["partialIndexes"]\n}\n'


def _model(where: str) -> str:
    return (
        "model Job {\n  id      Int       @id\n  active  Boolean\n  state   String\n  data    Json\n"
        f"  endedAt DateTime?\n\n  @@index([state], where: {where})\n}}\n"
    )


def _with_preview(where: str) -> str:
    return _PREVIEW + _model(where)


_OWNER = "model User {\n  id   Int   @id\n  jobs Job[]\n}\n"


def _owned(where: str) -> str:
    return (
        _PREVIEW
        + "model Job {\n  id      Int   @id\n  ownerId Int?\n"
        + "  owner   User? @relation(fields: [ownerId], references: [id])\n\n"
        + f"  @@index([id], where: {where})\n}}\n"
        + _OWNER
    )


PARTIAL_RULES: tuple[Rule, ...] = (
    Rule(
        "where-preview",
        "`where` without the preview feature `partialIndexes`",
        "Partial indexes are a preview of Prisma 7. A generator block has to ask for it.",
        bad=_model("{ active: true }"),
        good=_with_preview("{ active: true }"),
        style=7,
    ),
    Rule(
        "where-value",
        "`where` is no predicate",
        '`where` takes `raw("…")` with SQL, or an object of fields and values: `{ active: true, endedAt: null }`.',
        bad=_with_preview('"active"'),
        good=_with_preview('raw("active")'),
        style=7,
    ),
    Rule(
        "where-empty",
        "The predicate is empty",
        "An index without a condition is not partial: leave out `where`.",
        bad=_with_preview('raw("")'),
        good=_with_preview("raw(\"state = 'active'\")"),
        style=7,
    ),
    Rule(
        "where-raw-value",
        "`raw` has no string",
        "`raw` takes the predicate as one string of SQL, as it would stand behind WHERE.",
        bad=_with_preview("raw(active)"),
        good=_with_preview('raw("active")'),
        style=7,
    ),
    Rule(
        "where-condition",
        "An object in the predicate is no condition",
        'The only condition besides equality is `{ not: … }`. Anything else can be written as `raw("…")`.',
        bad=_with_preview('{ endedAt: { gt: "2026-01-01" } }'),
        good=_with_preview("{ endedAt: { not: null } }"),
        style=7,
    ),
    Rule(
        "where-constant",
        "A value in the predicate is no constant",
        "A predicate compares with a string, a number, `true`, `false` or `null`. Enum values are strings here.",
        bad=_with_preview("{ state: DONE }"),
        good=_with_preview('{ state: "DONE" }'),
        style=7,
    ),
    Rule(
        "where-field-unknown",
        "The predicate names a field that the model does not have",
        "The object names fields as the model spells them; `raw` names columns.",
        bad=_with_preview("{ aktive: true }"),
        good=_with_preview("{ active: true }"),
        style=7,
    ),
    Rule(
        "where-field-relation",
        "The predicate names a relation field",
        "A relation field has no column of its own. Name the field of its foreign key.",
        bad=_owned("{ owner: null }"),
        good=_owned("{ ownerId: null }"),
        style=7,
    ),
    Rule(
        "where-type",
        "A value in the predicate is not of the field's type",
        "Boolean fields take `true` and `false`, String, DateTime and enum fields strings, numeric fields numbers. "
        "Json, Bytes and `Unsupported` fields can be compared with `null` only.",
        bad=_with_preview('{ active: "yes" }'),
        good=_with_preview("{ active: true, data: { not: null } }"),
        style=7,
    ),
)
