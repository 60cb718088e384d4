"""Profiles as files: they read back as what was written, and every mistake is told at its place."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgready.catalog.names import ObjectName
from pgready.errors import UsageInvalid
from pgready.proof.profile import ColumnProfile, IndexProfile, Profile, TableProfile
from pgready.proof.size.profile_file import profile_text, read_profile_file
from pgready.proof.size.profile_names import located
from pgready.proof.size.shape import ColumnShape, RelationShape, Shapes
from pgready.proof.size.toml_places import places

NAMES = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\x7f"), min_size=1, max_size=12)
SHARES = st.integers(0, 1000).map(lambda number: number / 1000)
COLUMNS = st.builds(
    ColumnProfile,
    name=NAMES,
    distinct=st.none() | st.integers(1, 10**9).map(float) | st.sampled_from([-1.0, -0.25]),
    null_fraction=st.none() | st.integers(1, 1000).map(lambda number: number / 1000),
    width=st.none() | st.integers(0, 2000),
    correlation=st.none() | SHARES,
    top_share=st.none() | SHARES,
    frequencies=st.dictionaries(NAMES, st.sampled_from([0.125, 0.25]), max_size=3).map(lambda one: tuple(one.items())),
)


def unique(items: list[ColumnProfile]) -> tuple[ColumnProfile, ...]:
    """Each name once."""
    return tuple({one.name: one for one in items}.values())


TABLES = st.builds(
    TableProfile,
    name=st.builds(ObjectName, NAMES, NAMES),
    rows=st.integers(0, 10**12).map(float),
    pages=st.none() | st.integers(0, 10**9),
    grows=st.booleans(),
    columns=st.lists(COLUMNS, max_size=3).map(unique),
    indexes=st.lists(
        st.builds(IndexProfile, NAMES, st.none() | st.integers(1, 999), st.none() | st.just(5.0),
                  st.lists(COLUMNS, max_size=2).map(unique)), max_size=2, unique_by=lambda one: one.name
    ).map(tuple),
)  # fmt: skip


@given(st.lists(TABLES, max_size=3, unique_by=lambda one: one.name), st.integers(1, 10**9))
@settings(max_examples=60, deadline=None)
def test_what_is_written_reads_back(tables: list[TableProfile], rows: int) -> None:
    """Any profile, names of any letters, dots and quotes included, is the same value after writing and reading."""
    profile = Profile(tuple(tables), (("work_mem", "64MB"),), rows)
    text = profile_text(profile, ["a note\nof two lines"])
    found = read_profile_file(text.encode(), "profile.toml").profile
    assert (found.tables, found.settings, found.default_rows) == (profile.tables, profile.settings, rows)


def test_a_profile_by_hand() -> None:
    """What a person writes: dotted keys, sub-tables and inline tables say the same."""
    texts = (
        '[tables."a.b"]\nrows = 2_000\ncolumns.x = { distinct = 7 }\ncolumns.y.width = 9\n',
        '[tables."a.b"]\nrows = 2e3\n[tables."a.b".columns.x]\ndistinct = 7\n[tables."a.b".columns]\ny = { width = 9 }\n',
        'tables = { "a.b" = { rows = 2000.0, columns = { x = { distinct = 7 }, y = { width = 9 } } } }\r\n',
        "\ufeff[tables.'a.b']\nrows = 2000 # many\ncolumns = { x.distinct = 7, y = { 'width' = 9 } }\n",
    )
    wanted = TableProfile(ObjectName("a", "b"), 2000.0, columns=(ColumnProfile("x", 7.0), ColumnProfile("y", width=9)))
    for text in texts:
        assert read_profile_file(text.encode(), "p.toml").profile.tables == (wanted,)


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("rows = 3", "p.toml:1:1", "no rows"),
        ("defalt_rows = 3", "p.toml:1:1", "did you mean default_rows?"),
        ('[tables."a.b"]\nrow = 3\nrows = 1', "p.toml:2:1", "did you mean rows?"),
        ('[tables."a.b"]\npages = 3', "p.toml:1:9", "has no rows"),
        ('[tables."a.b"]\nrows = "3"', "p.toml:2:1", "rows is not a number"),
        ('[tables."a.b"]\nrows = true', "p.toml:2:1", "rows is not a number"),
        ('[tables."a.b"]\nrows = nan', "p.toml:2:1", "rows is not a number"),
        ('[tables."a.b"]\nrows = inf', "p.toml:2:1", "rows is"),
        ('[tables."a.b"]\nrows = -1', "p.toml:2:1", "rows is -1"),
        ('[tables."a.b"]\nrows = 1\ngrows = 1', "p.toml:3:1", "true or false"),
        ('[tables."a.b"]\nrows = 1\npages = 0.5', "p.toml:3:1", "whole number"),
        ('[tables."a.b"]\nrows = 1\ncolumns = 3', "p.toml:3:1", "not a table"),
        ('[tables."a.b"]\nrows = 1\ncolumns."é" = { x = 1, distinct = 0 }', "p.toml:3:9", None),
        ('[tables."a.b"]\nrows = 1\ncolumns.c = {\tnull_fraction = 1.5 }', "p.toml:3:15", "null_fraction is 1.5"),
        ('[tables."a.b"]\nrows = 1\ncolumns.c = { correlation = -2 }', "p.toml:3:15", "correlation is -2"),
        ('[tables."a.b"]\nrows = 1\ncolumns.c = { distinct = -2 }', "p.toml:3:15", "distinct is -2"),
        ('[tables."a.b"]\nrows = 1\ncolumns.c.frequencies = { a = 0.7, b = 0.7 }', "p.toml:3:11", "more than 1"),
        ('[tables."a.b"]\nrows = 1\nindexes.i = { page = 1 }', "p.toml:3:15", "did you mean pages?"),
        ("[tables.a.b]\nrows = 1", "p.toml:1:9", '[tables."a.b"]'),
        ('[tables."a.b"]\nrows = 1\n[tables.\'"a"."b"\']\nrows = 1', "p.toml:3:9", "named twice"),
        ('[settings]\n"a b" = 1', "p.toml:2:1", "not a setting"),
        ("[settings]\nwork_mem = [1]", "p.toml:2:1", "neither text nor a number"),
        ("[tables\n", "p.toml:1:8", "not valid TOML"),
        ("a = 1\na = 2", "p.toml:2:6", "not valid TOML"),
    ],
)  # fmt: skip
def test_mistakes_have_their_place(text: str, where: str, words: str | None) -> None:
    """An unknown key, a value that cannot be and broken TOML are told with line, column and what to write."""
    with pytest.raises(UsageInvalid) as caught:
        read_profile_file(text.encode(), "p.toml")
    error = caught.value
    told = f"{error.what}\n{error.detail}\n{error.then}"
    if words is None:  # two mistakes, both told
        assert "has no x" in told
        assert "distinct is 0" in told
    else:
        assert error.where == where
        assert words in told
    assert error.exit_code == 2


def test_all_mistakes_at_once() -> None:
    """Every mistake of a file is in the one answer, each with its place."""
    text = '[tables."a.b"]\nrows = -1\npages = 1.5\nfoo = 1\n[tables."c.d"]\n'
    with pytest.raises(UsageInvalid) as caught:
        read_profile_file(text.encode(), "p.toml")
    assert caught.value.where == "p.toml:2:1"
    assert [line.split(" ")[0] for line in caught.value.detail.splitlines()] == [
        "p.toml:3:1:",
        "p.toml:4:1:",
        "p.toml:5:9:",
    ]


def test_what_is_not_text() -> None:
    """Bytes that are not UTF-8, and nesting without end, are refused by words."""
    for data in (b"a = '\xff'", b"a = " + b"[" * 3000):
        with pytest.raises(UsageInvalid):
            read_profile_file(data, "p.toml")


@given(st.recursive(st.integers() | NAMES, lambda inner: st.dictionaries(NAMES, inner, max_size=3), max_leaves=8))
@settings(max_examples=60, deadline=None)
def test_every_key_has_a_place(value: object) -> None:
    """Whatever TOML allows, each key's place is where its name stands."""

    def shown(one: object) -> str:
        if isinstance(one, dict):
            return "{ " + ", ".join(f"{quoted(key)} = {shown(inner)}" for key, inner in one.items()) + " }"
        return quoted(one) if isinstance(one, str) else str(one)

    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def paths(one: object, before: tuple[str, ...]) -> list[tuple[str, ...]]:
        if not isinstance(one, dict):
            return []
        return [path for key, inner in one.items() for path in ((*before, key), *paths(inner, (*before, key)))]

    text = f"# a = 1\nfirst = [ 'x', {{ y = 1 }} ]\n[top]\nvalue = {shown(value)}\n"
    tomllib.loads(text)
    found = places(text)
    for path in paths(value, ("top", "value")):
        assert text[found[path] :].startswith(quoted(path[-1]))


