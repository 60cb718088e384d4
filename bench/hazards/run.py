"""`make hazards-truth`: does what pgready lint says of a migration hold on a million rows?

    python bench/hazards/run.py [measure|lint|judge|all] [--versions 14,18] [--families rows,code] [--cache DIR]

`measure` runs every case for real on a full database while readers and writers work (one server at a time, 20 minutes
a version); `lint` asks pgready and its neighbours; `judge` prints the table. What was measured stays in the cache
(default .cache/hazards), so that judging again takes a minute.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from lab import Cache, cases


def main() -> int:
    """Do the steps asked for; 1 if the figures miss what is promised."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("steps", nargs="*", choices=["measure", "lint", "judge", "all"], default=["all"])
    parser.add_argument("--versions", default="14,18")
    parser.add_argument("--families", help="files of cases/, without .sql")
    parser.add_argument("--only", help="names of cases")
    parser.add_argument("--cache")
    parser.add_argument("--linters", default="pgready,squawk,pgfence")
    parser.add_argument("--details", action="store_true", help="every verdict of a neighbour that differs, too")
    asked = parser.parse_args()
    steps = ("measure", "lint", "judge") if "all" in asked.steps else asked.steps
    versions = [int(one) for one in asked.versions.split(",")]
    cache, chosen = Cache(asked.cache), cases(asked.families)
    if asked.only:
        chosen = [one for one in chosen if one.name in asked.only.split(",")]
    started = time.perf_counter()
    good = True
    for version in versions:
        if "measure" in steps:
            from measure import measure_all

            measure_all(version, chosen, cache)
        if "lint" in steps:
            from judged import judge_all

            judge_all(version, chosen, cache, asked.linters.split(","))
    if "judge" in steps:
        from score import judge

        good = judge(versions, chosen, cache, details=asked.details)
    print(f"hazards: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
