"""LIMIT and OFFSET of a query's own text: a plan shows neither."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pgready.proof.contract import Contract
from pgready.proof.plan_tree import PlanNode
from pgready.sql.lexer import Token, tokens

LIMIT_UNKNOWN = 50
"""What a LIMIT without a sample is planned with."""

_ENDS = frozenset(
    ("LIMIT", "OFFSET", "FETCH", "FOR", "UNION", "INTERSECT", "EXCEPT", "ROW", "ROWS", "ONLY", "WITH", "RETURNING")
)


@dataclass(frozen=True, slots=True)
class Slice:
    """A LIMIT and OFFSET at one depth of parentheses; `limit` None is none or ALL.

    `offset` is what is known of it: a constant, or a parameter's sample. `is_open` says that it is a parameter's.
    `ties` is WITH TIES.
    """

    depth: int
    limit: float | None = None
    offset: float = 0
    is_open: bool = False
    ties: bool = False


def slices(contract: Contract) -> tuple[Slice, ...]:
    """The LIMITs and OFFSETs of a contract, in the order of their text."""
    samples = {one.number: one.sample for one in contract.parameters}
    found: list[Slice] = []
    listed = list(tokens(contract.sql))
    groups, opened, places = [0], 0, []
    for at, token in enumerate(listed):
        if token.kind == "symbol" and token.text == "(":
            opened += 1
            groups.append(opened)
        elif token.kind == "symbol" and token.text == ")" and len(groups) > 1:
            groups.pop()
        before = listed[at - 1].text if at else ""
        if token.kind == "word" and token.text in ("LIMIT", "OFFSET", "FETCH") and before not in (".", "AS"):
            places.append((at, len(groups) - 1, groups[-1]))
    last = None
    for at, depth, group in places:
        operand = _operand(listed, at + 1)
        one = Slice(depth)
        if found and last is not None and last[0] == group and last[1] != (listed[at].text == "OFFSET"):
            one = found.pop()
        last = (group, listed[at].text == "OFFSET")
        number, is_open = _number(operand, samples)
        if listed[at].text == "OFFSET":
            one = Slice(depth, one.limit, number or 0, is_open, one.ties)
        else:
            if listed[at].text == "FETCH" and number is None and not is_open:
                number = 1
            limit = LIMIT_UNKNOWN if number is None and is_open else number
            following = listed[at + 1 + len(operand) : at + 6 + len(operand)]
            one = Slice(depth, limit, one.offset, one.is_open, any(each.text == "TIES" for each in following))
        found.append(one)
    return tuple(found)


def _operand(listed: Sequence[Token], at: int) -> list[Token]:
    depth, operand = 0, []
    for token in listed[at:]:
        if token.kind == "symbol" and token.text == "(":
            depth += 1
        elif token.kind == "symbol" and token.text == ")":
            depth -= 1
            if depth < 0:
                break
        elif (depth == 0 and token.kind == "word" and token.text in _ENDS) or token.text == ";":
            break
        operand.append(token)
    return [one for one in operand if one.text not in ("FIRST", "NEXT")]


def _number(operand: Sequence[Token], samples: dict[int, str | None]) -> tuple[float | None, bool]:
    """What the operand is worth, and whether a parameter is in it."""
    numbers = [float(one.text) for one in operand if one.kind == "number"]
    more = sum(numbers) if any(one.text == "+" for one in operand) else 0.0
    parameters = [int(one.text[1:]) for one in operand if one.kind == "parameter"]
    if not parameters:
        return more or (max(numbers) if numbers else None), False
    given = [sample for sample in (samples.get(one) for one in parameters) if sample and sample.strip().isdigit()]
    if not given:
        return (LIMIT_UNKNOWN + more if more else None), True
    return max(float(one) for one in given) + more, True


def slice_of(node: PlanNode, child: PlanNode, slices: Sequence[Slice], *, is_first: bool) -> Slice:
    """Which LIMIT of the text a Limit is: its row estimate tells, unless fewer rows are expected than it allows.

    `is_first` says that it is the first from the top of the plan. A LIMIT that may be any of several is the largest.
    """
    fitting = [one for one in slices if one.limit is None or one.limit >= node.rows]
    if len(slices) == 1 and is_first and fitting:
        return fitting[0]
    exact = [one for one in fitting if one.limit == node.rows]
    if is_first:
        exact = [one for one in fitting if one.depth == 0][-1:] or exact
    if exact:
        return exact[0]
    if fitting:
        return max(fitting, key=lambda one: math.inf if one.limit is None else one.limit)
    # A view's, or what the planner makes of min and max.
    is_one = node.relationship == "InitPlan" and node.rows == 1
    return Slice(0, node.rows if is_one or node.rows < child.rows else None)
