"""Prisma's CLI where a service starts: found in command lines and scripts, and taken out of them."""

from __future__ import annotations

import re

DEPLOY = re.compile(
    r"(?:(?:npx|bunx|pnpm(?:\s+(?:exec|dlx))?|yarn(?:\s+dlx)?|npm\s+exec|poetry\s+run|uv\s+run)\s+(?:--?[\w-]+\s+)*)?"
    r"(?:\./)?(?:node_modules/\.bin/)?prisma(?:@[\w.]+)?\s+(?P<verb>migrate\s+deploy|db\s+push|migrate\s+dev)\b"
)
"""A call that changes the database; its verb says which."""

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
    out: list[str] = []
    for line in lines:
        bare = line.strip()
        if bare.startswith("#") or not DEPLOY.search(bare):
            out.append(line)
            continue
        if bare.startswith(("if ", "while ", "until ", "for ", "|", "&")) or bare.endswith(("\\", "|", "(", "{", "do")):
            return None
        rest = without(bare)
        if "||" in bare or "|" in rest:
            return None
        if rest:
            out.append(line[: len(line) - len(line.lstrip())] + rest)
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
    out[last] = f"exec {pgready} {verb} -- {command}"
    return "\n".join(out)
