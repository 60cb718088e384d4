"""A page with every section, as parity and smoke would hand it in."""

from page_catalogs import HOSTILE, LITELLM, drifted, findings, hostile, litellm

from pgready.catalog.model import Catalog
from pgready.parity.model import Detail, Finding
from pgready.proof.contract import Contract, Place
from pgready.proof.plan_tree import PlanNode, plan_of
from pgready.proof.result import Dropped, Judged, Offer, Proof, Proved, SelfTest
from pgready.proof.verdict import Finding as Fault
from pgready.proof.verdict import Judgement
from pgready.report.page.model import AppliedMigration, Ignored, Page, PageSide, Step


def slow_plan(table: str, condition: str) -> PlanNode:
    """Limit over Sort over Seq Scan."""
    scan = {"Node Type": "Seq Scan", "Relation Name": table, "Schema": "public", "Plan Rows": 1e6, "Filter": condition}
    sort = {"Node Type": "Sort", "Plan Rows": 1e6, "Sort Key": ["created_at DESC"], "Plans": [scan]}
    return plan_of({"Node Type": "Limit", "Plan Rows": 50, "Plans": [sort]})


def proof(text: str = "") -> Proof:
    """One contract that fails, with its way out, and one that holds; `text` stands in every free place."""
    table = text or "LiteLLM_SpendLogs"
    bad = Judgement(
        "unbounded",
        1e6,
        (
            Fault("scan", f"reads the whole of public.{table}: 1,000,000 rows", 1e6, (0, 0)),
            Fault("sort", "sorts 1,000,000 rows", 1e6, (0,)),
        ),
    )
    good = Judgement("bounded", 1, indexes=(("public", text or "LiteLLM_UserTable_pkey"),))
    plan = slow_plan(table, f"(team_id = $1){text}")
    index = {"Node Type": "Index Scan", "Index Name": text or "LiteLLM_UserTable_pkey", "Plan Rows": 1}
    sql = f"SELECT *\nFROM t -- {text}\nWHERE team_id = $1\nORDER BY created_at DESC LIMIT 50"
    slow = Contract(text or "spend_of_team", sql, Place(text or "queries/spend.sql", 3, 1), "sql")
    fast = Contract(text + "user_by_id", "SELECT * FROM u WHERE user_id = $1", Place("queries/users.sql", 1, 1), "sql")
    return Proof(
        proved=(
            Proved(slow, tuple(Judged(growth, "generic", plan, bad) for growth in (1, 10, 100))),
            Proved(fast, tuple(Judged(growth, "generic", plan_of(index), good) for growth in (1, 10, 100))),
        ),
        growths=(1, 10, 100),
        ground=text or "PostgreSQL 18.6, embedded",
        self_test=SelfTest((Dropped(("public", text or "LiteLLM_UserTable_pkey"), "", ("user_by_id",), ("user_by_id",)),)),
        offers=((slow.name, (Offer("index", text or "an index", f"CREATE INDEX ON t (team_id) -- {text}"),)),),
    )  # fmt: skip


def migrations() -> tuple[AppliedMigration, ...]:
    """The 220 of litellm with times by rule, one slow, one failed, one pending."""
    names = sorted(path.name for path in LITELLM.glob("migrations/*") if path.is_dir())
    last = len(names) - 1
    states = {last - 1: "failed", last: "pending"}
    return tuple(
        AppliedMigration(
            name,
            states.get(number, "applied"),
            None if number == last else 1.2 if number == 150 else 0.002 + (number * 37 % 23) / 1000,
            "2026-11-23 17:00:00",
            'ERROR: column "x" does not exist' if number == last - 1 else "",
        )
        for number, name in enumerate(names)
    )


def full_page() -> Page:
    """Three sides of litellm with seven differences, its migrations, a proof and steps."""
    reference, side = litellm(), drifted(litellm())
    found = findings(reference, side)
    return Page(
        "Parity of litellm",
        "schema, staging and production",
        "Made by a test",
        (
            PageSide("schema", "Prisma schema", "schema.prisma", reference, fingerprint="ab" * 32),
            PageSide("staging", "live database", "PostgreSQL 17.2", side, found[1:], (Ignored(found[0], "known"),)),
            PageSide("production", "live database", "PostgreSQL 16.4", reference, unseen=("policies of public.secrets",)),
            PageSide("elsewhere", "live database", trouble="connection refused by 10.0.0.7:5432"),
        ),
        migrations(),
        proof(),
        (Step("three replicas boot", "ok", 1.3, "one migrated"), Step("upgrade from v1", "failed", 2.0, "a row is gone")),
    )  # fmt: skip


def hostile_page() -> Page:
    """Hostile text in every place that takes any."""
    catalog = hostile()
    every = []
    for number, bad in enumerate(HOSTILE):
        name = catalog.tables[number].name
        detail = (Detail(bad, bad, bad),)
        every.append(Finding(("column", *name, bad), "different", "breaks", "rule", bad, detail))
        every.append(Finding(("setting", bad), "different", "cosmetic", "rule", bad, detail))
    bad = "".join(HOSTILE[:9])
    return Page(
        bad,
        bad,
        bad,
        (
            PageSide(bad, bad, bad, catalog),
            PageSide(
                bad + "2", bad, bad, catalog, tuple(every), (Ignored(every[0], bad, bad),), (bad,), (bad,), bad, bad
            ),
        ),
        (AppliedMigration(bad, bad, 1, bad, bad), AppliedMigration(bad + "2", "failed", 2)),
        proof(bad),
        (Step(bad, "ok", 1, bad),),
    )


def large_page(catalog: Catalog) -> Page:
    """Two sides of a large schema, every tenth table gone on one."""
    kept = tuple(one for number, one in enumerate(catalog.tables) if number % 10)
    side = Catalog(schemas=catalog.schemas, tables=kept)
    sides = (PageSide("a", catalog=catalog), PageSide("b", catalog=side, findings=findings(catalog, side)))
    return Page("large", sides=sides, migrations=migrations())
