"""Texts of flags, variables and TOML as settings hold them: switches, durations, counts, names."""

from pgready.errors import UsageInvalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_TRUE = ("1", "true", "yes", "on")
_FALSE = ("0", "false", "no", "off")
# Longest first, since "ms" ends in "s" too.
_UNITS = (("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0))
LOG_FORMATS = ("auto", "text", "json")
_CHOICES = {"log_format": (LOG_FORMATS, "auto, text or json"), "verify": (("history", "parity"), "history or parity")}


def convert(kind: str, value: object, source: str) -> object:
    """`value` as a field of `kind` holds it; raises UsageInvalid that names `source`."""
    if kind == "bool":
        return switch(value, source)
    if kind == "duration":
        return duration(value, source)
    if kind == "count":
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise UsageInvalid(f"{source} takes a whole number from 1 on", where=source)
        return value
    if kind in _CHOICES:
        choices, said = _CHOICES[kind]
        if value not in choices:
            from pgready.project.suggest import nearest

            near = nearest(str(value), choices)
            raise UsageInvalid(f"{source} takes {said}", where=source, then=f"did you mean {near}?" if near else "")
        return value
    if kind == "names":
        return names(value, source)
    if kind == "address":
        address(value, source)
        return value
    if not isinstance(value, str) or not value:
        raise UsageInvalid(f"{source} takes a name in quotes", where=source)
    check_name(value, source)
    return value


def switch(value: object, source: str) -> bool:
    """A boolean: TOML's own, or 1/true/yes/on and 0/false/no/off in any case."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _TRUE:
        return True
    if isinstance(value, str) and value.lower() in _FALSE:
        return False
    raise UsageInvalid(f"{source} takes true or false", where=source)


def duration(value: object, source: str) -> float:
    """Seconds: a number, or a number with ms, s, m or h behind it; never negative, never endless."""
    seconds = -1.0
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = float(value)
    elif isinstance(value, str):
        text, factor = value.strip(), 1.0
        for unit, worth in _UNITS:
            if text.endswith(unit):
                text, factor = text.removesuffix(unit).rstrip(), worth
                break
        if text.isascii() and text.replace(".", "", 1).isdigit():
            seconds = float(text) * factor
    if not 0 <= seconds < 1e9:
        raise UsageInvalid(f"{source} takes a duration such as 90, 90s, 5m, 1h or 500ms", where=source)
    return seconds


def names(value: object, source: str) -> "tuple[str, ...]":
    """Names from a list, or from a text with commas between them."""
    found = value.split(",") if isinstance(value, str) else value
    if not isinstance(found, list | tuple) or not all(isinstance(name, str) for name in found):
        raise UsageInvalid(f"{source} takes a list of names", where=source, then='e.g. schemas = ["public", "trading"]')
    trimmed = [name.strip() for name in found] if isinstance(value, str) else list(found)
    for name in trimmed:
        check_name(name, source)
    return tuple(dict.fromkeys(trimmed))


def address(value: object, source: str) -> "tuple[str, int]":
    """Host ("" for every address of the machine) and port of `:8080`, `127.0.0.1:8080` or `[::]:8080`."""
    text = value if isinstance(value, str) else ""
    host, colon, port = text.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    if bracketed:
        host = host[1:-1]
    number = int(port) if colon and port.isascii() and port.isdigit() and len(port) < 6 else 0
    if not 0 < number < 65536 or (":" in host and not bracketed) or (bracketed and ":" not in host):
        raise UsageInvalid(
            f"{source} takes an address such as :8080, 127.0.0.1:8080 or [::]:8080", where=source, then="--health :8080"
        )
    return host, number


def check_name(name: str, source: str) -> None:
    """Raise UsageInvalid for a name that PostgreSQL would refuse or cut."""
    if not name or "\0" in name:
        raise UsageInvalid(f"{source}: a name is empty or holds a NUL character", where=source)
    size = len(name.encode("utf-8", "replace"))
    if size > 63:
        raise UsageInvalid(
            f"{source}: the name {name!r} has {size} bytes; PostgreSQL cuts names after 63",
            where=source,
            then="shorten it: cut silently, it would name another object",
        )


def unknown_variable(name: str, known: "Sequence[str]") -> "list[str]":
    """What to tell about a PGREADY_ variable that is no setting: nothing for those of other rooms."""
    word = name.removeprefix("PGREADY_").lower()
    if word == "cache_dir" or word.startswith(("test_", "embedded", "bench")):
        return []
    from pgready.project.suggest import nearest

    near = nearest(word, known)
    hint = f"; did you mean PGREADY_{near.upper()}?" if near else ""
    return [f"{name} is not a setting of pgready and has no effect{hint}"]
