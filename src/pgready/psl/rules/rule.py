"""The shape of a rule."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the schema language.

    `code` is kebab-case and never changes once released; `title` is one line; `explanation` says why PostgreSQL or
    Prisma wants it so, and what to do; `bad` and `good` are whole schemas, as short as can be, without a datasource
    block where the rule does not need one (the tests then put the standard datasource in front). `style` is 6 or 7
    where a rule holds for one of Prisma's styles only, else 0.
    """

    code: str
    title: str
    explanation: str
    bad: str
    good: str
    severity: Literal["error", "warning"] = "error"
    style: Literal[0, 6, 7] = 0
