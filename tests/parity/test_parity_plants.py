"""Plant every single difference: it is found, named and weighed; the SQL of --fix, applied, ends in parity."""

import os

import psycopg
import pytest
from parity_fields import changed_fields, fields_of
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
NOT_WEIGHED = "nobody has said yet"
NOT_PLANTED = {
    "Extension.version": "the test servers have one version of each extension",
    "Table.tablespace": "a tablespace needs a folder of the server",
    "Index.tablespace": "a tablespace needs a folder of the server",
    "Table.access_method": "SET ACCESS METHOD came with 15",
    "Function.arguments": "other arguments are another function",
    "Grant.role": "another role's right is another right",
    "Grant.revoked": "a right that is taken is another than one that is given",
    "Key.is_primary": "a table has its primary key in a place of its own: Table.primary_key changes",
    "Partition.parent": "with another parent a partition has other columns, too",
    "Exclusion.is_local": "needs a partitioned table of PostgreSQL 17",
}
"""Properties that no plant changes, and why; test_parity_fields changes them in the value."""


def judged(reference, side):
    """The findings of one side."""
    found = [weighed(one) for one in differences(reference, side)]
    found += unwell(side, None)
    return [*found, *not_validated(reference, side, found)]


def chosen(major):
    """All plants, or of a default run those that come first for their kind of object, and some of the others."""
    listed = plants(major)
    if WHOLE:
        return listed
    first = {}
    for plant in listed:
        first.setdefault(plant.kind, plant)
    return [plant for number, plant in enumerate(listed) if first[plant.kind] is plant or number % 40 == 0]


def test_plants(server, planted, capsys):
    """Each plant is found under its name with its weight, and what mends it leaves nothing that counts."""
    start = reference = planted.catalog()
    assert judged(reference, reference) == []
    listed = chosen(server.major)
    wrong, seen = [], set()
    found, mended, helpless = 0, 0, 0
    for plant in listed:
        planted.run(plant.sql)
        side = planted.catalog()
        seen |= changed_fields(reference, side)
        findings = judged(reference, side)
        one = next((one for one in findings if one.object == plant.object), None)
        if one is None or one.weight != plant.weight or NOT_WEIGHED in one.because:
            got = [(each.weight, each.object) for each in findings]
            wrong.append(f"{plant.sql}\n    wanted {plant.weight} {plant.object}, found {got}")
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
        elif all(each.address[0] in NO_STATEMENT for each in left):
            helpless += 1
            assert one is None or one.address[0] not in NO_STATEMENT or "Not by a statement alone" in script
        else:
            wrong.append(f"{plant.sql}\n    not mended: {[(each.weight, each.object) for each in left]}\n{script}")
        reference = again
    with capsys.disabled():
        said = f"found {found}, mended {mended}, mended but for the order of columns {helpless}"
        print(f"\nPostgreSQL {server.major}: planted {len(listed)}, {said}")
    assert not wrong, "\n".join(wrong)
    assert len(plants(server.major)) >= 120
    assert {plant.kind for plant in listed} == {plant.kind for plant in plants(server.major)}
    if WHOLE:
        # What is called otherwise is something else: one that is missing and one that nobody expects.
        untouched = {one for one in fields_of(start, server.major) - seen if not one.endswith(".name")}
        assert untouched <= NOT_PLANTED.keys(), f"no plant changes {sorted(untouched - NOT_PLANTED.keys())}"
