"""Rules for preview features."""

from pgready.psl.rules.rule import Rule

_MODEL = "model User {\n  id Int @id\n}\n"
_SOURCE = 'datasource db {\n  provider = "postgresql"\n}\n'


def _asks(*names: str) -> str:
    listed = ", ".join(f'"{name}"' for name in names)
    return f'generator client {{\n  provider        = "prisma-client"\n  previewFeatures = [{listed}]\n}}\n' + _MODEL


FEATURE_RULES: tuple[Rule, ...] = (
    Rule(
        "preview-features-in-datasource",
        "`previewFeatures` stands in the datasource",
        "Preview features are asked for in a generator block.",
        bad='datasource db {\n  provider        = "postgresql"\n  previewFeatures = ["views"]\n}\n' + _MODEL,
        good=_SOURCE + _asks("views"),
    ),
    Rule(
        "preview-feature-unknown",
        "Nobody knows a preview feature",
        "It was never there, it is gone, or the engine of the schema's style does not know it: `metrics` is Prisma "
        "6's, `partialIndexes` Prisma 7's. `fullTextSearchPostgres` is known only in the file of the datasource.",
        bad=_SOURCE + _asks("view"),
        good=_SOURCE + _asks("views"),
    ),
    Rule(
        "preview-feature-stable",
        "A preview feature became part of Prisma",
        "It works without being asked for.",
        bad=_SOURCE + _asks("multiSchema"),
        good=_SOURCE + _MODEL,
        severity="warning",
    ),
    Rule(
        "preview-feature-renamed",
        "A preview feature has another name",
        "`fullTextSearch` is called `fullTextSearchPostgres` on PostgreSQL.",
        bad=_SOURCE + _asks("fullTextSearch"),
        good=_SOURCE + _asks("fullTextSearchPostgres"),
        severity="warning",
    ),
    Rule(
        "preview-feature-deprecated",
        "A preview feature will go",
        "Prisma 6 still has `metrics`, Prisma 7 has not.",
        bad=_SOURCE.replace("}", '  url      = env("DATABASE_URL")\n}') + _asks("metrics"),
        good=_SOURCE.replace("}", '  url      = env("DATABASE_URL")\n}') + _MODEL,
        severity="warning",
        style=6,
    ),
)
