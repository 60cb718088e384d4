"""`python -m pgready`: the same as the console script, where there is no shell or no script.

Also what a self-contained executable is made of: see tools/build-executable.
"""

import os
import sys

from pgready.commands.fast_path import run


def _as_given() -> None:
    """In an executable: the environment as it was before the executable's own loader, for CMD is not of it."""
    own = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    os.environ.pop("LD_LIBRARY_PATH", None)
    if own is not None:
        os.environ["LD_LIBRARY_PATH"] = own
    for name in [name for name in os.environ if name.startswith("_PYI_")]:
        del os.environ[name]


def _start() -> int:
    if getattr(sys, "frozen", False):
        _as_given()
    argv = sys.argv[1:]
    run(argv)
    from pgready.cli.main import main

    return main(argv)


try:
    sys.exit(_start())
except KeyboardInterrupt:  # Ctrl-C before the command line answers to it
    sys.stderr.write("pgready: stopped by SIGINT\n")
    sys.exit(130)
