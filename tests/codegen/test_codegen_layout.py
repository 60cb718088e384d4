"""Text that formatters leave alone: literals, docstrings, calls."""

import ast
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgready.codegen.layout import WIDTH, bytes_literal, call, docstring, quoted, statement, tupled

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@settings(max_examples=300, derandomize=True)
@given(TEXTS)
def test_literals_mean_the_text(text):
    """Whatever the characters, Python reads the same text back."""
    assert ast.literal_eval(quoted(text)) == text
    assert ast.literal_eval(bytes_literal(text.encode())) == text.encode()


@settings(max_examples=300, derandomize=True)
@given(TEXTS)
def test_docstrings_are_docstrings(text):
    """Any text is one docstring, with its visible characters in it, or none at all."""
    said = docstring(text, 4)
    if not said:
        assert not "".join(one for one in text if one.isprintable()).strip()
        return
    (function,) = ast.parse(f"def f():\n{said}\n").body
    assert "".join(ast.get_docstring(function).split()) == "".join(
        "".join(one if one.isprintable() else " " for one in text).split()
    )


def test_ruff_agrees(tmp_path):
    """Quotes, docstrings and broken lines are those that ruff would write."""
    hard = [
        "it's",
        'a "b"',
        'it\'s a "b"',
        "\\",
        "é ß 漢字",
        "\x00\x7f\u200b",
        "tab\t",
        'ends with "',
        "back\\slash \\",
        "",
        "'''",
    ]
    texts = [*hard, *["x" * size for size in (70, 80, 90)]]
    parts = [statement(f"a{at} = ", call("f", quoted(text), "b=1")) for at, text in enumerate(texts)]
    parts += [statement(f"b{at} = ", tupled([quoted(text)])) for at, text in enumerate(texts)]
    parts += [statement("c = ", call("f", bytes_literal(b"\x00\xff'\"\\"), call("g", *["value"] * 30)))]
    for at, text in enumerate([*hard, "one\n  two\n\n    three  \n", "  first\n\tsecond", '"quoted"', '"""']):
        said = docstring(text, 4)
        if said:
            parts.append(f"\n\ndef f{at}():\n{said}")
    file = tmp_path / "made.py"
    file.write_text("\n".join(parts) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache", "--diff", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("length", range(WIDTH - 30, WIDTH))
def test_lines_break_where_they_must(length):
    """One line as long as it fits; then an item a line behind a comma."""
    text = statement("x = ", call("f", "a" * (length - 11), "b"))
    assert ("\n" in text) is (len(f"x = f({'a' * (length - 11)}, b)") > WIDTH)
