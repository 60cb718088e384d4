"""Verdicts held against the truth: right, missed, false, for anybody, for readers and for writers."""

from __future__ import annotations

from typing import Any

from lab import Cache, Case

LINTERS = ("pgready", "squawk", "pgfence")


def judge(versions: list[int], cases: list[Case], cache: Cache, *, details: bool) -> bool:
    """Print the table; False if pgready misses one, or cries wolf at more than 5 %."""
    good = True
    print("| PostgreSQL | linter | cases | stall | right | missed | false", end="")
    print(" | readers: missed, false | writers: missed, false |")
    print("|---|---|---|---|---|---|---|---|---|")
    shown: list[str] = []
    for version in versions:
        truth = cache.read("truth", version)
        chosen = [one for one in cases if one.name in truth and not truth[one.name]["failed"] and one.is_for(version)]
        for name in LINTERS:
            verdicts = cache.read(name, version)
            judged = [(one, truth[one.name], verdicts[one.name]) for one in chosen if one.name in verdicts]
            rows = {who: _count(judged, who) for who in ("anybody", "readers", "writers")}
            right, missed, false = rows["anybody"]
            stalls = sum(_waits(true, "anybody") for _, true, _ in judged)
            whos = " | ".join(f"{rows[who][1]}, {rows[who][2]}" for who in ("readers", "writers"))
            print(f"| {version} | {name} | {len(judged)} | {stalls} | {right} | {missed} | {false} | {whos} |")
            if name == "pgready":
                good &= missed == 0 and false <= 0.05 * len(judged)
            if name == "pgready" or details:
                shown += [line for one in judged for line in _differs(version, name, *one)]
        for one in cases:
            if one.is_for(version) and (one.name not in truth or truth[one.name]["failed"]):
                shown.append(f"{version} {one.name}: {truth.get(one.name, {}).get('failed', 'not measured')}")
    print("\n".join(["", *shown]))
    return good


def _asked(true: dict[str, Any], who: str) -> bool:
    """Whether the case has somebody of the kind: nobody writes into a materialized view."""
    return who != "writers" or any(name.startswith("write") for name in true["waits"])


def _waits(row: dict[str, Any], who: str) -> bool:
    return bool(row["readers"] or row["writers"]) if who == "anybody" else bool(row[who])


def _count(judged: list[tuple[Case, dict[str, Any], dict[str, Any]]], who: str) -> tuple[int, int, int]:
    judged = [one for one in judged if _asked(one[1], who)]
    missed = sum(_waits(true, who) and not _waits(said, who) for _, true, said in judged)
    false = sum(_waits(said, who) and not _waits(true, who) for _, true, said in judged)
    return len(judged) - missed - false, missed, false


def _differs(version: int, name: str, case: Case, true: dict[str, Any], said: dict[str, Any]) -> list[str]:
    found = []
    for who in ("readers", "writers"):
        if _asked(true, who) and bool(true[who]) != bool(said[who]):
            word = "missed" if true[who] else "false"
            waits = ", ".join(f"{probe} {took * 1000:.0f} ms" for probe, took in true["waits"].items())
            found.append(f"{version} {name} {word} {who}: {case.name} ({waits}, line {true['line'] * 1000:.0f} ms)"
                         f" {said['said']}")  # fmt: skip
    return found
