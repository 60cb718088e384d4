"""The command line's outermost room: nothing but our own words and exit codes gets out of here.

A boot or wait with plain flags does without click, whose import alone costs more than connecting: every cold start
would pay for it.
"""

from __future__ import annotations

import sys

from pgready.commands.fast_path import parse
from pgready.errors import PgreadyError


def main(argv: list[str]) -> int:
    """Run one command line; returns the exit code."""
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
        return 141
    except Exception as e:
        show_bug(e)
        return 1


def _run(argv: list[str]) -> int:
    plain = parse(argv)
    if plain is not None:
        from pgready.cli.start import start

        verb, flags, command = plain
        start(verb, flags, command)
        return 0
    from pgready.cli.group import run

    return run(argv)
