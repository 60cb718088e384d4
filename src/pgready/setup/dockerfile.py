"""Dockerfiles as instructions with their lines: what the image runs, who it runs as, what it holds."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass

_INSTRUCTION = re.compile(r"\s*([A-Za-z]+)\s+(.*)", re.S)
_HEREDOC = re.compile(r"<<-?\s*[\"']?(\w+)[\"']?")


@dataclass(frozen=True, slots=True)
class Instruction:
    """`name` in capitals; `text` with its continuation lines joined; `line` to `end`, 1-based and inclusive."""

    name: str
    text: str
    line: int
    end: int

    @property
    def words(self) -> tuple[str, ...] | None:
        """The exec form's words; None in shell form."""
        if not self.text.startswith("["):
            return None
        try:
            found = json.loads(self.text)
        except ValueError:
            return None
        return tuple(found) if isinstance(found, list) and all(isinstance(one, str) for one in found) else None

    @property
    def script(self) -> str:
        """What a shell reads: the shell form, or what stands behind `sh -c`; "" if no shell is in it."""
        words = self.words
        if words is None:
            return self.text
        return shell_script(words)


@dataclass(frozen=True, slots=True)
class Stage:
    """`FROM image AS name` and what follows it."""

    image: str
    name: str
    parts: tuple[Instruction, ...]

    def last(self, name: str) -> Instruction | None:
        """The one that counts of several of a kind."""
        return next((one for one in reversed(self.parts) if one.name == name), None)

    def all(self, *names: str) -> list[Instruction]:
        """Every instruction of these names, in order."""
        return [one for one in self.parts if one.name in names]


def read(text: str) -> tuple[Stage, ...]:
    """The stages; none for a file without FROM."""
    stages: list[Stage] = []
    parts: list[Instruction] = []
    for one in instructions(text):
        if one.name == "FROM":
            if stages:
                stages[-1] = Stage(stages[-1].image, stages[-1].name, tuple(parts))
            words = [word for word in one.text.split() if not word.startswith("--")]
            name = words[2] if len(words) > 2 and words[1].lower() == "as" else ""
            stages.append(Stage(words[0] if words else "", name, ()))
            parts = []
        parts.append(one)
    if stages:
        stages[-1] = Stage(stages[-1].image, stages[-1].name, tuple(parts))
    return tuple(stages)


def instructions(text: str) -> list[Instruction]:
    """Every instruction; comments between continuation lines are none of it, here-documents are part of theirs."""
    lines = text.split("\n")
    found: list[Instruction] = []
    at = 0
    while at < len(lines):
        line = lines[at].rstrip("\r")
        if not line.strip() or line.lstrip().startswith("#"):
            at += 1
            continue
        first = at
        whole = line
        while whole.rstrip().endswith("\\") and at + 1 < len(lines):
            at += 1
            more = lines[at].rstrip("\r")
            if more.lstrip().startswith("#") or not more.strip():
                continue
            whole = whole.rstrip()[:-1] + " " + more.strip()
        match = _INSTRUCTION.match(whole)
        name = match[1].upper() if match else whole.strip().upper()
        for word in _HEREDOC.findall(whole) if name in ("RUN", "COPY", "ADD") else ():
            while at + 1 < len(lines) and lines[at + 1].strip() != word:
                at += 1
                whole += "\n" + lines[at]
            at += 1
        match = _INSTRUCTION.match(whole)
        found.append(Instruction(name, match[2].strip() if match else "", first + 1, min(at, len(lines) - 1) + 1))
        at += 1
    return found


def final(text: str) -> Stage | None:
    """The last stage, which is the image, with what it inherits from stages of this file before it."""
    stages = read(text)
    if not stages:
        return None
    last = stages[-1]
    parts = last.parts
    image = last.image
    for stage in reversed(stages[:-1]):
        if stage.name and stage.name.lower() == image.lower():
            parts = (*stage.parts, *parts)
            image = stage.image
    return Stage(image, last.name, parts)


def shell_script(words: tuple[str, ...] | list[str]) -> str:
    """What stands behind `sh -c`, also behind other words (`tini -- sh -c …`); "" if there is none."""
    for at, word in enumerate(words[:-2]):
        if word.rsplit("/", 1)[-1] in ("sh", "bash", "ash", "dash") and words[at + 1] in ("-c", "-ec", "-lc", "-euc"):
            return words[at + 2]
    return ""


def shell_of(text: str) -> str:
    """The shell that a command names before `-c`, `sh` where it names none."""
    found = re.search(r"\b(bash|ash|dash)[\"',\s]+-\w*c\b", text)
    return found[1] if found else "sh"


def exec_form(words: tuple[str, ...] | list[str]) -> str:
    """Words as JSON, as Docker reads them."""
    return json.dumps(list(words), ensure_ascii=False)


def plain_words(command: str) -> tuple[str, ...] | None:
    """A command line's words; None where only a shell understands it."""
    if re.search(r"[$|;&<>*?`(){}\n]", command):
        return None
    try:
        words = tuple(shlex.split(command))
    except ValueError:
        return None
    if words[:1] == ("exec",):
        words = words[1:]
    return words if words and "=" not in words[0] else None
