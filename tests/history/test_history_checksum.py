"""Checksums as Prisma takes and compares them."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgready.history.checksum import checksum, matches

scripts = st.text("a;é'\r\n ", max_size=40)


def test_known_value():
    """The checksum is the SHA-256 of the bytes, in hex."""
    assert checksum("hello") == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


@settings(derandomize=True)
@given(st.text("a;é' \t", max_size=20).map(lambda t: t.replace(";", ";\n")))
def test_line_ends_do_not_edit(script):
    """A script recorded with LF matches its CRLF form, and the other way round."""
    crlf = script.replace("\n", "\r\n")
    assert matches(crlf, checksum(script))
    assert matches(script, checksum(crlf))


@settings(derandomize=True)
@given(scripts, st.text("x-;", min_size=1, max_size=3))
def test_any_other_change_edits(script, added):
    """What is not a line end is an edit."""
    assert not matches(script + added, checksum(script))
    assert not matches("\ufeff" + script, checksum(script))


@pytest.mark.parametrize("script", ["hello", "ab\ncd\n", "x" * 100])
def test_checksums_of_old_prisma_versions(script):
    """Rows whose hex digits lack the leading zeros of each byte still match."""
    old = "".join(f"{byte:x}" for byte in hashlib.sha256(script.encode()).digest())
    assert matches(script, old)
    assert not matches(script + " ", old)
    assert not matches(script, "")
