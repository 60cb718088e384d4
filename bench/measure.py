"""Whole processes, timed in turns: each round runs every contender once, so that a busy machine is busy for all."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_SPAWN = str(Path(__file__).parent / "spawn.py")


@dataclass
class Contender:
    """A command; `before` runs untimed ahead of every run (an empty database, say)."""

    name: str
    command: Sequence[str]
    cwd: str
    env: dict[str, str]
    before: Callable[[], None] | None = None
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak_mb: float = 0.0

    @property
    def median(self) -> float:
        """Median wall time in ms."""
        return statistics.median(self.wall)


def one_run(contender: Contender) -> None:
    """Run once; any exit code but 0 ends the benchmark, since it would measure something else."""
    if contender.before:
        contender.before()
    done = subprocess.run(
        [sys.executable, "-I", "-S", _SPAWN, *contender.command],
        cwd=contender.cwd,
        env=contender.env,
        capture_output=True,
        text=True,
        check=False,
    )
    wall, cpu, peak, code = done.stdout.split() if done.returncode == 0 else ("0", "0", "0", "-1")
    if code != "0":
        raise SystemExit(f"{contender.name} failed ({code}): {done.stderr[-2000:]}")
    contender.wall.append(float(wall) * 1000)
    contender.cpu.append(float(cpu) * 1000)
    contender.peak_mb = max(contender.peak_mb, int(peak) / 1024)


def race(contenders: Sequence[Contender], rounds: int, warm: int = 1) -> None:
    """`rounds` timed runs each, in turns."""
    for number in range(warm + rounds):
        for contender in contenders:
            one_run(contender)
            if number < warm:
                contender.wall.clear()
                contender.cpu.clear()


def table(title: str, contenders: Sequence[Contender], base: Contender) -> str:
    """A Markdown table: medians, spread, CPU, memory and how many times `base` each contender takes."""
    lines = [
        f"### {title}",
        "",
        "| | median ms | min-max | CPU ms | peak MB | pgready ÷ this |",
        "|---|---|---|---|---|---|",
    ]
    for c in contenders:
        ratio = "" if c is base else f"{base.median / c.median:.2f}"
        spread = f"{min(c.wall):.0f}-{max(c.wall):.0f}"
        lines.append(
            f"| {c.name} | {c.median:.1f} | {spread} | {statistics.median(c.cpu):.0f} | {c.peak_mb:.0f} | {ratio} |"
        )
    return "\n".join([*lines, ""])
