"""Prisma's CLI where a service starts: found in command lines and scripts, and taken out of them."""

from __future__ import annotations

import re
import shlex

DEPLOY = re.compile(
    r"(?:(?:npx|bunx|pnpm(?:\s+(?:exec|dlx))?|yarn(?:\s+dlx)?|npm\s+exec|poetry\s+run|uv\s+run)\s+(?:--?[\w-]+\s+)*)?"
    r"(?:\./)?(?:node_modules/\.bin/)?prisma(?:@[\w.]+)?\s+(?P<verb>migrate\s+deploy|db\s+push|migrate\s+dev)\b"
)
"""A call that changes the database; its verb says which."""

_OR_STOP = re.compile(r"\s*\|\|\s*(?:exit(?:\s+\d+)?|true|:|echo\s+[^;&|]*)\s*;?$")
"""What follows a call that may fail: without the call there is nothing to follow."""

OURS = re.compile(r"(?:^|[\s/\"'\[,&;|])(?:pgready|\$\{?PGREADY\}?)[\"']?[\s,]+[\"']?(?P<verb>boot|wait|migrate)\b")


def calls_prisma(text: str) -> str:
    """The verb (`migrate deploy`) of Prisma's call in a command or script; "" for none."""
    found = DEPLOY.search(text)
    return re.sub(r"\s+", " ", found["verb"]) if found else ""


def verb_of(text: str) -> str:
    """`boot`, `wait` or `migrate` where pgready is called; "" elsewhere."""
    found = OURS.search(text)
    return found["verb"] if found else ""


def without(command: str) -> str:
    """A command line without its calls of Prisma's CLI; "" if nothing else was in it.

    `prisma generate` stays: it writes a client, not a database.
    """
    parts = re.split(r"\s*(&&|;)\s*", command.strip())
    kept = [parts[at] for at in range(0, len(parts), 2) if parts[at] and not DEPLOY.search(parts[at])]
    return " && ".join(kept)


def mended_script(text: str, pgready: str, verb: str) -> str | None:
    """A shell script whose last command starts behind pgready, its calls of Prisma's CLI gone.

    None where the script is not understood: its last line is no plain command, or a call stands inside something.
    """
    lines = text.split("\n")
    end = "\r" if text.count("\r\n") * 2 > len(lines) else ""
    out: list[str] = []
    for line in lines:
        bare = line.strip()
        if bare.startswith("#") or not DEPLOY.search(bare):
            out.append(line)
            continue
        bare = _OR_STOP.sub("", bare)
        if bare.startswith(("if ", "while ", "until ", "for ", "|", "&")) or bare.endswith(("\\", "|", "(", "{", "do")):
            return None
        rest = without(bare)
        if "||" in bare or "|" in rest or not _is_whole(rest):
            return None
        indent = line[: len(line) - len(line.lstrip())]
        if rest:
            out.append(indent + rest + end)
        elif indent or _opens(out):
            # A block needs a command: `then` and `fi` with nothing between them are no shell.
            out.append(f"{indent}: # pgready {verb} does it, below{end}")
    last = next(
        (at for at in range(len(out) - 1, -1, -1) if out[at].strip() and not out[at].strip().startswith("#")), None
    )
    if last is None or (last and out[last - 1].rstrip().endswith("\\")):
        return None
    line = out[last]
    bare = line.strip()
    if line != line.lstrip() or bare in ("fi", "done", "esac", "}", "else") or re.search(r"[|;&]\s*$|&&|\|\|", bare):
        return None
    command = bare.removeprefix("exec ").strip()
    if command.startswith(("#", "exit", "set ", "export ", "echo ", "cd ")) or re.match(r"\w+=", command):
        return None
    out[last] = f"exec {pgready} {verb} -- {command}{end}"
    return "\n".join(out)


def _is_whole(command: str) -> bool:
    """Whether what is left of a line is a command: nothing opened that is not closed, nothing closed twice."""
    if any(command.count(one) != command.count(other) for one, other in ("()", "{}")):
        return False
    try:
        shlex.split(command)
    except ValueError:
        return False
    return True


def _opens(lines: list[str]) -> bool:
    """Whether a block is open behind the last line that says something."""
    said = [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
    return bool(said) and re.search(r"(?:\b(?:then|do|else)|[({])$", said[-1]) is not None
