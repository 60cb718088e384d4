"""The examples of pgready's rules, which its documentation shows, before Prisma's parsers."""

import pytest
from conformance_cases import Case
from conformance_compare import TOLD_ONLY, compare

from pgready.psl.rules import all_rules, whole

pytestmark = pytest.mark.prisma

RULES = all_rules()
STYLES = (6, 7)


def example(code: str, which: str, style: int) -> Case:
    """The good or the bad example of a rule as a schema."""
    return Case(f"{code}, {which}", style, (("schema.prisma", whole(getattr(RULES[code], which), style)),))


def test_bad_examples_are_bad_for_prisma_too(parsers):
    """Prisma refuses the same lines of every bad example, or warns of them, in the styles that the rule is about."""
    cases = [
        example(code, "bad", style)
        for code, rule in RULES.items()
        for style in (STYLES if not rule.style else (rule.style,))
    ]
    assert [one for one in compare(cases, parsers).differences if one.kind not in TOLD_ONLY] == []


def test_good_examples_are_good_for_prisma_too(parsers):
    """Prisma takes every good example, in the rule's style or in either, and reads and formats it as pgready does."""
    cases = {(code, style): example(code, "good", style) for code in RULES for style in STYLES}
    assert [one for one in compare(list(cases.values()), parsers).differences if one.kind != "style"] == []
    for code, rule in RULES.items():
        styles = STYLES if not rule.style else (rule.style,)
        found = [parsers.judge(style, [cases[code, style].files])[0] for style in styles]
        assert any(one.valid for one in found), f"{code}: {found[0].findings}"
