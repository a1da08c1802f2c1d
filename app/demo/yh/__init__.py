"""银河银行江北分行: a bank branch that works by the customer part of C04; who has a manager, shares, an exception."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from app.core import moves, saving
from app.core.register import registers
from app.demo.agenda import Agenda, Teller
from app.demo.people import Company

BEFORE = 16


def schedule(agenda: Agenda, company: Company, _begun: dt.datetime) -> None:
    """Put the company's stories on the agenda."""
    branch = Branch(agenda, company)
    agenda.add(branch.day(BEFORE), branch.figures())
    for minute, entry in enumerate(company.plan["assignments"]):
        agenda.add(branch.day(entry["ago"]) + dt.timedelta(minutes=10 * minute), branch.assigned(entry))


class Branch:
    """Tells of the marketing section; every step by its own person."""

    def __init__(self, agenda: Agenda, company: Company) -> None:
        self.agenda, self.company, self.plan = agenda, company, company.plan

    def day(self, ago: int) -> dt.datetime:
        """A morning so many days before the end."""
        return (self.agenda.end - dt.timedelta(days=ago)).replace(hour=9, minute=40)

    def _new(self, who: str, slug: str, **told: Any) -> Any:
        with self.agenda.by(who):
            return saving.create(registers()[slug], {name: value for name, value in told.items() if value}).record

    def _move(self, who: str, row: Any, key: str, **values: Any) -> None:
        with self.agenda.by(who):
            moves.move(row, key, values=values)

    def figures(self) -> Teller:
        """Loans as the head enters them, balances as finance does."""
        for customer, loan in zip(self.company.customers, self.plan["loans"], strict=True):
            with self.agenda.by(self.plan["head"]):
                saving.update(customer, {"loan_balance": loan}, None)
        second, today = self.company.customers[1], self.agenda.now().date()
        for ago, currency, amount, rate in self.plan["balances"]:
            day = min(today, self.agenda.end.date() - dt.timedelta(days=ago))
            self._new(self.plan["books"], "business_result", kind="balance", customer_id=second.id, currency=currency,
                      balance_on=day.isoformat(), amount=amount, rate=rate)  # fmt: skip
        yield self.agenda.end

    def assigned(self, entry: Mapping[str, Any]) -> Teller:
        """One assignment, as far as the plan says."""
        head = self.plan["head"]
        customer = self.company.customers[entry["customer"]].id
        row = self._new(head, "customer_assignment", kind=entry.get("kind", "manager"), reason="new",
                        customer_id=customer, share_percent=entry.get("share"))  # fmt: skip
        if entry["until"] == "asked":
            self._move(head, row, "ask_exception", exception_reason=entry["reason"])
        elif entry["until"] == "in_force":
            person = self.company.people[entry["manager"]].id
            self._move(head, row, "join" if entry.get("kind") else "assign", person_id=person)
        yield self.agenda.end
