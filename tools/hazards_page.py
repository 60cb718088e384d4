"""docs/reference/hazards.md, made from the rows and examples of pgready.hazards.

python tools/hazards_page.py            writes it
python tools/hazards_page.py --check    exits 1 if the file is not what would be written
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pgready.hazards.examples import EXAMPLES, GROUND, Example
from pgready.hazards.examples_beside import BESIDE, BesideExample
from pgready.hazards.kinds import KINDS, Kind

PAGE = Path(__file__).parents[1] / "docs/reference/hazards.md"
HEAD = """\
<!-- Made by `make docs` from src/pgready/hazards: change the rows there, not this page. -->

# Hazards

What `pgready lint` may say about a migration, by the id that it says it with. An error means that readers or writers
stall for a time that grows with the data (exit 4); a warning means that something else is likely to go wrong. pgready
does not guess from the text: it runs each statement on a shadow database and looks at the locks that it takes, at what
it writes anew and at what it reads as a whole. With `--since` it also holds each new migration against what the code
that still runs needs. Each example below is traced by a test on PostgreSQL 14 to 18.

A comment in front of a statement allows a hazard, with a reason and, best, an end:

```sql
-- pgready: allow H004 until=2027-01-31 the table has forty rows
CREATE INDEX regions_name ON regions (name);
```

The examples run on this database:

"""


def page() -> str:
    """The whole page."""
    parts = [HEAD + _sql(GROUND), "\n| id | hazard | effect |\n|---|---|---|"]
    parts += [f"| [{kind.id}](#{kind.id.lower()}) | {kind.title} | {kind.effect} |" for kind in KINDS]
    parts += [_section(kind) for kind in KINDS]
    return "\n".join(parts) + "\n"


def _section(kind: Kind) -> str:
    warning = " (warning)" if kind.level == "warning" else ""
    text = (
        f"\n## {kind.id}\n\n**{kind.title[:1].upper()}{kind.title[1:]}**{warning}. When: {kind.condition}.\n"
        f"\nEffect: {kind.effect}.\n\nSafe: {kind.safe}.\n"
    )
    text += "".join(_example(one) for one in EXAMPLES if one.id == kind.id)
    return text + "".join(_beside(one) for one in BESIDE if one.id == kind.id)


def _example(example: Example) -> str:
    since = f" From PostgreSQL {example.since}:" if example.since > 14 else ""
    count = len(example.good)
    how = "Instead:" if count == 1 else f"Instead, in {count} migrations:"
    return f"\n{_sql(example.bad)}\n{how}{since}\n\n" + "\n".join(_sql(one) for one in example.good)


def _beside(example: BesideExample) -> str:
    query = "".join(f"{_sql(one)}\n" for one in (example.query, example.before) if one)
    count = len(example.good)
    how = "Instead:" if count == 1 else f"Instead, in {count} migrations:"
    good = "\n".join(_sql(one) for one in example.good)
    return f"\n{example.said}\n\n{query}{_sql(example.bad)}\n{how}\n\n{good}"


def _sql(text: str) -> str:
    return f"```sql\n{text.rstrip()}\n```\n"


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true")
    if parser.parse_args().check:
        return 0 if PAGE.read_text(encoding="utf-8") == page() else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
