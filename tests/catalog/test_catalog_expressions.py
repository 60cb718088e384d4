"""Small SQL expressions and type names, as a server stores and prints them."""

import pytest

from pgready.catalog.expressions import Surroundings, printed
from pgready.catalog.names import ObjectName
from pgready.catalog.shown import shown_ident, shown_type
from pgready.catalog.type_names import type_named

TABLE = {
    "a": "boolean",
    "b": "text",
    "c": "int",
    "d": "float8",
    "f": "bigint",
    "g": "numeric(9,2)",
    "h": "varchar(10)",
    "h2": "varchar(9)",
    "i": "uuid",
    "j": "smallint",
    "k": "timestamp",
    "l": "mood",
    "m": "char(3)",
    "r": "real",
    "o": "oid",
    "vb": "varbit",
    "user": "int",
    "time": "timestamptz",
    "Mixed": "int",
    "tags": "text[]",
}

PREDICATES = """
a
(a)
NOT a
"a" = true
a <> false AND b != 'it''s \\ x'
a is true
a IS NOT TRUE
b IS NULL
(b is not null)
b = 'x' AND c = -1 AND d = 1.5 AND f = 5 AND g = 1
a and c = 3 or b <> ''
not a or c=3
not (a or c = 3)
NOT a AND NOT a
(a AND a) AND a
a OR a OR a
f = 5000000000
f = -5000000000
c = 5000000000
c = -2147483648
c = 2147483648
g = 5000000000
g = -1.5
g = 99999999999999999999
c = 1.5
j = 1.5
j = -5
j < 32768
d = -1.5
d = 5000000000
d >= 99999999999999999999
r = 1
r = -1.5
o = 1
vb = '101'
m = 'x'
h = 'x' and h <> 'y'
h = h2
h <= b
h IS NOT NULL
c < f
c = g
k = '2020-01-01'
k > '2020-01-01 10:00:00'
i = 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'
l = 'good'
l = 'good'::mood
l <> 'not so good'::"mood"
l in ('good')
l in ('good', 'not so good')
c IN (1,2,-3)
c in (7)
b in ('x','y')
b IN ('x')
j = 1 and f = 2
"Mixed" = 3
"user" = 3
time is null
"time" is null
lower(b) = 'x'
md5(b) <> upper(b)
b = 'x'::text
b = 'x'::varchar
c = 1::bigint
c::text = '1'
(c)::bigint > 3
b || 'x' = 'yx'
tags = '{}'
tags IS NOT NULL
"""

DEFAULTS = """
text|'x'
text|'x'::text
text|'it''s \\'
text|''
text|gen_random_uuid()
text|(gen_random_uuid())::text
text|gen_random_uuid()::text
text|CAST_IS_NOT_READ
text|md5(random()::text)
text|md5((random())::text)
text|'x' || 'y'
text|('x'::text || (gen_random_uuid())::text)
text|replace((gen_random_uuid())::text, '-'::text, ''::text)
text|replace(gen_random_uuid()::text, '-', '')
text|to_char(now(), 'YYYY')
text|current_user
text|SESSION_USER
text|current_setting('app.x'::text, true)
text|CURRENT_SETTING('app.x', TRUE)
text|version()
varchar(10)|'x'
varchar(10)|'x'::character varying
varchar(10)|'x'::varchar
varchar(10)|'x'::varchar(10)
char(3)|'x'
char(3)|'x'::bpchar
char(3)|'x'::character(3)
jsonb|'{}'
jsonb|'{}'::jsonb
jsonb|'{"bb": 1, "a": [1.50, 1e2]}'
jsonb|'{"a":1}'::json
json|'{ "a":1}'
uuid|gen_random_uuid()
uuid|GEN_RANDOM_UUID()
uuid|'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'
uuid|'00000000-0000-0000-0000-000000000000'::uuid
timestamp|now()
timestamp|NOW()
timestamp|current_timestamp
timestamptz|CURRENT_TIMESTAMP
timestamptz|clock_timestamp()
timestamptz|statement_timestamp()
timestamptz|transaction_timestamp()
timestamp|localtimestamp
timestamp|timezone('utc'::text, now())
timestamp|timezone('utc', now())
timestamp|(now() at time zone 'utc')
timestamp|(now() AT TIME ZONE 'utc'::text)
timestamp|now() + interval '1 day'
timestamptz|(now() + '30 days'::interval)
timestamptz|now() + '7 days'
timestamptz|NOW() + INTERVAL '24 hours'
timestamptz|now() - interval '90 minutes'
timestamptz|now() + interval '2 weeks'
timestamptz|now() + interval '1 year'
timestamptz|now() + interval '3 mons'
timestamptz|date_trunc('day', now())
timestamp|'2020-01-01'
timestamp|'2020-01-01 00:00:00'::timestamp without time zone
timestamp|'2020-01-01 00:00:00'::timestamp
timestamptz|'infinity'::timestamptz
timestamp|'-infinity'
timestamp(3)|'2020-01-01 10:00:00'
date|CURRENT_DATE
date|now()
date|now()::date
date|'2020-02-29'
time|'10:00:00'
time|'00:00:00'::time without time zone
interval|'1 day'
interval|'1 day'::interval
interval|'24:00:00'::interval
interval|'0 days'
int|1
int|-1
int|(1)
int|'1'
int|'-1'::integer
int|nextval('s')
int|nextval('s'::regclass)
bigint|nextval('public.s'::regclass)
bigint|0
bigint|'0'::bigint
bigint|1::bigint
bigint|-5000000000
smallint|1::smallint
smallint|'1'::smallint
boolean|FALSE
boolean|true::boolean
boolean|'t'
boolean|'false'::boolean
boolean|(NOT true)
text[]|'{}'
text[]|'{a,b}'
text[]|'{}'::text[]
text[]|ARRAY[]::text[]
text[]|array[]::text[]
text[]|ARRAY['a', 'b']::text[]
text[]|ARRAY['a'::text, 'b'::text]::text[]
int[]|'{}'::integer[]
int[]|'{1,2}'
mood[]|'{}'
mood[]|ARRAY['good']::mood[]
numeric|0
numeric|0.0
numeric|1::numeric
numeric|'0'::numeric
numeric(10,2)|0.00
double precision|0
double precision|0.5
double precision|'0'::double precision
double precision|random()
real|-0.5
tsvector|''::tsvector
inet|'127.0.0.1'::inet
bytea|'\\x00Ff'::bytea
mood|'good'
mood|'good'::mood
mood|'good'::public.mood
mood|'not so good'::"mood"
bit(3)|'101'
varbit|'101'::varbit
name|current_user
"""

