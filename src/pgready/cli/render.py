"""Errors as people read them: what happened, where, the source with a caret, and the next command."""

from __future__ import annotations

import json
import os
import sys
import traceback

from pgready import __version__
from pgready.errors import PgreadyError


def wants_color(choice: bool | None) -> bool:
    """Colour where stderr is a terminal, unless NO_COLOR or a flag says otherwise."""
    if choice is not None:
        return choice
    return sys.stderr.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def show_error(error: PgreadyError, *, as_json: bool) -> None:
    """On stderr for people; with `--json` also as one object on stdout, since stdout carries data."""
    if as_json:
        print(json.dumps({"ready": False, "error": error.as_dict()}, ensure_ascii=False))
    red, bold, off = ("\x1b[31m", "\x1b[1m", "\x1b[0m") if wants_color(None) else ("", "", "")
    lines = [f"{red}{bold}error{off}: {error.what}"]
    if error.where and not error.what.startswith(error.where):
        lines.append(f"  --> {error.where}")
    # An excerpt may name its place itself; it is said once.
    excerpt = error.excerpt.splitlines()
    lines += excerpt[1:] if excerpt[:1] == [error.where] else excerpt
    lines += [f"  {line}" for line in error.detail.splitlines()]
    if error.then:
        first, *rest = error.then.splitlines()
        lines.append(f"{bold}next{off}: {first}")
        lines += [f"      {line}" for line in rest]
    print("\n".join(lines), file=sys.stderr)


def show_bug(error: Exception) -> None:
    """A bug of ours: no traceback for the user, and enough for us (files and lines hold no values)."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    trail = " < ".join(f"{os.path.basename(f.filename)}:{f.lineno} {f.name}" for f in reversed(frames))
    print(
        f"error: this is a bug in pgready {__version__}: {type(error).__name__}\n"
        f"  at {trail}\n"
        "next: report it with these lines; the database holds the truth: pgready migrate status",
        file=sys.stderr,
    )
