"""`python -m pgready`: the same as the console script, where there is no shell or no script."""

import sys

from pgready.commands.fast_path import run


def _start() -> int:
    argv = sys.argv[1:]
    run(argv)
    from pgready.cli.main import main

    return main(argv)


try:
    sys.exit(_start())
except KeyboardInterrupt:  # Ctrl-C before the command line answers to it
    sys.stderr.write("pgready: stopped by SIGINT\n")
    sys.exit(130)