UNREAD = """
my_function()
public.my_function()
E'a\\nb'
$$x$$
'a' 'b'
1 + 1
2 * (3 + 4)
- c
floor(random() * 100)
extract(epoch from now())
CURRENT_TIMESTAMP(3)
coalesce(b, 'x')
a AND (a AND a)
c BETWEEN 1 AND 5
b LIKE 'x%'
h IN ('a', 'b')
b IN (b, 'x')
x = 1
user = 'me'
c = 'x'
l = 'x'::text
a -- a
a /* a */
(a
a)
a a

CASE WHEN a THEN a END
'24 hours 5 minutes'::interval
'{"a b"}'::text[]
'x'::my_type
tags[1] = 'x'
now
'now'::timestamp
"""

TYPES = """
int
INTEGER
int4
bigint
smallint
boolean
bool
real
float
double precision
float8
numeric
numeric(5)
numeric(5,2)
decimal( 5 , 2 )
dec(3)
text
varchar
varchar(5)
character varying
Character  Varying(5)
char
char(3)
character
nchar(3)
bpchar
"char"
bit
bit(3)
bit varying
bit varying(5)
varbit(5)
timestamp
timestamp(3)
timestamp(3) without time zone
timestamp with time zone
timestamp(3) with time zone
timestamptz(0)
time
time(3) with time zone
timetz
interval
interval(3)
interval day to second
interval day to second(3)
INTERVAL YEAR
int[]
int4[][]
varchar(3)[]
numeric(5,2)[]
timestamp(3) with time zone[]
uuid
jsonb
money
inet
cidr
macaddr8
tsvector
tsquery
point
polygon
int4range
tstzmultirange
pg_lsn
xid8
regclass
name
oid
pg_catalog.int4
pg_catalog."numeric"(5,2)
mood
public.mood
"public"."mood"
mood[]
"Strange ""type"" name"
"user"
"""


@pytest.fixture(scope="module")
def around() -> Surroundings:
    """The table's columns, and an enum."""
    columns = {name: type_named(type_, {}, "public") for name, type_ in TABLE.items()}
    return Surroundings(columns, {}, "public", {ObjectName("public", "mood"): ("good", "not so good")})


@pytest.fixture
def prepared(database):
    """A connection that prints as introspection does."""
    with database.connect() as connection:
        columns = ", ".join(f'"{name}" {type_}' for name, type_ in TABLE.items())
        connection.execute("CREATE TYPE mood AS ENUM ('good', 'not so good')")
        connection.execute("CREATE SEQUENCE s; SET TimeZone = 'UTC'")
        connection.execute(f"CREATE TABLE t ({columns})".encode())
        yield connection


