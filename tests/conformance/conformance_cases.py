"""The corpus: schemas with the verdicts that we expect, from `corpus/*.prisma` and from `conformance_tables.py`.

A file of the corpus holds many cases, each behind a marker line

    // === name | 6+ 7- | option=value option

`6+` says valid for Prisma 6's engine, `7-` invalid for Prisma 7's; a style that is not named is not tried. A case without
a datasource of its own gets one in front, as its style wants it. `// --- path.prisma` begins a further file of the same
schema. Options:

    ending=crlf|cr       the line endings
    preview=a,b          a generator with these preview features
    schemas=a,b          in the datasource that is put in front
    mode=prisma          its relationMode
    cut                  the last line has no line ending
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from conformance_parsers import Files, Style

CORPUS = Path(__file__).parent / "corpus"
ENDINGS = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}
DATASOURCE = re.compile(r"^\s*datasource\b", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """One schema for one style; `expected` is None where only the two sides' agreement is asked for."""

    name: str
    style: Style
    files: Files
    expected: bool | None = None

    @property
    def id(self) -> str:
        """The name with its style."""
        return f"{self.name} [{self.style}]"


def preamble(style: Style, options: dict[str, str] | None = None) -> str:
    """The blocks that a short case does without."""
    options = options or {}
    lines = ['  provider = "postgresql"']
    if style == 6:
        lines.append('  url = env("DATABASE_URL")')
    if "schemas" in options:
        lines.append(f"  schemas = {listed(options['schemas'])}")
    if "mode" in options:
        lines.append(f'  relationMode = "{options["mode"]}"')
    text = "datasource db {\n" + "\n".join(lines) + "\n}\n\n"
    if "preview" in options:
        features = listed(options["preview"])
        text += f'generator client {{\n  provider = "prisma-client-js"\n  previewFeatures = {features}\n}}\n\n'
    return text


def listed(names: str) -> str:
    """`a,b` as an array of strings."""
    return "[" + ", ".join(f'"{name}"' for name in names.split(",")) + "]"


def make(name: str, style: Style, body: str, expected: bool | None = None, **options: str) -> Case:
    """A case of this body, completed as the module's text says."""
    parts = re.split(r"^// --- (\S+)\n", body, flags=re.MULTILINE)
    files = [("schema.prisma", parts[0])] if parts[0].strip() or len(parts) == 1 else []
    files += zip(parts[1::2], parts[2::2], strict=True)
    if "bare" not in options and not any(DATASOURCE.search(text) for _, text in files):
        files[0] = (files[0][0], preamble(style, options) + files[0][1])
    ending = ENDINGS[options.get("ending", "lf")]
    finished = []
    for path, text in files:
        whole = text.rstrip("\n") + ("" if "cut" in options else "\n") if text.strip() else text
        finished.append((path, whole.replace("\n", ending)))
    return Case(name, style, tuple(finished), expected)


def from_text(text: str, origin: str) -> Iterator[Case]:
    """The cases of one file of the corpus."""
    parts = re.split(r"^// === (.*)\n", text, flags=re.MULTILINE)
    assert not parts[0].strip() or parts[0].startswith("//"), f"{origin} begins with no marker"
    for marker, body in zip(parts[1::2], parts[2::2], strict=True):
        name, verdicts, *rest = (part.strip() for part in marker.split("|"))
        options = dict(word.partition("=")[::2] for word in " ".join(rest).split())
        for verdict in verdicts.split():
            style: Style = 6 if verdict[0] == "6" else 7
            yield make(f"{origin}/{name}", style, body, {"+": True, "-": False}[verdict[1]], **options)


def corpus() -> list[Case]:
    """Every case that is written out."""
    cases: list[Case] = []
    for path in sorted(CORPUS.glob("*.prisma")):
        cases += from_text(path.read_text(encoding="utf-8"), path.stem)
    names = [case.id for case in cases]
    assert len(set(names)) == len(names), f"two cases of one name: {sorted(n for n in names if names.count(n) > 1)}"
    return cases
