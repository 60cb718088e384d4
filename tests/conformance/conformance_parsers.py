"""Prisma's own schema parsers, of 6.19.3 and of 7.10, on Node: one process that answers batches.

`Parsers.judge` turns their answers into Verdicts: what is valid, which lines offend, the formatted text, the DMMF's datamodel.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

SETUP = Path(__file__).parents[1] / "prisma" / "oracle" / "setup.py"
SECONDS = 60
BATCH = 50

Files = tuple[tuple[str, str], ...]
Style = Literal[6, 7]


class ParsersMissing(Exception):
    """Node, npm or the network is not here; says which."""


@dataclass(frozen=True)
class Finding:
    """One diagnostic: where it begins (1-based line) and what is said; `code` is pgready's, "" for Prisma's."""

    path: str
    line: int
    text: str
    is_warning: bool = False
    code: str = ""


@dataclass(frozen=True)
class Verdict:
    """What one engine, or pgready, makes of a schema. `formatted` is None where it would not format."""

    findings: tuple[Finding, ...]
    formatted: Files | None = None
    dmmf: Any = None
    panic: str = ""
    style: Style = 7
    provider: str = ""

    @property
    def valid(self) -> bool:
        """Whether nothing but warnings was found."""
        return not self.panic and all(finding.is_warning for finding in self.findings)

    def lines(self, *, warnings: bool = False) -> frozenset[tuple[str, int]]:
        """Where errors (or warnings) begin."""
        return frozenset((one.path, one.line) for one in self.findings if one.is_warning == warnings)


def line_at(text: str, units: int) -> int:
    """The 1-based line of an offset in UTF-16 code units; LF, CRLF and a lone CR end a line."""
    head = text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")
    lines = head.count("\n") + head.count("\r") - head.count("\r\n") + 1
    # Between a CR and its LF is still the line that they end.
    return lines - 1 if head.endswith("\r") and text[len(head) : len(head) + 1] == "\n" else lines


@dataclass
class Parsers:
    """Both engines in one process of Node, started when first asked."""

    folder: Path
    _process: subprocess.Popen[str] | None = field(default=None, repr=False)

    def ask(self, style: Style, schemas: Sequence[Files], *verbs: str) -> list[dict[str, Any]]:
        """What the engine of `style` says of each schema: verb → its result, as Prisma gives it."""
        answers: list[dict[str, Any]] = []
        for at in range(0, len(schemas), BATCH):
            answers += self._batch(style, schemas[at : at + BATCH], verbs)
        return answers

    def _batch(self, style: Style, schemas: Sequence[Files], verbs: Sequence[str]) -> list[dict[str, Any]]:
        if self._process is None:
            pipe = subprocess.PIPE
            command = ["node", str(self.folder / "parse.cjs")]
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, encoding="utf-8")
        assert self._process.stdin and self._process.stdout
        asked = {"engine": str(style), "verbs": verbs, "schemas": schemas}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "Prisma's parsers ended without an answer"
        answers: list[dict[str, Any]] = json.loads(line)
        return answers

    def judge(self, style: Style, schemas: Sequence[Files]) -> list[Verdict]:
        """The engine's verdict on each schema."""
        answers = self.ask(style, schemas, "lint", "format", "datamodel")
        return [_verdict(style, files, answer) for files, answer in zip(schemas, answers, strict=True)]

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            assert self._process.stdin and self._process.stdout
            self._process.stdin.close()
            self._process.wait(SECONDS)
            self._process.stdout.close()
            self._process = None


def _verdict(style: Style, files: Files, answer: dict[str, Any]) -> Verdict:
    if isinstance(answer["lint"], dict):
        return Verdict((), panic=answer["lint"]["failed"], style=style)
    texts = dict(files)
    findings = tuple(
        Finding(one["file_name"], line_at(texts[one["file_name"]], one["start"]), one["text"], one["is_warning"])
        for one in answer["lint"]
    )
    formatted = None
    if isinstance(answer["format"], list):
        formatted = tuple((path, text) for path, text in answer["format"])
    dmmf = None if "failed" in answer["datamodel"] else answer["datamodel"]
    return Verdict(findings, formatted, dmmf, style=style)


def set_up() -> Parsers:
    """The parsers, fetched into the cache if they are not there; raises ParsersMissing."""
    if shutil.which("node") is None:
        raise ParsersMissing("prisma: Prisma's parsers run on Node.js 20, which is not here")
    command = [sys.executable, str(SETUP), "--parsers"]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=150, check=False)
    except subprocess.TimeoutExpired:
        raise ParsersMissing("prisma: npm did not fetch Prisma's parsers within 150 s") from None
    if run.returncode:
        raise ParsersMissing(run.stderr.strip().splitlines()[-1])
    return Parsers(Path(run.stdout.splitlines()[-1]))


def required() -> bool:
    """Whether tests fail, rather than skip, without the parsers."""
    return bool(os.environ.get("PGREADY_REQUIRE_PRISMA"))
