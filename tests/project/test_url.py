"""Database URLs: Prisma's and libpq's spellings, notes, refusals, secrets."""

import string

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import conninfo, pq

from pgready.errors import UsageInvalid
from pgready.project import url as url_module
from pgready.project.parameters import LIBPQ, NO_EFFECT, PRISMA
from pgready.project.url import Target, parse

PASSWORD = "s3cr3t-Zq"

READ = [
    ("postgresql://u:p@h:5433/db", {"user": "u", "password": "p", "host": "h", "port": "5433", "dbname": "db"}),
    ("postgres://h/db", {"host": "h", "dbname": "db"}),
    ("postgresql://", {}),
    ("postgresql://h", {"host": "h"}),
    ("postgresql:///db", {"dbname": "db"}),
    ("postgresql:///db?host=/run/pg", {"dbname": "db", "host": "/run/pg"}),
    ("postgresql://u@localhost/db?host=/run/pg", {"user": "u", "dbname": "db", "host": "/run/pg"}),
    ("postgresql://%2Frun%2Fpg/db", {"host": "/run/pg", "dbname": "db"}),
    ("postgresql://h1:1,h2:2/db", {"host": "h1,h2", "port": "1,2", "dbname": "db"}),
    ("postgresql://h1,h2:2/db", {"host": "h1,h2", "port": ",2", "dbname": "db"}),
    ("postgresql://[::1]:5433,[fe80::1%25eth0]/db", {"host": "::1,fe80::1%eth0", "port": "5433,", "dbname": "db"}),
    ("postgresql://u:a%40b%2Fc%23%3F%25@h/db", {"user": "u", "password": "a@b/c#?%", "host": "h", "dbname": "db"}),
    ("postgresql://u:a:b@h/db", {"user": "u", "password": "a:b", "host": "h", "dbname": "db"}),
    ("postgresql://h/gr%C3%B6%C3%9Fe%20%22x%22", {"host": "h", "dbname": 'größe "x"'}),
    ("postgresql://h/größe", {"host": "h", "dbname": "größe"}),
    ("postgresql://h/db?options=-c%20timezone%3DUTC", {"host": "h", "dbname": "db", "options": "-c timezone=UTC"}),
    ("postgresql://h/db?options=endpoint=x", {"host": "h", "dbname": "db", "options": "endpoint=x"}),
    ("postgresql://h/db?ssl=true", {"host": "h", "dbname": "db", "sslmode": "require"}),
    ("postgresql://h/db?client_encoding=UTF8&", {"host": "h", "dbname": "db"}),
    ("postgresql://h/db?dbname=other&port=7", {"host": "h", "dbname": "other", "port": "7"}),
    ("host=h dbname = db", {"host": "h", "dbname": "db"}),
    (r"user='a b' password=x\ y host=/run", {"user": "a b", "password": "x y", "host": "/run"}),
    (r"dbname='it\'s' options='-c x=y'", {"dbname": "it's", "options": "-c x=y"}),
    (" postgresql://h/db\n", {"host": "h", "dbname": "db"}),
]


@pytest.mark.parametrize(("text", "params"), READ)
def test_reads_what_prisma_and_libpq_write(text, params):
    """Each spelling gives libpq's keywords."""
    assert dict(parse(text).params) == params


def test_prisma_parameters_have_their_effect():
    """The schema and the pooler mode are values of their own and no libpq keywords."""
    target = parse("postgresql://h/db?schema=my%20schema&pgbouncer=true")
    assert (target.schema, target.pgbouncer, dict(target.params)) == ("my schema", True, {"host": "h", "dbname": "db"})
    assert parse("postgresql://h/db?schema=a+b").schema == "a b"
    assert parse("postgresql://h/db").schema is None
    assert parse("postgresql://h/db?schema=").schema is None


