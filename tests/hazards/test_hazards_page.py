"""The page of hazards is what the rows say."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_is_what_the_rows_say():
    """`make docs` was run."""
    run = subprocess.run([sys.executable, "tools/hazards_page.py", "--check"], cwd=ROOT, timeout=60, check=False)
    assert run.returncode == 0, "make docs"
