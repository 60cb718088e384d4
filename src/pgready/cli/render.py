"""Errors as people read them: what happened, where, the source with a caret, and the next command."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

from pgready import __version__
from pgready.errors import PgreadyError


def wants_color(choice: bool | None) -> bool:
    """Colour where stderr is a terminal, unless NO_COLOR or a flag says otherwise."""
    if choice is not None:
        return choice
    return sys.stderr.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def asks_for_json_log(argv: list[str]) -> bool:
    """Whether the story on stderr is JSON: a last word in another format would break its readers."""
    own = argv[: argv.index("--")] if "--" in argv else argv
    for at, word in enumerate(own):
        if word.startswith("--log-format"):
            return "json" in (word.partition("=")[2], *own[at + 1 : at + 2])
    return _log_format == "json" or os.environ.get("PGREADY_LOG_FORMAT") == "json"


_log_format = ""
_color: bool | None = None


def remember(log_format: str, color: bool | None) -> None:
    """What the settings ask for, for the errors that come after them."""
    global _log_format, _color  # noqa: PLW0603 - one command a process
    _log_format, _color = log_format, color


def show_error(error: PgreadyError, *, as_json: bool, log_json: bool = False) -> None:
    """On stderr for people, or as one line of a JSON log; with `--json` also as one object on stdout."""
    import json

    if as_json:
        print(json.dumps({"ready": False, "error": error.as_dict()}, ensure_ascii=False))
    if log_json:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = {"time": now, "event": "error", "message": error.what, **error.as_dict()}
        del line["what"]
        print(json.dumps(line, ensure_ascii=False), file=sys.stderr)
        return
    red, bold, off = ("\x1b[31m", "\x1b[1m", "\x1b[0m") if wants_color(_color) else ("", "", "")
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
    import traceback

    frames = traceback.extract_tb(error.__traceback__)[-6:]
    trail = " < ".join(f"{os.path.basename(f.filename)}:{f.lineno} {f.name}" for f in reversed(frames))
    print(
        f"error: this is a bug in pgready {__version__}: {type(error).__name__}\n"
        f"  at {trail}\n"
        "next: report it with these lines; the database holds the truth: pgready migrate status",
        file=sys.stderr,
    )
