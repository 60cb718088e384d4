"""The platform end to end: over HTTP, through the workers, into the books."""

from backoffice_platform import Platform, until


def test_an_invoice_becomes_postings_and_is_paid(platform: Platform):
    """Issued, posted by the worker with entries that balance, paid, posted, and PAID."""
    ledger = platform.running["ledger_api"]
    client = ledger.made("/clients", name="Harbour Ltd", country="GB")
    lines = [{"description": "berth", "quantity": "1.5", "unit_price": "99.99"}]
    draft = ledger.made(
        "/invoices", client_id=client["id"], number="E2E-1", currency="EUR", due_on="2031-01-31", lines=lines
    )
    assert (draft["status"], draft["total"]) == ("DRAFT", "149.99")

    invoice = ledger.made(f"/invoices/{draft['id']}/issue")
    assert invoice["status"] == "ISSUED"
    found = lambda: ledger.get("/transactions", client_id=client["id"]).data["items"]
    until(found, "the invoice is posted")
    (posted,) = found()
    entries = ledger.get(f"/transactions/{posted['id']}").data["entries"]
    assert [each["amount"] for each in entries] == ["149.99", "-149.99"]

    ledger.made(f"/invoices/{draft['id']}/payments", method="TRANSFER", amount="149.99", reference="E2E-P1")
    until(lambda: ledger.get(f"/invoices/{draft['id']}").data["status"] == "PAID", "the invoice is paid")
    (receivable,) = ledger.get("/accounts", client_id=client["id"]).data["items"]
    assert ledger.get(f"/accounts/{receivable['id']}").data["balance"] == "0.00"
