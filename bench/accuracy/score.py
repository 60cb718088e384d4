"""Holding the two sides against each other: shapes of plans, verdicts against buffers, and the neighbours.

What is judged is a contract: a query with one sample, on one index set of one version. It is *slow* if its literal or
its generic plan touched more than 1,000 shared buffers, and pgready's word is the worse of its two judgements. A
neighbour's word is the worse of two plans too.
"""

from __future__ import annotations

import fnmatch
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from full import removed
from lab import HELD_OUT, HERE, MODES, SLOW, Cache
from neighbours import VERSION as HYPOPG
from neighbours import has_seq_scan
from shape import reads, shape, told

from pgready.proof.verdict import WORST

SHAPES_GENERIC, SHAPES_LITERAL, MISSED, ALARMS = 95, 88, 3, 10
"""What is promised, in percent: at least, at least, at most, at most."""

NEIGHBOURS = {
    "small": "no Seq Scan in 1,000 rows",
    "empty": "enable_seqscan = off, empty",
    "hypopg": f"hypopg, empty, ANALYZE ({HYPOPG})",
}

Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Case:
    """A contract on an index set, with what was measured and what was said of it."""

    version: int
    schema: str
    set: str
    query: str
    sample: str
    slow: bool
    buffers: tuple[int | None, ...]
    said: str
    why: str
    neighbours: tuple[tuple[str, bool], ...]

    @property
    def path(self) -> str:
        """What a line of `known.txt` is matched with."""
        return f"{self.schema}/{self.set}/{self.query}/{self.sample}"


def is_slow(record: dict[str, Any]) -> bool:
    """Whether it touched more than 1,000 shared buffers, or ran into the timeout."""
    return bool(record["cut"]) or record["buffers"] > SLOW


def planned(record: dict[str, Any]) -> dict[str, Any]:
    """The planner's plan: the executed one, before the executor pruned it."""
    plan: dict[str, Any] = record["plan"]
    return record["planned"] if record["mode"] == "generic" and removed(plan) and "planned" in record else plan


def keyed(data: Any) -> dict[Key, dict[str, Any]]:
    """Records by (set, query, sample, mode)."""
    return {(one["set"], one["query"], one["sample"], one["mode"]): one for one in (data or {"records": ()})["records"]}


def known() -> list[tuple[str, str]]:
    """What is listed before the run as slow and called bounded: patterns of `Case.path`, each with its reason."""
    lines = [line for line in (HERE / "known.txt").read_text().splitlines() if line.strip() and line[0] != "#"]
    return [(pattern.strip(), reason.strip()) for pattern, _, reason in (line.partition(": ") for line in lines)]


def share(part: int, whole: int) -> str:
    """`97.2 % (35/36)`."""
    return f"{100 * part / max(1, whole):.1f} % ({part}/{whole})"


def cases(version: int, name: str, cache: Cache) -> Iterator[Case]:
    """All cases of a schema that were captured and proved."""
    truth, ours = keyed(cache.read("truth", version, name)), keyed(cache.read("profiled", version, name))
    others = {kind: keyed(cache.read(kind, version, name)) for kind in NEIGHBOURS}
    for key in dict.fromkeys(key[:3] for key in truth if ours):
        both = [truth[(*key, mode)] for mode in MODES]
        said = [ours[(*key, mode)] for mode in MODES if (*key, mode) in ours]
        kinds = ["refused" if "refused" in one else one["kind"] for one in said] or ["refused"]
        rank = [*WORST, "refused"]
        yield Case(
            version, name, *key, any(is_slow(one) for one in both), tuple(one["buffers"] for one in both),
            max(kinds, key=rank.index), "; ".join(dict.fromkeys(why for one in said for why in one.get("why", ()))),
            tuple((kind, any(has_seq_scan(found[(*key, mode)]["plan"]) for mode in MODES))
                  for kind, found in others.items() if (*key, MODES[0]) in found),
        )  # fmt: skip


def judge_all(versions: list[int], names: list[str], cache: Cache, *, details: bool, by: str | None) -> bool:
    """Print all tables; whether what is promised holds."""
    kinds = ("truth", "profiled")
    pairs = [(version, name) for version in versions for name in names]
    missing = [(*pair, kind) for pair in pairs for kind in kinds if not cache.path(kind, *pair).exists()]
    for version, name, kind in missing:
        print(f"nothing of {name} on {version} ({kind}): run {'capture' if kind == 'truth' else 'prove'} first")
    good = _shapes(versions, names, cache, details=details) and not missing
    found = [one for version in versions for name in names for one in cases(version, name, cache)]
    good &= _verdicts(found, details=details, by=by)
    _neighbours(found)
    return good


def _shapes(versions: list[int], names: list[str], cache: Cache, *, details: bool) -> bool:
    """By version, by schema, by sample: (mode, what) → (equal, all)."""
    groups: dict[str, Counter[tuple[str, str, bool]]] = defaultdict(Counter)
    for version in versions:
        for name in names:
            ours = keyed(cache.read("profiled", version, name))
            for key, record in keyed(cache.read("truth", version, name)).items() if ours else ():
                mine = ours.get(key, {})
                equal = "plan" in mine and shape(planned(record)) == shape(mine["plan"])
                same = "plan" in mine and reads(planned(record)) == reads(mine["plan"])
                held = ("held out",) if name in HELD_OUT else ()
                for group in (f"{version}", *held, f"{name}", f"sample {key[2]}", f"set {key[0]}", "all"):
                    groups[group][key[3], "shape", equal] += 1
                    groups[group][key[3], "reads", same] += 1
                if details and not equal:
                    _show(version, name, key, record, mine)
    print("\nplans as on two million rows: of the same shape, and (less) by the same indexes\n")
    heads = "".join(f"{text:>24}" for text in ("literal, shape", "indexes", "generic, shape", "indexes"))
    print(f"  {'':<16}{heads}")
    order = [*(str(version) for version in versions), "held out", "all"]
    order += sorted(group for group in groups if group not in order)
    for group, counts in ((group, groups[group]) for group in order if group in groups):
        cells = ""
        for mode in MODES:
            for what in ("shape", "reads"):
                right, wrong = counts[mode, what, True], counts[mode, what, False]
                cells += f"{share(right, right + wrong):>24}"
        print(f"  {group:<16}{cells}")
    whole = groups["all"]
    return all(
        whole[mode, "shape", True] >= floor / 100 * (whole[mode, "shape", True] + whole[mode, "shape", False])
        for mode, floor in zip(MODES, (SHAPES_LITERAL, SHAPES_GENERIC), strict=True)
    )


