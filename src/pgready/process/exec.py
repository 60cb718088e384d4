"""Becoming CMD: found before anything is migrated, executed with the environment and signals it would have had.

Hot module: imports only `os` and C modules.
"""

import os

from pgready.errors import CommandNotExecutable, CommandNotFound


def find_command(argv: "list[str]", environ: "dict[str, str]") -> str:
    """The file that `argv[0]` names, looked up in PATH as execvp(3) does.

    Raises CommandNotFound (127) or CommandNotExecutable (126), the shell's own codes.
    """
    name = argv[0]
    if not name:
        raise CommandNotFound("the command is empty", then="pgready boot -- CMD [ARG…]")
    if "/" in name:
        candidates = [name]
    else:
        path = environ.get("PATH") or os.defpath
        candidates = [(folder or ".") + "/" + name for folder in path.split(":")]
    seen = ""
    for candidate in candidates:
        if os.path.isdir(candidate):
            seen = seen or candidate if "/" in name else seen
        elif os.access(candidate, os.X_OK):
            return candidate
        elif os.path.lexists(candidate):
            seen = seen or candidate
    if not seen:
        place = "" if "/" in name else " in PATH"
        raise CommandNotFound(
            f"command not found{place}: {name}", then="check the words after `--`; nothing was migrated"
        )
    if os.path.isdir(seen):
        raise CommandNotExecutable(f"{seen} is a directory", then="name a program after `--`; nothing was migrated")
    if not os.path.exists(seen):
        raise CommandNotFound(f"{seen} is a symbolic link to nowhere", then="mend the link; nothing was migrated")
    raise CommandNotExecutable(
        f"{seen} is not executable", then=f"chmod +x {seen} (in the image); nothing was migrated"
    )


def check_runnable(path: str) -> None:
    """Refuse a file that the kernel would refuse, before migrating: no `#!` line, or an interpreter that is missing.

    A file that cannot be read is left to the kernel. Raises CommandNotExecutable.
    """
    try:
        with open(path, "rb") as file:
            head = file.read(256)
    except OSError:
        return
    if head.startswith(b"#!"):
        line = head[2:].split(b"\n", 1)[0]
        words = line.strip(b" \t").split(None, 1)
        interpreter = os.fsdecode(words[0]) if words else ""
        if line.endswith(b"\r"):
            raise CommandNotExecutable(
                f"{path} has Windows line endings: the kernel looks for {interpreter}\\r",
                then=f"sed -i 's/\\r$//' {path}; nothing was migrated",
            )
        if not os.access(interpreter, os.X_OK):
            raise CommandNotExecutable(
                f"{path} wants the interpreter {interpreter}, which is not there",
                then=f"install it, or mend the first line of {path}; nothing was migrated",
            )
    elif b"\0" not in head:
        # execvp(3) of a shell would run it as a shell script, execve(2) refuses it: say so now.
        raise CommandNotExecutable(
            f"{path} {'has no #! line' if head else 'is empty'}: the kernel cannot execute it",
            then=f"begin {path} with `#!/bin/sh`; nothing was migrated",
        )


def become(path: str, argv: "list[str]", environ: "dict[str, str]") -> None:
    """Replace this process by CMD: same PID, its own signals; returns never."""
    import _signal  # type: ignore[import-not-found]  # `signal` costs an import of enum; no stubs

    # Python ignores these at start-up; a child that inherits that never dies of a closed pipe.
    for name in ("SIGPIPE", "SIGXFZ", "SIGXFSZ"):
        number = getattr(_signal, name, None)
        if number is not None:
            _signal.signal(number, _signal.SIG_DFL)
    try:
        os.execve(path, argv, _given(environ))
    except OSError as e:
        raise CommandNotExecutable(f"{path} cannot be executed: {e.strerror}") from None


def _given(environ: "dict[str, str]") -> "dict[str, str]":
    """The environment as we were given it: in the C locale Python adds LC_CTYPE to its own (PEP 538)."""
    if environ.get("LC_CTYPE") not in ("C.UTF-8", "C.utf8", "UTF-8"):
        return environ
    try:
        with open("/proc/self/environ", "rb") as file:
            given = file.read()
    except OSError:
        return environ
    if b"\0LC_CTYPE=" in b"\0" + given:
        return environ
    return {name: value for name, value in environ.items() if name != "LC_CTYPE"}
