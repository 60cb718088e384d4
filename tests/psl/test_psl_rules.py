"""The rules: each example does what its row says, each code that is reported has a row, the page is made from them."""

import ast
import importlib.util
import re
from pathlib import Path

import pytest

from pgready.psl.analyse import analyse
from pgready.psl.rules import AREAS, all_rules, rules_of, whole
from pgready.psl.source import Source

ROOT = Path(__file__).parents[2]
PSL = ROOT / "src/pgready/psl"
RULES = all_rules()
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Words with a hyphen in psl/ that are no codes.
KINDS = {"one-to-one", "one-to-many", "many-to-many", "embedded-many-to-many", "utf-8", "utf-16-le", "single-line"}


def judged(example, rule):
    """What the analysis says about an example."""
    return analyse([Source("schema.prisma", whole(example, rule.style))])


@pytest.mark.parametrize("code", RULES)
def test_the_bad_example_is_what_the_rule_is_about(code):
    """It yields the code with the row's severity, in the row's style."""
    rule = RULES[code]
    found = judged(rule.bad, rule)
    told = [(diagnostic.code, diagnostic.severity) for diagnostic in found.diagnostics]
    assert (code, rule.severity) in told, told
    assert {code for code, _ in told} <= set(RULES)
    assert rule.style in (0, found.style)


@pytest.mark.parametrize("code", RULES)
def test_the_good_example_is_right(code):
    """It has no error, and not even the warning that the rule is about."""
    rule = RULES[code]
    told = [(found.code, found.message) for found in judged(rule.good, rule).diagnostics if found.severity == "error"]
    assert told == []
    assert code not in [found.code for found in judged(rule.good, rule).diagnostics]


def words():
    """Every string in psl/ (its rules aside) that could be a code; `{}` stands for what is computed."""
    found = {}
    for file in sorted(PSL.rglob("*.py")):
        if "rules" in file.relative_to(PSL).parts:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            text = None
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
            elif isinstance(node, ast.JoinedStr):
                text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            if text and text.strip("{}-") and CODE.fullmatch(text.replace("{}", "x")) and text not in KINDS:
                found[text] = f"{file.relative_to(PSL)}:{node.lineno}"
    return found


def test_every_code_that_is_reported_has_a_row_and_every_row_is_reported():
    """By the strings of the sources: a code is a constant, or computed from one; one with a hyphen is nothing else."""
    said = words()
    plain = {text for text in said if "{}" not in text}
    computed = [re.compile(re.escape(text).replace(r"\{\}", "[a-z-]+")) for text in said if "{}" in text]
    assert {text: said[text] for text in plain - set(RULES) if "-" in text} == {}
    assert {code for code in set(RULES) - plain if not any(rule.fullmatch(code) for rule in computed)} == set()


def test_codes_are_well_formed_and_rows_are_whole():
    """Kebab case; a title of one line without a full stop, and an explanation that ends with one."""
    for code, rule in RULES.items():
        assert CODE.fullmatch(code), code
        assert "\n" not in rule.title, code
        assert not rule.title.endswith("."), code
        assert rule.explanation.strip().endswith((".", "`", ")")), code
        assert rule.bad != rule.good, code


def test_every_file_of_rules_is_collected():
    """What stands in psl/rules is an area or belongs to one."""
    for file in (PSL / "rules").glob("*.py"):
        for code in re.findall(r'Rule\(\s*"([a-z0-9-]+)"', file.read_text()):
            assert code in RULES, (file.name, code)
    assert sum(len(rules_of(area)) for area in AREAS) == len(RULES)


def test_a_code_that_stands_twice_is_refused(monkeypatch):
    """The collection itself: duplicates do not pass in silence."""
    from pgready.psl import rules
    from pgready.psl.rules import keys, models

    monkeypatch.setattr(models, "RULES", (*models.RULES, keys.RULES[0]))
    with pytest.raises(ValueError, match=keys.RULES[0].code):
        rules.all_rules()


def test_the_page_is_fresh():
    """docs/reference/rules.md is what `make docs` writes."""
    spec = importlib.util.spec_from_file_location("rules_page", ROOT / "tools/rules_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text(encoding="utf-8") == module.page(), "run make docs"


def test_examples_speak_of_their_datasource_or_get_one():
    """The standard datasource stands in front of an example that has none, in the style of its rule."""
    assert whole("model A {\n}\n").startswith('datasource db {\n  provider = "postgresql"\n}\n\nmodel A')
    assert "url      = env" in whole("model A {\n}\n", 6)
    assert whole("// without a datasource block\n") == "// without a datasource block\n"
