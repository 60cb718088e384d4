"""The datasource and the generators: properties, URLs, preview features, extensions, over one file and several."""

import pytest

from fix_schema import DATASOURCE, told
from pgready.psl import preview_features
from pgready.psl.analyse import analyse
from pgready.psl.source import Source

MODEL = "model User {\n  id Int @id\n}\n"


def source(*lines):
    """A datasource with these lines from line 3 on."""
    return 'datasource db {\n  provider = "postgresql"\n' + "".join(f"  {line}\n" for line in lines) + "}\n" + MODEL


def generator(*lines):
    """A generator with these lines from line 2 on."""
    return "generator client {\n" + "".join(f"  {line}\n" for line in lines) + "}\n" + MODEL


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('relationMode = "prisma"', []),
        ('relationMode = "foreignKeys"', []),
        ('relationMode = "none"', [(1, "relation-mode-unknown")]),
        ("relationMode = prisma", [(3, "value-type")]),
        ('referentialIntegrity = "prisma"', [(3, "referential-integrity-renamed")]),
        ("schemas = []", [(3, "schemas-empty")]),
        ('schemas = ["a", "a"]', [(3, "schemas-repeated")]),
        ("schemas = [a]", [(3, "value-type")]),
        ('foo = "a"', [(3, "property-unknown")]),
        ("schemas =", [(1, "property-value-missing")]),
        ('provider = "postgres"', [(3, "property-repeated")]),
        ('previewFeatures = ["views"]', [(3, "preview-features-in-datasource")]),
        ("extensions = [citext]", [(3, "extensions-preview")]),
        ('extensions = ["citext"]', [(3, "extension-entry")]),
        ("url = 1", [(3, "value-type")]),
        ('url = env("A", "B")', [(3, "env-arguments")]),
        ("url = env(A)", [(3, "value-type")]),
        ('url = env(name: "A")', [(3, "env-argument-named")]),
        ('directUrl = "a"', [(1, "datasource-url-missing")]),
        ('url = "a"\n  shadowDatabaseUrl = "a"', [(3, "shadow-database-same")]),
        ('url = "a"\n  directUrl = "b"\n  shadowDatabaseUrl = "b"', [(4, "shadow-database-same")]),
        ('url = "a"\n  shadowDatabaseUrl = env("a")', []),
        ('url = ""\n  shadowDatabaseUrl = ""', []),
    ],
)
def test_properties_of_the_datasource(line, found):
    """Each is told where Prisma tells it: some at the value, some at the property, some at the block."""
    assert told(source(line)) == found


@pytest.mark.parametrize(
    ("provider", "code"),
    [
        ("1", "datasource-provider-invalid"),
        ('""', "datasource-provider-invalid"),
        ('"postgre"', "datasource-provider-unknown"),
        ('env("P")', "datasource-provider-env"),
    ],
)
def test_providers(provider, code):
    """Only a string with a known name is one."""
    assert [code for _, code in told(f"datasource db {{\n  provider = {provider}\n}}\n" + MODEL)] == [code]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (['provider = env("G")', 'output = env("O")', 'binaryTargets = ["native", env("B")]'], []),
        (['provider = "a"', "anything = [1, b, c()]"], []),
        ([], [(1, "generator-provider-missing")]),
        (["provider = 1"], [(2, "value-type")]),
        (['provider = "a"', "output = 1"], [(3, "value-type")]),
        (['provider = "a"', 'engineType = env("X")'], [(3, "value-type")]),
        (['provider = "a"', "binaryTargets = [1]"], [(3, "value-type")]),
        (['provider = "a"', "previewFeatures = [views]"], [(3, "value-type")]),
        (['provider = "a"', 'previewFeatures = ["VIEWS"]'], []),
        (['provider = "a"', 'previewFeatures = ["view"]'], [(3, "preview-feature-unknown")]),
        (['provider = "a"', 'previewFeatures = ["multiSchema"]'], [(3, "preview-feature-stable")]),
        (['provider = "a"', 'previewFeatures = ["fullTextSearch"]'], [(3, "preview-feature-renamed")]),
        (['provider = "a"', 'previewFeatures = ["metrics"]'], [(3, "preview-feature-unknown")]),
        (['provider = "a"', 'previewFeatures = ["partialIndexes"]'], []),
    ],
)
def test_properties_of_a_generator(lines, found):
    """A generator may hold settings of its own; those that Prisma knows are held to their type."""
    assert told(generator(*lines)) == found


@pytest.mark.parametrize(("style", "codes"), [(6, ["preview-feature-deprecated", "preview-feature-unknown"]), (7, [])])
def test_each_engine_has_features_of_its_own(style, codes):
    """Prisma 6 has `metrics` and not `partialIndexes`, Prisma 7 the other way round."""
    names = '"metrics", "partialIndexes"' if style == 6 else '"partialIndexes", "typedSql"'
    found = told(generator('provider = "a"', f"previewFeatures = [{names}]"), style)
    assert [code for _, code in found] == codes


def test_the_state_of_every_feature_is_told_apart():
    """What is active in a style is neither stable nor unknown in it."""
    for style in (6, 7):
        for name in preview_features.active(style, on_postgresql=True):
            state = preview_features.state(name, style, on_postgresql=True)
            assert state in ("active", "hidden", "deprecated")


def test_a_generator_knows_the_datasource_of_its_own_file_only():
    """So does Prisma: in another file `fullTextSearchPostgres` is unknown."""
    feature = generator('provider = "a"', 'previewFeatures = ["fullTextSearchPostgres"]')
    assert told(DATASOURCE[7] + feature) == []
    found = analyse([Source("a.prisma", DATASOURCE[7]), Source("b.prisma", feature)]).diagnostics
    assert [each.code for each in found] == ["preview-feature-unknown"]
    assert "move the generator" in found[0].help


def test_two_datasources_are_too_many_in_one_file():
    """In two files Prisma takes the first, unless they share their name."""
    one, two = DATASOURCE[7], DATASOURCE[7].replace("db", "other")
    assert told(one + two + MODEL) == [(1, "datasource-several"), (4, "datasource-several")]
    assert analyse([Source("a.prisma", one), Source("b.prisma", two)]).is_valid
    found = analyse([Source("a.prisma", one), Source("b.prisma", one)]).diagnostics
    assert [each.code for each in found] == ["name-repeated"]


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ('[citext, postgis(schema: "gis", map: "p", version: "3")]', []),
        ("citext", []),
        ("[uuid-ossp]", ["extension-name"]),
        ('[a(b: "c")]', ["extension-argument-unknown"]),
        ('[a("c")]', ["extension-argument-unnamed"]),
        ('[a(map: "c", map: "d")]', ["extension-argument-repeated"]),
        ("[a(map: 1)]", ["value-type"]),
    ],
)
def test_extensions(value, codes):
    """Names with arguments that have names."""
    feature = generator('provider = "a"', 'previewFeatures = ["postgresqlExtensions"]')
    text = 'datasource db {\n  provider = "postgresql"\n  extensions = ' + value + "\n}\n" + feature
    assert [code for _, code in told(text)] == codes
