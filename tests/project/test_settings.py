"""Settings: their order, their sources, what is refused, and that nothing shows a password."""

import io
import json
import os

import pytest

from pgready.cli.settings import show
from pgready.errors import UsageInvalid
from pgready.project.contract_places import find_places
from pgready.project.resolution import resolve, schema_path
from pgready.project.settings import FIELDS

PASSWORD = "s3cr3t-Zq"
FLAG = f"postgresql://flag:{PASSWORD}@h/flag"
ENV = f"postgresql://env:{PASSWORD}@h/env?schema=svc"
DOTENV = f"postgresql://dotenv:{PASSWORD}@h/dotenv"
DATASOURCE = f"postgresql://ds:{PASSWORD}@h/ds"

SCHEMA = """\
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
  schemas  = ["public", "trading"]
}
"""
CONFIG_TS = """\
import { defineConfig, env } from "prisma/config";
export default defineConfig({
  schema: "db/schema.prisma",
  migrations: { path: "db/changes" },
  datasource: { url: env("APP_URL") },
});
"""


@pytest.fixture
def project(tmp_path):
    """A writer of files in a fresh folder; called with path and text, it returns the folder."""

    def write(files=None):
        for name, text in (files or {}).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.mkdir()
            else:
                path.write_text(text)
        return str(tmp_path)

    return write


def below(settings, cwd):
    """The settings' paths relative to the project."""
    files = tuple(os.path.relpath(path, cwd) for path in settings.schema_files)
    return files, os.path.relpath(settings.migrations, cwd)


# ── URL ──


def test_the_url_comes_from_the_strongest_source(project):
    """Flag, environment, .env, TOML and datasource, each wins over all that follow."""
    schema = SCHEMA.replace('env("DATABASE_URL")', f'"{DATASOURCE}"')
    cwd = project({"prisma/schema.prisma": schema})
    assert resolve({}, {}, cwd).sources["url"] == "prisma/schema.prisma:3"
    assert resolve({}, {}, cwd).url.dbname == "ds"
    project({"pyproject.toml": '[tool.pgready]\nurl = "postgresql://h/toml"\n'})
    assert resolve({}, {}, cwd).sources["url"] == "pyproject.toml [tool.pgready]"
    project({".env": f"DATABASE_URL={DOTENV}\n"})
    assert resolve({}, {}, cwd).sources["url"] == ".env DATABASE_URL"
    environ = {"DATABASE_URL": ENV}
    assert resolve({}, environ, cwd).sources["url"] == "environment DATABASE_URL"
    environ["PGREADY_URL"] = ENV
    assert resolve({}, environ, cwd).sources["url"] == "environment PGREADY_URL"
    settings = resolve({"url": FLAG}, environ, cwd)
    assert (settings.sources["url"], settings.url.dbname) == ("flag --url", "flag")
    assert any("process list" in note for note in settings.notes)


def test_the_variable_is_the_one_that_the_project_names(project):
    """env("APP_URL") is read where Prisma reads it, and DATABASE_URL only stands in for it."""
    cwd = project({"schema.prisma": SCHEMA.replace("DATABASE_URL", "APP_URL")})
    both = resolve({}, {"APP_URL": "postgresql://h/app", "DATABASE_URL": ENV}, cwd)
    assert (both.url.dbname, both.sources["url"]) == ("app", "environment APP_URL")
    assert any("DATABASE_URL, which differs" in note for note in both.notes)
    same = resolve({}, {"APP_URL": ENV, "DATABASE_URL": ENV}, cwd)
    assert (same.url.dbname, same.notes) == ("env", ())
    fallback = resolve({}, {"DATABASE_URL": ENV}, cwd)
    assert fallback.url.dbname == "env"
    assert any("schema.prisma:3 reads APP_URL, which is not set" in note for note in fallback.notes)


def test_the_direct_url_is_taken_only_where_it_is_named(project):
    """DIRECT_URL in the environment counts through directUrl = env(...) alone; PGREADY_DIRECT_URL always."""
    environ = {"DATABASE_URL": ENV, "DIRECT_URL": "postgresql://h/direct?schema=svc"}
    cwd = project({"schema.prisma": SCHEMA})
    assert resolve({}, environ, cwd).direct_url is None
    own = resolve({}, {**environ, "PGREADY_DIRECT_URL": "postgresql://h/own?schema=svc"}, cwd)
    assert (own.direct_url.dbname, own.notes) == ("own", ())
    project({"schema.prisma": SCHEMA.replace("  schemas", '  directUrl = env("DIRECT_URL")\n  schemas')})
    named = resolve({}, environ, cwd)
    assert (named.direct_url.dbname, named.sources["direct_url"]) == ("direct", "environment DIRECT_URL")


