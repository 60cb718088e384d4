"""The platform end to end: over HTTP, through the workers, into the books, each process behind its entrypoint."""

import base64

import pytest
from backoffice_platform import Platform, until

pytestmark = pytest.mark.matrix
PROBLEM = "application/problem+json"


def invoice(ledger, number, *, client=None, price="99.99"):
    """A draft of one line."""
    client = client or ledger.made("/clients", name=f"Client of {number}", country="GB")["id"]
    lines = [{"description": "berth", "quantity": "1.5", "unit_price": price}]
    return ledger.made("/invoices", client_id=client, number=number, currency="EUR", due_on="2031-01-31", lines=lines)


def walk(service, path, **query):
    """Every record of a list, page by page to its end, and back again."""
    seen, pages, cursor = [], 0, None
    while pages == 0 or cursor is not None:
        page = service.get(path, cursor=cursor, **query)
        assert page.status == 200, page.text
        seen += page.data["items"]
        cursor, pages, last = page.data["next"], pages + 1, page.data
    back = list(reversed(last["items"]))
    while last["previous"] is not None:
        last = service.get(path, cursor=last["previous"], **query).data
        back += reversed(last["items"])
    assert list(reversed(back)) == seen
    return seen


def test_an_invoice_becomes_postings_and_is_paid(platform: Platform):
    """Issued, posted by the worker with entries that balance, paid in two parts, posted, PAID, and in the audit log."""
    ledger = platform.running["ledger_api"]
    draft = invoice(ledger, "E2E-1")
    assert (draft["status"], draft["total"]) == ("DRAFT", "149.99")
    assert ledger.made(f"/invoices/{draft['id']}/issue")["status"] == "ISSUED"
    again = ledger.post(f"/invoices/{draft['id']}/issue")
    assert (again.status, again.data["code"]) == (409, "not_a_draft")

    def books():
        return ledger.get("/transactions", client_id=draft["client_id"], sort="booked_at").data["items"]

    until(books, "the invoice is posted")
    (posted,) = books()
    entries = ledger.get(f"/transactions/{posted['id']}").data["entries"]
    assert [each["amount"] for each in entries] == ["149.99", "-149.99"]

    for part, amount in enumerate(("100.00", "49.99")):
        ledger.made(f"/invoices/{draft['id']}/payments", method="TRANSFER", amount=amount, reference=f"E2E-{part}")
    until(lambda: ledger.get(f"/invoices/{draft['id']}").data["status"] == "PAID", "the invoice is paid")
    assert len(books()) == 3
    (receivable,) = ledger.get("/accounts", client_id=draft["client_id"]).data["items"]
    assert ledger.get(f"/accounts/{receivable['id']}").data["balance"] == "0.00"
    log = platform.query("SELECT actor, after->>'status' FROM audit_log WHERE record_id = %s ORDER BY id", draft["id"])
    assert log == [("backoffice_ledger_api", "ISSUED"), ("backoffice_worker_financial", "PAID")]


def test_fills_become_a_position(platform: Platform):
    """Two fills of one order make one position, and the order is filled; a third is refused."""
    ledger, trading = platform.running["ledger_api"], platform.running["trading_svc"]
    client = ledger.made("/clients", name="Trader", country="CH")
    account = ledger.made("/accounts", client_id=client["id"], kind="CASH", currency="EUR", name="Trading")["id"]
    coal = trading.made("/instruments", symbol="COAL", name="Coal", tick_size="0.01")["id"]
    order = trading.made("/orders", account_id=account, instrument_id=coal, side="BUY", quantity="10")["id"]
    for quantity, price in (("4", "100"), ("6", "101.5")):
        trading.made(f"/orders/{order}/fills", quantity=quantity, price=price)
    refused = trading.post(f"/orders/{order}/fills", {"quantity": "1", "price": "100"})
    assert (refused.status, refused.data["code"]) == (409, "not_open")

    def position():
        return [
            (each["quantity"], each["cost"]) for each in trading.get("/positions", account_id=account).data["items"]
        ]

    until(lambda: position() == [("10.000000", "1009.00")], f"the position is whole: {position()}")
    assert trading.get(f"/orders/{order}").data["status"] == "FILLED"


def test_tags_stay_on_any_record(platform: Platform):
    """Tagged twice it is there once; the lists of both sides agree; taken off it is gone."""
    tagging = platform.running["tagging_api"]
    tag = tagging.made("/tags", name="urgent", color="#cc3300")["id"]
    record = "01941f29-7c00-7000-8000-000000000001"
    for _ in range(2):
        assert tagging.ask("PUT", f"/records/INVOICE/{record}/tags/{tag}").status == 204
    assert [each["record_id"] for each in walk(tagging, f"/tags/{tag}/records")] == [record]
    assert [each["name"] for each in walk(tagging, f"/records/INVOICE/{record}/tags")] == ["urgent"]
    assert tagging.ask("DELETE", f"/records/INVOICE/{record}/tags/{tag}").status == 204
    assert tagging.get(f"/tags/{tag}/records", record_kind="INVOICE").data["items"] == []


