"""Two numbers for everything that a plan reads: what is to be expected, and what the data allow at worst."""

from __future__ import annotations

import math
from typing import NamedTuple


class Amount(NamedTuple):
    """Rows, pages or executions: `typical` for an average value, `worst` for any value that the data may hold."""

    typical: float
    worst: float

    def plus(self, other: Amount) -> Amount:
        """Both together."""
        return Amount(self.typical + other.typical, self.worst + other.worst)

    def times(self, other: Amount) -> Amount:
        """So much for each of so many."""
        return Amount(product(self.typical, other.typical), product(self.worst, other.worst))

    def scaled(self, factor: float) -> Amount:
        """Multiplied by a plain number."""
        return Amount(product(self.typical, factor), product(self.worst, factor))

    def capped(self, other: Amount) -> Amount:
        """No more than the other."""
        return Amount(min(self.typical, other.typical), min(self.worst, other.worst))

    @property
    def ordered(self) -> Amount:
        """With a typical part that is no greater than the worst."""
        return Amount(min(self.typical, self.worst), self.worst)


def product(one: float, other: float) -> float:
    """`one` times `other`, where nothing times anything is nothing."""
    return 0.0 if 0 in (one, other) else one * other


def exactly(number: float) -> Amount:
    """An amount that is certain."""
    return Amount(number, number)


NOTHING = exactly(0)
ONE = exactly(1)
ALL = exactly(math.inf)
"""As many as there are."""