def _show(version: int, name: str, key: Key, record: dict[str, Any], mine: dict[str, Any]) -> None:
    print(f"\n── {version} {name} {' '.join(key)}\n{record['sql']}\n{record['values']}\ntruth:")
    print(told(shape(planned(record)), 1))
    print("profiled:", mine.get("refused", ""))
    if "plan" in mine:
        print(told(shape(mine["plan"]), 1))


def _verdicts(found: list[Case], *, details: bool, by: str | None) -> bool:
    listed, good = known(), True
    groups: dict[str, list[Case]] = defaultdict(list)
    for one in found:
        groups[str(one.version)].append(one)
        if one.schema in HELD_OUT:
            groups["held out"].append(one)
        if by:
            groups[f"{by} {getattr(one, by)}"].append(one)
        groups["all"].append(one)
    print("\nverdicts against buffers (slow: more than 1,000)\n")
    print(f"  {'':<16}{'slow':>6} bounded   skew not judged unbounded  {'fast':>6} bounded   skew not judged unbounded")
    for group, members in sorted(groups.items(), key=lambda item: (item[0] == "all", item[0])):
        parts = []
        for slow in (True, False):
            kinds = Counter(one.said for one in members if one.slow is slow)
            cells = [f"{kinds[kind]:>{width}}" for kind, width in zip(WORST, (8, 7, 11, 10), strict=True)]
            parts.append(f"{sum(kinds.values()):>6}" + "".join(cells))
        print(f"  {group:<16}" + "  ".join(parts))
    missed = [one for one in found if one.slow and one.said == "bounded"]
    alarms = [one for one in found if not one.slow and one.said == "unbounded"]
    slow = sum(one.slow for one in found)
    print(f"\n  slow called bounded: {share(len(missed), slow)}")
    print(f"  fast called unbounded: {share(len(alarms), len(found) - slow)}")
    for kind in ("not judged", "refused"):
        print(f"  {kind}: {share(sum(one.said == kind for one in found), len(found))}")
    justified = {(one.version, one.schema, one.set, one.query) for one in found if one.slow}
    warned = [one for one in found if one.said == "skew"]
    right = [one for one in warned if (one.version, one.schema, one.set, one.query) in justified]
    print(f"  skew warnings: {share(len(warned), len(found))}, of queries that are slow for one of their samples:"
          f" {share(len(right), len(warned))}")  # fmt: skip
    strangers = [one for one in missed if not any(fnmatch.fnmatchcase(one.path, pattern) for pattern, _ in listed)]
    for one in strangers:
        print(f"  NOT LISTED: {one.version} {one.path} {one.buffers}")
    if details:
        for title, those in (("slow called bounded", missed), ("fast called unbounded", alarms)):
            print(f"\n{title}")
            for one in those:
                print(f"  {one.version} {one.path} {one.buffers} {one.why}")
    good &= len(missed) <= MISSED / 100 * slow and len(alarms) <= ALARMS / 100 * (len(found) - slow)
    return good and not strangers


def _neighbours(found: list[Case]) -> None:
    """By query and index set: slow if it is for one of its samples, and each method's word is its worst of them."""
    print("\nagainst the neighbours, by query: slow is one that is slow for any of its samples\n")
    heads = ("queries", "right", "slow called good", "fast called bad", "slow, warned", "fast, warned", "not judged")
    print(f"  {'':<32}" + "".join(f"{head:>18}" for head in heads))
    rank = [*WORST, "refused"]
    for kind, name in NEIGHBOURS.items():
        queries: dict[tuple[object, ...], list[Case]] = defaultdict(list)
        for one in found:
            if kind in dict(one.neighbours):
                queries[one.version, one.schema, one.set, one.query].append(one)
        if not queries:
            print(f"  {name:<32}  nothing captured")
            continue
        theirs, ours = Counter[tuple[bool, str]](), Counter[tuple[bool, str]]()
        for those in queries.values():
            slow = any(one.slow for one in those)
            theirs[slow, "unbounded" if any(dict(one.neighbours)[kind] for one in those) else "bounded"] += 1
            ours[slow, max((one.said for one in those), key=rank.index)] += 1
        for who, counts in ((name, theirs), ("  pgready on these", ours)):
            right = counts[True, "unbounded"] + counts[True, "skew"] + counts[False, "bounded"]
            open_ = sum(counts[slow, said] for slow in (True, False) for said in ("not judged", "refused"))
            cells = (
                len(queries), f"{right} = {100 * right / len(queries):.1f} %", counts[True, "bounded"],
                counts[False, "unbounded"], counts[True, "skew"], counts[False, "skew"], open_,
            )  # fmt: skip
            print(f"  {who:<32}" + "".join(f"{cell:>18}" for cell in cells))
    print("\n  right: bad and slow, good and fast, or warned (it depends on the value) and slow for one of its samples")
