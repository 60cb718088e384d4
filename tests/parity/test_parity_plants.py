"""Plant every single difference: it is found, named and weighed; the SQL of --fix, applied, ends in parity."""

import os

import psycopg
import pytest
from parity_plants import plants

from pgready.parity.compare import differences
from pgready.parity.facts import not_validated, unwell
from pgready.parity.mend import mending
from pgready.parity.rules import weighed
from pgready.plan.full import full_plan

pytestmark = pytest.mark.matrix

WHOLE = bool(os.environ.get("PGREADY_FULL_PARITY"))
NO_STATEMENT = {"column order", "inheritance"}
"""Kinds that no statement mends; the script says so."""


def judged(reference, side):
    """The findings of one side."""
    found = [weighed(one) for one in differences(reference, side)]
    found += unwell(side, None)
    return [*found, *not_validated(reference, side, found)]


def test_plants(server, planted, capsys):
    """Each plant is found under its name with its weight, and what mends it leaves nothing that counts."""
    reference = planted.catalog()
    assert judged(reference, reference) == []
    listed = plants(server.major)
    wrong = []
    found, mended, helpless = 0, 0, 0
    for plant in listed:
        try:
            planted.run(plant.sql)
        except psycopg.Error as e:
            wrong.append(f"{plant.sql}\n    cannot be planted: {e}")
            continue
        side = planted.catalog()
        findings = judged(reference, side)
        named = {one.object: one for one in findings}
        one = named.get(plant.object)
        if one is None or one.weight != plant.weight or not one.because:
            wrong.append(
                f"{plant.sql}\n    wanted {plant.weight} {plant.object}, found {[(f.weight, f.object) for f in findings]}"
            )
        else:
            found += 1
        script = mending("side", full_plan(side, reference), findings, (), None)
        try:
            planted.run(script)
        except psycopg.Error as e:
            wrong.append(f"{plant.sql}\n    {e}\n{script}")
        again = planted.catalog()
        left = judged(reference, again)
        if not left:
            mended += 1
        elif all(f.address[0] in NO_STATEMENT for f in left):
            helpless += 1
            if one is not None and one.address[0] in NO_STATEMENT:
                assert "Not by a statement alone" in script
        else:
            wrong.append(f"{plant.sql}\n    not mended: {[(f.weight, f.object) for f in left]}\n{script}")
        reference = again
    with capsys.disabled():
        print(
            f"\nPostgreSQL {server.major}: planted {len(listed)}, found {found}, mended {mended}, by no statement {helpless}"
        )
    assert not wrong, "\n".join(wrong)
    assert len(listed) >= 120
