"""A walk through the platform: a job for each worker, and a paged list of each endpoint with the plan of its query."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pgready.commands.demo.backoffice import query
from pgready.commands.demo.checks import Check
from pgready.commands.demo.http import get, post, until
from pgready.commands.demo.plans import Plan, PlanLog
from pgready.commands.demo.stage import Part, Stage
from pgready.proof.result import Proof
from pgready.report.story import plural, seconds

_LIMIT = 5
# A table of so few rows is best read as a whole, whatever indexes it has.
_SMALL = 1000


@dataclass(frozen=True, slots=True)
class List:
    """A list of an endpoint: `contract` begins the names of the query contracts of what is asked for."""

    service: str
    path: str
    parameters: Mapping[str, str]
    contract: str


LISTS = (
    List("ledger-api", "/clients", {}, "clients.by_created_at_down"),
    List("ledger-api", "/clients", {"country": "DE"}, "clients.country_by_name_up"),
    List("ledger-api", "/accounts", {}, "accounts.by_created_at_down"),
    List("ledger-api", "/accounts", {"client_id": "{client}"}, "accounts.client_id_by_created_at_down"),
    List("ledger-api", "/invoices", {}, "invoices.by_created_at_down"),
    List("ledger-api", "/invoices", {"client_id": "{client}"}, "invoices.client_id_by_created_at_down"),
    List("ledger-api", "/invoices", {"status": "ISSUED"}, "invoices.status_by_due_on_up"),
    List("ledger-api", "/invoices", {"client_id": "{client}", "status": "PAID"},
         "invoices.client_id_status_by_created_at_down"),
    List("ledger-api", "/transactions", {}, "transactions.by_booked_at_down"),
    List("ledger-api", "/transactions", {"client_id": "{client}"}, "transactions.client_id_by_booked_at_down"),
    List("ledger-api", "/transactions", {"client_id": "{client}", "kind": "INVOICE"},
         "transactions.client_id_kind_by_booked_at_down"),
    List("tagging-api", "/tags", {}, "tags.by_name_up"),
    List("tagging-api", "/tags/{tag_id}/records", {}, "records_of_a_tag.tag_id_by_tagged_at_down"),
    List("tagging-api", "/tags/{tag_id}/records", {"record_kind": "INVOICE"},
         "records_of_a_tag.record_kind_tag_id_by_tagged_at_down"),
    List("tagging-api", "/records/{record_kind}/{record_id}/tags", {},
         "tags_of_a_record.record_id_record_kind_by_tag_id_up"),
    List("trading-svc", "/instruments", {}, "instruments.by_symbol_up"),
    List("trading-svc", "/orders", {"account_id": "{account}"}, "orders.account_id_by_placed_at_down"),
    List("trading-svc", "/orders", {"instrument_id": "{coal}", "status": "OPEN"},
         "orders.instrument_id_status_by_placed_at_down"),
    List("trading-svc", "/positions", {"account_id": "{traded}"}, "positions.account_id_by_instrument_id_up"),
    List("trading-svc", "/quotes", {"symbol": "COAL"}, "quotes.symbol_by_quoted_at_down"),
)  # fmt: skip


class Tour:
    """The walk; `services` are base URLs by name."""

    def __init__(self, stage: Stage, parts: Sequence[Part]) -> None:
        self._stage = stage
        self.services = {part.name.removesuffix("-1"): part.url for part in parts if part.url is not None}
        self.known: dict[str, str] = {}

    def jobs(self) -> list[Check]:
        """A job for each worker, from a request over HTTP to what it leaves in the database."""
        return [self._financial(), self._trading()]

    def _financial(self) -> Check:
        ledger = self.services["ledger-api"]
        client = post(f"{ledger}/clients", {"name": "Demo & Sons", "country": "NL"})["id"]
        self.known["billed"] = client
        lines = [{"description": "a demo", "quantity": "3", "unit_price": "42.50"}]
        new = {"client_id": client, "number": "DEMO-1", "currency": "EUR", "due_on": "2031-01-31", "lines": lines}
        invoice = post(f"{ledger}/invoices", new)["id"]
        began = time.monotonic()
        post(f"{ledger}/invoices/{invoice}/issue")
        books = f"{ledger}/transactions?client_id={client}"
        (posted,) = until(lambda: get(books)["items"], "the posting of an issued invoice")
        took = time.monotonic() - began
        amounts = [one["amount"] for one in get(f"{ledger}/transactions/{posted['id']}")["entries"]]
        post(f"{ledger}/invoices/{invoice}/payments", {"method": "CARD", "amount": "127.50", "reference": "DEMO"})
        until(lambda: get(f"{ledger}/invoices/{invoice}")["status"] == "PAID", "the posting of a payment")
        entries = len(get(books)["items"])
        return Check(
            "worker-financial did its job once",
            amounts == ["127.50", "-127.50"] and entries == 2,
            f"an invoice was in the books {seconds(took)} later: {' '.join(amounts)}; paid, it is PAID",
        )

    def _trading(self) -> Check:
        ledger, trading = self.services["ledger-api"], self.services["trading-svc"]
        client = post(f"{ledger}/clients", {"name": "Demo Trader", "country": "CH"})["id"]
        new = {"client_id": client, "kind": "CASH", "currency": "EUR", "name": "Trading"}
        account = post(f"{ledger}/accounts", new)["id"]
        coal = next(one["id"] for one in get(f"{trading}/instruments")["items"] if one["symbol"] == "COAL")
        self.known |= {"traded": account, "coal": coal}
        order = {"account_id": account, "instrument_id": coal, "side": "BUY", "quantity": "10"}
        number = post(f"{trading}/orders", order)["id"]
        began = time.monotonic()
        for quantity in ("4", "6"):
            post(f"{trading}/orders/{number}/fills", {"quantity": quantity, "price": "100.5"})
        positions = f"{trading}/positions?account_id={account}"

        def whole() -> str:
            return next((str(one["quantity"]) for one in get(positions)["items"] if float(one["quantity"]) == 10), "")

        until(whole, "the position of a filled order")
        took = time.monotonic() - began
        for bid in ("99.5", "100", "100.25", "100.5", "101", "101.5"):
            post(f"{trading}/quotes", {"symbol": "COAL", "bid": bid, "ask": "102"})
        (position,) = get(positions)["items"]
        return Check(
            "worker-trading did its job once",
            (position["quantity"], position["cost"]) == ("10.000000", "1005.00"),
            f"two fills were one position {seconds(took)} later: 10 COAL for {position['cost']}",
        )

    def statement(self, part: Part) -> Check:
        """A page of the service in TypeScript: what the others wrote, read by Prisma's own client."""
        part.look = f"/statements/{self.known['billed']}"
        found = get(f"{self.services['statements']}{part.look}?limit={_LIMIT}")
        owes = {one["currency"]: one["amount"] for one in found["owes"]}
        read = [(one["number"], one["status"], one["paid"]) for one in found["invoices"]]
        return Check(
            "statements reads it by Prisma's client",
            read == [("DEMO-1", "PAID", "127.50")] and owes == {"EUR": "0.00"},
            f"{found['client']['name']}: {' '.join(read[0]) if read else 'no invoice'}, owes {owes.get('EUR', '?')}",
        )

    def lists(self, log: PlanLog | None, proof: Proof) -> list[Check]:
        """Each list, two pages of it, and how its page was read."""
        self._look_up()
        return [self._list(one, log, proof) for one in LISTS]

    def all_visited(self) -> Check:
        """No list of the services' own OpenAPI documents was left out."""
        offered = {
            (name, path)
            for name in ("ledger-api", "tagging-api", "trading-svc")
            for path, methods in get(f"{self.services[name]}/openapi.json")["paths"].items()
            if any(one["name"] == "cursor" for one in methods.get("get", {}).get("parameters", ()))
        }
        missed = offered - {(one.service, one.path) for one in LISTS}
        told = ", ".join(f"{name} {path}" for name, path in sorted(missed))
        return Check(
            "every list was paged",
            not missed,
            f"not paged: {told}" if missed else f"{len(offered)} endpoints of 3 services, {len(LISTS)} lists",
        )

    def _look_up(self) -> None:
        """Records that have something in every list."""
        ledger, tagging = self.services["ledger-api"], self.services["tagging-api"]
        invoice = get(f"{ledger}/invoices?limit=1&status=PAID&sort=due_on")["items"][0]
        client = invoice["client_id"]
        order = get(f"{self.services['trading-svc']}/orders?limit=1&instrument_id={self.known['coal']}&status=OPEN")
        self.known |= {
            "client": client,
            "account": order["items"][0]["account_id"],
            "tag_id": next(one["id"] for one in get(f"{tagging}/tags")["items"] if one["name"] == "imported"),
            "record_kind": "INVOICE",
            "record_id": invoice["id"],
        }

    def _list(self, one: List, log: PlanLog | None, proof: Proof) -> Check:
        path = one.path.format(**self.known)
        asked = {name: value.format(**self.known) for name, value in one.parameters.items()}
        place = f"{self.services[one.service]}{path}"
        if log is not None:
            log.skip()
        began = time.monotonic()
        first = get(f"{place}{query({**asked, 'limit': _LIMIT})}")
        took = time.monotonic() - began
        plan = log.page() if log is not None else None
        items, pages = list(first["items"]), 1
        if first["next"] is not None:
            items += get(f"{place}{query({**asked, 'limit': _LIMIT, 'cursor': first['next']})}")["items"]
            pages = 2
        distinct = len({str(sorted(item.items())) for item in items})
        sound = 0 < distinct == len(items) and (pages == 1 or len(items) > _LIMIT)
        index = _index(one, proof)
        read, bounded = _told(plan, index)
        shown = one.path + ("?" + "&".join(_shown(item) for item in one.parameters.items()) if one.parameters else "")
        self._stage.tell(
            "list", shown, service=one.service, rows=len(items), pages=pages, took=took, plan=read,
            ok=sound and bounded,
        )  # fmt: skip
        detail = f"{read}; {plural(len(items), 'row')} on {plural(pages, 'page')}"
        return Check(f"GET {shown}", sound and bounded, detail)


def _shown(item: tuple[str, str]) -> str:
    return f"{item[0]}={'…' if '{' in item[1] else item[1]}"


def _index(one: List, proof: Proof) -> str:
    """The index that the list's contract reads at production's size, "" if there is none or it is not bounded."""
    for proved in proof.proved:
        if proved.contract.name == f"{one.contract}.first" and proved.kind == "bounded":
            return ", ".join(name[-1] for name in proved.indexes)
    return ""


def _told(plan: Plan | None, index: str) -> tuple[str, bool]:
    """A page's plan in words, and whether it is what it should be."""
    if plan is None:
        return (f"{index} at production's size" if index else "no plan was seen"), bool(index)
    if plan.bounded:
        return f"{' + '.join(plan.scans)}, {plural(plan.rows, 'row')}", bool(index)
    if plan.rows <= _SMALL and index:
        how = " + ".join(
            [scan.partition(" using ")[0].partition(" on ")[0] for scan in plan.scans] + ["Sort"] * plan.sorts
        )
        return f"{index} at production's size (of {plural(plan.rows, 'row')}: {how})", True
    return f"{' + '.join(plan.scans)}{' + Sort' * plan.sorts}, {plural(plan.rows, 'row')}", False
