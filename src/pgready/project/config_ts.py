"""The literals of `prisma.config.ts`, read without running it.

A small tokenizer of JavaScript's surface and a reader of the exported object: string literals, `env("X")`,
`process.env.X` and `path.join` of literals count; anything computed is ignored and noted. It never guesses: what it
cannot follow it leaves to stronger sources or to the datasource block.
"""

import os

from pgready.psl.datasource import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_WORD_START = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$")
_WORD = _WORD_START | frozenset("0123456789")
_OPENING, _CLOSING = "({[", ")}]"
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}


class PrismaConfig:
    """What prisma.config.ts says in literals; paths are relative to its folder, `lines` maps a key to its line."""

    __slots__ = (
        "direct_url",
        "external_enums",
        "external_tables",
        "lines",
        "migrations",
        "notes",
        "path",
        "schema",
        "seed",
        "shadow_url",
        "url",
    )

    def __init__(self, path: str) -> None:
        self.path = path
        self.schema = ""
        self.migrations = ""
        self.seed = ""
        self.url: Value | None = None
        self.direct_url: Value | None = None
        self.shadow_url: Value | None = None
        self.external_tables: tuple[str, ...] = ()
        self.external_enums: tuple[str, ...] = ()
        self.lines: dict[str, int] = {}
        self.notes: list[str] = []


class _Token:
    """`kind` is "word", "string" (text unescaped), "computed" (a template with holes) or "mark" (one character)."""

    __slots__ = ("kind", "line", "text")

    def __init__(self, kind: str, text: str, line: int) -> None:
        self.kind = kind
        self.text = text
        self.line = line


def read(text: str, path: str = "prisma.config.ts") -> PrismaConfig:
    """Read the exported object of a Prisma config; `path` names it in notes and sources. Raises nothing."""
    config = PrismaConfig(path)
    tokens = _tokens(text)
    start = _exported(tokens)
    if start < 0:
        config.notes.append(f"{path}: the exported config is computed and was ignored")
        return config
    found: dict[str, tuple[int, list[_Token]]] = {}
    _flatten(tokens, start, "", found)
    for key, field in (("schema", "schema"), ("migrations.path", "migrations")):
        if key in found:
            line, value = found[key]
            literal = _path_of(value)
            if literal is None:
                config.notes.append(f"{path}:{line}: {key} is computed and was ignored")
            else:
                setattr(config, field, literal)
                config.lines[key] = line
    if "migrations.seed" in found:
        line, value = found["migrations.seed"]
        if len(value) == 1 and value[0].kind == "string":
            config.seed = value[0].text
            config.lines["migrations.seed"] = line
        else:
            config.notes.append(f"{path}:{line}: migrations.seed is computed and was ignored")
    for key, field in (("url", "url"), ("directUrl", "direct_url"), ("shadowDatabaseUrl", "shadow_url")):
        if f"datasource.{key}" in found:
            line, value = found[f"datasource.{key}"]
            url = _url_of(value, line)
            if url is None:
                config.notes.append(f"{path}:{line}: datasource.{key} is computed and was ignored")
            setattr(config, field, url)
            config.lines[f"datasource.{key}"] = line
    for key, field in (("tables.external", "external_tables"), ("enums.external", "external_enums")):
        if key in found:
            line, value = found[key]
            names = _names_of(value)
            if names is None:
                config.notes.append(f"{path}:{line}: {key} is computed and was ignored")
            else:
                setattr(config, field, names)
                config.lines[key] = line
    for key in ("datasource", "migrations", "tables", "enums"):
        if key in found:  # an object would have been taken apart
            config.notes.append(f"{path}:{found[key][0]}: {key} is computed and was ignored")
    return config