def test_no_url_is_asked_for_until_it_is_needed(project):
    """Without a URL everything resolves, and require_url names every place that was looked at."""
    settings = resolve({}, {"DATABASE_URL": ""}, project({"schema.prisma": SCHEMA}))
    assert settings.url is None
    with pytest.raises(UsageInvalid) as raised:
        settings.require_url()
    for place in ("--url", "PGREADY_URL", "DATABASE_URL (set but empty)", ".env", "pgready.toml", "prisma.config.ts"):
        assert place in raised.value.what
    assert "datasource of schema.prisma" in raised.value.what


def test_a_password_in_a_committed_file_is_refused(project):
    """A URL with a password in TOML is an error that does not show it."""
    cwd = project({"pgready.toml": f'url = "{DATASOURCE}"\n'})
    with pytest.raises(UsageInvalid, match="password does not belong") as raised:
        resolve({}, {}, cwd)
    assert PASSWORD not in repr(raised.value.as_dict())


# ── places ──

PLACES = [
    ({}, (), "migrations"),
    ({"prisma/migrations/x/migration.sql": ""}, (), "prisma/migrations"),
    ({"prisma/schema.prisma": SCHEMA}, ("prisma/schema.prisma",), "prisma/migrations"),
    ({"schema.prisma": SCHEMA}, ("schema.prisma",), "migrations"),
    ({"schema.prisma": SCHEMA, "prisma/schema.prisma": SCHEMA}, ("prisma/schema.prisma",), "prisma/migrations"),
    ({"prisma/schema.prisma": SCHEMA, "migrations/1.sql": ""}, ("prisma/schema.prisma",), "migrations"),
    (
        {"prisma/schema/b.prisma": SCHEMA, "prisma/schema/models/a.prisma": "model A { id Int @id }"},
        ("prisma/schema/b.prisma", "prisma/schema/models/a.prisma"),
        "prisma/schema/migrations",
    ),
    (
        {"prisma/schema/b.prisma": SCHEMA, "prisma/migrations/x/migration.sql": ""},
        ("prisma/schema/b.prisma",),
        "prisma/migrations",
    ),
    ({"prisma/main.prisma": SCHEMA, "prisma/a.prisma": ""}, ("prisma/a.prisma", "prisma/main.prisma"), "prisma/migrations"),
    ({"prisma.config.ts": CONFIG_TS, "db/schema.prisma": SCHEMA}, ("db/schema.prisma",), "db/changes"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "schema", "migrations"), PLACES)
def test_schema_and_migrations_are_found_by_prismas_rules(project, files, schema, migrations):
    """Default places, schema folders, and the migrations folder beside the datasource's file."""
    cwd = project(files)
    assert below(resolve({}, {}, cwd), cwd) == (schema, migrations)


def test_paths_come_from_the_strongest_source(project):
    """Flag, environment, TOML and prisma.config.ts, the last two relative to their own folder."""
    cwd = project(dict.fromkeys(("a.prisma", "b.prisma", "conf/c.prisma", "db/schema.prisma"), ""))
    project({"prisma.config.ts": CONFIG_TS})
    assert below(resolve({}, {}, cwd), cwd) == (("db/schema.prisma",), "db/changes")
    project({"conf/pgready.toml": 'schema = "c.prisma"\nmigrations = "sql"\n'})
    config = {"config": "conf/pgready.toml"}
    assert below(resolve(config, {}, cwd), cwd) == (("conf/c.prisma",), "conf/sql")
    environ = {"PGREADY_CONFIG": "conf/pgready.toml", "PGREADY_SCHEMA": "b.prisma", "PGREADY_MIGRATIONS": "m"}
    assert below(resolve({}, environ, cwd), cwd) == (("b.prisma",), "m")
    flags = {"schema": "a.prisma", "migrations": "n"}
    settings = resolve(flags, environ, cwd)
    assert below(settings, cwd) == (("a.prisma",), "n")
    assert (settings.sources["schema_files"], settings.sources["migrations"]) == ("flag --schema", "flag --migrations")


