"""Queries made up by chance: whatever is offered for them keeps them bounded, all of it together."""

import os
import random

import pytest
from way_out_ground import GROWTHS, contract, ground, judging

from pgready.commands.prove.way_out import ways_out
from pgready.proof.verdict import WORST

pytestmark = pytest.mark.matrix

SEEDS = range(12) if os.environ.get("PGREADY_FULL") else range(1)
COUNT = 16

EQUAL = ["tenant_id", "customer_id", '"orderStatus"', "reference", "priority", "total", "lower(reference)"]
FIXED = ["\"orderStatus\" = 'paid'", "deleted_at IS NULL", "is_gift", "NOT is_gift", "sent_at IS NOT NULL"]
RANGES = ["placed_at > {}", "placed_at <= {}", "total >= {}", "sent_at < {}", "(placed_at, id) < ({}, {})"]
OTHERS = ["tags @> {}", "search @@ plainto_tsquery('english', {})", "data ? {}", "placed_at::date = {}"]
OTHERS += ["note || '' = {}", "coalesce(reference, 'none') = {}", "{} = ANY (tags)"]
ORDERS = ["placed_at DESC", "placed_at", "placed_at DESC, id DESC", "total, id", "sent_at DESC NULLS LAST", "id"]


def _query(chance: random.Random) -> str:
    number = iter(range(1, 20))

    def filled(text: str) -> str:
        while "{}" in text:
            text = text.replace("{}", f"${next(number)}", 1)
        return text

    parts = [filled(f"{one} = {{}}") for one in chance.sample(EQUAL, chance.choice([0, 1, 1, 2, 2, 3]))]
    parts += [filled(one) for one in chance.sample(FIXED, chance.choice([0, 0, 1, 2]))]
    parts += [filled(one) for one in chance.sample(RANGES, chance.choice([0, 0, 1]))]
    parts += [filled(one) for one in chance.sample(OTHERS, chance.choice([0, 0, 0, 1]))]
    chance.shuffle(parts)
    where = " AND ".join(
        f"o.{part}" if part[0].isalpha() and "(" not in part and part[:3] != "NOT" else part for part in parts
    )
    source = '"order" o'
    if chance.random() < 0.25:
        source += " JOIN customer c ON c.id = o.customer_id"
        where = f"c.email = {filled('{}')}" + (f" AND {where}" if where else "")
        return f"SELECT o.placed_at, c.name FROM {source} WHERE {_own(where)}"
    sql = f"SELECT o.* FROM {source}" + (f" WHERE {_own(where)}" if where else "")
    if chance.random() < 0.7:
        sql += f" ORDER BY {chance.choice(ORDERS)} LIMIT {chance.choice([10, 50])}"
        sql += f" OFFSET {filled('{}')}" if chance.random() < 0.2 else ""
    return sql


def _own(where: str) -> str:
    """Both tables of the join have some of the names only once: nothing to qualify but the tenant and the key."""
    return where.replace("o.o.", "o.").replace("lower(reference)", "lower(o.reference)")


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_offered_keeps_the_queries_bounded(server, seed):
    """No offer leaves its contract unbounded; where nothing is offered, it is said why."""
    from psycopg import connect

    name = f"way_out_random_{seed}"
    chance = random.Random(seed)
    with connect(server.url(tcp=False), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {name}")
    with ground(server.url(name, tcp=False)) as made:
        work = judging(made)
        proved = work.run([contract(_query(chance), name=f"chance_{number}") for number in range(COUNT)])
        assert len(proved) + len(work.refused) == COUNT
        assert len(proved) > COUNT // 2, [each.message for each in work.refused]
        unbounded = [one.contract for one in proved if one.kind == "unbounded"]
        way = ways_out(work, proved)
        assert [name for name, _ in way.offers] == [one.name for one in unbounded]
        offered = dict(way.offers)
        asked = []
        for one in unbounded:
            offers = offered[one.name]
            assert all(offer.text for offer in offers)
            if offers[0].kind != "none":
                asked.append(contract(offers[0].sql, name=one.name) if offers[0].kind == "rewrite" else one)
        assert asked
        script = "; ".join(sql.replace(" CONCURRENTLY", "") for _, sql in way.indexes)
        made.size(work.profile, GROWTHS[0])
        with made.trying(script):
            judged = judging(made).run(asked)
        assert len(judged) == len(asked)
        for one in judged:
            assert one.kind in ("bounded", "skew"), (one.contract.sql, way.indexes)
            said = max((offer.after for offer in offered[one.contract.name]), key=WORST.index)
            assert WORST.index(one.kind) <= WORST.index(said), (one.contract.sql, way.indexes)
    with connect(server.url(tcp=False), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