def _tokens(text: str) -> "list[_Token]":
    tokens: list[_Token] = []
    at, line, end = 0, 1, len(text)
    while at < end:
        character = text[at]
        if character in " \t\r\n\ufeff":
            line += character == "\n"
            at += 1
        elif text.startswith("//", at):
            stop = text.find("\n", at)
            at = end if stop < 0 else stop
        elif text.startswith("/*", at):
            stop = text.find("*/", at + 2)
            stop = end if stop < 0 else stop + 2
            line += text.count("\n", at, stop)
            at = stop
        elif character in "\"'`":
            token, stop = _string(text, at, line)
            tokens.append(token)
            line += text.count("\n", at, stop)
            at = stop
        elif character in _WORD:
            start = at
            while at < end and text[at] in _WORD:
                at += 1
            tokens.append(_Token("word", text[start:at], line))
        else:
            tokens.append(_Token("mark", character, line))
            at += 1
    return tokens


def _string(text: str, opening: int, line: int) -> "tuple[_Token, int]":
    """The string or template that opens at `opening`, and where it ends; a broken one ends with its line."""
    quote, at = text[opening], opening + 1
    out: list[str] = []
    kind = "string"
    while at < len(text):
        character = text[at]
        if character == quote:
            return _Token(kind, "".join(out), line), at + 1
        if character == "\n" and quote != "`":
            break
        if character == "\\" and at + 1 < len(text):
            escape = text[at + 1]
            if escape in "ux":
                kind = "computed"
            out.append(_ESCAPES.get(escape, escape))
            at += 2
            continue
        if quote == "`" and text.startswith("${", at):
            kind = "computed"
        out.append(character)
        at += 1
    return _Token("computed", "", line), at


def _texts(tokens: "Sequence[_Token]", at: int, count: int) -> "list[str]":
    return ["" if t.kind == "string" else t.text for t in tokens[at : at + count]]


def _exported(tokens: "list[_Token]") -> int:
    """Index of the `{` of the exported object, or -1."""
    for i in range(len(tokens)):
        if _texts(tokens, i, 2) == ["export", "default"]:
            return _object_at(tokens, i + 2)
        if _texts(tokens, i, 4) == ["module", ".", "exports", "="]:
            return _object_at(tokens, i + 4)
    return -1


def _object_at(tokens: "list[_Token]", at: int) -> int:
    """The object at `at`: itself, in defineConfig(...), or in a constant that is named there."""
    if _texts(tokens, at, 2) == ["defineConfig", "("]:
        at += 2
    if _texts(tokens, at, 1) == ["{"]:
        return at
    if at >= len(tokens) or tokens[at].kind != "word" or _texts(tokens, at + 1, 1) in (["("], ["."]):
        return -1
    name = tokens[at].text
    for i in range(len(tokens)):
        if tokens[i].text in ("const", "let", "var") and _texts(tokens, i + 1, 1) == [name]:
            at = i + 2
            while at < len(tokens) and tokens[at].text not in ("=", "{", ";"):
                at += 1
            if _texts(tokens, at, 1) == ["="] and _texts(tokens, at + 1, 1) != [name]:
                at += 3 if _texts(tokens, at + 1, 2) == ["defineConfig", "("] else 1
                return at if _texts(tokens, at, 1) == ["{"] else -1
            return -1
    return -1


def _flatten(tokens: "list[_Token]", at: int, prefix: str, found: "dict[str, tuple[int, list[_Token]]]") -> None:
    """Put `a.b` -> (line, value tokens) into `found` for the object whose `{` is at `at`."""
    at += 1
    while at < len(tokens) and not (tokens[at].kind == "mark" and tokens[at].text == "}"):
        start = at
        depth = 0
        while at < len(tokens):
            token = tokens[at]
            if token.kind == "mark":
                if token.text in _OPENING:
                    depth += 1
                elif token.text in _CLOSING:
                    if depth == 0:
                        break
                    depth -= 1
                elif token.text == "," and depth == 0:
                    break
            at += 1
        entry = tokens[start:at]
        if len(entry) > 2 and entry[0].kind in ("word", "string") and _texts(entry, 1, 1) == [":"]:
            key, value = prefix + entry[0].text, entry[2:]
            if prefix == "" and _texts(value, 0, 1) == ["{"] and _texts(value, len(value) - 1, 1) == ["}"]:
                _flatten(tokens, start + 2, key + ".", found)
            else:
                found[key] = (entry[0].line, value)
        elif prefix == "" and len(entry) == 1 and entry[0].kind == "word":
            found[entry[0].text] = (entry[0].line, entry)
        if at < len(tokens) and tokens[at].text != ",":
            return  # the object's own brace, or one that closes nothing
        at += 1