def test_config_may_name_a_prisma_config(project):
    """--config takes Prisma's file too, and pgready's own settings are read beside it."""
    cwd = project({"x/prisma.config.ts": CONFIG_TS, "x/db/schema.prisma": SCHEMA, "pgready.toml": "timeout = 7\n"})
    settings = resolve({"config": "x/prisma.config.ts"}, {"APP_URL": ENV}, cwd)
    assert below(settings, cwd) == (("x/db/schema.prisma",), "x/db/changes")
    assert (settings.sources["url"], settings.timeout) == ("environment APP_URL", 7.0)


def test_default_places_are_beside_a_settings_file_that_was_named(project):
    """`--config a/pgready.toml` means the project in a, never the schema or migrations of the current folder."""
    cwd = project(
        {"prisma/schema.prisma": SCHEMA, "prisma/migrations/1/migration.sql": "", "prisma.config.ts": CONFIG_TS}
    )
    project({"a/pgready.toml": "timeout = 7\n", "a/schema.prisma": SCHEMA, "a/migrations/1/migration.sql": ""})
    project({"a/.env": f"DATABASE_URL={DOTENV}\n", "a/contracts/q.sql": "", "contracts/q.sql": ""})
    for given in ("a/pgready.toml", "./a/pgready.toml", os.path.join(cwd, "a/pgready.toml")):
        settings = resolve({"config": given}, {}, cwd)
        assert below(settings, cwd) == (("a/schema.prisma",), "a/migrations")
        assert (settings.timeout, settings.url.dbname) == (7.0, "dotenv")
        assert settings.sources["schema_files"].startswith("beside ")
        assert find_places((), {"config": given}, {}, cwd).files[0].endswith("a/contracts/q.sql")
    project({"sql/pgready.toml": "", "sql/migrations/1.sql": ""})
    assert below(resolve({"config": "sql/pgready.toml"}, {}, cwd), cwd) == ((), "sql/migrations")
    project({"folder/pgready.toml": "", "folder/prisma/schema/a.prisma": SCHEMA, "folder/prisma/schema/b.prisma": ""})
    found = resolve({"config": "folder/pgready.toml"}, {"DATABASE_URL": ENV}, cwd)
    files = ("folder/prisma/schema/a.prisma", "folder/prisma/schema/b.prisma")
    assert below(found, cwd) == (files, "folder/prisma/schema/migrations")
    project({"alone/pgready.toml": "timeout = 9\n", "db/schema.prisma": SCHEMA})
    alone = resolve({"config": "alone/pgready.toml"}, {"APP_URL": ENV}, cwd)
    assert (below(alone, cwd), alone.timeout) == ((("db/schema.prisma",), "db/changes"), 9.0)
    assert (
        below(resolve({"config": "./alone/../pgready.toml"}, {}, project({"pgready.toml": ""})), cwd)[1] == "db/changes"
    )
    assert schema_path({"config": "sql/pgready.toml"}, {}, cwd)[0] == "sql/prisma/schema.prisma"


def test_an_env_file_beside_the_schema_is_read(project):
    """As Prisma 6: .env in the project's folder and beside the schema; a conflict between them is refused."""
    cwd = project({"prisma/schema.prisma": SCHEMA, "prisma/.env": f"DATABASE_URL={DOTENV}\n"})
    assert resolve({}, {}, cwd).sources["url"] == "prisma/.env DATABASE_URL"
    project({".env": "DATABASE_URL=postgresql://h/other\n"})
    with pytest.raises(UsageInvalid, match="two different values") as raised:
        resolve({}, {}, cwd)
    assert PASSWORD not in repr(raised.value.as_dict())


def test_relative_certificates_start_from_the_schemas_folder(project):
    """Prisma's sslcert is relative to the schema."""
    cwd = project({"prisma/schema.prisma": SCHEMA})
    target = resolve({}, {"DATABASE_URL": "postgresql://h/db?sslcert=ca.pem&sslaccept=strict"}, cwd).url
    assert target.params["sslrootcert"] == os.path.join(cwd, "prisma", "ca.pem")