def shapes() -> Shapes:
    """Two tables of one name in two schemas, one with an enum, and one more."""

    def column(name: str, kind: str = "b", type_: str = "text", labels: tuple[str, ...] = ()) -> ColumnShape:
        return ColumnShape(1, name, 25, type_, kind, -1, "i", -1, 0, True, "", False, None, 98, 664, labels)

    def relation(number: int, schema: str, name: str, *columns: ColumnShape) -> RelationShape:
        return RelationShape(number, ObjectName(schema, name), "r", "", 0, 100, None, False, False, columns, (), ())

    state = column("state", "e", "state", ("open", "closed"))
    return Shapes(
        (
            relation(1, "sales", "orders", column("id"), state, column("is_paid", type_="bool")),
            relation(2, "archive", "orders", column("id")),
            relation(3, "sales", "clients", column("id"), column("name")),
        )
    )


def test_names_are_held_against_the_database() -> None:
    """A table without a schema is found if there is one; the profile has full names then."""
    file = read_profile_file(b'[tables.clients]\nrows = 5\n[tables."sales.orders"]\nrows = 6', "p.toml")
    assert [str(table.name) for table in located(file, shapes()).tables] == ["sales.clients", "sales.orders"]


@pytest.mark.parametrize(
    ("text", "what", "then"),
    [
        ("[tables.orders]\nrows = 5", "several tables orders", "sales.orders"),
        ('[tables."sales.client"]\nrows = 5', "no table sales.client", "did you mean sales.clients?"),
        ('[tables."public.clients"]\nrows = 5', "no table public.clients", "did you mean sales.clients?"),
        ('[tables."zzz.qqq"]\nrows = 5', "no table zzz.qqq", "remove it"),
        ("[tables.clients]\nrows = 5\ncolumns.nam = {}", "has no column nam", "did you mean name?"),
        ('[tables.clients]\nrows = 5\ncolumns.name.frequencies = { "Ann" = 0.5 }', "holds no values", "top_share"),
        ('[tables."sales.orders"]\nrows = 5\ncolumns.state.frequencies = { opn = 0.5 }', "no value opn", "open?"),
        ('[tables."sales.orders"]\nrows = 5\ncolumns.is_paid.frequencies = { yes = 0.5 }', "no value yes", "true"),
    ],
)  # fmt: skip
def test_names_that_are_not_there(text: str, what: str, then: str) -> None:
    """A table, column or label that the database does not have is told with the nearest that it has."""
    with pytest.raises(UsageInvalid) as caught:
        located(read_profile_file(text.encode(), "p.toml"), shapes())
    assert what in caught.value.what
    assert then in caught.value.then
    assert caught.value.where.startswith("p.toml:")
