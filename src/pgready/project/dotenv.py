"""`.env` files: plain lines by a small strict reader, everything else by the python-dotenv library.

The strict reader takes only lines that leave nothing to interpret (no escape, no `$`, no `#` behind a value, no
`export`), so that both readers agree on every file that it accepts; the library's import is paid for by the others.
"""

from pgready.errors import UsageInvalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_FIRST = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")
_NAME = _FIRST | frozenset("0123456789")
# In a value these call for a real reader.
_SPECIAL = frozenset("\"'`\\$#")


def read(data: bytes, shown: str, environ: "Mapping[str, str]") -> "dict[str, str]":
    """Variables of a `.env` file; `${NAME}` is taken from `environ` first, then from the file.

    Raises UsageInvalid when the file is not UTF-8.
    """
    try:
        text = data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as e:
        line = data.count(b"\n", 0, e.start) + 1
        raise UsageInvalid(f"{shown}:{line}: the file is not UTF-8", where=f"{shown}:{line}") from None
    plain = read_plain(text)
    return read_any(text, environ) if plain is None else plain


def read_plain(text: str) -> "dict[str, str] | None":
    """Variables of a file of plain `NAME=value` lines; None when a line needs the library."""
    found: dict[str, str] = {}
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    for line in text.split("\n"):
        if not line or line[0] == "#":
            # Some line ends of Unicode are white space to the library and text to us.
            if line.isprintable() and line.isascii():
                continue
            return None
        name, equals, value = line.partition("=")
        if not equals or name[:1] not in _FIRST or not _NAME.issuperset(name):
            return None
        if not value.isprintable() or not value.isascii():
            return None
        if len(value) > 1 and value[0] in "\"'" and value[-1] == value[0]:
            value = value[1:-1]
        elif " " in value:
            return None
        if not _SPECIAL.isdisjoint(value):
            return None
        found[name] = value
    return found


def read_any(text: str, environ: "Mapping[str, str]") -> "dict[str, str]":
    """Variables as the python-dotenv library reads them; names without `=` are left out."""
    import io

    from dotenv.main import DotEnv
    from dotenv.variables import parse_variables

    found: dict[str, str] = {}
    for name, value in DotEnv(None, stream=io.StringIO(text), interpolate=False).parse():
        if value is None:
            continue
        # The library's own interpolation reads os.environ; ours may be another environment.
        around: dict[str, str | None] = {**found, **environ}
        found[name] = "".join(atom.resolve(around) for atom in parse_variables(value))
    return found
