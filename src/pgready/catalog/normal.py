"""What the server prints, in one wording: for every version from 14 to 18, and for what was made by what it printed.

An array that is cast as a whole, as `IN` on a varchar column prints it, comes back from its own text as an array whose
elements are cast; that is the wording we keep.

The differences between versions that there are, measured on everything that tests/catalog/rich.sql makes: up to 15 a
view's own columns are printed with their table's name, since 16 without it where the view reads from one table only;
and 16 and 17 made keywords of some words, and quote them where they are names. The newer wording is the one we keep.
Inside sub-selects every version prints the table's name. What the server prints has keywords in capitals, quotes every
name that is not in small letters, and has no comments; that is all that is relied on here.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_WORD = re.compile(r"""\s+|'(?:[^']|'')*'|"(?:[^"]|"")*"|\w[\w$]*|::|.""", re.DOTALL)
_NAME = re.compile(r"""[a-z_]|"(?!\Z)""")
_CALLED = re.compile(r"[\w\"$]\Z")
_SUBSELECT = frozenset({"SELECT", "WITH", "VALUES"})
_SET_OPERATIONS = frozenset({"UNION", "INTERSECT", "EXCEPT"})
_AFTER_FROM = frozenset({"WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "OFFSET", "LIMIT", "FETCH", "FOR"})
_CLAUSES = _AFTER_FROM | {"SELECT", "FROM", "PARTITION", "ROWS", "RANGE", "GROUPS"}
_SORTED = frozenset({"ORDER", "PARTITION", "DISTINCT ON"})
# Before `a.b` these say that it is a type or a collation, not a column.
_NOT_BEFORE_COLUMN = frozenset({"::", ".", "COLLATE", "AS", "RETURNING"})
# In small letters these are names, which 16 or 17 quotes; `json` may be the type.
_NEW_KEYWORDS = frozenset((
    "json_array", "json_arrayagg", "json_exists", "json_object", "json_objectagg", "json_query", "json_scalar",
    "json_serialize", "json_table", "json_value", "merge_action", "system_user",
))  # fmt: skip
_NEW_CALLED = re.compile(rf"(?<=\.)(json|{'|'.join(sorted(_NEW_KEYWORDS))})(?=\()")
_HAS_NEW = re.compile(r"json(?!b)|merge_action|system_user")


class _Word(NamedTuple):
    """A word outside sub-selects: `at` is its place among all, `clause` where it stands within its bracket."""

    at: int
    text: str
    depth: int
    clause: str


def expression(text: str) -> str:
    """An expression or definition as the newest version prints it, once more when it was made from its own text."""
    if _HAS_NEW.search(text):
        text = _quoted(text)
    if "(ARRAY[" not in text or "])::" not in text:
        return text
    words = _WORD.findall(text)
    for at in range(len(words) - 3, -1, -1):
        if words[at : at + 3] == ["(", "ARRAY", "["] and not (at and _CALLED.search(words[at - 1])):
            _cast_elements(words, at)
    return "".join(words)


def _quoted(text: str) -> str:
    """With quotes around names that are keywords in newer versions.

    `json` after `::`, RETURNING or a name is the type, unless that name is a table's: then it is its alias. Defaults of
    columns are kept as they are printed: Prisma compares their words.
    """
    words = _WORD.findall(text)
    last, before = "", ""
    for at, word in enumerate(words):
        if word in _NEW_KEYWORDS or (word == "json" and not _is_type(last, before)):
            words[at] = f'"{word}"'
        if not word.isspace():
            last, before = before, word
    return "".join(words)


def _is_type(last: str, before: str) -> bool:
    """Whether `json` behind these two words is the type."""
    if _NAME.match(before):
        return last not in (".", "FROM", "JOIN", "ONLY")
    return before in ("::", "RETURNING", "RETURNS", "SETOF")


def routine_definition(text: str) -> str:
    """A function or procedure; its body is a text of its own unless it is written as SQL."""
    head, line, rest = text.partition("\n")
    text = _NEW_CALLED.sub(r'"\1"', head) + line + rest
    return text if "\nAS " in text else expression(text)


def _cast_elements(words: list[str], start: int) -> None:
    """`(ARRAY[a, b])::type[]` at `start` becomes `ARRAY[(a)::type, (b)::type]`; anything else stays."""
    depth, at = 0, start + 3
    elements: list[list[str]] = [[]]
    while at < len(words) and (depth or words[at] != "]"):
        depth += (words[at] in ("(", "[")) - (words[at] in (")", "]"))
        if words[at] == "," and not depth:
            elements.append([])
        else:
            elements[-1].append(words[at])
        at += 1
    if words[at + 1 : at + 3] != [")", "::"]:
        return
    end = type_start = at + 3
    while end < len(words) and (words[end].isspace() or words[end] == "." or _CALLED.search(words[end])):
        end += 1
    if words[end : end + 2] != ["[", "]"]:
        return
    type_ = "".join(words[type_start:end])
    shown = [
        expression(f"({one})::{type_}{'[]' * one.startswith('ARRAY[')}")
        for one in ("".join(e).strip() for e in elements)
    ]
    words[start : end + 2] = ["ARRAY[" + ", ".join(shown) + "]"]


def view_definition(text: str) -> str:
    """The query of a view from `pg_get_viewdef`'s text: as 16 and newer print it, without the last semicolon."""
    query = expression(text).strip().removesuffix(";")
    words = _WORD.findall(query)
    top = _outside_subselects(words)
    table = _only_table(top)
    if table is None:
        return query
    outputs = _outputs(top)
    for number in range(1, len(top) - 2):
        before, name, dot, column = top[number - 1 : number + 3]
        after = top[number + 3].text if number + 3 < len(top) else ""
        if name.text != table or dot.text != "." or not _NAME.match(column.text):
            continue
        if before.text in _NOT_BEFORE_COLUMN or after in ("(", "."):
            continue
        if before.text in ("FROM", "ONLY") and name.depth == 0:
            continue  # the table itself, in a schema of its name
        is_item = before.text in ("BY", ",", "(") and (after in (",", ")", "") or after.isupper())
        if is_item and name.clause in _SORTED and outputs.get(column.text, column.text) != column.text:
            continue  # the bare name would mean the output column, so the new versions print the table's, too
        words[name.at] = words[dot.at] = ""
    return "".join(words)


def _outside_subselects(words: list[str]) -> list[_Word]:
    """The words of the query itself; of a sub-select only its brackets."""
    found: list[_Word] = []
    clauses = [""]
    hidden = 0
    solid = [at for at, word in enumerate(words) if not word.isspace()]
    for place, at in enumerate(solid):
        word = words[at]
        if hidden:
            hidden += (word == "(") - (word == ")")
            if hidden:
                continue
        elif word == "(" and place + 1 < len(solid) and words[solid[place + 1]] in _SUBSELECT:
            hidden = 1
        elif word in ("(", "["):
            is_distinct_on = [one.text for one in found[-2:]] == ["DISTINCT", "ON"]
            found.append(_Word(at, word, len(clauses) - 1, clauses[-1]))
            clauses.append("DISTINCT ON" if is_distinct_on else "")
            continue
        elif word in (")", "]"):
            clauses.pop()
        elif word in _CLAUSES and not (word in ("FROM", "FOR") and len(clauses) > 1):
            clauses[-1] = word
        found.append(_Word(at, word, len(clauses) - 1, clauses[-1]))
    return found


def _only_table(top: list[_Word]) -> str | None:
    """The name that columns of the only table are printed with; None where FROM has not exactly one item."""
    outer = [word for word in top if word.depth == 0]
    if any(word.text in _SET_OPERATIONS for word in outer):
        return None
    source = [word for word in outer if word.clause == "FROM"][1:]
    if not source or any(word.text in (",", "JOIN") for word in source):
        return None
    if source[0].text == "(":  # a join, or a sub-select, which has no JOIN outside of its own brackets
        end = next(word.at for word in source if word.text == ")")
        if any(word.text == "JOIN" and word.depth == 1 for word in top if source[0].at < word.at < end):
            return None
    texts = [word.text for word in source]
    if "TABLESAMPLE" in texts:
        texts = texts[: texts.index("TABLESAMPLE")]
    return next((text for text in reversed(texts) if _NAME.match(text)), None)


def _outputs(top: list[_Word]) -> dict[str, str]:
    """What each output column is: the name of a column of the only table, or "" for anything else."""
    items: list[list[str]] = [[]]
    start = next((number for number, word in enumerate(top) if (word.depth, word.text) == (0, "SELECT")), len(top))
    for word in top[start + 1 :]:
        if word.depth == 0 and word.clause != "SELECT":
            break
        if word.depth == 0 and word.text == ",":
            items.append([])
        elif word.depth == 0 and word.text == ")" and items[-1][:2] == ["DISTINCT", "ON"]:
            items[-1] = []
        else:
            items[-1].append(word.text)
    found: dict[str, str] = {}
    for item in items:
        texts = item[1:] if item[:1] == ["DISTINCT"] else item
        if not texts:
            continue
        column = texts[:-2] if texts[-2:-1] == ["AS"] else texts
        is_plain = len(column) == 1 or (len(column) == 3 and column[1] == ".")
        found[texts[-1]] = column[-1] if is_plain and _NAME.match(column[-1]) else ""
    return found
