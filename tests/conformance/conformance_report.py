"""A report of all differences, for whoever mends them: grouped by what Prisma says, with the number of cases.

python tests/conformance/conformance_report.py OUT [corpus] [tables] [random=N] [mutants=N] [wild=N] (or FROM-TO) [FILE.prisma …]
"""

import re
import sys
import time
from collections import defaultdict
from pathlib import Path

import conformance_parsers
from conformance_cases import Case, corpus
from conformance_compare import Difference, compare

SHOWN = 4


def group(difference: Difference) -> str:
    """What cases of one cause have in common."""
    if difference.kind in {"lines", "verdict", "warnings"}:
        one = difference.findings[0]
        words = re.sub(r"`[^`]*`|\"[^\"]*\"|'[^']*'|\d+|\([^)]*\)|\[[^\]]*\]", "…", one.text)
        side = "Prisma alone" if not one.code else f"pgready alone, {one.code}"
        return f"{difference.kind}: {side}: {words[:160]}"
    if difference.kind == "dmmf":
        return "dmmf: " + re.sub(r"\[[^\]]*\]", "[…]", difference.theirs[0].partition(":")[0])
    if difference.kind == "crash":
        return (
            "crash: "
            + difference.ours[-1][:160]
            + " @ "
            + next((x.strip() for x in difference.ours[::-1] if "File" in x), "")
        )
    return difference.kind


def owner(name: str) -> str:
    """Who of the helpers mends it."""
    for pattern, who in (
        (r"^format", "B"),
        (r"^dmmf", "E"),
        (
            r"This line is|valid definition|This block|Unexpected token|escape|Trailing comma|missing a value|declaration is invalid|type definition",
            "A",
        ),
        (r"^crash.*(?:parser|scan|tree)\.py", "A"),
        (r"^crash.*(?:format|layout|lines|inflection|missing)", "B"),
        (r"relation|referential|opposite|onDelete|Reference|cycle", "E"),
        (
            r"ndex|unique|@@id|id criteria|as id|constraint name|view|schema|primary key|operator class|algorithm|where",
            "D",
        ),
    ):
        if re.search(pattern, name):
            return who
    return "C"


def write(path: Path, cases: list[Case], found: list[Difference], seconds: float) -> None:
    """The report as text."""
    groups: dict[str, list[Difference]] = defaultdict(list)
    for difference in found:
        groups[group(difference)].append(difference)
    bad = {difference.case.id for difference in found}
    out = [f"{time.strftime('%H:%M:%S')}: {len(cases)} cases, {len(bad)} differ, {seconds:.0f} s", ""]
    for name, members in sorted(groups.items(), key=lambda pair: -len(pair[1])):
        out.append(f"{len(members):5}  [{owner(name)}]  {name}")
    out += ["", "=" * 100, ""]
    for name, members in sorted(groups.items(), key=lambda pair: -len(pair[1])):
        out.append(f"## {len(members)} x [{owner(name)}] {name}")
        for difference in sorted(members, key=lambda one: sum(len(text) for _, text in one.case.files))[:SHOWN]:
            out.append(f"### {difference.case.id}")
            out += [f"  theirs  {line}" for line in difference.theirs] + [
                f"  ours    {line}" for line in difference.ours
            ]
            text = "".join(f"  --- {each}\n{content}" for each, content in difference.case.files)
            out += ["  | " + line for line in text.splitlines()[:40]]
        out.append("")
    path.write_text("\n".join(out) + "\n", encoding="utf-8")


def chosen(words: list[str]) -> list[Case]:
    """The cases that the command's words ask for."""
    cases: list[Case] = []
    for word in words:
        name, _, number = word.partition("=")
        if name == "corpus":
            cases += corpus()
        elif name == "tables":
            from conformance_tables import tables

            cases += tables()
        elif name in {"random", "mutants", "wild"}:
            from conformance_random import mutants, schemas
            from conformance_wild import wild

            makers = {"random": schemas, "mutants": mutants, "wild": wild}
            cases += makers[name](range(*map(int, number.split("-"))))
        else:
            cases += real(Path(word))
    return cases


def real(path: Path) -> list[Case]:
    """A file, or a folder as one schema, in its own style."""
    files = sorted(path.rglob("*.prisma")) if path.is_dir() else [path]
    texts = tuple((str(each), each.read_bytes().decode("utf-8", "replace")) for each in files)
    six = any(re.search(r"^\s*(?:url|directUrl)\s*=", text, re.MULTILINE) for _, text in texts)
    return [Case(str(path), 6 if six else 7, texts)]


def main() -> None:
    """Compare and write."""
    out, *words = sys.argv[1:]
    cases = chosen(words or ["corpus", "tables"])
    parsers = conformance_parsers.set_up()
    began = time.monotonic()
    try:
        found = compare(cases, parsers).differences
    finally:
        parsers.close()
    write(Path(out), cases, found, time.monotonic() - began)
    print("\n".join(Path(out).read_text(encoding="utf-8").split("=" * 100)[0].splitlines()[:60]))


if __name__ == "__main__":
    main()
