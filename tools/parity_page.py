"""The tables of docs/reference/parity.md, made from the rules' and settings' own rows.

python tools/parity_page.py            writes them
python tools/parity_page.py --check    exits 1 if the file is not what would be written
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from pgready.parity.facts import SETTINGS
from pgready.parity.rules import RULES, Rule

PAGE = Path(__file__).parents[1] / "docs/reference/parity.md"
_HOWS = {"missing": "missing", "unexpected": "not in the reference", "different": "differs", "renamed": "renamed"}


def filled(text: str) -> str:
    """The page with its tables, each between its two marks."""
    for name, table in (("rules", rules()), ("settings", settings())):
        marks = re.compile(rf"(<!-- {name}: [^\n]*-->\n).*?(<!-- end of {name} -->)", re.DOTALL)
        text = marks.sub(lambda found, table=table: f"{found[1]}\n{table}\n\n{found[2]}", text)
    return text


def rules() -> str:
    """One row for each rule."""
    rows = ["| object | how | property | weight | because |", "|---|---|---|---|---|"]
    return "\n".join([*rows, *(_row(rule) for rule in RULES)])


def _row(rule: Rule) -> str:
    how = "any" if len(rule.how) > 2 else " · ".join(_HOWS[one] for one in rule.how)
    what = ", ".join(rule.properties) or "any"
    what += f" ({rule.when})" if rule.when else ""
    return f"| {', '.join(rule.kinds)} | {how} | {what} | **{rule.weight}** | {rule.because} |"


def settings() -> str:
    """One row for each setting that is compared."""
    rows = ["| setting | weight | because |", "|---|---|---|"]
    return "\n".join([*rows, *(f"| `{name}` | **{weight}** | {why} |" for name, (weight, why) in SETTINGS.items())])


def main() -> int:
    """Write the page, or say that it is old."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    old = PAGE.read_text(encoding="utf-8")
    new = filled(old)
    if parser.parse_args().check:
        return int(old != new)
    PAGE.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
