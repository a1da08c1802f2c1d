"""Contracts, money and orders of the dealers, each step by whoever holds the post, as far as the plan says."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from app.core import attachments, moves, saving
from app.core.db import session
from app.core.errors import Refusal
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, approve, sweep
from app.demo.people import Company

CLERK, FINANCE, STORE, SALES = "gdmiaoli", "gdjinxia", "gdyuanku", "gdshenyi"
MANAGERS = {"gdliping": "gdfengtao", "gdzhouhao": "gdqinlan"}
PAPER = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
NIGHTLY = ("credit.ageing", "credit.month_end", "credit.episodes", "credit.expiry", "credit.daily_sheet")
SHEETS = 7


class Dealers:
    """The company's credit over the last months."""

    def __init__(self, agenda: Agenda, company: Company) -> None:
        self.agenda, self.company = agenda, company
        self.reps = {person.id: account for account, person in company.people.items()}

    def _begin(self, who: str, slug: str, told: Mapping[str, Any]) -> Any:
        with self.agenda.by(who):
            return saving.create(registers()[slug], {k: str(v) if k == "amount" else v for k, v in told.items()}).record

    def _move(self, who: str, row: Any, key: str, reason: str = "", **values: Any) -> None:
        with self.agenda.by(who):
            moves.move(row, key, values=values, reason=reason)

    def _rep(self, customer: Any) -> str:
        return self.reps[customer.owner_id]

    def _attach(self, row: Any, *fields: str) -> None:
        for field in fields:
            upload = FileStorage(io.BytesIO(PAPER), filename="扫描件.pdf")
            attachments.receive(row.__tablename__, row.id, field, [upload])

    def papers(self) -> Teller:
        """Files and contracts of all customers; one contract has no settlement agreement yet."""
        day = self.agenda.now().date()
        for entry in self.company.plan["contracts"]:
            customer = self.company.customers[entry["customer"]]
            with self.agenda.by(self._rep(customer)):
                self._attach(customer, "opener_id_copy")
            told = {
                "customer_id": customer.id, "contract_type": entry["kind"], "signed_on": day.isoformat(),
                "valid_from": day.isoformat(), "valid_to": (day + dt.timedelta(days=730)).isoformat(),
                "absolute_cap": entry.get("cap"),
            }  # fmt: skip
            row = self._begin(self._rep(customer), "contract", told)
            with self.agenda.by(self._rep(customer)):
                self._attach(row, "scan", *(["settlement_terms"] if entry.get("settled", True) else []))
            self._move(self._rep(customer), row, "sign")
        yield self.agenda.now()

    def deal(self, entry: Mapping[str, Any]) -> Teller:
        """One thing that happened: money, an order, a request or a finding."""
        getattr(self, f"_{entry['what']}")(entry, self.company.customers[entry["customer"]])
        yield self.agenda.end

    def _money(self, entry: Mapping[str, Any], customer: Any) -> Any:
        told = {
            "customer_id": customer.id, "amount": entry["amount"], "method": "transfer",
            "received_on": self.agenda.now().date().isoformat(), "prepayment_for": entry.get("keep"),
        }  # fmt: skip
        row = self._begin(FINANCE, "receipt", told)
        self._move(FINANCE, row, "confirm")
        return row

    def _prepaid(self, entry: Mapping[str, Any], customer: Any) -> None:
        """Goods against money that came before, with a plan, out of the gate the same day."""
        money = self._money(dict(entry) | {"keep": "先款后货"}, customer)
        day = self.agenda.now().date().isoformat()
        plan = {
            "customer_id": customer.id, "reason": "over_limit", "total": str(entry["amount"]), "made_on": day,
            "instalments": f"{day} {entry['amount']}", "made_by": customer.contact_name,
        }  # fmt: skip
        agreed = self._begin(self._rep(customer), "payment_plan", plan)
        self._move(self._rep(customer), agreed, "accept")
        more = {"remittance_id": money.id, "payment_plan_id": agreed.id}
        row = self._order(dict(entry) | {"more": more}, customer)
        self._move(FINANCE, row, "release_paid")
        self._move(STORE, row, "ship")

    def _order(self, entry: Mapping[str, Any], customer: Any) -> Any:
        told = {
            "customer_id": customer.id, "amount": entry["amount"],
            "over_reason": entry.get("reason"), **entry.get("more", {}),
        }  # fmt: skip
        row = self._begin(CLERK, "shipment", told)
        self._begin(CLERK, "shipment_line", entry["goods"] | {"shipment_id": row.id})
        if entry.get("until") != "draft":
            self._submit(row)
        if entry.get("until") == "shipped" and row.status == "released":
            self._move(STORE, row, "ship")
        return row

    def _submit(self, row: Any) -> None:
        """Put an order to the check; in January, with December unpaid, it may stay a draft."""
        try:
            self._move(CLERK, row, "submit")
        except Refusal:
            session.refresh(row)

    def _special(self, entry: Mapping[str, Any], customer: Any) -> None:
        told = {
            "customer_id": customer.id, "purpose": "special", "requested_limit": entry["amount"],
            "reason": entry["reason"],
        }  # fmt: skip
        row = self._begin(self._rep(customer), "credit_request", told)
        self._move(self._rep(customer), row, "submit")
        with self.agenda.by(MANAGERS[self._rep(customer)]):
            approve(row, {})

    def _finding(self, entry: Mapping[str, Any], customer: Any) -> None:
        people = self.company.people
        told = {
            "kind": "no_invoice", "found_on": self.agenda.now().date().isoformat(), "customer_id": customer.id,
            "amount": entry["amount"], "facts": entry["facts"], "logistics_specialist_id": people["gdtaoran"].id,
            "warehouse_keeper_id": people[STORE].id, "market_head_id": people["gdbaichen"].id,
        }  # fmt: skip
        row = self._begin(FINANCE, "credit_violation", told)
        with self.agenda.by(FINANCE):
            self._attach(row, "evidence")
        self._move(FINANCE, row, "verify")
        model: Any = registers()["credit_liability"].model
        for share in session.scalars(sa.select(model).filter_by(violation_id=row.id)).all():
            self._move(FINANCE, share, "confirm")

    def nights(self) -> Teller:
        """What each night brings to credit, over the last days."""
        day = (self.agenda.end - dt.timedelta(days=SHEETS)).date()
        while True:
            day += dt.timedelta(days=1)
            yield dt.datetime.combine(day, dt.time(0, 6))
            for name in NIGHTLY:
                sweep(name)
