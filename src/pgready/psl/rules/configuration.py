"""Rules for the datasource and the generators."""

from pgready.psl.rules.configuration_features import FEATURE_RULES
from pgready.psl.rules.rule import Rule

_MODEL = "model User {\n  id Int @id\n}\n"
_PREVIEW = 'generator client {\n  provider        = "prisma-client"\n  previewFeatures = ["postgresqlExtensions"]\n}\n'


def _source(*lines: str, url: bool = False) -> str:
    """A datasource with these lines, and a model."""
    given = ['provider = "postgresql"', *(['url = env("DATABASE_URL")'] if url else []), *lines]
    return "datasource db {\n" + "".join(f"  {line}\n" for line in given) + "}\n" + _MODEL


def _bare(*lines: str) -> str:
    return "datasource db {\n" + "".join(f"  {line}\n" for line in lines) + "}\n" + _MODEL


def _extensions(value: str) -> str:
    return _PREVIEW + _source(f"extensions = {value}")


def _generator(*lines: str) -> str:
    return "generator client {\n" + "".join(f"  {line}\n" for line in lines) + "}\n"


RULES: tuple[Rule, ...] = (
    Rule(
        "provider-not-postgresql",
        "The schema is for another database",
        "pgready speaks PostgreSQL. It reads and formats schemas of other databases, and judges none of them.",
        bad=_bare('provider = "sqlite"'),
        good=_source(),
    ),
    Rule(
        "datasource-provider-missing",
        "The datasource has no provider",
        "The provider says which database the schema is for; for PostgreSQL it is `postgresql`.",
        bad=_bare('relationMode = "prisma"'),
        good=_source(),
    ),
    Rule(
        "datasource-provider-env",
        "The provider comes from the environment",
        "What a schema means depends on the database, so that it has to stand in the schema.",
        bad=_bare('provider = env("PROVIDER")'),
        good=_source(),
    ),
    Rule(
        "datasource-provider-invalid",
        "The provider is no string, or empty",
        "The provider is a name in double quotes.",
        bad=_bare("provider = postgresql"),
        good=_source(),
    ),
    Rule(
        "datasource-provider-unknown",
        "Nobody knows the provider",
        "For PostgreSQL the provider is `postgresql` or `postgres`.",
        bad=_bare('provider = "postgre"'),
        good=_bare('provider = "postgres"'),
    ),
    Rule(
        "datasource-several",
        "There is more than one datasource",
        "A schema describes one database.",
        bad='datasource one {\n  provider = "postgresql"\n}\ndatasource two {\n  provider = "postgresql"\n}\n' + _MODEL,
        good=_source(),
    ),
    Rule(
        "datasource-url-missing",
        "The datasource of a schema of Prisma 6 has no `url`",
        "Prisma 6 wants the URL in the datasource. Prisma 7 has it in `prisma.config.ts` and takes none of `url`, "
        "`directUrl` and `shadowDatabaseUrl` here.",
        bad=_source('directUrl = env("DIRECT_URL")'),
        good=_source('directUrl = env("DIRECT_URL")', url=True),
        style=6,
    ),
    Rule(
        "shadow-database-same",
        "The shadow database is the real one",
        "Prisma empties the shadow database whenever it compares migrations, so it must be another database.",
        bad=_source('shadowDatabaseUrl = env("DATABASE_URL")', url=True),
        good=_source('shadowDatabaseUrl = env("SHADOW_DATABASE_URL")', url=True),
        style=6,
    ),
    Rule(
        "env-arguments",
        "`env` does not have exactly one argument",
        "`env` takes the name of one variable, as a string.",
        bad=_bare('provider = "postgresql"', "url      = env()"),
        good=_source(url=True),
        style=6,
    ),
    Rule(
        "env-argument-named",
        "`env` has a named argument",
        "The name of the variable stands alone in the parentheses.",
        bad=_bare('provider = "postgresql"', 'url      = env(name: "DATABASE_URL")'),
        good=_source(url=True),
        severity="warning",
        style=6,
    ),
    Rule(
        "relation-mode-unknown",
        "Nobody knows the relation mode",
        "`foreignKeys`, the default, lets PostgreSQL keep relations whole; `prisma` leaves it to Prisma's client.",
        bad=_source('relationMode = "none"'),
        good=_source('relationMode = "prisma"'),
    ),
    Rule(
        "relation-mode-twice",
        "`relationMode` and `referentialIntegrity` stand side by side",
        "They are the new and the old name of one property.",
        bad=_source('relationMode = "prisma"', 'referentialIntegrity = "prisma"'),
        good=_source('relationMode = "prisma"'),
    ),
    Rule(
        "referential-integrity-renamed",
        "`referentialIntegrity` is called `relationMode`",
        "The old name still works and will go.",
        bad=_source('referentialIntegrity = "prisma"'),
        good=_source('relationMode = "prisma"'),
        severity="warning",
    ),
    Rule(
        "schemas-empty",
        "`schemas` is empty",
        "Without `schemas` everything is in the schema of the connection; with it every name says where it is.",
        bad=_source("schemas = []"),
        good=_source(),
    ),
    Rule(
        "schemas-repeated",
        "A schema is listed twice",
        "`schemas` lists each schema of the database once.",
        bad=_source('schemas = ["public", "public"]'),
        good='datasource db {\n  provider = "postgresql"\n  schemas = ["audit", "public"]\n}\n'
        'model User {\n  id Int @id\n\n  @@schema("public")\n}\n',
    ),
    Rule(
        "extensions-preview",
        "`extensions` stands without its preview feature",
        "That Prisma creates extensions is a preview: a generator has to ask for `postgresqlExtensions`.",
        bad=_source("extensions = [citext]"),
        good=_extensions("[citext]"),
    ),
    Rule(
        "extension-entry",
        "An extension is not written as a name",
        "An extension is a bare name; one whose name is none in PSL, like `uuid-ossp`, is given with `map:`.",
        bad=_extensions('["uuid-ossp"]'),
        good=_extensions('[uuidOssp(map: "uuid-ossp")]'),
    ),
    Rule(
        "extension-name",
        "The name of an extension has a hyphen, or starts with a digit",
        "Such a name is given with `map:`.",
        bad=_extensions("[uuid-ossp]"),
        good=_extensions('[uuidOssp(map: "uuid-ossp")]'),
    ),
    Rule(
        "extension-argument-unknown",
        "An extension has an argument that nobody knows",
        "An extension takes `map:` (its name in the database), `schema:` and `version:`.",
        bad=_extensions('[postgis(scheme: "gis")]'),
        good=_extensions('[postgis(schema: "gis")]'),
    ),
    Rule(
        "extension-argument-unnamed",
        "An argument of an extension has no name",
        "An extension takes `map:` (its name in the database), `schema:` and `version:`.",
        bad=_extensions('[postgis("gis")]'),
        good=_extensions('[postgis(schema: "gis")]'),
    ),
    Rule(
        "extension-argument-repeated",
        "An argument of an extension is given twice",
        "Each of `map:`, `schema:` and `version:` stands once.",
        bad=_extensions('[postgis(schema: "gis", schema: "public")]'),
        good=_extensions('[postgis(schema: "gis")]'),
    ),
    Rule(
        "generator-provider-missing",
        "A generator has no provider",
        "The provider is the program that writes the client.",
        bad=_generator('output = "./client"') + _MODEL,
        good=_generator('provider = "prisma-client"', 'output   = "./client"') + _MODEL,
    ),
    Rule(
        "property-unknown",
        "The datasource has a property that nobody knows",
        "A datasource takes `provider`, `relationMode`, `schemas` and `extensions`, and in the style of Prisma 6 "
        "`url`, `directUrl` and `shadowDatabaseUrl`.",
        bad=_source('relationsMode = "prisma"'),
        good=_source('relationMode = "prisma"'),
    ),
    Rule(
        "property-value-missing",
        "A property has no value",
        "What follows the `=` is the value; a property that is not needed is left out.",
        bad=_bare('provider = "postgresql"', "schemas ="),
        good=_source(),
    ),
    Rule(
        "property-repeated",
        "A property is given twice",
        "Each property of a datasource or generator stands once.",
        bad=_source('relationMode = "prisma"', 'relationMode = "foreignKeys"'),
        good=_source('relationMode = "prisma"'),
    ),
    *FEATURE_RULES,
)
