"""Whatever a file holds: no exception, no hang, no time beyond the linear.

`PGREADY_FULL_FUZZ=600 pytest tests/psl/test_psl_fuzz.py -k full -s` goes on with new seeds for that many seconds and
prints what it did (`make full-fuzz`).
"""

import os
import signal
import sys
import time
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings, target
from hypothesis import strategies as st
from psl_texts import SMALL, TEXT, TOKENS, edited, schemas

from pgready.collection import uncollected
from pgready.psl.analyse import analyse
from pgready.psl.diagnostics import Findings, SchemaInvalid
from pgready.psl.format import format_schema
from pgready.psl.parser import parse
from pgready.psl.source import Source

FULL = float(os.environ.get("PGREADY_FULL_FUZZ", "0"))
CPU_SECONDS = 10


@contextmanager
def no_hang(what):
    """AssertionError with the text when the work takes ten seconds of processor time."""

    def stop(_signal, _frame):
        raise AssertionError(f"still at work on {repr(what)[:2000]}")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, CPU_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def survives(*texts):
    """Parse, judge and format a schema of these files; the codes of what is wrong with it."""
    sources = [Source(f"{number}.prisma", text) for number, text in enumerate(texts)]
    with no_hang(texts):
        try:
            found = analyse(sources)
            assert len(format_schema(sources)) == len(texts)
        except SchemaInvalid as invalid:
            return {diagnostic.code for diagnostic in invalid.diagnostics}
    for diagnostic in found.diagnostics:
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(diagnostic.span.source.text)
        assert diagnostic.message
    assert (found.schema is None) == any(diagnostic.severity == "error" for diagnostic in found.diagnostics)
    return {diagnostic.code for diagnostic in found.diagnostics}


FILES = st.lists(TEXT, min_size=1, max_size=3)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(FILES)
def test_any_text_has_a_verdict(texts):
    """Soup of tokens, schemas with random edits, decoded bytes, in one file or more."""
    survives(*texts)


def test_schemas_cut_anywhere_have_a_verdict():
    """Every beginning of SMALL, and SMALL without any one line."""
    lines = SMALL.splitlines(keepends=True)
    for number in range(len(lines)):
        survives("".join(lines[:number] + lines[number + 1 :]))
    for end in range(0, len(SMALL), 7):
        survives(SMALL[:end])


DEEP = {
    "brackets": "model A {\n  id Int @id @default(%s1%s)\n}\n" % ("[" * 10_000, "]" * 10_000),
    "calls": "model A {\n  id Int @id @default(%s1%s)\n}\n" % ("f(" * 10_000, ")" * 10_000),
    "objects": "model A {\n  id Int @id\n  @@index([id], where: %s1%s)\n}\n" % ("{ a: " * 10_000, "}" * 10_000),
    "open": "model A {\n  id Int @id @default(%s\n}\n" % ("[" * 10_000),
    "settings": "generator g {\n  provider = %s%s\n}\n" % ("[" * 10_000, "]" * 10_000),
    "alias": "type A = Int @x(%s%s)\n" % ("[" * 10_000, "]" * 10_000),
}  # fmt: skip


@pytest.mark.parametrize("kind", DEEP)
def test_brackets_by_the_thousand_are_an_error(kind):
    """10,000 inside each other: an error at their line, and reading goes on behind it."""
    codes = survives(DEEP[kind])
    assert ("type-alias" if kind == "alias" else "nesting-too-deep") in codes
    if kind != "alias":
        assert "field-type-missing" in survives(DEEP[kind] + "model B {\n  id Int @id\n  b\n}\n")


@pytest.mark.parametrize("depth", [99, 100])
def test_brackets_that_are_deep_enough_are_read(depth):
    """The passes behind the parser take what it lets through."""
    nested = "[" * (depth - 1) + "]" * (depth - 1)
    assert "nesting-too-deep" not in survives(f"model A {{\n  id Int @id\n  b Int[] @default({nested})\n}}\n")
    objects = "{ b: " * (depth - 1) + "1" + " }" * (depth - 1)
    assert "nesting-too-deep" not in survives(
        f"model A {{\n  id Int @id\n  b Int\n  @@index([b], where: {objects})\n}}\n"
    )


