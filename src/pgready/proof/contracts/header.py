"""The keys below a contract's name: parameters with types and samples, limits, and waivers with their reasons."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import get_args

from pgready.proof.contract import Parameter, Permission, Waiver
from pgready.proof.contracts.parse import is_type
from pgready.proof.contracts.placeholders import Converted
from pgready.psl.diagnostics import Findings
from pgready.psl.source import Source, Span

KEYS = ("param", "max_rows_read", "allow", "search_path")
_FOREIGN = frozenset({"record_class", "returns"})
"""Keys of the files' other readers, left alone."""

_LINE = re.compile(r"[ \t]*--(?P<gap>[ \t]*)(?P<text>[^\r\n]*)")
_KEY = re.compile(r"(?P<key>[a-z][a-z_]*)(?P<rest>[ \t]+\$?[\w]+)?[ \t]*(?P<colon>[:=])")
_PARAMETER = re.compile(r"param[ \t]+(?P<name>\$?\w+)[ \t]*(?P<rest>.*)", re.DOTALL)
_VALUE = re.compile(r"(?P<quoted>'(?:[^']|'')*')|(?P<bare>[\w.+:/@{}\[\],-]+)")
_TRAILER = re.compile(r"(?:[ \t]+--.*)?[ \t]*")
_REASON = re.compile(r"[ \t]+(?:--|—)[ \t]*")
_PERMISSIONS: tuple[Permission, ...] = get_args(Permission)


@dataclass(frozen=True, slots=True)
class Declared:
    """A `param` line: `name` as written, without the dollar sign of a number."""

    name: str
    type: str | None
    sample: str | None
    is_null: bool
    at: Span


@dataclass(slots=True)
class Header:
    """What the keys of one contract say."""

    declared: list[Declared] = field(default_factory=list)
    max_rows_read: int | None = None
    search_path: str = ""
    waivers: tuple[Waiver, ...] = ()

    def parameters(self, converted: Converted, findings: Findings) -> tuple[Parameter, ...]:
        """The query's parameters with what is declared of them; reports a declared one that it does not have."""
        known = {name or str(number): number for number, name in enumerate(converted.names, 1)}
        said: dict[int, Declared] = {}
        for one in self.declared:
            number = known.get(one.name)
            if number is None:
                near = _nearest(one.name, known)
                help_ = f"did you mean `{near}`?" if near else "parameters are " + (", ".join(known) or "none")
                findings.error("parameter-unknown", one.at, f"the query has no parameter `{one.name}`", help_)
            elif number in said:
                findings.error("parameter-twice", one.at, f"parameter `{one.name}` is declared twice", "keep one line")
            else:
                said[number] = one
        made = []
        for number, name in enumerate(converted.names, 1):
            found = said.get(number)
            made.append(
                Parameter(number, name, found.type, found.sample, found.is_null) if found else Parameter(number, name)
            )
        return tuple(made)


def read_header(source: Source, start: int, query: int, end: int, findings: Findings) -> Header:
    """The keys in the comment lines from `start` (behind the name) to the query; `end` is that of the contract's text.

    Keys below the beginning of the query are reported.
    """
    header = Header()
    seen: set[str] = set()
    for line in _comments(source, start, end):
        above = line.start < query
        match = _KEY.match(line.text)
        if match is None:
            continue
        key, rest = match["key"], match["rest"]
        takes_word = key == "param"
        if key not in KEYS or bool(rest) != takes_word or (match["colon"] == "=" and not takes_word):
            if above:
                _unknown(line, key, rest, findings)
            continue
        if not above:
            what = f"`{key}` stands below the beginning of the query"
            findings.error("header-late", line, what, "move it up, directly below the name")
        elif key == "param":
            _parameter(line, header, findings)
        elif key in seen and key != "allow":
            findings.error("header-twice", line, f"`{key}` is said twice", "keep one line")
        else:
            value = Span(source, line.start + match.end(), line.end)
            seen.add(key)
            _VALUES[key](value, header, findings)
    return header


def _comments(source: Source, start: int, end: int) -> Iterator[Span]:
    """The text of each line that is a comment."""
    at = start
    text = source.text
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        line = text[at:stop]
        match = _LINE.match(line)
        if match:
            body = match["text"].rstrip()
            yield Span(source, at + match.start("text"), at + match.start("text") + len(body))
        at = stop + 1


