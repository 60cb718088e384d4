"""The `datasource` block as the parser sees it: every spelling, and what is wrong with it.

The boot comes here only when `pgready.psl.datasource` finds a block that is not plain. Settings that it does not know
are not its business: `pgready validate` judges them.
"""

from pgready.errors import UsageInvalid
from pgready.psl.datasource import BLANK, LISTS, STRINGS, WORD, Datasource, Value, wrong
from pgready.psl.lines import LineScanner
from pgready.psl.scan import Mismatch, Problem
from pgready.psl.source import Source
from pgready.psl.tree import Argument, Array, Call, Constant, Expression, Invalid, Item, Property, String


def read_block(text: str, at: int, path: str) -> tuple[Datasource, int]:
    """The datasource that starts at `at`, and where it ends."""
    scanner = LineScanner(Source(path, text))
    scanner.at = at
    try:
        block = scanner.config("datasource")
    except Mismatch as mismatch:
        raise wrong(text, mismatch.at, path, mismatch.what, mismatch.then) from None
    found = Datasource(block.name.text, path, _line(scanner.source, at))
    problems = iter([*scanner.problems, None])
    problem = next(problems)
    for item in block.items:
        first = None
        while problem is not None and problem.start < item.span.end:
            first, problem = first or problem, next(problems)
        _Setting(found, item, first).read()
    return found, scanner.at


def _line(source: Source, at: int) -> int:
    """The 1-based line of `at`; counting is quicker than the table of all lines."""
    return source.position(at)[0] if "\r" in source.text else source.text.count("\n", 0, at) + 1


class _Setting:
    """A line of the block, on its way into `found`; `problem` is the first that the parser has with it, or None."""

    __slots__ = ("found", "item", "problem", "text")

    def __init__(self, found: Datasource, item: Item, problem: Problem | None) -> None:
        self.found = found
        self.item = item
        self.problem = problem
        self.text = item.span.source.text

    def wrong(self, at: int, what: str, then: str = "") -> UsageInvalid:
        return wrong(self.text, at, self.found.path, what, then)

    def read(self) -> None:
        item, found = self.item, self.found
        if isinstance(item, Property):
            key, end, value = item.name.text, item.name.span.end, item.value
        elif isinstance(item, Invalid):
            key, end, value = self.key(), item.span.start + len(self.key()), None
        else:
            return
        start = self.behind_equals(end)
        if self.problem is not None and start < 0:
            raise self.wrong(self.problem.start, self.problem.what, self.problem.then)
        if key in found.lines:
            raise self.wrong(item.span.start, f"{key} is given twice", "keep one of them")
        found.lines[key] = _line(item.span.source, item.span.start)
        if key in LISTS:
            names = self.names(key, value, start)
            if key == "schemas":
                found.schemas = names
            else:
                found.extensions = names
        elif key in STRINGS:
            taken = self.value(key, value, start)
            setattr(found, STRINGS[key], taken.text if key == "relationMode" else taken)

    def key(self) -> str:
        """The word that the line starts with."""
        start = end = self.item.span.start
        while end < len(self.text) and self.text[end] in WORD:
            end += 1
        return self.text[start:end]

    def behind_equals(self, at: int) -> int:
        """Where the value starts, or -1 without a key and an equals sign."""
        text = self.text[self.item.span.start : self.item.span.end]
        at -= self.item.span.start
        rest = text[at:].lstrip(BLANK)
        if at == 0 or not rest.startswith("="):
            return -1
        return self.item.span.end - len(rest[1:].lstrip(BLANK))

    def value(self, key: str, value: Expression | None, start: int) -> Value:
        """A string, or env("NAME")."""
        # A bracket left open is told as what the key takes: it is no list's, and env takes one name.
        if self.problem is not None and self.problem.opening < 0:
            raise self.wrong(self.problem.start, self.problem.what, self.problem.then)
        line = _line(self.item.span.source, start)
        if isinstance(value, String):
            return Value("literal", value.value, line)
        if isinstance(value, Call) and value.name.text == "env" and len(value.arguments.order) == 1:
            argument = value.arguments.items[0] if value.arguments.items else None
            if argument is not None and argument.name is None and isinstance(argument.value, String):
                return Value("env", argument.value.value, line)
        what = f'{key} takes a string in double quotes or env("NAME")'
        raise self.wrong(start, what, f'e.g. {key} = env("DATABASE_URL")')

    def names(self, key: str, value: Expression | None, start: int) -> tuple[str, ...]:
        """The names of `["a", "b"]` or of `[citext, postgis(schema: "x", map: "y")]`, as the database knows them."""
        expected = f"expected a name{' in double quotes' if key == 'schemas' else ''} in {key}"
        if self.problem is not None:
            what = expected if self.problem.what == "expected a value" else self.problem.what
            raise self.wrong(
                self.problem.start, what, self.problem.then or "the language wants the whole list on one line"
            )
        if not isinstance(value, Array):
            raise self.wrong(start, f"{key} takes a list in brackets", f'e.g. {key} = ["public"]')
        names: list[str] = []
        for item in value.items:
            if isinstance(item, String):
                names.append(item.value)
            elif isinstance(item, Constant) and key != "schemas":
                names.append(item.text)
            elif isinstance(item, Call) and key != "schemas":
                names.append(self.arguments(item).get("map", item.name.text))
            else:
                raise self.wrong(item.span.start, expected)
        return tuple(names)

    def arguments(self, call: Call) -> dict[str, str]:
        """The `(key: "value", ...)` behind an extension's name."""
        found: dict[str, str] = {}
        for argument in call.arguments.order:
            if not isinstance(argument, Argument) or argument.name is None:
                raise self.wrong(argument.span.start, 'expected `key: "value"`')
            if not isinstance(argument.value, String):
                raise self.wrong(argument.value.span.start, f"{argument.name.text} takes a string in double quotes")
            found[argument.name.text] = argument.value.value
        return found
