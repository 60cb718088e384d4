"""How much is run.

A default run takes the written corpus, every eighth case of the tables, and 300 schemas by chance. PGREADY_CONFORMANCE=N
takes all of the tables and N schemas by chance, and prints the figures in one line.
"""

import os
from dataclasses import dataclass

ASKED = int(os.environ.get("PGREADY_CONFORMANCE") or 0)


@dataclass(frozen=True)
class Amount:
    """How many schemas by chance, and every which case of the tables."""

    random: int
    wild: int
    mutants: int
    stride: int


AMOUNT = Amount(ASKED // 4, ASKED // 4, ASKED - 2 * (ASKED // 4), 1) if ASKED else Amount(80, 80, 140, 8)
