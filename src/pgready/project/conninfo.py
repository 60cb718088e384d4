"""libpq's keyword strings (`host=db user=me password='a b'`), read by libpq's own rules.

Apart from `url` because few settings are written this way. Errors never show a value, nor a word that may be one.
"""

from pgready.project.parameters import LIBPQ, NO_EFFECT, PRISMA, SECRETS, refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

_BLANK = " \t\n\v\f\r"


def keywords(text: str, source: str) -> "list[tuple[str, str]]":
    """(keyword, value) pairs in the order given, later ones winning; raises UsageInvalid."""
    pairs: list[tuple[str, str]] = []
    at, end = 0, len(text)
    previous = ""
    while True:
        while at < end and text[at] in _BLANK:
            at += 1
        if at == end:
            return pairs
        start = at
        while at < end and text[at] not in _BLANK and text[at] != "=":
            at += 1
        name = text[start:at]
        while at < end and text[at] in _BLANK:
            at += 1
        if at == end or text[at] != "=":
            _refuse_word(previous, source)
        if not (name in LIBPQ or name in NO_EFFECT or name in PRISMA):
            from pgready.project.url_trouble import refuse_parameter

            refuse_parameter(name, len(pairs) + 1, source, missing_equals=False, unsafe=previous in SECRETS)
        at += 1
        while at < end and text[at] in _BLANK:
            at += 1
        value, at = _value(text, at, name, source)
        pairs.append((name, value))
        previous = name


def _value(text: str, at: int, name: str, source: str) -> "tuple[str, int]":
    """The value that starts at `at`, its backslashes and quotes taken off, and where it ends."""
    end = len(text)
    quoted = at < end and text[at] == "'"
    at += quoted
    out: list[str] = []
    while at < end:
        character = text[at]
        if character == "\\":
            at += 1
            if at < end:
                out.append(text[at])
                at += 1
            continue
        if quoted and character == "'":
            return "".join(out), at + 1
        if not quoted and character in _BLANK:
            break
        out.append(character)
        at += 1
    if quoted:
        refuse(source, f"the quoted value of {name} is never closed", r"end it with ', write ' inside it as \'")
    return "".join(out), at


def _refuse_word(previous: str, source: str) -> "NoReturn":
    where = f"behind the value of {previous}" if previous else "at the start"
    refuse(
        source,
        f'a word without "=" stands {where}',
        "a value with spaces stands in single quotes: password='a b'",
    )
