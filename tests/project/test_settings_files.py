"""The readers behind the settings: `.env`, TOML and prisma.config.ts, each held against the real thing's reading."""

import io
import string
import tomllib

import dotenv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgready.errors import UsageInvalid
from pgready.project import config_ts, toml
from pgready.project import dotenv as our_dotenv

# ── .env ──

ENV_LINES = st.one_of(
    st.sampled_from(
        [
            "",
            "# words",
            "A=1",
            "A=",
            "B='x y'",
            'B="x y"',
            'B="it\'s"',
            "DATABASE_URL=postgresql://u:p@h/db?schema=x&a=b",
            'DATABASE_URL="postgresql://u:p@h/db"',
            "export C=3",
            "D = 4",
            " E=5",
            "F=a # comment",
            "F=a#b",
            "G=${A}",
            "G=$A",
            'H="a\\nb"',
            "I",
            "J='open",
            "K=ä",
            "K=\t1",
            "L==",
            "=x",
            "M='a' b",
            "N=''",
            "O='",
        ]
    ),
    st.builds(
        "{}={}".format,
        st.text(string.ascii_letters + "_.- 1", min_size=1, max_size=4),
        st.text(string.ascii_letters + string.digits + "'\"\\$#{}= :/@%\t\v\x85\u2028", max_size=8),
    ),
)
ENV_FILES = st.lists(ENV_LINES, max_size=5).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n"]).map(lambda end: end.join(lines) + end)
)


@settings(max_examples=400, deadline=None)
@given(ENV_FILES)
def test_the_strict_env_reader_agrees_with_the_library(text):
    """A file that the strict reader accepts has the values that python-dotenv gives it."""
    plain = our_dotenv.read_plain(text)
    if plain is not None:
        theirs = dotenv.dotenv_values(stream=io.StringIO(text))
        assert plain == {k: v for k, v in theirs.items() if v is not None}


def test_the_strict_env_reader_takes_common_files():
    """The files that most projects have need no library."""
    text = "# local\nDATABASE_URL=postgresql://u:p%40@h:5432/db?schema=x\r\nA='x y'\nB=\"z\"\n\nC=\n"
    assert our_dotenv.read_plain(text) == {
        "DATABASE_URL": "postgresql://u:p%40@h:5432/db?schema=x",
        "A": "x y",
        "B": "z",
        "C": "",
    }


def test_variables_expand_from_the_given_environment():
    """`${NAME}` is taken from the environment that was given, then from the file, then from its default."""
    text = b"HOST=file\nA=${HOST}/${OTHER:-none}\nB='x'  # words\n"
    assert our_dotenv.read(text, ".env", {"HOST": "env"})["A"] == "env/none"
    assert our_dotenv.read(text, ".env", {})["A"] == "file/none"
    assert our_dotenv.read(text, ".env", {})["B"] == "x"


def test_an_env_file_that_is_not_utf8_is_refused_with_its_line():
    """Bytes that are no UTF-8 are an error at their line."""
    with pytest.raises(UsageInvalid, match=r"\.env:2:"):
        our_dotenv.read(b"A=1\nB=\xff\n", ".env", {})


# ── TOML ──

TOML_LINES = st.sampled_from(
    [
        "",
        "# words",
        'a = "x"',
        "a = 'x'",
        'b= "with # sign"',
        "c = true",
        "c = 5",
        "c = 05",
        "c = 1_000",
        "d = [ 'x', \"y\" ]",
        "d = ['x, y']",
        "d = []",
        "d = ['x',]",
        "d = [",
        "]",
        'e = "a\\tb"',
        'e = """x"""',
        "f = 1.5",
        "g.h = 1",
        '"quoted" = 1',
        "i = 1 # comment",
        "[tool.pgready]",
        "[tool.pgready.sub]",
        "[tool]",
        "pgready.x = 1",
        "[other]",
        "[[list]]",
        'j = "[tool.pgready]"',
        "k = 'ä'",
        "l = { m = 1 }",
        'n = "\'"',
        "o",
    ]
)


@settings(max_examples=600, deadline=None)
@given(st.lists(TOML_LINES, max_size=6), st.sampled_from(["", "[tool.pgready]"]), st.lists(TOML_LINES, max_size=4))
def test_the_strict_toml_reader_agrees_with_tomllib(before, header, lines):
    """A file that the strict reader accepts, and that is TOML at all, has the values that tomllib gives it."""
    text = "\n".join([*(before if header else ()), header, *lines])
    plain = toml.read_plain(text, header)
    if plain is None:
        return
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        # Only what stands in other tables may be broken without being seen.
        assert header
        return
    assert plain == (table["tool"]["pgready"] if header else table)


def test_the_strict_toml_reader_takes_common_files():
    """A plain table needs no tomllib."""
    text = '[project]\nname = "x"\n\n[tool.pgready]\ntimeout = "2m"\nschemas = ["a", "b"]\nmax_failures = 5\n\n[tool.ruff]\n'
    assert toml.read_plain(text, "[tool.pgready]") == {"timeout": "2m", "schemas": ["a", "b"], "max_failures": 5}


def test_an_unknown_key_is_refused_with_line_and_suggestion():
    """A mistyped key names its line and the key that was meant."""
    with pytest.raises(UsageInvalid) as raised:
        toml.read(b"[project]\nname = 'x'\n[tool.pgready]\ntimout = 3\n", "pyproject.toml", ("timeout", "schemas"))
    assert (raised.value.where, raised.value.then) == ("pyproject.toml:4", "did you mean timeout?")


