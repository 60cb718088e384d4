"""`pgready.toml` and `[tool.pgready]` of pyproject.toml: paths and policy.

Plain lines are read by a small strict reader, since importing tomllib costs more than a whole no-op boot; any file
that needs more goes to tomllib. Both agree on every file that the strict reader accepts and tomllib can read.
"""

from pgready.errors import UsageInvalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_KEY = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
_HEADER = "[tool.pgready]"


def read(data: bytes, shown: str, known: "Sequence[str]") -> "dict[str, tuple[object, str]]":
    """The settings: key -> (value, where it stands in words).

    Raises UsageInvalid for broken TOML, and for keys that are not `known`, with the line and the nearest known key.
    """
    in_pyproject = shown.rpartition("/")[2] == "pyproject.toml"
    try:
        text = data.decode()
    except UnicodeDecodeError as e:
        line = data.count(b"\n", 0, e.start) + 1
        raise UsageInvalid(f"{shown}:{line}: the file is not UTF-8", where=f"{shown}:{line}") from None
    table = read_plain(text, _HEADER if in_pyproject else "")
    if table is None:
        table = _read_any(text, shown, in_pyproject=in_pyproject)
    label = f"{shown} {_HEADER}" if in_pyproject else shown
    for key in table:
        if key not in known:
            from pgready.project.suggest import nearest

            near = nearest(key, known)
            where = f"{shown}:{_line_of(text, key, _HEADER if in_pyproject else '')}"
            raise UsageInvalid(
                f"{where}: {key} is not a setting of pgready",
                where=where,
                excerpt=key,
                then=f"did you mean {near}?" if near else f"settings are {', '.join(known)}",
            )
    return {key: (value, label) for key, value in table.items()}


def read_plain(text: str, header: str) -> "dict[str, object] | None":
    """The table under `header` ("" for the whole file) if its lines are plain; None when tomllib has to read it."""
    if not text.isascii() or '"""' in text or "'''" in text:
        return None
    lines = [line.strip(" \t\r") for line in text.split("\n")]
    start = 0
    if header:
        # Other spellings of the table, subtables of it, and dotted keys are tomllib's.
        if lines.count(header) != 1 or text.count("tool.pgready") != 1 or "[tool]" in lines:
            return None
        start = lines.index(header) + 1
    found: dict[str, object] = {}
    for line in lines[start:]:
        if not line or line[0] == "#":
            if line.replace("\t", "").isprintable():
                continue
            return None
        if line[0] == "[":
            if header:
                break
            return None
        name, equals, raw = line.partition("=")
        key = name.rstrip(" \t")
        value = _plain_value(raw.strip(" \t"))
        if not equals or not key or not _KEY.issuperset(key) or value is None or key in found:
            return None
        found[key] = value
    return found


def _plain_value(raw: str) -> object:
    """A string, boolean, whole number or list of strings written plainly; None for anything else."""
    if raw in ("true", "false"):
        return raw == "true"
    if raw.isdigit() and (raw == "0" or raw[0] != "0") and len(raw) < 15:
        return int(raw)
    if raw[:1] == "[" and raw[-1:] == "]":
        inner = raw[1:-1].strip(" \t")
        items = [_plain_string(piece.strip(" \t")) for piece in inner.split(",")] if inner else []
        return None if None in items else items
    return _plain_string(raw)


def _plain_string(raw: str) -> "str | None":
    if len(raw) < 2 or raw[0] not in "\"'" or raw[-1] != raw[0]:
        return None
    text = raw[1:-1]
    return text if text.isprintable() and raw[0] not in text and "\\" not in text else None


def _read_any(text: str, shown: str, *, in_pyproject: bool) -> "dict[str, object]":
    import tomllib

    try:
        table: object = tomllib.loads(text)
    except tomllib.TOMLDecodeError as e:
        raise UsageInvalid(f"{shown} is not valid TOML: {e}", where=shown) from None
    for key in ("tool", "pgready") if in_pyproject else ():
        table = table.get(key, {}) if isinstance(table, dict) else {}
    if not isinstance(table, dict):
        raise UsageInvalid(f"{shown}: tool.pgready is not a table", where=shown, then=f"write {_HEADER}")
    return table


def _line_of(text: str, key: str, header: str) -> int:
    """The line that sets `key`, as far as it can be told without a parser that keeps positions."""
    lines = [line.strip() for line in text.splitlines()]
    start = lines.index(header) + 1 if header in lines else 0
    for number, line in enumerate(lines[start:], start + 1):
        if line.partition("=")[0].strip().strip("\"'") == key or line == f"[{header[1:-1]}.{key}]":
            return number
    return start or 1