def _unknown(line: Span, key: str, rest: str | None, findings: Findings) -> None:
    """A key that is nearly one of ours is a slip; other comments with a colon are somebody's prose."""
    if key in _FOREIGN:
        return
    near = "" if key in KEYS else _nearest(key, KEYS)
    at = Span(line.source, line.start, line.start + len(key))
    if near or ("_" in key and not rest):
        help_ = f"did you mean `{near}`?" if near else f"keys are {', '.join(KEYS)}"
        findings.error("header-unknown", at, f"`{key}` is no key of a contract", help_)
    elif key == "param":
        findings.error("parameter-invalid", at, "`param` needs the parameter's name", _PARAMETER_HELP)
    elif key in KEYS:
        findings.error("header-unknown", at, f"`{key}` is not written like this", f"write  -- {key}: …")


_PARAMETER_HELP = "write  -- param client: uuid = '…'  (type and value may be left out)"


def _parameter(line: Span, header: Header, findings: Findings) -> None:
    match = _PARAMETER.fullmatch(line.text)
    if match is None:
        findings.error("parameter-invalid", line, "this is no parameter", _PARAMETER_HELP)
        return
    name, rest = match["name"].removeprefix("$"), match["rest"]
    type_: str | None = None
    where = line.start + match.start("rest")
    sample: str | None = None
    is_null = False
    head, equals, value = rest.partition("=")
    if head.startswith(":"):
        written = _without_comment(head)[1:]
        type_ = written.strip()
        begin = where + 1 + len(written) - len(written.lstrip())
        at = Span(line.source, begin, begin + max(len(type_), 1))
        if not type_ or not is_type(type_):
            what = f"`{type_}` is no type" if type_ else "the type is missing"
            findings.error("parameter-type", at, what, "write it as SQL does: uuid, varchar(20), timestamptz, text[]")
            return
    elif head.strip():
        findings.error("parameter-invalid", line, "this is no parameter", _PARAMETER_HELP)
        return
    if equals:
        begin = where + len(head) + 1 + len(value) - len(value.lstrip())
        read = _value(value.strip())
        if read is None:
            at = Span(line.source, begin, max(line.end, begin + 1))
            findings.error("parameter-value", at, "the value cannot be read", "put it into quotes: = '…'")
            return
        sample, is_null = read
    at = Span(line.source, line.start + match.start("name"), line.start + match.end("name"))
    header.declared.append(Declared(name, type_, sample, is_null, at))


def _value(text: str) -> tuple[str | None, bool] | None:
    """A sample as PostgreSQL's input text, and whether it is NULL; None for what cannot be read."""
    match = _VALUE.match(text)
    if match is None or not _TRAILER.fullmatch(text, match.end()):
        return None
    if match["quoted"]:
        return match["quoted"][1:-1].replace("''", "'"), False
    return (None, True) if match["bare"].upper() == "NULL" else (match["bare"], False)


def _max_rows_read(value: Span, header: Header, findings: Findings) -> None:
    text = _without_comment(value.text).strip()
    digits = text.replace("_", "").replace(",", "")
    if not (digits.isascii() and digits.isdigit() and int(digits) > 0):
        at = _trimmed(value)
        findings.error("limit-invalid", at, f"`{text}` is no number of rows", "write a whole number above 0: 500")
        return
    header.max_rows_read = int(digits)


def _allow(value: Span, header: Header, findings: Findings) -> None:
    parts = _REASON.split(value.text, 1)
    reason = parts[1].strip() if len(parts) > 1 else ""
    offset = value.start
    made = []
    for word in parts[0].split(","):
        begin = offset + len(word) - len(word.lstrip())
        offset += len(word) + 1
        name = word.strip()
        at = Span(value.source, begin, begin + max(len(name), 1))
        allowed = next((one for one in _PERMISSIONS if one == name), None)
        if allowed is None:
            near = _nearest(name, _PERMISSIONS)
            help_ = f"did you mean `{near}`?" if near else f"it may be {', '.join(_PERMISSIONS)}"
            findings.error("waiver-unknown", at, f"`{name}` is nothing that can be allowed", help_)
        elif not reason:
            what = f"`allow: {name}` has no reason"
            findings.error("waiver-reason", at, what, f"say why it is right:  -- allow: {name} -- at most 200 rows")
        else:
            made.append(Waiver(allowed, reason))
    header.waivers += tuple(made)


def _search_path(value: Span, header: Header, findings: Findings) -> None:
    text = value.text.strip()
    if not text:
        findings.error("header-empty", value, "`search_path` is empty", "write  -- search_path: billing, public")
    header.search_path = text


_VALUES = {"max_rows_read": _max_rows_read, "allow": _allow, "search_path": _search_path}


def _without_comment(text: str) -> str:
    return re.split(r"[ \t]+--", text, maxsplit=1)[0]


def _trimmed(value: Span) -> Span:
    text = value.text
    begin = value.start + len(text) - len(text.lstrip())
    return Span(value.source, begin, begin + max(len(text.strip()), 1))


def _nearest(word: str, known: Collection[str]) -> str:
    found = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.7)
    return found[0] if found else ""
