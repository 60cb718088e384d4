"""What the fences of README and docs say: blocks to run, what they print, and examples that cannot run here."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
SCENARIO = re.compile(r"<!-- scenario: (\w+(?: \w+)*) -->")

# Why a block of commands is not run as it stands: the word behind `sh example=`.
EXAMPLES = {
    "cluster": "needs a Kubernetes cluster",
    "docker": "needs a Docker daemon",
    "cloud": "needs a provider's account",
    "elsewhere": "names a server or repository that is not here",
    "forever": "serves until it is stopped",
    "make": "a target of the Makefile, run by CI",
    "usage": "a synopsis",
}

# An object in a page's JSON whose keys are names of the project's, or the server's.
ANY_KEYS = {"…": "…"}


@dataclass
class Block:
    """One block to run, and what the page says that it prints (None: nothing is said)."""

    line: int
    script: str
    code: int
    output: str | None = None
    # The output is JSON, of which the page shows the form: the same keys, lists with an element of each kind.
    is_json: bool = False


def blocks(text: str) -> list[Block]:
    """The blocks of a page, in order."""
    found: list[Block] = []
    for fence in FENCE.finditer(text):
        info = fence["info"].split()
        if info[:2] == ["sh", "run"]:
            code = next((int(word[5:]) for word in info[2:] if word.startswith("exit=")), 0)
            found.append(Block(text.count("\n", 0, fence.start()) + 1, fence["body"], code))
        elif info in (["text", "output"], ["json", "output"]):
            assert found, "an output before the first block that runs"
            assert found[-1].output is None, "two outputs behind one block"
            found[-1].output = fence["body"]
            found[-1].is_json = info[0] == "json"
    return found


def plain(text: str) -> list[str]:
    """Lines without what differs from run to run."""
    for pattern, word in (
        (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "WHEN"),
        (r"\b\d+(\.\d+)? (ms|s|min \d+ s)(?![a-z])", "TIME"),
        (r"\bin \d+(\.\d+)?s\b", "in TIME"),
        (r"\"seconds\": [\d.]+", '"seconds": N'),
        (r"(?<=@)127\.0\.0\.1:\d+/\w+", "HOST/NAME"),
        (r"127\.0\.0\.1:\d+", "HOST"),
        (r"\bpid \d+", "pid N"),
        (r"PostgreSQL \d+(\.\d+)*", "PostgreSQL N"),
        (r"\"server_version\": \"[\d.]+\"", '"server_version": "N"'),
        (r"(?m), database \w+$", ", database NAME"),
        (r"INV-\d+", "INV"),
        (r"invoices-\d (applied|migrated)", r"invoices-N \1"),
        (r"marked \d+", "marked N"),
        (r"\b20\d{12}_", "STAMP_"),
        (r"--confirm \w+", "--confirm NAME"),
    ):
        text = re.sub(pattern, word, text)
    return [" ".join(line.split()) for line in text.strip("\n").splitlines()]


def same(expected: list[str], printed: list[str]) -> bool:
    """Whether the page shows what was printed; `…` is any number of lines, within a line any text."""
    if not expected:
        return not printed
    if expected[0] == "…":
        return any(same(expected[1:], printed[at:]) for at in range(len(printed) + 1))
    line = ".*".join(re.escape(part) for part in expected[0].split("…"))
    return bool(printed) and re.fullmatch(line, printed[0]) is not None and same(expected[1:], printed[1:])


def misfit(shown: Any, printed: Any, place: str = "") -> str | None:
    """What of the printed JSON is not of the form that the page shows, or nothing: keys and kinds of values."""
    kinds = tuple("number" if type(v) in (int, float) else type(v).__name__ for v in (shown, printed))
    if kinds[0] != kinds[1]:
        return f"{place or 'the whole'} is {kinds[1]}, shown as {kinds[0]}"
    if shown == ANY_KEYS:
        return None
    if isinstance(shown, dict):
        if shown.keys() != printed.keys():
            return f"{place or 'the whole'} has the keys {sorted(printed)}, shown are {sorted(shown)}"
        return next(filter(None, (misfit(shown[k], printed[k], f"{place}.{k}".lstrip(".")) for k in shown)), None)
    if isinstance(shown, list):
        if bool(shown) != bool(printed):
            return f"{place} has {len(printed)} elements, shown are {len(shown)}"
        for at, element in enumerate(printed):
            troubles = [misfit(example, element, f"{place}[{at}]") for example in shown]
            if all(troubles):
                return troubles[0]
    return None


def difference(block: Block, printed: str) -> str | None:
    """In which way the page does not show what its block printed, or nothing."""
    if block.output is None:
        return None
    if not block.is_json:
        return None if same(plain(block.output), plain(printed)) else "it printed"
    try:
        return misfit(json.loads(block.output), data(printed))
    except json.JSONDecodeError as error:
        return str(error)


def data(printed: str) -> Any:
    """The JSON object among lines of the story."""
    at = re.search(r"^\{", printed, re.MULTILINE)
    return json.JSONDecoder().raw_decode(printed, at.start() if at else 0)[0]


def example(value: Any) -> Any:
    """JSON as a page shows it: of a list one element of each form, of a long text the beginning."""
    if isinstance(value, dict):
        return {key: example(one) for key, one in value.items()}
    if isinstance(value, list):
        kept: list[Any] = []
        for one in map(example, value):
            if all(misfit(other, one) for other in kept) or (isinstance(one, str) and len(kept) < 3):
                kept.append(one)
        return kept
    if isinstance(value, str) and len(value) > 120:
        return value[:100] + " …"
    return round(value, 3) if isinstance(value, float) else value
