"""docs/reference/rules.md, made from the rules' own rows.

python tools/rules_page.py            writes it
python tools/rules_page.py --check    exits 1 if the file is not what would be written
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pgready.psl.rules import AREAS, rules_of
from pgready.psl.rules.rule import Rule

PAGE = Path(__file__).parents[1] / "docs/reference/rules.md"
HEAD = """\
<!-- Made by `make docs` from src/pgready/psl/rules: change the rows there, not this page. -->

# Rules of the schema language

What `pgready validate` may say about a schema, by the code that it says it with. A rule is an error unless it is
called a warning; errors make a schema invalid (exit 2), warnings do not. Where Prisma 6 and 7 part ways, the rule says
for which of them it holds: a schema with a URL in its datasource is read as Prisma 6 reads it, any other as Prisma 7.

Examples without a `datasource` block stand for a schema that has `provider = "postgresql"`. Each of them is a test.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    areas = {title: rules_of(area) for area, title in AREAS.items()}
    for title, rules in areas.items():
        codes = " · ".join(f"[{rule.code}](#{rule.code})" for rule in rules)
        parts.append(f"- **{title}:** {codes}")
    for title, rules in areas.items():
        parts.append(f"\n## {title}")
        parts += [section(rule) for rule in rules]
    return "\n".join(parts) + "\n"


def section(rule: Rule) -> str:
    """One rule."""
    marks = ["warning"] * (rule.severity == "warning") + [f"Prisma {rule.style} only"] * bool(rule.style)
    mark = f" ({', '.join(marks)})" if marks else ""
    bad = "Warned about" if rule.severity == "warning" else "Not valid"
    good = "Fine" if rule.severity == "warning" else "Valid"
    return (
        f"\n### {rule.code}\n\n**{rule.title.rstrip('.')}**{mark}. {rule.explanation.strip()}\n\n"
        f"{bad}:\n\n{block(rule.bad)}\n\n{good}:\n\n{block(rule.good)}"
    )


def block(example: str) -> str:
    """A fenced block; the fence is longer than any run of backticks in it."""
    fence = "```"
    while fence in example:
        fence += "`"
    return f"{fence}prisma\n{example.strip(chr(10))}\n{fence}"


def main() -> int:
    """Write or check; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--check", action="store_true")
    text = page()
    if parser.parse_args().check:
        return 0 if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text else 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