@pytest.mark.parametrize("name", sorted(NO_EFFECT))
def test_parameters_without_effect_are_named(name):
    """What is accepted without effect is told by name and with the reason."""
    target = parse(f"postgresql://h/db?{name}=1")
    assert name not in target.params
    assert [note for note in target.notes if name in note and NO_EFFECT[name] in note]


def test_every_libpq_parameter_of_this_libpq_is_known():
    """The table holds what libpq itself lists, so that a newer libpq makes this test ask for a decision."""
    assert {o.keyword.decode() for o in pq.Conninfo.get_defaults()} <= LIBPQ


SAMPLE = {
    "channel_binding": "prefer",
    "client_encoding": "UTF8",
    "connect_timeout": "5",
    "gssencmode": "disable",
    "load_balance_hosts": "random",
    "port": "5432",
    "sslcertmode": "allow",
    "sslmode": "require",
    "sslnegotiation": "postgres",
    "target_session_attrs": "primary",
    "tcp_user_timeout": "1",
}


@pytest.mark.parametrize("name", sorted(LIBPQ))
def test_every_libpq_parameter_is_honoured_or_refused_by_name(name):
    """A libpq parameter reaches libpq, or a refusal names it; sslcert alone has Prisma's meaning too."""
    value = SAMPLE.get(name, "1")
    if name == "replication":
        with pytest.raises(UsageInvalid, match="replication"):
            parse(f"postgresql://h/db?{name}={value}")
        return
    params = parse(f"postgresql:///db?{name}={value}").params
    kept = {"sslcert": "sslrootcert", "client_encoding": ""}.get(name, name)
    assert params.get(kept) == (value if kept else None)


TLS = [
    ("sslcert=ca.pem&sslmode=require", {"sslrootcert": "prisma/ca.pem", "sslmode": "require"}),
    ("sslcert=/x/ca.pem&sslaccept=strict", {"sslrootcert": "/x/ca.pem", "sslmode": "verify-full"}),
    ("sslaccept=strict", {"sslrootcert": "system", "sslmode": "verify-full"}),
    ("sslaccept=strict&sslmode=require", {"sslrootcert": "system", "sslmode": "verify-full"}),
    ("sslaccept=accept_invalid_certs", {"sslmode": "require"}),
    ("sslaccept=accept_invalid_certs&sslmode=prefer", {"sslmode": "prefer"}),
    ("sslaccept=accept_invalid_certs&sslcert=ca.pem", {"sslmode": "require"}),
    ("sslcert=c.crt&sslkey=c.key", {"sslcert": "c.crt", "sslkey": "c.key"}),
    ("sslcert=c.crt&sslrootcert=ca.pem&sslmode=verify-full",
     {"sslcert": "c.crt", "sslrootcert": "ca.pem", "sslmode": "verify-full"}),
]  # fmt: skip


@pytest.mark.parametrize(("query", "expected"), TLS)
def test_tls_parameters_of_both_flavours(query, expected):
    """Prisma's sslcert is the server's root; beside sslkey or sslrootcert it is libpq's client certificate."""
    params = parse("postgresql://h/db?" + query, base="prisma").params
    assert {k: v for k, v in params.items() if k.startswith("ssl")} == expected


def test_keyword_strings_have_libpqs_sslcert():
    """A libpq keyword string means libpq's client certificate."""
    assert parse("host=h sslcert=c.crt").params == {"host": "h", "sslcert": "c.crt"}


