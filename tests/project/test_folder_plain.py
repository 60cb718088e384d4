"""Plain SQL folders: natural order, and the markers of dbmate and goose."""

import tempfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_folder import make

from pgready.errors import UsageInvalid
from pgready.history.checksum import checksum
from pgready.project.folder import load
from pgready.project.names import list_names
from pgready.project.plain import Sections, sections


@pytest.mark.parametrize(
    "names",
    [
        ["0001_x", "0002_y", "0010_z"],
        ["V1__a", "V1.1__b", "V2__c", "V10__d"],
        ["1_a", "2_b", "10_c", "0011_d"],
        ["20240101120000_a", "20240101120001_b"],
        ["2024_01_31_120000_a", "2024_02_01_090000_b"],
        ["0001_z", "0002_2fa", "0003-x", "4", "5.x"],
        ["accounts", "books", "zebras"],
    ],
)
def test_natural_order(tmp_path, names):
    """Numbers are compared as numbers; a folder without any version is in name order."""
    folder = make(tmp_path, {f"{name}.sql": "" for name in reversed(names)})
    assert list_names(folder) == names
    assert [m.name for m in load(folder)] == names


def test_pairs_are_one_migration(tmp_path):
    """Of an up/down pair the way back is never read, and the name has no `.up`."""
    folder = make(
        tmp_path, {"1_a.up.sql": "select 1;", "1_a.down.sql": "drop", "2_b.up.sql": "", "2_b.down.sql": "drop"}
    )
    assert [(m.name, m.script) for m in load(folder)] == [("1_a", "select 1;"), ("2_b", "")]
    assert list_names(folder) == ["1_a", "2_b"]


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.integers(0, 10**15),
        st.tuples(st.sampled_from(["", "0", "V", "V00"]), st.sampled_from(["", "_x", "__2fa", "-y"])),
        min_size=1,
        max_size=8,
    )
)
def test_listing_and_reading_agree(parts):
    """The names listed are the names read, ordered by their numbers."""
    names = [f"{before}{number}{after}" for number, (before, after) in sorted(parts.items())]
    with tempfile.TemporaryDirectory() as root:
        folder = make(root, {f"{name}.sql": "" for name in names})
        assert list_names(folder) == names
        assert [m.name for m in load(folder)] == names


DBMATE = "-- a comment\n\n-- migrate:up\ncreate table a();\n\n-- migrate:down\ndrop table a;\n"
GOOSE = (
    "-- +goose NO TRANSACTION\n-- +goose ENVSUB OFF\n-- +goose up\n-- +goose StatementBegin\nselect $$;$$;\n"
    "-- +goose StatementEnd\n-- +goose Down\nselect 2;"
)
READ = [
    ("no markers", "select 1;\n-- to migrate up and down, see the wiki\n", Sections("select 1;\n-- to migrate up and down, see the wiki\n")),
    ("dbmate", DBMATE, Sections("create table a();\n\n", "drop table a;\n", 4, True, "dbmate")),
    ("dbmate, CRLF", DBMATE.replace("\n", "\r\n"), Sections("create table a();\r\n\r\n", "drop table a;\r\n", 4, True, "dbmate")),
    ("dbmate, options", "-- migrate:up transaction:false\nvacuum;\n-- migrate:down transaction:false", Sections("vacuum;\n", "", 2, False, "dbmate")),
    ("dbmate, option of the way back", "--migrate:up\nselect 1;\n-- migrate:down transaction:false\n", Sections("select 1;\n", "", 2, True, "dbmate")),
    ("dbmate, up only", "-- migrate:up\nselect 1;", Sections("select 1;", None, 2, True, "dbmate")),
    ("dbmate, nothing to do", "-- migrate:up\n-- migrate:down\n", Sections("", "", 2, True, "dbmate")),
    ("dbmate, license before", "/* (c)\n us */\n-- migrate:up\nselect 1;", Sections("select 1;", None, 4, True, "dbmate")),
    ("goose", GOOSE, Sections("-- +goose StatementBegin\nselect $$;$$;\n-- +goose StatementEnd\n", "select 2;", 4, False, "goose")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in READ], ids=[c[0] for c in READ])
def test_sections(tmp_path, text, expected):
    """The up section is the script, byte for byte, and its lines are those of the file."""
    assert sections(text, "f.sql") == expected
    (migration,) = load(make(tmp_path, {"0001_f.sql": text}))
    assert (migration.script, migration.first_line) == (expected.up, expected.first_line)
    assert migration.transactional is expected.transactional
    assert migration.checksum == checksum(expected.up)
    assert migration.problem is None
    lines = text.split("\n")[migration.first_line - 1 :]
    assert "\n".join(lines).startswith(migration.script)


MALFORMED = [
    ("down only", "-- migrate:down\nselect 1;", 1, "down section without an up"),
    ("down first", "-- +goose Down\n-- +goose Up\n", 1, "down section without an up"),
    ("two ups", "-- migrate:up\nselect 1;\n-- migrate:up\n", 3, "second up section (the first is in line 1)"),
    ("two downs", "-- migrate:up\n-- migrate:down\n-- migrate:down\n", 3, "second down section"),
    ("indented", " -- migrate:up\n", 1, "nearly a dbmate marker"),
    ("upper case", "-- migrate:UP\nselect 1;", 1, "nearly a dbmate marker"),
    ("space", "-- migrate: up\nselect 1;", 1, "nearly a dbmate marker"),
    ("unknown option", "-- migrate:up transactions:false\n", 1, "no option transactions:false"),
    ("SQL before", "-- x\n/* y\n*/ select 1;\n-- migrate:up\n", 3, "SQL stands before"),
    ("both tools", "-- migrate:up\nselect 1;\n-- +goose Down\n", 3, "both dbmate and goose"),
    ("goose, typo", "-- +goose Upp\n", 1, "no such marker"),
    ("goose, indented", "\t-- +goose Up\n", 1, "indented"),
    ("goose, no section", "-- +goose NO TRANSACTION\nselect 1;\n", 1, "no up section"),
    ("goose, ENVSUB", "-- +goose Up\n-- +goose ENVSUB ON\nselect '${A}';\n", 2, "ENVSUB ON"),
    ("goose, open", "-- +goose Up\n-- +goose StatementBegin\nselect 1;\n", 2, "no StatementEnd"),
    (
        "goose, open at the end of up",
        "-- +goose Up\n-- +goose StatementBegin\n-- +goose Down\n",
        3,
        "inside a StatementBegin",
    ),
    (
        "goose, twice open",
        "-- +goose Up\n-- +goose StatementBegin\n-- +goose StatementBegin\n",
        3,
        "inside another one",
    ),
    ("goose, begin too early", "-- +goose StatementBegin\n-- +goose Up\n", 1, "before the up section"),
    ("goose, end only", "-- +goose Up\n-- +goose StatementEnd\n", 2, "no StatementBegin"),
]


@pytest.mark.parametrize(("text", "line", "what"), [c[1:] for c in MALFORMED], ids=[c[0] for c in MALFORMED])
def test_malformed_markers(tmp_path, text, line, what):
    """A marker that the tool would refuse or not see is told by its line, as a problem of that one migration."""
    bad, good = load(make(tmp_path, {"0001_f.sql": text, "0002_g.sql": "select 1;"}))
    assert good.problem is None
    assert bad.problem.where == f"{bad.path}:{line}:1"
    assert what in bad.problem.what
    assert bad.problem.excerpt.startswith(f"{line} | ")
    assert bad.problem.then
    with pytest.raises(UsageInvalid):
        sections(text, "f.sql")