BAD_PLACES = [
    ({}, {"schema": "no.prisma"}, "no schema at no.prisma"),
    ({"empty/x": ""}, {"schema": "empty"}, "no .prisma file"),
    ({}, {"config": "no.toml"}, "no.toml cannot be read"),
    ({}, {"config": "prisma.config.ts"}, "prisma.config.ts cannot be read"),
    ({"schema.prisma": SCHEMA.replace("postgresql", "mysql")}, {}, "pgready speaks PostgreSQL"),
    ({"prisma/a.prisma": SCHEMA, "prisma/b.prisma": SCHEMA}, {}, "a second datasource block"),
    ({"schema.prisma": "datasource db {\n  url = 1\n}"}, {}, "schema.prisma:2:9"),
    ({"pgready.toml": "schema = 1\n"}, {}, "takes a path"),
    ({"pgready.toml": "url = 1\n"}, {}, "takes a URL"),
    ({"pgready.toml": "timout = 1\n"}, {}, "pgready.toml:1: timout"),
    ({"schema.prisma": SCHEMA.replace("trading", "x" * 64)}, {}, "64 bytes"),
]


@pytest.mark.parametrize(("files", "flags", "words"), BAD_PLACES)
def test_what_cannot_be_used_is_refused(project, files, flags, words):
    """Missing files, other databases and mistyped settings are errors with their place."""
    with pytest.raises(UsageInvalid) as raised:
        resolve(flags, {}, project(files))
    assert words in raised.value.what


# ── plain values ──


def test_schemas_are_joined_in_order_and_once(project):
    """?schema=, the datasource's and the settings', and the migrations table's own."""
    cwd = project({"schema.prisma": SCHEMA})
    environ = {"DATABASE_URL": "postgresql://h/db?schema=trading", "PGREADY_SCHEMAS": "tagging, public"}
    settings = resolve({}, environ, cwd)
    assert settings.schemas == ("trading", "public", "tagging")
    assert settings.migrations_schema == "trading"
    own = resolve({"migrations_schema": "ledger"}, environ, cwd)
    assert (own.migrations_schema, own.schemas) == ("ledger", ("trading", "public", "tagging", "ledger"))
    assert resolve({}, {}, cwd).migrations_schema is None


DURATIONS = [
    ("90", 90),
    ("90s", 90),
    ("5m", 300),
    ("1h", 3600),
    ("500ms", 0.5),
    ("0", 0),
    ("1.5 s", 1.5),
    (90, 90),
    (0.5, 0.5),
]
BAD_DURATIONS = ["", "-1", "x", "1d", "nan", "inf", "1e3", "s", True, -1, float("nan"), float("inf"), "٣"]


@pytest.mark.parametrize(("given", "seconds"), DURATIONS)
def test_durations(given, seconds):
    """Numbers are seconds; ms, s, m and h say otherwise."""
    assert resolve({"timeout": given, "lock_timeout": given}, {}, os.devnull).timeout == seconds


@pytest.mark.parametrize("given", BAD_DURATIONS)
def test_bad_durations(given):
    """Anything else is refused by the source's name."""
    with pytest.raises(UsageInvalid, match="flag --timeout takes a duration"):
        resolve({"timeout": given}, {}, os.devnull)


VALUES = [
    ("create_database", "true", True),
    ("create_database", "0", False),
    ("retry_auth", "YES", True),
    ("quiet", "on", True),
    ("json", "1", True),
    ("color", "false", False),
    ("log_format", "json", "json"),
    ("max_failures", "7", 7),
    ("health", "[::]:8080", "[::]:8080"),
    ("refuse_hazards", "yes", True),
    ("verify", "parity", "parity"),
    ("schema_owner", "app owner", "app owner"),
    ("migrations_schema", 'a"b', 'a"b'),
    ("timeout", "2m", 120.0),
    ("lock_timeout", "0", 0.0),
    ("schemas", "a,b,a", ("a", "b")),
]


@pytest.mark.parametrize(("name", "text", "value"), VALUES)
def test_each_field_from_each_source(project, name, text, value):
    """Every field comes from TOML, .env, the environment and a flag, each stronger than the one before."""
    other = {
        "log_format": "text",
        "max_failures": "3",
        "timeout": "9",
        "lock_timeout": "9",
        "verify": "history",
        "health": ":1",
    }.get(name, "1")
    cwd = project({"pgready.toml": f"{name} = '{text}'\n"})
    found = resolve({}, {}, cwd)
    assert (getattr(found, name), found.sources[name]) == (value, "pgready.toml")
    key = "PGREADY_" + name.upper()
    project({".env": f"{key}='{text}'\n".replace("'", '"' if '"' not in text else "'")})
    project({"pgready.toml": f"{name} = '{other}'\n"})
    found = resolve({}, {}, cwd)
    assert (getattr(found, name), found.sources[name]) == (value, f".env {key}")
    project({".env": f"{key}={other}\n"})
    found = resolve({}, {key: text}, cwd)
    assert (getattr(found, name), found.sources[name]) == (value, f"environment {key}")
    found = resolve({name: text}, {key: other}, cwd)
    assert (getattr(found, name), found.sources[name]) == (value, "flag --" + name.replace("_", "-"))


