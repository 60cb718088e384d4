"""What a process is told by its environment. What is missing ends it with a sentence, before it serves anything."""

import os


def setting(name: str, default: str | None = None) -> str:
    """A variable of the environment; without a default it has to be there."""
    value = os.environ.get(name) or default
    if value is None:
        raise SystemExit(f"{name} is not set: see the README for what each service needs")
    return value


def number(name: str, default: int) -> int:
    """A whole number above zero."""
    text = setting(name, str(default))
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise SystemExit(f"{name} is a whole number above zero, not {text!r}")
    return int(text)
