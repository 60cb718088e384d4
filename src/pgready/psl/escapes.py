"""The escapes of string literals: those of JSON, refused where Prisma refuses them."""

from pgready.psl.scan import Problem

_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "\\": "\\", "/": "/"}


def unescaped(text: str, start: int, end: int, problems: list[Problem]) -> str:
    """What the content `text[start:end]` of a string stands for; what is no escape is reported and left out."""
    out: list[str] = []
    at = start
    while True:
        back = text.find("\\", at, end)
        if back < 0:
            out.append(text[at:end])
            return "".join(out)
        out.append(text[at:back])
        escape = text[back + 1]
        if escape == "u":
            character, at = _character(text, back, end, problems)
            out.append(character)
            continue
        at = back + 2
        if escape in _ESCAPES:
            out.append(_ESCAPES[escape])
        else:
            what = f"an escape that the language does not know: `\\{escape}`" if escape.isprintable() else (
                "a backslash in front of a character that it cannot escape"
            )  # fmt: skip
            problems.append(Problem("unknown-escape", back, at, what, "write a backslash as `\\\\`"))


def _character(text: str, start: int, end: int, problems: list[Problem]) -> tuple[str, int]:
    """What the escape at `start` stands for, "" if for nothing, and where to read on; `end` is the string's."""
    first, behind = _unit(text, start, end)
    if first < 0:
        behind = max(behind, start + 2)
        what = "`\\u` is not followed by four hexadecimal digits"
        problems.append(Problem("unicode-escape", start, behind, what, "write e.g. `\\u00e4` for ä"))
        return "", behind
    if not 0xD800 <= first <= 0xDFFF:
        return chr(first), behind
    second, last = _unit(text, behind, end)
    if first < 0xDC00 <= second <= 0xDFFF:
        return chr(0x10000 + (first - 0xD800) * 0x400 + second - 0xDC00), last
    if second >= 0:
        behind = last
    what = "half a character: escapes from `\\ud800` to `\\udfff` stand in pairs"
    problems.append(Problem("unicode-escape", start, behind, what, "write the character itself"))
    return "", behind


def _unit(text: str, start: int, end: int) -> tuple[int, int]:
    r"""The number in a `\uXXXX` at `start` and the place behind it; -1 and where it stops being one."""
    if end - start < 4 or not text.startswith("\\u", start):
        return -1, start
    at = start + 2
    while at < start + 6:
        if at >= end or text[at] not in _HEXADECIMAL:
            return -1, at
        at += 1
    return int(text[start + 2 : at], 16), at
