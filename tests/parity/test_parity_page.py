"""docs/reference/parity.md against the rules, and the rules against each other."""

import importlib.util
from pathlib import Path

from pgready.parity.model import WEIGHTS
from pgready.parity.rules import RULES

TOOL = Path(__file__).parents[2] / "tools/parity_page.py"


def test_the_page_has_the_rules_rows():
    """The tables are what `make docs` writes."""
    spec = importlib.util.spec_from_file_location("parity_page", TOOL)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    text = tool.PAGE.read_text(encoding="utf-8")
    assert tool.filled(text) == text
    assert text.count("**breaks**") > 60


def test_every_rule_says_why_and_can_be_reached():
    """Each has a weight and a reason, and no earlier row without a condition takes all that it is for."""
    for number, rule in enumerate(RULES):
        assert rule.weight in WEIGHTS
        assert rule.because
        assert (rule.holds is None) == (not rule.when)
        for earlier in RULES[:number]:
            takes_all = earlier.holds is None and set(rule.kinds) <= set(earlier.kinds)
            takes_all = takes_all and set(rule.how) <= set(earlier.how)
            properties = set(earlier.properties) >= set(rule.properties) if rule.properties else not earlier.properties
            assert not (takes_all and (properties or not earlier.properties)), (earlier, rule)