def test_quotes_of_the_services_own_schema(platform: Platform):
    """Plain SQL files made it; the latest quote is kept beside the history."""
    trading = platform.running["trading_svc"]
    for bid in ("10", "11", "12"):
        trading.made("/quotes", symbol="IRON", bid=bid, ask="13")
    assert [each["bid"] for each in walk(trading, "/quotes", symbol="IRON", limit=2)] == [
        f"{bid}.000000" for bid in (12, 11, 10)
    ]
    assert trading.get("/quotes/IRON/latest").data["bid"] == "12.000000"


def test_probes_answer(platform: Platform):
    """Live, and ready as the database is what the image expects."""
    for name in ("ledger_api", "tagging_api", "trading_svc"):
        service = platform.running[name]
        assert service.get("/livez").status == 200
        assert service.get("/readyz").data["ready"] is True
    trading, tagging = platform.running["trading_svc"], platform.running["tagging_api"]
    taken = "trading_svc._prisma_migrations SET migration_name"
    platform.query(f"UPDATE {taken} = '9999_away' WHERE migration_name = '0003_grants'")
    try:
        until(lambda: trading.get("/readyz").status == 503, "its own history is not whole, so it is not ready")
        said = trading.get("/readyz").data["histories"]
        assert {name: each["ready"] for name, each in said.items()} == {"platform": True, "trading_svc": False}
        assert tagging.get("/readyz").status == 200
    finally:
        platform.query(f"UPDATE {taken} = '0003_grants' WHERE migration_name = '9999_away'")
    until(lambda: trading.get("/readyz").status == 200, "it is whole again")


def test_bad_requests_are_told(platform: Platform):
    """Cursors that are damaged, made up or another list's, limits out of range, unknown filters: 4xx and clear words."""
    ledger = platform.running["ledger_api"]
    for at in range(3):
        invoice(ledger, f"BAD-{at}")
    cursor = ledger.get("/invoices", limit=1).data["next"]
    assert ledger.get("/invoices", limit=1, cursor=cursor).status == 200
    made_up = base64.urlsafe_b64encode(b"x" * 16 + b">[1,2]").rstrip(b"=").decode()
    for path, query in (
        ("/invoices", {"cursor": cursor[:-2]}),
        ("/invoices", {"cursor": ("A" if cursor[0] != "A" else "B") + cursor[1:]}),
        ("/invoices", {"cursor": cursor, "sort": "created_at"}),
        ("/invoices", {"cursor": cursor, "status": "DRAFT"}),
        ("/clients", {"cursor": cursor}),
        ("/invoices", {"cursor": made_up}),
        ("/invoices", {"cursor": "é"}),
        ("/invoices", {"cursor": ""}),
    ):
        refused = ledger.get(path, **query)
        assert (refused.status, refused.data["code"]) == (400, "cursor_invalid"), (query, refused.text)
        assert refused.headers["content-type"] == PROBLEM
    for query, word in (
        ({"limit": 0}, "greater than or equal to 1"),
        ({"limit": 201}, "less than or equal to 200"),
        ({"limit": "1" * 400}, "limit"),
        ({"limit": "x"}, "valid integer"),
        ({"client": "x"}, "client"),
        ({"client_id": "x"}, "client_id"),
        ({"status": "OPEN"}, "'ISSUED'"),
        ({"sort": "total"}, "sort"),
        ({"sort": "due_on"}, "This list is not offered with no filter, sort=due_on"),
    ):
        refused = ledger.get("/invoices", **query)
        assert refused.status == 422, (query, refused.text)
        assert word in refused.text
    missing = ledger.get("/clients/01941f29-7c00-7000-8000-000000000009")
    assert (missing.status, missing.data["detail"]) == (404, "There is no such client.")


@pytest.mark.parametrize(
    "body",
    [
        b'{"name": "a\\u0000b", "country": "GB"}',
        b'{"name": "\\ud800", "country": "GB"}',
        b'{"name": "x", "country": "gb"}',
        b'{"name": "x", "country": "GB", "email": "nobody"}',
        b'{"name": "x", "country": "GB", "\\ud800": 1}',
        b'{"name": 1e999, "country": "GB"}',
        b"\xff\xfe",
        b"[" * 100_000,
        b"{",
        b"null",
    ],
)
def test_bad_bodies_are_refused(platform: Platform, body):
    """What no column can hold, or no JSON is, is a 4xx and never reaches the database."""
    refused = platform.running["ledger_api"].ask("POST", "/clients", body)
    assert refused.status in (400, 422), refused.text
    assert refused.headers["content-type"] == PROBLEM


def test_pages_show_every_record_once(platform: Platform):
    """A list forwards and backwards, in each of its orders, with each of its filters."""
    ledger = platform.running["ledger_api"]
    client = ledger.made("/clients", name="Many", country="FR")["id"]
    made = [invoice(ledger, f"PAGE-{at}", client=client)["id"] for at in range(7)]
    assert [each["id"] for each in walk(ledger, "/invoices", client_id=client, limit=3)] == made[::-1]
    both = walk(ledger, "/invoices", client_id=client, status="DRAFT", sort="created_at", limit=2)
    assert [each["id"] for each in both] == made
    everything = walk(ledger, "/invoices", limit=2, sort="-created_at")
    assert len(everything) == len({each["id"] for each in everything}) >= 7
    assert {each["id"] for each in walk(ledger, "/invoices", status="DRAFT", limit=200)} >= set(made)
    names = [each["name"] for each in walk(ledger, "/clients", country="FR", limit=1)]
    assert names == sorted(names)