LINES = {
    "unclosed models": "model A {\n",
    "unclosed blocks of three kinds": "enum A {\nmodel B {\ndatasource x {\n",
    "no space behind the keyword": "modelA {\n",
    "unknown blocks": "foo {\n",
    "comments that never end": "a /*\n",
    "comments that never end, in unclosed models": "model A {\n a /* x\n",
    "quotes": 'a @x("\n',
    "strings that eat their line's end": 'a @x("\\\n',
    "blank lines": "\n \n",
    "closing braces": "}\n",
    "comments": "/// a\n// b\n",
    "carriage returns": "model A {\r id Int @id\r}\r",
    "fields": "model A {\n  id Int @id @default(autoincrement()) // c\n}\n",
    "duplicate fields": "model A {\n  id Int @id\n  id Int\n}\n",
}
PIECES = {
    "brackets": "[",
    "quotes": '"',
    "backslashes": "\\\\",
    "escapes": "\\q",
    "half characters": "\\ud800",
    "attributes": ") @a(",
    "arguments": "a: 1, ",
    "comments": "/**/",
    "openings of comments": "/*",
    "dots": "a.",
    "blanks": " ",
    "calls": "f(",
}


def steps(work, text):
    """How many lines of Python `work` runs through on `text`."""
    count = 0

    def trace(_frame, _event, _argument):
        nonlocal count
        count += 1
        return trace

    old = sys.gettrace()
    sys.settrace(trace)
    try:
        work(text)
    finally:
        sys.settrace(old)
    return count


def parsed(text):
    """Parse, and ask for the place of every finding, as one does who shows them."""
    findings = Findings()
    source = Source("schema.prisma", text)
    parse(source, findings)
    for found in findings:
        source.position(found.span.start)


@pytest.mark.parametrize("kind", LINES)
def test_parsing_is_linear_in_the_lines(kind):
    """Ten times the lines cost about ten times the steps."""
    parsed(LINES[kind])
    assert steps(parsed, LINES[kind] * 200) < 11.5 * steps(parsed, LINES[kind] * 20)


@pytest.mark.parametrize("kind", PIECES)
def test_parsing_is_linear_in_one_line(kind):
    """Ten times the length costs no more than about ten times the steps, in a string, an attribute or alone."""
    for frame in (
        'model A {\n  a Int @x("%s")\n}\n',
        "model A {\n  a Int @x(%s)\n}\n",
        "model A {\n  a Int %s\n}\n",
        "%s",
    ):
        parsed(frame % PIECES[kind])
        assert steps(parsed, frame % (PIECES[kind] * 500)) < 11.5 * steps(parsed, frame % (PIECES[kind] * 50))


@pytest.mark.parametrize(
    "piece", ["{", "[", '"', "/*", "a", "é", " ", "\r", "@", "\\", "//", "\n", "f(", "type A = Int @x("]
)
def test_a_megabyte_on_one_line_has_a_verdict(piece):
    """Alone, and as the arguments of a field."""
    for frame in ("%s", "model A {\n  a Int @x(%s)\n}\n"):
        text = frame % (piece * (200_000 // len(piece)))
        with no_hang(text):
            parsed(text)
    with no_hang(piece):
        parsed(piece * (1_000_000 // len(piece)))


def test_the_collector_is_as_it_was():
    """`uncollected` may be nested and gives back what it found, whatever happens in it."""
    import gc

    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), uncollected(), uncollected():
        assert not gc.isenabled()
        raise ZeroDivisionError
    assert gc.isenabled()


@pytest.mark.skipif(not FULL, reason="PGREADY_FULL_FUZZ=<seconds>")
@pytest.mark.timeout(FULL * 2 + 300)
def test_full_run():
    """New seeds until the time is over; hypothesis climbs towards more rules broken at once and more time a character."""
    end = time.monotonic() + FULL
    number, examples, seen = 0, 0, set()

    @settings(
        max_examples=400, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.target, Phase.shrink),
    )  # fmt: skip
    @given(FILES)
    def run(texts):
        nonlocal examples
        examples += 1
        started = time.process_time()
        codes = survives(*texts)
        seen.update(codes)
        target(float(len(codes)), label="rules broken at once")
        target((time.process_time() - started) / (sum(map(len, texts)) + 50), label="seconds a character")

    while time.monotonic() < end:
        number += 1
        seed(number)(run)()
        large = "".join(
            edited(text, [(number * 7919, number % 50, TOKENS[number % len(TOKENS)])]) for text in schemas()[:40]
        )
        survives(large)
    print(f"\nfuzz: {examples} schemas, {number} seeds, {FULL:.0f} s, {len(seen)} rules broken, no crash, no hang")
