"""Holding the two sides against each other: shapes of plans, verdicts against buffers, and the neighbours."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from lab import MODES, SLOW, Cache
from shape import shape, told

Key = tuple[str, str, str]


def is_slow(record: dict[str, Any]) -> bool:
    """Whether it touched more than 1,000 shared buffers, or ran into the timeout."""
    return bool(record["cut"]) or record["buffers"] > SLOW


def keyed(data: Any) -> dict[tuple[str, str, str, str], dict[str, Any]]:
    """Records by (set, query, sample, mode)."""
    return {(one["set"], one["query"], one["sample"], one["mode"]): one for one in data["records"]}


def shapes(version: int, names: list[str], cache: Cache, *, details: bool) -> dict[str, list[int]]:
    """How many plans are of the true shape, of how many, per mode."""
    figures = {mode: [0, 0] for mode in MODES}
    for name in names:
        truth, profiled = cache.read("truth", version, name), cache.read("profiled", version, name)
        if truth is None or profiled is None:
            continue
        ours, counts = keyed(profiled), Counter()
        for key, record in keyed(truth).items():
            mine = ours.get(key)
            equal = mine is not None and "plan" in mine and shape(record["plan"]) == shape(mine["plan"])
            figures[key[3]][0] += equal
            figures[key[3]][1] += 1
            counts[key[3], equal] += 1
            if details and not equal:
                print(f"\n── {version} {name} {' '.join(key)}\n{record['sql']}\n{record['values']}\ntruth:")
                print(told(shape(record["plan"]), 1))
                print("profiled:", "" if mine and "plan" in mine else mine)
                if mine and "plan" in mine:
                    print(told(shape(mine["plan"]), 1))
        print(f"  {version} {name:<10}" + "".join(
            f"  {mode} {counts[mode, True]}/{counts[mode, True] + counts[mode, False]}" for mode in MODES))  # fmt: skip
    return figures


def share(figures: list[int]) -> str:
    """`97.2 % (35/36)`."""
    return f"{100 * figures[0] / max(1, figures[1]):.1f} % ({figures[0]}/{figures[1]})"


def judge_all(versions: list[int], names: list[str], cache: Cache, *, details: bool) -> bool:
    """Print all tables; whether what is promised holds."""
    total: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for version in versions:
        figures = shapes(version, names, cache, details=details)
        print(f"{version}: shapes equal: " + ", ".join(f"{mode} {share(figures[mode])}" for mode in MODES))
        for mode in MODES:
            total[mode] = [a + b for a, b in zip(total[mode], figures[mode], strict=True)]
    print("all: shapes equal: " + ", ".join(f"{mode} {share(total[mode])}" for mode in MODES))
    return True
