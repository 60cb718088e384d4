"""Proofs made by hand, for tests of what is made of them."""

from pgready.proof.contract import Contract, Place, Source, Waiver
from pgready.proof.plan_tree import PlanNode, plan_of
from pgready.proof.result import Judged, Offer, Proof, Proved
from pgready.proof.verdict import Finding, Judgement, Kind

SCAN = {
    "Node Type": "Limit",
    "Plan Rows": 50,
    "Plan Width": 40,
    "Plans": [
        {
            "Node Type": "Sort",
            "Parent Relationship": "Outer",
            "Plan Rows": 5000,
            "Plan Width": 40,
            "Sort Key": ["i.created_at DESC"],
            "Plans": [
                {
                    "Node Type": "Seq Scan",
                    "Parent Relationship": "Outer",
                    "Relation Name": "invoices",
                    "Schema": "financial",
                    "Alias": "i",
                    "Plan Rows": 5000,
                    "Plan Width": 40,
                    "Filter": "(i.status = $1)",
                }
            ],
        }
    ],
}
KEYED = {
    "Node Type": "Index Scan",
    "Scan Direction": "Backward",
    "Index Name": "invoices_pkey",
    "Relation Name": "invoices",
    "Schema": "financial",
    "Alias": "invoices",
    "Plan Rows": 1,
    "Plan Width": 40,
    "Index Cond": "(invoices.id = $1)",
}


def contract(name: str = "by_status", line: int = 7, source: Source = "sql", **more: object) -> Contract:
    """A contract of `contracts/invoices.sql`."""
    sql = str(more.pop("sql", f"SELECT * FROM financial.invoices AS {name} WHERE status = $1"))
    return Contract(name, sql, Place("contracts/invoices.sql", line, 4 if line else 0), source, **more)  # type: ignore[arg-type]


def scanned(rows: float = 1_000_000) -> Judgement:
    """Unbounded: reads a whole table."""
    text = f"reads all {rows:,.0f} rows of financial.invoices: no index for status = $1"
    finding = Finding("scan", text, rows, (0, 0), "scan", relation=("financial", "invoices"))
    return Judgement("unbounded", rows, (finding,))


def keyed(rows: float = 1) -> Judgement:
    """Bounded through the primary key."""
    return Judgement("bounded", rows, indexes=(("financial", "invoices_pkey"),))


def skewed() -> Judgement:
    """A warning."""
    finding = Finding("range", "a status may have many rows", 5000, (), "range", is_skew=True)
    return Judgement("skew", 5000, (finding,), indexes=(("financial", "invoices_status_idx"),))


def waived(reason: str = "a client has few") -> Judgement:
    """Bounded, since the contract allows what was found."""
    finding = Finding("sort", "sorts 5,000 rows", 5000, (0,), "sort")
    return Judgement("bounded", 5000, waived=((finding, Waiver("sort", reason)),))


def unjudged(why: str = "a Foreign Scan") -> Judgement:
    """Not judged."""
    return Judgement("not judged", 0, why_not=why)


def tree_of(judgement: Judgement) -> PlanNode:
    """A plan that fits the judgement."""
    return plan_of(SCAN if judgement.kind == "unbounded" or judgement.waived else KEYED)


def proved(one: Contract, *judgements: Judgement, growths: tuple[float, ...] = (1.0, 10.0, 100.0)) -> Proved:
    """A contract with one generic judgement for each growth (the last one for those that are left)."""
    padded = [*judgements, *[judgements[-1]] * (len(growths) - len(judgements))]
    return Proved(
        one, tuple(Judged(at, "generic", tree_of(each), each) for at, each in zip(growths, padded, strict=True))
    )


def proof(*found: Proved, **more: object) -> Proof:
    """A proof at 1, 10 and 100 times the size."""
    return Proof(found, growths=(1.0, 10.0, 100.0), ground="embedded PostgreSQL 18.6", **more)  # type: ignore[arg-type]


def mixed() -> Proof:
    """One of each kind, one that turns, one that is waived; a way out for the unbounded one."""
    offer = Offer(
        "index",
        "an index on (status, created_at) makes it bounded",
        "CREATE INDEX CONCURRENTLY invoices_status_created_at_idx ON financial.invoices (status, created_at DESC);",
        '@@index([status, createdAt(sort: Desc)], map: "invoices_status_created_at_idx")',
        "Invoice",
        22_000_000,
        ("by_status",),
    )
    return proof(
        proved(contract("by_id", 1), keyed()),
        proved(contract("by_status", 7), scanned()),
        proved(contract("by_client", 15), keyed(50), keyed(50), scanned(2_000_000)),
        proved(contract("open_ones", 22), skewed()),
        proved(contract("foreign", 30), unjudged()),
        proved(contract("small_sort", 41), waived()),
        offers=(("by_status", (offer,)),),
    )


KINDS: tuple[Kind, ...] = ("bounded", "skew", "not judged", "unbounded")