REFUSED = [
    ("", "empty"),
    ("   ", "empty"),
    (f'"postgresql://u:{PASSWORD}@h/db"', "quotes"),
    (f"'postgresql://u:{PASSWORD}@h/db'", "quotes"),
    (f"postgresql://u:{PASSWORD} x@h/db", "white space at character"),
    (f"postgresql://u:{PASSWORD}@h/db\npostgresql://x", "white space at character"),
    (f"postgresql://u:{PASSWORD}\x01@h/db", "control character"),
    (f"postgresql://u:{PASSWORD}\x00@h/db", "NUL"),
    (f"postgresql://u:{PASSWORD}%00@h/db", "%00"),
    (f"postgresql://u:{PASSWORD}%4@h/db", "two hexadecimal digits"),
    (f"postgresql://u:{PASSWORD}%zz@h/db", "two hexadecimal digits"),
    (f"postgresql://u:{PASSWORD}%@h/db", "two hexadecimal digits"),
    (f"postgresql://u:{PASSWORD}%FF@h/db", "not UTF-8"),
    (f"postgresql://u:x@{PASSWORD}@h/db", "bare @"),
    (f"postgresql://u:x/{PASSWORD}@h/db", "bare @"),
    (f"postgresql://u:1/{PASSWORD}@h/db", "bare @"),
    (f"postgresql://u:x?{PASSWORD}@h/db", "bare @"),
    (f"postgresql://u:x?{PASSWORD}=1@h/db", "bare @"),
    (f"postgresql://u:y@x?{PASSWORD}=1@h/db", "parameter 1 is unknown"),
    (f"postgresql://u:x#{PASSWORD}@h/db", "bare #"),
    (f"postgresql://u:{PASSWORD}", "no host behind user:password"),
    (f"postgresql://u:{PASSWORD}@h/a/b", "second bare /"),
    (f"postgresql://u:{PASSWORD}@h:x/db", "port is not a number"),
    (f"postgresql://u:{PASSWORD}@h:0/db", "1 to 65535"),
    (f"postgresql://u:{PASSWORD}@h:65536/db", "1 to 65535"),
    (f"postgresql://u:{PASSWORD}@h:-1/db", "port is not a number"),
    (f"postgresql://u:{PASSWORD}@h1,h2,h3/db?port=1,2", "3 hosts and 2 ports"),
    (f"postgresql://u:{PASSWORD}@::1/db", "brackets"),
    (f"postgresql://u:{PASSWORD}@[::1/db", "IPv6"),
    (f"postgresql://u:{PASSWORD}@[]/db", "IPv6"),
    (f"postgresql://u:{PASSWORD}@[::1]x/db", "IPv6"),
    (f"mysql://u:{PASSWORD}@h/db", "MySQL"),
    ("file:./dev.db", "SQLite"),
    (f"prisma://accelerate.example/?api_key={PASSWORD}", "Accelerate"),
    (f"prisma+postgres://localhost:51213/?api_key={PASSWORD}", "Prisma's own protocol"),
    (f"sqlserver://h:1433;user=u;password={PASSWORD}", "SQL Server"),
    (f"postgresql+psycopg://u:{PASSWORD}@h/db", "SQLAlchemy"),
    (f"jdbc:postgresql://h/db?password={PASSWORD}", "Java"),
    (f"POSTGRESQL://u:{PASSWORD}@h/db", "small letters"),
    (f"postgresql:u:{PASSWORD}@h/db", "not followed by //"),
    (f"{PASSWORD}://h/db", "neither"),
    (PASSWORD, "neither"),
    (f"postgresql://u:{PASSWORD}@h/db?shema=x", "shema is unknown"),
    (f"postgresql://u:{PASSWORD}@h/db?currentSchema=x", "currentSchema"),
    (f"postgresql://h/db?password=a&{PASSWORD}=1", "parameter 2 is unknown"),
    (f"postgresql://h/db?password=a&{PASSWORD}", "parameter 2 of the URL has no ="),
    (f"postgresql://h/db?{PASSWORD}", "has no ="),
    (f"postgresql://u:{PASSWORD}@h/db?sslmode=requir", "sslmode takes"),
    (f"postgresql://u:{PASSWORD}@h/db?sslmode=", "empty"),
    (f"postgresql://u:{PASSWORD}@h/db?ssl=no", "ssl takes only true"),
    (f"postgresql://u:{PASSWORD}@h/db?pgbouncer=yes", "pgbouncer takes"),
    (f"postgresql://u:{PASSWORD}@h/db?sslaccept=lax", "sslaccept takes"),
    (f"postgresql://u:{PASSWORD}@h/db?sslidentity=x.p12&sslpassword={PASSWORD}", "sslidentity"),
    (f"postgresql://u:{PASSWORD}@h/db?sslaccept=strict&sslmode=disable", "contradict"),
    (f"postgresql://u:{PASSWORD}@h/db?client_encoding=LATIN1", "UTF8"),
    (f"postgresql://u:{PASSWORD}@h/db?connect_timeout=soon", "whole number"),
    (f"postgresql://u:{PASSWORD}@h/db?application_name=a+b", "is a space to Prisma"),
    (f"postgresql://u:{PASSWORD}@h/{'d' * 64}", "64 bytes"),
    (f"postgresql://u:{PASSWORD}@h/{'%C3%A4' * 32}", "64 bytes"),
    (f"postgresql://u:{PASSWORD}@h/db?schema={'s' * 64}", "64 bytes"),
    (f"host=h password=a {PASSWORD}", 'without "="'),
    (f"host=h password=a {PASSWORD}=1", "parameter 3 is unknown"),
    (f"host=h password='{PASSWORD}", "never closed"),
    ("host=h shema=x", "shema is unknown"),
    ("=x", "unknown"),
]


