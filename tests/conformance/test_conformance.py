"""pgready against Prisma's own parsers, of 6.19 and of 7: verdict, offending lines, warnings, formatted text, DMMF.

The cases come in chunks, so that several processes share them.
"""

from dataclasses import replace

import conformance_compare
import pytest
from conformance_amount import AMOUNT, ASKED
from conformance_cases import Case, corpus, make
from conformance_compare import TOLD_ONLY, Difference, compare, differences, pgready
from conformance_exceptions import EXCEPTIONS
from conformance_parsers import Finding, Parsers, Verdict
from conformance_random import mutants, schemas
from conformance_tables import tables
from conformance_wild import wild

from pgready.psl.rules import all_rules

pytestmark = pytest.mark.prisma

CHUNK = 250
WRITTEN = corpus()
TABLES = tables()[:: AMOUNT.stride]


def chunks(number: int) -> list[range]:
    """So many numbers in ranges of at most CHUNK."""
    return [range(at, min(at + CHUNK, number)) for at in range(0, number, CHUNK)]


def span(chunk: range) -> str:
    """How a chunk is called."""
    return f"{chunk.start}-{chunk.stop}"


def held(parsers: Parsers, cases: list[Case], record_property) -> None:
    """Fail with every difference that is no exception, and with every exception that is none any more."""
    both = compare(cases, parsers)
    excepted = {
        one.case.id for one in both.differences if one.case.id in EXCEPTIONS and one.kind in {"lines", "warnings"}
    }
    wrong = [one for one in both.differences if one.kind not in TOLD_ONLY and one.case.id not in excepted]
    for name, number in (("schemas", len(cases)), ("valid", both.valid), ("invalid", len(cases) - both.valid)):
        record_property(name, number)
    for kind in ("verdict", "lines", "warnings", "format", "dmmf"):
        alike = {"verdict", "style", "crash"} if kind == "verdict" else {kind}
        record_property(kind, len({one.case.id for one in both.differences if one.kind in alike}))
    record_property("excepted", len(excepted))
    stale = sorted({case.id for case in cases} & EXCEPTIONS.keys() - excepted)
    assert not stale, f"exceptions that agree with Prisma: {stale}"
    assert not wrong, f"{len(wrong)} differences\n\n" + "\n\n".join(told(one) for one in wrong[:5])


def told(one: Difference) -> str:
    """A difference with its schema."""
    text = "".join(f"--- {path}\n{content}" for path, content in one.case.files)
    sides = [f"Prisma:  {line}" for line in one.theirs] + [f"pgready: {line}" for line in one.ours]
    return "\n".join([f"{one.case.id}: {one.kind}", *sides, text[:3000]])


@pytest.mark.parametrize("chunk", chunks(len(WRITTEN)), ids=span)
def test_the_corpus_says_what_prisma_says(parsers, chunk):
    """Every case of the corpus is valid, or not, as its marker claims: for Prisma."""
    cases = [WRITTEN[at] for at in chunk]
    for style in (6, 7):
        ours = [case for case in cases if case.style == style]
        found = parsers.judge(style, [case.files for case in ours])
        wrong = [case.id for case, verdict in zip(ours, found, strict=True) if case.expected != verdict.valid]
        assert not wrong


@pytest.mark.parametrize("chunk", chunks(len(WRITTEN)), ids=span)
def test_the_corpus(parsers, chunk, record_property):
    """Every rule, every argument of every attribute, good and bad, in both styles."""
    held(parsers, [WRITTEN[at] for at in chunk], record_property)


@pytest.mark.parametrize("chunk", chunks(len(TABLES)), ids=span)
def test_the_tables(parsers, chunk, record_property):
    """Every native type on every scalar, every default on every type, every action, name, comment, and so on."""
    cases = [TABLES[at] for at in chunk]
    held(parsers, cases, record_property)
    stated = [case for case in cases if case.expected is not None]
    for style in (6, 7):
        ours = [case for case in stated if case.style == style]
        found = parsers.judge(style, [case.files for case in ours])
        assert not [case.id for case, verdict in zip(ours, found, strict=True) if case.expected != verdict.valid]