def _names_of(value: "list[_Token]") -> "tuple[str, ...] | None":
    """The strings of an array of nothing else; None for what is not one."""
    if _texts(value, 0, 1) != ["["] or _texts(value, len(value) - 1, 1) != ["]"]:
        return None
    inner = value[1:-1]
    if inner and inner[-1].text == "," and inner[-1].kind == "mark":
        inner = inner[:-1]
    strings, commas = inner[0::2], inner[1::2]
    if any(t.kind != "string" for t in strings) or any(t.kind != "mark" or t.text != "," for t in commas):
        return None
    return None if strings and len(strings) == len(commas) else tuple([t.text for t in strings])


def _path_of(value: "list[_Token]") -> "str | None":
    """A path that is a literal, or path.join of literals, perhaps below the config's own folder; else None.

    path.resolve counts from that folder only: without it the path would depend on where Prisma is called.
    """
    if len(value) == 1 and value[0].kind == "string":
        return value[0].text
    words = _texts(value, 0, len(value))
    if words[:2] == ["path", "."]:
        words, value = words[2:], value[2:]
    if words[:2] not in (["join", "("], ["resolve", "("]) or words[-1] != ")":
        return None
    inner = value[2:-1]
    if _texts(inner, 0, 1) == ["__dirname"]:
        inner = inner[1:]
    elif _texts(inner, 0, 5) == ["import", ".", "meta", ".", "dirname"]:
        inner = inner[5:]
    elif words[0] == "resolve":
        return None
    else:
        inner = [_Token("mark", ",", 0), *inner]
    if inner and inner[-1].kind == "mark":
        inner = inner[:-1]
    commas, strings = inner[0::2], inner[1::2]
    if len(commas) != len(strings) or not strings:
        return None
    if any(t.text != "," for t in commas) or any(t.kind != "string" for t in strings):
        return None
    if words[0] == "resolve" and any(t.text.startswith("/") for t in strings):
        return None
    return os.path.normpath("/".join(t.text for t in strings))


def _url_of(value: "list[_Token]", line: int) -> "Value | None":
    """A literal, env("X"), process.env.X or process.env["X"], perhaps with `!`, `as string` or an empty fallback."""
    words = _texts(value, 0, len(value))
    if len(value) == 1:
        return Value("literal", value[0].text, line) if value[0].kind == "string" else None
    if words[:1] == ["env"]:
        opening = words.index("(") if "(" in words else -1
        # Between the two may stand a type argument: env<Env>("X").
        if opening > 0 and words[1:2] in (["("], ["<"]) and words[opening + 2 :] == [")"]:
            name = value[opening + 1]
            return Value("env", name.text, line) if name.kind == "string" else None
        return None
    if words[:4] == ["process", ".", "env", "."] and len(value) > 4:
        name, rest = value[4], value[5:]
    elif words[:4] == ["process", ".", "env", "["] and words[5:6] == ["]"] and value[4].kind == "string":
        name, rest = value[4], value[6:]
    else:
        return None
    ends = _texts(rest, 0, len(rest))
    empty_fallback = len(rest) == 3 and rest[2].kind == "string" and not rest[2].text
    if ends in ([], ["!"], ["as", "string"]) or (empty_fallback and ends[:2] in (["?", "?"], ["|", "|"])):
        return Value("env", name.text, line)
    return None
