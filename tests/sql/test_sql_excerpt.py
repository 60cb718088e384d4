import pytest

from pgready.sql.script import excerpt, position, where


@pytest.mark.parametrize(
    ("script", "offset", "place"),
    [
        ("", 0, (1, 1)),
        ("abc", 2, (1, 3)),
        ("abc", 99, (1, 4)),
        ("abc", -1, (1, 1)),
        ("a\nb", 1, (1, 2)),
        ("a\nb", 2, (2, 1)),
        ("a\r\nb\r\nc", 6, (3, 1)),
        ("日本\n\té", 4, (2, 2)),
    ],
)
def test_positions_count_from_one(script: str, offset: int, place: tuple[int, int]) -> None:
    """Lines and columns count characters from 1; offsets beyond the text count as its end."""
    assert position(script, offset) == place


def test_the_place_in_the_file_counts_from_its_first_line() -> None:
    """A script that is part of a file is told by the file's lines."""
    assert where("a\nb c", 4, "up.sql", first_line=10) == "up.sql:11:3"


@pytest.mark.parametrize(
    ("script", "mark", "shown"),
    [
        ("SELECT 1;\r\nSELECT x;\r\n", "x", "m.sql:2:8\n2 | SELECT x;\n  |        ^"),
        ("\tSELECT x", "x", "m.sql:1:9\n1 |     SELECT x\n  |            ^"),
        ("SELECT '日本', x", "x", "m.sql:1:14\n1 | SELECT '日本', x\n  |                ^"),
        ("SELECT 'e\u0301e\u0301', x", "x", "m.sql:1:16\n1 | SELECT 'e\u0301e\u0301', x\n  |              ^"),
        ("a\x1b[0m\u202e x", "x", "m.sql:1:8\n1 | a\ufffd[0m\ufffd x\n  |        ^"),
        ("\n" * 9 + "x", "x", "m.sql:10:1\n10 | x\n   | ^"),
    ],
)
def test_the_caret_stands_under_the_place(script: str, mark: str, shown: str) -> None:
    """The source line is shown behind its number, with the caret under the place as a terminal shows it."""
    assert excerpt(script, script.index(mark), "m.sql") == shown


def test_the_end_of_a_script_can_be_shown() -> None:
    """An error at the end of the input has a caret after the last character, and after the last line break."""
    assert excerpt("SELECT", 6, "") == "1 | SELECT\n  |       ^"
    assert excerpt("SELECT\n", 7, "") == "2 |\n  | ^"
    assert excerpt("SELECT\r\n", 6, "") == "1 | SELECT\n  |       ^"


@pytest.mark.parametrize("offset", [0, 30, 250, 499])
def test_long_lines_are_shown_around_the_place(offset: int) -> None:
    """Of a long line about a hundred characters are shown, and the caret still points at the right one."""
    line = "-" * offset + "x" + "-" * (499 - offset)
    shown, caret = excerpt(line, offset, "").split("\n")
    assert len(shown) <= 106
    assert shown[len(caret) - 1] == "x"
    assert ("…-" in shown) == (offset > 50)


@pytest.mark.parametrize(
    "line",
    [
        "ALTER ROLE x PASSWORD 'hun''ter2' oops",
        "alter role x password E'hunter2",
        "CREATE SUBSCRIPTION s CONNECTION 'host=a password=hunter2 dbname=b' oops",
        "CREATE SUBSCRIPTION s CONNECTION 'host=a password = ''hunter2'' dbname=b' oops",
        "SELECT dblink('postgresql://me:hunter2@host/db') oops",
        "CREATE USER MAPPING FOR me SERVER s OPTIONS (user 'a', password 'hunter2') oops",
    ],
)
def test_a_password_is_masked(line: str) -> None:
    """An excerpt shows no password, and stays as long as the line was."""
    shown = excerpt(line, 0, "").split("\n")[0]
    assert "ter2" not in shown
    assert "***" in shown
    assert len(shown) == len("1 | " + line)
