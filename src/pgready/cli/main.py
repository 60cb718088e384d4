"""The command line's outermost room: nothing but our own words and exit codes gets out of here.

A boot or wait with plain flags does without click, whose import alone costs more than connecting: every cold start
would pay for it.
"""

from __future__ import annotations

import errno
import os
import sys

from pgready.commands.fast_path import parse
from pgready.errors import PgreadyError


def main(argv: list[str]) -> int:
    """Run one command line; returns the exit code."""
    try:
        code = _told(argv)
        if sys.stdout is not None:  # closed by the caller
            sys.stdout.flush()
    except BrokenPipeError:
        return 141
    except OSError as e:
        return _output_lost(e)
    return code


def _told(argv: list[str]) -> int:
    """Run it, and say what went wrong; what reaches the caller is trouble with the output itself."""
    from pgready.cli.render import asks_for_json_log, show_bug, show_error
    from pgready.process.signals import Stopped

    as_json = "--json" in (argv[: argv.index("--")] if "--" in argv else argv)
    try:
        return _run(argv)
    except PgreadyError as e:
        show_error(e, as_json=as_json, log_json=asks_for_json_log(argv))
        return e.exit_code
    except Stopped as e:
        print(f"pgready: stopped by {e.name}", file=sys.stderr)
        return e.exit_code
    except KeyboardInterrupt:
        print("pgready: stopped by SIGINT", file=sys.stderr)
        return 130
    except BrokenPipeError:
        raise
    except OSError as e:
        if e.errno == errno.ENOSPC and e.filename is None:
            raise
        show_bug(e)
        return 1
    except Exception as e:
        show_bug(e)
        return 1


def _output_lost(error: OSError) -> int:
    """Stdout is a file on a full disk: say so, and keep the interpreter from failing on it once more at its end."""
    with open(os.devnull, "w", encoding="ascii") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    print(f"pgready: the output cannot be written: {error.strerror}", file=sys.stderr)
    return 2


def _run(argv: list[str]) -> int:
    plain = parse(argv)
    if plain is not None:
        from pgready.cli.start import start

        verb, flags, command = plain
        start(verb, flags, command)
        return 0
    from pgready.cli.group import run

    return run(argv)