@pytest.mark.parametrize("chunk", chunks(AMOUNT.random), ids=span)
def test_schemas_by_chance(parsers, chunk, record_property):
    """Whole schemas that a grammar makes, most of them valid."""
    record_property("by chance", len(chunk))
    held(parsers, schemas(chunk), record_property)


@pytest.mark.parametrize("chunk", chunks(AMOUNT.mutants), ids=span)
def test_mutants(parsers, chunk, record_property):
    """Valid schemas with one to three small changes, most of them invalid."""
    record_property("by chance", len(chunk))
    held(parsers, mutants(chunk), record_property)


@pytest.mark.parametrize("chunk", chunks(AMOUNT.wild), ids=span)
def test_wild_schemas(parsers, chunk, record_property):
    """Schemas without sense, with many faults each."""
    record_property("by chance", len(chunk))
    held(parsers, wild(chunk), record_property)


GOOD = make("good", 7, "model A {\n  id Int @id\n  b Int\n\n  @@index([b])\n}\n")
BAD = make("bad", 7, "model A {\n  id Int @id\n  b Nope\n}\n")
WARNED = make("warned", 7, "model A {\n  id Int @id\n}\n", preview="multiSchema")
EXTRA = Finding("schema.prisma", 1, "planted", code="planted")
PLANTED = {
    "valid for us": (BAD, "verdict", lambda our: replace(our, findings=())),
    "invalid for us": (GOOD, "verdict", lambda our: replace(our, findings=(EXTRA,))),
    "a line more": (BAD, "lines", lambda our: replace(our, findings=(*our.findings, EXTRA))),
    "another line": (BAD, "lines", lambda our: replace(our, findings=(EXTRA,))),
    "no warning": (WARNED, "warnings", lambda our: replace(our, findings=())),
    "a blank more": (
        GOOD,
        "format",
        lambda our: replace(our, formatted=((our.formatted[0][0], our.formatted[0][1] + " "),)),
    ),
    "another default": (GOOD, "dmmf", lambda our: replace(our, dmmf=our.dmmf | {"indexes": []})),
    "not formatted": (GOOD, "format", lambda our: replace(our, formatted=None)),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_difference_is_seen(parsers, planted):
    """The comparison goes red: each kind of difference, put into an answer of pgready that has none, is found."""
    case, kind, plant = PLANTED[planted]
    (their,) = parsers.judge(case.style, [case.files])
    ours = pgready(case)
    assert differences(case, ours, their) == []
    assert kind in {one.kind for one in differences(case, plant(ours), their)}


def test_a_crash_and_a_wrong_style_are_seen(parsers, monkeypatch):
    """What pgready raises, and a style that is valid for the other engine only, count as differences."""
    right = pgready(GOOD)
    monkeypatch.setattr(conformance_compare, "pgready", lambda case: Verdict((), panic="RecursionError"))
    assert [one.kind for one in compare([GOOD], parsers).differences] == ["crash"]
    monkeypatch.setattr(conformance_compare, "pgready", lambda case: replace(right, style=6))
    assert "style" in {one.kind for one in compare([GOOD], parsers).differences}


def test_exceptions_are_few_and_alive(parsers, monkeypatch):
    """At most 3 % of the invalid cases may be excepted; an exception that agrees with Prisma fails."""
    invalid = sum(not case.expected for case in WRITTEN)
    assert len(EXCEPTIONS) <= 0.03 * invalid
    assert all(len(reason) > 20 for reason in EXCEPTIONS.values())
    monkeypatch.setitem(EXCEPTIONS, GOOD.id, "planted: it agrees with Prisma")
    with pytest.raises(AssertionError, match="agree with Prisma"):
        held(parsers, [GOOD], lambda *_: None)


def test_every_rule_has_a_case():
    """No rule of pgready's is without a case in the corpus that breaks it."""
    told = {finding.code for case in WRITTEN for finding in pgready(case).findings}
    assert set(all_rules()) - told == set()


def test_there_is_enough_of_it():
    """At least 500 schemas written out, all names different; at least 300 by chance, 2,000 if asked for the full run."""
    assert len({case.files for case in WRITTEN}) >= 500
    assert AMOUNT.random + AMOUNT.wild + AMOUNT.mutants >= (ASKED or 300)
