"""Prisma's engines of 6.19.3 and 7.10 as makers of diffs, one process each, and pgready's side of the same."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conformance_parsers import SETUP, Files, ParsersMissing, Style

from pgready.diff.prisma import prisma_changes
from pgready.diff.schema_side import side_of_schema
from pgready.diff.sides import EMPTY, Side
from pgready.plan.prisma import prisma_sql
from pgready.psl.analyse import analyse
from pgready.psl.source import Source

SCRIPT = Path(__file__).parent / "oracle" / "diff.mjs"


class Refused(Exception):
    """What the engine says to a pair that it does not take."""


@dataclass
class Differs:
    """Both engines, started when first asked."""

    folder: Path
    _processes: dict[Style, subprocess.Popen[str]] = field(default_factory=dict, repr=False)

    def diff(self, style: Style, before: Files | None, after: Files | None) -> str:
        """The script from one schema to the other, None for an empty database; raises Refused."""
        return str(self.ask(style, {"from": before, "to": after}))

    def from_live(self, style: Style, url: str, after: Files, *, to_empty: bool = False) -> str:
        """The script from a database, seen with the schemas of `after`, to `after` or to nothing; raises Refused."""
        return str(self.ask(style, {"from": {"live": after}, "to": None if to_empty else after, "url": url}))

    def ask(self, style: Style, request: dict[str, Any]) -> Any:
        """An engine's answer (see diff.mjs); raises Refused."""
        process = self._processes.get(style)
        if process is None:
            pipe = subprocess.PIPE
            command = ["node", str(SCRIPT), str(self.folder), str(style)]
            process = subprocess.Popen(command, stdin=pipe, stdout=pipe, encoding="utf-8")
            self._processes[style] = process
        assert process.stdin and process.stdout
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        assert line, "Prisma's engine ended without an answer"
        answer = json.loads(line)
        if "error" in answer:
            raise Refused(answer["error"])
        return answer["result"]

    def close(self) -> None:
        """End the processes."""
        for process in self._processes.values():
            assert process.stdin and process.stdout
            process.stdin.close()
            process.wait(60)
            process.stdout.close()
        self._processes.clear()


def set_up() -> Differs:
    """The engines, fetched into the cache if they are not there; raises ParsersMissing."""
    try:
        run = subprocess.run([sys.executable, str(SETUP)], capture_output=True, text=True, timeout=150, check=False)
    except subprocess.TimeoutExpired:
        raise ParsersMissing("prisma: npm did not fetch Prisma's engines within 150 s") from None
    if run.returncode:
        raise ParsersMissing(run.stderr.strip().splitlines()[-1])
    return Differs(Path(run.stdout.strip().splitlines()[-1]))


def side(files: Files | None) -> Side | None:
    """A schema as a side; None for one that is not valid."""
    if files is None:
        return EMPTY
    found = analyse([Source(path, text) for path, text in files])
    return None if found.schema is None else side_of_schema(found.schema)


def ours(before: Side, after: Side) -> str:
    """pgready's script, with the line end that `migrate diff` gives to a script of nothing."""
    script = prisma_sql(prisma_changes(before, after), before, after)
    return script if script.endswith("\n") else script + "\n"


@dataclass(frozen=True)
class Compared:
    """One direction of a pair on which the two do not agree."""

    name: str
    theirs: str
    ours: str


def compare(
    differs: Differs, style: Style, name: str, ends: Sequence[Files | None], told: dict[str, int]
) -> list[Compared]:
    """Both directions between two schemas; counts what came of them in `told`."""
    found = []
    for before, after, arrow in ((ends[0], ends[1], "→"), (ends[1], ends[0], "←")):
        old, new = side(before), side(after)
        if old is None or new is None:
            told["invalid"] = told.get("invalid", 0) + 1
            continue
        mine = ours(old, new)
        try:
            theirs = differs.diff(style, before, after)
        except Refused as e:
            if "There is no datasource" in str(e):
                told["without a datasource"] = told.get("without a datasource", 0) + 1
                continue
            found.append(Compared(f"{name} {arrow}", f"refused: {e}", mine))
            continue
        word = "equal" if mine == theirs else "different"
        told[word] = told.get(word, 0) + 1
        if mine != theirs:
            found.append(Compared(f"{name} {arrow}", theirs, mine))
    return found
