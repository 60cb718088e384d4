"""Prisma's preview features for PostgreSQL: which each engine knows, which became stable, which were renamed."""

from typing import Literal

Style = Literal[6, 7]
State = Literal["active", "hidden", "stable", "deprecated", "renamed", "unknown"]

FULL_TEXT_SEARCH = "fullTextSearchPostgres"
EXTENSIONS = "postgresqlExtensions"
VIEWS = "views"
PARTIAL_INDEXES = "partialIndexes"
METRICS = "metrics"

_ACTIVE = (
    "nativeDistinct",
    EXTENSIONS,
    "relationJoins",
    "schemaEngineDriverAdapters",
    "shardKeys",
    "strictUndefinedChecks",
    VIEWS,
)
_HIDDEN = ("reactNative", "typedSql")
_STABLE = (
    "aggregateApi",
    "atomicNumberOperations",
    "clientExtensions",
    "cockroachdb",
    "connectOrCreate",
    "createMany",
    "dataProxy",
    "deno",
    "distinct",
    "driverAdapters",
    "extendedIndexes",
    "extendedWhereUnique",
    "fieldReference",
    "filteredRelationCount",
    "filterJson",
    "fullTextIndex",
    "fullTextSearch",
    "groupBy",
    "improvedQueryRaw",
    "interactiveTransactions",
    "jsonProtocol",
    "microsoftSqlServer",
    "middlewares",
    "mongoDb",
    "multiSchema",
    "namedConstraints",
    "nApi",
    "nativeTypes",
    "omitApi",
    "orderByAggregateGroup",
    "orderByNulls",
    "orderByRelation",
    "prismaSchemaFolder",
    "queryCompiler",
    "referentialActions",
    "referentialIntegrity",
    "selectRelationCount",
    "tracing",
    "transactionApi",
    "uncheckedScalarInputs",
)
_SPELLING = {name.lower(): name for name in (*_ACTIVE, *_HIDDEN, *_STABLE, FULL_TEXT_SEARCH, PARTIAL_INDEXES, METRICS)}


def spelling(name: str) -> str:
    """The name as Prisma writes it (it reads names in any case), or `name` itself when nobody knows it."""
    return _SPELLING.get(name.lower(), name)


def state(name: str, style: Style, *, on_postgresql: bool) -> State:
    """What the engine of `style` makes of the feature `name` (in Prisma's spelling).

    `on_postgresql` is whether the datasource stands in the same file as the generator: Prisma looks no further.
    """
    if name in _STABLE:
        return "renamed" if name == "fullTextSearch" and on_postgresql else "stable"
    if name == METRICS and style == 6:
        return "deprecated"
    if name in _HIDDEN:
        return "hidden"
    return "active" if name in active(style, on_postgresql=on_postgresql) else "unknown"


def active(style: Style, *, on_postgresql: bool) -> tuple[str, ...]:
    """The features that may be asked for, in alphabetical order."""
    names = [*_ACTIVE, METRICS if style == 6 else PARTIAL_INDEXES]
    if style == 7:
        names.append("typedSql")
    if on_postgresql:
        names.append(FULL_TEXT_SEARCH)
    return tuple(sorted(names))