def test_every_field_is_tried():
    """The table above holds every field, so that a new one asks for its row."""
    assert {name for name, _, _ in VALUES} == set(FIELDS)


BAD_VALUES = [
    ("create_database", "maybe", "true or false"),
    ("log_format", "jsn", "auto, text or json"),
    ("max_failures", "0", "whole number"),
    ("max_failures", "x", "whole number"),
    ("health", "8080", "takes an address"),
    ("schemas", "a,,b", "empty"),
    ("schemas", "ä" * 32, "64 bytes"),
    ("schema_owner", "x" * 64, "64 bytes"),
    ("migrations_schema", "a\0b", "NUL"),
]


@pytest.mark.parametrize(("name", "text", "words"), BAD_VALUES)
def test_bad_values_are_refused_by_their_source(name, text, words):
    """A value that a field cannot hold is refused, and the error names the variable."""
    key = "PGREADY_" + name.upper()
    with pytest.raises(UsageInvalid, match=words) as raised:
        resolve({}, {key: text}, os.devnull)
    assert raised.value.where == f"environment {key}"


def test_color_follows_the_conventions():
    """NO_COLOR and FORCE_COLOR count where nothing stronger does."""
    assert resolve({}, {}, os.devnull).color is None
    assert resolve({}, {"NO_COLOR": "1"}, os.devnull).color is False
    assert resolve({}, {"NO_COLOR": ""}, os.devnull).color is None
    assert resolve({}, {"FORCE_COLOR": "1"}, os.devnull).color is True
    assert resolve({"color": True}, {"NO_COLOR": "1"}, os.devnull).color is True


def test_a_mistyped_variable_is_noted():
    """An unknown PGREADY_ variable is noted with the one that was meant; the tests' own are not."""
    notes = resolve({}, {"PGREADY_TIMOUT": "3", "PGREADY_TEST_PG": "/x", "OTHER": "1"}, os.devnull).notes
    assert notes == ("PGREADY_TIMOUT is not a setting of pgready and has no effect; did you mean PGREADY_TIMEOUT?",)


# ── secrets, and what is shown ──


def everything(project):
    cwd = project(
        {
            "prisma/schema.prisma": SCHEMA.replace("  schemas", f'  directUrl = "{DATASOURCE}"\n  schemas'),
            ".env": f"OTHER_URL={DOTENV}\n",
            "pyproject.toml": '[tool.pgready]\ntimeout = "2m"\n',
        }
    )
    return resolve({}, {"DATABASE_URL": ENV + "&connection_limit=3"}, cwd)


def test_no_secret_is_shown(project):
    """Neither repr nor the table nor the JSON of the settings holds a password."""
    settings = everything(project)
    assert settings.url.password == settings.direct_url.password == PASSWORD
    table, data = io.StringIO(), io.StringIO()
    show(settings, False, table)
    show(settings, True, data)
    assert PASSWORD not in repr(settings) + table.getvalue() + data.getvalue()
    assert "postgresql://env:***@h/env" in table.getvalue()


def test_the_table_names_each_source(project):
    """`pgready settings` shows each value with its source, and the notes."""
    out = io.StringIO()
    show(everything(project), False, out)
    lines = {line.split()[0]: line for line in out.getvalue().splitlines()}
    assert lines["timeout"].split() == ["timeout", "120", "s", "pyproject.toml", "[tool.pgready]"]
    assert lines["url"].endswith("environment DATABASE_URL")
    assert lines["direct_url"].endswith("prisma/schema.prisma:4")
    assert "connection_limit has no effect" in lines["note:"]


def test_the_json_holds_value_and_source(project):
    """`pgready settings --json` is one object with every setting."""
    out = io.StringIO()
    show(everything(project), True, out)
    data = json.loads(out.getvalue())
    assert data["settings"]["schemas"]["value"] == ["svc", "public", "trading"]
    assert data["settings"]["timeout"] == {"value": 120.0, "source": "pyproject.toml [tool.pgready]"}
    assert set(FIELDS) < set(data["settings"])