@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_refuses_in_words_and_without_the_password(text, words):
    """Each mistake has its own words, names its source, and shows no password in any part."""
    with pytest.raises(UsageInvalid) as raised:
        parse(text, source="environment DATABASE_URL")
    error = raised.value
    assert words in error.what
    assert error.where == "environment DATABASE_URL"
    assert PASSWORD not in repr(error.as_dict()) + repr(error) + str(error)


@pytest.mark.parametrize(("typo", "meant"), [("shema", "schema"), ("ssl_mode", "sslmode"), ("pg_bouncer", "pgbouncer")])
def test_suggests_the_nearest_parameter(typo, meant):
    """A mistyped parameter is answered with the one that was meant."""
    with pytest.raises(UsageInvalid) as raised:
        parse(f"postgresql://h/db?{typo}=x")
    assert raised.value.then == f"did you mean {meant}?"


SECRET_URLS = [
    f"postgresql://u:{PASSWORD}@h/db?sslmode=require",
    f"postgresql://h/db?user=u&password={PASSWORD}",
    f"postgresql://h/db?sslkey=k&sslcert=c&sslpassword={PASSWORD}",
    f"postgresql://h/db?oauth_client_secret={PASSWORD}",
    f"host=h password={PASSWORD} sslpassword='{PASSWORD}'",
]


@pytest.mark.parametrize("text", SECRET_URLS)
def test_secrets_reach_libpq_and_nothing_else(text):
    """The secret is in the parameters' values, and in no repr, redacted text, note or string."""
    target = parse(text)
    assert PASSWORD in target.params.values()
    assert target.has_secret
    shown = f"{target!r} {target} {target.redacted} {target.notes} {target.params!r} {target.params} {target.hosts}"
    assert PASSWORD not in shown
    assert "***" in target.redacted


def test_hosts_follow_libpqs_rule():
    """One port serves all hosts, missing ones are 5432, and hostaddr stands in for host."""
    assert parse("postgresql://a,b/db?port=7").hosts == (("a", 7), ("b", 7))
    assert parse("postgresql://a:1,b/db").hosts == (("a", 1), ("b", 5432))
    assert parse("postgresql:///db").hosts == (("", 5432),)
    assert parse("hostaddr=127.0.0.1 port=9").hosts == (("127.0.0.1", 9),)


def test_a_search_path_in_options_is_noted():
    """options=-c search_path passes, and a note says what it means."""
    target = parse("postgresql://h/db?options=-csearch_path%3Dx")
    assert target.params["options"] == "-csearch_path=x"
    assert any("search_path" in note for note in target.notes)


