"""A shop on a proving ground: what the tests of the way out ask of it."""

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pgready.catalog.names import ObjectName
from pgready.commands.prove.plans import Judging
from pgready.commands.prove.way_out import WayOut, ways_out
from pgready.postgres.connect import open_session
from pgready.postgres.proving.proving_ground import Ground, proving_ground
from pgready.project.url import parse
from pgready.proof.contract import Contract, Parameter, Place
from pgready.proof.profile import ColumnProfile, Profile, TableProfile
from pgready.proof.verdict import WORST
from pgready.report.story import silent

SHOP = """
CREATE TYPE order_status AS ENUM ('open', 'paid', 'sent', 'void');
CREATE TABLE tenant (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE customer (
  id bigint PRIMARY KEY,
  tenant_id int NOT NULL REFERENCES tenant,
  email varchar(200) NOT NULL,
  name text,
  joined_at timestamp NOT NULL
);
CREATE TABLE "order" (
  id bigint PRIMARY KEY,
  tenant_id int NOT NULL REFERENCES tenant,
  customer_id bigint NOT NULL REFERENCES customer,
  "orderStatus" order_status NOT NULL,
  total numeric(12, 2) NOT NULL,
  placed_at timestamp NOT NULL,
  sent_at timestamptz,
  deleted_at timestamptz,
  reference varchar(40),
  note text,
  is_gift boolean NOT NULL,
  tags text[],
  data jsonb,
  search tsvector,
  during tstzrange,
  priority int
);
CREATE INDEX order_tenant_id_idx ON "order" (tenant_id);
CREATE TABLE item (
  id bigint PRIMARY KEY,
  order_id bigint NOT NULL REFERENCES "order",
  sku text NOT NULL,
  quantity int NOT NULL
);
CREATE TABLE event (
  id bigint, at timestamp NOT NULL, customer_id bigint NOT NULL, kind text NOT NULL, PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE TABLE event_2024 PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE event_2025 PARTITION OF event FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE VIEW gift AS SELECT o.*, c.email FROM "order" o JOIN customer c ON c.id = o.customer_id WHERE o.is_gift;
"""


def _table(name: str, rows: float, /, **columns: float) -> TableProfile:
    return TableProfile(
        ObjectName("public", name),
        rows,
        columns=tuple(
            ColumnProfile(column, distinct=distinct, correlation=0.0) for column, distinct in columns.items()
        ),
    )


PROFILE = Profile(
    (
        TableProfile(ObjectName("public", "tenant"), 1000, grows=False),
        _table("customer", 200_000, tenant_id=1000, email=-1, name=-0.5, joined_at=-1),
        _table(
            "order",
            2_000_000,
            tenant_id=1000,
            customer_id=-0.1,
            total=-0.05,
            placed_at=-1,
            sent_at=-0.5,
            reference=-0.9,
            note=-0.9,
            priority=100_000,
        ),
        _table("item", 6_000_000, order_id=-0.3, sku=50_000),
        _table("event", 5_000_000, customer_id=-0.04, kind=50),
    )
)
GROWTHS = (1.0, 100.0)


@contextmanager
def ground(url: str, structure: str = SHOP) -> Iterator[Ground]:
    """A proving ground on an empty database of the run's server."""
    target = parse(url, "the test")
    session = open_session(target, "structure")
    session.run("structure", structure)
    session.close()
    with proving_ground(target, is_ours=True) as made:
        yield made


_numbers = itertools.count(1)


def contract(sql: str, types: dict[int, str] | None = None, name: str = "") -> Contract:
    """A contract of this SQL."""
    parameters = tuple(Parameter(number, type=type_) for number, type_ in (types or {}).items())
    return Contract(name or f"contract_{next(_numbers)}", sql, Place("contracts.sql", 1), "sql", parameters=parameters)


def judging(made: Ground, growths: Sequence[float] = GROWTHS, profile: Profile = PROFILE) -> Judging:
    """The work of one run."""
    return Judging(made, profile, growths, silent)


def look(made: Ground, *contracts: Contract, growths: Sequence[float] = GROWTHS) -> WayOut:
    """The ways out of contracts, all of which are unbounded as they are."""
    work = judging(made, growths)
    proved = work.run(contracts)
    assert not work.refused, [each.message for each in work.refused]
    assert [one.kind for one in proved] == ["unbounded"] * len(contracts)
    return ways_out(work, proved)


def worst_with(made: Ground, statements: Sequence[str], one: Contract, growths: Sequence[float] = GROWTHS) -> str:
    """The worst verdict of a contract once the statements were really run."""
    script = "; ".join(statement.replace(" CONCURRENTLY", "") for statement in statements)
    work = judging(made, growths)
    kinds = []
    if not script:
        return max((each.kind for each in work.run([one])), key=WORST.index)
    made.size(PROFILE, growths[0])
    with made.trying(script):
        kinds = [each.kind for each in work.run([one])]
    assert kinds, [each.message for each in work.refused]
    return max(kinds, key=WORST.index)
