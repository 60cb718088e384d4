"""Where a statement's rows come from: few by their nature (VALUES, LIMIT, a call with constants), or any number.

What equals a value of a source that is few has few values itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from pgready.sql.tree import Tree, column_of, columns_in, conjuncts, function_of, walk

FEW = 10_000
"""Rows that change or are read within a blink."""


Keys = Collection[frozenset[str]]
"""The columns of each unique index of a table."""
KeysOf = Callable[[str, str], Keys]
"""The same, asked by schema ("" where none is written) and name."""


def no_keys(*_: str) -> Keys:
    """Where nothing is known of the tables."""
    return ()


class Scope:
    """The names of a statement: `fixed` are columns of which few values count, `conditions` what its joins say."""

    def __init__(
        self, sources: Sequence[Tree], tree: Tree, variables: Collection[str], target: str, keys_of: KeysOf = no_keys
    ) -> None:
        self.tree = tree
        self.variables = variables
        self.keys_of = keys_of
        self.fixed: set[tuple[str, str]] = set()
        self.conditions = [part for one in sources for part in _joins(one)]
        self._variables = {one.lower() for one in variables}
        self._target = target
        self._sources = [each for one in sources for each in flat(one)]
        self._few = {alias_of(one) for one in self._sources if is_few_source(one, tree)}
        self.is_alone = len(self._few) == len(self._sources)

    @property
    def is_few(self) -> bool:
        """Whether each of its sources gives few rows, as far as its conditions are known."""
        return all(alias_of(one) in self._few for one in self._sources)

    def settle(self) -> int:
        """Take in what is fixed by now; how much is known."""
        for one in self._sources:
            if "RangeVar" in one and _by_key(one["RangeVar"], alias_of(one), self):
                self._few.add(alias_of(one))
        return len(self.fixed) + len(self._few)

    def is_fixed(self, node: Tree) -> bool:
        """Whether it has one value, or one of few, whatever row of the target it stands beside."""
        if not node:
            return False
        if (link := node.get("SubLink")) is not None:
            if link.get("subLinkType") == "ARRAY_SUBLINK":
                return is_few(link.get("subselect", {}), self.tree)
            # One value, unless it looks at the row.
            return link.get("subLinkType") == "EXPR_SUBLINK" and all(
                name != self._target for name, _ in columns_in(link.get("subselect", {}))
            )
        if any(kind == "SubLink" for kind, _ in walk(node)):
            return False
        return all(self._is_fixed_column(*one) for one in columns_in(node)) and "SetToDefault" not in node

    def _is_fixed_column(self, alias: str, column: str) -> bool:
        # A function in FROM is its column too: `generate_series(1, 5) n … WHERE id = n`.
        if (alias or column).lower() in self._variables or (alias or column) in self._few:
            return True
        return (alias or self._target, column) in self.fixed

    def columns(self, node: Tree) -> Iterator[tuple[str, str]]:
        """The columns that an expression is: one, or those of a row, casts that keep order aside."""
        parts = node.get("RowExpr", {}).get("args", [node])
        for one in parts:
            found = column_of(one)
            if found is None or (found[0] or found[1]).lower() in self._variables:
                continue
            alias, column = found
            # Without an alias it is a column of the target, if no other table could have it.
            if alias or self.is_alone:
                yield alias or self._target, column


def _by_key(table: Tree, alias: str, scope: Scope) -> bool:
    """Whether a unique index of a table is covered by what is fixed."""
    name = table.get("relname", "")
    if any(kind == "CommonTableExpr" and each.get("ctename") == name for kind, each in walk(scope.tree)):
        return False
    bound = {column for of, column in scope.fixed if of == alias}
    return any(key and key <= bound for key in scope.keys_of(table.get("schemaname", ""), name))


def is_few(node: Tree, tree: Tree) -> bool:
    """Whether a query gives few rows by its nature."""
    select = node.get("SelectStmt", node if "targetList" in node or "valuesLists" in node else {})
    if not select:
        return False
    count = number_of(select.get("limitCount", {}))
    if count is not None and count <= FEW:
        return True
    if select.get("op", "SETOP_NONE") != "SETOP_NONE":
        return is_few({"SelectStmt": select["larg"]}, tree) and is_few({"SelectStmt": select["rarg"]}, tree)
    if select.get("valuesLists"):
        return len(select["valuesLists"]) <= FEW
    sources = [each for one in select.get("fromClause", []) for each in flat(one)]
    return all(is_few_source(one, tree) for one in sources) and gives_few(select.get("targetList", []), tree)


def is_few_source(node: Tree, tree: Tree) -> bool:
    """Whether an item of FROM gives few rows by its nature."""
    if (inside := node.get("RangeSubselect")) is not None:
        return is_few(inside.get("subquery", {}), tree)
    if (call := node.get("RangeFunction")) is not None:
        return _is_short_call(call)
    name = node.get("RangeVar", {}).get("relname")
    for kind, each in walk(tree):
        if kind == "CommonTableExpr" and each.get("ctename") == name:
            query = each.get("ctequery", {})
            recursive = any(k == "RangeVar" and n.get("relname") == name for k, n in walk(query))
            return not recursive and is_few(query, tree)
    return False


def number_of(node: Tree) -> int | None:
    """A whole number that stands there, a cast of it aside."""
    while "TypeCast" in node:
        node = node["TypeCast"]["arg"]
    value = node.get("A_Const", {}).get("ival")
    return None if value is None else int(value.get("ival", 0))


def gives_few(targets: Sequence[Tree], tree: Tree) -> bool:
    """Whether what is selected makes few rows of one: `SELECT generate_series(1, 900000)` does not."""
    for kind, node in walk(list(targets)):
        if kind == "FuncCall" and function_of({"FuncCall": node}) == "generate_series" and not _is_short_series(node):
            return False
        if kind == "SubLink" and node.get("subLinkType") == "ARRAY_SUBLINK" and not is_few(node["subselect"], tree):
            return False
    return True


def _is_short_series(call: Tree) -> bool:
    ends = [number_of(one) for one in call.get("args", [])[:2]]
    return len(ends) == 2 and ends[0] is not None and ends[1] is not None and ends[1] - ends[0] <= FEW


def _is_short_call(node: Tree) -> bool:
    calls = [each for kind, each in walk(node) if kind == "FuncCall"]
    if len(calls) != 1 or columns_in(node):
        return False
    if function_of({"FuncCall": calls[0]}) == "generate_series":
        return _is_short_series(calls[0])
    return not any(kind == "SubLink" for kind, _ in walk(node))


def flat(node: Tree) -> Iterator[Tree]:
    """The items of FROM that a join joins; anything else itself."""
    join = node.get("JoinExpr")
    if join is None:
        yield node
        return
    yield from flat(join["larg"])
    yield from flat(join["rarg"])


def _joins(node: Tree) -> Iterator[Tree]:
    join = node.get("JoinExpr")
    if join is None:
        return
    if join.get("jointype", "JOIN_INNER") == "JOIN_INNER":
        yield from conjuncts(join.get("quals"))
    yield from _joins(join["larg"])
    yield from _joins(join["rarg"])


def alias_of(node: Tree) -> str:
    """The name that an item of FROM goes by."""
    inside = next(iter(node.values()))
    return str(inside.get("alias", {}).get("aliasname", inside.get("relname", "")))
