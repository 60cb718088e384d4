"""The schema language: whole processes beside Prisma's CLI, and how the time of a verdict grows with the schema."""

from __future__ import annotations

import math
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import install
import schemas
from measure import Contender, race, table

LINES = 2_000
GOAL = 0.5


def measured(root: Path, work: Path, rounds: int, *, quick: bool) -> Iterator[str]:
    """The tables, one by one."""
    venv = install.ours(root)
    cli, offline = install.prisma_cli(root)
    env = {"PATH": os.environ["PATH"], "HOME": str(work), "LANG": "C.UTF-8", "NO_COLOR": "1", **offline}
    tight = schemas.schema(LINES)
    for verb in ("validate", "format"):
        text = tight if verb == "validate" else schemas.loose(tight)
        found = []
        for name, program in (
            ("pgready", [str(venv / "bin/pgready")]),
            (f"Prisma CLI {install.PRISMA}", ["node", cli]),
        ):
            folder = work / f"{verb}-{'pgready' if not found else 'prisma'}"
            folder.mkdir(parents=True, exist_ok=True)
            file = folder / "schema.prisma"
            file.write_text(text)
            before = (lambda file=file, text=text: file.write_text(text)) if verb == "format" else None
            found.append(Contender(f"{name} {verb}", [*program, verb], str(folder), env, before))
        race(found, rounds)
        if verb == "format":
            ours, theirs = [(Path(each.cwd) / "schema.prisma").read_text() for each in found]
            if ours != theirs:
                raise SystemExit("pgready and Prisma format the schema of the benchmark differently")
        ratio = found[0].median / found[1].median
        yield table(f"`{verb}`, a schema of {text.count(chr(10))} lines", found, found[0])
        yield f"{ratio:.2f} times what Prisma's CLI takes; the goal is {GOAL} at most.\n"
    yield growth(str(venv / "bin/python"), (1_000, 3_000, 10_000) if quick else (1_000, 3_000, 10_000, 30_000, 100_000))


def growth(python: str, sizes: Sequence[int]) -> str:
    """One pass (parse, resolve, validate) in a process that runs already, by the number of lines."""
    lines = ["### One pass: parse, resolve, validate", "", "| lines | CPU ms | µs a line |", "|---|---|---|"]
    points: list[tuple[float, float]] = []
    script = str(Path(__file__).parent / "scaling.py")
    for size in sizes:
        text = schemas.schema(size)
        count = text.count("\n")
        tries = 5 if size <= 10_000 else 2
        done = subprocess.run([python, script, str(tries)], input=text, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"the schema of {count} lines is not valid:\n{done.stderr}{done.stdout}")
        seconds = float(done.stdout)
        points.append((math.log(count), math.log(seconds)))
        lines.append(f"| {count:,} | {seconds * 1000:.0f} | {seconds * 1e6 / count:.1f} |")
    return "\n".join(
        [*lines, "", f"Time grows with lines to the power of {slope(points):.3f} (least squares, log-log).", ""]
    )


def slope(points: Sequence[tuple[float, float]]) -> float:
    """The slope of the line that fits the points best."""
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / sum((x - middle_x) ** 2 for x, _ in points)
