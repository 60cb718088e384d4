"""Statements that turn one object into another of its name in place, so that what stands on it stays."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pgready.parity.outside import Outside
from pgready.sql.names import quote_ident

_OPTION = re.compile(r"""("(?:[^"]|"")*"|[\w$]+) (E?'(?:[^']|'')*')""")
_INIT = re.compile(r"""("(?:[^"]|"")*"|[\w$]+) = (E?'(?:[^']|'')*')""")


def altering(before: Sequence[Outside], after: Sequence[Outside]) -> list[str] | None:
    """What makes of `after` (the side's) the `before` of the reference; None if it has to be made anew."""
    one, other = before[0], after[0]
    if one.altered:  # a publication
        same = (" FOR ALL TABLES" in one.made) == (" FOR ALL TABLES" in other.made)
        return [each.altered for each in before] if same else None
    if one.kind == "text search configuration":
        return _configuration(one, other)
    if one.kind == "text search dictionary":
        return _dictionary(one, other)
    if one.kind in ("foreign server", "foreign data wrapper"):
        return _options(one, other)
    return None


def _configuration(one: Outside, other: Outside) -> list[str] | None:
    (head, *lines), (other_head, *others) = one.made.split("\n"), other.made.split("\n")
    if head != other_head:
        return None
    name = head.removeprefix("CREATE ").partition(" (")[0]
    gone = [line for line in others if line not in lines]
    tokens = [line.partition(" ADD MAPPING FOR ")[2].partition(" WITH ")[0] for line in gone]
    return [f"ALTER {name} DROP MAPPING FOR {token};" for token in tokens] + [
        line for line in lines if line not in others
    ]


def _dictionary(one: Outside, other: Outside) -> list[str] | None:
    name, _, rest = one.made.removeprefix("CREATE ").partition(" (")
    template, other_template = (each.made.partition("TEMPLATE = ")[2] for each in (one, other))
    if re.split(r"[,)]", template, maxsplit=1)[0] != re.split(r"[,)]", other_template, maxsplit=1)[0]:
        return None
    wanted, there = dict(_INIT.findall(rest)), dict(_INIT.findall(other.made.partition(" (")[2]))
    options = [f"{key} = {value}" for key, value in wanted.items() if there.get(key) != value]
    options += [key for key in there if key not in wanted]
    return [f"ALTER {name} ({', '.join(options)});"] if options else None


def _options(one: Outside, other: Outside) -> list[str] | None:
    word = "SERVER" if one.kind == "foreign server" else "FOREIGN DATA WRAPPER"
    version = re.compile(r" VERSION (E?'(?:[^']|'')*')")
    (head, wanted), (other_head, there) = (_parted(each.made) for each in (one, other))
    if version.sub("", head) != version.sub("", other_head):
        return None
    said = version.search(head)
    changed = head != other_head and word == "SERVER"
    number = f" VERSION {said[1] if said else 'NULL'}" if changed else ""
    parts = [f"SET {key} {value}" for key, value in wanted.items() if key in there and there[key] != value]
    parts += [f"ADD {key} {value}" for key, value in wanted.items() if key not in there]
    parts += [f"DROP {key}" for key in there if key not in wanted]
    options = f" OPTIONS ({', '.join(parts)})" if parts else ""
    return [f"ALTER {word} {quote_ident(one.name[0])}{number}{options};"]


def _parted(made: str) -> tuple[str, dict[str, str]]:
    head, _, options = made.partition(" OPTIONS (")
    return head.removesuffix(";"), dict(_OPTION.findall(options))