def libpq_reads(text: str) -> "dict[str, str] | None":
    """What libpq itself makes of a URL or keyword string; None if it refuses it."""
    try:
        found = conninfo.conninfo_to_dict(text)
    except psycopg.ProgrammingError:
        return None
    found.pop("client_encoding", None)
    return {k: str(v) for k, v in found.items() if v is not None}


names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)
hostnames = st.text(string.ascii_lowercase + string.digits + ".-", min_size=1, max_size=10)
hosts = st.one_of(hostnames, st.sampled_from(["[::1]", "[fe80::2]", "%2Frun%2Fpostgresql", ""]))
ports = st.one_of(st.just(""), st.integers(1, 65535).map(lambda n: f":{n}"))


def quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")


@settings(max_examples=150, deadline=None)
@given(
    user=st.none() | names,
    password=st.none() | names,
    where=st.lists(st.tuples(hosts, ports), min_size=1, max_size=3),
    dbname=st.none() | names,
    query=st.dictionaries(
        st.sampled_from(["application_name", "options", "passfile", "service", "krbsrvname", "sslkey", "dbname"]), names
    ),
)
def test_encoded_urls_mean_to_us_what_they_mean_to_libpq(user, password, where, dbname, query):
    """Every percent-encoded URL of libpq's subset gives exactly libpq's own reading of it."""
    text = "postgresql://"
    if user is not None:
        text += quoted(user) + (f":{quoted(password)}" if password is not None else "") + "@"
    text += ",".join(host + port for host, port in where)
    if dbname is not None:
        text += "/" + quoted(dbname)
    if query:
        text += "?" + "&".join(f"{k}={quoted(v)}" for k, v in query.items())
    target = parse(text)
    assert dict(target.params) == libpq_reads(text)


PIECES = [
    "@",
    ":",
    "/",
    "?",
    "&",
    "=",
    ",",
    "[::1]",
    "%20",
    "%",
    "u",
    "h",
    "1",
    "dbname",
    "host=x",
    "port=2",
    "user=y",
    "application_name",
    "options",
    "+",
    "'",
    "#",
    "[",
    "]",
    "ü",
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_what_we_accept_libpq_reads_alike(tail):
    """A URL of any characters is refused, or read as libpq reads it: never a third way."""
    text = "postgresql://" + tail
    try:
        target = parse(text)
    except UsageInvalid:
        return
    query = tail.partition("?")[2]
    if (
        "&&" in query
        or query.startswith("&")
        or any(p.count("=") > 1 for p in query.split("&"))
        or text != text.strip()
    ):
        return  # Prisma takes these, libpq does not
    if any(name in query for name in (*PRISMA, *NO_EFFECT, "client_encoding", "sslcert")):
        return
    assert dict(target.params) == libpq_reads(text)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["host", "user", "password", "dbname", "options", "passfile"]), names, min_size=1)
)
def test_keyword_strings_mean_to_us_what_they_mean_to_libpq(keywords):
    """Keyword strings made by libpq's own quoting come back as they went in."""
    if "," in keywords.get("host", ""):
        keywords["host"] = keywords["host"].replace(",", "")
    text = conninfo.make_conninfo("", **keywords)
    if not text.strip():
        return
    assert dict(parse(text).params) == libpq_reads(text)


def test_equal_urls_are_equal_targets():
    """Two spellings of one place are one value; another schema is another place."""
    assert parse("postgres://h/db") == parse("host=h dbname=db")
    assert hash(parse("postgres://h/db")) == hash(parse("host=h dbname=db"))
    assert parse("postgres://h/db") != parse("postgres://h/db?schema=x")
    assert parse("postgres://h/db") != "postgres://h/db"
    assert isinstance(parse("postgres://h/db"), Target)
    assert url_module.MASK == "***"