@pytest.mark.parametrize("data", [b"a = [", b"a = \xff", b"a = 1\na = 2"])
def test_broken_toml_is_refused(data):
    """Broken TOML is an error that names the file."""
    with pytest.raises(UsageInvalid, match=r"pgready\.toml"):
        toml.read(data, "pgready.toml", ("a",))


# ── prisma.config.ts ──


def wrapped(body: str) -> str:
    return f'import "dotenv/config";\nimport {{ defineConfig, env }} from "prisma/config";\n{body}\n'


def test_reads_the_config_that_prisma_init_writes():
    """The literals of a common config are read, with their lines."""
    config = config_ts.read(
        wrapped(
            """
export default defineConfig({
  schema: "prisma/schema.prisma", // a comment, with { braces
  migrations: {
    path: 'prisma/migrations',
    seed: `tsx prisma/seed.ts`,
  },
  engine: "classic",
  datasource: {
    url: env("DATABASE_URL"),
    directUrl: process.env.DIRECT_URL!,
    /* url: "decoy", */
    shadowDatabaseUrl: process.env["SHADOW_URL"] ?? "",
  },
  views: { path: "no" },
});"""
        )
    )
    assert (config.schema, config.migrations) == ("prisma/schema.prisma", "prisma/migrations")
    assert (config.url.kind, config.url.text, config.url.line) == ("env", "DATABASE_URL", 12)
    assert (config.direct_url.kind, config.direct_url.text) == ("env", "DIRECT_URL")
    assert (config.shadow_url.kind, config.shadow_url.text) == ("env", "SHADOW_URL")
    assert config.lines["schema"] == 5
    assert config.notes == []


EXPORTS = [
    "export default { schema: 'x.prisma' }",
    "export default { schema: 'x.prisma' } satisfies PrismaConfig",
    "export default defineConfig({ 'schema': `x.prisma` })",
    "module.exports = { schema: 'x.prisma' }",
    "const config: PrismaConfig = { schema: 'x.prisma' };\nexport default config;",
    "const config = defineConfig({ schema: 'x.prisma' });\nexport default config;",
    "const config = { schema: 'x.prisma' };\nexport default defineConfig(config);",
    "export default defineConfig({ schema: path.join('x.prisma') })",
    "export default defineConfig({ schema: path.join(__dirname, '.', 'x.prisma'), })",
    "export default defineConfig({ schema: path.join(import.meta.dirname, 'x.prisma') })",
    "export default defineConfig({ schema: path.resolve(__dirname, 'x.prisma') })",
    "export default defineConfig({ schema: resolve(import.meta.dirname, './', 'x.prisma') })",
    "export default defineConfig({ ...base, async adapter() { return { schema: 'no' } }, schema: 'x.prisma' })",
    "export default defineConfig({ f: (a) => a ? { schema: 'no' } : [1, 2], schema: 'x.prisma' })",
]


@pytest.mark.parametrize("body", EXPORTS)
def test_finds_the_exported_object(body):
    """Each way to export a config is followed as far as it is a literal."""
    config = config_ts.read(wrapped(body))
    assert (config.schema, config.notes) == ("x.prisma", [])


URLS = [
    ('"postgresql://h/db"', ("literal", "postgresql://h/db")),
    ("'postgresql://h/db'", ("literal", "postgresql://h/db")),
    ('env("X")', ("env", "X")),
    ("env<Env>('X')", ("env", "X")),
    ("process.env.X", ("env", "X")),
    ("process.env.X!", ("env", "X")),
    ("process.env.X as string", ("env", "X")),
    ("process.env['X']", ("env", "X")),
    ("process.env.X || ''", ("env", "X")),
]


@pytest.mark.parametrize(("source", "expected"), URLS)
def test_reads_urls(source, expected):
    """Each literal way to give a URL is read."""
    config = config_ts.read(f"export default {{ datasource: {{ url: {source} }} }}")
    assert (config.url.kind, config.url.text, config.notes) == (*expected, [])


COMPUTED = [
    ("datasource: { url: getUrl() }", "datasource.url"),
    ("datasource: { url: `postgresql://${host}/db` }", "datasource.url"),
    ("datasource: { url: process.env.X ?? 'postgresql://h/db' }", "datasource.url"),
    ("datasource: { url: 'a' + 'b' }", "datasource.url"),
    ("datasource: { url: env(name) }", "datasource.url"),
    ("datasource: { url: process.env[name] }", "datasource.url"),
    ("datasource: getDatasource()", "datasource"),
    ("datasource", "datasource"),
    ("schema: pick('a')", "schema"),
    ("schema: path.join(base, 'a')", "schema"),
    ("schema: path.resolve('a')", "schema"),
    ("schema: path.resolve(__dirname, '/a')", "schema"),
    ("migrations: { path: dir }", "migrations.path"),
]


@pytest.mark.parametrize(("body", "key"), COMPUTED)
def test_notes_what_is_computed(body, key):
    """What is computed is ignored, and a note says so with its line."""
    config = config_ts.read(f"export default {{\n {body} }}", "prisma.config.ts")
    assert config.notes == [f"prisma.config.ts:2: {key} is computed and was ignored"]
    assert (config.schema, config.migrations, config.url) == ("", "", None)


@settings(max_examples=200, deadline=None)
@given(st.text("{}()[]'\"`\\/*,:;=. \nexport default schema url $"))
def test_any_text_is_read_without_an_error(text):
    """A config that makes no sense to us is ignored and never an error."""
    assert isinstance(config_ts.read(text), config_ts.PrismaConfig)
    assert isinstance(config_ts.read("export default {" + text), config_ts.PrismaConfig)
