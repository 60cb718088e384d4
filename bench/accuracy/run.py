"""`make accuracy`: is what pgready says on an empty database true on two million rows?

    python bench/accuracy/run.py [capture|hypopg|prove|judge|all] [--versions 14,15] [--schemas a,b] [--cache DIR]

`capture` fills schema by schema on a real server and measures; `hypopg` asks that neighbour; `prove` plans the same
queries on an empty database with the size and statistics of the profile; `judge` holds one against the other and
prints the tables: it needs no server. Everything in between is JSON in the cache (default .cache/accuracy).
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from lab import Cache, subjects

STEPS = ("capture", "hypopg", "prove", "judge")


def main() -> int:
    """Do the steps asked for; 1 if the figures miss what is promised."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("steps", nargs="*", choices=[*STEPS, "all"], default=["all"])
    parser.add_argument("--versions", default="14,15,16,17,18")
    parser.add_argument("--schemas")
    parser.add_argument("--from", dest="folder", help="a folder with schemas of your own, each as lab.py says")
    parser.add_argument("--cache")
    parser.add_argument("--again", action="store_true", help="capture what has been captured already")
    parser.add_argument("--details", action="store_true", help="judge: every plan and verdict that differs")
    parser.add_argument("--by", choices=["schema", "set"], help="judge: figures of each")
    asked = parser.parse_args()
    steps = STEPS if "all" in asked.steps else asked.steps
    versions = [int(one) for one in asked.versions.split(",")]
    cache, chosen = Cache(asked.cache), subjects(asked.schemas, asked.folder)
    started = time.perf_counter()
    if "capture" in steps:
        from full import SETTINGS, capture, programs

        from pgready.embedded import EmbeddedServer

        for version in versions:
            missing = [one for one in chosen if asked.again or not cache.path("truth", version, one.name).exists()]
            if missing:
                with EmbeddedServer(programs(version), settings=SETTINGS, tcp=False) as server:
                    for one in missing:
                        capture(server, one, cache)
    if "hypopg" in steps:
        from neighbours import hypopg

        hypopg(chosen, cache)
    if "prove" in steps:
        from proved import prove_all

        prove_all(versions, chosen, cache)
    good = True
    if "judge" in steps:
        from score import judge_all

        good = judge_all(versions, [one.name for one in chosen], cache, details=asked.details, by=asked.by)
    for process in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        used = resource.getrusage(process)
        print(f"accuracy: {used.ru_utime + used.ru_stime:.0f} s of CPU", file=sys.stderr)
    print(f"accuracy: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
