"""`python -m pgready`: the same as the console script, where there is no shell or no script."""

import sys

from pgready.commands.fast_path import run


def _start() -> int:
    argv = sys.argv[1:]
    run(argv)
    from pgready.cli.main import main

    return main(argv)


sys.exit(_start())