@pytest.mark.matrix
def test_predicates(prepared, around):
    """Every predicate is printed as the server prints what it stored."""
    for text in PREDICATES.strip().splitlines():
        prepared.execute(f"CREATE INDEX ON t (a) WHERE {text}".encode())
        shown = prepared.execute(
            "SELECT set_config('search_path', '', false);"
            "SELECT pg_get_expr(indpred, indrelid) FROM pg_index WHERE indrelid = 'public.t'::regclass"
        )
        assert shown.nextset()
        (stored,) = shown.fetchone()
        assert printed(text, around) == stored, text
        prepared.execute("RESET search_path; DROP INDEX t_a_idx")


@pytest.mark.matrix
def test_defaults(prepared, around):
    """Every default is printed as the server prints it; a default of NULL is read by nobody."""
    nowhere = around._replace(columns={})
    for line in DEFAULTS.strip().splitlines():
        type_, _, text = line.partition("|")
        if text == "CAST_IS_NOT_READ":
            text = "CAST(gen_random_uuid() AS text)"
            assert printed(text, nowhere, type_named(type_, {}, "public")) is None
            continue
        prepared.execute(f"CREATE TABLE d (a {type_} DEFAULT {text})".encode())
        shown = prepared.execute(
            "SELECT set_config('search_path', '', false);"
            "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'public.d'::regclass"
        )
        assert shown.nextset()
        (stored,) = shown.fetchone()
        assert printed(text, nowhere, type_named(type_, {}, "public")) == stored, line
        prepared.execute("RESET search_path; DROP TABLE d")


def test_the_rest_is_not_guessed(around):
    """What is not surely known has no printed form, whatever it is."""
    for text in UNREAD.strip("\n").split("\n"):
        assert printed(text, around) is None, text
        assert printed(text, around, type_named("int4range", {}, "public")) is None, text


def test_random_words_are_answered(around):
    """Any text has an answer, and no answer is an exception."""
    pieces = [*PREDICATES.split(), *UNREAD.split(), "(", ")", "::", "'", '"', "[", "]", ",", ".", "-", "é", "\0"]
    for number in range(3000):
        at = number * 7919
        text = " ".join(pieces[(at * step + step) % len(pieces)] for step in range(1, 2 + number % 7))
        assert printed(text, around) is None or isinstance(printed(text, around), str)


@pytest.mark.matrix
def test_type_names(prepared):
    """Every spelling of a type means what the server makes of it."""
    prepared.execute('CREATE DOMAIN "Strange ""type"" name" AS int; CREATE DOMAIN "user" AS int')
    for text in TYPES.strip().splitlines():
        prepared.execute(f"CREATE TABLE n (a {text})".encode())
        shown = prepared.execute(
            "SELECT set_config('search_path', '', false);"
            "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
            " WHERE attrelid = 'public.n'::regclass AND attnum = 1"
        )
        assert shown.nextset()
        (stored,) = shown.fetchone()
        assert shown_type(type_named(text, {}, "public")) == stored, text
        prepared.execute("RESET search_path; DROP TABLE n")


def test_types_of_extensions():
    """A type of an extension is in the extension's schema where that is known; a qualified one is where it says."""
    schemas = {"vector": "ext", "postgis": "gis"}
    assert shown_type(type_named("vector(3)", schemas, "public")) == "ext.vector(3)"
    assert shown_type(type_named("halfvec(3)", schemas, "app")) == "ext.halfvec(3)"
    assert shown_type(type_named("geometry(Point, 4326)", schemas, "public")) == "gis.geometry(Point,4326)"
    assert shown_type(type_named("citext", schemas, "app")) == "app.citext"
    assert shown_type(type_named('"My".vector(3)', schemas, "app")) == '"My".vector(3)'


@pytest.mark.matrix
def test_quoting_of_names(database):
    """A name is quoted where the server quotes it; words that later versions made keywords aside."""
    with database.connect() as connection:
        words = [word for (word,) in connection.execute("SELECT word FROM pg_get_keywords()")]
        words += ["a", "A", "a b", "ä", "_x", "1a", "a1", "a$", 'a"b', "", "select_"]
        (shown,) = connection.execute(
            "SELECT array_agg(quote_ident(w) ORDER BY n) FROM unnest(%s::text[]) WITH ORDINALITY AS x(w, n)", [words]
        ).fetchone()
    newer = ("json", "merge_action", "system_user")
    wrong = {word for word, quoted in zip(words, shown, strict=True) if shown_ident(word) != quoted}
    assert {word for word in wrong if not word.startswith(newer)} == set()
