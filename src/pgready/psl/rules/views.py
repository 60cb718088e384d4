"""Rules for views."""

from pgready.psl.rules.rule import Rule

_PREVIEW = 'generator client {\n  provider        = "prisma-client"\n  previewFeatures = ["views"]\n}\n'
_GOOD = _PREVIEW + "view Total {\n  day DateTime @unique\n  sum Int\n}\n"

RULES: tuple[Rule, ...] = (
    Rule(
        "view-preview",
        "A view without the preview feature `views`",
        "Views are a preview of Prisma. A generator block has to ask for it.",
        bad="view Total {\n  day DateTime @unique\n  sum Int\n}\n",
        good=_GOOD,
    ),
    Rule(
        "view-key",
        "A view has a primary key",
        "A view has no constraints. What identifies a row can be told to the client by `@unique` or `@@unique`.",
        bad=_PREVIEW + "view Total {\n  day DateTime @id\n  sum Int\n}\n",
        good=_GOOD,
    ),
    Rule(
        "view-index",
        "A view has an index",
        "A view holds no rows, so nothing in it can be indexed. Index the tables that it reads.",
        bad=_PREVIEW + "view Total {\n  day DateTime\n  sum Int\n\n  @@index([day])\n}\n",
        good=_GOOD,
    ),
    Rule(
        "view-unique-argument",
        "`@unique` of a view has arguments",
        "On a view `@unique` and `@@unique` are a promise to the client, not an index in the database: without name, "
        "order or operator class.",
        bad=_PREVIEW + 'view Total {\n  day DateTime @unique(map: "total_day")\n  sum Int\n}\n',
        good=_GOOD,
    ),
)
